"""Contents made of words: headings, lists, quotations, numbers to remember."""

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from callsheet.model.content.base import Content, DrawingKeyword, Length, Line, Prose, ProseLine
from callsheet.model.problems import refused
from callsheet.model.values import MAX_NUMBER, Value

Heading = Annotated[ProseLine, Length(1, 160)]
Remark = Annotated[ProseLine, Length(1, 300)]


class TitleContent(Content):
    """The opening of a video."""

    SUMMARY: ClassVar[str] = "The opening: a title, with a line above and below it."
    EXAMPLE: ClassVar[dict[str, Any]] = {
        "kicker": "Calculus in pictures",
        "title": "The fundamental theorem",
        "subtitle": "Why areas and slopes are two sides of one idea",
        "author": "A short film in four scenes",
    }

    title: Heading = Field(title="Title")
    """The title, as short as it can be."""
    kicker: Annotated[ProseLine, Length(0, 80)] = Field("", title="Line above")
    """A few words above the title: the series, the course, the occasion."""
    subtitle: Annotated[ProseLine, Length(0, 240)] = Field("", title="Subtitle")
    """One sentence below the title."""
    author: Annotated[ProseLine, Length(0, 120)] = Field("", title="Author")
    """Who speaks, or when; set small at the foot."""


class SectionContent(Content):
    """The start of a new part."""

    SUMMARY: ClassVar[str] = "The start of a new part: its number and its name."
    EXAMPLE: ClassVar[dict[str, Any]] = {"number": 2, "title": "Slopes", "summary": "From secants to the tangent"}

    title: Heading = Field(title="Title")
    """The name of the part."""
    number: int | None = Field(None, ge=1, le=999, title="Number")
    """The part's number, set large."""
    summary: Annotated[ProseLine, Length(0, 240)] = Field("", title="Summary")
    """What the part is about, in a sentence."""


class ChapterContent(Content):
    """The opening of a chapter, with what comes in it."""

    SUMMARY: ClassVar[str] = "The opening of a chapter: its number, its title, and a list of what comes."
    EXAMPLE: ClassVar[dict[str, Any]] = {
        "number": 2,
        "title": "How a leaf makes sugar",
        "coming": ["Light splits the water", "Air gives the carbon", "Sugar feeds the plant"],
    }

    title: Heading = Field(title="Title")
    """The name of the chapter."""
    number: int | None = Field(None, ge=1, le=999, title="Number")
    """The chapter's number, set large."""
    coming: tuple[Annotated[ProseLine, Length(1, 120)], ...] = Field((), max_length=6, title="What comes")
    """Up to six points of at most 120 characters: what the chapter is about, in order."""


class BulletsContent(Content):
    """A heading and a few points."""

    SUMMARY: ClassVar[str] = "A heading and up to twenty points, one after the other."
    EXAMPLE: ClassVar[dict[str, Any]] = {
        "title": "What makes a proof convincing",
        "points": [
            "Every step follows from the one before it",
            "Each symbol is introduced where it is first used",
            "The idea comes first: for $n >= 2$, split the sum in half",
            "Edge cases such as $n = 1$ are checked by hand",
        ],
    }

    points: tuple[Remark, ...] = Field(min_length=1, max_length=20, title="Points")
    """One to twenty points of at most 300 characters; $…$ holds mathematics and `…` code."""
    title: Annotated[ProseLine, Length(0, 160)] = Field("", title="Heading")
    """A heading above the points."""
    numbered: bool = Field(False, title="Numbered")
    """Number the points instead of marking them."""
    icons: tuple[DrawingKeyword, ...] = Field((), max_length=20, title="Icons")
    """A drawing before each point, by a word such as volcano; an empty text for a point without one."""

    @model_validator(mode="after")
    def _has_a_point_for_each_icon(self) -> Self:
        if len(self.icons) > len(self.points):
            raise refused("icons", f"there are {len(self.icons)} icons for {len(self.points)} points: give one a point")
        return self


class DefinitionContent(Content):
    """A term and what it means."""

    SUMMARY: ClassVar[str] = "A term and what it means, with an example."
    EXAMPLE: ClassVar[dict[str, Any]] = {
        "term": "Derivative",
        "kind": "Definition",
        "meaning": "The number that the slope of a secant approaches as its two points come together: "
        "$f'(x) = lim_(h -> 0) (f(x + h) - f(x)) / h$",
        "for_example": "For $f(x) = x^2$ it is $f'(x) = 2 x$.",
    }

    term: Annotated[ProseLine, Length(1, 80)] = Field(title="Term")
    """The word that is defined."""
    meaning: Annotated[Prose, Length(1, 1200)] = Field(title="Meaning")
    """What it means, in at most 1,200 characters."""
    kind: Annotated[Line, Length(0, 40)] = Field("", title="Kind")
    """A word above the term: Definition, Theorem, noun …"""
    for_example: Annotated[Prose, Length(0, 600)] = Field("", title="Example")
    """An example, set apart."""


class QuoteContent(Content):
    """The words of a person."""

    SUMMARY: ClassVar[str] = "The words of a person, and who said them."
    EXAMPLE: ClassVar[dict[str, Any]] = {
        "quote": "The essence of mathematics lies in its freedom.",
        "speaker": "Georg Cantor",
        "source": "Grundlagen einer allgemeinen Mannigfaltigkeitslehre, 1883",
    }

    quote: Annotated[Prose, Length(1, 1000)] = Field(title="Quotation")
    """The words themselves, without quotation marks, in at most 1,000 characters."""
    speaker: Annotated[ProseLine, Length(0, 120)] = Field("", title="Speaker")
    """Who said it."""
    source: Annotated[ProseLine, Length(0, 200)] = Field("", title="Source")
    """Where it stands."""


class QuestionAndAnswer(Value):
    """A question, and its answer."""

    question: Annotated[ProseLine, Length(1, 160)] = Field(title="Question")
    """The question, in at most 160 characters."""
    answer: Annotated[ProseLine, Length(1, 300)] = Field(title="Answer")
    """The answer, in at most 300 characters; $…$ holds mathematics and `…` code."""


class QaContent(Content):
    """Questions with their answers."""

    SUMMARY: ClassVar[str] = "Up to eight questions, each with its answer: in bubbles, one at a time, or in rows."
    EXAMPLE: ClassVar[dict[str, Any]] = {
        "title": "Two questions about the sky",
        "pairs": [
            {"question": "Why is the sky blue?", "answer": "Air scatters blue light more than red light."},
            {"question": "And why is it red at dusk?", "answer": "The light has lost its blue on a longer way."},
        ],
        "asker": "girl",
        "answerer": "teacher",
    }

    pairs: tuple[QuestionAndAnswer, ...] = Field(min_length=1, max_length=8, title="Questions")
    """One to eight questions, each with its answer, in order."""
    title: Annotated[ProseLine, Length(0, 160)] = Field("", title="Heading")
    """A heading above them."""
    asker: DrawingKeyword = Field("", title="Who asks")
    """A drawing of who asks, by a word such as girl; it stands beside the bubbles."""
    answerer: DrawingKeyword = Field("", title="Who answers")
    """A drawing of who answers, by a word such as teacher; it stands beside the bubbles."""


class Statistic(Value):
    """A number to remember."""

    value: Annotated[Line, Length(1, 24)] = Field(title="Number")
    """The number with its unit, e.g. 42 %, 3.2 million, +18."""
    label: Remark = Field(title="Label")
    """What it counts."""
    trend: Literal["good", "bad", "neutral"] = Field("neutral", title="Trend")
    """Colours the number: good, bad, or neither."""
    icon: DrawingKeyword = Field("", title="Icon")
    """A drawing beside the number, by a word such as factory."""


class StatisticsContent(Content):
    """Numbers to remember."""

    SUMMARY: ClassVar[str] = "One to six big numbers with what they count."
    EXAMPLE: ClassVar[dict[str, Any]] = {
        "title": "One year of measurements",
        "statistics": [
            {"value": "1.46 °C", "label": "above the average of 1850 to 1900", "trend": "bad"},
            {"value": "38 %", "label": "of electricity from low-carbon sources", "trend": "good"},
            {"value": "8.1 billion", "label": "people on the planet"},
        ],
        "source": "Illustrative figures",
    }

    statistics: tuple[Statistic, ...] = Field(min_length=1, max_length=6, title="Numbers")
    """One to six numbers."""
    title: Annotated[ProseLine, Length(0, 160)] = Field("", title="Heading")
    """A heading above the numbers."""
    source: Annotated[ProseLine, Length(0, 200)] = Field("", title="Source")
    """Where the numbers come from; set small at the foot."""


class ComparedSide(Value):
    """One of the two columns."""

    heading: Annotated[ProseLine, Length(1, 80)] = Field(title="Heading")
    """What this column is about."""
    points: tuple[Annotated[ProseLine, Length(1, 200)], ...] = Field(min_length=1, max_length=8, title="Points")
    """One to eight points of at most 200 characters."""
    icon: DrawingKeyword = Field("", title="Icon")
    """A drawing beside the heading, by a word such as robot."""


class ComparisonContent(Content):
    """Two things side by side."""

    SUMMARY: ClassVar[str] = "Two columns of points, side by side."
    EXAMPLE: ClassVar[dict[str, Any]] = {
        "title": "Two ways to integrate",
        "left": {"heading": "By hand", "points": ["Exact", "Needs an antiderivative", "Shows the structure"]},
        "right": {"heading": "Numerically", "points": ["As exact as you pay for", "Works for any $f$", "Fast"]},
        "verdict": "Start by hand; let the machine check.",
    }

    left: ComparedSide = Field(title="Left")
    """The left column."""
    right: ComparedSide = Field(title="Right")
    """The right column."""
    title: Annotated[ProseLine, Length(0, 160)] = Field("", title="Heading")
    """A heading above both columns."""
    verdict: Annotated[ProseLine, Length(0, 240)] = Field("", title="Verdict")
    """A closing sentence below both columns."""


class Event(Value):
    """One stop on a timeline."""

    when: Annotated[Line, Length(1, 32)] = Field(title="When")
    """The date as it is shown: 1687, May 2024, week 3."""
    what: Annotated[ProseLine, Length(1, 160)] = Field(title="What")
    """What happened, in a few words."""


class TimelineContent(Content):
    """Events in order."""

    SUMMARY: ClassVar[str] = "Two to twelve events in their order."
    EXAMPLE: ClassVar[dict[str, Any]] = {
        "title": "How calculus came to be",
        "events": [
            {"when": "c. 250 BC", "what": "Archimedes measures the parabola"},
            {"when": "1637", "what": "Fermat finds tangents"},
            {"when": "1687", "what": "Newton publishes the Principia"},
            {"when": "1821", "what": "Cauchy makes limits exact"},
        ],
    }

    events: tuple[Event, ...] = Field(min_length=2, max_length=12, title="Events")
    """Two to twelve events, in the order in which they are shown."""
    title: Annotated[ProseLine, Length(0, 160)] = Field("", title="Heading")
    """A heading above the timeline."""


class OutroContent(Content):
    """The close of a video."""

    SUMMARY: ClassVar[str] = "The close: a last sentence, and where to go next."
    EXAMPLE: ClassVar[dict[str, Any]] = {
        "message": "Thank you for watching",
        "next_steps": ["Next: integration by parts", "Notes and exercises: example.com/calculus"],
        "credits": "Made with Callsheet",
    }

    message: Heading = Field(title="Message")
    """The last sentence, set large."""
    next_steps: tuple[Annotated[ProseLine, Length(1, 160)], ...] = Field((), max_length=5, title="Next steps")
    """Up to five short lines: what to watch, read or do next."""
    credits: Annotated[ProseLine, Length(0, 300)] = Field("", title="Credits")
    """Who made it; set small at the foot."""


class ExplainContent(Content):
    """A free text, laid out without a language model."""

    SUMMARY: ClassVar[str] = "A free text: its formulas and key sentences, laid out over pages."
    EXAMPLE: ClassVar[dict[str, Any]] = {
        "prompt": "Explain the Pythagorean theorem. In a right triangle the square on the longest side has the same "
        "area as the squares on the other two together: a^2 + b^2 = c^2. Four copies of the triangle fit into a "
        "square of side $a + b$, and what is left over is the square on the longest side.",
    }

    prompt: Annotated[Prose, Length(1, 10_000)] = Field(title="Prompt")
    """Any text, up to 10,000 characters. Formulas are found in $…$ or where they stand, like a^2 + b^2 = c^2."""


class PlaceholderContent(Content):
    """A card in the place of a scene that could not be made."""

    SUMMARY: ClassVar[str] = "A calm card that says which scene is missing."
    EXAMPLE: ClassVar[dict[str, Any]] = {"scene_name": "Introduction", "number": 2}

    scene_name: Annotated[Line, Length(1, 120)] = Field(title="Scene")
    """The name of the missing scene."""
    number: int | None = Field(None, ge=1, le=MAX_NUMBER, title="Number")
    """Its number in the video."""
    reason: Annotated[Line, Length(0, 300)] = Field("", title="Reason")
    """Why it is missing, in a sentence; set small."""
