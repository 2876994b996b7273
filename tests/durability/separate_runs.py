"""A flow that pays, in a separate process that can be killed, on the test's server and provider."""

import asyncio
import json
import os
import subprocess
import sys
from contextlib import suppress
from uuid import UUID

from prefect.client.orchestration import get_client

from callsheet.settings import settings
from tasks.paid_jobs.slots import IN_FLIGHT, STARTING
from tasks.run.limits import BUDGET
from tests.footage.films import environment_of

RUN = """
import asyncio, sys
from {module} import {flow}
from {request_module} import {request}
asyncio.run({flow}({request}.model_validate_json(sys.argv[1])))
"""


def process_of(flow, request, services, server):
    """This flow of this request, in a separate process."""
    code = RUN.format(
        module=flow.fn.__module__,
        flow=flow.fn.__name__,
        request_module=type(request).__module__,
        request=type(request).__name__,
    )
    environment = {
        **os.environ,
        **environment_of(server),
        "CALLSHEET_FOOTAGE_START_SPACING_S": "0.3",
        "PREFECT_API_URL": services.api_url,
        "PREFECT_LOCAL_STORAGE_PATH": str(settings().results_dir),
    }
    return subprocess.Popen([sys.executable, "-c", code, request.model_dump_json()], env=environment)


async def killed(process, condition, after_s):
    """Kill it so long after `condition()` is true, or when it has ended."""
    try:
        async with asyncio.timeout(120):
            while not condition() and process.poll() is None:
                await asyncio.sleep(0.002)
        await asyncio.sleep(after_s)
    finally:
        process.kill()
        process.wait()
    await give_back_places()


async def give_back_places():
    """Do at once what the server does a minute later: end the leases of a process that is gone, and nothing else.

    To only set the count to 0 would leave the leases: each would free the place of another process when it ends.
    """
    async with get_client() as prefect, asyncio.timeout(90):
        while limits := await taken_limits(prefect):
            for file in (settings().home / "prefect/concurrency_leases").glob("*-*.json"):
                with suppress(FileNotFoundError):
                    if limits & set(json.loads(file.read_text())["resource_ids"]):
                        await prefect.release_concurrency_slots_with_lease(lease_id=UUID(file.stem))
            await asyncio.sleep(0.05)  # what it had asked for when it was killed may be given to it just now


async def taken_limits(prefect):
    """Ids of the limits in which a process has a place."""
    found = [await prefect.read_global_concurrency_limit_by_name(name) for name in (IN_FLIGHT, STARTING, BUDGET)]
    return {str(limit.id) for limit in found if limit.active_slots}
