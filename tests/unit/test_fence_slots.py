"""Slots of the machine: a run whose jobs hold all of them for long leaves one more for the others."""

import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
JOB = """
import os, sys
from pathlib import Path
from callsheet.fence import supervisor
supervisor.GUEST_AFTER_S = 0.3
worker = int(sys.argv[2])
os.getppid = lambda: worker
if supervisor._wait_for_slot(Path(sys.argv[1]), 2) is not None:
    print("has a slot", flush=True)
    sys.stdin.read()
"""
# Processes that live meanwhile: the mark of a worker that is gone is swept away.
HOSTILE, OTHER = 1, os.getpid()


@contextmanager
def job(slots: Path, worker: int) -> Iterator["subprocess.Popen[str]"]:
    """A job of this worker that waits for a slot, and keeps it until the block ends."""
    argv, pipe = [sys.executable, "-c", JOB, str(slots), str(worker)], subprocess.PIPE
    with subprocess.Popen(argv, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def gets_a_slot(process: "subprocess.Popen[str]", within_s: float) -> bool:
    """Whether it has one after this time."""
    readable, _, _ = select.select([process.stdout], [], [], within_s)
    return bool(readable) and process.stdout.readline() == "has a slot\n"


def test_a_run_that_holds_every_slot_leaves_one_for_another_run(tmp_path: Path) -> None:
    """Its own third job waits, however long; another run's first job begins soon, its second one waits."""
    with ExitStack() as stack:
        assert gets_a_slot(stack.enter_context(job(tmp_path, HOSTILE)), 30)
        assert gets_a_slot(stack.enter_context(job(tmp_path, HOSTILE)), 30)
        third = stack.enter_context(job(tmp_path, HOSTILE))
        assert not gets_a_slot(third, 1.5)
        guest = stack.enter_context(job(tmp_path, OTHER))
        assert gets_a_slot(guest, 30)
        assert not gets_a_slot(stack.enter_context(job(tmp_path, OTHER)), 1.5)
        guest.kill()
        guest.wait()
        assert not gets_a_slot(third, 1.0)
