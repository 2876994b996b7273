"""Content of geometric figures. A figure that can't be drawn is refused."""

import math
from itertools import pairwise
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from callsheet.model.content.base import Content, Length, ProseLine
from callsheet.model.content.diagrams import Label, Name, Title
from callsheet.model.problems import refused
from callsheet.model.values import Value

_NEARLY_RIGHT = 2.0
"""Degrees by which a right angle may be off: coordinates are often rounded."""
_LEAST_ANGLE = 0.5
"""Degrees below which an angle can't be seen."""
_LEAST_PART = 1e-3
"""Share of the whole figure's extent below which two points can't be told apart."""


class NamedPoint(Value):
    """A point with a name."""

    name: Name = Field(title="Name")
    """A letter or short word, e.g. A."""
    x: float = Field(ge=-1000, le=1000, title="x")
    """Its place, in any unit: the whole figure is scaled to fit."""
    y: float = Field(ge=-1000, le=1000, title="y")
    """Its place, upwards."""


class Figure(Value):
    """Something drawn through named points."""

    kind: Literal["segment", "line", "polygon", "circle", "angle", "right-angle"] = Field(title="Kind")
    """segment and line: two points. polygon: three or more. circle: its centre and a point on it.
    angle and right-angle: a point on one leg, the vertex, a point on the other leg."""
    points: tuple[Name, ...] = Field(min_length=2, max_length=12, title="Points")
    """The names of its points, in order."""
    label: Label = Field("", title="Label")
    """Shown beside it, e.g. $a^2$."""
    highlight: bool = Field(False, title="Highlight")
    """Draw it in the accent colour."""

    @model_validator(mode="after")
    def _has_its_points(self) -> Self:
        fewest, most = {"polygon": (3, 12), "angle": (3, 3), "right-angle": (3, 3)}.get(self.kind, (2, 2))
        if not fewest <= len(self.points) <= most:
            wanted = str(fewest) if fewest == most else f"{fewest} to {most}"
            raise refused("points", f"a {self.kind} needs {wanted} points, not {len(self.points)}")
        return self


class GeometryContent(Content):
    """A figure of points, lines and circles."""

    SUMMARY: ClassVar[str] = "A geometric figure, built up piece by piece from named points."
    EXAMPLE: ClassVar[dict[str, Any]] = {
        "title": "Thales' theorem",
        "points": [
            {"name": "A", "x": -3, "y": 0},
            {"name": "B", "x": 3, "y": 0},
            {"name": "C", "x": 1.5, "y": 2.598},
            {"name": "M", "x": 0, "y": 0},
        ],
        "figures": [
            {"kind": "circle", "points": ["M", "A"]},
            {"kind": "segment", "points": ["A", "B"]},
            {"kind": "segment", "points": ["A", "C"]},
            {"kind": "segment", "points": ["B", "C"]},
            {"kind": "right-angle", "points": ["A", "C", "B"], "highlight": True},
        ],
        "caption": "Every angle over a diameter is a right angle.",
    }

    points: tuple[NamedPoint, ...] = Field(min_length=2, max_length=24, title="Points")
    """Two to twenty-four points."""
    figures: tuple[Figure, ...] = Field(min_length=1, max_length=24, title="Figures")
    """What is drawn through them, in order."""
    title: Title = Field("", title="Heading")
    """A heading above the figure."""
    caption: Annotated[ProseLine, Length(0, 300)] = Field("", title="Caption")
    """A sentence below the figure."""

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        known = {point.name for point in self.points}
        if len(known) < len(self.points):
            raise refused("points", "two points have the same name: give each another one")
        if len({(point.x, point.y) for point in self.points}) < 2:
            raise refused("points", "at least two points must lie in different places")
        for position, figure in enumerate(self.figures):
            for name in figure.points:
                if name not in known:
                    raise refused(f"figures.{position}.points", f"there is no point named {name}")
        return self

    @model_validator(mode="after")
    def _can_be_drawn(self) -> Self:
        places = {point.name: (point.x, point.y) for point in self.points}
        extent = max(max(axis) - min(axis) for axis in zip(*places.values(), strict=True))
        for position, figure in enumerate(self.figures):
            fault = _fault_in(figure, [places[name] for name in figure.points], extent * _LEAST_PART)
            if fault:
                raise refused(f"figures.{position}.points", fault)
        return self


def _fault_in(figure: Figure, places: list[tuple[float, float]], least_distance: float) -> str:
    """Return why `figure` can't be drawn through `places`; an empty text if it can."""
    for (name, place), (other_name, other) in pairwise(zip(figure.points, places, strict=True)):
        if math.dist(place, other) <= least_distance:
            return f"{name} and {other_name} lie in the same place: a {figure.kind} needs them apart"
    if figure.kind not in {"angle", "right-angle"}:
        return ""
    leg, vertex, other_leg = places
    turn = abs(math.remainder(_direction(vertex, leg) - _direction(vertex, other_leg), 360))
    if turn < _LEAST_ANGLE:
        return f"both legs at {figure.points[1]} point the same way: there is no angle between them"
    if figure.kind == "right-angle" and abs(turn - 90) > _NEARLY_RIGHT:
        return f"the angle at {figure.points[1]} is {turn:.0f} degrees, not a right angle: use angle for it"
    return ""


def _direction(start: tuple[float, float], end: tuple[float, float]) -> float:
    return math.degrees(math.atan2(end[1] - start[1], end[0] - start[0]))
