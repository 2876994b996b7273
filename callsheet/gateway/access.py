"""Who may ask: hosts, origins and tokens, and how much at a time."""

import asyncio
import hashlib
import time
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Request
from pydantic import BaseModel
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from callsheet.client import ApiToken, find_token
from callsheet.gateway.problems import HttpRefusal, answer_to, refusal_of
from callsheet.model.problems import Location
from callsheet.model.run.runs import Run
from callsheet.request_reader import files_named, is_elsewhere

LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "[::1]")
MAX_BODY_BYTES = 4_000_000
"""A request with 200 scenes of the longest code is larger; it goes by reference, as the client sends it."""
UPLOADS = ("/api/v1/uploads", "/workflows/execute")
"""The paths that take files."""
MAX_UPLOAD_BYTES = 200_000_000
MAX_UPLOADS_AT_ONCE = 8
"""Of one caller; their files lie in the scratch folder until they are whole."""
MAX_REQUESTS_AT_ONCE = 500
"""Of one caller. A page has one stream of events for each run that it shows."""
BODY_SILENCE_S = 30.0
"""Longest time without a byte of a body that has not ended."""
BODY_BYTES_A_SECOND = 1_000
"""A body that comes more slowly does not end; the first `BODY_SILENCE_S` seconds don't count."""
WRONG_TOKENS_A_MINUTE = 60
"""Of one address: who guesses tokens asks more often than who has mistyped one."""
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
    body_silence_s: float = BODY_SILENCE_S

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

    def check_files(self, given: BaseModel, place: Location = ()) -> None:
        """Check that what is given names no file of this machine, unless the caller is its user or an admin.

        `place` is its field in the body. Raises HttpRefusal: it names one.
        """
        named = () if self.is_admin else files_named(given.model_dump(mode="json", exclude_unset=True))
        sentence = "only an admin's token names files of this machine; give an address or an upload's key"
        problems = [((*place, *field), sentence) for field, file in named if not is_elsewhere(file)]
        if problems:
            raise refusal_of(problems)

    def owner_for(self, wanted: str) -> str:
        """Return the owner of what the caller starts; only an admin may name another one."""
        if self.is_admin or wanted in ("", self.owner):
            return wanted or self.owner
        raise HttpRefusal(HTTPStatus.FORBIDDEN, "only an admin's token starts runs for another owner", field="owner")


class MinuteCounts:
    """How often each of many has done something in this minute."""

    def __init__(self) -> None:
        self._counts: OrderedDict[str, tuple[int, int]] = OrderedDict()

    def of(self, name: str) -> int:
        """Return the count of this minute."""
        minute, count = self._counts.get(name, (0, 0))
        return count if minute == _minute() else 0

    def add(self, name: str) -> int:
        """Count one more; return the count of this minute."""
        count = self.of(name) + 1
        self._counts[name] = (_minute(), count)
        self._counts.move_to_end(name)
        if len(self._counts) > CALLERS_REMEMBERED:
            self._counts.popitem(last=False)
        return count


class OpenCounts:
    """How much each of many has in progress."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def of(self, name: str) -> int:
        """Return how much is in progress."""
        return self._counts[name]

    @contextmanager
    def one_more(self, name: str) -> Iterator[None]:
        """Count one more for as long as the context lasts."""
        self._counts[name] += 1
        try:
            yield
        finally:
            self._counts[name] -= 1
            if not self._counts[name]:
                del self._counts[name]


@dataclass
class TokenBook:
    """Tokens that were asked for lately, so that not every request asks the Prefect server.

    It keeps the digests of those that exist. A caller can make up as many others as it likes.
    """

    known: OrderedDict[str, tuple[float, ApiToken]] = field(default_factory=OrderedDict)
    wrong: MinuteCounts = field(default_factory=MinuteCounts)
    """Wrong tokens, by the address of the caller."""

    async def find(self, token: str, address: str) -> ApiToken | None:
        """Return what the server keeps of a token; None if there is no such token.

        Raises HttpRefusal for an address that has sent too many wrong ones.
        """
        name = _short(token)
        until, kept = self.known.get(name, (0.0, None))
        if kept is not None and time.monotonic() < until:
            return kept
        if kept is None and self.wrong.of(address) >= WRONG_TOKENS_A_MINUTE:
            raise too_many(f"more than {WRONG_TOKENS_A_MINUTE} wrong tokens in a minute; wait, and send the right one")
        self.known.pop(name, None)
        kept = await find_token(token)
        if kept is None:
            self.wrong.add(address)
            return None
        self.known[name] = (time.monotonic() + SECONDS_TOKEN_IS_KNOWN, kept)
        if len(self.known) > CALLERS_REMEMBERED:
            self.known.popitem(last=False)
        return kept


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
    kept = await book.find(token, request.client.host if request.client else "")
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
        self._asked = MinuteCounts()
        self._open = OpenCounts()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        send = _with_security_headers(send)
        # The sender of a token is counted, or else the address.
        caller = _short(Headers(scope=scope).get("authorization") or (scope.get("client") or ("",))[0])
        refusal = self._refusal(scope, caller)
        if refusal is not None:
            await answer_to(refusal)(scope, receive, send)
            return
        with self._open.one_more(caller):
            await self._pass_on(scope, receive, send)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = _MeasuredBody(receive, self._limit(scope["path"]), self._rules.body_silence_s)

        async def send_unless_refused(message: Message) -> None:
            if body.refusal is None:
                await send(message)

        try:
            await self._app(scope, body.receive, send_unless_refused)
        except HttpRefusal:  # a route that reads the body itself does not catch it
            if body.refusal is None:
                raise
        if body.refusal is not None:
            await answer_to(body.refusal)(scope, receive, send)

    def _limit(self, path: str) -> int:
        return self._rules.max_upload_bytes if path.startswith(UPLOADS) else self._rules.max_body_bytes

    def _refusal(self, scope: Scope, caller: str) -> HttpRefusal | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        name = (host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host).lower()
        if name not in self._rules.hosts:
            return HttpRefusal(
                HTTPStatus.MISDIRECTED_REQUEST,
                f"this server is not called “{name[:80]}”; CALLSHEET_API_HOSTS lists further names",
            )
        origin = headers.get("origin")
        is_ours = origin is None or origin.partition("://")[2] == host or origin in self._rules.origins
        if not is_ours and scope["method"] not in SAFE_METHODS:
            return HttpRefusal(
                HTTPStatus.FORBIDDEN,
                f"pages of “{(origin or '')[:80]}” may not ask; CALLSHEET_API_ORIGINS lists the pages that may",
            )
        if "\0" in scope["path"] or b"%00" in scope["query_string"]:
            return HttpRefusal(HTTPStatus.BAD_REQUEST, "the address holds U+0000, which no text can hold; leave it out")
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > self._limit(scope["path"]):
            return _too_large(self._limit(scope["path"]))
        return self._too_much(scope["path"], caller)

    def _too_much(self, path: str, caller: str) -> HttpRefusal | None:
        most = self._rules.requests_a_minute
        if self._asked.add(caller) > most:
            return too_many(f"more than {most} requests in a minute; ask less often")
        at_once = MAX_UPLOADS_AT_ONCE if path.startswith(UPLOADS) else MAX_REQUESTS_AT_ONCE
        if self._open.of(caller) >= at_once:
            return too_many(f"more than {at_once} requests at once; wait until one is over")
        return None


class _MeasuredBody:
    """The body of a request, up to a limit of bytes and of time."""

    def __init__(self, receive: Receive, limit: int, silence_s: float) -> None:
        self._receive = receive
        self._limit = limit
        self._silence_s = silence_s
        self._since_s = time.monotonic()
        self._bytes = 0
        self._is_whole = False
        self.refusal: HttpRefusal | None = None
        """Why it was not read to its end."""

    async def receive(self) -> Message:
        if self._is_whole:  # what follows is the caller's going away
            return await self._receive()
        try:
            message = await asyncio.wait_for(self._receive(), self._silence_s)
        except TimeoutError:
            raise self._refused(_too_slow()) from None
        self._bytes += len(message.get("body", b""))
        self._is_whole = not message.get("more_body", False)
        if self._bytes > self._limit:
            raise self._refused(_too_large(self._limit))
        counted_s = time.monotonic() - self._since_s - self._silence_s
        if not self._is_whole and self._bytes < counted_s * BODY_BYTES_A_SECOND:
            raise self._refused(_too_slow())
        return message

    def _refused(self, why: HttpRefusal) -> HttpRefusal:
        self.refusal = why
        return why


def _short(text: str) -> str:
    """Return a digest: what callers send may be long, and it may be a token."""
    return hashlib.sha256(text.encode()).hexdigest()


def _minute() -> int:
    return int(time.monotonic() // 60)


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


def _too_slow() -> HttpRefusal:
    return HttpRefusal(
        HTTPStatus.REQUEST_TIMEOUT, "the body did not arrive in time; send it again", headers={"connection": "close"}
    )


def too_many(detail: str) -> HttpRefusal:
    """Return the refusal of who asks too often; it says when to ask again."""
    seconds = 60 - int(time.monotonic() % 60)
    return HttpRefusal(HTTPStatus.TOO_MANY_REQUESTS, detail, headers={"retry-after": str(seconds)})


def _unknown(detail: str) -> HttpRefusal:
    return HttpRefusal(HTTPStatus.UNAUTHORIZED, detail, headers={"www-authenticate": "Bearer"})
