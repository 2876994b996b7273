"""Split: a large drawing on one side, points on the other."""

from __future__ import annotations

from collections.abc import Sequence

from callsheet.model.content import SplitContent
from callsheet.stage.kit.beats import Beat, Page, clear, directed, heading, show
from callsheet.stage.kit.bulleted_rows import NARROWEST_GAP, MarkedText, fitting, paged, place_rows, rows_height
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area
from callsheet.stage.kit.layout import first_fit, must_fit
from callsheet.stage.kit.motion import CALM_S, fade, rise, together
from callsheet.stage.kit.pacing import SETTLE_S
from callsheet.stage.kit.scale import Space, Step
from callsheet.stage.templates.base import TemplateScene

_SHARES = {False: (0.42, 0.58), True: (0.32, 0.68)}
"""Shares of the drawing and of the points, beside each other or, in portrait and square, one above the other."""
_MOST_ABOVE = 0.6
"""Share of the height that a drawing above its points takes, at most: what they leave."""
_LOOSE = 1.6
"""The gap that such points keep, as a multiple of the narrowest one."""
_INSET, _SHARE_OF_INSET = 0.5, 0.12
"""Border of the drawing: in units, and at most as a share of the shorter side of its surface."""
_INDENT, _MARK_LENGTH, _MARK_THICKNESS = 0.5, 0.22, 0.06
_WIDEST_GAP = 0.7


class SplitScene(TemplateScene):
    """The drawing on a surface, then the points one by one; in portrait the points stand below it."""

    @staticmethod
    def compose(content: SplitContent, kit: Kit) -> tuple[Page, ...]:
        """Return one page; points that don't fit replace those before, beside the same drawing."""
        opening, area = heading(kit, content.title)
        stacked = kit.frame.is_portrait
        cut = area.rows if stacked else area.columns
        seen, read = cut(_SHARES[stacked], Space.WIDE if stacked else Space.SECTION)
        whole = first_fit(lambda factor: fitting(_rows(content, kit, read, factor), read))
        groups = [whole] if whole else must_fit(lambda factor: paged(_rows(content, kit, read, factor), read), "points")
        if stacked:
            seen, read = _above(area, [rows_height(rows, _LOOSE * NARROWEST_GAP) for rows in groups], seen)
        surface = kit.panel(seen)
        inset = min(_INSET, _SHARE_OF_INSET * min(seen.width, seen.height))
        drawing = kit.drawing(content.drawing, seen.inset(inset))
        shown = (surface, drawing)
        entrance = together(fade(surface, duration_s=CALM_S), rise(drawing), lag_s=0.15)
        beats = [*opening, Beat(entrance, SETTLE_S, shown, parts={"drawing": shown}, is_anchor=True)]
        for number, rows in enumerate(groups):
            if number:
                beats.append(clear(*(part for row in groups[number - 1] for part in row.parts)))
            free = read.height - rows_height(rows, 0.0)
            gap = min(_WIDEST_GAP, free / max(1, len(rows) - 1))
            top = read.top if stacked else read.top - (read.height - rows_height(rows, gap)) / 2
            place_rows(rows, read.left, top, gap)
            beats.extend(show(*row.parts, reads=row.words, part=row.part) for row in rows)
        return directed((Page(tuple(beats)),), content.title or content.points[0])


def _above(area: Area, heights: Sequence[float], least: Area) -> tuple[Area, Area]:
    """Return the places of the drawing and of points that are so high: the drawing takes what they leave."""
    height = max(least.height, min(_MOST_ABOVE * area.height, area.height - Space.WIDE - max(heights)))
    return area.above(area.height - height), area.below(height + Space.WIDE)


def _rows(content: SplitContent, kit: Kit, area: Area, factor: float) -> list[MarkedText]:
    """Return the points, unplaced."""
    return [
        MarkedText(
            kit.block(Area(0, 0, _MARK_LENGTH, _MARK_THICKNESS), kit.palette.accent),
            kit.text(point, Step.LEAD, area.width - _INDENT, scale=factor, balanced=True),
            _INDENT,
            point,
            f"points.{place}",
        )
        for place, point in enumerate(content.points)
    ]
