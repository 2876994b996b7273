"""Contents that show something as it is: code, a terminal, a picture."""

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from callsheet.model.content.base import Content, Length, Line, ProseLine, Verbatim
from callsheet.model.problems import refused
from callsheet.model.values import MAX_NUMBER, Value

MAX_CODE_LINES = 60
MAX_CODE_COLUMNS = 120


class LineRange(Value):
    """Lines of code to look at, and a note about them."""

    first: int = Field(ge=1, le=MAX_NUMBER, title="First line")
    """The first line, counted from 1."""
    last: int = Field(ge=1, le=MAX_NUMBER, title="Last line")
    """The last line."""
    note: Annotated[ProseLine, Length(0, 200)] = Field("", title="Note")
    """What these lines do."""

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if self.last < self.first:
            raise refused("last", "a range ends at or after its first line")
        return self


class CodeContent(Content):
    """A walk through a piece of code."""

    SUMMARY: ClassVar[str] = "A piece of code, with the lines to look at one range after the other."
    EXAMPLE: ClassVar[dict[str, Any]] = {
        "title": "Newton's method",
        "language": "python",
        "code": "def root(f, slope, x, tolerance=1e-12):\n"
        '    """Follow the tangent until the value is nearly zero."""\n'
        "    while abs(f(x)) > tolerance:\n"
        "        x = x - f(x) / slope(x)\n"
        "    return x\n\n\n"
        "print(root(lambda x: x * x - 2, lambda x: 2 * x, 1.0))",
        "steps": [
            {"first": 3, "last": 4, "note": "Each step lands where the tangent meets the axis"},
            {"first": 8, "last": 8, "note": "Six steps give $sqrt(2)$ to twelve digits"},
        ],
    }

    code: Annotated[Verbatim, Length(1, 6000)] = Field(title="Code")
    """At most 60 lines of at most 120 characters."""
    language: Annotated[Line, Length(0, 24), Field(pattern=r"^[A-Za-z0-9+#._-]*$")] = Field("", title="Language")
    """The name of the language, e.g. python, rust, sql; it colours the code."""
    title: Annotated[ProseLine, Length(0, 160)] = Field("", title="Heading")
    """A heading above the code, e.g. a file name."""
    steps: tuple[LineRange, ...] = Field((), max_length=12, title="Steps")
    """Up to twelve ranges of lines to look at, in order."""

    @model_validator(mode="after")
    def _has_lines_to_point_at(self) -> Self:
        lines = self.code.splitlines()
        if len(lines) > MAX_CODE_LINES:
            raise refused("code", f"shows at most {MAX_CODE_LINES} lines, not {len(lines)}: split it over scenes")
        longest = max(map(len, lines), default=0)
        if longest > MAX_CODE_COLUMNS:
            raise refused("code", f"a line may have {MAX_CODE_COLUMNS} characters, not {longest}: break it")
        for position, step in enumerate(self.steps):
            if step.last > len(lines):
                raise refused(f"steps.{position}.last", f"the code has {len(lines)} lines, not {step.last}")
        return self


class TerminalEntry(Value):
    """A line that is typed, or an answer of the machine."""

    kind: Literal["input", "output"] = Field("input", title="Kind")
    """input: typed after the prompt sign. output: printed by the machine."""
    text: Annotated[Verbatim, Length(1, 1000)] = Field(title="Text")
    """One line, or several, exactly as they are."""


class TerminalContent(Content):
    """A session at a terminal."""

    SUMMARY: ClassVar[str] = "A terminal session: what is typed and what comes back."
    EXAMPLE: ClassVar[dict[str, Any]] = {
        "title": "From words to film",
        "entries": [
            {"kind": "input", "text": "callsheet create calculus.yaml --out films"},
            {"kind": "output", "text": "4 scenes, 1280x720 at 30 frames/s\nfilms/calculus.mp4  1:32  6.1 MB"},
            {"kind": "input", "text": "ffplay films/calculus.mp4"},
        ],
    }

    entries: tuple[TerminalEntry, ...] = Field(min_length=1, max_length=24, title="Entries")
    """One to twenty-four entries, in order."""
    title: Annotated[ProseLine, Length(0, 160)] = Field("", title="Heading")
    """A heading above the terminal."""
    prompt_sign: Annotated[Line, Length(1, 24)] = Field("$", title="Prompt sign")
    """The text in front of typed lines."""


class PictureContent(Content):
    """A picture with its caption."""

    SUMMARY: ClassVar[str] = "A picture with a caption."
    EXAMPLE: ClassVar[dict[str, Any]] = {
        "path": "docs/pictures/example.png",
        "title": "Where it happens",
        "caption": "A picture keeps its proportions; the caption says what to look at",
        "credit": "Own work",
    }

    path: Annotated[Verbatim, Length(1, 1000)] = Field(title="Picture file")
    """A PNG, JPEG, WebP or SVG file on the machine that renders."""
    title: Annotated[ProseLine, Length(0, 160)] = Field("", title="Heading")
    """A heading above the picture."""
    caption: Annotated[ProseLine, Length(0, 300)] = Field("", title="Caption")
    """What the picture shows."""
    credit: Annotated[ProseLine, Length(0, 120)] = Field("", title="Credit")
    """Who made the picture."""
    zoom: bool = Field(True, title="Slow zoom")
    """Move slowly into the picture while it is shown."""
