"""Replicate's facts about a prediction, in our words. Pure."""

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from pydantic import AwareDatetime, field_validator

from callsheet.footage import catalogue
from callsheet.model.footage.jobs import Failed, FailureKind, Finished, FootageJob, Pending, PredictionStatus, Submitted
from callsheet.model.values import Value

if TYPE_CHECKING:
    from replicate.prediction import Prediction as PackagePrediction

KEPT_FOR = timedelta(hours=1)
"""How long Replicate keeps input and output of what came through its API (its page “Data retention”)."""
CLOCKS_APART = timedelta(minutes=2)
"""How far our clock may be from Replicate's."""
THEIR_CLOCKS_APART = timedelta(seconds=5)
"""How far the clocks of Replicate's own machines may be from each other. In the example of its documentation a
prediction begins a tenth of a second before it was created. A deadline is never shorter."""
UNFINISHED = frozenset({"starting", "processing"})
"""States of a prediction that has not ended."""
# The service has no code for it: models say in their own words why they made nothing.
_POLICY = re.compile(r"nsfw|sensitive|safety|moderat|content polic|policy violation|flagged|prohibited|\bE005\b", re.I)


class Prediction(Value):
    """The parts of a prediction that we read."""

    id: str
    model: str
    status: str
    created_at: AwareDatetime
    started_at: AwareDatetime | None
    completed_at: AwareDatetime | None
    input: dict[str, Any]
    urls: tuple[str, ...]
    error: str
    metrics: dict[str, Any]

    @classmethod
    def of(cls, made: "PackagePrediction") -> Self:
        """Return the parts of the package's value. Raises ValueError for values that make no sense."""
        return cls(
            id=made.id,
            model=made.model,
            status=made.status,
            created_at=made.created_at,
            started_at=made.started_at,
            completed_at=made.completed_at,
            input=made.input or {},
            urls=_urls(made.output),
            error=str(made.error or ""),
            metrics=made.metrics or {},
        )

    @field_validator("id")
    @classmethod
    def _is_an_id(cls, value: str) -> str:
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", value):
            raise ValueError("an id has letters and digits")
        return value


def how_it_stands(
    prediction: Prediction, submitted: Submitted, cost_usd: float | None, said: str, now: datetime
) -> PredictionStatus:
    """Return a prediction as pending, finished or failed. `said` is its error, fit for people.

    `now` is our time, and the deadline is Replicate's. A caller that gives a prediction up cancels it. So this is
    done only when the deadline has passed by both clocks. Otherwise a person would seem to have cancelled the
    prediction, and it would be paid again.
    """
    if prediction.status == "succeeded":
        return _finished(prediction, submitted, cost_usd, now)
    if prediction.status == "failed":
        kind = FailureKind.REFUSED if _POLICY.search(prediction.error) else FailureKind.FAILED
        return Failed(submitted=submitted, kind=kind, reason=said or "the model does not say why")
    if prediction.status == "canceled":
        return _cancelled(prediction, submitted, cost_usd)
    if now > submitted.deadline_at + CLOCKS_APART:
        return Failed(submitted=submitted, kind=FailureKind.OVERDUE, reason=_overdue(submitted))
    return Pending(prediction_id=prediction.id, is_running=prediction.status == "processing")


def texts_in(value: Any) -> list[str]:
    """Return every text in the input of a prediction, addresses among them."""
    match value:
        case str():
            return [value]
        case list():
            return [text for each in value for text in texts_in(each)]
        case dict():
            return [text for each in value.values() for text in texts_in(each)]
    return []


def sent_of(sent: dict[str, Any], card: catalogue.ModelCard, job: FootageJob) -> list[str] | None:
    """Return the addresses in `sent` at the places of `job`'s pictures.

    Return None if anything else differs.

    `sent` may hold more than we send: a service may fill in its defaults.
    """
    marks = {picture.sha256: f"\0{picture.sha256}" for picture in job.pictures}
    found: list[str] = []
    for name, wanted in catalogue.inputs_of(card, job, marks).items():
        if not _matches(wanted, sent.get(name), found):
            return None
    return found


def _matches(wanted: Any, there: Any, found: list[str]) -> bool:
    if isinstance(wanted, str) and wanted.startswith("\0"):
        if not isinstance(there, str):
            return False
        found.append(there)
        return True
    if isinstance(wanted, list):
        return (
            isinstance(there, list)
            and len(there) == len(wanted)
            and all(_matches(one, other, found) for one, other in zip(wanted, there, strict=True))
        )
    return bool(wanted == there)


def _finished(prediction: Prediction, submitted: Submitted, cost_usd: float | None, now: datetime) -> PredictionStatus:
    """Return the result of a prediction that succeeded.

    A success without a file is how some models refuse: their filter took everything away.
    """
    done_at = prediction.completed_at or prediction.created_at
    if not prediction.urls and now > done_at + KEPT_FOR:
        reason = "it is done, but Replicate removed the result, as it does after an hour; ask for a new take"
        return Failed(submitted=submitted, kind=FailureKind.FAILED, reason=reason, cost_usd=cost_usd)
    if not prediction.urls:
        reason = "it is done, but there is no file: the model's filter may have taken it away"
        return Failed(submitted=submitted, kind=FailureKind.REFUSED, reason=reason, cost_usd=cost_usd)
    compute_s = prediction.metrics.get("predict_time")
    return Finished(
        submitted=submitted,
        urls=prediction.urls,
        cost_usd=cost_usd,
        compute_s=float(compute_s) if isinstance(compute_s, int | float) else None,
        expires_at=done_at + KEPT_FOR,
    )


def _cancelled(prediction: Prediction, submitted: Submitted, cost_usd: float | None) -> Failed:
    """Return the failure of a cancelled prediction. It costs nothing if it never began."""
    cost = cost_usd if prediction.started_at else 0.0
    ended_at = prediction.completed_at
    if ended_at is not None and ended_at >= submitted.deadline_at - THEIR_CLOCKS_APART:
        return Failed(submitted=submitted, kind=FailureKind.OVERDUE, reason=_overdue(submitted), cost_usd=cost)
    return Failed(submitted=submitted, kind=FailureKind.CANCELLED, reason="it was cancelled", cost_usd=cost)


def _overdue(submitted: Submitted) -> str:
    allowed_s = (submitted.deadline_at - submitted.submitted_at).total_seconds()
    return f"it did not end within {allowed_s:g} seconds"


def _urls(output: Any) -> tuple[str, ...]:
    """Return every address in the output of a model, in order.

    Models return one, a list, or named ones.
    """
    match output:
        case str():
            return (output,) if output.startswith(("https://", "http://")) else ()
        case list():
            return tuple(url for each in output for url in _urls(each))
        case dict():
            return tuple(url for each in output.values() for url in _urls(each))
    return ()
