"""Title: the opening of a video."""

from __future__ import annotations

from manim import Mobject

from callsheet.model.content import TitleContent
from callsheet.stage.kit.beats import Beat, Page, directed, show
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area
from callsheet.stage.kit.layout import height_of, must_fit, stack
from callsheet.stage.kit.motion import rise, together, wipe
from callsheet.stage.kit.pacing import reading_s
from callsheet.stage.kit.scale import Space, Step
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.templates.base import TemplateScene

_STEPS = (Step.DISPLAY, Step.HEADLINE, Step.TITLE, Step.LEAD)


class TitleScene(TemplateScene):
    """A line above, the title, a line below; the author at the foot."""

    @staticmethod
    def compose(content: TitleContent, kit: Kit) -> tuple[Page, ...]:
        """Return one page, left-aligned, a little above the middle."""
        author = kit.text(content.author, Step.CAPTION, kit.safe.width, colour=kit.palette.muted)
        author.place(kit.safe.left, kit.safe.bottom + author.box_height)
        room = kit.safe.above(author.box_height + Space.SECTION) if content.author else kit.safe
        opening = must_fit(lambda factor: _opening(content, kit, room, factor), "title")
        bar, title, *others = opening
        beats = [Beat(together(wipe(bar), rise(title), lag_s=0.15), reading_s(content.title), (bar, title))]
        if others:
            beats.append(show(*others, reads=f"{content.kicker} {content.subtitle}"))
        if content.author:
            beats.append(show(author, reads=content.author))
        return directed((Page(tuple(beats)),), content.title)


def _opening(content: TitleContent, kit: Kit, room: Area, factor: float) -> tuple[Mobject, ...] | None:
    """Return bar, title and the lines around it, in place; None if they are too high."""
    width = room.width if kit.frame.is_portrait else room.width * 0.9
    title = _title(content.title, kit, width, room.height * 0.6, factor)
    kicker = kit.text(content.kicker, Step.BODY, width, colour=kit.palette.accent, weight=600, scale=factor)
    subtitle = kit.text(content.subtitle, Step.LEAD, width, colour=kit.palette.muted, scale=factor, balanced=True)
    bar = kit.bar(0, 0, length=1.3)
    groups: list[Mobject] = [bar]
    if content.kicker:
        groups.append(kicker)
    groups.append(title)
    if content.subtitle:
        groups.append(subtitle)
    gap = Space.BASE
    height = sum(map(height_of, groups)) + gap * (len(groups) - 1)
    if height > room.height:
        return None
    stack(groups, room.left, room.top - (room.height - height) * 0.46, gap)
    return (bar, title, *(group for group in groups if group not in (bar, title)))


def _title(text: str, kit: Kit, width: float, height: float, factor: float) -> TypeBlock:
    """Return the title at the largest step that gives it few lines."""
    for step in _STEPS:
        title = kit.text(text, step, width, scale=factor, weight=650, balanced=True)
        if title.box_height <= min(height, 3.2 * step.size):
            break
    return title
