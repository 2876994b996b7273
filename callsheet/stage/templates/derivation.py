"""Derivation: lines that build up, aligned at their relation signs, each with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from manim import Mobject

from callsheet.errors import ContentTooLong
from callsheet.formulas import TypstFormula, UnsettableError, typst_of
from callsheet.model.content import DerivationContent
from callsheet.stage.kit.alignment import aligned_part
from callsheet.stage.kit.beats import Beat, Page, clear, directed, heading
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area
from callsheet.stage.kit.layout import paginate, snug_width
from callsheet.stage.kit.motion import rise, together, wipe
from callsheet.stage.kit.pacing import formula_reading_s, reading_s
from callsheet.stage.kit.scale import Step
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.templates.base import TemplateScene

_SIZES = (
    (Step.LARGE, 1.0),
    (Step.HEADLINE, 1.0),
    (Step.TITLE, 1.0),
    (Step.LEAD, 1.0),
    (Step.LEAD, 0.9),
    (Step.BODY, 0.9),
)
_TIGHTEST_GAP, _LOOSEST_GAP, _SHARE_ABOVE = 0.34, 0.8, 0.35
"""Distances of lines, and the share of the height left over that stands above them."""
_REASON_GAP, _WIDEST_GAP, _NARROWEST_REASON = 0.9, 2.4, 2.0
"""The space between lines and reasons: half of the width that is left is added to it, up to the widest."""
_REASON_ABOVE = 0.16
"""Distance of a reason from the line below it, if they are stacked."""
_UNDERLINE, _UNDERLINE_GAP = 0.045, 0.16


class DerivationScene(TemplateScene):
    """Reasons stand in a separate column if there is room, else above their lines.

    A bar marks the result.
    """

    @staticmethod
    def compose(content: DerivationContent, kit: Kit) -> tuple[Page, ...]:
        """Return one page; lines that don't fit replace those before."""
        opening, area = heading(kit, content.title)
        room = area.above(_UNDERLINE + _UNDERLINE_GAP)
        groups = _groups(content, kit, room)
        beats = list(opening)
        for position, group in enumerate(groups):
            if position:
                beats.append(clear(*(part for row in groups[position - 1] for part in row.parts)))
            _place(group, room)
            beats.extend(row.beat() for row in group)
        if len(content.lines) > 1:
            bar = _underline(kit, groups[-1][-1].line)
            beats.append(Beat(wipe(bar), 0.6, (bar,)))
        return directed((Page(tuple(beats)),), content.title)


@dataclass(frozen=True)
class _Line:
    """A set line.

    `before` is how far its aligned part is from its left edge, `axis` how far below its top.
    """

    block: TypeBlock
    before: float
    axis: float

    @property
    def below(self) -> float:
        return self.block.box_height - self.axis


@dataclass(frozen=True)
class _Row:
    """A line and its reason: beside it in the column that begins at `column`, or above it if that is None.

    `indent` is where the line begins. `above` and `below` are what the row takes on either side of the line's axis.
    """

    line: _Line
    reason: TypeBlock | None
    words: tuple[str, str]
    indent: float
    column: float | None
    part: str

    @property
    def parts(self) -> tuple[TypeBlock, ...]:
        return (self.line.block,) if self.reason is None else (self.line.block, self.reason)

    @property
    def above(self) -> float:
        if self.reason is None:
            return self.line.axis
        if self.column is None:
            return self.reason.box_height + _REASON_ABOVE + self.line.axis
        return max(self.line.axis, self.reason.box_height / 2)

    @property
    def below(self) -> float:
        if self.reason is None or self.column is None:
            return self.line.below
        return max(self.line.below, self.reason.box_height / 2)

    @property
    def height(self) -> float:
        return self.above + self.below

    def place(self, left: float, top: float) -> None:
        axis = top - self.above
        self.line.block.place(left + self.indent, axis + self.line.axis)
        if self.reason is not None and self.column is None:
            self.reason.place(left, top)
        elif self.reason is not None and self.column is not None:
            self.reason.place(left + self.column, axis + self.reason.box_height / 2)

    def beat(self) -> Beat:
        formula, reason = self.words
        hold_s = formula_reading_s(formula) * 0.8 + (reading_s(reason) if reason else 0.0)
        return Beat(together(*map(rise, self.parts), lag_s=0.2), hold_s, self.parts, parts={self.part: self.parts})


def _groups(content: DerivationContent, kit: Kit, room: Area) -> list[list[_Row]]:
    """Return all rows on one page at the largest size that allows it, else on several pages.

    Raises ContentTooLong.
    """
    spread: list[list[_Row]] = []
    for step, factor in _SIZES:
        rows = _rows(content, kit, room, step, factor)
        if rows and _height(rows) <= room.height:
            return [rows]
        if rows and not spread and max(row.height for row in rows) <= room.height:
            pages = paginate([row.height for row in rows], _TIGHTEST_GAP, room.height)
            spread = [[rows[place] for place in page] for page in pages]
    if not spread:
        raise ContentTooLong("a line here is wider or higher than the picture: break it in two", field="content.lines")
    return spread


def _height(rows: Sequence[_Row]) -> float:
    return sum(row.height for row in rows) + _TIGHTEST_GAP * (len(rows) - 1)


def _rows(content: DerivationContent, kit: Kit, room: Area, step: Step, factor: float) -> list[_Row]:
    """Return the rows at one size; none if a line is too wide."""
    lines = [_line(line.formula, kit, step, factor) for line in content.lines]
    if _width(lines) > room.width:
        lines = [replace(line, before=0.0) for line in lines]
    width = _width(lines)
    if width > room.width:
        return []
    column = width + _REASON_GAP
    beside = room.width - column >= _NARROWEST_REASON
    if not beside and step > Step.TITLE and not kit.frame.is_portrait:
        return []
    reasons = _reasons(content, kit, room.width - column if beside else room.width, factor)
    if beside:
        needed = max((snug_width(reason) for reason in reasons if reason), default=0.0)
        column += min((room.width - column - needed) / 2, _WIDEST_GAP - _REASON_GAP)
        reasons = _reasons(content, kit, room.width - column, factor)
    before = max(line.before for line in lines)
    return [
        _Row(
            line,
            reason,
            (written.formula, written.reason),
            before - line.before,
            column if beside else None,
            f"lines.{place}",
        )
        for place, (line, reason, written) in enumerate(zip(lines, reasons, content.lines, strict=True))
    ]


def _width(lines: Sequence[_Line]) -> float:
    return max(line.before for line in lines) + max(line.block.box_width - line.before for line in lines)


def _reasons(content: DerivationContent, kit: Kit, width: float, factor: float) -> list[TypeBlock | None]:
    scale = max(factor, 0.9)
    return [
        kit.text(line.reason, Step.BODY, width, colour=kit.palette.muted, scale=scale, balanced=True)
        if line.reason
        else None
        for line in content.lines
    ]


def _line(written: str, kit: Kit, step: Step, factor: float) -> _Line:
    formula = typst_of(written)
    block = kit.formula(formula, step, scale=factor)
    before = _width_before(formula, block.box_width, kit, step, factor)
    return _Line(block, before or 0.0, _axis(formula, before, kit, step, factor))


def _width_before(formula: TypstFormula, width: float, kit: Kit, step: Step, factor: float) -> float | None:
    """Return the width of what stands before the aligned part; None if no part is aligned."""
    aligned = aligned_part(formula)
    if not aligned:
        return None
    try:
        return max(0.0, width - kit.formula(TypstFormula(aligned), step, scale=factor).box_width)
    except UnsettableError:
        return None


def _axis(formula: TypstFormula, before: float | None, kit: Kit, step: Step, factor: float) -> float:
    """Return how far below the top fraction bars and relation signs stand.

    That is the middle of the aligned sign.
    """
    block = kit.formula(formula, step, scale=factor, by_glyph=True)
    if before is None or not block.inks:
        return block.box_height / 2
    sign = min(block.inks, key=lambda ink: abs(ink.get_left()[0] - block.box.get_left()[0] - before))
    return float(block.box.get_top()[1] - sign.get_center()[1])


def _place(rows: Sequence[_Row], room: Area) -> None:
    free = room.height - sum(row.height for row in rows)
    gap = min(_LOOSEST_GAP, free / max(1, len(rows) - 1))
    top = room.top - (free - gap * (len(rows) - 1)) * _SHARE_ABOVE
    for row in rows:
        row.place(room.left, top)
        top -= row.height + gap


def _underline(kit: Kit, line: _Line) -> Mobject:
    """Return a bar under the aligned part of the result."""
    left, bottom = line.block.box.get_left()[0] + line.before, line.block.box.get_bottom()[1]
    width = line.block.box_width - line.before
    return kit.block(Area(left, bottom - _UNDERLINE_GAP, width, _UNDERLINE), kit.palette.accent)
