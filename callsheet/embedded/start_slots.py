"""Few runs start at once, in the order of the queue.

A process needs a second or two of a core to start, even if its run then has to wait. Without a limit two
dozen runs that start together share the machine until the last one has started, a run of high priority among them.
"""

import asyncio
import os
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun
from prefect.workers.process import ProcessWorker

from callsheet.model.labels import IN_LINE, PLACE
from callsheet.model.run.queue import Turn, in_order
from callsheet.server.queue import read_limits, turn_in_line

# One more than there are cores: while one run waits for the server, the others compute.
SLOTS = (os.cpu_count() or 1) + 1
# A run starts within two seconds on a quiet machine. After this time its slot is free for the next one.
LONGEST_START_S = 30.0
LOOK_AGAIN_S = 0.2


class StartSlots:
    """Slots for runs that start; those that wait for a slot get it in the order of the queue."""

    def __init__(self, count: int = SLOTS) -> None:
        self._free = count
        self._waiting: dict[Turn, asyncio.Future[None]] = {}

    async def acquire(self, turn: Turn) -> None:
        """Return when this turn holds a slot."""
        if self._free:
            self._free -= 1
            return
        granted = self._waiting[turn] = asyncio.get_running_loop().create_future()
        try:
            await granted
        except asyncio.CancelledError:
            self._waiting.pop(turn, None)
            if not granted.cancelled():
                self.release()
            raise

    def release(self) -> None:
        """Give the slot to the next turn."""
        while self._waiting:
            granted = self._waiting.pop(in_order(self._waiting)[0])
            if not granted.cancelled():
                granted.set_result(None)
                return
        self._free += 1


def with_start_slots(worker: ProcessWorker, slots: StartSlots) -> Callable[[FlowRun], Coroutine[Any, Any, None]]:
    """Return the worker's start of a run's process, with a slot until the run has started.

    A run that waits for a slot stays scheduled, so people can cancel and move it like any other.
    """
    start = worker._submit_run

    async def start_with_slot(flow_run: FlowRun) -> None:
        await slots.acquire(turn_in_line(flow_run))
        try:
            await start(flow_run)
            await _wait_until_begun(worker.client, flow_run.id)
        finally:
            slots.release()

    return start_with_slot


async def _wait_until_begun(client: PrefectClient, run_id: UUID) -> None:
    """Return when the run works, waits or has ended, after `LONGEST_START_S` at the latest."""
    with suppress(Exception):  # the server may restart, and the run may be deleted
        async with asyncio.timeout(LONGEST_START_S):
            limits = await read_limits(client)
            while not _has_begun(await client.read_flow_run(run_id), limits.bounds_runs):
                await asyncio.sleep(LOOK_AGAIN_S)


def _has_begun(flow_run: FlowRun, is_bounded: bool) -> bool:
    state = flow_run.state
    if state is None or state.is_pending():
        return False
    is_in_queue = bool(flow_run.labels.get(PLACE) or flow_run.labels.get(IN_LINE))
    return is_in_queue or not is_bounded or not state.is_running()
