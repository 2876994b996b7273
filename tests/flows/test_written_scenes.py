"""Scenes that a language model writes, on a real server: what it is asked, what is kept, and what it costs."""

import pytest

from callsheet import client
from callsheet.errors import InvalidRequest, NothingWritten, SceneAbandoned
from callsheet.model.film.scenes import OriginKind
from callsheet.model.requests.video import SceneRequest, VideoRequest
from callsheet.model.run.attempts import SceneStage
from callsheet.model.run.cost import total_usd
from callsheet.model.run.manifest import SceneOutcome
from flows.scene import generate_scene
from flows.video import generate_video
from tests.fakes.chat_server import GOOD_SCENE, good
from tests.flows.history import all_artifacts, artifacts, latest_run, task_states


def scene(name, **fields):
    """A request for one scene in the draft profile, written from a prompt."""
    return SceneRequest.model_validate(
        {"scene": {"name": name, "prompt": "A circle becomes a square.", **fields}, "profile": "draft"}
    )


def film(title, *names, **options):
    """A film of scenes that are written from prompts."""
    scenes = [{"name": name, "prompt": f"A circle becomes a square: {name}."} for name in names]
    return VideoRequest.model_validate({"title": title, "scenes": scenes, "profile": "draft", **options})


async def test_broken_code_is_repaired_and_both_attempts_are_seen(writes):
    """The first version names an animation that Manim does not have; the second one is right."""
    server = writes("broken-name", "good")
    report = await generate_scene(scene("Repaired"))
    assert [(attempt.stage, attempt.is_good) for attempt in report.attempts] == [
        (SceneStage.VALIDATE, False), (SceneStage.RENDER, True)
    ]  # fmt: skip
    assert "DrawSlowly" in report.attempts[0].findings[0]
    assert report.outcome is SceneOutcome.RENDERED
    assert report.origin.kind is OriginKind.MODEL
    assert len(server.asked) == 2
    assert "DrawSlowly" in server.asked[1].question
    run = await latest_run("scene 01 Repaired")
    names = [name for name, _ in await task_states(run.id)]
    assert "repair-scene-code 01 Repaired, attempt 2" in names
    assert (await artifacts(run.id))["table"].key == "attempts"


@pytest.mark.long
async def test_code_that_only_breaks_when_it_runs_is_repaired_too(writes):
    """The rehearsal finds it, before anything is rendered."""
    writes("broken-run", "good")
    report = await generate_scene(scene("Rehearsed"))
    assert [attempt.stage for attempt in report.attempts] == [SceneStage.REHEARSE, SceneStage.RENDER]
    assert report.rehearsal.frames == report.clip.frames


async def test_a_layout_that_is_off_goes_back_to_the_writer(writes):
    """Text outside of the frame is no error of Python; the writer hears of it all the same."""
    server = writes("off-frame", "good")
    report = await generate_scene(scene("Off"))
    assert [attempt.stage for attempt in report.attempts] == [SceneStage.REHEARSE, SceneStage.RENDER]
    assert "Out of sight" in server.asked[1].question


@pytest.mark.long
async def test_a_layout_that_stays_off_is_rendered_as_it_is(writes):
    """Better a scene with a remark than none: the same remark on the same code is sent once."""
    server = writes("off-frame")
    report = await generate_scene(scene("Stubborn"))
    assert len(server.asked) == 2
    assert report.clip.frames > 0
    assert report.rehearsal.layout


async def test_the_same_request_again_asks_nobody(writes):
    """What was written is paid for and kept, the broken version too."""
    server = writes("broken-name", "good")
    first = await generate_scene(scene("Kept"))
    again = await generate_scene(scene("Kept"))
    assert again.clip == first.clip
    assert len(server.asked) == 2


async def test_a_scene_that_stays_broken_is_given_up_after_its_attempts(writes):
    """Four different broken versions are tried: the first and three repairs. The error is a sentence."""
    invented = [GOOD_SCENE.replace("Create(circle)", f"Draw{number}(circle)") for number in range(4)]
    server = writes(*map(good, invented))
    with pytest.raises(SceneAbandoned, match="was given up after 4 attempts"):
        await generate_scene(scene("Hopeless"))
    assert len(server.asked) == 4


async def test_the_same_broken_code_is_not_sent_twice(writes):
    """A model that repeats itself is not paid for a third time."""
    server = writes("broken-name")
    with pytest.raises(SceneAbandoned, match="was given up after 2 attempts"):
        await generate_scene(scene("Repeated"))
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("policy", "outcome"),
    [("placeholder", "placeholder"), pytest.param("explain", "explained", marks=pytest.mark.long)],
)
async def test_a_video_makes_up_for_a_scene_that_stays_broken(writes, policy, outcome):
    """The film is made, the result says what is missing, and the attempts are paid for in the manifest."""
    writes("broken-name")
    manifest = await generate_video(film(f"With {policy}", f"Broken {policy}", on_scene_failure=policy))
    [report] = manifest.scenes
    assert report.outcome == outcome
    assert manifest.missing_scenes == (f"Broken {policy}",)
    assert len(manifest.model_calls) == len(report.attempts) == 2
    assert "DrawSlowly" in report.error
    assert "no language model" not in report.origin.note


async def test_a_topic_becomes_scenes(writes, monkeypatch):
    """The outline is asked for once; each of its scenes is written."""
    server = writes("outline", "good")
    monkeypatch.setattr("callsheet.writing.prices.price_usd", lambda response: 0.25)  # a local server has no price
    request = VideoRequest.model_validate({"title": "Shapes", "topic": "Shapes that change", "profile": "draft"})
    manifest = await generate_video(request)
    assert [scene.name for scene in manifest.scenes] == ["A circle", "A square"]
    assert len(server.asked) == 3
    assert manifest.model_calls[0].purpose == "the outline"
    assert "outline" in {each.key for each in await all_artifacts(manifest.run_id)}
    assert sum(call.input_tokens for call in manifest.model_calls) > 0
    labelled = (await client.status(manifest.run_id)).model_calls_usd
    assert labelled == total_usd(manifest.model_calls) == 0.75


@pytest.mark.parametrize(
    ("policy", "outcome"),
    [pytest.param("placeholder", "placeholder", marks=pytest.mark.long), ("explain", "explained")],
)
async def test_a_video_makes_up_for_a_topic_that_no_model_splits(writes, policy, outcome):
    """The model is told once what was wrong; then the topic is laid out, or a card stands in for it."""
    server = writes("no-code")
    request = VideoRequest.model_validate(
        {"title": f"No outline, {policy}", "topic": "Shapes", "profile": "draft", "on_scene_failure": policy}
    )
    manifest = await generate_video(request)
    [report] = manifest.scenes
    assert report.outcome == outcome
    assert "I am sorry, but I can't draw." in report.error
    assert len(server.asked) == len(manifest.model_calls) == 2
    assert "no JSON object" in server.asked[1].question


async def test_an_outline_that_came_at_the_second_time_is_kept_with_the_first_answer(writes, monkeypatch):
    """The same flow again, as after an approval: nothing is asked or paid twice, and the outline is the same."""
    server = writes("no-code", "outline", "good")
    monkeypatch.setattr("callsheet.writing.prices.price_usd", lambda response: 0.25)  # a local server has no price
    request = VideoRequest.model_validate({"title": "Again", "topic": "Shapes that come late", "profile": "draft"})
    first = await generate_video(request)
    assert [call.purpose for call in first.model_calls[:2]] == ["the outline", "the outline, attempt 2"]
    assert len(server.asked) == 4
    again = await generate_video(request)
    assert len(server.asked) == 4
    assert (again.request, again.model_calls) == (first.request, first.model_calls)
    kept_usd = (await client.status(again.run_id)).model_calls_usd
    assert kept_usd == (await client.status(first.run_id)).model_calls_usd == 1.0


async def test_a_topic_that_no_model_splits_fails_the_video_that_wants_it(writes):
    """As `on_scene_failure: fail` says."""
    server = writes("no-code")
    request = VideoRequest.model_validate({"title": "No outline", "topic": "Lines", "profile": "draft"})
    with pytest.raises(NothingWritten, match="no JSON object"):
        await generate_video(request)
    assert len(server.asked) == 2


@pytest.mark.long
async def test_a_topic_that_no_model_splits_is_asked_about_again_in_another_run(writes):
    """The last answer is not kept: a retry asks the question to which it was the answer."""
    server = writes("no-code", "no-code", "outline", "good")
    request = VideoRequest.model_validate({"title": "Late", "topic": "Late lines", "profile": "draft"})
    with pytest.raises(NothingWritten, match="no JSON object"):
        await generate_video(request)
    manifest = await generate_video(request)
    assert len(manifest.model_calls) == 4
    assert len(server.asked) == 5


async def test_a_model_that_talks_is_asked_again_with_what_was_wrong(writes):
    """The attempt shows how its answer began; the next one counts on."""
    server = writes("no-code", "good")
    report = await generate_scene(scene("Talks first"))
    assert [attempt.stage for attempt in report.attempts] == [SceneStage.WRITE, SceneStage.RENDER]
    assert report.attempts[0].said == "I am sorry, but I can't draw."
    assert report.attempts[1].call.purpose == "scene code, attempt 2"
    assert "held no Python block" in server.asked[1].question


@pytest.mark.long
async def test_what_is_certain_is_corrected_without_a_question(writes):
    """And said with the attempt."""
    server = writes(good(GOOD_SCENE.replace("Create(circle)", "ShowCreation(circle)")))
    report = await generate_scene(scene("Corrected"))
    [attempt] = report.attempts
    assert attempt.fixes == ("ShowCreation is Create today",)
    assert len(server.asked) == 1


@pytest.mark.long
async def test_ready_code_is_rendered_and_nobody_is_asked(writes):
    """A brief may carry its scene as Manim code."""
    server = writes("good")
    request = SceneRequest.model_validate({"scene": {"name": "Mine", "code": GOOD_SCENE}, "profile": "draft"})
    report = await generate_scene(request)
    assert report.origin.kind is OriginKind.CODE
    assert report.rehearsal.animations == 3
    assert server.asked == []


async def test_broken_code_of_the_user_is_not_changed_by_a_model(writes):
    """It is refused with the line, and the writer hears nothing of it."""
    server = writes("good")
    code = GOOD_SCENE.replace("Create(circle)", "ShowCreation(circle)")
    request = SceneRequest.model_validate({"scene": {"name": "Mine", "code": code}, "profile": "draft"})
    with pytest.raises(InvalidRequest, match="line 7"):
        await generate_scene(request)
    assert server.asked == []
