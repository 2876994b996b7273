"""Prompts for edits: what is understood is done, and the rest is named."""

import time

import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st
from PIL import Image

from callsheet.footage.edits import edited
from callsheet.footage.moves import read_moves
from callsheet.footage.vocabulary import Edit, EditKind, read_prompt
from callsheet.model.footage.jobs import MAX_PROMPT_CHARACTERS
from tests.footage.given import scenery
from tests.pace import seconds_here

SAYINGS = (
    "crop to 16:9 0:0 999:1 square 50% rotate 8 degrees left upside-down flip vertically mirror blur the background "
    "#fff white border very slightly black and white warmer caption “Hi” saying 'x' \" , ; . then sketch poster dragon"
)
WORDS = st.sampled_from(SAYINGS.split())
PROMPTS = st.text(max_size=80) | st.lists(WORDS, max_size=25).map(" ".join)


@pytest.mark.parametrize(
    ("prompt", "kinds"),
    [
        ("make it warmer", [EditKind.WARMTH]),
        ("Please crop to 16:9 and add a vignette.", [EditKind.CROP_TO_RATIO, EditKind.VIGNETTE]),
        ("black and white, more contrast", [EditKind.MONOCHROME, EditKind.CONTRAST]),
        ("less contrast", [EditKind.CONTRAST]),
        ("a pencil sketch with a white frame", [EditKind.SKETCH, EditKind.FRAME]),
        ("white frame, then sharpen", [EditKind.SHARPEN, EditKind.FRAME]),
        ('caption "Black and white" and brighter', [EditKind.BRIGHTNESS, EditKind.CAPTION]),
        ("put the text “Home, at last” on it", [EditKind.CAPTION]),
        ("blur the background", [EditKind.BLUR_SURROUNDINGS]),
        ("on a red background", [EditKind.BACKGROUND]),
        ("rotate 3.5 degrees to the left", [EditKind.ROTATE]),
        ("turn it upside down", [EditKind.ROTATE]),
        ("flip it vertically; mirror", [EditKind.FLIP, EditKind.MIRROR]),
        ("turn it into a poster", [EditKind.POSTER]),
        ("make it square", [EditKind.CROP_TO_RATIO]),
        ("", []),
    ],
)
def test_what_the_vocabulary_knows_is_understood(prompt: str, kinds: list[EditKind]):
    """In the order of the prompt; words go on top of the finished picture, and a frame around all."""
    reading = read_prompt(prompt)
    assert [edit.kind for edit in reading.edits] == kinds
    assert reading.not_understood == ()


def test_what_the_vocabulary_does_not_know_is_named():
    """No run waits for a dragon that will never come."""
    reading = read_prompt("warmer, add a small dragon on the roof and blur it slightly")
    assert [edit.kind for edit in reading.edits] == [EditKind.WARMTH, EditKind.BLUR]
    assert reading.not_understood == ("add a small dragon on the roof",)


def test_words_say_how_much():
    """A little, as usual, or a lot."""
    amounts = [read_prompt(prompt).edits[0].amount for prompt in ("slightly warmer", "warmer", "much warmer", "colder")]
    assert amounts == [0.5, 1.0, 1.7, -1.0]


@pytest.mark.parametrize(
    ("prompt", "amount"),
    [("crop to 16:9", 16 / 9), ("crop it to a square", 1.0), ("crop 30%", 0.3), ("rotate 90 degrees left", 90.0)],
)
def test_numbers_are_read(prompt: str, amount: float):
    """Ratios, percentages, degrees."""
    assert read_prompt(prompt).edits[0].amount == pytest.approx(amount)


def test_colours_are_read_by_name_and_by_number():
    """CSS knows the names."""
    assert read_prompt("navy background").edits[0].colour == (0, 0, 128)
    assert read_prompt("frame in #ff8800").edits[0].colour == (255, 136, 0)


@examples(PROMPTS)
def test_no_prompt_breaks_the_reader(prompt: str):
    """For every text that a person types."""
    reading = read_prompt(prompt)
    assert all(edit.kind in EditKind for edit in reading.edits)


@pytest.mark.parametrize("word", ["a ", "a-", "0:", "ä ", "to ", "in a ", "add ", "turn ", "flip ", "a\t", "black "])
def test_a_long_prompt_is_read_at_once(word: str):
    """One that repeats a word took five seconds: the time must not grow with the square of its length."""
    prompt = (word * MAX_PROMPT_CHARACTERS)[:MAX_PROMPT_CHARACTERS]
    began_s = time.process_time()
    read_prompt(prompt)
    read_moves(prompt)
    assert time.process_time() - began_s < seconds_here(0.8)


def test_what_is_asked_for_in_a_long_sentence_is_read():
    """German verbs stand at the end, and there may be much before them."""
    sentence = "bitte das ganze schöne alte bild von unserem letzten sommer um 90 grad nach links drehen"
    assert [edit.kind for edit in read_prompt(sentence).edits] == [EditKind.ROTATE]
    assert read_prompt(sentence).edits[0].amount == 90.0


@settings(max_examples=40)
@examples(PROMPTS, st.sampled_from([(64, 48), (40, 90), (17, 16), (200, 20)]))
def test_whatever_is_understood_can_be_done(prompt: str, size: tuple[int, int]):
    """To small pictures and to narrow ones."""
    result = edited(scenery(*size), read_prompt(prompt).edits)
    assert result.mode == "RGB"
    assert min(result.size) >= 1


@pytest.mark.parametrize("kind", EditKind)
@pytest.mark.parametrize("amount", [0.5, 1.0, 1.7])
def test_each_edit_gives_a_picture_the_same_each_time(kind: EditKind, amount: float):
    """Deterministic, and none leaves the picture as it was."""
    picture = scenery(120, 90)
    edit = Edit(kind, 37.0 if kind == EditKind.ROTATE else amount, text="Übermorgen")
    result = edited(picture, [edit])
    assert result.tobytes() == edited(scenery(120, 90), [edit]).tobytes()
    if (kind, amount) != (EditKind.CROP_TO_RATIO, 120 / 90):
        assert (result.size, result.tobytes()) != (picture.size, picture.tobytes())


def test_edits_of_colours_leave_holes_alone():
    """A background can be put behind them afterwards."""
    picture = scenery(60, 40)
    picture.putalpha(Image.linear_gradient("L").resize((60, 40)).point(lambda level: 255 if level > 127 else 0))
    result = edited(picture, read_prompt("warmer, green background").edits)
    assert result.getpixel((5, 2)) == (0, 128, 0)
    assert result.getpixel((5, 38)) != (0, 128, 0)
