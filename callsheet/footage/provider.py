"""The protocol of makers of footage, and how money is spent at most once.

A paid job is three calls, because only the caller can keep a record, wait and try again:

1. `submit` sends the job and returns what was accepted. The caller records that before it does anything else.
2. `look` asks how it stands. It is called again and again, with the recorded value, by whichever process lives.
3. `collect` fetches the result into a folder, checks and measures it.

Between the provider's acceptance and the caller's record there is a gap: the process may die, or the answer be lost on
its way. So a caller records that it is about to submit, and whoever finds that note without a record of the submission
asks `find` first. It returns what was accepted for this job, or None where nothing was; then `submit` is safe again.
"""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Protocol

from callsheet.errors import (
    CallsheetError,
    PredictionCancelled,
    PredictionFailed,
    PredictionOverdue,
    ProviderRefused,
)
from callsheet.model.footage.jobs import (
    Failed,
    FailureKind,
    Finished,
    Footage,
    FootageEstimate,
    FootageJob,
    PredictionStatus,
    Submitted,
)


class FootageProvider(Protocol):
    """Somebody who edits, draws, animates and enlarges pictures.

    Every call may raise ProviderRefused, QuotaExhausted, RateLimited, ProviderUnavailable or ProviderTimeout; none
    waits or tries again.
    """

    @property
    def name(self) -> str:
        """Its name in records and manifests."""

    @property
    def service(self) -> str:
        """Its name in errors."""

    def job_key(self, job: FootageJob) -> str:
        """Identity of a job: equal for equal requests, on any machine, whatever the paths of its pictures."""

    def estimate(self, job: FootageJob) -> FootageEstimate:
        """What it will cost. Asks nobody. Raises InvalidRequest where no model can do it."""

    async def submit(self, job: FootageJob) -> Submitted:
        """Send a job. After a ProviderUnavailable or ProviderTimeout it may have been accepted: `find` tells."""

    async def find(self, job: FootageJob, since: datetime, known: Collection[str] = ()) -> Submitted | None:
        """What was accepted for `job` at or after `since`, the time of the note that it is about to be submitted.

        `known` are ids of predictions recorded for other jobs. Raises SubmissionUnclear where it can't be told.
        """

    async def count_unfinished(self) -> int:
        """How many jobs with pictures, of whichever process of ours, have been accepted and have not ended."""

    async def look(self, submitted: Submitted) -> PredictionStatus:
        """How it stands."""

    async def collect(self, job: FootageJob, finished: Finished, folder: Path) -> Footage:
        """Put the result into `folder`. Raises OutputExpired, DownloadTruncated or MediaUnfit."""

    async def cancel(self, submitted: Submitted) -> None:
        """Stop it, if it still runs. One that has ended, or that nobody knows, is no error."""

    async def check_account(self) -> None:
        """Find out whether the key is accepted, at no cost. What is left of a quota only a job shows."""


class Download(Protocol):
    """Fetches what is at a URL into a folder: a file of one of `media_types`, no larger than `max_bytes`.

    Raises InvalidRequest where nothing is there (any more) or the address is not one to be fetched from, MediaUnfit,
    RateLimited, ProviderUnavailable or ProviderTimeout.
    """

    async def __call__(self, url: str, folder: Path, media_types: frozenset[str], max_bytes: int) -> Path:
        """Path of the file."""


def error_of(failed: Failed) -> CallsheetError:
    """The error of a prediction that gave no result."""
    provider, prediction_id = failed.submitted.provider, failed.submitted.prediction_id
    match failed.kind:
        case FailureKind.REFUSED:
            return ProviderRefused(provider, None, failed.reason)
        case FailureKind.CANCELLED:
            return PredictionCancelled(provider, prediction_id, failed.reason)
        case FailureKind.OVERDUE:
            return PredictionOverdue(provider, prediction_id, failed.reason)
        case FailureKind.FAILED:
            return PredictionFailed(provider, prediction_id, failed.reason)
