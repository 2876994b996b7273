"""A whole Callsheet in separate processes, to be killed piece by piece: supervisor, server, runner, runs, renders."""

import asyncio
import json
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from prefect.client.orchestration import get_client

from callsheet import embedded
from callsheet.embedded.process_tree import descendants
from callsheet.errors import TransientError
from callsheet.model.labels import PROCESS
from callsheet.settings import Settings, settings
from tests.fakes.chat_server import ChatServer, good
from tests.flows.clients import as_client
from tests.flows.fenced import guards

ROOT = Path(__file__).parents[2]
ANSWER_AFTER_S = 1.5
PORT = 16_200
# Those that are kept; the others leave no record.
STEPS = (
    "write-", "validate-scene-code-", "render-scene-", "rehearse-scene-", "merge-clips-", "make-stills-",
    "speak-sentence-", "film-shot-", "mix-narration-", "add-tracks-",
)  # fmt: skip


@dataclass
class Plant:
    """The pieces, and what they left on the disk."""

    home: Path
    writer: ChatServer
    up: subprocess.Popen

    @property
    def services(self):
        """What the supervisor says of itself; None while it is not ready."""
        return embedded.running(Settings(home=self.home))

    def pids(self, words):
        """Living descendants of the supervisor whose command line holds `words`."""
        return [pid for pid in descendants(self.up.pid) if words in command_line(pid)]

    def renders(self):
        """Processes behind the fence that work on a scene, innermost first."""
        inside = [pid for guard in guards(self.home / "scratch") for pid in reversed(descendants(guard))]
        return [pid for pid in inside if "callsheet/fence/boot.py" in command_line(pid)]

    def fenced(self):
        """Those, and the ones that have no scene yet."""
        return self.pids("callsheet/fence/boot.py")

    def kept(self):
        """What finished steps have given, by file, with the time when it was written."""
        folder = self.home / "results"
        return {path.name: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file() and is_result(path)}

    def made(self, step):
        """How often a step was really done, in all runs so far."""
        return sum(name.startswith(step) for name in self.kept())

    def published(self):
        """How many videos there are, and how many manifests."""
        return [len(list((self.home / "media/videos").rglob(f"*.{suffix}"))) for suffix in ("mp4", "json")]

    def leftovers(self):
        """Working folders, and files half-way into the store."""
        folders = (self.home / "scratch", self.home / "media/.incoming")
        return [path for folder in folders if folder.exists() for path in folder.iterdir()]


def is_result(path):
    """Whether it is a whole record, under the name of its step: Prefect makes the file first and fills it then."""
    if not path.name.startswith(STEPS):
        return False
    try:
        json.loads(path.read_bytes())
    except ValueError:
        return False
    return True


def command_line(pid):
    """Its arguments, with spaces; empty where it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


@contextmanager
def plant(home):
    """`callsheet up` with a language model beside it, ready; afterwards nothing of it is left."""
    with ChatServer(good_after_a_while()) as writer, pytest.MonkeyPatch.context() as patch:
        variables = {
            "HOME": home, "PREFECT_PORT": PORT, "MEDIA_PORT": PORT + 80, "WRITER_MODEL": "test-writer",
            "WRITER_BASE_URL": writer.base_url, "RENDERS_AT_ONCE": 2,
        }  # fmt: skip
        for name, value in variables.items():
            patch.setenv(f"CALLSHEET_{name}", str(value))
        settings.cache_clear()
        made = Plant(home, writer, start_up())
        try:
            with as_client(wait_ready(made)):
                yield made
        finally:
            made.up.terminate()
            made.up.wait(30)
            settings.cache_clear()


def good_after_a_while():
    """An answer that takes long enough to be interrupted."""
    answer = good()
    return type(answer)(answer.content, wait_s=ANSWER_AFTER_S)


def start_up():
    """`callsheet up` in the checkout."""
    command = [Path(sys.executable).with_name("callsheet"), "up"]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)


def wait_ready(made, within_s=120):
    """The services, once they are ready."""
    until = time.monotonic() + within_s
    while made.services is None:
        assert made.up.poll() is None
        assert time.monotonic() < until
        time.sleep(0.1)
    return made.services


async def read(run):
    """The run as the server knows it, as soon as it answers."""
    while True:
        try:
            async with get_client() as prefect:
                return await prefect.read_flow_run(run.id)
        except (TransientError, httpx.HTTPError):
            await asyncio.sleep(0.2)


async def completed(run, within_s=240):
    """Wait until it is; a crash on the way is no end."""
    async with asyncio.timeout(within_s):
        while not (now := await read(run)).state.is_completed():
            assert not now.state.is_failed(), now.state.message
            await asyncio.sleep(0.3)
    return now


async def happens(condition, within_s=120):
    """Wait for `condition()`, closely: what is waited for may be over soon."""
    async with asyncio.timeout(within_s):
        while not condition():
            await asyncio.sleep(0.02)  # a look at all processes takes some milliseconds of processor time


async def process_of(run, within_s=120):
    """The process in which the flow runs, once it has said so: the run's label ends in its number and its start."""
    async with asyncio.timeout(within_s):
        while not (label := str((await read(run)).labels.get(PROCESS, ""))):
            await asyncio.sleep(0.02)
    return int(label.split()[-2])
