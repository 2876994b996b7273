"""Process: steps round a cycle, or down a funnel."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations

import numpy as np
from manim import Circle, Mobject, Polygon, VMobject

from callsheet.model.content import ProcessContent
from callsheet.stage.kit.beats import Beat, Page, directed, heading
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area, Place
from callsheet.stage.kit.layout import must_fit, snug_width
from callsheet.stage.kit.motion import CALM_S, QUICK_S, Motion, draw, fade, grow, rise, together
from callsheet.stage.kit.pacing import reading_s
from callsheet.stage.kit.scale import Space, Step
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.templates.base import TemplateScene

_MARK_SIDE, _NUMBER_SIDE = 1.4, 0.9
_LABEL_WIDTHS = (3.6, 2.8, 2.2)
"""Widths of a label that are tried, in units."""
_CLEARANCE = 0.16
"""Least space between an arrow and what a step shows, in units."""
_LEAST_GAP = 0.2
_LINE_WIDTH, _HEAD = 3.2, 0.2
_NARROWEST = 0.46
"""Width of the funnel's foot, as a share of its mouth."""
_FUNNEL_GAP, _SIDE_PADDING = 0.1, 0.3
_ICON_IN_BAND = 0.62
"""Side of an icon in the funnel, as a share of its band."""


class ProcessScene(TemplateScene):
    """Round a cycle, arrows lead from step to step and back to the first; down a funnel, each band is narrower."""

    @staticmethod
    def compose(content: ProcessContent, kit: Kit) -> tuple[Page, ...]:
        """Return one page."""
        opening, area = heading(kit, content.title)
        make = _cycle if content.shape == "cycle" else _funnel
        beats = must_fit(lambda factor: make(content, kit, area, factor), "steps")
        return directed((Page((*opening, *beats)),), content.title or content.steps[0].label)


def _cycle(content: ProcessContent, kit: Kit, area: Area, factor: float) -> list[Beat] | None:
    """Return the beats of a cycle; None if two steps would touch."""
    for width in _LABEL_WIDTHS:
        labels = [_label(step.label, kit, width * factor, factor) for step in content.steps]
        boxes = _boxes_on_ellipse(labels, area, factor)
        if boxes and all(_are_apart(one, other) for one, other in combinations(boxes, 2)):
            return list(_cycle_beats(content, kit, labels, boxes, factor))
    return None


def _label(text: str, kit: Kit, width: float, factor: float) -> TypeBlock:
    """Return lines of about equal length, centred in a box no wider than they are."""
    evened = kit.text(text, Step.BODY, width, scale=factor, align="center", balanced=True)
    snug = kit.text(text, Step.BODY, min(width, snug_width(evened)), scale=factor, align="center")
    return snug if snug.box_height <= evened.box_height else evened


def _boxes_on_ellipse(labels: list[TypeBlock], area: Area, factor: float) -> list[Area] | None:
    """Return the places of the steps, clockwise from the top, the ellipse as large as the area lets it be."""
    mark = _MARK_SIDE * factor
    sizes = [(max(label.box_width, mark), mark + Space.HAIR + label.box_height) for label in labels]
    across = area.width / 2 - max(width for width, _ in sizes) / 2
    along = area.height / 2 - max(height for _, height in sizes) / 2
    if across <= 0 or along <= 0:
        return None
    middle_x, middle_y = area.centre[:2]
    return [
        Area(
            middle_x + across * math.sin(angle) - width / 2,
            middle_y + along * math.cos(angle) + height / 2,
            width,
            height,
        )
        for angle, (width, height) in zip(_angles(len(labels)), sizes, strict=True)
    ]


def _angles(count: int) -> list[float]:
    """Return the directions of the steps; two stand side by side, four in the corners of a diamond."""
    start = -math.pi / 2 if count == 2 else 0.0
    return [start + 2 * math.pi * place / count for place in range(count)]


def _are_apart(one: Area, other: Area) -> bool:
    beside = max(one.left, other.left) - min(one.right, other.right)
    above = max(one.bottom, other.bottom) - min(one.top, other.top)
    return max(beside, above) >= _LEAST_GAP


def _cycle_beats(
    content: ProcessContent, kit: Kit, labels: list[TypeBlock], boxes: list[Area], factor: float
) -> Iterator[Beat]:
    """Yield step after step, each after the arrow that leads to it; the last arrow closes the cycle."""
    arrows = [_arrow(kit, boxes, place) for place in range(len(boxes))]
    for place, (step, label, box) in enumerate(zip(content.steps, labels, boxes, strict=True)):
        mark = _mark(kit, step.icon, place, box, factor)
        label.place(box.left + (box.width - label.box_width) / 2, box.bottom + label.box_height)
        shown: tuple[Mobject, ...] = (*mark, label)
        led = arrows[place - 1] if place else ()
        motion = together(*_drawn(led), rise(*shown), lag_s=0.15)
        yield Beat(motion, reading_s(step.label), (*led, *shown), parts={f"steps.{place}": shown}, is_anchor=True)
    if arrows[-1]:
        yield Beat(together(*_drawn(arrows[-1]), lag_s=0.15), CALM_S, arrows[-1])


def _drawn(arrow: tuple[VMobject, ...]) -> Iterator[Motion]:
    if arrow:
        line, head = arrow
        yield draw(line, duration_s=QUICK_S)
        yield fade(head)


def _mark(kit: Kit, icon: str, place: int, box: Area, factor: float) -> tuple[Mobject, ...]:
    """Return the step's drawing, or its number on a disc."""
    side = _MARK_SIDE * factor
    square = Area(box.left + (box.width - side) / 2, box.top, side, side)
    if icon:
        return (kit.drawing(icon, square),)
    disc = Circle(
        radius=_NUMBER_SIDE * factor / 2, fill_color=kit.palette.accent, fill_opacity=1, stroke_width=0
    ).move_to(square.centre)
    number = kit.sign(str(place + 1), Step.LEAD, colour=kit.palette.on_accent, scale=factor)
    return disc, number.move_to(square.centre)


def _arrow(kit: Kit, boxes: list[Area], place: int) -> tuple[VMobject, ...]:
    """Return the line along the ellipse from a step to the next, and its head; nothing if there is no room."""
    angles = _angles(len(boxes))
    start, end = angles[place], angles[place] + 2 * math.pi / len(boxes)
    centres = [np.array(box.centre[:2]) for box in boxes]
    middle = np.mean([np.min(centres, axis=0), np.max(centres, axis=0)], axis=0)
    own, following = boxes[place], boxes[(place + 1) % len(boxes)]
    radii = _radii(boxes, angles, middle)
    path = [middle + radii * np.array([math.sin(angle), math.cos(angle)]) for angle in np.linspace(start, end, 90)]
    near = [
        Area(box.left - _CLEARANCE, box.top + _CLEARANCE, box.width + 2 * _CLEARANCE, box.height + 2 * _CLEARANCE)
        for box in (own, following)
    ]
    free = [
        point
        for point in path
        if not any(box.left < point[0] < box.right and box.bottom < point[1] < box.top for box in near)
    ]
    if len(free) < 6:
        return ()
    tip, before = free[-1], free[-5]
    along = (tip - before) / np.linalg.norm(tip - before)
    across = np.array([-along[1], along[0]]) * _HEAD / 2
    foot = tip - along * _HEAD
    line = VMobject(stroke_color=kit.palette.muted, stroke_width=_LINE_WIDTH, fill_opacity=0)
    line.set_points_smoothly([(*point, 0.0) for point in (*free[:-5], foot)])
    head = Polygon(
        *((*corner, 0.0) for corner in (foot + across, tip, foot - across)),
        fill_color=kit.palette.muted,
        fill_opacity=1,
        stroke_width=0,
    )
    return line, head


def _radii(boxes: list[Area], angles: list[float], middle: Place) -> np.ndarray:
    """Return the half axes of the ellipse through the middles of the boxes."""
    offsets = np.abs([np.array(box.centre[:2]) - middle for box in boxes])
    shares = np.abs([(math.sin(angle), math.cos(angle)) for angle in angles])
    return np.array([offsets[:, axis].max() / max(shares[:, axis].max(), 0.3) or 0.9 for axis in (0, 1)])


def _funnel(content: ProcessContent, kit: Kit, area: Area, factor: float) -> list[Beat] | None:
    """Return the beats of a funnel; None if a label is higher than its band."""
    count = len(content.steps)
    bands = area.rows([1.0] * count, _FUNNEL_GAP)
    beats = []
    for place, (step, band) in enumerate(zip(content.steps, bands, strict=True)):
        upper, lower = (band.width * (1 - (1 - _NARROWEST) * at / count) for at in (place, place + 1))
        middle = band.left + band.width / 2
        shape = Polygon(
            *(
                (middle + x, y, 0.0)
                for x, y in (
                    (-upper / 2, band.top),
                    (upper / 2, band.top),
                    (lower / 2, band.bottom),
                    (-lower / 2, band.bottom),
                )
            ),
            fill_color=kit.palette.accent_soft,
            fill_opacity=1,
            stroke_width=0,
        )
        side = min(band.height * _ICON_IN_BAND, _MARK_SIDE) if step.icon else 0.0
        room = lower - 2 * _SIDE_PADDING - (side + Space.SNUG if side else 0.0)
        label = kit.label(step.label, Step.LEAD, room, scale=factor, weight=500, align="center")
        if label.box_height > band.height - 2 * Space.HAIR:
            return None
        left = middle - (label.box_width + (side + Space.SNUG if side else 0.0)) / 2
        icon = (kit.drawing(step.icon, Area(left, band.centre[1] + side / 2, side, side)),) if side else ()
        label.place(left + (side + Space.SNUG if side else 0.0), band.centre[1] + label.box_height / 2)
        shown: tuple[Mobject, ...] = (shape, *icon, label)
        motion = together(grow(shape, duration_s=QUICK_S), rise(*icon, label), lag_s=0.15)
        beats.append(Beat(motion, reading_s(step.label), shown, parts={f"steps.{place}": shown}, is_anchor=True))
    return beats
