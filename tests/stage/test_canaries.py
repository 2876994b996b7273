"""The canary scene: released through the real fence, at the start and by the doctor."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from callsheet.errors import SetupIncomplete
from callsheet.fence import sandbox_spec
from callsheet.fence.job import FenceLimits, FencePolicy
from callsheet.fence.walls import build_walls
from callsheet.stage import canaries


def limits(tmp_path: Path, policy: FencePolicy = FencePolicy.REQUIRED) -> FenceLimits:
    """Limits with separate slots."""
    return FenceLimits(timeout_s=60, at_once=2, slots_dir=tmp_path / "slots", policy=policy)


async def test_the_canary_is_held_and_rendered(tmp_path: Path):
    """Every attempt fails, and the scene comes to its end."""
    report = await canaries.release_canary(tmp_path / "scratch", limits(tmp_path))
    assert report.holds, report.log
    assert report.log.count("held: ") == 9
    assert report.problem == ""
    assert not list((tmp_path / "scratch").iterdir())


async def test_a_canary_that_gets_out_stops_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """With the network of this machine kept, it says so, and so do our own sockets; nothing is remembered as safe."""
    whole = build_walls
    opened = {("--unshare-net",), ("--unshare-pid",)}
    monkeypatch.setattr(
        sandbox_spec,
        "build_walls",
        lambda software: replace(w := whole(software), steps=tuple(s for s in w.steps if s not in opened)),
    )
    report = await canaries.release_canary(tmp_path / "scratch", limits(tmp_path))
    assert report.escaped == ("connect over an abstract socket", "connect to this machine")
    with pytest.raises(SetupIncomplete, match="code behind it can connect over an abstract socket"):
        await canaries.ensure_fence(tmp_path, limits(tmp_path))
    assert "held" not in json.loads((tmp_path / canaries.HELD_FILE).read_text())


async def test_what_held_is_not_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Until something changes that the fence stands on."""
    await canaries.ensure_fence(tmp_path, limits(tmp_path))
    released = []

    async def counted(scratch: Path, limits: FenceLimits) -> canaries.CanaryReport:
        released.append(scratch)
        return canaries.CanaryReport(escaped=(), is_rendered=True, memory_limited=True, log="")

    monkeypatch.setattr(canaries, "release_canary", counted)
    await canaries.ensure_fence(tmp_path, limits(tmp_path))
    assert released == []
    boot_id = tmp_path / "boot_id"
    boot_id.write_text("another")
    monkeypatch.setattr(canaries, "_BOOT_ID", boot_id)
    await canaries.ensure_fence(tmp_path, limits(tmp_path))
    assert len(released) == 1


@pytest.mark.parametrize("policy", [FencePolicy.CONTAINER, FencePolicy.UNSAFE_NONE])
async def test_where_no_fence_is_asked_for_none_is_tested(tmp_path: Path, policy: FencePolicy):
    """The operator has decided; it is said at the start and by the doctor instead."""
    await canaries.ensure_fence(tmp_path, limits(tmp_path, policy))
    assert not list(tmp_path.iterdir())


def test_a_fence_in_which_nothing_renders_is_told_as_such():
    """With the last line of its log, which names what is missing."""
    report = canaries.CanaryReport((), is_rendered=False, memory_limited=True, log="Traceback\nImportError: no cairo\n")
    assert "no scene can be rendered behind it: ImportError: no cairo" in report.problem
