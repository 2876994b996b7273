"""Files that people give along with scene code.

Their contents decide whether Callsheet takes them.

They are pictures, drawings, typefaces, sounds, and Python modules that the scene imports.

Callsheet passes them on by name into the folder in which the scene runs. The checks here help the person, who learns at
once what is wrong. They also keep out files that are known to overwhelm the programs that read them. The fence around
the scene is the real protection.
"""

from __future__ import annotations

import keyword
import re
import struct
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.machinery import PathFinder
from pathlib import Path

from callsheet.errors import InvalidRequest
from callsheet.model.film.scenes import FILE_NAME_PATTERN, SOURCE_FILE
from callsheet.model.requests.video import MAX_FILES
from callsheet.scene_lint import Beside
from callsheet.sources.picture_files import MAX_PICTURE_BYTES, check_picture
from callsheet.sources.svg_files import MAX_SVG_BYTES, check_svg

MAX_TOTAL_BYTES = 200_000_000
_MAX_FONT_BYTES = 50_000_000
"""The largest Chinese, Japanese and Korean typefaces have 20 MB a weight."""
_MAX_SOUND_BYTES = 100_000_000
"""Nine minutes of uncompressed stereo."""
_MAX_MODULE_BYTES = 1_000_000
_SNIFFED_BYTES = 512


def checked_files(paths: Sequence[Path]) -> dict[str, Path]:
    """Return the absolute path of each file, by the name under which scene code opens it.

    Raises:
        InvalidRequest: about the file; its name, kind, size or content can't be taken, or there are too many.
    """
    if len(paths) > MAX_FILES:
        raise InvalidRequest(f"a scene takes at most {MAX_FILES} files, not {len(paths)}", "files")
    _check_names_differ(paths)
    for path in paths:
        _check(path)
    total_bytes = sum(path.stat().st_size for path in paths)
    if total_bytes > MAX_TOTAL_BYTES:
        raise InvalidRequest(f"they are larger than {MAX_TOTAL_BYTES // 1_000_000} MB together", "files")
    return {path.name: path.absolute() for path in paths}


def files_beside(names: Iterable[str], files: Mapping[str, Path]) -> Beside:
    """Return all files by their names, with the contents of local ones for validation."""
    legible = {name: path for name, path in files.items() if Beside.is_legible(name)}
    drawings = {name: path for name, path in legible.items() if name.lower().endswith(".svg")}
    if not drawings:
        return Beside.of(names, legible)
    from callsheet.sources.plain_svg import remarks_on  # reading SVG takes a while to import

    return Beside.of(names, legible, remarks_on(drawings))


@dataclass(frozen=True)
class _Kind:
    """A kind of file: its name, its suffixes and signature, and its further checks."""

    name: str
    suffixes: tuple[str, ...]
    beginning: re.Pattern[bytes]
    max_bytes: int
    check: Callable[[Path], None]


def _check_names_differ(paths: Sequence[Path]) -> None:
    """Refuse names that differ by case alone.

    Some file systems take Logo.svg and logo.svg for one file.
    """
    times = Counter(path.name.casefold() for path in paths)
    for path in paths:
        if times[path.name.casefold()] > 1:
            raise InvalidRequest("two files have this name: rename one of them", path.name)


def _check(path: Path) -> None:
    if not re.fullmatch(FILE_NAME_PATTERN, path.name):
        raise InvalidRequest(
            f"“{path.name[:200]}” can't be its name: use letters a to z, digits, and . _ - after the first one", "files"
        )
    if not path.is_file():
        raise InvalidRequest(f"there is no file “{path}”", path.name)
    kind = _kind_of(path)
    if path.stat().st_size > kind.max_bytes:
        raise InvalidRequest(f"a {kind.name} may have at most {kind.max_bytes // 1_000_000} MB", path.name)
    kind.check(path)


def _kind_of(path: Path) -> _Kind:
    """Return the kind by both name and content: some libraries trust the name.

    Pictures are known by content.
    """
    kind = next((kind for kind in _KINDS if path.suffix.lower() in kind.suffixes), None)
    if kind is None:
        suffixes = ", ".join(suffix for kind in _KINDS for suffix in kind.suffixes)
        raise InvalidRequest(f"this kind of file is not taken: give one of {suffixes}", path.name)
    with path.open("rb") as file:
        beginning = file.read(_SNIFFED_BYTES)
    if not kind.beginning.match(beginning):
        raise InvalidRequest(f"this is no {kind.name}, whatever its name says: save it as one", path.name)
    return kind


def _check_picture(path: Path) -> None:
    check_picture(path, path.name)


def _check_font(path: Path) -> None:
    """Check that the table directory and its tables are whole.

    See OpenType 1.9, “Organization of an OpenType font”.
    """
    content = path.read_bytes()
    tables = {}
    if len(content) >= 12:
        (count,) = struct.unpack_from(">H", content, 4)
        directory = content[12 : 12 + 16 * count]
        whole = directory[: len(directory) // 16 * 16]
        tables = {tag: start + length for tag, _, start, length in struct.iter_unpack(">4sLLL", whole)}
    if not {b"cmap", b"head"} <= tables.keys() or max(tables.values()) > len(content):
        raise InvalidRequest("this typeface is damaged or cut off: get it again", path.name)


def _check_module(path: Path) -> None:
    """Check only that the module can be imported.

    Validation follows its code, which runs behind the fence.
    """
    name = path.stem
    if path.name == SOURCE_FILE:
        raise InvalidRequest("the scene's own code has this name where it runs: rename the file", path.name)
    if path.suffix != ".py" or not name.isidentifier() or keyword.iskeyword(name):
        raise InvalidRequest("Python can't import a file of this name: use letters, digits and _, and .py", path.name)
    installed = [folder for folder in sys.path if Path(folder).name in {"site-packages", "dist-packages"}]
    if name in sys.stdlib_module_names or PathFinder.find_spec(name, installed) is not None:
        raise InvalidRequest("an installed module has this name and hides the file: rename the file", path.name)
    try:
        path.read_text(encoding="utf-8-sig")  # Python takes no other encoding, so `read_text` would take too much
    except UnicodeDecodeError:
        raise InvalidRequest("it is not text in UTF-8: save it as UTF-8", path.name) from None


def _is_left_to_the_scene(path: Path) -> None:
    """Accept: a sound is decoded in the fence alone, and fails the scene if it is broken."""


_ANYTHING = re.compile(b"")
"""The beginning of a picture: `_check_picture` finds its kind. Manim opens pictures by their content."""
_KINDS = (
    _Kind("picture", (".png", ".jpg", ".jpeg", ".webp"), _ANYTHING, MAX_PICTURE_BYTES, _check_picture),
    _Kind("SVG drawing", (".svg",), re.compile(rb"(\xef\xbb\xbf)?\s*<"), MAX_SVG_BYTES, check_svg),
    _Kind("TrueType typeface", (".ttf",), re.compile(rb"\0\x01\0\0|true"), _MAX_FONT_BYTES, _check_font),
    _Kind("OpenType typeface", (".otf",), re.compile(rb"OTTO|\0\x01\0\0"), _MAX_FONT_BYTES, _check_font),
    _Kind(
        "MP3 sound",
        (".mp3",),
        re.compile(rb"ID3|\xff[\xe2\xe3\xf2\xf3\xfa\xfb]"),
        _MAX_SOUND_BYTES,
        _is_left_to_the_scene,
    ),
    _Kind("WAV sound", (".wav",), re.compile(rb"RIFF.{4}WAVE", re.DOTALL), _MAX_SOUND_BYTES, _is_left_to_the_scene),
    _Kind("Python module", (".py",), re.compile(b""), _MAX_MODULE_BYTES, _check_module),
)
