"""The result of a rehearsal: the code of a scene has run in seconds, with the animations skipped."""

from enum import StrEnum

from callsheet.model.film.media import StoredObject
from callsheet.model.film.voiceover import VoiceoverScript
from callsheet.model.values import Value


class LayoutProblem(StrEnum):
    """Faults of a picture although the code ran."""

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
    GLYPHS = "glyphs"
    """Only a remark: the picture is right, and may be otherwise on a machine with LaTeX."""


class LayoutFinding(Value):
    """One remark on the picture, made once: for the animation at which it first shows."""

    problem: LayoutProblem
    animation: int
    """Number of the animation at whose end it shows, counted from 1; 0 if the scene plays no animation."""
    line: int
    """Line of the scene's source that plays this animation; 0 if it is not known."""
    message: str

    def __str__(self) -> str:
        return f"line {self.line}, animation {self.animation}: {self.message}"


class RehearsalFacts(Value):
    """The measurements of the child process."""

    frames: int
    """The exact number of frames that a render gives."""
    animations: int
    """Calls of `play` and `wait` together: the denominator of a render's progress."""
    layout: tuple[LayoutFinding, ...] = ()
    voiceovers: VoiceoverScript = VoiceoverScript()
    """What the scene's code says by itself."""


class Rehearsal(RehearsalFacts):
    """The facts, and the scene's last frame."""

    duration_s: float
    poster: StoredObject | None
    """The last frame as PNG; None if the scene ends on an empty stage that was never drawn."""
