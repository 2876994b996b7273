"""The queue: runs wait without a process if only so many may work at once, or so many of one owner.

The queue has no counter: Callsheet asks the Prefect server which runs are at work. A slot belongs to a process. When
the process is gone, however it ended, its run is not at work any more and the slot is free. A run that ends calls the
next one. If it can't (it was killed, or cancelled), upkeep does. At the latest, the waiting run looks for a slot by
itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.states import Scheduled

from callsheet.model.labels import IN_LINE, PLACE, PROCESS
from callsheet.model.run.queue import CALLED, QUEUED, RunLimits, Turn, ahead_of, may_begin, owner_in, waits_for
from callsheet.server import queries
from callsheet.server.label_writer import write_labels
from callsheet.server.process import this_process
from callsheet.server.queue import turn_in_line
from callsheet.server.transitions import enter
from tasks.run.limits import QUEUE, concurrency_slot, run_limits

AT_WORK = [StateType.RUNNING, StateType.CANCELLING]
# The farther back in line, the later a run looks by itself: a hundred that wait start two processes a minute.
LOOKS_EVERY = timedelta(minutes=1)
LOOKS_AFTER_AT_MOST = timedelta(hours=1)
# A run whose work queue is paused does not start; those behind it don't wait for it.
ANSWERS_WITHIN = timedelta(minutes=1)


async def take_place(client: PrefectClient, flow_run: FlowRun, limits: RunLimits) -> State[Any] | None:
    """Let this run in, which has a process; or return the state in which it waits without one."""
    if not limits.bounds_runs:
        return None
    async with concurrency_slot(QUEUE):
        line = await _line(client)
        own = turn_in_line(flow_run)
        line.waiting[own] = flow_run
        called = may_begin(line.holding, line.waiting, limits)
        await _call(client, line, (turn for turn in called if turn != own))
        if own in called:
            await write_labels(client, flow_run.id, {PLACE: this_process(), IN_LINE: False})
            return None
        await write_labels(client, flow_run.id, {IN_LINE: True})
        answer = await client.set_flow_run_state(flow_run.id, _queued(own, line, limits))
    return answer.state


async def call_next(client: PrefectClient) -> int:
    """Call the runs whose turn it is; return how many there are."""
    limits = await run_limits(client)
    async with concurrency_slot(QUEUE):
        line = await _line(client)
        return await _call(client, line, may_begin(line.holding, line.waiting, limits))


@dataclass(frozen=True)
class _Line:
    """The runs that were let in, and those that wait."""

    holding: list[str]
    """The owner of each run that was let in."""
    waiting: dict[Turn, FlowRun]


async def _call(client: PrefectClient, line: _Line, turns: Iterable[Turn]) -> int:
    """Let the runners take these runs; those that have a process already look by themselves."""
    waiting = [line.waiting[turn] for turn in turns if line.waiting[turn].state_name == QUEUED]
    answers = [await enter(client, flow_run, Scheduled(name=CALLED, message="It is its turn.")) for flow_run in waiting]
    return sum(answer is not None for answer in answers)


async def _line(client: PrefectClient) -> _Line:
    holding: list[str] = []
    waiting: dict[Turn, FlowRun] = {}
    for run in await _runs(client):
        place = run.labels.get(PLACE)
        if run.state_type in AT_WORK and place and place == run.labels.get(PROCESS):
            holding.append(owner_in(run.tags))
        if run.labels.get(IN_LINE):
            assert run.state
            # A run whose turn it has been for long does not answer.
            if run.state.name != CALLED or datetime.now(UTC) - run.state.timestamp < ANSWERS_WITHIN:
                waiting[turn_in_line(run)] = run
    return _Line(holding=holding, waiting=waiting)


async def _runs(client: PrefectClient) -> list[FlowRun]:
    """Return the runs that are at work, and those that wait for their turn."""
    in_play = queries.in_states(*AT_WORK, StateType.PENDING, or_named=(QUEUED, CALLED))
    return await queries.read_runs(client, queries.both(queries.TOP_LEVEL, in_play))


def _queued(own: Turn, line: _Line, limits: RunLimits) -> State[Any]:
    ahead = ahead_of(own.run_id, line.waiting, limits)
    after = min(LOOKS_EVERY * (ahead + 1), LOOKS_AFTER_AT_MOST)
    message = f"It {waits_for(own, line.holding, limits)}."
    return Scheduled(name=QUEUED, scheduled_time=datetime.now(UTC) + after, message=message)
