"""`callsheet backfill CATALOGUE`: make the missing and stale films of a folder."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from callsheet.cli.control import JsonOption
from callsheet.cli.failures import FAILED, sentences
from callsheet.cli.interruption import tidying_up
from callsheet.cli.printing import print_json, wide_console
from callsheet.cli.run_and_wait import as_request, follow, started
from callsheet.cli.servers import named_server, prefect_server
from callsheet.errors import InvalidRequest
from callsheet.model.requests.backfill import BackfillRequest
from callsheet.model.run.backfill import FileState
from callsheet.model.run.backfill_report import BackfillReport, FileOutcome, price_words

DAY = ["%Y-%m-%d"]
BAD = (FileState.BROKEN, FileState.GIVEN_UP, FileOutcome.FAILED)


def backfill(
    catalogue: Annotated[str, typer.Argument(help="Folder of request files, or s3://bucket/prefix.")],
    since: Annotated[
        datetime | None,
        typer.Option(formats=DAY, metavar="DAY", help="Only files of this day (2026-11-28) or later."),
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=DAY, metavar="DAY", help="Only files of this day or earlier.")
    ] = None,
    match: Annotated[str, typer.Option(help="Only files whose name matches, e.g. “lessons/*.yaml”.")] = "*",
    at_once: Annotated[int, typer.Option(help="How many videos the backfill makes at the same time.")] = 2,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would make, and the price.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Make what is missing or stale of a catalogue of request files.

    Run it again to continue; it repeats no finished film.
    """
    with sentences(as_json):
        fields = {
            "catalogue": located(catalogue),
            "match": match,
            "at_once": at_once,
            "dry_run": dry_run,
            "since": since and since.date(),
            "until": until and until.date(),
        }
        report = _report(as_request(BackfillRequest, fields))
        if as_json:
            print_json(_facts(report))
        else:
            _print(report)
    if not (dry_run or report.is_well):
        raise typer.Exit(FAILED)


def located(catalogue: str) -> str:
    """Return the absolute path of a local folder; the runner may have another working directory.

    Raises:
        InvalidRequest: the folder does not exist here, and no server on another machine is named that may have it.
    """
    folder = Path(catalogue)
    if folder.is_dir():
        return str(folder.absolute())
    if "://" in catalogue or named_server():
        return catalogue
    if folder.exists():
        raise InvalidRequest(f"“{catalogue}” is a file; name the folder of the request files", "CATALOGUE")
    raise InvalidRequest(f"there is no folder “{catalogue}”", "CATALOGUE")


def _report(request: BackfillRequest) -> BackfillReport:
    """Start the run, show its progress, and return its report."""
    with tidying_up(), prefect_server() as lingers_s:
        from callsheet import client

        run = started(request)
        follow(run, lingers_s)
        return asyncio.run(client.backfill_report(run))


def _facts(report: BackfillReport) -> dict[str, object]:
    facts = report.model_dump(mode="json")
    return {"ok": report.dry_run or report.is_well, "summary": report.summary, "report": facts}


def _print(report: BackfillReport) -> None:
    table = Table("File", "Date", "Found", "Time", "Costs", "Became", "Because", box=None, pad_edge=False)
    for file in report.files:
        takes = (f"{file.about_s:.0f} s", price_words((file,))) if file.about_s else ("–", "–")
        found = Text(str(file.state), "red" if file.state in BAD else "")
        became = Text(str(file.outcome or "–"), "red" if file.outcome in BAD else "")
        table.add_row(file.name, f"{file.dated_at:%Y-%m-%d}", found, *takes, became, Text(file.message or file.why))
    console = wide_console()
    if report.files:
        console.print(table)
    console.print(report.summary, markup=False, soft_wrap=True)
