"""`callsheet new`: request files to begin with."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from callsheet.cli.main import app
from callsheet.cli.new import Kind
from callsheet.sources.request_file import load_request
from callsheet.stage.content import scene_problems


@pytest.mark.parametrize("kind", Kind)
def test_a_new_request_file_is_right_as_it_stands(tmp_path: Path, kind: Kind):
    """Nothing is wrong with it, it has comments, and the commands that come next are named."""
    file = tmp_path / "mine.yaml"
    result = CliRunner().invoke(app, ["new", kind, str(file)])
    assert result.exit_code == 0
    assert f"`callsheet create {file}`" in " ".join(result.output.split())
    request = load_request(file, check=scene_problems)
    assert request.title.startswith("A ")
    assert file.read_text().startswith("# A video ")


def test_a_file_that_is_there_is_never_replaced(tmp_path: Path):
    """Exit code 2, and one sentence."""
    file = tmp_path / "mine.yaml"
    file.write_text("mine")
    result = CliRunner().invoke(app, ["new", "topic", str(file)])
    assert (result.exit_code, file.read_text()) == (2, "mine")
    assert "is there already; name another file" in result.output
