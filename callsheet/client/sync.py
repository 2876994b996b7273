"""The same client for code that does not await: each function runs its counterpart to its end.

    run = sync.start(VideoRequest(...))
    for event in sync.watch(run):
        print(event.kind)

Each call has a separate event loop. If a loop is already active, as in a notebook, the call's loop runs in a thread,
and the caller's loop is blocked during the call.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from functools import wraps
from typing import Any, ParamSpec, Protocol, TypeVar

from callsheet import client

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


class _Run(Protocol):
    """Run coroutines in one event loop, each to its end."""

    def __call__(self, wish: Coroutine[Any, Any, Answer], /) -> Answer: ...


def _waiting(function: Callable[Arguments, Coroutine[Any, Any, Answer]]) -> Callable[Arguments, Answer]:
    @wraps(function)
    def wait(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Answer:
        with _event_loop() as run:
            return run(function(*args, **kwargs))

    return wait


def _stepping(function: Callable[Arguments, AsyncIterator[Answer]]) -> Callable[Arguments, Iterator[Answer]]:
    @wraps(function)
    def step(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Iterator[Answer]:
        with _event_loop() as run:
            answers = function(*args, **kwargs)
            while (answer := run(_next(answers))) is not _END:
                yield answer  # type: ignore[misc]  # what is not the end is an answer

    return step


@contextmanager
def _event_loop() -> Iterator[_Run]:
    """Yield an event loop: in this thread, or in another if this one has an active loop."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        with asyncio.Runner() as runner:
            yield runner.run
        return
    with ThreadPoolExecutor(1, "callsheet.client.sync") as thread:
        runner = asyncio.Runner()
        # The settings that are in force here, as `temporary_settings` changes them, are in force there too.
        loop = thread.submit(copy_context().run, runner.get_loop).result()

        def run(wish: Coroutine[Any, Any, Answer], /) -> Answer:
            answer = thread.submit(runner.run, wish)
            try:
                return answer.result()
            except KeyboardInterrupt:
                loop.call_soon_threadsafe(_cancel_everything)
                raise

        try:
            yield run
        finally:
            thread.submit(runner.close).result()


def _cancel_everything() -> None:
    for task in asyncio.all_tasks():
        task.cancel()


_END = object()


async def _next(answers: AsyncIterator[Answer]) -> Answer | object:
    return await anext(answers, _END)


start = _waiting(client.start)
status = _waiting(client.status)
result = _waiting(client.result)
pipeline = _waiting(client.pipeline)
film_so_far = _waiting(client.film_so_far)
film = _waiting(client.film)
download = _waiting(client.download)
backfill_report = _waiting(client.backfill_report)
find_run = _waiting(client.find_run)
history = _waiting(client.history)
list_flows = _waiting(client.list_flows)
start_flow = _waiting(client.start_flow)
list_runs = _waiting(client.list_runs)
proposal = _waiting(client.proposal)
approve = _waiting(client.approve)
reject = _waiting(client.reject)
pause = _waiting(client.pause)
resume = _waiting(client.resume)
cancel = _waiting(client.cancel)
retry = _waiting(client.retry)
regenerate = _waiting(client.regenerate)
continue_film = _waiting(client.continue_film)
deliver_again = _waiting(client.deliver_again)
ping_webhooks = _waiting(client.ping_webhooks)
until_told = _waiting(client.until_told)
run_records = _stepping(client.run_records)
watch = _stepping(client.watch)
follow = _stepping(client.follow)
