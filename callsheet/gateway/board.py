"""What the front door knows of runs at this moment: one look serves all who ask at the same time.

It holds nothing that the Prefect server does not have: a restart of the gateway loses nothing.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from callsheet.client import find_run, status, watch
from callsheet.errors import CallsheetError
from callsheet.model.run.runs import Run, RunEvent, RunStatus

STATUS_IS_FRESH_S = 0.5
"""A person sees no difference, and 50 requests a second become two."""
RUNS_REMEMBERED = 1_000
EVENTS_LINGER_S = 30.0
"""A client that lost its connection is back before the events of its run are read again."""


@dataclass
class _Look:
    """A look at the status of a run, which several who ask share."""

    task: asyncio.Task[RunStatus]
    until: float = float("inf")
    """When it is too old; a look that is not over is fresh."""


@dataclass
class _EventLog:
    """All events of a run so far, which several streams read."""

    events: list[RunEvent] = field(default_factory=list)
    is_over: bool = False
    error: CallsheetError | None = None
    readers: int = 0
    grown: asyncio.Condition = field(default_factory=asyncio.Condition)
    task: asyncio.Task[None] | None = None


class RunBoard:
    """Looks of one process at runs: their facts, their status and their events."""

    def __init__(self) -> None:
        self._runs: OrderedDict[str, Run] = OrderedDict()
        self._looks: OrderedDict[UUID, _Look] = OrderedDict()
        self._logs: dict[UUID, _EventLog] = {}

    async def find(self, named: str) -> Run:
        """Return the lasting facts of a run: its id, name, flow and owner; its state may be an old one.

        Raises as `callsheet.client.find_run`.
        """
        if named in self._runs:
            return self._runs[named]
        run = await find_run(named)
        self._runs[str(run.id)] = run  # a name may become that of another run
        _forget_oldest(self._runs)
        return run

    async def status(self, run_id: UUID) -> RunStatus:
        """Return the status, at most `STATUS_IS_FRESH_S` old. Raises as `callsheet.client.status`."""
        look = self._looks.get(run_id)
        if look is None or look.until < time.monotonic():
            look = _Look(asyncio.create_task(status(run_id)))
            look.task.add_done_callback(lambda _: self._age(look))
            self._looks[run_id] = look
            _forget_oldest(self._looks)
        return await asyncio.shield(look.task)

    def forget(self, run_id: UUID) -> None:
        """Let the next status be a new look: the caller has changed the run."""
        self._looks.pop(run_id, None)

    async def events(self, run_id: UUID, after: str = "") -> AsyncIterator[RunEvent | None]:
        """Yield the events of a run, those after the event with the id `after` if it is known, until the run is over.

        Yield None if nothing occurs for a while, so that the caller can say that it lives.

        Raises as `callsheet.client.watch`.
        """
        log = self._log_of(run_id)
        log.readers += 1
        try:
            place = await self._place_after(log, after)
            while True:
                while place < len(log.events):
                    yield log.events[place]
                    place += 1
                if log.error is not None:
                    raise log.error
                if log.is_over:
                    return
                if not await _grew(log, place):
                    yield None
        finally:
            log.readers -= 1
            if not log.readers:
                asyncio.get_running_loop().call_later(EVENTS_LINGER_S, self._end_unread, run_id, log)

    def _log_of(self, run_id: UUID) -> _EventLog:
        log = self._logs.get(run_id)
        if log is None or log.error is not None:
            log = self._logs[run_id] = _EventLog()
            log.task = asyncio.create_task(_fill(log, run_id))
        return log

    async def _place_after(self, log: _EventLog, event_id: str) -> int:
        """Return the place behind the event with this id; 0 if the run has no such event."""
        if not event_id:
            return 0
        place = 0
        while True:
            while place < len(log.events):
                place += 1
                if str(log.events[place - 1].id) == event_id:
                    return place
            if log.is_over or log.error is not None or not await _grew(log, place):
                return 0

    def _end_unread(self, run_id: UUID, log: _EventLog) -> None:
        if log.readers or self._logs.get(run_id) is not log:
            return
        del self._logs[run_id]
        if log.task is not None:
            log.task.cancel()

    def _age(self, look: _Look) -> None:
        look.until = time.monotonic() + STATUS_IS_FRESH_S
        if not look.task.cancelled():
            look.task.exception()  # every one who waits gets it; it need not be reported as lost


SILENCE_S = 15.0
"""Proxies end connections that are silent for a minute, some after 20 seconds."""


async def _fill(log: _EventLog, run_id: UUID) -> None:
    try:
        async with aclosing(watch(run_id)) as events:
            async for event in events:
                log.events.append(event)
                await _tell(log)
        log.is_over = True
    except CallsheetError as error:
        log.error = error
    await _tell(log)


async def _tell(log: _EventLog) -> None:
    async with log.grown:
        log.grown.notify_all()


async def _grew(log: _EventLog, place: int) -> bool:
    """Wait until there is more than the first `place` events, or an end; return whether there is."""
    try:
        async with asyncio.timeout(SILENCE_S), log.grown:
            await log.grown.wait_for(lambda: len(log.events) > place or log.is_over or log.error is not None)
    except TimeoutError:
        return False
    return True


def _forget_oldest(kept: OrderedDict[Any, Any]) -> None:
    while len(kept) > RUNS_REMEMBERED:
        kept.popitem(last=False)
