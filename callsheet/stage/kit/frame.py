"""The frame, its safe area and places in it. One unit is an eighth of the frame's shorter side, in every profile."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from callsheet.model.film.profile import RenderProfile
from callsheet.stage.kit.scale import Space

SHORT_SIDE = 8.0
"""Length of the frame's shorter side in units: type is as large in portrait as in landscape, seen at arm's length."""
_PANEL_PADDING, _PANEL_GAP, _PANEL_GAP_BESIDE = 0.5, Space.WIDE, Space.SECTION
Place = tuple[float, float]
"""x and y, in units."""


@dataclass(frozen=True)
class Frame:
    """Width and height of the picture, in units. The origin is its centre, y points up."""

    width: float
    height: float

    @property
    def is_portrait(self) -> bool:
        """Return whether the frame is higher than wide, or square: then columns are better stacked."""
        return self.width <= self.height

    @property
    def is_square(self) -> bool:
        """Return whether the frame is as high as wide: then there is least room for things side by side."""
        return self.width == self.height

    @property
    def is_tall(self) -> bool:
        """Return whether the frame is higher than wide."""
        return self.height > self.width

    @property
    def whole(self) -> Area:
        """Return everything that can be seen."""
        return Area(-self.width / 2, self.height / 2, self.width, self.height)

    @property
    def safe(self) -> Area:
        """Return the area for content.

        EBU R 95 keeps graphics 5 % off the edges. These margins are wider, because air makes a slide calm. In portrait,
        the foot stays free for the controls that phones lay over a video.
        """
        side = 0.75 if self.is_portrait else 1.15
        top, foot = (1.5, 2.2) if self.is_tall else (0.9, 0.85)
        return Area(-self.width / 2 + side, self.height / 2 - top, self.width - 2 * side, self.height - top - foot)


def frame_for(profile: RenderProfile) -> Frame:
    """Return the frame with the proportions of `profile`; its shorter side is eight units long."""
    short = min(profile.width, profile.height)
    return Frame(SHORT_SIDE * profile.width / short, SHORT_SIDE * profile.height / short)


@dataclass(frozen=True)
class Area:
    """A rectangle of the frame: its left and top edge, width and height, in units; y points up."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Return the right edge, as x."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Return the lower edge, as y."""
        return self.top - self.height

    @property
    def centre(self) -> tuple[float, float, float]:
        """Return the middle, as a point."""
        return (self.left + self.width / 2, self.top - self.height / 2, 0.0)

    def inset(self, x: float, y: float | None = None) -> Area:
        """Return the area without a border of `x` at the sides and `y` (or `x`) above and below."""
        y = x if y is None else y
        return Area(self.left + x, self.top - y, self.width - 2 * x, self.height - 2 * y)

    def below(self, height: float) -> Area:
        """Return what is left under the topmost `height` units."""
        return Area(self.left, self.top - height, self.width, self.height - height)

    def above(self, height: float) -> Area:
        """Return what is left over the lowest `height` units."""
        return Area(self.left, self.top, self.width, self.height - height)

    def columns(self, shares: Sequence[float], gap: float) -> tuple[Area, ...]:
        """Return areas side by side, as wide as their `shares`, `gap` apart."""
        free = self.width - gap * (len(shares) - 1)
        widths = [free * share / sum(shares) for share in shares]
        return tuple(
            Area(self.left + offset, self.top, width, self.height)
            for offset, width in zip(_offsets(widths, gap), widths, strict=True)
        )

    def rows(self, shares: Sequence[float], gap: float) -> tuple[Area, ...]:
        """Return areas one under the other, as high as their `shares`, `gap` apart."""
        free = self.height - gap * (len(shares) - 1)
        heights = [free * share / sum(shares) for share in shares]
        return tuple(
            Area(self.left, self.top - offset, self.width, height)
            for offset, height in zip(_offsets(heights, gap), heights, strict=True)
        )


def _offsets(sizes: Sequence[float], gap: float) -> Iterator[float]:
    offset = 0.0
    for size in sizes:
        yield offset
        offset += size + gap


class EdgePanel(NamedTuple):
    """A surface up to three edges of the frame, the place for what stands on it, and the room that is left."""

    surface: Area
    place: Area
    room: Area


def edge_panel(frame: Frame, share: float, share_above: float) -> EdgePanel:
    """Return a surface at the side where reading begins, in portrait and square one at the top.

    `share` and `share_above` are the shares of the safe area that lie on the surface.
    """
    whole, safe = frame.whole, frame.safe
    if frame.is_portrait:
        place, room = safe.rows([share_above, 1 - share_above], _PANEL_PADDING + _PANEL_GAP)
        return EdgePanel(whole.above(place.bottom - _PANEL_PADDING - whole.bottom), place, room)
    place, room = safe.columns([share, 1 - share], _PANEL_PADDING + _PANEL_GAP_BESIDE)
    surface = Area(whole.left, whole.top, place.right + _PANEL_PADDING - whole.left, whole.height)
    return EdgePanel(surface, place, room)


def arc(centre: Place, radius: float, start: float, end: float) -> list[Place]:
    """Return places on a circle from the angle `start` to `end` in radians.

    They are at most three degrees apart.
    """
    count = max(2, math.ceil(abs(end - start) / math.radians(3)))
    angles = [start + (end - start) * number / count for number in range(count + 1)]
    return [(centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)) for angle in angles]
