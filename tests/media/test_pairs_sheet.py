"""The sheet of pairs: everything on it, whatever the number and shape of the pictures."""

import time
from pathlib import Path
from weakref import ReferenceType, ref

import numpy as np
import pytest
from PIL import Image, ImageDraw

from callsheet.lettering import ELLIPSIS, font_for, shortened
from callsheet.media.pairs_sheet import MOST, ShownPair, draw_pairs_sheet
from callsheet.media.sheet import MOST_BYTES, SHEET_WIDTH
from tests.pace import seconds_here

RED, BLUE = (220, 30, 30), (30, 30, 220)


def sheet_of(pairs: int, size: tuple[int, int], path: Path) -> np.ndarray:
    """The pixels of a sheet whose first pictures are red and whose last ones are blue."""
    words = "A name that is much too long for its place under the two pictures, and goes on and on " * 3
    shown = [
        ShownPair(lambda: Image.new("RGB", size, RED), lambda: Image.new("RGB", size, BLUE), words, words)
        for _ in range(pairs)
    ]
    draw_pairs_sheet(shown, pairs, size[0] / size[1], words, "3 scenes", path)
    return np.asarray(Image.open(path).convert("RGB"), np.int16)


@pytest.mark.parametrize("size", [(160, 90), (90, 160), (100, 100)])
@pytest.mark.parametrize("pairs", [1, 2, 8, 9, 100])
def test_as_much_red_as_blue_and_room_around(tmp_path: Path, pairs: int, size: tuple[int, int]):
    """First and last are of one size; nothing touches an edge of the sheet, neither pictures nor words."""
    path = tmp_path / "sheet.jpg"
    pixels = sheet_of(pairs, size, path)
    assert pixels.shape[1] == SHEET_WIDTH
    assert path.stat().st_size < MOST_BYTES
    red, blue = ((np.abs(pixels - colour).max(-1) < 60).sum() for colour in (RED, BLUE))
    assert red == pytest.approx(blue, rel=0.02)
    border = np.concatenate(
        [
            pixels[:40].reshape(-1, 3),
            pixels[-40:].reshape(-1, 3),
            pixels[:, :40].reshape(-1, 3),
            pixels[:, -40:].reshape(-1, 3),
        ]
    )
    assert np.abs(border - border[0]).max() < 12


def test_pictures_are_opened_one_at_a_time_and_none_that_is_not_drawn(tmp_path: Path):
    """However many pairs a storyboard has, and however large its pictures are."""
    opened: list[ReferenceType[Image.Image]] = []

    def picture() -> Image.Image:
        assert not [each for each in opened if each() is not None]
        made = Image.new("RGB", (160, 90), RED)
        opened.append(ref(made))
        return made

    shown = [ShownPair(picture, picture, "a", "b") for _ in range(100)]
    draw_pairs_sheet(shown, 100, 16 / 9, "A film", "100 scenes", tmp_path / "sheet.jpg")
    assert len(opened) == 2 * MOST


@pytest.mark.parametrize(
    "words", ["wave " * 900, "波が岸に寄せる。" * 600, "🌊" * 4900, "w" * 5000], ids=lambda text: text[:5]
)
def test_a_line_of_thousands_of_letters_is_cut_short_at_once(words):
    """As long as a prompt may be, on a sheet of 24 pairs: a letter less at a time would take minutes."""
    draw = ImageDraw.Draw(Image.new("RGB", (10, 10)))
    font = font_for(words, 17)
    began = time.process_time()
    short = shortened(draw, words, font, 800)
    assert time.process_time() - began < seconds_here(1)
    cut = short.removesuffix(ELLIPSIS)
    assert words.startswith(cut)
    assert draw.textlength(short, font) <= 800 < draw.textlength(words[: len(cut) + 2] + ELLIPSIS, font)


@pytest.mark.parametrize("letters", [1, 5, 63, 64, 65, 130])
def test_a_line_that_fits_is_kept_whole(letters):
    """And one that has more after it says so."""
    draw = ImageDraw.Draw(Image.new("RGB", (10, 10)))
    font = font_for("w", 17)
    line = "w" * letters
    assert shortened(draw, line, font, draw.textlength(line, font)) == line
    assert shortened(draw, line, font, 10_000, goes_on=True) == line + ELLIPSIS
