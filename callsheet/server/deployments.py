"""The deployments of Callsheet on the server."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun
from prefect.exceptions import ObjectNotFound
from prefect.states import Scheduled

from callsheet.errors import SetupIncomplete
from callsheet.model.deployed import deployment_names, full_name
from callsheet.server.connection import address, check_is_prefect


@dataclass(frozen=True)
class KnownDeployment:
    """A flow's deployment on the server, under all of its names."""

    ids: tuple[UUID, ...]
    """The id under the present name, then under the former one; without those that the server does not know."""

    @property
    def id(self) -> UUID:
        """Return the id of the deployment that starts new runs."""
        return self.ids[0]

    def idempotency_key(self, key: str | None) -> str:
        """Return the key of a run, a new one if none is given; two deployments of one flow must not share a key.

        Prefect's client asks again where an answer is lost or late: each question needs a key, or it starts two runs.
        Prefect's keys are per flow. The key contains the id under the oldest name: a key of the release before finds
        its run.
        """
        return f"{self.ids[-1]}:{key if key is not None else f'only:{uuid4().hex}'}"


async def read_deployment(client: PrefectClient, flow: str) -> KnownDeployment:
    """Return what the server knows of Callsheet's deployment of a flow.

    Raises:
        SetupIncomplete: the server does not know it.
    """
    found = []
    for name in deployment_names(flow):
        try:
            found.append((await client.read_deployment_by_name(f"{flow}/{name}")).id)
        except ObjectNotFound as error:
            check_is_prefect(error, client)
    if found:
        return KnownDeployment(tuple(found))
    raise SetupIncomplete(
        f"The Prefect server at {address(client)} does not know the deployment {full_name(flow)}; run "
        "`python -m deployments.apply` in the checkout with PREFECT_API_URL set to it.",
        missing=full_name(flow),
    )


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
        idempotency_key=idempotency_key or uuid4().hex,
    )
