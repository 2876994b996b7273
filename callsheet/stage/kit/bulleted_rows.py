"""A text with a mark before it: an entry of a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from manim import Mobject

from callsheet.stage.kit.frame import Area
from callsheet.stage.kit.layout import paginate
from callsheet.stage.kit.type_block import TypeBlock

NARROWEST_GAP = 0.26
"""Units between two entries of a list, at least; on several pages, half as much more."""


@dataclass(frozen=True)
class MarkedText:
    """A mark, and a text that is indented by `indent` units.

    `words` is the text as it was written, `part` its place in the content. The mark stands in the middle of a column
    `mark_width` units wide, or at the left if that is 0.
    """

    mark: Mobject
    text: TypeBlock
    indent: float
    words: str
    part: str = ""
    mark_width: float = 0.0

    @property
    def parts(self) -> tuple[Mobject, ...]:
        """Return what is shown."""
        return (self.mark, self.text)

    @property
    def height(self) -> float:
        """Return the height of the text's lines, in units."""
        return self.text.box_height

    def place(self, left: float, top: float) -> None:
        """Put the mark at `left`, at half the height of the text's first line."""
        self.text.place(left + self.indent, top)
        if isinstance(self.mark, TypeBlock):
            self.mark.place(left, top)
        else:
            self.mark.move_to((left + (self.mark_width or self.mark.width) / 2, top - self.text.size / 2, 0))


def place_rows(rows: Sequence[MarkedText], left: float, top: float, gap: float) -> float:
    """Put `rows` one under the other, `gap` apart. Return the lower edge of the last."""
    for row in rows:
        row.place(left, top)
        top -= row.height + gap
    return top + gap


def rows_height(rows: Sequence[MarkedText], gap: float) -> float:
    """Return the height of `rows` one under the other, `gap` apart."""
    return sum(row.height for row in rows) + gap * max(0, len(rows) - 1)


def fitting(rows: list[MarkedText], area: Area) -> list[MarkedText] | None:
    """Return `rows` if they fit into `area` one under the other; else None."""
    return rows if rows_height(rows, NARROWEST_GAP) <= area.height else None


def paged(rows: list[MarkedText], area: Area) -> list[list[MarkedText]] | None:
    """Return `rows` over as many pages as they need; None if one of them is higher than a page."""
    heights = [row.height for row in rows]
    if max(heights) > area.height:
        return None
    return [[rows[place] for place in page] for page in paginate(heights, NARROWEST_GAP * 1.5, area.height)]
