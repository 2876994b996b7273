"""Webhooks by hand: deliver a run's result again, test the addresses, or wait for a delivery."""

import asyncio
from contextlib import suppress
from uuid import UUID

from prefect.client.orchestration import PrefectClient

from callsheet.errors import InvalidRequest
from callsheet.model.labels import DELIVERY
from callsheet.model.run.runs import Run
from callsheet.server.connection import connected
from callsheet.server.deployments import order_delivery
from callsheet.server.runs import RunLike, read_run, state_name, to_run

SECONDS_BETWEEN_LOOKS = 0.3


async def deliver_again(run: RunLike) -> Run:
    """Deliver the webhooks of a finished run once more; return the run that delivers them.

    The delivery id stays the same.

    Raises:
        InvalidRequest: the run is not over.
    """
    async with connected() as client:
        flow_run = await read_run(client, run)
        if flow_run.state is None or not flow_run.state.is_final():
            raise InvalidRequest(
                f"run “{flow_run.name}” is {state_name(flow_run)}, so it has no result yet; "
                "Callsheet delivers the webhook when the run is over"
            )
        ordered = await order_delivery(client, run_id=flow_run.id, state_id=flow_run.state.id, by_hand=True)
        return await to_run(client, ordered, is_new=True)


async def ping_webhooks() -> Run:
    """Send a ping to every address of the webhooks; return the run that does it."""
    async with connected() as client:
        return await to_run(client, await order_delivery(client, by_hand=True), is_new=True)


async def until_told(run: RunLike, *, within_s: float = 30) -> bool:
    """Wait until a run's webhooks are delivered or given up; return False on timeout.

    The run must be over. Callers use this before they stop the server, which delivers the rest when it runs again.
    """
    async with connected() as client:
        run_id = (await read_run(client, run)).id
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while not await _is_told(client, run_id):
                    await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
                return True
    return False


async def _is_told(client: PrefectClient, run_id: UUID) -> bool:
    """Return whether the run that delivers the news of this run's present state is over."""
    flow_run = await client.read_flow_run(run_id)
    state_id, _, delivering = str(flow_run.labels.get(DELIVERY, "")).partition(" by ")
    if flow_run.state is None or state_id != str(flow_run.state.id):
        return False
    state = (await client.read_flow_run(UUID(delivering))).state
    return state is not None and state.is_final()
