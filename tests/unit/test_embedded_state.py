"""Who runs the embedded server of a home: the lock, the file and the ports."""

import os
import socket
import subprocess
import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from callsheet.embedded.ports import free_port, is_free, reserve_port
from callsheet.embedded.services import as_environment
from callsheet.embedded.session import started
from callsheet.embedded.state import (
    AlreadyRunning,
    announced,
    counted_as_user,
    has_users,
    retire,
    sole_supervisor,
)
from callsheet.errors import SetupIncomplete
from callsheet.local_server import RunningServices, running
from callsheet.processes import started_at_ticks
from callsheet.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a home of the test's own."""
    return Settings(home=tmp_path)


def services(pid: int, started: int) -> RunningServices:
    """What a supervisor with this number would announce."""
    return RunningServices(
        pid=pid,
        pid_started_at_ticks=started,
        api_url="http://127.0.0.1:4200/api",
        ui_url="http://127.0.0.1:4200",
        media_url="http://127.0.0.1:4280/media",
        database="SQLite",
        started_at=datetime.now(UTC),
    )


def ours() -> RunningServices:
    """The same, with this process as the supervisor."""
    started = started_at_ticks(os.getpid())
    assert started is not None
    return services(os.getpid(), started)


def test_an_announced_server_is_found_until_its_end(settings: Settings):
    """The file comes and goes with the server."""
    assert running(settings) is None
    with announced(ours(), settings):
        assert running(settings) == ours().model_copy(update={"started_at": running(settings).started_at})
    assert running(settings) is None


def test_a_file_of_a_dead_supervisor_means_nothing(settings: Settings):
    """After kill -9 the file stays behind."""
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    with announced(services(dead.pid, 1), settings):
        assert running(settings) is None


def test_another_process_with_the_same_number_is_not_taken_for_the_supervisor(settings: Settings):
    """Process numbers are used again; the moment of the start is not."""
    with announced(services(os.getpid(), ours().pid_started_at_ticks - 1), settings):
        assert running(settings) is None


def test_a_server_that_an_earlier_version_started_is_found(settings: Settings):
    """It may still run when the checkout is updated; two of one home would wait for each other."""
    with announced(ours(), settings):
        file = settings.home / "up.json"
        file.write_text(file.read_text().replace("pid_started_at_ticks", "pid_age_ticks"))
        assert running(settings) == ours().model_copy(update={"started_at": running(settings).started_at})


@pytest.mark.parametrize("content", ["", "{", '{"pid": "x"}'])
def test_a_broken_file_means_that_nothing_runs(settings: Settings, content: str):
    """A disk that ran full must not stop the next start."""
    (settings.home / "up.json").write_text(content)
    assert running(settings) is None


def test_a_home_has_one_supervisor_and_the_second_is_told_where(settings: Settings):
    """Two databases on one data folder would be one too many."""
    second = sole_supervisor(settings)
    with sole_supervisor(settings), announced(ours(), settings), pytest.raises(AlreadyRunning) as refused, second:
        pass
    assert str(refused.value) == f"Callsheet is already running as process {os.getpid()}: http://127.0.0.1:4200"
    with sole_supervisor(settings):
        pass


def test_a_server_is_in_use_while_any_command_says_so(settings: Settings):
    """One of two commands ending leaves the server to the other."""
    other = counted_as_user(settings)
    with counted_as_user(settings):
        with other:
            pass
        assert has_users(settings)
    assert not has_users(settings)


def test_a_server_that_is_used_is_not_retired_and_one_that_is_not_is_found_no_more(settings: Settings):
    """No command can find a server that is about to stop."""
    with announced(ours(), settings):
        with counted_as_user(settings):
            assert not retire(settings)
            assert running(settings)
        assert retire(settings)
        assert running(settings) is None


def test_the_next_port_is_taken_where_the_preferred_one_is_in_use():
    """Another server on the machine is no reason not to start."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        taken = listener.getsockname()[1]
        assert not is_free(taken)
        assert free_port(taken) > taken


def test_two_servers_that_start_at_once_get_different_ports():
    """Nothing listens yet on a port that is reserved; when the reservation ends, the port is free again."""
    with ExitStack() as first, ExitStack() as second:
        port = reserve_port(14_400, first)
        assert reserve_port(port, second) > port
        first.close()
        assert reserve_port(port, first) == port


def test_the_last_port_in_use_is_a_sentence():
    """There is nothing above 65535."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 65_535))
        listener.listen()
        with pytest.raises(SetupIncomplete, match="Ports 65535 to 65535 are in use; change CALLSHEET_PREFECT_PORT or"):
            free_port(65_535)


def test_settings_reach_another_process_unchanged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Services are told by their environment what the supervisor was told."""
    told = Settings(
        home=tmp_path, scenes_at_once=3, media_url="http://127.0.0.1:9/media", render_timeout_s=12.5,
        writer_model="test-writer", writer_api_key="sesame", fetch_allowed_hosts="a.example.com:80,b.example.com:81",
        voices="michael, edge:en-GB-SoniaNeural", lexicon=tmp_path / "names.yaml", speech_api_key="sesame",
    )  # fmt: skip
    for name, value in as_environment(told).items():
        monkeypatch.setenv(name, value)
    assert Settings() == told
    for name, value in as_environment(Settings(home=tmp_path, voices=())).items():
        monkeypatch.setenv(name, value)
    assert Settings().voices == (), "an empty list is none in the other process, too"


def test_a_server_that_ends_at_once_leaves_a_log(tmp_path, monkeypatch):
    """Python itself refuses to start: what it says is in the log that the error names."""
    monkeypatch.setenv("PYTHONHASHSEED", "unreadable")
    said = r"ended before it was ready; its log is .*supervisor\.log"
    with pytest.raises(SetupIncomplete, match=said) as raised, started(Settings(home=tmp_path)):
        pass
    log = Path(str(raised.value).rpartition("log is ")[2])
    assert "PYTHONHASHSEED" in log.read_text()
