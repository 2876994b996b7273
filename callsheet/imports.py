"""Imports that a process needs for as long as it lives."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def lasting_imports() -> Iterator[None]:
    """Import inside the block without looking for garbage: a tenth of the time goes there, and there is next to none.

    What was imported is not looked through later either, and stays shared between forks of this process.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
