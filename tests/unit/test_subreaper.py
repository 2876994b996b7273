"""Children that were left to this process are reaped; those that other code waits for are not."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ADOPTING = """
import os, subprocess, sys, time
from callsheet.fence import subreaper
subreaper.adopt()
subprocess.run(["sh", "-c", "sleep 0.2 & exit 0"], check=True)
own = subprocess.Popen(["true"])
time.sleep(1)
seen = subreaper.reap(set())
assert len(seen) == 2, seen
own.wait()
assert subreaper.reap(seen) == set()
assert subreaper._children() == []
"""


def test_what_was_adopted_is_reaped_at_the_second_look() -> None:
    """A process whose parent has ended, and that ended itself, leaves no entry in the table of processes."""
    done = subprocess.run([sys.executable, "-c", ADOPTING], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
