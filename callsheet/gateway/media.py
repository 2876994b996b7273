"""Stored media over HTTP: GET and HEAD with byte ranges, for the players in the Prefect UI and in web apps.

It serves keys only. A key can't leave the folder, name a file that begins with a dot, or end in a slash. So there is no
traversal, no half-written file and no listing. `callsheet.gateway` binds it to the loopback interface.
"""

import re
from collections.abc import Callable
from mimetypes import guess_type
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from callsheet.storage.keys import digest_in, is_key

# A file that is named by its content never changes; Callsheet may write a manifest or a report again.
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


PAGES = Path(__file__).parent / "pages"
_PAGE = re.compile(r"(vendor/)?[A-Za-z][A-Za-z_]{0,40}\.(html|js|css|svg)")
# The pages run their own scripts alone, and show media of the store.
POLICY_OF_PAGES = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
    "img-src 'self' data:; media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def media_app(folder: Path, address_of: Callable[[str], str | None] | None = None) -> Starlette:
    """Return the app that serves the files below `folder` as /media/KEY, and the pages of the studio.

    If the store is elsewhere, `address_of` gives the address of a key there, freshly signed: a link to this app does
    not expire.
    """
    root = folder.resolve()

    def serve(request: Request) -> Response:
        key = request.path_params["key"]
        if address_of is None:
            return _stored(root, request)
        address = address_of(key) if is_key(key) else None
        if address is None:
            raise HTTPException(404, "The file does not exist.")
        return RedirectResponse(address, headers={"cache-control": "no-store"})

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
            Route("/", _page, methods=["GET"]),
            Route("/studio/{name:path}", _page, methods=["GET"]),
        ],
        middleware=[anyone],
    )


def _page(request: Request) -> Response:
    name = request.path_params.get("name", "index.html")
    path = PAGES / name
    if not _PAGE.fullmatch(name) or not path.is_file():
        raise HTTPException(404, "The page does not exist.")
    kind = "text/javascript" if path.suffix == ".js" else guess_type(path.name)[0]
    headers = {**_caching(path, None), "content-security-policy": POLICY_OF_PAGES, "referrer-policy": "same-origin"}
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
