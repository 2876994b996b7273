"""Callout: one sentence, large."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from manim import Mobject

from callsheet.model.content import CalloutContent
from callsheet.stage.kit.beats import Beat, Page, directed
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area
from callsheet.stage.kit.layout import must_fit, stack, stack_height
from callsheet.stage.kit.motion import rise, together, wipe
from callsheet.stage.kit.pacing import reading_s
from callsheet.stage.kit.scale import Space, Step
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.templates.base import TemplateScene

_STEPS = (Step.DISPLAY, Step.LARGE, Step.HEADLINE, Step.TITLE, Step.LEAD)
_MOST_LINES = 6
_ICON_SHARE, _LARGEST_ICON = 0.3, 3.6
"""Side of the drawing: a share of the width beside the sentence, at most this many units."""
_SHARE_ABOVE = 0.46


class _Placed(NamedTuple):
    icon: tuple[Mobject, ...]
    kicker: tuple[Mobject, ...]
    bar: Mobject
    sentence: TypeBlock


class CalloutScene(TemplateScene):
    """The sentence as large as it can be, with a drawing beside it; above it in portrait."""

    @staticmethod
    def compose(content: CalloutContent, kit: Kit) -> tuple[Page, ...]:
        """Return one page: the drawing comes first, then the sentence."""
        placed = must_fit(lambda factor: _placed(content, kit, factor), "sentence")
        beats = []
        first = (*placed.icon, *placed.kicker, placed.bar)
        parts = {name: shown for name, shown in (("icon", placed.icon), ("kicker", placed.kicker)) if shown}
        entrance = together(*map(rise, (*placed.icon, *placed.kicker)), wipe(placed.bar), lag_s=0.12)
        beats.append(Beat(entrance, reading_s(content.kicker) * 0.6, first, parts=parts, is_anchor=True))
        said = {"sentence": (placed.sentence,)}
        beats.append(Beat(rise(placed.sentence), reading_s(content.sentence), (placed.sentence,), parts=said))
        return directed((Page(tuple(beats)),), content.sentence)


def _placed(content: CalloutContent, kit: Kit, factor: float) -> _Placed | None:
    """Return everything in its place; None if it is too high."""
    safe, stacked = kit.safe, kit.frame.is_portrait
    side = min(_LARGEST_ICON, safe.width * (0.4 if stacked else _ICON_SHARE)) if content.icon else 0.0
    indent = side + Space.SECTION if side and not stacked else 0.0
    width = safe.width - indent
    above = side + Space.WIDE if side and stacked else 0.0
    bar = kit.bar(0, 0, length=1.3)
    kicker: tuple[TypeBlock, ...] = ()
    if content.kicker:
        kicker = (kit.text(content.kicker, Step.BODY, width, colour=kit.palette.accent, weight=600, scale=factor),)
    for step in _STEPS:
        sentence = kit.text(content.sentence, step, width, scale=factor, weight=650, balanced=True)
        column: Sequence[Mobject] = (*kicker, bar, sentence)
        height = above + stack_height(column, Space.BASE)
        is_brief = sentence.box_height <= _MOST_LINES * sentence.size * (1 + step.leading)
        if height <= safe.height and (is_brief or step is _STEPS[-1]):
            break
    else:
        return None
    top = safe.top - (safe.height - height) * _SHARE_ABOVE
    stack(column, safe.left + indent, top - above, Space.BASE)
    icon: tuple[Mobject, ...] = ()
    if side:
        middle = top if stacked else safe.top - (safe.height - side) * _SHARE_ABOVE
        icon = (kit.drawing(content.icon, Area(safe.left, middle, side, side)),)
    return _Placed(icon, kicker, bar, sentence)
