"""Money is spent once, whenever the process that spends it is killed."""

import hashlib
import random
import subprocess
import sys
import time
from pathlib import Path

from tests.fakes.replicate_server import ReplicateServer
from tests.footage.given import given

KILLS = 10
RUN_S = 0.6
"""As long as a prediction takes here, and so the time in which a run is killed."""


def started(folder: Path, url: str) -> subprocess.Popen[bytes]:
    """A run that has come as far as its first request, or that had already made them all."""
    return subprocess.Popen([sys.executable, "-m", "tests.durability.durable_run", str(folder), url])


def test_a_run_killed_at_any_moment_pays_once(tmp_path: Path):
    """Ten requests; each one's run is killed at a random moment after its first call, and then run again.

    The service answers late, so that some die between its acceptance and their record of it.
    """
    moments = random.Random(20260103)
    with ReplicateServer(run_s=RUN_S) as server:
        server.fail("create", "slow-after", times=2 * KILLS, seconds=RUN_S / 2)
        for number in range(KILLS):
            folder = tmp_path / str(number)
            folder.mkdir()
            # No two are alike: each is a request of its own.
            picture = given(folder / "first.png").path
            picture.write_bytes(picture.read_bytes() + bytes([number]))
            (folder / "sha256").write_text(_digest(picture))
            _kill_after_first_request(folder, server, moments.uniform(0, 1.3 * RUN_S))
            assert started(folder, server.url).wait(60) == 0
            assert (folder / "done").exists()
        assert server.created() == KILLS
        assert "GET /v1/predictions" in server.requests


def _kill_after_first_request(folder: Path, server: ReplicateServer, after_s: float) -> None:
    before = len(server.requests)
    process = started(folder, server.url)
    try:
        while len(server.requests) == before and process.poll() is None:
            time.sleep(0.002)
        time.sleep(after_s)
    finally:
        process.kill()
        process.wait()


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
