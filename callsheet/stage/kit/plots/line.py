"""Points joined by a line, for data in a row of time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from manim import DL, UR, Dot, Mobject, Polygon

from callsheet.model.content import ChartContent
from callsheet.stage.kit.beats import Beat
from callsheet.stage.kit.declutter import Box, box_around, clearest
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area, Place
from callsheet.stage.kit.layout import first_fit
from callsheet.stage.kit.motion import draw, fade, rise, together, wipe
from callsheet.stage.kit.pacing import reading_s
from callsheet.stage.kit.plots.plot_area import NUMBER_GAP, PlotArea, axis_lines, grid, numbers, place_y_numbers, widest
from callsheet.stage.kit.plots.ticks import Axis, rounded_axis, with_extent
from callsheet.stage.kit.plots.values import value_labels
from callsheet.stage.kit.scale import Step
from callsheet.stage.kit.strokes import stroke
from callsheet.stage.kit.type_block import TypeBlock

_LINE_WIDTH, _DOT_RADIUS, _LARGE_DOT_RADIUS = 0.055, 0.075, 0.11
_DRAWING_S = 1.6
_FILLED = 0.22
"""Opacity of the area below a line."""
_BETWEEN_NAMES, _NAME_GAP = 0.2, 0.18
_TICK_ROOM, _MOST_TICKS = 0.75, 7
_LEAST_WIDTH, _LEAST_HEIGHT = 2.5, 1.6
_HEADROOM = 0.45
"""Room above the plot for the value of a point at its top."""
_LABEL_DISTANCE, _LABEL_PADDING = 0.2, 0.08
_ALL_NAMED = 8
"""At most this many points have all their values written; of more, only those that stand out."""
_WELL_ABOVE_ZERO = 0.5
"""Zero is on the axis unless the least value is more than this share of the greatest."""


def line(content: ChartContent, kit: Kit, room: Area, *, is_filled: bool = False) -> list[Beat]:
    """Return axes and names, then the line with its points and values, and the area below it if it `is_filled`.

    If too little room is left, return no beats.
    """
    return first_fit(lambda factor: _line(content, kit, room, factor, is_filled=is_filled)) or []


def _line(content: ChartContent, kit: Kit, room: Area, factor: float, *, is_filled: bool) -> list[Beat] | None:
    y_axis = _y_axis(content, min(_MOST_TICKS, max(2, int(room.height / _TICK_ROOM))))
    y_numbers = numbers(y_axis, kit, factor)
    left = room.left + widest(y_numbers) + NUMBER_GAP
    slot = (room.right - left) / len(content.data)
    names = _names(content, kit, [left + slot * (number + 0.5) for number in range(len(content.data))], room, factor)
    foot = max(name.box_height for name in names.values()) + _NAME_GAP
    area = Area(left, room.top - _HEADROOM, room.right - left, room.height - _HEADROOM - foot)
    if area.width < _LEAST_WIDTH or area.height < _LEAST_HEIGHT:
        return None
    plot = PlotArea(area, Axis(-0.5, len(content.data) - 0.5, 1.0), y_axis)
    place_y_numbers(y_numbers, plot)
    for place, name in names.items():
        middle = min(area.right - name.box_width / 2, max(room.left + name.box_width / 2, plot.x(place)))
        name.place(middle - name.box_width / 2, area.bottom - _NAME_GAP)
    ground = (grid(plot, kit, upright=False), axis_lines(plot, kit, upright=False), *y_numbers, *names.values())
    words = " ".join(datum.label for datum in content.data)
    drawn = _drawn_line(content, kit, plot, room, factor, y_numbers)
    if is_filled and len(content.data) > 1:
        below = _area_below(content, kit, plot)
        drawn = replace(
            drawn, motion=together(wipe(below, duration_s=_DRAWING_S), drawn.motion), shows=(below, *drawn.shows)
        )
    return [Beat(fade(*ground), reading_s(words) * 0.5, ground), drawn]


def _area_below(content: ChartContent, kit: Kit, plot: PlotArea) -> Mobject:
    """Return the area between the line and zero, or the edge of the plot that is nearest to zero."""
    zero = min(plot.area.top, max(plot.area.bottom, plot.y(0.0)))
    points = [(plot.x(place), plot.y(datum.value), 0.0) for place, datum in enumerate(content.data)]
    corners = [(points[0][0], zero, 0.0), *points, (points[-1][0], zero, 0.0)]
    return Polygon(*corners, fill_color=kit.palette.accent, fill_opacity=_FILLED, stroke_width=0)


def _y_axis(content: ChartContent, most_ticks: int) -> Axis:
    values = [datum.value for datum in content.data]
    low, high = with_extent(min(values), max(values))
    if 0 < low < _WELL_ABOVE_ZERO * high:
        low = 0.0
    if _WELL_ABOVE_ZERO * low < high < 0:
        high = 0.0
    return rounded_axis(low, high, most_ticks)


def _names(content: ChartContent, kit: Kit, places: Sequence[float], room: Area, factor: float) -> dict[int, TypeBlock]:
    """Return the names below the line by their number.

    All have names, or every second, third … if they would touch.
    """
    for stride in range(1, len(places) + 1):
        names = {number: _name(content, kit, number, factor) for number in range(0, len(places), stride)}
        ends = [
            (places[number] - name.box_width / 2, places[number] + name.box_width / 2) for number, name in names.items()
        ]
        apart = all(left - right >= _BETWEEN_NAMES for (_, right), (left, _) in pairwise(ends))
        if apart and ends[0][0] >= room.left and ends[-1][1] <= room.right:
            break
    return names


def _name(content: ChartContent, kit: Kit, place: int, factor: float) -> TypeBlock:
    widest_name = kit.safe.width / 3
    return kit.label(
        content.data[place].label, Step.NOTE, widest_name, colour=kit.palette.muted, scale=factor, align="center"
    )


def _drawn_line(
    content: ChartContent, kit: Kit, plot: PlotArea, room: Area, factor: float, y_numbers: Sequence[TypeBlock]
) -> Beat:
    points = [(plot.x(place), plot.y(datum.value)) for place, datum in enumerate(content.data)]
    bounds = Box(room.left, plot.area.bottom, room.right, room.top)
    corners = [(each.box.get_corner(DL), each.box.get_corner(UR)) for each in y_numbers]
    taken = [Box(low[0], low[1], high[0], high[1]) for low, high in corners]
    labels = _placed_values(content, kit, bounds, points, factor, taken)
    dots = [_dot(point, kit, is_large=datum.highlight) for point, datum in zip(points, content.data, strict=True)]
    path = [stroke([points], kit.palette.accent, _LINE_WIDTH)] if len(points) > 1 else []
    motion = together(
        *(draw(curve, duration_s=_DRAWING_S) for curve in path), fade(*dots), rise(*labels), lag_s=_DRAWING_S * 0.45
    )
    parts = {f"data.{place}": (dot,) for place, dot in enumerate(dots)}
    return Beat(motion, 0.8 + 0.4 * len(labels), (*path, *dots, *labels), parts=parts)


def _dot(point: Place, kit: Kit, *, is_large: bool) -> Mobject:
    """Return a point of the line; a highlighted one is larger."""
    radius = _LARGE_DOT_RADIUS if is_large else _DOT_RADIUS
    return Dot((*point, 0), radius=radius, color=kit.palette.accent)


def _placed_values(
    content: ChartContent, kit: Kit, room: Box, points: Sequence[Place], factor: float, taken: list[Box]
) -> list[TypeBlock]:
    """Return values beside their points, away from the line.

    A value that finds no room is left to the axis.
    """
    labels = value_labels(content, kit, Step.CAPTION, factor)
    segments = list(pairwise(points))
    placed: list[TypeBlock] = []
    for place in _worth_naming(content):
        label = labels[place]
        box = clearest(_spots(points[place], label), taken, segments, room)
        if box is not None:
            taken.append(box)
            placed.append(label.place(box.left + _LABEL_PADDING, box.top))
    return placed


def _worth_naming(content: ChartContent) -> list[int]:
    """Return the places of the values that are written, the most important first."""
    values = [datum.value for datum in content.data]
    highlighted = [place for place, datum in enumerate(content.data) if datum.highlight]
    ends = [len(values) - 1, 0, values.index(max(values)), values.index(min(values))]
    others = range(len(values)) if len(values) <= _ALL_NAMED else ()
    return list(dict.fromkeys([*highlighted, *ends, *others]))


def _spots(point: Place, label: TypeBlock) -> Iterator[Box]:
    """Yield boxes around `point` for `label`, the best first.

    They are above, below, and beside at either height.
    """
    up = _LABEL_DISTANCE + label.box_height / 2
    aside = label.box_width / 2 + _LABEL_DISTANCE * 0.6
    for x, y in (
        (0, up),
        (0, -up),
        (-aside, up),
        (aside, up),
        (-aside, -up),
        (aside, -up),
        (0, 1.6 * up),
        (0, -1.6 * up),
    ):
        yield box_around((point[0] + x, point[1] + y), label.box_width + 2 * _LABEL_PADDING, label.box_height)
