"""The contact sheet of a review: the pictures at its findings, with what they are about framed."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

from callsheet.media.sheet import GAP, HEADER_HEIGHT, MARGIN, SHEET_WIDTH, TITLE_COLOUR, PictureSheet
from callsheet.review.measures import Review, ReviewFinding

COLUMNS = 3
WORDS_SIZE = 18
WORDS_HEIGHT = 58
# As many as a person looks at; faults come first.
MOST_TILES = 24
FAULT_COLOUR = (255, 92, 92)
REMARK_COLOUR = (255, 190, 70)


@dataclass(frozen=True)
class Tile:
    """A finding, and the picture at its second; the picture is None if there is none."""

    finding: ReviewFinding
    picture: Image.Image | None


def shown_findings(review: Review) -> tuple[ReviewFinding, ...]:
    """Return the findings that a sheet shows: faults first, each in the order of the film."""
    ordered = sorted(review.findings, key=lambda finding: not finding.is_fault)
    return tuple(ordered[:MOST_TILES])


def draw_review_sheet(review: Review, tiles: Sequence[Tile], path: Path) -> None:
    """Write the sheet to `path`, in the format of its suffix; a review without findings has a title alone."""
    width = (SHEET_WIDTH - 2 * MARGIN - (COLUMNS - 1) * GAP) // COLUMNS
    pictures = [tile.picture for tile in tiles if tile.picture]
    shape = max((picture.height / picture.width for picture in pictures), default=9 / 16)
    height = round(width * min(shape, 1.0))
    rows = math.ceil(len(tiles) / COLUMNS)
    faults = len(review.faults)
    note = f"{faults} faults, {len(review.findings) - faults} remarks"
    sheet = PictureSheet(max(rows * (height + WORDS_HEIGHT + GAP) - GAP, 0), review.subject, note)
    for number, tile in enumerate(tiles):
        row, column = divmod(number, COLUMNS)
        corner = (MARGIN + column * (width + GAP), MARGIN + HEADER_HEIGHT + row * (height + WORDS_HEIGHT + GAP))
        sheet.picture(_framed(tile, (width, height)), corner, (width, height))
        found = tile.finding
        colour = FAULT_COLOUR if found.is_fault else REMARK_COLOUR
        title = (
            f"{found.scene or 'film'} · {found.second:.1f} s · {found.measure} {found.value:g} (limit {found.limit:g})"
        )
        sheet.words(title, (corner[0], corner[1] + height + 24), WORDS_SIZE, width, colour)
        sheet.words(found.message, (corner[0], corner[1] + height + 48), WORDS_SIZE, width, TITLE_COLOUR)
    sheet.save(path)


def _framed(tile: Tile, size: tuple[int, int]) -> Image.Image:
    """Return the picture in the middle of a tile, with a frame around each place of the finding."""
    canvas = Image.new("RGB", size, (40, 41, 45))
    shape = tile.picture.size if tile.picture else (16, 9)
    scale = min(size[0] / shape[0], size[1] / shape[1])
    width, height = max(1, round(shape[0] * scale)), max(1, round(shape[1] * scale))
    left, top = (size[0] - width) // 2, (size[1] - height) // 2
    if tile.picture:
        canvas.paste(tile.picture.convert("RGB").resize((width, height), Image.Resampling.LANCZOS), (left, top))
    draw = ImageDraw.Draw(canvas)
    colour = FAULT_COLOUR if tile.finding.is_fault else REMARK_COLOUR
    for place in tile.finding.places:
        low = (left + max(place.left, 0.0) * width - 3, top + max(place.top, 0.0) * height - 3)
        high = (left + min(place.right, 1.0) * width + 3, top + min(place.bottom, 1.0) * height + 3)
        if high[0] > low[0] and high[1] > low[1]:
            draw.rectangle((*low, *high), outline=colour, width=3)
    return canvas
