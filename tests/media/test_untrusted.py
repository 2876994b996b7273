"""Clips that scene code has made are looked into behind the fence."""

import asyncio
import os
import signal
from fractions import Fraction
from pathlib import Path

import pytest

from callsheet.embedded.process_tree import descendants
from callsheet.errors import MediaUnfit, StageUnavailable
from callsheet.fence.job import FenceLimits
from callsheet.fence.running import Ending, Reason
from callsheet.media.probe import probe_clip
from callsheet.media.untrusted import probe_untrusted_clip
from tests.synthetic import numbered, tiny_profile, tone, write_clip

PROFILE = tiny_profile()


def limits(tmp_path: Path) -> FenceLimits:
    """Limits with separate slots."""
    return FenceLimits(timeout_s=60, at_once=1, slots_dir=tmp_path / "slots")


async def test_the_fence_measures_what_we_would(tmp_path: Path):
    """The same facts as the probe of our own files, with sound and without."""
    for name, sound in (("silent.mp4", ()), ("sounding.mp4", (tone(Fraction(1), 440),))):
        write_clip(tmp_path / name, PROFILE, 47, numbered(PROFILE, 3), *sound)
        found = await probe_untrusted_clip(tmp_path / name, PROFILE, limits(tmp_path))
        assert found == probe_clip(tmp_path / name, PROFILE)


async def test_another_size_is_refused(tmp_path: Path):
    """Whatever a scene did to Manim's configuration."""
    write_clip(tmp_path / "clip.mp4", PROFILE, 5, numbered(PROFILE, 3))
    with pytest.raises(MediaUnfit, match="expected size 640×180, found 320×180"):
        await probe_untrusted_clip(tmp_path / "clip.mp4", tiny_profile(width=640), limits(tmp_path))


@pytest.mark.parametrize(
    "content",
    [
        b"ffconcat version 1.0\nfile '/etc/passwd'\n",
        b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
        b"\0\0\0\x18ftypisom" + bytes(500),
        b"",
    ],
)
async def test_what_only_looks_like_a_clip_is_refused(tmp_path: Path, content: bytes):
    """It is read as MP4 and as nothing else: no playlist is followed to other files."""
    (tmp_path / "clip.mp4").write_bytes(content)
    with pytest.raises(MediaUnfit, match=r"a readable MP4 file|one video track"):
        await probe_untrusted_clip(tmp_path / "clip.mp4", PROFILE, limits(tmp_path))


async def test_a_clip_is_not_called_unfit_where_the_process_that_measures_it_was_killed(tmp_path: Path):
    """The step is tried again: the clip is as good as it was."""
    write_clip(tmp_path / "clip.mp4", PROFILE, 47, numbered(PROFILE, 3))
    measuring = asyncio.create_task(probe_untrusted_clip(tmp_path / "clip.mp4", PROFILE, limits(tmp_path)))
    async with asyncio.timeout(30):
        while not (measurer := [pid for pid in descendants(os.getpid()) if _measures(pid)]):
            await asyncio.sleep(0.01)
    for pid in measurer:
        os.kill(pid, signal.SIGKILL)
    with pytest.raises(StageUnavailable):
        await measuring


@pytest.mark.parametrize(
    ("ending", "was_killed"),
    [
        (Ending(Reason.EXITED, -9, (), ""), True),
        (Ending(Reason.EXITED, 128 + 9, (), ""), True),
        (Ending(Reason.EXITED, 128 + 11, (), ""), False),
        (Ending(Reason.EXITED, 0, (), ""), False),
        (Ending(Reason.MEMORY, -9, (), ""), False),
        (Ending(Reason.TIMEOUT, -9, (), ""), False),
    ],
)
def test_only_a_kill_that_no_limit_explains_counts_as_one(ending: Ending, was_killed: bool):
    """A file that crashes its reader ends it by another signal, and stays unfit."""
    assert ending.was_killed is was_killed


def _measures(pid: int) -> bool:
    """Whether it is the process inside the fence."""
    try:
        argv = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return b"bwrap" not in argv[0] and any(b"callsheet.media.probing" in each for each in argv)
