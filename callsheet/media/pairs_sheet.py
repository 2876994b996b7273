"""The pictures of a storyboard of pairs at one glance: first and last side by side, with the scene's name below."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from callsheet.media.sheet import GAP, HEADER_HEIGHT, MARGIN, SHEET_WIDTH, TITLE_COLOUR, Sheet

BETWEEN = 36
"""Room for the arrow between two pictures."""
COLUMN_GAP = 44
LABEL_SIZE = 22
NOTE_SIZE = 17
WORDS_HEIGHT = 66
FEW = 8
"""Up to so many pairs stand in two columns; more stand in three."""
MOST = 24
"""More are not drawn: the sheet is to be seen at one glance, and below half a megabyte."""


@dataclass(frozen=True)
class ShownPair:
    """A scene's pictures as the film will have them, what it is called, and what else there is to say of it."""

    first: Image.Image
    last: Image.Image
    label: str
    note: str


def draw_pairs_sheet(pairs: Sequence[ShownPair], title: str, note: str, path: Path) -> None:
    """Write the sheet of at least one pair, all pictures of one size, as JPEG below half a megabyte."""
    if len(pairs) > MOST:
        pairs, note = pairs[:MOST], f"{note} · the first {MOST} are shown"
    columns = min(len(pairs), 2 if len(pairs) <= FEW else 3)
    cell = (SHEET_WIDTH - 2 * MARGIN - (columns - 1) * COLUMN_GAP) // columns
    width = (cell - BETWEEN) // 2
    height = round(width * pairs[0].first.height / pairs[0].first.width)
    rows = math.ceil(len(pairs) / columns)
    sheet = Sheet(rows * (height + WORDS_HEIGHT + GAP) - GAP, title, note)
    for number, pair in enumerate(pairs):
        row, column = divmod(number, columns)
        left = MARGIN + column * (cell + COLUMN_GAP)
        top = MARGIN + HEADER_HEIGHT + row * (height + WORDS_HEIGHT + GAP)
        sheet.picture(pair.first, (left, top), (width, height))
        sheet.arrow((left + width + BETWEEN // 2, top + height // 2), BETWEEN // 4)
        sheet.picture(pair.last, (left + width + BETWEEN, top), (width, height))
        sheet.words(pair.label, (left + 2, top + height + 32), LABEL_SIZE, cell - 4, TITLE_COLOUR)
        sheet.words(pair.note, (left + 2, top + height + 58), NOTE_SIZE, cell - 4)
    sheet.save(path)
