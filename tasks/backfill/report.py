"""The report of a backfill for people in the Prefect server: one table of all its files."""

from typing import Any

from callsheet.model.run.backfill_report import BackfillReport, FileReport, price_words
from tasks.run.artifacts import show_table


async def report_backfill(report: BackfillReport) -> None:
    """Show each file: its state and the reason, its estimate, and its result."""
    rows = [_row(file) for file in report.files]
    await show_table(key="backfill", description=report.summary, table=rows)


def _row(file: FileReport) -> dict[str, Any]:
    outcome = f"{file.outcome}: {file.message}" if file.outcome and file.message else str(file.outcome or "–")
    return {
        "file": file.name,
        "date": f"{file.dated_at:%Y-%m-%d}",
        "video": file.title or "–",
        "found": str(file.state),
        "because": file.why,
        "about": f"{file.about_s:.0f} s" if file.about_s else "–",
        "costs": price_words((file,)) if file.about_s else "–",
        "started": "yes" if file.is_started else "no",
        "became": outcome,
        "run": str(file.run_id or "–"),
    }
