"""The door to media programs: limits, last words, and no program that outlives its starter."""

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from callsheet.errors import SetupIncomplete
from callsheet.media.command import TAIL_LINES, CommandFailed, run_command
from callsheet.media.probe import ffmpeg_version

T = TypeVar("T")
ENDLESS = ["ffmpeg", "-nostdin", "-v", "error", "-re", "-f", "lavfi", "-i", "anullsrc", "-f", "null", "-"]


def test_standard_output_comes_back() -> None:
    """What a program writes is the call's value."""
    assert run_command(["ffprobe", "-version"], 30).startswith("ffprobe version")
    assert ffmpeg_version()[0].isalnum()


def test_a_failure_carries_the_last_words() -> None:
    """One sentence with the program's last line; the lines before it are an attribute; both survive pickling."""
    with pytest.raises(CommandFailed, match=r"ffmpeg failed: .*nowhere\.mp4") as caught:
        run_command(["ffmpeg", "-nostdin", "-i", "file:/nowhere.mp4", "-f", "null", "-"], 30)
    assert 1 < len(caught.value.log_tail.splitlines()) <= TAIL_LINES
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_a_program_that_takes_too_long_is_killed() -> None:
    """The sentence says how long it was given."""
    started = time.monotonic()
    with pytest.raises(CommandFailed, match=r"took longer than 0\.5 s"):
        run_command(ENDLESS, 0.5)
    assert time.monotonic() - started < 10


def test_a_missing_program_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No ffmpeg on the path: a permanent error that names the package."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SetupIncomplete, match="apt-get install ffmpeg"):
        run_command(["ffmpeg", "-version"], 30)


def test_a_program_dies_with_the_process_that_waits_for_it() -> None:
    """Kill -9 of the waiting process leaves no ffmpeg behind, also when a thread of it waits."""
    code = (
        "import threading\n"
        "from callsheet.media.command import run_command\n"
        f"threading.Thread(target=run_command, args=({ENDLESS!r}, 600)).start()\n"
    )
    with subprocess.Popen([sys.executable, "-c", code]) as waiting:
        (child,) = _eventually(lambda: _children_of(waiting.pid))
        waiting.send_signal(signal.SIGKILL)
    assert _eventually(lambda: not _is_running(child))


def _eventually(found: Callable[[], T]) -> T:
    deadline = time.monotonic() + 20
    while not (value := found()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return value


def _children_of(pid: int) -> list[int]:
    """Children that have become ffmpeg, of any thread of the process."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    children = [int(child) for task in tasks for child in task.read_text().split()]
    return [child for child in children if Path(f"/proc/{child}/comm").read_text().strip() == "ffmpeg"]


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False
