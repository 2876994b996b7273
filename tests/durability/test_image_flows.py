"""Videos made of pictures, on the real server: with this machine's own stand-ins, and with a provider that is paid."""

import asyncio
import os
import subprocess
import sys
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path

import av
import pytest
from PIL import Image
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate

from callsheet import client
from callsheet.cli.run_and_wait import stored_picture
from callsheet.errors import InvalidRequest, PredictionFailed, SetupIncomplete, VideoIncomplete
from callsheet.model.film.scenes import OriginKind
from callsheet.settings import settings
from flows.image_pairs import animate_image_pairs
from flows.image_video import image_to_video
from tasks import wiring
from tests.flows.history import artifacts, latest_run, task_states
from tests.footage.films import environment_of, moving, storyboard

SECOND = "second"


def frames_of(manifest):
    """Frames of the finished video, counted in the file."""
    with wiring.store().opened(manifest.video.stored.key) as path, av.open(str(path)) as container:
        return container.streams.video[0].frames


async def test_a_picture_is_edited_and_moves(prefect_server, pictures):
    """The manifest says who did both, and that it cost nothing."""
    request = moving("Hills", pictures("hills"), edit="black and white", animate="zoom in")
    manifest = await image_to_video(request)
    assert frames_of(manifest) == manifest.video.frames == 15
    [scene] = manifest.scenes
    assert scene.origin.kind is OriginKind.FOOTAGE
    assert [(each.kind, each.provider, each.cost_usd) for each in scene.footage] == [
        ("edit-image", "local", 0), ("animate-image", "local", 0)
    ]  # fmt: skip
    assert (manifest.footage_estimate_usd, manifest.footage_usd) == (0, 0)
    assert manifest.request == request
    run = await latest_run("Hills")
    assert {"progress", "table", "markdown"} <= set(await artifacts(run.id))


async def test_what_is_asked_again_is_kept(prefect_server, pictures):
    """With another movement the edit is kept, and only the movement is made."""
    await image_to_video(moving("Kept", pictures("kept"), edit="sepia", animate="zoom in"))
    await image_to_video(moving("Kept", pictures("kept"), edit="sepia", animate="pan left"))
    states = dict(await task_states((await latest_run("Kept")).id))
    assert states["receive-footage edit"] == "Cached"
    assert states["receive-footage video"] == "Completed"


async def test_pairs_become_one_video(prefect_server, pictures):
    """Scenes overlap by their transition; each is a separate run."""
    pairs = [(pictures("a"), pictures("b")), (pictures("b"), pictures("c"))]
    manifest = await animate_image_pairs(storyboard("Pairs", pairs, merge={"transition": "fade", "transition_s": 0.4}))
    assert [scene.clip.frames for scene in manifest.scenes] == [15, 15]
    assert frames_of(manifest) == 30 - 6
    assert manifest.missing_scenes == ()


async def test_a_stored_picture_is_taken_by_its_key(prefect_server, pictures):
    """The file may be gone afterwards."""
    first = await image_to_video(moving("By file", pictures("gone")))
    key = stored_picture(Path(pictures("gone")))
    Path(pictures("gone")).unlink()
    again = await image_to_video(moving("By key", key))
    assert again.video == first.video


@pytest.mark.parametrize(
    ("field", "sentence"),
    [("nowhere.png", "there is no file"), ("http://127.0.0.1:9/x.png", "nothing is fetched from port 9")],
)
async def test_a_picture_that_is_not_there_is_named_with_its_field(prefect_server, pictures, field, sentence):
    """Nothing is made, and nothing is paid."""
    with pytest.raises(InvalidRequest, match=rf"scene “Missing 1”, last: .*{sentence}"):
        await animate_image_pairs(storyboard("Missing", [(pictures("there"), field)]))


async def test_a_provider_without_a_token_is_refused_at_once(paid, pictures, monkeypatch):
    """The sentence names the setting."""
    monkeypatch.delenv("CALLSHEET_REPLICATE_TOKEN")
    settings.cache_clear()
    with pytest.raises(SetupIncomplete, match="CALLSHEET_REPLICATE_TOKEN"):
        await image_to_video(moving("No token", pictures("none")))
    assert paid.requests == []


async def test_what_is_paid_is_in_the_manifest(paid, pictures):
    """Estimate before, price after, and the prediction behind each; the photograph is upright."""
    turned = Path(pictures("turned")).with_suffix(".jpg")
    exif = Image.Exif()
    exif[274] = 6  # turned by 90 degrees
    Image.open(pictures("turned")).save(turned, exif=exif)
    manifest = await image_to_video(moving("Paid", str(turned), edit="warmer", animate="zoom in"))
    assert manifest.footage_estimate_usd == pytest.approx(0.539)
    assert manifest.footage_usd == pytest.approx(0.539)
    records = manifest.scenes[0].footage
    assert [record.model for record in records] == ["google/nano-banana", "minimax/video-01"]
    assert [record.prediction_id for record in records] == [each.id for each in paid.predictions]
    uploaded = next(iter(paid.uploads.values()))
    assert b"Exif" not in uploaded.content


async def test_a_changed_prompt_is_one_new_prediction(paid, pictures):
    """The same storyboard again is none; one scene changed is one; the order changed is none."""
    pairs = [(pictures("1"), pictures("2")), (pictures("2"), pictures("3")), (pictures("3"), pictures("1"))]
    request = storyboard("Storyboard", pairs, prompt="morph")
    await animate_image_pairs(request)
    assert paid.created() == 3
    await animate_image_pairs(request)
    assert paid.created() == 3
    first, *others = request.scenes
    changed = request.model_copy(update={"scenes": (*others, first.model_copy(update={"prompt": "a wave"}))})
    manifest = await animate_image_pairs(changed)
    assert paid.created() == 4
    assert manifest.footage_usd == pytest.approx(3 * 6 * 0.045)


async def test_two_runs_that_want_the_same_pay_once(paid, pictures):
    """Both wait for the one prediction."""
    request = moving("Twins", pictures("twins"))
    await asyncio.gather(image_to_video(request), image_to_video(request))
    assert paid.created() == 1


async def test_a_scene_that_fails_leaves_the_others_kept(paid, pictures):
    """The error names it; another take of it is the only thing that is paid when it is run again."""
    pairs = [(pictures("x"), pictures("y")), (pictures("y"), pictures("z"))]
    request = storyboard("Half", pairs)
    paid.fail("create", "fails")
    with pytest.raises(VideoIncomplete, match="1 of 2 scenes could not be made"):
        await animate_image_pairs(request)
    with pytest.raises(VideoIncomplete):
        await animate_image_pairs(request)
    assert paid.created() == 2


async def test_a_model_that_refuses_is_one_sentence(paid, pictures):
    """It is not asked again by itself."""
    paid.fail("create", "fails")
    with pytest.raises(PredictionFailed, match="gave no result"):
        await image_to_video(moving("Fails", pictures("fails")))
    assert paid.created() == 1


async def end_of(run):
    """The name of the state in which it ends; two processes that start at once take their time."""
    async with asyncio.timeout(400):
        return [status.state async for status in client.follow(run.id)][-1]


@asynccontextmanager
async def second_worker(services):
    """A deployment of the same flow that only a separate worker takes, which waits for work."""
    async with get_client() as server:
        given = await server.read_deployment_by_name("animate-image-pairs/pairs")
        await server.create_work_pool(WorkPoolCreate(name=SECOND, type="process"), overwrite=True)
        copied = {"entrypoint", "pull_steps", "tags", "enforce_parameter_schema"}
        deployment_id = await server.create_deployment(
            given.flow_id, SECOND, work_pool_name=SECOND,
            parameter_openapi_schema=given.parameter_openapi_schema, **given.model_dump(include=copied),
        )  # fmt: skip
    command = ["prefect", "worker", "start", "--pool", SECOND, "--type", "process"]
    environment = {
        **os.environ,
        "PREFECT_API_URL": services.api_url,
        "PREFECT_LOCAL_STORAGE_PATH": str(settings().results_dir),
        "PREFECT_WORKER_QUERY_SECONDS": "1",
        "CALLSHEET_MEDIA_URL": services.media_url,
    }
    worker = subprocess.Popen([sys.executable, "-m", *command], env=environment)
    try:
        yield deployment_id
    finally:
        worker.terminate()
        worker.wait(60)


@pytest.mark.long
async def test_no_more_than_four_run_at_once_and_starts_are_apart(paid, prefect_server, pictures):
    """Twelve pairs, half of them on each of two workers, counted by the provider itself."""
    paid.run_s = 4
    pairs = [(pictures(f"first {n}"), pictures(f"last {n}")) for n in range(12)]
    halves = [storyboard("One half", pairs[:6], approval=False), storyboard("Other half", pairs[6:], approval=False)]
    async with second_worker(prefect_server) as second, get_client() as server:
        first = (await server.read_deployment_by_name("animate-image-pairs/pairs")).id
        runs = [
            await server.create_flow_run_from_deployment(
                deployment_id,
                parameters={"request": half.model_dump(mode="json", exclude_none=True)},
                job_variables={"env": environment_of(paid)},
            )
            for deployment_id, half in zip((first, second), halves, strict=True)
        ]
        assert await asyncio.gather(*map(end_of, runs)) == ["Completed", "Completed"]
    counted = paid.counts()
    assert counted["created"] == 12
    assert counted["most_at_once"] <= 4
    starts = sorted(counted["starts"])
    assert min(later - earlier for earlier, later in pairwise(starts)) >= 1


@pytest.mark.parametrize("answer_s", [pytest.param(0, marks=pytest.mark.long), 6])
async def test_a_cancelled_run_cancels_its_prediction(paid, prefect_server, pictures, answer_s):
    """Run again, it asks for another one, also where the first was cancelled before its acceptance was recorded."""
    paid.run_s = 60
    paid.fail("create", "slow-after", seconds=answer_s)
    request = moving("Cancelled", pictures(f"cancelled, {answer_s}"))
    async with get_client() as server:
        deployment = await server.read_deployment_by_name("image-to-video/picture")
        run = await server.create_flow_run_from_deployment(
            deployment.id,
            parameters={"request": request.model_dump(mode="json", exclude_none=True)},
            job_variables={"env": environment_of(paid)},
        )
    await provider_has(paid, 1)
    await client.cancel(run.id)
    async with asyncio.timeout(60):
        while paid.predictions[0].cancelled_at is None:
            await asyncio.sleep(0.1)
    assert [status.state async for status in client.follow(run.id)][-1] == "Cancelled"
    paid.run_s = 0.3
    await client.retry(run.id)
    ended = [status async for status in client.follow(run.id)][-1]
    assert ended.state == "Completed", ended.message
    assert paid.created() == 2


async def provider_has(server, predictions):
    """Wait until the provider has accepted so many."""
    async with asyncio.timeout(90):
        while server.created() < predictions:
            await asyncio.sleep(0.05)
