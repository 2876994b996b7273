"""Words on pictures: a typeface that has the letters, and lines that fit."""

from bisect import bisect_right
from collections.abc import Sequence
from functools import cache

from PIL import ImageDraw, ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
ELLIPSIS = "..."  # some typefaces of other scripts have no “…”
LEADING = 1.22
# By file name, best first; the first that has every letter of a text sets it.
TITLES = (
    "InterDisplay-SemiBold.otf",
    "Inter-SemiBold.otf",
    "NotoSans-Bold.ttf",
    "NotoSansCJK-Bold.ttc",
    "NotoSansArabic-Bold.ttf",
    "NotoSansHebrew-Bold.ttf",
    "NotoSansDevanagari-Bold.ttf",
    "NotoSansThai-Bold.ttf",
    "DejaVuSans-Bold.ttf",
)
NOTES = ("Inter-Medium.otf", "NotoSans-Regular.ttf", "NotoSansCJK-Regular.ttc", "DejaVuSans.ttf")


def font_for(text: str, size: int, typefaces: Sequence[str] = TITLES) -> Font:
    """Return the typeface that lacks the fewest letters of `text`.

    If none is installed, return Pillow's own.
    """
    installed = [name for name in typefaces if _is_installed(name)]
    if not installed:
        return ImageFont.load_default(size)
    letters = frozenset(letter for letter in text if not letter.isspace())
    return ImageFont.truetype(min(installed, key=lambda name: _missing(name, letters)), size)


def fitted(
    draw: ImageDraw.ImageDraw, text: str, room: tuple[float, float], sizes: Sequence[int]
) -> tuple[Font, list[str]]:
    """Return the largest of `sizes` at which `text` fits into `room`, and its lines.

    `sizes` fall. At the smallest, the text is cut short.
    """
    for size in sizes:
        font = font_for(text, size)
        lines = wrapped(draw, text, font, room[0])
        if len(lines) * size * LEADING <= room[1] and all(draw.textlength(line, font) <= room[0] for line in lines):
            return font, lines
    most = max(1, int(room[1] / (sizes[-1] * LEADING)))
    kept = lines[:most]
    kept[-1] = shortened(draw, kept[-1], font, room[0], goes_on=len(lines) > most)
    return font, kept


def wrapped(draw: ImageDraw.ImageDraw, text: str, font: Font, width: float) -> list[str]:
    """Return `text` in lines of whole words, each at most `width` wide.

    The lines are balanced: as narrow as their number allows, so that none has one word alone.
    """
    words = text.split()
    lines = _filled(draw, words, font, width)
    if len(lines) < 2:
        return lines
    narrow, wide = 0.0, width
    for _ in range(8):
        middle = (narrow + wide) / 2
        if len(_filled(draw, words, font, middle)) == len(lines):
            wide = middle
        else:
            narrow = middle
    return _filled(draw, words, font, wide)


def shortened(draw: ImageDraw.ImageDraw, line: str, font: Font, width: float, *, goes_on: bool = False) -> str:
    """Return the longest beginning of one line that fits.

    With `goes_on`, more text follows the line.
    """
    # To measure takes as long as the line is: one letter less at a time would take minutes for a prompt of thousands.
    end = 64
    while end < len(line) and draw.textlength(line[:end], font) <= width:
        end *= 2
    if end >= len(line) and not goes_on and draw.textlength(line, font) <= width:
        return line
    lengths = range(1, min(end, len(line)) + 1)
    letters = bisect_right(lengths, width, key=lambda kept: draw.textlength(line[:kept] + ELLIPSIS, font))
    return line[:letters].rstrip() + ELLIPSIS


def _filled(draw: ImageDraw.ImageDraw, words: list[str], font: Font, width: float) -> list[str]:
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and draw.textlength(longer, font) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines or [""]


@cache
def _is_installed(name: str) -> bool:
    try:
        ImageFont.truetype(name, 16)
    except OSError:
        return False
    return True


def _missing(name: str, letters: frozenset[str]) -> int:
    """Return the number of letters that the typeface draws as its sign for a missing letter."""
    font = ImageFont.truetype(name, 16)
    absent = bytes(font.getmask("\U0010ffff"))
    return sum(bytes(font.getmask(letter)) == absent for letter in letters)
