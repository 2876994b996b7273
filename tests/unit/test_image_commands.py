"""`callsheet image` and `callsheet pairs`: what is wrong is said before anything starts."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from callsheet.cli.main import app
from callsheet.settings import settings


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["image", "{}/nowhere.png"], "there is no file"),
        (["image", "{}/text.png"], "it is no PNG or JPEG or WEBP picture"),
        (["image", "{}/text.png", "--seconds", "90"], "duration_s: must be 60.0 or less"),
        (["pairs", "{}/nowhere"], "there is no folder"),
        (["pairs", "{}"], "has pictures that can't be taken: “text.png” is no PNG or JPEG or WEBP picture"),
        (["pairs", "{}/empty"], "needs at least two pictures (PNG, JPEG or WebP), not 0"),
    ],
)
def test_a_wrong_argument_is_one_sentence(tmp_path: Path, monkeypatch, arguments: list[str], sentence: str):
    """Exit code 2, and no server is started for it."""
    monkeypatch.setenv("CALLSHEET_HOME", str(tmp_path / "home"))
    settings.cache_clear()
    (tmp_path / "text.png").write_text("no picture")
    (tmp_path / "empty").mkdir()
    result = CliRunner().invoke(app, [*(each.format(tmp_path) for each in arguments), "--json"])
    settings.cache_clear()
    assert result.exit_code == 2
    assert sentence in json.loads(result.stdout)["error"]
    assert not (tmp_path / "home" / "database").exists()
