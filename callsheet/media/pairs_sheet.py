"""An overview of a storyboard of pairs: first and last picture side by side, with the scene's name below."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from callsheet.media.sheet import GAP, HEADER_HEIGHT, MARGIN, SHEET_WIDTH, TITLE_COLOUR, PictureSheet

BETWEEN = 36
"""Room for the arrow between two pictures."""
COLUMN_GAP = 44
LABEL_SIZE = 22
NOTE_SIZE = 17
WORDS_HEIGHT = 66
FEW = 8
"""Up to so many pairs stand in two columns; more stand in three."""
MOST = 24
"""More are not drawn, and need not be loaded: the sheet is one overview, and below half a megabyte."""


@dataclass(frozen=True)
class ShownPair:
    """A scene's pictures as the film will have them, its name, and a note on it.

    The pictures are open only while they are drawn: those of a hundred scenes would take gigabytes.
    """

    first: Callable[[], Image.Image]
    last: Callable[[], Image.Image]
    label: str
    note: str


def draw_pairs_sheet(pairs: Sequence[ShownPair], total: int, aspect: float, title: str, note: str, path: Path) -> None:
    """Write the sheet of at least one pair, as JPEG below half a megabyte.

    `pairs` are all `total`, or the first MOST of them. `aspect` is a picture's width by its height.
    """
    pairs = pairs[:MOST]
    if len(pairs) < total:
        note = f"{note} · the first {len(pairs)} are shown"
    columns = min(len(pairs), 2 if len(pairs) <= FEW else 3)
    cell = (SHEET_WIDTH - 2 * MARGIN - (columns - 1) * COLUMN_GAP) // columns
    width = (cell - BETWEEN) // 2
    height = round(width / aspect)
    rows = math.ceil(len(pairs) / columns)
    sheet = PictureSheet(rows * (height + WORDS_HEIGHT + GAP) - GAP, title, note)
    for number, pair in enumerate(pairs):
        row, column = divmod(number, columns)
        left = MARGIN + column * (cell + COLUMN_GAP)
        top = MARGIN + HEADER_HEIGHT + row * (height + WORDS_HEIGHT + GAP)
        sheet.picture(pair.first(), (left, top), (width, height))
        sheet.arrow((left + width + BETWEEN // 2, top + height // 2), BETWEEN // 4)
        sheet.picture(pair.last(), (left + width + BETWEEN, top), (width, height))
        sheet.words(pair.label, (left + 2, top + height + 32), LABEL_SIZE, cell - 4, TITLE_COLOUR)
        sheet.words(pair.note, (left + 2, top + height + 58), NOTE_SIZE, cell - 4)
    sheet.save(path)
