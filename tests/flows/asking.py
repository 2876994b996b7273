"""Runs that wait for approval, as tests meet them."""

import asyncio

from prefect.client.orchestration import get_client

from callsheet.model.recovery import PROCESS
from tasks.processes import start_of
from tests.flows.patience import until


async def waiting(run):
    """The run as the server knows it, once it waits for approval and has no process any more."""
    async with get_client() as prefect, asyncio.timeout(60):
        while (found := await prefect.read_flow_run(run.id)).state.name != "Suspended":
            assert not found.state.is_final(), found.state.message
            await asyncio.sleep(0.1)
    pid, started = found.labels[PROCESS].split()[-2:]
    assert await until(lambda: start_of(int(pid)) != started, 20)
    return found


async def answered(run, **answer):
    """What the server says to an answer."""
    async with get_client() as prefect:
        return await prefect.resume_flow_run(run.id, run_input=answer)
