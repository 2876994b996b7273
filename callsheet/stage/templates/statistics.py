"""Statistics: numbers to remember, large."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from manim import Mobject

from callsheet.errors import ContentTooLong
from callsheet.model.content import StatisticsContent
from callsheet.model.content.text import Statistic
from callsheet.stage.kit.beats import Beat, Page, clear, directed, footing, heading
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area
from callsheet.stage.kit.layout import first_fit, leading_side
from callsheet.stage.kit.motion import rise, together, wipe
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


class StatisticsScene(TemplateScene):
    """Up to three numbers side by side, each below a line; more in a second row, in portrait one under the other."""

    @staticmethod
    def compose(content: StatisticsContent, kit: Kit) -> tuple[Page, ...]:
        """Return one page; all numbers are set in the same size."""
        opening, area = heading(kit, content.title)
        foot, room = footing(kit, content.source, area, part="source")
        groups = _grouped(content.statistics, kit, room)
        beats = list(opening)
        for position, group in enumerate(groups):
            if position:
                beats.append(clear(*(part for entry in groups[position - 1] for part in entry.parts)))
            beats.extend(entry.beat() for entry in group)
        return directed((Page((*beats, *foot)),), content.title or content.statistics[0].label)


@dataclass(frozen=True)
class _Entry:
    rule: Mobject
    number: TypeBlock
    label: TypeBlock
    icon: tuple[Mobject, ...]
    words: str
    part: str = ""

    @property
    def parts(self) -> tuple[Mobject, ...]:
        return (self.rule, self.number, self.label, *self.icon)

    def beat(self) -> Beat:
        """Return the beat: the line is drawn, then number and label appear."""
        return Beat(
            together(wipe(self.rule), rise(self.number, self.label, *self.icon), lag_s=0.1),
            reading_s(self.words),
            self.parts,
            parts={self.part: self.parts},
        )


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
    above = _ICON_SIDE + Space.SNUG if any(statistic.icon for statistic in statistics) else 0.0
    labels = [
        kit.text(statistic.label, Step.BODY, columns[0].width, colour=kit.palette.muted, scale=factor, balanced=True)
        for statistic in statistics
    ]

    def fits(numbers: list[TypeBlock]) -> bool:
        return _height(numbers, labels, len(columns), above) <= columns[0].height

    numbers = _numbers(statistics, kit, columns[0].width, fits, factor)
    return _placed(statistics, numbers, labels, columns, kit, above) if numbers else None


def _column_counts(count: int, kit: Kit) -> tuple[int, ...]:
    """Return how many columns to try, the best first."""
    if kit.frame.is_portrait:
        return (1, 2) if count < 5 else (2,)
    return (count,) if count < 4 else (2, 4) if count == 4 else (3,)


def _numbers(
    statistics: Sequence[Statistic], kit: Kit, width: float, fits: Callable[[list[TypeBlock]], bool], factor: float
) -> list[TypeBlock] | None:
    """Return the numbers, at the largest step at which each fits on one line.

    If no step is small enough, they are broken over lines.
    """
    for step in _STEPS:
        numbers = [_number(statistic, kit, step, width, factor) for statistic in statistics]
        if all(number.box_height < 2 * number.size for number in numbers) and fits(numbers):
            return numbers
    return numbers if factor == SHRINKS[-1] and fits(numbers) else None


def _number(statistic: Statistic, kit: Kit, step: Step, width: float, factor: float) -> TypeBlock:
    colour = {"good": kit.palette.good, "bad": kit.palette.bad}.get(statistic.trend, kit.palette.text)
    side = leading_side(statistic.value, statistic.label)
    return kit.text(statistic.value, step, width, colour=colour, scale=factor, weight=650, verbatim=True, align=side)


def _row_heights(numbers: Sequence[TypeBlock], labels: Sequence[TypeBlock], columns: int, above: float) -> list[float]:
    """Return the height of each row, with `above` units for icons above the numbers."""
    heights = [
        _PADDING + above + number.box_height + Space.SNUG + label.box_height
        for number, label in zip(numbers, labels, strict=True)
    ]
    return [max(heights[start : start + columns]) for start in range(0, len(heights), columns)]


def _height(numbers: Sequence[TypeBlock], labels: Sequence[TypeBlock], columns: int, above: float) -> float:
    rows = _row_heights(numbers, labels, columns, above)
    return sum(rows) + _ROW_GAP * (len(rows) - 1)


def _placed(
    statistics: Sequence[Statistic],
    numbers: Sequence[TypeBlock],
    labels: Sequence[TypeBlock],
    columns: Sequence[Area],
    kit: Kit,
    above: float,
) -> list[_Entry]:
    """Return rows from the top, with space between them if there is room."""
    rows = _row_heights(numbers, labels, len(columns), above)
    free = columns[0].height - sum(rows)
    gap = min(_LOOSEST_GAP, free / len(rows)) if len(rows) > 1 else 0.0
    top = columns[0].top - (free - gap * (len(rows) - 1)) * _ABOVE_MIDDLE
    tops = [top - sum(rows[:place]) - gap * place for place in range(len(rows))]
    return [
        _entry(statistic, number, label, columns[place % len(columns)], tops[place // len(columns)], kit)
        for place, (statistic, number, label) in enumerate(zip(statistics, numbers, labels, strict=True))
    ]


def _entry(statistic: Statistic, number: TypeBlock, label: TypeBlock, column: Area, top: float, kit: Kit) -> _Entry:
    """Return a line, the icon if there is one, the number and its label, one under the other."""
    rule = kit.rule(column.left, top, column.width)
    top -= _PADDING
    icon: tuple[Mobject, ...] = ()
    if statistic.icon:
        icon = (kit.drawing(statistic.icon, Area(column.left, top, _ICON_SIDE, _ICON_SIDE)),)
        top -= _ICON_SIDE + Space.SNUG
    number.place(column.left, top)
    label.place(column.left, top - number.box_height - Space.SNUG)
    return _Entry(rule, number, label, icon, f"{statistic.value} {statistic.label}")
