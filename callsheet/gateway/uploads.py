"""Files that people send: streamed to the store, and named by their content."""

from collections.abc import AsyncIterable
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request

from callsheet.gateway.access import CallerOf
from callsheet.gateway.problems import HttpRefusal
from callsheet.model.film.media import StoredObject
from callsheet.scratch import scratch_dir
from callsheet.settings import settings
from callsheet.storage.opening import open_store
from callsheet.storage.store import store_media
from callsheet.threads import in_a_thread

UPLOADS = "uploads"
"""The kind of stored object. An intake reads each before anything is made of it."""
_BEGINNINGS = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (0, b"fLaC", "audio/flac"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
)
"""Where in a file stands what tells its type. A file's name tells nothing."""

router = APIRouter(tags=["uploads"])


class UploadKind(StrEnum):
    """What a file is for."""

    MEDIA = "media"
    """A picture or a sound."""
    DOCUMENT = "document"
    """A document of any format; the run that explains it reads it behind the fence, and says what it can't read."""


@router.post("/uploads", status_code=HTTPStatus.CREATED)
async def upload(
    request: Request,
    _: CallerOf,
    name: Annotated[str, Query(max_length=300)] = "",
    kind: UploadKind = UploadKind.MEDIA,
) -> StoredObject:
    """Store the body: a picture, a sound or a document. A request names it by the key of the answer."""
    return await store_upload(request.stream(), name, kind)


async def store_upload(chunks: AsyncIterable[bytes], name: str, kind: UploadKind = UploadKind.MEDIA) -> StoredObject:
    """Store a file that arrives in parts. `name` is what its sender calls it.

    Raises HttpRefusal for an empty file, or a type that Callsheet takes nothing of.
    """
    with scratch_dir(settings().scratch_dir, "upload") as folder:
        path = folder / "file"
        first = b""
        with path.open("wb") as file:
            async for chunk in chunks:
                if len(first) < 16:
                    first += chunk[:16]
                file.write(chunk)
        return await in_a_thread(
            store_media, open_store(settings()), path, UPLOADS, _media_type(first, name, kind), move=True
        )


def _media_type(first: bytes, name: str, kind: UploadKind) -> str:
    what = f"“{name[:80]}”" if name else "the file"
    if not first:
        raise HttpRefusal(HTTPStatus.UNPROCESSABLE_ENTITY, f"{what} is empty", field="file")
    if kind is UploadKind.DOCUMENT:
        return "application/octet-stream"
    for place, beginning, media_type in _BEGINNINGS:
        if first[place:].startswith(beginning):
            return media_type
    known = "a picture (PNG, JPEG, WebP) or a sound (WAV, FLAC, MP3)"
    raise HttpRefusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"{what} is none of these: {known}", field="file")
