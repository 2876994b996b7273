"""Starting: the same key never twice, the same work as it was asked for."""

import asyncio
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterName
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.states import Crashed, Running

from callsheet import client
from callsheet.errors import InvalidRequest
from callsheet.model.run.queue import Priority
from callsheet.model.run.runs import IfRunning
from tests.fakes.cutting_proxy import cutting_proxy
from tests.flows.films import film, last_status

LATER_S = 3600


@pytest.fixture
def later():
    """Runs that are only counted are to begin in an hour, and are cancelled long before."""
    return datetime.now(UTC) + timedelta(seconds=LATER_S)


@pytest.fixture
async def cancelled_afterwards():
    """Titles of runs that are cancelled when the test is over."""
    titles = []
    yield titles
    left = [run.id for run in await runs_called(*titles) if not run.state.is_final()]
    await asyncio.gather(*map(client.cancel, left))


async def runs_called(*titles):
    """Runs of these titles."""
    async with get_client() as prefect:
        return await prefect.read_flow_runs(flow_run_filter=FlowRunFilter(name=FlowRunFilterName(any_=list(titles))))


async def test_a_hundred_starts_with_ten_keys_are_ten_runs(prefect_server, later, cancelled_afterwards):
    """All at once; each run was new to exactly one of those who asked."""
    cancelled_afterwards += [f"Key {key}" for key in range(10)]
    starts = [
        client.start(film(f"Key {number % 10}"), idempotency_key=f"hundred-{number % 10}", at=later)
        for number in range(100)
    ]
    runs = await asyncio.gather(*starts)
    assert len({run.id for run in runs}) == 10
    assert sum(run.is_new for run in runs) == 10
    assert len(await runs_called(*cancelled_afterwards)) == 10


async def test_a_start_whose_answer_is_lost_is_one_run(prefect_server, later, cancelled_afterwards):
    """Prefect's client asks once more by itself; without a key that would be a second run, which nobody knows of."""
    cancelled_afterwards += ["Answer lost"]
    server = urlsplit(prefect_server.api_url)
    async with cutting_proxy(server.port, loses_answer_to=b"create_flow_run") as proxy, asyncio.timeout(60):
        with temporary_settings({PREFECT_API_URL: f"http://127.0.0.1:{proxy.port}/api"}):
            run = await client.start(film("Answer lost"), at=later)
    assert proxy.lost == 1
    assert [each.id for each in await runs_called("Answer lost")] == [run.id]


async def test_a_key_is_good_for_one_request(prefect_server, later, cancelled_afterwards):
    """Prefect would answer with the old run and forget the new request; here it is refused."""
    cancelled_afterwards += ["Keyed", "Keyed otherwise"]
    run = await client.start(film("Keyed"), idempotency_key="only one", at=later)
    with pytest.raises(InvalidRequest, match=r"idempotency_key: this key already started the run “Keyed” \(.{8}\)"):
        await client.start(film("Keyed otherwise"), idempotency_key="only one", at=later)
    assert (await client.start(film("Keyed"), idempotency_key="only one")).id == run.id


@pytest.mark.long
async def test_a_key_counts_after_the_run_is_over(prefect_server):
    """Asking again later gives the finished run."""
    run = await client.start(film("Keyed and done"), idempotency_key="done")
    await last_status(run)
    again = await client.start(film("Keyed and done"), idempotency_key="done")
    assert (again.id, again.is_new, again.state) == (run.id, False, "Completed")


async def test_the_same_work_is_joined_where_that_is_wanted(prefect_server, later, cancelled_afterwards):
    """Of many who ask at once one starts it; a run that was started without asking is joined as well."""
    cancelled_afterwards += ["Joined", "Joined too"]
    joined = await asyncio.gather(
        *(client.start(film("Joined"), if_running=IfRunning.JOIN, at=later) for _ in range(10))
    )
    assert len({run.id for run in joined}) == 1
    assert sum(run.is_new for run in joined) == 1
    plain = await client.start(film("Joined too"), at=later)
    assert (await client.start(film("Joined too"), if_running=IfRunning.JOIN, at=later)).id == plain.id


async def test_a_second_run_is_refused_where_that_is_wanted(prefect_server, later, cancelled_afterwards):
    """Another request of the same title is other work."""
    cancelled_afterwards += ["Alone"]
    await client.start(film("Alone"), if_running=IfRunning.REFUSE, at=later)
    with pytest.raises(InvalidRequest, match="the same work is running already, as “Alone”"):
        await client.start(film("Alone"), if_running=IfRunning.REFUSE, at=later)
    assert (await client.start(film("Alone", scenes=2), if_running=IfRunning.REFUSE, at=later)).is_new


@pytest.mark.long
async def test_work_that_is_over_can_be_started_again(prefect_server):
    """Joining is about running work alone."""
    first = await client.start(film("Once more"), if_running=IfRunning.JOIN)
    await last_status(first)
    second = await client.start(film("Once more"), if_running=IfRunning.JOIN)
    await last_status(second)
    third = await client.start(film("Once more"), if_running=IfRunning.JOIN)
    assert len({first.id, second.id, third.id}) == 3
    assert (await last_status(third)).is_completed


async def test_one_scene_can_be_started(prefect_server):
    """It is a separate run, and its status has one scene."""
    [request] = film("Scene alone").scene_requests()
    run = await client.start(request)
    status = await last_status(run)
    assert [(scene.name, str(scene.state)) for scene in status.scenes] == [("Scene alone 1", "ready")]
    assert (run.flow, status.steps_done, status.steps_total) == ("generate-scene", 1, 1)


@pytest.mark.parametrize("if_running", [IfRunning.JOIN, IfRunning.REFUSE])
async def test_a_run_that_crashed_is_running_work(prefect_server, later, cancelled_afterwards, if_running):
    """For the server it is over, until upkeep puts it back to work; a second run beside it would make it all twice."""
    title = f"Crashed: {if_running}"
    cancelled_afterwards.append(title)
    run = await client.start(film(title), if_running=if_running, at=later)
    async with get_client() as prefect:
        for state in (Running(), Crashed()):
            await prefect.set_flow_run_state(run.id, state, force=True)
    if if_running is IfRunning.REFUSE:
        with pytest.raises(InvalidRequest, match="the same work is running already"):
            await client.start(film(title), if_running=if_running)
    else:
        assert (await client.start(film(title), if_running=if_running)).id == run.id


async def test_a_scene_made_anew_is_for_the_same_owner(prefect_server, later, cancelled_afterwards):
    """It counts among that owner's runs, and begins with the same priority, unless another owner is named."""
    cancelled_afterwards.append("Owned")
    run = await client.start(film("Owned"), owner="ada", priority=Priority.LOW, at=later)
    await client.cancel(run)
    again = await client.regenerate(run, 1)
    assert again.owner == "ada"
    async with get_client() as prefect:
        assert (await prefect.read_flow_run(again.id)).work_queue_name == Priority.LOW.work_queue
    assert (await client.regenerate(run, 1, owner="grace")).owner == "grace"
