"""Which process is meant by a number, also after that number was used again."""

from pathlib import Path


def started_at_ticks(pid: int) -> int | None:
    """When a process started, in clock ticks since boot; None where there is none.

    With its number it names one process for good: numbers are used again, and containers count from 1.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    state, *rest = stat.rpartition(")")[2].split()  # the name in brackets may hold spaces
    return None if state == "Z" else int(rest[18])
