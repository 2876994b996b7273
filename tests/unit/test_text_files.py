"""Text files of people: whatever an editor adds is read past, and what is no UTF-8 is said to be so."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.cli.pairs import captions_of
from callsheet.errors import InvalidRequest
from callsheet.model.requests.video import SceneBrief
from callsheet.sources.text_files import decoded, read_text

TEXT = "Morning, a café\r\nEvening – später\r"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_text_is_read_whatever_editor_saved_it(tmp_path: Path, encoding: str):
    """A byte order mark is never part of it, and each line ends alike."""
    file = tmp_path / "words.txt"
    file.write_bytes(TEXT.encode(encoding))
    assert read_text(file, "words.txt", 1000) == "Morning, a café\nEvening – später\n"


@given(st.binary(max_size=300))
def test_bytes_are_text_or_one_sentence(content: bytes):
    """Nothing else comes of any bytes."""
    try:
        assert not decoded(content, "words.txt").startswith("\ufeff\ufeff")
    except InvalidRequest as problem:
        assert str(problem).startswith("words.txt")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("one\ntwo cafés\n".encode("latin-1"), "words.txt, line 2: “cafés” is not UTF-8 text; it looks like Latin-1"),
        ("one two".encode("utf-16-le"), "words.txt is text in UTF-16 without a byte order mark; save it as UTF-8"),
        (b"%PDF-1.7 \xe2\xe3", "words.txt is not text: it looks like a picture, an archive or a program"),
        (b"\xff\xfex", "words.txt begins as UTF-16 and is broken; save it as UTF-8"),
        (b"x" * 1001, "words.txt is larger than 1,000 bytes; such a file is much smaller"),
    ],
)
def test_what_is_no_utf_8_is_said_to_be_so(tmp_path: Path, content: bytes, sentence: str):
    """The sentence says what to save it as, and where the first wrong word stands."""
    file = tmp_path / "words.txt"
    file.write_bytes(content)
    with pytest.raises(InvalidRequest) as refused:
        read_text(file, "words.txt", 1000)
    assert str(refused.value).startswith(sentence)


def test_a_folder_is_no_file(tmp_path: Path):
    """One sentence, for a person who has left out the file's name."""
    with pytest.raises(InvalidRequest, match="is a folder; name a file"):
        read_text(tmp_path, "here", 1000)


@pytest.mark.parametrize(
    ("asked", "meant"),
    [("film.yml", "film.yaml"), ("flim.yaml", "film.yaml"), ("mild.yaml", ""), ("first.yaml", "")],
)
def test_a_file_that_is_not_there_names_one_that_is_called_alike(tmp_path: Path, asked: str, meant: str):
    """The same suffix alone makes no name alike."""
    for name in ("film.yaml", "third.yaml"):
        (tmp_path / name).write_text("one\n")
    with pytest.raises(InvalidRequest) as problem:
        read_text(tmp_path / asked, asked, 1000)
    assert str(problem.value).endswith(f"; did you mean “{tmp_path / meant}”?" if meant else "there is no such file")


def test_captions_are_lines_whatever_editor_saved_them(tmp_path: Path):
    """A line for each scene; an empty one leaves its scene without a caption."""
    file = tmp_path / "captions.txt"
    file.write_bytes("\ufeffDawn --> noon: <b>bold</b>\r\n\r\nTom &amp; Jerry\r\n".encode())
    assert captions_of(file, 4) == ["Dawn --> noon: <b>bold</b>", "", "Tom &amp; Jerry", ""]


def test_scene_code_may_begin_with_a_byte_order_mark():
    """Python itself runs such a file."""
    assert SceneBrief(name="Hello", code="\ufefffrom manim import *\n").code == "from manim import *\n"
