"""Rows and columns of a formula as Typst's, in the distances of LaTeX: matrices, cases, aligned lines.

A cell is Typst's mathematics. LaTeX sets cells in the size of the text, wherever the rows stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

COVERED = "size: 95%, "
"""How much of what stands between them brackets cover at least: LaTeX's nine tenths, beside what Typst leaves."""
_LINE = "#box(height: 1.2em, baseline: 0.36em)"
"""The height of a line of LaTeX's ten points: twelve, with 3.6 below its base."""


@dataclass(frozen=True)
class RowLook:
    """The size of cells, what makes their rows as high as LaTeX's, and gaps; lengths are Typst's."""

    size: str = "inline"
    strut: str = _LINE
    column_gap: str = "1em"
    row_gap: str = "0em"


USUAL = RowLook()
SMALL = RowLook("script", "", "0.28em", "-0.25em")
"""`smallmatrix` and `substack`: six points from line to line. Typst keeps more, so the gap is negative."""
OF_CASES = RowLook(strut="#box(height: 1.445em, baseline: 0.434em)")
"""A fifth more than usual."""


def matrix(rows: Sequence[Sequence[str]], columns: str = "", look: RowLook = USUAL, lines: str = "") -> str:
    """Return rows without brackets; `columns` has a letter (l, c or r) for each column, and c is usual."""
    width = max(len(columns), *map(len, rows))
    columns = columns.ljust(width, "c")
    sides = {"l": ("&", ""), "c": ("", ""), "r": ("", "&")} if len(set(columns)) > 1 else {}

    def cell(place: int, source: str) -> str:
        before, after = sides.get(columns[place], ("", ""))
        return f"${before}#math.{look.size}(${source}{look.strut}$){after}$"

    made = [", ".join(cell(place, each) for place, each in enumerate(_filled(row, width))) for row in rows]
    align = {"l": "left", "r": "right"}.get(columns[0], "center") if not sides else "center"
    arguments = f"delim: none, align: {align}, column-gap: {look.column_gap}, row-gap: {look.row_gap}{lines}"
    return f"#math.mat({arguments}, {', '.join(f'({row},)' for row in made)})"


def ruled(across: Sequence[int], upright: Sequence[int], colour: str) -> str:
    """Return the arguments of a matrix for lines above these rows and before these columns."""
    drawn = f"hline: ({_listed(across)}), vline: ({_listed(upright)}), stroke: 0.4pt + {colour}"
    return f", augment: ({drawn})"


def aligned(rows: Sequence[Sequence[str]], *, is_gathered: bool) -> str:
    """Return rows inside of a formula, in the size of a displayed one, with LaTeX's distance of lines."""
    width = max(map(len, rows))
    made: list[str] = []
    for row in rows:
        cells: list[str] = []
        for place, source in enumerate(_filled(row, width)):
            shown = f"#math.display(${source}{_LINE}$)"
            gap = "#h(2em)" if place and place % 2 == 0 else ""
            # The empty sign gives a relation at the beginning of a cell its room.
            right = f'&#math.class("normal", $#box()$){shown}'
            cells.append(f"${shown}$" if is_gathered else f"${gap}{shown}&$" if place % 2 == 0 else f"${right}$")
        made.append(f"({', '.join(cells)},)")
    return f"#math.mat(delim: none, column-gap: 0em, row-gap: 0.3em, {', '.join(made)})"


def displayed(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as lines of a displayed formula.

    LaTeX sets the columns of `align` to the right and to the left in turns, with room between the pairs.
    """
    lines = ["".join(_columns(row)) for row in rows]
    return f"{_LINE}#linebreak()".join(lines) + (_LINE if len(lines) > 1 else "")


def _columns(row: Sequence[str]) -> list[str]:
    cells = []
    for place, cell in enumerate(row):
        gap = "#h(2em)" if place and place % 2 == 0 else ""
        cells.append(f"{gap}{cell}" if place == 0 else f"&{gap}{cell}")
    return cells if len(cells) > 1 else [*cells, "&"]


def _filled(row: Sequence[str], width: int) -> list[str]:
    return [*row, *[""] * (width - len(row))]


def _listed(numbers: Sequence[int]) -> str:
    return "".join(f"{number}, " for number in numbers)
