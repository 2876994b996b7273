"""Comparison: two things side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
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
from callsheet.stage.kit.scale import GROWS, LINE_THICKNESS, SHRINKS, Space, Step
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.templates.base import TemplateScene

_GUTTER = 0.9
_INDENT = 0.42
_MARK_SIZE = 0.18
_RULE_GAP = 0.2
_ROW_GAP, _LOOSEST_GAP = 0.24, 0.44
_ICON_SIDE, _ICON_GAP = 1.25, 0.24
"""Side of an icon in ems of the heading, and its distance from it in units."""
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
    """A heading with its icon, the line below it, and points."""

    icon: tuple[Mobject, ...]
    heading: TypeBlock
    rule: Mobject
    points: tuple[MarkedText, ...]
    words: str
    part: str


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
        screens[-1].append(show(verdict, reads=content.verdict, part="verdict"))
    return screens


def _columns_at_once(content: ComparisonContent, kit: Kit, room: Area) -> list[list[Beat]] | None:
    for stacked in (True, False) if kit.frame.is_portrait else (False,):
        on_one = partial(_on_one, content, kit, room, stacked)
        screens = first_fit(on_one, (*GROWS, *SHRINKS))
        if screens:
            return screens
    return None


def _one_by_one(content: ComparisonContent, kit: Kit, area: Area) -> list[list[Beat]]:
    """Return screen after screen, the verdict on the last."""
    make = partial(_panes, content, kit, area, stacked=kit.frame.is_portrait)
    screens = must_fit(lambda factor: _spread(make, area, factor), "left")
    if content.verdict:
        verdict = _verdict(content.verdict, kit, area).place(area.left, area.top)
        screens.append([show(verdict, reads=content.verdict, part="verdict")])
    return screens


def _verdict(text: str, kit: Kit, area: Area) -> TypeBlock:
    """Return the closing sentence; a long one is set smaller."""
    verdict = kit.text(text, Step.LEAD, area.width, weight=600, balanced=True)
    if verdict.box_height > _TALLEST_VERDICT * verdict.size:
        verdict = kit.text(text, Step.BODY, area.width, weight=600, balanced=True)
    return verdict


def _panes(content: ComparisonContent, kit: Kit, room: Area, factor: float, *, stacked: bool) -> list[_Pane]:
    sides, page = {"left": content.left, "right": content.right}, content.title or content.left.heading
    if stacked:
        return [_Pane((_column(side, part, page, kit, room, factor),)) for part, side in sides.items()]
    areas = room.columns([1.0, 1.0], _GUTTER)
    placed = zip(sides.items(), areas, strict=True)
    return [_Pane(tuple(_column(side, part, page, kit, area, factor) for (part, side), area in placed))]


def _column(side: ComparedSide, part: str, page: str, kit: Kit, area: Area, factor: float) -> _Column:
    align, colour = leading_side(side.heading, page), kit.palette.accent
    icon_side = Step.LEAD.size * factor * _ICON_SIDE
    icon = (kit.drawing(side.icon, Area(area.left, 0.0, icon_side, icon_side)),) if side.icon else ()
    indent = icon_side + _ICON_GAP if side.icon else 0.0
    width = area.width - indent
    title = kit.text(
        side.heading, Step.LEAD, width, weight=600, colour=colour, scale=factor, align=align, balanced=True
    )
    title.place(area.left + indent, 0.0)
    points = tuple(
        replace(_point(words, page, kit, area, factor), part=f"{part}.points.{place}")
        for place, words in enumerate(side.points)
    )
    return _Column(icon, title, kit.rule(area.left, 0.0, area.width), points, side.heading, part)


def _point(words: str, page: str, kit: Kit, area: Area, factor: float) -> MarkedText:
    mark = kit.marker(_MARK_SIZE, colour=kit.palette.muted)
    mark.shift((area.left - mark.get_left()[0], 0, 0))
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
        for icon in column.icon:
            icon.set_y(top - column.heading.size / 2)
        column.rule.set_y(top - head - _RULE_GAP - LINE_THICKNESS / 2)
    headings = [part for column in pane.columns for part in (*column.icon, column.heading)]
    rules = [column.rule for column in pane.columns]
    motion = together(rise(*headings), wipe(*rules), lag_s=0.1)
    words = " ".join(column.words for column in pane.columns)
    heads = {f"{column.part}.heading": (*column.icon, column.heading, column.rule) for column in pane.columns}
    beats = [Beat(motion, reading_s(words) * 0.6, (*headings, *rules), parts=heads, is_anchor=True)]
    top -= pane.head_height
    heights = pane.row_heights
    for row in rows:
        points = [column.points[row] for column in pane.columns if row < len(column.points)]
        for point in points:
            point.place(point.mark.get_left()[0], top)
        parts = [part for point in points for part in point.parts]
        beat = show(*parts, reads=" ".join(point.words for point in points))
        beats.append(replace(beat, parts={point.part: point.parts for point in points}))
        top -= heights[row] + gap
    return beats, top + gap
