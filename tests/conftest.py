"""One real server for all tests that need one: PostgreSQL, Prefect, media and runner, in a separate home."""

import os
import secrets
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import hypothesis
import pytest
from prefect.settings import PREFECT_LOCAL_STORAGE_PATH, temporary_settings

from callsheet import embedded
from callsheet.local_server import RunningServices
from callsheet.server.connection import settings_for
from callsheet.settings import settings
from tests.fakes.chat_server import ChatServer
from tests.fakes.replicate_server import ReplicateServer
from tests.footage.films import environment_of
from tests.footage.given import scenery
from tests.homes import lend_catalogue, prepared

# No time limit an example: how long one takes depends on what else the machine does.
hypothesis.settings.register_profile("callsheet", deadline=None)
hypothesis.settings.load_profile("callsheet")

# A shell without job control starts what it puts into the background with SIGINT ignored, and every process below it
# inherits that: Ctrl-C would do nothing to the commands that are tested.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Test workers at the same time look for free ports in separate ranges.
PORTS_APART = 100
# What takes longest. Where the short ones come last, the workers end at nearly the same time.
BEGIN_FIRST = (
    "tests/stage/test_templates.py", "tests/flows/test_embedded_server.py", "tests/flows", "tests/browser",
    "tests/house/test_docs.py", "tests/stage", "tests/control/test_backfill.py", "tests/control/test_control.py",
    "tests/control/test_recovery.py", "tests/durability/test_kill_matrix.py",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest; the rest stays in its order."""
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    begins = (number for number, start in enumerate(BEGIN_FIRST) if item.nodeid.startswith(start))
    return next(begins, len(BEGIN_FIRST))


@pytest.fixture(scope="session", autouse=True)
def apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test finds the home of the person who runs it, and no server outlives the test that it was started for."""
    with pytest.MonkeyPatch.context() as patch:
        data = tmp_path_factory.mktemp("data")
        lend_catalogue(data / "callsheet", tmp_path_factory)
        patch.setenv("XDG_DATA_HOME", str(data))
        patch.setenv("CALLSHEET_LINGER_S", "0")
        yield


def _worker() -> int:
    """Number of this test worker: 0, 1 … under xdist, 5 alone, for CI runs such a session beside one with workers."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw5").removeprefix("gw"))


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A home that holds nothing yet, for the whole session."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CALLSHEET_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setenv("CALLSHEET_PREFECT_PORT", str(4200 + PORTS_APART * _worker()))
        patch.setenv("CALLSHEET_MEDIA_PORT", str(4280 + PORTS_APART * _worker()))
        settings.cache_clear()
        yield
    settings.cache_clear()


@pytest.fixture(scope="session")
def services(home: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServices]:
    """The embedded server, with a runner that waits for work."""
    with prepared(settings().home, tmp_path_factory), embedded.started(settings()) as running:
        yield running


@pytest.fixture(scope="session")
def prefect_server(services: RunningServices) -> Iterator[RunningServices]:
    """The server, and this process as a client of it: flows and tasks called here are its runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CALLSHEET_MEDIA_URL", services.media_url)
        settings.cache_clear()
        changed = {**settings_for(services), PREFECT_LOCAL_STORAGE_PATH: settings().results_dir}
        with temporary_settings(changed):
            yield services
    settings.cache_clear()


@pytest.fixture
def pictures(tmp_path: Path) -> Callable[[str], str]:
    """Pictures that no other test has: a name gives always the same one."""

    def picture(name: str) -> str:
        path = tmp_path / f"{name}.png"
        if not path.exists():
            scenery(240, 160, seed=secrets.randbits(32)).save(path)
        return str(path)

    return picture


@pytest.fixture
def paid(prefect_server: RunningServices, monkeypatch: pytest.MonkeyPatch) -> Iterator[ReplicateServer]:
    """A provider that is paid, as the settings name it. Predictions are over after a fraction of a second."""
    with ReplicateServer(run_s=0.3) as server:
        for name, value in environment_of(server).items():
            monkeypatch.setenv(name, value)
        settings.cache_clear()
        yield server
        monkeypatch.undo()
        settings.cache_clear()


@pytest.fixture
def writes(prefect_server: RunningServices, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., ChatServer]]:
    """Makes a server that answers by a script the writer of this test."""
    with ExitStack() as servers:

        def start(*script: object) -> ChatServer:
            server = servers.enter_context(ChatServer(*script))
            monkeypatch.setenv("CALLSHEET_WRITER_MODEL", "test-writer")
            monkeypatch.setenv("CALLSHEET_WRITER_BASE_URL", server.base_url)
            settings.cache_clear()
            return server

        yield start
    monkeypatch.undo()
    settings.cache_clear()
