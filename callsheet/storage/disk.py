"""Files on this machine: their digests, and folders that last."""

import hashlib
from pathlib import Path

from callsheet.disk import sync


def sha256_of(path: Path) -> str:
    """Hexadecimal digest of a file, read as a stream."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def make_folder(folder: Path) -> None:
    """Create `folder` and what is missing above it, so that they survive a power cut."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync(folder.parent)
