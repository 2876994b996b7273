"""Texts in LaTeX, set by Typst: Manim's function `tex_to_svg_file` for a machine without LaTeX."""

from __future__ import annotations

import re
from pathlib import Path

from manim import config
from manim.mobject.text import tex_mobject
from manim.utils.tex import TexTemplate

from callsheet.formulas.typst_pages import UnsettableError, page_of
from callsheet.stage.tex.documents import document_of, drawing_file, quoted
from callsheet.stage.tex.drawing import Signs, drawing_of
from callsheet.stage.tex.prose import Prose, WordLook
from callsheet.stage.tex.tokens import Cursor, FormulaRefused, Token, macros_of, tokens_of

_PARTS = re.compile(r"<g id='([^']*)'>")
# LaTeX's ten points are 9.963 of Typst's, and its lines stand twelve points apart.
_PREAMBLE = """\
#set page(width: auto, height: auto, margin: 0pt, fill: none)
#let SERIF = ("New Computer Modern", "Noto Serif", "Noto Serif CJK SC", "Noto Sans", "Noto Sans Arabic",
  "Noto Sans Hebrew", "Noto Sans Devanagari", "Noto Sans Thai", "Symbola")
#let SANS = ("New Computer Modern Sans", "Inter", ..SERIF)
#let MONO = ("New Computer Modern Mono", "DejaVu Sans Mono", ..SERIF)
#set text(size: 9.9626pt, font: SERIF, top-edge: 0.84em, bottom-edge: -0.36em, hyphenate: true, lang: "en")
#set par(leading: 0em, spacing: 0em, justify: false)
#set list(indent: 1em, spacing: 0.3em)
#set enum(indent: 1em, spacing: 0.3em)
#show math.equation: set text(font: ("New Computer Modern Math", ..SERIF))
#show math.equation.where(block: true): set par(leading: 0.3em)
#let colour(n) = rgb(calc.quo(n, 65536), calc.rem(calc.quo(n, 256), 256), calc.rem(n, 256))
#let c(n, body) = text(fill: colour(n), body)
#let t(n, words, ..look) = text(fill: colour(n), font: SERIF, ..look, words)
#show math.equation.where(block: true): set block(above: 1em, below: 1em)
#let framed(ink, body) = box(stroke: 0.4pt + ink, inset: 3pt, {
  set text(top-edge: "bounds", bottom-edge: "bounds")
  body
})
#let column(body) = context {
  let room = 343.7pt
  if measure(body).width > room { block(width: room, body) } else { body }
}
"""


def set_latex_by_typst() -> None:
    """Let Manim's classes that need LaTeX be set by Typst."""
    setattr(tex_mobject, "tex_to_svg_file", set_by_typst)  # noqa: B010 - mypy takes an assignment for a mistake


def set_by_typst(expression: str, environment: str | None = None, tex_template: TexTemplate | None = None) -> Path:
    """Return the SVG file of a text in LaTeX, with Manim's groups in it.

    Raises FormulaRefused with a sentence that names the place.
    """
    document = document_of(expression, environment, tex_template or config["tex_template"])
    file = drawing_file(document)
    if not file.exists():
        file.write_text(_drawing(document, expression), encoding="utf-8")
    return file


def _drawing(document: str, expression: str) -> str:
    """Return the drawing of what stands in a document; `expression` is the part that the scene has written."""
    preamble, _, rest = document.partition("\\begin{document}")
    body = rest.partition("\\end{document}")[0]
    signs = Signs()
    try:
        tokens = tokens_of(body, macros_of(preamble), begin=max(0, body.find(expression)))
        page = page_of(f"{_PREAMBLE}#column[{Prose(Cursor(tokens), signs).until(_never, WordLook())}]")
    except (FormulaRefused, UnsettableError) as fault:
        advice = "change it, or install LaTeX with `make latex`"
        raise FormulaRefused(f"“{quoted(expression)}” can't be set without LaTeX: {fault}; {advice}") from fault
    return drawing_of(page, signs, _PARTS.findall(expression))


def _never(token: Token) -> bool:
    return False
