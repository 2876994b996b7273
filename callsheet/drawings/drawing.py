"""The packed drawings as values: flat shapes, each a colour and a path."""

from __future__ import annotations

import json
import lzma
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

GRID = 3200
"""Width and height of a drawing, in the whole numbers of its paths."""
_SHAPES = Path(__file__).with_name("shapes.json.xz")


@dataclass(frozen=True)
class DrawnShape:
    """A filled shape. `colour` is #rrggbb, or #rrggbbaa where it lets the ground through.

    `path` has SVG's relative commands m, l, c and z alone, and is filled by the nonzero rule.
    """

    colour: str
    path: str


@dataclass(frozen=True)
class Drawing:
    """A flat coloured drawing, square: `character` is its emoji, `label` its English name in words."""

    name: str
    label: str
    character: str
    shapes: tuple[DrawnShape, ...]

    def svg(self) -> str:
        """Return the drawing as an SVG document."""
        paths = "".join(f'<path fill="{shape.colour}" d="{shape.path}"/>' for shape in self.shapes)
        return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {GRID} {GRID}">{paths}</svg>'


@lru_cache(maxsize=256)
def shapes_of(name: str) -> tuple[DrawnShape, ...]:
    """Return the shapes of the drawing with this name, the lowest first."""
    return tuple(DrawnShape(*shape.split(" ", 1)) for shape in _packed_shapes()[name])


@lru_cache(maxsize=1)
def _packed_shapes() -> dict[str, list[str]]:
    packed: dict[str, list[str]] = json.loads(lzma.decompress(_SHAPES.read_bytes()))
    return packed
