"""A provider without quota, on a real server with a real runner: the run waits, and continues when it answers."""

import asyncio

import pytest
from prefect.client.orchestration import get_client
from prefect.states import Scheduled

from callsheet import client, embedded
from callsheet.model.labels import PROVIDER, TRIES
from callsheet.model.requests.video import VideoRequest
from callsheet.model.run.runs import SceneState
from callsheet.model.run.waiting import PENDING_RETRY, TRIES_AT_MOST
from callsheet.settings import Settings, settings
from flows.upkeep import resume_pending
from tests.fakes.chat_server import REPLIES, ChatServer, rate_limited
from tests.flows.clients import as_client
from tests.flows.films import film, last_status, reached, titled
from tests.flows.history import rendered
from tests.homes import prepared

PROMPTED = {"name": "Prompted", "prompt": "A circle becomes a square."}


class Account:
    """A language model's server with a balance."""

    def __init__(self):
        self.server = ChatServer("good", scenes={"shapes": ["outline"]})
        self.has_quota = True
        self.is_busy = False
        self._play = self.server.take
        self.server.take = self._take

    def _take(self, asked):
        number, reply = self._play(asked)
        if not self.has_quota:
            return number, REPLIES["quota"]()
        if self.is_busy:
            self.is_busy = False
            return number, rate_limited(6)
        return number, reply

    @property
    def asked(self):
        """How many questions about scenes came in, probes left out."""
        return sum("Are you there?" not in each.question for each in self.server.asked)


@pytest.fixture(scope="module")
def account(tmp_path_factory):
    """A separate server, whose runs ask this account, and this process as its client."""
    made = Account()
    with made.server, pytest.MonkeyPatch.context() as patch:
        home = tmp_path_factory.mktemp("home")
        patch.setenv("CALLSHEET_HOME", str(home))
        patch.setenv("CALLSHEET_WRITER_MODEL", "test-writer")
        patch.setenv("CALLSHEET_WRITER_BASE_URL", made.server.base_url)
        patch.setenv("CALLSHEET_PREFECT_PORT", "15200")
        patch.setenv("CALLSHEET_MEDIA_PORT", "15280")
        settings.cache_clear()
        with (
            prepared(home, tmp_path_factory),
            embedded.started(Settings()) as services,
            as_client(services),
        ):
            yield made
    settings.cache_clear()


async def read(run):
    """The run as the server knows it."""
    async with get_client() as prefect:
        return await prefect.read_flow_run(run.id)


async def pending(run):
    """The run, once it waits for its provider."""
    async with asyncio.timeout(90):
        while (found := await read(run)).state.name != PENDING_RETRY:
            assert not found.state.is_final(), found.state.message
            await asyncio.sleep(0.1)
    return found


async def test_a_run_waits_for_its_provider_and_goes_on_from_the_step_that_failed(account):
    """The other scene is made meanwhile, and only once; no runner picks the run up before the provider answers."""
    account.has_quota = False
    run = await client.start(film("Waiting", scenes=[titled("Ready"), PROMPTED]))
    found = await pending(run)
    assert "has no quota left" in found.state.message
    assert await rendered(run.id) == ["render-scene 01 Ready"]
    assert set((await resume_pending()).values()) == {False}
    await asyncio.sleep(3)
    assert (await read(run)).state.id == found.state.id
    account.has_quota = True
    assert set((await resume_pending()).values()) == {True}
    assert (await last_status(run)).is_completed
    assert await rendered(run.id) == ["render-scene 01 Ready", "render-scene 02 Prompted"]
    assert account.asked == 2


async def test_a_step_that_waits_for_another_try_says_why(account):
    """A busy service has words for it; Prefect's state of such a step has none."""
    account.is_busy = True
    run = await client.start(film("Busy", scenes=[{**PROMPTED, "prompt": "A triangle."}]))
    # A status reads the labels of a run before the states of its steps: the first one that waits may lack the reason.
    status = await reached(run, lambda now: any(scene.message for scene in now.scenes))
    [scene] = status.scenes
    assert (scene.state, scene.step, scene.attempt) == (SceneState.RETRYING, "write-scene-code", 1)
    assert scene.message.endswith("takes no more requests for now: Rate limit reached")
    assert (await last_status(run)).is_completed


@pytest.mark.long
async def test_a_run_is_resumed_a_bounded_number_of_times(account):
    """An account that answers a probe and refuses the question does not keep a run going for ever."""
    account.has_quota = False
    run = await client.start(film("Hopeless", scenes=[{**PROMPTED, "prompt": "Another circle."}]))
    await pending(run)
    async with get_client() as prefect:
        await prefect.update_flow_run_labels(run.id, {TRIES: TRIES_AT_MOST})
        await prefect.set_flow_run_state(run.id, Scheduled())
    status = await last_status(run)
    assert status.state == "Failed"
    assert "has no quota left" in status.message


@pytest.mark.long
async def test_a_run_that_waits_is_resumed_by_hand_and_counted(account):
    """Its status says what it waits for and has no place in a queue, nor is it in the way of one who has."""
    account.has_quota = False
    run = await client.start(film("By hand", scenes=[{**PROMPTED, "prompt": "A circle for somebody."}]))
    provider = (await pending(run)).labels[PROVIDER]
    status = await client.status(run)
    assert (status.state, status.queue_position, status.waits_for_provider) == (PENDING_RETRY, None, provider)
    assert status.doing == f"waiting for {provider}; the run continues when that answers again"
    account.has_quota = True
    assert (await client.resume(run)).state == "Scheduled"
    assert (await last_status(run)).is_completed
    assert (await read(run)).labels[TRIES] == 1


@pytest.mark.long
async def test_a_scene_of_a_topic_is_made_anew_from_the_outline_that_was_written(account):
    """The model is asked for that scene alone."""
    account.has_quota = True
    request = VideoRequest(title="Of a topic", topic="All about “shapes”.", profile="draft")
    run = await client.start(request)
    assert (await last_status(run)).is_completed
    names = [scene.name for scene in (await client.result(run)).request.scenes]
    assert len(names) == 2
    before = len(account.server.asked)
    anew = await client.regenerate(run, names[1])
    assert (await last_status(anew)).is_completed
    assert len(account.server.asked) == before + 1
    assert [scene.name for scene in (await client.result(anew)).request.scenes] == names
    assert await rendered(anew.id) == [f"render-scene 02 {names[1]}"]


async def test_a_run_that_waits_for_its_provider_can_be_cancelled(account):
    """It has no process to be ended."""
    account.has_quota = False
    run = await client.start(film("Not worth it", scenes=[{**PROMPTED, "prompt": "A third circle."}]))
    await pending(run)
    await client.cancel(run)
    async with asyncio.timeout(30):
        assert (await last_status(run)).state == "Cancelled"
