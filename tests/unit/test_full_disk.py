"""A server whose disk is full says so, and works again when there is room."""

import asyncio
from pathlib import Path

import pytest

from callsheet import disk
from callsheet.embedded.process import Child, Command
from callsheet.embedded.supervisor import Supervisor, _Service
from callsheet.settings import Settings
from tests.small_disk import run_on_disk

CHECKS = """
import sys
from pathlib import Path
from callsheet.disk import check_home
try:
    check_home(Path(sys.argv[1]), to_write=True)
except Exception as error:
    print(error)
"""


async def test_a_service_that_ends_on_a_full_disk_is_started_again_when_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A database ends when it can't write; to start it at once would end the whole server after three tries."""
    said: list[str] = []
    supervisor = Supervisor(Settings(home=tmp_path), said.append)

    def program(script: str) -> Command:
        return Command(name="PostgreSQL", argv=("sh", "-c", script), log=tmp_path / "log", cwd=tmp_path)

    async def start() -> Child:
        return await Child.start(program("sleep 60"))

    monkeypatch.setattr(disk, "LEAST_FREE_FOR_LITTLE_MB", 10**9)
    service = _Service(start, await Child.start(program("exit 1")))
    keeping = asyncio.ensure_future(supervisor._keep(service))
    try:
        async with asyncio.timeout(20):
            while not said:
                await asyncio.sleep(0.05)
            await asyncio.sleep(0.2)
            assert not service.child.is_running
            monkeypatch.setattr(disk, "LEAST_FREE_FOR_LITTLE_MB", 0)
            while not service.child.is_running:
                await asyncio.sleep(0.05)
    finally:
        keeping.cancel()
        await service.child.stop()
    log = f"PostgreSQL ended with code 1; its log is {tmp_path}/log. "
    assert said[0].startswith(f"{log}The disk of {tmp_path} is full (")
    assert said[1:] == ["The disk has room: starting PostgreSQL again."]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ("size=400m,nr_inodes=1", "The disk of {disk} is full (it has 1 files and takes no more). Delete what"),
        ("size=20m", "The disk of {disk} is full (21 MB free). Delete what"),
        ("ro", "The home {disk} can't be used: you may not write to {disk}. Set CALLSHEET_HOME to"),
    ],
    ids=["files", "space", "read-only"],
)
def test_a_disk_that_takes_no_more_is_said_as_it_is(tmp_path: Path, options: str, sentence: str):
    """A disk may be out of files and have space."""
    small = tmp_path / "disk"
    assert run_on_disk(small, options, CHECKS, timeout_s=30).startswith(sentence.format(disk=small))
