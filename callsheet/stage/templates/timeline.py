"""Timeline: events along a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from manim import Circle, Line, Mobject, VMobject

from callsheet.model.content import TimelineContent
from callsheet.model.content.text import Event
from callsheet.stage.kit.beats import Beat, Page, clear, directed, heading
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area
from callsheet.stage.kit.layout import first_fit, leading_side, must_fit, paginate
from callsheet.stage.kit.motion import QUICK_S, Motion, draw, rise, together
from callsheet.stage.kit.pacing import reading_s
from callsheet.stage.kit.scale import Space, Step
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


class TimelineScene(TemplateScene):
    """Dates above a line and events below; in portrait, or for long texts, down a vertical line."""

    @staticmethod
    def compose(content: TimelineContent, kit: Kit) -> tuple[Page, ...]:
        """Return one page; events that don't fit replace those before, and the line continues."""
        opening, area = heading(kit, content.title)
        groups = None if kit.frame.is_portrait else first_fit(lambda factor: _abreast(content, kit, area, factor))
        groups = groups or must_fit(lambda factor: _listed(content, kit, area, factor), "events")
        beats = list(opening)
        for position, group in enumerate(groups):
            if position:
                beats.append(clear(*(part for stop in groups[position - 1] for part in stop.parts)))
            beats.extend(stop.beat() for stop in group)
        return directed((Page(tuple(beats)),), content.title or content.events[0].what)


@dataclass(frozen=True)
class _Stop:
    """An event, and the piece of line that leads to it from the stop before. The very first has none."""

    lines: tuple[VMobject, ...]
    dot: Mobject
    when: TypeBlock
    what: TypeBlock
    words: str
    part: str

    @property
    def parts(self) -> tuple[Mobject, ...]:
        return (*self.lines, self.dot, self.when, self.what)

    def beat(self) -> Beat:
        """Return the beat: the line reaches the dot, then the event appears."""
        entrance: Motion = rise(self.dot, self.when, self.what)
        motion = together(draw(*self.lines, duration_s=QUICK_S), entrance, lag_s=_LAG_S) if self.lines else entrance
        return Beat(motion, reading_s(self.words), self.parts, parts={self.part: (self.dot, self.when, self.what)})


def _texts(
    content: TimelineContent, kit: Kit, widths: tuple[float, float], factor: float
) -> list[tuple[TypeBlock, TypeBlock]]:
    """Return date and event of each, in columns of these widths."""
    return [
        _event_texts(event, content.title or content.events[0].what, kit, widths, factor) for event in content.events
    ]


def _event_texts(
    event: Event, page: str, kit: Kit, widths: tuple[float, float], factor: float
) -> tuple[TypeBlock, TypeBlock]:
    when_side, what_side = leading_side(event.when, page), leading_side(event.what, page)
    when = kit.text(
        event.when, Step.LEAD, widths[0], scale=factor, weight=600, verbatim=True, balanced=True, align=when_side
    )
    return when, kit.text(event.what, Step.BODY, widths[1], colour=kit.palette.muted, scale=factor, align=what_side)


def _abreast(content: TimelineContent, kit: Kit, area: Area, factor: float) -> list[list[_Stop]] | None:
    """Return events side by side, at most five at once; None if they are too high."""
    count = len(content.events)
    pages = -(-count // _MOST_ABREAST)
    columns = area.columns([1.0] * -(-count // pages), _COLUMN_GAP)
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
