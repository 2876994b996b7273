"""Processes whose parent is gone, or that left its group, e.g. by `setsid`.

This process adopts, ends and reaps them.

Standard library alone.
"""

import contextlib
import ctypes
import os
import signal
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h


def adopt() -> None:
    """Adopt from now on what our children leave behind; else init would."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_all() -> None:
    """Kill our children, and the children that these leave to us, until there are none."""
    while children := _children():
        for child in children:
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)


def reap(ended_before: set[int]) -> set[int]:
    """Reap the children that have ended and were in `ended_before`; return the other ended ones.

    If a child is our own, the code that started it waits for it and reaps it at once. So a child that is still there at
    the second look was adopted.
    """
    ended = {child for child in _children() if _has_ended(child)}
    for child in ended & ended_before:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(child, os.WNOHANG)
    return ended - ended_before


def _has_ended(child: int) -> bool:
    """Return whether only its exit code is left of it."""
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
