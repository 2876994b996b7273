"""Money is spent once, whenever the process that spends it is killed: the flow itself, on the real server."""

import asyncio
import json
import os
import random
import subprocess
import sys
from contextlib import suppress
from uuid import UUID

import pytest
from prefect.client.orchestration import get_client

from callsheet.settings import settings
from flows.image_pairs import animate_image_pairs
from tasks.paid_jobs.slots import IN_FLIGHT, STARTING
from tasks.run.limits import BUDGET
from tests.footage.films import environment_of, storyboard

# A flow in a separate process, which can be killed.
RUN = """
import asyncio, sys
from callsheet.model.requests.pictures import ImagePairsRequest
from flows.image_pairs import animate_image_pairs
asyncio.run(animate_image_pairs(ImagePairsRequest.model_validate_json(sys.argv[1])))
"""
KILLS_EACH = 2
RUN_S = 1.0
"""As long as a prediction takes here, and so the time in which a run is killed."""


def process_of(request, services, server):
    """The flow of this request in a separate process, on the test's server and provider."""
    environment = {
        **os.environ,
        **environment_of(server),
        "CALLSHEET_FOOTAGE_START_SPACING_S": "0.3",
        "PREFECT_API_URL": services.api_url,
        "PREFECT_LOCAL_STORAGE_PATH": str(settings().results_dir),
    }
    return subprocess.Popen([sys.executable, "-c", RUN, request.model_dump_json()], env=environment)


async def killed(process, server, after_s):
    """Kill it so long after it has first asked the provider, where it has something to ask."""
    before = len(server.requests)
    try:
        async with asyncio.timeout(120):
            while len(server.requests) == before and process.poll() is None:
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


@pytest.mark.parametrize("requests", [2, pytest.param(5, marks=pytest.mark.long)])
async def test_a_run_killed_at_any_moment_pays_once(paid, prefect_server, pictures, requests):
    """Two kills a request at random moments, from the first question to the download; then it is let go to its end.

    The provider answers late, so that some die between its acceptance and their record of it.
    """
    moments = random.Random(20260103)
    paid.run_s = RUN_S
    paid.fail("create", "slow-after", times=2 * requests * KILLS_EACH, seconds=RUN_S / 2)
    for number in range(1, requests + 1):
        request = storyboard(f"Killed {number} of {requests}", [(pictures(f"{number}a"), pictures(f"{number}b"))])
        for _ in range(KILLS_EACH):
            process = process_of(request, prefect_server, paid)
            await killed(process, paid, moments.uniform(0, 2 * RUN_S))
        await animate_image_pairs(request)
        assert paid.created() == number
