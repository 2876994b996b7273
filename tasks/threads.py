"""Work of the library in threads, so that the event loop stays free; none of it outlives the wait for it.

A step that is cancelled has to leave nothing behind: neither a program, nor a thread that writes into a folder which is
just being removed. So whoever is cancelled here tells the work to stop, and waits until it has.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, ExitStack, asynccontextmanager
from contextvars import copy_context
from functools import partial
from typing import ParamSpec, TypeVar

from callsheet.stopping import Stop, stopped_by

Given = ParamSpec("Given")
Made = TypeVar("Made")


async def in_a_thread(work: Callable[Given, Made], *args: Given.args, **kwargs: Given.kwargs) -> Made:
    """What `work` gives, from a thread. Cancelling stops the work at its next look (see `callsheet.stopping`)."""
    stop = Stop()
    with stopped_by(stop):
        context = copy_context()
    # A future and no task: the end of an event loop cancels all tasks, and with them all that could be waited for.
    working = asyncio.get_running_loop().run_in_executor(None, partial(context.run, work, *args, **kwargs))
    try:
        return await asyncio.shield(working)
    finally:
        if not working.done():
            stop.wish()
            await asyncio.wait([working])
            working.exception()  # looked at, so that nobody reports it as overlooked


@asynccontextmanager
async def entered(manager: AbstractContextManager[Made]) -> AsyncIterator[Made]:
    """A context manager of the library's, entered and left in a thread."""
    stack = ExitStack()
    try:
        yield await in_a_thread(stack.enter_context, manager)
    finally:
        await in_a_thread(stack.close)
