"""The label of a run's process, and its removal: so upkeep notices when that process is gone."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import httpx
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.objects import FlowRun
from prefect.context import FlowRunContext
from prefect.exceptions import TerminationSignal

from callsheet.errors import TransientError
from callsheet.model.labels import BEGUN, PROCESS
from callsheet.server.label_writer import write_labels
from callsheet.server.process import read_begin_state, this_process


async def introduce(client: PrefectClient, flow_run: FlowRun) -> None:
    """Label the run with its process."""
    begun = await read_begin_state(client, flow_run)
    await write_labels(client, flow_run.id, {PROCESS: this_process(), BEGUN: begun})


@asynccontextmanager
async def given_back(
    flow_run: FlowRun, and_then: Callable[[PrefectClient], Awaitable[object]] | None = None
) -> AsyncIterator[None]:
    """Remove the process from the run at the end of the block, unless the run is Cancelling.

    A server that does not answer causes only a delay: upkeep checks for itself whether the process lives.
    """
    try:
        yield
    except BaseException as end:
        if not isinstance(end, asyncio.CancelledError | TerminationSignal):
            await _give_back(flow_run, and_then)
        raise
    await _give_back(flow_run, and_then)


async def _give_back(flow_run: FlowRun, and_then: Callable[[PrefectClient], Awaitable[object]] | None) -> None:
    with suppress(httpx.HTTPError, TransientError):
        async with get_client() as client:
            now = await client.read_flow_run(flow_run.id)
            if now.labels.get(PROCESS) == this_process():  # and no later one
                await write_labels(client, flow_run.id, {PROCESS: ""})
            if and_then:
                await and_then(client)


def this_run() -> FlowRun | None:
    """Return the innermost flow run, e.g. the scene's; None outside of every run."""
    context = FlowRunContext.get()
    return context.flow_run if context else None
