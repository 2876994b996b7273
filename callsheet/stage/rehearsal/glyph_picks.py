"""Notes on scene code that picks single signs of a formula, if Typst sets it in LaTeX's place.

The parts of a formula are those that the code names, so they are the same. Inside of a part, LaTeX may draw two
outlines, and Typst one.
"""

from __future__ import annotations

import sys
from typing import Any

from manim import Scene, VMobject
from manim.mobject.text import tex_mobject

from callsheet.model.film.rehearsal import LayoutFinding, LayoutProblem
from callsheet.stage.rehearsal.words import QUOTED_CHARACTERS
from callsheet.stage.tex.setting import set_by_typst


class GlyphPicks:
    """The lines of a scene that index a part of a formula, each once."""

    def __init__(self, scene: Scene) -> None:
        self._file = getattr(sys.modules.get(type(scene).__module__), "__file__", None)
        self._scene = scene
        self._findings: dict[int, LayoutFinding] = {}
        if vars(tex_mobject)["tex_to_svg_file"] is set_by_typst:
            self._watch()

    def findings(self) -> tuple[LayoutFinding, ...]:
        """Return one finding a line."""
        return tuple(self._findings.values())

    def _watch(self) -> None:
        def picked(part: tex_mobject.MathTexPart, index: Any) -> Any:
            caller = sys._getframe(1)
            if caller.f_code.co_filename == self._file:
                self._note(part, caller.f_lineno)
            return VMobject.__getitem__(part, index)

        setattr(tex_mobject.MathTexPart, "__getitem__", picked)  # noqa: B010 - mypy takes an assignment for a mistake

    def _note(self, part: tex_mobject.MathTexPart, line: int) -> None:
        words = " ".join(getattr(part, "tex_string", "").split())[:QUOTED_CHARACTERS]
        message = (
            f"picks single signs of “{words}”, which Typst sets here: LaTeX may count them otherwise; "
            'give the formula in parts, MathTex("a", "+", "b"), and pick the parts'
        )
        number = self._scene.renderer.num_plays + 1
        found = LayoutFinding(problem=LayoutProblem.GLYPHS, animation=number, line=line, message=message)
        self._findings.setdefault(line, found)
