"""`callsheet explain` before anything runs: a storyboard to change, and one sentence for each mistake."""

import json
from base64 import b64encode
from pathlib import Path

import pytest
from typer.testing import CliRunner

from callsheet.cli.main import app
from callsheet.sources.storyboard_file import read_storyboard
from tests.documents.writers import picture

ROOT = Path(__file__).parents[2]


def called(*arguments: str) -> tuple[int, str]:
    """The exit code, and all that the command says."""
    answer = CliRunner().invoke(app, ["explain", *arguments])
    return answer.exit_code, answer.output


def test_a_storyboard_is_written_for_a_person_to_change(tmp_path: Path):
    """It can be read again, and says where in the document its words stand."""
    code, said = called(
        str(ROOT / "examples/tides.md"), "--storyboard-only", "--length", "20", "--out", str(tmp_path), "--json"
    )
    assert code == 0
    told = json.loads(said.splitlines()[-1])
    storyboard = read_storyboard(Path(told["storyboard"]))
    assert told["scenes"] == len(storyboard.scenes)
    assert storyboard.scenes[0].content["title"] == "Tides"
    assert any(line.places for scene in storyboard.scenes for line in scene.narration)


def test_a_storyboard_keeps_the_pictures_of_its_document(tmp_path: Path):
    """They lie beside its file, which names them from there: both may be moved, and the document may be gone."""
    shown = {
        "image/png": b64encode(picture(640, 480)).decode(),
        "text/plain": "The old tower has stood there since 1811.",
    }
    drawn = {"cell_type": "code", "source": "", "outputs": [{"output_type": "display_data", "data": shown}]}
    words = {"cell_type": "markdown", "source": "# Towers\n\nLight towers stand on rocks.\n\nShips see them from afar."}
    document = tmp_path / "towers.ipynb"
    document.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [words, drawn]}))
    out = tmp_path / "out"
    assert called(str(document), "--storyboard-only", "--length", "20", "--out", str(out))[0] == 0
    moved = out.rename(tmp_path / "moved")
    document.unlink()
    storyboard = read_storyboard(moved / "towers.storyboard.yaml")
    [path] = [scene.content["path"] for scene in storyboard.scenes if scene.template == "picture"]
    assert Path(path).parent == moved / "towers.pictures"
    assert Path(path).read_bytes()[:4] == b"\x89PNG"
    assert "towers.pictures/" in (moved / "towers.storyboard.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "name a document: a file, or an http(s) address"),
        (["nowhere.md"], "document: there is no file “nowhere.md”"),
        (["a.md", "--storyboard", "b.yaml"], "give a document or a storyboard, not both"),
        (["--storyboard", "nowhere.yaml"], "nowhere.yaml"),
        (["a.md", "--voice", "nobody"], "there is no voice “nobody”"),
        (["a.md", "--length", "2"], "length_s: must be 10"),
        (["a.md", "--language", "English!"], "language"),
    ],
)
def test_a_mistake_is_one_sentence(arguments: list[str], sentence: str, tmp_path: Path):
    """It names the argument, and nothing is started."""
    code, said = called(*arguments, "--out", str(tmp_path))
    assert code == 2
    assert sentence in said
    assert len(said.strip().splitlines()) == 1
