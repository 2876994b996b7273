"""Folders as phones and computers fill them: what is taken, in which order, and what is said of the rest."""

import os
from pathlib import Path

import pytest
from hypothesis import example
from hypothesis import given as examples
from hypothesis import strategies as st

from callsheet.cli.pairs import names_of, paired_files
from callsheet.errors import InvalidRequest
from callsheet.model.requests.pictures import MAX_NAME_CHARACTERS
from callsheet.sources.picture_folder import pictures_in, readable
from tests.footage.given import scenery
from tests.footage.test_plain_pictures import OTHER_KINDS

NAMES = st.text(st.characters(exclude_characters="/\0"), min_size=1, max_size=60)


def filled(folder: Path, *names: str | bytes, kind: str = "PNG") -> Path:
    """A folder with a picture under each name."""
    folder.mkdir(exist_ok=True)
    scenery(24, 16).save(folder / "first", format=kind)
    content = (folder / "first").read_bytes()
    (folder / "first").unlink()
    for name in names:
        path = os.path.join(os.fsencode(folder), os.fsencode(name))  # noqa: PTH118  a name that is no text
        with open(path, "wb") as file:  # noqa: PTH123
            file.write(content)
    return folder


def test_what_computers_put_beside_pictures_is_passed_over(tmp_path: Path):
    """It is no picture, no reason to fail, and nothing to speak of."""
    filled(tmp_path, "Cafe\u0301 au lait.jpeg", "Screenshot at 9.22.20\u202fPM.png")
    for name in ("._Cafe\u0301 au lait.jpeg", ".DS_Store", "Thumbs.db", "desktop.ini", ".hidden.png", "Icon\r"):
        (tmp_path / name).write_bytes(OTHER_KINDS["macOS"])
    (tmp_path / "__MACOSX").mkdir()
    found = pictures_in(tmp_path)
    assert len(found.pictures) == 2
    assert found.remarks == ()
    assert names_of([(found.pictures[0], found.pictures[1])]) == ["Caf\xe9 au lait to Screenshot at 9.22.20 PM"]


def test_a_picture_that_can_not_be_taken_is_named_and_no_other_pairs_are_made(tmp_path: Path):
    """All of them at once, each for what it is."""
    filled(tmp_path, "IMG_1.JPG", "IMG_3.HEIC", "scan.jfif", "IMG_4.JPG", kind="JPEG")
    (tmp_path / "IMG_2.jpg").write_bytes(OTHER_KINDS["HEIC"])
    (tmp_path / "IMG_5.gif").write_bytes(OTHER_KINDS["GIF"])
    with pytest.raises(InvalidRequest) as refused:
        pictures_in(tmp_path)
    sentence = str(refused.value)
    assert "“IMG_2.jpg” is a HEIC picture: save it as JPEG" in sentence
    assert "“IMG_5.gif” is a GIF" in sentence
    (tmp_path / "IMG_2.jpg").unlink()
    (tmp_path / "IMG_5.gif").unlink()
    assert [path.name for path in pictures_in(tmp_path).pictures] == [
        "IMG_1.JPG",
        "IMG_3.HEIC",
        "IMG_4.JPG",
        "scan.jfif",
    ]


def test_what_is_no_picture_is_named_as_left_out(tmp_path: Path):
    """Text, a video, a folder that is called like a picture; a folder with another name does not matter."""
    filled(tmp_path, "a.png", "b")
    (tmp_path / "notes.txt").write_text("words")
    (tmp_path / "clip.mov").write_bytes(OTHER_KINDS["video"])
    (tmp_path / "x.png").mkdir()
    (tmp_path / "more").mkdir()
    found = pictures_in(tmp_path)
    assert [path.name for path in found.pictures] == ["a.png", "b"]
    (remark,) = found.remarks
    assert all(words in remark for words in ("“notes.txt”", "“clip.mov”", "“x.png” (a folder)"))
    assert "more" not in remark


def test_numbers_count_as_numbers_and_a_tie_is_said(tmp_path: Path):
    """2 before 10, in whichever letters; where two names have one place, a person learns which order is taken."""
    filled(tmp_path, "IMG_10.png", "img_2.PNG", "IMG_1.png")
    assert [path.name for path in pictures_in(tmp_path).pictures] == ["IMG_1.png", "img_2.PNG", "IMG_10.png"]
    assert pictures_in(tmp_path).remarks == ()
    filled(tmp_path, "IMG_02.png", "IMG_2.png")
    remarks = pictures_in(tmp_path).remarks
    assert len(remarks) == 2
    assert "“IMG_02.png” and “IMG_2.png” have the same place" in remarks[0]


ODD = [
    b"a#1.png", b"b%20c.png", b"caf\xe9.png", b"q?x.png", b"new\nline.png", b"https:x.png", b"-rf.png", b"[red].png",
    b"x" * 250 + b".png", "\U0001f600".encode() * 60 + b".png",
]  # fmt: skip


def test_odd_names_are_names(tmp_path: Path):
    """Each file is found again; scenes have names that can be shown, stored and told apart."""
    paired = paired_files(filled(tmp_path, *ODD), chain=True)
    assert {path for pair in paired for path in pair} == set(tmp_path.iterdir())
    names = names_of(paired)
    assert len(set(names)) == len(names) == len(ODD) - 1
    assert all(len(name.encode()) > 0 and len(name) <= MAX_NAME_CHARACTERS for name in names)
    assert all(name.isprintable() for name in names)


@examples(st.lists(NAMES, min_size=2, max_size=6))
@example(["\ud800", "\ud801"])
def test_scenes_can_be_told_apart_whatever_their_files_are_called(names: list[str]):
    """Also where files differ only in what is left away or cut off."""
    paths = [Path(f"{name}.png") for name in names]
    made = names_of([(one, other) for one in paths for other in paths])
    assert len(set(made)) == len(made)
    assert all(0 < len(name) <= MAX_NAME_CHARACTERS for name in made)


@examples(st.text() | NAMES | st.binary().map(os.fsdecode))
@example("half \ud800 a character.png")
@example("\ud83d\udc80\udcff")
def test_a_name_is_shown_as_text(name: str):
    """Without line breaks, and in an encoding that can be written."""
    shown = readable(name)
    shown.encode()
    assert "\n" not in shown
    assert readable(shown) == shown
