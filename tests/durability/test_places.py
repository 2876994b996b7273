"""Places in the limits outlive the server that gives them, and are given back also by those that are cancelled."""

import asyncio
import os
import signal
import subprocess
import sys
import time

import httpx
import pytest
from prefect.client.orchestration import get_client

from callsheet.embedded.process_tree import descendants
from tasks.paid_jobs.slots import IN_FLIGHT, STARTING
from tasks.run.limits import LEASE_S, concurrency_slot
from tests.durability.plant import command_line

SERVER = "service_main prefect prefect.server"
# Takes a place and keeps it until it is killed.
HOLDER = """
import asyncio, sys
from tasks.run.limits import concurrency_slot
async def hold():
    async with concurrency_slot(sys.argv[1]):
        print("held", flush=True)
        await asyncio.sleep(600)
asyncio.run(hold())
"""


async def taken():
    """How many places are taken, as soon as the server answers."""
    async with asyncio.timeout(120):
        while True:
            try:
                async with get_client() as prefect:
                    return (await prefect.read_global_concurrency_limit_by_name(IN_FLIGHT)).active_slots
            except httpx.HTTPError:
                await asyncio.sleep(0.2)


async def test_a_cancel_while_a_place_is_given_back_is_not_lost(prefect_server):
    """Prefect keeps it to itself: the run would continue until it is killed, and its prediction beyond that."""
    at_the_end = asyncio.get_running_loop().call_soon

    async def works_on():
        async with concurrency_slot(STARTING):
            at_the_end(asyncio.current_task().cancel)

    with pytest.raises(asyncio.CancelledError):
        await asyncio.create_task(works_on())


async def test_places_are_given_back_though_the_server_was_killed_meanwhile(prefect_server):
    """Who holds one gives it back itself; that of a process that was killed, too, is free about a minute later."""
    environment = {**os.environ, "PREFECT_API_URL": prefect_server.api_url}
    with subprocess.Popen([sys.executable, "-c", HOLDER, IN_FLIGHT], env=environment, stdout=subprocess.PIPE) as holder:
        async with concurrency_slot(IN_FLIGHT):
            assert await asyncio.to_thread(holder.stdout.readline) == b"held\n"
            assert await taken() == 2
            [server] = [pid for pid in descendants(prefect_server.pid) if SERVER in command_line(pid)]
            holder.kill()
            os.kill(server, signal.SIGKILL)
            assert await taken() == 2
        assert await taken() == 1
    until = time.monotonic() + 4 * LEASE_S
    while await taken():
        assert time.monotonic() < until, "the place is held for ever"
        await asyncio.sleep(1)
