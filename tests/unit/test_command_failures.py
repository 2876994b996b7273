"""What a person meets at the command line where a folder, a home or a setting is wrong: a sentence, before any work."""

import json
import os
import pwd
from pathlib import Path

import pytest
from PIL import Image
from prefect.settings import PREFECT_API_URL, temporary_settings
from typer.testing import CliRunner

import callsheet
from callsheet import disk
from callsheet.cli.delegation import run_in_engine
from callsheet.cli.main import app
from callsheet.embedded.process import starts_well
from callsheet.settings import settings

ROOT = Path(__file__).parents[2]
LESSON = "deployments/requests/lesson.yaml"
SCENE = "examples/unit_circle.py"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A home of the test's own, beside a file that is no folder, and no server that is named."""
    monkeypatch.setenv("CALLSHEET_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    for name in ("1", "2"):
        Image.new("RGB", (320, 180), "teal").save(tmp_path / f"{name}.png")
    settings.cache_clear()
    with temporary_settings(restore_defaults={PREFECT_API_URL}):
        yield tmp_path
    settings.cache_clear()


def refused(*arguments: str) -> tuple[int, str]:
    """Exit code and the sentence of `--json`."""
    settings.cache_clear()
    result = CliRunner().invoke(app, [*arguments, "--json"])
    return result.exit_code, json.loads(result.stdout)["error"]


@pytest.mark.parametrize("command", [["create", LESSON], ["image", "{}/1.png"], ["pairs", "{}"], ["render", SCENE]])
@pytest.mark.parametrize(
    ("out", "sentence"),
    [("file", "--out: “{}/file” is a file; name a folder"), ("file/below", "can't be made (Not a directory)")],
)
def test_a_folder_that_can_hold_no_video_is_found_before_the_work(home: Path, command, out: str, sentence: str):
    """Exit code 2, and neither a server nor a render is started."""
    arguments = [each.format(home) for each in command]
    code, said = refused(*arguments, "--out", str(home / out))
    assert (code, sentence.format(home) in said) == (2, True), said
    assert not (home / "home/logs").exists()


@pytest.mark.parametrize("below", ["file", "file/below", "loop/below"])
@pytest.mark.parametrize(
    "command",
    [
        ["create", LESSON, "--out", "{}"],
        ["start", LESSON],
        ["check", LESSON],
        ["render", SCENE, "--out", "{}"],
        ["image", "{}/1.png", "--out", "{}"],
        ["videos"],
        ["get", "last", "--out", "{}"],
        ["open", "last"],
        ["runs"],
        ["status", "last"],
        ["history"],
    ],
    ids=lambda command: command[0],
)
def test_a_home_that_can_not_be_used_is_one_sentence(
    home: Path, monkeypatch: pytest.MonkeyPatch, below: str, command: list[str]
):
    """Each command names the home, the reason and what to do; none takes it for an empty home."""
    (home / "loop").symlink_to("loop")
    monkeypatch.setenv("CALLSHEET_HOME", str(home / below))
    code, said = refused(*(word.format(home) for word in command))
    wrong = home / below.partition("/")[0]
    assert (code, said) == (
        1,
        f"The home {home}/{below} can't be used: {wrong} is no folder. "
        "Set CALLSHEET_HOME to a folder that you can write to.",
    )


@pytest.mark.parametrize("command", [["check", LESSON], ["preview", LESSON], ["render", SCENE]])
def test_a_disk_without_room_is_found_before_scenes_are_composed(
    home: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
):
    """In the words of every other command, and nothing is made before."""
    monkeypatch.chdir(home)
    monkeypatch.setattr(disk, "LEAST_FREE_FOR_LITTLE_MB", 10**9)
    code, said = refused(command[0], str(ROOT / command[1]))
    assert (code, said.partition(" (")[0]) == (1, f"The disk of {home} is full")
    assert not (home / "home").exists()


@pytest.mark.parametrize("command", [["runs"], ["doctor"], ["create", LESSON]])
def test_a_wrong_setting_is_one_sentence(home: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]):
    """Every wrong one is named as it is set."""
    monkeypatch.setenv("CALLSHEET_PREFECT_PORT", "four")
    monkeypatch.setenv("CALLSHEET_FENCE", "none")
    code, said = refused(*command)
    assert (code, said.splitlines()) == (
        2,
        [
            "CALLSHEET_FENCE: “none” is unknown; known are required, container and unsafe-none",
            "CALLSHEET_PREFECT_PORT: must be a whole number, not “four”",
        ],
    )


@pytest.mark.parametrize("command", [["up"], ["create", str(Path(LESSON).absolute())]])
def test_outside_a_checkout_a_server_is_not_even_begun(home: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]):
    """One sentence says where to go, and nothing was said or made before it."""
    monkeypatch.chdir(home)
    monkeypatch.setattr(callsheet, "__path__", [str(home / "site-packages/callsheet")])
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 1
    assert result.output == (
        f"There is no checkout of Callsheet in {home}, and this program was not installed from one; change to a "
        "checkout first.\n"
    )
    assert not (home / "home/logs").exists()


ANY = [["runs"], ["check", LESSON], ["create", LESSON], ["videos"], ["doctor"], ["render", SCENE]]


@pytest.mark.parametrize("command", ANY, ids=lambda command: command[0])
def test_a_working_directory_that_is_gone_is_one_sentence(home: Path, monkeypatch: pytest.MonkeyPatch, command):
    """A terminal stays in a folder that something else has deleted."""
    monkeypatch.delenv("CALLSHEET_HOME")
    (home / "gone").mkdir()
    monkeypatch.chdir(home / "gone")
    (home / "gone").rmdir()
    assert run_in_engine(command) is None
    assert refused(*command) == (1, "The working directory does not exist any more; change to another folder.")


@pytest.mark.parametrize("command", ANY, ids=lambda command: command[0])
def test_a_user_without_a_home_is_told_what_to_set(home: Path, monkeypatch: pytest.MonkeyPatch, command):
    """In a container, a user often has a number alone."""

    def no_name(uid: int) -> None:
        raise KeyError(uid)

    monkeypatch.delenv("CALLSHEET_HOME")
    monkeypatch.delenv("HOME")
    monkeypatch.setattr(pwd, "getpwuid", no_name)
    assert run_in_engine(command) is None
    assert refused(*command) == (1, "This user has no home folder; set HOME to a folder that you can write to.")


@pytest.mark.parametrize(
    ("catalogue", "sentence"),
    [
        ("nowhere", "there is no folder “nowhere”"),
        (LESSON, f"“{LESSON}” is a file; name the folder of the request files"),
    ],
)
def test_a_catalogue_that_is_not_here_is_found_before_a_server_starts(home: Path, catalogue: str, sentence: str):
    """The runner, which works in the checkout, would look for it there."""
    assert refused("backfill", catalogue) == (2, f"CATALOGUE: {sentence}")
    assert not (home / "home/logs").exists()


def test_a_request_in_a_pipe_is_one_sentence(home: Path):
    """It is read more than once; the second time, there would be nothing."""
    reading, writing = os.pipe()
    os.write(writing, Path(LESSON).read_bytes())
    os.close(writing)
    code, said = refused("check", f"/dev/fd/{reading}")
    os.close(reading)
    sentence = f"/dev/fd/{reading} is a pipe, which can't be read twice; write the request to a file first"
    assert (code, said) == (2, sentence)


@pytest.mark.parametrize("code", [0, 3])
def test_what_opens_a_film_says_nothing_itself(home: Path, capfd: pytest.CaptureFixture[str], code: int):
    """Without a desktop, xdg-open names all programs that are not there."""
    opener = home / "xdg-open"
    opener.write_text(f"#!/bin/sh\necho links2: not found\necho lynx: not found >&2\nexit {code}\n")
    opener.chmod(0o755)
    assert starts_well((str(opener), "film.mp4"), 10) is (code == 0)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("command", [["up"], ["create", str(Path(LESSON).absolute())], ["backfill", "deployments"]])
def test_a_disk_without_room_for_a_server_is_found_before_it_starts(
    home: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
):
    """A database that does not fit would say so in a page of other words."""
    monkeypatch.setattr(disk, "LEAST_FREE_MB", 10**9)
    settings.cache_clear()
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 1
    assert result.output.startswith(f"The disk of {home} is full (")
    assert result.output.endswith("set CALLSHEET_HOME to a folder on a larger disk, then run again.\n")
    assert not (home / "home").exists()
