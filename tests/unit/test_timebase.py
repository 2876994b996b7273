"""Exact time: seconds to frames and back."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from callsheet.timebase import frames_in, seconds_of

RATES = st.sampled_from((15, 24, 25, 30, 50, 60))


def test_half_a_frame_rounds_up() -> None:
    """0.5 s at 15 frames a second is 7.5 frames, and counts as 8."""
    assert frames_in(0.5, 15) == 8


def test_decimal_seconds_are_taken_as_written() -> None:
    """0.1 s at 30 frames a second is 3 frames, although no float is exactly 0.1."""
    assert frames_in(0.1, 30) == 3
    assert seconds_of(3, 30) == Fraction(1, 10)


@given(frames=st.integers(0, 1_000_000), rate=RATES)
def test_frames_survive_the_way_through_float_seconds(frames: int, rate: int) -> None:
    """A duration written as a float leads back to the frames it came from."""
    assert frames_in(float(seconds_of(frames, rate)), rate) == frames


@given(duration_s=st.floats(0, 10_000), rate=RATES)
def test_no_duration_is_off_by_more_than_half_a_frame(duration_s: float, rate: int) -> None:
    """The nearest whole number of frames is chosen."""
    assert abs(frames_in(duration_s, rate) - Fraction(str(duration_s)) * rate) <= Fraction(1, 2)
