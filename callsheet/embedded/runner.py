"""The runner: a Prefect process worker to which the server sends an event when a run is due.

Prefect's own worker polls for runs. A person who waits needs three polls a second, which take a tenth of a core while
nothing runs. This one asks when an event says that a run was scheduled. It also asks every few seconds
(PREFECT_WORKER_QUERY_SECONDS), for runs that were scheduled long before, and for events that were lost.

If many runs are due at once, few start at once, in the order of the queue (`callsheet.embedded.start_slots`).
"""

import asyncio
import os
import sys
from contextlib import suppress
from uuid import UUID

from anyio.abc import TaskStatus
from prefect.client.schemas.objects import FlowRun
from prefect.events.clients import get_events_subscriber
from prefect.events.filters import EventFilter, EventNameFilter, EventResourceFilter
from prefect.events.schemas.events import ResourceSpecification
from prefect.runner import _flow_run_executor
from prefect.runner._cancellation_manager import CancellationManager
from prefect.settings import get_current_settings
from prefect.states import Cancelled
from prefect.utilities.processutils import setup_signal_handlers_worker
from prefect.workers.process import ProcessJobConfiguration, ProcessWorker, ProcessWorkerResult

from callsheet.embedded.services import RUNNER_NAME, WORK_POOL
from callsheet.embedded.start_slots import StartSlots, with_start_slots

# The server sends the event inside the transaction that schedules the run: an immediate request may be too early.
SECONDS_TO_THE_SECOND_LOOK = 0.3
SECONDS_TO_THE_NEXT_CONNECTION = 2


class WantedCancels(CancellationManager):
    """Cancels a run while the server says that it is to be cancelled.

    Prefect acts on the event of a cancel. Each new connection gets the events of the last minute again. Without this
    check, a run that is retried within that minute would be cancelled a second time.
    """

    async def cancel_by_id(self, flow_run_id: UUID) -> None:
        """Cancel the run, unless it was retried since."""
        flow_run = await self._client.read_flow_run(flow_run_id)
        if flow_run.state and flow_run.state.is_cancelling():
            await self.cancel(flow_run)


class Runner(ProcessWorker):
    """A process worker that ends every cancelled run, even if the run's process is only starting."""

    async def run(
        self,
        flow_run: FlowRun,
        configuration: ProcessJobConfiguration,
        task_status: TaskStatus[int] | None = None,
    ) -> ProcessWorkerResult:
        """Return how the run's process ended, after every pending cancel has its answer.

        Prefect acts on a cancel from the moment when the process exists. An earlier one is lost: the process ends as
        soon as it sees it, and the run would stay Cancelling.
        """
        try:
            return await super().run(flow_run, configuration, task_status)
        finally:
            now = await self.client.read_flow_run(flow_run.id)
            if now.state and now.state.is_cancelling():
                await self.client.set_flow_run_state(now.id, Cancelled(message="Cancelled before it began."))

    async def _cancel_run(self, flow_run_id: UUID) -> None:
        """Cancel a run that did not begin yet, unless it was retried since (`WantedCancels`)."""
        flow_run = await self.client.read_flow_run(flow_run_id)
        if flow_run.state and flow_run.state.is_cancelling():
            await super()._cancel_run(flow_run_id)

    async def _worker_metadata(self) -> None:
        """Report no installed Prefect packages: the report would import each of them."""


async def serve() -> None:
    """Run what is scheduled in the work pool, until SIGTERM.

    The number of runs is unlimited here: a rescheduled run would find its own token still held.
    """
    worker = Runner(
        work_pool_name=WORK_POOL,
        name=RUNNER_NAME,
        heartbeat_interval_seconds=int(get_current_settings().worker.heartbeat_seconds),
    )
    worker._submit_run = with_start_slots(worker, StartSlots())  # type: ignore[method-assign, assignment]
    is_due = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        told = [group.create_task(_listen(is_due)), group.create_task(_look(worker, is_due))]
        await worker.start()
        for task in told:
            task.cancel()


async def _listen(is_due: asyncio.Event) -> None:
    """Set `is_due` at every event that reports a scheduled run, and after each new connection."""
    scheduled = EventFilter(
        event=EventNameFilter(prefix=["prefect.flow-run."]),
        resource=EventResourceFilter(labels=ResourceSpecification({"prefect.state-type": "SCHEDULED"})),
    )
    while True:
        # Whatever the connection's error: the worker also finds runs without it, some seconds later.
        with suppress(Exception):
            async with get_events_subscriber(scheduled.model_copy(deep=True)) as events:
                is_due.set()
                async for _ in events:
                    is_due.set()
        await asyncio.sleep(SECONDS_TO_THE_NEXT_CONNECTION)


async def _look(worker: ProcessWorker, is_due: asyncio.Event) -> None:
    """Let the worker ask for runs when one is due.

    Events that come meanwhile cause one more request, not many.
    """
    while True:
        await is_due.wait()
        is_due.clear()
        for pause_s in (0, SECONDS_TO_THE_SECOND_LOOK):
            await asyncio.sleep(pause_s)
            with suppress(Exception):  # of a server that is restarting: the worker's own loop counts those
                await worker.get_and_submit_flow_runs()


def main() -> int:
    """Serve until SIGTERM, which first lets the active runs be reported."""
    setup_signal_handlers_worker(os.getpid(), "the runner", print)
    # Prefect's context of a run's process makes its manager by this name, and takes no other.
    _flow_run_executor.CancellationManager = WantedCancels  # type: ignore[attr-defined]
    with suppress(asyncio.CancelledError, KeyboardInterrupt):
        asyncio.run(serve())
    return 0


if __name__ == "__main__":
    sys.exit(main())
