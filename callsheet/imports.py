"""Imports that a process needs for as long as it lives."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def lasting_imports() -> Iterator[None]:
    """Import inside the block without garbage collection.

    The collection would take a tenth of the time, and there is next to none. Later collections skip what was imported,
    so it stays shared between forks of this process.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
