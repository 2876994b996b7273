"""Names of stored objects: the allowed ones, and those that come from content.

A key is lower case and plain. It is a path in a case-blind file system, an S3 key and the path of a URL. None of
them changes a character of it. It can't leave the folder of the store.
"""

import re
from pathlib import PurePosixPath

from callsheet.errors import InvalidRequest

SUFFIXES = {
    "video/mp4": ".mp4",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/svg+xml": ".svg",
    "font/ttf": ".ttf",
    "font/otf": ".otf",
    "audio/flac": ".flac",
    "audio/mp4": ".m4a",
    "audio/mpeg": ".mp3",
    "audio/wav": ".wav",
    "text/vtt": ".vtt",
    "application/x-subrip": ".srt",
    "application/json": ".json",
    "text/x-python": ".py",
    "application/octet-stream": ".bin",
}
"""File name suffix of each media type that is stored by its content: the same content always has the same key."""
GIVEN_PICTURES = "pictures"
"""The kind of object for pictures that people give: an intake writes each of them, so they hold nothing else."""
_OTHER_SUFFIXES = {".jpeg": "image/jpeg"}

# S3 allows 1024 bytes, file systems 255 a segment; half leaves room for the folder of the store itself.
_MAX_CHARACTERS = 512
_MAX_SEGMENT_CHARACTERS = 200
_KEY = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*")
_CONTENT_KEY = re.compile(r"[a-z0-9-]+/([0-9a-f]{2})/(\1[0-9a-f]{62})\.[a-z0-9]+")


def content_key(kind: str, sha256: str, media_type: str) -> str:
    """Return the key of an object by its content, e.g. `clips/ab/abcdef….mp4`."""
    if media_type not in SUFFIXES:
        known = ", ".join(SUFFIXES)
        raise InvalidRequest(f"“{media_type}” can't be stored by its content; use one of {known}", field="media_type")
    return checked_key(f"{kind}/{sha256[:2]}/{sha256}{SUFFIXES[media_type]}")


def media_type_of(name: str) -> str:
    """Return the media type of a file by its name, in capital or small letters.

    Raises:
        InvalidRequest: no file of this kind is stored by its content.
    """
    suffix = PurePosixPath(name).suffix.lower()
    by_suffix = {known: media_type for media_type, known in SUFFIXES.items()} | _OTHER_SUFFIXES
    if suffix not in by_suffix:
        known = ", ".join(by_suffix)
        raise InvalidRequest(f"“{name}” can't be stored by its content; use one of {known}", field="name")
    return by_suffix[suffix]


def digest_in(key: str) -> str | None:
    """Return the sha256 that a content key carries, or None for every other key."""
    match = _CONTENT_KEY.fullmatch(key)
    return match[2] if match else None


def is_key(text: str) -> bool:
    """Return whether `text` can name a stored object."""
    if len(text) > _MAX_CHARACTERS or not _KEY.fullmatch(text):
        return False
    return all(len(segment) <= _MAX_SEGMENT_CHARACTERS for segment in text.split("/"))


def checked_key(key: str) -> str:
    """Return `key` itself. Raises InvalidRequest if it can't name a stored object."""
    if is_key(key):
        return key
    raise InvalidRequest(f"{key[:80]!r} can't name a stored file; use a-z, 0-9, and . _ - / inside", field="key")


def checked_prefix(prefix: str) -> str:
    """Return `prefix` itself. Raises InvalidRequest if it can't begin a key.

    A prefix is the beginning of a key, an empty text, or a folder that ends in a slash.
    """
    if prefix:
        checked_key(prefix.removesuffix("/"))
    return prefix
