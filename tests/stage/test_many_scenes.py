"""Many scenes that begin at once on a home that holds nothing yet, on a machine with few threads."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from callsheet import threads
from callsheet.fence.job import FenceLimits
from callsheet.model.film.scenes import Origin, OriginKind, SceneCode, SceneFile
from callsheet.settings import settings
from callsheet.stage import canaries
from callsheet.storage.store import store_media
from tasks import scenes, wiring

SCENES = 20
SOURCE = """
from manim import *
class S{number}(Scene):
    def construct(self):
        self.play(Create(Circle()))
"""


async def test_twenty_scenes_pass_the_gate_with_two_threads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One inspection of Manim and one canary for all; no scene waits in a thread for one that needs a thread."""
    monkeypatch.setenv("CALLSHEET_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(threads, "AT_ONCE", 2)
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(2))
    settings.cache_clear()
    released = []

    async def counted(scratch: Path, limits: FenceLimits) -> canaries.CanaryReport:
        released.append(scratch)
        return await release(scratch, limits)

    release = canaries.release_canary
    monkeypatch.setattr(canaries, "release_canary", counted)
    given = tmp_path / "given.png"
    given.write_bytes(b"\x89PNG\r\n\x1a\n")
    try:
        stored = store_media(wiring.store(), given, "pictures", "image/png")
        async with asyncio.timeout(240):
            shown = await asyncio.gather(*(passed(number, stored) for number in range(SCENES)))
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    assert shown == [f"S{number}" for number in range(SCENES)]
    assert len(released) == 1


async def passed(number: int, stored: wiring.StoredObject) -> str:
    """Check a scene and set the stage for it, with a stored file beside its code; the name of its class."""
    origin = Origin(kind=OriginKind.CODE, maker="somebody")
    files = (SceneFile(name="given.png", stored=stored),)
    code = SceneCode(
        scene_name=f"scene {number}", class_name="", source=SOURCE.format(number=number), origin=origin, files=files
    )
    checked = await scenes.validate_scene_code.task.fn(code, label=str(number))
    async with scenes._stage_set("render", checked) as (folder, at_hand):
        assert folder.is_dir()
        assert at_hand["given.png"].is_file()
    return checked.class_name
