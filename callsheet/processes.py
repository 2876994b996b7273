"""Processes as a number and a start: which process is meant, even if the number was used again."""

from pathlib import Path


def started_at_ticks(pid: int) -> int | None:
    """Return when a process started, in clock ticks since boot; None if there is none.

    Together with its number, the start names one process for good: the kernel uses numbers again, and containers count
    from 1.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    state, *rest = stat.rpartition(")")[2].split()  # the name in brackets may hold spaces
    return None if state == "Z" else int(rest[18])
