"""The front door: stored media at once, and the HTTP API from its first request.

A connection that never sends a whole request does not stay.

A command that starts a server for itself needs media alone. The API imports Prefect's client, which takes two seconds
and 150 MB, so the door does that when the first caller comes.
"""

import asyncio

import h11
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from callsheet.gateway.media import StoreElsewhere, media_app
from callsheet.imports import lasting_imports
from callsheet.settings import Settings
from callsheet.storage.opening import open_store
from callsheet.threads import in_a_thread

OF_THE_API = ("/api/", "/workflows/", "/jobs/", "/output/", "/s/")
HEAD_WITHIN_S = 10.0
"""For the request line and the headers. A slow telephone sends 2 kB of them in a second."""


class FrontDoor:
    """The ASGI app of the gateway, which listens at `host`."""

    def __init__(self, settings: Settings, host: str) -> None:
        elsewhere = None if settings.storage == "local" else StoreElsewhere(lambda: open_store(settings))
        self._media = media_app(settings.media_dir, elsewhere)
        self._settings = settings
        self._host = host
        self._api: ASGIApp | None = None
        self._opening = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request to the media, or to the API."""
        if not scope.get("path", "").startswith(OF_THE_API):
            await self._media(scope, receive, send)
            return
        async with self._opening:
            if self._api is None:
                self._api = await in_a_thread(_open_api, self._settings, self._host)
        await self._api(scope, receive, send)


def _open_api(settings: Settings, host: str) -> ASGIApp:
    with lasting_imports():
        from callsheet.gateway.api import make_api
    return make_api(settings, host)


def serve(settings: Settings, host: str, port: int) -> None:
    """Serve until SIGTERM or Ctrl-C."""
    uvicorn.run(
        FrontDoor(settings, host),
        host=host,
        port=port,
        log_level="warning",
        lifespan="off",
        http=PatientProtocol,
        ws="none",
    )


class PatientProtocol(H11Protocol):
    """HTTP/1.1 with a time limit for the head of each request (slow loris).

    uvicorn limits only how long a connection may stay silent between two requests.
    """

    _waits_for_head: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._limit_head()

    def data_received(self, data: bytes) -> None:
        """Take what arrives. The time counts from the first byte of a head, however slowly the rest of it comes."""
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._stop_limit()
        elif self._waits_for_head is None:
            self._limit_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the time limit."""
        self._stop_limit()
        super().connection_lost(exc)

    def _limit_head(self) -> None:
        self._waits_for_head = self.loop.call_later(HEAD_WITHIN_S, self._end_without_head)

    def _stop_limit(self) -> None:
        if self._waits_for_head is not None:
            self._waits_for_head.cancel()
            self._waits_for_head = None

    def _end_without_head(self) -> None:
        if not self.transport.is_closing():
            self.transport.abort()
