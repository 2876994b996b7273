"""Comparison: two things side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest

from manim import Mobject

from callsheet.model.content import ComparisonContent
from callsheet.model.content.text import ComparedSide
from callsheet.stage.kit.beats import Beat, Page, clear, directed, heading, show
from callsheet.stage.kit.bulleted_rows import MarkedText
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area
from callsheet.stage.kit.layout import first_fit, leading_side, must_fit, paginate
from callsheet.stage.kit.motion import rise, together, wipe
from callsheet.stage.kit.pacing import reading_s
from callsheet.stage.kit.scale import LINE_THICKNESS, Space, Step
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.templates.base import TemplateScene

_GUTTER = 0.9
_INDENT = 0.42
_MARK_LENGTH, _MARK_THICKNESS = 0.18, 0.05
_RULE_GAP = 0.2
_ROW_GAP, _LOOSEST_GAP = 0.24, 0.44
_TALLEST_VERDICT = 2.5
"""Ems; two lines."""


class ComparisonScene(TemplateScene):
    """Two columns whose points stand on common lines; in portrait one column above the other.

    The verdict closes.
    """

    @staticmethod
    def compose(content: ComparisonContent, kit: Kit) -> tuple[Page, ...]:
        """Return one page; points that don't fit replace those before, below their headings."""
        opening, area = heading(kit, content.title)
        screens = _at_once(content, kit, area) or _one_by_one(content, kit, area)
        beats = list(opening)
        for position, screen in enumerate(screens):
            if position:
                beats.append(clear(*(part for beat in screens[position - 1] for part in beat.shows)))
            beats.extend(screen)
        return directed((Page(tuple(beats)),), content.title or content.left.heading)


@dataclass(frozen=True)
class _Column:
    """A heading, the line below it, and points."""

    heading: TypeBlock
    rule: Mobject
    points: tuple[MarkedText, ...]
    words: str


@dataclass(frozen=True)
class _Pane:
    """One column, or two abreast whose points share rows."""

    columns: tuple[_Column, ...]

    @property
    def head_height(self) -> float:
        return max(column.heading.box_height for column in self.columns) + _RULE_GAP + LINE_THICKNESS + Space.BASE * 0.8

    @property
    def row_heights(self) -> list[float]:
        rows = zip_longest(*(column.points for column in self.columns))
        return [max(point.height for point in row if point) for row in rows]

    @property
    def height(self) -> float:
        """Return the least height that it takes."""
        return self.head_height + sum(self.row_heights) + _ROW_GAP * (len(self.row_heights) - 1)


def _at_once(content: ComparisonContent, kit: Kit, area: Area) -> list[list[Beat]] | None:
    """Return both columns and the verdict at the foot, in the first arrangement that fits."""
    if not content.verdict:
        return _columns_at_once(content, kit, area)
    verdict = _verdict(content.verdict, kit, area)
    screens = _columns_at_once(content, kit, area.above(verdict.box_height + Space.WIDE))
    if screens:
        verdict.place(area.left, area.bottom + verdict.box_height)
        screens[-1].append(show(verdict, reads=content.verdict))
    return screens


def _columns_at_once(content: ComparisonContent, kit: Kit, room: Area) -> list[list[Beat]] | None:
    for stacked in (True, False) if kit.frame.is_portrait else (False,):
        screens = first_fit(partial(_on_one, content, kit, room, stacked))
        if screens:
            return screens
    return None


def _one_by_one(content: ComparisonContent, kit: Kit, area: Area) -> list[list[Beat]]:
    """Return screen after screen, the verdict on the last."""
    make = partial(_panes, content, kit, area, stacked=kit.frame.is_portrait)
    screens = must_fit(lambda factor: _spread(make, area, factor), "left")
    if content.verdict:
        verdict = _verdict(content.verdict, kit, area).place(area.left, area.top)
        screens.append([show(verdict, reads=content.verdict)])
    return screens


def _verdict(text: str, kit: Kit, area: Area) -> TypeBlock:
    """Return the closing sentence; a long one is set smaller."""
    verdict = kit.text(text, Step.LEAD, area.width, weight=600, balanced=True)
    if verdict.box_height > _TALLEST_VERDICT * verdict.size:
        verdict = kit.text(text, Step.BODY, area.width, weight=600, balanced=True)
    return verdict


def _panes(content: ComparisonContent, kit: Kit, room: Area, factor: float, *, stacked: bool) -> list[_Pane]:
    sides, page = (content.left, content.right), content.title or content.left.heading
    if stacked:
        return [_Pane((_column(side, page, kit, room, factor),)) for side in sides]
    areas = room.columns([1.0, 1.0], _GUTTER)
    return [_Pane(tuple(_column(side, page, kit, area, factor) for side, area in zip(sides, areas, strict=True)))]


def _column(side: ComparedSide, page: str, kit: Kit, area: Area, factor: float) -> _Column:
    align, colour = leading_side(side.heading, page), kit.palette.accent
    title = kit.text(side.heading, Step.LEAD, area.width, weight=600, colour=colour, scale=factor, align=align)
    points = tuple(_point(words, page, kit, area, factor) for words in side.points)
    return _Column(title.place(area.left, 0.0), kit.rule(area.left, 0.0, area.width), points, side.heading)


def _point(words: str, page: str, kit: Kit, area: Area, factor: float) -> MarkedText:
    mark = kit.block(Area(area.left, 0, _MARK_LENGTH, _MARK_THICKNESS), kit.palette.muted)
    side = leading_side(words, page)
    return MarkedText(mark, kit.text(words, Step.BODY, area.width - _INDENT, scale=factor, align=side), _INDENT, words)


def _on_one(content: ComparisonContent, kit: Kit, room: Area, stacked: bool, factor: float) -> list[list[Beat]] | None:
    """Return everything on one screen; None if it is too high."""
    panes = _panes(content, kit, room, factor, stacked=stacked)
    free = room.height - sum(pane.height for pane in panes) - Space.SECTION * (len(panes) - 1)
    if free < 0:
        return None
    gaps = sum(len(pane.row_heights) - 1 for pane in panes)
    gap = min(_LOOSEST_GAP, _ROW_GAP + free / gaps) if gaps else _ROW_GAP
    beats: list[Beat] = []
    top = room.top
    for pane in panes:
        more, bottom = _entrances(pane, range(len(pane.row_heights)), top, gap)
        beats.extend(more)
        top = bottom - Space.SECTION
    return [beats]


def _spread(make: Callable[[float], list[_Pane]], room: Area, factor: float) -> list[list[Beat]] | None:
    """Return each pane's rows over as many screens as they need.

    Return None if a single row is too high.
    """
    screens: list[list[Beat]] = []
    for number, pane in enumerate(make(factor)):
        space = room.height - pane.head_height
        if max(pane.row_heights) > space:
            return None
        screens.extend(
            _entrances(make(factor)[number], rows, room.top, _ROW_GAP)[0]
            for rows in paginate(pane.row_heights, _ROW_GAP, space)
        )
    return screens


def _entrances(pane: _Pane, rows: range, top: float, gap: float) -> tuple[list[Beat], float]:
    """Place a pane's headings and `rows` from `top` down. Return the beats and the lower edge."""
    head = max(column.heading.box_height for column in pane.columns)
    for column in pane.columns:
        column.heading.place(column.heading.box.get_left()[0], top)
        column.rule.set_y(top - head - _RULE_GAP - LINE_THICKNESS / 2)
    headings, rules = [column.heading for column in pane.columns], [column.rule for column in pane.columns]
    motion = together(rise(*headings), wipe(*rules), lag_s=0.1)
    words = " ".join(column.words for column in pane.columns)
    beats = [Beat(motion, reading_s(words) * 0.6, (*headings, *rules))]
    top -= pane.head_height
    heights = pane.row_heights
    for row in rows:
        points = [column.points[row] for column in pane.columns if row < len(column.points)]
        for point in points:
            point.place(point.mark.get_left()[0], top)
        parts = [part for point in points for part in point.parts]
        beats.append(show(*parts, reads=" ".join(point.words for point in points)))
        top -= heights[row] + gap
    return beats, top + gap
