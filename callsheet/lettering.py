"""Words on pictures: a typeface that has the letters, and lines that fit."""

from bisect import bisect_right
from collections.abc import Sequence
from functools import cache

from PIL import ImageDraw, ImageFont, features

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


def runs_of(line: str, font: Font, text: str) -> list[tuple[str, Font]]:
    """Return the parts of a line, each with the typeface that sets it.

    If `font` has all letters of the whole `text`, that is the line itself. If not, the text is in several scripts, and
    each word has the typeface that has its letters; a sign between words has that of the word before.
    """
    if not isinstance(font, ImageFont.FreeTypeFont) or not _missing(str(font.path), frozenset("".join(text.split()))):
        return [(line, font)]
    runs: list[tuple[str, Font]] = []
    for word in line.split():
        has_letters = any(map(str.isalnum, word))
        other = font_for(word, int(font.size)) if has_letters or not runs else runs[-1][1]
        if runs and getattr(runs[-1][1], "path", None) == getattr(other, "path", None):
            runs[-1] = (f"{runs[-1][0]} {word}", other)
        else:
            runs.append((word, other))
    return [(f"{run} ", each) for run, each in runs[:-1]] + runs[-1:]


def draw_line(
    draw: ImageDraw.ImageDraw, at: tuple[float, float], line: str, font: Font, text: str, colour: tuple[int, int, int]
) -> None:
    """Draw a line of `text` by its left end and its middle, in as many typefaces as it needs."""
    runs = runs_of(line, font, text)
    if len(runs) == 1:
        draw.text(at, line, colour, runs[0][1], anchor="lm")
        return
    above, below = font.getmetrics() if isinstance(font, ImageFont.FreeTypeFont) else (0, 0)
    x, baseline = at[0], at[1] + (above - below) / 2
    # Without a direction, a run that ends in Arabic would put the sign before it to its right.
    direction = "ltr" if features.check("raqm") else None
    for run, other in runs:
        draw.text((x, baseline), run, colour, other, anchor="ls", direction=direction)
        x += draw.textlength(run, other, direction=direction)


def fitted(
    draw: ImageDraw.ImageDraw, text: str, room: tuple[float, float], sizes: Sequence[int]
) -> tuple[Font, list[str]]:
    """Return the largest of `sizes` at which `text` fits into `room`, and its lines.

    `sizes` fall. At the smallest, the text is cut short.
    """
    for size in sizes:
        font = font_for(text, size)
        lines = wrapped(draw, text, font, room[0])
        widths = (sum(draw.textlength(*run) for run in runs_of(line, font, text)) for line in lines)
        if len(lines) * size * LEADING <= room[1] and all(width <= room[0] for width in widths):
            return font, lines
    most = max(1, int(room[1] / (sizes[-1] * LEADING)))
    kept = lines[:most]
    kept[-1] = shortened(draw, kept[-1], font, room[0], goes_on=len(lines) > most)
    return font, kept


def wrapped(draw: ImageDraw.ImageDraw, text: str, font: Font, width: float) -> list[str]:
    """Return `text` in lines of whole words, each at most `width` wide.

    The lines are balanced: as narrow as their number allows, so that none has one word alone. A sign between words
    stays behind the word before it.
    """
    words: list[str] = []
    for word in text.split():
        if words and not any(map(str.isalnum, word)):
            words[-1] += f" {word}"
        else:
            words.append(word)
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
