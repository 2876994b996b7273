"""The wire under Replicate's client package: one attempt, bounded in time, and faults as our own errors.

The package (1.0.7) repeats a request that is answered by 429, 503 or 504 up to ten times, with sleeps in between. It
sends uploads and predictions without any time limit. Its errors lose the Retry-After header, and it knows five of the
service's six states. But it takes a transport of the caller's, which sees every request before it and every answer
after it. So this transport raises an error status before the package can repeat the request, and sets time limits on
every request.
"""

import json
import re
from http import HTTPStatus
from typing import Any

import httpx

from callsheet.errors import CallsheetError, ProviderRefused, ProviderUnavailable, QuotaExhausted
from callsheet.providers.http_errors import connection_faults, passing_fault, retry_after_s

PROVIDER = "Replicate"
CONNECT_TIMEOUT_S = 10.0
MAX_SAID_CHARACTERS = 300
MAX_ANSWER_BYTES = 50_000_000
_HINTS: dict[int, str] = {
    HTTPStatus.UNAUTHORIZED: " (check CALLSHEET_REPLICATE_TOKEN)",
    HTTPStatus.FORBIDDEN: " (check CALLSHEET_REPLICATE_TOKEN)",
    HTTPStatus.NOT_FOUND: " (check the model's name)",
}


class OneAttempt(httpx.AsyncBaseTransport):
    """Sends a request once, to `url`'s host and no other.

    An answer that is an error becomes ours.
    """

    def __init__(self, url: str, token: str, timeout_s: float) -> None:
        self._origin = _origin(httpx.URL(url))
        self._token = token
        self._timeout_s = timeout_s
        self._wrapped = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the answer, read to its end."""
        if _origin(request.url) != self._origin:
            raise ProviderUnavailable(PROVIDER, f"{PROVIDER} points to another server, {request.url.host}")
        request.extensions["timeout"] = {
            "connect": CONNECT_TIMEOUT_S,
            "pool": CONNECT_TIMEOUT_S,
            "read": self._timeout_s,
            "write": self._timeout_s,
        }
        with connection_faults(PROVIDER):
            response = await self._wrapped.handle_async_request(request)
            try:
                content = await _read(response)
            finally:
                await response.aclose()
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            raise fault_of(response.status_code, response.headers, content, self._token)
        return httpx.Response(response.status_code, headers=_plain(response.headers), content=_in_known_states(content))

    async def aclose(self) -> None:
        """Close the connections."""
        await self._wrapped.aclose()


def fault_of(status: int, headers: httpx.Headers, content: bytes, token: str) -> CallsheetError:
    """Return our error for an answer that is an error."""
    said = _said(status, content, token)
    if status == HTTPStatus.PAYMENT_REQUIRED:
        return QuotaExhausted(PROVIDER, said)
    wait_s = retry_after_s(headers.get("retry-after", ""))
    in_words = re.search(r"resets in ~?(\d+)s", said)
    if wait_s is None and in_words:
        wait_s = float(in_words[1])
    return passing_fault(PROVIDER, status, said, wait_s) or ProviderRefused(
        PROVIDER, status, said + _HINTS.get(status, "")
    )


def one_line(text: str, token: str) -> str:
    """Return words of the service in one short line, without the token if they repeat it."""
    shown = text.replace(token, "…") if token else text
    return " ".join(shown.split())[:MAX_SAID_CHARACTERS]


async def _read(response: httpx.Response) -> bytes:
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > MAX_ANSWER_BYTES:
            raise ProviderUnavailable(PROVIDER, f"{PROVIDER} sent an answer that does not end")
    return bytes(content)


def _plain(headers: httpx.Headers) -> list[tuple[str, str]]:
    """Return the headers of an answer that has been unpacked."""
    packing = {"content-encoding", "content-length", "transfer-encoding"}
    return [(name, value) for name, value in headers.multi_items() if name.lower() not in packing]


def _in_known_states(content: bytes) -> bytes:
    """Return `content` in the words of the package: it refuses a prediction that is “aborted”.

    By the service's API such a prediction was cancelled before it began. “canceled” without a start means the same.
    """
    if b'"aborted"' not in content:
        return content
    try:
        answer = json.loads(content)
    except ValueError:
        return content
    for prediction in answer.get("results", [answer]):
        if prediction.get("status") == "aborted":
            prediction["status"] = "canceled"
    return json.dumps(answer).encode()


def _said(status: int, content: bytes, token: str) -> str:
    """Return the service's own words, if there are any. A page of HTML has none for a person."""
    try:
        answer: Any = json.loads(content)
    except ValueError:
        answer = None
    words = (answer.get("detail") or answer.get("title")) if isinstance(answer, dict) else None
    return one_line(words, token) if isinstance(words, str) else f"HTTP {status}, without a word of explanation"


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port
