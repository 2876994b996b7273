"""Equation: a formula whose steps morph one into the next."""

from __future__ import annotations

from manim import Mobject

from callsheet.model.content import EquationContent
from callsheet.stage.kit.beats import Beat, Page, directed, heading, show
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area
from callsheet.stage.kit.layout import centre_in, must_fit
from callsheet.stage.kit.motion import morph, rise, wipe
from callsheet.stage.kit.pacing import formula_reading_s
from callsheet.stage.kit.scale import SHRINKS, Space, Step
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.templates.base import TemplateScene

_STEPS = (Step.LARGE, Step.HEADLINE, Step.TITLE, Step.LEAD)
_UNDERLINE, _UNDERLINE_GAP = 0.045, 0.3
_SMALLEST_PART = 0.62
"""Smallest factor of the last step: formulas are read symbol by symbol and bear smaller type than words."""


class EquationScene(TemplateScene):
    """The formula stands in the middle; what a step keeps moves to its new place."""

    @staticmethod
    def compose(content: EquationContent, kit: Kit) -> tuple[Page, ...]:
        """Return one page on which each step replaces the one before."""
        opening, area = heading(kit, content.title)
        caption = kit.text(content.caption, Step.BODY, area.width, colour=kit.palette.muted, balanced=True)
        room = area.above(caption.box_height + Space.BASE) if content.caption else area
        formulas = must_fit(lambda factor: _formulas(content, kit, room, factor), "steps")
        beats = [*opening, *_steps(content, formulas)]
        if len(formulas) > 1:
            bar = _underline(kit, formulas[-1])
            beats.append(Beat(wipe(bar), 0.6, (bar,)))
        if content.caption:
            caption.place(area.left, area.bottom + caption.box_height)
            beats.append(show(caption, reads=content.caption, part="caption", is_anchor=True))
        return directed((Page(tuple(beats)),), content.title or content.caption)


def _formulas(content: EquationContent, kit: Kit, room: Area, factor: float) -> list[TypeBlock] | None:
    """Return all steps in one size, centred in `room`; None if one of them is too large."""
    inner = room.inset(0.0, Space.BASE)
    for step in _STEPS:
        last = step is _STEPS[-1] and factor == SHRINKS[-1]
        formulas = [
            kit.formula(text, step, scale=_SMALLEST_PART if last else factor, by_glyph=True) for text in content.steps
        ]
        if all(block.box_width <= inner.width and block.box_height <= inner.height for block in formulas):
            for block in formulas:
                centre_in(block, inner)
            return formulas
    return None


def _steps(content: EquationContent, formulas: list[TypeBlock]) -> list[Beat]:
    first, *others = formulas
    beats = [Beat(rise(first), formula_reading_s(content.steps[0]), (first,), parts={"steps.0": (first,)})]
    before = first
    for place, block in enumerate(others, start=1):
        hold_s = formula_reading_s(content.steps[place]) * 0.8
        beats.append(Beat(morph(before, block), hold_s, (block,), (before,), {f"steps.{place}": (block,)}))
        before = block
    return beats


def _underline(kit: Kit, formula: TypeBlock) -> Mobject:
    """Return a line in the accent colour under the result."""
    left, bottom = formula.box.get_left()[0], formula.box.get_bottom()[1]
    return kit.block(Area(left, bottom - _UNDERLINE_GAP, formula.box_width, _UNDERLINE), kit.palette.accent)
