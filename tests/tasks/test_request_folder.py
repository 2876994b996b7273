"""What counts as the same work: a video is made again if its request, its pictures or its makers have changed."""

import pytest
from PIL import Image

from callsheet.model.requests.backfill import BackfillRequest
from callsheet.model.requests.video import VideoRequest
from callsheet.settings import settings
from tasks import policies
from tasks.backfill.folder import fingerprint_of, read_catalogue

TITLE = {"name": "One", "template": "title", "content": {"title": "One"}}
PROMPT = {"name": "One", "prompt": "Why is the sky blue?"}


def video(*scenes, **fields):
    """A request of these scenes."""
    return VideoRequest.model_validate({"title": "Same", "scenes": scenes, **fields})


@pytest.fixture
def with_writer(monkeypatch):
    """Settings with this model."""

    def set_up(model):
        monkeypatch.setenv("CALLSHEET_WRITER_MODEL", model)
        monkeypatch.setenv("CALLSHEET_WRITER_API_KEY", "none")
        settings.cache_clear()

    yield set_up
    monkeypatch.undo()
    settings.cache_clear()


def test_the_same_request_is_the_same_work_however_it_is_written():
    """What is left out is what it stands for."""
    assert fingerprint_of(video(TITLE)) == fingerprint_of(video({**TITLE, "take": 1}, profile="hd"))
    assert fingerprint_of(video(TITLE)).request != fingerprint_of(video({**TITLE, "take": 2})).request


def test_a_picture_that_was_changed_where_it_lies_is_other_work(tmp_path):
    """The request says where it is, and not what is in it."""
    path = tmp_path / "picture.png"
    request = video({"name": "Picture", "template": "picture", "content": {"path": str(path)}})
    Image.new("RGB", (8, 8), "red").save(path)
    red = fingerprint_of(request)
    Image.new("RGB", (8, 8), "blue").save(path)
    blue = fingerprint_of(request)
    assert (red.request != blue.request, red.software) == (True, blue.software)


def test_a_new_version_of_what_makes_it_is_other_work(monkeypatch):
    """The request is still the same."""
    before = fingerprint_of(video(TITLE))
    monkeypatch.setattr(policies, "VIDEO_MODULES", (*policies.VIDEO_MODULES, "callsheet.errors"))
    after = fingerprint_of(video(TITLE))
    assert (after.request, after.software == before.software) == (before.request, False)


def test_the_language_model_counts_only_where_something_is_written(with_writer):
    """A film of templates stays up to date when the model changes."""
    with_writer("openai:gpt-5-mini")
    drawn, written = fingerprint_of(video(TITLE)), fingerprint_of(video(PROMPT))
    with_writer("openai:gpt-5")
    assert fingerprint_of(video(TITLE)) == drawn
    assert fingerprint_of(video(PROMPT)).software != written.software


async def test_what_is_wrong_in_a_file_of_a_catalogue_is_told_with_its_line(tmp_path):
    """What does not fit as well: it is read as `callsheet create` reads it, under its name in the catalogue."""
    (tmp_path / "wide.yaml").write_text(
        f"title: Wide\nscenes:\n- name: Wide\n  template: terminal\n  content:\n    prompt_sign: {'m' * 24}\n"
        "    entries: [{text: ls}]\n",
        encoding="utf-8",
    )
    _, [candidate] = await read_catalogue.task.fn(BackfillRequest(catalogue=str(tmp_path)))
    assert candidate.problem.startswith("wide.yaml:6: scenes.0.content.prompt_sign (scene “Wide”): ")
