"""The arrangement of boxes around a middle: a hub with the boxes that it leads to, or a ring that closes.

Pure arithmetic: no Manim, no text. Boxes stand on an ellipse, clockwise from the top, and arrows are straight.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

from callsheet.stage.kit.diagrams.types import HEAD, LABEL_GAP, TIP_GAP, Arrangement, Arrow, Point, Route, Size
from callsheet.stage.kit.frame import Area

_SCALES = (1.3, 1.2, 1.1, 1.0, 0.9, 0.8, 0.7, 0.6)
_APART, _SHORTEST = 0.24, 0.32
"""Free room between two boxes, and the least length of an arrow's line, in units at scale 1."""
_SAMPLES = 24
_ROUNDEST = 2.3
"""How many times longer than high the ellipse may be."""


def arrange_round(
    boxes: Sequence[Size], arrows: Sequence[Arrow], area: Area, order: Sequence[int], hub: int | None
) -> Arrangement | None:
    """Return the boxes of `order` around the middle, where the `hub` stands, with the largest type that fits.

    Return None if they don't fit.
    """
    for scale in _SCALES:
        placed = _placed(boxes, area, order, hub, scale)
        routes = [_route(placed[arrow.source], placed[arrow.target], scale) for arrow in arrows]
        labels = [_label(arrow, route, area, scale) for arrow, route in zip(arrows, routes, strict=True)]
        things = [*placed, *(label for label in labels if label)]
        lines = [route for route in routes if route]
        if len(lines) < len(routes) or not all(_inside(thing, area) for thing in things):
            continue
        if any(_close(one, other, _APART * scale) for one, other in combinations(placed, 2)):
            continue
        if any(_close(label, thing, 0.0) for label in labels if label for thing in things if thing is not label):
            continue
        if any(_crosses(route, label) for route in lines for label in labels if label):
            continue
        return Arrangement(tuple(placed), tuple(lines), tuple(labels), scale, scale)
    return None


def _placed(boxes: Sequence[Size], area: Area, order: Sequence[int], hub: int | None, scale: float) -> list[Area]:
    widest, highest = (max(boxes[place].width for place in order), max(boxes[place].height for place in order))
    down = (area.height - highest * scale) / 2
    across = min((area.width - widest * scale) / 2, down * _ROUNDEST)
    x, y, _ = area.centre
    middles: dict[int, Point] = {} if hub is None else {hub: (x, y)}
    for number, place in enumerate(order):
        angle = math.pi / 2 - 2 * math.pi * number / len(order)
        middles[place] = (x + across * math.cos(angle), y + down * math.sin(angle))
    return [
        Area(
            middles[place][0] - size.width * scale / 2,
            middles[place][1] + size.height * scale / 2,
            size.width * scale,
            size.height * scale,
        )
        for place, size in enumerate(boxes)
    ]


def _route(source: Area, target: Area, scale: float) -> Route | None:
    """Return the straight way from border to border; None if it is too short."""
    start, end = _border(source, target), _border(target, source)
    length = math.dist(start, end) - 2 * TIP_GAP
    if length < (HEAD + _SHORTEST) * scale:
        return None
    along = ((end[0] - start[0]) / math.dist(start, end), (end[1] - start[1]) / math.dist(start, end))
    tip = (end[0] - along[0] * TIP_GAP, end[1] - along[1] * TIP_GAP)
    base = (tip[0] - along[0] * HEAD * scale, tip[1] - along[1] * HEAD * scale)
    thirds = [
        (start[0] + (base[0] - start[0]) * share / 3, start[1] + (base[1] - start[1]) * share / 3) for share in range(4)
    ]
    return Route(tuple(thirds), tip)


def _border(box: Area, towards: Area) -> Point:
    """Return where the line from the middle of `box` to that of the other leaves it."""
    (x, y, _), (to_x, to_y, _) = box.centre, towards.centre
    dx, dy = to_x - x, to_y - y
    share = min(box.width / 2 / abs(dx) if dx else math.inf, box.height / 2 / abs(dy) if dy else math.inf)
    return x + dx * share, y + dy * share


def _label(arrow: Arrow, route: Route | None, area: Area, scale: float) -> Area | None:
    """Return the place of a label beside the middle of its arrow, on the outer side."""
    if arrow.label is None or route is None:
        return None
    (x1, y1), (x2, y2) = route.points[0], route.tip
    middle = ((x1 + x2) / 2, (y1 + y2) / 2)
    length = math.dist((x1, y1), (x2, y2))
    across = (-(y2 - y1) / length, (x2 - x1) / length)
    centre = area.centre
    if across[0] * (middle[0] - centre[0]) + across[1] * (middle[1] - centre[1]) < 0:
        across = (-across[0], -across[1])
    width, height = arrow.label.width * scale, arrow.label.height * scale
    away = abs(across[0]) * width / 2 + abs(across[1]) * height / 2 + LABEL_GAP
    x, y = middle[0] + across[0] * away, middle[1] + across[1] * away
    return Area(x - width / 2, y + height / 2, width, height)


def _inside(box: Area, area: Area) -> bool:
    slack = 0.01
    return (
        box.left >= area.left - slack
        and box.right <= area.right + slack
        and box.top <= area.top + slack
        and box.bottom >= area.bottom - slack
    )


def _close(one: Area, other: Area, gap: float) -> bool:
    return (
        min(one.right, other.right) - max(one.left, other.left) > -gap
        and min(one.top, other.top) - max(one.bottom, other.bottom) > -gap
    )


def _crosses(route: Route, label: Area) -> bool:
    (x1, y1), (x2, y2) = route.points[0], route.tip
    shares = (number / _SAMPLES for number in range(_SAMPLES + 1))
    places = ((x1 + (x2 - x1) * share, y1 + (y2 - y1) * share) for share in shares)
    return any(label.left < x < label.right and label.bottom < y < label.top for x, y in places)
