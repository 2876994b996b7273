"""Runs attack scenes through the real door of the fence, several at once, and writes down what each of them reached."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from callsheet.fence.job import FenceLimits
from callsheet.fence.running import Ending, Event, Reason, run
from callsheet.model.profile import PROFILES, ProfileName
from callsheet.model.scenes import Origin, OriginKind, ValidatedSceneCode
from callsheet.scratch import scratch_dir
from callsheet.stage import sandbox
from callsheet.stage.order import CLIP_FILE, Mode
from tests.attacks.traps import Trap, victim

SCENES = Path(__file__).parent / "scenes"
DRAFT = PROFILES[ProfileName.DRAFT]
# Long enough for a harmless scene on a busy machine; each endless scene costs as much.
TIMEOUT_S = 12
# More than there are cores: many of them do nothing but wait.
AT_ONCE = 4
# Little, so that what eats memory is stopped soon and the machine stays usable.
MEMORY_MB = 768


@dataclass(frozen=True)
class Outcome:
    """What became of one scene, and of what lay around it."""

    ending: Ending
    done: bool
    sprung: list[str]

    @property
    def status(self) -> str:
        """killed: the fence ended it. blocked: it came to nothing by itself. done: there is a clip."""
        if self.ending.reason is not Reason.EXITED:
            return "killed"
        return "done" if self.done else "blocked"


def attack(names: Iterable[str], root: Path) -> dict[str, Outcome]:
    """Run the scenes of these names below `root`."""
    return asyncio.run(_attack(list(names), root))


async def _attack(names: list[str], root: Path) -> dict[str, Outcome]:
    limits = FenceLimits(timeout_s=TIMEOUT_S, at_once=AT_ONCE, slots_dir=root / "slots", memory_mb=MEMORY_MB)
    with victim() as bystander:
        outcomes = await asyncio.gather(*(_one(name, root, limits) for name in names))
        assert bystander.poll() is None, "a process of this machine was killed"
    return dict(zip(names, outcomes, strict=True))


async def _one(name: str, root: Path, limits: FenceLimits) -> Outcome:
    folder = root / name
    folder.mkdir(mode=0o755)
    with Trap.laid(folder) as trap, scratch_dir(folder / "scratch", "render") as scratch:
        code = scene_code(trap.baited((SCENES / f"{name}.py").read_text()))
        events: list[Event] = []
        job = sandbox.scene_job(code, DRAFT, Mode.RENDER, {})
        ending = await run(job, limits, scratch, events.append)
        sprung = trap.sprung(ending.log) + odd_files(scratch)
        done = bool(events) and events[-1]["event"] == "rendered" and bool(ending.files)
    return Outcome(ending, done, sprung + ([] if not list((folder / "scratch").iterdir()) else ["scratch was left"]))


def odd_files(folder: Path) -> list[str]:
    """What lies in a scratch folder and is not a plain clip."""
    return [
        f"{path.name} came out"
        for path in folder.rglob("*")
        if path.name != CLIP_FILE or path.is_symlink() or not path.is_file() or path.stat().st_nlink != 1
    ]


def scene_code(source: str) -> ValidatedSceneCode:
    """Scene code that skipped validation: the fence alone must hold."""
    origin = Origin(kind=OriginKind.CODE, maker="attack")
    return ValidatedSceneCode(scene_name="Attack", class_name="Main", source=source, origin=origin)
