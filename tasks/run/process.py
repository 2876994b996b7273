"""A run says which process it has, and that it has none any more: so it is known when that process is gone."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import httpx
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.objects import FlowRun
from prefect.exceptions import TerminationSignal

from callsheet.errors import TransientError
from callsheet.model.labels import BEGUN, PROCESS
from callsheet.server.process import read_begin_state, this_process


async def introduce(client: PrefectClient, flow_run: FlowRun) -> None:
    """Let the run know its process."""
    begun = await read_begin_state(client, flow_run)
    await client.update_flow_run_labels(flow_run.id, {PROCESS: this_process(), BEGUN: begun})


@asynccontextmanager
async def given_back(
    flow_run: FlowRun, and_then: Callable[[PrefectClient], Awaitable[object]] | None = None
) -> AsyncIterator[None]:
    """However what is inside ends, the run has no process any more; only one that is being cancelled has no time.

    A server that does not answer costs nothing but time: who waits for this looks by itself whether the process lives.
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
            if now.labels.get(PROCESS) == this_process():  # and no other one that has come meanwhile
                await client.update_flow_run_labels(flow_run.id, {PROCESS: ""})
            if and_then:
                await and_then(client)
