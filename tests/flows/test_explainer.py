"""A document becomes a narrated film on a real server: read, storyboard, speech, scenes, film."""

import json
from pathlib import Path

import opentimelineio as otio
import pytest
from PIL import Image
from prefect import flow

from callsheet.cli.run_and_wait import stored_document
from callsheet.client.regeneration import plan_take
from callsheet.errors import InvalidRequest, ProviderRefused, SetupIncomplete
from callsheet.media.edit_files import write_edit
from callsheet.model.requests.explainer import ExplainerRequest
from callsheet.model.run.timing import TimingReport, timing_of
from callsheet.server.connection import connected
from callsheet.settings import settings
from callsheet.storage.films import save_film
from callsheet.storage.opening import open_store
from callsheet.threads import in_a_thread
from flows.explainer import explain_document
from flows.video import generate_video
from tasks.storyboarding import plan_film
from tests.documents.writers import picture
from tests.fakes.chat_server import Reply, rate_limited
from tests.flows.history import all_artifacts, latest_run, scene_runs, task_states

TIDES = (Path(__file__).parents[2] / "examples/tides.md").read_text(encoding="utf-8")
WORKS = ("speak-sentence", "render-scene")


def film(title, text, **options):
    """A short film in a small picture."""
    merge = {"transition": "none"}
    given = {"title": title, "text": text, "profile": "draft", "length_s": 20, "merge": merge}
    return ExplainerRequest.model_validate({**given, **options})


async def works_of(title):
    """Return how many sentences were spoken and how many scenes rendered in the latest run of this title."""
    states = [each for run in await scene_runs((await latest_run(title)).id) for each in await task_states(run.id)]
    done = [name for name, state in states if state == "Completed"]
    return tuple(sum(name.startswith(work) for name in done) for work in WORKS)


def check_the_edit(manifest, folder):
    """As long as the film; each sentence begins where the film says; every file that it names is there."""
    with open_store(settings()).opened(manifest.captions.key) as path:
        captions = path.read_text(encoding="utf-8").count("-->")
    edit = otio.adapters.read_from_file(str(write_edit(open_store(settings()).opened, manifest, folder / "film.mp4")))
    assert edit.duration() == otio.opentime.RationalTime(manifest.video.frames, manifest.video.frame_rate)
    clips = [clip for track in edit.tracks for clip in track.find_clips()]
    assert all((folder / clip.media_reference.target_url).is_file() for clip in clips)
    [voice] = edit.audio_tracks()
    starts = [clip.range_in_parent().start_time.value for clip in voice.find_clips()]
    shots = zip(manifest.timeline.shots, manifest.scenes, strict=True)
    assert starts == [
        shot.start_frame + round(heard.start_s * shot.clip.frame_rate)
        for shot, scene in shots
        for heard in scene.speech
    ]
    assert len(edit.tracks.markers) == len(manifest.scenes) + captions


async def check_the_timing(manifest, folder):
    """Nothing drifts; the report is a table of the run, a stored file, and a file beside the film."""
    path = save_film(open_store(settings()).opened, manifest, folder)
    report = TimingReport.model_validate_json(path.with_suffix(".timing.json").read_bytes())
    assert report == timing_of(manifest)
    assert report.largest_drift_frames == 0
    assert abs(report.sound_drift_frames) <= 1
    assert all(abs(scene.planned_s - scene.real_s) < 0.001 for scene in report.scenes)
    assert 100 < report.words_a_minute < 250
    [table] = [each for each in await all_artifacts((await latest_run("Tides")).id) if each.key == "timing"]
    assert len(json.loads(table.data)) == len(manifest.scenes) + 1


async def test_a_document_becomes_a_film_and_a_changed_sentence_only_its_scene(prefect_server, tmp_path):
    """The first run speaks and renders everything; the same document costs nothing; one word, one scene."""
    manifest = await explain_document(film("Tides", TIDES))
    spoken = [each.spoken.sentence for scene in manifest.scenes for each in scene.speech]
    assert await works_of("Tides") == (len(spoken), len(manifest.scenes))
    assert 10 < manifest.video.duration_s < 40
    assert manifest.video.has_audio
    assert manifest.spoken_by == ("heart",)
    assert all(scene.speech[-1].end_s < scene.clip.duration_s for scene in manifest.scenes if scene.speech)
    with open_store(settings()).opened(manifest.captions.key) as path:
        captions = " ".join(path.read_text(encoding="utf-8").split())
    assert all(sentence.text.split()[0] in captions for sentence in spoken)
    [page] = [each for each in await all_artifacts((await latest_run("Tides")).id) if each.key == "narration"]
    assert spoken[0].text in page.data
    check_the_edit(manifest, tmp_path)
    await check_the_timing(manifest, tmp_path)

    await explain_document(film("Tides again", TIDES))
    assert await works_of("Tides again") == (0, 0)

    await explain_document(film("Tides anew", TIDES.replace("twice a day", "two times a day")))
    assert await works_of("Tides anew") == (1, 1)

    async with connected() as server:
        made = await latest_run("Tides")
        taken = await plan_take(server, made, "2")
        retold = await plan_take(server, made, manifest.scenes[1].name, text="The sea comes, and the sea leaves.")
        with pytest.raises(InvalidRequest, match="language: the run made no film in “de”; it made one film"):
            await plan_take(server, made, "2", language="de")
    assert [scene.take for scene in taken.scenes] == [2 if n == 1 else 1 for n in range(len(taken.scenes))]
    again = await generate_video(retold)
    assert await works_of("Tides") == (1, 1)
    assert [scene.clip for n, scene in enumerate(again.scenes) if n != 1] == [
        scene.clip for n, scene in enumerate(manifest.scenes) if n != 1
    ]
    assert [each.spoken.sentence.text for each in again.scenes[1].speech] == ["The sea comes, and the sea leaves."]


async def test_a_stored_text_brings_its_pictures_into_the_storyboard(prefect_server, tmp_path):
    """The command stores both; a picture that is not there is a note, and the film is planned without it."""
    (tmp_path / "images").mkdir()
    (tmp_path / "images/bay.png").write_bytes(picture(640, 480))
    text = TIDES + "\n![The bay is empty twice a day](images/bay.png)\n\n![Nobody drew this](images/gone.png)\n"
    (tmp_path / "bay.md").write_text(text, encoding="utf-8")
    key = await in_a_thread(stored_document, tmp_path / "bay.md")
    (tmp_path / "bay.md").unlink()
    (tmp_path / "images/bay.png").unlink()
    request = ExplainerRequest(title="Bay", document=key, length_s=60, profile="draft", written_by="rules")
    written = await flow(plan_film)(request)
    [shown] = [scene.content for scene in written.storyboard.scenes if scene.template == "picture"]
    assert shown["caption"] == "The bay is empty twice a day"
    with Image.open(shown["path"]) as image:
        assert image.size == (640, 480)
    assert written.report.remarks == (
        "Pictures that “Bay” names are left out: “images/gone.png” (there is no such file).",
    )


async def test_a_changed_storyboard_is_made_as_it_is(prefect_server):
    """Its words are spoken, and no document is read."""
    scene = {
        "name": "Moon",
        "template": "title",
        "content": {"title": "Moon"},
        "narration": [{"text": "The Moon pulls.", "at": "title"}],
    }
    manifest = await explain_document(
        film("Moon", "", storyboard={"title": "Moon", "language": "en", "scenes": [scene]})
    )
    assert [each.spoken.sentence.text for each in manifest.scenes[0].speech] == ["The Moon pulls."]
    assert not any(name == "read-document" for name, _ in await task_states((await latest_run("Moon")).id))


BY_MODEL = {
    "scenes": [
        {
            "name": "Tides",
            "template": "title",
            "content": {"title": "Tides", "subtitle": "Up and down, twice a day"},
            "narration": [
                {"text": "The sea moves up and down twice a day.", "at": "title", "blocks": [2]},
                {"text": "It does so for 9000 years.", "at": "subtitle", "blocks": [2]},
            ],
        },
        {
            "name": "Its causes",
            "template": "bullets",
            "content": {"title": "What moves the sea", "points": ["The Moon pulls", "The Sun pulls less"]},
            "narration": [
                {"text": "The Moon pulls the water on the near side.", "at": "points.0", "blocks": [4]},
                {"text": "The Sun pulls less, although it is larger.", "at": "points.1", "blocks": [4]},
            ],
        },
    ]
}


async def test_a_model_writes_the_storyboard_and_the_run_says_who_wrote_what(writes):
    """What is not in the document is not in the film; the same document again is not asked about, nor paid."""
    server = writes(rate_limited(0.5), Reply(json.dumps(BY_MODEL)))
    manifest = await explain_document(film("By model", TIDES))
    spoken = [each.spoken.sentence.text for scene in manifest.scenes for each in scene.speech]
    assert spoken == [
        "The sea moves up and down twice a day.",
        "The Moon pulls the water on the near side.",
        "The Sun pulls less, although it is larger.",
    ]
    assert manifest.storyboard.written_by == "test-writer"
    assert [sentence for sentence in manifest.storyboard.left_out if "9000" in sentence]
    assert [call.purpose for call in manifest.model_calls] == ["the storyboard", "the storyboard, attempt 2"]
    assert len(server.asked) == 3
    run = await latest_run("By model")
    [page] = [each for each in await all_artifacts(run.id) if each.key == "narration"]
    assert "Storyboard written by test-writer" in page.data

    again = await explain_document(film("By model again", TIDES))
    assert len(server.asked) == 3
    assert again.storyboard == manifest.storyboard
    assert await works_of("By model again") == (0, 0)


async def test_rules_write_the_storyboard_if_the_model_fails_and_the_request_allows_it(writes):
    """A key that is refused for good is used once; the reason stands in the manifest."""
    server = writes("forbidden")
    manifest = await explain_document(film("Fallback", TIDES))
    assert manifest.storyboard.written_by == "rules"
    assert "may not use this model" in manifest.storyboard.reason
    assert len(server.asked) == 1
    with pytest.raises(ProviderRefused):
        await explain_document(film("Model alone", TIDES, written_by="model"))
    manifest = await explain_document(film("Rules", TIDES, written_by="rules"))
    assert (manifest.storyboard.written_by, manifest.storyboard.reason) == ("rules", "")
    assert len(server.asked) == 2


def board(**fields):
    """A scene that speaks, and one without a word that any language says in another way."""
    spoken = {
        "name": "Moon",
        "template": "title",
        "content": {"title": "Moon"},
        "narration": [{"text": "The Moon pulls.", "at": "title"}],
    }
    number = {"name": "Height", "template": "section", "content": {"title": "16", "number": 2}}
    return {"title": "Moon", "language": "en", "scenes": [spoken, number], **fields}


async def test_one_run_makes_a_film_in_each_language_and_renders_equal_pictures_once(prefect_server):
    """With the translations of the storyboard; each film is published with its voice and captions."""
    words = {"de": {"The Moon pulls.": "Der Mond zieht.", "Moon": "Mond"}}
    request = film("Two", "", storyboard=board(translations=words), languages=["en", "de"], voice={"voice": "michael"})
    manifest = await explain_document(request)
    [german] = manifest.other_languages
    assert (manifest.language, german.language, german.title) == ("en", "de", "Two (de)")
    assert [each.spoken.sentence.text for each in german.scenes[0].speech] == ["Der Mond zieht."]
    assert german.scenes[0].speech[0].spoken.sentence.voice.speaks("de")
    assert manifest.spoken_by == ("michael",)
    assert german.scenes[0].name == "Mond"
    assert german.scenes[1].clip == manifest.scenes[1].clip
    assert german.video.stored != manifest.video.stored
    assert await works_of("Two") == (2, 3)


async def test_a_model_translates_what_the_storyboard_does_not(writes):
    """What can't be translated is left out of that film, and reported."""
    texts = {"1": "Mond", "2": "Der Mond zieht.", "3": "Höhe"}
    server = writes(Reply(json.dumps({"texts": texts})))
    manifest = await explain_document(film("German alone", "", storyboard=board(), languages=["de"]))
    assert [each.spoken.sentence.text for each in manifest.scenes[0].speech] == ["Der Mond zieht."]
    assert [call.purpose for call in manifest.model_calls] == ["the translation into de"]
    assert manifest.storyboard.left_out == ()
    assert len(server.asked) == 1


async def test_a_language_without_a_translation_and_without_a_model_is_one_sentence(prefect_server):
    """It names the field, before anything is spoken."""
    with pytest.raises(InvalidRequest, match=r"languages: “The Moon pulls\.” has no translation into “de”: give"):
        await explain_document(film("Missing", "", storyboard=board(), languages=["en", "de"]))


async def test_without_a_model_a_film_that_wants_one_is_one_sentence(prefect_server):
    """It names the setting."""
    with pytest.raises(SetupIncomplete, match="CALLSHEET_WRITER_MODEL"):
        await explain_document(film("No model", TIDES, written_by="model"))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"document": "/nowhere/paper.pdf"}, "no file"),
        ({"text": "# Only a heading"}, "nothing to tell"),
        ({"text": TIDES, "voice": {"voice": "nobody"}}, "no voice"),
    ],
)
async def test_what_can_not_be_told_is_one_sentence(prefect_server, fields, sentence):
    """A document that is not there, one without a sentence, and a voice that does not exist."""
    with pytest.raises(InvalidRequest, match=sentence):
        await explain_document(ExplainerRequest.model_validate({"title": "Wrong", "profile": "draft", **fields}))
