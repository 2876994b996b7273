"""All events of one run and its scenes, live, without a gap when the connection breaks.

Prefect's own subscriber reconnects, but it loses events (measured: with three cuts, one to four of 40). The server
stores events some seconds after it has sent them. So an event that occurs without a listener is at first neither in the
stream nor in the store. The server also drops events for a listener that is 256 behind. So here each connection begins
with a signal of Callsheet:

1. The watcher sends signals until one comes back through the stream. From then on the stream misses no event.
2. The watcher sends one more signal; once it is in the store, everything that happened before it is in the store, too.
3. The watcher reads the store, from its last position. It drops known events by their ids.

The watcher treats the end of a run in the same way: it has seen every event before it gives the last one.

Some proxies block the stream. If the server answers and its stream fails again and again, the watcher reads only the
store, every few seconds; an event says so.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import TERMINAL_STATES
from prefect.events import Event, Resource, get_events_subscriber
from prefect.events.filters import (
    EventAnyResourceFilter,
    EventFilter,
    EventIDFilter,
    EventNameFilter,
    EventOccurredFilter,
    EventOrder,
)

from callsheet.errors import TransientError
from callsheet.server.connection import connected, name_server
from callsheet.server.event_order import SETTLE_S, Settling
from callsheet.server.process import HEARTBEAT
from callsheet.server.run_state import is_over
from callsheet.server.scene_runs import Family

SIGNAL = "callsheet.watch.signal."
KINDS = ("prefect.flow-run.", "prefect.task-run.", "prefect.artifact.")
# A restarted server is back within half a minute.
PATIENCE_S = 60
PAUSES_S = (0.1, 0.5, 1, 2)
# The server answers requests, and its stream breaks: after so many failures in a row, Callsheet does not try it again.
STREAM_FAILURES = 4
# How long a stream may be silent to signals that the watcher sends each second.
STREAM_TIMEOUT_S = 10
SECONDS_BETWEEN_POLLS = 2
POLLING = "callsheet.watch.polling"
LOOK_S = 0.1
SECONDS_BETWEEN_SIGNALS = 1
# The server writes the store at least every five seconds by default.
STORE_TIMEOUT_S = 30
SECONDS_BETWEEN_IDLE_LOOKS = 5
# Tolerance for the clocks of several machines.
MARGIN = timedelta(minutes=1)
# The largest page of the server.
EVENTS_OF_A_PAGE = 50
LATER = timedelta(days=365)


class Feed:
    """The events of one run, each once, in order, until the run is over."""

    def __init__(self, run_id: UUID) -> None:
        self._run_id = run_id
        self._family = Family(run_id)
        self._settling = Settling()
        self._arrived: asyncio.Queue[Event | Exception] = asyncio.Queue()
        self._read_until: datetime | None = None
        self._may_be_over = False
        self._heard_s = self._well_s = time.monotonic()
        self._stream_failures = 0

    async def events(self) -> AsyncGenerator[Event]:
        """Yield the events, and connect again as often as necessary.

        Raises:
            TransientError: the server could not be reached for a minute.
        """
        failures = 0
        while True:
            try:
                async for event in self._watch_one_connection():
                    failures = 0
                    yield event
                return
            except _StreamBroken as error:
                self._stream_failures += error.counts
            except (TransientError, OSError, TimeoutError) as error:
                if time.monotonic() - self._well_s > PATIENCE_S:
                    raise _gave_up(error) from None
            await asyncio.sleep(PAUSES_S[min(failures, len(PAUSES_S) - 1)])
            failures += 1

    async def _watch_one_connection(self) -> AsyncGenerator[Event]:
        async with connected() as client:
            if self._stream_failures >= STREAM_FAILURES:
                async for event in self._poll(client):
                    yield event
                return
            async with self._listening():
                await self._catch_up(client)
                while True:
                    await self._hear(client, LOOK_S)
                    if self._may_be_over and await self._is_over(client):
                        break
                    for event in self._settling.settled(time.monotonic()):
                        yield event
            for event in self._settling.settled():
                yield event

    async def _poll(self, client: PrefectClient) -> AsyncGenerator[Event]:
        """Yield what the store has, again and again, without a stream."""
        self._arrived = asyncio.Queue()
        yield Event(event=POLLING, resource=Resource({"prefect.resource.id": f"prefect.flow-run.{self._run_id}"}))
        is_at_end = False
        while not is_at_end:
            is_at_end = await self._is_over(client)
            if not is_at_end:
                await self._read_store(client)
            for event in self._settling.settled():
                yield event
            await asyncio.sleep(0 if is_at_end else SECONDS_BETWEEN_POLLS)

    async def _catch_up(self, client: PrefectClient) -> None:
        """Read every event until now, and receive every event from now on."""
        try:
            async with asyncio.timeout(STREAM_TIMEOUT_S):
                await self._signal(client)
                while not await self._hear(client, SECONDS_BETWEEN_SIGNALS):
                    await self._signal(client)
        except TimeoutError:
            raise _StreamBroken(counts=STREAM_FAILURES) from None
        await self._read_store(client)
        self._stream_failures = 0
        self._may_be_over = True

    async def _is_over(self, client: PrefectClient) -> bool:
        """Return whether the run is in its last state, and every event of it is known."""
        self._may_be_over = False
        if not is_over(await client.read_flow_run(self._run_id)):
            return False
        await asyncio.sleep(SETTLE_S)  # the run's process sends its last events
        await self._read_store(client)
        return is_over(await client.read_flow_run(self._run_id))

    async def _signal(self, client: PrefectClient) -> UUID:
        """Send a signal event through the server, for this watcher alone."""
        event = Event(event=self._signal_name, resource=Resource({"prefect.resource.id": self._signal_name}))
        await client.request("POST", "/events", json=[event.model_dump(mode="json")])
        return event.id

    async def _hear(self, client: PrefectClient, wait_s: float) -> bool:
        """Take what arrives within this time; return at once, and True, if it is a signal of this watcher."""
        until_s = time.monotonic() + wait_s
        is_signalled = False
        with suppress(TimeoutError):
            while not is_signalled:
                async with asyncio.timeout(max(0.0, until_s - time.monotonic())):
                    arrived = await self._arrived.get()
                if isinstance(arrived, Exception):
                    raise _StreamBroken from arrived
                is_signalled = arrived.event == self._signal_name
                await self._take(client, arrived)
        self._well_s = time.monotonic()
        if self._well_s - self._heard_s > SECONDS_BETWEEN_IDLE_LOOKS:  # the server may have dropped the last event
            self._heard_s = self._well_s
            self._may_be_over = True
        return is_signalled

    async def _take(self, client: PrefectClient, event: Event) -> None:
        if not event.event.startswith(KINDS) or event.event == HEARTBEAT:
            return
        if not await self._family.has(client, event):
            return
        self._heard_s = time.monotonic()
        self._settling.take(event, self._heard_s)
        if event.resource.get("prefect.state-type") in FINAL and event.resource.id.endswith(str(self._run_id)):
            self._may_be_over = True

    async def _read_store(self, client: PrefectClient) -> None:
        """Read everything that the server had received when this began."""
        async with asyncio.timeout(STORE_TIMEOUT_S):
            await self._until_stored(client, await self._signal(client))
            await self._family.read(client)
            since = self._read_until or (await client.read_flow_run(self._run_id)).created or datetime.now(UTC)
            page = await client.read_events(self._stored_since(since - MARGIN), limit=EVENTS_OF_A_PAGE)
            while True:
                for event in page.events:
                    await self._take(client, event)
                    self._read_until = max(self._read_until or event.occurred, event.occurred)
                if not page.next_page:
                    break
                page = await client.read_events_page(str(page.next_page))
        self._well_s = time.monotonic()

    async def _until_stored(self, client: PrefectClient, event_id: UUID) -> None:
        chosen = EventFilter(id=EventIDFilter(id=[event_id]), occurred=_since(datetime.now(UTC) - MARGIN))
        while not (await client.read_events(chosen, limit=1)).events:
            await asyncio.sleep(LOOK_S)

    def _stored_since(self, since: datetime) -> EventFilter:
        return EventFilter(
            occurred=_since(since),
            event=EventNameFilter(prefix=list(KINDS), exclude_name=[HEARTBEAT]),
            any_resource=EventAnyResourceFilter(id=[f"prefect.flow-run.{each}" for each in self._family.members]),
            order=EventOrder.ASC,
        )

    @asynccontextmanager
    async def _listening(self) -> AsyncIterator[None]:
        """Put the stream's events of all runs into `_arrived`, and finally the error that ended it.

        The events of a scene don't name the video, so the watcher looks up the video of each run (see `family`). The
        names of flows don't tell either: the server learns the name of a scene's flow when its first run begins.
        """
        self._signal_name = f"{SIGNAL}{uuid4().hex}"
        self._arrived = asyncio.Queue()
        names = EventNameFilter(prefix=[*KINDS, self._signal_name], exclude_name=[HEARTBEAT])
        reading = asyncio.create_task(self._read_stream(EventFilter(event=names)))
        try:
            yield
        finally:
            reading.cancel()
            await asyncio.wait([reading])  # the task's own cancellation is not suppressed

    async def _read_stream(self, chosen: EventFilter) -> None:
        try:
            name_server()
            async with get_events_subscriber(filter=chosen, reconnection_attempts=0) as stream:
                async for event in stream:
                    self._arrived.put_nowait(event)
            self._arrived.put_nowait(ConnectionError("the server closed the stream"))
        except Exception as error:  # after any error the watcher connects again, for as long as its patience lasts
            self._arrived.put_nowait(error)


class _StreamBroken(ConnectionError):
    """The server answers requests, but its stream broke; `counts` says whether that counts as a failure."""

    def __init__(self, counts: int = 1) -> None:
        super().__init__("the stream broke")
        self.counts = counts


FINAL = frozenset(kind.value for kind in TERMINAL_STATES)


def _since(moment: datetime) -> EventOccurredFilter:
    return EventOccurredFilter(since=moment, until=datetime.now(UTC) + LATER)


def _gave_up(error: Exception) -> TransientError:
    if isinstance(error, TransientError):
        return error
    return TransientError(
        f"The event stream of the Prefect server broke off, and did not come back in {PATIENCE_S} s. The run continues "
        "without it; watch it again when the server answers."
    )
