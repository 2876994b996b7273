"""What goes wrong between us and a model's service, as our own errors.

pydantic-ai has sorted the vendors' answers into categories already; here they become what a task's policy and a person
can act on. The key never passes: some gateways repeat it in their messages.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from callsheet.errors import (
    CallsheetError,
    ProviderError,
    ProviderRefused,
    ProviderTimeout,
    ProviderUnavailable,
    QuotaExhausted,
    RateLimited,
)
from callsheet.model.retry_after import PASSING_CLIENT_ERRORS

if TYPE_CHECKING:
    from pydantic_ai.exceptions import ModelAPIError

MAX_SAID_CHARACTERS = 300
_CLIENT_ERRORS = range(400, 500)


def fault_of(error: Exception, service: str, key: str | None) -> CallsheetError | None:
    """Our error for what pydantic-ai raised; None for what is no fault of the service, and so a bug of ours."""
    from pydantic_ai.exceptions import ModelAPIError, UnexpectedModelBehavior

    if isinstance(error, ModelAPIError):
        said = _one_line(_said(error), key)
        return _lasting_fault(error, service, said) or _passing_fault(error, service, said)
    if isinstance(error, UnexpectedModelBehavior):
        return ProviderUnavailable(service, f"{service} sent an answer that is no answer of a language model")
    return None


def _lasting_fault(error: ModelAPIError, service: str, said: str) -> CallsheetError | None:
    from pydantic_ai import exceptions

    status: int | None = getattr(error, "status_code", None)
    match error:
        case exceptions.ModelQuotaExceededError():
            return QuotaExhausted(service, said)
        case exceptions.ModelAuthenticationError():
            return ProviderRefused(service, status, f"{said} (check CALLSHEET_WRITER_API_KEY)")
        case exceptions.ModelNotFoundError():
            return ProviderRefused(service, status, f"{said} (check CALLSHEET_WRITER_MODEL)")
    is_rejected = isinstance(error, exceptions.ModelRequestRejectedError) or status in _CLIENT_ERRORS
    return ProviderRefused(service, status, said) if is_rejected and status not in PASSING_CLIENT_ERRORS else None


def _passing_fault(error: ModelAPIError, service: str, said: str) -> ProviderError:
    from pydantic_ai import exceptions

    after_s = error.retry_after
    timeouts = (exceptions.ModelTimeoutError, exceptions.ModelRequestTimeout)
    if isinstance(error, timeouts) or getattr(error, "status_code", None) == HTTPStatus.REQUEST_TIMEOUT:
        return ProviderTimeout(service, f"{service} did not answer in time", after_s)
    match error:
        case exceptions.ModelRateLimitError():
            return RateLimited(service, f"{service} takes no more requests for now: {said}", after_s)
        case exceptions.ModelConnectionError():
            return ProviderUnavailable(service, f"{service} can't be reached, or hung up", after_s)
    return ProviderUnavailable(service, f"{service} failed: {said}", after_s)


def _said(error: ModelAPIError) -> str:
    """The service's own words, where its error has any: a page of HTML says nothing to anybody."""
    status: int | None = getattr(error, "status_code", None)
    words = _message_in(error.body)
    if words is None and status is None:
        words = error.message
    return words or f"HTTP {status}, without a word of explanation"


def _message_in(body: Any) -> str | None:
    """`message` of an error's body, at the top or below `error`."""
    if not isinstance(body, dict):
        return None
    inner = body.get("error")
    if isinstance(inner, str):
        return inner
    message = inner.get("message") if isinstance(inner, dict) else body.get("message")
    return message if isinstance(message, str) else None


def _one_line(text: str, key: str | None) -> str:
    if key:
        text = text.replace(key, "…")
    return " ".join(text.split())[:MAX_SAID_CHARACTERS]
