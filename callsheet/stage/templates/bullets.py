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
from callsheet.stage.kit.layout import first_fit, height_of, must_fit, put, stack, stack_height
from callsheet.stage.kit.motion import fade, rise, together, wipe
from callsheet.stage.kit.pacing import reading_s
from callsheet.stage.kit.scale import BAR_THICKNESS, GROWS, Space, Step
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.templates.base import TemplateScene

_MARKER_COLUMN = 0.62
_ICON_SIDE, _ICON_GAP = 1.4, 0.45
"""Ems of the point's type: icons are seen first, lines still stand close, and words begin apart from the icon."""
_MARKER_SIZE = 0.24
_ON_PAGES = 0.84
"""Points on several pages begin smaller, so that more of them stand together."""
_WIDEST_GAP = 1.1
_AIR = 0.9
"""Ems between larger points, so that each is seen as one."""
_SEEN_GAP = 2 * NARROWEST_GAP
"""Points of several lines are seen as such if more room is between them than between their lines."""
_CARDS_IN_A_ROW, _MOST_IN_A_COLUMN = 3, 6
_CARD_STEPS_ABOVE = (Step.LARGE, Step.HEADLINE, Step.TITLE, Step.LEAD)
_CARD_STEPS = (*_CARD_STEPS_ABOVE, Step.BODY)
"""Steps of type on cards in portrait, and otherwise."""
_SHORT = 40
"""Points of at most this many letters can stand in narrow cards."""
_FLAT = 2.2
"""A card that is this many times wider than high has its mark beside its words."""
_CARD_GAP, _CARD_PADDING, _PADDING_OF_FLAT, _CARD_MARK, _CARD_ICON = 0.36, 0.42, 0.3, 0.9, 1.3
_MOST_LINES = 5
_SHARE_ABOVE = 0.4
"""Share of the free height that stays above."""
_TITLE_SHARE, _TITLE_SHARE_ABOVE = 0.3, 0.22
"""Shares of the safe area that a title at the edge takes, at the side and above."""
_STRIP = 0.7
"""Height of what says how many points have been, with the room above it."""
_SINGLE_STEPS, _SINGLE_ICON = (Step.DISPLAY, Step.LARGE, Step.HEADLINE), 2.2
_TITLE_STEPS, _TITLE_LINES = (Step.LARGE, Step.HEADLINE, Step.TITLE), 5


class BulletsScene(TemplateScene):
    """Points enter one by one, in one of four compositions.

    `cards`: a surface for each point. `beside`: the title on a surface at the edge of the frame, the points beside it.
    `single`: one point at a time in large type, above a line that says how many have been and will be. `list`: the
    points below the title; those that don't fit on one page follow on the next, under the same heading.
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
    if columns := _in_columns(content, kit, area):
        return [*opening, *columns]
    rows = _grown(content, kit, area) or first_fit(lambda factor: fitting(_rows(content, kit, area, factor), area))
    groups = (
        [rows]
        if rows
        else must_fit(lambda factor: paged(_rows(content, kit, area, factor * _ON_PAGES), area), "points")
    )
    beats = list(opening)
    for position, group in enumerate(groups):
        if position:
            beats.append(clear(*(part for row in groups[position - 1] for part in row.parts)))
        beats.extend(_entrances(group, area))
    return beats


def _single(content: BulletsContent, kit: Kit) -> list[Beat] | None:
    """Return one point at a time; None if one of them is too long for large type."""
    opening, area = heading(kit, content.title)
    room = area.above(_STRIP)
    signs = [_single_mark(content, kit, number) for number in range(1, len(content.points) + 1)]
    is_above = kit.frame.is_portrait
    across = 0.0 if is_above else max(sign.width for sign in signs) + Space.WIDE
    down = max(height_of(sign) for sign in signs) + Space.BASE if is_above else 0.0
    column = Area(room.left + across, room.top - down, room.width - across, room.height - down)
    for step in _SINGLE_STEPS:
        texts = [
            kit.largest(point, (step,), column.width, height=column.height, lines=_MOST_LINES, weight=500)
            for point in content.points
        ]
        blocks = [text for text in texts if text]
        if len(blocks) == len(texts):
            break
    else:
        return None
    foot = Area(area.left, area.bottom + BAR_THICKNESS, area.width, BAR_THICKNESS)
    strips = foot.columns([1.0] * len(signs), Space.SNUG)
    to_come = tuple(kit.block(strip, kit.palette.line) for strip in strips)
    beats = [*opening, Beat(fade(*to_come), 0.0, to_come)]
    for number, (sign, text, strip) in enumerate(zip(signs, blocks, strips, strict=True)):
        if number:
            beats.append(clear(signs[number - 1], blocks[number - 1]))
        if is_above:
            stack((sign, text), room.left, room.top - (column.height - text.box_height) * _SHARE_ABOVE, Space.BASE)
        else:
            put(sign, room.left, room.centre[1] + sign.height / 2)
            text.place(column.left, room.centre[1] + text.box_height / 2)
        passed = kit.block(strip, kit.palette.accent)
        motion = together(wipe(passed), rise(text, sign), lag_s=0.1)
        shown = (passed, sign, text)
        beats.append(Beat(motion, reading_s(content.points[number]), shown, parts={f"points.{number}": (sign, text)}))
    return beats


def _icon(content: BulletsContent, number: int) -> str:
    """Return the keyword of the drawing before a point, counted from 1; empty if it has none."""
    return content.icons[number - 1] if number <= len(content.icons) else ""


def _single_mark(content: BulletsContent, kit: Kit, number: int) -> Mobject:
    if icon := _icon(content, number):
        return kit.drawing(icon, Area(0, 0, _SINGLE_ICON, _SINGLE_ICON))
    return kit.sign(str(number), Step.GIANT, colour=kit.palette.accent)


def _in_columns(content: BulletsContent, kit: Kit, area: Area) -> list[Beat] | None:
    """Return many short points in two columns; None if they are few or long, or the frame is narrow."""
    count = len(content.points)
    if kit.frame.is_portrait or count <= _MOST_IN_A_COLUMN or max(map(len, content.points)) > _SHORT:
        return None
    columns, first = area.columns([1.0, 1.0], Space.GREAT), (count + 1) // 2
    rows = _grown(content, kit, columns[0], (*GROWS, 1.0, 0.9), in_a_column=first)
    if rows is None:
        return None
    free = area.height - max(rows_height(rows[:first], 0.0), rows_height(rows[first:], 0.0))
    gap = min(_WIDEST_GAP, free / (first + 1))
    for column, part in zip(columns, (rows[:first], rows[first:]), strict=True):
        place_rows(part, column.left, area.top - (free - gap * (first - 1)) * _SHARE_ABOVE, gap)
    return [show(*row.parts, reads=row.words, part=row.part) for row in rows]


def _beside(content: BulletsContent, kit: Kit) -> list[Beat] | None:
    """Return the title on a surface at the edge and the points beside it; None if there is no room for large type."""
    surface, place, room = edge_panel(kit.frame, _TITLE_SHARE, _TITLE_SHARE_ABOVE)
    bar = kit.bar(0, 0)
    title = kit.largest(content.title, _TITLE_STEPS, place.width, height=place.height, lines=_TITLE_LINES, weight=600)
    rows = _grown(content, kit, room, (*GROWS, 1.0))
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
    arrangements = _arrangements(content, kit, area)
    # Few cards of small words would be empty: another composition has larger ones.
    is_few = len(content.points) <= _CARDS_IN_A_ROW and len(kit.compositions(content)) > 1
    for step in _CARD_STEPS_ABOVE if kit.frame.is_tall or is_few else _CARD_STEPS:
        for places in arrangements:
            cards = _set_in(places, content, kit, step)
            if cards:
                # The surfaces are there first: they say how many points will come, and no corner stays empty.
                surfaces = tuple(map(kit.panel, places))
                entrances = (
                    show(*card, reads=words, part=f"points.{number}")
                    for number, (card, words) in enumerate(zip(cards, content.points, strict=True))
                )
                return [*opening, Beat(fade(*surfaces), 0.0, surfaces), *entrances]
    return None


def _arrangements(content: BulletsContent, kit: Kit, area: Area) -> list[list[Area]]:
    """Return the arrangements of cards to try: side by side, in two columns, one under the other."""
    count = len(content.points)
    # A longer point has a higher card.
    below = list(area.rows([_SHORT + len(point) for point in content.points], _CARD_GAP))
    if kit.frame.is_tall:
        return [below]
    pairs = [2] * (count // 2) + [1] * (count % 2)
    rows = area.rows([1.0] * len(pairs), _CARD_GAP)
    grid = [cell for row, cells in zip(rows, pairs, strict=True) for cell in row.columns([1.0] * cells, _CARD_GAP)]
    if count > _CARDS_IN_A_ROW:
        return [grid]
    is_brief = max(map(len, content.points)) <= _SHORT
    abreast = list(area.columns([1.0] * count, _CARD_GAP))
    evenly = list(area.rows([1.0] * count, _CARD_GAP))
    return [*([abreast] if is_brief and not kit.frame.is_portrait else []), below, evenly]


def _set_in(
    places: Sequence[Area], content: BulletsContent, kit: Kit, step: Step
) -> list[tuple[Mobject, TypeBlock]] | None:
    """Return mark and words of each card, placed; None if the words of one don't fit at this step."""
    is_flat = places[0].width > _FLAT * places[0].height
    inner = [place.inset(_CARD_PADDING, _PADDING_OF_FLAT if is_flat else _CARD_PADDING) for place in places]
    marks = [_card_mark(content, kit, number, step) for number in range(1, len(places) + 1)]
    across = max(mark.width for mark in marks) + Space.BASE if is_flat else 0.0
    down = 0.0 if is_flat else max(height_of(mark) for mark in marks) + Space.BASE
    texts: list[TypeBlock] = []
    for point, room in zip(content.points, inner, strict=True):
        text = kit.largest(
            point, (step,), room.width - across, height=room.height - down, lines=_MOST_LINES, weight=500
        )
        if text is None:
            return None
        texts.append(text)
    # Words begin at one height where cards stand side by side: there the tallest stands in the middle.
    tallest = max(text.box_height for text in texts)
    for room, mark, text in zip(inner, marks, texts, strict=True):
        if is_flat:
            mark.move_to((room.left + (across - Space.BASE) / 2, room.centre[1], 0))
            text.place(room.left + across, room.centre[1] + text.box_height / 2)
        else:
            stack([mark, text], room.left, room.top - max(0.0, room.height - down - tallest) / 2, Space.BASE)
    return list(zip(marks, texts, strict=True))


def _card_mark(content: BulletsContent, kit: Kit, number: int, step: Step) -> Mobject:
    if icon := _icon(content, number):
        return kit.drawing(icon, Area(0, 0, _CARD_ICON, _CARD_ICON))
    if content.numbered:
        return kit.sign(str(number), Step.LARGE, colour=kit.palette.accent)
    return kit.marker(_CARD_MARK * step.size)


def _grown(
    content: BulletsContent, kit: Kit, area: Area, factors: Sequence[float] = GROWS, in_a_column: int = 20
) -> list[MarkedText] | None:
    """Return the points at the first of `factors` at which they fit with air between them; None if there is none.

    `in_a_column` points stand one under the other.
    """
    for factor in factors:
        rows = _rows(content, kit, area, factor)
        gap = _AIR * Step.LEAD.size * factor
        if all(
            rows_height(rows[start : start + in_a_column], gap) <= area.height
            for start in range(0, len(rows), in_a_column)
        ):
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
    if icon := _icon(content, number):
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
    if len(rows) > 1:
        gap = max(gap, min(_SEEN_GAP, free / (len(rows) - 1)))
    place_rows(rows, area.left, area.top - (free - gap * (len(rows) - 1)) * _SHARE_ABOVE, gap)
    return [show(*row.parts, reads=row.words, part=row.part) for row in rows]


_BEATS: dict[str, Callable[[BulletsContent, Kit], list[Beat] | None]] = {
    "cards": _cards,
    "beside": _beside,
    "single": _single,
    "list": _list,
}
