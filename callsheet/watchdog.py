"""The watch over a step's progress. It ends a step that reports none for a time, so that no run waits for ever.

Work reports progress with `report_progress`, from any thread: frames, pieces of files, events of a scene's process. A
wait with a separate limit, or one that ends when others end, calls `allowed`: it does not count as silence.
"""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar

from callsheet.errors import StepStuck


class Watchdog:
    """What is known of one step's progress."""

    def __init__(self, silence_s: float, outer: "Watchdog | None") -> None:
        self._silence_s = silence_s
        self._outer = outer
        self._heard_s = time.monotonic()
        self._waits: list[float] = []
        """Moments at which waits with a separate limit end."""

    def report(self) -> None:
        """Take note of progress, here and in the step around this one."""
        self._heard_s = time.monotonic()
        if self._outer is not None:
            self._outer.report()

    def left_s(self) -> float:
        """Return the seconds after which the step counts as stuck if it stays silent."""
        return max([self._heard_s, *self._waits]) + self._silence_s - time.monotonic()

    @contextmanager
    def allowed(self, seconds: float) -> Iterator[None]:
        """Begin to count the silence inside the block only after `seconds`."""
        end = time.monotonic() + seconds
        self._waits.append(end)
        try:
            if self._outer is None:
                yield
            else:
                with self._outer.allowed(seconds):
                    yield
        finally:
            self._waits.remove(end)
            self.report()


_of_this_step: ContextVar[Watchdog | None] = ContextVar("watchdog", default=None)


def report_progress() -> None:
    """Report progress of the step. Does nothing if no step is watched."""
    watchdog = _of_this_step.get()
    if watchdog is not None:
        watchdog.report()


@contextmanager
def allowed(seconds: float = math.inf) -> Iterator[None]:
    """Allow a wait that has a limit of `seconds`, or that ends when other watched work ends."""
    watchdog = _of_this_step.get()
    if watchdog is None:
        yield
        return
    with watchdog.allowed(seconds):
        yield


@asynccontextmanager
async def watched(step: str, silence_s: float) -> AsyncIterator[None]:
    """Watch the block, for the cost of a timer.

    Raises StepStuck if it reports no progress for `silence_s` seconds.
    """
    watchdog = Watchdog(silence_s, _of_this_step.get())
    loop = asyncio.get_running_loop()
    token = _of_this_step.set(watchdog)
    timer = loop.call_soon(lambda: None)

    def look() -> None:
        nonlocal timer
        left_s = watchdog.left_s()
        if left_s <= 0:
            limit.reschedule(loop.time())
        else:
            timer = loop.call_later(min(left_s, silence_s), look)

    try:
        async with asyncio.timeout(None) as limit:
            look()
            yield
    except TimeoutError:
        if limit.expired():
            raise StepStuck(step, silence_s) from None
        raise
    finally:
        timer.cancel()
        _of_this_step.reset(token)
