"""Blended stretches of a film are encoded once, and found again by the films that hold them later."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from callsheet.media.join import join_clips
from callsheet.media.probe import probe_video
from callsheet.model.film.media import Clip
from callsheet.model.film.timeline import MergeOptions, TransitionName, plan_timeline
from tests.synthetic import frame_hashes, numbered, tiny_profile, write_clip

PROFILE = tiny_profile()
FADE = MergeOptions(transition=TransitionName.FADE, transition_s=0.5)
CLIP_FRAMES = 60


class Folder:
    """A cache that counts."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.asked: list[str] = []
        self.kept: list[str] = []
        root.mkdir()

    @contextmanager
    def opened(self, name: str) -> Iterator[Path | None]:
        """What was kept, if it was."""
        self.asked.append(name)
        path = self.root / name
        yield path if path.exists() else None

    def keep(self, name: str, path: Path) -> None:
        """Take the file."""
        self.kept.append(name)
        shutil.move(path, self.root / name)


@pytest.fixture
def cache(tmp_path: Path) -> Folder:
    """An empty cache."""
    return Folder(tmp_path / "cache")


def joined(folder: Path, clips: list[Clip], cache: Folder | None, options: MergeOptions = FADE) -> list[str]:
    """The decoded frames of the film of these clips."""
    out = folder / "out.mp4"
    timeline = plan_timeline(tuple(clips), options)
    join_clips(timeline, [folder / f"{clip.stored.sha256}.mp4" for clip in clips], out, PROFILE, cache=cache)
    assert probe_video(out, PROFILE)["frames"] == timeline.frames
    return frame_hashes(out)


def clips_of(folder: Path, *numbers: int) -> list[Clip]:
    """Clips whose pictures spell their numbers."""
    made = []
    for number in numbers:
        path = folder / "clip.mp4"
        clip = write_clip(path, PROFILE, CLIP_FRAMES, numbered(PROFILE, number))
        clip = clip.model_copy(update={"stored": clip.stored.model_copy(update={"sha256": f"{number:064x}"})})
        path.rename(folder / f"{clip.stored.sha256}.mp4")
        made.append(clip)
    return made


def test_one_clip_changed_encodes_its_two_windows_alone(tmp_path: Path, cache: Folder) -> None:
    """And the film is frame for frame the one that would have been made without the cache."""
    first, second, third, fourth, other = clips_of(tmp_path, 0, 1, 2, 3, 4)
    joined(tmp_path, [first, second, third, fourth], cache)
    assert len(cache.kept) == 3
    with_shelf = joined(tmp_path, [first, other, third, fourth], cache)
    assert len(cache.kept) == 5
    assert with_shelf == joined(tmp_path, [first, other, third, fourth], None)


def test_another_transition_is_another_window(tmp_path: Path, cache: Folder) -> None:
    """So is another length of it."""
    clips = clips_of(tmp_path, 0, 1)
    for options in (FADE, MergeOptions(transition="wipe-left"), MergeOptions(transition="fade", transition_s=0.3)):
        joined(tmp_path, clips, cache, options)
    assert len(set(cache.kept)) == 3


def test_a_damaged_window_is_made_anew(tmp_path: Path, cache: Folder) -> None:
    """Cut off, empty or no film at all: the file is replaced and the film is whole."""
    clips = clips_of(tmp_path, 0, 1)
    whole = joined(tmp_path, clips, cache)
    [name] = cache.kept
    window = (cache.root / name).read_bytes()
    for damaged in (window[:400], window[:-400], b"", b"not a film"):
        (cache.root / name).write_bytes(damaged)
        assert joined(tmp_path, clips, cache) == whole
    assert cache.kept == [name] * 5


def test_nothing_of_a_window_is_left_beside_the_film(tmp_path: Path, cache: Folder) -> None:
    """The files of windows are given to the cache."""
    clips = clips_of(tmp_path, 0, 1, 2)
    before = set(tmp_path.iterdir())
    joined(tmp_path, clips, cache)
    assert set(tmp_path.iterdir()) - before == {tmp_path / "out.mp4"}
