"""Look-up of one run, and lists of runs."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from prefect.client.schemas.filters import FlowRunFilter
from prefect.client.schemas.objects import FlowRun

from callsheet.model.run.runs import Run
from callsheet.model.run.state_names import named_states
from callsheet.server import queries
from callsheet.server.connection import connected
from callsheet.server.runs import RUNS_SEARCHED, RunLike, read_ours, read_run, to_run, to_runs

SMALLEST = timedelta(microseconds=1)


async def find_run(run: RunLike) -> Run:
    """Return the run with this id, beginning of an id, or unique name.

    Raises:
        InvalidRequest: no run has it, or several have; the message lists them.
    """
    async with connected() as client:
        return await to_run(client, await read_run(client, run))


async def list_runs(
    *,
    states: Sequence[str] = (),
    flow: str = "",
    owner: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    tags: Sequence[str] = (),
    limit: int = 20,
) -> tuple[Run, ...]:
    """Return the runs that people and programs started, the newest first, without scene runs.

    The list leaves out a run that only a schedule has planned for a later time, unless its flow or state is named.

    `states` are Prefect's names (Running, Completed …), `flow` is the name of a flow (generate-video). `since` and
    `until` bound the time for which the run was scheduled. A run has all of `tags`.

    Raises:
        InvalidRequest: the state does not exist.
    """
    names = named_states(states, "states")
    chosen = queries.both(queries.in_states_named(*names), queries.for_owner(owner, tags))
    async with connected() as client:
        found: list[FlowRun] = []
        for begins, at_most in _due_and_to_come(since, until, limit):
            found += await read_ours(
                client, queries.both(chosen, begins), at_most, flow, with_planned=bool(flow or names)
            )
        newest = sorted(found, key=lambda run: run.created or datetime.min.replace(tzinfo=UTC), reverse=True)
        return await to_runs(client, newest[:limit])


def _due_and_to_come(since: datetime | None, until: datetime | None, limit: int) -> list[tuple[FlowRunFilter, int]]:
    """Return two windows of time, and how many runs to read of each.

    Retries and queued runs are scheduled minutes ahead, whenever they started. The server can sort only by this time:
    in one window, such runs would hide those that have begun.
    """
    now = datetime.now(UTC)
    due = queries.due(since, min(until or now, now))
    to_come = queries.due(max(since or now, now) + SMALLEST, until)
    return [(due, limit), (to_come, RUNS_SEARCHED)]
