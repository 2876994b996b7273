"""What a signpost shows. This module imports no Manim: requests are checked with it, too."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from callsheet.model.content import Content
from callsheet.model.content.base import Length, Line
from callsheet.model.values import Value


class Way(Value):
    """One arm of a signpost."""

    to: Annotated[Line, Length(1, 60)] = Field(title="To")
    """Where it leads."""
    minutes: int = Field(ge=0, le=10_000, title="Minutes")
    """How long it takes on foot."""


class SignpostContent(Content):
    """A place, and how far it is to others."""

    SUMMARY: ClassVar[str] = "A signpost: a place, and the minutes on foot to others."
    SCENE: ClassVar[str] = "callsheet_trail.scene:SignpostScene"
    EXAMPLE: ClassVar[dict[str, Any]] = {
        "place": "The boathouse",
        "ways": [{"to": "The old mill", "minutes": 25}, {"to": "The car park", "minutes": 25}],
    }

    place: Annotated[Line, Length(1, 80)] = Field(title="Place")
    """Where the signpost stands."""
    ways: tuple[Way, ...] = Field(min_length=1, max_length=6, title="Ways")
    """Its arms, from top to bottom."""
