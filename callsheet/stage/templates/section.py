"""Section: the start of a new part."""

from __future__ import annotations

from collections.abc import Sequence

from manim import Mobject

from callsheet.model.content import SectionContent
from callsheet.stage.kit.beats import Beat, Page, directed, show
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area
from callsheet.stage.kit.layout import must_fit, stack, stack_height
from callsheet.stage.kit.motion import Motion, rise, together, wipe
from callsheet.stage.kit.pacing import reading_s
from callsheet.stage.kit.scale import Space, Step
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.templates.base import TemplateScene

_STEPS = (Step.LARGE, Step.HEADLINE, Step.TITLE, Step.LEAD)
_BAR_LENGTH = 1.3
_SHARE_ABOVE = 0.44
"""Share of the free height that stays above: a little less than half looks centred."""


class SectionScene(TemplateScene):
    """The number, large, in the accent colour; a bar; the name and a line about it."""

    @staticmethod
    def compose(content: SectionContent, kit: Kit) -> tuple[Page, ...]:
        """Return one page, left-aligned."""
        opening, summary = must_fit(lambda factor: _parts(content, kit, kit.safe, factor), "title")
        beats = [Beat(_entrance(opening), reading_s(content.title), tuple(opening))]
        if content.summary:
            beats.append(show(summary, reads=content.summary))
        return directed((Page(tuple(beats)),), content.title)


def _parts(content: SectionContent, kit: Kit, room: Area, factor: float) -> tuple[Sequence[Mobject], TypeBlock] | None:
    """Return number (if any), bar and title, and the summary; None if they are too high."""
    summary = kit.text(content.summary, Step.LEAD, room.width, colour=kit.palette.muted, scale=factor, balanced=True)
    opening: list[Mobject] = [kit.bar(0, 0, length=_BAR_LENGTH), _title(content.title, kit, room, factor)]
    if content.number:
        opening.insert(0, kit.sign(str(content.number), Step.GIANT, colour=kit.palette.accent, scale=factor))
    parts = [*opening, summary] if content.summary else opening
    free = room.height - stack_height(parts, Space.BASE)
    if free < 0:
        return None
    stack(parts, room.left, room.top - free * _SHARE_ABOVE, Space.BASE)
    return opening, summary


def _title(text: str, kit: Kit, room: Area, factor: float) -> TypeBlock:
    """Return the title at the largest step that gives it three lines and half of the height."""
    for step in _STEPS:
        title = kit.text(text, step, room.width, scale=factor, weight=650, balanced=True)
        if title.box_height <= min(room.height / 2, 3.8 * step.size):
            break
    return title


def _entrance(opening: Sequence[Mobject]) -> Motion:
    *number, bar, title = opening
    return together(*map(rise, number), wipe(bar), rise(title), lag_s=0.12)
