"""Names of the states of runs: Prefect's (docs.prefect.io, concepts/states) and our own."""

from collections.abc import Iterable

from callsheet.errors import InvalidRequest
from callsheet.model.run.queue import CALLED, QUEUED
from callsheet.model.run.waiting import PENDING_RETRY

STATE_NAMES = (
    "Scheduled",
    "Late",
    "AwaitingRetry",
    "AwaitingConcurrencySlot",
    QUEUED,
    CALLED,
    PENDING_RETRY,
    "Resuming",
    "Pending",
    "Submitting",
    "InfrastructurePending",
    "Running",
    "Retrying",
    "Paused",
    "Suspended",
    "Cancelling",
    "Completed",
    "Cancelled",
    "Failed",
    "Crashed",
    "TimedOut",
)


def named_states(words: Iterable[str], field: str) -> list[str]:
    """Return the states of these names, in any notation.

    Raises:
        InvalidRequest: there is no state of this name; the message, about `field`, lists the known ones.
    """
    names = {name.lower(): name for name in STATE_NAMES}
    found = []
    for word in words:
        if word.lower() not in names:
            raise InvalidRequest(f"there is no state {word}; there are {', '.join(STATE_NAMES)}", field=field)
        found.append(names[word.lower()])
    return found
