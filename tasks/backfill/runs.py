"""The runs of a backfill: found on the Prefect server, started with a key for one run each, and awaited.

Each video is a run of its deployment and no child of the backfill's run. It has separate approval and recovery, and
outlives the backfill. The backfill remembers only what the server knows of runs.
"""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.runtime import flow_run as current

from callsheet import client
from callsheet.errors import CallsheetError, TransientError
from callsheet.model.requests.video import VideoRequest
from callsheet.model.run.backfill import (
    AttemptedRun,
    AttemptState,
    Candidate,
    FileDecision,
    FileState,
    tagged_work,
    verdict_of,
    work_in,
)
from callsheet.model.run.backfill_report import BackfillReport, FileOutcome, FileReport, price_words
from callsheet.model.run.manifest import Manifest
from callsheet.model.run.waiting import PENDING_RETRY
from callsheet.server import queries
from callsheet.server.connection import connected
from callsheet.server.run_state import error_message, is_over
from callsheet.threads import in_a_thread
from tasks import policies, wiring
from tasks.run.artifacts import show_table
from tasks.run.budget import estimate_plan
from tasks.step import step

# Number of files for which one request reads a page of runs each: it contains all their tags.
FILES_OF_A_QUESTION = 50
SECONDS_BETWEEN_LOOKS = 1.0

_TRIES = {
    StateType.COMPLETED: AttemptState.FINISHED,
    StateType.FAILED: AttemptState.FAILED,
    StateType.CANCELLED: AttemptState.CANCELLED,
}
_OUTCOMES = {
    AttemptState.FINISHED: FileOutcome.FINISHED,
    AttemptState.FAILED: FileOutcome.FAILED,
    AttemptState.CANCELLED: FileOutcome.CANCELLED,
}


async def look_up(catalogue: str, candidates: tuple[Candidate, ...]) -> tuple[tuple[Candidate, FileDecision], ...]:
    """Decide what to do about each file, from the runs that the server knows."""
    known: dict[str, dict[UUID, AttemptedRun]] = {}
    async with get_client() as prefect:
        for first in range(0, len(candidates), FILES_OF_A_QUESTION):
            tags = [tag for each in candidates[first : first + FILES_OF_A_QUESTION] for tag in tags_of(catalogue, each)]
            for flow_run in await queries.read_runs(prefect, queries.tagged(tags)) if tags else ():
                if found := await _as_try(flow_run):
                    for tag in flow_run.tags:
                        known.setdefault(tag, {})[flow_run.id] = found
    return tuple((each, _verdict(each, known, tags_of(catalogue, each))) for each in candidates)


def tags_of(catalogue: str, candidate: Candidate) -> tuple[str, ...]:
    """Return the tags that find a file's runs: by its content anywhere, and by its place."""
    return (candidate.work.tag, f"file:{catalogue}/{candidate.file.name}") if candidate.work else ()


def reported(candidate: Candidate, verdict: FileDecision) -> FileReport:
    """Return the report of a file as it was found, with an estimate if it is to be made."""
    request = candidate.request
    report = FileReport(
        name=candidate.file.name,
        dated_at=candidate.file.dated_at,
        title=request.title if request else "",
        state=verdict.state,
        why=verdict.why,
        run_id=verdict.last.run_id if verdict.last else None,
    )
    if request is None or not verdict.is_to_be_made:
        return report
    expected = estimate_plan(request)
    return report.model_copy(update={"about_s": expected.about_s, "price_at_most_usd": expected.price_at_most_usd})


async def make_file(catalogue: str, candidate: Candidate, verdict: FileDecision) -> FileReport:
    """Return the file's report when its run is over or waits; start the run if necessary."""
    report = reported(candidate, verdict)
    own = verdict.last if verdict.last and verdict.last.is_ours else None
    if own and own.state is not AttemptState.GOING_ON:  # started before this backfill was interrupted
        return report.model_copy(update={"is_started": True, **_end(own.state, own.message)})
    try:
        run_id, is_new = await _run_of(catalogue, candidate, verdict)
    except CallsheetError as error:
        return report.model_copy(update={"outcome": FileOutcome.FAILED, "message": str(error)})
    return report.model_copy(
        update={"run_id": run_id, "is_started": is_new or own is not None, **await _wait_for_end(run_id)}
    )


async def _run_of(catalogue: str, candidate: Candidate, verdict: FileDecision) -> tuple[UUID, bool]:
    """Return the id of the run to wait for, and whether this backfill started it."""
    if verdict.state is FileState.RUNNING and verdict.last:
        return verdict.last.run_id, False
    assert candidate.request
    assert candidate.work
    tags = (*tags_of(catalogue, candidate), _mark())
    key = candidate.work.key(verdict.number)
    return await _start(candidate.request, key, tags, candidate.file.name)


@step(policies.STARTING, name="start-video", run_name="start {name}")
async def _start(request: VideoRequest, key: str, tags: tuple[str, ...], name: str) -> tuple[UUID, bool]:
    """Start the run; the same key gives the same run, whichever backfill was first."""
    run = await client.start(request, idempotency_key=key, tags=tags)
    return run.id, run.is_new


async def _wait_for_end(run_id: UUID) -> dict[str, object]:
    """Read the run until it is over or waits for a person, and outlast a server that is away."""
    while True:
        with suppress(TransientError):
            async with connected() as prefect:
                flow_run = await prefect.read_flow_run(run_id)
            state = _try_state(flow_run)
            if state is not AttemptState.GOING_ON:
                return _end(state, _message(flow_run))
            if is_waiting(flow_run):
                return {"outcome": FileOutcome.WAITING, "message": _message(flow_run)}
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


def is_waiting(flow_run: FlowRun) -> bool:
    """Return whether it waits for a person: to approve or resume it, or to pay its provider.

    Such a run has no process.
    """
    is_paused = flow_run.state is not None and flow_run.state.type is StateType.PAUSED
    return is_paused or flow_run.state_name == PENDING_RETRY


def _end(state: AttemptState, message: str) -> dict[str, object]:
    return {"outcome": _OUTCOMES[state], "message": "" if state is AttemptState.FINISHED else message}


def _verdict(candidate: Candidate, known: dict[str, dict[UUID, AttemptedRun]], tags: Iterable[str]) -> FileDecision:
    if candidate.work is None:
        return FileDecision(state=FileState.BROKEN, why=candidate.problem)
    tries = {run_id: found for tag in tags for run_id, found in known.get(tag, {}).items()}
    return verdict_of(candidate.work, tuple(tries.values()))


async def _as_try(flow_run: FlowRun) -> AttemptedRun | None:
    """Return the run as a try, or None: a person's failed run is left to that person."""
    state = _try_state(flow_run)
    told = work_in(flow_run.idempotency_key or "")
    if told is None:
        work = tagged_work(flow_run.tags)
        if work is None or state in (AttemptState.FAILED, AttemptState.CANCELLED):
            return None
        told = work, 0
    if state is AttemptState.FINISHED and not await _is_kept(flow_run):
        state = AttemptState.LOST
    return AttemptedRun(
        run_id=flow_run.id,
        work=told[0],
        number=told[1],
        state=state,
        message=_message(flow_run),
        is_ours=_mark() in flow_run.tags,
    )


def _try_state(flow_run: FlowRun) -> AttemptState:
    state = flow_run.state
    if state and state.type is StateType.CRASHED and is_over(flow_run):
        return AttemptState.FAILED
    return _TRIES.get(state.type, AttemptState.GOING_ON) if state else AttemptState.GOING_ON


async def _is_kept(flow_run: FlowRun) -> bool:
    """Return whether the store still has the video that the run has made."""
    assert flow_run.state
    try:
        manifest = await flow_run.state.aresult(retry_result_failure=False)
    except Exception:  # Prefect reports a missing result in many ways; a new run takes what the cache has
        return False
    return isinstance(manifest, Manifest) and await in_a_thread(_is_stored, manifest)


def _is_stored(manifest: Manifest) -> bool:
    return wiring.store().exists(manifest.video.stored.key)


def _mark() -> str:
    """Return the tag of all runs that this very backfill has started."""
    return f"backfill:{current.id}"


def _message(flow_run: FlowRun) -> str:
    return error_message(flow_run.state.message) if flow_run.state else ""


async def report_backfill(report: BackfillReport) -> None:
    """Show each file: its state and the reason, its estimate, and its result."""
    rows = [
        {
            "file": file.name,
            "date": f"{file.dated_at:%Y-%m-%d}",
            "video": file.title or "–",
            "found": str(file.state),
            "because": file.why,
            "about": f"{file.about_s:.0f} s" if file.about_s else "–",
            "costs": price_words((file,)) if file.about_s else "–",
            "started": "yes" if file.is_started else "no",
            "became": f"{file.outcome}: {file.message}" if file.outcome and file.message else str(file.outcome or "–"),
            "run": str(file.run_id or "–"),
        }
        for file in report.files
    ]
    await show_table(key="backfill", description=report.summary, table=rows)
