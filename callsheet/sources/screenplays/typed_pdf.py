"""Reads the lines of a PDF screenplay with their places, by PDFium."""

from collections import Counter
from itertools import pairwise
from typing import Any

import pypdfium2
from pypdfium2 import raw

from callsheet.errors import InvalidRequest
from callsheet.sources.documents.pdf_lines import HYPHEN, Line, lines_of_page
from callsheet.sources.screenplays.script_builder import ScriptBuilder
from callsheet.sources.screenplays.typed_page import PlacedLine, read_lines

_MAX_PAGES = 600
_CHARACTER_POINTS = 7.2
"""Width of a character of typewriter type."""
_SAME_ROW = 0.4
"""Share of the height of type by which the lines of a row differ."""
_APART = 1.55
"""Distance of two lines, in distances of most lines, from which one stands apart."""


def read(content: bytes, script: ScriptBuilder) -> None:
    """Add what a PDF holds.

    Raises:
        InvalidRequest: it is damaged, protected, scanned or too long.
    """
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD:
            raise InvalidRequest("it is protected by a password; save it without one") from error
        raise InvalidRequest("it is damaged or cut off; copy or save it again") from error
    try:
        if len(document) > _MAX_PAGES:
            raise InvalidRequest(
                f"it has {len(document):,} pages, and at most {_MAX_PAGES} are taken; give a part of it"
            )
        pages = [_rows_of(document, index, script) for index in range(len(document))]
    finally:
        document.close()
    lines = _placed(pages)
    if not lines:
        raise InvalidRequest("it holds no text: it seems to be scanned; have its text recognised (OCR) and try again")
    script.count_source("\n".join(line.text for line in lines))
    read_lines(lines, script)


def _rows_of(document: Any, index: int, script: ScriptBuilder) -> list[list[Line]]:
    """Return the rows of a page from top to bottom; the lines of a row stand beside each other."""
    page = document[index]
    try:
        found = sorted(lines_of_page(page, index + 1), key=lambda line: -line.middle)
    finally:
        page.close()
    rows: list[list[Line]] = []
    for line in found:
        if rows and abs(rows[-1][0].middle - line.middle) < _SAME_ROW * max(line.height, 1):
            rows[-1].append(line)
        else:
            rows.append([line])
    script.on_progress(index + 1)
    return [sorted(row, key=lambda line: line.left) for row in rows]


def _placed(pages: list[list[list[Line]]]) -> list[PlacedLine]:
    """Return each row as one line. The distance that most rows have is that of the lines of a paragraph."""
    steps = Counter(round(above[0].middle - below[0].middle) for rows in pages for above, below in pairwise(rows))
    step = steps.most_common(1)[0][0] if steps else 0
    placed = []
    for rows in pages:
        above = None
        for number, row in enumerate(rows, start=1):
            is_apart = above is None or above - row[0].middle > _APART * step
            text = "   ".join(_text_of(line) for line in row)
            left = row[0].left / _CHARACTER_POINTS
            placed.append(PlacedLine(text, left, number, row[0].page, is_apart, is_first=above is None))
            above = row[0].middle
    return placed


def _text_of(line: Line) -> str:
    return "   ".join(text for _, text in line.cells).replace(HYPHEN, "-")
