"""Exact time: frames are counted in integers and seconds are fractions; floats appear only at the edge."""

from fractions import Fraction


def frames_in(duration_s: float, frame_rate: int) -> int:
    """Return the number of frames nearest to `duration_s` at `frame_rate` frames a second.

    Halves round up.
    """
    return int(Fraction(str(duration_s)) * frame_rate + Fraction(1, 2))


def seconds_of(frames: int, frame_rate: int) -> Fraction:
    """Return the exact length of `frames` frames, in seconds."""
    return Fraction(frames, frame_rate)
