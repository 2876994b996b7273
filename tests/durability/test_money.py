"""Money is spent once and seen once, on the real server with a provider that is paid: what else can happen to a run."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime

import pytest
from prefect.client.orchestration import get_client
from prefect.states import Cancelled, Cancelling

from callsheet.client.run_status import read_spent_usd
from callsheet.errors import PredictionCancelled, ProviderRefused, QuotaExhausted, VideoIncomplete
from callsheet.settings import settings
from flows.image_pairs import animate_image_pairs
from flows.image_video import image_to_video
from tasks import wiring
from tasks.paid_jobs.slots import IN_FLIGHT
from tasks.run.limits import concurrency_slot
from tasks.upkeep.stray_predictions import stop_left_running
from tests.flows.history import all_artifacts, latest_run, task_states
from tests.footage.films import environment_of, moving, storyboard
from tests.footage.given import job_of

CLIP_USD = 0.5
PAIR_USD = 0.27
WITHIN_S = 90


async def happens(condition):
    """Wait for it, for so long."""
    async with asyncio.timeout(WITHIN_S):
        while not condition():
            await asyncio.sleep(0.02)


async def cancelled_at_the_provider(paid, request):
    """Run the flow, and cancel the prediction that it asks for, as a person may on the provider's page."""
    before = paid.created()
    run = asyncio.create_task(image_to_video(request))
    await happens(lambda: paid.created() > before)
    paid.predictions[-1].cancelled_at = datetime.now(UTC)
    with pytest.raises(PredictionCancelled):
        await run


async def cancelled(run, title):
    """End a flow of this process as a runner ends one that a person cancelled."""
    async with get_client() as prefect:
        await prefect.set_flow_run_state((await latest_run(title)).id, Cancelling(), force=True)
    run.cancel()
    with suppress(asyncio.CancelledError):
        await run


async def spent(title):
    """What the latest run of this name has written down."""
    return await read_spent_usd((await latest_run(title)).id)


async def tables(title, key):
    """The rows of all tables of the latest run with this name, and this key."""
    found = await all_artifacts((await latest_run(title)).id)
    return [row for each in found if each.key == key for row in json.loads(each.data)]


async def test_what_is_cancelled_again_and_again_is_replaced_each_time(paid, pictures):
    """One prediction a run; none that was cancelled before is taken for the new one."""
    paid.run_s = 60
    request = moving("Cancelled twice", pictures("twice"))
    await cancelled_at_the_provider(paid, request)
    await cancelled_at_the_provider(paid, request)
    paid.run_s = 0.3
    async with asyncio.timeout(WITHIN_S):
        await image_to_video(request)
    assert paid.created() == 3


async def test_what_replaced_a_cancelled_prediction_is_kept_without_asking_the_provider(paid, pictures):
    """Neither the estimate nor the run asks anybody, and there is nothing to pay."""
    paid.run_s = 60
    request = moving("Replaced", pictures("replaced"))
    await cancelled_at_the_provider(paid, request)
    paid.run_s = 0.3
    await image_to_video(request)
    asked = len(paid.requests)
    await image_to_video(request)
    assert len(paid.requests) == asked
    assert [row["price"] for row in await tables("Replaced", "estimate")] == ["kept", "nothing to pay"]
    assert await spent("Replaced") == 0


async def test_a_paid_result_is_collected_though_no_place_is_free(paid, pictures):
    """What was submitted before runs already, and its output is there for an hour only."""
    request = moving("No place", pictures("no place"))
    paid.fail("get", "403")
    with pytest.raises(ProviderRefused):
        await image_to_video(request)
    async with AsyncExitStack() as places, asyncio.timeout(WITHIN_S):
        for _ in range(settings().footage_at_once):
            await places.enter_async_context(concurrency_slot(IN_FLIGHT))
        await image_to_video(request)
    assert paid.created() == 1


async def test_a_run_cancels_no_prediction_that_another_has_asked_for(paid, pictures):
    """Both wait for the same one; the one that found it is cancelled, and the other gets it."""
    paid.run_s = 600
    picture = pictures("shared")
    first = asyncio.create_task(image_to_video(moving("First", picture)))
    await happens(lambda: paid.created() == 1)
    second = asyncio.create_task(image_to_video(moving("Second", picture)))
    await waits_for_it_too("Second")
    await cancelled(second, "Second")
    assert paid.predictions[0].cancelled_at is None
    paid.predictions[0].run_s = 0.3
    manifest = await first
    assert manifest.footage_usd == CLIP_USD
    assert paid.created() == 1


async def waits_for_it_too(title):
    """Wait until the latest run of this name has found the prediction, and waits for its end."""
    async with asyncio.timeout(WITHIN_S):
        while True:
            with suppress(IndexError):
                steps = await task_states((await latest_run(title)).id)
                if any(name.startswith("receive-footage") for name, _ in steps):
                    return
            await asyncio.sleep(0.1)


async def test_a_run_cancelled_between_two_tries_cancels_its_prediction(paid, pictures):
    """The wait for the next try is no part of a step."""
    paid.run_s = 60
    paid.fail("get", "503", times=100)
    run = asyncio.create_task(image_to_video(moving("Between tries", pictures("between"))))
    await happens(lambda: any(each.startswith("GET /v1/predictions/") for each in paid.requests))
    await cancelled(run, "Between tries")
    assert paid.predictions[0].cancelled_at is not None


async def test_a_run_cancelled_after_its_answer_was_lost_cancels_what_was_accepted(paid, pictures):
    """It waits for the next try of the submission then, and knows no id."""
    paid.run_s = 60
    paid.fail("create", "503-after")
    run = asyncio.create_task(image_to_video(moving("Answer lost", pictures("lost"))))
    await happens(lambda: paid.created() == 1)
    await cancelled(run, "Answer lost")
    assert paid.predictions[0].cancelled_at is not None


RUN = """
import asyncio, sys
from callsheet.model.requests.pictures import ImageVideoRequest
from flows.image_video import image_to_video
asyncio.run(image_to_video(ImageVideoRequest.model_validate_json(sys.argv[1])))
"""


@pytest.mark.parametrize("fault", ["slow-before", "slow-after"])
async def test_sigterm_while_a_prediction_is_asked_for_cancels_it(paid, prefect_server, pictures, fault):
    """The question is on its way and not accepted yet, or accepted and not answered yet: nothing runs on."""
    paid.run_s = 60
    paid.fail("create", fault, seconds=3)
    title = f"Ended while it was asked for, {fault}"
    before = len(paid.requests)
    request = moving(title, pictures(fault))
    environment = {
        **os.environ,
        **environment_of(paid),
        "PREFECT_API_URL": prefect_server.api_url,
        "PREFECT_LOCAL_STORAGE_PATH": str(settings().results_dir),
    }
    process = subprocess.Popen([sys.executable, "-c", RUN, request.model_dump_json()], env=environment)
    try:
        await happens(lambda: any(each.startswith("POST /v1/models/") for each in paid.requests[before:]))
        async with get_client() as prefect:
            await prefect.set_flow_run_state((await latest_run(title)).id, Cancelling(), force=True)
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        await asyncio.to_thread(process.wait, 30)
    finally:
        process.kill()
    assert paid.created() == 1
    assert paid.predictions[0].cancelled_at is not None


async def test_upkeep_stops_what_a_cancelled_run_without_a_process_left_running(paid, pictures):
    """It was paused or had crashed; no process was there to do it."""
    paid.run_s = 60
    run = asyncio.create_task(image_to_video(moving("Left running", pictures("left"))))
    await happens(lambda: paid.created() == 1)
    found = await latest_run("Left running")
    await happens(lambda: any(each.startswith("GET /v1/predictions/") for each in paid.requests))
    run.cancel()
    with suppress(asyncio.CancelledError):
        await run
    assert paid.predictions[0].cancelled_at is None
    async with get_client() as prefect:
        deployment = await prefect.read_deployment_by_name("image-to-video/picture")
        parameters = {"request": {"title": "Stand-in", "picture": pictures("left")}}
        stand_in = await prefect.create_flow_run_from_deployment(
            deployment.id, parameters=parameters, state=Cancelled()
        )
        labels = (await prefect.read_flow_run(found.id)).labels
        await prefect.update_flow_run_labels(stand_in.id, labels)
        await prefect.set_flow_run_state(stand_in.id, Cancelled(), force=True)
        assert await stop_left_running(prefect) == [paid.predictions[0].id]
        assert paid.predictions[0].cancelled_at is not None
        assert await stop_left_running(prefect) == []


async def test_what_other_jobs_left_behind_makes_no_submission_unclear(paid, pictures):
    """A provider forgets what its predictions were of, and ours are noted: a run that waited for money continues."""
    waiting = moving("Out of credit", pictures("credit"))
    paid.fail("create", "402")
    with pytest.raises(QuotaExhausted):
        await image_to_video(waiting)
    await image_to_video(moving("Meanwhile", pictures("meanwhile")))
    paid.predictions[0].input = {}
    await image_to_video(waiting)
    assert paid.created() == 2


async def test_after_a_definite_refusal_the_list_is_read_back_to_it_and_no_further(paid, pictures):
    """Nothing was accepted before it: the note of the time is a new one."""
    before = set(settings().results_dir.glob("intend-footage-*"))
    noted = []
    for _ in range(2):
        paid.fail("create", "402")
        with pytest.raises(QuotaExhausted):
            await image_to_video(moving("Refused twice", pictures("refused twice")))
        [record] = set(settings().results_dir.glob("intend-footage-*")) - before
        noted.append(record.read_bytes())
    assert noted[0] != noted[1]


async def test_the_id_of_a_prediction_is_kept_as_soon_as_it_is_accepted(paid, pictures, monkeypatch):
    """The distance to the next start does not keep it waiting."""
    monkeypatch.setenv("CALLSHEET_FOOTAGE_START_SPACING_S", "8")
    settings.cache_clear()
    before = set(settings().results_dir.glob("submit-footage-*"))
    await image_to_video(moving("Kept at once", pictures("at once")))
    [record] = set(settings().results_dir.glob("submit-footage-*")) - before
    assert record.stat().st_mtime - paid.predictions[0].created_at.timestamp() < 8


async def test_what_runs_without_a_place_counts_at_the_provider(paid, pictures, tmp_path):
    """Four predictions of runs that were killed are under way: a fifth begins when one of them has ended."""
    paid.run_s = 6
    async with wiring.footage_provider() as provider:
        for take in range(1, settings().footage_at_once + 1):
            await provider.submit(job_of("animate-between", tmp_path, take=take))
    await image_to_video(moving("The fifth", pictures("fifth")))
    assert paid.counts()["most_at_once"] == 4
    assert paid.created() == 5


async def test_what_failed_is_paid_and_seen_once(paid, pictures):
    """A prediction that was stopped at work costs money: it is in the run that asked for it, and in no later one."""
    paid.run_s = 60
    request = storyboard("Stopped", [(pictures("s1"), pictures("s2")), (pictures("s2"), pictures("s3"))])
    run = asyncio.create_task(animate_image_pairs(request))
    await happens(lambda: paid.created() == 2)
    stopped, other = paid.predictions
    stopped.created_at = datetime.fromtimestamp(stopped.created_at.timestamp() - 30, UTC)  # it has begun
    stopped.cancelled_at = datetime.now(UTC)
    other.run_s = 1
    with pytest.raises(VideoIncomplete):
        await run
    assert await spent("Stopped") == pytest.approx(2 * PAIR_USD)
    assert [row["prediction"] for row in await tables("Stopped", "footage")] == [other.id]
    paid.run_s = 0.3
    manifest = await animate_image_pairs(request)
    assert manifest.footage_usd == pytest.approx(2 * PAIR_USD)
    assert await spent("Stopped") == pytest.approx(PAIR_USD)


async def test_equal_scenes_are_one_prediction_in_every_sum(paid, pictures):
    """In the estimate, in the table of prices, in the manifest, and on the run."""
    pair = (pictures("e1"), pictures("e2"))
    manifest = await animate_image_pairs(storyboard("Equal", [pair, pair]))
    assert paid.created() == 1
    assert manifest.footage_estimate_usd == manifest.footage_usd == await spent("Equal") == PAIR_USD
    rows = await tables("Equal", "estimate")
    assert [row["predictions"] for row in rows] == [1, 0, 1]
    assert [row["price"] for row in await tables("Equal", "footage")] == ["0.27 $", "as above"]


async def test_two_runs_that_share_a_prediction_pay_it_once(paid, pictures):
    """Whichever comes first writes it down."""
    picture = pictures("halves")
    await asyncio.gather(image_to_video(moving("Half one", picture)), image_to_video(moving("Half two", picture)))
    assert paid.created() == 1
    assert await spent("Half one") + await spent("Half two") == CLIP_USD


async def test_a_run_of_which_everything_is_kept_asks_for_no_money(paid, pictures):
    """The estimate is of the pictures that are given, the edited one among them."""
    request = moving("All kept", pictures("all kept"), edit="warmer")
    await image_to_video(request)
    await image_to_video(request)
    rows = await tables("All kept", "estimate")
    assert [row["price"] for row in rows] == ["kept", "kept", "nothing to pay"]
    assert await spent("All kept") == 0
