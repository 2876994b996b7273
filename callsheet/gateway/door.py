"""The front door: stored media at once, and the HTTP API from its first request.

A command that starts a server for itself needs media alone. The API imports Prefect's client, which takes two seconds
and 150 MB, so the door does that when the first caller comes.
"""

import asyncio

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from callsheet.gateway.connections import PatientProtocol
from callsheet.gateway.media import StoreElsewhere, media_app
from callsheet.imports import lasting_imports
from callsheet.settings import Settings
from callsheet.storage.opening import open_store
from callsheet.threads import in_a_thread

OF_THE_API = ("/api/", "/workflows/", "/jobs/", "/output/", "/s/")


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
