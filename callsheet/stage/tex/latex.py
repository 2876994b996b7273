r"""Texts in LaTeX, set by LaTeX: Manim's function `tex_to_svg_file` for a machine that has it.

What this LaTeX fails at is handed to Typst: a small LaTeX has neither all packages nor `xelatex`, and Manim's mark of a
substring parts the names of commands (`f` in `\frac`). So no scene fails only because LaTeX is installed.
"""

from __future__ import annotations

import re
from pathlib import Path

from manim import config
from manim.mobject.text import tex_mobject
from manim.utils.tex import TexTemplate
from manim.utils.tex_file_writing import tex_to_svg_file

from callsheet.stage.tex.documents import document_of, drawing_file, quoted
from callsheet.stage.tex.setting import set_by_typst
from callsheet.stage.tex.tokens import FormulaRefused

_UNKNOWN = "Undefined control sequence"
# LaTeX breaks the line that it shows behind what it stumbles over.
_STUMBLED_OVER = re.compile(r"(\\[A-Za-z]+)\s*$")


def help_latex_by_typst() -> None:
    """Let Typst set what LaTeX fails at."""
    setattr(tex_mobject, "tex_to_svg_file", set_by_latex)  # noqa: B010 - mypy takes an assignment for a mistake


def set_by_latex(expression: str, environment: str | None = None, tex_template: TexTemplate | None = None) -> Path:
    """Return the SVG file of a text in LaTeX, with Manim's groups in it.

    Raises FormulaRefused with LaTeX's reason if neither sets it.
    """
    template = tex_template or config["tex_template"]
    try:
        file: Path = tex_to_svg_file(expression, environment, template)
    except (OSError, RuntimeError, ValueError) as fault:
        try:
            return set_by_typst(expression, environment, template)
        except FormulaRefused:
            log = drawing_file(document_of(expression, environment, template)).with_suffix(".log")
            raise FormulaRefused(f"“{quoted(expression)}” can't be set by LaTeX: {_reason(fault, log)}") from fault
    return file


def _reason(fault: Exception, log: Path) -> str:
    """Return what LaTeX says in its log."""
    if isinstance(fault, FileNotFoundError) and fault.filename:
        return f"{Path(fault.filename).name} is not installed"
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    for said, shown in zip(lines, [*lines[1:], ""], strict=False):
        if said.startswith("! "):
            reason = said.removeprefix("! ").removeprefix("LaTeX Error: ").rstrip(".")
            command = _STUMBLED_OVER.search(shown) if reason == _UNKNOWN else None
            return f"“{command[1]}” is no command that it knows" if command else reason
    return "it sets this, but dvisvgm makes no drawing of it" if lines else str(fault)
