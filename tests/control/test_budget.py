"""Caps on costs, on a real server with a real runner: what may cost more waits for a person who accepts it."""

from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from prefect import flow
from prefect.client.orchestration import get_client
from prefect.flow_engine import run_flow
from prefect.states import Crashed, Pending, Running

from callsheet import client, embedded
from callsheet.model.labels import DEADLINE, PROMISED
from callsheet.model.requests.pictures import ImageVideoRequest
from callsheet.model.run.budget import total_spent_usd
from callsheet.model.run.queue import RunLimits
from callsheet.settings import Settings, settings
from deployments.limits import keep_run_limits
from tasks.run.budget import find_objection
from tasks.run.cost_approval import require_cost_approval
from tests.fakes.replicate_server import TOKEN, ReplicateServer
from tests.flows.asking import answered, waiting
from tests.flows.clients import as_client
from tests.flows.films import film, last_status, titled
from tests.footage.given import scenery
from tests.homes import prepared

PROMPTED = {"name": "Prompted", "prompt": "A circle becomes a square."}
# A clip of the default model.
MOVING_USD = 0.5


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """A separate server, whose runs have a model with a price to write with and a provider that is paid."""
    home = tmp_path_factory.mktemp("home")
    with ReplicateServer(run_s=0.3) as provider, pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "HOME": str(home),
            "WRITER_MODEL": "openai:gpt-5-mini",
            "FOOTAGE_PROVIDER": "replicate",
            "REPLICATE_URL": provider.url,
            "REPLICATE_TOKEN": TOKEN,
            "FETCH_ALLOWED_HOSTS": f"127.0.0.1:{provider.port}",
            "FOOTAGE_POLL_S": "0.1",
            "PREFECT_PORT": "15300",
            "MEDIA_PORT": "15380",
        }.items():
            patch.setenv(f"CALLSHEET_{name}", value)
        settings.cache_clear()
        with (
            prepared(home, tmp_path_factory),
            embedded.started(Settings()) as services,
            as_client(services),
        ):
            yield provider
    settings.cache_clear()


@asynccontextmanager
async def capped(**caps):
    """These caps, inside the block."""
    async with get_client() as prefect:
        await keep_run_limits(prefect, RunLimits(**caps))
        yield
        await keep_run_limits(prefect, RunLimits())


async def labels(run):
    """What stands on the run."""
    async with get_client() as prefect:
        return (await prefect.read_flow_run(run.id)).labels


async def asked(run):
    """What the asked person reads, once the run waits."""
    found = await waiting(run)
    async with get_client() as prefect:
        return await prefect.read_flow_run_input(run.id, found.state.state_details.run_input_keyset["description"])


@pytest.fixture
def moving(tmp_path):
    """A request for a picture that moves, as it is made by a provider that is paid."""

    def request(title, seed):
        path = tmp_path / f"{seed}.png"
        scenery(240, 160, seed=seed).save(path)
        given = {"title": title, "picture": str(path), "profile": "draft", "duration_s": 1}
        return ImageVideoRequest.model_validate(given)

    return request


async def test_a_video_that_may_cost_more_than_its_cap_waits(shop):
    """It is shown as for approval, and may be changed; what costs nothing does not wait."""
    async with capped(budget_run_usd=0.05):
        free = await client.start(film("Free of charge"))
        dear = await client.start(film("Dear", scenes=[titled("Drawn"), PROMPTED]))
        page = await asked(dear)
        assert "**It may cost 0.07 $, 0.02 $ more than the 0.05 $ that one run may cost.**" in page
        assert (await last_status(free)).is_completed
        assert (await answered(dear, scenes=[titled("Drawn")])).status == "ACCEPT"
        assert (await last_status(dear)).is_completed
    assert [scene.name for scene in (await client.result(dear)).request.scenes] == ["Drawn"]


@pytest.mark.long
async def test_what_runs_have_cost_and_may_cost_counts_for_the_day(shop, moving):
    """The first has its costs within the day; with the second they would be more, and a person accepts them."""
    async with capped(budget_day_usd=0.5):
        first = await client.start(moving("Within the day", 1))
        assert (await last_status(first)).is_completed
        spent = total_spent_usd(await labels(first))
        assert spent == (await client.result(first)).footage_usd > 0
        assert (await client.status(first)).footage_usd == spent
        second = await client.start(moving("Beyond the day", 2))
        assert f"left of the 0.50 $ of today (UTC): {spent:.2f} $ are spent or promised" in await asked(second)
        await answered(second)
        assert (await last_status(second)).is_completed
        assert (await labels(second))[PROMISED] == MOVING_USD
        third = await client.start(moving("Not wanted", 3))
        await waiting(third)
        await answered(third, reject=True, reason="enough for today")
        assert (await last_status(third)).message == "Not approved: enough for today"
    assert len(shop.predictions) == 2


@flow
async def asking(at_most_usd: float) -> str:
    """What is said against these costs of this run."""
    return await find_objection(at_most_usd)


@flow
async def allowed(at_most_usd: float) -> str:
    """Continue if these costs of this run are accepted."""
    await require_cost_approval("Allowed", at_most_usd)
    return "goes on"


async def brought(title, *states, **on_it):
    """A run that no runner takes up, brought into these states, with these labels."""
    run = await client.start(film(title), at=datetime.now(UTC) + timedelta(days=1))
    async with get_client() as prefect:
        await prefect.update_flow_run_labels(run.id, on_it)
        for state in states:
            await prefect.set_flow_run_state(run.id, state, force=True)
        return await prefect.read_flow_run(run.id)


async def test_what_a_crashed_run_was_promised_stays_promised_until_it_goes_on(shop):
    """It is put back to work by itself, and spends then what another would take meanwhile."""
    async with capped(budget_day_usd=1000.0):
        looking = await brought("Asks beside a crash", Pending())
        crashed = await brought("Crashed with a promise", Running(), Crashed(), **{PROMISED: 998.0})
        said = await run_flow(asking, flow_run=looking, parameters={"at_most_usd": 3.0})
    assert "are spent or promised to runs that are not over" in said  # what other tests have spent today is in the sum
    async with get_client() as prefect:
        await prefect.delete_flow_run(crashed.id)


async def test_nobody_is_asked_about_costs_that_are_within_the_caps_by_now(shop):
    """A run that was asked about, and begins again when there is nothing against it any more, has no question."""
    run = await brought("Asked before", Pending(), **{DEADLINE: datetime.now(UTC).isoformat()})
    async with capped(budget_run_usd=1.0):
        assert await run_flow(allowed, flow_run=run, parameters={"at_most_usd": 0.5}) == "goes on"
