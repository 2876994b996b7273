"""Formulas as people write them, LaTeX or Typst, and what Typst sets for them.

A formula with a command behind a backslash or a group in braces is LaTeX and is never set as Typst. Every other formula
is Typst's, and letters that are no name may stand together there as in LaTeX: `mc^2`. What can't be set as it is meant
is refused, with its place.
"""

from __future__ import annotations

import re
from functools import lru_cache

from callsheet.formulas.latex import LatexError, typst_of_latex
from callsheet.formulas.notation import Slip, slips_in, with_products_apart
from callsheet.formulas.typst_pages import UnsettableError, document_of, literal, page_of

_SHEET = "#set page(width: auto, height: auto, margin: 0pt)\n"
_STRING = re.compile(r'"(?:\\.|[^"\\])*"')
_MARKS = re.compile(
    r"""\\(?!u\{[0-9a-fA-F]+\})[A-Za-z]  # a command; \u{1F600} is a character of Typst's
    |\\\\                               # the end of a line
    |\\[,;:!|>]                          # a space, or a double line
    |[\^_]\s*\{                          # a group
    |\{[,.:]?\}""",
    re.VERBOSE,
)
_ONLY_ESCAPES = re.compile(r"\\[,;:]")
_TYPST_LISTS = re.compile(r"\b(?:mat|vec|cases|frac|binom)\(")
_DELIMITED = (("$$", "$$"), ("$", "$"), ("\\(", "\\)"), ("\\[", "\\]"))
# What the converter writes and Typst's mathematics lacks: strings stand for lengths and numbers.
_HELPERS = """
group: body => body, phantom: hide, negthin: h(-0.1667em),
paint: (colour, body) => text(fill: rgb(colour), body),
sized: (ems, body) => math.lr(size: float(ems) * 1em, body),
stack: (..rows) => math.script(math.mat(delim: none, row-gap: 0.15em, ..rows)),
lines: (..rows) => math.mat(delim: none, row-gap: 0.6em, column-gap: 0.1em, ..rows),
matrix: (delim: "", bar: "", ..rows) => math.mat(delim: if delim == "" { none } else { delim },
  augment: if bar == "" { none } else { int(bar) }, ..rows),
"""
_ON_PAGES = f"""({_HELPERS}
framed: body => context box(stroke: 0.05em + text.fill, inset: 0.25em,
  math.equation(block: false, math.display(body))))"""
# Typst's MathML leaves out lines over, under and through a formula: here they are accents.
_IN_MATHML = f"""({_HELPERS} framed: body => body, overline: body => math.accent(body, "\\u{{305}}"),
underline: body => math.accent(body, "\\u{{332}}"), cancel: body => math.accent(body, "\\u{{336}}"))"""


class TypstFormula(str):
    """A formula in Typst's notation that was read before: it is set as it stands."""

    __slots__ = ()


def is_latex(formula: str) -> bool:
    """Return whether a formula is LaTeX: by its commands, its groups or its dollar signs."""
    inner, _, delimiter = _undelimited(formula)
    if delimiter.startswith("\\"):
        return True
    masked = _STRING.sub(lambda match: "\x01" * len(match.group()), inner)
    if not _MARKS.search(masked):
        return False
    return bool(_MARKS.search(_ONLY_ESCAPES.sub("  ", masked))) or not _TYPST_LISTS.search(masked)


@lru_cache(maxsize=512)
def typst_of(formula: str) -> TypstFormula:
    """Return what Typst writes for a formula.

    Raises:
        UnsettableError: LaTeX that can't be converted with certainty, with its place, or a program.
    """
    if isinstance(formula, TypstFormula):
        return formula
    inner, offset, _ = _undelimited(formula)
    if is_latex(formula):
        try:
            return TypstFormula(typst_of_latex(inner))
        except LatexError as error:
            slip = error.slip
            raise UnsettableError(str(Slip(offset + slip.start, slip.written, slip.advice))) from error
        except RecursionError as error:
            raise UnsettableError("it is nested too deep: write it in parts") from error
    if "#" in re.sub(r'"(?:\\.|[^"\\])*"|\\.', "", inner):
        raise UnsettableError("# starts a program, which a formula can't hold: write \\# for the sign")
    return TypstFormula(with_products_apart(inner))


def mathematics(formula: str, *, block: bool) -> str:
    """Return the source of a formula, which is evaluated as mathematics and nothing else.

    Raises UnsettableError as `typst_of` does.
    """
    return _equation(formula, _ON_PAGES, block=block)


def mathml_of(formula: str, *, block: bool = True) -> str:
    """Return a formula, LaTeX or Typst, in MathML: what is seen, in a form that can be read and spoken.

    Raises UnsettableError for a formula that can't be set.
    """
    html = document_of(f"#{_equation(formula, _IN_MATHML, block=block)}").decode()
    start = html.find("<math")
    if start < 0:
        raise UnsettableError("nothing was set")
    return html[start : html.index("</math>") + len("</math>")]


@lru_cache(maxsize=512)
def fault_in(formula: str) -> str:
    """Return what is wrong with `formula`; an empty text if nothing is.

    The fault is a place that shows something else than is meant, or Typst's own objection. What looks right is compiled
    before it is believed, in about a millisecond.
    """
    inner, offset, _ = _undelimited(formula)
    try:
        source = mathematics(formula, block=True)
        if not is_latex(formula) and slips_in(with_products_apart(inner)):
            slips = slips_in(inner)
            return "; ".join(str(Slip(offset + slip.start, slip.written, slip.advice)) for slip in slips)
        page_of(f"{_SHEET}#{source}")
    except UnsettableError as fault:
        return str(fault).removeprefix("failed to compile document: ").strip()
    return ""


def _equation(formula: str, scope: str, *, block: bool) -> str:
    source = literal(typst_of(formula))
    return f'math.equation(block: {str(block).lower()}, eval({source}, mode: "math", scope: {scope}))'


def _undelimited(formula: str) -> tuple[str, int, str]:
    """Return a formula without the signs around it, how many characters stood before it, and the opening sign."""
    for opening, closing in _DELIMITED:
        begin = len(formula) - len(formula.lstrip())
        stripped = formula.strip()
        inner = stripped[len(opening) : -len(closing)]
        if (
            stripped.startswith(opening)
            and stripped.endswith(closing)
            and inner.strip()
            and opening not in inner
            and closing not in inner
            and not inner.endswith("\\")
        ):
            return inner, begin + len(opening), opening
    return formula, 0, ""
