"""Probing: facts from packets, and what is not fit for a timeline."""

from fractions import Fraction
from pathlib import Path

import av
import pytest

from callsheet.encoder import add_video_stream, encode_repeated, frame_from_rgba, open_output
from callsheet.errors import MediaUnfit
from callsheet.media.join import join_clips
from callsheet.media.probe import probe_clip, probe_video
from callsheet.model.film.profile import RenderProfile
from callsheet.model.film.timeline import MergeOptions, plan_timeline
from tests.synthetic import numbered, solid, tiny_profile, tone, write_clip

PROFILE = tiny_profile()


def test_a_clip_is_measured_from_its_packets(tmp_path: Path) -> None:
    """Frames, size, rate and whether there is sound."""
    write_clip(tmp_path / "clip.mp4", PROFILE, 47, numbered(PROFILE, 3), tone(Fraction(1), 440))
    facts = probe_clip(tmp_path / "clip.mp4", PROFILE)
    assert (facts["frames"], facts["width"], facts["height"], facts["frame_rate"]) == (47, 320, 180, 30)
    assert facts["has_audio"]


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (tiny_profile(width=640), "expected size 320×180, found 640×180"),
        (tiny_profile(frame_rate=15), "expected frame rate 30, found 15"),
        (PROFILE.model_copy(update={"preset": "ultrafast"}), "expected H.264 profile 64, found 42"),
    ],
)
def test_another_format_is_refused_by_name(tmp_path: Path, other: RenderProfile, message: str) -> None:
    """The sentence says what was expected and what was found."""
    with open_output(str(tmp_path / "clip.mp4")) as container:
        stream = add_video_stream(container, other, threads=1)
        encode_repeated(container, stream, frame_from_rgba(solid(other, (1, 2, 3))(0), other), 0, 5)
        container.mux(stream.encode(None))
    with pytest.raises(MediaUnfit, match=message):
        probe_clip(tmp_path / "clip.mp4", PROFILE)


def test_a_gap_in_time_is_refused(tmp_path: Path) -> None:
    """Frame 5 comes a frame late: no constant frame rate."""
    with open_output(str(tmp_path / "clip.mp4")) as container:
        stream = add_video_stream(container, PROFILE, threads=1)
        frame = frame_from_rgba(solid(PROFILE, (1, 2, 3))(0), PROFILE)
        encode_repeated(container, stream, frame, 0, 5)
        encode_repeated(container, stream, frame, 6, 10)
        container.mux(stream.encode(None))
    with pytest.raises(MediaUnfit, match=r"expected (frame rate|frame 5 at)"):
        probe_clip(tmp_path / "clip.mp4", PROFILE)


def test_a_film_is_no_clip(tmp_path: Path) -> None:
    """A joined film has keyframes where its parts begin: fit to be watched, unfit for another timeline."""
    path = tmp_path / "clip.mp4"
    clip = write_clip(path, PROFILE, 40, numbered(PROFILE, 3))
    join_clips(plan_timeline((clip, clip), MergeOptions(transition_s=0.3)), [path, path], tmp_path / "out.mp4", PROFILE)
    assert probe_video(tmp_path / "out.mp4", PROFILE)["frames"] == 71
    with pytest.raises(MediaUnfit, match="expected a keyframe every 15 frames"):
        probe_clip(tmp_path / "out.mp4", PROFILE)


def test_sound_alone_is_no_clip(tmp_path: Path) -> None:
    """A file without pictures is refused in words."""
    with av.open(str(tmp_path / "clip.mp4"), "w") as container:
        track = container.add_stream("aac", rate=48_000, layout="stereo")
        frame = av.AudioFrame.from_ndarray(tone(Fraction(1, 10), 440)[:, :1024].copy(), format="fltp", layout="stereo")
        frame.sample_rate = 48_000
        container.mux(track.encode(frame))
        container.mux(track.encode(None))
    with pytest.raises(MediaUnfit, match="expected one video track, found 0"):
        probe_clip(tmp_path / "clip.mp4", PROFILE)
