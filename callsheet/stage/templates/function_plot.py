"""Function plot: curves in a coordinate system, each named beside its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from manim import Mobject, VMobject

from callsheet.model.content import FunctionPlotContent
from callsheet.model.expression import parse_expression
from callsheet.stage.kit.beats import Beat, Page, directed, heading
from callsheet.stage.kit.declutter import spread_apart
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area
from callsheet.stage.kit.layout import must_fit, stack, stack_height
from callsheet.stage.kit.motion import draw, fade, rise, together
from callsheet.stage.kit.pacing import reading_s
from callsheet.stage.kit.plots.curves import Polyline, polylines, value_range
from callsheet.stage.kit.plots.plot_area import (
    NUMBER_GAP,
    PlotArea,
    axis_lines,
    grid,
    numbers,
    place_x_numbers,
    place_y_numbers,
    widest,
)
from callsheet.stage.kit.plots.ticks import Axis, axis, rounded_axis, with_extent
from callsheet.stage.kit.scale import Space, Step
from callsheet.stage.kit.strokes import lines, stroke
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.templates.base import TemplateScene

_CURVE_WIDTH = 0.055
_DRAWING_S = 1.4
_WIDEST_LABEL_SHARE = 0.27
"""Share of the width that the names of the curves may take beside the plot."""
_LABEL_GAP, _NAME_GAP = 0.25, 0.08
_KEY_LENGTH = 0.5
_NUMBER_DISTANCE = 0.35
"""Least distance of two numbers below the plot."""
_LEAST_WIDTH, _LEAST_HEIGHT = 3.0, 1.7
_TICK_COUNTS = (11, 9, 7, 6, 5, 4, 3, 2)
_TICK_ROOM, _MOST_TICKS = 0.62, 8
"""Height for one tick of the y axis."""


class FunctionPlotScene(TemplateScene):
    """The coordinate system comes first; then one curve after the other is drawn and named in its colour."""

    @staticmethod
    def compose(content: FunctionPlotContent, kit: Kit) -> tuple[Page, ...]:
        """Return one page.

        In landscape, the names stand beside the curves' ends, else in a list above the plot.
        """
        opening, area = heading(kit, content.title)
        # Only the heading follows the direction of its script: x grows to the right everywhere.
        directed((Page(opening),), content.title)
        drawing = must_fit(lambda factor: _drawing(content, kit, area, factor), "functions")
        return (Page((*opening, *drawing.beats(content))),)


@dataclass(frozen=True)
class _Drawing:
    """Everything in place.

    `names` has the label and the key, if any, of each curve that is seen and named.
    """

    ground: tuple[Mobject, ...]
    curves: tuple[VMobject | None, ...]
    names: tuple[tuple[Mobject, ...], ...]

    def beats(self, content: FunctionPlotContent) -> list[Beat]:
        texts = f"{content.x_label} {content.y_label}"
        parts = {name: self.ground for name in ("x_label", "y_label") if getattr(content, name)}
        beats = [Beat(fade(*self.ground), reading_s(texts), self.ground, parts=parts, is_anchor=True)]
        drawn = zip(self.curves, self.names, content.functions, strict=True)
        for place, (curve, names, function) in enumerate(drawn):
            if curve is not None:
                entrance = together(draw(curve, duration_s=_DRAWING_S), *map(rise, names), lag_s=_DRAWING_S * 0.7)
                shown = (curve, *names)
                hold_s = 0.4 + reading_s(function.label)
                beats.append(Beat(entrance, hold_s, shown, parts={f"functions.{place}": shown}))
        return beats


@dataclass(frozen=True)
class _Names:
    """The names of the curves, None for one without a name, and whether they stand beside the plot."""

    blocks: tuple[TypeBlock | None, ...]
    are_beside: bool

    @property
    def shown(self) -> list[TypeBlock]:
        return [block for block in self.blocks if block is not None]

    @property
    def width_beside(self) -> float:
        return widest(self.shown) + _LABEL_GAP if self.are_beside and self.shown else 0.0

    @property
    def height_above(self) -> float:
        if self.are_beside or not self.shown:
            return 0.0
        return stack_height(self.shown, Space.HAIR) + Space.SNUG


def _drawing(content: FunctionPlotContent, kit: Kit, area: Area, factor: float) -> _Drawing | None:
    """Return the drawing with names beside the plot if they fit there, else above it.

    Return None if too little is left for the plot.
    """
    for are_beside in (False,) if kit.frame.is_portrait else (True, False):
        names = _names(content, kit, area, factor, are_beside=are_beside)
        drawing = _drawing_with(names, content, kit, area, factor)
        if drawing is not None:
            return drawing
    return None


def _names(content: FunctionPlotContent, kit: Kit, area: Area, factor: float, *, are_beside: bool) -> _Names:
    width = area.width * _WIDEST_LABEL_SHARE if are_beside else area.width - _KEY_LENGTH - _LABEL_GAP
    blocks = tuple(
        kit.label(function.label, Step.BODY, width, colour=colour if are_beside else "", scale=factor)
        if function.label
        else None
        for function, colour in zip(content.functions, kit.palette.series, strict=False)
    )
    return _Names(blocks, are_beside)


def _drawing_with(names: _Names, content: FunctionPlotContent, kit: Kit, area: Area, factor: float) -> _Drawing | None:
    x_label, y_label = (
        kit.label(text, Step.CAPTION, area.width * 0.8, colour=kit.palette.muted, scale=factor)
        for text in (content.x_label, content.y_label)
    )
    room = area.below(names.height_above + (y_label.box_height + Space.HAIR if content.y_label else 0.0))
    room = room.above(x_label.box_height + Space.HAIR if content.x_label else 0.0)
    fitted = _fitted_plot(content, kit, room, names.width_beside, factor)
    if fitted is None or (names.are_beside and stack_height(names.shown, _NAME_GAP) > fitted[0].area.height):
        return None
    plot, plot_numbers = fitted
    ground: list[Mobject] = [grid(plot, kit), axis_lines(plot, kit), *plot_numbers]
    if content.x_label:
        ground.append(x_label.place(plot.area.right - x_label.box_width, area.bottom + x_label.box_height))
    if content.y_label:
        ground.append(y_label.place(area.left, room.top + y_label.box_height + Space.HAIR))
    return _with_curves(tuple(ground), plot, names, content, kit, area)


def _fitted_plot(
    content: FunctionPlotContent, kit: Kit, room: Area, beside: float, factor: float
) -> tuple[PlotArea, list[TypeBlock]] | None:
    """Return the plot in `room` without the rightmost `beside` units, and its numbers in place.

    Return None if it is too small.
    """
    y_axis = _y_axis(content, min(_MOST_TICKS, max(2, int(room.height / _TICK_ROOM))))
    y_numbers = numbers(y_axis, kit, factor)
    left = widest(y_numbers) + NUMBER_GAP
    x_axis, x_numbers = _x_axis_and_numbers(content, kit, room.width - left - beside, factor)
    left, right = max(left, widest(x_numbers) / 2), max(beside, widest(x_numbers) / 2)
    half, foot = y_numbers[0].box_height / 2, x_numbers[0].box_height + NUMBER_GAP
    area = Area(room.left + left, room.top - half, room.width - left - right, room.height - half - foot)
    if area.width < _LEAST_WIDTH or area.height < _LEAST_HEIGHT:
        return None
    plot = PlotArea(area, x_axis, y_axis)
    place_x_numbers(x_numbers, plot)
    place_y_numbers(y_numbers, plot)
    return plot, [*x_numbers, *y_numbers]


def _x_axis_and_numbers(
    content: FunctionPlotContent, kit: Kit, width: float, factor: float
) -> tuple[Axis, list[TypeBlock]]:
    """Return the axis with as many numbers as stand side by side in `width`."""
    for count in _TICK_COUNTS:
        x_axis = axis(content.x_min, content.x_max, count)
        blocks = numbers(x_axis, kit, factor)
        distance = (width - widest(blocks)) * x_axis.step / (x_axis.high - x_axis.low)
        if widest(blocks) + _NUMBER_DISTANCE <= distance:
            break
    return x_axis, blocks


def _y_axis(content: FunctionPlotContent, most_ticks: int) -> Axis:
    """Return the axis from the content's y_min to its y_max.

    An end that the content leaves open is chosen so that the curves are seen.
    """
    if content.y_min is not None and content.y_max is not None:
        return axis(content.y_min, content.y_max, most_ticks)
    functions = [parse_expression(function.expression) for function in content.functions]
    least, greatest = with_extent(*value_range(functions, content.x_min, content.x_max))
    if content.y_min is not None:
        return axis(content.y_min, max(greatest, content.y_min + (greatest - least)), most_ticks)
    if content.y_max is not None:
        return axis(min(least, content.y_max - (greatest - least)), content.y_max, most_ticks)
    return rounded_axis(least, greatest, most_ticks)


def _with_curves(
    ground: tuple[Mobject, ...], plot: PlotArea, names: _Names, content: FunctionPlotContent, kit: Kit, area: Area
) -> _Drawing:
    pieces = [
        polylines(parse_expression(function.expression), plot.x_axis, plot.y_axis) for function in content.functions
    ]
    curves = tuple(
        stroke([[plot.place(point) for point in line] for line in seen], colour, _CURVE_WIDTH) if seen else None
        for seen, colour in zip(pieces, kit.palette.series, strict=False)
    )
    if names.are_beside:
        return _Drawing(ground, curves, _placed_beside(names, pieces, plot))
    return _Drawing(ground, curves, _placed_above(names, kit, area))


def _placed_beside(names: _Names, pieces: Sequence[list[Polyline]], plot: PlotArea) -> tuple[tuple[Mobject, ...], ...]:
    """Return each name at the height at which its curve is last seen, moved as little as needed."""
    named = [place for place, block in enumerate(names.blocks) if block is not None]
    ends = [plot.place(pieces[place][-1][-1])[1] if pieces[place] else plot.area.bottom for place in named]
    heights = [block.box_height for block in names.shown]
    middles = spread_apart(ends, heights, _NAME_GAP, plot.area.bottom, plot.area.top)
    for block, middle in zip(names.shown, middles, strict=True):
        block.place(plot.area.right + _LABEL_GAP, middle + block.box_height / 2)
    return tuple(() if block is None else (block,) for block in names.blocks)


def _placed_above(names: _Names, kit: Kit, area: Area) -> tuple[tuple[Mobject, ...], ...]:
    """Return a list of the names, each with a line in its curve's colour before it."""
    stack(names.shown, area.left + _KEY_LENGTH + _LABEL_GAP, area.top, Space.HAIR)
    return tuple(
        () if block is None else (_key(block, colour, area), block)
        for block, colour in zip(names.blocks, kit.palette.series, strict=False)
    )


def _key(block: TypeBlock, colour: str, area: Area) -> Mobject:
    height = block.box.get_top()[1] - block.size / 2
    return lines([((area.left, height), (area.left + _KEY_LENGTH, height))], colour, _CURVE_WIDTH)
