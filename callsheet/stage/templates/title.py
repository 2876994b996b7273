"""Title: the opening of a video."""

from __future__ import annotations

import re
from dataclasses import replace

from manim import Mobject

from callsheet.model.content import TitleContent
from callsheet.stage.kit.beats import Beat, Page, directed, show
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area
from callsheet.stage.kit.layout import must_fit, stack, stack_height
from callsheet.stage.kit.motion import rise, together, unfold, wipe
from callsheet.stage.kit.pacing import TITLE_S, reading_s
from callsheet.stage.kit.scale import Space, Step
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.templates.base import TemplateScene

_STEPS = (Step.GIANT, Step.DISPLAY, Step.LARGE, Step.HEADLINE, Step.TITLE)
_FEW_LINES = 3
_NO_SPACES = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]{2,12}")
_BAR_LENGTH = 1.3
_SHARE_ABOVE, _SHARE_BELOW_FIGURE = 0.46, 0.2
"""Shares of the free height that stay above the words, beside and below the figure."""


class TitleScene(TemplateScene):
    """The theme's figure, and beside it a line, the title, and a line below; the author at the foot."""

    bounds_s = TITLE_S

    @staticmethod
    def compose(content: TitleContent, kit: Kit) -> tuple[Page, ...]:
        """Return one page; a title that needs the whole width stands without a figure."""
        room, place = kit.beside_figure()
        opening = _opening(content, kit, room)
        figures = [kit.figure(place)] if opening else []
        if not opening:
            room = kit.safe
            opening = must_fit(lambda factor: _alone(content, kit, factor), "title")
        bar, title, *others = opening
        beats = [
            Beat(
                together(*map(unfold, figures), wipe(bar), rise(title), lag_s=0.15),
                reading_s(content.title),
                (*figures, bar, title),
                parts={"title": (bar, title)},
                is_anchor=True,
            )
        ]
        if others:
            words = {part: text for part in ("kicker", "subtitle") if (text := getattr(content, part))}
            around = {part: (block,) for part, block in zip(words, others, strict=True)}
            beats.append(replace(show(*others, reads=" ".join(words.values())), parts=around, is_anchor=True))
        if content.author:
            author = _author(content, kit, room)
            beats.append(show(author, reads=content.author, part="author", is_anchor=True))
        return directed((Page(tuple(beats)),), content.title)


def _opening(content: TitleContent, kit: Kit, area: Area) -> tuple[Mobject, ...] | None:
    """Return bar, title and the lines around it, in place, at the largest step at which they fit beside a figure."""
    # A line of Chinese may break inside of a word, so that a short title stands in one.
    is_unbroken = bool(_NO_SPACES.fullmatch(content.title))
    tries = [(step, 1) for step in _STEPS[:-1]] if is_unbroken else []
    for step, lines in (*tries, *((step, _FEW_LINES) for step in _STEPS)):
        title = kit.largest(content.title, (step,), area.width, height=area.height, lines=lines, weight=650)
        parts = _placed(content, kit, area, title, 1.0, beside_figure=True) if title else None
        if parts:
            return parts
    return None


def _alone(content: TitleContent, kit: Kit, factor: float) -> tuple[Mobject, ...] | None:
    """Return the same without a figure; the title may be small, or have divided words."""
    safe = kit.safe
    title = kit.largest(
        content.title, _STEPS, safe.width, height=safe.height / 2, lines=_FEW_LINES, scale=factor, weight=650
    ) or kit.text(content.title, Step.LEAD, safe.width, scale=factor, weight=650, balanced=True)
    return _placed(content, kit, safe, title, factor)


def _placed(
    content: TitleContent, kit: Kit, area: Area, title: TypeBlock, factor: float, *, beside_figure: bool = False
) -> tuple[Mobject, ...] | None:
    room = area.above(_author(content, kit, area).box_height + Space.BASE) if content.author else area
    muted, accent, width = kit.palette.muted, kit.palette.accent, room.width
    kicker = kit.text(content.kicker, Step.LEAD, width, colour=accent, weight=600, scale=factor)
    subtitle = kit.text(content.subtitle, Step.LEAD, width, colour=muted, scale=factor, balanced=True)
    bar = kit.bar(0, 0, length=_BAR_LENGTH)
    groups = [bar, *[kicker] * bool(content.kicker), title, *[subtitle] * bool(content.subtitle)]
    free = room.height - stack_height(groups, Space.BASE)
    if free < 0:
        return None
    share = _SHARE_BELOW_FIGURE if beside_figure and kit.frame.is_portrait else _SHARE_ABOVE
    stack(groups, room.left, room.top - free * share, Space.BASE)
    return (bar, title, *(group for group in groups if group not in (bar, title)))


def _author(content: TitleContent, kit: Kit, words: Area) -> TypeBlock:
    author = kit.text(content.author, Step.CAPTION, words.width, colour=kit.palette.muted)
    return author.place(words.left, words.bottom + author.box_height)
