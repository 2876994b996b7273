"""A grid of a film's pictures over time, with title and timecodes: an overview of the whole film."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from callsheet.media.sheet import GAP, HEADER_HEIGHT, MARGIN, SHEET_WIDTH, PictureSheet

TIMECODE_SIZE = 18
TIMECODE_HEIGHT = 34


@dataclass(frozen=True)
class Shown:
    """One picture of the sheet and its time in the film."""

    picture: Image.Image
    time_s: float


def draw_contact_sheet(shown: Sequence[Shown], title: str, length_s: float, path: Path) -> None:
    """Write the sheet of at least one picture, all of one size, as JPEG below half a megabyte."""
    columns = _columns(shown[0].picture, len(shown))
    width = (SHEET_WIDTH - 2 * MARGIN - (columns - 1) * GAP) // columns
    height = round(width * shown[0].picture.height / shown[0].picture.width)
    rows = math.ceil(len(shown) / columns)
    sheet = PictureSheet(rows * (height + TIMECODE_HEIGHT + GAP) - GAP, title, f"{timecode(length_s)} long")
    shows_tenths = length_s < len(shown)
    for number, each in enumerate(shown):
        row, column = divmod(number, columns)
        corner = (MARGIN + column * (width + GAP), MARGIN + HEADER_HEIGHT + row * (height + TIMECODE_HEIGHT + GAP))
        sheet.picture(each.picture, corner, (width, height))
        below = (corner[0] + 2, corner[1] + height + TIMECODE_HEIGHT - 8)
        sheet.words(timecode(each.time_s, shows_tenths), below, TIMECODE_SIZE, width)
    sheet.save(path)


def timecode(time_s: float, shows_tenths: bool = False) -> str:
    """Return minutes and seconds: 0:07, 12:34.

    Hours stand before them if there are any: 1:02:03. With `shows_tenths`, tenths of a second follow: 0:07.5.
    """
    tenths_in_all = int(time_s * 10)
    minutes, seconds = divmod(tenths_in_all // 10, 60)
    hours, minutes = divmod(minutes, 60)
    whole = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    return f"{whole}.{tenths_in_all % 10}" if shows_tenths else whole


def _columns(picture: Image.Image, pictures: int) -> int:
    """Return how many pictures stand in a row: four wide or square ones, or six tall ones.

    Twelve pictures fill whole rows either way.
    """
    return min(pictures, 6 if picture.height > picture.width else 4)
