"""`callsheet render`: what a script reads of it, whatever goes wrong."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from callsheet.cli.main import app
from callsheet.settings import settings

KEYS = {"ok", "stage", "findings", "remarks", "layout", "duration_s", "animations", "video", "error"}
SCENE = "from manim import *\n\nclass Plain(Scene):\n    def construct(self):\n        self.wait(1)\n"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A home of the test's own, but for what is known of Manim, which takes seconds to find out."""
    kept = settings().catalogue_dir
    monkeypatch.setenv("CALLSHEET_HOME", str(tmp_path / "home"))
    settings.cache_clear()
    settings().catalogue_dir.parent.mkdir(parents=True)
    if kept.exists():
        settings().catalogue_dir.symlink_to(kept.absolute())
    (tmp_path / "scene.py").write_text(SCENE)
    yield
    settings.cache_clear()


def rendered(folder: Path, *options: str, file: str = "scene.py") -> tuple[int, dict[str, object]]:
    """Exit code, and what `--json` says."""
    arguments = [str(folder / file), "--profile", "draft", "--out", str(folder / "out"), "--json", *options]
    result = CliRunner().invoke(app, ["render", *arguments])
    return result.exit_code, json.loads(result.stdout)


def test_the_keys_are_there_where_the_scene_came_to_its_end(tmp_path: Path):
    """The promise that scripts rely on."""
    code, facts = rendered(tmp_path)
    assert (code, set(facts)) == (0, KEYS)
    assert (facts["ok"], facts["stage"], facts["duration_s"], facts["error"]) == (True, "render", 1.0, None)
    assert facts["video"] == str(tmp_path / "out/Plain.mp4")


def test_the_keys_are_there_without_a_fence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """With how far it came, and the sentence."""
    monkeypatch.setenv("PATH", str(tmp_path))
    code, facts = rendered(tmp_path)
    assert (code, set(facts)) == (1, KEYS)
    assert (facts["ok"], facts["stage"], facts["findings"]) == (False, "rehearse", [])
    assert "bubblewrap" in str(facts["error"])


@pytest.mark.parametrize(
    ("options", "file", "sentence"),
    [
        ((), "gone.py", "can't be read"),
        (("--with", "gone.png"), "scene.py", "there is no file"),
        (("--rehearse", "--validate-only"), "scene.py", "give just one"),
    ],
)
def test_the_keys_are_there_where_what_was_given_is_wrong(tmp_path: Path, options, file: str, sentence: str):
    """Nothing has run yet: the stage is the first one."""
    code, facts = rendered(tmp_path, *options, file=file)
    assert (code, set(facts), facts["stage"]) == (2, KEYS, "validate")
    assert sentence in str(facts["error"])


def test_code_is_sent_straight_to_the_fence_where_that_is_asked_for(tmp_path: Path):
    """A scene that can't be seen without running it is found there, and one that is no Python is refused there."""
    made = "from manim import *\nMain = type('Main', (Scene,), {'construct': lambda self: self.wait(1)})\n"
    (tmp_path / "made.py").write_text(made)
    code, facts = rendered(tmp_path, "--no-validate", file="made.py")
    assert (code, facts["video"]) == (0, str(tmp_path / "out/made.mp4")), facts
    (tmp_path / "broken.py").write_text("x = 1\ndef (:\n")
    code, facts = rendered(tmp_path, "--no-validate", file="broken.py")
    assert (code, facts["stage"]) == (1, "rehearse")
    assert "SyntaxError" in str(facts["findings"])
