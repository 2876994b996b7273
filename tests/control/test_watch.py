"""Watching a run: every event once, in order, also where the connection breaks."""

import asyncio
import secrets
from urllib.parse import urlsplit

import pytest
from prefect.client.orchestration import get_client
from prefect.events.filters import EventAnyResourceFilter, EventFilter, EventOrder
from prefect.settings import PREFECT_API_URL, temporary_settings

from callsheet import client
from callsheet.cli import live_view
from callsheet.client.watching import WITHOUT_STREAM, run_event
from callsheet.errors import TransientError
from callsheet.model.run.runs import EventKind
from callsheet.server import event_stream
from tests.fakes.cutting_proxy import IGNORED, REFUSED, cutting_proxy
from tests.flows.films import film, last_status
from tests.flows.history import scene_runs
from tests.footage.films import storyboard

CUTS_AFTER_EVENTS = (3, 10, 20)


async def stored_events(run):
    """Every event of the run that is worth telling, by the server's own store, in order."""
    ids = [run.id, *(scene.id for scene in await scene_runs(run.id))]
    anyone = EventAnyResourceFilter(id=[f"prefect.flow-run.{each}" for each in ids])
    async with get_client() as prefect:
        page = await prefect.read_events(EventFilter(any_resource=anyone, order=EventOrder.ASC), limit=50)
        found = list(page.events)
        while page.next_page:
            page = await prefect.read_events_page(str(page.next_page))
            found += page.events
    told = [run_event(event, run.id) for event in sorted(found, key=lambda event: event.occurred)]
    return [event for event in told if event is not None]


async def watched_through(proxy, run):
    """What a watcher sees whose connection is cut after some events."""
    seen, cutting = [], []
    with temporary_settings({PREFECT_API_URL: f"http://127.0.0.1:{proxy.port}/api"}):
        async for event in client.watch(run):
            seen.append(event)
            if len(seen) in CUTS_AFTER_EVENTS:
                cutting.append(asyncio.create_task(proxy.cut(away_s=0.5)))
    await asyncio.gather(*cutting)
    return seen


@pytest.mark.long
async def test_a_watcher_who_is_cut_off_three_times_sees_each_event_once_in_order(prefect_server):
    """What happened meanwhile is caught up with; nothing comes twice."""
    async with cutting_proxy(urlsplit(prefect_server.api_url).port) as proxy, asyncio.timeout(180):
        run = await client.start(film("Cut off", scenes=3, duration_s=6))
        seen = await watched_through(proxy, run)
        assert proxy.cuts == 3
    assert len({event.id for event in seen}) == len(seen)
    assert [event.occurred_at for event in seen] == sorted(event.occurred_at for event in seen)
    assert {event.id for event in seen} == {event.id for event in await stored_events(run)}


@pytest.mark.parametrize("upgrades", [REFUSED, pytest.param(IGNORED, marks=pytest.mark.long)])
async def test_behind_a_proxy_without_websockets_a_watcher_sees_the_same(prefect_server, monkeypatch, upgrades):
    """A warning says that the server is asked instead; each event comes once, and the end is the run's own."""
    monkeypatch.setattr(event_stream, "STREAM_TIMEOUT_S", 3)
    monkeypatch.setattr(event_stream, "PATIENCE_S", 3)
    run = await client.start(film(f"Without websockets, {upgrades}", scenes=2, duration_s=2))
    port = urlsplit(prefect_server.api_url).port
    async with cutting_proxy(port, upgrades) as proxy, asyncio.timeout(180):
        with temporary_settings({PREFECT_API_URL: f"http://127.0.0.1:{proxy.port}/api"}):
            seen = [event async for event in client.watch(run)]
    [note] = [event for event in seen if event.message == WITHOUT_STREAM]
    told = [event for event in seen if event is not note]
    assert note.kind is EventKind.WARNING
    assert told[-1].kind is EventKind.COMPLETED
    assert len({event.id for event in told}) == len(told)
    assert {event.id for event in told} == {event.id for event in await stored_events(run)}


async def test_a_server_that_stays_away_is_told_in_a_sentence(prefect_server, monkeypatch):
    """The watcher's patience has an end; here it is a short one."""
    monkeypatch.setattr(event_stream, "PATIENCE_S", 1)
    run = await client.start(film("Without a server", duration_s=3))
    with pytest.raises(TransientError, match="can't be reached"):
        async with cutting_proxy(urlsplit(prefect_server.api_url).port) as proxy, asyncio.timeout(60):
            with temporary_settings({PREFECT_API_URL: f"http://127.0.0.1:{proxy.port}/api"}):
                async for _ in client.watch(run):
                    await proxy.stop()
    assert (await last_status(run)).is_completed


async def test_the_events_of_a_run_tell_its_story(prefect_server):
    """From the start over every step to the end; progress only grows."""
    run = await client.start(film("A story", scenes=2))
    async with asyncio.timeout(120):
        events = [event async for event in client.watch(run)]
    kinds = [event.kind for event in events]
    assert kinds[0] is EventKind.RUN_SCHEDULED
    assert kinds[-1] is EventKind.COMPLETED
    assert kinds.index(EventKind.RUN_STARTED) < kinds.index(EventKind.STEP_STARTED)
    rendered = [event.scene for event in events if event.kind is EventKind.CHECKPOINT and event.step == "render-scene"]
    assert sorted(rendered) == ["01 A story 1", "02 A story 2"]
    percentages = [event.percentage for event in events if event.kind is EventKind.PROGRESS]
    assert percentages == sorted(percentages)
    assert percentages[-1] == 100
    told = [f"{each.type} {each.stage or ''}".strip() for event in events for each in event.pipeline]
    assert (told[0], told[-1]) == ("PIPELINE_STARTED", "PIPELINE_COMPLETED")
    begun = [each.removeprefix("STAGE_STARTED ") for each in told if each.startswith("STAGE_STARTED")]
    assert begun == ["input_adaptation", "video_generation", "output"]
    made = await client.pipeline(run)
    assert (made.success, made.overall_progress, made.current_stage) == (True, 1.0, "output")
    assert made.video_config["title"] == "A story"
    assert made.total_duration > 0


async def test_who_comes_late_sees_it_all(prefect_server):
    """A run that is over is told from its beginning, and the watcher is not kept waiting."""
    run = await client.start(film("Over"))
    async with asyncio.timeout(120):
        live = [event async for event in client.watch(run)]
        late = [event async for event in client.watch(run)]
    assert late == live


@pytest.mark.long
async def test_two_runs_at_once_are_told_apart(prefect_server):
    """The events of one say nothing to the watcher of the other."""
    runs = [await client.start(film(title, scenes=2)) for title in ("One of two", "Two of two")]

    async def steps(run):
        return {event.scene for event in [event async for event in client.watch(run)] if event.scene}

    async with asyncio.timeout(180):
        seen = await asyncio.gather(*map(steps, runs))
    assert seen == [{"01 One of two 1", "02 One of two 2"}, {"01 Two of two 1", "02 Two of two 2"}]


async def test_scenes_of_pairs_are_told_while_they_are_made(prefect_server, pictures):
    """Their flow has no deployment, and the server hears of it with their first run: they are not told at the end."""
    pairs = [(pictures("1"), pictures("2")), (pictures("2"), pictures("3"))]
    run = await client.start(storyboard(f"Watched pairs {secrets.token_hex(3)}", pairs))
    async with asyncio.timeout(180):
        events = [event async for event in client.watch(run)]
    assert events[-1].kind is EventKind.COMPLETED
    merging = next(number for number, event in enumerate(events) if event.step == "merge-clips")
    of_scenes = [number for number, event in enumerate(events) if event.scene]
    assert len({events[number].scene for number in of_scenes}) == 2
    assert max(of_scenes) < merging


async def test_a_failed_scene_is_a_warning_and_a_failed_run_the_end(prefect_server):
    """The last event says why; the scene that failed is named before."""
    code = "from manim import *\n\n\nclass Broken(Scene):\n    def construct(self):\n        raise ValueError\n"
    broken = {"name": "Broken", "code": code}
    run = await client.start(film("Told of failure", scenes=[broken]))
    async with asyncio.timeout(120):
        events = [event async for event in client.watch(run)]
    assert events[-1].kind is EventKind.FAILED
    assert "“Broken”" in events[-1].message
    assert "01 Broken" in {event.scene for event in events if event.kind is EventKind.WARNING}


async def test_a_command_does_not_wait_for_events_that_a_busy_server_writes_late(prefect_server, monkeypatch):
    """The run is over: what the command says of it does not stay “97 % publishing” for a minute."""
    run = await client.start(film("Over long ago"))
    await last_status(run)

    async def never_stored(*_):
        await asyncio.sleep(3600)

    monkeypatch.setattr(event_stream.Feed, "_until_stored", never_stored)
    async with asyncio.timeout(20):
        assert (await live_view.show(run.id)).is_completed
