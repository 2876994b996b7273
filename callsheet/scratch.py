"""Working folders that belong to a living process. They are removed with it.

Each folder stands beside a lock file that its process holds open. The kernel drops the lock however the process ends.
So after `kill -9` or a power cut, the next process that opens a working folder finds the lock free and removes the
remains.
"""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from callsheet.disk import disk_errors, full_disk_errors

_LOCK_SUFFIX = ".lock"


@contextmanager
def scratch_dir(root: Path, purpose: str) -> Iterator[Path]:
    """Yield a new folder `root/<purpose>-<random>`, after a sweep of dead siblings.

    Safe under concurrent processes and threads. A child started with `subprocess` does not inherit the lock.

    Raises:
        SetupIncomplete: the disk is full, also when the block itself finds it so, or `root` can't be used.
        StorageUnavailable: the disk does not answer.
    """
    with disk_errors(root):
        root.mkdir(parents=True, exist_ok=True)
        sweep(root)
        lock_file, handle = _new_lock(root, purpose)
    folder = _folder_of(lock_file)
    try:
        with disk_errors(root):
            folder.mkdir()
        with full_disk_errors(root):
            yield folder
    finally:
        _remove(lock_file)
        os.close(handle)


def leftovers_of(folder: Path) -> tuple[Path, Path]:
    """Return what to remove of a working folder: the folder, then its lock file."""
    return folder, folder.with_name(folder.name + _LOCK_SUFFIX)


def sweep(root: Path) -> None:
    """Remove every working folder in `root` whose process is gone."""
    for lock_file in root.glob(f"*{_LOCK_SUFFIX}"):
        handle = _taken(lock_file)
        if handle is not None:
            _remove(lock_file)
            os.close(handle)


def _new_lock(root: Path, purpose: str) -> tuple[Path, int]:
    """Make a lock file, and return it with its open handle.

    If a sweep removes the new file, try the next name.
    """
    while True:
        lock_file = root / f"{purpose}-{secrets.token_hex(8)}{_LOCK_SUFFIX}"
        os.close(os.open(lock_file, os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644))
        handle = _taken(lock_file)
        if handle is not None:
            return lock_file, handle


def _taken(lock_file: Path) -> int | None:
    """Return an open handle that holds the lock, or None.

    None means that another process holds it, owns the file, or has removed it.
    """
    try:
        handle = os.open(lock_file, os.O_RDWR | os.O_CLOEXEC)
    except (FileNotFoundError, PermissionError):
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # The file may have been removed between open and lock; the lock on a removed file protects nothing.
        if os.path.samestat(os.fstat(handle), lock_file.stat()):
            return handle
    except (BlockingIOError, FileNotFoundError):
        pass
    os.close(handle)
    return None


def _remove(lock_file: Path) -> None:
    """Remove the folder, then its lock file, whose lock is held.

    The next sweep removes what stays behind.
    """
    folder = _folder_of(lock_file)
    shutil.rmtree(folder, ignore_errors=True)
    if not folder.exists():
        lock_file.unlink(missing_ok=True)


def _folder_of(lock_file: Path) -> Path:
    return lock_file.with_suffix("")
