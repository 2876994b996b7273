"""Which server a command and a program talk to."""

import os
import ssl
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prefect.settings import PREFECT_API_SSL_CERT_FILE, PREFECT_API_URL, temporary_settings

from callsheet.cli.servers import how_long_it_stays, named_server
from callsheet.embedded.services import Services
from callsheet.embedded.state import announced
from callsheet.errors import InvalidRequest, SetupIncomplete
from callsheet.local_server import RunningServices
from callsheet.processes import started_at_ticks
from callsheet.server.connection import name_server
from callsheet.settings import Settings, settings


def services(port: int) -> RunningServices:
    """A server of this process, at this port."""
    started = started_at_ticks(os.getpid())
    assert started is not None
    url = f"http://127.0.0.1:{port}"
    return RunningServices(
        pid=os.getpid(), pid_started_at_ticks=started, api_url=f"{url}/api", ui_url=url, media_url=f"{url}/media",
        database="SQLite", started_at=datetime.now(UTC),
    )  # fmt: skip


@pytest.fixture
def unnamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A home of the test's own, and no server that is named."""
    monkeypatch.setenv("CALLSHEET_HOME", str(tmp_path))
    settings.cache_clear()
    with temporary_settings(restore_defaults={PREFECT_API_URL}):
        yield Settings(home=tmp_path)
    settings.cache_clear()


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://127.0.0.1:4200", "its API is at http://127.0.0.1:4200/api"),
        ("http://127.0.0.1:4200/", "its API is at http://127.0.0.1:4200/api"),
    ],
)
def test_an_address_without_api_is_told_what_is_missing(url: str, sentence: str):
    """One sentence with the address that was meant."""
    with temporary_settings({PREFECT_API_URL: url}), pytest.raises(InvalidRequest, match=sentence):
        named_server()


def test_a_program_finds_the_server_that_runs_here(unnamed: Settings):
    """And the next one, when that one has ended and another one has started."""
    with pytest.raises(SetupIncomplete, match="start one with `callsheet up`"):
        name_server()
    for port in (4_321, 4_322):
        with announced(services(port), unnamed):
            name_server()
            assert PREFECT_API_URL.value() == f"http://127.0.0.1:{port}/api"
    with pytest.raises(SetupIncomplete):
        name_server()


def test_a_client_of_the_embedded_server_reads_one_certificate(unnamed: Settings):
    """Its API is plain HTTP. Those of all authorities take 25 ms a client, and a registration has 75."""
    with announced(services(4_324), unnamed):
        name_server()
        context = ssl.create_default_context(cafile=PREFECT_API_SSL_CERT_FILE.value())
    assert context.cert_store_stats()["x509"] == 1
    processes = Services(unnamed, unnamed.home, "sqlite://", 4_324, 4_325)
    assert processes.runner().environment["PREFECT_API_SSL_CERT_FILE"] == PREFECT_API_SSL_CERT_FILE.value()


def test_a_server_that_is_named_is_the_one_that_is_meant(unnamed: Settings):
    """Whatever runs here besides."""
    named = "http://prefect.example.com/api"
    with announced(services(4_323), unnamed), temporary_settings({PREFECT_API_URL: named}):
        name_server()
        assert PREFECT_API_URL.value() == named


@pytest.mark.parametrize(("seconds", "words"), [(0, "stops when"), (30, "for 30 s"), (300, "for 5 min")])
def test_how_long_a_server_stays_is_said(seconds: float, words: str):
    """As a person counts: in minutes, where it is some."""
    assert words in how_long_it_stays(seconds)


SAY_NAMED = (
    "from callsheet.cli.servers import named_server; import sys; print(named_server(), 'prefect' in sys.modules)"
)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (".env", "PREFECT_API_URL=http://127.0.0.1:4321/api\n"),
        ("prefect.toml", '[api]\nurl = "http://127.0.0.1:4321/api"\n'),
        ("pyproject.toml", '[tool.prefect.api]\nurl = "http://127.0.0.1:4321/api"\n'),
        (
            "prefect/profiles.toml",
            'active = "ours"\n[profiles.ours]\nPREFECT_API_URL = "http://127.0.0.1:4321/api"\n',
        ),
    ],
)
def test_a_server_is_named_wherever_prefect_takes_its_settings_from(file: str, text: str, tmp_path: Path):
    """A command does not import Prefect to find out that nothing names a server, and misses none of its files."""
    (tmp_path / "prefect").mkdir()
    (tmp_path / "pyproject.toml").write_text('forbidden_modules = ["prefect_aws"]\n')
    assert _said_in(tmp_path) == "None False"
    (tmp_path / file).write_text(text)
    assert _said_in(tmp_path) == "http://127.0.0.1:4321/api True"


def test_a_variable_names_a_server(tmp_path: Path):
    """Also in small letters, as Prefect takes it."""
    assert _said_in(tmp_path, prefect_api_url="http://127.0.0.1:4321/api") == "http://127.0.0.1:4321/api True"


def _said_in(folder: Path, **variables: str) -> str:
    """Which server is named for a process in this folder, and whether that took Prefect."""
    theirs = {name: value for name, value in os.environ.items() if not name.upper().startswith("PREFECT_")}
    environment = {**theirs, "PREFECT_HOME": str(folder / "prefect"), **variables}
    told = subprocess.run(
        [sys.executable, "-c", SAY_NAMED], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    return told.stdout.strip()
