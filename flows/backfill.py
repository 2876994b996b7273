"""A backfill: it makes the missing and outdated videos of a catalogue of request files."""

import asyncio

from prefect import flow, get_run_logger

from callsheet.model.deployed import deployed
from callsheet.model.requests.backfill import BackfillRequest
from callsheet.model.run.backfill import Candidate, FileDecision
from callsheet.model.run.backfill_report import BackfillReport, FileReport
from tasks.backfill.folder import read_catalogue
from tasks.backfill.runs import look_up, make_file, report_backfill, reported
from tasks.run.lifecycle import without_queue
from tasks.run.progress import RunProgress, progress_of
from tasks.run.request import name_run, take_request

EVERYTHING = BackfillRequest()


@deployed(
    "Every night, Callsheet makes what is missing or stale of a catalogue of request files.",
    cron="0 3 * * *",
    schedule_needs="backfill_catalogue",
)
@flow(name="backfill-videos", flow_run_name=name_run, validate_parameters=False, persist_result=True)
@take_request
async def backfill_videos(request: BackfillRequest = EVERYTHING) -> BackfillReport:
    """Make the missing and stale videos of a catalogue of request files, each in a separate run.

    Args:
        request: The catalogue, which of its files to use, and how many videos are made at once.
    """
    async with without_queue(), progress_of(request.title, scenes=1) as progress:
        catalogue, candidates = await read_catalogue(request)
        found = await look_up(catalogue, candidates)
        if request.dry_run:
            files = tuple(reported(*each) for each in found)
        else:
            files = await _make(catalogue, found, request.at_once, progress)
        report = BackfillReport(catalogue=catalogue, dry_run=request.dry_run, files=files)
        get_run_logger().info(report.summary)
        await report_backfill(report)
    return report


async def _make(
    catalogue: str, found: tuple[tuple[Candidate, FileDecision], ...], at_once: int, progress: RunProgress
) -> tuple[FileReport, ...]:
    """Make the chosen files, so many at once; active runs come first, so that they count."""
    free = asyncio.Semaphore(at_once)
    reports = {candidate.file.name: reported(candidate, verdict) for candidate, verdict in found}
    meant = [each for each in found if not each[1].is_left_alone]
    done = 0

    async def make(candidate: Candidate, verdict: FileDecision) -> None:
        nonlocal done
        async with free:
            reports[candidate.file.name] = await make_file(catalogue, candidate, verdict)
        done += 1
        progress.change(lambda now: now.counted(done, len(meant), "videos are over"))

    await asyncio.gather(*(make(*each) for each in sorted(meant, key=lambda each: each[1].is_to_be_made)))
    return tuple(reports.values())
