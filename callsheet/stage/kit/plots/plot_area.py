"""The plot of a function or a line: its axes, their numbers, and the rectangle between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from manim import Mobject

from callsheet.model.film.colour import mix
from callsheet.model.film.language import number_in
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area, Place
from callsheet.stage.kit.plots.ticks import Axis
from callsheet.stage.kit.scale import Step
from callsheet.stage.kit.strokes import lines
from callsheet.stage.kit.type_block import TypeBlock

NUMBER_GAP = 0.16
"""Distance of numbers from the edge of the plot."""
_GRID_WIDTH, _AXIS_WIDTH = 0.014, 0.026
_GRID_STRENGTH = 0.55


@dataclass(frozen=True)
class PlotArea:
    """A rectangle in which numbers have places."""

    area: Area
    x_axis: Axis
    y_axis: Axis

    def x(self, value: float) -> float:
        """Return the place of `value` on the x axis."""
        return self.area.left + self.area.width * self.x_axis.share(value)

    def y(self, value: float) -> float:
        """Return the place of `value` on the y axis."""
        return self.area.bottom + self.area.height * self.y_axis.share(value)

    def place(self, shares: Place) -> Place:
        """Return the place at shares of width and height."""
        return self.area.left + shares[0] * self.area.width, self.area.bottom + shares[1] * self.area.height


def numbers(axis: Axis, kit: Kit, factor: float) -> list[TypeBlock]:
    """Return the numbers of an axis, each in a box as wide as its text."""
    return [
        kit.label(
            number_in(kit.look.language, text),
            Step.NOTE,
            kit.safe.width,
            colour=kit.palette.muted,
            scale=factor,
            verbatim=True,
        )
        for text in axis.labels
    ]


def widest(blocks: Sequence[TypeBlock]) -> float:
    """Return the width of the widest block."""
    return max((block.box_width for block in blocks), default=0.0)


def place_y_numbers(blocks: Sequence[TypeBlock], plot: PlotArea) -> None:
    """Put the numbers left of the plot, their right edges aligned."""
    for block, tick in zip(blocks, plot.y_axis.ticks, strict=True):
        block.place(plot.area.left - NUMBER_GAP - block.box_width, plot.y(tick) + block.box_height / 2)


def place_x_numbers(blocks: Sequence[TypeBlock], plot: PlotArea) -> None:
    """Put the numbers below the plot, each under its tick."""
    for block, tick in zip(blocks, plot.x_axis.ticks, strict=True):
        block.place(plot.x(tick) - block.box_width / 2, plot.area.bottom - NUMBER_GAP)


def grid(plot: PlotArea, kit: Kit, *, upright: bool = True) -> Mobject:
    """Return thin lines at the ticks: across the plot, and also upright if wanted."""
    area = plot.area
    across = [((area.left, plot.y(tick)), (area.right, plot.y(tick))) for tick in plot.y_axis.ticks]
    up = [((plot.x(tick), area.bottom), (plot.x(tick), area.top)) for tick in plot.x_axis.ticks] if upright else []
    return lines(across + up, mix(kit.palette.line, kit.palette.background, _GRID_STRENGTH), _GRID_WIDTH)


def axis_lines(plot: PlotArea, kit: Kit, *, upright: bool = True) -> Mobject:
    """Return the axes: through zero if zero is in the plot, else at its lower and left edge."""
    area = plot.area
    height = plot.y(0.0) if 0 <= plot.y_axis.share(0.0) <= 1 else area.bottom
    left = plot.x(0.0) if 0 <= plot.x_axis.share(0.0) <= 1 else area.left
    axes = [((area.left, height), (area.right, height))]
    if upright:
        axes.append(((left, area.bottom), (left, area.top)))
    return lines(axes, kit.palette.muted, _AXIS_WIDTH)
