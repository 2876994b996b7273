"""Watches from outside what the fenced processes of a test take: how many there are, how much memory, how long.

What a run takes is known by its supervisor: below it are the run's processes, and it holds the run's folder open.
"""

import asyncio
import contextlib
import ctypes
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from callsheet.fence.cgroups import MOUNTED_AT
from callsheet.fence.subreaper import PR_SET_CHILD_SUBREAPER

LOOK_S = 0.1
# The highest that a group's memory has been: version 1, version 2.
_PEAKS = ("memory.max_usage_in_bytes", "memory.peak")


@dataclass
class Usage:
    """What one run was seen to take. `memory_bytes` is 0 where no control group counts it."""

    processes: int = 0
    memory_bytes: int = 0
    first_seen: float = 0.0
    last_seen: float = 0.0

    @property
    def seconds(self) -> float:
        """From its turn to its end."""
        return self.last_seen - self.first_seen

    def look(self, supervisor: int) -> None:
        """Take down what there is now."""
        self.last_seen = time.monotonic()
        self.first_seen = self.first_seen or self.last_seen
        inside = descendants(supervisor)
        self.processes = max(self.processes, len(inside))
        self.memory_bytes = max([self.memory_bytes, *(_peak_bytes(pid, supervisor) for pid in inside[:1])])


@asynccontextmanager
async def watched(root: Path) -> AsyncIterator[dict[str, Usage]]:
    """What the runs inside the block take, by the first part of their folder's path below `root`."""
    seen: dict[str, Usage] = {}
    watching = asyncio.create_task(_watch(root, seen))
    try:
        yield seen
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching


async def _watch(root: Path, seen: dict[str, Usage]) -> None:
    while True:
        for supervisor in _children(os.getpid()):
            if name := _run_of(supervisor, root):
                seen.setdefault(name, Usage()).look(supervisor)
        await asyncio.sleep(LOOK_S)


def _run_of(supervisor: int, root: Path) -> str | None:
    """The run whose folder a process holds open, if it does."""
    with contextlib.suppress(OSError):
        for link in Path(f"/proc/{supervisor}/fd").iterdir():
            with contextlib.suppress(OSError, ValueError):
                place = link.readlink().relative_to(root)
                if place.parts[1:2] == ("scratch",):  # ROOT/NAME/scratch/FOLDER; the slots stand elsewhere
                    return place.parts[0]
    return None


def _peak_bytes(pid: int, supervisor: int) -> int:
    """Of the group that the supervisor has made; 0 where there is none, or its process is not in it yet."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/cgroup").read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            for peak in _PEAKS if path.endswith(f"callsheet-{supervisor}") else ():
                file = MOUNTED_AT / controllers / path.lstrip("/") / peak
                if file.exists():
                    return int(file.read_text())
    return 0


@contextmanager
def adopting() -> Iterator[None]:
    """Inside, what a supervisor leaves behind becomes a child of this process, where it can be seen."""
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        libc.prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def end(pids: list[int]) -> None:
    """Kill our own children and reap them."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, ChildProcessError):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def descendants(pid: int) -> list[int]:
    """All that a process has started and what these have started, the first ones first."""
    children = _children(pid)
    return children + [each for child in children for each in descendants(child)]


def is_alive(pid: int) -> bool:
    """Whether it still runs; a zombie only waits for its parent to hear of its end."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _children(pid: int) -> list[int]:
    found = []
    with contextlib.suppress(OSError):
        for file in Path(f"/proc/{pid}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                found += [int(word) for word in file.read_text().split()]
    return found
