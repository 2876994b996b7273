"""The HTTP client with which pydantic-ai and the vendors' packages send their questions.

It reads answers up to a bound, and turns those of chat-completions servers into the protocol's form. If a server names
the form of a question that it takes, the client asks once more. It raises our own errors. The SDKs see only good
answers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import httpx2

from callsheet.errors import ProviderRefused
from callsheet.threads import in_a_thread
from callsheet.writing.adaptation import change_for
from callsheet.writing.completions import Unreadable, read_completion
from callsheet.writing.faults import Asked, fault_of_refusal, unreadable
from callsheet.writing.learned import Server
from callsheet.writing.refusals import Refusal, Refused, refusal_of

MAX_ANSWER_BYTES = 32_000_000
"""Longest body that is read of an answer. One of 100,000 tokens, streamed token by token, has 20 MB."""
CHANGES_AT_MOST = 4
_CONNECT_S = 10
_LONG_BYTES = 200_000
"""An answer of this size or more is read in a thread: the event loop has other work."""
_CHAT = "/chat/completions"


class ModelClient(httpx2.AsyncClient):
    """Sends one question. It follows no redirect, because the redirect would get the key."""

    def __init__(self, asked: Asked, timeout_s: float) -> None:
        super().__init__(timeout=httpx2.Timeout(timeout_s, connect=_CONNECT_S), follow_redirects=False)
        self._asked = asked

    async def send(self, request: httpx2.Request, *, stream: bool = False, **options: Any) -> httpx2.Response:
        """Return the answer, complete and in the form of its protocol.

        Raises our errors for everything else.
        """
        body = _json_of(request)
        server = Server(str(request.url), str(body.get("model")), self._asked.learned_dir)
        for known in server.learned().changes if body else ():
            body = known.applied(body)
        outcome = await self._exchange(_with_body(request, body), options)
        for _ in range(CHANGES_AT_MOST):
            change = change_for(outcome, body) if isinstance(outcome, Refusal) and body else None
            if change is None:
                break
            body = change.applied(body)
            if change.is_for_all:
                server.learn(server.learned().with_change(change))
            outcome = await self._exchange(_with_body(request, body), options)
        # Raised here, outside the handling of any error with the server's own words: they may repeat the key.
        if isinstance(outcome, Refusal):
            raise fault_of_refusal(outcome, self._asked)
        if isinstance(outcome, str):
            raise unreadable(outcome, self._asked)
        return outcome

    async def _exchange(self, request: httpx2.Request, options: dict[str, Any]) -> httpx2.Response | Refusal | str:
        """Return the answer, or a refusal, or a description of what came instead."""
        response = await super().send(request, stream=True, **options)
        try:
            content = await self._read(response)
        finally:
            await response.aclose()
        headers = {name.lower(): value for name, value in response.headers.items()}
        if response.status_code >= HTTPStatus.MULTIPLE_CHOICES:
            return refusal_of(response.status_code, headers, content)
        if request.url.path.endswith(_CHAT):
            try:
                content = await _completion(content, headers)
            except Refused as refused:
                return refused.refusal
            except Unreadable as error:
                return str(error)
        return httpx2.Response(
            HTTPStatus.OK, headers={"content-type": "application/json"}, content=content, request=request
        )

    async def _read(self, response: httpx2.Response) -> bytes:
        parts, size = [], 0
        async for part in response.aiter_bytes():
            parts.append(part)
            size += len(part)
            if size > MAX_ANSWER_BYTES:
                raise ProviderRefused(
                    self._asked.service,
                    response.status_code,
                    f"its answer is longer than {MAX_ANSWER_BYTES // 1_000_000} MB; the rest was not read",
                )
        return b"".join(parts)


async def _completion(content: bytes, headers: Mapping[str, str]) -> bytes:
    if len(content) < _LONG_BYTES:
        return json.dumps(read_completion(content, headers)).encode()
    return json.dumps(await in_a_thread(read_completion, content, headers)).encode()


def _json_of(request: httpx2.Request) -> dict[str, Any]:
    """Return the question, if it is JSON."""
    try:
        body = json.loads(request.content)
    except ValueError:
        return {}
    return body if isinstance(body, dict) and request.url.path.endswith(_CHAT) else {}


def _with_body(request: httpx2.Request, body: dict[str, Any]) -> httpx2.Request:
    """Return the same request with this question.

    The request stays unchanged if the question is not ours to change.
    """
    if not body:
        return request
    headers = [
        (name, value)
        for name, value in request.headers.raw
        if name.lower() not in (b"content-length", b"transfer-encoding")
    ]
    return httpx2.Request(
        request.method, request.url, headers=headers, content=json.dumps(body).encode(), extensions=request.extensions
    )
