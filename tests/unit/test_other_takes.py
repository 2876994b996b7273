"""Another take of a scene with other words: which of its fields they become, and what they leave alone."""

import pytest

from callsheet.client.regeneration import _with_text
from callsheet.errors import InvalidRequest
from callsheet.model.requests.movie import ShotBrief
from callsheet.model.requests.pictures import PairScene
from callsheet.model.requests.video import SceneBrief

TITLE = {"name": "Moon", "template": "title", "content": {"title": "Moon", "subtitle": "And sea"}}
SPOKEN = [{"text": "The Moon pulls.", "at": "title"}, {"text": "The sea follows.", "at": "subtitle"}]


@pytest.mark.parametrize(
    ("brief", "text", "fields"),
    [
        (
            SceneBrief(**TITLE, narration=SPOKEN),
            "It pulls.\n\nIt follows.\nAnd so on.",
            {
                "narration": [
                    {"text": "It pulls.", "at": "title"},
                    {"text": "It follows.", "at": "subtitle"},
                    {"text": "And so on.", "at": ""},
                ]
            },
        ),
        (SceneBrief(**TITLE, narration=SPOKEN), "All.", {"narration": [{"text": "All.", "at": "title"}]}),
        (SceneBrief(name="Waves", prompt="Draw waves."), "Draw a tide.", {"prompt": "Draw a tide."}),
        (ShotBrief(name="1.1", scene=1, utterances=(4,)), "Mara waves.", {"action": "Mara waves."}),
        (PairScene(name="Day", first="a.png", last="b.png"), "Clouds pass.", {"prompt": "Clouds pass."}),
    ],
)
def test_words_take_the_place_of_the_words_of_the_scene(brief, text, fields):
    """Its narration at the same places, its prompt, or the action of a shot; all else stays."""
    given, before = _with_text(brief, text).model_dump(mode="json"), brief.model_dump(mode="json")
    assert given == {**before, **fields}
    assert _with_text(brief, " ") is brief


@pytest.mark.parametrize(
    ("brief", "text", "said"),
    [
        (SceneBrief(**TITLE), "x" * 2001, "narration"),
        (SceneBrief(name="Long", stored="scenes/ab"), "Short.", "too large to be changed here"),
    ],
)
def test_words_that_do_not_fit_are_one_sentence(brief, text, said):
    """The field is the text that was given."""
    with pytest.raises(InvalidRequest, match=said) as refused:
        _with_text(brief, text)
    assert str(refused.value).startswith("text: ")
