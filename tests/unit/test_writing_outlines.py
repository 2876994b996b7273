"""A topic becomes briefs, or one sentence that says why not."""

import json

import pytest

from callsheet.errors import NothingWritten
from callsheet.model.requests.video import VideoRequest
from callsheet.model.run.writing import OutlineWriting
from callsheet.writing.outline_writer import write_outline
from callsheet.writing.writer import Writer
from tests.fakes.chat_server import OUTLINE, ChatServer, Reply

SCENE = OUTLINE["scenes"][0]


async def outline(reply, scenes_at_most=6, **more):
    """What comes of this answer."""
    with ChatServer(reply) as server:
        asked_for = OutlineWriting(topic="Shapes", scenes_at_most=scenes_at_most, **more)
        written = await write_outline(asked_for, Writer("test-writer", server.base_url))
        return written, server.asked


def answer(**changes):
    """An outline with changes, as a model writes it."""
    return Reply(json.dumps(OUTLINE | changes))


async def test_a_topic_becomes_briefs():
    """Ready for a request: names, prompts, contexts and lengths."""
    written, _ = await outline("outline")
    assert written.outline.title == OUTLINE["title"]
    assert [brief.model_dump(include=set(SCENE)) for brief in written.outline.scenes] == OUTLINE["scenes"]
    assert VideoRequest(title=written.outline.title, scenes=written.outline.scenes)
    assert written.call.output_tokens > 0


async def test_the_question_holds_the_topic_and_the_bounds():
    """The number of scenes, and the length where one is given."""
    _, [asked] = await outline("outline", scenes_at_most=4, duration_s=90)
    assert asked.question == "The topic:\n\nShapes"
    assert "At most 4 scenes" in asked.words
    assert "about 90 seconds" in asked.words
    assert "<<" not in asked.words


async def test_fields_of_the_models_own_do_no_harm():
    """Models like to add a number or a note."""
    written, _ = await outline(answer(scenes=[SCENE | {"number": 1, "notes": "nice"}]))
    assert len(written.outline.scenes) == 1


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (answer(scenes=[SCENE] * 7), "it has 7 scenes; at most 6"),
        (answer(scenes=[]), "scenes: needs at least 1"),
        (answer(title=""), "title: needs at least 1 character"),
        (answer(scenes=[SCENE | {"prompt": "  "}]), r"scenes\.0\.prompt: needs at least 1 character"),
        (answer(scenes=[SCENE | {"duration_s": -4}]), r"scenes\.0\.duration_s: must be 1.0 or more"),
        (answer(scenes=[SCENE | {"duration_s": "soon"}]), r"scenes\.0\.duration_s: must be a number"),
        (answer(scenes="two"), "scenes: must be a list"),
        (Reply('{"scenes": [{}]}'), "title: is needed"),
        (Reply("[1, 2]"), "no JSON object"),
        (Reply("First a circle, then a square."), "no JSON object"),
        (Reply('{"title": "A", "scenes": [{"name"'), "no JSON object"),
        (answer(scenes=[{"name": "x" * 200}] * 300), "scenes"),
    ],
)
async def test_an_answer_that_is_no_outline_is_refused_in_one_sentence(reply, why):
    """With the field, the beginning of the answer, and what it cost."""
    with pytest.raises(NothingWritten, match=why) as raised:
        await outline(reply)
    assert len(str(raised.value)) < 500
    assert "\n" not in str(raised.value)
    assert raised.value.answer.startswith(reply.content[:50])
    assert raised.value.call.model == "test-writer"
