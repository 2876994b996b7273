"""The small shapes of a theme: the signature above a title, and the mark before an entry of a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from manim import Annulus, Circle, Polygon, Rectangle, RoundedRectangle, VGroup, VMobject

from callsheet.stage.kit.frame import Area
from callsheet.stage.kit.scale import LINE_THICKNESS
from callsheet.stage.kit.style import BarShape, MarkerShape

_STROKE_POINTS = 24


def block(area: Area, colour: str) -> VMobject:
    """Return a filled rectangle."""
    shape = Rectangle(width=area.width, height=area.height, fill_color=colour, fill_opacity=1, stroke_width=0)
    return shape.move_to(area.centre)


def polygon(corners: Sequence[tuple[float, float]], colour: str) -> VMobject:
    """Return a filled polygon."""
    return Polygon(*[(x, y, 0.0) for x, y in corners], fill_color=colour, fill_opacity=1, stroke_width=0)


def leaf(stalk: tuple[float, float], tip: tuple[float, float], width: float, colour: str) -> VMobject:
    """Return a leaf from its stalk to its tip, at most `width` units wide."""
    start, end = np.array([*stalk, 0.0]), np.array([*tip, 0.0])
    along = end - start
    across = np.array([-along[1], along[0], 0.0]) / max(float(np.linalg.norm(along)), 1e-6) * width * 0.68
    shape = VMobject(fill_color=colour, fill_opacity=1, stroke_width=0)
    shape.start_new_path(start)
    shape.add_cubic_bezier_curve_to(start + along * 0.25 + across, start + along * 0.7 + across, end)
    shape.add_cubic_bezier_curve_to(start + along * 0.7 - across, start + along * 0.25 - across, start)
    return shape


def brush_stroke(start: tuple[float, float], end: tuple[float, float], thickness: float, colour: str) -> VMobject:
    """Return a stroke as of chalk: filled, a little uneven, thinner at its ends; always the same."""
    share = np.linspace(0, 1, _STROKE_POINTS)
    uneven = np.random.default_rng(round(1000 * abs(end[0] - start[0]))).normal(0, 0.1, (2, _STROKE_POINTS))
    half = thickness / 2 * np.sqrt(np.sin(np.pi * np.clip(share, 0.03, 0.97)))
    x, y = (np.interp(share, (0, 1), ends) for ends in zip(start, end, strict=True))
    upper = np.stack([x, y + half * (1 + uneven[0])], axis=1)
    lower = np.stack([x, y - half * (1 + uneven[1])], axis=1)[::-1]
    return polygon([(float(a), float(b)) for a, b in np.concatenate([upper, lower])], colour)


def _double(area: Area, colour: str, _line: str) -> VMobject:
    width = area.width * 1.6
    thin = Area(area.left, area.bottom + LINE_THICKNESS, width, LINE_THICKNESS)
    return VGroup(block(Area(area.left, area.top, width, area.height * 0.45), colour), block(thin, colour))


def _chalked(area: Area, colour: str, _line: str) -> VMobject:
    middle = area.top - area.height / 2
    return brush_stroke((area.left, middle), (area.left + area.width * 1.3, middle), area.height * 0.8, colour)


def _dots(area: Area, colour: str, _line: str) -> VMobject:
    radius = area.height * 0.62
    dots = [Circle(radius=radius, fill_color=colour, fill_opacity=1, stroke_width=0) for _ in range(3)]
    for place, dot in enumerate(dots):
        dot.move_to((area.left + radius * (1 + 4 * place), area.top - area.height / 2, 0))
    return VGroup(*dots)


def _dimension(area: Area, colour: str, _line: str) -> VMobject:
    width, middle = area.width * 1.4, area.top - area.height / 2
    shaft = block(Area(area.left, middle + LINE_THICKNESS / 2, width, LINE_THICKNESS), colour)
    ends = [
        block(Area(x, area.top + area.height * 0.6, LINE_THICKNESS * 1.4, area.height * 2.2), colour)
        for x in (area.left, area.left + width - LINE_THICKNESS)
    ]
    return VGroup(shaft, *ends)


def _pill(area: Area, colour: str, _line: str) -> VMobject:
    shape = RoundedRectangle(width=area.width, height=area.height, corner_radius=area.height / 2.01, stroke_width=0)
    return shape.set_fill(colour, 1).move_to(area.centre)


def _tab(area: Area, colour: str, line: str) -> VMobject:
    thin = Area(area.left, area.top - area.height / 2 + LINE_THICKNESS / 2, area.width * 2, LINE_THICKNESS)
    return VGroup(block(thin, line), block(Area(area.left, area.top, area.width * 0.5, area.height), colour))


BARS: dict[BarShape, Callable[[Area, str, str], VMobject]] = {
    BarShape.DASH: lambda area, colour, _line: block(area, colour),
    BarShape.TAB: _tab,
    BarShape.STROKE: _chalked,
    BarShape.DOUBLE: _double,
    BarShape.BLOCK: lambda area, colour, _line: block(
        Area(area.left, area.top + area.height * 0.4, area.width * 0.7, area.height * 1.8), colour
    ),
    BarShape.DOTS: _dots,
    BarShape.DIMENSION: _dimension,
    BarShape.PILL: _pill,
}


def _cross(half: float, colour: str) -> VMobject:
    flat = block(Area(-half, half / 6, 2 * half, half / 3), colour)
    return VGroup(flat, block(Area(-half / 6, half, half / 3, 2 * half), colour))


def _ring(half: float, colour: str) -> VMobject:
    return Annulus(inner_radius=half * 0.5, outer_radius=half * 0.85, color=colour, fill_opacity=1, stroke_width=0)


MARKERS: dict[MarkerShape, Callable[[float, str], VMobject]] = {
    MarkerShape.DASH: lambda half, colour: block(Area(-half, half * 0.28, 2 * half, half * 0.56), colour),
    MarkerShape.SQUARE: lambda half, colour: block(Area(-half * 0.6, half * 0.6, half * 1.2, half * 1.2), colour),
    MarkerShape.STROKE: lambda half, colour: brush_stroke((-half, -half * 0.1), (half, half * 0.1), half / 2, colour),
    MarkerShape.DIAMOND: lambda half, colour: polygon(
        [(-half * 0.8, 0), (0, half * 0.8), (half * 0.8, 0), (0, -half * 0.8)], colour
    ),
    MarkerShape.BLOCK: lambda half, colour: block(Area(-half, half, 2 * half, 2 * half), colour),
    MarkerShape.LEAF: lambda half, colour: leaf((-half, -half * 0.4), (half, half * 0.6), half, colour),
    MarkerShape.CROSS: _cross,
    MarkerShape.RING: _ring,
}
