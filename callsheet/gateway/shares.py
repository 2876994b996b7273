"""Links for viewers: a page that plays one video without a token, until its owner revokes the link.

The page runs no program. It names its files below its own address, so it tells nothing of the store or of other runs.
"""

from datetime import datetime, timedelta
from html import escape
from http import HTTPStatus
from mimetypes import guess_type
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse, HTMLResponse
from pydantic import Field

from callsheet import client
from callsheet.errors import InvalidRequest
from callsheet.gateway.access import WRONG_TOKENS_A_MINUTE, MinuteCounts, too_many
from callsheet.gateway.bodies import Body
from callsheet.gateway.films import ShelvedFilm, film_of_video
from callsheet.gateway.media import StoreElsewhere
from callsheet.gateway.problems import HttpRefusal
from callsheet.gateway.runs import VisibleRun
from callsheet.model.values import Value
from callsheet.settings import settings
from callsheet.storage.opening import open_store
from callsheet.threads import in_a_thread

MAX_TOKEN_CHARACTERS = 100
LONGEST_S = 86_400
MOST_DAYS = 3_650
GONE = "This link does not exist, its time is over, or its owner has revoked it."

router = APIRouter(prefix="/runs/{run_id}/shares", tags=["shares"])
viewers = APIRouter(prefix="/s", include_in_schema=False)


class ShareOrder(Body):
    """A link that is wanted."""

    expires_in_days: float | None = Field(None, gt=0, le=MOST_DAYS)
    """How long the link works. Empty: until it is revoked."""


class ShareView(Value):
    """A link of a run."""

    id: str
    run_id: UUID
    created_at: datetime
    expires_at: datetime | None
    """None: it works until it is revoked."""


class NewShare(ShareView):
    """A link that was just made."""

    path: str
    """Its address below this gateway. It can't be read again."""


@router.post("", status_code=HTTPStatus.CREATED)
async def share_video(run: VisibleRun, response: Response, order: ShareOrder | None = None) -> NewShare:
    """Make a link that plays the video of a run without a token, until it is revoked or its time is over."""
    days = order.expires_in_days if order else None
    token, kept = await client.share(run, lasts=None if days is None else timedelta(days=days))
    response.headers["cache-control"] = "no-store"
    return NewShare(**_view(kept).model_dump(), path=f"/s/{token}")


@router.get("")
async def list_shares(run: VisibleRun) -> tuple[ShareView, ...]:
    """List the links of a run, the oldest first."""
    return tuple(map(_view, await client.list_shares(run)))


@router.delete("/{share_id}", status_code=HTTPStatus.NO_CONTENT)
async def revoke_share(run: VisibleRun, share_id: str) -> None:
    """Revoke a link. Its page is gone at once."""
    try:
        await client.revoke_share(run, share_id)
    except InvalidRequest as error:
        raise HttpRefusal(HTTPStatus.NOT_FOUND, str(error), field="share_id") from None


@viewers.get("/{token}")
async def show_page(
    token: str, request: Request, t: Annotated[float, Query(ge=0, le=LONGEST_S, allow_inf_nan=False)] = 0
) -> Response:
    """Show the page that plays the video of a link, from second `t`."""
    film = await _film_of(token, request)
    if film is None:
        return HTMLResponse(_page("Callsheet", f"<p>{GONE}</p>"), HTTPStatus.NOT_FOUND, headers=_headers())
    return HTMLResponse(_page(film.title, _player(film, f"/s/{token}", t)), headers=_headers(_media_origin()))


@viewers.api_route("/{token}/{file}", methods=["GET", "HEAD"])
async def send_file(token: str, file: str, request: Request) -> Response:
    """Send the video of a link, its poster or its captions."""
    film = await _film_of(token, request)
    address = {"video": film.video, "poster": film.poster, "captions": film.captions}.get(file) if film else None
    key = (address or "").removeprefix("/media/")
    if key and settings().storage != "local":
        answer = await in_a_thread(StoreElsewhere(lambda: open_store(settings())).answer, key)
        answer.headers.update(_headers())
        return answer
    path = settings().media_dir / key
    if not key or not path.is_file():
        return Response(GONE, HTTPStatus.NOT_FOUND, headers=_headers(), media_type="text/plain")
    return FileResponse(path, media_type=guess_type(path.name)[0], headers=_headers())


def _view(kept: client.Share) -> ShareView:
    return ShareView(id=kept.id, run_id=kept.run_id, created_at=kept.created_at, expires_at=kept.expires_at)


async def _film_of(token: str, request: Request) -> ShelvedFilm | None:
    """Return the film of a link; None if the link or its film is gone. Raises HttpRefusal for who guesses."""
    wrong: MinuteCounts = request.app.state.wrong_shares
    address = request.client.host if request.client else ""
    if wrong.of(address) >= WRONG_TOKENS_A_MINUTE:
        raise too_many(f"more than {WRONG_TOKENS_A_MINUTE} wrong links in a minute; wait")
    kept = await client.find_share(token) if len(token) <= MAX_TOKEN_CHARACTERS else None
    if kept is None:
        wrong.add(address)
        return None
    return await in_a_thread(film_of_video, kept.key)


def _headers(media_origin: str = "") -> dict[str, str]:
    """Return headers that let the page show its own files alone, and keep the address of the link to itself."""
    sources = f"'self' {media_origin}".strip()
    return {
        "content-security-policy": (
            f"default-src 'none'; style-src 'self'; img-src {sources}; media-src {sources}; form-action 'none'; "
            "base-uri 'none'; frame-ancestors 'none'; sandbox allow-same-origin"
        ),
        "referrer-policy": "no-referrer",
        "cache-control": "no-store",
        "x-robots-tag": "noindex",
    }


def _media_origin() -> str:
    """Return the origin from which the store sends files, if that is not this gateway."""
    return "" if settings().storage == "local" else StoreElsewhere(lambda: open_store(settings())).origin()


def _player(film: ShelvedFilm, place: str, at_s: float) -> str:
    start = f"#t={at_s:g}" if at_s else ""
    track = f'<track kind="captions" src="{place}/captions" label="Captions" default>' if film.captions else ""
    chapters = "".join(
        f'<li><a href="{place}?t={each.start_s:.2f}"><span>{_clock(each.start_s)}</span> {escape(each.name)}</a></li>'
        for each in film.chapters
    )
    return (
        f'<video controls preload="metadata" poster="{place}/poster" src="{place}/video{start}">{track}</video>'
        f"<h2>Chapters</h2><ol>{chapters}</ol>"
    )


def _page(title: str, content: str) -> str:
    named = escape(title)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f'<title>{named}</title><link rel="stylesheet" href="/studio/share.css"></head>'
        f'<body><main><h1 dir="auto">{named}</h1>{content}</main></body></html>'
    )


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
