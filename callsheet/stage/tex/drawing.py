"""The drawing of a text that Typst has set: the groups that Manim looks for, in LaTeX's order.

While a text is written for Typst, each of its signs gets a number and a colour that is this number. The colours in
Typst's drawing then tell which sign each outline belongs to.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from xml.sax.saxutils import quoteattr

from callsheet.stage.kit.svg_outlines import GlyphOutline, outlines_of
from callsheet.stage.tex.tokens import Part

_PLAIN = "#000000"


@dataclass(frozen=True)
class Sign:
    """A sign of the source: the part that it belongs to, and its colour, as #rrggbb."""

    part: Part
    colour: str = _PLAIN


@dataclass
class Signs:
    """The signs of a text by number, counted from 1, and the order in which LaTeX draws them."""

    by_number: dict[int, Sign] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)

    def add(self, part: Part, colour: str) -> int:
        """Return the number of a new sign, which is drawn after all others."""
        number = len(self.by_number) + 1
        self.by_number[number] = Sign(part, colour or _PLAIN)
        self.order.append(number)
        return number

    def draw_earlier(self, start: int, middle: int) -> None:
        """Let the signs from the place `middle` on be drawn before those from the place `start` on."""
        self.order[start:] = [*self.order[middle:], *self.order[start:middle]]


def drawing_of(page: bytes, signs: Signs, parts: Iterable[str]) -> str:
    """Return an SVG file with a group for each part, from the page that Typst has drawn.

    `parts` names all groups, since one that shows nothing is there as well. The unit is the point.
    """
    width, height, outlines = outlines_of(page, 1.0)
    place = {number: index for index, number in enumerate(signs.order)}
    drawn = sorted(outlines, key=lambda outline: place.get(_number(outline), len(place)))
    shown = [(signs.by_number.get(_number(outline), Sign(())), outline) for outline in drawn]
    named = {name for sign, _ in shown for name in sign.part}
    body = _groups(shown, 0) + "".join(f"<g id={quoteattr(name)}></g>" for name in parts if name not in named)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" version="1.1" '
        f'width="{width:.4f}pt" height="{height:.4f}pt" viewBox="0 0 {width:.4f} {height:.4f}">{body}</svg>'
    )


def _number(outline: GlyphOutline) -> int:
    return int(outline.colour.removeprefix("#")[:6], 16)


def _groups(shown: list[tuple[Sign, GlyphOutline]], depth: int) -> str:
    """Return outlines as groups one inside another; a part whose signs lie apart stays one group."""
    by_name: dict[str, list[tuple[Sign, GlyphOutline]]] = {}
    for name, members in groupby(shown, key=lambda each: each[0].part[depth] if len(each[0].part) > depth else ""):
        by_name.setdefault(name or f" {len(by_name)}", []).extend(members)
    return "".join(
        "".join(_path(sign, outline) for sign, outline in members)
        if name.startswith(" ")
        else f"<g id={quoteattr(name)}>{_groups(members, depth + 1)}</g>"
        for name, members in by_name.items()
    )


def _path(sign: Sign, outline: GlyphOutline) -> str:
    """Return the outline of a glyph; a subpath ends where the next curve does not follow."""
    commands: list[str] = []
    end: tuple[float, float] | None = None
    for start, first, second, last in outline.points.reshape(-1, 4, 2).tolist():
        if end is None or abs(start[0] - end[0]) + abs(start[1] - end[1]) > 1e-6:
            commands.append(f"{'Z' if end else ''}M{start[0]:.5f} {-start[1]:.5f}")
        numbers = " ".join(f"{x:.5f} {-y:.5f}" for x, y in (first, second, last))
        commands.append(f"C{numbers}")
        end = (last[0], last[1])
    fill = "" if sign.colour == _PLAIN else f' fill="{sign.colour}"'
    return f'<path{fill} d="{"".join(commands)}Z"/>'
