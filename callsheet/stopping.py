"""Requests that work in a thread ends, because its result is not wanted any more.

A thread can't be ended from outside. So long work calls `check` every now and then, to see whether it is still wanted.
If it only waits, it names what ends the wait (`hurried`). `callsheet.threads` makes the request; without one, neither
does anything.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from callsheet.watchdog import report_progress


class Stopped(Exception):
    """The work was not wanted any more, and has ended."""


class Stop:
    """A wish that one piece of work ends. Any thread can make it once; it is never taken back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_wished = False
        self._hurry: Callable[[], None] | None = None

    def wish(self) -> None:
        """Let the work end at its next look."""
        with self._lock:
            self._is_wished = True
            if self._hurry is not None:
                self._hurry()

    def check(self) -> None:
        """Raise Stopped if the work is not wanted any more."""
        if self._is_wished:
            raise Stopped

    @contextmanager
    def hurried(self, hurry: Callable[[], None]) -> Iterator[None]:
        """Call `hurry` when the wish comes inside the block, or has come before."""
        with self._lock:
            self._hurry = hurry
            if self._is_wished:
                hurry()
        try:
            yield
        finally:
            with self._lock:
                self._hurry = None


_of_this_work: ContextVar[Stop | None] = ContextVar("stop", default=None)


@contextmanager
def stopped_by(stop: Stop) -> Iterator[None]:
    """End the work with `stop` inside the block, and in threads that get this context."""
    token = _of_this_work.set(stop)
    try:
        yield
    finally:
        _of_this_work.reset(token)


def check() -> None:
    """Raise Stopped if the result of this work is not wanted any more; else report progress."""
    report_progress()
    stop = _of_this_work.get()
    if stop is not None:
        stop.check()


@contextmanager
def hurried(hurry: Callable[[], None]) -> Iterator[None]:
    """Let `hurry` end the wait inside the block when the result is not wanted any more.

    Then `check` raises.
    """
    stop = _of_this_work.get()
    if stop is None:
        yield
        return
    with stop.hurried(hurry):
        yield
