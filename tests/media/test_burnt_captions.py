"""Captions in the picture: seen in the decoded frames of a real film."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from callsheet.media.burnt_captions import burn_captions
from callsheet.media.probe import probe_video
from callsheet.model.film.caption_style import CaptionStyle, ass
from callsheet.model.film.captions import Cue
from callsheet.model.film.narration import WordTime
from tests.synthetic import decoded, decoding_warnings, samples_of, solid, tiny_profile, tone, write_clip

PROFILE = tiny_profile(640, 360)
SCRIPTS = {"en": "Water is wet.", "ar": "الماء رطب.", "zh": "水是湿的。"}


def cue(text: str, start_ms: int = 500, end_ms: int = 1500) -> Cue:
    """A cue whose words, parted by spaces, are heard one after the other."""
    parts = text.split()
    share = (end_ms - start_ms) / 1000 / len(parts)
    words, place = [], 0
    for number, part in enumerate(parts):
        place = text.index(part, place)
        start_s = start_ms / 1000 + number * share
        given = {"text": part, "begins_at": place, "ends_at": place + len(part)}
        words.append(WordTime(**given, start_s=start_s, end_s=start_s + share))
        place += len(part)
    return Cue(start_ms=start_ms, end_ms=end_ms, text=text, words=tuple(words))


def burnt(folder: Path, style: CaptionStyle, text: str) -> list[np.ndarray]:
    """The pictures of two seconds of blue with this caption in their middle, as RGB."""
    film, out = folder / "film.mp4", folder / "out.mp4"
    write_clip(film, PROFILE, 60, solid(PROFILE, (20, 40, 160)), tone(Fraction(2), 440))
    burn_captions(film, Fraction(2), True, [cue(text)], style, PROFILE, "", out)
    assert probe_video(out, PROFILE)["frames"] == 60
    assert np.abs(samples_of(out)).max() > 0.2
    assert decoding_warnings(out) == ""
    assert sorted(path.name for path in folder.iterdir()) == ["film.mp4", "out.mp4"]
    return [frame.to_ndarray(format="rgb24").astype(int) for frame in decoded(out)]


def white(picture: np.ndarray) -> np.ndarray:
    """Where the picture is white."""
    return picture.min(axis=2) > 200


@pytest.mark.parametrize("language", SCRIPTS)
def test_a_caption_stands_in_its_frames_alone_and_in_every_script(tmp_path: Path, language: str):
    """White letters in the lowest fifth, from the frame of its start to the one before its end."""
    pictures = burnt(tmp_path, CaptionStyle.PLAIN, SCRIPTS[language])
    shown = [number for number, picture in enumerate(pictures) if white(picture).sum() > 100]
    assert shown == list(range(15, 45))
    rows, columns = np.nonzero(white(pictures[30]))
    assert rows.min() > PROFILE.height * 0.8
    assert abs(columns.mean() - PROFILE.width / 2) < 20


def test_a_box_is_dark_behind_its_letters(tmp_path: Path):
    """More of the picture is dark than with an outline."""
    dark = [
        (burnt(tmp_path, style, SCRIPTS["en"])[30].max(axis=2) < 80).sum()
        for style in (CaptionStyle.PLAIN, CaptionStyle.BOXED)
    ]
    assert dark[1] > 1.5 * dark[0] > 0


@pytest.mark.parametrize(("language", "grows"), [("en", True), ("ar", False)])
def test_the_active_word_moves_in_the_direction_of_its_script(tmp_path: Path, language: str, grows: bool):
    """Yellow goes to the right through English, and to the left through Arabic."""
    places = []
    pictures = burnt(tmp_path, CaptionStyle.ACTIVE_WORD, SCRIPTS[language])
    for picture in (pictures[16], pictures[42]):
        yellow = (picture[:, :, 0] > 200) & (picture[:, :, 1] > 160) & (picture[:, :, 2] < 120)
        assert yellow.sum() > 30
        places.append(np.nonzero(yellow)[1].mean())
    assert bool(places[1] > places[0]) is grows


def test_what_looks_like_a_command_is_text():
    """Braces and backslashes of a caption style nothing, and start no new line."""
    drawn = ass([cue(r"{\b1}loud\N")], CaptionStyle.PLAIN, PROFILE).splitlines()[-1]
    assert "{" not in drawn
    assert "\\" not in drawn
