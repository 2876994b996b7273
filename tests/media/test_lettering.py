"""Words on pictures: each word in a typeface that has its letters."""

import pytest
from PIL import Image, ImageDraw, ImageFont

from callsheet.footage.card import drawn_card
from callsheet.lettering import fitted, runs_of, wrapped

MIXED = "Ночной поезд / 夜车 / قطار الليل"


def lacks(font, letters):
    """Letters that the typeface draws as its sign for a missing letter."""
    absent = bytes(font.getmask("\U0010ffff"))
    return [letter for letter in letters if bytes(font.getmask(letter)) == absent]


def test_a_title_in_several_scripts_has_every_letter():
    """No typeface has all of them. A title in one script stays in one typeface."""
    draw = ImageDraw.Draw(Image.new("RGB", (854, 480)))
    font, lines = fitted(draw, MIXED, (600, 260), (60, 40))
    runs = [run for line in lines for run in runs_of(line, font, MIXED)]
    assert " ".join(words.strip() for words, _ in runs) == MIXED
    assert len({other.path for _, other in runs}) == 3
    assert [lacks(other, words.replace(" ", "")) for words, other in runs] == [[]] * len(runs)
    font, [line] = fitted(draw, "夜车", (600, 260), (60,))
    assert runs_of(line, font, "夜车") == [("夜车", font)]
    assert drawn_card(MIXED, 320, 180).size == (320, 180)


@pytest.mark.parametrize("width", [70, 90, 140])
def test_a_sign_between_words_begins_no_line(width):
    """It stays behind the word before it."""
    draw = ImageDraw.Draw(Image.new("RGB", (10, 10)))
    lines = wrapped(draw, "Tea / Coffee / Milk – all", ImageFont.load_default(20), width)
    assert len(lines) > 1
    assert not [line for line in lines if line[0] in "/–"]
