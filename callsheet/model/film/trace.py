"""The trace of a scene: what stands where in the picture, and when. It is measured without a render.

Places are shares of the frame's width and height from its upper left corner. A span is one animation or one pause.
"""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from callsheet.model.film.rehearsal import LayoutFinding
from callsheet.model.values import Value


class ElementKind(StrEnum):
    """What a person reads or sees as one thing."""

    TEXT = "text"
    FORMULA = "formula"
    CODE = "code"
    SHAPE = "shape"
    PICTURE = "picture"

    @property
    def is_read(self) -> bool:
        """Return whether it consists of letters."""
        return self in (ElementKind.TEXT, ElementKind.FORMULA, ElementKind.CODE)


class Place(Value):
    """An upright rectangle in shares of the frame; y grows downwards."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def area(self) -> float:
        """Return its share of the frame's area, as far as it lies in the frame."""
        width = min(self.right, 1.0) - max(self.left, 0.0)
        height = min(self.bottom, 1.0) - max(self.top, 0.0)
        return max(width, 0.0) * max(height, 0.0)


class Element(Value):
    """One thing that a scene shows at some time."""

    kind: ElementKind
    words: str = ""
    """The text that one reads; empty for shapes and pictures."""
    is_set: bool = False
    """Whether a template's kit set it. The layout review of the rehearsal judges the place of all others."""


class Seen(Value):
    """An element at the end of a span."""

    element: int
    """Its place in the trace's list of elements."""
    place: Place
    opacity: float
    """How well it is seen, from 0 to 1."""
    type_px: float | None = None
    """The size of its type in pixels of a picture whose shorter side has 1080; None if it has no letters."""
    contrast: float | None = None
    """The contrast of its faintest letters with the ground, 1 to 21; None if the ground has several colours."""
    colours: tuple[str, ...] = ()
    """The colours of its parts, as #rrggbb."""


class Overlap(Value):
    """Two texts that lie on each other at the end of a span."""

    first: int
    second: int
    letters: float
    """How much they hide of each other, in letters of the smaller type."""


class Span(Value):
    """One animation or pause, and the picture at its end."""

    first_frame: int
    frames: int = Field(ge=0)
    moves: bool
    """Whether anything may move in it; False in a pause on a still picture."""
    seen: tuple[Seen, ...] = ()
    moved: tuple[int, ...] = ()
    """The elements that enter, leave or change in it."""
    overlaps: tuple[Overlap, ...] = ()
    picture: int | None = None
    """The place of its last picture in the strip of pictures, if one was drawn."""


class SceneTrace(Value):
    """A scene without its pixels."""

    name: str
    frame_rate: int = Field(ge=1)
    width: int = Field(ge=1)
    height: int = Field(ge=1)
    ground: str = "#000000"
    """The colour behind everything, as #rrggbb."""
    elements: tuple[Element, ...]
    spans: tuple[Span, ...]
    layout: tuple[LayoutFinding, ...] = ()
    """What the rehearsal remarks on the picture."""

    @model_validator(mode="after")
    def _names_what_it_holds(self) -> Self:
        """Refuse numbers of elements that are not in the list."""
        numbers = {seen.element for span in self.spans for seen in span.seen}
        numbers |= {number for span in self.spans for number in span.moved}
        numbers |= {number for span in self.spans for each in span.overlaps for number in (each.first, each.second)}
        if numbers and not 0 <= min(numbers) <= max(numbers) < len(self.elements):
            raise ValueError("a span names an element that is not in the list")
        return self

    @property
    def frames(self) -> int:
        """Return the length of the scene."""
        return sum(span.frames for span in self.spans)

    @property
    def duration_s(self) -> float:
        """Return the length of the scene in seconds."""
        return self.frames / self.frame_rate
