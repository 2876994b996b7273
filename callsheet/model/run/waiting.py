"""Runs that wait for a provider to answer again: the name of their state, and their labels."""

from collections.abc import Mapping
from datetime import timedelta

from callsheet.errors import ProviderRefused, QuotaExhausted
from callsheet.model.labels import TRIES

PENDING_RETRY = "PendingRetry"
"""Name of the state. It is a scheduled one, for a day that never comes: no process waits, and no runner takes it."""
TRIES_AT_MOST = 5
TRIED_AFTER = (
    timedelta(minutes=5),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
)
"""How long a run waits before each of its tries, if only the run itself finds out whether the quota is back."""

_KEY_NOT_ACCEPTED = 401


def tries_in(labels: Mapping[str, object]) -> int:
    """Return how often the run with these labels was resumed after waiting for a provider."""
    return int(str(labels.get(TRIES, 0)))


def is_due(waited: timedelta, tries: int) -> bool:
    """Return whether a run may try again after `tries` resumptions and this wait since."""
    return waited >= TRIED_AFTER[min(tries, len(TRIED_AFTER) - 1)]


def can_resume_later(error: BaseException) -> bool:
    """Return whether the same request works after a payment, or with the right key."""
    dead_key = isinstance(error, ProviderRefused) and error.status == _KEY_NOT_ACCEPTED
    return isinstance(error, QuotaExhausted) or dead_key
