"""The arithmetic of measures: areas, hues, words, flashes. Pure functions of numbers."""

import math
import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from callsheet.model.film.trace import Place

Grid = npt.NDArray[np.bool_]
# Cells of the grid on which areas are counted: a hundredth of the frame is 51 of them.
COLUMNS, ROWS = 96, 54
HUE_DEGREES = 30
# Colours with less chroma in Oklch are greys to the eye; the inks of the grounds have up to 0.035.
NEUTRAL_CHROMA = 0.06
# WCAG 2.2: a flash is a pair of opposite changes of a tenth of the largest luminance, if the darker one is below 0.8.
FLASH_CHANGE = 0.1
FLASH_DARKER = 0.8
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_CJK_PER_WORD = 2


def word_count(text: str) -> int:
    """Return the number of words of a text; two ideographs count as a word."""
    ideographs = len(_CJK.findall(text))
    latin = [word for word in _CJK.sub(" ", text).split() if any(map(str.isalnum, word))]
    return len(latin) + math.ceil(ideographs / _CJK_PER_WORD)


def box_around(places: Sequence[Place]) -> Place | None:
    """Return the box around the parts of `places` that lie in the frame; None if there are none."""
    inside = [place for place in places if place.area > 0]
    if not inside:
        return None
    return Place(
        left=max(0.0, min(place.left for place in inside)),
        top=max(0.0, min(place.top for place in inside)),
        right=min(1.0, max(place.right for place in inside)),
        bottom=min(1.0, max(place.bottom for place in inside)),
    )


def covered(places: Iterable[Place]) -> Grid:
    """Return the cells of the frame that `places` cover, of shape (ROWS, COLUMNS)."""
    grid = np.zeros((ROWS, COLUMNS), dtype=bool)
    for place in places:
        if place.area > 0:
            top, bottom = math.floor(max(place.top, 0.0) * ROWS), math.ceil(min(place.bottom, 1.0) * ROWS)
            left, right = math.floor(max(place.left, 0.0) * COLUMNS), math.ceil(min(place.right, 1.0) * COLUMNS)
            grid[top:bottom, left:right] = True
    return grid


def imbalance(grid: npt.NDArray[np.generic]) -> float:
    """Return the larger difference between left and right or upper and lower half, as a share of the weight."""
    weight = np.asarray(grid, dtype=float)
    if weight.sum() == 0:
        return 0.0
    rows, columns = weight.shape
    across = weight[:, : columns // 2].sum() - weight[:, columns - columns // 2 :].sum()
    down = weight[: rows // 2].sum() - weight[rows - rows // 2 :].sum()
    return float(max(abs(across), abs(down)) / weight.sum())


def framing(grid: Grid) -> tuple[bool, ...]:
    """Return the layout as a pattern: which of 4 × 3 parts of the frame are covered by a quarter or more."""
    parts = [part for rows in np.array_split(grid, 3, axis=0) for part in np.array_split(rows, 4, axis=1)]
    return tuple(bool(part.mean() >= 0.25) for part in parts)


def hues(colours: Iterable[str]) -> set[int]:
    """Return the hues of #rrggbb colours that are no neutrals, as numbers of 30° in Oklch."""
    found: set[int] = set()
    for colour in colours:
        lightness_chroma_hue = oklch(tuple(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)))
        if lightness_chroma_hue[1] >= NEUTRAL_CHROMA:
            found.add(int(lightness_chroma_hue[2] // HUE_DEGREES) % (360 // HUE_DEGREES))
    return found


def oklch(rgb: Sequence[float]) -> tuple[float, float, float]:
    """Return lightness (0 to 1), chroma (0 to about 0.4) and hue in degrees of an sRGB colour from 0 to 1.

    The matrices are those of Ottosson's Oklab (2020).
    """
    red, green, blue = (_linear(channel) for channel in rgb)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360


def luminance(rgb: Sequence[float]) -> float:
    """Return the relative luminance of an sRGB colour from 0 to 1 (WCAG 2.2)."""
    red, green, blue = (_linear(channel) for channel in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def most_flashes(luminances: Sequence[float], frame_rate: float) -> int:
    """Return the most flashes in any second of frames with these mean luminances."""
    turns = _turns(luminances)
    changes = [
        second
        for (_, first_value), (second, second_value) in pairwise(turns)
        if abs(first_value - second_value) >= FLASH_CHANGE and min(first_value, second_value) < FLASH_DARKER
    ]
    most = max((sum(begin <= change < begin + frame_rate for change in changes) for begin in changes), default=0)
    return most // 2


def _turns(values: Sequence[float]) -> list[tuple[int, float]]:
    """Return first, last and turning points of a curve, each with its place; small ripples are left out."""
    if not values:
        return []
    turns = [(0, values[0])]
    low = high = (0, values[0])
    direction = 0
    for place, value in enumerate(values):
        high = (place, value) if value >= high[1] else high
        low = (place, value) if value <= low[1] else low
        if direction >= 0 and high[1] - value >= FLASH_CHANGE:
            turns, direction, low = [*turns, high], -1, (place, value)
            high = low
        elif direction <= 0 and value - low[1] >= FLASH_CHANGE:
            turns, direction, high = [*turns, low], 1, (place, value)
            low = high
    return [*turns, (high if direction > 0 else low)]


def runs(flags: Sequence[bool]) -> list[tuple[int, int]]:
    """Return where each run of True begins and how long it is."""
    edges = [at for at, (one, other) in enumerate(pairwise([False, *flags, False])) if one != other]
    return [(begin, end - begin) for begin, end in zip(edges[::2], edges[1::2], strict=True)]


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
