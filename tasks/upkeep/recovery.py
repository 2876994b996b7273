"""Recovery: runs whose process, runner or machine died continue from their last finished step.

The number of restarts is bounded. Only restarts without a newly finished step count: such a run may be what kills its
processes, and its machine. A user who stops Callsheet and starts it again loses no run to this bound.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.states import Cancelled, Failed, Scheduled

from callsheet.model.labels import FINISHED_STEPS, PROCESS, RECOVERIES
from callsheet.model.run.recovery import RECOVERED_TAGS
from callsheet.server import queries
from callsheet.server.process import is_dead, was_of_this_boot
from callsheet.server.runs import read_parts
from callsheet.server.transitions import enter, states_of

UNFINISHED = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING, StateType.CRASHED]
# A runner ends the process of a cancelled run within half a minute, and only then reports Cancelled. Recovery must not
# be faster: the late report would cancel a run that a user has retried meanwhile.
ENDED_WITHIN = timedelta(minutes=1)
# A user who has left a crashed run alone for a day does not expect its restart.
CRASHED_WITHIN = timedelta(days=1)


@dataclass(frozen=True)
class Bounds:
    """The bounds within which runs are restarted."""

    recoveries_at_most: int
    starting_within: timedelta
    """How long a runner may take to start the process of a run."""
    starting_before: datetime | None = None
    """Time of Callsheet's restart here: a run that was starting before it has no runner any more."""


async def read_interrupted(client: PrefectClient, bounds: Bounds) -> list[FlowRun]:
    """Return the runs that can be recovered."""
    found = await queries.read_top_level_runs(client, queries.in_states(*UNFINISHED), RECOVERED_TAGS)
    return [flow_run for flow_run in found if await _is_interrupted(client, flow_run, bounds)]


async def recover(client: PrefectClient, flow_run: FlowRun, bounds: Bounds) -> str:
    """Restart the run, end it as requested, or give it up; return its new state's name."""
    state, labels = await _next_state(client, flow_run, bounds)
    force = state.type is not StateType.SCHEDULED
    if await enter(client, flow_run, state, labels=labels, force=force) is None:
        return (await client.read_flow_run(flow_run.id)).state_name or ""  # another recovery or a user was quicker
    return state.name or state.type.value


async def _is_interrupted(client: PrefectClient, flow_run: FlowRun, bounds: Bounds) -> bool:
    state, now = flow_run.state, datetime.now(UTC)
    assert state
    match state.type:
        case StateType.CRASHED:
            return now - state.timestamp < CRASHED_WITHIN
        case StateType.PENDING:
            return state.timestamp < (bounds.starting_before or now - bounds.starting_within)
        case StateType.CANCELLING if state.timestamp >= (bounds.starting_before or now - ENDED_WITHIN):
            return False
    return await is_dead(client, flow_run)


async def _next_state(
    client: PrefectClient, flow_run: FlowRun, bounds: Bounds
) -> tuple[State[Any], dict[str, Any] | None]:
    """Return the run's next state, and the labels to write with it."""
    wish = _last_wish(await states_of(client, flow_run))
    if wish is not None and wish.type is StateType.CANCELLING:
        return Cancelled(message="Cancelled; its process had ended before it could report that."), None
    if wish is not None:
        # The same state once more, with its question if it has one.
        again = State(type=wish.type, name=wish.name, message=wish.message, state_details=wish.state_details)
        return again, {PROCESS: ""}
    if flow_run.state_type is StateType.PENDING:
        return Scheduled(message="Its process never began; Callsheet looks for another runner."), None
    if bounds.starting_before and was_of_this_boot(flow_run):
        return Scheduled(message="Callsheet was restarted; the run continues from its last finished step."), None
    family = [flow_run.id, *(part.id for part in await read_parts(client, flow_run.id))]
    finished = await queries.read_steps(client, queries.with_ids(*family), state_name="Completed")
    steps, done = len({step.name for step in finished}), _count(flow_run, RECOVERIES)  # a repeat counts once
    if steps > _count(flow_run, FINISHED_STEPS, otherwise=steps):
        done = 0
    if done >= bounds.recoveries_at_most:
        return Failed(message=_given_up(done)), None
    message = (
        f"Its process ended; the run continues from its last finished step ({done + 1} of {bounds.recoveries_at_most})."
    )
    return Scheduled(message=message), {RECOVERIES: done + 1, FINISHED_STEPS: steps}


def _last_wish(states: Iterable[State[Any]]) -> State[Any] | None:
    """Return the last unfulfilled request since the run last began: to pause or to cancel."""
    wish = None
    for state in states:
        if state.type in (StateType.RUNNING, StateType.SCHEDULED):
            wish = None
        elif state.type in (StateType.CANCELLING, StateType.PAUSED):
            wish = state
    return wish


def _count(flow_run: FlowRun, label: str, otherwise: int = 0) -> int:
    return int(str(flow_run.labels.get(label, otherwise)))


def _given_up(done: int) -> str:
    return (
        f"Its process ended {done + 1} times without an error (killed, or out of memory?) and without "
        "finishing a step, so Callsheet does not start it again. Look at its logs, then retry it"
    )
