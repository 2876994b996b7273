"""Video from models becomes clips of a profile, whatever its size and rate."""

import struct
import time
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from callsheet.errors import MediaUnfit
from callsheet.footage.conform import conform_video
from callsheet.model.footage.jobs import Fit
from tests.footage.given import SMALL
from tests.pace import seconds_here
from tests.synthetic import clip_at, decoded, decoding_warnings, tiny_profile, write_clip

Colour = tuple[int, int, int]


def turn(path: Path, matrix: tuple[int, ...]) -> None:
    """Write into an MP4 file how it is to be turned (ISO 14496-12, 8.3.2)."""
    content = bytearray(path.read_bytes())
    begins = content.index(b"tkhd") + 44
    a, b, c, d = (struct.pack(">i", value << 16) for value in matrix)
    content[begins : begins + 24] = a + b + bytes(4) + c + d + bytes(4)
    path.write_bytes(content)


def foreign_video(path: Path, rate: Fraction, frames: int, size: tuple[int, int]) -> None:
    """A video as other programs make it: B-frames, its own GOP, grey that grows brighter with its number."""
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=rate, options={"bf": "2", "g": "250"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for number in range(frames):
            level = np.full((size[1], size[0], 3), 20 + 200 * number // frames, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(level, format="rgb24")))
        container.mux(stream.encode(None))


@pytest.mark.parametrize("rate", [Fraction(25), Fraction(24000, 1001), Fraction(30), Fraction(60), Fraction(12)])
@pytest.mark.parametrize("size", [(640, 360), (200, 300)])
def test_a_video_of_any_rate_keeps_its_length(rate: Fraction, size: tuple[int, int], tmp_path: Path):
    """To half a frame; each frame is a separate one, in order."""
    foreign_video(tmp_path / "a.mp4", rate, 31, size)
    frames = conform_video(tmp_path / "a.mp4", SMALL, Fit.FIT, tmp_path / "b.mp4")
    assert clip_at(tmp_path / "b.mp4", SMALL).frames == frames
    assert abs(frames / SMALL.frame_rate - 31 / rate) <= 1 / 2 / SMALL.frame_rate
    assert decoding_warnings(tmp_path / "b.mp4") == ""
    levels = [frame.to_ndarray(format="gray")[90, 160] for frame in decoded(tmp_path / "b.mp4")]
    assert all(int(one) <= int(other) + 1 for one, other in pairwise(levels))
    assert levels[0] < 50
    assert levels[-1] > 190


@pytest.mark.parametrize("frames", [12, 100])
def test_a_clip_of_a_certain_length_ends_earlier_or_holds_its_last_picture(frames: int, tmp_path: Path):
    """A shot is as long as its speech, whatever a model has made."""
    foreign_video(tmp_path / "a.mp4", Fraction(25), 31, (640, 360))
    assert conform_video(tmp_path / "a.mp4", SMALL, Fit.FIT, tmp_path / "b.mp4", frames) == frames
    assert clip_at(tmp_path / "b.mp4", SMALL).frames == frames
    levels = [int(frame.to_ndarray(format="gray")[90, 160]) for frame in decoded(tmp_path / "b.mp4")]
    assert (levels[-1] > 190) == (frames == 100)
    assert all(abs(level - levels[-1]) <= 2 for level in levels[45:])


def test_colours_stay_what_they_are(tmp_path: Path):
    """A clip that says BT.709 is read as BT.709."""
    profile = tiny_profile(width=320, height=180)
    write_clip(tmp_path / "a.mp4", profile, 6, lambda _: np.full((180, 320, 4), (200, 60, 40, 255), np.uint8))
    conform_video(tmp_path / "a.mp4", profile, Fit.FILL, tmp_path / "b.mp4")
    first, last = (next(decoded(tmp_path / name)).to_ndarray() for name in ("a.mp4", "b.mp4"))
    assert np.abs(first.astype(int) - last.astype(int)).max() <= 3


def test_a_time_stamp_that_jumps_is_refused_before_a_frame_is_repeated_for_hours(tmp_path: Path):
    """The last of four frames stands ten hours after the others: that took an hour, and 200 MB."""
    with av.open(str(tmp_path / "a.mp4"), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for second in (0, 1, 2, 36_000):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 90, np.uint8), format="rgb24")
            frame.pts, frame.time_base = second * 25, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    began_s = time.process_time()
    with pytest.raises(MediaUnfit, match="at most 300 s, found a frame that stands until 36,000 s"):
        conform_video(tmp_path / "a.mp4", SMALL, Fit.FIT, tmp_path / "b.mp4")
    assert time.process_time() - began_s < seconds_here(10)


def test_what_is_no_video_is_refused(tmp_path: Path):
    """With a sentence."""
    Image.new("RGB", (9, 9)).save(tmp_path / "a.png")
    with pytest.raises(MediaUnfit):
        conform_video(tmp_path / "a.png", SMALL, Fit.FILL, tmp_path / "b.mp4")
