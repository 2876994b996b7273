"""The protocol of makers of footage. It makes sure that money is spent at most once.

A paid job is three calls, because only the caller can keep a record, wait and try again:

1. `submit` sends the job and returns the accepted job. The caller records it before anything else.
2. `look` asks for the state of the job. Any process may call it again, with the recorded value.
3. `collect` fetches the result into a folder, checks and measures it.

Between the provider's acceptance and the caller's record there is a gap: the process may die, or the answer may be
lost on its way. So a caller first records that it is about to submit. A process that finds this note without a record
of the submission asks `find` first. It returns the accepted submission of this job, or None if there is none; then
`submit` is safe again.
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
    """A maker that edits, draws, animates and enlarges pictures.

    Every call may raise ProviderRefused, QuotaExhausted, RateLimited, ProviderUnavailable or ProviderTimeout; none
    waits or tries again.
    """

    @property
    def name(self) -> str:
        """Return its name in records and manifests."""

    @property
    def service(self) -> str:
        """Return its name in errors."""

    def job_key(self, job: FootageJob) -> str:
        """Return the identity of a job.

        It is equal for equal requests, on any machine, whatever the paths of the pictures.
        """

    def estimate(self, job: FootageJob) -> FootageEstimate:
        """Return what the job will cost, without a question to a service.

        Raises InvalidRequest if no model can do it.
        """

    async def submit(self, job: FootageJob) -> Submitted:
        """Send a job.

        After a ProviderUnavailable or ProviderTimeout it may have been accepted: ask `find`.
        """

    async def find(self, job: FootageJob, since: datetime, known: Collection[str] = ()) -> Submitted | None:
        """Return the submission that was accepted for `job` at or after `since`.

        `since` is the time of the note that the job is about to be submitted.

        `known` are ids of predictions recorded for other jobs. Raises SubmissionUnclear if it can't be decided.
        """

    async def count_unfinished(self) -> int:
        """Return how many accepted jobs with pictures, from all our processes, have not ended."""

    async def look(self, submitted: Submitted) -> PredictionStatus:
        """Return the state of a job."""

    async def collect(self, job: FootageJob, finished: Finished, folder: Path) -> Footage:
        """Put the result into `folder`. Raises OutputExpired, DownloadTruncated or MediaUnfit."""

    async def cancel(self, submitted: Submitted) -> None:
        """Stop the job if it still runs. A job that has ended, or that is unknown, is no error."""

    async def check_account(self) -> None:
        """Check whether the key is accepted, at no cost. The rest of a quota shows only with a job."""


class Download(Protocol):
    """Fetches the file at a URL into a folder.

    The file has one of `media_types` and is no larger than `max_bytes`.

    Raises InvalidRequest if nothing is there (any more) or the address is not one to be fetched from, MediaUnfit,
    RateLimited, ProviderUnavailable or ProviderTimeout.
    """

    async def __call__(self, url: str, folder: Path, media_types: frozenset[str], max_bytes: int) -> Path:
        """Return the path of the file."""


def error_of(failed: Failed) -> CallsheetError:
    """Return the error of a prediction that gave no result."""
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
