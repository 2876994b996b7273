"""Failures between us and a model's service, as our own errors.

A task's policy acts on the class, and a person on the sentence. The sentence holds the service's own words, and the
setting that helps. It never holds the key: some gateways repeat the key in their messages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from callsheet.errors import (
    AnswerUnreadable,
    CallsheetError,
    ContextTooSmall,
    ProviderRefused,
    ProviderTimeout,
    ProviderUnavailable,
    QuotaExhausted,
)
from callsheet.providers.http_errors import passing_fault
from callsheet.writing.refusals import Refusal, one_line

CHECK_ADDRESS = "check CALLSHEET_WRITER_BASE_URL; it usually ends with /v1"
LONGEST_WAIT_S = 300
"""A service that wants a longer wait has a limit of a day or so: that is a quota, not too many questions at once."""
_LEAST_OF_A_KEY = 12
"""So many first characters of a key are hidden if they stand alone; fewer are the same for all of a vendor's keys."""
_QUOTA = re.compile(
    r"insufficient[ _](quota|balance|credits?|funds)|exceeded your current quota|credit balance|out of credits?"
    r"|more credits|billing|spend(ing)? limit|usage limit|payment required|quota (is )?(exceeded|exhausted)"
    r"|exceeded_current_quota"
)
_DAILY = re.compile(r"per[ -_](day|month|week)|daily|monthly|weekly|\b[rt]pd\b|free-models-per-day")
_RATE = re.compile(r"rate[ _-]?limit|too many requests|resource_?exhausted|request limit|throttl")
_KEY = re.compile(r"api[ _-]?key|unauthori[sz]ed|authenticat|no auth|credentials|token (is )?invalid|invalid token")
_MODEL = re.compile(
    r"\bmodel\b.*?\b(not found|not exist|unknown|no such|does not|doesn't|isn't|unavailable|invalid)"
    r"|model_not_found|no endpoints found"
)
_BUSY = re.compile(
    r"overload|unavailable|over capacity|try again|timed? ?out|loading|server[ _]error|internal|upstream"
    r"|provider returned"
)
_CONTEXT = re.compile(
    r"context_length_exceeded|exceed_context_size|context (length|size|window)|maximum context|context the overflow"
    r"|prompt is too long|reduce the length of (the|your)|exceeds? the maximum number of tokens"
    r"|too many (input )?tokens|input token count|input is too long|inputs?`? tokens \+"
)
_WINDOWS = (
    re.compile(r"(?:context length|context size|context window|max[_ ]model[_ ]len)[^\d\n]{0,40}?(\d[\d,]{2,})"),
    re.compile(r"n_ctx (\d+)"),
    re.compile(r"context size \((\d+)"),
    re.compile(r"must be <= (\d+)"),
    re.compile(r"tokens? (?:>|allowed \()\s*(\d[\d,]{2,})"),
    re.compile(r"(?:maximum|limit)[^\d\n]{0,20}?(\d[\d,]{2,})"),
)
_BOUND = re.compile(r"max_\w*tokens|max output tokens|maximum output")
# The status of an error that comes with 200 and no other status, by its words.
_BY_WORDS = (
    (HTTPStatus.PAYMENT_REQUIRED, _QUOTA),
    (HTTPStatus.TOO_MANY_REQUESTS, _RATE),
    (HTTPStatus.NOT_FOUND, _MODEL),
    (HTTPStatus.UNAUTHORIZED, _KEY),
    (HTTPStatus.SERVICE_UNAVAILABLE, _BUSY),
    (
        HTTPStatus.BAD_REQUEST,
        re.compile(r"invalid[ _]|bad[ _]request|not supported|unsupported|context|content.?filter"),
    ),
)


@dataclass(frozen=True)
class Asked:
    """The service that was asked, as far as a sentence needs it."""

    service: str
    key: str | None = None
    has_address: bool = True
    """Whether CALLSHEET_WRITER_BASE_URL gives the address of the service."""
    max_tokens: int = 0
    has_shorter_form: bool = False
    """Whether the same question can be put in fewer of our words."""
    learned_dir: Path | None = None
    """The memory of the forms that the service takes; None: this process remembers them alone."""

    @property
    def check_address(self) -> str:
        """Return the advice that helps if something other than a model's server answers."""
        return f"; {CHECK_ADDRESS}" if self.has_address else ""


def fault_of(error: Exception, asked: Asked) -> CallsheetError:
    """Return our error for one of pydantic-ai.

    It wraps ours, or a connection failed, or it can't read the answer.
    """
    from pydantic_ai.exceptions import ModelAPIError, ModelConnectionError, ModelRequestTimeout, ModelTimeoutError

    ours = _wrapped(error)
    if ours is not None:
        return ours
    if isinstance(error, ModelTimeoutError | ModelRequestTimeout):
        return ProviderTimeout(asked.service, f"{asked.service} did not answer in time")
    if isinstance(error, ModelConnectionError):
        return ProviderUnavailable(asked.service, f"{asked.service} can't be reached, or closed the connection")
    if isinstance(error, ModelAPIError):
        return ProviderUnavailable(asked.service, f"{asked.service} failed: {_safe(str(error.message), asked)}")
    return unreadable(f"{type(error).__name__}: {error}", asked)


def unreadable(reason: str, asked: Asked) -> AnswerUnreadable:
    """Return our error for a text that is no answer of a language model."""
    sentence = f"{asked.service} sent an answer that is no answer of a language model ({_safe(reason, asked)})"
    return AnswerUnreadable(asked.service, f"{sentence}{asked.check_address}")


def _wrapped(error: BaseException | None) -> CallsheetError | None:
    """Return the error that our client raised, below those of the SDK and of pydantic-ai."""
    while error is not None:
        if isinstance(error, CallsheetError):
            return error
        error = error.__cause__ or error.__context__
    return None


def fault_of_refusal(refusal: Refusal, asked: Asked) -> CallsheetError:
    """Return our error for a refusal."""
    said = _safe(refusal.words, asked)
    if refusal.is_page and refusal.status == HTTPStatus.OK:
        page = f" (“{said}”)" if said else ""
        return ProviderRefused(asked.service, None, f"a web page came instead of an answer{page}{asked.check_address}")
    if HTTPStatus.MULTIPLE_CHOICES <= refusal.status < HTTPStatus.BAD_REQUEST:
        parts = urlsplit(refusal.location)  # a query, a user name and a password may be secret
        host = f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}" if parts.hostname else ""
        where = _safe(f"{host}{parts.path}", asked)
        return ProviderRefused(
            asked.service, refusal.status, f"it redirects to {where or 'elsewhere'}{asked.check_address}"
        )
    status, marks = _status(refusal), "\n".join((refusal.words, *refusal.codes)).lower()
    if _CONTEXT.search(marks) and status not in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.PAYMENT_REQUIRED):
        named = next((match for pattern in _WINDOWS if (match := pattern.search(marks))), None)
        window = int(named[1].replace(",", "")) if named else None  # tokens, question and answer together
        return ContextTooSmall(asked.service, window, said, asked.has_shorter_form)
    return _fault_by_status(status, marks, said, asked, refusal)


def _status(refusal: Refusal) -> int:
    """Return the status of a refusal; if it came with 200, the status that it means."""
    if refusal.status != HTTPStatus.OK:
        return refusal.status
    for code in refusal.codes:
        if re.fullmatch(r"[45]\d\d", code):
            return int(code)
    marks = " ".join((*refusal.codes, refusal.words)).lower()
    return next((status for status, pattern in _BY_WORDS if pattern.search(marks)), HTTPStatus.BAD_GATEWAY)


def _fault_by_status(status: int, marks: str, said: str, asked: Asked, refusal: Refusal) -> CallsheetError:
    said = said or f"HTTP {refusal.status}, without a word of explanation"
    is_long = refusal.after_s is not None and refusal.after_s > LONGEST_WAIT_S
    if status == HTTPStatus.PAYMENT_REQUIRED or (
        status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.FORBIDDEN)
        and (_QUOTA.search(marks) or (status == HTTPStatus.TOO_MANY_REQUESTS and (is_long or _DAILY.search(marks))))
    ):
        return QuotaExhausted(asked.service, said)
    if status == HTTPStatus.UNAUTHORIZED:
        return ProviderRefused(asked.service, status, f"{said} (check CALLSHEET_WRITER_API_KEY)")
    if status == HTTPStatus.FORBIDDEN:
        advice = "check CALLSHEET_WRITER_API_KEY, and whether its account may use this model from here"
        return ProviderRefused(asked.service, status, f"{said} ({advice})")
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED):
        is_model = _MODEL.search(marks) or not asked.has_address
        return ProviderRefused(
            asked.service, status, f"{said} ({'check CALLSHEET_WRITER_MODEL' if is_model else CHECK_ADDRESS})"
        )
    if fault := passing_fault(asked.service, status, said, refusal.after_s):
        return fault
    if _BOUND.search(marks) or status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        said = f"{said} (CALLSHEET_WRITER_MAX_TOKENS, the longest answer that is asked for, is {asked.max_tokens})"
    return ProviderRefused(asked.service, status, said)


def _safe(text: str, asked: Asked) -> str:
    """Return the text in one line, without the key.

    Words that were cut may end with the beginning of the key.
    """
    key = asked.key or ""
    for length in range(len(key), min(len(key), _LEAST_OF_A_KEY) - 1, -1):
        text = text.replace(key[:length], "…") if length else text
    return one_line(text)
