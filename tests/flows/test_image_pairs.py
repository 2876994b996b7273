"""Pairs of pictures on a real server: approved before they are paid, changed afterwards, with music and captions."""

import secrets
import subprocess

import av
import pytest
from prefect.client.orchestration import get_client

from callsheet import client
from callsheet.errors import InvalidRequest, VideoIncomplete
from callsheet.model.requests.pictures import Asking
from callsheet.model.run.manifest import SceneOutcome
from flows.image_pairs import animate_image_pairs
from tasks import wiring
from tests.flows.asking import answered, waiting
from tests.flows.films import last_status
from tests.flows.history import all_artifacts
from tests.footage.films import environment_of, storyboard


async def started(request, provider):
    """A run of the deployment whose process finds this provider."""
    async with get_client() as server:
        deployment = await server.read_deployment_by_name("animate-image-pairs/pairs")
        return await server.create_flow_run_from_deployment(
            deployment.id,
            name=request.title,
            parameters={"request": request.model_dump(mode="json", exclude_none=True)},
            job_variables={"env": environment_of(provider)},
        )


async def shown(run):
    """What the run's artifacts hold, by their keys."""
    found = {}
    for artifact in await all_artifacts(run.id):
        found.setdefault(artifact.key, []).append(artifact.data)
    return found


async def test_paid_pairs_wait_for_approval_and_are_made_as_they_were_changed(paid, pictures):
    """Nothing is paid before.

    A scene is dropped, one is changed, one is added. Then only the one made again is paid.
    """
    title = f"Approved pairs {secrets.token_hex(3)}"
    pairs = [(pictures("1"), pictures("2")), (pictures("2"), pictures("3")), (pictures("3"), pictures("4"))]
    request = storyboard(title, pairs, prompt="morph")
    run = await started(request, paid)
    found = await waiting(run)
    assert paid.created() == 0
    before = await shown(run)
    assert before["estimate"][0].count('"predictions": 1') == 3
    assert '"price": "0.81 $"' in before["estimate"][0]
    assert "about 4 minutes" in before["estimate"][0]
    assert before["pairs"][0].endswith(".jpg")
    async with get_client() as prefect:
        page = await prefect.read_flow_run_input(run.id, found.state.state_details.run_input_keyset["description"])
    assert before["pairs"][0] in page
    first, _, third = [scene.model_dump(mode="json", exclude_none=True) for scene in request.scenes]
    new = {"name": "New", "first": pictures("4"), "last": pictures("5"), "caption": "The new one."}
    await answered(run, scenes=[new, third, {**first, "prompt": "a wave", "duration_s": 8}])
    assert (await last_status(run.id)).is_completed
    assert paid.created() == 3
    manifest = await client.result(run.id)
    assert [scene.name for scene in manifest.scenes] == ["New", third["name"], first["name"]]
    assert manifest.footage_usd == pytest.approx((6 + 6 + 10) * 0.045)
    assert manifest.captions
    paid_by_then = await remade(run, title, paid)
    assert paid_by_then == 4


async def remade(run, title, provider):
    """Make one scene of the approved plan again, with a question because it costs; predictions that there are then."""
    made = (await client.result(run.id)).request
    again = made.model_copy(update={"scenes": (made.scenes[0].model_copy(update={"take": 2}), *made.scenes[:0:-1])})
    second = await started(again, provider)
    await waiting(second)
    estimate = (await shown(second))["estimate"][0]
    assert estimate.count('"price": "kept"') == 2
    assert '"price": "0.27 $"' in estimate
    await answered(second)
    assert (await last_status(second.id)).is_completed
    return provider.created()


async def test_what_is_kept_or_free_is_not_asked_about(paid, pictures):
    """`never` pays without asking; the same again costs nothing, so there is no question."""
    request = storyboard(f"Kept pairs {secrets.token_hex(3)}", [(pictures("1"), pictures("2"))], approval=False)
    assert request.approval is Asking.NEVER
    assert (await last_status((await started(request, paid)).id)).is_completed
    same = request.model_copy(update={"approval": Asking.PAID})
    assert (await last_status((await started(same, paid)).id)).is_completed
    assert paid.created() == 1


@pytest.mark.long
async def test_a_scene_is_made_anew_by_its_name(prefect_server, pictures):
    """`regenerate` starts the same storyboard with another take of it; the others are kept."""
    title = f"Anew {secrets.token_hex(3)}"
    pairs = [(pictures("1"), pictures("2")), (pictures("2"), pictures("3"))]
    run = await client.start(storyboard(title, pairs))
    assert (await last_status(run.id)).is_completed
    again = await client.regenerate(run, 2)
    assert (await last_status(again)).is_completed
    takes = [scene.take for scene in (await client.result(again)).request.scenes]
    assert takes == [1, 2]


@pytest.mark.parametrize("policy", ["skip", pytest.param("placeholder", marks=pytest.mark.long)])
async def test_a_refused_pair_does_not_end_the_video(paid, pictures, policy):
    """It is left out, or a card stands for it; the manifest says which, and why. What was paid is in the video."""
    pairs = [(pictures("x"), pictures("y")), (pictures("y"), pictures("z"))]
    request = storyboard(f"Refused {policy}", pairs, on_scene_failure=policy)
    paid.fail("create", "nsfw")
    manifest = await animate_image_pairs(request)
    [refused] = [scene for scene in manifest.scenes if scene.outcome is not SceneOutcome.RENDERED]
    assert refused.outcome == {"skip": "skipped", "placeholder": "placeholder"}[policy]
    assert refused.error
    assert manifest.missing_scenes == (refused.name,)
    assert len(manifest.timeline.shots) == {"skip": 1, "placeholder": 2}[policy]
    assert manifest.footage_usd == pytest.approx(0.27)
    assert paid.created() == 2


async def test_no_video_is_made_of_nothing(paid, pictures):
    """Where every pair is refused there is nothing to skip to."""
    paid.fail("create", "nsfw")
    with pytest.raises(VideoIncomplete, match="1 of 1 scenes could not be made"):
        await animate_image_pairs(storyboard("Nothing", [(pictures("n"), pictures("m"))], on_scene_failure="skip"))


async def test_music_and_captions_lie_beside_the_pictures(prefect_server, pictures, tmp_path):
    """The music is as long as the film, the captions are where their scenes are; a change of them renders nothing."""
    music = tmp_path / "music.wav"
    subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=330:d=0.8", str(music)], check=True)
    request = storyboard("Scored", [(pictures("1"), pictures("2")), (pictures("2"), pictures("3"))])
    scenes = [scene.model_copy(update={"caption": f"Scene {n}."}) for n, scene in enumerate(request.scenes, 1)]
    scored = storyboard("Scored", [(scene.first, scene.last) for scene in scenes], music={"file": str(music)})
    manifest = await animate_image_pairs(scored.model_copy(update={"scenes": tuple(scenes)}))
    with wiring.store().opened(manifest.video.stored.key) as path, av.open(str(path)) as film:
        # The names of the chapters are a stream of their own.
        assert [stream.type for stream in film.streams] == ["video", "audio", "subtitle", "data"]
        assert len(film.chapters()) == 2
        assert film.streams.video[0].frames == manifest.video.frames
    words = wiring.store().read_bytes(manifest.captions.key).decode()
    # 23 frames at 15 a second. The second scene is there from frame 11; each caption ends two frames before its scene.
    assert "00:00:00.000 --> 00:00:00.600\nScene 1.\n" in words
    assert "00:00:00.733 --> 00:00:01.400\nScene 2.\n" in words


async def test_music_that_is_not_there_is_named_before_anything_is_paid(paid, pictures):
    """With its field."""
    request = storyboard("No music", [(pictures("1"), pictures("2"))], music={"file": "/nowhere.mp3"})
    with pytest.raises(InvalidRequest, match=r"music\.file: there is no file"):
        await animate_image_pairs(request)
    assert paid.created() == 0
