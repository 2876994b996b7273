"""Runs whose process, runner or machine died go on from their last finished step, a bounded number of times."""

from datetime import UTC, datetime, timedelta
from typing import Any

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterTags,
    FlowRunFilter,
    FlowRunFilterParentTaskRunId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.states import Cancelled, Failed, Scheduled, Suspended

from callsheet.client.paging import everything
from callsheet.model.deployed import MADE_TAG
from callsheet.model.recovery import RECOVERIES
from tasks.processes import STARTING, is_dead

# Upkeep itself is started anew anyway.
RECOVERED_TAGS = [MADE_TAG, "webhooks"]
UNFINISHED = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING, StateType.CRASHED]
# Who has left a crashed run alone for a day does not want it back all of a sudden.
CRASHED_WITHIN = timedelta(days=1)


async def interrupted(client: PrefectClient, starting_before: datetime | None) -> list[FlowRun]:
    """Runs that can be recovered. A run that was starting before `starting_before`, or a minute ago, never will."""
    before = starting_before or datetime.now(UTC) - STARTING
    found = await everything(
        client.read_flow_runs,
        flow_run_filter=FlowRunFilter(
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=UNFINISHED)),
            parent_task_run_id=FlowRunFilterParentTaskRunId(is_null_=True),
        ),
        deployment_filter=DeploymentFilter(tags=DeploymentFilterTags(any_=RECOVERED_TAGS)),
    )
    return [flow_run for flow_run in found if await _is_interrupted(client, flow_run, before)]


async def recover(client: PrefectClient, flow_run: FlowRun, recoveries_at_most: int) -> str:
    """Let the run go on, or end as it was asked to, or give it up; the name of the state that it enters."""
    now = await client.read_flow_run(flow_run.id)
    if now.state is None or flow_run.state is None or now.state.id != flow_run.state.id:
        return now.state_name or ""  # somebody else was quicker
    state, counted = await _next_state(client, now, recoveries_at_most)
    if counted:
        await client.update_flow_run_labels(now.id, {RECOVERIES: counted})
    await client.set_flow_run_state(now.id, state, force=state.type is not StateType.SCHEDULED)
    return state.name or state.type.value


async def _is_interrupted(client: PrefectClient, flow_run: FlowRun, before: datetime) -> bool:
    state = flow_run.state
    assert state
    match state.type:
        case StateType.CRASHED:
            return datetime.now(UTC) - state.timestamp < CRASHED_WITHIN
        case StateType.PENDING:
            return state.timestamp < before
    return await is_dead(client, flow_run)


async def _next_state(
    client: PrefectClient, flow_run: FlowRun, recoveries_at_most: int
) -> tuple[State[Any], int | None]:
    """What becomes of it, and the number of this recovery where it is one."""
    wish = await _last_wish(client, flow_run)
    if wish is not None and wish.type is StateType.CANCELLING:
        return Cancelled(message="Cancelled; its process had ended before it could say so."), None
    if wish is not None:
        return Suspended(pause_expiration_time=wish.state_details.pause_timeout, message=wish.message), None
    done = int(str(flow_run.labels.get(RECOVERIES, 0)))
    if done >= recoveries_at_most:
        return Failed(message=_given_up(done)), None
    message = f"Its process ended; it goes on from the last finished step ({done + 1} of {recoveries_at_most})."
    return Scheduled(message=message), done + 1


async def _last_wish(client: PrefectClient, flow_run: FlowRun) -> State[Any] | None:
    """What somebody asked of it since it last began to run, and it could not do any more: to pause or to cancel."""
    states = sorted(await client.read_flow_run_states(flow_run.id), key=lambda state: state.timestamp)
    wish = None
    for state in states:
        if state.type in (StateType.RUNNING, StateType.SCHEDULED):
            wish = None
        elif state.type in (StateType.CANCELLING, StateType.PAUSED):
            wish = state
    return wish


def _given_up(done: int) -> str:
    return (
        f"Its process ended {done + 1} times without an error of its own (killed, or out of memory?), so it is not "
        "started again by itself. Look at its logs, then retry it"
    )
