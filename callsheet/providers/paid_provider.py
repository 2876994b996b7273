"""The protocol of services that are paid by the job. It makes sure that money is spent at most once.

A paid job is three calls, because only the caller can keep a record, wait and try again:

1. `submit` sends the job and returns the accepted job. The caller records it before anything else.
2. `look` asks for the state of the job. Any process may call it again, with the recorded value.
3. A finished job names its result, which the provider of each kind collects.

Between the provider's acceptance and the caller's record there is a gap: the process may die, or the answer may be
lost on its way. So a caller first records that it is about to submit. A process that finds this note without a record
of the submission asks `find` first. It returns the accepted submission of this job, or None if there is none; then
`submit` is safe again.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol, TypeVar

from callsheet.errors import (
    CallsheetError,
    PredictionCancelled,
    PredictionFailed,
    PredictionOverdue,
    ProviderRefused,
)
from callsheet.model.footage.jobs import Failed, FailureKind, FootageEstimate, PredictionStatus, Submitted

Job_contra = TypeVar("Job_contra", contravariant=True)


class PaidProvider(Protocol[Job_contra]):
    """The calls of a service that is paid by the job.

    Every call may raise ProviderRefused, QuotaExhausted, RateLimited, ProviderUnavailable or ProviderTimeout; none
    waits or tries again.
    """

    def job_key(self, job: Job_contra) -> str:
        """Return the identity of a job.

        It is equal for equal requests, on any machine, wherever its files are.
        """

    def estimate(self, job: Job_contra) -> FootageEstimate:
        """Return what the job will cost, without a question to a service.

        Raises InvalidRequest if no model can do it.
        """

    async def submit(self, job: Job_contra) -> Submitted:
        """Send a job.

        After a ProviderUnavailable or ProviderTimeout it may have been accepted: ask `find`.
        """

    async def find(self, job: Job_contra, since: datetime, known: Collection[str] = ()) -> Submitted | None:
        """Return the submission that was accepted for `job` at or after `since`.

        `since` is the time of the note that the job is about to be submitted.

        `known` are ids of predictions recorded for other jobs. Raises SubmissionUnclear if it can't be decided.
        """

    async def count_unfinished(self) -> int:
        """Return how many accepted jobs, from all our processes, have not ended."""

    async def look(self, submitted: Submitted) -> PredictionStatus:
        """Return the state of a job."""

    async def cancel(self, submitted: Submitted) -> None:
        """Stop the job if it still runs. A job that has ended, or that is unknown, is no error."""


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
