"""Functions as polylines: finer at bends, interrupted at jumps and gaps. Pure arithmetic.

Points are shares of the plot's width and height, (0, 0) at its lower left and (1, 1) at its upper right corner.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from callsheet.model.expression import RealFunction
from callsheet.stage.kit.plots.ticks import Axis

Point = tuple[float, float]
Polyline = list[Point]

_COARSE = 256
"""Intervals to begin with: each is five pixels of 1280."""
_HALVINGS = 4
"""How often an interval is halved if the curve bends: down to a third of a pixel."""
_SEARCHES = 40
"""Halvings in the search for a jump or the end of the domain: down to the last bits of a number."""
_FLAT = 0.0006
"""Distance from the chord, as a share of the height, below which a curve counts as straight: under half a pixel."""
_BEYOND = 3.0
"""Values are cut at this many heights above and below the plot: only their direction matters there."""


def polylines(function: RealFunction, x_axis: Axis, y_axis: Axis) -> list[Polyline]:
    """Return the part of `function` in the plot, from left to right; empty if all is outside."""
    sampler = _Sampler(function, x_axis, y_axis)
    pieces = [sampler.point(place / _COARSE) for place in range(_COARSE + 1)]
    chain = [pieces[0]]
    for before, after in pairwise(pieces):
        chain.extend(sampler.between(before, after, _HALVINGS))
        chain.append(after)
    return [piece for unbroken in _unbroken(chain) for piece in _clipped(unbroken)]


def value_range(functions: Sequence[RealFunction], low: float, high: float) -> tuple[float, float]:
    """Return the least and greatest value between `low` and `high`, without far ends at a pole.

    If the middle nine tenths of the values span far less than all of them, a quarter of that span is added.
    """
    places = [low + (high - low) * place / 1000 for place in range(1001)]
    values = sorted(value for function in functions for x in places if not math.isnan(value := function(x)))
    least, greatest = values[0], values[-1]
    early, late = values[len(values) // 20], values[-1 - len(values) // 20]
    span = late - early
    if span > 0 and greatest > late + 3 * span:
        greatest = late + span / 4
    if span > 0 and least < early - 3 * span:
        least = early - span / 4
    return least, greatest


@dataclass(frozen=True)
class _Sampler:
    function: RealFunction
    x_axis: Axis
    y_axis: Axis

    def point(self, share: float) -> Point:
        """Return the curve's point at `share` of the width; its height is nan if it has no value."""
        value = self.function(self.x_axis.low + share * (self.x_axis.high - self.x_axis.low))
        return share, min(1 + _BEYOND, max(-_BEYOND, self.y_axis.share(value))) if not math.isnan(value) else math.nan

    def between(self, left: Point, right: Point, halvings: int) -> Iterator[Point]:
        """Yield the points that are needed between two, in order; one without a value marks a gap."""
        middle = self.point((left[0] + right[0]) / 2)
        if _is_straight(left, middle, right):
            return
        if halvings == 0:
            yield from self._edge(left, right)
            return
        yield from self.between(left, middle, halvings - 1)
        yield middle
        yield from self.between(middle, right, halvings - 1)

    def _edge(self, left: Point, right: Point) -> Iterator[Point]:
        """Yield where the curve jumps or ends between two near points; nothing if it is only steep."""
        first, last = left, right
        for _ in range(_SEARCHES):
            middle = self.point((first[0] + last[0]) / 2)
            if not first[0] < middle[0] < last[0]:
                break
            first, last = (first, middle) if _step(first, middle) >= _step(middle, last) else (middle, last)
        if _step(first, last) >= max(_FLAT, _step(left, right) / 2):
            yield from (first, ((first[0] + last[0]) / 2, math.nan), last)


def _is_straight(left: Point, middle: Point, right: Point) -> bool:
    gaps = [math.isnan(point[1]) for point in (left, middle, right)]
    if any(gaps):
        return all(gaps)
    return abs(middle[1] - (left[1] + right[1]) / 2) <= _FLAT


def _step(left: Point, right: Point) -> float:
    """Return the height difference of two points; from a value to none, it is infinite."""
    gaps = math.isnan(left[1]) + math.isnan(right[1])
    return math.inf if gaps == 1 else 0.0 if gaps == 2 else abs(right[1] - left[1])


def _unbroken(chain: Polyline) -> Iterator[Polyline]:
    piece: Polyline = []
    for point in chain:
        if not math.isnan(point[1]):
            piece.append(point)
        elif piece:
            yield piece
            piece = []
    if piece:
        yield piece


def _clipped(piece: Polyline) -> Iterator[Polyline]:
    """Yield the parts of `piece` between the lower and the upper edge."""
    part: Polyline = []
    for start, end in pairwise(piece):
        seen = _segment_inside(start, end)
        if seen is None:
            continue
        if part and part[-1] != seen[0]:
            yield part
            part = []
        part = part or [seen[0]]
        part.append(seen[1])
    if part:
        yield part


def _segment_inside(start: Point, end: Point) -> tuple[Point, Point] | None:
    """Return the part of a segment between the heights 0 and 1."""
    low, high = min(start[1], end[1]), max(start[1], end[1])
    if high < 0 or low > 1:
        return None
    return _moved_inside(start, end), _moved_inside(end, start)


def _moved_inside(point: Point, other: Point) -> Point:
    """Return `point`, or the place at which the segment to `other` crosses its edge.

    Its edge is the one that the point lies beyond.
    """
    if 0 <= point[1] <= 1:
        return point
    edge = 0.0 if point[1] < 0 else 1.0
    along = (edge - point[1]) / (other[1] - point[1])
    return point[0] + along * (other[0] - point[0]), edge
