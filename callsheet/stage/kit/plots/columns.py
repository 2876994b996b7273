"""Bars side by side, for few data with short names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from manim import Mobject

from callsheet.model.content import ChartContent
from callsheet.stage.kit.beats import Beat
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area
from callsheet.stage.kit.layout import first_fit
from callsheet.stage.kit.motion import extend, fade, rise, together
from callsheet.stage.kit.pacing import reading_s
from callsheet.stage.kit.plots.values import colours, from_zero, value_labels
from callsheet.stage.kit.scale import Step
from callsheet.stage.kit.strokes import column, lines
from callsheet.stage.kit.type_block import TypeBlock

_WIDEST, _SHARE_OF_SLOT = 1.5, 0.64
_VALUE_GAP, _NAME_GAP = 0.14, 0.2
_BETWEEN_NAMES = 0.16
_MOST_LINES = 2
_LEAST_HEIGHT = 1.8
_BASELINE = 0.026
_LEAST_BAR = 0.012
"""Height of a bar that stands for next to nothing: enough to be drawn, hidden by the baseline."""
_LAG_S = 0.12


def columns(content: ChartContent, kit: Kit, room: Area) -> list[Beat]:
    """Return the baseline and the names, then the bars one after the other.

    If names or values don't fit, return no beats.
    """
    return first_fit(lambda factor: _columns(content, kit, room, factor)) or []


@dataclass(frozen=True)
class _Ground:
    """The ground of the bars: `zero` is the height of the baseline, `unit` the height of one unit of the values."""

    slots: tuple[Area, ...]
    zero: float
    unit: float


def _columns(content: ChartContent, kit: Kit, room: Area, factor: float) -> list[Beat] | None:
    slot_width = room.width / len(content.data)
    names = _names(content, kit, slot_width - _BETWEEN_NAMES, factor)
    values = value_labels(content, kit, Step.BODY if slot_width > 1.4 else Step.CAPTION, factor)
    if names is None or max(value.box_width for value in values) > slot_width - _BETWEEN_NAMES:
        return None
    foot = max(name.box_height for name in names) + _NAME_GAP
    ground = _ground(content, room.above(foot), values[0].box_height + _VALUE_GAP)
    if ground is None:
        return None
    for name, slot in zip(names, ground.slots, strict=True):
        name.place(slot.left + (slot.width - name.box_width) / 2, room.bottom + foot - _NAME_GAP)
    return _beats(content, kit, ground, names, values)


def _names(content: ChartContent, kit: Kit, width: float, factor: float) -> list[TypeBlock] | None:
    """Return the names, each in at most two lines.

    Return None if one is longer or would be broken inside a word.
    """
    names = [
        kit.label(datum.label, Step.CAPTION, width, colour=kit.palette.muted, scale=factor, align="center")
        for datum in content.data
    ]
    lowest = _MOST_LINES * names[0].size * (1 + Step.CAPTION.leading)
    if any(name.box_height > lowest for name in names):
        return None
    unbroken = all(_longest_word(datum.label, kit, factor) <= width for datum in content.data)
    return names if unbroken else None


def _longest_word(name: str, kit: Kit, factor: float) -> float:
    """Return the width of the longest part that should not be broken.

    That is a word, or all if there are formulas.
    """
    parts = [name] if "$" in name or "`" in name else name.split()
    return max(kit.label(part, Step.CAPTION, 4 * kit.safe.width, scale=factor).box_width for part in parts)


def _ground(content: ChartContent, room: Area, value_height: float) -> _Ground | None:
    """Return the slots of the bars, with room for values above and below.

    There is room below only if some values are negative.
    """
    low, high = from_zero([datum.value for datum in content.data])
    below = value_height if low < 0 else 0.0
    height = room.height - value_height - below
    if height < _LEAST_HEIGHT:
        return None
    unit = height / (high - low)
    zero = room.bottom + below - low * unit
    return _Ground(room.columns([1.0] * len(content.data), 0.0), zero, unit)


def _beats(
    content: ChartContent, kit: Kit, ground: _Ground, names: Sequence[TypeBlock], values: Sequence[TypeBlock]
) -> list[Beat]:
    edges = ground.slots[0].left, ground.slots[-1].right
    baseline = lines([((edges[0], ground.zero), (edges[1], ground.zero))], kit.palette.muted, _BASELINE)
    opening: tuple[Mobject, ...] = (baseline, *names)
    words = " ".join(datum.label for datum in content.data)
    bars = [
        _bar(datum.value, ground, slot, colour, value)
        for datum, slot, colour, value in zip(content.data, ground.slots, colours(content, kit), values, strict=True)
    ]
    growth = [
        together(extend(bar, 1, ground.zero), rise(value), lag_s=0.25) for bar, value in zip(bars, values, strict=True)
    ]
    parts = {f"data.{place}": pair for place, pair in enumerate(zip(bars, values, names, strict=True))}
    shown = tuple(part for pair in zip(bars, values, strict=True) for part in pair)
    return [
        Beat(fade(*opening), reading_s(words) * 0.5, opening),
        Beat(together(*growth, lag_s=_LAG_S), reading_s(words) * 0.5 + 0.4 * len(bars), shown, parts=parts),
    ]


def _bar(value: float, ground: _Ground, slot: Area, colour: str, label: TypeBlock) -> Mobject:
    """Return the bar in its slot; put its label beyond its end."""
    width = min(_WIDEST, slot.width * _SHARE_OF_SLOT)
    height = max(_LEAST_BAR, abs(value) * ground.unit)
    left = slot.left + (slot.width - width) / 2
    middle = slot.left + (slot.width - label.box_width) / 2
    if value < 0:
        label.place(middle, ground.zero - height - _VALUE_GAP)
        return column(Area(left, ground.zero, width, height), colour, rounded=(2, 3))
    label.place(middle, ground.zero + height + _VALUE_GAP + label.box_height)
    return column(Area(left, ground.zero + height, width, height), colour, rounded=(0, 1))
