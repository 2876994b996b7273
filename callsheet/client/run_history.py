"""Results and sums of the runs of a window, read from the server page by page."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import FlowRunFilter
from prefect.client.schemas.objects import FlowRun, StateType, TaskRun
from prefect.client.schemas.sorting import FlowRunSort

from callsheet.errors import InvalidRequest
from callsheet.model.labels import COST
from callsheet.model.run.budget import total_spent_usd
from callsheet.model.run.cost import CostKind, cost_usd
from callsheet.model.run.history import LATEST_AT_MOST, History, Outcome, RunRecord, StepRecord, Tally
from callsheet.model.run.kinds import IMAGE_PAIRS, IMAGE_VIDEO, kind_of_flow
from callsheet.server import queries
from callsheet.server.connection import connected
from callsheet.server.queries import pages
from callsheet.server.runs import deployments_of, owner_of

# Number of runs that are in memory at once, with all their steps.
RUNS_AT_ONCE = 20
A_WEEK = timedelta(days=7)
# Prefect's name for the state of a step whose value came from the cache.
CACHED = "Cached"

OUTCOMES = {
    StateType.COMPLETED: Outcome.COMPLETED,
    StateType.FAILED: Outcome.FAILED,
    StateType.CRASHED: Outcome.CRASHED,
    StateType.CANCELLED: Outcome.CANCELLED,
}


async def history(
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    flow: str = "",
    owner: str = "",
    latest_at_most: int = LATEST_AT_MOST,
) -> History:
    """Return the sums of a window, by flow and by step, and its latest runs one by one.

    `since` and `until` bound the time for which a run was scheduled; the default is the last seven days. Upkeep runs,
    which start automatically, count only if `flow` names their flow.

    Raises:
        InvalidRequest: the window ends before it begins.
        TransientError: the server can't be reached.
    """
    begin, end = _window(since, until)
    tally = Tally(begin, end, latest_at_most)
    async for run in run_records(since=begin, until=end, flow=flow, owner=owner):
        tally.add(run)
    return tally.history()


async def run_records(
    *, since: datetime | None = None, until: datetime | None = None, flow: str = "", owner: str = ""
) -> AsyncIterator[RunRecord]:
    """Yield each run of the window with its steps, the latest first.

    Arguments and errors are those of `history`.
    """
    begin, end = _window(since, until)
    chosen = queries.both(queries.for_owner(owner), queries.due(begin, end))
    async with connected() as client:
        flows: dict[UUID, str] = {}
        async for page in await _runs(client, chosen, flow):
            for flow_id in {run.flow_id for run in page} - flows.keys():
                flows[flow_id] = (await client.read_flow(flow_id)).name
            for record in await _records(client, page, flows):
                yield record


def _window(since: datetime | None, until: datetime | None) -> tuple[datetime, datetime]:
    end = until or datetime.now(UTC)
    begin = since or end - A_WEEK
    if begin >= end:
        raise InvalidRequest("the window must begin before it ends", field="since")
    return begin, end


async def _runs(client: PrefectClient, chosen: FlowRunFilter, flow: str) -> AsyncIterator[list[FlowRun]]:
    return pages(
        client.read_flow_runs,
        RUNS_AT_ONCE,
        flow_filter=queries.of_flows(flow),
        flow_run_filter=chosen,
        deployment_filter=await deployments_of(client, flow),
        sort=FlowRunSort.EXPECTED_START_TIME_DESC,  # a window has an end, so nothing new comes in front
    )


async def _records(client: PrefectClient, runs: Sequence[FlowRun], flows: dict[UUID, str]) -> list[RunRecord]:
    """Return the records of some runs, with one read of their scenes and steps for all of them."""
    if not runs:
        return []
    parts = await queries.read_runs(client, queries.scenes_of(*(run.id for run in runs)))
    family = queries.with_ids(*(run.id for run in (*runs, *parts)))
    tasks = await queries.read_steps(client, family)
    families = _families(runs, parts, tasks)
    return [_record(family, flows[family.run.flow_id], tasks) for family in families]


@dataclass(frozen=True)
class _Family:
    """A run and the runs of its scenes."""

    run: FlowRun
    scenes: dict[UUID, str]
    """Names of its scene runs."""
    stand_ins: frozenset[UUID]
    """Steps under which Prefect lists scene runs in the video's run; the scene runs have the real steps."""

    def has(self, part: TaskRun) -> bool:
        return part.flow_run_id == self.run.id or part.flow_run_id in self.scenes


def _families(runs: Sequence[FlowRun], parts: Sequence[FlowRun], tasks: Sequence[TaskRun]) -> list[_Family]:
    head_of = {task.id: task.flow_run_id for task in tasks}
    return [
        _Family(
            run,
            {part.id: part.name for part in parts if head_of.get(_stand_in(part)) == run.id},
            frozenset(_stand_in(part) for part in parts),
        )
        for run in runs
    ]


def _stand_in(part: FlowRun) -> UUID:
    assert part.parent_task_run_id
    return part.parent_task_run_id


def _record(family: _Family, flow: str, tasks: Sequence[TaskRun]) -> RunRecord:
    run, due_at = family.run, family.run.expected_start_time
    assert due_at  # the window bounds the scheduled time
    steps = [_step(task, family) for task in tasks if family.has(task) and task.id not in family.stand_ins]
    costs_usd = film_costs_usd(run.labels, flow)
    return RunRecord(
        id=run.id,
        name=run.name,
        flow=flow,
        owner=owner_of(run),
        outcome=_outcome(run),
        due_at=due_at,
        started_at=run.start_time,
        ended_at=run.end_time,
        waited_s=max(0.0, (run.start_time - due_at).total_seconds()) if run.start_time else 0.0,
        seconds=run.total_run_time.total_seconds(),
        restarts=max(0, run.run_count - 1),
        steps=tuple(sorted(steps, key=lambda step: step.started_at or due_at)),
        model_calls_usd=costs_usd.get(CostKind.MODEL_CALLS, 0.0),
        footage_usd=costs_usd.get(CostKind.FOOTAGE, 0.0),
    )


def film_costs_usd(labels: Mapping[str, Any], flow: str) -> dict[CostKind, float]:
    """Return the cost of a film in US dollars, from the labels of its run.

    Runs of an earlier release only have what they paid. Runs of pictures paid for footage, others for model calls.
    """
    if any(name.startswith(COST) for name in labels):
        return {kind: cost_usd(labels, kind) for kind in CostKind}
    is_of_pictures = kind_of_flow(flow) in (IMAGE_VIDEO, IMAGE_PAIRS)
    kind = CostKind.FOOTAGE if is_of_pictures else CostKind.MODEL_CALLS
    return {kind: total_spent_usd(labels)}


def _step(task: TaskRun, family: _Family) -> StepRecord:
    return StepRecord(
        step=step_kind(task.name, task.dynamic_key),
        scene=family.scenes.get(task.flow_run_id, "") if task.flow_run_id else "",
        outcome=_outcome(task),
        started_at=task.start_time,
        seconds=task.total_run_time.total_seconds(),
        retries=max(0, task.run_count - 1),
    )


def step_kind(name: str, dynamic_key: str) -> str:
    """Return the kind of a step: its name's first word, or its task's name if Prefect named it."""
    return name.removesuffix(f"-{dynamic_key[:3]}").partition(" ")[0]


def _outcome(run: FlowRun | TaskRun) -> Outcome:
    if run.state is None:
        return Outcome.UNFINISHED
    return Outcome.KEPT if run.state.name == CACHED else OUTCOMES.get(run.state.type, Outcome.UNFINISHED)
