"""The request for a film of a document: one source, and a name."""

import pytest
from pydantic import ValidationError

from callsheet.model.requests.explainer import ExplainerRequest
from callsheet.model.requests.storyboard import Storyboard

SCENE = {
    "name": "Moon",
    "template": "title",
    "content": {"title": "Moon"},
    "narration": [{"text": "It pulls.", "at": "title", "places": ["line 3"]}],
}
BOARD = {"title": "The Moon", "scenes": [SCENE]}


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ({"document": "/papers/tides.final.pdf"}, "tides.final"),
        ({"document": "https://example.com/notes/moon.html?print=1"}, "moon"),
        ({"document": "README.md", "title": "Mine"}, "Mine"),
        ({"storyboard": BOARD}, "The Moon"),
        ({"storyboard": Storyboard.model_validate(BOARD)}, "The Moon"),
        ({"text": "Water boils."}, "Explainer"),
    ],
)
def test_a_film_without_a_title_has_the_name_of_its_source(given, title):
    """So that runs and files can be told apart."""
    assert ExplainerRequest.model_validate(given).title == title


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "name a document"),
        ({"document": "a.md", "text": "Water boils."}, "give just one of document, text, storyboard"),
    ],
)
def test_a_film_has_one_source(given, sentence):
    """None, or two of them, is a mistake that is named."""
    with pytest.raises(ValidationError, match=sentence):
        ExplainerRequest.model_validate(given)


def test_the_plan_is_a_video_of_the_scenes_in_the_language_of_the_storyboard():
    """It keeps voice, look and profile of the request; places in the document are no part of it."""
    request = ExplainerRequest.model_validate(
        {"storyboard": {**BOARD, "language": "de"}, "profile": "draft", "voice": {"voice": "male"}, "approval": True}
    )
    plan = request.plan(request.storyboard)
    assert (plan.title, plan.spoken_language, plan.voice.voice, plan.profile, plan.approval) == (
        "The Moon", "de", "male", "draft", True,
    )  # fmt: skip
    assert plan.scenes[0].narration[0].text == "It pulls."
