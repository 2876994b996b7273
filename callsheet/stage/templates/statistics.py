"""Statistics: numbers to remember, large. They count up to their value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from manim import Mobject

from callsheet.errors import ContentTooLong
from callsheet.model.content import StatisticsContent
from callsheet.model.content.text import Statistic
from callsheet.stage.kit.beats import Beat, Page, clear, directed, footing, heading
from callsheet.stage.kit.counting import count_up
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area
from callsheet.stage.kit.layout import first_fit, leading_side, snug_width, stack, stack_height
from callsheet.stage.kit.motion import QUICK_S, Motion, fade, rise, together, unfold, wipe
from callsheet.stage.kit.pacing import reading_s
from callsheet.stage.kit.scale import LINE_THICKNESS, SHRINKS, Space, Step
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.templates.base import TemplateScene

_STEPS = (Step.GIANT, Step.DISPLAY, Step.LARGE, Step.HEADLINE, Step.TITLE, Step.LEAD)
_COLUMN_GAP = 0.7
_ROW_GAP, _LOOSEST_GAP = Space.BASE, Space.SECTION
_PADDING = LINE_THICKNESS + 0.3
_ABOVE_MIDDLE = 0.4
_ICON_SIDE = 1.25


_HUGE = (2.6, 2.2, 1.85, 1.55, 1.3, 1.1, 1.0, 0.84, 0.7, 0.56, 0.45)
"""Sizes of a number that stands alone or first, as factors of the largest step."""
_ON_TILE = (1.0, 0.84, 0.7, 0.56, 0.45, 0.36, 0.3)
_LABELS_OF_HUGE = (Step.TITLE, Step.LEAD, Step.BODY)
_LABELS = (Step.LEAD, Step.BODY, Step.CAPTION, Step.NOTE)
_LEAD_SHARE, _LEAD_SHARE_ABOVE = 0.52, 0.46
_TILE_GAP, _TILE_PADDING, _NUMBER_SHARE = 0.24, 0.36, 0.5
_SHARE_OF_PADDING = 0.1
_BAR_OF_HUGE = 1.6
_FEW_LINES, _FEW_ROWS = 4, 3
_LARGER = 1.4
"""How much larger the numbers on wide tiles must be than on tiles abreast."""
_SMALLER = 0.72
"""Size of the numbers beside a large one, as a share of its size, at most."""
_WIDE = 4.0
"""How many times wider than the frame the line is on which a number is measured."""
_LARGEST_ICON, _ICON_SHARE = 3.4, 0.26
_LEAST_FIGURE, _VARIANT = 3.0, 2
_LABEL_BY_NUMBER = 0.75
"""Height of a label as a share of its number's size: a higher one is set smaller."""


class StatisticsScene(TemplateScene):
    """The numbers in one of several compositions.

    `single` and `panel` show one number, huge, on the ground or on the accent's colour. `row` shows numbers of one size
    below lines, `lead` a large one with small ones, and `tiles` each number on a surface.
    """

    @staticmethod
    def compose(content: StatisticsContent, kit: Kit) -> tuple[Page, ...]:
        """Return one page; numbers that don't fit replace those before, if no composition has room for all."""
        words = content.title or content.statistics[0].label
        spread: Page | None = None
        for name in kit.compositions(content):
            page = _PAGES[name](content, kit)
            if page and not any(beat.hides for beat in page.beats):
                return directed((page,), words)
            spread = spread or page
        return directed((spread or _row(content, kit),), words)


class _Number(NamedTuple):
    """A set number, and what sets another text in the same way."""

    block: TypeBlock
    again: Callable[[str], TypeBlock]

    @property
    def is_on_a_line(self) -> bool:
        return self.block.box_height < 2 * self.block.size


@dataclass(frozen=True)
class _Entry:
    """A number with its label and icon, and the line or the surface that comes first."""

    ground: tuple[Mobject, ...]
    number: TypeBlock
    label: TypeBlock
    icon: tuple[Mobject, ...]
    words: str
    counts: Motion
    part: str = ""

    @property
    def parts(self) -> tuple[Mobject, ...]:
        return (*self.ground, self.number, self.label, *self.icon)

    def beat(self, ground: Callable[..., Motion] = wipe) -> Beat:
        """Return the beat: the line is drawn, the number counts, and its label appears."""
        opening = [ground(*self.ground)] if self.ground else []
        return Beat(
            together(*opening, self.counts, rise(self.label, *self.icon), lag_s=0.15),
            reading_s(self.words),
            self.parts,
            parts={self.part: self.parts},
        )


def _row(content: StatisticsContent, kit: Kit) -> Page:
    """Return all numbers in one size, each below a line: abreast, and in portrait one under the other."""
    opening, area = heading(kit, content.title)
    foot, room = footing(kit, content.source, area, part="source")
    groups = _grouped(content.statistics, kit, room)
    beats = list(opening)
    for position, group in enumerate(groups):
        if position:
            beats.append(clear(*(part for entry in groups[position - 1] for part in entry.parts)))
        beats.extend(entry.beat() for entry in group)
    return Page((*beats, *foot))


def _single(content: StatisticsContent, kit: Kit) -> Page | None:
    """Return the number as large as the width allows, above a bar and its label."""
    opening, area = heading(kit, content.title)
    foot, room = footing(kit, content.source, area, part="source")
    beats = _huge_beats(content.statistics[0], kit, room, has_bar=True)
    return Page((*opening, *beats, *foot)) if beats else None


def _panel(content: StatisticsContent, kit: Kit) -> Page | None:
    """Return the number on a ground of the accent's colour, which fills the frame."""
    ground, upon = kit.block(kit.frame.whole, kit.palette.accent), kit.on_accent()
    opening, area = heading(upon, content.title)
    foot, room = footing(upon, content.source, area, part="source")
    beats = _huge_beats(content.statistics[0], upon, room, has_bar=False)
    covered = Beat(wipe(ground, duration_s=QUICK_S), 0.0, (ground,), is_anchor=True)
    return Page((covered, *opening, *beats, *foot)) if beats else None


def _huge_beats(statistic: Statistic, kit: Kit, room: Area, *, has_bar: bool) -> tuple[Beat, ...]:
    """Return the beats of a number that stands alone; the theme's figure fills the room beside or below it."""
    is_tall = kit.frame.is_tall
    entry = _huge(statistic, kit, room, has_bar=has_bar, is_high=is_tall and not statistic.icon)
    place = _free(entry, kit, room) if entry else None
    if is_tall and not place:
        entry = _huge(statistic, kit, room, has_bar=has_bar)
    if entry is None:
        return ()
    figures = (kit.figure(place, _VARIANT),) if place else ()
    beat = replace(entry, part="statistics.0").beat()
    motion = together(beat.motion, *map(unfold, figures), lag_s=0.3)
    return (replace(beat, motion=motion, shows=(*figures, *beat.shows)),)


def _free(entry: _Entry, kit: Kit, room: Area) -> Area | None:
    """Return the place for a figure; None if number, label and drawing need the room."""
    if entry.icon:
        return None
    if kit.frame.is_tall:
        below = room.below(room.top - float(entry.label.box.get_bottom()[1]) + Space.SECTION)
        return below if below.height >= _LEAST_FIGURE else None
    used = max(snug_width(entry.number), snug_width(entry.label)) + Space.SECTION
    beside = Area(room.left + used, room.top, room.width - used, room.height)
    return beside if min(beside.width, beside.height) >= _LEAST_FIGURE else None


def _huge(
    statistic: Statistic, kit: Kit, room: Area, *, has_bar: bool, is_high: bool = False, is_first: bool = False
) -> _Entry | None:
    """Return a number with its label in the middle of the height of `room`, or at its top if it `is_high`.

    A drawing stands beside it, in portrait and square above it. If it `is_first` of several, its label stays small.
    """
    side = min(_LARGEST_ICON, room.width * _ICON_SHARE, room.height * 0.4) if statistic.icon else 0.0
    above = side + Space.BASE if side and kit.frame.is_portrait else 0.0
    width = room.width if above or not side else room.width - side - Space.SECTION
    bar = (kit.bar(0, 0, length=_BAR_OF_HUGE),) if has_bar else ()
    gap = Space.BASE if has_bar else Space.SNUG
    for step in _LABELS_OF_HUGE:
        label = kit.text(statistic.label, step, width, weight=500, balanced=True)
        left = room.height - above - label.box_height - stack_height(bar, 0) - gap * (1 + len(bar))
        size = _largest_size(statistic, kit, width, left, _HUGE)
        number = _number(statistic, kit, Step.GIANT, width, size) if size else None
        is_brief = label.box_height <= _FEW_LINES * label.size * (1 + step.leading)
        is_small = label.box_height <= _LABEL_BY_NUMBER * number.block.size if number else False
        if number and is_brief and (is_small or (kit.frame.is_portrait and not is_first)):
            break
    if number is None:
        return None
    height = above + stack_height((number.block, *bar, label), gap)
    top = room.top - (room.height - height) * (0.0 if is_high else _ABOVE_MIDDLE)
    stack((number.block, *bar, label), room.left, top - above, gap)
    icon: tuple[Mobject, ...] = ()
    if side:
        place = Area(room.left, top, side, side) if above else Area(room.right - side, room.top, side, room.height)
        icon = (kit.drawing(statistic.icon, place),)
    return _counted(statistic, bar, number, label, icon)


def _lead(content: StatisticsContent, kit: Kit) -> Page | None:
    """Return the first number large on a surface, and the others small beside it, or below it in portrait."""
    opening, area = heading(kit, content.title)
    foot, room = footing(kit, content.source, area, part="source")
    if kit.frame.is_tall:
        first, others = room.rows([_LEAD_SHARE_ABOVE, 1 - _LEAD_SHARE_ABOVE], Space.WIDE)
    else:
        first, others = room.columns([_LEAD_SHARE, 1 - _LEAD_SHARE], Space.SECTION)
    large = _huge(content.statistics[0], kit, first.inset(_TILE_PADDING), has_bar=False, is_first=True)
    if large is None:
        return None
    most = large.number.size / Step.GIANT.size * _SMALLER
    rest = first_fit(lambda factor: _small(content.statistics[1:], kit, others, factor, most))
    if rest is None:
        return None
    surface = kit.panel(first, colour=kit.palette.accent_soft)
    entries = [replace(large, ground=(surface,)), *rest]
    parts = [replace(entry, part=f"statistics.{place}") for place, entry in enumerate(entries)]
    return Page((*opening, parts[0].beat(fade), *(entry.beat() for entry in parts[1:]), *foot))


def _small(statistics: Sequence[Statistic], kit: Kit, room: Area, factor: float, most: float) -> list[_Entry] | None:
    """Return numbers of one size, at most `most`, below lines in rows over the whole height of `room`.

    Labels stand below their numbers, in portrait beside them.
    """
    cells = room.rows([1.0] * len(statistics), _ROW_GAP)
    beside, entries = kit.frame.is_tall, list[_Entry]()
    sides = [min(_ICON_SIDE, cells[0].height - _PADDING) if each.icon else 0.0 for each in statistics]
    rooms = [
        Area(cell.left, cell.top - _PADDING, cell.width - (side + Space.BASE if side else 0.0), cell.height - _PADDING)
        for cell, side in zip(cells, sides, strict=True)
    ]
    halves = [
        room.columns([_NUMBER_SHARE, 1 - _NUMBER_SHARE], Space.BASE) if beside else (room, room) for room in rooms
    ]
    labels = [
        kit.text(each.label, Step.BODY, about.width, colour=kit.palette.muted, scale=factor, balanced=True)
        for each, (_, about) in zip(statistics, halves, strict=True)
    ]
    size = min(
        _largest_size(
            each,
            kit,
            place.width,
            place.height - (0.0 if beside else Space.HAIR + label.box_height),
            [size for size in _ON_TILE if size <= max(most, _ON_TILE[-1])],
        )
        for each, (place, _), label in zip(statistics, halves, labels, strict=True)
    )
    if not size or max(label.box_height for label in labels) > rooms[0].height:
        return None
    for each, cell, (place, about), label, side in zip(statistics, cells, halves, labels, sides, strict=True):
        number = _number(each, kit, Step.GIANT, place.width, size)
        if beside:
            number.block.place(place.left, place.top)
            label.place(about.left, place.top - max(0.0, (number.block.size - label.size) / 2))
        else:
            stack((number.block, label), place.left, place.top, Space.HAIR)
        icon = (kit.drawing(each.icon, Area(cell.right - side, place.top, side, side)),) if side else ()
        entries.append(_counted(each, (kit.rule(cell.left, cell.top, cell.width),), number, label, icon))
    return entries


def _tiles(content: StatisticsContent, kit: Kit) -> Page | None:
    """Return each number on a surface, all in one size.

    Numbers that would be small on tiles abreast stand on tiles over the whole width, with their labels beside them.
    """
    opening, area = heading(kit, content.title)
    foot, room = footing(kit, content.source, area, part="source")
    count = len(content.statistics)
    abreast = _on_tiles(content, kit, _tile_places(count, kit, room), is_wide=False)
    wide = _on_tiles(content, kit, list(room.rows([1.0] * count, _TILE_GAP)), is_wide=True)
    entries = wide if _size(wide) >= _LARGER * _size(abreast) else abreast
    return Page((*opening, *(entry.beat(fade) for entry in entries), *foot)) if entries else None


def _size(entries: Sequence[_Entry]) -> float:
    return entries[0].number.size if entries else 0.0


def _tile_places(count: int, kit: Kit, room: Area) -> list[Area]:
    """Return the places of the tiles: rows of two or three; if one is left over, the first is as wide as two."""
    if count <= _FEW_ROWS:
        return list((room.rows if kit.frame.is_tall else room.columns)([1.0] * count, _TILE_GAP))
    abreast = 2 if kit.frame.is_portrait or count == _FEW_ROWS + 1 else 3
    rows = room.rows([1.0] * -(-count // abreast), _TILE_GAP)
    cells = [cell for row in rows for cell in row.columns([1.0] * abreast, _TILE_GAP)]
    spare = len(cells) - count
    if not spare:
        return cells
    first = cells[0]
    return [Area(first.left, first.top, cells[spare].right - first.left, first.height), *cells[spare + 1 :]]


def _on_tiles(content: StatisticsContent, kit: Kit, places: Sequence[Area], *, is_wide: bool) -> list[_Entry]:
    """Return the entries at the largest label with which all fit; none if there is no such label."""
    inner = [place.inset(_TILE_PADDING, min(_TILE_PADDING, place.height * _SHARE_OF_PADDING)) for place in places]
    if is_wide:
        rooms = [cell.columns([_NUMBER_SHARE, 1 - _NUMBER_SHARE], Space.BASE) for cell in inner]
    else:
        rooms = [(cell, cell) for cell in inner]
    sides = [min(_ICON_SIDE, inner[0].height * 0.4) if each.icon else 0.0 for each in content.statistics]
    for step in _LABELS:
        labels = [
            kit.text(each.label, step, beside.width, colour=kit.palette.muted, balanced=True)
            for each, (_, beside) in zip(content.statistics, rooms, strict=True)
        ]
        highest = max(label.box_height for label in labels)
        left = inner[0].height - (0.0 if is_wide else highest + Space.SNUG)
        if highest > inner[0].height:
            continue
        size = min(
            _largest_size(each, kit, cell.width - (side + Space.SNUG if side else 0.0), left, _ON_TILE)
            for each, (cell, _), side in zip(content.statistics, rooms, sides, strict=True)
        )
        if size:
            break
    else:
        return []
    entries = []
    for place, (each, (cell, beside)) in enumerate(zip(content.statistics, rooms, strict=True)):
        number, label, side = _number(each, kit, Step.GIANT, cell.width, size), labels[place], sides[place]
        if is_wide:
            number.block.place(cell.left, cell.top - (cell.height - number.block.box_height) / 2)
            label.place(beside.left, cell.top - (cell.height - label.box_height) / 2)
        else:
            height = number.block.box_height + Space.SNUG + highest
            stack((number.block, label), cell.left, cell.top - (cell.height - height) / 2, Space.SNUG)
        middle = float(number.block.box.get_center()[1])
        icon = (kit.drawing(each.icon, Area(cell.right - side, middle + side / 2, side, side)),) if side else ()
        entry = _counted(each, (kit.panel(places[place]),), number, label, icon)
        entries.append(replace(entry, part=f"statistics.{place}"))
    return entries


def _largest_size(statistic: Statistic, kit: Kit, width: float, height: float, sizes: Sequence[float]) -> float:
    """Return the first of `sizes` at which the number takes one line and fits; 0 if there is none."""
    block = _number(statistic, kit, Step.GIANT, _WIDE * kit.frame.width, 1.0).block
    needed = snug_width(block)
    return next((size for size in sizes if size * needed <= width and size * block.box_height <= height), 0.0)


def _counted(
    statistic: Statistic,
    ground: tuple[Mobject, ...],
    number: _Number,
    label: TypeBlock,
    icon: tuple[Mobject, ...],
) -> _Entry:
    """Return an entry whose number counts up."""
    words = f"{statistic.value} {statistic.label}"
    return _Entry(ground, number.block, label, icon, words, count_up(number.block, statistic.value, number.again))


def _grouped(statistics: Sequence[Statistic], kit: Kit, room: Area) -> list[list[_Entry]]:
    """Return all numbers in place, in as few groups as fit; each group has the whole room."""
    for count in range(1, len(statistics) + 1):
        size = -(-len(statistics) // count)
        shares = [statistics[start : start + size] for start in range(0, len(statistics), size)]
        groups = [first_fit(partial(_entries, share, kit, room)) for share in shares]
        if all(groups):
            entries = [entry for group in groups for entry in group or ()]
            parts = [replace(entry, part=f"statistics.{place}") for place, entry in enumerate(entries)]
            return [parts[start : start + size] for start in range(0, len(parts), size)]
    raise ContentTooLong("a number and its label do not fit on one page: shorten them", field="content.statistics")


def _entries(statistics: Sequence[Statistic], kit: Kit, room: Area, factor: float) -> list[_Entry] | None:
    """Return all numbers in their places, in reading order; None if they are too large."""
    for count in _column_counts(len(statistics), kit):
        entries = _in_columns(statistics, kit, room.columns([1.0] * count, _COLUMN_GAP), factor)
        if entries:
            return entries
    return None


def _in_columns(
    statistics: Sequence[Statistic], kit: Kit, columns: Sequence[Area], factor: float
) -> list[_Entry] | None:
    has_icons = any(statistic.icon for statistic in statistics)
    # In a single column, drawings stand before the numbers: above them, they would take the height of the numbers.
    indent = _ICON_SIDE + Space.BASE if has_icons and len(columns) == 1 else 0.0
    above = _ICON_SIDE + Space.SNUG if has_icons and not indent else 0.0
    width = columns[0].width - indent
    labels = [
        kit.text(statistic.label, Step.BODY, width, colour=kit.palette.muted, scale=factor, balanced=True)
        for statistic in statistics
    ]

    def fits(numbers: list[_Number]) -> bool:
        return _height(numbers, labels, len(columns), above) <= columns[0].height

    numbers = _numbers(statistics, kit, width, fits, factor)
    return _placed(statistics, numbers, labels, columns, kit, above, indent) if numbers else None


def _column_counts(count: int, kit: Kit) -> tuple[int, ...]:
    """Return how many columns to try, the best first."""
    if kit.frame.is_portrait:
        return (1, 2) if count < 5 else (2,)
    return (count,) if count < 4 else (2, 4) if count == 4 else (3,)


def _numbers(
    statistics: Sequence[Statistic], kit: Kit, width: float, fits: Callable[[list[_Number]], bool], factor: float
) -> list[_Number] | None:
    """Return the numbers, at the largest step at which each fits on one line.

    If no step is small enough, they are broken over lines.
    """
    for step in _STEPS:
        numbers = [_number(statistic, kit, step, width, factor) for statistic in statistics]
        if all(number.is_on_a_line for number in numbers) and fits(numbers):
            return numbers
    return numbers if factor == SHRINKS[-1] and fits(numbers) else None


def _number(statistic: Statistic, kit: Kit, step: Step, width: float, factor: float) -> _Number:
    colour = {"good": kit.palette.good, "bad": kit.palette.bad}.get(statistic.trend, kit.palette.text)
    side = leading_side(statistic.value, statistic.label)

    def set_as(text: str) -> TypeBlock:
        return kit.text(text, step, width, colour=colour, scale=factor, weight=650, verbatim=True, align=side)

    return _Number(set_as(statistic.value), set_as)


def _row_heights(numbers: Sequence[_Number], labels: Sequence[TypeBlock], columns: int, above: float) -> list[float]:
    """Return the height of each row, with `above` units for icons above the numbers."""
    heights = [
        _PADDING + above + number.block.box_height + Space.SNUG + label.box_height
        for number, label in zip(numbers, labels, strict=True)
    ]
    return [max(heights[start : start + columns]) for start in range(0, len(heights), columns)]


def _height(numbers: Sequence[_Number], labels: Sequence[TypeBlock], columns: int, above: float) -> float:
    rows = _row_heights(numbers, labels, columns, above)
    return sum(rows) + _ROW_GAP * (len(rows) - 1)


def _placed(
    statistics: Sequence[Statistic],
    numbers: Sequence[_Number],
    labels: Sequence[TypeBlock],
    columns: Sequence[Area],
    kit: Kit,
    above: float,
    indent: float,
) -> list[_Entry]:
    """Return rows from the top, with space between them if there is room."""
    rows = _row_heights(numbers, labels, len(columns), above)
    free = columns[0].height - sum(rows)
    gap = min(_LOOSEST_GAP, free / len(rows)) if len(rows) > 1 else 0.0
    top = columns[0].top - (free - gap * (len(rows) - 1)) * _ABOVE_MIDDLE
    tops = [top - sum(rows[:place]) - gap * place for place in range(len(rows))]
    return [
        _entry(statistic, number, label, columns[place % len(columns)], tops[place // len(columns)], kit, indent)
        for place, (statistic, number, label) in enumerate(zip(statistics, numbers, labels, strict=True))
    ]


def _entry(
    statistic: Statistic, number: _Number, label: TypeBlock, column: Area, top: float, kit: Kit, indent: float
) -> _Entry:
    """Return a line, the icon if there is one, the number and its label, one under the other.

    With an `indent`, number and label stand so far to the right of the icon.
    """
    rule = kit.rule(column.left, top, column.width)
    top -= _PADDING
    icon: tuple[Mobject, ...] = ()
    if statistic.icon:
        icon = (kit.drawing(statistic.icon, Area(column.left, top, _ICON_SIDE, _ICON_SIDE)),)
        top -= 0.0 if indent else _ICON_SIDE + Space.SNUG
    number.block.place(column.left + indent, top)
    label.place(column.left + indent, top - number.block.box_height - Space.SNUG)
    return _counted(statistic, (rule,), number, label, icon)


_PAGES: dict[str, Callable[[StatisticsContent, Kit], Page | None]] = {
    "single": _single,
    "panel": _panel,
    "row": _row,
    "lead": _lead,
    "tiles": _tiles,
}
