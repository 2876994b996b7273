"""Runs tell other programs that they are over: on a real server with a real runner, to a receiver that verifies."""

import asyncio
import os
import signal
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from prefect.client.orchestration import get_client
from prefect.events.filters import EventAnyResourceFilter, EventFilter, EventNameFilter, EventOrder
from prefect.flow_runs import wait_for_flow_run
from typer.testing import CliRunner

from callsheet import client, embedded
from callsheet.cli.main import app
from callsheet.errors import InvalidRequest
from callsheet.model.labels import PROCESS
from callsheet.model.run.webhooks import AUTOMATION, WebhookEvent, WebhookType
from callsheet.settings import Settings, settings
from deployments.automations import ensure_automations
from tests.fakes.webhook_receiver import Answer, WebhookReceiver
from tests.flows.clients import as_client
from tests.flows.films import film, last_status
from tests.homes import prepared

AT_ONCE = {"Retry-After": "0"}
BROKEN = {"name": "Broken", "template": "equation", "content": {"steps": ["frac(1, "]}}


@pytest.fixture(scope="module")
def receiver(tmp_path_factory):
    """A separate server, whose runs tell this receiver, and this process as its client."""
    with WebhookReceiver() as made, pytest.MonkeyPatch.context() as patch:
        home = tmp_path_factory.mktemp("home")
        patch.setenv("CALLSHEET_HOME", str(home))
        patch.setenv("CALLSHEET_WEBHOOK_URL", made.url)
        patch.setenv("CALLSHEET_WEBHOOK_SECRET", made.secret)
        patch.setenv("CALLSHEET_PREFECT_PORT", "15400")
        patch.setenv("CALLSHEET_MEDIA_PORT", "15480")
        settings.cache_clear()
        with (
            prepared(home, tmp_path_factory),
            embedded.started(Settings()) as services,
            as_client(services),
        ):
            yield made
    settings.cache_clear()


async def told(receiver, run, count=1):
    """What came about a run, once there is so much."""
    return await asyncio.to_thread(receiver.wait_for, run.id, count)


async def swept():
    """Let upkeep look for runs without a webhook, and let what it has started come to its end.

    On the server: a process that has held a place on one server asks that one for places for good.
    """
    upkeep = await client.start_flow("recover-interrupted", {"starting_before": datetime.now(UTC).isoformat()})
    assert (await wait_for_flow_run(upkeep.id, timeout=60, poll_interval=0.2)).state.is_completed()
    async with asyncio.timeout(60):
        while any(run.ended_at is None for run in await client.list_runs(flow="deliver-webhooks", limit=50)):
            await asyncio.sleep(0.3)


@asynccontextmanager
async def without_automation():
    """The server misses what ends inside."""
    async with get_client() as prefect:
        [automation] = await prefect.read_automations_by_name(AUTOMATION)
        await prefect.pause_automation(automation.id)
        yield
        await prefect.resume_automation(automation.id)


async def events_of(run):
    """Our own events about a run, from the store of the server."""
    chosen = EventFilter(
        event=EventNameFilter(prefix=["callsheet."]),
        any_resource=EventAnyResourceFilter(id=[f"prefect.flow-run.{run.id}"]),
        order=EventOrder.ASC,
    )
    async with get_client() as prefect:
        return (await prefect.read_events(chosen, limit=50)).events


async def test_a_finished_video_is_told_of_once(receiver):
    """Signed, with the run and its video, and upkeep that looks for missed ones finds nothing to do."""
    run = await client.start(film("Told", scenes=2), owner="ada")
    status = await last_status(run)
    assert status.is_completed
    assert await client.until_told(run)
    [delivery] = receiver.of(run.id)
    event = WebhookEvent.model_validate_json(delivery.body)
    assert (delivery.id, event.type, event.is_redelivery) == (event.id, WebhookType.COMPLETED, False)
    assert (event.data.run.name, event.data.run.flow, event.data.run.owner) == ("Told", "generate-video", "ada")
    manifest = await client.result(run)
    assert (event.data.video.key, event.data.video.frames) == (manifest.video.stored.key, manifest.video.frames)
    assert event.data.video.url.endswith(manifest.video.stored.key)
    await swept()
    assert len(receiver.of(run.id)) == 1
    assert len(await client.list_runs(flow="deliver-webhooks")) == 1  # none for its scenes


async def test_steps_and_video_are_in_the_event_stream(receiver):
    """Each once, related to the video's run also where a scene's run has sent it."""
    run = await client.start(film("In the stream", scenes=2))
    await last_status(run)
    async with asyncio.timeout(20):
        while len(events := await events_of(run)) < 6:
            await asyncio.sleep(0.3)
    steps = [event.payload["step"] for event in events if event.event == "callsheet.step.finished"]
    assert sorted(steps[:2]) == ["scene 01 In the stream 1", "scene 02 In the stream 2"]
    assert steps[2:] == ["merging the scenes", "making the stills", "publishing"]
    percentages = [event.payload["percentage"] for event in events if event.event == "callsheet.step.finished"]
    assert percentages == sorted(percentages)
    [published] = [event for event in events if event.event == "callsheet.video.published"]
    assert published.payload["frames"] == (await client.result(run)).video.frames


async def test_a_failed_run_is_told_of_until_the_receiver_takes_it(receiver):
    """It fails twice; the id stays the same, so that a receiver which did get the first one can drop the others."""
    run = await client.start(film("Failing", scenes=[BROKEN]))
    receiver.answer(Answer(500, AT_ONCE), Answer(429, AT_ONCE), run_id=run.id)
    assert (await last_status(run)).state == "Failed"
    deliveries = await told(receiver, run, 3)
    assert [delivery.answered for delivery in deliveries] == [500, 429, 204]
    assert len({delivery.id for delivery in deliveries}) == len({delivery.body for delivery in deliveries}) == 1
    event = deliveries[0].event
    assert (event["type"], event["data"]["video"]) == ("run.failed", None)
    assert "“Broken”" in event["data"]["run"]["message"]


async def test_what_a_receiver_refuses_is_delivered_again_by_hand(receiver):
    """A refusal is final for the system; the redelivery has the same id, and says what it is."""
    run = await client.start(film("Refused"), at=datetime.now(UTC) + timedelta(days=1))
    receiver.answer(Answer(410), run_id=run.id)
    with pytest.raises(InvalidRequest, match="so it has no result yet"):
        await client.deliver_again(run)
    await client.cancel(run)
    await told(receiver, run)
    await swept()
    assert len(receiver.of(run.id)) == 1
    delivering = await client.deliver_again(run)
    assert "taken by 127.0.0.1" in (await last_status(delivering)).message
    first, second = receiver.of(run.id)
    assert (first.event["type"], first.id) == ("run.cancelled", second.id)
    assert (first.event["is_redelivery"], second.event["is_redelivery"]) == (False, True)


async def test_a_delivery_survives_kill_9(receiver):
    """The receiver is slow, the process dies while it waits; another one continues, and nothing is sent thrice."""
    run = await client.start(film("Killed"), at=datetime.now(UTC) + timedelta(days=1))
    receiver.answer(Answer(wait_s=8), run_id=run.id)
    await client.cancel(run)
    [first] = await told(receiver, run)
    [delivering, *_] = await client.list_runs(flow="deliver-webhooks")
    async with get_client() as prefect:
        process = (await prefect.read_flow_run(delivering.id)).labels[PROCESS]
    os.kill(int(str(process).rpartition(" / ")[2].split()[0]), signal.SIGKILL)
    _, second = await told(receiver, run, 2)
    assert second.id == first.id
    assert (await last_status(delivering)).is_completed
    await swept()
    assert len(receiver.of(run.id)) == 2


async def test_what_the_server_missed_is_told_by_upkeep(receiver):
    """Once, though upkeep looks twice."""
    async with without_automation():
        run = await client.start(film("Missed"), at=datetime.now(UTC) + timedelta(days=1))
        await client.cancel(run)
        await asyncio.sleep(3)
        assert receiver.of(run.id) == []
        await swept()
        await swept()
    assert len(await told(receiver, run)) == 1


async def test_the_command_line_pings_and_delivers_again(receiver):
    """Each says who took it, or why not, with an exit code."""
    [run, *_] = await client.list_runs(states=["Cancelled"])
    before = len(receiver.of(run.id))
    pinged = await asyncio.to_thread(CliRunner().invoke, app, ["webhook", "test"])
    assert (pinged.exit_code, "ping msg_" in pinged.stdout) == (0, True)
    assert receiver.deliveries[-1].event["data"] == {"run": None, "video": None}
    again = await asyncio.to_thread(CliRunner().invoke, app, ["webhook", "deliver", str(run.id), "--json"])
    assert (again.exit_code, len(receiver.of(run.id))) == (0, before + 1)
    receiver.answer(Answer(404, body=b"gone"))
    refused = await asyncio.to_thread(CliRunner().invoke, app, ["webhook", "test"])
    assert (refused.exit_code, "refused the request (HTTP 404): gone" in refused.stderr) == (1, True)


async def test_neither_secret_nor_address_is_anywhere_on_the_server(receiver):
    """Not in logs, parameters, names or artifacts of the runs that deliver; nor in the results that are kept."""
    async with get_client() as prefect:
        logs = await prefect.read_logs()
        runs = [await prefect.read_flow_run(run.id) for run in await client.list_runs(flow="deliver-webhooks")]
        tasks = await prefect.read_task_runs()
        artifacts = await prefect.read_artifacts()
    kept = [path.read_text(errors="replace") for path in settings().results_dir.rglob("*") if path.is_file()]
    everything = " ".join([*kept, *(value.model_dump_json() for value in (*logs, *runs, *tasks, *artifacts))])
    assert "deliver to 127.0.0.1" in everything
    assert [word for word in (receiver.secret, receiver.secret[6:], "nobodys-business") if word in everything] == []


async def test_the_server_tells_nobody_where_no_address_is_set(receiver):
    """The automation is there once, however often it is applied, and gone with the address; upkeep then looks no more.

    What ended meanwhile is no news when there is an address again.
    """
    async with get_client() as prefect:
        await ensure_automations(prefect, has_webhooks=True)
        assert len(await prefect.read_automations_by_name(AUTOMATION)) == 1
        await ensure_automations(prefect, has_webhooks=False)
        assert await prefect.read_automations_by_name(AUTOMATION) == []
        run = await client.start(film("Untold"), at=datetime.now(UTC) + timedelta(days=1))
        await client.cancel(run)
        await swept()
        await ensure_automations(prefect, has_webhooks=True)
    await swept()
    assert receiver.of(run.id) == []
