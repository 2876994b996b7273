"""Memory and process limits over all that a run starts, if the kernel allows them: a control group for each run.

Rlimits bound one process. A control group bounds all of them, with their files in memory. The group is made below our
own, so that limits from outside stay in force. Version 1 and version 2 are understood. If neither can be written, the
run has its rlimits only (`callsheet doctor` says which). Standard library alone.
"""

import contextlib
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

MOUNTED_AT = Path("/sys/fs/cgroup")
OWN_GROUPS = Path("/proc/self/cgroup")
_PREFIX = "callsheet-"
_REMOVAL_S = 2.0


@dataclass
class Cgroup:
    """The folders of one run's group: one for each controller in version 1, a single one in version 2."""

    folders: list[Path]
    limits_memory: bool

    def enter(self) -> None:
        """Put this process, and all that it will start, into the group."""
        for folder in self.folders:
            (folder / "cgroup.procs").write_text(str(os.getpid()))

    def ran_out_of_memory(self) -> bool:
        """Return whether the kernel has ended a process of the group because it ran out of memory."""
        files = [folder / name for folder in self.folders for name in ("memory.events", "memory.oom_control")]
        counts = (_words(file) for file in files)
        return any("oom_kill" in words and int(words[words.index("oom_kill") + 1]) for words in counts)

    def close(self) -> None:
        """End what is left in the group and remove it; a later run removes a group that stays."""
        give_up_at = time.monotonic() + _REMOVAL_S
        for folder in self.folders:
            while not _removed(folder) and time.monotonic() < give_up_at:
                for member in _words(folder / "cgroup.procs"):
                    with contextlib.suppress(ProcessLookupError, PermissionError):
                        os.kill(int(member), signal.SIGKILL)


def make(memory_bytes: int, processes: int) -> Cgroup:
    """Make a group with these limits, as far as they can be set here."""
    groups = _own_groups()
    if "" in groups and (folder := _made_v2(groups[""], memory_bytes, processes)):
        return Cgroup([folder], limits_memory=True)
    memory = _made_v1(groups.get("memory"), {"memory.limit_in_bytes": memory_bytes})
    if memory:
        _write(memory / "memory.memsw.limit_in_bytes", memory_bytes)
    pids = _made_v1(groups.get("pids"), {"pids.max": processes})
    return Cgroup([folder for folder in (memory, pids) if folder], limits_memory=memory is not None)


def _own_groups() -> dict[str, Path]:
    """Return our folders by controller; version 2 has an empty name for its controller."""
    groups = {}
    with contextlib.suppress(OSError):
        for line in OWN_GROUPS.read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            for controller in controllers.split(","):
                groups[controller] = MOUNTED_AT / controller / path.lstrip("/")
    return groups


def _made_v2(own: Path, memory_bytes: int, processes: int) -> Path | None:
    """Make a group below our own, or beside it if the group above is delegated.

    systemd delegates a group with `DelegateSubgroup=`.
    """
    for parent in (own, own.parent):
        if "memory" not in _words(parent / "cgroup.subtree_control"):
            continue
        limits = {"memory.max": memory_bytes, "pids.max": processes}
        if folder := _made(parent, limits):
            _write(folder / "memory.swap.max", 0)
            _write(folder / "memory.oom.group", 1)
            return folder
    return None


def _made_v1(parent: Path | None, limits: dict[str, int]) -> Path | None:
    return _made(parent, limits) if parent else None


def _made(parent: Path, limits: dict[str, int]) -> Path | None:
    """Make a group below `parent` with all of `limits`; return None if it can't have them."""
    for left in parent.glob(f"{_PREFIX}*"):
        # The supervisor that made it was killed.
        if not Path("/proc", left.name.removeprefix(_PREFIX)).exists():
            _removed(left)
    folder = parent / f"{_PREFIX}{os.getpid()}"
    try:
        folder.mkdir()
        for name, limit in limits.items():
            (folder / name).write_text(str(limit))
    except OSError:
        _removed(folder)
        return None
    return folder


def _removed(folder: Path) -> bool:
    try:
        folder.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def _words(file: Path) -> list[str]:
    try:
        return file.read_text().split()
    except OSError:
        return []


def _write(file: Path, value: int) -> None:
    with contextlib.suppress(OSError):
        file.write_text(str(value))
