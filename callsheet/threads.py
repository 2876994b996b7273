"""Threads for blocking work, so that the event loop stays free. Every thread of the product starts here.

Two rules keep work from waiting for itself (`tests/house/test_threads.py` checks them):

1. Each piece of work has a separate thread. The event loop's default pool stays free for the loop, which looks up
   names of hosts there. At most `AT_ONCE` pieces run at the same time; the others wait on the event loop, without a
   thread.
2. A piece ends without another piece. It computes, reads and writes files, or waits for a program, a store or a server
   outside of this process. It takes no lock, slot or lease that is held from one piece to the next: a step waits for
   those on the event loop (`callsheet.locks`).

A step that is cancelled leaves nothing behind: no program, and no thread that writes into a folder which is being
removed. So cancelling tells the work to stop, and waits until it has stopped.
"""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, AsyncExitStack, ExitStack, asynccontextmanager, suppress
from contextvars import copy_context
from functools import partial
from threading import Thread
from typing import ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from callsheet.stopping import Stop, stopped_by
from callsheet.watchdog import allowed, report_progress

Given = ParamSpec("Given")
Made = TypeVar("Made")

logger = logging.getLogger(__name__)

AT_ONCE = min(32, (os.cpu_count() or 1) + 4)
"""Pieces of work of one event loop that run at the same time: as many as asyncio's own pool would run."""
STOPS_WITHIN_S = 60
"""How long a cancelled step waits for its work to stop. After that, it leaves work that does not look alone."""
_places: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


async def in_a_thread(work: Callable[Given, Made], *args: Given.args, **kwargs: Given.kwargs) -> Made:
    """Run `work` in a thread, and return what it returns.

    Cancelling stops the work at its next look (`callsheet.stopping`).
    """
    stop = Stop()
    with stopped_by(stop):
        context = copy_context()
    async with AsyncExitStack() as stack:
        with allowed():  # the workers are watched themselves
            places = _places.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE))
            await stack.enter_async_context(places)
        report_progress()
        working = _started(partial(context.run, work, *args, **kwargs), work)
        try:
            return await asyncio.shield(working)
        finally:
            if not working.done():
                stop.wish()
                await asyncio.wait([working], timeout=STOPS_WITHIN_S)
                if not working.done():
                    logger.warning("%s did not stop within %s s and is left alone.", _name_of(work), STOPS_WITHIN_S)
            if working.done() and not working.cancelled():
                working.exception()  # looked at, so that asyncio does not report it as overlooked


@asynccontextmanager
async def entered(manager: AbstractContextManager[Made]) -> AsyncIterator[Made]:
    """Enter and leave a context manager of the library in threads; hold none between the two."""
    stack = ExitStack()
    try:
        yield await in_a_thread(stack.enter_context, manager)
    finally:
        await in_a_thread(stack.close)


def _started(call: Callable[[], Made], work: Callable[..., Made]) -> asyncio.Future[Made]:
    """Start a thread for `call`, and return a future.

    It is no task: the end of an event loop cancels all tasks, and their waits.
    """
    loop = asyncio.get_running_loop()
    working: asyncio.Future[Made] = loop.create_future()

    def end(settle: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the loop is closed: the work was left alone before
            loop.call_soon_threadsafe(settle)

    def run() -> None:
        try:
            made = call()
        except StopIteration as error:  # no future takes it, and the waiting side would never hear of the end
            stopped = RuntimeError(f"{_name_of(work)} raised StopIteration")
            stopped.__cause__ = error
            end(partial(working.set_exception, stopped))
        except BaseException as error:
            end(partial(working.set_exception, error))
        else:
            end(partial(working.set_result, made))

    # A daemon: work that does not stop must not keep its process from ending.
    Thread(target=run, name=f"work {_name_of(work)}", daemon=True).start()
    return working


def _name_of(work: Callable[..., object]) -> str:
    return getattr(work, "__qualname__", type(work).__name__)
