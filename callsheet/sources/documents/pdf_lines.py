"""The lines of a PDF page, with their places, sizes and typefaces, as PDFium finds them.

Units are points (1/72 inch).
"""

import ctypes
import re
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import Any

from pypdfium2 import raw

_FIXED_PITCH = 1
_MONOSPACE = re.compile(r"mono|courier|consol|menlo|typewriter|cmtt|sftt|lmtt|inconsolata|nimbusmon", re.IGNORECASE)
_BOLD = re.compile(r"bold|black|heavy|semibd|demi|cmbx|sfbx|lmbx", re.IGNORECASE)
_NAME_BYTES = 256
_CELL_GAP = 0.75
"""A gap between two characters, in sizes of the type, that is wider than any space between words."""
_LEAST_EVEN = 5
"""So many different characters of one width are of a typeface for code."""
HYPHEN = "\x02"
"""What PDFium puts for a hyphen at the end of a line."""


@dataclass(frozen=True)
class Letter:
    """A character and its box; one that PDFium adds (a space) has the box of nothing."""

    sign: str
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True)
class Line:
    """A line of text. `height` is the size of its type, `is_code` whether all of it has one width."""

    page: int
    letters: tuple[Letter, ...]
    height: float
    is_bold: bool
    is_code: bool

    @cached_property
    def text(self) -> str:
        """Return the line without spaces at its ends; a hyphen that divides its last word is U+0002."""
        return "".join(letter.sign for letter in self.letters).strip(" \t\r\n")

    @cached_property
    def _solid(self) -> tuple[Letter, ...]:
        return tuple(letter for letter in self.letters if not letter.sign.isspace() and letter.right > letter.left)

    @property
    def left(self) -> float:
        """Return where it begins."""
        return min((letter.left for letter in self._solid), default=0.0)

    @property
    def right(self) -> float:
        """Return where it ends."""
        return max((letter.right for letter in self._solid), default=0.0)

    @cached_property
    def middle(self) -> float:
        """Return how high it stands, counted from the bottom of the page."""
        return median((letter.top + letter.bottom) / 2 for letter in self._solid) if self._solid else 0.0

    @property
    def letter_width(self) -> float:
        """Return the width of a character of code."""
        widths = [letter.right - letter.left for letter in self._solid]
        return max(median(widths) if widths else 0.0, self.height * 0.45)

    @cached_property
    def cells(self) -> tuple[tuple[float, str], ...]:
        """Return the parts between wide gaps, each with where it begins."""
        parts: list[tuple[float, list[str]]] = []
        last_right: float | None = None
        for letter in self.letters:
            is_solid = not letter.sign.isspace() and letter.right > letter.left
            if is_solid and (last_right is None or letter.left - last_right > _CELL_GAP * self.height):
                parts.append((letter.left, []))
            if parts:
                parts[-1][1].append(letter.sign)
            last_right = letter.right if is_solid else last_right
        return tuple((left, "".join(signs).strip()) for left, signs in parts)


def lines_of_page(page: Any, number: int) -> list[Line]:
    """Return the lines of a page in the order in which the file has them."""
    text_page = page.get_textpage()
    try:
        return _lines(text_page.raw, number)
    finally:
        text_page.close()


def _lines(text_page: Any, number: int) -> list[Line]:
    found: list[Line] = []
    letters: list[Letter] = []
    first = 0
    box = raw.FS_RECTF()
    for index in range(raw.FPDFText_CountChars(text_page)):
        code = raw.FPDFText_GetUnicode(text_page, index)
        if code in {10, 13}:
            if letters:
                found.append(_line(text_page, number, first, letters))
            letters = []
            continue
        if not letters:
            first = index
        sign = chr(code) if 0 < code < 0x10000 else "\ufffd"
        if raw.FPDFText_GetLooseCharBox(text_page, index, ctypes.byref(box)):
            letters.append(Letter(sign, box.left, box.bottom, box.right, box.top))
        else:
            letters.append(Letter(sign, 0.0, 0.0, 0.0, 0.0))
        if sign == HYPHEN:  # PDFium gives no line break behind it
            found.append(_line(text_page, number, first, letters))
            letters = []
    if letters:
        found.append(_line(text_page, number, first, letters))
    return [line for line in found if line.text]


def _line(text_page: Any, number: int, first: int, letters: list[Letter]) -> Line:
    solid = [place for place, letter in enumerate(letters) if not letter.sign.isspace() and letter.top > letter.bottom]
    heights = [letters[place].top - letters[place].bottom for place in solid]
    sampled = {solid[0], solid[len(solid) // 2], solid[-1]} if solid else set()
    typefaces = [_typeface(text_page, first + place) for place in sampled]
    widths = [letters[place].right - letters[place].left for place in solid]
    is_even = (
        len({letters[place].sign for place in solid}) >= _LEAST_EVEN and max(widths) - min(widths) < 0.02 * heights[0]
    )
    return Line(
        page=number,
        letters=_whole_signs(letters),
        height=median(heights) if heights else 0.0,
        is_bold=bool(typefaces) and all(is_bold for is_bold, _ in typefaces),
        is_code=bool(typefaces) and (is_even or all(is_code for _, is_code in typefaces)),
    )


def _whole_signs(letters: list[Letter]) -> tuple[Letter, ...]:
    """Return the letters with both halves of a surrogate pair as one, and with ligatures as the letters in them."""
    whole: list[Letter] = []
    high = 0
    for each in letters:
        code = ord(each.sign)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            sign = chr(0x10000 + ((high - 0xD800) << 10) + code - 0xDC00) if high else "\ufffd"
        else:
            sign = _LIGATURES.get(each.sign, each.sign)
        high = 0
        whole.append(Letter(sign, each.left, each.bottom, each.right, each.top))
    return tuple(whole)


_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}


def _typeface(text_page: Any, index: int) -> tuple[bool, bool]:
    """Return whether a character is bold, and whether it is of a typeface for code."""
    name = ctypes.create_string_buffer(_NAME_BYTES)
    flags = ctypes.c_int()
    raw.FPDFText_GetFontInfo(text_page, index, name, _NAME_BYTES, ctypes.byref(flags))
    shown = name.value.decode("utf-8", "replace")
    is_bold = raw.FPDFText_GetFontWeight(text_page, index) >= 600 or bool(_BOLD.search(shown))
    return is_bold, bool(flags.value & _FIXED_PITCH) or bool(_MONOSPACE.search(shown))
