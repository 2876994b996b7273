"""Set text as Manim mobjects: few shapes with many glyphs each, because every shape and every animation costs time."""

from __future__ import annotations

from typing import Any, Literal, Self

import numpy as np
from manim import UL, VGroup, VMobject

from callsheet.stage.kit.style import Entrance
from callsheet.stage.kit.svg_outlines import GlyphOutline, Points
from callsheet.stage.kit.typeset import Setting

Role = Literal["text", "formula", "code"]


class Ink(VMobject):
    """Filled outlines of one colour, #rrggbb or #rrggbbaa, drawn as one path.

    With `is_drawn`, they are a part of an emoji, and no letters.
    """

    def __init__(self, points: Points, colour: str, key: str = "", *, is_drawn: bool = False) -> None:
        opacity = int(colour[7:], 16) / 255 if len(colour) > len("#rrggbb") else 1.0
        super().__init__(fill_color=colour[:7], fill_opacity=opacity, stroke_width=0.0)
        self.key, self.is_drawn = key, is_drawn
        self.set_points(np.column_stack([points, np.zeros(len(points))]))


class LineBox(VMobject):
    """The box of a block's lines.

    It is never seen; it gives the block its size with any letters.
    """

    def __init__(self, width: float, height: float) -> None:
        super().__init__(fill_opacity=0.0, stroke_width=0.0, stroke_opacity=0.0)
        self.set_points_as_corners(
            np.array([[0, 0, 0], [width, 0, 0], [width, -height, 0], [0, -height, 0], [0, 0, 0]], dtype=float)
        )

    def set_fill(self, *_args: Any, **_kwargs: Any) -> Self:
        """Stay unseen."""
        return self

    def set_stroke(self, *_args: Any, **_kwargs: Any) -> Self:
        """Stay unseen."""
        return self


class TypeBlock(VGroup):
    """A block of set text or mathematics. `box` is what layout measures; `inks` is what is seen.

    `size` is that of its type, and the height of a line of words. With `by_glyph`, every glyph is a separate ink, so
    that formulas can morph; else there is one ink a colour. `words` is what is read; a review counts them. `entrance`
    is how it enters when it is to rise.
    """

    def __init__(
        self,
        setting: Setting,
        size: float,
        *,
        by_glyph: bool = False,
        words: str = "",
        role: Role = "text",
        entrance: Entrance = Entrance.LIFT,
    ) -> None:
        self.size = size
        self.words = words
        self.role = role
        self.entrance = entrance
        self.by_glyph = by_glyph
        self._set_width = setting.width
        self.box = LineBox(setting.width, setting.height)
        self.inks: tuple[Ink, ...] = (
            tuple(Ink(each.points, each.colour, each.key, is_drawn=each.is_drawn) for each in setting.outlines)
            if by_glyph
            else _merged(setting.outlines)
        )
        super().__init__(self.box, *self.inks)

    @property
    def box_width(self) -> float:
        """Return the width of the column, in units."""
        return float(self.box.width)

    @property
    def box_height(self) -> float:
        """Return the height of all lines, in units."""
        return float(self.box.height)

    @property
    def seen_size(self) -> float:
        """Return the size of its type after all scaling, in units."""
        return self.size * self.box_width / self._set_width if self._set_width else self.size

    def place(self, left: float, top: float) -> Self:
        """Move the block so that its box's top left corner stands there."""
        self.shift(np.array([left, top, 0.0]) - self.box.get_corner(UL))
        return self


def _merged(outlines: tuple[GlyphOutline, ...]) -> tuple[Ink, ...]:
    """Return an ink for each colour; the shapes of a drawing lie on each other, so each keeps its own."""
    letters: dict[str, list[Points]] = {}
    for each in outlines:
        if not each.is_drawn:
            letters.setdefault(each.colour, []).append(each.points)
    return (
        *(Ink(np.concatenate(points), colour) for colour, points in sorted(letters.items())),
        *(Ink(each.points, each.colour, each.key, is_drawn=True) for each in outlines if each.is_drawn),
    )
