"""A document becomes a narrated film on a real server: read, storyboard, speech, scenes, film."""

from pathlib import Path

import pytest

from callsheet.errors import InvalidRequest
from callsheet.model.requests.explainer import ExplainerRequest
from callsheet.settings import settings
from callsheet.storage.opening import open_store
from flows.explainer import explain_document
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


async def test_a_document_becomes_a_film_and_a_changed_sentence_only_its_scene(prefect_server):
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

    await explain_document(film("Tides again", TIDES))
    assert await works_of("Tides again") == (0, 0)

    await explain_document(film("Tides anew", TIDES.replace("twice a day", "two times a day")))
    assert await works_of("Tides anew") == (1, 1)


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
