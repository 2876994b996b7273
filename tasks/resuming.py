"""Runs that wait: for a provider to answer again, or for somebody to approve them."""

from datetime import UTC, datetime

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateName,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.states import Cancelled

from callsheet.client.paging import everything
from callsheet.client.resuming import resume_pending
from callsheet.model.approval import DEADLINE
from callsheet.model.waiting import PENDING_RETRY, PROVIDER
from callsheet.writing.probe import answers
from tasks import wiring


async def pending(client: PrefectClient) -> dict[str, list[FlowRun]]:
    """Runs that wait for a provider, by its name."""
    found = await everything(
        client.read_flow_runs,
        flow_run_filter=FlowRunFilter(
            state=FlowRunFilterState(
                type=FlowRunFilterStateType(any_=[StateType.SCHEDULED]),
                name=FlowRunFilterStateName(any_=[PENDING_RETRY]),
            )
        ),
    )
    providers = {str(flow_run.labels.get(PROVIDER, "")) for flow_run in found}
    return {name: [run for run in found if run.labels.get(PROVIDER, "") == name] for name in sorted(providers)}


async def provider_answers(name: str) -> bool:
    """Whether it has something for this account again. Where nobody can ask it in a cheap way, the run itself asks."""
    if not wiring.has_writer():
        return True
    writer = wiring.writer()
    return writer.service != name or await answers(writer)


async def resume(client: PrefectClient, flow_run: FlowRun) -> None:
    """Let the run go on from the step that failed."""
    await resume_pending(client, flow_run, f"{flow_run.labels.get(PROVIDER)} answers again")


async def give_up_unapproved(client: PrefectClient) -> int:
    """End the runs whose deadline has passed; how many there were."""
    paused = FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.PAUSED]))
    found = await everything(client.read_flow_runs, flow_run_filter=FlowRunFilter(state=paused))
    late = [flow_run for flow_run in found if _is_late(flow_run)]
    for flow_run in late:
        message = "Given up: nobody approved it in time. A retry asks again"
        await client.set_flow_run_state(flow_run.id, Cancelled(message=message))
    return len(late)


def _is_late(flow_run: FlowRun) -> bool:
    deadline = str(flow_run.labels.get(DEADLINE, ""))
    is_asking = bool(flow_run.state and flow_run.state.state_details.run_input_keyset)
    return is_asking and bool(deadline) and datetime.fromisoformat(deadline) < datetime.now(UTC)
