"""Who may ask: hosts, origins and tokens, and how much at a time."""

import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from callsheet.client import ApiToken, find_token
from callsheet.gateway.problems import HttpRefusal, answer_to
from callsheet.model.run.runs import Run

LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "[::1]")
MAX_BODY_BYTES = 4_000_000
"""A request with 200 scenes of the longest code is larger; it goes by reference, as the client sends it."""
UPLOADS = "/api/v1/uploads"
MAX_UPLOAD_BYTES = 200_000_000
REQUESTS_A_MINUTE = 6_000
"""Of one caller: a page that polls ten runs a second stays far below it."""
CALLERS_REMEMBERED = 10_000
SECONDS_TOKEN_IS_KNOWN = 10.0
"""A token that was revoked is refused after this time."""
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
SECURITY_HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
    b"x-frame-options": b"DENY",
}


@dataclass(frozen=True)
class AccessRules:
    """The rules of one front door."""

    hosts: frozenset[str]
    """Names under which it may be asked, each without its port."""
    origins: frozenset[str] = frozenset()
    """Origins of other pages that may ask, e.g. https://studio.example.com."""
    needs_token: bool = False
    max_body_bytes: int = MAX_BODY_BYTES
    max_upload_bytes: int = MAX_UPLOAD_BYTES
    requests_a_minute: int = REQUESTS_A_MINUTE

    @classmethod
    def of_address(cls, host: str, *, hosts: Iterable[str] = (), origins: Iterable[str] = ()) -> "AccessRules":
        """Return the rules for a door that listens at `host`: beyond this machine, each caller needs a token."""
        is_local = host in ("127.0.0.1", "::1", "localhost")
        return cls(frozenset((*LOOPBACK_HOSTS, *hosts, host)), frozenset(origins), needs_token=not is_local)


@dataclass(frozen=True)
class Caller:
    """The owner that asks. Without a token, on this machine, it is its user: they see everything."""

    owner: str = ""
    is_admin: bool = True

    def sees(self, run: Run) -> bool:
        """Return whether the caller may see and control a run."""
        return self.is_admin or run.owner == self.owner

    def owner_for(self, wanted: str) -> str:
        """Return the owner of what the caller starts; only an admin may name another one."""
        if self.is_admin or wanted in ("", self.owner):
            return wanted or self.owner
        raise HttpRefusal(HTTPStatus.FORBIDDEN, "only an admin's token starts runs for another owner", field="owner")


@dataclass
class TokenBook:
    """Tokens that were asked for lately, so that not every request asks the Prefect server."""

    known: OrderedDict[str, tuple[float, ApiToken | None]] = field(default_factory=OrderedDict)

    async def find(self, token: str) -> ApiToken | None:
        """Return what the server keeps of a token; None if there is no such token."""
        found = self.known.get(token)
        if found is None or found[0] < time.monotonic():
            found = (time.monotonic() + SECONDS_TOKEN_IS_KNOWN, await find_token(token))
            self.known[token] = found
            while len(self.known) > CALLERS_REMEMBERED:
                self.known.popitem(last=False)
        return found[1]


async def find_caller(request: Request) -> Caller:
    """Return who asks, by the bearer token; a browser's stream of events has it as `access_token`."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    token = token.strip() if scheme.lower() == "bearer" else request.query_params.get("access_token", "")
    rules: AccessRules = request.app.state.rules
    if not token:
        if rules.needs_token:
            raise _unknown("this address needs a token: send “Authorization: Bearer TOKEN”")
        return Caller()
    book: TokenBook = request.app.state.tokens
    kept = await book.find(token)
    if kept is None:
        raise _unknown("the token is unknown or was revoked; `callsheet token add OWNER` makes a new one")
    return Caller(kept.owner, kept.is_admin)


CallerOf = Annotated[Caller, Depends(find_caller)]


class DoorKeeper:
    """Refuses what no page and no program of a user sends, before a route sees it.

    A name of another host is that of a page that has rebound its name to this machine. An origin that is not allowed is
    another site's page. Bodies are counted as they arrive.
    """

    def __init__(self, app: ASGIApp, rules: AccessRules) -> None:
        self._app = app
        self._rules = rules
        self._asked: OrderedDict[str, tuple[int, int]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            await answer_to(refusal)(scope, receive, send)
            return
        counted = _CountedBody(receive, self._limit(scope["path"]))
        try:
            await self._app(scope, counted.receive, _with_security_headers(send))
        except HttpRefusal as error:  # the body grew too large while a route read it
            await answer_to(error)(scope, receive, send)

    def _limit(self, path: str) -> int:
        return self._rules.max_upload_bytes if path.startswith(UPLOADS) else self._rules.max_body_bytes

    def _refusal(self, scope: Scope) -> HttpRefusal | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
        if name not in self._rules.hosts:
            return HttpRefusal(
                HTTPStatus.MISDIRECTED_REQUEST,
                f"this server is not called “{name[:80]}”; CALLSHEET_API_HOSTS lists further names",
            )
        origin = headers.get("origin")
        is_ours = origin is None or urlsplit(origin).netloc == host or origin in self._rules.origins
        if not is_ours and scope["method"] not in SAFE_METHODS:
            return HttpRefusal(
                HTTPStatus.FORBIDDEN,
                f"pages of {origin} may not ask; CALLSHEET_API_ORIGINS lists the pages that may",
            )
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > self._limit(scope["path"]):
            return _too_large(self._limit(scope["path"]))
        return self._too_often(headers.get("authorization") or (scope.get("client") or ("",))[0])

    def _too_often(self, caller: str) -> HttpRefusal | None:
        minute = int(time.monotonic() // 60)
        then, count = self._asked.pop(caller, (minute, 0))
        count = count + 1 if then == minute else 1
        self._asked[caller] = (minute, count)
        if len(self._asked) > CALLERS_REMEMBERED:
            self._asked.popitem(last=False)
        if count <= self._rules.requests_a_minute:
            return None
        return HttpRefusal(
            HTTPStatus.TOO_MANY_REQUESTS,
            f"more than {self._rules.requests_a_minute} requests in a minute; ask less often",
            headers={"retry-after": str(60 - int(time.monotonic() % 60))},
        )


class _CountedBody:
    """The body of a request, up to a limit."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._limit = limit
        self._bytes = 0

    async def receive(self) -> Message:
        message = await self._receive()
        self._bytes += len(message.get("body", b""))
        if self._bytes > self._limit:
            raise _too_large(self._limit)
        return message


def _with_security_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = {name.lower() for name, _ in message["headers"]}
            message["headers"] = [
                *message["headers"],
                *((name, value) for name, value in SECURITY_HEADERS.items() if name not in given),
            ]
        await send(message)

    return send_with_headers


def _too_large(limit: int) -> HttpRefusal:
    return HttpRefusal(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"takes at most {limit // 1_000_000} MB", headers={"connection": "close"}
    )


def _unknown(detail: str) -> HttpRefusal:
    return HttpRefusal(HTTPStatus.UNAUTHORIZED, detail, headers={"www-authenticate": "Bearer"})
