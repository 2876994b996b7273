"""The base of every template's content, and the kinds of text in its fields."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self, get_args

from pydantic import AfterValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, StringConstraints
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from callsheet.model.open_names import OpenName
from callsheet.model.values import Value
from callsheet.plugins import PluginKind


class TemplateName(OpenName):
    """The kinds of scenes."""

    TITLE = "title"
    SECTION = "section"
    CHAPTER = "chapter"
    BULLETS = "bullets"
    DEFINITION = "definition"
    EQUATION = "equation"
    DERIVATION = "derivation"
    FORMULA_CARD = "formula-card"
    FUNCTION_PLOT = "function-plot"
    GEOMETRY = "geometry"
    CHART = "chart"
    TIMELINE = "timeline"
    COMPARISON = "comparison"
    CODE = "code"
    TERMINAL = "terminal"
    QUOTE = "quote"
    QA = "qa"
    PICTURE = "picture"
    DIAGRAM = "diagram"
    STATISTICS = "statistics"
    PEOPLE = "people"
    ILLUSTRATION = "illustration"
    CALLOUT = "callout"
    PROCESS = "process"
    TABLE = "table"
    SPLIT = "split"
    OUTRO = "outro"
    EXPLAIN = "explain"
    PLACEHOLDER = "placeholder"

    @classmethod
    def brought_by(cls) -> PluginKind:
        """Return which plug-ins add names."""
        return PluginKind.TEMPLATE


class TextKind(StrEnum):
    """How a string is read.

    As words, as words with $mathematics$ and `code` inside, as a formula, exactly as it is written, or not at all: the
    keyword of a drawing is seen as the drawing.
    """

    PLAIN = "plain"
    PROSE = "prose"
    FORMULA = "formula"
    VERBATIM = "verbatim"
    DRAWING = "drawing"


@dataclass(frozen=True)
class Length:
    """How many characters a text may have. The message of a refusal says how many there are."""

    least: int
    most: int

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._checked, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(schema), "minLength": self.least, "maxLength": self.most}

    def _checked(self, text: str) -> str:
        if len(text) < self.least:
            raise PydanticCustomError("text_missing", "this text can't be empty: write at least a word")
        if len(text) > self.most:
            raise PydanticCustomError(
                "text_too_long",
                "this text has {found} characters, and at most {most} fit: shorten it or spread it over more scenes",
                {"found": f"{len(text):,}", "most": f"{self.most:,}"},
            )
        return text


def _one_line(text: str) -> str:
    return _printable(" ".join(text.split()))


def _printable(text: str) -> str:
    """Return `text` without control characters but tab and newline.

    Refuse a text that shows nothing.
    """
    kept = "".join(character for character in text if character.isprintable() or character in _SHAPES_TEXT)
    if text and not any(character.isprintable() and not character.isspace() for character in kept):
        raise PydanticCustomError("blank_text", "there is nothing to show in this text: write words or leave it out")
    return kept


_SHAPES_TEXT = "\n\t\u00a0\u00ad\u2009\u200b\u200c\u200d\u200e\u200f\u202f\u2060\u2066\u2067\u2068\u2069\u3000"
"""Invisible characters that writing needs: breaks, spaces of other scripts, joiners and directions."""
_STRIPPED = StringConstraints(strip_whitespace=True)

Line = Annotated[str, _STRIPPED, AfterValidator(_one_line), TextKind.PLAIN]
"""Words on one line; line breaks become spaces."""
ProseLine = Annotated[str, _STRIPPED, AfterValidator(_one_line), TextKind.PROSE]
"""A sentence or two; $…$ holds mathematics and `…` code."""
Prose = Annotated[str, _STRIPPED, AfterValidator(_printable), TextKind.PROSE]
"""Paragraphs; $…$ holds mathematics and `…` code."""
Formula = Annotated[str, _STRIPPED, AfterValidator(_printable), Length(1, 600), TextKind.FORMULA]
"""Mathematics in LaTeX or as Typst writes it, e.g. integral_0^1 x^2 dif x = 1/3."""
DrawingKeyword = Annotated[str, _STRIPPED, AfterValidator(_one_line), Length(0, 60), TextKind.DRAWING]
"""A word that names a packed drawing, in one of many languages, e.g. volcano, Vulkan or an emoji."""
Verbatim = Annotated[str, AfterValidator(_printable), TextKind.VERBATIM]
"""Text shown exactly as it is written, spaces and line breaks included."""


class Content(Value):
    """The content of one scene."""

    EXAMPLE: ClassVar[dict[str, Any]]
    SUMMARY: ClassVar[str]
    SCENE: ClassVar[str] = ""
    """The scene class of a plug-in's template, as `module:name`; empty for a template of ours."""

    duration_s: float | None = Field(None, ge=1, le=600, title="Length (seconds)")
    """How long the scene lasts. Leave it empty for the time that it takes to read."""

    @classmethod
    def example(cls) -> Self:
        """Return a content that shows the template at its best.

        The gallery, the documentation and the tests use it.
        """
        return cls.model_validate(cls.EXAMPLE)

    def texts(self) -> Iterator[tuple[str, TextKind, str]]:
        """Yield every text in it: its place (“steps.0.formula”), how it is read, and the text."""
        yield from _texts_of(self, ())

    def parts(self) -> tuple[str, ...]:
        """Return the paths of all that it shows, lists and their entries too: `points`, `points.0`, `title`."""
        return tuple(_parts_in(self.model_dump(mode="json", exclude={"duration_s"}), ()))


def _texts_of(value: Value, path: tuple[str, ...]) -> Iterator[tuple[str, TextKind, str]]:
    for name, field in type(value).model_fields.items():
        kinds = [mark for mark in field.metadata if isinstance(mark, TextKind)] or _kinds_in(field.annotation)
        kind = kinds[0] if kinds else TextKind.PLAIN
        yield from _texts_in(getattr(value, name), kind, (*path, name))


def _texts_in(value: Any, kind: TextKind, path: tuple[str, ...]) -> Iterator[tuple[str, TextKind, str]]:
    if isinstance(value, Value):
        yield from _texts_of(value, path)
    elif isinstance(value, tuple):
        for position, item in enumerate(value):
            yield from _texts_in(item, kind, (*path, str(position)))
    elif isinstance(value, str) and not isinstance(value, StrEnum):
        yield ".".join(path), kind, value


def _parts_in(value: Any, path: tuple[str, ...]) -> Iterator[str]:
    """Yield the paths of what is there: no empty text, and no switch."""
    if value is None or isinstance(value, bool) or value in ("", [], {}):
        return
    if path:
        yield ".".join(path)
    if isinstance(value, dict):
        inner: Iterable[tuple[str, Any]] = value.items()
    else:
        inner = ((str(place), item) for place, item in enumerate(value)) if isinstance(value, list) else ()
    for step, item in inner:
        yield from _parts_in(item, (*path, step))


def _kinds_in(annotation: Any) -> list[TextKind]:
    """Return the marks inside a composed annotation, e.g. tuple[Formula, ...] or Formula | None."""
    marks = [mark for mark in getattr(annotation, "__metadata__", ()) if isinstance(mark, TextKind)]
    return marks + [kind for part in get_args(annotation) for kind in _kinds_in(part)]
