"""The encoder: colours, layout of packets, and one set of parameters for clips and windows."""

from pathlib import Path

import av
import numpy as np
import pytest

from callsheet.encoder import frame_from_rgba, open_encoder
from callsheet.model.film.profile import PROFILES, RenderProfile
from tests.synthetic import decoded, numbered, solid, tiny_profile, write_clip

COLOURS = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0), (18, 24, 48), (240, 180, 40)]


@pytest.mark.parametrize("colour", COLOURS)
def test_colours_are_converted_by_bt709(colour: tuple[int, int, int]) -> None:
    """Luminance and chroma are those of ITU-R BT.709 in studio range, to the nearest step."""
    red, green, blue = (value / 255 for value in colour)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    expected = (
        16 + 219 * luminance,
        128 + 224 * (blue - luminance) / 1.8556,
        128 + 224 * (red - luminance) / 1.5748,
    )
    profile = tiny_profile()
    frame = frame_from_rgba(solid(profile, colour)(0), profile)
    assert [plane[0] for plane in map(bytes, frame.planes)] == pytest.approx(expected, abs=1)


@pytest.mark.parametrize("colour", COLOURS)
def test_colours_come_back_from_the_file(tmp_path: Path, colour: tuple[int, int, int]) -> None:
    """Encoded, tagged and decoded, a colour is what it was to within compression; the tags say BT.709, studio range."""
    profile = tiny_profile()
    write_clip(tmp_path / "clip.mp4", profile, 2, solid(profile, colour))
    frame = next(decoded(tmp_path / "clip.mp4"))
    assert np.abs(frame.to_ndarray(format="rgb24").astype(int) - colour).max() <= 4
    assert (frame.colorspace, frame.color_primaries, frame.color_trc, frame.color_range) == (1, 1, 1, 1)


def test_a_frame_of_another_size_is_refused() -> None:
    """The message names both shapes."""
    with pytest.raises(ValueError, match=r"\(180, 320, 4\).*\(90, 160, 4\)"):
        frame_from_rgba(np.zeros((90, 160, 4), np.uint8), tiny_profile())


def test_pixels_may_be_drawn_over_once_converted() -> None:
    """The frame keeps its picture when the caller reuses the array."""
    profile = tiny_profile()
    pixels = np.full((profile.height, profile.width, 4), 255, np.uint8)
    frame = frame_from_rgba(pixels, profile)
    pixels[:] = 0
    assert bytes(frame.planes[0])[0] == 235


@pytest.mark.parametrize("profile", PROFILES.values(), ids=str)
@pytest.mark.parametrize("threads", [1, 3])
def test_a_window_has_the_parameter_sets_of_a_clip(tmp_path: Path, profile: RenderProfile, threads: int) -> None:
    """For each profile and any number of threads, byte for byte: else their packets could not share a track."""
    write_clip(tmp_path / "clip.mp4", profile, 1, solid(profile, (10, 20, 30)))
    with av.open(str(tmp_path / "clip.mp4")) as clip:
        in_file = clip.streams.video[0].codec_context.extradata
    assert bytes(in_file or b"") == bytes(open_encoder(profile, threads).extradata or b"")


def test_packet_n_is_frame_n_with_regular_keyframes(tmp_path: Path) -> None:
    """No B-frames; a keyframe at every multiple of the GOP and nowhere else, whatever the picture does."""
    profile = tiny_profile()
    write_clip(tmp_path / "clip.mp4", profile, 70, lambda frame: numbered(profile, frame % 7)(frame))
    with av.open(str(tmp_path / "clip.mp4")) as clip:
        packets = [packet for packet in clip.demux(video=0) if packet.size]
    assert [packet.pts for packet in packets] == [packet.dts for packet in packets] == [512 * n for n in range(70)]
    assert [n for n, packet in enumerate(packets) if packet.is_keyframe] == [0, 15, 30, 45, 60]
