"""Footage on its way between steps: orders to a provider, and their results.

Pictures by reference.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from callsheet.model.film.media import StoredObject
from callsheet.model.film.profile import PROFILES, ProfileName
from callsheet.model.footage.jobs import (
    AnimateBetween,
    AnimateImage,
    ComposeImage,
    EditImage,
    Fit,
    FootageEstimate,
    FootageJob,
    JobKind,
    SourcePicture,
    Submitted,
)
from callsheet.model.values import Value


class FootageOrder(Value):
    """A job whose pictures are in the store.

    It becomes the job itself on the machine that has loaded them.
    """

    kind: JobKind
    prompt: str = ""
    pictures: tuple[StoredObject, ...] = ()
    """One to edit or to animate, the first and the last, or up to three references; none while only the price is asked
    for."""
    duration_s: float = 5.0
    profile: ProfileName = ProfileName.HD
    fit: Fit = Fit.FILL
    model: str = ""
    take: int = 1

    def job(self, paths: Sequence[Path] = ()) -> FootageJob:
        """Return the job, with its pictures at `paths`.

        Without them it can be estimated and named, but not run.
        """
        places = paths or [Path()] * len(self.pictures)
        pictures = [
            SourcePicture(path=path, sha256=stored.sha256) for path, stored in zip(places, self.pictures, strict=True)
        ] or [SourcePicture(path=Path(), sha256="")] * 2
        named: dict[str, Any] = {"prompt": self.prompt, "model": self.model, "take": self.take}
        if self.kind is JobKind.EDIT_IMAGE:
            return EditImage(picture=pictures[0], **named)
        if self.kind is JobKind.COMPOSE_IMAGE:
            frame = PROFILES[self.profile]
            return ComposeImage(references=tuple(pictures), width=frame.width, height=frame.height, **named)
        moving = {**named, "duration_s": self.duration_s, "profile": PROFILES[self.profile], "fit": self.fit}
        if self.kind is JobKind.ANIMATE_IMAGE:
            return AnimateImage(picture=pictures[0], **moving)
        return AnimateBetween(first=pictures[0], last=pictures[1], **moving)


class FootageMaker(Value):
    """The maker of footage, for cache keys and limits: nothing secret."""

    name: str
    url: str = ""
    """Its address; empty for this machine itself."""

    @property
    def is_paid(self) -> bool:
        """Return whether a job is sent away and costs money.

        If so, its result is kept by what was asked, however our code changes.
        """
        return bool(self.url)


class Intent(Value):
    """A note that a job is about to be submitted.

    Every job accepted for it was accepted after this moment.
    """

    job_key: str
    at: datetime
    """No earlier than the first moment at which it may have been submitted without a record."""
    asked_by: str = ""
    """The run that wrote the note, the outermost one."""


class Submission(Value):
    """A job that was accepted."""

    submitted: Submitted
    asked_by: str = ""
    """The outermost run that sent it. For a job that was found at the provider, the run that meant to send it."""


class FootageRecord(Value):
    """The maker of a picture or a moving picture, its purpose and its price.

    It is in the manifest.
    """

    kind: JobKind
    provider: str
    model: str
    prediction_id: str
    estimate_usd: float | None = None
    """The expected price; None if it was unknown."""
    cost_usd: float | None = None
    """The actual price; None if it is unknown."""
    notes: tuple[str, ...] = ()
    """Sentences about how it was made, e.g. which part of the prompt was not understood."""


class MadeFootage(Value):
    """A result, as its maker gave it, and its record."""

    stored: StoredObject
    record: FootageRecord


def total_estimate_usd(estimates: Iterable[FootageEstimate]) -> float:
    """Return the expected price of everything, as far as the prices are known."""
    return round(sum(estimate.usd or 0.0 for estimate in estimates), 6)


def at_most_usd(estimates: Iterable[FootageEstimate]) -> float | None:
    """Return the expected price of everything; None if a price is unknown."""
    prices = [estimate.usd for estimate in estimates]
    known = [usd for usd in prices if usd is not None]
    return round(sum(known), 6) if len(known) == len(prices) else None


def missing_of(estimates: Iterable[FootageEstimate]) -> list[FootageEstimate]:
    """Return the estimates of what is still to be made and paid."""
    return [estimate for estimate in estimates if not (estimate.is_kept or estimate.same_as)]


def may_cost(estimates: Iterable[FootageEstimate]) -> bool:
    """Return whether money will be spent, or a price is unknown."""
    return any(estimate.usd != 0 for estimate in missing_of(estimates))


def total_about_s(estimates: Iterable[FootageEstimate], at_once: int) -> float | None:
    """Return roughly how long all missing jobs take, `at_once` at a time.

    Return None if that is unknown.
    """
    times = [estimate.about_s for estimate in missing_of(estimates)]
    known = [time for time in times if time is not None]
    if len(known) < len(times):
        return None
    return max(sum(known) / at_once, *known, 0.0) if known else 0.0


def spent_usd(records: Iterable[FootageRecord]) -> float:
    """Return the cost of footage, as far as it is known.

    Each prediction counts once, in however many scenes it is.
    """
    costs = {(record.provider, record.prediction_id): record.cost_usd or 0.0 for record in records}
    return round(sum(costs.values()), 6)
