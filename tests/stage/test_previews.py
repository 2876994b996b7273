"""`callsheet check` and `callsheet preview`: every scene is composed behind the fence, without a server."""

import json
from pathlib import Path

from PIL import Image
from typer.testing import CliRunner

from callsheet.cli.main import app

REQUEST = """
title: Looked at
profile: draft
scenes:
  - name: Good
    template: title
    content: {title: Good, duration_s: 3}
  - name: Misspelt
    code: |
      from manim import *

      class Wrong(Scene):
          def construct(self):
              self.play(Creat(Square()))
  - name: In words
    prompt: Words that are laid out.
"""


def said_of(*arguments) -> tuple[int, dict]:
    """Exit code and the JSON object of a command."""
    result = CliRunner().invoke(app, [*map(str, arguments), "--json"])
    return result.exit_code, json.loads(result.stdout)


def test_check_says_everything_at_once(tmp_path: Path):
    """Exit code 2; each scene has its problems, and those that are right have their exact length."""
    file = tmp_path / "film.yaml"
    file.write_text(REQUEST, encoding="utf-8")
    code, said = said_of("check", file)
    assert code == 2
    good, wrong, words = said["scenes"]
    assert (good["problems"], good["duration_s"]) == ([], 3.0)
    assert "Creat" in wrong["problems"][0]
    assert (wrong["duration_s"], words["problems"]) == (None, [])
    assert said["duration_s"] == round(3.0 + words["duration_s"], 2)
    assert (said["scenes_of_unknown_length"], said["price_at_most_usd"]) == (1, 0.0)


def test_preview_shows_one_scene_or_all(tmp_path: Path):
    """A PNG in the profile's size, or a sheet; a scene that can't be made is named, and the others are shown."""
    file = tmp_path / "film.yaml"
    file.write_text(REQUEST, encoding="utf-8")
    code, said = said_of("preview", file, "Good", "--out", tmp_path)
    assert code == 0
    with Image.open(said["picture"]) as picture:
        assert (picture.format, picture.size) == ("PNG", (854, 480))
        assert picture.convert("L").getextrema()[1] > 200
    result = CliRunner().invoke(app, ["preview", str(file), "--out", str(tmp_path)])
    assert result.exit_code == 0
    assert "02 Misspelt: line 5: " in " ".join(result.output.split())
    with Image.open(tmp_path / "looked-at-scenes.jpg") as sheet:
        assert sheet.format == "JPEG"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_preview_of_a_scene_that_is_not_there_says_which_there_are(tmp_path: Path):
    """Exit code 2, before anything is composed."""
    file = tmp_path / "film.yaml"
    file.write_text(REQUEST, encoding="utf-8")
    code, said = said_of("preview", file, "Bad", "--out", tmp_path)
    assert (code, said["error"]) == (2, "SCENE: there is no scene “Bad”; there are “Good”, “Misspelt”, “In words”")
