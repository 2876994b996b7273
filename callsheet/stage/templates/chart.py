"""Chart: values as bars or as a line, each written beside its bar or point."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from callsheet.errors import ContentTooLong
from callsheet.model.content import ChartContent
from callsheet.stage.kit.beats import Beat, Page, directed, footing, heading, show
from callsheet.stage.kit.counting import count_up
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area
from callsheet.stage.kit.layout import snug_width, stack
from callsheet.stage.kit.motion import rise, together
from callsheet.stage.kit.pacing import reading_s
from callsheet.stage.kit.plots.columns import columns
from callsheet.stage.kit.plots.line import line
from callsheet.stage.kit.plots.rows import rows
from callsheet.stage.kit.plots.values import SHORT_UNIT, value_text
from callsheet.stage.kit.scale import Space, Step
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.templates.base import TemplateScene

_FOCUS_SHARE, _FOCUS_SHARE_ABOVE = 0.32, 0.26
_NAME_STEPS = (Step.LEAD, Step.BODY, Step.CAPTION)
_FOCUS_STEPS = (Step.GIANT, Step.DISPLAY, Step.LARGE, Step.HEADLINE, Step.TITLE)


class ChartScene(TemplateScene):
    """The values in one of several compositions. Every bar begins at zero.

    `columns`: bars side by side, if all names fit below them. `rows`: bars one under the other, with their names beside
    them. `named-above`: the same with the names above the bars. `line` and `area`: points in a row of time. `focus`:
    one value large, beside the chart.
    """

    @staticmethod
    def compose(content: ChartContent, kit: Kit) -> tuple[Page, ...]:
        """Return one page; rows that don't fit replace those before, at the same scale."""
        opening, area = heading(kit, content.title)
        ending, room = footing(kit, content.source, area, part="source")
        unit, room = _long_unit(content, kit, room)
        # Only the words around the chart follow the direction of their script.
        directed((Page((*opening, *unit, *ending)),), content.title or content.data[0].label)
        for name in kit.compositions(content):
            beats = _CHARTS[name](content, kit, room)
            if beats:
                return (Page((*opening, *unit, *beats, *ending)),)
        beats = rows(content, kit, room)
        if not beats:
            raise ContentTooLong("the names of the data do not fit beside the chart: shorten them", "content.data")
        return (Page((*opening, *unit, *beats, *ending)),)


def _columns(content: ChartContent, kit: Kit, room: Area) -> list[Beat]:
    return columns(content, kit, room) or rows(content, kit, room)


def _focus(content: ChartContent, kit: Kit, room: Area) -> list[Beat]:
    """Return the chart, and beside it the highlighted value, or else the last, large; above it in portrait."""
    datum = next((each for each in content.data if each.highlight), content.data[-1])
    if kit.frame.is_tall:
        place, rest = room.rows([_FOCUS_SHARE_ABOVE, 1 - _FOCUS_SHARE_ABOVE], Space.BASE)
    else:
        place, rest = room.columns([_FOCUS_SHARE, 1 - _FOCUS_SHARE], Space.WIDE)
    chart = line(content, kit, rest, is_filled=True) if content.kind == "line" else _columns(content, kit, rest)
    text = value_text(datum.value, content.unit, kit.look.language)
    name = kit.largest(
        datum.label, _NAME_STEPS, place.width, height=place.height / 2, lines=2, colour=kit.palette.muted
    )
    if name is None:
        return []
    for step in _FOCUS_STEPS:
        number = _large(text, kit, step, place.width)
        is_on_a_line = number.box_height < 2 * number.size and snug_width(number) <= place.width
        if is_on_a_line and number.box_height + Space.SNUG + name.box_height <= place.height:
            break
    else:
        return []
    height = number.box_height + Space.SNUG + name.box_height
    stack((number, name), place.left, place.top - (place.height - height) / 2, Space.SNUG)
    counts = count_up(number, text, lambda value: _large(value, kit, step, place.width))
    motion = together(counts, rise(name), lag_s=0.2)
    part = f"data.{content.data.index(datum)}"
    shown = (number, name)
    return [*chart, Beat(motion, reading_s(f"{text} {datum.label}"), shown, parts={part: shown})] if chart else []


def _large(text: str, kit: Kit, step: Step, width: float) -> TypeBlock:
    return kit.text(text, step, width, colour=kit.palette.accent, weight=650, verbatim=True)


def _long_unit(content: ChartContent, kit: Kit, area: Area) -> tuple[tuple[Beat, ...], Area]:
    """Return a long unit above the chart, and the area below it.

    A long unit can't stand beside every value.
    """
    if len(content.unit) <= SHORT_UNIT:
        return (), area
    unit = kit.text(content.unit, Step.CAPTION, area.width, colour=kit.palette.muted, verbatim=True)
    unit.place(area.left, area.top)
    return (show(unit, hold_s=0.1, part="unit", is_anchor=True),), area.below(unit.box_height + Space.SNUG)


_CHARTS: dict[str, Callable[[ChartContent, Kit, Area], list[Beat]]] = {
    "columns": _columns,
    "rows": rows,
    "named-above": partial(rows, named_above=True),
    "line": line,
    "area": partial(line, is_filled=True),
    "focus": _focus,
}
