"""The one map from an HTTP answer, or from none, to our error.

It decides which refusals are temporary: the same request may be taken later, and the policy of a step decides when.
Only the caller knows what a lasting refusal means: an address to correct, a token, a setting.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx

from callsheet.errors import ProviderError, ProviderTimeout, ProviderUnavailable, RateLimited

_PASSING_CLIENT_ERRORS = frozenset(
    {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
)
"""Answers that blame the request though the same one may be taken later; every other 4xx is for good."""


def is_passing(status: int) -> bool:
    """Return whether the same request may be taken later."""
    return status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _PASSING_CLIENT_ERRORS


def passing_fault(service: str, status: int, said: str, after_s: float | None = None) -> ProviderError | None:
    """Return the error for an answer of a service that works on what it is asked.

    Return None if the answer is for good.

    `said` are the service's own words, and `after_s` is the wait in seconds that it asks for. A service that gives up
    waiting for its work (408) is left alone for longer than one that is unwell.
    """
    if not is_passing(status):
        return None
    said = said or f"HTTP {status}, without a word of explanation"
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited(service, f"{service} takes no more requests for now: {said}", after_s)
    if status == HTTPStatus.REQUEST_TIMEOUT:
        return ProviderTimeout(service, f"{service} gave up waiting: {said}", after_s)
    return ProviderUnavailable(service, f"{service} failed: {said}", after_s)


def passing_fault_of_host(host: str, status: int, said: str, after_s: float | None = None) -> ProviderError | None:
    """Return the same for a host that gives files or takes events.

    `said` is its answer, from the status on.
    """
    if not is_passing(status):
        return None
    kind = RateLimited if status == HTTPStatus.TOO_MANY_REQUESTS else ProviderUnavailable
    return kind(host, f"{host} answered {said}", after_s)


@contextmanager
def connection_faults(service: str, within: str = "in time") -> Iterator[None]:
    """Raise errors of the connection as errors with a sentence.

    Their own words may hold an address that is a secret, so they end here.
    """
    try:
        yield
    except (TimeoutError, httpx.TimeoutException):
        raise ProviderTimeout(service, f"{service} did not answer {within}") from None
    except (httpx.TransportError, httpx.DecodingError):
        raise ProviderUnavailable(service, f"{service} can't be reached, or closed the connection") from None


def retry_after_s(header: str) -> float | None:
    """Return seconds from now, by the header Retry-After.

    Return None if it is neither a number nor a date.

    RFC 9110, section 10.2.3.
    """
    text = header.strip()
    if text.isdecimal():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None
