"""Bullets: a heading and a few points, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from manim import Mobject

from callsheet.model.content import BulletsContent
from callsheet.stage.kit.beats import Beat, Page, clear, directed, heading, show
from callsheet.stage.kit.bulleted_rows import (
    NARROWEST_GAP,
    MarkedText,
    fitting,
    paged,
    place_rows,
    rows_height,
)
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area, edge_panel
from callsheet.stage.kit.inline import is_right_to_left
from callsheet.stage.kit.layout import first_fit, height_of, must_fit, stack, stack_height
from callsheet.stage.kit.motion import fade, rise, together, wipe
from callsheet.stage.kit.pacing import reading_s
from callsheet.stage.kit.scale import Space, Step
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.templates.base import TemplateScene

_MARKER_COLUMN = 0.62
_ICON_SIDE, _ICON_GAP = 1.4, 0.45
"""Ems of the point's type: icons are seen first, lines still stand close, and words begin apart from the icon."""
_MARKER_SIZE = 0.24
_ON_PAGES = 0.84
"""Points on several pages begin smaller, so that more of them stand together."""
_WIDEST_GAP = 1.1
_GROWN = (1.5, 1.35, 1.2, 1.1)
"""Factors by which points are larger if there is room."""
_CARDS_IN_A_ROW = 3
_CARD_STEPS = (Step.LARGE, Step.HEADLINE, Step.TITLE, Step.LEAD)
_CARD_GAP, _CARD_PADDING, _CARD_MARK, _CARD_ICON = 0.36, 0.42, 0.9, 1.3
_MOST_LINES = 5
_SHARE_ABOVE = 0.4
"""Share of the free height that stays above."""
_TITLE_SHARE, _TITLE_SHARE_ABOVE = 0.3, 0.22
"""Shares of the safe area that a title at the edge takes, at the side and above."""
_TITLE_STEPS, _TITLE_LINES = (Step.LARGE, Step.HEADLINE, Step.TITLE), 5


class BulletsScene(TemplateScene):
    """Points enter one by one, in one of three compositions.

    `cards`: a surface for each point. `beside`: the title on a surface at the edge of the frame, the points beside it.
    `list`: the points below the title; those that don't fit on one page follow on the next, under the same heading.
    """

    @staticmethod
    def compose(content: BulletsContent, kit: Kit) -> tuple[Page, ...]:
        """Return one page; points that don't fit replace those before."""
        beats = next(found for name in kit.compositions(content) if (found := _BEATS[name](content, kit)))
        return directed((Page(tuple(beats)),), content.title or content.points[0])


def _list(content: BulletsContent, kit: Kit) -> list[Beat]:
    """Return the points below the title, on as many pages as they need.

    Raises ContentTooLong.
    """
    opening, area = heading(kit, content.title)
    rows = _grown(content, kit, area) or first_fit(lambda factor: fitting(_rows(content, kit, area, factor), area))
    groups = (
        [rows] if rows else must_fit(lambda factor: paged(_rows(content, kit, area, factor * _ON_PAGES), area), "points")
    )
    beats = list(opening)
    for position, group in enumerate(groups):
        if position:
            beats.append(clear(*(part for row in groups[position - 1] for part in row.parts)))
        beats.extend(_entrances(group, area))
    return beats


def _beside(content: BulletsContent, kit: Kit) -> list[Beat] | None:
    """Return the title on a surface at the edge and the points beside it; None if there is no room for large type."""
    surface, place, room = edge_panel(kit.frame, _TITLE_SHARE, _TITLE_SHARE_ABOVE)
    bar = kit.bar(0, 0)
    title = kit.largest(content.title, _TITLE_STEPS, place.width, height=place.height, lines=_TITLE_LINES, weight=600)
    rows = _grown(content, kit, room, (*_GROWN, 1.0))
    if title is None or rows is None:
        return None
    ground = kit.block(surface, kit.palette.surface)
    head = stack_height((bar, title), Space.BASE)
    stack((bar, title), place.left, place.top - (place.height - head) * _SHARE_ABOVE, Space.BASE)
    motion = together(wipe(ground), wipe(bar), rise(title), lag_s=0.12)
    shown = (ground, bar, title)
    opening = Beat(motion, reading_s(content.title), shown, parts={"title": (bar, title)}, is_anchor=True)
    return [opening, *_entrances(rows, room)]


def _cards(content: BulletsContent, kit: Kit) -> list[Beat] | None:
    """Return a card for each point, at the largest type at which all fit; None if there is no such type."""
    opening, area = heading(kit, content.title)
    count = len(content.points)
    places = _card_places(count, kit, area)
    inner = [place.inset(_CARD_PADDING) for place in places]
    for step in _CARD_STEPS:
        marks = [_card_mark(content, kit, number, step) for number in range(1, count + 1)]
        top = max(height_of(mark) for mark in marks) + Space.BASE
        texts = [
            kit.largest(point, (step,), room.width, height=room.height - top, lines=_MOST_LINES, weight=500)
            for point, room in zip(content.points, inner, strict=True)
        ]
        blocks = [text for text in texts if text]
        if len(blocks) == count:
            tallest = top + max(block.box_height for block in blocks)
            cards = zip(places, marks, blocks, strict=True)
            return [
                *opening,
                *(
                    _card(content, number, kit.panel(place), place.inset(_CARD_PADDING), mark, block, tallest)
                    for number, (place, mark, block) in enumerate(cards)
                ),
            ]
    return None


def _card_places(count: int, kit: Kit, area: Area) -> list[Area]:
    """Return a place for each card: side by side, in two rows, or one under the other."""
    if kit.frame.height > kit.frame.width or (kit.frame.is_portrait and count <= _CARDS_IN_A_ROW):
        return list(area.rows([1.0] * count, _CARD_GAP))
    if count <= _CARDS_IN_A_ROW:
        return list(area.columns([1.0] * count, _CARD_GAP))
    above, below = area.rows([1.0, 1.0], _CARD_GAP)
    first = (count + 1) // 2
    return [*above.columns([1.0] * first, _CARD_GAP), *below.columns([1.0] * (count - first), _CARD_GAP)]


def _card_mark(content: BulletsContent, kit: Kit, number: int, step: Step) -> Mobject:
    icon = content.icons[number - 1] if number <= len(content.icons) else ""
    if icon:
        return kit.drawing(icon, Area(0, 0, _CARD_ICON, _CARD_ICON))
    if content.numbered:
        return kit.sign(str(number), Step.LARGE, colour=kit.palette.accent)
    return kit.marker(_CARD_MARK * step.size)


def _card(
    content: BulletsContent, number: int, panel: Mobject, room: Area, mark: Mobject, text: TypeBlock, tallest: float
) -> Beat:
    """Return the beat of one card.

    Its mark and words begin where those of `tallest` units would stand in the middle of its height.
    """
    stack([mark, text], room.left, room.top - max(0.0, room.height - tallest) / 2, Space.BASE)
    shown = (panel, mark, text)
    motion = together(fade(panel), rise(text, mark), lag_s=0.12)
    return Beat(motion, reading_s(content.points[number]), shown, parts={f"points.{number}": shown})


def _grown(
    content: BulletsContent, kit: Kit, area: Area, factors: Sequence[float] = _GROWN
) -> list[MarkedText] | None:
    """Return the points at the first of `factors` at which they fit with air between them; None if there is none."""
    # Icons are higher than a line.
    least = NARROWEST_GAP * (2 if any(content.icons) else 1)
    for factor in factors:
        rows = _rows(content, kit, area, factor)
        if rows_height(rows, least * factor) <= area.height:
            return rows
    return None


def _rows(content: BulletsContent, kit: Kit, area: Area, factor: float) -> list[MarkedText]:
    side = Step.LEAD.size * factor * _ICON_SIDE if any(content.icons) else 0.0
    column = side + Step.LEAD.size * factor * _ICON_GAP if side else _MARKER_COLUMN
    return [
        MarkedText(
            _marker(content, kit, number, factor),
            kit.text(point, Step.LEAD, area.width - column, scale=factor, balanced=True),
            column,
            point,
            f"points.{number - 1}",
            side,
        )
        for number, point in enumerate(content.points, start=1)
    ]


def _marker(content: BulletsContent, kit: Kit, number: int, factor: float) -> Mobject:
    icon = content.icons[number - 1] if number <= len(content.icons) else ""
    if icon:
        icon_side = Step.LEAD.size * factor * _ICON_SIDE
        return kit.drawing(icon, Area(0, 0, icon_side, icon_side))
    if not content.numbered:
        return kit.marker(_MARKER_SIZE * factor)
    side = "end" if is_right_to_left(content.title or content.points[0]) else "start"
    return kit.text(
        str(number), Step.LEAD, _MARKER_COLUMN, colour=kit.palette.accent, weight=600, scale=factor, align=side
    )


def _entrances(rows: Sequence[MarkedText], area: Area) -> list[Beat]:
    """Place `rows` evenly, spaced if there is room, and let them enter one by one."""
    free = area.height - rows_height(rows, 0.0)
    gap = min(_WIDEST_GAP, free / (len(rows) + 1))
    place_rows(rows, area.left, area.top - (free - gap * (len(rows) - 1)) * _SHARE_ABOVE, gap)
    return [show(*row.parts, reads=row.words, part=row.part) for row in rows]


_BEATS: dict[str, Callable[[BulletsContent, Kit], list[Beat] | None]] = {
    "cards": _cards,
    "beside": _beside,
    "list": _list,
}
