"""The end of a process with all its descendants, even those in separate sessions.

Standard library alone.
"""

import contextlib
import os
import signal
from pathlib import Path


def end_descendants(ancestor: int) -> None:
    """Kill every process that descends from `ancestor`, but not itself.

    Each process is stopped before its children are listed. So none can start another in the meantime, or die and leave
    its children to init, outside this tree.
    """
    stopped: list[int] = []
    while found := [pid for pid in descendants(ancestor) if pid not in stopped]:
        for pid in found:
            _send(pid, signal.SIGSTOP)
        stopped += found
    for pid in stopped:
        _send(pid, signal.SIGKILL)


def descendants(ancestor: int) -> list[int]:
    """Return the children, their children and so on, parents first."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        parent = _parent_of(folder)
        children.setdefault(parent, []).append(int(folder.name))
    found = [ancestor]
    for pid in found:
        found += children.get(pid, [])
    return found[1:]


def _parent_of(folder: Path) -> int:
    try:
        stat = (folder / "stat").read_text()
    except OSError:
        return 0
    return int(stat.rpartition(")")[2].split()[1])  # the name in brackets may hold spaces


def _send(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)
