"""Processes whose parent is gone, or that left its group, e.g. by `setsid`: adopted here, and ended or reaped here.

Standard library alone.
"""

import contextlib
import ctypes
import os
import signal
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h


def adopt() -> None:
    """From now on, what our children leave behind becomes our own child, and not that of init."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_all() -> None:
    """Kill our children, and the children that these leave to us, until there are none."""
    while children := _children():
        for child in children:
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)


def reap(ended_before: set[int]) -> set[int]:
    """Reap the children that have ended and were in `ended_before`; return the others that have ended.

    A child of our own has somebody who waits for it and reaps it at once. One that is still there at the second look
    was adopted.
    """
    ended = {child for child in _children() if _has_ended(child)}
    for child in ended & ended_before:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(child, os.WNOHANG)
    return ended - ended_before


def _has_ended(child: int) -> bool:
    """Whether all that is left of it is its exit code."""
    try:
        stat = Path(f"/proc/{child}/stat").read_text(errors="replace")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] == "Z"  # the name in brackets may hold spaces


def _children() -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]
    except OSError:
        return []
