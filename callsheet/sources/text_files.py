"""Text files that people give: read in the form of any editor, refused with a sentence if they are no text."""

import codecs
import re
from difflib import get_close_matches
from pathlib import Path

from callsheet.errors import InvalidRequest

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks, longer ones before those that they begin with."""
_BINARY = re.compile(
    rb"\x89PNG|\xff\xd8\xff|PK\x03\x04|%PDF-|GIF8[79]a|RIFF.{4}(?:WEBP|WAVE|AVI )|\x7fELF|\x1f\x8b", re.DOTALL
)
_NEVER_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
"""Control characters but tab, line feed, carriage return and next line, as in YAML 1.2; none is ever meant."""
_SNIFFED = 200
_NEAR = 0.7
"""How alike a file's name must be, of 1, for a suggestion: the whole of it, and without its suffix."""


def read_text(path: Path, name: str, most_bytes: int) -> str:
    """Return the file's text without a byte order mark, with line feeds.

    Messages call the file `name`.

    UTF-8 is read, and UTF-16 and UTF-32 if they begin with their mark.

    Raises:
        InvalidRequest: it can't be read, is too large, is no text, or has another encoding.
    """
    try:
        with path.open("rb") as file:
            content = file.read(most_bytes + 1)  # a pipe or a device does not tell its size
    except IsADirectoryError:
        raise InvalidRequest(f"{name} is a folder; name a file") from None
    except FileNotFoundError:
        raise InvalidRequest(f"{name} can't be read: there is no such file{_nearest(path)}") from None
    except OSError as error:
        raise InvalidRequest(f"{name} can't be read: {error.strerror}") from None
    except ValueError:
        raise InvalidRequest(f"{name!r} can't be the name of a file") from None
    if len(content) > most_bytes:
        raise InvalidRequest(f"{name} is larger than {most_bytes:,} bytes; such a file is much smaller")
    return decoded(content, name).replace("\r\n", "\n").replace("\r", "\n")


def _nearest(path: Path) -> str:
    """Return which file of its folder is probably meant, or that the folder does not exist."""
    try:
        names = [entry.name for entry in path.parent.iterdir() if entry.is_file()]
    except OSError:
        return f", and no folder “{path.parent}”"
    alike = get_close_matches(path.stem, {Path(name).stem for name in names}, n=len(names) + 1, cutoff=_NEAR)
    near = get_close_matches(path.name, [name for name in names if Path(name).stem in alike], n=1, cutoff=_NEAR)
    return f"; did you mean “{path.with_name(near[0])}”?" if near else ""


def decoded(content: bytes, name: str) -> str:
    """Return the text of these bytes, without a byte order mark.

    Raises InvalidRequest as `read_text` does.
    """
    encoding = next((encoding for mark, encoding in _MARKS if content.startswith(mark)), "")
    if _BINARY.match(content):
        raise InvalidRequest(f"{name} is not text: it looks like a picture, an archive or a program")
    if not encoding and b"\0" in content[:_SNIFFED] and _is_utf_16(content):
        raise InvalidRequest(f"{name} is text in UTF-16 without a byte order mark; save it as UTF-8")
    try:
        return content.decode(encoding or "utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        if encoding not in {"", "utf-8"}:
            raise InvalidRequest(f"{name} begins as {encoding.upper()} and is broken; save it as UTF-8") from None
        raise InvalidRequest(_not_utf_8(content, error.start, name)) from None


def lines_with_control_characters(text: str) -> list[tuple[int, str]]:
    """Return the first control character in each line that has one.

    Each is the line, counted from 1, and a sentence.
    """
    return [
        (number, f"holds the control character U+{ord(found.group()):04X}, which can't be shown: delete it")
        for number, line in enumerate(text.split("\n"), start=1)
        if (found := _NEVER_TEXT.search(line))
    ]


def _is_utf_16(content: bytes) -> bool:
    """Return whether this may be UTF-16: every second byte of Western text in it is zero."""
    beginning = content[: _SNIFFED // 2 * 2]
    pairs = max(1, len(beginning) // 2)
    return max(beginning[0::2].count(0), beginning[1::2].count(0)) > 0.6 * pairs


def _not_utf_8(content: bytes, place: int, name: str) -> str:
    """Return a sentence on bytes that are no UTF-8: the line, the word, and the likely encoding."""
    line = len(re.findall(rb"\r\n|\r|\n", content[:place])) + 1
    before = re.split(rb"\s", content[:place])[-1][-20:]
    after = re.split(rb"\s", content[place:])[0][:20]
    word = (before + after).decode("cp1252", "replace")
    if sum(byte < 9 for byte in content) > len(content) // 50:
        return f"{name} is not UTF-8 text; save it as UTF-8"
    return f"{name}, line {line}: “{word}” is not UTF-8 text; it looks like Latin-1 (Windows-1252): save it as UTF-8"
