"""Lines drawn with a pen of even width, and the bars of charts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from manim import CapStyleType, LineJointType, VMobject
from numpy.typing import NDArray

from callsheet.stage.kit.frame import Area, Place, arc

_MANIM_STROKE = 0.01
"""Units that one of Manim's stroke widths is wide."""

Points = NDArray[np.float64]


def stroke(pieces: Sequence[Sequence[Place]], colour: str, width: float, *, is_closed: bool = False) -> VMobject:
    """Return the `pieces`, each through its places, as one shape.

    It is drawn `width` units wide, with round ends and corners.
    """
    shape = VMobject(
        stroke_color=colour,
        stroke_width=width / _MANIM_STROKE,
        fill_opacity=0.0,
        joint_type=LineJointType.ROUND,
        cap_style=CapStyleType.ROUND,
    )
    paths = [[*piece, piece[0]] if is_closed else piece for piece in pieces]
    return shape.set_points(np.concatenate([_straight_curves(_in_space(path)) for path in paths]))


def lines(starts_and_ends: Sequence[tuple[Place, Place]], colour: str, width: float) -> VMobject:
    """Return straight lines as one filled shape: any number of them costs a single path."""
    shape = VMobject(fill_color=colour, fill_opacity=1.0, stroke_width=0.0)
    return shape.set_points(np.concatenate([_bar(start, end, width) for start, end in starts_and_ends]))


def column(area: Area, colour: str, rounded: tuple[int, int], radius: float = 0.09) -> VMobject:
    """Return a bar of a chart.

    `rounded` are the numbers of its round corners: 0 is top left, then clockwise.
    """
    radius = min(radius, area.width / 2, area.height / 2)
    corners = [(area.left, area.top), (area.right, area.top), (area.right, area.bottom), (area.left, area.bottom)]
    outline = [
        place
        for number, corner in enumerate(corners)
        for place in (_round_corner(corner, number, radius) if number in rounded else [corner])
    ]
    shape = VMobject(fill_color=colour, fill_opacity=1.0, stroke_width=0.0)
    return shape.set_points(_straight_curves(_in_space([*outline, outline[0]])))


def _round_corner(corner: Place, number: int, radius: float) -> list[Place]:
    inwards = ((1, -1), (-1, -1), (-1, 1), (1, 1))[number]
    centre = (corner[0] + inwards[0] * radius, corner[1] + inwards[1] * radius)
    start = math.pi - number * math.pi / 2
    return arc(centre, radius, start, start - math.pi / 2)


def _bar(start: Place, end: Place, width: float) -> Points:
    along = np.subtract(end, start)
    across = np.array([-along[1], along[0]]) / max(float(np.hypot(*along)), 1e-9) * width / 2
    corners = [start + across, end + across, end - across, start - across, start + across]
    return _straight_curves(_in_space(corners))


def _in_space(places: Sequence[Any]) -> Points:
    """Return the places as points in space, shape (n, 3)."""
    return np.array([(x, y, 0.0) for x, y in places])


def _straight_curves(corners: Points) -> Points:
    """Return the path through `corners` as cubic curves.

    Each has start, two handles and end: shape (4 n, 3).
    """
    starts, steps = corners[:-1], np.diff(corners, axis=0)
    return np.stack([starts, starts + steps / 3, starts + steps * 2 / 3, corners[1:]], axis=1).reshape(-1, 3)
