"""The table of measures, and the values of a review. Pure data.

The numbers are those of the rubric in docs/review.md, which names the source of each limit.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from callsheet.model.film.trace import Place
from callsheet.model.values import Value


class MeasureName(StrEnum):
    """What is measured."""

    BLANK_SHARE = "blank"
    FILL = "fill"
    WORDS_IN_VIEW = "words-in-view"
    WORDS_OF_TEXT = "words-of-text"
    WORD_S = "time-per-word"
    TYPE_PX = "type-size"
    CONTRAST = "contrast"
    OVERFLOW_PX = "overflow"
    OVERLAP = "overlap"
    EDGE_SHARE = "edge-distance"
    LAYOUT = "layout"
    CAPTION_LINE = "caption-line"
    CAPTION_PACE = "caption-pace"
    CAPTION_TIMES = "caption-times"
    EDGES = "left-edges"
    IMBALANCE = "imbalance"
    HUES = "hues"
    HIERARCHY = "hierarchy"
    STILL_S = "longest-still"
    STILL_SHARE = "still-share"
    LARGE_MOTION = "large-motion"
    EARLY_SHARE = "early-share"
    LATE_NEWS = "late-news"
    FRAMINGS = "framings"
    SAME_FRAMING = "same-framing"
    VOICE_PACE = "voice-pace"
    SILENCE_S = "silence"
    COUPLING = "coupling"
    UNCHANGED_S = "unchanged"
    SCENE_S = "scene-length"
    FILM_S = "film-length"
    FLASHES = "flashes"
    BLACK_FRAMES = "black-frames"


@dataclass(frozen=True)
class Measure:
    """One measure: its number in the rubric, what it says, and the limit between good and bad."""

    number: int
    says: str
    unit: str = ""
    most: float | None = None
    """The largest good value."""
    least: float | None = None
    """The smallest good value."""
    is_fault: bool = False
    """Whether a value beyond the limit is a fault; else it is a remark."""

    def is_good(self, value: float) -> bool:
        """Return whether the value keeps the limit; a measure without one is good at any value."""
        return (self.most is None or value <= self.most) and (self.least is None or value >= self.least)

    def worst(self, values: Iterable[float]) -> float:
        """Return the worst of at least one value: the largest one, or the smallest one if they should be large."""
        return min(values) if self.least is not None else max(values)


MEASURES: dict[MeasureName, Measure] = {
    MeasureName.BLANK_SHARE: Measure(1, "share of the time with an empty picture", most=0.0, is_fault=True),
    MeasureName.FILL: Measure(2, "box around everything, as a share of the frame", least=0.4),
    MeasureName.WORDS_IN_VIEW: Measure(3, "most words in view at once", "words"),
    MeasureName.WORDS_OF_TEXT: Measure(3, "words of the longest text", "words", most=10),
    MeasureName.WORD_S: Measure(3, "time in view for each word of a text", "s", least=0.4),
    MeasureName.TYPE_PX: Measure(4, "smallest type at 1080 lines", "px", least=24, is_fault=True),
    MeasureName.CONTRAST: Measure(5, "contrast of the faintest text", ": 1", least=3.0, is_fault=True),
    MeasureName.OVERFLOW_PX: Measure(6, "text beyond the frame, at 1080 lines", "px", most=2, is_fault=True),
    MeasureName.OVERLAP: Measure(6, "texts on each other, in letters", "letters", most=0.3, is_fault=True),
    MeasureName.EDGE_SHARE: Measure(6, "distance of texts from the edge, as a share", least=0.05),
    MeasureName.LAYOUT: Measure(6, "remarks of the rehearsal on the layout", "remarks", most=0, is_fault=True),
    MeasureName.CAPTION_LINE: Measure(7, "longest line of a caption", "characters", most=42),
    MeasureName.CAPTION_PACE: Measure(7, "pace of captions", "characters/s", most=20),
    MeasureName.CAPTION_TIMES: Measure(7, "captions that stand too long, too briefly, too close or over a cut", most=0),
    MeasureName.EDGES: Measure(8, "left edges for each element"),
    MeasureName.IMBALANCE: Measure(8, "difference of the halves' weight, as a share"),
    MeasureName.HUES: Measure(9, "hues beside the neutrals", "hues", most=2),
    MeasureName.HIERARCHY: Measure(10, "largest type by the usual type", "times"),
    MeasureName.STILL_S: Measure(11, "longest time in which nothing moves", "s", most=3.0, is_fault=True),
    MeasureName.STILL_SHARE: Measure(12, "share of the time in which nothing moves", most=0.35),
    MeasureName.LARGE_MOTION: Measure(12, "share of the frames in which half of the picture moves"),
    MeasureName.EARLY_SHARE: Measure(13, "share of the elements that are there after a quarter", most=0.75),
    MeasureName.LATE_NEWS: Measure(13, "elements that are new in the second half", "elements", least=1),
    MeasureName.FRAMINGS: Measure(14, "different layouts in the film", "layouts", least=3),
    MeasureName.SAME_FRAMING: Measure(14, "scenes with the layout of the one before", "scenes", most=0),
    MeasureName.VOICE_PACE: Measure(15, "pace of the voice, with its pauses", "words/min", most=180),
    MeasureName.SILENCE_S: Measure(15, "longest silence between two lines", "s", most=3.0),
    MeasureName.COUPLING: Measure(16, "share of the lines with something new to see at their beginning", least=0.8),
    MeasureName.UNCHANGED_S: Measure(16, "longest speech over an unchanged picture", "s", most=6.0),
    MeasureName.SCENE_S: Measure(18, "length of a scene", "s", most=60),
    MeasureName.FILM_S: Measure(18, "length of the film", "s", most=360),
    MeasureName.FLASHES: Measure(19, "flashes in a second", "flashes", most=3, is_fault=True),
    MeasureName.BLACK_FRAMES: Measure(20, "black frames", "frames", most=0, is_fault=True),
}

UNMEASURED = {
    15: "voice: the film has none that is known by its words",
    16: "coupling of words and pictures: it needs the times of spoken words",
    17: "true numbers: they are compared with the document while the storyboard is written",
}
"""The numbers of the rubric that may be missing in a review, with the reason."""


class ReviewFigure(Value):
    """One measured value of one scene; an empty scene name means the whole film."""

    measure: MeasureName
    scene: str
    value: float


class ReviewFinding(Value):
    """A value beyond its limit, with the scene and the second in it."""

    measure: MeasureName
    scene: str
    second: float
    value: float
    limit: float
    is_fault: bool
    message: str
    places: tuple[Place, ...] = ()
    """What it is about, in the picture."""

    @property
    def number(self) -> int:
        """Return the number of its measure in the rubric."""
        return MEASURES[self.measure].number

    def __str__(self) -> str:
        return f"{self.scene or 'the film'}, {self.second:.1f} s: {self.message}"


class Review(Value):
    """All figures and findings of a film or a scene."""

    subject: str
    figures: tuple[ReviewFigure, ...] = ()
    findings: tuple[ReviewFinding, ...] = ()

    @property
    def faults(self) -> tuple[ReviewFinding, ...]:
        """Return the findings that must not be."""
        return tuple(finding for finding in self.findings if finding.is_fault)

    @property
    def unmeasured(self) -> dict[int, str]:
        """Return the numbers of the rubric that were not measured here, with the reason."""
        measured = {MEASURES[figure.measure].number for figure in self.figures}
        return {number: why for number, why in UNMEASURED.items() if number not in measured}

    def worst(self, measure: MeasureName) -> ReviewFigure | None:
        """Return the worst figure of a measure; None if it was not measured."""
        figures = [figure for figure in self.figures if figure.measure is measure]
        worst = MEASURES[measure].worst([figure.value for figure in figures]) if figures else None
        return next((figure for figure in figures if figure.value == worst), None)


def review_of(subject: str, found: Iterable[ReviewFigure | ReviewFinding]) -> Review:
    """Return what was measured and found as a review."""
    kept = list(found)
    return Review(
        subject=subject,
        figures=tuple(each for each in kept if isinstance(each, ReviewFigure)),
        findings=tuple(each for each in kept if isinstance(each, ReviewFinding)),
    )


def figure(measure: MeasureName, scene: str, value: float) -> ReviewFigure:
    """Return a figure of a scene; an empty name means the whole film."""
    return ReviewFigure(measure=measure, scene=scene, value=round(value, 4))


def finding(
    measure: MeasureName,
    scene: str,
    second: float,
    value: float,
    message: str,
    places: tuple[Place, ...] = (),
    limit: float | None = None,
) -> ReviewFinding:
    """Return a finding; its limit is that of the measure if no other one is given."""
    table = MEASURES[measure]
    known = table.most if table.most is not None else table.least
    bound = limit if limit is not None else known
    assert bound is not None
    return ReviewFinding(
        measure=measure,
        scene=scene,
        second=round(second, 2),
        value=round(value, 3),
        limit=bound,
        is_fault=table.is_fault,
        message=message,
        places=places,
    )


def joined(subject: str, reviews: Iterable[Review]) -> Review:
    """Return several reviews as one."""
    kept = list(reviews)
    return Review(
        subject=subject,
        figures=tuple(figure for review in kept for figure in review.figures),
        findings=tuple(each for review in kept for each in review.findings),
    )


def told_apart(names: Iterable[str]) -> list[str]:
    """Return the names of scenes as findings say them: a name that comes again has its number behind it."""
    times: Counter[str] = Counter()
    told = []
    for name in names:
        times[name] += 1
        told.append(name if times[name] == 1 else f"{name} ({times[name]})")
    return told
