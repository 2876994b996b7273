"""Which run is meant, and which runs there are."""

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
    """The run that is meant: by its id, the beginning of its id, or a name that no other run has.

    Raises:
        InvalidRequest: there is none, or there are several; the message lists them.
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
    limit: int = 20,
) -> tuple[Run, ...]:
    """Return the runs that people and programs asked for, the newest first; those of their scenes are not among them.

    A run that only a schedule has planned, and that is not due yet, is left out unless its flow or state is named.

    `states` are Prefect's names (Running, Completed …), `flow` is the name of a flow (generate-video), `since` and
    `until` are about when the run was to begin.

    Raises:
        InvalidRequest: there is no such state.
    """
    names = named_states(states, "states")
    chosen = queries.both(queries.in_states_named(*names), queries.for_owner(owner))
    async with connected() as client:
        found: list[FlowRun] = []
        for begins, at_most in _due_and_to_come(since, until, limit):
            found += await read_ours(
                client, queries.both(chosen, begins), at_most, flow, with_planned=bool(flow or names)
            )
        newest = sorted(found, key=lambda run: run.created or datetime.min.replace(tzinfo=UTC), reverse=True)
        return await to_runs(client, newest[:limit])


def _due_and_to_come(since: datetime | None, until: datetime | None, limit: int) -> list[tuple[FlowRunFilter, int]]:
    """Two times to look into, and how many runs of each.

    A run that waits for its turn is to begin minutes later, whenever it was started: such runs would hide those that
    have begun, as the server can sort by this time only.
    """
    now = datetime.now(UTC)
    due = queries.due(since, min(until or now, now))
    to_come = queries.due(max(since or now, now) + SMALLEST, until)
    return [(due, limit), (to_come, RUNS_SEARCHED)]
