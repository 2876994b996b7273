"""Bullets: a heading and a few points, one after the other."""

from __future__ import annotations

from collections.abc import Sequence

from manim import Mobject

from callsheet.model.content import BulletsContent
from callsheet.stage.kit.beats import Beat, Page, clear, directed, heading, show
from callsheet.stage.kit.bulleted_rows import MarkedText, place_rows, rows_height
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area
from callsheet.stage.kit.inline import is_right_to_left
from callsheet.stage.kit.layout import first_fit, must_fit, paginate
from callsheet.stage.kit.scale import Step
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.templates.base import TemplateScene

_MARKER_COLUMN = 0.62
_MARKER_LENGTH, _MARKER_THICKNESS = 0.22, 0.06
_ON_PAGES = 0.84
"""Points on several pages begin smaller, so that more of them stand together."""
_NARROWEST_GAP, _WIDEST_GAP = 0.26, 0.6


class BulletsScene(TemplateScene):
    """Points enter one by one.

    Points that don't fit on one page follow on the next, under the same heading.
    """

    @staticmethod
    def compose(content: BulletsContent, kit: Kit) -> tuple[Page, ...]:
        """Return one page; points that don't fit replace those before."""
        opening, area = heading(kit, content.title)
        rows = first_fit(lambda factor: _fitting(_rows(content, kit, area, factor), area))
        groups = (
            [rows]
            if rows
            else must_fit(lambda factor: _spread(_rows(content, kit, area, factor * _ON_PAGES), area), "points")
        )
        beats = list(opening)
        for position, group in enumerate(groups):
            if position:
                beats.append(clear(*(part for row in groups[position - 1] for part in row.parts)))
            beats.extend(_entrances(group, area))
        return directed((Page(tuple(beats)),), content.title or content.points[0])


def _rows(content: BulletsContent, kit: Kit, area: Area, factor: float) -> list[MarkedText]:
    return [
        MarkedText(_marker(content, kit, position, factor), _text(kit, point, area, factor), _MARKER_COLUMN, point)
        for position, point in enumerate(content.points, start=1)
    ]


def _text(kit: Kit, point: str, area: Area, factor: float) -> TypeBlock:
    return kit.text(point, Step.LEAD, area.width - _MARKER_COLUMN, scale=factor, balanced=True)


def _marker(content: BulletsContent, kit: Kit, number: int, factor: float) -> Mobject:
    if not content.numbered:
        return kit.block(Area(0, 0, _MARKER_LENGTH, _MARKER_THICKNESS), kit.palette.accent)
    side = "end" if is_right_to_left(content.title or content.points[0]) else "start"
    return kit.text(
        str(number), Step.LEAD, _MARKER_COLUMN, colour=kit.palette.accent, weight=600, scale=factor, align=side
    )


def _fitting(rows: list[MarkedText], area: Area) -> list[MarkedText] | None:
    return rows if rows_height(rows, _NARROWEST_GAP) <= area.height else None


def _spread(rows: list[MarkedText], area: Area) -> list[list[MarkedText]] | None:
    """Return `rows` over pages; None if one of them is higher than a page."""
    heights = [row.height for row in rows]
    if max(heights) > area.height:
        return None
    return [[rows[place] for place in page] for page in paginate(heights, _NARROWEST_GAP * 1.5, area.height)]


def _entrances(rows: Sequence[MarkedText], area: Area) -> list[Beat]:
    """Place `rows` evenly, spaced if there is room, and let them enter one by one."""
    free = area.height - rows_height(rows, 0.0)
    place_rows(rows, area.left, area.top, min(_WIDEST_GAP, free / max(1, len(rows) - 1)))
    return [show(*row.parts, reads=row.words) for row in rows]
