"""A pause that somebody wants takes effect between steps: not inside of one, and not while other scenes are at work.

Prefect raises `Pause` wherever a task begins once its run is suspended. Inside another task that would throw away what
this one has just made; and the first scene to come upon it would end the run, and with it the work of all others.
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
    """Inside, tasks begin although a pause is wanted of their run; the next one after the block finds it again."""
    run = FlowRunContext.get()
    if run is None:
        yield
        return
    nothing_requested = type(run.flow_run_suspension_request)()
    with run.model_copy(update={"flow_run_suspension_request": nothing_requested}):
        yield


async def all_of(making: Iterable[Awaitable[Made]]) -> list[Made]:
    """What they give, in their order, at once. A pause is raised when each of them is ready or has come upon it.

    Any other exception is raised at once.
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
