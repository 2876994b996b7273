"""Files on this machine: their digests, making them last, and what their errors mean for a person."""

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from callsheet.errors import SetupIncomplete, StorageUnavailable

_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
# What a network file system or a failing disk says.
_NOT_ANSWERING = {errno.EIO, errno.ESTALE, errno.ETIMEDOUT, errno.EHOSTDOWN, errno.ENOTCONN}


def sha256_of(path: Path) -> str:
    """Hexadecimal digest of a file, read as a stream."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """Errors of the disk below `folder` as sentences. A full disk is permanent: it isn't emptied by waiting."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise SetupIncomplete(_full(folder), missing="disk space") from error
        if error.errno in _FORBIDDEN:
            where = error.filename or folder
            message = f"{where} can't be used ({error.strerror}). Give this user the right to, or set CALLSHEET_HOME"
            raise SetupIncomplete(message, missing="permission") from error
        if error.errno in _NOT_ANSWERING:
            raise StorageUnavailable(f"The disk of {folder} did not answer: {error.strerror}", "service") from error
        raise


def _full(folder: Path) -> str:
    free_mb = shutil.disk_usage(folder).free / 1e6 if folder.exists() else 0
    return (
        f"The disk of {folder} is full ({free_mb:.0f} MB free). "
        "Delete what is not needed or set CALLSHEET_HOME to a folder on a larger disk, then run again"
    )


def make_folder(folder: Path) -> None:
    """Create `folder` and what is missing above it, so that they survive a power cut."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync(folder.parent)


def sync(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
