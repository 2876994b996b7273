"""The warm engine: runs begin at once, end as they should, and never outlive the process that started them."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from prefect.client.orchestration import get_client

from callsheet import client
from callsheet.embedded import run_warm
from callsheet.embedded.warm_engine import imported_sources, is_current
from callsheet.model.labels import RECOVERIES
from callsheet.model.requests.video import VideoRequest
from callsheet.settings import settings
from callsheet.warm_start import SOCKET_NAME
from tests.flows.fenced import alive, guards, renders
from tests.flows.patience import until

ROOT = Path(__file__).parents[2]


@contextmanager
def engine_of(home):
    """A warm engine that is ready; it ends when its standard input does."""
    argv = [sys.executable, "-m", "callsheet.embedded.warm_engine", str(home)]
    with subprocess.Popen(argv, cwd=ROOT, stdin=subprocess.PIPE):
        deadline = time.monotonic() + 60
        while not (home / SOCKET_NAME).exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        yield


@pytest.fixture
def engine(tmp_path):
    """A warm engine with a separate home."""
    process = subprocess.Popen(
        [sys.executable, "-m", "callsheet.embedded.warm_engine", str(tmp_path)], cwd=ROOT, stdin=subprocess.PIPE
    )
    deadline = time.monotonic() + 60
    while not (tmp_path / SOCKET_NAME).exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    yield process
    process.kill()
    process.wait()


def run_without_id(home):
    """A run that ends at once, because its flow run is not named."""
    return subprocess.run(
        [sys.executable, "-I", "-S", run_warm.__file__, str(home)],
        capture_output=True, text=True, check=False, cwd=ROOT, env={"PATH": os.environ["PATH"], "HOME": str(home)},
    )  # fmt: skip


def test_exit_code_and_output_are_those_of_the_run(engine, tmp_path):
    """The runner sees in the small process what it would see in the run itself."""
    finished = run_without_id(tmp_path)
    assert finished.returncode == 1
    assert "Invalid flow run id" in finished.stdout + finished.stderr


def test_without_an_engine_a_run_starts_in_a_fresh_interpreter(tmp_path):
    """While the engine still imports, or after it died, nothing waits for it."""
    finished = run_without_id(tmp_path)
    assert finished.returncode == 1
    assert "Invalid flow run id" in finished.stdout + finished.stderr


def test_only_this_user_may_use_the_engine(engine, tmp_path):
    """Who connects decides what runs."""
    assert (tmp_path / SOCKET_NAME).stat().st_mode & 0o077 == 0


def test_a_deep_home_is_no_obstacle(tmp_path):
    """The kernel allows 107 bytes for the path of a socket; homes may be deeper."""
    deep = tmp_path / ("d" * 100) / ("e" * 100)
    deep.mkdir(parents=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "callsheet.embedded.warm_engine", str(deep)], cwd=ROOT, stdin=subprocess.PIPE
    )
    try:
        deadline = time.monotonic() + 60
        while not (deep / SOCKET_NAME).exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert run_without_id(deep).returncode == 1
    finally:
        process.kill()
        process.wait()


def test_changed_code_is_noticed(tmp_path, monkeypatch):
    """What is on the disk is what runs: a run after an edit starts fresh."""
    (tmp_path / "edited_flow.py").write_text("A = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    __import__("edited_flow")
    sources = imported_sources(tmp_path)
    assert list(sources) == [tmp_path / "edited_flow.py"]
    assert is_current(sources)
    (tmp_path / "edited_flow.py").write_text("A = 2\n")
    assert not is_current(sources)


def processes(belong):
    """Ids of the processes for whose folder in /proc `belong` is true."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if belong(folder):
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def starters():
    """What the runner of the test server has started: one small process a run."""
    argument = f"run_warm.py\0{settings().home}".encode()
    return processes(lambda folder: argument in (folder / "cmdline").read_bytes())


def working_folders():
    """Working folders of the test server's runs."""
    return [path for path in settings().scratch_dir.iterdir() if path.is_dir()]


@pytest.mark.long
async def test_a_killed_run_leaves_no_process_and_no_file(prefect_server):
    """`kill -9` in the middle of a render: the run is known to have crashed, and nothing of it stays."""
    long = {"name": "Long", "template": "picture", "content": {"path": "docs/pictures/example.png", "duration_s": 60}}
    short = {"name": "Short", "template": "title", "content": {"title": "Killed", "duration_s": 1}}
    request = VideoRequest.model_validate({"title": "Killed", "profile": "full-hd", "scenes": [short, long]})
    run = await client.start(request)
    clips = settings().media_dir / "clips"
    before = set(clips.rglob("*.mp4"))
    assert await until(lambda: set(clips.rglob("*.mp4")) - before, 120)
    # The short scene has put its working files away and the long one is rendering: its supervisor cleans up after it.
    # What a step that is over had not put away yet is swept by the next run (see tests/unit/test_scratch.py).
    assert await until(lambda: len(guards()) == len(working_folders()) == 1, 30)
    rendering = renders()
    async with get_client() as prefect:
        await prefect.update_flow_run_labels(run.id, {RECOVERIES: 99})  # often enough: here it is to stay dead
    for pid in starters():
        os.kill(pid, signal.SIGKILL)
    assert await until(lambda: not alive(rendering), 5)
    assert await until(lambda: not list(settings().scratch_dir.iterdir()), 5)
    async with asyncio.timeout(60):
        async for status in client.follow(run.id):
            last = status
    assert last.state in {"Crashed", "Failed"}
