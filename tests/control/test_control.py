"""Runs under control, on a real server with a real runner: pause, resume, cancel, retry, regenerate, find."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest
from prefect.client.orchestration import get_client
from prefect.events import Event
from prefect.events.clients import get_events_client
from prefect.settings import PREFECT_API_URL, temporary_settings

from callsheet import client
from callsheet.client import sync
from callsheet.errors import InvalidRequest, SetupIncomplete
from callsheet.model.run.runs import SceneState
from callsheet.settings import Settings, settings
from tests.flows.fenced import alive, renders
from tests.flows.films import film, last_status, reached, titled
from tests.flows.history import begun, rendered

# It renders for some seconds.
LONG = {"name": "Long", "template": "picture", "content": {"path": "docs/pictures/example.png", "duration_s": 240}}

# It can't be made before its module says so.
LATE = """
from late import IS_READY
from manim import *


class Late(Scene):
    def construct(self):
        if not IS_READY:
            raise ValueError("late.py is not ready")
        self.play(FadeIn(Square()))
"""


def scene_of(status, number):
    """The scene of this number."""
    return next(scene for scene in status.scenes if scene.number == number)


async def test_a_cancelled_run_leaves_nothing_and_can_be_retried(prefect_server):
    """Within seconds no child is left, and no working file; the retry does not render the short scene again."""
    run = await client.start(film("Cancelled", scenes=[titled("Cancelled: short"), LONG]))
    await reached(run, lambda now: scene_of(now, 1).state is SceneState.READY and bool(renders()))
    rendering = renders()
    asked_s = time.monotonic()
    await client.cancel(run)
    async with asyncio.timeout(5):
        while alive(rendering):
            await asyncio.sleep(0.05)
    status = await last_status(run)
    assert time.monotonic() - asked_s < 15
    assert (status.state, scene_of(status, 2).state) == ("Cancelled", SceneState.CANCELLED)
    assert not list(settings().scratch_dir.iterdir())
    await client.retry(run)
    assert (await last_status(run)).is_completed
    assert await rendered(run.id) == ["render-scene 01 Cancelled: short", "render-scene 02 Long"]


@pytest.mark.parametrize("delay_s", [0, 0.1, 0.2, 0.3, 0.4])
async def test_a_run_that_is_cancelled_while_it_starts_ends_soon(prefect_server, delay_s):
    """Prefect hears of a cancel from the moment when the process is there; the runner heeds an earlier one."""
    run = await client.start(film(f"Cancelled after {delay_s} s", scenes=1))
    async with get_client() as server:
        while (await server.read_flow_run(run.id)).state.is_scheduled():
            await asyncio.sleep(0.01)
    await asyncio.sleep(delay_s)
    await client.cancel(run)
    async with asyncio.timeout(30):
        assert (await last_status(run)).state == "Cancelled"


async def test_an_old_event_of_a_cancel_does_not_cancel_a_run_that_was_retried(prefect_server):
    """Each connection of a runner gets the events of the last minute again."""
    run = await client.start(film("Retried", scenes=1))
    async with asyncio.timeout(60):
        async for status in client.follow(run):
            if status.state == "Running":
                break
    resource = {"prefect.resource.id": f"prefect.flow-run.{run.id}"}
    async with get_events_client() as events:
        await events.emit(Event(event="prefect.flow-run.Cancelling", resource=resource))
    assert (await last_status(run)).state == "Completed"


async def test_a_paused_run_goes_on_where_it_was(prefect_server):
    """It gives its process back at the next step; after `resume` nothing is rendered twice."""
    run = await client.start(film("Paused", scenes=3, duration_s=3))
    await reached(run, lambda now: any(scene.step == "render-scene" for scene in now.scenes))
    assert (await client.pause(run)).state == "Suspended"
    paused = await client.status(run)
    assert (paused.state, paused.doing, paused.is_final) == ("Suspended", "paused", False)
    assert SceneState.RUNNING not in {scene.state for scene in paused.scenes}
    with pytest.raises(
        InvalidRequest, match="run “Paused” is Suspended and can't be paused: only a running one can be"
    ):
        await client.pause(run)
    async with asyncio.timeout(30):
        while renders():
            await asyncio.sleep(0.1)
    await client.resume(run)
    assert (await last_status(run)).is_completed
    assert await begun(run.id) == [f"render-scene {number:02} Paused {number}" for number in (1, 2, 3)]


@pytest.mark.long
async def test_a_failed_run_is_retried_from_the_step_that_failed(prefect_server, tmp_path):
    """What was missing is there now: only the scene that failed is rendered."""
    module = tmp_path / "late.py"
    module.write_text("IS_READY = False\n")
    late = {"name": "Late", "code": LATE, "files": [str(module)]}
    run = await client.start(film("Retried", scenes=[titled("Retried: there"), late]))
    failed = await last_status(run)
    assert (failed.state, scene_of(failed, 1).state, scene_of(failed, 2).state) == ("Failed", "ready", "failed")
    assert failed.error is not None
    assert "late.py is not ready" in failed.error.cause
    module.write_text("IS_READY = True\n")
    await client.retry(run)
    status = await last_status(run)
    assert (status.is_completed, status.steps_done, status.steps_total) == (True, 5, 5)
    assert await rendered(run.id) == ["render-scene 01 Retried: there", "render-scene 02 Late"]


@pytest.mark.long
async def test_one_scene_is_made_anew_and_four_are_kept(prefect_server):
    """A new run; asked again, it is another take once more."""
    run = await client.start(film("Five", scenes=5))
    assert (await last_status(run)).is_completed
    anew = await client.regenerate(run, 3)
    assert (await last_status(anew)).is_completed
    assert await rendered(anew.id) == ["render-scene 03 Five 3"]
    once_more = await client.regenerate(run, "Five 3")
    assert (await last_status(once_more)).is_completed
    assert await rendered(once_more.id) == ["render-scene 03 Five 3"]


async def test_what_a_state_does_not_allow_is_refused_in_a_sentence(prefect_server):
    """The sentence names the run, its state, and why not."""
    run = await client.start(film("Refused"))
    assert (await last_status(run)).is_completed
    for verb, why in (
        (client.pause, "is Completed and can't be paused: only a running one can be"),
        (client.resume, "is Completed and can't be resumed: it is not paused"),
        (client.cancel, "is Completed and can't be cancelled: it is over"),
        (client.retry, "is Completed and can't be retried: only one that failed, crashed or was cancelled can be"),
    ):
        with pytest.raises(InvalidRequest, match=f"run “Refused” {why}"):
            await verb(run)
    with pytest.raises(InvalidRequest, match="7: the video has no such scene: 1 Refused 1"):
        await client.regenerate(run, 7)


async def test_runs_are_found_by_name_and_by_the_beginning_of_their_id(prefect_server):
    """Where several are meant, the message lists them."""
    first, second = [await client.start(film("Found"), owner="grace") for _ in range(2)]
    alone = await client.start(film("Found alone"), owner="grace")
    assert (await client.find_run(alone.short_id)).id == alone.id
    assert (await client.find_run("Found alone")).id == alone.id
    with pytest.raises(InvalidRequest, match=f"several runs match “Found”; .*{first.short_id}"):
        await client.find_run("Found")
    with pytest.raises(InvalidRequest, match="no run that is called or begins with “ffffffff”"):
        await client.find_run("ffffffff")
    for run in (first, second, alone):
        assert (await last_status(run)).is_completed
    listed = await client.list_runs(owner="grace", states=["Completed"], flow="generate-video")
    assert [run.id for run in listed] == [alone.id, second.id, first.id]
    assert [run.id for run in await client.list_runs(owner="grace", limit=1)] == [alone.id]
    assert await client.list_runs(owner="grace", until=first.created_at - timedelta(minutes=1)) == ()


async def test_runs_that_are_to_begin_later_hide_none_that_has_begun(prefect_server):
    """The newest is listed first, whenever it begins; the server itself sorts by the time at which runs begin."""
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    later = await asyncio.gather(*(client.start(film(f"Later {n}"), owner="later", at=tomorrow) for n in range(5)))
    begun = await client.start(film("Begun"), owner="later")
    assert [run.id for run in await client.list_runs(owner="later", limit=1)] == [begun.id]
    listed = await client.list_runs(owner="later", limit=5)
    assert len(listed) == 5
    assert {run.id for run in listed[1:]} < {run.id for run in later}
    await asyncio.gather(last_status(begun), *map(client.cancel, later))


async def test_a_run_that_is_misspelt_is_asked_for(prefect_server):
    """By its name or its id, wherever a run is named."""
    run = await client.start(film("The spelling of words"))
    for verb in (
        client.find_run, client.status, client.result, client.film, client.pause, client.resume, client.cancel,
        client.retry, client.proposal, client.reject, client.deliver_again, client.until_told,
    ):  # fmt: skip
        with pytest.raises(InvalidRequest, match=rf"; did you mean “{run.name}” \({run.short_id}\)\?"):
            await verb("the speling of word")
    swapped = str(run.id)[:9] + str(run.id)[9:18].replace("-", "0") + str(run.id)[18:]
    for wrong in (f"{run.short_id[:-1]}{'0' if run.short_id[-1] != '0' else '1'}", swapped):
        with pytest.raises(InvalidRequest, match=rf"did you mean “{run.name}” \({run.short_id}\)\?"):
            await client.find_run(wrong)
    with pytest.raises(InvalidRequest, match="“nothing like it”; `callsheet runs` lists the runs"):
        await client.cancel("nothing like it")
    assert (await last_status(run)).is_completed


async def test_the_client_that_does_not_await_works_beside_a_running_event_loop(prefect_server):
    """As in a notebook: each of its calls, and the steps of a run one by one."""
    assert asyncio.get_running_loop().is_running()
    run = sync.start(film("In a notebook"))
    kinds = [event.kind for event in sync.watch(run)]
    assert (kinds[0], kinds[-1]) == (client.EventKind.RUN_SCHEDULED, client.EventKind.COMPLETED)
    for status in sync.follow(run):
        assert status.percentage == 100
        break
    assert sync.result(run).title == sync.find_run(run.id).name == "In a notebook"
    with pytest.raises(InvalidRequest, match="only one that failed"):
        sync.retry(run)


async def test_a_run_that_waits_knows_its_place(prefect_server):
    """Where no runner takes runs, they queue; a run that did not begin is cancelled at once."""
    async with get_client() as prefect:
        deployment = await prefect.read_deployment_by_name("generate-video/video")
        await prefect.update_work_queue(deployment.work_queue_id, is_paused=True)
        try:
            runs = [await client.start(film(f"Queued {number}")) for number in range(3)]
            places = [(await client.status(run)).queue_position for run in runs]
            assert places == [1, 2, 3]
            for run in runs:
                assert (await client.cancel(run)).state == "Cancelled"
        finally:
            await prefect.update_work_queue(deployment.work_queue_id, is_paused=False)


@pytest.mark.long
def test_the_synchronous_client_does_the_same(prefect_server):
    """Without an event loop of one's own."""
    run = sync.start(film("Without await"))
    kinds = [str(event.kind) for event in sync.watch(run)]
    assert (kinds[0], kinds[-1]) == ("run-scheduled", "completed")
    assert [status.percentage for status in sync.follow(run)] == [100]
    assert sync.result(run).video.frames == 15


async def test_without_a_server_the_client_says_what_to_do(tmp_path, monkeypatch):
    """Prefect would start another server, which knows no deployment; and none runs in this home."""
    monkeypatch.setattr("callsheet.server.connection.settings", lambda: Settings(home=tmp_path))
    with temporary_settings(restore_defaults={PREFECT_API_URL}), pytest.raises(SetupIncomplete, match="callsheet up"):
        await client.list_runs()


async def test_a_failed_run_is_made_again_from_a_stage_on(prefect_server):
    """A retry takes the kept scene; from its stage on, it is rendered again, once; a wrong name changes nothing."""
    code = "from manim import *\n\n\nclass Broken(Scene):\n    def construct(self):\n        raise ValueError\n"
    scenes = [titled("Resumed: good"), {"name": "Broken", "code": code}]
    run = await client.start(film("Resumed", scenes=scenes))
    assert (await last_status(run)).state == "Failed"
    with pytest.raises(InvalidRequest, match="there is no stage “rendering”"):
        await client.retry(run, resume_from="rendering")
    for resume_from in ("", "video_generation", ""):
        await client.retry(run, resume_from=resume_from)
        assert (await last_status(run)).state == "Failed"
    assert await rendered(run.id) == ["render-scene 01 Resumed: good"] * 2
