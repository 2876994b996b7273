"""How fast this machine is now, and how soon servers of tests end.

A limit in processor seconds is that of a usual machine, and others share theirs.
"""

import statistics
import time

POLL_S = 0.01
"""How often a server of a test looks whether it is to end. Python's own half a second is spent by each test."""
USUAL_S = 0.08
"""For a million additions, on a machine of 2023 that has nothing else to do."""


def seconds_here(usual_s: float) -> float:
    """Return how many processor seconds this machine takes for what takes `usual_s` on a usual one; never fewer."""
    return usual_s * max(1.0, statistics.median(_million_additions_s() for _ in range(3)) / USUAL_S)


def _million_additions_s() -> float:
    began_s = time.process_time()
    total = 0
    for number in range(1_000_000):
        total += number
    return time.process_time() - began_s
