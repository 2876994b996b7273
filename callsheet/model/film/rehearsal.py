"""What a rehearsal shows of a scene: its code has run, with the animations skipped, in seconds."""

from enum import StrEnum

from callsheet.model.film.media import StoredObject
from callsheet.model.values import Value


class LayoutProblem(StrEnum):
    """What can be wrong with a picture although the code ran."""

    OFF_FRAME = "off-frame"
    OVERLAP = "overlap"
    TOO_SMALL = "too-small"
    EMPTY = "empty"
    HIDDEN = "hidden"
    STRUCK = "struck"
    FAINT = "faint"
    TOO_BRIEF = "too-brief"
    TOO_MUCH = "too-much"
    TYPEFACE = "typeface"
    LENGTH = "length"
    STILL = "still"


class LayoutFinding(Value):
    """One remark on the picture, once for the animation at which it first shows."""

    problem: LayoutProblem
    animation: int
    """Number of the animation at whose end it shows, counted from 1; 0 in a scene that plays none."""
    line: int
    """Line of the scene's source that plays this animation; 0 where it is not known."""
    message: str

    def __str__(self) -> str:
        return f"line {self.line}, animation {self.animation}: {self.message}"


class RehearsalFacts(Value):
    """What the child measures."""

    frames: int
    """Frames that a render will give, exactly."""
    animations: int
    """Calls of `play` and `wait` together: the denominator of a render's progress."""
    layout: tuple[LayoutFinding, ...] = ()


class Rehearsal(RehearsalFacts):
    """The facts, and the scene's last frame."""

    duration_s: float
    poster: StoredObject | None
    """The last frame as PNG; None where the scene ends on an empty stage that was never drawn."""
