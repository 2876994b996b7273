"""Request files: every problem has the line where it is."""

import pickle
from pathlib import Path

import pytest

from callsheet.errors import InvalidRequest
from callsheet.sources.request_files import RequestFileInvalid, load_request

REQUESTS = sorted(Path("deployments/requests").glob("*.yaml"))


def refused(tmp_path, text):
    """Problems of a file with this text, as (line, field)."""
    file = tmp_path / "request.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(RequestFileInvalid) as refusal:
        load_request(file)
    return [(problem.line, problem.field) for problem in refusal.value.problems]


@pytest.mark.parametrize("file", REQUESTS, ids=lambda file: file.name)
def test_the_requests_that_come_with_callsheet_are_valid(file):
    """They are in the README, in the demonstration and in the tests."""
    assert load_request(file).scenes


def test_a_wrong_value_is_found_in_its_line(tmp_path):
    """The line is that of the field, not of the file's beginning."""
    text = "title: x\nscenes:\n  - name: a\n    template: bullets\n    content:\n      points: []\nprofile: huge\n"
    assert sorted(refused(tmp_path, text)) == [(6, "scenes.0.content.points"), (7, "profile")]


def test_a_missing_field_is_found_where_it_should_be(tmp_path):
    """The line is that of the mapping that lacks it."""
    assert refused(tmp_path, "title: x\nscenes:\n  - template: title\n    content: {title: y}\n") == [
        (3, "scenes.0.name")
    ]


def test_a_blank_prompt_is_found_in_its_line(tmp_path):
    """There is nothing to write a scene from, and nothing to lay out."""
    assert refused(tmp_path, 'title: x\nscenes:\n  - name: a\n    prompt: "   "\n') == [(4, "scenes.0.prompt")]


def test_files_beside_the_request_are_found_there(tmp_path, monkeypatch):
    """Whatever the working directory is; one in that directory alone is found, and a missing one is missed here."""
    here = tmp_path / "here"
    here.mkdir()
    for file in (tmp_path / "logo.svg", here / "own.ttf"):
        file.touch()
    files = "logo.svg, own.ttf, missing.png, /elsewhere/a.png"
    text = f"title: x\nscenes:\n  - name: a\n    prompt: Show it\n    files: [{files}]\n"
    (tmp_path / "request.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(here)
    [scene] = load_request(tmp_path / "request.yaml").scenes
    assert scene.files == (f"{tmp_path}/logo.svg", f"{here}/own.ttf", f"{tmp_path}/missing.png", "/elsewhere/a.png")


def test_broken_yaml_is_found_in_its_line(tmp_path):
    """A file that is not YAML at all still gets a line."""
    assert refused(tmp_path, "title: x\nscenes: [\n") == [(3, "")]


def test_a_bracket_that_is_left_open_is_told_as_such(tmp_path):
    """Where the file ends too early, the parser's own word for that says nothing to anybody."""
    file = tmp_path / "request.yaml"
    file.write_text("title: [\n", encoding="utf-8")
    with pytest.raises(RequestFileInvalid, match=r"is the end of the file.*is a bracket or a quote left open"):
        load_request(file)


@pytest.mark.parametrize("text", ["", "- a list\n", "just words\n", "42\n"])
def test_a_file_that_is_no_mapping_is_refused(tmp_path, text):
    """A request is a mapping with a title and scenes."""
    assert refused(tmp_path, text) == [(1, "")]


def test_aliases_stand_for_what_was_named(tmp_path):
    """Anchors, aliases and merged fields are what people use to say a thing once."""
    file = tmp_path / "request.yaml"
    file.write_text(
        "title: &t Twice\nscenes:\n  - &base {name: *t, template: title, content: &c {title: *t}}\n"
        "  - {<<: *base, name: Other}\n",
        encoding="utf-8",
    )
    first, second = load_request(file).scenes
    assert (first.name, second.name, second.content) == ("Twice", "Other", {"title": "Twice"})


def test_aliases_that_stand_for_billions_of_values_are_refused(tmp_path):
    """A few hundred bytes can, and no command waits for them."""
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12))]
    assert refused(tmp_path, "\n".join(lines)) == [(6, "")]


def test_a_file_that_is_not_there_gets_one_sentence(tmp_path):
    """No traceback for a typing mistake."""
    with pytest.raises(InvalidRequest, match=r"can't be read: there is no such file$"):
        load_request(tmp_path / "nowhere.yaml")


def test_a_file_that_is_not_text_gets_one_sentence(tmp_path):
    """A picture is not a request."""
    file = tmp_path / "picture.yaml"
    file.write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe")
    with pytest.raises(InvalidRequest, match="is not text: it looks like a picture"):
        load_request(file)


@pytest.mark.parametrize("file", ["/dev/zero", "/dev/random"])
def test_a_file_that_does_not_end_gets_one_sentence(file):
    """A device or a pipe does not tell its size; no more is read of it than a request can have."""
    with pytest.raises(InvalidRequest, match="is larger than"):
        load_request(Path(file))


@pytest.mark.parametrize("content", [b"title: [", b"\xff\xfe", b"title: x"])
def test_a_file_is_called_by_the_name_that_people_know(tmp_path, content):
    """Where it was fetched from a bucket, its path says nothing to anybody."""
    file = tmp_path / "request.yaml"
    file.write_bytes(content)
    with pytest.raises(InvalidRequest) as refusal:
        load_request(file, "lessons/one.yaml")
    assert str(refusal.value).startswith("lessons/one.yaml")
    assert str(tmp_path) not in str(refusal.value)


def test_a_file_that_is_wrong_survives_pickling(tmp_path):
    """Prefect keeps errors with the failed state."""
    file = tmp_path / "request.yaml"
    file.write_text("title: x\n", encoding="utf-8")
    with pytest.raises(InvalidRequest) as refusal:
        load_request(file)
    assert str(pickle.loads(pickle.dumps(refusal.value))) == str(refusal.value)


def test_control_characters_get_one_sentence(tmp_path):
    """YAML forbids them; the reader says so."""
    assert refused(tmp_path, "title: a\x00b\n") == [(1, "")]


@pytest.mark.parametrize("place", ["beside", "elsewhere"])
def test_a_picture_is_found_beside_the_request_or_in_the_working_directory(tmp_path, monkeypatch, place):
    """The render runs somewhere else, so the path leaves here as an absolute one."""
    (tmp_path / "beside").mkdir()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    (tmp_path / place / "photo.png").write_bytes(b"")
    file = tmp_path / "beside" / "request.yaml"
    file.write_text("title: x\nscenes:\n- {name: p, template: picture, content: {path: photo.png}}\n")
    assert load_request(file).scenes[0].content["path"] == str(tmp_path / place / "photo.png")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("title: x\nscenes:\n- begins: 2026-02-30\n  ? [a]\n", (4, "")),
        ("title: x\n[a]: 1\n", (2, "")),
        ("title: x\nscenes: " + "[" * 5000, (2, "")),
    ],
    ids=["no such day", "a list as a key", "nested"],
)
def test_yaml_that_stands_for_nothing_is_found_too(tmp_path, text, problem):
    """What fails after the parsing is a sentence like every other mistake."""
    assert refused(tmp_path, text) == [problem]
