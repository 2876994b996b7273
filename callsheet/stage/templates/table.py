"""Table: rows and columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from manim import Mobject

from callsheet.model.content import TableContent
from callsheet.stage.kit.beats import Beat, Page, clear, directed, heading
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area
from callsheet.stage.kit.layout import first_fit, leading_side, must_fit, paginate, snug_width
from callsheet.stage.kit.motion import rise, together, wipe
from callsheet.stage.kit.pacing import reading_s
from callsheet.stage.kit.scale import GROWS, LINE_THICKNESS, Step
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.templates.base import TemplateScene

_GUTTER = 0.5
_PADDING, _LOOSEST, _LOOSEST_SHARE = 0.15, 0.34, 0.05
"""Space above and below the words of a row, and the most of it if there is room: in units, and as a share of the
height."""
_FILLED = 0.9
"""The share of the height that a small table in larger type takes, at most."""
_NARROWEST = 0.55
"""Share of an even column that each column has at least."""


class TableScene(TemplateScene):
    """The heads of the columns, then row by row; rows that don't fit follow below the same heads."""

    @staticmethod
    def compose(content: TableContent, kit: Kit) -> tuple[Page, ...]:
        """Return one page; its rows replace each other if they are many."""
        opening, area = heading(kit, content.title)
        table = first_fit(lambda factor: _larger(content, kit, area, factor), GROWS)
        table = table or must_fit(lambda factor: _table(content, kit, area, factor), "rows")
        beats = [*opening, table.head_beat(area.top)]
        room = area.height - table.head_height
        pages = paginate([row.height + 2 * _PADDING for row in table.rows], 0.0, room)
        for number, page in enumerate(pages):
            if number:
                beats.append(clear(*(part for place in pages[number - 1] for part in table.rows[place].parts)))
            heights = [table.rows[place].height for place in page]
            padding = min(max(_LOOSEST, _LOOSEST_SHARE * area.height), (room - sum(heights)) / (2 * len(heights)))
            top = area.top - table.head_height
            for place in page:
                beats.append(table.rows[place].beat(top, padding, place))
                top -= table.rows[place].height + 2 * padding
        return directed((Page(tuple(beats)),), content.title or content.columns[0])


@dataclass(frozen=True)
class _Row:
    """Texts side by side, the line below them, and what is read."""

    cells: tuple[TypeBlock, ...]
    lefts: tuple[float, ...]
    rule: Mobject
    words: str

    @property
    def height(self) -> float:
        return max(cell.box_height for cell in self.cells)

    @property
    def parts(self) -> tuple[Mobject, ...]:
        return (*(cell for cell in self.cells if cell.words), self.rule)

    def place(self, top: float, padding: float) -> None:
        """Put the texts `padding` below `top`, and the line `padding` below the highest."""
        for cell, left in zip(self.cells, self.lefts, strict=True):
            cell.place(left, top - padding)
        self.rule.set_y(top - self.height - 2 * padding + LINE_THICKNESS / 2)

    def beat(self, top: float, padding: float, number: int) -> Beat:
        """Return the beat in which the row enters, in its place."""
        self.place(top, padding)
        seen = self.parts[:-1]
        motion = together(rise(*seen), wipe(self.rule), lag_s=0.1) if seen else wipe(self.rule)
        return Beat(motion, reading_s(self.words), self.parts, parts={f"rows.{number}": self.parts})


@dataclass(frozen=True)
class _Table:
    head: _Row
    rows: tuple[_Row, ...]

    @property
    def head_height(self) -> float:
        return self.head.height + 2 * _PADDING

    def is_small_in(self, area: Area) -> bool:
        """Return whether every cell has one line, and all rows stand on one page with room left."""
        rows = (self.head, *self.rows)
        is_brief = all(cell.box_height < 2 * cell.size for row in rows for cell in row.cells)
        return is_brief and sum(row.height + 2 * _PADDING for row in rows) <= _FILLED * area.height

    def head_beat(self, top: float) -> Beat:
        """Return the beat in which the heads enter."""
        self.head.place(top, _PADDING)
        motion = together(rise(*self.head.cells), wipe(self.head.rule), lag_s=0.1)
        return Beat(
            motion,
            reading_s(self.head.words) * 0.6,
            self.head.parts,
            parts={"columns": self.head.parts},
            is_anchor=True,
        )


def _larger(content: TableContent, kit: Kit, area: Area, factor: float) -> _Table | None:
    """Return heads and rows in larger type than usual, unplaced; None if they take more than the room for it."""
    table = _table(content, kit, area, factor)
    return table if table and table.is_small_in(area) else None


def _table(content: TableContent, kit: Kit, area: Area, factor: float) -> _Table | None:
    """Return heads and rows, unplaced; None if a row is higher than the room."""
    widths = _widths(content, kit, area, factor)
    lefts = tuple(area.left + sum(widths[:place]) + _GUTTER * place for place in range(len(widths)))
    page = content.title or content.columns[0]

    def row(texts: Sequence[str], *, is_head: bool) -> _Row:
        colour, weight = (kit.palette.accent, 600) if is_head else (kit.palette.text, 400)
        cells = tuple(
            kit.text(text, Step.BODY, width, colour=colour, weight=weight, scale=factor, align=leading_side(text, page))
            for text, width in zip(texts, widths, strict=True)
        )
        rule = kit.rule(area.left, 0.0, area.width)
        return _Row(cells, lefts, rule, " ".join(texts))

    table = _Table(row(content.columns, is_head=True), tuple(row(texts, is_head=False) for texts in content.rows))
    highest = max(each.height for each in table.rows) + 2 * _PADDING
    return table if table.head_height + highest <= area.height else None


def _widths(content: TableContent, kit: Kit, area: Area, factor: float) -> list[float]:
    """Return widths in proportion to what the columns hold, none much narrower than an even one."""
    free = area.width - _GUTTER * (len(content.columns) - 1)
    even = free / len(content.columns)
    wanted = []
    for place, name in enumerate(content.columns):
        texts = [name, *(row[place] for row in content.rows)]
        natural = max(snug_width(kit.text(text, Step.BODY, free, scale=factor)) for text in texts)
        wanted.append(max(natural, even * _NARROWEST))
    return [free * width / sum(wanted) for width in wanted]
