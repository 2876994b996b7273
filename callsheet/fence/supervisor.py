"""The guard of one fenced process.

`callsheet.fence.running` runs it as a script, with the standard library alone.

The worker that wants the result may be killed at any moment, from any of its threads. This small single-threaded
process makes sure that nothing stays behind. It

1. starts the process in a control group, behind the walls of its setting, with only the environment of its setting.
   A process that is to be ready before its job starts early; any other starts when the job has its slot,
2. waits for the job, and for one of the machine's slots (locked files: the kernel frees them in every case),
3. takes in what the process sends. It ends the process when that is done, out of time or memory, sends too much, or
   sends what the job did not ask for. It also does so when standard input closes: the worker is gone,
4. removes the scratch folder if the worker is gone; otherwise the worker still wants what is in it.

Standard input carries two JSON lines, the setting and the job, then stays open for as long as the worker lives. What
follows is passed to a process that is fed.
Standard output carries JSON lines: `{"said": …}` for each event of the process, and `{"ended": …}` at the end.
"""

import contextlib
import fcntl
import json
import os
import select
import shutil
import signal
import sys
import time
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

if __name__ == "__main__":
    # At the end of the list, so that nothing there hides a module of the standard library.
    sys.path.append(str(Path(__file__).parents[2]))

from callsheet.fence import cgroups, subreaper
from callsheet.fence.intake import FileRefused, FileRule, Intake
from callsheet.fence.launch import Launched, launch

if TYPE_CHECKING:
    import subprocess

    from callsheet.fence.cgroups import Cgroup

SLOT_POLL_S = 0.05
GUEST_AFTER_S = 20
# How often we look whether the control group ran out of memory; everything else wakes us.
LOOK_S = 0.25
READ_BYTES = 1 << 20
LOG_KEPT_BYTES = 64 << 10
MAX_LOG_BYTES = 64 << 20


def main() -> int:
    """See one job to its end.

    Return 0 if its process was run to its end, in whatever way it ended.
    """
    lines = _Lines()
    setting = json.loads(lines.next())
    subreaper.adopt()
    cgroup = cgroups.make(setting["memory_bytes"], setting["processes"])
    try:
        return _serve(lines, setting, cgroup)
    finally:
        subreaper.end_all()  # such as a process that was ready early, and got no job
        cgroup.close()


def _serve(lines: "_Lines", setting: dict[str, Any], cgroup: "Cgroup") -> int:
    early = _launched(setting, cgroup) if setting["is_early"] else None
    job = json.loads(lines.next())
    try:
        slot = _wait_for_slot(Path(job["slots_dir"]), job["slots"])
        if slot is not None:
            _say(slot=True)
        ended = None if slot is None else _guarded(early or _launched(setting, cgroup), job, cgroup)
    except OSError as error:
        ended = _unable(error, job)
    if ended is None or ended["reason"] == "abandoned":
        _remove(job["leftovers"])
        return 1
    _say(ended=ended)
    return 0


class _Lines:
    """The lines of standard input.

    The process ends if the worker leaves before it has sent the next one.
    """

    def __init__(self) -> None:
        self._read = b""

    def next(self) -> bytes:
        """Return the next line; wait for it."""
        while b"\n" not in self._read:
            piece = os.read(0, READ_BYTES)
            if not piece:
                sys.exit(1)
            self._read += piece
        line, _, self._read = self._read.partition(b"\n")
        return line


def _wait_for_slot(slots_dir: Path, slots: int) -> int | None:
    """Wait for a slot, and return a locked file descriptor that stands for it.

    Return None if the worker is gone before a slot is free. One slot more, the guest's, is for a worker (a run) that
    has waited for a while and holds none. So a run whose jobs use up all their time in every slot does not hold up the
    others for so long.
    """
    slots_dir.mkdir(parents=True, exist_ok=True)
    files = [_lock_file(slots_dir / str(number)) for number in range(slots)]
    guest, worker = _lock_file(slots_dir / "guest"), _lock_of_this_worker(slots_dir / "workers")
    guest_from_s = time.monotonic() + GUEST_AFTER_S
    while True:
        for descriptor in files:
            if _is_taken(descriptor, fcntl.LOCK_EX):
                _is_taken(worker, fcntl.LOCK_SH)  # for as long as this process lives
                return descriptor
        if time.monotonic() > guest_from_s and _is_taken(worker, fcntl.LOCK_EX):
            if _is_taken(guest, fcntl.LOCK_EX):
                return guest
            fcntl.flock(worker, fcntl.LOCK_UN)
        readable, _, _ = select.select([0], [], [], SLOT_POLL_S)
        if readable and os.read(0, 1) == b"":  # the worker has closed standard input
            return None


def _lock_of_this_worker(folder: Path) -> int:
    """Return a file that all jobs of a worker share; remove those of workers that are gone."""
    folder.mkdir(exist_ok=True)
    for other in folder.iterdir():
        if not Path(f"/proc/{other.name}").exists():
            other.unlink(missing_ok=True)
    return _lock_file(folder / str(os.getppid()))


def _lock_file(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)


def _is_taken(descriptor: int, kind: int) -> bool:
    """Return whether the lock of this file is ours now.

    The kernel frees it when this process ends.
    """
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _launched(setting: dict[str, Any], cgroup: "Cgroup") -> Launched | OSError:
    """Start the process and return it; or return why there is none."""
    try:
        return launch(setting, cgroup)
    except OSError as error:
        return error


def _guarded(launched: Launched | OSError, job: dict[str, Any], cgroup: "Cgroup") -> dict[str, Any]:
    """Let the process do its job and see it to its end; return how it ended."""
    if isinstance(launched, OSError):
        return {"reason": "unstarted", "detail": str(launched), "returncode": None, "files": [], "log": ""}
    launched.give(job["order"])
    folder = os.open(job["folder"], os.O_DIRECTORY | os.O_RDONLY | os.O_CLOEXEC)
    rules = {
        name: FileRule(size, offset, bytes.fromhex(magic)) for name, (size, offset, magic) in job["results"].items()
    }
    watch = _Watch(launched, Intake(folder, rules, lambda event: _say(said=event)), cgroup)
    reason, detail = watch.until_end(time.monotonic() + job["timeout_s"])
    return {
        "reason": reason,
        "detail": detail,
        "returncode": launched.process.returncode,
        "files": watch.intake.files,
        "log": watch.log.text(),
        "memory_limited": cgroup.limits_memory,
    }


def _unable(error: OSError, job: dict[str, Any]) -> dict[str, Any]:
    """Return the ending for an error of this machine, e.g. a full disk or a closed folder."""
    named = str(error.filename or "")
    fault = {"errno": error.errno, "place": named if named.startswith("/") else job["folder"]}
    detail = error.strerror or str(error)
    return {"reason": "host", "detail": detail, "returncode": None, "files": [], "log": "", "fault": fault}


class _Log:
    """The end of what the process wrote to its standard output and standard error."""

    def __init__(self) -> None:
        self._pieces: deque[bytes] = deque()
        self._kept = 0
        self._all = 0

    def feed(self, data: bytes) -> None:
        self._pieces.append(data)
        self._kept += len(data)
        self._all += len(data)
        while self._kept - len(self._pieces[0]) > LOG_KEPT_BYTES:
            self._kept -= len(self._pieces.popleft())
        if self._all > MAX_LOG_BYTES:
            raise FileRefused(f"wrote more than {MAX_LOG_BYTES >> 20} MB of log")

    def text(self) -> str:
        return b"".join(self._pieces)[-LOG_KEPT_BYTES:].decode("utf-8", "replace")


class _Watch:
    """A wait for the first of several ends, which reads everything in the meantime."""

    def __init__(self, launched: Launched, intake: Intake, cgroup: "Cgroup") -> None:
        self.intake = intake
        self.log = _Log()
        self._launched = launched
        self._cgroup = cgroup
        self._readers = {launched.outbox: intake.feed, launched.log: self.log.feed}
        self._exit = os.pidfd_open(launched.process.pid)

    def until_end(self, deadline: float) -> tuple[str, str]:
        """Return why the process has ended, and a detail for a person.

        Then it and all that it started are gone.
        """
        try:
            reason = self._until_something_happens(deadline)
            _end_group(self._launched.process)
            for descriptor in list(self._readers):
                while self._read(descriptor):
                    pass
            if reason == "exited":
                self.intake.finish()
        except FileRefused as refusal:
            _end_group(self._launched.process)
            return "refused", str(refusal)
        except OSError:
            _end_group(self._launched.process)
            raise
        if reason == "exited" and self._cgroup.ran_out_of_memory():
            reason = "memory"
        return reason, ""

    def _until_something_happens(self, deadline: float) -> str:
        while True:
            left_s = deadline - time.monotonic()
            if left_s <= 0:
                return "timeout"
            ready, _, _ = select.select([0, self._exit, *self._readers], [], [], min(left_s, LOOK_S))
            if 0 in ready and not self._passed_on(os.read(0, READ_BYTES)):
                return "abandoned"
            for descriptor in self._readers.keys() & set(ready):
                self._read(descriptor)
            if self._exit in ready:
                return "exited"
            if not ready and self._cgroup.ran_out_of_memory():
                return "memory"

    def _passed_on(self, data: bytes) -> bool:
        """Pass what the worker sends to a process that is fed; return False if the worker is gone."""
        if data and self._launched.is_fed and not self._launched.feed(data):
            raise FileRefused("did not read its orders")
        return bool(data)

    def _read(self, descriptor: int) -> bool:
        """Take in what is there; return whether there may be more."""
        try:
            data = os.read(descriptor, READ_BYTES)
        except BlockingIOError:
            return False
        if not data:
            del self._readers[descriptor]
            return False
        self._readers[descriptor](data)
        return True


def _end_group(process: "subprocess.Popen[bytes]") -> None:
    """End all that the process started.

    Behind walls, the kernel ends all that is in the process namespace together with bwrap. Without walls, we look for
    it.
    """
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    subreaper.end_all()


def _remove(leftovers: list[str]) -> None:
    for leftover in map(Path, leftovers):
        if leftover.is_dir():
            shutil.rmtree(leftover, ignore_errors=True)
        else:
            leftover.unlink(missing_ok=True)


def _say(**facts: Any) -> None:
    with contextlib.suppress(BrokenPipeError):
        line = memoryview(json.dumps(facts).encode() + b"\n")
        while line:
            line = line[os.write(1, line) :]


if __name__ == "__main__":
    sys.exit(main())
