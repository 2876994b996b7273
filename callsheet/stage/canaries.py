"""The test of the fence on this machine.

A canary scene tries to get out before anything else may be rendered.

The canary goes the way of every scene: the same walls, the same child. If the fence held it, the home remembers that
until one of the bases of the fence changes: its code, the packages inside, bubblewrap, the kernel since its start.
"""

import contextlib
import hashlib
import json
import os
import re
import secrets
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from callsheet.disk import write_whole
from callsheet.errors import SetupIncomplete
from callsheet.fence import sandbox_spec
from callsheet.fence.job import FenceLimits, FencePolicy
from callsheet.fence.running import Ending, Event, run
from callsheet.fence.software import PACKAGE, software
from callsheet.fence.walls import build_walls
from callsheet.locks import alone
from callsheet.model.film.profile import PROFILES, ProfileName
from callsheet.model.film.scenes import Origin, OriginKind, ValidatedSceneCode
from callsheet.scratch import scratch_dir
from callsheet.stage.order import Mode
from callsheet.stage.sandbox import scene_job

SCENE = Path(__file__).with_name("canary_scene.py")
HELD_FILE, LOCK_FILE = "fence.json", "fence.lock"
POLICIES_IN_WORDS = {
    FencePolicy.REQUIRED: "holds: scene code sees nothing of this machine",
    FencePolicy.CONTAINER: "none by Callsheet: you vouch for the container (CALLSHEET_FENCE=container)",
    FencePolicy.UNSAFE_NONE: "NONE: scene code can do everything that you can (CALLSHEET_FENCE=unsafe-none)",
}
TIMEOUT_S = 60
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_ESCAPED = re.compile(r"^ESCAPED (\w+)$", re.MULTILINE)


@dataclass(frozen=True)
class CanaryReport:
    """The outcome of the canary scene."""

    escaped: tuple[str, ...]
    """Actions in which it succeeded although it should not, in words."""
    is_rendered: bool
    memory_limited: bool
    """Whether a control group bounds the memory of all its processes together."""
    log: str

    @property
    def holds(self) -> bool:
        """Return whether the fence is fit for scenes: nothing gets out, and scenes get done."""
        return self.is_rendered and not self.escaped

    @property
    def problem(self) -> str:
        """Return what is wrong, as a sentence; empty if nothing is."""
        if self.escaped:
            return f"The fence does not hold: code behind it can {', '.join(self.escaped)}. Nothing is rendered."
        if not self.is_rendered:
            end = self.log.strip().rpartition("\n")[2]
            return f"The fence holds, but no scene can be rendered behind it: {end or 'its process was ended'}."
        return ""


async def ensure_fence(home: Path, limits: FenceLimits) -> None:
    """Check that the fence holds, unless the policy asks for none.

    A second or two; instant if it is known.

    Raises:
        SetupIncomplete: it does not hold, or can't be built.
    """
    if limits.policy is not FencePolicy.REQUIRED:
        return
    key, began = _key(), time.time()
    if _known(home).get("held") == key:
        return
    # Scenes that begin at once wait for one canary, on the event loop.
    async with alone(home / LOCK_FILE):
        known = _known(home)
        if known.get("held") == key:
            return
        if known.get("failed") == key and known["at"] >= began:
            raise SetupIncomplete(known["problem"], "fence")
        report = await release_canary(home / "scratch", limits)
        held = {"held": key} if report.holds else {"failed": key, "problem": report.problem, "at": time.time()}
        write_whole(home / HELD_FILE, json.dumps(held))
        if not report.holds:
            raise SetupIncomplete(report.problem, "fence")


async def release_canary(scratch: Path, limits: FenceLimits) -> CanaryReport:
    """Let the canary scene try everything. Raises SetupIncomplete if the fence can't be built."""
    events: list[Event] = []
    apart = replace(limits, slots_dir=limits.slots_dir / "canaries", timeout_s=TIMEOUT_S)
    with scratch_dir(scratch, "canary") as folder, _bait(folder) as bait:
        file = folder / "canary.json"
        file.write_text(json.dumps(bait.named))
        job = scene_job(_code(), PROFILES[ProfileName.DRAFT], Mode.RENDER, {file.name: file})
        ending = await run(job, apart, folder, events.append)
        return _report(ending, events, bait)


@dataclass
class _Bait:
    """The targets that the scene tries to reach, and our ends of them."""

    named: dict[str, Any]
    listeners: tuple[socket.socket, ...]
    target: Path

    def taken(self) -> list[str]:
        """Return what shows on our side."""
        written = ["write a file of this machine"] if self.target.exists() else []
        return written + ["connect to this machine" for listener in self.listeners if _has_caller(listener)]


@contextlib.contextmanager
def _bait(folder: Path) -> Iterator[_Bait]:
    """Yield the bait, in a folder that every user may enter: only the fence keeps the scene out."""
    secret, target = folder / "secret.txt", folder / "target.txt"
    secret.write_text("canary")
    folder.chmod(0o777)
    abstract = f"\0callsheet-{secrets.token_hex(8)}"
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_UNIX) as unix:
        unix.bind(abstract)
        unix.listen()
        port = tcp.getsockname()[1]
        variables = [*sandbox_spec.environment("", ""), "PWD"]  # bwrap sets that one
        places = {"secret": str(secret), "target": str(target), "port": port, "abstract": abstract}
        yield _Bait({**places, "variables": variables}, (tcp, unix), target)


def _has_caller(listener: socket.socket) -> bool:
    listener.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        listener.accept()[0].close()
        return True
    return False


def _code() -> ValidatedSceneCode:
    origin = Origin(kind=OriginKind.TEMPLATE, maker="canary")
    return ValidatedSceneCode(
        scene_name="Canary", class_name="Canary", source=SCENE.read_text(encoding="utf-8"), origin=origin
    )


def _report(ending: Ending, events: list[Event], bait: _Bait) -> CanaryReport:
    said = [name.replace("_", " ") for name in _ESCAPED.findall(ending.log)]
    return CanaryReport(
        escaped=tuple(dict.fromkeys((*said, *bait.taken()))),
        is_rendered=bool(ending.files) and bool(events) and events[-1]["event"] == "rendered",
        memory_limited=ending.memory_limited,
        log=ending.log,
    )


def _key() -> str:
    """Return the digest of all that the fence depends on."""
    installed = software()
    bwrap = Path(build_walls(installed).bwrap).stat()
    facts = [
        _BOOT_ID.read_text(),
        os.geteuid(),
        bwrap.st_mtime_ns,
        bwrap.st_size,
        str(sandbox_spec.environment("", "")),
    ]
    facts += [str(path) for path in installed.packages]  # with their versions: *.dist-info is among them
    digest = hashlib.sha256(json.dumps(facts).encode())
    for file in sorted([*(PACKAGE / "fence").rglob("*"), SCENE, SCENE.with_name("child.py")]):
        if file.is_file() and file.suffix != ".pyc":
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _known(home: Path) -> dict[str, Any]:
    """Return what the last canary has shown: the key with which it was held or not, and why."""
    try:
        known = json.loads((home / HELD_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}
