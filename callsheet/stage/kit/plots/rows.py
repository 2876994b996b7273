"""Bars one under the other, for many data or long names, which stand beside their bars or above them."""

from __future__ import annotations

from dataclasses import dataclass

from manim import Mobject

from callsheet.model.content import ChartContent
from callsheet.stage.kit.beats import Beat, clear
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area
from callsheet.stage.kit.layout import first_fit, paginate
from callsheet.stage.kit.motion import Motion, extend, fade, rise, together
from callsheet.stage.kit.pacing import reading_s
from callsheet.stage.kit.plots.values import colours, from_zero, value_labels
from callsheet.stage.kit.scale import SHRINKS, Step
from callsheet.stage.kit.strokes import column, lines
from callsheet.stage.kit.type_block import TypeBlock

_WIDEST_NAME_SHARE = 0.36
_NAME_GAP, _VALUE_GAP = 0.26, 0.14
_TIGHTEST_GAP, _LOOSEST_GAP = 0.12, 0.42
_THICKEST, _LEAST_BAR, _BELOW_NAME = 0.5, 0.012, 0.06
_LEAST_WIDTH = 1.0
_BASELINE = 0.026
_LAG_S = 0.08
_FEW = 3


def rows(content: ChartContent, kit: Kit, room: Area, *, named_above: bool = False) -> list[Beat]:
    """Return the beats of the rows; no beats if the names don't fit.

    Names stand beside their bars, or above them: then bars have the whole width. The rows of a page enter together;
    the rows of the next replace them.
    """
    table = first_fit(lambda factor: _on_one_page(content, kit, room, factor, named_above=named_above))
    table = table or _table(content, kit, room, SHRINKS[-2], named_above=named_above)
    if table is None or max(table.heights) > room.height:
        return []
    pages = paginate(table.heights, table.least_gap, room.height)
    beats: list[Beat] = []
    for page in pages:
        if beats:
            beats.append(clear(*beats[-1].shows))
        beats.append(_beat(content, table, page, kit, room))
    return beats


@dataclass(frozen=True)
class _Table:
    """The set names and values. Bars begin at `zero`, and a unit of the values is `unit` wide."""

    names: list[TypeBlock]
    values: list[TypeBlock]
    zero: float
    unit: float
    named_above: bool = False

    @property
    def least_gap(self) -> float:
        return _TIGHTEST_GAP * (2 if self.named_above else 1)

    @property
    def heights(self) -> list[float]:
        if self.named_above:
            return [
                name.box_height + _BELOW_NAME + value.box_height
                for name, value in zip(self.names, self.values, strict=True)
            ]
        return [max(name.box_height, value.box_height) for name, value in zip(self.names, self.values, strict=True)]


def _on_one_page(content: ChartContent, kit: Kit, room: Area, factor: float, *, named_above: bool) -> _Table | None:
    table = _table(content, kit, room, factor, named_above=named_above)
    if table is None:
        return None
    needed = sum(table.heights) + table.least_gap * (len(table.heights) - 1)
    return table if needed <= room.height else None


def _table(content: ChartContent, kit: Kit, room: Area, factor: float, *, named_above: bool) -> _Table | None:
    """Return names at the left or above, and the rest for bars and values; None if that is too narrow."""
    width = room.width * (1.0 if named_above else _WIDEST_NAME_SHARE)
    step = Step.BODY if named_above and len(content.data) <= _FEW else Step.CAPTION
    names = [kit.label(datum.label, step, width, colour=kit.palette.muted, scale=factor) for datum in content.data]
    values = value_labels(content, kit, step, factor)
    low, high = from_zero([datum.value for datum in content.data])
    beyond = max(value.box_width for value in values) + _VALUE_GAP
    beside = 0.0 if named_above else max(name.box_width for name in names) + _NAME_GAP
    left = room.left + beside + (beyond if low < 0 else 0.0)
    span = room.right - beyond - left
    if span < _LEAST_WIDTH:
        return None
    unit = span / (high - low)
    return _Table(names, values, left - low * unit, unit, named_above)


def _beat(content: ChartContent, table: _Table, page: range, kit: Kit, room: Area) -> Beat:
    heights = [table.heights[place] for place in page]
    gap = min(_LOOSEST_GAP, (room.height - sum(heights)) / max(1, len(heights) - 1))
    if table.named_above:  # What is left makes bars thicker and gaps larger alike.
        free = (room.height - sum(heights) - table.least_gap * (len(heights) - 1)) / (2 * len(heights))
        thicker = min(_THICKEST, max(0.0, free))
        gap = table.least_gap + thicker
        heights = [height + thicker for height in heights]
    paints = colours(content, kit)
    top, motions, bars = room.top, list[Motion](), list[Mobject]()
    for place, height in zip(page, heights, strict=True):
        above = table.names[place].box_height + _BELOW_NAME if table.named_above else 0.0
        middle = top - above - (height - above) / 2
        room_of_bar = height - above
        thickness = room_of_bar * 0.85 if table.named_above else min(_THICKEST, room_of_bar * 0.8 + gap * 0.4)
        bar = _bar(content.data[place].value, table, table.values[place], (middle, thickness), paints[place])
        if table.named_above:
            table.names[place].place(room.left, top)
        motions.append(together(extend(bar, 0, table.zero), rise(table.values[place]), lag_s=0.2))
        bars.append(bar)
        top -= height + gap
    feet = [(bar.get_top()[1], bar.get_bottom()[1]) for bar in bars] if table.named_above else [(room.top, top + gap)]
    ends = [((table.zero, upper), (table.zero, lower)) for upper, lower in feet]
    baseline = lines(ends, kit.palette.muted, _BASELINE)
    names = [table.names[place] for place in page]
    if not table.named_above:
        names = [_placed(table.names[place], room.left, bar) for place, bar in zip(page, bars, strict=True)]
    words = " ".join(content.data[place].label for place in page)
    shown = (baseline, *names, *bars, *(table.values[place] for place in page))
    motion = together(fade(baseline, *names), together(*motions, lag_s=_LAG_S), lag_s=0.3)
    parts = {
        f"data.{place}": (bar, table.names[place], table.values[place]) for place, bar in zip(page, bars, strict=True)
    }
    return Beat(motion, reading_s(words) + 0.3 * len(page), shown, parts=parts)


def _placed(name: TypeBlock, left: float, bar: Mobject) -> TypeBlock:
    return name.place(left, bar.get_center()[1] + name.box_height / 2)


def _bar(value: float, table: _Table, label: TypeBlock, row: tuple[float, float], colour: str) -> Mobject:
    """Return the bar in its `row`, and put its label beyond its end.

    `row` is a middle height and a thickness.
    """
    middle, thickness = row
    length = max(_LEAST_BAR, abs(value) * table.unit)
    top = middle + label.box_height / 2
    if value < 0:
        label.place(table.zero - length - _VALUE_GAP - label.box_width, top)
        return column(Area(table.zero - length, middle + thickness / 2, length, thickness), colour, rounded=(0, 3))
    label.place(table.zero + length + _VALUE_GAP, top)
    return column(Area(table.zero, middle + thickness / 2, length, thickness), colour, rounded=(1, 2))
