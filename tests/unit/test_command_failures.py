"""What a person meets at the command line where a folder, a home or a setting is wrong: a sentence, before any work."""

import json
from pathlib import Path

import pytest
from PIL import Image
from prefect.settings import PREFECT_API_URL, temporary_settings
from typer.testing import CliRunner

import callsheet
from callsheet.cli.main import app
from callsheet.settings import settings

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
