"""Files that are kept to save work: found by their sources, and made again if they are gone."""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from callsheet.errors import MediaLost, StorageUnavailable
from callsheet.storage.keys import SUFFIXES, checked_key
from callsheet.storage.store import Store

DIGITS = 40
"""Hexadecimal digits of a name: fewer than a content key has, so that it is never taken for a file's digest."""


class WindowCache:
    """A part of a store, named `kind`, for files of one media type.

    `made_by` stands for the software that makes them: a new version does not find the files of an older one.
    """

    def __init__(self, store: Store, kind: str, media_type: str, made_by: str) -> None:
        self._store = store
        self._kind = kind
        self._media_type = media_type
        self._made_by = made_by

    @contextmanager
    def opened(self, name: str) -> Iterator[Path | None]:
        """Yield the file that was kept as `name`, to read only and only inside the block.

        Yield None if it can't be loaded.
        """
        with ExitStack() as stack:
            try:
                path = stack.enter_context(self._store.opened(self._key(name)))
            except (MediaLost, StorageUnavailable):
                path = None
            yield path

    def keep(self, name: str, path: Path) -> None:
        """Store a file as `name`, in place of an earlier one, if the store answers.

        The file is given away.
        """
        with suppress(StorageUnavailable):
            self._store.put_file(path, self._key(name), self._media_type, move=True)

    def _key(self, name: str) -> str:
        digest = hashlib.sha256(f"{self._made_by}\0{name}".encode()).hexdigest()[:DIGITS]
        return checked_key(f"{self._kind}/{digest[:2]}/{digest}{SUFFIXES[self._media_type]}")
