"""The supervisor's process, as the worker sees it: orders go in as lines of JSON, and lines come out until it ends.

asyncio's own subprocesses are not used here. An event loop may end while one is being started: a run is cancelled, a
worker is told to stop. Then Python 3.11 cancels the task that connects its pipes. It waits for ever for an end that is
never reported (seen with 3.11.7).
"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from callsheet.fence import supervisor

# Longest line of the supervisor: an event of 1 MB, written as JSON.
MAX_LINE_BYTES = 8 << 20


@dataclass(frozen=True)
class Guard:
    """A supervisor that runs."""

    process: subprocess.Popen[bytes]
    lines: asyncio.StreamReader
    """What it reports; the stream ends with the supervisor."""
    _orders: asyncio.WriteTransport

    def tell(self, order: Mapping[str, Any]) -> None:
        """Send it an order."""
        self._orders.write(json.dumps(order).encode() + b"\n")

    async def end(self) -> None:
        """End it and what it guards, and wait for that."""
        self._orders.close()
        await self.wait_for_end()

    async def wait_for_end(self) -> None:
        """Wait until it has ended by itself."""
        await _end(self.process)


@asynccontextmanager
async def guard() -> AsyncIterator[Guard]:
    """Yield a supervisor inside the block.

    It ends with the block, in every case, and what it guards with it.
    """
    process, lines = _started(), asyncio.StreamReader(limit=MAX_LINE_BYTES)
    assert process.stdin
    loop = asyncio.get_running_loop()
    async with AsyncExitStack() as stack:
        # If a cancellation has come before the pipes are connected, it still has to end.
        stack.push_async_callback(_end, process)
        stack.callback(process.stdin.close)
        telling, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), process.stdout)
        stack.callback(telling.close)
        orders, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, process.stdin)
        started = Guard(process, lines, orders)
        stack.push_async_callback(started.end)
        yield started


def _started() -> subprocess.Popen[bytes]:
    argv, pipe = (sys.executable, "-I", "-S", "-B", supervisor.__file__), subprocess.PIPE
    # In another group than the worker: it cleans up if the worker is killed with its group.
    return subprocess.Popen(
        argv, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env={}, bufsize=0, process_group=0
    )


async def _end(process: subprocess.Popen[bytes]) -> None:
    """Wait for the end of a process on the event loop, without a thread, and reap it."""
    if process.poll() is not None:
        return
    handle = os.pidfd_open(process.pid)
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(handle, ended.set)
    try:
        await ended.wait()
    finally:
        loop.remove_reader(handle)
        os.close(handle)
    process.wait()  # at once: its handle can be read from when it has ended
