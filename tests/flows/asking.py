"""Runs that wait for approval, as tests meet them."""

import asyncio

from prefect.client.orchestration import get_client

from callsheet.model.labels import PROCESS
from callsheet.server.process import start_of
from tests.flows.patience import until


async def waiting(run, within_s=60):
    """The run as the server knows it, once it waits for approval and has no process any more."""
    process = ""
    async with get_client() as prefect, asyncio.timeout(within_s):
        while True:
            found = await prefect.read_flow_run(run.id)
            label = str(found.labels.get(PROCESS, ""))
            process = label or process
            if found.state.name == "Suspended" and not label:
                break
            assert not found.state.is_final(), found.state.message
            await asyncio.sleep(0.1)
    if process:
        pid, started = process.split()[-2:]
        assert await until(lambda: start_of(int(pid)) != started, 20)
    return found


async def answered(run, **answer):
    """What the server says to an answer."""
    async with get_client() as prefect:
        return await prefect.resume_flow_run(run.id, run_input=answer)
