"""Whether another try may help, and how long another server wants us to wait for it (its header Retry-After)."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

PASSING_CLIENT_ERRORS = frozenset(
    {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
)
"""Answers that blame the request though the same one may be taken later; every other 4xx is for good."""


def retry_after_s(header: str) -> float | None:
    """Seconds from now, from a number or a date (RFC 9110, section 10.2.3); None where the header says neither."""
    text = header.strip()
    if text.isdecimal():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None
