"""`callsheet up` of one test, in a separate checkout."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from callsheet import embedded
from callsheet.embedded import RunningServices
from callsheet.settings import Settings


@contextmanager
def up(project: Path, settings: Settings) -> Iterator["subprocess.Popen[str]"]:
    """`callsheet up`, ready. It is left to the test to end it."""
    environment = {
        "CALLSHEET_HOME": str(settings.home),
        "CALLSHEET_PREFECT_PORT": str(settings.prefect_port),
        "CALLSHEET_MEDIA_PORT": str(settings.media_port),
        "PREFECT_HOME": str(project / "no-profile"),
    }
    process = subprocess.Popen(
        [Path(sys.executable).with_name("callsheet"), "up"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=project,
        env={**os.environ, **environment},
    )
    with process:
        try:
            wait_for(lambda: embedded.running(settings) or process.poll() is not None)
            yield process
        finally:
            if process.poll() is None:
                process.terminate()


def wait_for(condition: Callable[[], object], within_s: float = 120) -> None:
    """Look again and again, for at most `within_s` seconds."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def state_of(services: RunningServices, run: str) -> str:
    """The type of a run's state, e.g. COMPLETED."""
    return str(httpx.get(f"{services.api_url}/flow_runs/{run}").raise_for_status().json()["state_type"])
