"""Reads OpenDocument texts (ODT): headings, lists, tables, pictures, quotes, code and formulas."""

import posixpath
from dataclasses import dataclass, field

from callsheet.errors import InvalidRequest
from callsheet.model.film.document import MAX_PICTURE_BYTES, InlineText, ListItem, MarkKind, PlaceUnit, SourcePlace
from callsheet.sources.documents.block_list import BlockList, at
from callsheet.sources.documents.html_page import LANGUAGE
from callsheet.sources.documents.html_walk import Element, math_text, tag_of, text_of
from callsheet.sources.documents.prose_builder import ProseBuilder, one_line, plain
from callsheet.sources.documents.zip_parts import ZipParts

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_LINK = "{http://www.w3.org/1999/xlink}href"
_FORMATTING = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_QUOTES = {"quotations", "quote"}
_CODES = {"preformatted text", "source code", "code"}
_MOST_DEEP = 100
_LEFT_OUT = {
    "annotation": "a comment",
    "tracked-changes": "a change that is kept",
    "bibliography": "a bibliography",
    "table-of-content": "a table of contents",
    "alphabetical-index": "an index",
    "illustration-index": "an index",
    "table-index": "an index",
}


def read(source: bytes, blocks: BlockList) -> None:
    """Add what a text document holds."""
    parts = ZipParts(source)
    manifest = parts.read("META-INF/manifest.xml")
    if b"encryption-data" in manifest:
        raise InvalidRequest("it is protected by a password; save it without one")
    content = parts.xml("content.xml")
    body = None if content is None else content.find(".//{urn:oasis:names:tc:opendocument:xmlns:office:1.0}text")
    if content is None or body is None:
        raise InvalidRequest("there is no text part in it; save it again as ODT")
    meta = parts.xml("meta.xml")
    if meta is not None:
        blocks.title = one_line(meta.xpath("string(//*[local-name()='title'])"))
        language = one_line(meta.xpath("string(//*[local-name()='language'])"))
        if LANGUAGE.fullmatch(language):
            blocks.language = language
    _Reader(parts, blocks, _styles_of(content, parts.xml("styles.xml"))).read(body)


@dataclass(frozen=True)
class _Style:
    """What is told by the style of a paragraph or of a part of its text, or by one that it comes from."""

    name: str = ""
    is_strong: bool = False
    is_slanted: bool = False


def _styles_of(*roots: Element | None) -> dict[str, _Style]:
    """Return the styles by name; one that was made for a single place goes by the name of its parent."""
    found: dict[str, tuple[str, Element]] = {}
    for root in roots:
        for style in () if root is None else root.iter(f"{_STYLE}style"):
            found[style.get(f"{_STYLE}name") or ""] = (style.get(f"{_STYLE}parent-style-name") or "", style)
    styles = {}
    for name, (parent, style) in found.items():
        is_automatic = name[:1].isalpha() and name[1:].isdigit() and style.get(f"{_STYLE}display-name") is None
        shown = parent if parent and is_automatic else name
        properties = style.find(f"{_STYLE}text-properties")
        weight = "" if properties is None else properties.get(f"{_FORMATTING}font-weight") or ""
        slant = "" if properties is None else properties.get(f"{_FORMATTING}font-style") or ""
        styles[name] = _Style(shown.replace("_20_", " ").lower(), weight == "bold", slant == "italic")
    return styles


@dataclass
class _Reader:
    parts: ZipParts
    blocks: BlockList
    styles: dict[str, _Style]
    _number: int = 0
    _pictures: list[Element] = field(default_factory=list)
    _code: list[str] = field(default_factory=list)
    _code_place: SourcePlace | None = None

    def read(self, body: Element, depth: int = 0) -> None:
        """Add the blocks of a body, a section or a frame."""
        for child in body:
            tag = tag_of(child)
            if tag in _LEFT_OUT:
                self.blocks.omit(self._place(), _LEFT_OUT[tag], text_of(child))
            elif tag in {"h", "p", "list", "table", "frame"}:
                self._number += 1
                self._block(child, tag)
            elif tag and depth < _MOST_DEEP:
                self.read(child, depth + 1)
        if depth == 0:
            self._end_code()

    def _place(self) -> SourcePlace:
        return at(PlaceUnit.PARAGRAPH, max(1, self._number))

    def _block(self, element: Element, tag: str) -> None:
        style = self.styles.get(
            element.get(f"{_TEXT}style-name") or "",
            _Style((element.get(f"{_TEXT}style-name") or "").replace("_20_", " ").lower()),
        )
        if tag == "p" and style.name in _CODES:
            self._code_place = self._code_place or self._place()
            self._code.append(_raw_text(element))
            return
        self._end_code()
        match tag:
            case "h":
                level = element.get(f"{_TEXT}outline-level") or "1"
                self.blocks.heading(self._place(), int(level) if level.isdecimal() else 1, self._prose(element))
            case "list":
                items: list[ListItem] = []
                self._take_items(element, 0, items)
                self.blocks.list_of(self._place(), items, is_ordered=self._is_numbered(element))
            case "table":
                self._table(element)
            case "frame":
                self._pictures.append(element)
            case _:
                self._paragraph(element, style)
        self._add_pictures()

    def _paragraph(self, element: Element, style: _Style) -> None:
        prose = self._prose(element)
        if style.name == "title":
            self.blocks.heading(self._place(), 1, prose)
        elif style.name in _QUOTES:
            self.blocks.quote(self._place(), prose)
        else:
            self.blocks.paragraph(self._place(), prose)

    def _end_code(self) -> None:
        """Add the lines of code so far: each was a paragraph."""
        code, self._code = self._code, []
        if code and self._code_place is not None:
            self.blocks.code(self._code_place, "", "\n".join(code))
        self._code_place = None

    def _take_items(self, element: Element, depth: int, items: list[ListItem]) -> None:
        for item in element:
            builder = ProseBuilder()
            for child in item:
                if tag_of(child) == "list":
                    items.append(self.blocks.item(builder.done(), depth))
                    builder = ProseBuilder()
                    if depth < _MOST_DEEP:
                        self._take_items(child, depth + 1, items)
                else:
                    builder.break_line()
                    self._inline(child, builder, 0)
            items.append(self.blocks.item(builder.done(), depth))

    def _is_numbered(self, element: Element) -> bool:
        name = element.get(f"{_TEXT}style-name") or "-"
        root = element.getroottree().getroot()
        for style in root.iter(f"{_TEXT}list-style"):
            if style.get(f"{_STYLE}name") == name:
                first = next(iter(style), None)
                return first is not None and tag_of(first) == "list-level-style-number"
        return False

    def _table(self, element: Element) -> None:
        header: list[InlineText] = []
        rows = []
        for row in element.iter(f"{_TABLE}table-row"):
            cells = [self._cell(cell) for cell in row if tag_of(cell) in {"table-cell", "covered-table-cell"}]
            if tag_of(row.getparent()) == "table-header-rows" and not header:
                header = cells
            else:
                rows.append(cells)
        if not header and len(rows) > 1:
            header, rows = rows[0], rows[1:]
        self.blocks.table(self._place(), header, rows)

    def _cell(self, cell: Element) -> InlineText:
        builder = ProseBuilder()
        for child in cell:
            builder.break_line()
            self._inline(child, builder, 0)
        return builder.done()

    # --- text ---

    def _prose(self, element: Element) -> InlineText:
        builder = ProseBuilder()
        self._inline(element, builder, 0)
        return builder.done()

    def _inline(self, element: Element, builder: ProseBuilder, depth: int) -> None:
        if depth > _MOST_DEEP:
            builder.add(text_of(element))
            return
        builder.add(element.text or "")
        for child in element:
            self._part(child, builder, depth)
            builder.add(child.tail or "")

    def _part(self, child: Element, builder: ProseBuilder, depth: int) -> None:
        match tag_of(child):
            case "s" | "tab":
                builder.add(" ")
            case "line-break":
                builder.break_line()
            case "note" | "annotation":
                self.blocks.omit(self._place(), "a footnote", text_of(child))
            case "frame":
                self._frame(child, builder)
            case "a":
                builder.open(MarkKind.LINK, child.get(_LINK) or "")
                self._inline(child, builder, depth + 1)
                builder.close()
            case "span":
                self._span(child, builder, depth)
            case "":
                pass
            case _:
                self._inline(child, builder, depth + 1)

    def _span(self, child: Element, builder: ProseBuilder, depth: int) -> None:
        style = self.styles.get(child.get(f"{_TEXT}style-name") or "", _Style())
        kinds = [MarkKind.STRONG] * (style.is_strong or "strong" in style.name)
        kinds += [MarkKind.EMPHASIS] * (style.is_slanted or style.name == "emphasis")
        kinds += [MarkKind.CODE] * (style.name in {"source text", "teletype"})
        for kind in kinds:
            builder.open(kind)
        self._inline(child, builder, depth + 1)
        for _ in kinds:
            builder.close()

    def _frame(self, frame: Element, builder: ProseBuilder) -> None:
        """Keep a picture for after the paragraph; a formula is part of the text."""
        for each in frame:
            if tag_of(each) == "object" and (formula := self._formula(each)):
                builder.marked(MarkKind.FORMULA, formula, is_literal=True)
                return
        self._pictures.append(frame)

    def _formula(self, element: Element) -> str:
        name = posixpath.normpath(posixpath.join((element.get(_LINK) or ".").removeprefix("./"), "content.xml"))
        root = self.parts.xml(name)
        if root is None or tag_of(root) != "math":
            return ""
        return math_text(root)

    def _add_pictures(self) -> None:
        frames, self._pictures = self._pictures, []
        for frame in frames:
            boxes = [each for each in frame if tag_of(each) == "text-box"]
            for box in boxes:
                self._box(box)
            images = [each for each in frame if tag_of(each) == "image"]
            if images and not boxes:
                self._picture(frame, images[0], InlineText())

    def _box(self, box: Element) -> None:
        """Add a picture with its caption, which are kept together in a box; else the text in the box."""
        images = list(box.iter("{*}image"))
        caption = plain(" ".join(text_of(each) for each in box))
        if len(images) == 1:
            frame = images[0].getparent()
            self._picture(images[0] if frame is None else frame, images[0], caption)
        else:
            self.read(box, 1)

    def _picture(self, frame: Element, image: Element, caption: InlineText) -> None:
        name = posixpath.normpath((image.get(_LINK) or "").removeprefix("./"))
        content = (
            self.parts.read(name, MAX_PICTURE_BYTES) if 0 < self.parts.sizes.get(name, 0) <= MAX_PICTURE_BYTES else b""
        )
        described = [one_line(text_of(each)) for each in frame if tag_of(each) in {"desc", "title"}]
        self.blocks.figure(self._place(), content, alternative=" ".join(described), caption=caption)


def _raw_text(element: Element) -> str:
    """Return a line of code with its spaces."""
    pieces = [element.text or ""]
    for child in element:
        match tag_of(child):
            case "s":
                count = child.get(f"{_TEXT}c") or "1"
                pieces.append(" " * (min(int(count), 200) if count.isdecimal() else 1))
            case "tab":
                pieces.append("    ")
            case "line-break":
                pieces.append("\n")
            case _:
                pieces.append(_raw_text(child) if len(pieces) < 10_000 else "")
        pieces.append(child.tail or "")
    return "".join(pieces)
