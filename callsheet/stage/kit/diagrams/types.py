"""The input and the result of a diagram's layout: sizes and arrows, places and routes.

Values only.
"""

from __future__ import annotations

from dataclasses import dataclass

from callsheet.stage.kit.frame import Area

Point = tuple[float, float]

HEAD, TIP_GAP = 0.2, 0.06
"""Length of an arrow's head, and the gap between its tip and the box, in units at scale 1."""
LABEL_GAP = 0.08
"""Distance between an arrow and its label."""


@dataclass(frozen=True)
class Size:
    """Width and height of a box or label, in units at scale 1."""

    width: float
    height: float


@dataclass(frozen=True)
class Arrow:
    """An arrow between two boxes, by their numbers, and the size of its label, if it has one."""

    source: int
    target: int
    label: Size | None = None


@dataclass(frozen=True)
class Route:
    """An arrow's way: 3 n + 1 points of n cubic curves that end at the base of the head, and the tip of the head."""

    points: tuple[Point, ...]
    tip: Point


@dataclass(frozen=True)
class Arrangement:
    """Boxes, routes and labels in place.

    Sizes are the requested ones times `scale`; boxes may be larger.

    `worth` compares arrangements of the same diagram.
    """

    boxes: tuple[Area, ...]
    routes: tuple[Route, ...]
    labels: tuple[Area | None, ...]
    scale: float
    worth: float

    def mirrored(self) -> Arrangement:
        """Return the same arrangement, read from right to left."""
        routes = tuple(
            Route(tuple((-x, y) for x, y in route.points), (-route.tip[0], route.tip[1])) for route in self.routes
        )
        labels = tuple(_mirrored(label) if label else None for label in self.labels)
        return Arrangement(tuple(map(_mirrored, self.boxes)), routes, labels, self.scale, self.worth)


def _mirrored(area: Area) -> Area:
    return Area(-area.right, area.top, area.width, area.height)
