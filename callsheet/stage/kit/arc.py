"""Places in the frame. Pure arithmetic."""

from __future__ import annotations

import math

Place = tuple[float, float]
"""x and y, in units."""


def arc(centre: Place, radius: float, start: float, end: float) -> list[Place]:
    """Places on a circle, one every three degrees or nearer, from the angle `start` to `end` in radians."""
    count = max(2, math.ceil(abs(end - start) / math.radians(3)))
    angles = [start + (end - start) * number / count for number in range(count + 1)]
    return [(centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)) for angle in angles]
