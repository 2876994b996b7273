"""Request files of every kind, read from Python and by the command line with the same sentences."""

import json
import shutil
from pathlib import Path

import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

from callsheet.cli.main import app
from callsheet.errors import InvalidRequest
from callsheet.model.content import BulletsContent, TitleContent
from callsheet.model.requests.pictures import ImagePairsRequest, ImageVideoRequest
from callsheet.model.requests.video import SceneBrief, VideoRequest
from callsheet.request_reader import files_named, kind_of

PICTURES = Path("examples/pictures").resolve()
PAIRS = """title: A day
duration_s: 2
music: {file: song.mp3}
scenes:
  - {name: Morning, first: 01-dawn.jpg, last: 02-noon.jpg}
  - {name: Evening, first: http://example.com/dusk.jpg, last: %s}
"""
ELSEWHERE = f"pictures/ab/ab{'0' * 62}.png"
WORDS = """title: In words
scenes:
  - {name: One, template: title, content: {title: One}}
"""
MISTAKES = {
    "fields.yaml": "title: x\nprofil: hd\nscenes: []\n",
    "formula.yaml": "title: x\nscenes:\n  - name: F\n    template: equation\n    content: {steps: ['frac(a']}\n",
    "layout.yaml": "title: x\nscenes:\n  - name: L\n    template: terminal\n    content:\n"
    f"      prompt_sign: {'m' * 24}\n      entries: [{{text: ls}}]\n",
    "picture.yaml": "title: x\npicture: nowhere.jpg\nanimat: zoom in\n",
    "pairs.yaml": "title: x\nscenes:\n  - {name: P, first: nowhere.jpg, last: pairs.yaml}\n",
    "nothing.yaml": "",
}


def written(folder: Path, text: str, name: str = "film.yaml") -> Path:
    """A file beside two pictures and a song."""
    for picture in ("01-dawn.jpg", "02-noon.jpg"):
        shutil.copy(PICTURES / picture, folder)
    (folder / "song.mp3").touch()
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_a_request_of_each_kind_is_read_from_its_file(tmp_path: Path):
    """Files are found beside it; an address and what is stored already stay as they are."""
    words = VideoRequest.from_file(written(tmp_path, WORDS))
    assert (words.title, words.scenes[0].name) == ("In words", "One")
    scored = VideoRequest.from_file(written(tmp_path, WORDS + "music: song.mp3\n"))
    assert scored.music and scored.music.file == str(tmp_path / "song.mp3")
    with pytest.raises(InvalidRequest, match=r"music.file: there is no file .*gone\.mp3"):
        VideoRequest.from_file(written(tmp_path, WORDS + "music: {file: gone.mp3}\n"))
    file = written(tmp_path, PAIRS % ELSEWHERE, "pairs.yaml")
    pairs = ImagePairsRequest.from_file(str(file))
    assert kind_of(file) is ImagePairsRequest
    assert pairs.music and pairs.music.file == str(tmp_path / "song.mp3")
    assert (pairs.scenes[0].first, pairs.scenes[0].last) == (f"{tmp_path}/01-dawn.jpg", f"{tmp_path}/02-noon.jpg")
    assert (pairs.scenes[1].first, pairs.scenes[1].last) == ("http://example.com/dusk.jpg", ELSEWHERE)
    file = written(tmp_path, '{"title": "One", "picture": "01-dawn.jpg"}', "one.json")
    assert kind_of(file) is ImageVideoRequest
    assert ImageVideoRequest.from_file(file).picture == f"{tmp_path}/01-dawn.jpg"


def test_the_faces_of_people_count_from_the_file(tmp_path: Path):
    """As every picture does; each is known as a file of the request, whatever else is in it."""
    shutil.copyfile(PICTURES / "01-dawn.jpg", tmp_path / "ada.jpg")
    people = "[{name: Ada, path: ada.jpg}, {name: Bob}]"
    text = f"title: The crew\nscenes: [{{name: One, template: people, content: {{people: {people}}}}}]\n"
    request = VideoRequest.from_file(written(tmp_path, text))
    named = dict(files_named(request.model_dump(mode="json")))
    assert named == {("scenes", 0, "content", "people", 0, "path"): f"{tmp_path}/ada.jpg"}
    assert not list(files_named({"scenes": [{"template": "people", "content": {"people": "everybody"}}]}))
    assert not list(files_named({"scenes": [{"template": "people", "content": {"people": ["Ada", {"path": 0}]}}]}))


@pytest.mark.parametrize("name", MISTAKES)
def test_python_and_the_command_line_say_the_same(tmp_path: Path, name: str):
    """With file, line and field; exit code 2, before anything is started."""
    file = written(tmp_path, MISTAKES[name], name)
    kind = VideoRequest if name == "nothing.yaml" else kind_of(file)
    with pytest.raises(InvalidRequest) as raised:
        kind.from_file(file)
    for command in (["create", str(file)], ["start", str(file)]):
        result = CliRunner().invoke(app, [*command, "--json"])
        assert (result.exit_code, json.loads(result.stdout)["error"]) == (2, str(raised.value))
    assert all(line.startswith(f"{file}:") for line in str(raised.value).splitlines())


def test_a_text_that_does_not_fit_is_told_with_its_line(tmp_path: Path):
    """As every other mistake is."""
    with pytest.raises(InvalidRequest, match=r"layout.yaml:6: scenes.0.content.prompt_sign \(scene “L”\): the"):
        VideoRequest.from_file(written(tmp_path, MISTAKES["layout.yaml"], "layout.yaml"))


def test_a_file_of_another_kind_names_what_does_not_belong(tmp_path: Path):
    """No request of pictures is taken for one of scenes."""
    file = written(tmp_path, PAIRS % ELSEWHERE)
    with pytest.raises(InvalidRequest, match=r"film.yaml:5: scenes.0.first .*: is not a field here"):
        VideoRequest.from_file(file)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["create", "{}/film.yml"], "{}/film.yml can't be read: there is no such file; did you mean “{}/film.yaml”?"),
        (
            ["create", "{}/no/film.yaml"],
            "{0}/no/film.yaml can't be read: there is no such file, and no folder",
        ),
        (["create", "{}"], "{} is a folder; name a file"),
        (
            ["create", "{}/scene.py"],
            "{0}/scene.py is Python: `callsheet render {0}/scene.py` makes it, or",
        ),
        (["create", "{}/01-dawn.jpg"], "{}/01-dawn.jpg is not text: it looks like a picture"),
        (["create", "{}/film.yaml", "--out", "{}/film.yaml"], "--out: “{}/film.yaml” is a file; name a folder"),
        (["pairs", "{}/film.yaml"], "FOLDER: “{}/film.yaml” is a file; name the folder of the pictures"),
        (["preview", "{}/film.yaml", "two"], "SCENE: there is no scene “two”; there are “One”"),
    ],
)
def test_what_newcomers_mistake_is_one_sentence(tmp_path: Path, arguments: list[str], sentence: str):
    """It names what was given, and says what to give."""
    written(tmp_path, WORDS)
    (tmp_path / "scene.py").write_text("from manim import *\n")
    result = CliRunner().invoke(app, [each.format(tmp_path) for each in arguments])
    assert result.exit_code == 2
    [said] = result.stderr.splitlines()
    assert said.startswith(sentence.replace("{}", str(tmp_path)).format(tmp_path))


def test_check_tells_what_is_known_of_pictures(tmp_path: Path):
    """The length of all scenes, less what they overlap; a picture that is missing, with its line."""
    said = CliRunner().invoke(app, ["check", str(written(tmp_path, PAIRS % ELSEWHERE)), "--json"])
    assert (said.exit_code, json.loads(said.stdout)["duration_s"]) == (0, 3.5)
    said = CliRunner().invoke(app, ["check", str(written(tmp_path, MISTAKES["pairs.yaml"], "pairs.yaml")), "--json"])
    first, last = json.loads(said.stdout)["error"].splitlines()
    assert first.startswith(
        f"{tmp_path}/pairs.yaml:3: scenes.0.first (scene “P”): there is no file “{tmp_path}/nowhere"
    )
    assert last.startswith(f"{tmp_path}/pairs.yaml:3: scenes.0.last (scene “P”): ")
    assert "is no PNG or JPEG or WEBP picture" in last


def test_content_may_be_the_model_of_its_template():
    """It names its template, and is the same request as the one with plain data."""
    typed = SceneBrief(name="One", content=TitleContent(title="One"))
    plain = SceneBrief.model_validate({"name": "One", "template": "title", "content": {"title": "One"}})
    assert typed == plain
    assert typed.model_dump_json() == plain.model_dump_json()
    request = VideoRequest(
        title="T", scenes=[{"name": "B", "template": "bullets", "content": BulletsContent.example()}]
    )
    assert request.scenes[0].filled() == BulletsContent.example()
    with pytest.raises(ValidationError, match="is the content of template “title”; give that of “bullets”"):
        SceneBrief(name="One", template="bullets", content=TitleContent(title="One"))
