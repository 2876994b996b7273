"""A review by pixels: each fault planted into a tiny video, and a good video without one."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from callsheet.review.measures import MEASURES, MeasureName
from callsheet.review.pixels import VideoPart, frame_facts, review_frames, video_facts
from callsheet.review.sheet import Tile, draw_review_sheet, shown_findings
from tests.synthetic import tiny_profile, write_clip

PROFILE = tiny_profile()
RATE, HEIGHT, WIDTH = PROFILE.frame_rate, PROFILE.height, PROFILE.width
GROUND, INK = (12, 18, 34), (238, 242, 251)


def picture(*boxes, ground=GROUND, ink=INK):
    """RGBA pixels with boxes given as shares of the frame: left, top, right, bottom."""
    pixels = np.full((HEIGHT, WIDTH, 4), 255, np.uint8)
    pixels[..., :3] = ground
    for left, top, right, bottom in boxes:
        rows = slice(round(top * HEIGHT), round(bottom * HEIGHT))
        pixels[rows, round(left * WIDTH) : round(right * WIDTH), :3] = ink
    return pixels


def moving(frame):
    """Two bars that reach over most of the frame, and one that travels all the time."""
    at = 0.1 + 0.6 * (frame % 40) / 40
    return picture((0.1, 0.1, 0.9, 0.3), (at, 0.6, at + 0.2, 0.9))


def reviewed(frames, *parts):
    """The review of these pictures, without a file."""
    small = [pixels[::2, ::2, :3] for pixels in frames]
    return review_frames("Tiny", list(frame_facts(small)), RATE, parts)


def test_a_good_video_has_no_findings(tmp_path: Path) -> None:
    """It is decoded from a file, as a finished film is."""
    write_clip(tmp_path / "good.mp4", PROFILE, 120, moving)
    facts, rate = video_facts(tmp_path / "good.mp4")
    review = review_frames("Good", facts, rate)
    assert review.findings == ()
    assert review.worst(MeasureName.FILM_S).value == pytest.approx(4.0)
    assert all(MEASURES[figure.measure].is_good(figure.value) for figure in review.figures)


def test_slow_change_is_no_stillness() -> None:
    """From frame to frame it is too little to be seen, and after a third of a second it is not."""
    bars = (0.1, 0.1, 0.9, 0.3), (0.3, 0.6, 0.5, 0.9)
    review = reviewed([picture(*bars, ink=(250 - frame, 240, 240)) for frame in range(150)])
    assert review.worst(MeasureName.STILL_S).value == 0.0
    assert review.worst(MeasureName.STILL_SHARE).value == 0.0


def test_stillness_survives_the_encoder(tmp_path: Path) -> None:
    """The noise of an encoder is no motion, and the second of the pause is known to a tenth."""
    write_clip(tmp_path / "still.mp4", PROFILE, 150, lambda frame: moving(min(frame, 30)))
    [still] = [each for each in review_frames("", *video_facts(tmp_path / "still.mp4")).findings if each.is_fault]
    assert still.measure is MeasureName.STILL_S
    assert still.second == pytest.approx(1.0, abs=0.1)
    assert still.value == pytest.approx(4.0, abs=0.15)


PLANTED = {
    "blank": (MeasureName.BLANK_SHARE, lambda frame: picture() if 60 <= frame < 75 else moving(frame)),
    "an empty frame": (MeasureName.FILL, lambda frame: picture((0.1, 0.1, 0.2 + frame / 1000, 0.3))),
    "a pause": (MeasureName.STILL_S, lambda frame: moving(min(frame, 10))),
    "a film that stands": (MeasureName.STILL_SHARE, lambda frame: moving(min(frame, 60))),
    "flashes": (
        MeasureName.FLASHES,
        lambda frame: picture((0.1, 0.1, 0.9, 0.9), ground=(255, 255, 255) if frame // 3 % 2 else (0, 0, 40)),
    ),
    "black frames": (
        MeasureName.BLACK_FRAMES,
        lambda frame: moving(frame) if frame != 77 else picture(ground=(0, 0, 0)),
    ),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found(fault: str) -> None:
    """The measure of the fault is among the findings."""
    measure, draw = PLANTED[fault]
    found = reviewed([draw(frame) for frame in range(120)]).findings
    assert measure in {each.measure for each in found}
    assert all(not MEASURES[each.measure].is_good(each.value) for each in found)


def test_each_scene_of_a_film_has_its_own_figures() -> None:
    """The pause lies in the second one, and its second counts from the scene's beginning."""
    frames = [moving(frame) for frame in range(60)] + [moving(min(frame, 90)) for frame in range(60, 190)]
    review = reviewed(frames, VideoPart("moves", 0, 60), VideoPart("stands", 60, 190))
    [still] = [each for each in review.findings if each.measure is MeasureName.STILL_S]
    assert (still.scene, still.second) == ("stands", pytest.approx(1.0, abs=0.1))
    lengths = {each.scene: each.value for each in review.figures if each.measure is MeasureName.SCENE_S}
    assert lengths == {"moves": 2.0, "stands": pytest.approx(130 / 30, abs=0.001)}


def test_the_sheet_frames_what_a_finding_is_about(tmp_path: Path) -> None:
    """A tile without a picture is drawn, too; the file has the format of its name."""
    review = reviewed([picture((0.1, 0.1, 0.2 + frame / 1000, 0.3)) for frame in range(60)])
    chosen = shown_findings(review)
    tiles = [Tile(each, Image.fromarray(picture()).convert("RGB") if each.places else None) for each in chosen]
    draw_review_sheet(review, tiles, tmp_path / "sheet.png")
    sheet = Image.open(tmp_path / "sheet.png")
    assert sheet.format == "PNG"
    framed = np.abs(np.asarray(sheet.convert("RGB")).astype(int) - (255, 190, 70)).max(axis=2) < 20
    assert framed.sum() > 400
