"""Any kind of paid jobs keeps to the protocol by its adapter alone: a kind of a few lines, with a real service."""

import asyncio
import os
import subprocess
import sys
from contextlib import suppress

import pytest
from prefect.client.orchestration import get_client
from prefect.states import Cancelling

from callsheet.client.run_status import read_spent_usd
from callsheet.errors import ProviderRefused, ProviderUnavailable
from callsheet.settings import settings
from tasks.policies import PAID_JOB_RETRIES
from tests.durability.separate_runs import give_back_places
from tests.fakes.capitals import ADDRESS, CAPITALS, USD, CapitalsService, set_capitals
from tests.flows.history import latest_run

RUN = """
import asyncio, sys
from tests.fakes.capitals import set_capitals
asyncio.run(set_capitals(sys.argv[1]))
"""
WITHIN_S = 60


@pytest.fixture
def service(prefect_server, monkeypatch):
    """The service, as the adapter finds it."""
    with CapitalsService() as running:
        monkeypatch.setenv(ADDRESS, running.url)
        yield running


async def accepts(service, jobs):
    """Wait until the service has accepted so many jobs."""
    async with asyncio.timeout(WITHIN_S):
        while len(service.jobs) < jobs:
            await asyncio.sleep(0.02)


async def spent(text):
    """What the latest run of this text has written down."""
    return await read_spent_usd((await latest_run(text)).id)


async def test_a_run_killed_before_its_note_is_submitted_once_and_counted_once(service, prefect_server):
    """The service has accepted the job, and keeps its answer until the process is gone."""
    service.answers_after_s = 2
    environment = {
        **os.environ,
        "PREFECT_API_URL": prefect_server.api_url,
        "PREFECT_LOCAL_STORAGE_PATH": str(settings().results_dir),
    }
    process = subprocess.Popen([sys.executable, "-c", RUN, "killed"], env=environment)
    try:
        await accepts(service, 1)
    finally:
        process.kill()
        process.wait()
    await give_back_places()
    assert await set_capitals("killed") == "KILLED"
    assert await spent("killed") == USD
    assert await set_capitals("killed") == "KILLED"
    assert await spent("killed") == 0
    assert len(service.jobs) == 1
    assert (await CAPITALS.estimate({"again": "killed"}))["again"].is_kept


async def test_a_cancelled_run_cancels_its_job_and_a_later_run_makes_another(service):
    """As a runner ends a run that a person cancelled."""
    service.run_s = 600
    run = asyncio.create_task(set_capitals("cancelled"))
    await accepts(service, 1)
    async with get_client() as prefect:
        await prefect.set_flow_run_state((await latest_run("cancelled")).id, Cancelling(), force=True)
    run.cancel()
    with suppress(asyncio.CancelledError):
        await run
    assert service.jobs[0].is_cancelled
    service.run_s = 0.1
    assert await set_capitals("cancelled") == "CANCELLED"
    assert len(service.jobs) == 2


async def test_a_permanent_refusal_is_asked_for_once(service):
    """Nothing was accepted, and nothing is counted."""
    service.faults = [422]
    with pytest.raises(ProviderRefused):
        await set_capitals("refused")
    assert service.asked == ["/jobs"]
    assert await spent("refused") == 0


async def test_passing_faults_are_tried_again_within_the_limit_of_the_policy(service):
    """Two faults cost nothing; a service that never recovers is left alone."""
    service.faults = [503, 503]
    assert await set_capitals("passing") == "PASSING"
    assert (len(service.asked), len(service.jobs)) == (3, 1)
    service.faults = [503] * 20
    service.asked.clear()
    with pytest.raises(ProviderUnavailable):
        await set_capitals("lasting")
    assert len(service.asked) == PAID_JOB_RETRIES["submit"]["retries"] + 1
