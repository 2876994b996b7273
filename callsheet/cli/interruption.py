"""Ctrl-C: the process ends at once with one line, unless a block must clean up first.

This module is imported before everything else, so it imports almost nothing itself.
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
    """End the process here, so that no module or library thread shows a traceback."""
    with suppress(OSError, ValueError, RuntimeError):  # it is closed, or in use when the signal came
        sys.stdout.flush()
    with suppress(OSError):
        os.write(STANDARD_ERROR, f"{LINE}\n".encode())
    os._exit(INTERRUPTED)


@contextmanager
def leaving_at_once(instead_of: Answer = signal.default_int_handler) -> Iterator[None]:
    """End the process if Ctrl-C comes inside the block.

    Under `nohup`, the process still ignores Ctrl-C.
    """
    with _answered_by(leave, instead_of):
        yield


@contextmanager
def tidying_up() -> Iterator[None]:
    """Raise KeyboardInterrupt if Ctrl-C comes inside the block, which must end what it started."""
    with _answered_by(signal.default_int_handler, leave):
        yield


@contextmanager
def _answered_by(answer: Answer, instead_of: Answer) -> Iterator[None]:
    """Set the handler of Ctrl-C in the main thread, if `instead_of` is the present one."""
    if current_thread() is not main_thread() or signal.getsignal(signal.SIGINT) is not instead_of:
        yield
        return
    signal.signal(signal.SIGINT, answer)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, instead_of)
