"""Events in the order of their occurrence, each once, although they arrive in another order and repeatedly.

Events come from several processes; on one machine they arrive within a tenth of a second, but not always in order. So
an event waits a moment for others that occurred before it. One that arrives later is given when it arrives.
"""

import heapq
import math
from dataclasses import dataclass, field
from uuid import UUID

from prefect.events import Event

# Measured: events arrive 0.01 to 0.2 s after they occurred, on a busy machine up to 0.7 s.
SETTLE_S = 0.4


@dataclass
class Settling:
    """A buffer that takes events as they arrive, and returns them in order."""

    known: set[UUID] = field(default_factory=set)
    """All events that were taken, given or not."""
    _waiting: list[tuple[float, int, float, Event]] = field(default_factory=list)
    _count: int = 0

    def take(self, event: Event, arrived_s: float) -> None:
        """Take an event that arrived at this time of a monotonic clock; drop a known one."""
        if event.id in self.known:
            return
        self.known.add(event.id)
        self._count += 1
        heapq.heappush(self._waiting, (event.occurred.timestamp(), self._count, arrived_s, event))

    def settled(self, now_s: float = math.inf) -> list[Event]:
        """Return the events that have waited long enough, with everything that occurred before them.

        Without a time, no earlier event can follow: all waiting ones are returned.
        """
        ripe = [entry[:2] for entry in self._waiting if entry[2] <= now_s - SETTLE_S]
        given = []
        while ripe and self._waiting and self._waiting[0][:2] <= max(ripe):
            given.append(heapq.heappop(self._waiting)[3])
        return given
