"""`callsheet new`: request files to begin with."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from callsheet.cli.main import app
from callsheet.cli.new import FileKind
from callsheet.request_reader import kind_of, read_request

OF_PICTURES = {FileKind.PICTURE: ["picture"], FileKind.PAIRS: ["morning", "noon", "evening"]}
PICTURE = Path("examples/pictures/01-dawn.jpg")


@pytest.mark.parametrize("kind", FileKind)
def test_a_new_request_file_is_right_as_it_stands(tmp_path: Path, kind: FileKind):
    """With the pictures that it names, nothing is wrong; it has comments, and the commands that come next are named."""
    for name in OF_PICTURES.get(kind, ()):
        (tmp_path / f"{name}.jpg").write_bytes(PICTURE.read_bytes())
    file = tmp_path / "mine.yaml"
    result = CliRunner().invoke(app, ["new", kind, str(file)])
    assert result.exit_code == 0
    assert f"`callsheet create {file}`" in " ".join(result.output.split())
    assert read_request(file, kind_of(file)).title
    assert file.read_text().startswith("# A video ")


def test_a_file_that_is_there_is_never_replaced(tmp_path: Path):
    """Exit code 2, and one sentence."""
    file = tmp_path / "mine.yaml"
    file.write_text("mine")
    result = CliRunner().invoke(app, ["new", "topic", str(file)])
    assert (result.exit_code, file.read_text()) == (2, "mine")
    assert "exists already; name another file" in result.output


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["film.yaml"], "scenes film.yaml"),
        (["drafts/film"], "scenes drafts/film"),
        (["video", "mine.yaml"], "scenes mine.yaml"),
        (["pictures", "mine.yaml"], "pairs mine.yaml"),
        (["Topics"], "topic film.yaml"),
    ],
)
def test_a_word_that_is_no_kind_is_answered_with_the_command_that_is_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], meant: str
):
    """A file without its kind before it, and what people call a kind."""
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["new", *words])
    assert (result.exit_code, list(tmp_path.iterdir())) == (2, [])
    assert f"did you mean `callsheet new {meant}`?" in " ".join(result.output.split())


@pytest.mark.parametrize("kind", OF_PICTURES)
def test_check_says_which_pictures_are_to_be_put_beside_a_new_file(tmp_path: Path, kind: FileKind):
    """Each by its whole path and its line."""
    file = tmp_path / "mine.yaml"
    CliRunner().invoke(app, ["new", kind, str(file)])
    result = CliRunner().invoke(app, ["check", str(file)])
    assert result.exit_code == 2
    missing = {line.partition(": there is no file “")[2].partition("”")[0] for line in result.output.splitlines()}
    assert missing == {str(tmp_path / f"{name}.jpg") for name in OF_PICTURES[kind]}
