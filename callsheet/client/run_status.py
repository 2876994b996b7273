"""The status of a run: read from the server, and followed as snapshots."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import Artifact, FlowRun

from callsheet.client.status_view import RunSnapshot, status_of
from callsheet.errors import InvalidRequest
from callsheet.model.run.backfill_report import BackfillReport
from callsheet.model.run.budget import total_spent_usd
from callsheet.model.run.kinds import PARAMETER
from callsheet.model.run.manifest import Manifest
from callsheet.model.run.queue import CALLED, QUEUED, ahead_of
from callsheet.model.run.runs import Checkpoint, RunStatus
from callsheet.model.run.stopped_film import StoppedFilm
from callsheet.server import queries
from callsheet.server.connection import connected
from callsheet.server.queries import PAGE
from callsheet.server.questions import storyboard_names
from callsheet.server.queue import read_limits, turn_in_line
from callsheet.server.requests import read_kind
from callsheet.server.run_state import error_message
from callsheet.server.runs import RunLike, read_parts, read_run

# A look is six requests, which bring every step of the run. A glance is two: at the run's state, and at its progress. A
# look follows if the state has changed, and after some glances, because the steps of a scene and the place in a line
# change without it.
SECONDS_BETWEEN_GLANCES = 0.4
GLANCES_BETWEEN_LOOKS = 6
LONG_AGO = datetime.min.replace(tzinfo=UTC)
LATER = datetime.max.replace(tzinfo=UTC)


async def status(run: RunLike) -> RunStatus:
    """Return the present status of the run.

    Raises:
        InvalidRequest: the server knows no such run, or several match.
        TransientError: the server can't be reached.
    """
    async with connected() as client:
        return status_of(await _look(client, await read_run(client, run)))


async def follow(run: RunLike) -> AsyncIterator[RunStatus]:
    """Yield the status whenever it changes, until the run is over. The last one is final."""
    last = None
    async with connected() as client:
        flow_run = await read_run(client, run)
        while True:
            seen = await _look(client, flow_run)
            for _ in range(GLANCES_BETWEEN_LOOKS):
                now = status_of(seen)
                if now != last:
                    yield now
                if now.is_final:
                    return
                last = now
                await asyncio.sleep(SECONDS_BETWEEN_GLANCES)
                flow_run, progress = await asyncio.gather(
                    client.read_flow_run(seen.run.id), _read_progress(client, seen.run, seen.parts)
                )
                if flow_run.state_id != seen.run.state_id:
                    break
                seen = replace(seen, run=flow_run, artifacts=progress)


async def _read_progress(client: PrefectClient, flow_run: FlowRun, parts: Sequence[FlowRun]) -> list[Artifact]:
    """Read the progress of a run and of its scenes, the latest first."""
    family = queries.with_ids(flow_run.id, *(part.id for part in parts))
    found = await queries.read_artifacts(client, family, queries.artifacts(types=["progress"]))
    return sorted(found, key=lambda artifact: artifact.created or LONG_AGO, reverse=True)


async def checkpoints(run: RunLike) -> tuple[Checkpoint, ...]:
    """Return the steps of a run and of its scenes, in the order in which they began.

    Raises:
        InvalidRequest: the run does not exist.
        TransientError: the server can't be reached.
    """
    async with connected() as client:
        flow_run = await read_run(client, run)
        parts = {part.id: part.name for part in await read_parts(client, flow_run.id)}
        steps = await queries.read_steps(client, queries.with_ids(flow_run.id, *parts))
    begun = sorted((step for step in steps if step.state), key=lambda step: step.start_time or LATER)
    return tuple(
        Checkpoint(
            step=step.name,
            scene=parts.get(step.flow_run_id, "").removeprefix("scene ") if step.flow_run_id else "",
            state=step.state_name or "",
            is_done=bool(step.state and step.state.is_completed()),
            attempt=step.run_count,
            started_at=step.start_time,
            ended_at=step.end_time,
            message=error_message(step.state.message) if step.state and not step.state.is_completed() else "",
        )
        for step in begun
    )


async def read_request(run: RunLike) -> dict[str, Any]:
    """Return the request that a run was started with, as plain data; empty for a flow without one.

    Raises as `checkpoints`.
    """
    async with connected() as client:
        written = (await read_run(client, run)).parameters.get(PARAMETER)
    return dict(written) if isinstance(written, dict) else {}


async def result(run: RunLike) -> Manifest:
    """Return the manifest of a completed run.

    Raises:
        InvalidRequest: the run did not complete; the message is the run's own.
    """
    made = await _read_result(run, "video")
    if isinstance(made, StoppedFilm):
        raise InvalidRequest(f"run {made.title} has no video: it {made.sentence}")
    return Manifest.model_validate(made)


async def film_so_far(run: RunLike) -> StoppedFilm:
    """Return what a run has made that stopped after a stage of its film, because its request says so.

    Raises:
        InvalidRequest: the run did not complete, or it made the whole film.
    """
    made = await _read_result(run, "stage to continue from")
    if not isinstance(made, StoppedFilm):
        raise InvalidRequest("the run did not stop after a stage: it made all that it was asked for")
    return made


async def backfill_report(run: RunLike) -> BackfillReport:
    """Return the report of a completed backfill. Raise as `result` does."""
    return BackfillReport.model_validate(await _read_result(run, "report"))


async def _read_result(run: RunLike, what: str) -> Any:
    async with connected() as client:
        flow_run = await read_run(client, run)
    state = flow_run.state
    if state is None or not state.is_completed():
        raise InvalidRequest(f"run {flow_run.name} has no {what}: {state.message if state else 'it never began'}")
    return await state.aresult()


async def _look(client: PrefectClient, flow_run: FlowRun) -> RunSnapshot:
    """Read everything that the status of a just-read run consists of."""
    kind, parts, ahead, storyboard = await asyncio.gather(
        read_kind(client, flow_run),
        read_parts(client, flow_run.id),
        _ahead(client, flow_run),
        storyboard_names(client, flow_run),
    )
    family = queries.with_ids(flow_run.id, *(part.id for part in parts))
    tasks, artifacts = await asyncio.gather(queries.read_steps(client, family), _read_progress(client, flow_run, parts))
    tasks.sort(key=lambda task: task.expected_start_time or LONG_AGO, reverse=True)
    return RunSnapshot(
        run=flow_run, kind=kind, parts=parts, tasks=tasks, artifacts=artifacts, storyboard=storyboard, ahead=ahead
    )


async def _ahead(client: PrefectClient, flow_run: FlowRun) -> int | None:
    """Return how many runs begin before this one, in its limit's line or its work queue.

    Return None if it does not wait.
    """
    if flow_run.state_name in (QUEUED, CALLED):
        # One page of them counts: in a longer line, the rest is left out.
        waiting = await client.read_flow_runs(flow_run_filter=queries.in_states_named(QUEUED, CALLED), limit=PAGE)
        line = {turn_in_line(each) for each in (*waiting, flow_run)}
        return ahead_of(flow_run.id, line, await read_limits(client))
    begins_at = flow_run.next_scheduled_start_time
    is_due = begins_at is not None and begins_at <= datetime.now(UTC)
    if flow_run.work_queue_id is None or begins_at is None or not is_due:
        return None
    just_before = begins_at - timedelta(microseconds=1)
    return await client.count_flow_runs(
        flow_run_filter=queries.waiting_before(just_before),
        work_queue_filter=queries.work_queue(flow_run.work_queue_id),
    )


async def read_spent_usd(run: RunLike) -> float:
    """Return what a run itself has paid, in US dollars, as far as prices are known.

    Results that it reuses from other runs cost nothing.

    Raises:
        InvalidRequest: the run does not exist.
        TransientError: the server can't be reached.
    """
    async with connected() as client:
        return total_spent_usd((await read_run(client, run)).labels)
