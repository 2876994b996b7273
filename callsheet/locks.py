"""Locks over all processes of this machine; a step waits for them on the event loop.

`fcntl.flock` without LOCK_NB blocks its thread until another process lets go. In a pool of threads that is a deadlock
as soon as the holder needs a thread of the same pool. So Callsheet tries the lock, and tries again a little later. The
kernel frees it when its process ends, in whatever way.
"""

import asyncio
import fcntl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO

from callsheet.disk import disk_errors
from callsheet.watchdog import allowed

POLL_S = 0.05


@asynccontextmanager
async def alone(lock_file: Path) -> AsyncIterator[None]:
    """Hold the lock of a file inside the block. Blocks of all processes take turns.

    Raises:
        SetupIncomplete: the disk is full, or the file can't be made there.
        StorageUnavailable: the disk does not answer.
    """
    with disk_errors(lock_file.parent):
        lock_file.parent.mkdir(parents=True, exist_ok=True)
        lock = lock_file.open("w")
    with lock:
        with allowed():  # the holders are watched themselves
            while not _taken(lock):
                await asyncio.sleep(POLL_S)
        yield


def _taken(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
