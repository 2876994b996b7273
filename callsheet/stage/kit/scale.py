"""Sizes of type and space: few, named, and in one proportion."""

from enum import IntEnum

BODY_SIZE = 0.38
"""Size of running text in units: 34 pixels at 720 lines, about 60 letters a line in landscape."""
RATIO = 1.25
"""A major third: neighbouring steps are told apart at a glance."""


class Step(IntEnum):
    """Steps of the type scale; each is 1.25 times the one before."""

    NOTE = -2
    CAPTION = -1
    BODY = 0
    LEAD = 1
    TITLE = 2
    HEADLINE = 3
    LARGE = 4
    DISPLAY = 5
    GIANT = 7

    @property
    def size(self) -> float:
        """Return the size of the type, in units."""
        return BODY_SIZE * RATIO**self.value

    @property
    def leading(self) -> float:
        """Return the space between line boxes, in ems: large type is set tighter."""
        return 0.42 if self <= Step.BODY else 0.34 if self <= Step.LEAD else 0.2

    @property
    def weight(self) -> int:
        """Return the weight of the type: headings are semi-bold."""
        return 400 if self <= Step.LEAD else 600


SHRINKS = (1.0, 0.92, 0.84, 0.76)
"""Factors by which a page's type may be made smaller so that it fits, tried in this order; 0.76 is one step."""
GROWS = (1.5, 1.35, 1.2, 1.1)
"""Factors by which it may be larger if there is room, tried in this order."""


class Space:
    """Distances, in units: halves and multiples of one."""

    HAIR = 0.11
    SNUG = 0.22
    BASE = 0.44
    WIDE = 0.66
    SECTION = 0.88
    GREAT = 1.32


BAR_LENGTH = 0.84
BAR_THICKNESS = 0.085
LINE_THICKNESS = 0.022
"""Signature bar and hairlines, in units."""
