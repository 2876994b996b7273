"""The view of footage for people in the Prefect server: its costs, its pictures, its makers."""

from collections.abc import Iterable
from html import escape
from operator import itemgetter
from typing import Any

from prefect import get_run_logger

from callsheet.model.film.media import StoredObject
from callsheet.model.footage.jobs import NOT_UNDERSTOOD, Failed, FootageEstimate, JobKind
from callsheet.model.footage.orders import (
    FootageRecord,
    may_cost,
    missing_of,
    spent_usd,
    total_about_s,
    total_estimate_usd,
)
from callsheet.model.run.cost import CostKind, price_text, usd_words
from callsheet.model.run.estimate import rounded_up
from tasks import wiring
from tasks.run.artifacts import show_table
from tasks.run.budget import note_cost

THUMBNAIL_PX = 320
_PREDICTION = itemgetter("provider", "prediction")


async def report_estimate(estimates: dict[str, FootageEstimate]) -> None:
    """Show what each scene and the whole will cost, and how long it will take."""
    rows = [_estimate_row(label, estimate) for label, estimate in estimates.items()]
    total = {
        "for": "all",
        "predictions": len(missing_of(estimates.values())),
        "price": price_of_all(estimates.values()),
        "time": time_of_all(estimates.values()),
    }
    await show_table("estimate", "What the footage will cost", [*rows, total])


async def report_footage(records: dict[str, FootageRecord]) -> None:
    """Show who made what, and the price; footage that several scenes share is priced once."""
    rows: list[dict[str, Any]] = []
    for label, record in records.items():
        row = _record_row(label, record)
        is_paid_above = any(_PREDICTION(each) == _PREDICTION(row) for each in rows)
        rows.append({**row, "price": "as above"} if is_paid_above else row)
    if rows:
        await note_cost(CostKind.FOOTAGE, "all", spent_usd(records.values()))
        await show_table("footage", "Who made the footage", rows)
    for label, record in records.items():
        for note in record.notes:
            if note.startswith(NOT_UNDERSTOOD):
                get_run_logger().warning("%s: %s Callsheet ignores it.", label, note)


async def report_fruitless(label: str, failed: Failed) -> None:
    """Show the cost of a failed prediction, in a separate table that adds to the others."""
    submitted = failed.submitted
    record = FootageRecord(
        kind=JobKind(submitted.kind),
        provider=submitted.provider,
        model=submitted.model,
        prediction_id=submitted.prediction_id,
        estimate_usd=submitted.estimate_usd,
        cost_usd=failed.cost_usd,
        notes=(failed.reason,),
    )
    description = f"Prediction {submitted.prediction_id} cost money and gave nothing"
    await note_cost(CostKind.FOOTAGE, submitted.prediction_id, failed.cost_usd or 0.0)
    await show_table("footage", description, [_record_row(label, record)])


def price_words(estimate: FootageEstimate) -> str:
    """Return what is to be paid for a job now."""
    if estimate.is_kept:
        return "kept"
    if estimate.same_as:
        return f"with “{estimate.same_as}”"
    return "free" if estimate.usd == 0 else price_text(estimate.usd)


def price_of_all(estimates: Iterable[FootageEstimate]) -> str:
    """Return what is to be paid now, together."""
    missing = missing_of(estimates)
    if not may_cost(missing):
        return "nothing to pay"
    unknown = " and what is not known" if any(each.usd is None for each in missing) else ""
    return f"{usd_words(total_estimate_usd(missing))}{unknown}"


def time_of_all(estimates: Iterable[FootageEstimate]) -> str:
    """Return how long the jobs take, with as many at once as are allowed."""
    about_s = total_about_s(estimates, wiring.footage_at_once())
    return "unknown" if about_s is None else f"about {rounded_up(about_s)}"


def shown_picture(picture: StoredObject) -> str:
    """Return a picture for the cell of a table in markdown."""
    url = wiring.media_url(picture)
    return f'<img src="{escape(url)}" width="{THUMBNAIL_PX}">' if url else f"`{picture.key}`"


def cell(text: str) -> str:
    """Return text that can't end its cell, and that contains no markup."""
    return escape(text).replace("|", "&#124;").replace("\n", " ")


def _estimate_row(label: str, estimate: FootageEstimate) -> dict[str, Any]:
    return {
        "for": label,
        "predictions": len(missing_of([estimate])),
        "price": price_words(estimate),
        "time": time_of_all([estimate]),
        "provider": estimate.provider,
        "model": estimate.model,
        "because": "it was made before" if estimate.is_kept else estimate.basis,
    }


def _record_row(label: str, record: FootageRecord) -> dict[str, Any]:
    return {
        "for": label,
        "job": record.kind,
        "provider": record.provider,
        "model": record.model,
        "prediction": record.prediction_id,
        "estimate": price_text(record.estimate_usd),
        "price": price_text(record.cost_usd),
        "notes": " ".join(record.notes),
    }
