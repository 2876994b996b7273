"""A requested pause takes effect between steps: not inside of one, and not while other scenes are at work.

Once a run is suspended, Prefect raises `Pause` at the beginning of its next task. Inside another task, this would
discard what that task has just made. And the first scene that sees it would end the run, with the work of all others.
"""

import asyncio
from collections.abc import Awaitable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from prefect.context import FlowRunContext
from prefect.exceptions import Pause

Made = TypeVar("Made")


@contextmanager
def pause_put_off() -> Iterator[None]:
    """Let tasks begin in the block although a pause is requested; later tasks raise it."""
    run = FlowRunContext.get()
    if run is None:
        yield
        return
    nothing_requested = type(run.flow_run_suspension_request)()
    with run.model_copy(update={"flow_run_suspension_request": nothing_requested}):
        yield


async def all_of(making: Iterable[Awaitable[Made]]) -> list[Made]:
    """Return the results of concurrent calls, in their order.

    A pause is raised when each call is ready or has seen the pause. Any other exception is raised at once.
    """
    made: list[Made] = []
    pauses: list[Pause] = []
    for each in await asyncio.gather(*map(_or_pause, making)):
        if isinstance(each, Pause):
            pauses.append(each)
        else:
            made.append(each)
    for pause in pauses:
        raise pause
    return made


async def _or_pause(making: Awaitable[Made]) -> Made | Pause:
    try:
        return await making
    except Pause as pause:
        return pause
