"""The pictures in a folder, as phones and computers fill it: their choice, their order, and the files left out.

The first bytes of a file decide its kind. An error is raised if a picture, or a file with a
picture's name, can't be taken. Without it the pictures after it would form other pairs.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from callsheet.errors import InvalidRequest
from callsheet.sources.picture_files import is_picture, problem_of_picture

FIELD = "FOLDER"
_NAMED = 5
"""Files that a sentence names; for more it says how many."""
_PICTURE_NAME = re.compile(r".+\.(?:a?png|jpe?g|jpe|jfif|webp|hei[cf]|hif|avif|gif|tiff?|bmp|psd|jp2|jxl)", re.I | re.S)
_COMPANIONS = re.compile(r"\..*|(?:ehthumbs|thumbs)\.db|desktop\.ini|icon\r?|\$recycle\.bin|__macosx|@eadir", re.I)
"""Files that Finder, Explorer and network drives put beside others, and all hidden files."""
_HALVES = re.compile("[\ud800-\udfff]")
"""Halves of characters: Python has them for bytes of a name that are no text, and JSON can hold them."""
_BLANK = {"Cc", "Zs", "Zl", "Zp"}
"""Unicode's categories of control characters and spaces."""


@dataclass(frozen=True)
class PictureFolder:
    """The pictures of a folder in the order of their names, and sentences about doubtful files."""

    pictures: tuple[Path, ...]
    remarks: tuple[str, ...]


def pictures_in(folder: Path) -> PictureFolder:
    """Return the pictures in `folder`, without those of its subfolders.

    Raises:
        InvalidRequest: there is no such folder, or a picture in it can't be taken; the message names all of these.
    """
    if folder.is_file():
        raise InvalidRequest(f"“{folder}” is a file; name the folder of the pictures", FIELD)
    if not folder.is_dir():
        raise InvalidRequest(f"there is no folder “{folder}”", FIELD)
    entries = sorted((path for path in folder.iterdir() if not _COMPANIONS.fullmatch(path.name)), key=_in_order)
    files = [path for path in entries if not path.is_dir()]
    # The content is a picture, or the name promises one.
    pictures = [path for path in files if _PICTURE_NAME.fullmatch(path.name) or (path.is_file() and is_picture(path))]
    named = [(path, f"“{readable(path.name)}”") for path in pictures]
    if problems := [problem for path, name in named if (problem := problem_of_picture(path, name))]:
        raise InvalidRequest(f"“{folder}” has pictures that can't be taken: {_listed(problems, '; ')}", FIELD)
    return PictureFolder(tuple(pictures), tuple(_remarks(folder, entries, pictures)))


def readable(name: str) -> str:
    """Return a file's name without its ending, for people.

    It has whole letters, plain spaces and only text.
    """
    whole = unicodedata.normalize("NFC", _HALVES.sub("\N{REPLACEMENT CHARACTER}", name))
    letters = (" " if unicodedata.category(letter) in _BLANK else letter for letter in whole)
    return " ".join("".join(letters).split())


def _remarks(folder: Path, entries: Iterable[Path], pictures: list[Path]) -> Iterable[str]:
    taken = set(pictures)
    others = [path for path in entries if path not in taken]
    left_out = [f"“{readable(path.name)}”" for path in others if not path.is_dir()]
    folders = [path for path in others if path.is_dir() and _PICTURE_NAME.fullmatch(path.name)]
    left_out += [f"“{readable(path.name)}” (a folder)" for path in folders]
    if left_out:
        yield f"No pictures, and left out of “{folder}”: {_listed(left_out, ', ')}."
    for one, other in pairwise(pictures):
        if _in_order(one)[0] == _in_order(other)[0]:
            names = f"“{readable(one.name)}” and “{readable(other.name)}”"
            yield f"{names} have the same place in the order of names: they are taken in this order."


def _listed(words: list[str], between: str) -> str:
    more = f"{between}and {len(words) - _NAMED} more" if len(words) > _NAMED else ""
    return f"{between.join(words[:_NAMED])}{more}"


def _in_order(path: Path) -> tuple[list[tuple[int, str]], str]:
    """Return the sort key of a name.

    Numbers count as numbers (2 before 10), letters without their case. The name itself comes last.
    """
    parts = re.split(r"(\d+)", unicodedata.normalize("NFC", path.name))
    return [(int(part), "") if part.isdecimal() else (-1, part.casefold()) for part in parts], path.name
