"""`callsheet check` and `callsheet preview`: every scene is composed behind the fence, without a server."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from callsheet.cli import composition
from callsheet.cli.main import app
from callsheet.settings import settings
from callsheet.stage import sandbox
from tests.homes import lend_catalogue

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


@pytest.fixture(autouse=True)
def apart(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test has a home in which no scene is kept."""
    lend_catalogue(tmp_path / "home", tmp_path_factory)
    monkeypatch.setenv("CALLSHEET_HOME", str(tmp_path / "home"))
    settings.cache_clear()
    yield
    settings.cache_clear()


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


def test_check_tells_mistakes_in_fields_and_composes_the_other_scenes(tmp_path: Path):
    """All at once: a field that is unknown with its line, and code that is wrong in a scene that can be read."""
    file = tmp_path / "film.yaml"
    formula = "  - {name: Sum, template: equation, content: {steps: ['frac(a']}}\n"
    file.write_text(REQUEST.replace("profile:", "profil:") + formula, encoding="utf-8")
    code, said = said_of("check", file)
    assert code == 2
    first, second = said["error"].splitlines()
    assert first == f"{file}:3: profil: is not a field here; did you mean “profile”?"
    assert second.startswith(f"{file}:17: scenes.3.content.steps.0 (scene “Sum”): ")
    assert [scene["name"] for scene in said["scenes"]] == ["Good", "Misspelt", "In words"]
    assert [bool(scene["problems"]) for scene in said["scenes"]] == [False, True, False]
    for_eye = CliRunner().invoke(app, ["check", str(file)])
    assert "2 mistakes in the file, and 1 of the other scenes can't be made." in for_eye.stdout


def test_check_and_preview_name_files_that_are_not_shown(tmp_path: Path):
    """Without a language model nothing draws with them; the text alone would be a surprise."""
    Image.new("RGB", (8, 8), "red").save(tmp_path / "emblem.png")
    file = tmp_path / "film.yaml"
    file.write_text("title: E\nscenes: [{name: One, prompt: The emblem turns., files: [emblem.png]}]", encoding="utf-8")
    for command in (["check", str(file)], ["preview", str(file), "--out", str(tmp_path)]):
        said = CliRunner().invoke(app, command).stderr
        assert said.startswith("Scene “One” shows its prompt as text, without emblem.png: "), said
        assert "CALLSHEET_WRITER_MODEL" in said


async def test_what_takes_long_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """First the fence, then Manim, then how many scenes are done."""
    monkeypatch.setattr(composition, "LONGEST_SILENCE_S", 0.2)
    ends = [asyncio.get_running_loop().create_future() for _ in range(2)]
    begun: set[int] = set()
    async with composition._telling(ends, begun):
        await asyncio.sleep(0.3)
        begun.add(1)
        await asyncio.sleep(0.2)
        ends[0].set_result(None)
        await asyncio.sleep(0.2)
    assert [line.rpartition(", ")[0] for line in capsys.readouterr().err.splitlines()] == [
        "… checking code, and testing the fence",
        "… importing Manim, to compose scenes",
        "… composing scenes behind the fence: 1 of 2 done",
    ]


def test_a_scene_is_composed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A second check, and a preview after it, compose what has changed alone, and say the same of the rest."""
    file = tmp_path / "film.yaml"
    file.write_text(REQUEST.replace("Creat(", "Create("), encoding="utf-8")
    first = said_of("check", file)
    assert first[0] == 0
    asked = []
    rehearse = sandbox.rehearse

    def counted(code, *arguments, **options):
        asked.append(code.scene_name)
        return rehearse(code, *arguments, **options)

    monkeypatch.setattr(sandbox, "rehearse", counted)
    assert said_of("check", file) == first
    assert said_of("preview", file, "Good", "--out", tmp_path)[0] == 0
    assert asked == []
    file.write_text(REQUEST.replace("Creat(", "Create(").replace("laid out", "put in order"), encoding="utf-8")
    assert said_of("check", file)[0] == 0
    assert asked == ["In words"]


def test_preview_shows_one_scene_or_all(tmp_path: Path):
    """A PNG in the profile's size, or a sheet; a scene that can't be made is named, and the others are shown."""
    file = tmp_path / "film.yaml"
    file.write_text(REQUEST, encoding="utf-8")
    code, said = said_of("preview", file, "Good", "--out", tmp_path)
    assert code == 0
    for_eye = CliRunner().invoke(app, ["preview", str(file), "Good", "--out", str(tmp_path)])
    assert "It shows how scene 01 Good ends, at 3.0 s, before its stage is cleared." in for_eye.stderr
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


def test_check_and_preview_show_the_opening_and_the_close_of_a_look(tmp_path: Path):
    """They are scenes of the film, and the numbers of scenes count them."""
    (tmp_path / "acme.yaml").write_text("intro: {title: Acme}\noutro: {message: Goodbye}\n", encoding="utf-8")
    file = tmp_path / "film.yaml"
    scene = "{name: Point, template: callout, content: {sentence: A point}}"
    file.write_text(f"title: A\nprofile: draft\nlook: ./acme.yaml\nscenes:\n  - {scene}\n", encoding="utf-8")
    for asked in (["check", file], ["preview", file, "--out", tmp_path]):
        scenes = said_of(*asked)[1]["scenes"]
        assert [(each["number"], each["name"]) for each in scenes] == [(1, "Acme"), (2, "Point"), (3, "Goodbye")]
