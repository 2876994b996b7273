"""Clips that scene code has made are looked into behind the fence."""

from fractions import Fraction
from pathlib import Path

import pytest

from callsheet.errors import MediaUnfit
from callsheet.fence.job import FenceLimits
from callsheet.media.probe import probe_clip
from callsheet.media.untrusted import probe_untrusted_clip
from tests.synthetic import numbered, tiny_profile, tone, write_clip

PROFILE = tiny_profile()


def limits(tmp_path: Path) -> FenceLimits:
    """Limits with slots of their own."""
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
