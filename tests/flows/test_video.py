"""The main job on a real server with real renders: what a request becomes, and what a second run costs."""

import json
from pathlib import Path

import av
import httpx
import pytest

from callsheet.errors import VideoIncomplete
from callsheet.model.requests.video import VideoRequest
from callsheet.model.run.manifest import Manifest, SceneOutcome
from callsheet.settings import settings
from callsheet.storage.opening import open_store
from callsheet.storage.publish import manifest_key
from flows.scene import generate_scene
from flows.video import generate_video
from tests.flows.history import artifacts, latest_run, rendered, scene_runs, task_states

RAISES = "from manim import *\n\n\nclass Broken(Scene):\n    def construct(self):\n        raise ValueError('broken')\n"
MADE = []
UNRENDERABLE = {"name": "Broken", "code": RAISES}


def titled(name, **fields):
    """A scene of one second that shows its name."""
    return {"name": name, "template": "title", "content": {"title": name, "duration_s": 1}, **fields}


def film(title, scenes, **options):
    """A request for a draft without transitions, so that frames are easy to count."""
    merge = {"transition": "none"}
    return VideoRequest.model_validate(
        {"title": title, "scenes": scenes, "profile": "draft", "merge": merge, **options}
    )


async def test_a_film_has_its_scenes_in_the_order_of_the_brief(prefect_server):
    """Scene 10 comes after scene 9, whichever is rendered first."""
    scenes = [titled("ten", order=10), titled("nine", order=9), titled("two", order=2)]
    manifest = await generate_video(film("In order", scenes))
    assert [scene.name for scene in manifest.scenes] == ["two", "nine", "ten"]
    assert [shot.start_frame for shot in manifest.timeline.shots] == [0, 15, 30]
    assert manifest.missing_scenes == ()
    with open_store(settings()).opened(manifest.video.stored.key) as path, av.open(str(path)) as container:
        assert sum(1 for packet in container.demux(video=0) if packet.size) == manifest.video.frames == 45


async def test_the_same_request_again_renders_nothing(prefect_server):
    """Everything comes from what is stored: no scene, no merge, no still is made twice."""
    request = film("Twice", [titled("first"), titled("second")])
    once, again = await generate_video(request), await generate_video(request)
    assert again.video == once.video
    run = await latest_run("Twice")
    kept = {name.split(" ")[0]: state for name, state in await task_states(run.id)}
    assert {kept[step] for step in ("render-scene", "merge-clips", "make-stills")} == {"Cached"}


async def test_one_changed_scene_is_one_render(prefect_server):
    """The other scenes are taken as they are; only the film is merged again."""
    scenes = [titled("alpha"), titled("beta"), titled("gamma")]
    await generate_video(film("Edited", scenes))
    scenes[1]["content"]["title"] = "beta, changed"
    await generate_video(film("Edited", scenes))
    assert await rendered((await latest_run("Edited")).id) == ["render-scene 02 beta"]


@pytest.mark.long
async def test_a_scene_put_in_front_renders_itself_alone(prefect_server):
    """Scenes that only move to another place in the film are not rendered again."""
    scenes = [titled("one"), titled("two")]
    await generate_video(film("Moved", scenes))
    await generate_video(film("Moved", [titled("zero"), *scenes]))
    assert await rendered((await latest_run("Moved")).id) == ["render-scene 01 zero"]


@pytest.mark.long
async def test_a_stored_clip_that_is_gone_is_made_anew(prefect_server):
    """A cached value whose file is lost is a miss, not an error."""
    request = film("Lost and found", [titled("lost"), titled("found")])
    manifest = await generate_video(request)
    lost = manifest.scenes[0].clip.stored
    (settings().media_dir / lost.key).unlink()
    (settings().media_dir / manifest.video.stored.key).write_bytes(b"damaged")
    again = await generate_video(request)
    assert again.video.frames == manifest.video.frames
    assert open_store(settings()).holds(again.video.stored)


@pytest.mark.long
async def test_a_record_that_was_cut_off_is_made_anew(prefect_server):
    """A process that is killed while it writes down what a step has given costs that step and no more."""
    request = film("Cut off", [titled("kept"), titled("half written")])
    before = set(settings().results_dir.rglob("render-scene-*"))
    once = await generate_video(request)
    [record, _] = set(settings().results_dir.rglob("render-scene-*")) - before
    for content in (record.read_bytes()[:100], b""):
        record.write_bytes(content)
        assert (await generate_video(request)).video == once.video
        assert len(await rendered((await latest_run("Cut off")).id)) == 1


@pytest.mark.parametrize(
    ("policy", "outcome", "seconds"),
    [
        pytest.param("skip", SceneOutcome.SKIPPED, 2, marks=pytest.mark.long),
        ("placeholder", SceneOutcome.PLACEHOLDER, 2),
    ],
)
async def test_a_failed_scene_is_named_in_the_result(prefect_server, policy, outcome, seconds):
    """The video is made without it, or with a card in its place, and says so."""
    scenes = [titled("before"), UNRENDERABLE, titled("after")]
    manifest = await generate_video(film(f"With a gap: {policy}", scenes, on_scene_failure=policy))
    assert [scene.outcome for scene in manifest.scenes] == [SceneOutcome.RENDERED, outcome, SceneOutcome.RENDERED]
    assert manifest.missing_scenes == ("Broken",)
    assert "Broken" in manifest.scenes[1].error
    assert manifest.video.duration_s >= seconds


async def test_a_failed_scene_costs_no_other_scene_its_work(prefect_server):
    """The run fails and names the scene; after a fix, only that scene is rendered."""
    scenes = [titled("kept one"), UNRENDERABLE, titled("kept two")]
    with pytest.raises(VideoIncomplete, match="1 of 3 scenes could not be made; the others are kept"):
        await generate_video(film("Mended", scenes))
    scenes[1] = titled("Broken")
    await generate_video(film("Mended", scenes))
    assert await rendered((await latest_run("Mended")).id) == ["render-scene 02 Broken"]


@pytest.mark.parametrize("policy", [pytest.param("placeholder", marks=pytest.mark.long), "explain"])
async def test_a_stand_in_that_fails_takes_no_other_scene_with_it(prefect_server, policy):
    """No card can be drawn of a name without a visible letter: the scene is left out, and the reason says all of it."""
    request = film(f"Without a card: {policy}", [titled("stays"), UNRENDERABLE], on_scene_failure=policy)
    stays, broken = request.scenes
    nameless = broken.model_copy(update={"name": "\u200b"})  # a request from outside is refused with such a name
    manifest = await generate_video(request.model_copy(update={"scenes": (stays, nameless)}))
    assert [scene.outcome for scene in manifest.scenes] == [SceneOutcome.RENDERED, SceneOutcome.SKIPPED]
    assert "its stand-in failed, too" in manifest.scenes[1].error


async def test_scenes_of_the_same_name_are_counted_one_by_one(prefect_server):
    """Nothing is left of the film, and the sentence says so."""
    with pytest.raises(VideoIncomplete, match="2 of 2 scenes could not be made") as raised:
        await generate_video(film("Twins", [UNRENDERABLE, UNRENDERABLE], on_scene_failure="skip"))
    assert len(raised.value.missing) == 2


@pytest.fixture
async def introduced(prefect_server):
    """The manifest of one film for all tests that look at what there is of it."""
    if not MADE:
        MADE.append(await generate_video(film("Named well", [titled("Introduction")])))
    return MADE[0]


async def test_a_person_sees_the_run_by_its_names(introduced):
    """Runs, scenes and steps are called as the request calls them."""
    run = await latest_run("Named well")
    assert [scene.name for scene in await scene_runs(run.id)] == ["scene 01 Introduction"]
    names = {name for name, _ in await task_states(run.id)}
    assert {
        "fill-template 01 Introduction", "validate-scene-code 01 Introduction", "render-scene 01 Introduction",
        "upload clips", "merge-clips", "make-stills", "publish-video",
    } <= names  # fmt: skip


async def test_the_artifacts_show_progress_scenes_pictures_and_a_player(introduced):
    """Progress ends at 100; the pictures and the video are served, the video with byte ranges."""
    shown = await artifacts((await latest_run("Named well")).id)
    assert float(shown["progress"].data) == 100
    assert shown["progress"].description == "Named well: done"
    assert json.loads(shown["table"].data)[0]["name"] == "Introduction"
    async with httpx.AsyncClient() as browser:
        sheet = await browser.get(shown["image"].data)
        source = shown["markdown"].data.split('src="')[1].split('"')[0]
        part = await browser.get(source, headers={"Range": "bytes=0-99"})
    assert sheet.headers["content-type"] == "image/jpeg"
    assert (part.status_code, len(part.content)) == (206, 100)


async def test_the_manifest_stands_beside_the_video(introduced):
    """What was made, from what, with which versions, and how long each step took."""
    manifest = introduced
    stored = open_store(settings()).read_bytes(manifest_key(manifest.video.stored.sha256))
    assert Manifest.model_validate_json(stored) == manifest
    assert {"prefect", "manim", "ffmpeg"} <= manifest.versions.keys()
    assert {"01 Introduction", "merging the scenes", "making the stills"} <= {step.step for step in manifest.steps}
    assert manifest.request.title == "Named well"


async def test_a_prompt_is_laid_out_and_says_so(prefect_server):
    """Without a language model a prompt still becomes a scene, and the result is honest about it."""
    prompt = "The area of a circle is A = pi r^2."
    manifest = await generate_video(film("Prompted", [{"name": "Circle", "prompt": prompt}]))
    assert "no language model" in manifest.scenes[0].origin.note


async def test_one_scene_alone_is_a_clip(prefect_server):
    """`generate_scene` is a separate run, with its own progress."""
    request = film("Alone", [titled("alone")]).scene_requests()[0]
    report = await generate_scene(request)
    assert report.clip.frames == 15
    shown = await artifacts((await latest_run("scene 01 alone")).id)
    assert float(shown["progress"].data) == 100
    assert "<video" in shown["markdown"].data


async def test_nothing_is_left_in_the_scratch_folder(introduced):
    """Working files go when their step is over."""
    assert not list(Path(settings().scratch_dir).iterdir())
