"""Axes have numbers that people would choose."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.stage.kit.plots.ticks import Axis, axis, number_text, rounded_axis, with_extent

ENDS = st.floats(-1e15, 1e15).flatmap(lambda low: st.tuples(st.just(low), st.floats(1e-5, 1e15).map(lambda s: low + s)))


def test_steps_are_one_two_or_five() -> None:
    """And as small as the wanted number of ticks allows."""
    assert [axis(0, high, 6).step for high in (1, 2, 4, 7, 10, 30, 0.05)] == pytest.approx(
        [0.2, 0.5, 1, 2, 2, 10, 0.01]
    )


def test_ticks_are_written_with_equal_decimals() -> None:
    """A column of numbers lines up; zero is zero."""
    assert Axis(-1.2, 1.2, 0.5).labels == ("−1.0", "−0.5", "0", "0.5", "1.0")
    assert axis(0, 20_000, 5).labels == ("0", "5,000", "10,000", "15,000", "20,000")
    assert axis(0, 1e9, 6).labels[1] == "0.2·10⁹"


@given(ENDS, st.integers(2, 12))
def test_ticks_lie_on_the_axis_and_are_not_too_many(ends: tuple[float, float], most: int) -> None:
    """Whatever the numbers are, there are at most as many ticks as asked for, in order, and no two look alike."""
    low, high = ends
    if high - low < 1e-6 * max(abs(low), abs(high)):
        return
    found = axis(low, high, most)
    slack = found.step * 1e-6
    assert all(low - slack <= tick <= high + slack for tick in found.ticks)
    assert len(found.ticks) <= most
    assert len(set(found.labels)) == len(found.labels)


@given(ENDS, st.integers(2, 12))
def test_a_rounded_axis_begins_and_ends_at_a_tick(ends: tuple[float, float], most: int) -> None:
    """It reaches as far as asked, and less than a step further."""
    low, high = ends
    if high - low < 1e-6 * max(abs(low), abs(high)):
        return
    found = rounded_axis(low, high, most)
    slack = found.step * 1e-6
    assert found.low <= low + slack
    assert found.high >= high - slack
    assert found.low > low - found.step - slack
    assert found.high < high + found.step + slack
    assert (found.ticks[0], found.ticks[-1]) == pytest.approx((found.low, found.high))


@pytest.mark.parametrize("low, high", [(0, 0), (5, 5), (-5, -5), (1e9, 1e9 + 1e-7), (-1e-9, -1e-9)])
def test_a_constant_gets_an_axis_that_shows_zero(low: float, high: float) -> None:
    """Its height can then be seen."""
    wide_low, wide_high = with_extent(low, high)
    assert wide_low <= 0 <= wide_high
    assert wide_low <= low <= high <= wide_high
    assert wide_low < wide_high


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12.5, "12.5"),
        (-0.25, "−0.25"),
        (1234.0, "1,234"),
        (123_456.0, "123,456"),
        (8.1e9, "8.1·10⁹"),
        (1e15, "10¹⁵"),
        (-3e14, "−3·10¹⁴"),
        (1.2e-5, "1.2·10⁻⁵"),
        (0.0, "0"),
        (1 / 3, "0.3333"),
    ],
)
def test_numbers_are_written_for_reading(value: float, text: str) -> None:
    """Four digits at most after the decimal point count, whole numbers are kept, and very large ones get a power."""
    assert number_text(value, 4) == text


@given(st.floats(-1e15, 1e15, allow_subnormal=False))
def test_a_written_number_is_short(value: float) -> None:
    """It fits beside a bar, whatever it is."""
    assert 1 <= len(number_text(value, 4)) <= 13
    assert not math.isnan(value)
