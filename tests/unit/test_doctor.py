"""What `callsheet doctor` says, and how it ends."""

import json
import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from callsheet.cli import checks, doctor
from callsheet.cli.main import app
from callsheet.settings import Settings, settings


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A home of the test's own."""
    monkeypatch.setenv("CALLSHEET_HOME", str(tmp_path))
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


def test_a_machine_that_is_set_up_is_healthy(home: Path):
    """Set-up installs all that the doctor looks for."""
    answer = CliRunner().invoke(app, ["doctor", "--json"])
    said = json.loads(answer.stdout)
    assert (answer.exit_code, said["ok"]) == (0, True), said
    assert {"prefect", "ffmpeg", "PostgreSQL", "font Inter"} <= {check["what"] for check in said["checks"]}


def test_a_missing_font_names_its_package():
    """The remedy is a command to copy."""
    check = checks._font("No Such Typeface", "fonts-none")
    assert (check.state, check.remedy) == ("missing", "apt-get install fonts-none")


def test_something_missing_makes_the_exit_code_1(home: Path, monkeypatch: pytest.MonkeyPatch):
    """Scripts can ask, too."""
    monkeypatch.setenv("PATH", str(home))
    answer = CliRunner().invoke(app, ["doctor"], env={"COLUMNS": "200"})
    assert answer.exit_code == 1
    assert "apt-get install ffmpeg" in answer.stdout


def test_a_home_that_nobody_can_write_to_is_missing(tmp_path: Path):
    """A file stands where the folder should be."""
    (tmp_path / "file").touch()
    assert checks._home(tmp_path / "file" / "home").state == "missing"
    (tmp_path / "loop").symlink_to("loop")
    assert checks._home(tmp_path / "loop" / "home").state == "missing"


def test_what_was_found_is_printed_whole_and_as_it_is(capsys: pytest.CaptureFixture[str]):
    """A pipe has room for a long path, and brackets are no markup."""
    found = "/home/anna/a folder with a long name/[red]/" + "deep/" * 20
    doctor._print([checks.Check("home", "missing", found, "set CALLSHEET_HOME [to] a folder")], False)
    said = capsys.readouterr().out
    assert found in said
    assert "set CALLSHEET_HOME [to] a folder" in said


def test_a_port_in_use_is_worth_a_note(home: Path):
    """The server takes the next one, so nothing is missing."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        taken = listener.getsockname()[1]
        check = checks._ports(Settings(home=home, prefect_port=taken))[0]
    assert check.state == "note"
    assert f"{taken} is in use" in check.found
