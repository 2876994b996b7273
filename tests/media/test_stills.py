"""Stills: a poster that shows something, its thumbnail, and a sheet of the whole film."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from callsheet.errors import MediaUnfit
from callsheet.media.contact_sheet import timecode
from callsheet.media.sheet import MOST_BYTES, SHEET_WIDTH
from callsheet.media.stills import detail, make_stills
from tests.synthetic import Picture, numbered, solid, tiny_profile, write_clip

PROFILE = tiny_profile()


def blank_between(first: int, last: int) -> Picture:
    """Numbered pictures but for a blank stretch."""
    shown, blank = numbered(PROFILE, 5), solid(PROFILE, (14, 20, 44))
    return lambda frame: blank(frame) if first <= frame <= last else shown(frame)


def test_the_poster_is_no_blank_frame(tmp_path: Path) -> None:
    """A third of the way the film is blank for a moment: the next place is taken."""
    write_clip(tmp_path / "film.mp4", PROFILE, 120, blank_between(30, 49))
    made = make_stills(tmp_path / "film.mp4", "A film", tmp_path)
    poster = Image.open(made.poster)
    assert poster.size == (320, 180)
    assert detail(poster) > 1


def test_the_poster_is_a_finished_picture(tmp_path: Path) -> None:
    """A scene is built up piece by piece, each for a moment; the poster has all of them."""

    def built(frame: int) -> np.ndarray:
        picture = np.full((180, 320, 4), (14, 20, 44, 255), np.uint8)
        for bar in range(min(6, 1 + frame // 30)):
            picture[20 + 25 * bar : 35 + 25 * bar, 20 : 60 + 40 * bar] = (240 - 30 * bar, 200, 40 * bar, 255)
        return picture

    write_clip(tmp_path / "film.mp4", PROFILE, 300, built)
    poster = np.asarray(Image.open(make_stills(tmp_path / "film.mp4", "Built", tmp_path).poster)).astype(int)
    assert np.abs(poster - built(299)[..., :3]).mean() < 6


def test_the_poster_is_the_finished_title(tmp_path: Path) -> None:
    """Its words come one by one, and go before the next scene, which has more to see."""
    words, busy = (30, 90, 150), numbered(PROFILE, 5)

    def picture(frame: int) -> np.ndarray:
        if frame >= 110:
            return busy(frame)
        drawn = np.full((180, 320, 4), (14, 20, 44, 255), np.uint8)
        for place, left in enumerate(words):
            if 10 + 20 * place <= frame < 100:
                drawn[80:100, left : left + 40] = (240, 200, 120 - 40 * place, 255)
        return drawn

    write_clip(tmp_path / "film.mp4", PROFILE, 240, picture)
    poster = Image.open(make_stills(tmp_path / "film.mp4", "Titled", tmp_path, (0, 110)).poster)
    assert np.abs(np.asarray(poster).astype(int) - picture(95)[..., :3]).mean() < 6


def test_the_poster_of_a_title_of_one_frame_is_that_frame(tmp_path: Path) -> None:
    """Transitions may leave no more of it."""
    write_clip(tmp_path / "film.mp4", PROFILE, 40, lambda frame: solid(PROFILE, (6 * frame, 60, 40))(frame))
    poster = Image.open(make_stills(tmp_path / "film.mp4", "Short", tmp_path, (20, 21)).poster)
    assert np.abs(np.asarray(poster).astype(int) - (120, 60, 40)).max() <= 8


def test_a_film_of_nothing_still_has_a_poster(tmp_path: Path) -> None:
    """All frames are blank: one of them stands for the film."""
    write_clip(tmp_path / "film.mp4", PROFILE, 1, solid(PROFILE, (14, 20, 44)))
    made = make_stills(tmp_path / "film.mp4", "Nothing", tmp_path)
    assert Image.open(made.poster).size == (320, 180)
    assert Image.open(made.contact_sheet).width == SHEET_WIDTH


def test_colours_of_the_poster_are_those_of_the_film(tmp_path: Path) -> None:
    """Converted back by the matrix they were encoded with."""
    write_clip(tmp_path / "film.mp4", PROFILE, 3, solid(PROFILE, (200, 60, 40)))
    poster = np.asarray(Image.open(make_stills(tmp_path / "film.mp4", "Red", tmp_path).poster)).astype(int)
    assert np.abs(poster - (200, 60, 40)).max() <= 8


@pytest.mark.parametrize(("width", "height", "small"), [(320, 180, 270), (180, 320, 853), (200, 200, 480)])
def test_thumbnail_and_sheet_keep_the_shape_of_the_film(tmp_path: Path, width: int, height: int, small: int) -> None:
    """Landscape, portrait and square: 480 pixels wide, undistorted; a sheet below half a megabyte."""
    profile = tiny_profile(width, height)
    write_clip(tmp_path / "film.mp4", profile, 60, numbered(profile, 2))
    made = make_stills(tmp_path / "film.mp4", "三つの形 and a very long title " * 9, tmp_path)
    assert Image.open(made.thumbnail).size == (480, small)
    assert made.contact_sheet.stat().st_size < MOST_BYTES


def test_what_is_no_film_gives_one_sentence(tmp_path: Path) -> None:
    """The file is named."""
    (tmp_path / "film.mp4").write_bytes(b"words")
    with pytest.raises(MediaUnfit, match=r"film\.mp4: expected a readable MP4 file"):
        make_stills(tmp_path / "film.mp4", "Words", tmp_path)


def test_detail_counts_what_there_is_to_see() -> None:
    """A blank picture has none; a busy one has more than a plain one."""
    blank = Image.new("RGB", (320, 180), (14, 20, 44))
    half = blank.copy()
    half.paste((255, 255, 255), (0, 0, 160, 180))
    busy = Image.fromarray(np.random.default_rng(1).integers(0, 255, (9, 16, 3), np.uint8)).resize((320, 180), 0)
    assert detail(blank) == 0
    assert 0 < detail(half) < detail(busy)


def test_timecodes_read_like_a_clock() -> None:
    """Hours only where there are any; tenths where wanted."""
    assert [timecode(7), timecode(754.9), timecode(3723)] == ["0:07", "12:34", "1:02:03"]
    assert timecode(7.56, shows_tenths=True) == "0:07.5"
