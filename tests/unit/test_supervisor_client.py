"""The process that guards a job ends, whatever moment the event loop ends at."""

import subprocess
import sys
from pathlib import Path

import pytest

# A loop that ends while a guard starts. SystemExit stands for what a signal raises in a run that is cancelled.
ENDS = """
import asyncio, sys
from callsheet.fence.supervisor_client import guard

async def work():
    async with guard() as started:
        print(started.process.pid, flush=True)
        await asyncio.sleep(60)

async def main():
    working = asyncio.create_task(work())
    for _ in range({turns}):
        await asyncio.sleep(0)
    sys.exit(7)

asyncio.run(main())
"""


@pytest.mark.parametrize("turns", range(9))
def test_a_loop_that_ends_while_a_guard_starts_ends(turns: int):
    """Python's own subprocesses wait for ever at one of these moments."""
    ended = subprocess.run(
        [sys.executable, "-c", ENDS.format(turns=turns)], capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.returncode == 7
    assert "Error" not in ended.stderr
    assert all(not Path("/proc", pid).exists() for pid in ended.stdout.split())
