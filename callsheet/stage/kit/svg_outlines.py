"""The SVG that Typst writes, as cubic curves.

This module reads only the part of SVG that Typst uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

_TOKEN = re.compile(r"[A-Za-z]|-?\d+(?:\.\d+)?(?:e-?\d+)?")
_ARITY = {"M": 2, "L": 2, "H": 1, "V": 1, "Q": 4, "C": 6, "Z": 0}
_SVG = "{http://www.w3.org/2000/svg}"
_GROUP, _USE, _PATH, _SYMBOL = f"{_SVG}g", f"{_SVG}use", f"{_SVG}path", f"{_SVG}symbol"
_LINK = "{http://www.w3.org/1999/xlink}href"


@dataclass(frozen=True, eq=False)
class GlyphOutline:
    """A filled shape: a glyph, or a bar such as that of a fraction.

    `points` has shape (4 n, 2): start, two handles and end of each of n cubic curves. `key` is the same for the same
    glyph of the same font and size, at every place.
    """

    key: str
    colour: str
    points: Points
    is_drawn: bool = False
    """Whether it is a shape of a drawing, which lies on the shapes before it."""


def path_points(path: str) -> Points:
    """Return the closed subpaths of an SVG path as cubic curves, shape (4 n, 2)."""
    return _curves(path)


def outlines_of(svg: bytes, points_per_unit: float) -> tuple[float, float, tuple[GlyphOutline, ...]]:
    """Return width and height of the page in units, and its outlines in reading order.

    The top left corner is the origin.
    """
    root = ElementTree.fromstring(svg)
    _, _, width, height = (float(number) for number in root.attrib["viewBox"].split())
    glyphs = {symbol.attrib["id"]: symbol[0].attrib["d"] for symbol in root.iter(_SYMBOL) if len(symbol)}
    flip = (1 / points_per_unit, 0.0, 0.0, -1 / points_per_unit, 0.0, 0.0)
    pieces = [piece for piece in _walk(root, flip, glyphs) if len(piece.curves)]
    return width / points_per_unit, height / points_per_unit, tuple(_placed(pieces))


_Matrix = tuple[float, float, float, float, float, float]
"""As SVG writes it: x becomes a x + c y + e, and y becomes b x + d y + f."""


class _Piece(NamedTuple):
    """A shape as it was drawn, and the matrix that brings it to its place."""

    key: str
    colour: str
    curves: Points
    matrix: _Matrix


def _placed(pieces: list[_Piece]) -> Iterator[GlyphOutline]:
    """Yield the shapes in their places. All points of a page are moved at once: a page has thousands of glyphs."""
    if not pieces:
        return
    lengths = [len(piece.curves) for piece in pieces]
    a, b, c, d, e, f = np.repeat(np.array([piece.matrix for piece in pieces]), lengths, axis=0).T
    x, y = np.concatenate([piece.curves for piece in pieces]).T
    points = np.stack([a * x + c * y + e, b * x + d * y + f], axis=1)
    for piece, length, end in zip(pieces, lengths, accumulate(lengths), strict=True):
        yield GlyphOutline(piece.key, piece.colour, points[end - length : end])


def _walk(parent: ElementTree.Element, placed: _Matrix, glyphs: dict[str, str]) -> Iterator[_Piece]:
    for element in parent:
        transform = element.attrib.get("transform")  # glyphs have none
        matrix = _times(placed, _matrix(transform)) if transform else placed
        if element.tag == _GROUP:
            yield from _walk(element, matrix, glyphs)
        elif element.tag == _USE:
            yield _glyph(element, matrix, glyphs)
        elif element.tag == _PATH:
            yield _shape(element, matrix)


def _glyph(element: ElementTree.Element, matrix: _Matrix, glyphs: dict[str, str]) -> _Piece:
    key = element.attrib[_LINK].removeprefix("#")
    x, y = float(element.attrib.get("x", 0)), float(element.attrib.get("y", 0))
    curves = _curves(glyphs[key]) if key in glyphs else np.empty((0, 2))
    return _Piece(key, element.attrib.get("fill", "#000000"), curves, _times(matrix, (1, 0, 0, 1, x, y)))


def _shape(element: ElementTree.Element, matrix: _Matrix) -> _Piece:
    """Return a filled path, or a stroked one as the bars along its segments."""
    fill, stroke = element.attrib.get("fill", "none"), element.attrib.get("stroke", "none")
    if fill != "none" or stroke == "none":
        return _Piece("shape", fill, _curves(element.attrib["d"]), matrix)
    lines = _curves(element.attrib["d"], closed=False)
    return _Piece("stroke", stroke, _bars(lines, float(element.attrib["stroke-width"])), matrix)


def _times(outer: _Matrix, inner: _Matrix) -> _Matrix:
    """Return the matrix that does `inner` first."""
    a, b, c, d, e, f = outer
    u, v, w, x, y, z = inner
    return (a * u + c * v, b * u + d * v, a * w + c * x, b * w + d * x, a * y + c * z + e, b * y + d * z + f)


def _matrix(transform: str) -> _Matrix:
    numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", transform)]
    if transform.startswith("matrix"):
        a, b, c, d, e, f = numbers
        return (a, b, c, d, e, f)
    if transform.startswith("translate"):
        return (1, 0, 0, 1, numbers[0], numbers[1] if len(numbers) > 1 else 0)
    if transform.startswith("scale"):
        return (numbers[0], 0, 0, numbers[-1], 0, 0)
    return (1, 0, 0, 1, 0, 0)


def _bars(curves: Points, thickness: float) -> Points:
    """Return a rectangle of `thickness` along each curve's chord."""
    bars: list[Points] = []
    for start, end in zip(curves[::4], curves[3::4], strict=True):
        along = end - start
        length = float(np.hypot(*along))
        if length == 0:
            continue
        across = np.array([-along[1], along[0]]) / length * thickness / 2
        corners = [start + across, end + across, end - across, start - across]
        sides = zip(corners, [*corners[1:], corners[0]], strict=True)
        bars.append(np.array([point for side in sides for point in _straight(*side)]))
    return np.concatenate(bars) if bars else np.empty((0, 2))


def _straight(start: Points, end: Points) -> list[Points]:
    return [start, start + (end - start) / 3, start + (end - start) * 2 / 3, end]


@lru_cache(maxsize=4096)
def _curves(path: str, *, closed: bool = True) -> Points:
    """Return the path's segments as cubic curves, shape (4 n, 2).

    Each subpath is `closed`, as filling closes it.
    """
    curves: list[Points] = []
    here = start = np.zeros(2)
    for command, numbers in _commands(path):
        relative = here if command.islower() else np.zeros(2)
        letter = command.upper()
        if letter == "M":
            curves.extend(_closing(here, start) if closed else ())
            here = start = relative + numbers
        elif letter == "Z":
            curves.extend(_closing(here, start))
            here = start
        else:
            segment = _segment(letter, numbers, here, relative)
            curves.extend(segment)
            here = segment[-1]
    curves.extend(_closing(here, start) if closed else ())
    return np.array(curves).reshape(-1, 2)


def _segment(letter: str, numbers: list[float], here: Points, relative: Points) -> list[Points]:
    if letter == "H":
        return _straight(here, np.array([relative[0] + numbers[0], here[1]]))
    if letter == "V":
        return _straight(here, np.array([here[0], relative[1] + numbers[0]]))
    points = [relative + numbers[index : index + 2] for index in range(0, len(numbers), 2)]
    if letter == "L":
        return _straight(here, points[0])
    if letter == "Q":
        handle, end = points
        return [here, here + (handle - here) * 2 / 3, end + (handle - end) * 2 / 3, end]
    return [here, *points]


def _closing(here: Points, start: Points) -> list[Points]:
    return [] if np.allclose(here, start) else _straight(here, start)


def _commands(path: str) -> Iterator[tuple[str, list[float]]]:
    tokens = _TOKEN.findall(path)
    position = 0
    while position < len(tokens):
        command = tokens[position]
        count = _ARITY[command.upper()]
        position += 1
        yield command, [float(number) for number in tokens[position : position + count]]
        position += count
        while count and position < len(tokens) and not tokens[position].isalpha():
            repeated = {"M": "L", "m": "l"}.get(command, command)
            yield repeated, [float(number) for number in tokens[position : position + count]]
            position += count
