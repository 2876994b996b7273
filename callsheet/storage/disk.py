"""Files on this machine: their digests, and folders that survive a power cut."""

import hashlib
from pathlib import Path

from callsheet.disk import sync


def sha256_of(path: Path) -> str:
    """Return the hexadecimal digest of a file, read as a stream."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def make_folder(folder: Path) -> None:
    """Create `folder` and its missing parents, so that they survive a power cut."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync(folder.parent)
