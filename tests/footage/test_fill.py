"""`fill` cuts away what does not fit, and never a head; measured on drawn people."""

from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter

from callsheet.footage.camera import eased, shot_of
from callsheet.footage.conform import conform_video
from callsheet.footage.pictures import conformed, filling_box
from callsheet.model.footage.jobs import Fit
from tests.footage.given import SMALL, scenery
from tests.synthetic import decoded

HEAD = (250, 20, 20)
PROMPTS = ["", "zoom in", "zoom out", "pan left", "zoom in and pan right", "hold still"]


def person(width: int, height: int, head_top: float, ground: str) -> tuple[Image.Image, float]:
    """A person from head to knees, in the middle; and the head's height in pixels."""
    sky = Image.linear_gradient("L").resize((width, height)).point(lambda level: 150 + level // 4).convert("RGB")
    picture = {"plain": Image.new("RGB", (width, height), (225, 225, 220)), "sky": sky}.get(
        ground, scenery(width, height)
    )
    head = height / 7
    top, middle = head_top * height, width / 2
    draw = ImageDraw.Draw(picture)
    draw.rectangle((middle - 1.2 * head, top + head, middle + 1.2 * head, height), fill=(40, 60, 120))
    for row in range(int(top + head), height, max(4, height // 40)):  # a jumper with many contours
        draw.line((middle - 1.2 * head, row, middle + 1.2 * head, row), fill=(230, 230, 90), width=2)
    draw.ellipse((middle - 0.4 * head, top, middle + 0.4 * head, top + head), fill=HEAD)
    return picture.filter(ImageFilter.GaussianBlur(0.6)), head


def red_rows(picture: Image.Image) -> int:
    """How many rows show the head."""
    pixels = np.asarray(picture.convert("RGB")).astype(int)
    return int(((pixels[..., 0] > 190) & (pixels[..., 1] < 90) & (pixels[..., 2] < 90)).any(axis=1).sum())


@pytest.mark.parametrize("ground", ["plain", "sky", "hills"])
@pytest.mark.parametrize("size", [(360, 640), (480, 600), (480, 480), (640, 480)])
@pytest.mark.parametrize("head_top", [0.01, 0.06, 0.12, 0.18])
def test_nobody_loses_a_head(ground: str, size: tuple[int, int], head_top: float):
    """Whole, from its first row to its last, in a wide frame."""
    picture, head = person(*size, head_top, ground)
    shown = conformed(picture, 320, 180, Fit.FILL)
    expected = head * 320 / size[0]
    assert red_rows(shown) >= 0.93 * min(expected, 180)


@pytest.mark.parametrize("prompt", PROMPTS)
@pytest.mark.parametrize("head_top", [0.02, 0.12])
def test_nor_while_the_camera_moves(prompt: str, head_top: float):
    """At the beginning, in the middle and at the end."""
    picture, head = person(480, 600, head_top, "plain")
    shot = shot_of(picture, 320, 180, Fit.FILL, prompt, duration_s=6)
    for time in (0, 0.5, 1):
        box = shot.box_at(eased(time), 320 / 180)
        seen = (box[3] - box[1]) / shot.canvas.height * 600
        assert red_rows(shot.seen_at(eased(time), 320, 180)) >= 0.9 * head * 180 / seen


def test_an_empty_sky_is_cut_away():
    """Where nothing begins in the upper third, the frame goes to what there is to see."""
    picture = Image.new("RGB", (400, 800), (120, 160, 220))
    picture.paste(scenery(400, 240, seed=3), (0, 520))
    _, top, _, bottom = filling_box(picture, 16 / 9)
    assert top > 800 / 3
    assert bottom > 520


@settings(deadline=None)
@examples(
    st.integers(1, 400), st.integers(1, 400), st.sampled_from([16 / 9, 9 / 16, 1.0, 0.1, 10.0]), st.floats(1, 1.5)
)
def test_the_part_lies_in_the_picture(width: int, height: int, aspect: float, zoom: float):
    """And has the frame's shape, for pictures of every shape."""
    left, top, right, bottom = filling_box(scenery(width, height), aspect, zoom)
    assert -1e-6 <= left < right <= width + 1e-6
    assert -1e-6 <= top < bottom <= height + 1e-6
    assert (right - left) / (bottom - top) == pytest.approx(aspect)


def test_a_film_is_cut_at_the_same_place_in_all_its_frames(tmp_path: Path):
    """Also where something comes into the picture: the rest stands still."""
    with av.open(str(tmp_path / "a.mp4"), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 180, 320, "yuv420p"
        for number in range(12):
            picture = Image.new("RGB", (180, 320), (60, 60, 60))
            ImageDraw.Draw(picture).rectangle((60, 60, 120, 110), fill="white")
            if number >= 6:
                picture.paste(scenery(180, 140, seed=number), (0, 180))
            container.mux(stream.encode(av.VideoFrame.from_image(picture)))
        container.mux(stream.encode(None))
    conform_video(tmp_path / "a.mp4", SMALL, Fit.FILL, tmp_path / "b.mp4")
    first = [int(np.argmax(frame.to_ndarray(format="gray")[:, 160] > 200)) for frame in decoded(tmp_path / "b.mp4")]
    assert max(first) - min(first) <= 1


@pytest.mark.parametrize("size", [(6000, 40), (40, 6000), (6000, 1), (1, 6000), (1, 1)])
@pytest.mark.parametrize("fit", Fit)
def test_the_longest_pictures_take_no_more_than_a_moment(size: tuple[int, int], fit: Fit):
    """And no more pixels than the canvas may have."""
    shot = shot_of(Image.new("RGB", size, (90, 200, 160)), 320, 180, fit, "zoom in", duration_s=1)
    assert shot.canvas.width * shot.canvas.height <= 26_000_000
    assert shot.seen_at(0.5, 320, 180).size == (320, 180)
