"""Section: the start of a new part."""

from __future__ import annotations

from collections.abc import Sequence

from manim import Mobject

from callsheet.model.content import SectionContent
from callsheet.stage.kit.beats import Beat, Page, directed, show
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area
from callsheet.stage.kit.layout import must_fit, stack, stack_height
from callsheet.stage.kit.motion import Motion, rise, together, unfold, wipe
from callsheet.stage.kit.pacing import reading_s
from callsheet.stage.kit.scale import Space, Step
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.templates.base import TemplateScene

_STEPS = (Step.DISPLAY, Step.LARGE, Step.HEADLINE, Step.TITLE)
_FEW_LINES = 3
_BAR_LENGTH = 1.3
_NUMBER_SCALE = 1.5
_SHARE_ABOVE, _SHARE_BELOW_FIGURE = 0.46, 0.2
"""Shares of the free height that stay above the words, beside and below the figure."""


class SectionScene(TemplateScene):
    """The number, large, in the accent colour; a bar; the name and a line about it; beside them the theme's figure.

    Each number turns the figure, and puts it on the other side.
    """

    @staticmethod
    def compose(content: SectionContent, kit: Kit) -> tuple[Page, ...]:
        """Return one page; a name that needs the whole width stands without a figure."""
        turn = content.number or 1
        words, place = kit.beside_figure(figure_first=turn % 2 == 1)
        beside = _beside(content, kit, words)
        figures = [kit.figure(place, turn)] if beside else []
        opening, summary = beside or must_fit(lambda factor: _alone(content, kit, factor), "title")
        *number, bar, title = opening
        parts = {"title": (bar, title), **({"number": tuple(number)} if number else {})}
        entrance = together(*map(unfold, figures), _entrance(opening), lag_s=0.15)
        beats = [Beat(entrance, reading_s(content.title), (*figures, *opening), parts=parts, is_anchor=True)]
        if content.summary:
            beats.append(show(summary, reads=content.summary, part="summary"))
        return directed((Page(tuple(beats)),), content.title)


def _beside(content: SectionContent, kit: Kit, room: Area) -> tuple[Sequence[Mobject], TypeBlock] | None:
    """Return number (if any), bar and title, and the summary, at the largest step at which they fit beside a figure."""
    for step in _STEPS:
        title = kit.largest(content.title, (step,), room.width, height=room.height, lines=_FEW_LINES, weight=650)
        parts = _placed(content, kit, room, title, 1.0, beside_figure=True) if title else None
        if parts:
            return parts
    return None


def _alone(content: SectionContent, kit: Kit, factor: float) -> tuple[Sequence[Mobject], TypeBlock] | None:
    """Return the same without a figure; the title may be small, or have divided words."""
    safe = kit.safe
    title = kit.largest(
        content.title, _STEPS, safe.width, height=safe.height / 2, lines=_FEW_LINES, scale=factor, weight=650
    ) or kit.text(content.title, Step.LEAD, safe.width, scale=factor, weight=650, balanced=True)
    return _placed(content, kit, safe, title, factor)


def _placed(
    content: SectionContent, kit: Kit, room: Area, title: TypeBlock, factor: float, *, beside_figure: bool = False
) -> tuple[Sequence[Mobject], TypeBlock] | None:
    summary = kit.text(content.summary, Step.LEAD, room.width, colour=kit.palette.muted, scale=factor, balanced=True)
    opening: list[Mobject] = [kit.bar(0, 0, length=_BAR_LENGTH), title]
    if content.number:
        size = factor if kit.frame.is_portrait else factor * _NUMBER_SCALE
        opening.insert(0, kit.sign(str(content.number), Step.GIANT, colour=kit.palette.accent, scale=size))
    parts = [*opening, summary] if content.summary else opening
    free = room.height - stack_height(parts, Space.BASE)
    if free < 0:
        return None
    share = _SHARE_BELOW_FIGURE if beside_figure and kit.frame.is_portrait else _SHARE_ABOVE
    stack(parts, room.left, room.top - free * share, Space.BASE)
    return opening, summary


def _entrance(opening: Sequence[Mobject]) -> Motion:
    *number, bar, title = opening
    return together(*map(rise, number), wipe(bar), rise(title), lag_s=0.12)
