"""Contents that are drawn: mathematics, plots, geometry, charts, diagrams."""

import math
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from callsheet.model.content.base import Content, Formula, Length, Line, ProseLine
from callsheet.model.expression import ExpressionError, parse_expression
from callsheet.model.problems import refused
from callsheet.model.values import Value

_LEAST_EXTENT = 1e-6
"""Least length of an axis, as a share of its largest number: six digits can be told apart, more can't be read."""
_TRIED = 400
"""Places at which a function is tried before Callsheet says that it has no value."""

Title = Annotated[ProseLine, Length(0, 160)]
Label = Annotated[ProseLine, Length(0, 60)]
Name = Annotated[Line, Length(1, 12), Field(pattern=r"^[A-Za-z][A-Za-z0-9_']*$")]

Identifier = Annotated[Line, Length(1, 80)]
"""Names a thing that viewers never see by this name: any word will do."""


class EquationContent(Content):
    """A formula that changes step by step."""

    SUMMARY: ClassVar[str] = "A formula whose steps morph one into the next."
    EXAMPLE: ClassVar[dict[str, Any]] = {
        "title": "Completing the square",
        "steps": [
            "x^2 + 6 x + 5 = 0",
            "x^2 + 6 x + 9 = 4",
            "(x + 3)^2 = 4",
            "x + 3 = plus.minus 2",
            'x = -1 quad "or" quad x = -5',
        ],
        "caption": "Add 4 to both sides, and the left side is a square.",
    }

    steps: tuple[Formula, ...] = Field(min_length=1, max_length=12, title="Steps")
    """One to twelve formulas, in LaTeX or Typst; each turns into the next."""
    title: Title = Field("", title="Heading")
    """A heading above the formula."""
    caption: Annotated[ProseLine, Length(0, 300)] = Field("", title="Caption")
    """A sentence below the formula."""


class DerivationLine(Value):
    """One line of a derivation and why it holds."""

    formula: Formula = Field(title="Formula")
    """The line, in LaTeX or Typst; & marks where lines are aligned."""
    reason: Annotated[ProseLine, Length(0, 160)] = Field("", title="Reason")
    """Why it follows from the line before."""


class DerivationContent(Content):
    """A chain of lines, each with its reason."""

    SUMMARY: ClassVar[str] = "Lines of a derivation that build up, each with its reason."
    EXAMPLE: ClassVar[dict[str, Any]] = {
        "title": "The derivative of $x^2$",
        "lines": [
            {"formula": "f'(x) = lim_(h -> 0) ((x + h)^2 - x^2) / h", "reason": "by definition"},
            {"formula": "= lim_(h -> 0) (2 x h + h^2) / h", "reason": "multiply out"},
            {"formula": "= lim_(h -> 0) (2 x + h)", "reason": "cancel $h$"},
            {"formula": "= 2 x", "reason": "let $h$ go to zero"},
        ],
    }

    lines: tuple[DerivationLine, ...] = Field(min_length=1, max_length=12, title="Lines")
    """One to twelve lines, in order."""
    title: Title = Field("", title="Heading")
    """A heading above the lines."""


class LegendEntry(Value):
    """A sign of a formula, and what it means."""

    sign: Annotated[Formula, Length(1, 60)] = Field(title="Sign")
    """The sign, as it stands in the formula."""
    meaning: Annotated[ProseLine, Length(1, 100)] = Field(title="Meaning")
    """What it means, in a few words."""
    unit: Annotated[ProseLine, Length(0, 40)] = Field("", title="Unit")
    """The unit in which it is measured."""


class FormulaCardContent(Content):
    """One formula, with what each of its signs means."""

    SUMMARY: ClassVar[str] = "One formula, large; each of its signs lights up as its meaning and its unit appear."
    EXAMPLE: ClassVar[dict[str, Any]] = {
        "title": "Newton's law of gravity",
        "formula": "F = G (m_1 m_2) / r^2",
        "legend": [
            {"sign": "F", "meaning": "The force between two bodies", "unit": "newtons"},
            {"sign": "m_1 m_2", "meaning": "Their masses", "unit": "kilograms"},
            {"sign": "r", "meaning": "The distance of their centres", "unit": "metres"},
        ],
    }

    formula: Formula = Field(title="Formula")
    """The formula, in LaTeX or Typst."""
    legend: tuple[LegendEntry, ...] = Field(min_length=1, max_length=8, title="Legend")
    """One to eight signs of the formula with their meanings, in the order in which they are explained."""
    title: Title = Field("", title="Heading")
    """A heading above the formula."""


class PlottedFunction(Value):
    """A curve y = f(x)."""

    expression: Annotated[Line, Length(1, 200)] = Field(title="Expression")
    """f(x) with + - * / ^, numbers, x, pi, e and sin, cos, tan, exp, log, sqrt, abs, e.g. sin(x) / x."""
    label: Annotated[ProseLine, Length(0, 80)] = Field("", title="Label")
    """Shown beside the curve, e.g. $sin(x) / x$."""

    @model_validator(mode="after")
    def _can_be_read(self) -> Self:
        try:
            parse_expression(self.expression)
        except ExpressionError as error:
            raise refused("expression", str(error)) from None
        return self


class FunctionPlotContent(Content):
    """Curves in a coordinate system."""

    SUMMARY: ClassVar[str] = "One to four functions drawn in a coordinate system."
    EXAMPLE: ClassVar[dict[str, Any]] = {
        "title": "A wave that fades",
        "functions": [
            {"expression": "exp(-x / 4) * cos(3 * x)", "label": "$e^(-x\\/4) cos 3 x$"},
            {"expression": "exp(-x / 4)", "label": "$e^(-x\\/4)$"},
        ],
        "x_min": 0,
        "x_max": 10,
        "y_min": -1.2,
        "y_max": 1.2,
        "x_label": "time",
    }

    functions: tuple[PlottedFunction, ...] = Field(min_length=1, max_length=4, title="Functions")
    """One to four curves."""
    title: Title = Field("", title="Heading")
    """A heading above the plot."""
    x_min: float = Field(-5, ge=-1e6, le=1e6, title="x from")
    """Left end of the x axis."""
    x_max: float = Field(5, ge=-1e6, le=1e6, title="x to")
    """Right end of the x axis."""
    y_min: float | None = Field(None, ge=-1e6, le=1e6, title="y from")
    """Lower end of the y axis; if it is empty, Callsheet chooses it from the curves."""
    y_max: float | None = Field(None, ge=-1e6, le=1e6, title="y to")
    """Upper end of the y axis; if it is empty, Callsheet chooses it from the curves."""
    x_label: Label = Field("", title="x label")
    """What x is."""
    y_label: Label = Field("", title="y label")
    """What y is."""

    @model_validator(mode="after")
    def _has_extent(self) -> Self:
        if self.x_max <= self.x_min:
            raise refused("x_max", "must be greater than x_min")
        if self.y_min is not None and self.y_max is not None and self.y_max <= self.y_min:
            raise refused("y_max", "must be greater than y_min")
        if self.x_max - self.x_min < _LEAST_EXTENT * max(abs(self.x_min), abs(self.x_max)):
            raise refused("x_max", "is so near to x_min that the numbers on the axis would be alike")
        return self

    @model_validator(mode="after")
    def _has_values(self) -> Self:
        step = (self.x_max - self.x_min) / _TRIED
        places = [self.x_min + step * place for place in range(_TRIED + 1)]
        for position, plotted in enumerate(self.functions):
            values = [value for value in map(parse_expression(plotted.expression), places) if not math.isnan(value)]
            if not values:
                raise refused(f"functions.{position}.expression", "has no value anywhere between x_min and x_max")
            if self.y_max is not None and min(values) > self.y_max:
                raise refused(f"functions.{position}.expression", "is nowhere below y_max: nothing of it would be seen")
            if self.y_min is not None and max(values) < self.y_min:
                raise refused(f"functions.{position}.expression", "is nowhere above y_min: nothing of it would be seen")
        return self


class Datum(Value):
    """One bar, or one point of a line."""

    label: Annotated[ProseLine, Length(1, 40)] = Field(title="Label")
    """Its name on the axis."""
    value: float = Field(ge=-1e15, le=1e15, title="Value")
    """Its height."""
    highlight: bool = Field(False, title="Highlight")
    """Draw it in the accent colour, and the others muted."""


class ChartContent(Content):
    """Values as bars or as a line."""

    SUMMARY: ClassVar[str] = "Values as bars or as a line."
    EXAMPLE: ClassVar[dict[str, Any]] = {
        "title": "Rendering time of one scene",
        "kind": "bar",
        "data": [
            {"label": "default", "value": 12.5},
            {"label": "veryfast", "value": 10.4},
            {"label": "two encoders", "value": 9.2, "highlight": True},
            {"label": "ultrafast", "value": 8.3},
        ],
        "unit": "s",
        "source": "8 s at 1080p60 on two cores",
    }

    data: tuple[Datum, ...] = Field(min_length=1, max_length=24, title="Data")
    """One to twenty-four values, in order."""
    kind: Literal["bar", "line"] = Field("bar", title="Kind")
    """Bars, or points joined by a line."""
    title: Title = Field("", title="Heading")
    """A heading above the chart: what it shows."""
    unit: Annotated[Line, Length(0, 24)] = Field("", title="Unit")
    """Written after each value, e.g. %, s, km."""
    source: Annotated[ProseLine, Length(0, 200)] = Field("", title="Source")
    """Where the data comes from; set small at the foot."""


class DiagramBox(Value):
    """A box with a word in it."""

    name: Identifier = Field(title="Name")
    """A short name that arrows refer to."""
    label: Annotated[ProseLine, Length(1, 80)] = Field(title="Label")
    """The word in the box."""
    highlight: bool = Field(False, title="Highlight")
    """Draw it in the accent colour."""


class DiagramArrow(Value):
    """An arrow from box to box."""

    source: Identifier = Field(title="From")
    """The box where it starts."""
    target: Identifier = Field(title="To")
    """The box where it ends."""
    label: Annotated[ProseLine, Length(0, 40)] = Field("", title="Label")
    """A word beside it."""


class DiagramContent(Content):
    """Boxes and arrows."""

    SUMMARY: ClassVar[str] = "Boxes joined by arrows, laid out by what leads to what."
    EXAMPLE: ClassVar[dict[str, Any]] = {
        "title": "From words to film",
        "boxes": [
            {"name": "brief", "label": "Brief"},
            {"name": "code", "label": "Scene code"},
            {"name": "clip", "label": "Clip"},
            {"name": "video", "label": "Video", "highlight": True},
            {"name": "sound", "label": "Sound"},
        ],
        "arrows": [
            {"source": "brief", "target": "code", "label": "write"},
            {"source": "code", "target": "clip", "label": "render"},
            {"source": "clip", "target": "video", "label": "join"},
            {"source": "sound", "target": "video"},
        ],
    }

    boxes: tuple[DiagramBox, ...] = Field(min_length=1, max_length=16, title="Boxes")
    """One to sixteen boxes."""
    arrows: tuple[DiagramArrow, ...] = Field((), max_length=32, title="Arrows")
    """Up to thirty-two arrows, in the order in which they are drawn."""
    title: Title = Field("", title="Heading")
    """A heading above the diagram."""

    @model_validator(mode="after")
    def _arrows_join_boxes(self) -> Self:
        known = {box.name for box in self.boxes}
        if len(known) < len(self.boxes):
            raise refused("boxes", "two boxes have the same name: give each another one")
        for position, arrow in enumerate(self.arrows):
            for end, name in (("source", arrow.source), ("target", arrow.target)):
                if name not in known:
                    raise refused(f"arrows.{position}.{end}", f"there is no box named {name}")
            if arrow.source == arrow.target:
                raise refused(f"arrows.{position}.target", "an arrow leads to another box than the one it starts at")
        return self
