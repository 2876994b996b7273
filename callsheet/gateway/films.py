"""Finished films over HTTP: the library, and all that a player needs of one film."""

from collections import OrderedDict
from collections.abc import Iterator
from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query

from callsheet import client
from callsheet.errors import InvalidRequest, MediaLost, MediaUnfit
from callsheet.gateway.access import CallerOf
from callsheet.gateway.problems import HttpRefusal
from callsheet.gateway.runs import VisibleRun
from callsheet.model.film.media import StoredObject
from callsheet.model.run.kinds import kind_taking
from callsheet.model.run.manifest import Manifest
from callsheet.model.values import Value
from callsheet.settings import settings
from callsheet.storage.keys import digest_in
from callsheet.storage.opening import open_store
from callsheet.storage.publish import manifest_key, manifest_keys, parsed_manifest
from callsheet.threads import in_a_thread
from callsheet.timebase import seconds_of

MAX_FILMS_LISTED = 500
RUNS_OF_AN_OWNER = 200
FILMS_REMEMBERED = 2_000

_FILES = ("document", "screenplay")
_SOURCES = (*_FILES, "topic", "text", "script")
"""Fields of requests that tell what a film is made from."""
_SOURCE_CHARACTERS = 120

router = APIRouter(prefix="/films", tags=["films"])


class Chapter(Value):
    """A scene of a film, and when it begins."""

    name: str
    start_s: float
    clip: str = ""
    """Address of the scene alone."""


class ShelvedFilm(Value):
    """A finished film, with addresses below this gateway."""

    run_id: str
    title: str
    kind: str
    created_at: datetime
    duration_s: float
    width: int
    height: int
    video: str
    poster: str
    thumbnail: str
    contact_sheet: str
    captions: str | None
    """Address of a WebVTT file; None if the film has no captions."""
    manifest: str
    chapters: tuple[Chapter, ...]
    made_from: str
    """What it was made from: the name of a document, a topic, or how many scenes were written."""
    voices: tuple[str, ...] = ()
    """Who speaks in it."""
    cost_usd: float
    """What its language models and its footage have cost, as far as prices are known."""


_shelf: OrderedDict[str, ShelvedFilm | None] = OrderedDict()
"""Films by the keys of their manifests; None for a manifest of another version. A film never changes."""


@router.get("")
async def list_films(
    caller: CallerOf, limit: Annotated[int, Query(ge=1, le=MAX_FILMS_LISTED)] = 100
) -> tuple[ShelvedFilm, ...]:
    """List the finished films, the latest first."""
    found = await in_a_thread(_read_shelf)
    if not caller.is_admin:
        own = {str(run.id) for run in await client.list_runs(owner=caller.owner, limit=RUNS_OF_AN_OWNER)}
        found = [film for film in found if film.run_id in own]
    return tuple(sorted(found, key=lambda film: film.created_at, reverse=True)[:limit])


@router.get("/{run_id}")
async def show_film(run: VisibleRun) -> ShelvedFilm:
    """Show the finished film of a run."""
    try:
        film = await client.film(run)
        manifest = await in_a_thread(_read_manifest, manifest_key(digest_in(film.key) or ""))
    except (InvalidRequest, MediaLost) as error:
        raise HttpRefusal(HTTPStatus.NOT_FOUND, str(error)) from None
    return _shelved(manifest).model_copy(update={"run_id": str(run.id)})


def film_of_video(key: str) -> ShelvedFilm | None:
    """Return the film whose video has this key in the store; None if its manifest is gone or of another version."""
    return _film_of(manifest_key(digest_in(key) or ""))


def _read_shelf() -> list[ShelvedFilm]:
    return [film for key in manifest_keys(open_store(settings())) if (film := _film_of(key))]


def _film_of(key: str) -> ShelvedFilm | None:
    if key not in _shelf:
        try:
            _shelf[key] = _shelved(_read_manifest(key))
        except (MediaUnfit, MediaLost):
            _shelf[key] = None
        while len(_shelf) > FILMS_REMEMBERED:
            _shelf.popitem(last=False)
    return _shelf[key]


def _read_manifest(key: str) -> Manifest:
    return parsed_manifest(open_store(settings()).read_bytes(key), key)


def _shelved(manifest: Manifest) -> ShelvedFilm:
    kind = kind_taking(type(manifest.request))
    video = manifest.video
    return ShelvedFilm(
        run_id=manifest.run_id,
        title=manifest.title,
        kind=kind.name if kind else "",
        created_at=manifest.created_at,
        duration_s=video.duration_s,
        width=video.width,
        height=video.height,
        video=_address(video.stored),
        poster=_address(manifest.stills.poster),
        thumbnail=_address(manifest.stills.thumbnail),
        contact_sheet=_address(manifest.stills.contact_sheet),
        captions=_address(manifest.captions) if manifest.captions else None,
        manifest=f"/media/{manifest_key(video.stored.sha256)}",
        chapters=tuple(_chapters(manifest)),
        made_from=_source_of(manifest),
        voices=manifest.spoken_by,
        cost_usd=manifest.model_calls_usd + manifest.footage_usd,
    )


def _chapters(manifest: Manifest) -> Iterator[Chapter]:
    """Yield the scenes that are seen, each from the middle of the transition to it."""
    seen = [scene for scene in manifest.scenes if scene.clip]
    for scene, shot in zip(seen, manifest.timeline.shots, strict=False):
        start = shot.start_frame + shot.overlap_frames // 2
        yield Chapter(
            name=scene.name,
            start_s=float(seconds_of(start, shot.clip.frame_rate)),
            clip=_address(scene.clip.stored) if scene.clip else "",
        )


def _source_of(manifest: Manifest) -> str:
    """Return e.g. “the document tides.md”, or “3 scenes”."""
    written = manifest.request.model_dump(mode="json", exclude_defaults=True)
    for name in _SOURCES:
        if isinstance(given := written.get(name), str) and given:
            what = given.rpartition("/")[2] if "://" not in given and name in _FILES else given
            return f"the {name} {what[:_SOURCE_CHARACTERS]}" if digest_in(given) is None else f"a {name} that was sent"
    count = len(manifest.scenes)
    return "one scene" if count == 1 else f"{count} scenes"


def _address(stored: StoredObject) -> str:
    return f"/media/{stored.key}"
