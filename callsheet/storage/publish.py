"""Publishing: the media first, the manifest last.

A video is published when its manifest is there. The manifest is stored in one step after everything that it names. So a
reader that starts from manifests never meets half a video, whenever the publisher stops. Media keys are made of
content, so publishing again never changes a file that an older manifest names.
"""

import hashlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from pydantic import ValidationError

from callsheet.errors import MediaLost, MediaUnfit
from callsheet.model.film.media import StoredObject, stored_objects
from callsheet.model.run.manifest import Manifest
from callsheet.storage.keys import content_key
from callsheet.storage.store import Store

VIDEOS = "videos"
"""Kind of finished videos: `videos/ab/abcdef….mp4`, and beside each `videos/ab/abcdef….manifest.json`."""

_MANIFEST_SUFFIX = ".manifest.json"
_MANIFEST_TYPE = "application/json"


def publish(store: Store, manifest: Manifest) -> StoredObject:
    """Put the manifest beside its video, once its media are in the store whole.

    The media are the video, its stills, its captions and its timing report. The sentences of a voice are heard in the
    video itself.

    Publishing the same video again replaces its manifest. If media is missing, raises MediaLost and puts no manifest.
    """
    beside = (manifest.captions, manifest.subtitles, manifest.timing)
    for medium in stored_objects((manifest.video, manifest.stills, *beside)):
        if not store.holds(medium):
            raise MediaLost(medium.key, "is missing or damaged, so the video was not published")
    key = manifest_key(manifest.video.stored.sha256)
    content = manifest.model_dump_json(indent=2).encode()
    store.put_bytes(content, key, _MANIFEST_TYPE)
    digest = hashlib.sha256(content).hexdigest()
    return StoredObject(key=key, sha256=digest, size_bytes=len(content), media_type=_MANIFEST_TYPE)


def published(store: Store) -> Iterator[Manifest]:
    """Yield the manifest of every published video, in the order of their keys.

    Raises MediaUnfit if one can't be read.
    """
    for key in manifest_keys(store):
        yield parsed_manifest(store.read_bytes(key), key)


def manifest_keys(store: Store) -> Iterator[str]:
    """Yield the keys of the manifests of the published videos."""
    yield from (key for key in store.keys(f"{VIDEOS}/") if key.endswith(_MANIFEST_SUFFIX))


def manifest_key(sha256: str) -> str:
    """Return the key of the manifest of the video of this content."""
    return str(PurePosixPath(content_key(VIDEOS, sha256, "video/mp4")).with_suffix(_MANIFEST_SUFFIX))


def parsed_manifest(content: bytes, key: str) -> Manifest:
    """Return the stored manifest. Raises MediaUnfit if it can't be read."""
    try:
        return Manifest.model_validate_json(content)
    except ValidationError as error:
        raise MediaUnfit(key, "a manifest of this version of Callsheet", f"{error.error_count()} problems") from error
