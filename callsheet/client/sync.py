"""The same client for code that does not await: each function runs its counterpart to its end.

    run = sync.start(VideoRequest(...))
    for event in sync.watch(run):
        print(event.kind)

Each call has an event loop of its own, so none of them can be made from code that runs in one.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from callsheet import client

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


def _waiting(function: Callable[Arguments, Coroutine[Any, Any, Answer]]) -> Callable[Arguments, Answer]:
    @wraps(function)
    def wait(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Answer:
        return asyncio.run(function(*args, **kwargs))

    return wait


def _stepping(function: Callable[Arguments, AsyncIterator[Answer]]) -> Callable[Arguments, Iterator[Answer]]:
    @wraps(function)
    def step(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Iterator[Answer]:
        with asyncio.Runner() as runner:
            answers = function(*args, **kwargs)
            while (answer := runner.run(_next(answers))) is not _END:
                yield answer  # type: ignore[misc]  # what is not the end is an answer

    return step


_END = object()


async def _next(answers: AsyncIterator[Answer]) -> Answer | object:
    return await anext(answers, _END)


start = _waiting(client.start)
status = _waiting(client.status)
result = _waiting(client.result)
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
deliver_again = _waiting(client.deliver_again)
ping_webhooks = _waiting(client.ping_webhooks)
until_told = _waiting(client.until_told)
run_records = _stepping(client.run_records)
watch = _stepping(client.watch)
follow = _stepping(client.follow)
