"""Files on this machine's disk: whole or not there at all, and errors of the disk as sentences."""

import errno
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from callsheet.errors import SetupIncomplete, StorageUnavailable

_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
# What a network file system or a failing disk says.
_NOT_ANSWERING = {errno.EIO, errno.ESTALE, errno.ETIMEDOUT, errno.EHOSTDOWN, errno.ENOTCONN}

# A new database takes 50 MB, and its journal grows by pieces of 16 MB.
LEAST_FREE_MB = 150
# What a database that is there already needs to recover: two pieces of its journal.
LEAST_FREE_FOR_LITTLE_MB = 40


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """Raise errors of the disk below `folder` as sentences.

    A full disk is a permanent error: waiting does not empty it.
    """
    try:
        with full_disk_errors(folder):
            yield
    except OSError as error:
        if error.errno in _FORBIDDEN:
            where = error.filename or folder
            remedy = "Mount its disk for writing" if error.errno == errno.EROFS else "Give this user the right to"
            message = f"{where} can't be used ({error.strerror}). {remedy}, or set CALLSHEET_HOME"
            raise SetupIncomplete(message, missing="permission") from error
        if error.errno in _NOT_ANSWERING:
            raise StorageUnavailable(f"The disk of {folder} did not answer: {error.strerror}", "service") from error
        raise


@contextmanager
def full_disk_errors(folder: Path) -> Iterator[None]:
    """Raise SetupIncomplete if the disk of `folder` is full; leave every other error alone."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise SetupIncomplete(_full(folder), missing="disk space") from error


def check_home(home: Path, *, to_write: bool = False, needs_little: bool = False) -> None:
    """Raise SetupIncomplete if `home` is no folder that this user can read or make.

    With `to_write`, this user must also be able to write to it, and its disk must have room for a new server. With
    `needs_little`, less room is enough: for a server that has run there before, or to look at scenes.
    """
    home = home.absolute()
    nearest = next(path for path in (home, *home.parents) if os.path.lexists(path))
    if not nearest.is_dir():
        raise home_unusable(home, f"{nearest} is no folder")
    if not os.access(nearest, os.R_OK | os.X_OK):
        raise home_unusable(home, f"you may not read {nearest}")
    if (to_write or nearest != home) and not os.access(nearest, os.W_OK):
        raise home_unusable(home, f"you may not write to {nearest}")
    least_free_mb = LEAST_FREE_FOR_LITTLE_MB if needs_little else LEAST_FREE_MB
    if to_write and (shutil.disk_usage(nearest).free < least_free_mb * 1e6 or _files_at_most(nearest)):
        raise SetupIncomplete(f"{_full(nearest)}.", missing="disk space")


def home_unusable(home: Path, why: str) -> SetupIncomplete:
    """Return the error about a home that can't be used, with what to do about it."""
    remedy = "Set CALLSHEET_HOME to a folder that you can write to."
    return SetupIncomplete(f"The home {home} can't be used: {why}. {remedy}", missing="home")


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield a temporary name beside `path`; the file becomes `path` when the block ends well.

    The file is on the disk before it gets its name. So no reader sees a part of it, even after a kill or a power cut.
    The temporary name keeps the suffix: some writers read the format from it.
    """
    with part_beside(path) as part:
        yield part
        sync(part)
        part.replace(path)
        with suppress(OSError):  # the file is there: some file systems can't bring a folder to the disk by itself
            sync(path.parent)


@contextmanager
def part_beside(path: Path) -> Iterator[Path]:
    """Yield a name in the folder of `path` for a file that is not whole yet.

    The file is removed after the block.
    """
    part = path.with_name(f".part-{secrets.token_hex(8)}{path.suffix}")
    try:
        yield part
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def write_whole(path: Path, text: str) -> None:
    """Write `text` as UTF-8 to `path`, and replace what was there; see `whole_file`."""
    with whole_file(path) as part:
        part.write_text(text, encoding="utf-8")


def sync(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _full(folder: Path) -> str:
    free_mb = shutil.disk_usage(folder).free / 1e6 if folder.exists() else 0
    files = _files_at_most(folder)
    reason = f"it has {files} files and takes no more" if files else f"{free_mb:.0f} MB free"
    return (
        f"The disk of {folder} is full ({reason}). "
        "Delete what is not needed or set CALLSHEET_HOME to a folder on a larger disk, then run again"
    )


def _files_at_most(folder: Path) -> int:
    """Return how many files the disk of `folder` can hold if it holds as many already, else 0."""
    if not folder.exists():
        return 0
    found = os.statvfs(folder)
    return 0 if found.f_favail else found.f_files  # some file systems have no such bound: both are 0


def is_there(path: Path) -> bool:
    """Return whether there is something at `path`.

    A name that is longer than the file system allows stands for nothing.
    """
    try:
        return path.exists()
    except OSError:
        return False


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
