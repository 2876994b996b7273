"""Formula card: one formula, and what each of its signs means."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

from manim import Mobject

from callsheet.errors import ContentTooLong
from callsheet.formulas import UnsettableError
from callsheet.model.content import FormulaCardContent
from callsheet.stage.kit.beats import Beat, Page, clear, directed, heading, show, upon_ground
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area, edge_panel
from callsheet.stage.kit.inline import is_right_to_left
from callsheet.stage.kit.layout import centre_in, mirror, overflows, paginate
from callsheet.stage.kit.motion import CALM_S, Motion, carry, extend, fade, rise, together, wipe
from callsheet.stage.kit.pacing import formula_reading_s, reading_s
from callsheet.stage.kit.scale import LINE_THICKNESS, SHRINKS, Space, Step
from callsheet.stage.kit.type_block import Ink, TypeBlock
from callsheet.stage.templates.base import TemplateScene

_FORMULA_STEPS = (Step.GIANT, Step.DISPLAY, Step.LARGE, Step.HEADLINE, Step.TITLE, Step.LEAD)
_LEAST_FORMULA = 0.26
"""Size of a formula's type, in units, below which it is not shrunk."""
_PANEL_SHARE, _PANEL_SHARE_ABOVE, _PANEL_SHARE_OF_SQUARE = 0.46, 0.34, 0.4
_FORMULA_SHARES, _SPREAD_SHARE = (0.46, 0.36, 0.28, 0.2), 0.36
"""Height of the formula as a share of the room, at most."""
_GROWN = (1.5, 1.25, 1.1, 1.0, 0.84)
_BALANCES = ((0.46, (1.4, 1.2, 1.0)), (0.36, (1.2, 1.0)), (0.28, (1.0, 0.84)), (0.2, (1.0, 0.84, 0.76)))
"""Shares of the room's height for the formula, and factors of the legend's type that are tried with each."""
_SIGN_SHARE, _UNIT_SHARE, _LEAST_SIGN = 0.4, 0.36, 0.2
_BASELINE = 0.78
"""Height of the baseline of a line, from its top, in ems."""
_ROW_GAP, _WIDEST_ROW_GAP = 0.24, 0.9
_INDENT = 0.34
_CELL_RULE = 0.05
_CELL_GAP = 0.32
_MOST_CELLS, _MOST_CELLS_ABOVE, _MOST_CELLS_OF_SQUARE = 4, 4, 2
_ABOVE_MIDDLE = 0.4

_LINE = LINE_THICKNESS * 1.4
_CLEARANCE, _REACH, _FIRST_LEVEL, _LEVEL_GAP = 0.12, 0.24, 0.4, 0.26
"""Units from a sign to its line, from the line to its label, from the formula to the nearest label, between labels."""
_LEAST_LABEL = 1.6
_CLOSEST_LINES = 0.3
_ONE_SIDED = 0.5
"""What a label more on one side of the formula than on the other costs, in units of width."""
_LABEL_FACTORS = (1.4, 1.2, 1.0, 0.9)
_LOOSEST = 2.4
"""How many times larger than the least the distances between formula and labels may be."""


class FormulaCardScene(TemplateScene):
    """The formula enters; then each sign lights up in it while its meaning appears, in one of three compositions.

    `labels`: lines lead from the signs to their meanings, above and below. `beside`: the formula on a surface up to the
    edges of the frame, the legend beside it, in portrait below it. `columns`: the legend in cells below the formula.
    """

    @staticmethod
    def compose(content: FormulaCardContent, kit: Kit) -> tuple[Page, ...]:
        """Return one page; entries for which there is no room replace those before."""
        for name in kit.compositions(content):
            page = _PAGES[name](content, kit)
            if page:
                return (page,)
        return (_spread(content, kit),)


@dataclass(frozen=True)
class _Entry:
    """What an entry of the legend shows, in place; `marks` are drawn before its words rise."""

    place: int
    marks: tuple[Mobject, ...]
    blocks: tuple[TypeBlock, ...]
    motions: tuple[Motion, ...] = ()

    @property
    def shown(self) -> tuple[Mobject, ...]:
        return (*self.marks, *self.blocks)


def _direction(content: FormulaCardContent) -> str:
    return content.title or content.legend[0].meaning


def _colours(content: FormulaCardContent, kit: Kit) -> list[str]:
    """Return a colour for each sign; the accent's for all if they are more than colours that can be told apart."""
    series = kit.palette.series
    count = len(content.legend)
    return list(series[:count]) if count <= len(series) else [kit.palette.accent] * count


def _page(
    content: FormulaCardContent,
    kit: Kit,
    opening: Sequence[Beat],
    formula: TypeBlock,
    turns: Sequence[Sequence[_Entry]],
    ground: Mobject | None = None,
) -> Page:
    """Return the page: the surface, the heading, the formula, and the entries, each as its sign lights up."""
    parts = {"formula": (formula,)}
    entrance = Beat(rise(formula), formula_reading_s(content.formula), (formula,), parts=parts, is_anchor=True)
    beats = [*opening, entrance]
    beats[0] = upon_ground(beats[0], ground)
    signs, colours = _inks_of_signs(content, kit, formula), _colours(content, kit)
    before: Sequence[_Entry] = ()
    for turn in turns:
        if before:
            beats.append(clear(*(mobject for entry in before for mobject in entry.shown)))
        for entry in turn:
            words = content.legend[entry.place]
            lit = _lit(formula, signs[entry.place], colours[entry.place])
            entering = together(*entry.motions, rise(*entry.blocks), lag_s=0.15)
            lighting: tuple[Motion, ...] = (carry((formula, lit)),) if lit else ()
            beats.append(
                Beat(
                    together(*lighting, entering, lag_s=0.15),
                    reading_s(f"{words.meaning} {words.unit}"),
                    (*((lit,) if lit else ()), *entry.shown),
                    (formula,) if lit else (),
                    {f"legend.{entry.place}": entry.shown},
                )
            )
            formula = lit or formula
        before = turn
    return Page(tuple(beats))


def _lit(formula: TypeBlock, inks: Sequence[int], colour: str) -> TypeBlock | None:
    """Return a copy of the formula in which these inks have this colour; None if there are none."""
    if not inks:
        return None
    copy: TypeBlock = formula.copy()
    for number in inks:
        copy.inks[number].set_fill(colour)
    return copy


def _inks_of_signs(content: FormulaCardContent, kit: Kit, formula: TypeBlock) -> list[list[int]]:
    """Return for each sign the numbers of the formula's inks that show it; the longest signs are found first."""
    keys = [ink.key for ink in formula.inks]
    found: list[list[int]] = [[] for _ in content.legend]
    variants = [_keys_of_sign(entry.sign, kit, formula) for entry in content.legend]
    taken: set[int] = set()
    for place in sorted(range(len(variants)), key=lambda each: -max(map(len, variants[each]), default=0)):
        for sign in variants[place]:
            for start in range(len(keys) - len(sign) + 1):
                run = range(start, start + len(sign))
                if sign and keys[start : start + len(sign)] == sign and taken.isdisjoint(run):
                    found[place].extend(run)
                    taken.update(run)
    return found


def _keys_of_sign(sign: str, kit: Kit, formula: TypeBlock) -> list[list[str]]:
    """Return the keys of a sign's glyphs in the size of the formula, and in that of its exponents."""
    scale = formula.size / kit.formula("x", Step.LEAD).size
    raised = f"x^{{{sign}}}" if "\\" in sign or "{" in sign else f"x^({sign})"
    variants = []
    for written, skipped in ((sign, 0), (raised, 1)):
        try:
            block = kit.formula(written, Step.LEAD, scale=scale, by_glyph=True)
        except UnsettableError:
            continue
        variants.append([ink.key for ink in block.inks][skipped:])
    return variants


def _formula(content: FormulaCardContent, kit: Kit, width: float, height: float) -> TypeBlock | None:
    """Return the formula as large as it fits; None if it would be too small."""
    for step in _FORMULA_STEPS:
        block = kit.formula(content.formula, step, by_glyph=True)
        if block.box_width <= width and block.box_height <= height:
            return block
    return _shrunk(block, width, height)


def _shrunk(block: TypeBlock, width: float, height: float) -> TypeBlock | None:
    """Return the formula in the size that fits; None if that is too small."""
    share = min(1.0, width / block.box_width, height / block.box_height)
    return block.scale(share) if block.size * share >= _LEAST_FORMULA else None


def _beside(content: FormulaCardContent, kit: Kit) -> Page | None:
    """Return the formula on a surface at the edge of the frame, with the legend beside it, or below it in portrait."""
    is_square = kit.frame.is_square
    surface, place, room = edge_panel(
        kit.frame, _PANEL_SHARE, _PANEL_SHARE_OF_SQUARE if is_square else _PANEL_SHARE_ABOVE
    )
    if is_square and content.title:
        title = kit.text(content.title, Step.CAPTION, place.width, colour=kit.palette.accent, weight=600)
        title.place(place.left, place.top)
        opening: tuple[Beat, ...] = (show(title, reads=content.title, part="title", is_anchor=True),)
        inner = place.below(title.box_height + Space.SNUG)
    elif kit.frame.is_portrait:
        opening, inner = heading(kit, content.title, within=place)
    else:
        opening, room = heading(kit, content.title, within=room)
        inner = place
    formula = _formula(content, kit, inner.width, inner.height)
    rows = _largest_rows(content, kit, room) if formula else None
    if formula is None or rows is None:
        return None
    centre_in(formula, inner)
    entries = _placed_rows(rows, room, _ABOVE_MIDDLE if kit.frame.is_portrait else 0.0)
    ground = kit.block(surface, kit.palette.surface)
    _turn(content, opening, (ground, formula), entries)
    return _page(content, kit, opening, formula, [entries], ground)


def _columns(content: FormulaCardContent, kit: Kit) -> Page | None:
    """Return the formula in the upper part of the room, and below it the legend: a few cells, or columns of rows."""
    opening, room = heading(kit, content.title)
    legends: dict[float, _Legend | None] = {}
    for share, factors in _BALANCES:
        formula = _formula(content, kit, room.width, room.height * share)
        for factor in factors if formula else ():
            if factor not in legends:
                legends[factor] = _legend(content, kit, room, factor)
            legend = legends[factor]
            if formula and legend and formula.box_height + Space.WIDE + legend.height <= room.height:
                return _above_legend(content, kit, opening, room, formula, legend)
    return None


def _above_legend(
    content: FormulaCardContent, kit: Kit, opening: Sequence[Beat], room: Area, formula: TypeBlock, legend: _Legend
) -> Page:
    free = room.height - formula.box_height - legend.height
    gap = min(Space.GREAT, free / 2)
    top = room.top - (free - gap) * _ABOVE_MIDDLE
    formula.place(room.left + (room.width - formula.box_width) / 2, top)
    entries = legend.placed(room, top - formula.box_height - gap)
    _turn(content, opening, (formula,), entries)
    return _page(content, kit, opening, formula, [entries])


@dataclass(frozen=True)
class _Legend:
    """Cells or rows in lines or columns, unplaced: line after line, or column after column if they `run_down`."""

    groups: Sequence[Sequence[_Cell | _Row]]
    run_down: bool

    @property
    def height(self) -> float:
        if self.run_down:
            return max(sum(each.height for each in group) + _ROW_GAP * (len(group) - 1) for group in self.groups)
        return sum(max(each.height for each in group) for group in self.groups) + Space.BASE * (len(self.groups) - 1)

    def placed(self, room: Area, top: float) -> list[_Entry]:
        entries: list[_Entry] = []
        if self.run_down:
            columns = room.columns([1.0] * len(self.groups), Space.SECTION)
            for group, column in zip(self.groups, columns, strict=True):
                below = top
                for each in group:
                    entries.append(each.placed(column.left, below))
                    below -= each.height + _ROW_GAP
            return entries
        for group in self.groups:
            columns = room.columns([1.0] * len(self.groups[0]), Space.WIDE)
            entries.extend(each.placed(column.left, top) for each, column in zip(group, columns, strict=False))
            top -= max(each.height for each in group) + Space.BASE
        return entries


def _legend(content: FormulaCardContent, kit: Kit, room: Area, factor: float) -> _Legend | None:
    """Return the legend in cells, or in rows if its entries are many; None if a sign would be too small."""
    count = len(content.legend)
    is_tall = kit.frame.is_tall
    if count <= (_MOST_CELLS_ABOVE if is_tall else _MOST_CELLS_OF_SQUARE if kit.frame.is_square else _MOST_CELLS):
        abreast = 1 if is_tall else count
        cells = _cells(content, kit, room.columns([1.0] * abreast, Space.WIDE)[0].width, factor)
        if cells is None:
            return None
        return _Legend([cells[start : start + abreast] for start in range(0, count, abreast)], run_down=False)
    abreast = 1 if kit.frame.is_portrait and (is_tall or count <= _MOST_CELLS) else 2
    width, length = room.columns([1.0] * abreast, Space.SECTION)[0].width, -(-count // abreast)
    found = [
        _Legend([rows[start : start + length] for start in range(0, count, length)], run_down=True)
        for is_beside in _unit_places(content)
        if (rows := _rows(content, kit, width, factor, are_units_beside=is_beside))
    ]
    return min(found, key=lambda legend: legend.height, default=None)


def _unit_places(content: FormulaCardContent) -> tuple[bool, ...]:
    """Return whether units may stand below their meanings (False) and beside them (True)."""
    return (False, True) if any(entry.unit for entry in content.legend) else (False,)


@dataclass(frozen=True)
class _Cell:
    """An entry below a line, unplaced: the sign and at the other end of its line the unit, and the meaning."""

    place: int
    rule: Mobject
    sign: TypeBlock
    meaning: TypeBlock
    unit: TypeBlock | None
    width: float

    @property
    def _is_unit_below(self) -> bool:
        return self.unit is not None and self.sign.box_width + _INDENT + self.unit.box_width > self.width

    @property
    def height(self) -> float:
        below = Space.HAIR + self.unit.box_height if self.unit and self._is_unit_below else 0.0
        return Space.SNUG + _CELL_GAP + self.sign.box_height + self.meaning.box_height + below

    def placed(self, left: float, top: float) -> _Entry:
        self.rule.shift((left - self.rule.get_left()[0], top - self.rule.get_top()[1], 0))
        self.sign.place(left, top - Space.SNUG)
        below = top - Space.SNUG - _CELL_GAP - self.sign.box_height
        self.meaning.place(left, below)
        if self.unit and self._is_unit_below:
            self.unit.place(left, below - self.meaning.box_height - Space.HAIR)
        elif self.unit:
            down = Space.SNUG + (self.sign.box_height - self.unit.box_height) / 2
            self.unit.place(left + self.width - self.unit.box_width, top - down)
        blocks = (self.sign, *((self.unit,) if self.unit else ()), self.meaning)
        return _Entry(self.place, (self.rule,), blocks, (wipe(self.rule),))


def _cells(content: FormulaCardContent, kit: Kit, width: float, factor: float) -> list[_Cell] | None:
    """Return a cell for each entry; None if a sign would be too small."""
    cells = []
    for place, (entry, colour) in enumerate(zip(content.legend, _colours(content, kit), strict=True)):
        sign = _sign(entry.sign, kit, Step.LEAD, width, factor, colour)
        if sign is None:
            return None
        meaning = kit.text(entry.meaning, Step.BODY, width, scale=factor, weight=500)
        unit = kit.label(entry.unit, Step.CAPTION, width, colour=kit.palette.muted, scale=factor)
        if overflows(meaning):
            return None
        rule = kit.block(Area(0, 0, width, _CELL_RULE), colour)
        cells.append(_Cell(place, rule, sign, meaning, unit if entry.unit else None, width))
    return cells


def _sign(sign: str, kit: Kit, step: Step, width: float, factor: float, colour: str) -> TypeBlock | None:
    """Return a sign no wider than `width`; None if it would be too small."""
    block = kit.formula(
        sign, step, colour=colour
    )  # the same setting for every factor, because formulas are slow to set
    block.scale(min(factor, width / block.box_width))
    return block if block.seen_size >= _LEAST_SIGN else None


@dataclass(frozen=True)
class _Row:
    """An entry, unplaced: the sign before its meaning, and the unit below that or at the end of the line."""

    place: int
    sign: TypeBlock
    meaning: TypeBlock
    unit: TypeBlock | None
    indent: float
    unit_left: float
    """Where the unit begins, from the left edge; 0 if it stands below the meaning."""

    @property
    def _down(self) -> float:
        """How far the words stand below the top, so that their first line is level with the sign."""
        return max(0.0, (self.sign.box_height - self.meaning.size) / 2)

    @property
    def height(self) -> float:
        below = Space.HAIR + self.unit.box_height if self.unit and not self.unit_left else 0.0
        return max(self.sign.box_height, self._down + self.meaning.box_height + below)

    def placed(self, left: float, top: float) -> _Entry:
        top -= self._down
        self.meaning.place(left + self.indent, top)
        self.sign.place(left, top - (self.meaning.size - self.sign.box_height) / 2)
        if self.unit and self.unit_left:
            self.unit.place(left + self.unit_left, top - (self.meaning.size - self.unit.size) * _BASELINE)
        elif self.unit:
            self.unit.place(left + self.indent, top - self.meaning.box_height - Space.HAIR)
        return _Entry(self.place, (), (self.sign, self.meaning, *((self.unit,) if self.unit else ())))


def _rows(
    content: FormulaCardContent, kit: Kit, width: float, factor: float, *, are_units_beside: bool = False
) -> list[_Row] | None:
    """Return the entries with their words in one column; None if signs or units take too much of the width."""
    colours = _colours(content, kit)
    signs = [
        _sign(entry.sign, kit, Step.LEAD, width * _SIGN_SHARE, factor, colour)
        for entry, colour in zip(content.legend, colours, strict=True)
    ]
    units = [
        kit.label(entry.unit, Step.CAPTION, width, colour=kit.palette.muted, scale=factor) for entry in content.legend
    ]
    widest = max(unit.box_width for unit in units)
    if any(sign is None for sign in signs) or (are_units_beside and widest > width * _UNIT_SHARE):
        return None
    indent = max(sign.box_width for sign in signs if sign) + _INDENT
    column = width - indent - (widest + _INDENT if are_units_beside else 0.0)
    rows = []
    for place, (entry, sign, beside) in enumerate(zip(content.legend, signs, units, strict=True)):
        unit = (
            beside
            if are_units_beside
            else kit.text(entry.unit, Step.CAPTION, column, colour=kit.palette.muted, scale=factor)
        )
        meaning = kit.text(entry.meaning, Step.BODY, column, scale=factor, weight=500)
        if overflows(meaning):
            return None
        unit_left = width - widest if are_units_beside else 0.0
        if sign:
            rows.append(_Row(place, sign, meaning, unit if entry.unit else None, indent, unit_left))
    return rows


def _largest_rows(content: FormulaCardContent, kit: Kit, room: Area) -> list[_Row] | None:
    for factor, is_beside in product(_GROWN, _unit_places(content)):
        rows = _rows(content, kit, room.width, factor, are_units_beside=is_beside)
        if rows and sum(row.height for row in rows) + _ROW_GAP * (len(rows) - 1) <= room.height:
            return rows
    return None


def _placed_rows(rows: Sequence[_Row], room: Area, share_above: float) -> list[_Entry]:
    free = room.height - sum(row.height for row in rows)
    gap = min(_WIDEST_ROW_GAP, free / max(1, len(rows) - 1)) if len(rows) > 1 else 0.0
    top = room.top - (free - gap * (len(rows) - 1)) * share_above
    entries = []
    for row in rows:
        entries.append(row.placed(room.left, top))
        top -= row.height + gap
    return entries


def _spread(content: FormulaCardContent, kit: Kit) -> Page:
    """Return the formula at the top, and below it as many entries at once as fit."""
    opening, room = heading(kit, content.title)

    formula = _shrunk(kit.formula(content.formula, Step.LEAD, by_glyph=True), room.width, room.height * _SPREAD_SHARE)
    if formula is None:
        raise ContentTooLong("this formula is too large for one page: shorten it", "content.formula")
    formula.place(room.left, room.top)
    below = room.below(formula.box_height + Space.WIDE)

    def grouped(factor: float, is_beside: bool) -> list[list[_Row]] | None:
        rows = _rows(content, kit, below.width, factor, are_units_beside=is_beside)
        if rows is None or max(row.height for row in rows) > below.height:
            return None
        pages = paginate([row.height for row in rows], _ROW_GAP, below.height)
        return [[rows[place] for place in page] for page in pages]

    groups = [found for each in product(SHRINKS, _unit_places(content)) if (found := grouped(*each))]
    if not groups:
        raise ContentTooLong("an entry of the legend leaves no room for its meaning: shorten it", "content.legend")
    turns = [_placed_rows(rows, below, 0.0) for rows in min(groups, key=len)]
    _turn(content, opening, (formula,), [entry for turn in turns for entry in turn])
    return _page(content, kit, opening, formula, turns)


def _turn(
    content: FormulaCardContent, opening: Sequence[Beat], mobjects: Sequence[Mobject], entries: Sequence[_Entry]
) -> None:
    """Mirror everything for a script that runs from right to left.

    The copies of the formula are made later, where it stands then.
    """
    if is_right_to_left(_direction(content)):
        heads = [mobject for beat in opening for mobject in beat.shows]
        mirror([*heads, *mobjects, *(mobject for entry in entries for mobject in entry.shown)])


def _labels(content: FormulaCardContent, kit: Kit) -> Page | None:
    """Return the formula in the middle, and lines from its signs to labels above and below it.

    Return None if a sign is not found in it, or if lines or labels would cross.
    """
    opening, room = heading(kit, content.title)
    for share in _FORMULA_SHARES:
        formula = _formula(content, kit, room.width, room.height * share)
        if formula is None:
            return None
        formula.place(room.left + (room.width - formula.box_width) / 2, 0.0)
        spots = _spots(content, kit, formula)
        if spots is None:
            return None
        arranged = _arranged(content, kit, spots, room, room.height - formula.box_height)
        if arranged:
            return _labelled(content, kit, opening, room, formula, arranged)
    return None


def _arranged(
    content: FormulaCardContent, kit: Kit, spots: Sequence[_Spot], room: Area, height: float
) -> tuple[list[_Label], list[_Label]] | None:
    """Return the labels above and below the formula, the nearest first; None if they don't fit into `height`."""
    for factor in _LABEL_FACTORS:
        widths = [
            kit.label(entry.meaning, Step.BODY, room.width, scale=factor, weight=500).box_width
            for entry in content.legend
        ]
        sides = _sides(spots, widths, room)
        if sides is None:
            return None
        labels = [_label(content, kit, spot, side, room, factor) for spot, side in zip(spots, sides, strict=True)]
        above, below = (_levels(labels, is_above=is_above) for is_above in (True, False))
        fits = not any(label.overflows for label in labels)
        if fits and _heights(above) + _heights(below) <= height:
            return above, below
    return None


def _labelled(
    content: FormulaCardContent,
    kit: Kit,
    opening: Sequence[Beat],
    room: Area,
    formula: TypeBlock,
    arranged: tuple[list[_Label], list[_Label]],
) -> Page:
    """Return the page with everything in its place; where there is room, labels stand farther from the formula."""
    above, below = arranged
    needed = sum(map(_heights, arranged))
    labels_height = sum(label.height for levels in arranged for label in levels)
    looser = min(_LOOSEST, (room.height - formula.box_height - labels_height) / (needed - labels_height))
    height = formula.box_height + sum(_heights(levels, looser) for levels in arranged)
    top = room.top - (room.height - height) * _ABOVE_MIDDLE - _heights(above, looser)
    formula.shift((0, top, 0))
    colours = _colours(content, kit)
    entries = []
    for levels, is_above in ((above, True), (below, False)):
        level = top + _FIRST_LEVEL * looser if is_above else top - formula.box_height - _FIRST_LEVEL * looser
        for label in levels:
            entries.append(label.placed(kit, level, top, colours[label.spot.place], is_above=is_above))
            level += (label.height + _LEVEL_GAP * looser) * (1 if is_above else -1)
    directed((Page(tuple(opening)),) if opening else (), _direction(content))
    entries.sort(key=lambda entry: entry.place)
    return _page(content, kit, opening, formula, [entries])


@dataclass(frozen=True)
class _Spot:
    """Where a sign stands in the formula, whose upper edge is at 0, and on which sides of it nothing stands."""

    place: int
    x: float
    top: float
    bottom: float
    is_free_above: bool
    is_free_below: bool


@dataclass(frozen=True)
class _Side:
    """Where a label stands, and whether its words stand on the right of its line."""

    is_above: bool
    is_right: bool
    width: float


@dataclass(frozen=True)
class _Label:
    """A label, unplaced: the meaning, and the unit after it on its line, or below it."""

    spot: _Spot
    side: _Side
    meaning: TypeBlock
    unit: TypeBlock | None

    @property
    def overflows(self) -> bool:
        """Whether a word is wider than the room beside the line."""
        blocks = (self.meaning, self.unit) if self.unit else (self.meaning,)
        return any(overflows(block) or block.box_width > self.side.width for block in blocks)

    @property
    def _is_one_line(self) -> bool:
        """Whether the unit stands after the meaning."""
        if self.unit is None or self.meaning.box_height > 1.5 * self.meaning.size:
            return False
        return self.meaning.box_width + Space.HAIR + self.unit.box_width <= self.side.width

    @property
    def height(self) -> float:
        below = Space.HAIR + self.unit.box_height if self.unit and not self._is_one_line else 0.0
        return self.meaning.box_height + below

    def placed(self, kit: Kit, level: float, top: float, colour: str, *, is_above: bool) -> _Entry:
        """Place it from `level` away from the formula, whose upper edge is at `top`; draw its line."""
        high = level + self.height if is_above else level
        x, middle = self.spot.x, high - self.meaning.size / 2
        start = top + (self.spot.top + _CLEARANCE if is_above else self.spot.bottom - _CLEARANCE)
        upper, lower = (middle, start) if is_above else (start, middle)
        line = kit.block(Area(x - _LINE / 2, upper, _LINE, upper - lower), colour)
        reach = _REACH - Space.HAIR
        turn = x - _LINE / 2 if self.side.is_right else x + _LINE / 2 - reach
        across = kit.block(Area(turn, middle + _LINE / 2, reach, _LINE), colour)
        blocks = (self.meaning, self.unit) if self.unit else (self.meaning,)
        if self.unit and self._is_one_line:
            width = self.meaning.box_width + Space.HAIR + self.unit.box_width
            left = x + _REACH if self.side.is_right else x - _REACH - width
            is_turned = is_right_to_left(self.meaning.words)
            first, second = (self.unit, self.meaning) if is_turned else (self.meaning, self.unit)
            first.place(left, high - (self.meaning.size - first.size) * _BASELINE)
            second.place(left + first.box_width + Space.HAIR, high - (self.meaning.size - second.size) * _BASELINE)
        else:
            for block in blocks:
                block.place(x + _REACH if self.side.is_right else x - _REACH - block.box_width, high)
                high -= block.box_height + Space.HAIR
        return _Entry(self.spot.place, (line, across), blocks, (extend(line, 1, start, CALM_S), fade(across)))


def _spots(content: FormulaCardContent, kit: Kit, formula: TypeBlock) -> list[_Spot] | None:
    """Return where each sign stands first; None if one is not found."""
    spots = []
    for place, inks in enumerate(_inks_of_signs(content, kit, formula)):
        if not inks:
            return None
        own = [formula.inks[number] for number in _first_run(inks)]
        left, right = min(_left(ink) for ink in own), max(_right(ink) for ink in own)
        x = (left + right) / 2
        over = [ink for ink in formula.inks if ink not in own and _left(ink) - 0.06 < x < _right(ink) + 0.06]
        top, bottom = max(_top(ink) for ink in own), min(_bottom(ink) for ink in own)
        spots.append(
            _Spot(
                place,
                x,
                top,
                bottom,
                is_free_above=all(_bottom(ink) < top for ink in over),
                is_free_below=all(_top(ink) > bottom for ink in over),
            )
        )
    return spots


def _first_run(inks: Sequence[int]) -> list[int]:
    """Return the first of `inks`, and those that follow it without a gap."""
    return [number for place, number in enumerate(inks) if number == inks[0] + place]


def _left(ink: Ink) -> float:
    return float(ink.get_left()[0])


def _right(ink: Ink) -> float:
    return float(ink.get_right()[0])


def _top(ink: Ink) -> float:
    return float(ink.get_top()[1])


def _bottom(ink: Ink) -> float:
    return float(ink.get_bottom()[1])


def _sides(spots: Sequence[_Spot], widths: Sequence[float], room: Area) -> list[_Side] | None:
    """Return the sides on which labels are least squeezed, about as many above as below; None if lines would cross.

    On each side of the formula all words stand on the same side of their lines.
    """
    best: tuple[float, list[_Side]] | None = None
    for above in product((True, False), repeat=len(spots)):
        free = all(
            spot.is_free_above if is_above else spot.is_free_below for spot, is_above in zip(spots, above, strict=True)
        )
        if not free or _are_close(spots, above):
            continue
        for right_above, right_below in product((True, False), repeat=2):
            sides = [
                _Side(is_above, is_right, (room.right - spot.x if is_right else spot.x - room.left) - _REACH)
                for spot, is_above in zip(spots, above, strict=True)
                for is_right in ((right_above if is_above else right_below),)
            ]
            if min(side.width for side in sides) < _LEAST_LABEL:
                continue
            squeezed = sum(max(0.0, width - side.width) for width, side in zip(widths, sides, strict=True))
            cost = squeezed + _ONE_SIDED * abs(2 * sum(above) - len(above))
            if best is None or cost < best[0] - 1e-9:
                best = (cost, sides)
    return best[1] if best else None


def _are_close(spots: Sequence[_Spot], above: Sequence[bool]) -> bool:
    """Return whether two lines on the same side would almost touch."""
    for is_above in (True, False):
        places = sorted(spot.x for spot, side in zip(spots, above, strict=True) if side is is_above)
        if any(after - before < _CLOSEST_LINES for before, after in pairwise(places)):
            return True
    return False


def _label(content: FormulaCardContent, kit: Kit, spot: _Spot, side: _Side, room: Area, factor: float) -> _Label:
    entry, width = content.legend[spot.place], min(side.width, room.width)

    def said(text: str, step: Step, colour: str, weight: int) -> TypeBlock:
        align = "start" if side.is_right is not is_right_to_left(text) else "end"
        return kit.label(text, step, width, colour=colour, scale=factor, weight=weight, align=align)

    meaning = said(entry.meaning, Step.BODY, kit.palette.text, 500)
    unit = said(entry.unit, Step.CAPTION, kit.palette.muted, 400) if entry.unit else None
    return _Label(spot, side, meaning, unit)


def _levels(labels: Sequence[_Label], *, is_above: bool) -> list[_Label]:
    """Return the labels on a side, the nearest first: no line crosses the words of a nearer label."""
    here = [label for label in labels if label.side.is_above is is_above]
    return sorted(here, key=lambda label: -label.spot.x if label.side.is_right else label.spot.x)


def _heights(levels: Sequence[_Label], looser: float = 1.0) -> float:
    """Return how high the labels on a side reach, with distances that are `looser` times as large as the least."""
    if not levels:
        return 0.0
    return sum(label.height for label in levels) + looser * (_FIRST_LEVEL + _LEVEL_GAP * (len(levels) - 1))


_PAGES: dict[str, Callable[[FormulaCardContent, Kit], Page | None]] = {
    "labels": _labels,
    "beside": _beside,
    "columns": _columns,
}
