"""The arrangement of a chain of boxes as stairs, from the upper left to the lower right.

Pure arithmetic: no Manim, no text. Every arrow leaves a box to the right and falls on the top of the next one, so that
the boxes may be wide and high: a row of few boxes leaves most of the picture empty.
"""

from __future__ import annotations

from collections.abc import Sequence

from callsheet.stage.kit.diagrams.fit import straight
from callsheet.stage.kit.diagrams.types import HEAD, LABEL_GAP, TIP_GAP, Arrangement, Arrow, Route, Size
from callsheet.stage.kit.frame import Area

_SCALES = (2.0, 1.9, 1.8, 1.7, 1.6, 1.5, 1.4, 1.3, 1.2, 1.1, 1.0)
_LEAST_DOWN, _MOST_DOWN = 0.22, 0.6
"""The free height between two boxes, in units at scale 1."""
_LEAST_ASIDE, _MOST_ASIDE = 0.45, 1.5
"""How far the line of an arrow runs to the right, in units at scale 1."""
_RADIUS, _ROUND = 0.16, 0.55
"""The radius of its corner, and how far the handles of the curve lie on the way to the corner."""


def arrange_stairs(
    boxes: Sequence[Size], arrows: Sequence[Arrow], area: Area, order: Sequence[int]
) -> Arrangement | None:
    """Return the boxes in `order` as stairs, with the largest type that fits; None if only small type does.

    There are at least two boxes, and `arrows` lead from each box of the order to the next one.
    """
    for scale in _SCALES:
        placed = _placed(boxes, area, order, scale)
        if placed is None:
            continue
        ends = [(placed[arrow.source], placed[arrow.target]) for arrow in arrows]
        labels = [_label(arrow.label, *pair, scale) for arrow, pair in zip(arrows, ends, strict=True)]
        if all(
            label is None or (label.right <= area.right and label.bottom >= target.top)
            for label, (_, target) in zip(labels, ends, strict=True)
        ):
            routes = tuple(_route(*pair, scale) for pair in ends)
            return Arrangement(tuple(placed[place] for place in range(len(boxes))), routes, tuple(labels), scale, scale)
    return None


def _placed(boxes: Sequence[Size], area: Area, order: Sequence[int], scale: float) -> dict[int, Area] | None:
    """Return the boxes by number, in the middle of the area, as far apart as they may be; None if they don't fit."""
    steps = len(order) - 1
    sizes = [Size(boxes[place].width * scale, boxes[place].height * scale) for place in order]
    high = sum(size.height for size in sizes)
    wide = sizes[0].width + sum(size.width / 2 for size in sizes[1:])
    down = min((area.height - high) / steps, _MOST_DOWN * scale)
    aside = min((area.width - wide) / steps, _MOST_ASIDE * scale)
    if down < _LEAST_DOWN * scale or aside < _LEAST_ASIDE * scale:
        return None
    middle = area.left + (area.width - wide - steps * aside + sizes[0].width) / 2
    top = area.top - (area.height - high - steps * down) / 2
    placed: dict[int, Area] = {}
    for place, size in zip(order, sizes, strict=True):
        placed[place] = Area(middle - size.width / 2, top, size.width, size.height)
        if placed[place].left < area.left:
            return None
        top -= size.height + down
        middle += size.width / 2 + aside
    return placed


def _route(source: Area, target: Area, scale: float) -> Route:
    """Return the way to the right and down, with a round corner."""
    (_, start_y, _), (corner_x, _, _) = source.centre, target.centre
    start, tip = (source.right, start_y), (corner_x, target.top + TIP_GAP)
    base = (corner_x, tip[1] + HEAD * scale)
    radius = min(_RADIUS * scale, corner_x - start[0], start_y - base[1])
    before, behind = (corner_x - radius, start_y), (corner_x, start_y - radius)
    handles = (corner_x - radius * (1 - _ROUND), start_y), (corner_x, start_y - radius * (1 - _ROUND))
    return Route((start, *straight(start, before), *handles, behind, *straight(behind, base)), tip)


def _label(label: Size | None, source: Area, target: Area, scale: float) -> Area | None:
    """Return the place of a label to the right of the line that falls on the target."""
    if label is None:
        return None
    corner_x, start_y = target.centre[0], source.centre[1]
    width, height = label.width * scale, label.height * scale
    return Area(corner_x + LABEL_GAP * scale, min(start_y, (start_y + target.top + height) / 2), width, height)
