"""Reads PDF files that hold text: headings, paragraphs, lists, tables and code are told by place, size and typeface."""

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from statistics import median
from typing import Any

import pypdfium2
from pypdfium2 import raw

from callsheet.errors import InvalidRequest
from callsheet.model.film.document import MAX_PICTURES, InlineText, ListItem, PlaceUnit, SourcePlace
from callsheet.sources.documents.block_list import MAX_PIXELS, BlockList, at
from callsheet.sources.documents.html_page import LANGUAGE
from callsheet.sources.documents.pdf_lines import HYPHEN, Line, lines_of_page
from callsheet.sources.documents.prose_builder import one_line, plain

MAX_PAGES = 1_500
_POINT = re.compile(r"(?:[•‣▪◦●○■□▸►∙·–*-]|(\d{1,3})[.)]|\(?[a-z][.)])\s+")
_NUMBERED_HEADING = re.compile(r"(?:(\d{1,2}(?:\.\d{1,2}){0,4})\.?|[IVX]{1,5}\.|[A-Z]\.\d{0,2})\s+\S")
_CAPTION = re.compile(r"(?:figure|fig\.|abbildung|abb\.|table|tabelle|tab\.|图|圖|図|表)\s*\d+", re.IGNORECASE)
_PAGE_NUMBER = re.compile(
    r"(?:page|seite|p\.)?\s*[-–]?\s*(?:\d{1,4}|[ivxlc]{1,6})\s*[-–]?(?:\s*(?:/|of|von|\|)\s*\d{1,4})?", re.IGNORECASE
)
_FOOTNOTE = re.compile(r"(?:\d{1,3}|[*†‡¹²³⁴⁵⁶⁷⁸⁹]{1,3})\s*[^\W\d_]")
_MOST_FOOTNOTE_LINES = 15
_LEADERS = re.compile(r"(?:\s?\.){5,}\s*[\divxlc]+$|(?:\s\.){6,}$")
_CAPITALS_HEADING = re.compile(
    r"(?:(?:[IVX]{1,5}|\d{1,2})\.\s+[^a-z]{4,60}|ABSTRACT|INTRODUCTION|CONCLUSIONS?|ACKNOWLEDGE?MENTS?|REFERENCES)$"
)
"""Papers set their headings in capitals of the size of the text."""
_BEGINS_TEXT = re.compile(r"(?:abstract|summary|key ?words|index terms|zusammenfassung)\s*[:.—–-]\s*\S", re.IGNORECASE)
_ABSTRACT = re.compile(r"(abstract|summary|zusammenfassung)\s*[:.—–-]\s*(?=\S)", re.IGNORECASE)
_MATHEMATICS = re.compile("[\U0001d400-\U0001d7ff]")
_MOST_BOLD_LINES = 3
"""More bold lines than these are a paragraph."""
_MOST_PARTS_OF_TEXT = 3
_ENDS_SENTENCE = re.compile(r"[.!?:…。！？]['”\")\]]*$")
_JUNK_TITLE = re.compile(
    r"^(?:untitled|paper title\b|title of (?:the )?paper|microsoft word|.*\.(?:docx?|tex|dvi|indd|pptx?|qxd|pdf))",
    re.IGNORECASE,
)
_LARGER = 1.12
"""Type that is so much larger than most of the text belongs to a heading."""
_SMALLER = 0.9
_MOST_HEADING_CHARACTERS = 150
_MOST_CAPTION_LINES = 6
_EDGE = 0.12
"""Share of a page's height, above and below, in which headers and footers stand."""
_REPEATED = 3
_LEAST_PICTURE_PX = 64
_WHOLE_PAGE = 0.85
_HYPHENS = (HYPHEN, "\xad")


def read(source: bytes, blocks: BlockList) -> None:
    """Add what a PDF file holds."""
    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD:
            raise InvalidRequest("it is protected by a password; save it without one") from error
        raise InvalidRequest("it is damaged or cut off; copy or save it again") from error
    try:
        if len(document) > MAX_PAGES:
            raise InvalidRequest(
                f"it has {len(document):,} pages, and at most {MAX_PAGES:,} are taken; give a part of it"
            )
        _read_properties(document, blocks)
        pages: list[_Page] = []
        for index in range(len(document)):
            room = MAX_PICTURES - sum(len(page.pictures) for page in pages)
            pages.append(_page(document, index, room, blocks))
        if not any(page.lines for page in pages):
            raise InvalidRequest(
                "it holds no text: it seems to be scanned; have its text recognised (OCR) and try again"
            )
        _Reader(pages, _outline(document), blocks).read()
    finally:
        document.close()


@dataclass
class _Page:
    number: int
    width: float
    height: float
    lines: list[Line]
    pictures: list[tuple[float, bytes]] = field(default_factory=list)
    """Where the upper edge of each is, and its bytes."""


def _read_properties(document: Any, blocks: BlockList) -> None:
    title = one_line(document.get_metadata_dict().get("Title", ""))
    if len(title) > 3 and not _JUNK_TITLE.match(title):
        blocks.title = title
    try:
        size = raw.FPDFCatalog_GetLanguage(document.raw, None, 0)
        buffer = (raw.FPDF_WCHAR * (size // 2 + 1))() if 2 < size < 100 else None
        if buffer is not None:
            raw.FPDFCatalog_GetLanguage(document.raw, buffer, size)
            language = bytes(buffer)[: size - 2].decode("utf-16-le", "replace")
            if LANGUAGE.fullmatch(language):
                blocks.language = language
    except (AttributeError, ValueError):
        return


def _outline(document: Any) -> dict[tuple[int, str], int]:
    """Return the level of each heading that the file's outline names, by its page and its letters."""
    levels = {}
    for number, bookmark in enumerate(document.get_toc(max_depth=6)):
        destination = bookmark.get_dest()
        page = destination.get_index() if destination is not None else None
        if number > 5_000:
            break
        if page is not None:
            levels[page + 1, _letters(bookmark.get_title())] = bookmark.level + 1
    return levels


def _page(document: Any, index: int, room: int, blocks: BlockList) -> _Page:
    """Return a page with at most `room` pictures."""
    page = document[index]
    try:
        width, height = page.get_size()
        found = _Page(index + 1, width, height, lines_of_page(page, index + 1))
        if found.lines:
            found.pictures = list(islice(_pictures(page, width * height), room))
    finally:
        page.close()
    blocks.on_progress(len(blocks.blocks))
    return found


def _pictures(page: Any, area: float) -> Iterator[tuple[float, bytes]]:
    """Yield the pictures of a page but those that fill it: these are scans, or grounds."""
    for picture in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        try:
            left, bottom, right, top = picture.get_bounds()
            width, height = picture.get_px_size()
            is_fit = min(width, height) >= _LEAST_PICTURE_PX and width * height <= MAX_PIXELS
            if is_fit and (right - left) * (top - bottom) < _WHOLE_PAGE * area:
                written = io.BytesIO()
                bitmap = picture.get_bitmap(render=False)
                bitmap.to_pil().convert("RGB").save(written, "PNG", compress_level=1)
                yield top, written.getvalue()
        except (pypdfium2.PdfiumError, ValueError, OSError, RuntimeError):
            continue


@dataclass
class _Reader:
    """One way through the pages. Lines wait in `_open` until it is known that their paragraph has ended."""

    pages: list[_Page]
    outline: dict[tuple[int, str], int]
    blocks: BlockList
    _open: list[Line] = field(default_factory=list)
    _items: list[ListItem] = field(default_factory=list)
    _edges: list[float] = field(default_factory=list)
    _list_place: SourcePlace | None = None
    _list_number: int | None = None
    _body: float = 10.0
    _step: float = 12.0
    _levels: list[float] = field(default_factory=list)

    def read(self) -> None:
        self._measure()
        repeated = self._repeated()
        for page in self.pages:
            notes = self._footnotes(page)
            lines = [line for line in page.lines if not self._is_beside(line, page, repeated, notes)]
            self._add_page(page, lines)
        self._end_paragraph()
        self._end_list()

    def _measure(self) -> None:
        """Find the size of most of the text, the distance of its lines, and the sizes of headings."""
        lines = [line for page in self.pages for line in page.lines]
        sizes: Counter[float] = Counter()
        for line in lines:
            sizes[round(line.height, 1)] += len(line.text)
        self._body = sizes.most_common(1)[0][0] or 10.0
        steps = [
            above.middle - below.middle
            for page in self.pages
            for above, below in zip(page.lines, page.lines[1:], strict=False)
            if 0.5 * self._body < above.middle - below.middle < 2.5 * self._body
            and abs(above.height - self._body) < 0.5
            and abs(below.height - self._body) < 0.5
        ]
        self._step = median(steps) if steps else 1.2 * self._body
        larger = Counter(round(line.height, 1) for line in lines if line.height >= _LARGER * self._body)
        self._levels = sorted(larger, reverse=True)[:6]

    def _repeated(self) -> set[tuple[str, int]]:
        """Return what stands at the same place at the edge of several pages, without its numbers."""
        times: Counter[tuple[str, int]] = Counter()
        for page in self.pages:
            times.update({_as_repeated(line) for line in page.lines if _is_at_edge(line, page)})
        least = min(_REPEATED, max(2, len(self.pages) - 1))
        return {text for text, number in times.items() if number >= least}

    def _footnotes(self, page: _Page) -> set[Line]:
        """Return the small lines that end a page, from the first that begins as a footnote."""
        begin = len(page.lines)
        while begin and (
            page.lines[begin - 1].height < _SMALLER * self._body or _is_at_edge(page.lines[begin - 1], page)
        ):
            begin -= 1
        last = page.lines[begin:]
        first = next(
            (place for place, line in enumerate(last) if _FOOTNOTE.match(line.text) and not line.is_code), None
        )
        is_few = first is not None and begin and len(last) - first <= _MOST_FOOTNOTE_LINES
        return {line for line in last[first:] if line.height < _SMALLER * self._body} if is_few else set()

    def _is_beside(self, line: Line, page: _Page, repeated: set[tuple[str, int]], notes: set[Line]) -> bool:
        """Whether a line is a header, a footer, a page number, or of a footnote or a table of contents."""
        what = ""
        if _is_at_edge(line, page) and (line.page, _letters(line.text)) not in self.outline:
            is_outermost = line in {page.lines[0], page.lines[-1]} and _as_repeated(line)[1] in {
                height for _, height in repeated
            }
            if _PAGE_NUMBER.fullmatch(line.text):
                what = "a page number"
            elif _as_repeated(line) in repeated or is_outermost:
                what = "a header or footer"
        if not what and line in notes:
            what = "a footnote"
        elif not what and _LEADERS.search(line.text):
            what = "a table of contents"
        if what:
            self.blocks.omit(at(PlaceUnit.PAGE, line.page), what, line.text)
        return bool(what)

    # --- a page ---

    def _add_page(self, page: _Page, lines: list[Line]) -> None:
        pictures = sorted(page.pictures, key=lambda each: -each[0])
        position = 0
        while position < len(lines):
            line = lines[position]
            while pictures and pictures[0][0] > line.middle and _CAPTION.match(line.text):
                self._end_paragraph()
                end = self._end_of_caption(lines, position)
                caption = _joined(lines[position:end])
                self.blocks.figure(at(PlaceUnit.PAGE, page.number), pictures.pop(0)[1], caption=caption)
                position = end
                line = lines[position] if position < len(lines) else line
                if position >= len(lines):
                    break
            if position >= len(lines):
                break
            position += self._add_at(lines, position)
        for _, content in pictures:
            self._end_paragraph()
            self.blocks.figure(at(PlaceUnit.PAGE, page.number), content, alternative="")

    def _end_of_caption(self, lines: Sequence[Line], position: int) -> int:
        """Return where a caption ends: before a wide gap, or behind a line that leaves room."""
        end = position + 1
        while end < len(lines) and end - position < _MOST_CAPTION_LINES:
            above, line = lines[end - 1], lines[end]
            gap = above.middle - line.middle
            if not 0 < gap < 1.25 * self._step or abs(above.left - line.left) > 3 * self._body:
                break
            end += 1
        return end

    def _add_at(self, lines: Sequence[Line], position: int) -> int:
        """Add what begins at a line; return how many lines that is."""
        line = lines[position]
        if line.is_code and not _POINT.match(line.text):
            count = self._count(lines, position, lambda each: each.is_code)
            if count > 1 or len(line.text) > 3:
                self._end_paragraph()
                self._end_list()
                self._add_code(lines[position : position + count])
                return count
        count = self._count(lines, position, lambda each: len(each.cells) > 1)
        if count >= 2 and not _POINT.match(line.text) and _is_table(lines[position : position + count]):
            self._end_paragraph()
            self._end_list()
            rows = _rows(lines[position : position + count])
            self.blocks.table(at(PlaceUnit.PAGE, line.page), rows[0], rows[1:])
            return count
        count = self._count(lines, position, lambda each: each.is_bold and abs(each.height - line.height) < 0.3)
        is_text = count > _MOST_BOLD_LINES and line.height < _LARGER * self._body
        if not is_text and (level := self._level_of(line)) is not None:
            return self._add_heading(lines, position, level)
        count = count if is_text else 1
        for each in lines[position : position + count]:
            if self._open and not self._goes_on(self._open[-1], each):
                self._end_paragraph()
            self._open.append(each)
        return count

    def _count(self, lines: Sequence[Line], position: int, is_kind: Any) -> int:
        end = position
        while end < len(lines) and is_kind(lines[end]):
            if end > position and abs(lines[end - 1].middle - lines[end].middle) > 4 * self._step:
                break
            end += 1
        return end - position

    def _add_heading(self, lines: Sequence[Line], position: int, level: int) -> int:
        """Add a heading; the next line of the same size belongs to it."""
        self._end_paragraph()
        self._end_list()
        line, end = lines[position], position + 1
        is_named = (line.page, _letters(line.text)) in self.outline
        while not is_named and end < len(lines) and end - position < 4:
            following = lines[end]
            is_alike = abs(following.height - line.height) < 0.3 and following.is_bold == line.is_bold
            is_near = 0 < lines[end - 1].middle - following.middle < 1.6 * line.height
            starts_other = (
                _NUMBERED_HEADING.match(following.text) or (following.page, _letters(following.text)) in self.outline
            )
            is_in_capitals = bool(_CAPITALS_HEADING.match(line.text)) and following.text.isupper()
            if not (is_alike and is_near and (is_in_capitals or self._level_of(following) is not None)) or starts_other:
                break
            end += 1
        self.blocks.heading(at(PlaceUnit.PAGE, line.page), level, _joined(lines[position:end]))
        return end - position

    def _level_of(self, line: Line) -> int | None:
        """Return the level of a heading; None for other lines."""
        named = self.outline.get((line.page, _letters(line.text)))
        if named is not None:
            return named
        text = line.text
        if (
            len(text) > _MOST_HEADING_CHARACTERS
            or line.is_code
            or _CAPTION.match(text)
            or _BEGINS_TEXT.match(text)
            or _MATHEMATICS.search(text)
            or not re.search(r"[^\W\d_]", text)
        ):
            return None
        numbered = _NUMBERED_HEADING.match(text)
        depth = numbered[1].count(".") + 1 if numbered and numbered[1] else None
        if line.height >= _LARGER * self._body:
            rank = next((place for place, size in enumerate(self._levels, 1) if line.height >= size - 0.2), 6)
            return depth + (len(self._levels) > 1) if depth is not None and depth < rank else rank
        is_apart = (
            not self._open or self._open[-1].middle - line.middle > 1.3 * self._step or self._open[-1].page != line.page
        )
        if is_apart and _CAPITALS_HEADING.match(text):
            return min(6, 1 + len(self._levels))
        if line.is_bold and is_apart and not _ENDS_SENTENCE.search(text) and not _POINT.match(text[:2]):
            return min(6, (depth or 1) + len(self._levels))
        return None

    def _goes_on(self, line: Line, following: Line) -> bool:
        """Whether the next line belongs to the same paragraph."""
        if _POINT.match(following.text):
            return False
        has_ended = bool(_ENDS_SENTENCE.search(line.text))
        if line.page != following.page or following.middle > line.middle + self._step:
            is_full = line.right > following.right - 3 * self._body
            return (not has_ended and (is_full or following.text[0].islower())) or line.text.endswith(_HYPHENS)
        is_alike = abs(line.height - following.height) < 0.12 * max(line.height, 1)
        is_near = line.middle - following.middle < 1.32 * max(self._step, 0.9 * line.height)
        is_indented = following.left > line.left + 0.8 * self._body and following.left < line.left + 4 * self._body
        is_short = line.right < following.right - 4 * self._body
        return is_near and (is_alike or not has_ended) and not (is_indented and has_ended and is_short)

    # --- ends ---

    def _end_paragraph(self) -> None:
        lines, self._open = self._open, []
        if not lines:
            return
        place = at(PlaceUnit.PAGE, lines[0].page)
        prose = _joined(lines)
        point = _POINT.match(prose.text)
        if point is None:
            self._end_list()
            if abstract := _ABSTRACT.match(prose.text):
                self.blocks.heading(place, 1 + len(self._levels), plain(abstract[1].capitalize()))
                prose = plain(prose.text[abstract.end() :])
            self.blocks.paragraph(place, prose)
            return
        if self._list_place is None:
            self._list_place, self._edges = place, []
            self._list_number = int(point[1]) if point[1] else None
        edge = next((each for each in self._edges if abs(each - lines[0].left) < 4), None)
        if edge is None:
            edge = lines[0].left
            self._edges = sorted([*self._edges, edge])
        self._items.append(self.blocks.item(plain(prose.text[point.end() :]), self._edges.index(edge)))

    def _end_list(self) -> None:
        items, self._items = self._items, []
        if self._list_place is not None:
            self.blocks.list_of(
                self._list_place, items, is_ordered=self._list_number is not None, first_number=self._list_number or 1
            )
        self._list_place = None

    def _add_code(self, lines: Sequence[Line]) -> None:
        left, width = min(line.left for line in lines), median(line.letter_width for line in lines)
        rows: list[str] = []
        for above, line in zip((None, *lines), lines, strict=False):
            if above is not None and above.middle - line.middle > 1.7 * line.height:
                rows.append("")
            rows.append(" " * round((line.left - left) / max(width, 1)) + line.text)
        self.blocks.code(at(PlaceUnit.PAGE, lines[0].page), "", "\n".join(rows))


def _joined(lines: Sequence[Line]) -> InlineText:
    """Return lines as one text: words that were divided at the end of a line are whole again.

    A hyphen before a capital letter stays: it belongs to a name, as in “Stress-Engineered”.
    """
    text = ""
    for line in lines:
        if text.endswith(_HYPHENS) and len(text) > 1 and text[-2].islower() and line.text[:1].isupper():
            text = f"{text[:-1]}-{line.text}"
            continue
        if text.endswith(_HYPHENS) or (
            text.endswith("-") and len(text) > 1 and text[-2].isalpha() and line.text[:1].islower()
        ):
            text = text[:-1] + line.text
        elif text and _is_ideographic(text[-1]) and _is_ideographic(line.text[0]):
            text += line.text
        else:
            text += f" {line.text}" if text else line.text
    return plain(text.replace(HYPHEN, "-"))


def _is_ideographic(sign: str) -> bool:
    return "\u3000" <= sign <= "\u9fff" or "\uff00" <= sign <= "\uffef"


def _is_table(lines: Sequence[Line]) -> bool:
    """Whether the parts of lines stand below each other.

    They don't if nearly each word is a part: then wide spaces make lines of text equally long.
    """
    columns = Counter(len(line.cells) for line in lines).most_common(1)[0]
    cells = [text for line in lines for _, text in line.cells]
    words = sum(len(text.split()) for text in cells)
    is_of_words = sum(map(str.isalpha, cells)) > 0.6 * len(cells)
    if columns[0] > _MOST_PARTS_OF_TEXT and is_of_words and len(cells) > 0.7 * words:
        return False
    if columns[1] < max(2, 0.6 * len(lines)):
        return False
    lefts = [[left for left, _ in line.cells] for line in lines if len(line.cells) == columns[0]]
    spread = [max(column) - min(column) for column in zip(*lefts, strict=True)]
    return all(each < 40 for each in spread)


def _rows(lines: Sequence[Line]) -> list[list[InlineText]]:
    """Return the cells of lines, each in the column that it stands nearest to."""
    width = Counter(len(line.cells) for line in lines).most_common(1)[0][0]
    columns = [
        median(column)
        for column in zip(
            *([left for left, _ in line.cells] for line in lines if len(line.cells) == width), strict=True
        )
    ]
    rows = []
    for line in lines:
        row = [""] * width
        for left, text in line.cells:
            place = min(range(width), key=lambda column: abs(columns[column] - left))
            row[place] = f"{row[place]} {text}".strip()
        rows.append([plain(text) for text in row])
    return rows


def _is_at_edge(line: Line, page: _Page) -> bool:
    return not _EDGE * page.height < line.middle < (1 - _EDGE) * page.height


def _as_repeated(line: Line) -> tuple[str, int]:
    """Return the text of a line without its numbers, and its height on the page in steps of 4 points."""
    return re.sub(r"\d+", "#", line.text), round(line.middle / 4)


def _letters(text: str) -> str:
    """Return the letters and digits of a heading: outlines leave out its number, or write its spaces otherwise."""
    return "".join(re.findall(r"[^\W_]", text.casefold()))
