"""Termination: SIGTERM ends a run with the cancel of its task.

Prefect's handler raises wherever the main thread happens to be: in a callback, in a destructor, or in a task that is
not awaited. All of these swallow the exception. The run would continue until it is killed half a minute later, and its
predictions at a provider would never be cancelled. A cancelled task can't miss it.
"""

import asyncio
import signal
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from prefect.exceptions import TerminationSignal
from prefect.utilities import engine

# Prefect accepts a cancel request only while the handler that it knows by this name is the installed one.
HANDLER = "_prefect_sigterm_handler"
Given = ParamSpec("Given")
Returned = TypeVar("Returned")


@dataclass
class _Cancelling:
    """A handler that cancels a task, at its next wait."""

    task: asyncio.Task[Any]
    loop: asyncio.AbstractEventLoop
    is_terminated: bool = False

    def __call__(self, *_: object) -> None:
        self.is_terminated = True
        self.loop.call_soon_threadsafe(self.task.cancel)


def heed_sigterm(function: Callable[Given, Awaitable[Returned]]) -> Callable[Given, Coroutine[Any, Any, Returned]]:
    """End a flow at SIGTERM.

    The decorator stands below `@flow`, unless `take_request` stands there.
    """

    @wraps(function)
    async def run(*args: Given.args, **kwargs: Given.kwargs) -> Returned:
        with ended_by_sigterm():
            return await function(*args, **kwargs)

    return run


@contextmanager
def ended_by_sigterm() -> Iterator[None]:
    """Cancel the current task at SIGTERM; raise TerminationSignal, however the task ends.

    Only the outermost flow of a process does so, and cancels the flows inside. Only the main thread gets signals.
    """
    of_prefect, task = getattr(engine, HANDLER), asyncio.current_task()
    is_outermost = signal.getsignal(signal.SIGTERM) is of_prefect and not isinstance(of_prefect, _Cancelling)
    if not is_outermost or threading.current_thread() is not threading.main_thread() or task is None:
        yield
        return
    cancelling = _Cancelling(task, asyncio.get_running_loop())
    _install(cancelling)
    end: BaseException | None = None
    try:
        yield
    except BaseException as raised:
        end = raised
        raise
    finally:
        _install(of_prefect)
        if cancelling.is_terminated:  # even if a flow has turned its end into an error or a value
            raise TerminationSignal(signal.SIGTERM) from end


def _install(handler: Callable[..., None]) -> None:
    setattr(engine, HANDLER, handler)
    signal.signal(signal.SIGTERM, handler)
