"""Text and mathematics as outlines, set by Typst: line breaks, all scripts, both directions.

It knows nothing of Manim.

A user's text reaches Typst only as string literals, never as markup. Mathematics is evaluated as mathematics, and `#`,
which would start a program inside it, is refused. Typst's root is the null device, so nothing can be read. A text takes
about a millisecond.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property, lru_cache

import numpy as np

from callsheet.formulas import mathematics
from callsheet.formulas.typst_pages import literal, page_of
from callsheet.model.film.language import language_of
from callsheet.model.film.look import FontName
from callsheet.stage.kit.emoji import drawn_in, split_emoji, square_source
from callsheet.stage.kit.inline import Runs, TextRun, TextRunKind, is_right_to_left
from callsheet.stage.kit.svg_outlines import GlyphOutline, Points, outlines_of

POINTS_PER_UNIT = 50.0
"""Typst points for one unit of the frame: any number will do, this one keeps sizes near those of print."""
# A line box reaches from three quarters of an em above the baseline to a quarter below, with every font.
_TOP_EDGE, _BOTTOM_EDGE = 0.78, 0.22

_SCRIPTS = (
    "Noto Sans",
    "Noto Sans Arabic",
    "Noto Sans Hebrew",
    "Noto Sans Devanagari",
    "Noto Sans Thai",
    "Noto Sans CJK SC",
    "Symbola",
)
_SERIF_SCRIPTS = (
    "Noto Serif",
    "Noto Naskh Arabic",
    "Noto Serif Hebrew",
    "Noto Serif Devanagari",
    "Noto Serif Thai",
    "Noto Serif CJK SC",
)
_SERIFS = frozenset({FontName.NOTO_SERIF, FontName.EB_GARAMOND, FontName.ROBOTO_SLAB})
_NAMES_IN_TYPST = {FontName.EB_GARAMOND: "EB Garamond 12"}
"""Names of families for Typst that differ: EB Garamond has two optical sizes, and this is the one for large type."""
_LINING = frozenset({FontName.EB_GARAMOND})
"""Typefaces whose figures hang below the line unless they are asked to stand on it."""
_MONO_FONTS = ("JetBrains Mono", "DejaVu Sans Mono", "Noto Sans Mono", *_SCRIPTS)
_UNBREAKABLE = re.compile(r"\S{13,}")
_HYPHENATED_WORD = re.compile(r"\W*[A-Za-z\u00c0-\u024f\u0370-\u04ff-]+\W*")
"""Letters of Latin, Greek and Cyrillic: scripts that divide words with a hyphen."""
_LONGEST_UNBROKEN = 24
"""Formulas of at most this many characters stay on one line if they can."""
_ZERO_WIDTH_SPACE, _SOFT_HYPHEN = "\u200b", "\u00ad"


@dataclass(frozen=True)
class TypeStyle:
    """How a block is set. Lengths in units, leading and tracking in ems."""

    size: float
    colour: str
    font: FontName = FontName.INTER
    weight: int = 400
    leading: float = 0.42
    align: str = "start"
    tracking: float = 0.0
    mono: bool = False
    code_colour: str = ""
    """Colour of `code` inside the text; the text's own if it is empty."""
    language: str = ""
    """Whose rules divide words, e.g. de; found by the words where it is empty."""


@dataclass(frozen=True)
class Setting:
    """A text that has been set: its box, as wide as the column and as high as its lines, and its outlines.

    Outlines lie in the box with the origin at its top left corner, y pointing up, in units.
    """

    width: float
    height: float
    outlines: tuple[GlyphOutline, ...]

    @cached_property
    def ink_left(self) -> float:
        """Return where ink begins, as x."""
        return float(self._ink_x.min()) if self.outlines else 0.0

    @cached_property
    def ink_right(self) -> float:
        """Return where ink ends, as x."""
        return float(self._ink_x.max()) if self.outlines else 0.0

    @cached_property
    def _ink_x(self) -> Points:
        return np.concatenate([outline.points[:, 0] for outline in self.outlines])


def set_text(runs: Runs, style: TypeStyle, width: float, *, whole_words: bool = False) -> Setting:
    """Return `runs` as a paragraph `width` units wide.

    A word too long for a line is divided by the rules of its language, with a hyphen, unless `whole_words`. What has no
    such place, an address for example, is broken at any character.

    Raises UnsettableError if a formula has no meaning.
    """
    setting = _set(_text_source(runs, style), width)
    cuts = (_Cut.ANYWHERE,) if style.mono else (_Cut.HYPHENATED, _Cut.ANYWHERE)
    for cut in () if whole_words else cuts:
        if setting.ink_right <= width + 0.02 and setting.ink_left >= -0.02:
            break
        setting = _set(_text_source(runs, style, cut), width)
    return setting


def set_formula(formula: str, style: TypeStyle) -> Setting:
    """Return `formula` in display style, in a box as wide as the formula.

    Raises UnsettableError if it has no meaning.
    """
    return _set(_preamble(style) + f"#{mathematics(formula, block=True)}", None)


def set_code(code: str, language: str, style: TypeStyle, theme: str = "") -> Setting:
    """Return `code` line by line, in a box as wide as its longest line; line boxes are alike.

    `theme` is a TextMate colour theme (XML) for the words of `language`; without one the code has the style's colour.
    """
    colouring = f"bytes({literal(theme)})" if theme else "none"
    raw = f"raw({literal(code)}, block: true, lang: {literal(language) if language else 'none'}, theme: {colouring})"
    letters = f"{_text_arguments(style)}, ligatures: false, features: (calt: 0)"
    return _set(_preamble(style) + f"#show raw: set text({letters})\n#{raw}", None)


@lru_cache(maxsize=128)
def _set(source: str, width: float | None) -> Setting:
    page = "auto" if width is None else f"{width * POINTS_PER_UNIT:.4f}pt"
    sheet = f"#set page(width: {page}, height: auto, margin: 0pt, fill: none)\n{source}"
    width_units, height, outlines = outlines_of(page_of(sheet), POINTS_PER_UNIT)
    return Setting(width_units, height, tuple(part for outline in outlines for part in drawn_in(outline)))


class _Cut(Enum):
    """Where lines may break inside of words; inside of short formulas too, but with NOWHERE."""

    NOWHERE = auto()
    HYPHENATED = auto()
    ANYWHERE = auto()


def _text_source(runs: Runs, style: TypeStyle, cut: _Cut = _Cut.NOWHERE) -> str:
    """Return the source of a text."""
    runs = tuple(map(_breakable, runs)) if cut is _Cut.ANYWHERE else runs
    body = "; ".join(_run_source(run, style, may_break=cut is not _Cut.NOWHERE) for run in runs)
    return f"{_preamble(style, runs, cut)}#{{ {body} }}"


def _preamble(style: TypeStyle, runs: Runs = (), cut: _Cut = _Cut.NOWHERE) -> str:
    words = " ".join(run.text for run in runs if run.kind is TextRunKind.TEXT)
    direction = "rtl" if is_right_to_left(words) else "ltr"
    named, division = "en", ""
    if cut is not _Cut.NOWHERE:
        # A word is divided only if it fits into no line: the price of a hyphen is high.
        named = style.language or language_of([words]) or "en"
        division = "#set text(hyphenate: true, costs: (hyphenation: 900%))\n"
    return (
        f'#set text({_text_arguments(style)}, lang: "{_language(words, named)}", dir: {direction})\n{division}'
        f"#set par(leading: {style.leading}em, spacing: {style.leading + 0.45}em, justify: false)\n"
        f"#set align({style.align})\n"
    )


def _text_arguments(style: TypeStyle) -> str:
    families = ", ".join(map(literal, _MONO_FONTS if style.mono else _families(style.font)))
    figures = 'number-type: "lining", ' if style.font in _LINING and not style.mono else ""
    return (
        f"font: ({families}), {figures}size: {style.size * POINTS_PER_UNIT:.4f}pt, weight: {style.weight}, "
        f"fill: rgb({literal(style.colour)}), tracking: {style.tracking}em, "
        f"top-edge: {_TOP_EDGE}em, bottom-edge: -{_BOTTOM_EDGE}em, hyphenate: false, overhang: false"
    )


def _families(font: FontName) -> tuple[str, ...]:
    """Return the typeface, and those for the letters that it does not have."""
    return (_NAMES_IN_TYPST.get(font, font.family), *(_SERIF_SCRIPTS if font in _SERIFS else ()), *_SCRIPTS)


def _language(words: str, named: str = "en") -> str:
    """Return the language whose rules break the lines, judged by script; `named` for all others."""
    for language, letters in (
        ("ja", r"[\u3040-\u30ff]"),
        ("ko", r"[\uac00-\ud7af]"),
        ("zh", r"[\u4e00-\u9fff]"),
        ("ar", r"[\u0600-\u06ff]"),
        ("he", r"[\u0590-\u05ff]"),
    ):
        if re.search(letters, words):
            return language
    return named


def _run_source(run: TextRun, style: TypeStyle, *, may_break: bool) -> str:
    if run.kind is TextRunKind.MATH:
        formula = mathematics(run.text, block=False)
        return f"box({formula})" if len(run.text) <= _LONGEST_UNBROKEN and not may_break else formula
    if run.kind is TextRunKind.CODE:
        families = ", ".join(map(literal, _MONO_FONTS))
        colour = literal(style.code_colour or style.colour)
        return f"text(font: ({families}), size: 0.9em, fill: rgb({colour}), hyphenate: false, {literal(run.text)})"
    paragraphs = re.split(r"\n\s*\n", run.text)
    return "; parbreak(); ".join(_lines(paragraph) for paragraph in paragraphs)


def _lines(paragraph: str) -> str:
    return "; linebreak(); ".join(
        "; ".join(literal(part) if isinstance(part, str) else square_source(part) for part in split_emoji(line)) or '""'
        for line in paragraph.split("\n")
    )


def _breakable(run: TextRun) -> TextRun:
    """Return a run whose long words may break at any character: with a hyphen, if they are of letters that take one."""
    if run.kind is TextRunKind.MATH:
        return run

    def with_breaks(match: re.Match[str]) -> str:
        is_word = run.kind is TextRunKind.TEXT and _HYPHENATED_WORD.fullmatch(match.group())
        return (_SOFT_HYPHEN if is_word else _ZERO_WIDTH_SPACE).join(match.group())

    return TextRun(run.kind, _UNBREAKABLE.sub(with_breaks, run.text))
