"""What a person sees of footage in the Prefect server: what it will cost, which pictures it is made of, who made it."""

from collections.abc import Iterable
from html import escape
from typing import Any

from prefect.artifacts import acreate_table_artifact

from callsheet.model.estimate import rounded_up
from callsheet.model.footage import FootageEstimate
from callsheet.model.footage_orders import (
    FootageRecord,
    may_cost,
    missing_of,
    total_about_s,
    total_estimate_usd,
)
from callsheet.model.media import StoredObject
from tasks import wiring

THUMBNAIL_PX = 320


async def report_estimate(estimates: dict[str, FootageEstimate]) -> None:
    """What each scene and all of them together will cost, and how long it will take."""
    rows = [_estimate_row(label, estimate) for label, estimate in estimates.items()]
    total = {
        "for": "all", "predictions": len(missing_of(estimates.values())), "price": price_of_all(estimates.values()),
        "time": time_of_all(estimates.values()),
    }  # fmt: skip
    await acreate_table_artifact(key="estimate", description="What the footage will cost", table=[*rows, total])


async def report_footage(records: dict[str, FootageRecord]) -> None:
    """Who made what, and for how much."""
    rows = [_record_row(label, record) for label, record in records.items()]
    await acreate_table_artifact(key="footage", description="Who made the footage", table=rows)


def price_words(estimate: FootageEstimate) -> str:
    """What is to be paid for a job now."""
    if estimate.is_kept:
        return "kept"
    return "free" if estimate.usd == 0 else _price(estimate.usd)


def price_of_all(estimates: Iterable[FootageEstimate]) -> str:
    """What is to be paid now, together."""
    missing = missing_of(estimates)
    if not may_cost(missing):
        return "nothing to pay"
    unknown = " and what is not known" if any(each.usd is None for each in missing) else ""
    return f"{total_estimate_usd(missing):.2f} ${unknown}"


def time_of_all(estimates: Iterable[FootageEstimate]) -> str:
    """How long it takes, with as many at once as are allowed."""
    about_s = total_about_s(estimates, wiring.footage_at_once())
    return "unknown" if about_s is None else f"about {rounded_up(about_s)}"


def shown_picture(picture: StoredObject) -> str:
    """A picture in the cell of a table in markdown."""
    url = wiring.media_url(picture)
    return f'<img src="{escape(url)}" width="{THUMBNAIL_PX}">' if url else f"`{picture.key}`"


def cell(text: str) -> str:
    """Text that neither ends its cell nor is anything but text."""
    return escape(text).replace("|", "&#124;").replace("\n", " ")


def _estimate_row(label: str, estimate: FootageEstimate) -> dict[str, Any]:
    return {
        "for": label, "predictions": 0 if estimate.is_kept else 1, "price": price_words(estimate),
        "time": time_of_all([estimate]), "provider": estimate.provider, "model": estimate.model,
        "because": "it was made before" if estimate.is_kept else estimate.basis,
    }  # fmt: skip


def _record_row(label: str, record: FootageRecord) -> dict[str, Any]:
    return {
        "for": label, "job": record.kind, "provider": record.provider, "model": record.model,
        "prediction": record.prediction_id, "estimate": _price(record.estimate_usd), "price": _price(record.cost_usd),
        "notes": " ".join(record.notes),
    }  # fmt: skip


def _price(usd: float | None) -> str:
    return "unknown" if usd is None else f"{usd:.4f} $"
