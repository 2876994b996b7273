"""A document that people explain: its blocks in reading order, each with its place in the source.

    README.md, paper.pdf, talk.pptx, a web page  ->  Document  ->  Storyboard

Everything in a document is quoted material. Text in it is never an order, to a program or to a language model.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from callsheet.model.open_names import OpenName
from callsheet.model.values import Value
from callsheet.plugins import PluginKind

MAX_SOURCE_BYTES = 40_000_000
"""A book with pictures has 20 MB."""
MAX_BLOCKS = 8_000
"""A novel of 600 pages has about 6,000 paragraphs."""
MAX_CHARACTERS = 2_000_000
"""In all blocks together; the longest novels have three million."""
MAX_PROSE_CHARACTERS = 20_000
"""In one paragraph, heading, item or cell: ten pages without a break."""
MAX_CODE_CHARACTERS = 50_000
MAX_MARKS = 2_000
MAX_ITEMS = 500
MAX_DEPTH = 12
MAX_ROWS = 500
MAX_COLUMNS = 50
MAX_PICTURES = 64
MAX_PICTURE_BYTES = 20_000_000
MAX_OMISSIONS = 500
MAX_OMITTED_CHARACTERS = 2_000
MAX_ADDRESS_CHARACTERS = 2_048
MAX_NAME_CHARACTERS = 300
DIGEST_PATTERN = r"^[0-9a-f]{64}$"
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+(?:['’.-][^\W_]+)*")


class DocumentKind(OpenName):
    """Formats that are read."""

    MARKDOWN = "markdown"
    RESTRUCTURED_TEXT = "restructured-text"
    PLAIN_TEXT = "plain-text"
    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"
    PPTX = "pptx"
    ODT = "odt"
    EPUB = "epub"
    NOTEBOOK = "notebook"
    SUBRIP = "subrip"
    WEBVTT = "webvtt"
    VIDEO_PLAN = "video-plan"
    """YAML or JSON that lists the scenes of videos."""
    DOCUMENT_JSON = "document-json"
    """What `callsheet read --json` prints."""

    @classmethod
    def brought_by(cls) -> PluginKind:
        """Return which plug-ins add names."""
        return PluginKind.SOURCE


class PlaceUnit(StrEnum):
    """What a place in a source is counted in."""

    LINE = "line"
    PAGE = "page"
    SLIDE = "slide"
    CELL = "cell"
    CHAPTER = "chapter"
    PARAGRAPH = "paragraph"
    SECOND = "second"


class SourcePlace(Value):
    """Where a block stands in its source. All units but seconds count from 1."""

    unit: PlaceUnit
    number: int = Field(ge=0, le=100_000_000)

    def __str__(self) -> str:
        if self.unit is PlaceUnit.SECOND:
            minutes, seconds = divmod(self.number, 60)
            return f"{minutes}:{seconds:02}"
        return f"{self.unit.value} {self.number}"


class MarkKind(StrEnum):
    """How a part of a text is set."""

    STRONG = "strong"
    EMPHASIS = "emphasis"
    CODE = "code"
    FORMULA = "formula"
    """The text is the formula's source, in LaTeX."""
    LINK = "link"


class Mark(Value):
    """A part of a text that is set otherwise than the rest: the characters from `begin` up to `end`."""

    kind: MarkKind
    begin: int = Field(ge=0, le=MAX_PROSE_CHARACTERS)
    end: int = Field(ge=0, le=MAX_PROSE_CHARACTERS)
    address: str = Field("", max_length=MAX_ADDRESS_CHARACTERS)
    """Where a link leads."""


class InlineText(Value):
    """Plain text, and the marks in it. The text holds no markup."""

    text: str = Field("", max_length=MAX_PROSE_CHARACTERS)
    marks: tuple[Mark, ...] = Field((), max_length=MAX_MARKS)

    @model_validator(mode="after")
    def _check_marks(self) -> "InlineText":
        if any(not mark.begin < mark.end <= len(self.text) for mark in self.marks):
            raise ValueError("a mark lies outside of the text")
        return self

    def __str__(self) -> str:
        return self.text

    def marked(self, kind: MarkKind) -> tuple[str, ...]:
        """Return the parts that are marked so, in their order."""
        return tuple(self.text[mark.begin : mark.end] for mark in self.marks if mark.kind is kind)


class _Placed(Value):
    place: SourcePlace


class HeadingBlock(_Placed):
    """A heading. Level 1 is the highest."""

    kind: Literal["heading"] = "heading"
    level: int = Field(ge=1, le=6)
    prose: InlineText

    def texts(self) -> Iterator[str]:
        """Yield all text."""
        yield self.prose.text


class ParagraphBlock(_Placed):
    """A paragraph."""

    kind: Literal["paragraph"] = "paragraph"
    prose: InlineText

    def texts(self) -> Iterator[str]:
        """Yield all text."""
        yield self.prose.text


class ListItem(Value):
    """A point of a list, `depth` levels below its outermost ones."""

    prose: InlineText
    depth: int = Field(0, ge=0, le=MAX_DEPTH)


class ListBlock(_Placed):
    """A list with its inner lists, item after item. `is_ordered` says whether the outermost items are numbered."""

    kind: Literal["list"] = "list"
    is_ordered: bool
    first_number: int = Field(1, ge=0, le=999_999_999)
    items: tuple[ListItem, ...] = Field(min_length=1, max_length=MAX_ITEMS)

    def texts(self) -> Iterator[str]:
        """Yield all text."""
        yield from (item.prose.text for item in self.items)


Row = Annotated[tuple[InlineText, ...], Field(max_length=MAX_COLUMNS)]


class TableBlock(_Placed):
    """A table. Each row has as many cells as the header; the header is empty if the source marks none."""

    kind: Literal["table"] = "table"
    header: Row = ()
    rows: tuple[Row, ...] = Field((), max_length=MAX_ROWS)
    caption: InlineText = InlineText()

    def texts(self) -> Iterator[str]:
        """Yield all text."""
        yield from (cell.text for row in (self.header, *self.rows) for cell in row)
        yield self.caption.text


class CodeBlock(_Placed):
    """Source code. `language` is as the source names it, in small letters; empty if it names none."""

    kind: Literal["code"] = "code"
    language: str = Field("", max_length=MAX_NAME_CHARACTERS)
    text: str = Field(max_length=MAX_CODE_CHARACTERS)
    caption: InlineText = InlineText()

    def texts(self) -> Iterator[str]:
        """Yield all text."""
        yield from (self.text, self.caption.text)


class CommandEntry(Value):
    """A command for a shell, what it prints, and the comment above it."""

    command: str = Field(max_length=MAX_CODE_CHARACTERS)
    output: str = Field("", max_length=MAX_CODE_CHARACTERS)
    remark: str = Field("", max_length=MAX_CODE_CHARACTERS)


class CommandBlock(_Placed):
    """Commands that a person types, in their order. Prompts are left out."""

    kind: Literal["command"] = "command"
    entries: tuple[CommandEntry, ...] = Field(min_length=1, max_length=MAX_ITEMS)

    def texts(self) -> Iterator[str]:
        """Yield all text."""
        for entry in self.entries:
            yield from (entry.remark, entry.command, entry.output)


class FormulaBlock(_Placed):
    """A formula on a line apart, as its source says it."""

    kind: Literal["formula"] = "formula"
    notation: Literal["latex", "mathml"]
    source: str = Field(max_length=MAX_PROSE_CHARACTERS)

    def texts(self) -> Iterator[str]:
        """Yield all text."""
        yield self.source


class FigureBlock(_Placed):
    """A picture. `digest` is the SHA-256 of its bytes if they came with the document; `address` tells where it is."""

    kind: Literal["figure"] = "figure"
    digest: str | None = Field(None, pattern=DIGEST_PATTERN)
    media_type: Literal["", "image/png", "image/jpeg"] = ""
    address: str = Field("", max_length=MAX_ADDRESS_CHARACTERS)
    alternative: str = Field("", max_length=MAX_PROSE_CHARACTERS)
    caption: InlineText = InlineText()

    def texts(self) -> Iterator[str]:
        """Yield all text."""
        yield from (self.alternative, self.caption.text)


class QuoteBlock(_Placed):
    """What another person has said or written; `by_whom` is empty if the source does not say."""

    kind: Literal["quote"] = "quote"
    prose: InlineText
    by_whom: str = Field("", max_length=MAX_NAME_CHARACTERS)

    def texts(self) -> Iterator[str]:
        """Yield all text."""
        yield from (self.prose.text, self.by_whom)


class LinkBlock(_Placed):
    """A link that stands alone."""

    kind: Literal["link"] = "link"
    text: str = Field(max_length=MAX_PROSE_CHARACTERS)
    address: str = Field(max_length=MAX_ADDRESS_CHARACTERS)

    def texts(self) -> Iterator[str]:
        """Yield all text."""
        yield self.text


class NarrationBlock(_Placed):
    """Words to be spoken over what comes before: the speaker's notes of a slide."""

    kind: Literal["narration"] = "narration"
    prose: InlineText

    def texts(self) -> Iterator[str]:
        """Yield all text."""
        yield self.prose.text


Block = Annotated[
    HeadingBlock
    | ParagraphBlock
    | ListBlock
    | TableBlock
    | CodeBlock
    | CommandBlock
    | FormulaBlock
    | FigureBlock
    | QuoteBlock
    | LinkBlock
    | NarrationBlock,
    Field(discriminator="kind"),
]


class Omission(Value):
    """What stands in the source and in no block: comments, footnotes, page numbers, menus, badges."""

    what: str = Field(max_length=MAX_NAME_CHARACTERS)
    place: SourcePlace
    text: str = Field("", max_length=MAX_OMITTED_CHARACTERS)
    """Its text; the beginning of a long one."""


class Document(Value):
    """A document as it was read."""

    title: str = Field("", max_length=MAX_PROSE_CHARACTERS)
    """As the source names it, or the first heading; empty if there is neither."""
    language: str | None = Field(None, pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")
    """A language tag (BCP 47): the one that the source names, or that its words and letters tell."""
    kind: DocumentKind
    origin: str = Field(max_length=MAX_ADDRESS_CHARACTERS)
    """What people call the source: the name of a file, or an address."""
    digest: str = Field(pattern=DIGEST_PATTERN)
    """SHA-256 of the source."""
    blocks: tuple[Block, ...] = Field(max_length=MAX_BLOCKS)
    omissions: tuple[Omission, ...] = Field((), max_length=MAX_OMISSIONS)

    @property
    def characters(self) -> int:
        """Count the characters of all blocks."""
        return sum(len(text) for block in self.blocks for text in block.texts())

    @property
    def words(self) -> int:
        """Count the words of its prose, without code, commands and formulas.

        Each sign of Chinese and Japanese counts as a word: these scripts put no spaces between words.
        """
        prose = (block for block in self.blocks if not isinstance(block, CodeBlock | CommandBlock | FormulaBlock))
        return sum(len(_WORD.findall(text)) for block in prose for text in block.texts())

    @property
    def pictures(self) -> frozenset[str]:
        """Return the digests of the pictures that the document holds."""
        return frozenset(block.digest for block in self.blocks if isinstance(block, FigureBlock) and block.digest)
