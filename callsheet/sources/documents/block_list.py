"""The blocks of a document while it is read: the limits on sizes, and what is said of a document that passes them."""

import hashlib
import io
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from PIL import Image

from callsheet.errors import InvalidRequest
from callsheet.model.film.document import (
    MAX_ADDRESS_CHARACTERS,
    MAX_BLOCKS,
    MAX_CHARACTERS,
    MAX_CODE_CHARACTERS,
    MAX_COLUMNS,
    MAX_DEPTH,
    MAX_ITEMS,
    MAX_NAME_CHARACTERS,
    MAX_OMISSIONS,
    MAX_OMITTED_CHARACTERS,
    MAX_PICTURE_BYTES,
    MAX_PICTURES,
    MAX_PROSE_CHARACTERS,
    MAX_ROWS,
    Block,
    CodeBlock,
    CommandBlock,
    FigureBlock,
    FormulaBlock,
    HeadingBlock,
    InlineText,
    LinkBlock,
    ListBlock,
    ListItem,
    MarkKind,
    NarrationBlock,
    Omission,
    ParagraphBlock,
    PlaceUnit,
    QuoteBlock,
    SourcePlace,
    TableBlock,
)
from callsheet.sources.documents.prose_builder import one_line, plain, seen
from callsheet.sources.documents.shell_commands import commands_in

MAX_PIXELS = 40_000_000
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "PPM")
LEAST_SIDE_PX = 24
"""Smaller pictures are rules, bullets and counters of visitors."""
PictureType = Literal["image/png", "image/jpeg"]
PICTURE_SUFFIXES: dict[PictureType, str] = {"image/png": ".png", "image/jpeg": ".jpg"}
_BADGE = re.compile(r"\bbadges?\b|\bshields?\.", re.IGNORECASE)
"""In the address of a small picture that a service draws: the state of a build, a version, a count."""
_NOTHING = InlineText()


class NamesFiles(Exception):
    """A document consists of other files, which were not given with it; its arguments are their names."""


@dataclass
class BlockList:
    """Takes blocks in reading order. Pictures are written into `folder`, by their digests.

    Raises:
        InvalidRequest: from every method that adds; the document has more, or larger parts, than is taken.
    """

    folder: Path
    on_progress: Callable[[int], None] = lambda blocks: None
    address: str = ""
    """Where the document comes from, if that is an address: what it names is looked for from there."""
    beside: Mapping[str, bytes] = field(default_factory=dict)
    """Files beside the document that it names, by their names."""
    title: str = ""
    language: str | None = None
    blocks: list[Block] = field(default_factory=list)
    omissions: list[Omission] = field(default_factory=list)
    pictures: dict[str, PictureType] = field(default_factory=dict)
    """Media type of each picture by its digest."""
    _characters: int = 0

    def heading(self, place: SourcePlace, level: int, prose: InlineText) -> None:
        """Add a heading; the document's title is the first one if the source names none."""
        self._check(prose, place, "heading")
        if prose.text:
            self.add(
                HeadingBlock.model_construct(kind="heading", place=place, level=min(max(level, 1), 6), prose=prose)
            )

    def paragraph(self, place: SourcePlace, prose: InlineText) -> None:
        """Add a paragraph; one that is only a link, or only a formula, becomes such a block."""
        self._check(prose, place, "paragraph")
        if not prose.text:
            return
        whole = [mark for mark in prose.marks if (mark.begin, mark.end) == (0, len(prose.text))]
        if link := next((mark for mark in whole if mark.kind is MarkKind.LINK and mark.address), None):
            self.add(LinkBlock.model_construct(kind="link", place=place, text=prose.text, address=link.address))
        elif any(mark.kind is MarkKind.FORMULA for mark in whole):
            self.formula(place, "latex", prose.text)
        else:
            self.add(ParagraphBlock.model_construct(kind="paragraph", place=place, prose=prose))

    def list_of(
        self, place: SourcePlace, items: Sequence[ListItem], *, is_ordered: bool, first_number: int = 1
    ) -> None:
        """Add a list. One with very many items is added in several parts."""
        kept = [item for item in items if item.prose.text]
        for item in kept:
            self._check(item.prose, place, "list item")
        for begin in range(0, len(kept), MAX_ITEMS):
            part = tuple(kept[begin : begin + MAX_ITEMS])
            number = min(max(first_number, 0) + begin, 999_999_999)
            self.add(
                ListBlock.model_construct(
                    kind="list", place=place, is_ordered=is_ordered, first_number=number, items=part
                )
            )

    def table(
        self,
        place: SourcePlace,
        header: Sequence[InlineText],
        rows: Sequence[Sequence[InlineText]],
        caption: InlineText = _NOTHING,
    ) -> None:
        """Add a table. Short rows are filled up; what passes the limits of a table is an omission."""
        all_rows = [row for row in rows if any(cell.text for cell in row)]
        width = max((len(row) for row in (header, *all_rows)), default=0)
        if not any(cell.text for row in (header, *all_rows) for cell in row):
            return
        for cell in (cell for row in (header, *all_rows) for cell in row):
            self._check(cell, place, "table cell")
        dropped = [cell.text for row in all_rows[MAX_ROWS:] for cell in row]
        dropped += [cell.text for row in (header, *all_rows[:MAX_ROWS]) for cell in row[MAX_COLUMNS:]]
        if dropped:
            self.omit(place, f"the part of a table beyond {MAX_ROWS} rows and {MAX_COLUMNS} columns", " ".join(dropped))
        width = min(width, MAX_COLUMNS)
        filled = [
            (*row[:width], *(_NOTHING for _ in range(width - len(row)))) for row in (header, *all_rows[:MAX_ROWS])
        ]
        has_header = any(cell.text for cell in header)
        self.add(
            TableBlock.model_construct(
                kind="table",
                place=place,
                header=filled[0] if has_header else (),
                rows=tuple(filled[1:]),
                caption=caption,
            )
        )

    def code(self, place: SourcePlace, language: str, text: str, caption: InlineText = _NOTHING) -> None:
        """Add code, or the commands that it is a list of."""
        text = seen(text.expandtabs(4)).strip("\n").rstrip()
        words = one_line(language).lower().split()
        language = words[0][:MAX_NAME_CHARACTERS].removeprefix("language-").strip("{}.,") if words else ""
        if not text.strip():
            return
        if len(text) > MAX_CODE_CHARACTERS:
            self.omit(place, f"code of {len(text):,} characters", text)
        elif (entries := commands_in(language, text)) and not caption.text:
            self.add(CommandBlock.model_construct(kind="command", place=place, entries=entries))
        else:
            self.add(CodeBlock.model_construct(kind="code", place=place, language=language, text=text, caption=caption))

    def formula(self, place: SourcePlace, notation: Literal["latex", "mathml"], source: str) -> None:
        """Add a formula on a line apart."""
        source = seen(source).strip()
        if len(source) > MAX_PROSE_CHARACTERS:
            raise InvalidRequest(_too_long("formula", place, len(source), MAX_PROSE_CHARACTERS))
        if source:
            self.add(FormulaBlock.model_construct(kind="formula", place=place, notation=notation, source=source))

    def figure(
        self,
        place: SourcePlace,
        content: bytes = b"",
        address: str = "",
        alternative: str = "",
        caption: InlineText = _NOTHING,
    ) -> None:
        """Add a picture by its bytes, or by where it is."""
        self._check(caption, place, "caption")
        address = one_line(address)
        if address.startswith("data:") or len(address) > MAX_ADDRESS_CHARACTERS:
            address = ""
        alternative = one_line(alternative)[:MAX_PROSE_CHARACTERS]
        if not content and _BADGE.search(address):
            self.omit(place, "a badge", alternative)
            return
        digest = self.keep_picture(content) if content else None
        if not (digest or address or alternative or caption.text):
            return
        self.add(
            FigureBlock.model_construct(
                kind="figure",
                place=place,
                digest=digest,
                media_type=self.pictures[digest] if digest else "",
                address=address,
                alternative=alternative,
                caption=caption,
            )
        )

    def quote(self, place: SourcePlace, prose: InlineText, by_whom: str = "") -> None:
        """Add what another person has said or written."""
        self._check(prose, place, "quote")
        if not prose.text:
            self.paragraph(place, plain(by_whom))
        else:
            self.add(
                QuoteBlock.model_construct(
                    kind="quote", place=place, prose=prose, by_whom=one_line(by_whom)[:MAX_NAME_CHARACTERS]
                )
            )

    def narration(self, place: SourcePlace, prose: InlineText) -> None:
        """Add words to be spoken."""
        self._check(prose, place, "note")
        if prose.text:
            self.add(NarrationBlock.model_construct(kind="narration", place=place, prose=prose))

    def omit(self, place: SourcePlace, what: str, text: str = "") -> None:
        """Name what stands in the source and in no block."""
        what, text = one_line(what)[:MAX_NAME_CHARACTERS], one_line(text)
        if len(text) > MAX_OMITTED_CHARACTERS:
            text = text[: MAX_OMITTED_CHARACTERS - 1] + "…"
        if len(self.omissions) < MAX_OMISSIONS - 1:
            self.omissions.append(Omission.model_construct(what=what, place=place, text=text))
        elif len(self.omissions) < MAX_OMISSIONS:
            self.omissions.append(Omission.model_construct(what="more of the same", place=place, text=""))

    def item(self, prose: InlineText, depth: int) -> ListItem:
        """Return a point of a list."""
        return ListItem.model_construct(prose=prose, depth=min(depth, MAX_DEPTH))

    def keep_picture(self, content: bytes) -> str | None:
        """Write a picture as PNG or JPEG, and return its digest.

        Return None for one that can't be read, is tiny, or is one too many.
        """
        if len(content) > MAX_PICTURE_BYTES:
            return None
        kept = _plain_picture(content)
        if kept is None or len(kept[0]) > MAX_PICTURE_BYTES:
            return None
        digest = hashlib.sha256(kept[0]).hexdigest()
        if digest not in self.pictures:
            if len(self.pictures) >= MAX_PICTURES:
                return None
            (self.folder / digest).write_bytes(kept[0])
            self.pictures[digest] = kept[1]
        return digest

    def _check(self, prose: InlineText, place: SourcePlace, what: str) -> None:
        if len(prose.text) > MAX_PROSE_CHARACTERS:
            raise InvalidRequest(_too_long(what, place, len(prose.text), MAX_PROSE_CHARACTERS))

    def add(self, block: Block) -> None:
        """Add a block as it is."""
        self._characters += sum(map(len, block.texts()))
        if len(self.blocks) >= MAX_BLOCKS:
            raise InvalidRequest(
                f"it has more than {MAX_BLOCKS:,} headings, paragraphs and other blocks; give a part of it"
            )
        if self._characters > MAX_CHARACTERS:
            raise InvalidRequest(f"it has more than {MAX_CHARACTERS:,} characters of text; give a part of it")
        self.blocks.append(block)
        self.on_progress(len(self.blocks))


def _plain_picture(content: bytes) -> tuple[bytes, PictureType] | None:
    """The picture as PNG or JPEG, and its media type; None for one that can't be read, or is tiny."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
                if image.width * image.height > MAX_PIXELS or min(image.size) < LEAST_SIDE_PX:
                    return None
                image.load()
                if image.format == "JPEG" and image.mode in {"RGB", "L"}:
                    return content, "image/jpeg"
                if image.format == "PNG" and not getattr(image, "is_animated", False):
                    return content, "image/png"
                written = io.BytesIO()
                is_see_through = image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
                image.convert("RGBA" if is_see_through else "RGB").save(written, "PNG", compress_level=3)
                return written.getvalue(), "image/png"
        except Exception:  # whatever a damaged picture makes Pillow raise
            return None


def _too_long(what: str, place: SourcePlace, found: int, most: int) -> str:
    at = f"that begins at {place}" if place.unit is not PlaceUnit.SECOND else f"at {place}"
    return f"the {what} {at} has {found:,} characters, and at most {most:,} are taken; divide it into shorter ones"


def at(unit: PlaceUnit, number: int) -> SourcePlace:
    """Return a place in the source."""
    return SourcePlace.model_construct(unit=unit, number=max(0, number))
