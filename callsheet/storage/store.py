"""The protocol of a store, and the storing of media by its content.

Every method is synchronous and may take as long as its files are large: call it in a thread. Objects appear whole or
not at all. Every reader sees the replacement of an object as a single step.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from callsheet.disk import sha256_of
from callsheet.errors import MediaLost
from callsheet.model.film.media import StoredObject
from callsheet.storage.keys import content_key


class Store(Protocol):
    """A place for objects named by keys (see `keys`).

    Each method raises InvalidRequest for a key that isn't one, and StorageUnavailable if trying later may help.
    Otherwise it raises another PermanentError, with a sentence on what to do.
    """

    def put_file(self, path: Path, key: str, media_type: str, *, move: bool = False) -> None:
        """Store a file, in place of an earlier one.

        With `move` the file is given away: it is gone afterwards.

        A content key takes only content with the digest in it; a store may leave that check to its readers.
        """

    def put_bytes(self, content: bytes, key: str, media_type: str) -> None:
        """Store something small, e.g. a manifest, in place of an earlier object."""

    def exists(self, key: str) -> bool:
        """Return whether there is an object, whatever its content."""

    def holds(self, stored: StoredObject) -> bool:
        """Return whether the object is there whole.

        The answer is as sure as it can be without a transfer.
        """

    def read_bytes(self, key: str) -> bytes:
        """Return the content of a small object. Raises MediaLost if it isn't there."""

    def opened(self, key: str) -> AbstractContextManager[Path]:
        """Yield a local file with the object's content, to read only and only inside the block.

        Raises MediaLost if it isn't there.
        """

    def url(self, key: str) -> str | None:
        """Return the object's address for a browser, or None if nothing serves it.

        The object need not be there.
        """

    def keys(self, prefix: str = "") -> Iterator[str]:
        """Yield all keys that begin with `prefix`, in the order of their characters."""


def store_media(store: Store, path: Path, kind: str, media_type: str, *, move: bool = False) -> StoredObject:
    """Store a file under its content's key, e.g. `clips/ab/abcdef….mp4` for kind “clips”.

    A whole object with this content is not stored again; a damaged one is replaced. With `move` the file is given away.
    """
    stored = _named_by_content(path, kind, media_type)
    if not store.holds(stored):
        store.put_file(path, stored.key, media_type, move=move)
    elif move:
        path.unlink()
    return stored


def holds_media(store: Store, path: Path, kind: str, media_type: str) -> bool:
    """Return whether the content of a file is in the store, whole, as from `store_media`."""
    return store.holds(_named_by_content(path, kind, media_type))


def _named_by_content(path: Path, kind: str, media_type: str) -> StoredObject:
    sha256 = sha256_of(path)
    return StoredObject(
        key=content_key(kind, sha256, media_type),
        sha256=sha256,
        size_bytes=path.stat().st_size,
        media_type=media_type,
    )


@contextmanager
def open_media(store: Store, stored: StoredObject, *, verify_digest: bool = False) -> Iterator[Path]:
    """Yield a local file with the object's content.

    Raises MediaLost if its size or, with `verify_digest`, its digest differs.
    """
    with store.opened(stored.key) as path:
        size_bytes = path.stat().st_size
        if size_bytes != stored.size_bytes:
            raise MediaLost(stored.key, f"has {size_bytes} bytes instead of {stored.size_bytes}")
        if verify_digest and sha256_of(path) != stored.sha256:
            raise MediaLost(stored.key, "is damaged: its content is not what was stored")
        yield path
