"""Timeline: events along a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from manim import Circle, Line, Mobject, VMobject

from callsheet.model.content import TimelineContent
from callsheet.model.content.text import Event
from callsheet.stage.kit.beats import Beat, Page, directed, heading
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area
from callsheet.stage.kit.inline import is_right_to_left
from callsheet.stage.kit.layout import first_fit, leading_side, must_fit, paginate
from callsheet.stage.kit.motion import QUICK_S, Motion, draw, fade, rise, together, travel
from callsheet.stage.kit.pacing import reading_s
from callsheet.stage.kit.scale import SHRINKS, Space, Step
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.templates.base import TemplateScene

_MOST_ABREAST = 5
_COLUMN_GAP = 0.5
_DOT, _LINE_WIDTH = 0.24, 4.0
_DATE_GAP, _TEXT_GAP = 0.3, 0.36
_TALLEST_TEXT = 8.0
"""Events whose text is higher than this in a column, in ems, are better shown as a list."""
_ABOVE_MIDDLE = 0.4
_DATE_SHARE, _INDENT = 0.27, 0.62
_ROW_GAP, _LOOSEST_GAP = 0.42, 1.0
_LAG_S = 0.2
_LEAST_STEP = 0.9
_OTHER = {"start": "end", "end": "start"}


_TRAVELLED = 1.1
"""Units that events move back by when others follow them on the line."""
_MOST_ALTERNATING = 6
_STEM, _SIDE_GAP = 0.5, 0.5
_MOST_CARDS, _CARD_GAP, _CARD_PADDING = 4, 0.3, 0.36
_CARD_DATE_SHARE = 0.34


class TimelineScene(TemplateScene):
    """The events in one of three compositions.

    `line`: dates above a line and events below; in portrait, or for long texts, down a vertical line. `alternating`:
    events on both sides of a line in the middle. `cards`: each event on a surface, below a line that joins them.
    """

    @staticmethod
    def compose(content: TimelineContent, kit: Kit) -> tuple[Page, ...]:
        """Return one page; events that don't fit replace those before, and the line continues."""
        opening, area = heading(kit, content.title)
        for name in kit.compositions(content):
            groups = first_fit(partial(_GROUPS[name], content, kit, area))
            if groups:
                break
        else:
            groups = must_fit(lambda factor: _listed(content, kit, area, factor), "events")
        words = content.title or content.events[0].what
        back = _TRAVELLED if is_right_to_left(words) else -_TRAVELLED
        beats = list(opening)
        for position, group in enumerate(groups):
            if position:
                gone = tuple(part for stop in groups[position - 1] for part in stop.parts)
                beats.append(Beat(travel(*gone, distance=back), 0.0, (), gone))
            beats.extend(stop.beat() for stop in group)
        return directed((Page(tuple(beats)),), words)


def _lined(content: TimelineContent, kit: Kit, area: Area, factor: float) -> list[list[_Stop]] | None:
    """Return events abreast if that is possible, in landscape; else one under the other."""
    groups = None if kit.frame.is_portrait else first_fit(lambda size: _abreast(content, kit, area, size))
    return groups or _listed(content, kit, area, factor)


def _alternating(content: TimelineContent, kit: Kit, area: Area, factor: float) -> list[list[_Stop]] | None:
    """Return events on both sides of a line: above and below it, or in portrait on its left and right."""
    if kit.frame.is_portrait:
        return _on_both_sides(content, kit, area, factor)
    count = len(content.events)
    pages = -(-count // _MOST_ALTERNATING)
    size = -(-count // pages)
    slot = area.width / (size + 1)
    width = 2 * slot - _SIDE_GAP
    if not _stand_whole(content, kit, width, factor):
        return None
    texts = _texts(content, kit, (width, width), factor, balanced=True)
    heights = [when.box_height + Space.HAIR + what.box_height for when, what in texts]
    over, under = (
        max(heights[place] for place in range(count) if place % size % 2 == 0),
        max([heights[place] for place in range(count) if place % size % 2], default=0.0),
    )
    if over + under + 2 * _STEM > area.height:
        return None
    axis = area.top - over - _STEM - (area.height - over - under - 2 * _STEM) * _ABOVE_MIDDLE
    stops: list[_Stop] = []
    for place, (event, (when, what)) in enumerate(zip(content.events, texts, strict=True)):
        number = place % size
        x = area.left + number * slot + _DOT / 2
        is_above = number % 2 == 0
        top = axis + _STEM + heights[place] if is_above else axis - _STEM
        when.place(x - _DOT / 2, top)
        what.place(x - _DOT / 2, top - when.box_height - Space.HAIR)
        end = axis + (_STEM - Space.HAIR if is_above else Space.HAIR - _STEM)
        stem = _line(kit, (x, axis + (_DOT / 2 if is_above else -_DOT / 2)), (x, end))
        before = (_line(kit, (x - slot + _DOT / 2, axis), (x - _DOT / 2, axis)),) if number else ()
        words = f"{event.when} {event.what}"
        stops.append(_Stop((*before, stem), _dot(kit, x, axis), when, what, words, f"events.{place}"))
    return [stops[start : start + size] for start in range(0, count, size)]


def _on_both_sides(
    content: TimelineContent, kit: Kit, area: Area, factor: float, *, may_page: bool = False
) -> list[list[_Stop]] | None:
    """Return events on the left and right of a vertical line in turn, each beside the gap between two others."""
    side = area.width / 2 - _INDENT
    texts = [
        _event_texts(event, event.what, kit, (side, side), factor, is_before=place % 2 == 1)
        for place, event in enumerate(content.events)
    ]
    heights = [when.box_height + Space.HAIR + what.box_height for when, what in texts]
    if max(heights) > area.height:
        return None
    pages, tops = _paged(heights, area.height, len(heights))
    if len(pages) > 1 and not may_page:
        is_last = factor == SHRINKS[-1]
        return _on_both_sides(content, kit, area, 1.0, may_page=True) if is_last else None
    if len(pages) > 1:
        pages, tops = _paged(heights, area.height, -(-len(heights) // len(pages)))
    groups = []
    middle = area.left + area.width / 2
    for page in pages:
        used = max(tops[place] + heights[place] for place in page)
        spread = min(_LOOSEST_GAP, (area.height - used) / max(1, len(page) - 1))
        free = area.height - used - spread * (len(page) - 1)
        stops: list[_Stop] = []
        for number, place in enumerate(page):
            event, (when, what) = content.events[place], texts[place]
            top = area.top - free * _ABOVE_MIDDLE - tops[place] - spread * number
            for block, down in ((when, 0.0), (what, when.box_height + Space.HAIR)):
                block.place(middle - _INDENT - block.box_width if place % 2 else middle + _INDENT, top - down)
            y = top - when.size / 2
            before = stops[-1].dot.get_bottom()[1] if stops else y
            lines = (_line(kit, (middle, before), (middle, y + _DOT / 2)),) if stops else ()
            words = f"{event.when} {event.what}"
            stops.append(_Stop(lines, _dot(kit, middle, y), when, what, words, f"events.{place}"))
        groups.append(stops)
    return groups


def _paged(heights: Sequence[float], room: float, most: int) -> tuple[list[list[int]], list[float]]:
    """Return the events of each page, at most so many on one, and how far below its top each begins."""
    pages: list[list[int]] = [[]]
    tops: list[float] = []
    for place, height in enumerate(heights):
        top = _next_top(tops, heights, pages[-1])
        if pages[-1] and (top + height > room or len(pages[-1]) == most):
            pages.append([])
            top = 0.0
        pages[-1].append(place)
        tops.append(top)
    return pages, tops


def _next_top(tops: Sequence[float], heights: Sequence[float], page: Sequence[int]) -> float:
    """Return how far below the top the next event of a page begins: below the last dot, and the last on its side."""
    below_dot = tops[page[-1]] + _LEAST_STEP if page else 0.0
    below_side = tops[page[-2]] + heights[page[-2]] + _ROW_GAP if len(page) > 1 else 0.0
    return max(below_dot, below_side)


def _cards(content: TimelineContent, kit: Kit, area: Area, factor: float) -> list[list[_Stop]] | None:
    """Return each event on a surface: abreast in landscape, else one under the other, joined by a line with dots."""
    count = len(content.events)
    if kit.frame.is_portrait:
        line_room = _DOT + Space.BASE
        places = Area(area.left + line_room, area.top, area.width - line_room, area.height).rows(
            [1.0] * count, _CARD_GAP
        )
        rooms = [place.inset(_CARD_PADDING, Space.HAIR) for place in places]
        parts = [room.columns([_CARD_DATE_SHARE, 1 - _CARD_DATE_SHARE], Space.SNUG) for room in rooms]
    elif count <= _MOST_CARDS:
        places = area.below(_DOT + Space.BASE).columns([1.0] * count, _CARD_GAP)
        rooms = [place.inset(_CARD_PADDING) for place in places]
        parts = [(room, room) for room in rooms]
    else:
        return None
    if not _stand_whole(content, kit, parts[0][1].width, factor):
        return None
    texts = _texts(content, kit, (parts[0][0].width, parts[0][1].width), factor)
    heights = [
        max(when.box_height, what.box_height)
        if kit.frame.is_portrait
        else when.box_height + Space.SNUG + what.box_height
        for when, what in texts
    ]
    if max(heights) > rooms[0].height:
        return None
    stops: list[_Stop] = []
    for place, (event, (when, what)) in enumerate(zip(content.events, texts, strict=True)):
        (date, about), room, card = parts[place], rooms[place], places[place]
        if kit.frame.is_portrait:
            dot = (area.left + _DOT / 2, card.centre[1])
            when.place(date.left, card.centre[1] + when.box_height / 2)
            what.place(about.left, card.centre[1] + what.box_height / 2)
            before = (dot[0], places[place - 1].centre[1] - _DOT / 2), (dot[0], dot[1] + _DOT / 2)
        else:
            dot = (card.left + _CARD_PADDING + _DOT / 2, area.top - _DOT / 2)
            top = room.top - (room.height - max(heights)) * _ABOVE_MIDDLE
            when.place(room.left, top)
            what.place(room.left, top - when.box_height - Space.SNUG)
            before = (dot[0] - card.width - _CARD_GAP + _DOT / 2, dot[1]), (dot[0] - _DOT / 2, dot[1])
        lines = (_line(kit, *before),) if place else ()
        words, part = f"{event.when} {event.what}", f"events.{place}"
        stops.append(_Stop(lines, _dot(kit, *dot), when, what, words, part, (kit.panel(card),)))
    return [stops]


@dataclass(frozen=True)
class _Stop:
    """An event, and the piece of line that leads to it from the stop before. The very first has none."""

    lines: tuple[VMobject, ...]
    dot: Mobject
    when: TypeBlock
    what: TypeBlock
    words: str
    part: str
    surface: tuple[Mobject, ...] = ()

    @property
    def parts(self) -> tuple[Mobject, ...]:
        return (*self.lines, *self.surface, self.dot, self.when, self.what)

    def beat(self) -> Beat:
        """Return the beat: the line reaches the dot, then the event appears."""
        entrance: Motion = rise(self.dot, self.when, self.what)
        if self.surface:
            entrance = together(fade(*self.surface), entrance, lag_s=_LAG_S)
        motion = together(draw(*self.lines, duration_s=QUICK_S), entrance, lag_s=_LAG_S) if self.lines else entrance
        return Beat(
            motion,
            reading_s(self.words),
            self.parts,
            parts={self.part: (*self.surface, self.dot, self.when, self.what)},
        )


def _texts(
    content: TimelineContent, kit: Kit, widths: tuple[float, float], factor: float, *, balanced: bool = False
) -> list[tuple[TypeBlock, TypeBlock]]:
    """Return date and event of each, in columns of these widths."""
    return [
        _event_texts(event, content.title or content.events[0].what, kit, widths, factor, balanced=balanced)
        for event in content.events
    ]


def _stand_whole(content: TimelineContent, kit: Kit, width: float, factor: float) -> bool:
    """Return whether no word of an event is divided in a column of this width."""
    longest = max(kit.width_of_longest_word(event.what, Step.BODY, scale=factor) for event in content.events)
    return longest <= width


def _event_texts(
    event: Event,
    page: str,
    kit: Kit,
    widths: tuple[float, float],
    factor: float,
    *,
    is_before: bool = False,
    balanced: bool = False,
) -> tuple[TypeBlock, TypeBlock]:
    """Return date and event; before the line, both end at it."""
    when_side, what_side = leading_side(event.when, page), leading_side(event.what, page)
    if is_before:
        when_side, what_side = _OTHER[when_side], _OTHER[what_side]
    when = kit.text(
        event.when, Step.LEAD, widths[0], scale=factor, weight=600, verbatim=True, balanced=True, align=when_side
    )
    what = kit.text(
        event.what, Step.BODY, widths[1], colour=kit.palette.muted, scale=factor, align=what_side, balanced=balanced
    )
    return when, what


def _abreast(content: TimelineContent, kit: Kit, area: Area, factor: float) -> list[list[_Stop]] | None:
    """Return events side by side, at most five at once; None if they are too high."""
    count = len(content.events)
    pages = -(-count // _MOST_ABREAST)
    columns = area.columns([1.0] * -(-count // pages), _COLUMN_GAP)
    if not _stand_whole(content, kit, columns[0].width, factor):
        return None
    texts = _texts(content, kit, (columns[0].width, columns[0].width), factor)
    over, under = max(when.box_height for when, _ in texts), max(what.box_height for _, what in texts)
    height = over + _DATE_GAP + _DOT + _TEXT_GAP + under
    longest = max(what.box_height / what.size for _, what in texts)
    if height > area.height or longest > _TALLEST_TEXT:
        return None
    axis = area.top - (area.height - height) * _ABOVE_MIDDLE - over - _DATE_GAP - _DOT / 2
    stops = [
        _upon(axis, columns[place % len(columns)], texts[place], (place, event), kit, area)
        for place, event in enumerate(content.events)
    ]
    return [stops[start : start + len(columns)] for start in range(0, count, len(columns))]


def _upon(
    axis: float, column: Area, texts: tuple[TypeBlock, TypeBlock], counted: tuple[int, Event], kit: Kit, area: Area
) -> _Stop:
    """Return an event on a horizontal line at height `axis`."""
    when, what = texts
    when.place(column.left, axis + _DOT / 2 + _DATE_GAP + when.box_height)
    what.place(column.left, axis - _DOT / 2 - _TEXT_GAP)
    dot = _dot(kit, column.left + _DOT / 2, axis)
    is_leading = column.left == area.left
    start = column.left - column.width - _COLUMN_GAP + _DOT
    lines = () if is_leading else (_line(kit, (start, axis), (column.left, axis)),)
    place, event = counted
    return _Stop(lines, dot, when, what, f"{event.when} {event.what}", f"events.{place}")


def _listed(content: TimelineContent, kit: Kit, area: Area, factor: float) -> list[list[_Stop]] | None:
    """Return events one under the other.

    Dates stand beside the line in landscape, above the event in portrait.
    """
    beside = not kit.frame.is_portrait
    when_width = area.width * _DATE_SHARE if beside else area.width - _INDENT
    left = area.left + (when_width + _COLUMN_GAP if beside else 0.0)
    texts = _texts(content, kit, (when_width, area.right - left - _INDENT), factor)
    heights = [_row_height(pair, beside=beside) for pair in texts]
    if max(heights) > area.height:
        return None
    return [
        _rows([(texts[place], (place, content.events[place])) for place in page], kit, area, left)
        for page in paginate(heights, _ROW_GAP, area.height)
    ]


def _row_height(texts: tuple[TypeBlock, TypeBlock], *, beside: bool) -> float:
    when, what = texts
    return max(when.box_height, what.box_height) if beside else when.box_height + Space.HAIR + what.box_height


def _rows(
    entries: Sequence[tuple[tuple[TypeBlock, TypeBlock], tuple[int, Event]]], kit: Kit, area: Area, left: float
) -> list[_Stop]:
    """Return one page of a list, its rows spread if there is room."""
    beside = left > area.left
    heights = [_row_height(texts, beside=beside) for texts, _ in entries]
    gap = min(_LOOSEST_GAP, (area.height - sum(heights)) / max(1, len(heights) - 1))
    stops: list[_Stop] = []
    top = area.top
    for ((when, what), (place, event)), height in zip(entries, heights, strict=True):
        middle = top - when.size / 2
        when.place(area.left if beside else left + _INDENT, top)
        what.place(left + _INDENT, top - (when.size - what.size) / 2 if beside else top - when.box_height - Space.HAIR)
        x = left + _DOT / 2
        before = stops[-1].dot.get_bottom()[1] if stops else middle
        lines = (_line(kit, (x, before), (x, middle + _DOT / 2)),) if stops else ()
        words, part = f"{event.when} {event.what}", f"events.{place}"
        stops.append(_Stop(lines, _dot(kit, x, middle), when, what, words, part))
        top -= height + gap
    return stops


def _dot(kit: Kit, x: float, y: float) -> Mobject:
    return Circle(radius=_DOT / 2, fill_color=kit.palette.accent, fill_opacity=1, stroke_width=0).move_to((x, y, 0))


def _line(kit: Kit, start: tuple[float, float], end: tuple[float, float]) -> VMobject:
    return Line((*start, 0.0), (*end, 0.0), stroke_color=kit.palette.line, stroke_width=_LINE_WIDTH)


_GROUPS: dict[str, Callable[[TimelineContent, Kit, Area, float], list[list[_Stop]] | None]] = {
    "line": _lined,
    "alternating": _alternating,
    "cards": _cards,
}
