"""The start of one fenced process: descriptors, arguments, and what happens between fork and exec.

Standard library alone. To be called from a single thread: bwrap dies with the *thread* that started it, and code runs
here between fork and exec.
"""

import fcntl
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from callsheet.fence import mounts
from callsheet.fence.cgroups import Cgroup

# How the first line begins if a process never came to its program; bwrap's own complaints begin with “bwrap: ”.
COMPLAINT = "fence: "
# A render's file passes in few large pieces; the default of 64 KiB costs a switch of processes for each.
_PIPE_BYTES = 1 << 20


@dataclass(frozen=True)
class Launched:
    """A running process, and our ends of what leads to it."""

    process: "subprocess.Popen[bytes]"
    outbox: int
    log: int
    job: int
    """A file in memory, for its job."""
    start: int
    """Closed when the job is there. If the process is fed, a line says so, and its lines follow."""
    is_fed: bool

    def give(self, job: dict[str, Any]) -> None:
        """Give the process its job. Call it once."""
        with os.fdopen(self.job, "wb") as file:
            file.write(json.dumps(job).encode())
        if not self.is_fed:
            os.close(self.start)
            return
        os.set_blocking(self.start, False)
        os.write(self.start, b"\n")

    def feed(self, data: bytes) -> bool:
        """Pass data to the process; return whether it had room for all of it."""
        try:
            return os.write(self.start, data) == len(data)
        except BlockingIOError:
            return False
        except BrokenPipeError:  # it has ended, which is seen elsewhere
            return True


def launch(setting: dict[str, Any], cgroup: Cgroup) -> Launched:
    """Start a process in its setting, which waits for its job. Raises OSError if that fails."""
    outbox, outbox_inside = _pipe()
    log, log_inside = _pipe()
    waits, start = os.pipe2(os.O_CLOEXEC)
    if setting["briefing"]["is_fed"]:
        fcntl.fcntl(start, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    job = _memory_file(b"")
    with _Descriptors(outbox_inside, log_inside, waits, os.dup(job)) as passed:
        briefing = {**setting["briefing"], "outbox": outbox_inside, "job": passed.numbers[-1]}
        process = subprocess.Popen(
            _argv(setting, [*setting["program"], json.dumps(briefing)], passed),
            stdin=waits,
            stdout=log_inside,
            stderr=log_inside,
            cwd="/" if setting["walls"] else _work_folder(setting),
            env=setting["environment"],
            pass_fds=passed.numbers,
            start_new_session=True,
            preexec_fn=_before_exec(setting, cgroup, os.getpid()),
        )
    return Launched(process, outbox, log, job, start, setting["briefing"]["is_fed"])


class _Descriptors:
    """Descriptors that go to the new process. They are closed here once it has them."""

    def __init__(self, *numbers: int) -> None:
        self.numbers = list(numbers)

    def __enter__(self) -> "_Descriptors":
        return self

    def __exit__(self, *exception: object) -> None:
        for number in self.numbers:
            os.close(number)

    def add(self, number: int) -> str:
        """Keep a descriptor, and return its number as text."""
        self.numbers.append(number)
        return str(number)


def _argv(setting: dict[str, Any], program: list[str], passed: _Descriptors) -> list[str]:
    walls = setting["walls"]
    if not walls:
        return program
    arguments = [word for step in walls["steps"] for word in _arguments(step, walls["roots"], passed)]
    arguments += _file_arguments(setting, passed)
    arguments += ["--remount-ro", "/", "--remount-ro", "/dev", "--chdir", setting["work"]]
    content = "\0".join(arguments).encode() + b"\0"
    # Through a descriptor: the list is long, and readers of the table of processes don't need it.
    return [walls["bwrap"], "--args", passed.add(_memory_file(content)), "--", *program]


def _arguments(step: list[str], roots: list[str], passed: _Descriptors) -> list[str]:
    """Return bwrap's words for one step.

    Texts and the filter become descriptors; sources are taken from a place that we reach.
    """
    match step:
        case ["text", text, target]:
            return ["--ro-bind-data", passed.add(_memory_file(text.encode())), target]
        case ["--seccomp", path]:
            return ["--seccomp", passed.add(os.open(path, os.O_RDONLY))]
        case [flag, source, target] if "bind" in flag and _is_root():
            return [flag, mounts.exposed(source, roots), target]
    return step


def _file_arguments(setting: dict[str, Any], passed: _Descriptors) -> list[str]:
    """Return the words that pass the job's files as content.

    The user that bwrap runs as may not be allowed to read them at their place.
    """
    arguments = []
    for name, path in setting["files"].items():
        number = passed.add(os.open(path, os.O_RDONLY))
        arguments += ["--perms", "0444", "--ro-bind-data", number, f"{setting['work']}/{name}"]
    return arguments


def _work_folder(setting: dict[str, Any]) -> str:
    """Return a folder on the disk with the job's files in it, for a process without walls."""
    folder = Path(setting["work"])
    folder.mkdir()
    for name, path in setting["files"].items():
        shutil.copyfile(path, folder / name)
        (folder / name).chmod(0o444)
    if setting["gives_up_root"] and _is_root():
        os.chown(folder, mounts.NOBODY, mounts.NOBODY)
    return str(folder)


def _before_exec(setting: dict[str, Any], cgroup: Cgroup, supervisor: int) -> Callable[[], None]:
    def prepare() -> None:
        try:
            cgroup.enter()
            if _is_root() and setting["gives_up_root"]:
                if setting["walls"]:
                    mounts.expose(setting["walls"]["roots"])
                    os.chdir("/")
                mounts.give_up_root()
            mounts.promise_no_new_privileges()
            mounts.die_with(supervisor, signal.SIGKILL)
            _check_reach(setting)
        except OSError as error:
            os.write(2, f"{COMPLAINT}{error.strerror or error}\n".encode())
            os._exit(1)

    return prepare


def _check_reach(setting: dict[str, Any]) -> None:
    """Raise OSError if the program or its folder is closed to the user that we are now.

    For a process without walls.
    """
    if setting["walls"]:
        return
    for path, mode in ((setting["program"][0], os.X_OK), (str(Path(setting["work"]).parent), os.X_OK)):
        if not os.access(path, mode):
            raise PermissionError(0, f"{path} is closed to user {os.getuid()}")


def _is_root() -> bool:
    return os.geteuid() == 0


def _pipe() -> tuple[int, int]:
    reading, writing = os.pipe2(os.O_CLOEXEC)
    os.set_blocking(reading, False)
    fcntl.fcntl(reading, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    return reading, writing


def _memory_file(content: bytes) -> int:
    descriptor = os.memfd_create("callsheet", os.MFD_CLOEXEC)
    with os.fdopen(descriptor, "wb", closefd=False) as file:
        file.write(content)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor
