"""Runs attack scenes through the real door of the fence, several at once, and writes down what each of them reached."""

import asyncio
import os
import re
import time
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from callsheet.fence.job import FenceLimits
from callsheet.fence.running import Ending, Event, Reason, run
from callsheet.fence.sandbox_spec import PROCESSES
from callsheet.model.film.profile import PROFILES, ProfileName
from callsheet.model.film.scenes import Origin, OriginKind, ValidatedSceneCode
from callsheet.scratch import scratch_dir
from callsheet.stage import sandbox
from callsheet.stage.order import CLIP_FILE, Mode
from tests.attacks.traps import Trap, victim
from tests.attacks.watching import Usage, adopting, descendants, end, is_alive, watched

SCENES = Path(__file__).parent / "scenes"
DRAFT = PROFILES[ProfileName.DRAFT]
HEADER = re.compile(r"# expect: (blocked|contained|done|killed); canary: ([\w-]+); vector: .+")
# Each endless scene costs as much; all others get time enough to come to their end on a busy machine.
ENDLESS_S = 12
TIMEOUT_S = 60
# More than there are cores: many of them do nothing but wait.
AT_ONCE = 4
# Little, so that what eats memory is stopped soon and the machine stays usable.
MEMORY_MB = 768
# `daemon` acts six seconds after it was started.
LATEST_DEED_S = 8
# A busy machine notices late that the time is over.
PATIENCE_S = 30
# bwrap itself, twice, stands outside of the namespace in which processes are counted.
MOST_PROCESSES = PROCESSES + 2


@dataclass(frozen=True)
class Outcome:
    """What became of one scene, of what lay around it, what it may take, and what it took."""

    ending: Ending
    done: bool
    sprung: list[str]
    limits: FenceLimits
    usage: Usage

    @property
    def status(self) -> str:
        """killed: the fence ended it. blocked: it came to nothing by itself. done: there is a clip."""
        if self.ending.reason is not Reason.EXITED:
            return "killed"
        return "done" if self.done else "blocked"

    @property
    def overdrawn(self) -> list[str]:
        """Which limits it has gone beyond, as far as it was seen."""
        took = self.usage
        excess = {
            f"{took.processes} processes": took.processes > MOST_PROCESSES,
            f"{took.memory_bytes >> 20} MB": took.memory_bytes > self.limits.memory_mb << 20,
            f"{took.seconds:.0f} seconds": took.seconds > self.limits.timeout_s + PATIENCE_S,
        }
        return [words for words, is_beyond in excess.items() if is_beyond]


@dataclass(frozen=True)
class Siege:
    """What became of all scenes, and of this machine."""

    outcomes: dict[str, Outcome]
    sprung: list[str] = field(default_factory=list)


def header(name: str) -> tuple[str, str]:
    """What is expected of a scene, and what it goes for: the first line of its file."""
    return HEADER.fullmatch((SCENES / f"{name}.py").read_text().split("\n")[0]).group(1, 2)


def limits_of(name: str, root: Path) -> FenceLimits:
    """What a scene may take."""
    expected, canary = header(name)
    is_endless = expected in ("killed", "contained") and canary in ("wall", "marker")
    timeout_s = ENDLESS_S if is_endless else TIMEOUT_S
    return FenceLimits(timeout_s=timeout_s, at_once=AT_ONCE, slots_dir=root / "slots", memory_mb=MEMORY_MB)


def attack(names: Iterable[str], root: Path, **given: Any) -> Siege:
    """Run the scenes of these names below `root`, and look again after the latest deed of what they may have left.

    `given` are limits that the fence is told instead of those that the scenes should have.
    """
    return asyncio.run(_attack({name: limits_of(name, root) for name in names}, root, given))


async def _attack(limits: dict[str, FenceLimits], root: Path, given: dict[str, Any]) -> Siege:
    before = set(descendants(os.getpid()))
    with ExitStack() as stack:
        stack.enter_context(adopting())
        bystander = stack.enter_context(victim())
        traps = {name: stack.enter_context(Trap.laid(root / name, bystander.pid)) for name in limits}
        async with watched(root) as usage:
            running = (_one(name, trap, replace(limits[name], **given)) for name, trap in traps.items())
            runs = await asyncio.gather(*running)
        known = {*before, bystander.pid}
        left = [pid for pid in unknown(known) if is_alive(pid)]
        deeds_are_over_at = max((ended_at for *_, ended_at in runs), default=0) + LATEST_DEED_S
        await asyncio.sleep(max(0, deeds_are_over_at - time.monotonic()))
        outcomes = {
            name: Outcome(ending, done, odd + trap.sprung(ending.log), limits[name], usage.get(name, Usage()))
            for (name, trap), (ending, done, odd, _) in zip(traps.items(), runs, strict=True)
        }
        sprung = [f"process {pid} outlived its scene" for pid in left]
        if bystander.poll() is not None:
            sprung.append("a process of this machine was killed")
        while strangers := unknown(known):  # dead ones, too: other tests look at what this process has started
            end(strangers)
    return Siege(outcomes, sprung)


def unknown(known: set[int]) -> list[int]:
    """What runs below this process, or has ended and not been reaped, beside what is known."""
    return [pid for pid in descendants(os.getpid()) if pid not in known]


async def _one(name: str, trap: Trap, limits: FenceLimits) -> tuple[Ending, bool, list[str], float]:
    """How a scene ended, whether there is a clip, what else came out of it, and when it was over."""
    scratches = trap.folder / "scratch"
    with scratch_dir(scratches, "render") as scratch:
        code = scene_code(trap.baited((SCENES / f"{name}.py").read_text()))
        events: list[Event] = []
        job = sandbox.scene_job(code, DRAFT, Mode.RENDER, {})
        ending = await run(job, limits, scratch, events.append)
        odd = odd_files(scratch)
        done = bool(events) and events[-1]["event"] == "rendered" and bool(ending.files)
    return ending, done, odd + (["scratch was left"] if list(scratches.iterdir()) else []), time.monotonic()


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
