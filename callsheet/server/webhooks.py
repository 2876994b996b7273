"""The run that delivers the webhooks of another run."""

from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun
from prefect.states import Scheduled

from callsheet.server.deployments import read_deployment

DELIVERING = "deliver-webhooks"


async def order_delivery(
    client: PrefectClient,
    *,
    run_id: UUID | None = None,
    state_id: UUID | None = None,
    by_hand: bool = False,
    idempotency_key: str | None = None,
) -> FlowRun:
    """Let a runner deliver the news of this state of a run, or a ping."""
    named = {"run_id": run_id, "state_id": state_id}
    return await client.create_flow_run_from_deployment(
        (await read_deployment(client, DELIVERING)).id,
        parameters={"by_hand": by_hand, **{name: str(value) for name, value in named.items() if value}},
        state=Scheduled(),
        idempotency_key=idempotency_key,
    )
