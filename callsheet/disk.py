"""What errors of this machine's disk mean for a person."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from callsheet.errors import SetupIncomplete, StorageUnavailable

_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
# What a network file system or a failing disk says.
_NOT_ANSWERING = {errno.EIO, errno.ESTALE, errno.ETIMEDOUT, errno.EHOSTDOWN, errno.ENOTCONN}


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
