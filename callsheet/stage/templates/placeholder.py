"""Placeholder: a card that stands where a scene could not be made."""

from __future__ import annotations

from manim import Mobject

from callsheet.model.content import PlaceholderContent
from callsheet.stage.kit.beats import Beat, Page, directed
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area
from callsheet.stage.kit.layout import must_fit, stack, stack_height
from callsheet.stage.kit.motion import fade, rise, together
from callsheet.stage.kit.pacing import reading_s
from callsheet.stage.kit.scale import Space, Step
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.templates.base import TemplateScene

_PADDING = 0.8
_LEAST_HEIGHT = 0.42
"""Share of the safe area's height that the card takes at least, even with little text."""


class PlaceholderScene(TemplateScene):
    """Quiet on purpose: no accent colour, nothing that moves twice."""

    @staticmethod
    def compose(content: PlaceholderContent, kit: Kit) -> tuple[Page, ...]:
        """Return one page with one card in the middle."""
        card, texts = must_fit(lambda factor: _card(content, kit, factor), "reason")
        words = f"{_notice(content)} {content.scene_name} {content.reason}"
        beat = Beat(
            together(fade(card), rise(*texts), lag_s=0.1), reading_s(words), (card, *texts), parts={"scene_name": texts}
        )
        return directed((Page((beat,)),), content.scene_name)


def _notice(content: PlaceholderContent) -> str:
    return f"Scene {content.number} is missing" if content.number else "A scene is missing"


def _card(content: PlaceholderContent, kit: Kit, factor: float) -> tuple[Mobject, tuple[TypeBlock, ...]] | None:
    """Return the card and its texts, in place; None if they are too high."""
    safe = kit.safe
    texts = _texts(content, kit, safe.width - 2 * _PADDING, factor)
    needed = stack_height(texts, Space.BASE)
    height = max(_LEAST_HEIGHT * safe.height, needed + 2 * _PADDING)
    if height > safe.height:
        return None
    area = Area(safe.left, safe.top - (safe.height - height) * 0.48, safe.width, height)
    stack(texts, area.left + _PADDING, area.top - (height - needed) / 2, Space.BASE)
    return kit.panel(area, line=kit.palette.line), texts


def _texts(content: PlaceholderContent, kit: Kit, width: float, factor: float) -> tuple[TypeBlock, ...]:
    muted = kit.palette.muted
    notice = kit.text(_notice(content), Step.BODY, width, colour=muted, weight=600, scale=factor)
    name = kit.text(content.scene_name, Step.HEADLINE, width, scale=factor, verbatim=True, balanced=True)
    if not content.reason:
        return notice, name
    return notice, name, kit.text(content.reason, Step.CAPTION, width, colour=muted, scale=factor, verbatim=True)
