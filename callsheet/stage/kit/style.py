"""What distinguishes the themes beside their colours: setting of type, small shapes, and how words enter."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from callsheet.model.film.look import FontName, ThemeName

OPTICAL_SIZE = {FontName.EB_GARAMOND: 1.16, FontName.LEAGUE_SPARTAN: 1.08, FontName.QUICKSAND: 1.04}
"""Factors that make small letters of each typeface as high as Inter's, by the eye; 1 for all others."""


class Entrance(Enum):
    """How a block of words enters."""

    LIFT = auto()
    """Upwards by a little."""
    SETTLE = auto()
    """Downwards by a little, as a sheet that is laid down."""
    WRITE = auto()
    """Letter after letter."""
    APPEAR = auto()
    """On the spot."""
    SLIDE = auto()
    """From the side on which one begins to read."""
    SWELL = auto()
    """From a little smaller."""
    FLOAT = auto()
    """Upwards from farther below, slowly."""


class BarShape(Enum):
    """The signature above a title."""

    DASH = auto()
    DOUBLE = auto()
    STROKE = auto()
    BLOCK = auto()
    DOTS = auto()
    DIMENSION = auto()
    PILL = auto()
    TAB = auto()


class MarkerShape(Enum):
    """The mark before an entry of a list."""

    DASH = auto()
    SQUARE = auto()
    STROKE = auto()
    DIAMOND = auto()
    BLOCK = auto()
    LEAF = auto()
    CROSS = auto()
    RING = auto()


@dataclass(frozen=True)
class Style:
    """The style of one theme; lengths in units, tracking in ems."""

    entrance: Entrance
    bar: BarShape
    marker: MarkerShape
    corner: float
    """Radius of the corners of panels and pictures."""
    is_outlined: bool
    """Whether panels have a line around them."""
    title_weight: int
    title_tracking: float
    title_size: float = 1.0
    """Factor of the size of titles: wide letters are set smaller."""


STYLES = {
    ThemeName.MIDNIGHT: Style(Entrance.LIFT, BarShape.DASH, MarkerShape.DASH, 0.14, False, 650, -0.02),
    ThemeName.PAPER: Style(Entrance.SETTLE, BarShape.TAB, MarkerShape.SQUARE, 0.05, True, 700, -0.01),
    ThemeName.CHALK: Style(Entrance.WRITE, BarShape.STROKE, MarkerShape.STROKE, 0.1, True, 700, 0.0),
    ThemeName.JOURNAL: Style(Entrance.APPEAR, BarShape.DOUBLE, MarkerShape.DIAMOND, 0.0, True, 500, 0.0),
    ThemeName.POSTER: Style(Entrance.SLIDE, BarShape.BLOCK, MarkerShape.BLOCK, 0.0, False, 800, -0.02),
    ThemeName.GARDEN: Style(Entrance.SWELL, BarShape.DOTS, MarkerShape.LEAF, 0.32, False, 700, 0.0),
    ThemeName.BLUEPRINT: Style(Entrance.WRITE, BarShape.DIMENSION, MarkerShape.CROSS, 0.0, True, 600, -0.03, 0.9),
    ThemeName.AURORA: Style(Entrance.FLOAT, BarShape.PILL, MarkerShape.RING, 0.22, False, 600, -0.02, 0.96),
}
