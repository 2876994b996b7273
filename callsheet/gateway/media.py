"""Stored media over HTTP: GET and HEAD with byte ranges, for the players in the Prefect UI and in web apps.

It serves keys only. A key can't leave the folder, name a file that begins with a dot, or end in a slash. So there is no
traversal, no half-written file and no listing. `callsheet.gateway` binds it to the loopback interface.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from mimetypes import guess_type
from pathlib import Path
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from callsheet.errors import CallsheetError
from callsheet.storage.keys import digest_in, is_key
from callsheet.storage.store import Store

# A file that is named by its content never changes; Callsheet may write a manifest or a report again.
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


PAGES = Path(__file__).parent / "pages"
_PAGE = re.compile(r"((vendor|pictures)/)?[A-Za-z][A-Za-z_-]{0,40}\.(html|js|css|svg|webp)")
_TEXTS = (".vtt", ".srt")


@dataclass(frozen=True)
class StoreElsewhere:
    """The store of a gateway whose media do not lie on its machine, opened when something of it is wanted."""

    open: Callable[[], Store]

    def answer(self, key: str) -> Response:
        """Return the address of the file, freshly signed: a link to the gateway does not expire.

        Captions are sent: a browser takes them from the origin of its page alone.
        """
        store = self.open()
        if key.endswith(_TEXTS) and store.exists(key):
            headers = {"cache-control": FOR_EVER if digest_in(key) else ASK_AGAIN, "x-content-type-options": "nosniff"}
            return Response(store.read_bytes(key), media_type=guess_type(key)[0] or "text/plain", headers=headers)
        address = store.url(key) if store.exists(key) else None
        if address is None:
            raise HTTPException(404, "The file does not exist.")
        return RedirectResponse(address, headers={"cache-control": "no-store"})

    def origin(self) -> str:
        """Return the origin of the addresses; empty if they can't be told."""
        try:
            parts = urlsplit(self.open().url(_ANY_KEY) or "")
        except CallsheetError:
            return ""
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


_ANY_KEY = "videos/any.mp4"


def policy_of_pages(media_origin: str = "") -> str:
    """Return what a page may load: its own scripts alone, and media of the store, which may have another origin."""
    media = f"'self' {media_origin}".strip()
    return (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
        f"img-src {media} data: blob:; media-src {media} blob:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )


def media_app(folder: Path, elsewhere: StoreElsewhere | None = None) -> Starlette:
    """Return the app that serves the files below `folder`, or those of another store, as /media/KEY.

    It serves the pages of the studio, too.
    """
    root = folder.resolve()

    def serve(request: Request) -> Response:
        key = request.path_params["key"]
        if elsewhere is None:
            return _stored(root, request)
        if not is_key(key):
            raise HTTPException(404, "The file does not exist.")
        return elsewhere.answer(key)

    def show(request: Request) -> Response:
        return _page(request, elsewhere.origin() if elsewhere else "")

    # The Prefect UI is another origin (another port). Nothing here is private or writable, so every origin may read.
    anyone = Middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "HEAD"],
        allow_headers=["Range", "If-Range", "If-None-Match"],
        expose_headers=["Accept-Ranges", "Content-Length", "Content-Range", "ETag"],
    )
    return Starlette(
        routes=[
            Route("/media/{key:path}", serve, methods=["GET"]),
            Route("/", show, methods=["GET"]),
            Route("/studio/{name:path}", show, methods=["GET"]),
        ],
        middleware=[anyone],
    )


def _page(request: Request, media_origin: str) -> Response:
    name = request.path_params.get("name", "index.html")
    path = PAGES / name
    if not _PAGE.fullmatch(name) or not path.is_file():
        raise HTTPException(404, "The page does not exist.")
    kind = "text/javascript" if path.suffix == ".js" else guess_type(path.name)[0]
    policy = policy_of_pages(media_origin)
    headers = {**_caching(path, None), "content-security-policy": policy, "referrer-policy": "same-origin"}
    if headers["etag"] == request.headers.get("if-none-match"):
        return Response(status_code=304, headers=headers)
    return FileResponse(path, media_type=kind, headers=headers)


def _stored(root: Path, request: Request) -> Response:
    key = request.path_params["key"]
    path = root / key
    if not is_key(key) or not path.is_file() or not path.resolve().is_relative_to(root):
        raise HTTPException(404, "The file does not exist.")
    headers = _caching(path, digest_in(key))
    if path.suffix == ".svg":
        # A drawing that a browser opens alone is a document: no program in it may run.
        headers["content-security-policy"] = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
    known = request.headers.get("if-none-match", "").split(",")
    if headers["etag"] in {tag.strip().removeprefix("W/") for tag in known}:
        return Response(status_code=304, headers=headers)
    return FileResponse(path, media_type=guess_type(path.name)[0] or "application/octet-stream", headers=headers)


def _caching(path: Path, digest: str | None) -> dict[str, str]:
    """Return the headers for a client's cache; `digest` is the one in the key, if any."""
    security = {"x-content-type-options": "nosniff"}
    if digest:
        return {"etag": f'"{digest}"', "cache-control": FOR_EVER, **security}
    status = path.stat()
    return {"etag": f'"{status.st_mtime_ns:x}-{status.st_size:x}"', "cache-control": ASK_AGAIN, **security}
