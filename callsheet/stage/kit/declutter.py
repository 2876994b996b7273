"""Labels beside what they name, moved apart as little as possible. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from callsheet.stage.kit.frame import Place


def spread_apart(wanted: Sequence[float], heights: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return middles of labels near `wanted`, `gap` apart, between `low` and `high`.

    They keep the order of `wanted`. Their heights and gaps must fit between `low` and `high`.
    """
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    groups: list[_Group] = []
    for place in order:
        groups.append(_Group([place], heights[place], wanted[place], 1))
        while len(groups) > 1 and groups[-2].middle(low, high) + groups[-2].height / 2 + gap > (
            groups[-1].middle(low, high) - groups[-1].height / 2
        ):
            last = groups.pop()
            groups[-1] = groups[-1].joined(last, gap)
    middles = [0.0] * len(wanted)
    for group in groups:
        foot = group.middle(low, high) - group.height / 2
        for place in group.places:
            middles[place] = foot + heights[place] / 2
            foot += heights[place] + gap
    return middles


@dataclass(frozen=True)
class _Group:
    """Labels that touch, from low to high.

    `centre` is the mean of the best places for their group.
    """

    places: list[int]
    height: float
    centre: float
    count: int

    def middle(self, low: float, high: float) -> float:
        return min(high - self.height / 2, max(low + self.height / 2, self.centre))

    def joined(self, above: _Group, gap: float) -> _Group:
        """Return both as one. A label's wish is a wish for the middle of its group."""
        count = self.count + above.count
        height = self.height + gap + above.height
        for_lower = self.centre + (height - self.height) / 2
        for_upper = above.centre - (height - above.height) / 2
        centre = (for_lower * self.count + for_upper * above.count) / count
        return _Group(self.places + above.places, height, centre, count)


@dataclass(frozen=True)
class Box:
    """A rectangle with its sides along the axes."""

    left: float
    bottom: float
    right: float
    top: float

    def overlaps(self, other: Box) -> bool:
        """Return whether the two share more than an edge."""
        return min(self.right, other.right) > max(self.left, other.left) and min(self.top, other.top) > max(
            self.bottom, other.bottom
        )

    def is_inside(self, other: Box) -> bool:
        """Return whether all of it is in `other`."""
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.bottom >= other.bottom
            and self.top <= other.top
        )

    def is_crossed_by(self, start: Place, end: Place) -> bool:
        """Return whether a straight line from `start` to `end` passes through it.

        The method is that of Liang and Barsky (1984).
        """
        entry, leaving = 0.0, 1.0
        for at, step, low, high in (
            (start[0], end[0] - start[0], self.left, self.right),
            (start[1], end[1] - start[1], self.bottom, self.top),
        ):
            if step == 0:
                if not low < at < high:
                    return False
                continue
            near, far = sorted(((low - at) / step, (high - at) / step))
            entry, leaving = max(entry, near), min(leaving, far)
        return entry < leaving


def box_around(middle: Place, width: float, height: float) -> Box:
    """Return the box of that size around `middle`."""
    return Box(middle[0] - width / 2, middle[1] - height / 2, middle[0] + width / 2, middle[1] + height / 2)


def clearest(
    candidates: Iterable[Box], taken: Sequence[Box], segments: Sequence[tuple[Place, Place]], room: Box
) -> Box | None:
    """Return the first of `candidates` that no segment crosses, else the least crossed one.

    It must lie wholly in `room` and apart from what is `taken`. If there is none, return None.
    """
    best, fewest = None, len(segments) + 1
    for box in candidates:
        if not box.is_inside(room) or any(box.overlaps(other) for other in taken):
            continue
        crossings = sum(box.is_crossed_by(start, end) for start, end in segments)
        if crossings == 0:
            return box
        if crossings < fewest:
            best, fewest = box, crossings
    return best
