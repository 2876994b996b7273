"""Curves are sampled where they bend, cut where they leave the plot and interrupted where they jump."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from callsheet.model.expression import parse_expression
from callsheet.stage.kit.plots.curves import polylines, value_range
from callsheet.stage.kit.plots.ticks import Axis


def sampled(text: str, x: tuple[float, float] = (-5, 5), y: tuple[float, float] = (-4, 4)):
    """The pieces of a curve in a plot."""
    return polylines(parse_expression(text), Axis(*x, 1.0), Axis(*y, 1.0))


@pytest.mark.parametrize(
    ("text", "pieces"),
    [("x", 1), ("1 / x", 2), ("tan(x)", 5), ("floor(x)", 9), ("sqrt(x)", 1), ("x + 10", 0)],
)
def test_poles_jumps_and_ends_interrupt_the_curve(text: str, pieces: int) -> None:
    """No line is drawn where the function does not go; a single value at a jump is a separate piece."""
    seen = [piece for piece in sampled(text) if len(piece) > 1]
    assert len(seen) == pieces


def test_a_steep_line_is_not_taken_for_a_jump() -> None:
    """It crosses the plot within a millionth of its width, and is drawn from edge to edge."""
    (piece,) = sampled("1e6 * x")
    assert [point[1] for point in (piece[0], piece[-1])] == pytest.approx([0.0, 1.0])


def test_a_curve_begins_where_its_domain_begins() -> None:
    """The root begins at zero, not at the next sample."""
    (piece,) = sampled("sqrt(x - 1)")
    assert piece[0] == pytest.approx((0.6, 0.5), abs=1e-4)


def test_a_bend_gets_more_points_than_a_straight_line() -> None:
    """Sampling is finer where it is seen."""
    assert len(sampled("sin(20 * x)", y=(-1, 1))[0]) > 2 * len(sampled("x", y=(-5, 5))[0])


@pytest.mark.parametrize(
    "text", ["sin(1/x)", "tan(x^2)", "exp(x^3)", "x^x", "floor(x) / x", "sin(1000*x)", "1/(x-1)^2"]
)
def test_every_point_lies_in_the_plot(text: str) -> None:
    """From left to right, nothing outside of it, however wild the function."""
    for piece in sampled(text):
        assert all(0 <= x <= 1 and -1e-9 <= y <= 1 + 1e-9 for x, y in piece)
        assert all(before[0] <= after[0] for before, after in pairwise(piece))


def test_the_range_leaves_out_what_shoots_up_at_a_pole() -> None:
    """A curve without poles is seen whole; one with poles is cut."""
    assert value_range([parse_expression("x^2")], -5, 5) == pytest.approx((0, 25))
    low, high = value_range([parse_expression("1 / x")], -5, 5)
    assert -10 < low < -1 < 1 < high < 10
    assert math.isfinite(low)
