"""Joining: every frame where the timeline wants it, nothing encoded that need not be."""

from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callsheet.errors import MediaUnfit
from callsheet.media.join import join_clips
from callsheet.media.probe import probe_video
from callsheet.media.segments import CopiedSegment, plan_segments
from callsheet.model.film.media import Clip
from callsheet.model.film.profile import RenderProfile
from callsheet.model.film.timeline import MergeOptions, Timeline, TransitionName, plan_timeline
from tests.synthetic import (
    clip_at,
    decoded,
    decoding_warnings,
    frame_hashes,
    numbered,
    numbers_on,
    plain_clip,
    solid,
    tiny_profile,
    write_clip,
)

PROFILE = tiny_profile()
FADE = MergeOptions(transition=TransitionName.FADE, transition_s=0.5)
CUT = MergeOptions(transition=TransitionName.NONE)


def numbered_clips(folder: Path, *frames: int) -> tuple[tuple[Clip, ...], list[Path]]:
    """Clips with so many frames, whose pictures spell their numbers."""
    paths = [folder / f"{number}.mp4" for number in range(len(frames))]
    clips = [
        write_clip(path, PROFILE, count, numbered(PROFILE, number))
        for number, (path, count) in enumerate(zip(paths, frames, strict=True))
    ]
    return tuple(clips), paths


def assert_film(out: Path, timeline: Timeline, paths: list[Path]) -> None:
    """The file has exactly the timeline's frames in order, the copied ones untouched, and decodes in silence."""
    assert decoding_warnings(out) == ""
    assert probe_video(out, PROFILE)["frames"] == timeline.frames
    film = frame_hashes(out)
    assert len(film) == timeline.frames
    for segment in plan_segments(timeline, PROFILE.gop_frames):
        if isinstance(segment, CopiedSegment):
            clip = frame_hashes(paths[segment.take.shot])
            got = film[segment.start_frame : segment.start_frame + segment.frames]
            assert got == clip[segment.take.first_frame : segment.take.end_frame]
    assert_order(out, timeline)


def assert_order(out: Path, timeline: Timeline) -> None:
    """Every picture outside the transitions spells the clip and frame that belong there."""
    blended = {
        frame for shot in timeline.shots for frame in range(shot.start_frame, shot.start_frame + shot.overlap_frames)
    }
    expected = {
        shot.start_frame + frame: (index, frame)
        for index, shot in enumerate(timeline.shots)
        for frame in range(shot.clip.frames)
    }
    for number, picture in enumerate(decoded(out)):
        if number not in blended:
            assert numbers_on(picture) == expected[number]


def test_crossfaded_clips_keep_every_frame(tmp_path: Path) -> None:
    """Long, short and single-frame clips: windows apart, windows that meet, and a clip too short for a transition."""
    clips, paths = numbered_clips(tmp_path, 75, 1, 40, 90, 20, 16, 5, 130)
    timeline = plan_timeline(clips, FADE)
    report = join_clips(timeline, paths, tmp_path / "out.mp4", PROFILE)
    assert report.frames == report.copied_frames + report.encoded_frames == timeline.frames
    assert_film(tmp_path / "out.mp4", timeline, paths)


def test_hard_cuts_copy_every_packet(tmp_path: Path) -> None:
    """Without a transition no frame is encoded."""
    clips, paths = numbered_clips(tmp_path, 31, 1, 1, 46, 20)
    timeline = plan_timeline(clips, CUT)
    assert join_clips(timeline, paths, tmp_path / "out.mp4", PROFILE).encoded_frames == 0
    assert_film(tmp_path / "out.mp4", timeline, paths)


def test_a_single_clip_is_its_own_film(tmp_path: Path) -> None:
    """One clip comes out as it went in."""
    clips, paths = numbered_clips(tmp_path, 1)
    join_clips(plan_timeline(clips, FADE), paths, tmp_path / "out.mp4", PROFILE)
    assert frame_hashes(tmp_path / "out.mp4") == frame_hashes(paths[0])


@pytest.mark.long
def test_thirty_clips_become_one_film(tmp_path: Path) -> None:
    """Thirty clips in a row lose no frame and keep their order."""
    clips, paths = numbered_clips(tmp_path, *(20 + 3 * number % 37 for number in range(30)))
    timeline = plan_timeline(clips, MergeOptions(transition_s=0.2))
    join_clips(timeline, paths, tmp_path / "out.mp4", PROFILE)
    assert_film(tmp_path / "out.mp4", timeline, paths)


@pytest.mark.parametrize("transition", [name for name in TransitionName if name is not TransitionName.NONE])
def test_every_transition_goes_from_one_clip_to_the_other(tmp_path: Path, transition: TransitionName) -> None:
    """It starts near the outgoing picture, ends near the incoming one, and differs from both in between."""
    dark, light = solid(PROFILE, (20, 30, 90)), solid(PROFILE, (230, 220, 150))
    paths = [tmp_path / "dark.mp4", tmp_path / "light.mp4"]
    clips = tuple(write_clip(path, PROFILE, 40, picture) for path, picture in zip(paths, (dark, light), strict=True))
    timeline = plan_timeline(clips, MergeOptions(transition=transition, transition_s=0.5))
    join_clips(timeline, paths, tmp_path / "out.mp4", PROFILE)
    assert decoding_warnings(tmp_path / "out.mp4") == ""
    means = [float(frame.to_ndarray(format="gray").mean()) for frame in decoded(tmp_path / "out.mp4")]
    assert len(means) == timeline.frames == 65
    before, middle, after = means[24], means[32], means[40]
    assert before == pytest.approx(means[0], abs=2)
    assert after == pytest.approx(means[-1], abs=2)
    assert abs(middle - before) > 5
    assert abs(middle - after) > 5


def test_a_fade_moves_in_even_steps(tmp_path: Path) -> None:
    """The i-th of n blended frames, from 1, is i / (n + 1) of the way over: no end repeats a frame."""
    paths = [tmp_path / "dark.mp4", tmp_path / "light.mp4"]
    pictures = (solid(PROFILE, (0, 0, 0)), solid(PROFILE, (255, 255, 255)))
    clips = tuple(write_clip(path, PROFILE, 40, picture) for path, picture in zip(paths, pictures, strict=True))
    timeline = plan_timeline(clips, MergeOptions(transition_s=0.3))
    join_clips(timeline, paths, tmp_path / "out.mp4", PROFILE)
    means = [bytes(frame.planes[0])[0] for frame in decoded(tmp_path / "out.mp4")]
    assert means[31:40] == pytest.approx([16 + 219 * step / 10 for step in range(1, 10)], abs=3)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    frames=st.lists(st.integers(1, 45), min_size=1, max_size=5),
    transition_s=st.floats(0.03, 1.2),
    frame_rate=st.sampled_from((15, 24, 30)),
)
def test_any_clips_make_a_film_of_the_planned_length(
    tmp_path: Path, frames: list[int], transition_s: float, frame_rate: int
) -> None:
    """Random lengths, overlaps and rates: the frame count is the timeline's and ffmpeg finds nothing to remark."""
    profile = tiny_profile(64, 36, frame_rate)
    paths = [tmp_path / f"{number}.mp4" for number in range(len(frames))]
    clips = tuple(
        write_clip(path, profile, count, numbered(profile, 0)) for path, count in zip(paths, frames, strict=True)
    )
    timeline = plan_timeline(clips, MergeOptions(transition_s=transition_s))
    join_clips(timeline, paths, tmp_path / "out.mp4", profile)
    assert probe_video(tmp_path / "out.mp4", profile)["frames"] == timeline.frames
    assert decoding_warnings(tmp_path / "out.mp4") == ""


def test_the_film_starts_to_play_before_it_is_loaded(tmp_path: Path) -> None:
    """The index (moov) stands before the media (mdat)."""
    clips, paths = numbered_clips(tmp_path, 40, 40)
    join_clips(plan_timeline(clips, FADE), paths, tmp_path / "out.mp4", PROFILE)
    data = (tmp_path / "out.mp4").read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")


def test_seeking_lands_on_the_frame(tmp_path: Path) -> None:
    """From any keyframe, of a copied or an encoded part, decoding gives the same pictures as from the start."""
    clips, paths = numbered_clips(tmp_path, 70, 70)
    join_clips(plan_timeline(clips, FADE), paths, tmp_path / "out.mp4", PROFILE)
    pictures = [frame.to_ndarray() for frame in decoded(tmp_path / "out.mp4")]
    with av.open(str(tmp_path / "out.mp4")) as film:
        stream = film.streams.video[0]
        for number in range(len(pictures) - 1, -1, -9):
            film.seek(512 * number, stream=stream)
            found = next(frame for frame in film.decode(stream) if frame.pts == 512 * number)
            assert np.array_equal(found.to_ndarray(), pictures[number])


def test_progress_grows_to_one(tmp_path: Path) -> None:
    """It is heard about once a second of film, never falls, and ends with 1."""
    clips, paths = numbered_clips(tmp_path, 100, 100)
    shares: list[float] = []
    join_clips(plan_timeline(clips, FADE), paths, tmp_path / "out.mp4", PROFILE, shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert len(shares) == 7


def test_a_clip_of_another_encoder_is_refused(tmp_path: Path) -> None:
    """Same size and rate, but other parameter sets: the message says which clip and what differs; no file is left."""
    other = PROFILE.model_copy(update={"preset": "ultrafast"})
    clips, paths = numbered_clips(tmp_path, 40)
    write_other(tmp_path / "other.mp4", other)
    timeline = plan_timeline((*clips, plain_clip(40)), FADE)
    with pytest.raises(MediaUnfit, match=r"Clip 2 of 2 \(other.mp4\): expected H.264 profile"):
        join_clips(timeline, [*paths, tmp_path / "other.mp4"], tmp_path / "out.mp4", PROFILE)
    assert not (tmp_path / "out.mp4").exists()


def write_other(path: Path, profile: RenderProfile) -> None:
    """A clip of a profile that is not the film's; probing it by its own is no concern here."""
    write_clip(path, profile, 40, solid(profile, (0, 0, 0)))


def test_a_clip_that_is_shorter_than_planned_is_refused(tmp_path: Path) -> None:
    """The timeline says 50 frames, the file has 40."""
    _, paths = numbered_clips(tmp_path, 40)
    with pytest.raises(MediaUnfit, match=r"Clip 1 of 1.*expected 50 frames, found 40"):
        join_clips(plan_timeline((plain_clip(50),), FADE), paths, tmp_path / "out.mp4", PROFILE)


@pytest.mark.parametrize("content", [None, b"", b"not a film", b"\0\0\0\x18ftypisom" + bytes(200)])
def test_a_missing_or_garbled_clip_gives_one_sentence(tmp_path: Path, content: bytes | None) -> None:
    """It names the file and says that it can't be read."""
    path = tmp_path / "broken.mp4"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(MediaUnfit, match=r"broken\.mp4.*expected a readable MP4 file"):
        join_clips(plan_timeline((plain_clip(40),), FADE), [path], tmp_path / "out.mp4", PROFILE)


def test_a_clip_cut_off_in_the_middle_is_refused(tmp_path: Path) -> None:
    """The index promises packets that are not there."""
    clips, paths = numbered_clips(tmp_path, 60)
    paths[0].write_bytes(paths[0].read_bytes()[:-2000])
    with pytest.raises(MediaUnfit, match=r"0\.mp4"):
        join_clips(plan_timeline(clips, FADE), paths, tmp_path / "out.mp4", PROFILE)
    assert not (tmp_path / "out.mp4").exists()


def test_a_strange_file_name_is_only_a_name(tmp_path: Path) -> None:
    """Dashes, percent signs, quotes and colons mean nothing to the media library."""
    clips, paths = numbered_clips(tmp_path, 20)
    strange = paths[0].rename(tmp_path / "-i http:%03d '&.mp4")
    join_clips(plan_timeline(clips, FADE), [strange], tmp_path / "-out:%d.mp4", PROFILE)
    assert clip_at(tmp_path / "-out:%d.mp4", PROFILE).frames == 20
