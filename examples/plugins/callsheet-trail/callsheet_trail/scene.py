"""How a signpost is drawn. It runs behind the fence."""

from __future__ import annotations

from callsheet.stage.kit.beats import Page, directed, heading, show
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area
from callsheet.stage.kit.layout import must_fit, stack, stack_height
from callsheet.stage.kit.scale import Space, Step
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.templates.base import TemplateScene
from callsheet_trail.content import SignpostContent


class SignpostScene(TemplateScene):
    """The place as the heading, and a line for each way below it."""

    @staticmethod
    def compose(content: SignpostContent, kit: Kit) -> tuple[Page, ...]:
        """Return one page."""
        opening, area = heading(kit, content.place, part="place")
        rows = must_fit(lambda factor: _rows(content, kit, area, factor), "ways")
        beats = [
            show(row, reads=way.to, part=f"ways.{at}")
            for at, (row, way) in enumerate(zip(rows, content.ways, strict=True))
        ]
        return directed((Page((*opening, *beats)),), content.place)


def _rows(content: SignpostContent, kit: Kit, area: Area, factor: float) -> list[TypeBlock] | None:
    texts = [f"{way.to} – {way.minutes} min" for way in content.ways]
    rows = [kit.text(text, Step.LEAD, area.width, scale=factor) for text in texts]
    if stack_height(rows, Space.BASE) > area.height:
        return None
    stack(rows, area.left, area.top, Space.BASE)
    return rows
