"""Ctrl-C: the process ends at once with one line, except where something has to be tidied up first.

Imported before everything else, so it imports next to nothing itself.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import current_thread, main_thread
from types import FrameType

INTERRUPTED = 130
LINE = "Interrupted."
STANDARD_ERROR = 2
Answer = Callable[[int, FrameType | None], object]


def leave(number: int, frame: FrameType | None) -> None:
    """End the process here: no half-imported module and no thread of a library gets to show a traceback."""
    with suppress(OSError, ValueError, RuntimeError):  # it is closed, or was being written to when the signal came
        sys.stdout.flush()
    with suppress(OSError):
        os.write(STANDARD_ERROR, f"{LINE}\n".encode())
    os._exit(INTERRUPTED)


@contextmanager
def leaving_at_once(instead_of: Answer = signal.default_int_handler) -> Iterator[None]:
    """End the process when Ctrl-C comes inside the block. A process that ignores Ctrl-C, under `nohup`, ignores it."""
    with _answered_by(leave, instead_of):
        yield


@contextmanager
def tidying_up() -> Iterator[None]:
    """Raise KeyboardInterrupt when Ctrl-C comes inside the block: what it started has to be ended first."""
    with _answered_by(signal.default_int_handler, leave):
        yield


@contextmanager
def _answered_by(answer: Answer, instead_of: Answer) -> Iterator[None]:
    """Answer Ctrl-C in this way, where this is the main thread and Ctrl-C has the other answer until now."""
    if current_thread() is not main_thread() or signal.getsignal(signal.SIGINT) is not instead_of:
        yield
        return
    signal.signal(signal.SIGINT, answer)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, instead_of)
