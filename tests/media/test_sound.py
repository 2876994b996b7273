"""Sound: heard where its pictures are, for the whole film."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from callsheet.media.command import CommandFailed
from callsheet.media.join import join_clips
from callsheet.media.sound import add_sound
from callsheet.model.film.timeline import MergeOptions, Timeline, TransitionName, plan_timeline
from callsheet.review.pixels import chapters_of
from tests.synthetic import (
    SAMPLE_RATE_HZ,
    click,
    decoded,
    decoding_warnings,
    flashing,
    numbered,
    samples_of,
    solid,
    tiny_profile,
    tone,
    write_clip,
)

PROFILE = tiny_profile(64, 36)
SAMPLES_A_FRAME = SAMPLE_RATE_HZ // PROFILE.frame_rate
FRAMES = 40
FLASH_FRAME = 20
FADE = MergeOptions(transition=TransitionName.FADE, transition_s=0.3)
CUT = MergeOptions(transition=TransitionName.NONE)


def clicking_film(folder: Path, options: MergeOptions, clips: int) -> tuple[Timeline, Path]:
    """Clips that click as they flash; each seventh is silent, and some end before their pictures do."""
    paths = [folder / f"{number}.mp4" for number in range(clips)]
    made = []
    for number, path in enumerate(paths):
        length_s = Fraction(FRAMES - number % 3, PROFILE.frame_rate)
        sound = None if number % 7 == 3 else click(length_s, Fraction(FLASH_FRAME, PROFILE.frame_rate))
        made.append(write_clip(path, PROFILE, FRAMES, flashing(PROFILE, FLASH_FRAME), sound))
    timeline = plan_timeline(tuple(made), options)
    assert join_clips(timeline, paths, folder / "out.mp4", PROFILE).has_audio
    return timeline, folder / "out.mp4"


@pytest.mark.parametrize("options", [FADE, CUT], ids=["fade", "cut"])
def test_clicks_stay_with_their_flashes_over_fifty_clips(tmp_path: Path, options: MergeOptions) -> None:
    """No click is further than an eighth of a frame from its flash, in the last clip as in the first."""
    timeline, out = clicking_film(tmp_path, options, 50)
    flashes = [number for number, frame in enumerate(decoded(out)) if bytes(frame.planes[0])[0] > 150]
    assert flashes == [shot.start_frame + FLASH_FRAME for shot in timeline.shots]
    loud = np.flatnonzero(np.abs(samples_of(out)) > 0.2)
    for flash, shot in zip(flashes, timeline.shots, strict=True):
        expected = flash * SAMPLES_A_FRAME
        near = loud[np.abs(loud - expected) < 8 * SAMPLES_A_FRAME]
        assert bool(near.size) is shot.clip.has_audio
        assert not near.size or abs(int(near[0]) - expected) < SAMPLES_A_FRAME / 8
    assert decoding_warnings(out) == ""


def test_sound_is_as_long_as_the_film(tmp_path: Path) -> None:
    """To within one AAC packet of 1024 samples."""
    timeline, out = clicking_film(tmp_path, FADE, 9)
    assert abs(len(samples_of(out)) - timeline.frames * SAMPLES_A_FRAME) <= 1024


def test_equal_sounds_keep_their_power_through_a_crossfade(tmp_path: Path) -> None:
    """Two unrelated tones: the power in the middle of the overlap is that of each alone, within 1 dB."""
    length_s = Fraction(2)
    paths = [tmp_path / "low.mp4", tmp_path / "high.mp4"]
    clips = tuple(
        write_clip(path, PROFILE, 60, solid(PROFILE, (0, 0, 0)), tone(length_s, frequency_hz))
        for path, frequency_hz in zip(paths, (440, 1_000), strict=True)
    )
    timeline = plan_timeline(clips, MergeOptions(transition_s=1))
    join_clips(timeline, paths, tmp_path / "out.mp4", PROFILE)
    sound = samples_of(tmp_path / "out.mp4")
    alone, middle = sound[12_000:36_000], sound[69_600:74_400]
    assert 10 * np.log10(np.mean(middle**2) / np.mean(alone**2)) == pytest.approx(0, abs=1)


def test_a_clip_may_be_heard_twice_in_a_film(tmp_path: Path) -> None:
    """A scene that comes again is the same file; its click is heard in each place."""
    path, at_s = tmp_path / "clip.mp4", Fraction(FLASH_FRAME, PROFILE.frame_rate)
    length_s = Fraction(FRAMES, PROFILE.frame_rate)
    clip = write_clip(path, PROFILE, FRAMES, flashing(PROFILE, FLASH_FRAME), click(length_s, at_s))
    timeline = plan_timeline((clip, clip, clip), CUT)
    join_clips(timeline, [path] * 3, tmp_path / "out.mp4", PROFILE)
    sound = np.abs(samples_of(tmp_path / "out.mp4"))
    for shot in timeline.shots:
        at = (shot.start_frame + FLASH_FRAME) * SAMPLES_A_FRAME
        assert sound[at - SAMPLES_A_FRAME // 8 : at + 2 * SAMPLES_A_FRAME].max() > 0.2


def test_silent_clips_make_a_film_without_a_sound_track(tmp_path: Path) -> None:
    """No clip has sound: neither has the film."""
    clip = write_clip(tmp_path / "clip.mp4", PROFILE, 40, numbered(PROFILE, 1))
    timeline = plan_timeline((clip, clip), FADE)
    assert not join_clips(timeline, [tmp_path / "clip.mp4"] * 2, tmp_path / "out.mp4", PROFILE).has_audio


def test_nothing_is_left_beside_the_film(tmp_path: Path) -> None:
    """The picture track that waited for its sound is gone."""
    clicking_film(tmp_path, FADE, 2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.mp4", "1.mp4", "out.mp4"]


def test_sound_that_is_not_there_gives_one_sentence(tmp_path: Path) -> None:
    """A clip whose sound track is missing: ffmpeg's last line, no pages of it."""
    clip = write_clip(tmp_path / "clip.mp4", PROFILE, 10, solid(PROFILE, (0, 0, 0)))
    timeline = plan_timeline((clip.model_copy(update={"has_audio": True}),), FADE)
    with pytest.raises(CommandFailed, match=r"^ffmpeg failed: [^\n]+$"):
        add_sound(timeline, [tmp_path / "clip.mp4"], tmp_path / "clip.mp4", tmp_path / "out.mp4")


@pytest.mark.parametrize("has_sound", [True, False], ids=["with sound", "silent"])
def test_each_scene_is_a_chapter(tmp_path: Path, has_sound: bool) -> None:
    """It begins in the middle of its transition, as the caption of its scene does."""
    sound = tone(Fraction(FRAMES, PROFILE.frame_rate), 440) if has_sound else None
    paths = [tmp_path / f"{number}.mp4" for number in range(3)]
    clips = [write_clip(path, PROFILE, FRAMES, numbered(PROFILE, at), sound) for at, path in enumerate(paths)]
    timeline = plan_timeline(tuple(clips), FADE)
    names = ["Opening", "Über “alles”; = \\ #", "結び"]
    join_clips(timeline, paths, tmp_path / "out.mp4", PROFILE, chapters=names)
    with av.open(str(tmp_path / "out.mp4")) as film:
        found = [(each["metadata"]["title"], float(each["start"] * each["time_base"])) for each in film.chapters()]
    starts_s = [round(frame / PROFILE.frame_rate, 3) for frame in (0, *timeline.cut_frames()[:-1])]
    assert found == list(zip(names, starts_s, strict=True))
    reviewed = [(part.name, part.first) for part in chapters_of(tmp_path / "out.mp4", PROFILE.frame_rate)]
    assert reviewed == list(zip(names, (0, *timeline.cut_frames()[:-1]), strict=True))
    assert len(list(decoded(tmp_path / "out.mp4"))) == timeline.frames
    assert decoding_warnings(tmp_path / "out.mp4") == ""
