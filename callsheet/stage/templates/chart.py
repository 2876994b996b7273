"""Chart: values as bars or as a line, each written beside its bar or point."""

from __future__ import annotations

from callsheet.errors import ContentTooLong
from callsheet.model.content import ChartContent
from callsheet.stage.kit.beats import Beat, Page, directed, footing, heading, show
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area
from callsheet.stage.kit.plots.columns import columns
from callsheet.stage.kit.plots.line import line
from callsheet.stage.kit.plots.rows import rows
from callsheet.stage.kit.plots.values import SHORT_UNIT
from callsheet.stage.kit.scale import Space, Step
from callsheet.stage.templates.base import TemplateScene


class ChartScene(TemplateScene):
    """Columns if all names fit below them, else bars in rows. Every bar begins at zero."""

    @staticmethod
    def compose(content: ChartContent, kit: Kit) -> tuple[Page, ...]:
        """Return one page; rows that don't fit replace those before, at the same scale."""
        opening, area = heading(kit, content.title)
        ending, room = footing(kit, content.source, area, part="source")
        unit, room = _long_unit(content, kit, room)
        # Only the words around the chart follow the direction of their script.
        directed((Page((*opening, *unit, *ending)),), content.title or content.data[0].label)
        beats = line(content, kit, room) if content.kind == "line" else columns(content, kit, room)
        beats = beats or rows(content, kit, room)
        if not beats:
            raise ContentTooLong("the names of the data do not fit beside the chart: shorten them", "content.data")
        return (Page((*opening, *unit, *beats, *ending)),)


def _long_unit(content: ChartContent, kit: Kit, area: Area) -> tuple[tuple[Beat, ...], Area]:
    """Return a long unit above the chart, and the area below it.

    A long unit can't stand beside every value.
    """
    if len(content.unit) <= SHORT_UNIT:
        return (), area
    unit = kit.text(content.unit, Step.CAPTION, area.width, colour=kit.palette.muted, verbatim=True)
    unit.place(area.left, area.top)
    return (show(unit, hold_s=0.1, part="unit", is_anchor=True),), area.below(unit.box_height + Space.SNUG)
