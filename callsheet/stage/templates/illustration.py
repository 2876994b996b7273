"""Illustration: a small stage with a few things on it."""

from __future__ import annotations

import math
from typing import NamedTuple

from manim import Mobject, Polygon

from callsheet.model.content import IllustrationContent
from callsheet.stage.kit.beats import Beat, Page, directed, heading
from callsheet.stage.kit.drawn import DrawnPicture
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area, arc
from callsheet.stage.kit.layout import must_fit
from callsheet.stage.kit.motion import CALM_S, fade, rise, together
from callsheet.stage.kit.pacing import SETTLE_S, reading_s
from callsheet.stage.kit.scale import Space, Step
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.templates.base import TemplateScene

_GROUND_SHARE = 0.2
_STANDS_BELOW = 0.3
"""How far the feet stand below the horizon, as a share of the ground."""
_TALLEST, _WIDEST = 0.66, 0.82
"""Sides of a thing, as shares of the stage's height and of its column."""
_LIGHT_SHARE, _LIGHT_INSET = 0.15, 0.22
_CORNER = 0.14
_STEEPEST = 0.9
"""Height of the stage as a share of its width: a higher one would be mostly sky."""
_SHARE_ABOVE = 0.3
_LOWEST_STAGE = 0.45
"""Share of the room that the stage has at least; captions get the rest."""


class _Sky(NamedTuple):
    """Colours above and below the horizon, and what shines."""

    above: str
    below: str
    light: str


_SKIES = {
    "morning": _Sky("#fbd9b5", "#9cc184", "sun"),
    "day": _Sky("#bfe3fb", "#8cc274", "sun"),
    "evening": _Sky("#f2a88c", "#6f8f63", "sun"),
    "night": _Sky("#22305c", "#33513f", "crescent moon"),
}


class IllustrationScene(TemplateScene):
    """The sky and the ground appear, then one thing after the other, each with its caption."""

    @staticmethod
    def compose(content: IllustrationContent, kit: Kit) -> tuple[Page, ...]:
        """Return one page; captions stand below the stage."""
        opening, area = heading(kit, content.title)
        captions = must_fit(lambda factor: _captions(content, kit, area, factor), "things")
        below = max((block.box_height for block in captions if block.words), default=0.0)
        stage = _stage(area.above(below + Space.SNUG if below else 0.0))
        feet = stage.bottom + stage.height * _GROUND_SHARE * (1 - _STANDS_BELOW)
        beats = [*opening, _scenery(content, kit, stage)]
        for place, (thing, column, caption) in enumerate(
            zip(content.things, _columns(content, stage), captions, strict=True)
        ):
            width, height = column.width * _WIDEST, column.height * _TALLEST
            place_of = Area(column.left + (column.width - width) / 2, column.top, width, height)
            drawing = kit.drawing(thing.drawing, place_of)
            drawing.shift((0, feet - drawing.get_bottom()[1], 0))
            caption.place(column.left + (column.width - caption.box_width) / 2, stage.bottom - Space.SNUG)
            shown: tuple[Mobject, ...] = (drawing, caption) if thing.caption else (drawing,)
            reads = reading_s(thing.caption) if thing.caption else CALM_S
            motion = together(*map(rise, shown), lag_s=0.15)
            beats.append(Beat(motion, reads + SETTLE_S, shown, parts={f"things.{place}": shown}, is_anchor=True))
        first = next((thing.caption for thing in content.things if thing.caption), "")
        return directed((Page(tuple(beats)),), content.title or first)


def _stage(room: Area) -> Area:
    height = min(room.height, room.width * _STEEPEST)
    return Area(room.left, room.top - (room.height - height) * _SHARE_ABOVE, room.width, height)


def _columns(content: IllustrationContent, stage: Area) -> tuple[Area, ...]:
    return stage.columns([1.0] * len(content.things), Space.SNUG)


def _captions(content: IllustrationContent, kit: Kit, area: Area, factor: float) -> list[TypeBlock] | None:
    """Return the captions, centred; None if they leave the stage too low."""
    blocks = [
        kit.text(thing.caption, Step.BODY, column.width, scale=factor, align="center", balanced=True)
        for thing, column in zip(content.things, _columns(content, area), strict=True)
    ]
    highest = max(block.box_height for block in blocks)
    return blocks if highest + Space.SNUG <= (1 - _LOWEST_STAGE) * area.height else None


def _scenery(content: IllustrationContent, kit: Kit, stage: Area) -> Beat:
    """Return the beat in which sky, ground and sun or moon appear."""
    colours = _SKIES[content.sky]
    sky = kit.panel(stage, colour=colours.above)
    ground = Polygon(
        *((x, y, 0.0) for x, y in _ground_outline(stage)), fill_color=colours.below, fill_opacity=1, stroke_width=0
    )
    side = stage.height * _LIGHT_SHARE
    light: DrawnPicture = kit.drawing(
        colours.light, Area(stage.right - _LIGHT_INSET - side, stage.top - _LIGHT_INSET, side, side)
    )
    shown: tuple[Mobject, ...] = (sky, ground, light)
    if any(light.drawing == kit.drawing(thing.drawing, stage).drawing for thing in content.things):
        shown = (sky, ground)
    return Beat(fade(*shown, duration_s=CALM_S), SETTLE_S, shown, parts={"sky": shown}, is_anchor=True)


def _ground_outline(stage: Area) -> list[tuple[float, float]]:
    """Return the corners of the ground: the lower two are as round as those of the stage."""
    horizon = stage.bottom + stage.height * _GROUND_SHARE
    radius = min(_CORNER, stage.width / 4, stage.height / 4, stage.height * _GROUND_SHARE)
    left = arc((stage.left + radius, stage.bottom + radius), radius, math.pi, 1.5 * math.pi)
    right = arc((stage.right - radius, stage.bottom + radius), radius, 1.5 * math.pi, 2 * math.pi)
    return [(stage.left, horizon), *left, *right, (stage.right, horizon)]
