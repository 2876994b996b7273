"""A geometric figure scaled into an area: the places of its points, lines, arcs and labels.

Pure arithmetic.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from callsheet.model.content import GeometryContent
from callsheet.model.content.geometry import Figure
from callsheet.stage.kit.frame import Area, Place, arc

_ANGLE_RADIUS, _SQUARE_SIDE = 0.62, 0.3
_SHARE_OF_LEG = 0.4
"""Arcs and squares in an angle take at most this share of its shorter leg."""
_ALONG = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9)
"""Places along a segment for its label, the best first."""
_DIRECTIONS = 16


@dataclass(frozen=True)
class Path:
    """The drawn line of one figure: the places it passes through."""

    places: tuple[Place, ...]
    is_closed: bool = False
    is_filled: bool = False

    @property
    def segments(self) -> list[tuple[Place, Place]]:
        """Return its straight parts."""
        ends = (*self.places, self.places[0]) if self.is_closed else self.places
        return list(pairwise(ends))


@dataclass(frozen=True)
class Spot:
    """A place for a label: at `anchor`, and off it in the direction `angle` (radians), or right on it."""

    anchor: Place
    angle: float | None


def scale_in(content: GeometryContent, area: Area) -> float:
    """Return the units that one unit of the content takes if its points and circles fill `area`."""
    bounds = _bounds(content)
    return min(area.width / max(bounds.width, 1e-9), area.height / max(bounds.height, 1e-9))


def scaled_points(content: GeometryContent, area: Area) -> dict[str, Place]:
    """Return the points by name, in the middle of `area`.

    Both directions have the same scale, at which points and circles fill `area`.
    """
    factor, bounds = scale_in(content, area), _bounds(content)
    return {
        point.name: (
            area.centre[0] + (point.x - bounds.centre[0]) * factor,
            area.centre[1] + (point.y - bounds.centre[1]) * factor,
        )
        for point in content.points
    }


def path_of(figure: Figure, points: dict[str, Place], area: Area) -> Path:
    """Return how `figure` is drawn; a line without ends reaches the edges of `area`."""
    places = [points[name] for name in figure.points]
    if figure.kind == "line":
        return Path(_through(places[0], places[1], area))
    if figure.kind == "polygon":
        return Path(tuple(places), is_closed=True, is_filled=True)
    if figure.kind == "circle":
        return Path(tuple(arc(places[0], math.dist(*places), 0.0, math.tau)))
    if figure.kind == "angle":
        return Path(_arc_in_angle(*places))
    if figure.kind == "right-angle":
        return Path(_square_in_angle(*places))
    return Path(tuple(places))


def label_spots(figure: Figure, path: Path, points: dict[str, Place]) -> Iterator[Spot]:
    """Yield places for the label of `figure`, the best first."""
    places = [points[name] for name in figure.points]
    if figure.kind in {"segment", "line"}:
        yield from _beside(path.places[0], path.places[-1], _centroid(list(points.values())))
    elif figure.kind == "polygon":
        yield Spot(_centroid(places), None)
        yield from _around(_centroid(places), math.pi / 2)
    elif figure.kind == "circle":
        for number in range(_DIRECTIONS):
            angle = math.pi / 4 + number * math.tau * 5 / _DIRECTIONS
            rim = arc(places[0], math.dist(*places), angle, angle)[0]
            yield Spot(rim, angle)
            yield Spot(rim, angle + math.pi)
    else:
        first, turn = _angle_and_turn(*places)
        middle = path.places[len(path.places) // 2]
        yield from _around(middle, first + turn / 2)


def name_spots(point: Place, points: Sequence[Place]) -> Iterator[Spot]:
    """Yield places for the name of `point`: away from the middle of all points first."""
    middle = _centroid(points)
    away = math.atan2(point[1] - middle[1], point[0] - middle[0]) if math.dist(point, middle) > 1e-6 else -math.pi / 2
    yield from _around(point, away)


def _bounds(content: GeometryContent) -> Area:
    """Return the rectangle around all points and circles, in the content's units."""
    points = {point.name: (point.x, point.y) for point in content.points}
    circles = [
        (*points[centre], math.dist(points[centre], points[rim]))
        for centre, rim in (figure.points for figure in content.figures if figure.kind == "circle")
    ]
    extents = [*((x, y, 0.0) for x, y in points.values()), *circles]
    left, right = min(x - r for x, _, r in extents), max(x + r for x, _, r in extents)
    bottom, top = min(y - r for _, y, r in extents), max(y + r for _, y, r in extents)
    return Area(left, top, right - left, top - bottom)


def _around(anchor: Place, angle: float) -> Iterator[Spot]:
    """Yield all directions, those nearest to `angle` first."""
    for number in range(_DIRECTIONS):
        side = (number + 1) // 2 * (1 if number % 2 else -1)
        yield Spot(anchor, angle + side * math.tau / _DIRECTIONS)


def _beside(start: Place, end: Place, middle: Place) -> Iterator[Spot]:
    """Yield both sides of a segment, the one away from `middle` first.

    If `middle` lies on it, the upper side comes first.
    """
    across = math.atan2(end[1] - start[1], end[0] - start[0]) + math.pi / 2
    outwards = math.cos(across) * (start[0] - middle[0]) + math.sin(across) * (start[1] - middle[1])
    if outwards < -1e-6 or (abs(outwards) <= 1e-6 and math.sin(across) < 0):
        across += math.pi
    for share in _ALONG:
        place = (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)
        yield Spot(place, across)
        yield Spot(place, across + math.pi)


def _centroid(places: Sequence[Place]) -> Place:
    return sum(x for x, _ in places) / len(places), sum(y for _, y in places) / len(places)


def _through(one: Place, other: Place, area: Area) -> tuple[Place, Place]:
    """Return the line through two places, cut where it leaves `area`."""
    step = (other[0] - one[0], other[1] - one[1])
    first, last = -math.inf, math.inf
    for at, along, low, high in ((one[0], step[0], area.left, area.right), (one[1], step[1], area.bottom, area.top)):
        if abs(along) > 1e-9:
            near, far = sorted(((low - at) / along, (high - at) / along))
            first, last = max(first, near), min(last, far)
    return (one[0] + first * step[0], one[1] + first * step[1]), (one[0] + last * step[0], one[1] + last * step[1])


def _angle_and_turn(leg: Place, vertex: Place, other_leg: Place) -> tuple[float, float]:
    """Return the direction of the first leg, and the smaller turn to the other, in radians."""
    first = math.atan2(leg[1] - vertex[1], leg[0] - vertex[0])
    second = math.atan2(other_leg[1] - vertex[1], other_leg[0] - vertex[0])
    return first, math.remainder(second - first, math.tau)


def _arc_in_angle(leg: Place, vertex: Place, other_leg: Place) -> tuple[Place, ...]:
    first, turn = _angle_and_turn(leg, vertex, other_leg)
    shorter = min(math.dist(leg, vertex), math.dist(other_leg, vertex))
    return tuple(arc(vertex, min(_ANGLE_RADIUS, _SHARE_OF_LEG * shorter), first, first + turn))


def _square_in_angle(leg: Place, vertex: Place, other_leg: Place) -> tuple[Place, ...]:
    shorter = min(math.dist(leg, vertex), math.dist(other_leg, vertex))
    side = min(_SQUARE_SIDE, _SHARE_OF_LEG * shorter)
    one, other = (
        ((end[0] - vertex[0]) / math.dist(end, vertex) * side, (end[1] - vertex[1]) / math.dist(end, vertex) * side)
        for end in (leg, other_leg)
    )
    near, far = (vertex[0] + one[0], vertex[1] + one[1]), (vertex[0] + other[0], vertex[1] + other[1])
    return near, (near[0] + other[0], near[1] + other[1]), far
