"""Webhooks: an automation, upkeep or a person lets Callsheet report a finished run to other programs."""

from typing import Any
from uuid import UUID

from prefect import flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.states import Completed

from callsheet.model.deployed import UPKEEP_TAG, deployed
from tasks.run.lifecycle import introduce_process
from tasks.run.termination import heed_sigterm
from tasks.upkeep import webhooks


@deployed("Callsheet posts the result of a run to every webhook address.", tags=[UPKEEP_TAG, "webhooks"])
@flow(name="deliver-webhooks", flow_run_name="deliver webhooks")
@heed_sigterm
async def deliver_webhooks(
    run_id: UUID | None = None, state_id: UUID | None = None, by_hand: bool = False
) -> State[Any]:
    """Post the result of a run to every address, signed; retry the addresses that fail.

    Args:
        run_id: The run that is over. Without one, a ping is sent.
        state_id: The state in which it ended, if it may have continued since.
        by_hand: Deliver the result even if it was delivered before, and say so.
    """
    await introduce_process()
    async with get_client() as client:
        event = await webhooks.news_of(client, run_id, state_id, by_hand=by_hand) if run_id else webhooks.ping()
    if event is None:
        return Completed(message="Another run delivers this.")
    receipts = await webhooks.deliver_everywhere(event)
    taken_by = ", ".join(f"{receipt.host} ({receipt.status})" for receipt in receipts)
    return Completed(message=f"{event.type} {event.id}: taken by {taken_by}")
