"""Diagram: boxes joined by arrows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
from manim import Mobject, Polygon, VMobject

from callsheet.errors import ContentTooLong
from callsheet.model.content import DiagramContent
from callsheet.model.content.compositions import chain_of, hub_of, ring_of
from callsheet.stage.kit.beats import Beat, Page, heading, show
from callsheet.stage.kit.diagrams.diagram_layout import arrange
from callsheet.stage.kit.diagrams.fit import SMALLEST_SCALE
from callsheet.stage.kit.diagrams.round_layout import arrange_round
from callsheet.stage.kit.diagrams.stairs_layout import arrange_stairs
from callsheet.stage.kit.diagrams.types import HEAD, Arrangement, Arrow, Route, Size
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area
from callsheet.stage.kit.inline import is_right_to_left
from callsheet.stage.kit.layout import centre_in, mirror, snug_width
from callsheet.stage.kit.motion import QUICK_S, Motion, draw, fade, rise, together
from callsheet.stage.kit.pacing import reading_s
from callsheet.stage.kit.scale import Step
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.templates.base import TemplateScene

_COLUMNS = {3.0: 1.0, 4.4: 0.97, 2.1: 0.94, 1.6: 0.88}
"""Widest text in a box, in units at scale 1, and what an arrangement with it is worth. Each is tried, the best is
taken."""
_PADDING_X, _PADDING_Y = 0.32, 0.24
_LEAST_WIDTH = 1.1
_RAISED, _RAISED_SHARE = 2.2, 0.4
"""How much higher than usual boxes in a single row are, at most, and the share of the height that they take."""
_LABEL_WIDTH = 1.9
_EVENED = 0.8
"""Texts of several lines are set narrower if that takes no further line."""
_WIDEST_WORD, _BEARING = 4.4, 0.04
"""Width of a word that is not divided, at most, and of the white space at its ends, in units at scale 1."""
_LINE_WIDTH = 2.8
_HEAD_WIDTH = 0.17
_LAG_S = 0.2


class DiagramScene(TemplateScene):
    """Boxes appear when arrows lead to them, in the order of the arrows.

    `stairs`: a chain of few boxes, from the upper left to the lower right. `flow`: ranks from left to right, from top
    to bottom in portrait. `tree`: ranks in the other direction. `hub`: the box at which all arrows begin or end stands
    in the middle. `ring`: arrows that lead back to the first box.
    """

    @staticmethod
    def compose(content: DiagramContent, kit: Kit) -> tuple[Page, ...]:
        """Return one page with all boxes."""
        opening, area = heading(kit, content.title)
        plans = (_PLANS[name](content, kit, area) for name in kit.compositions(content))
        plan = next((plan for plan in plans if plan and plan.arrangement.scale >= SMALLEST_SCALE), None)
        if plan is None:
            raise ContentTooLong("this many boxes do not fit, even drawn small: shorten their labels", "content.boxes")
        if is_right_to_left(content.title or content.boxes[0].label):
            mirror([mobject for beat in opening for mobject in beat.shows])
            plan = _Plan(plan.texts, plan.labels, plan.arrangement.mirrored())
        return (Page((*opening, *_beats(content, kit, plan))),)


@dataclass(frozen=True)
class _Plan:
    """The texts of boxes and arrows, set at scale 1, and their places."""

    texts: tuple[TypeBlock, ...]
    labels: tuple[TypeBlock | None, ...]
    arrangement: Arrangement


def _flow(content: DiagramContent, kit: Kit, area: Area) -> _Plan:
    return _best(content, kit, area, downward=kit.frame.is_portrait)


def _tree(content: DiagramContent, kit: Kit, area: Area) -> _Plan:
    return _best(content, kit, area, downward=not kit.frame.is_portrait, strictly=True)


def _best(content: DiagramContent, kit: Kit, area: Area, *, downward: bool, strictly: bool = False) -> _Plan:
    """Return the ranks with the widths of text that are worth most."""
    plans = {}
    for column in _COLUMNS:
        texts, labels = _set(content, kit, column)
        arranged = arrange(_sizes(texts), _arrows(content, labels), area, downward=downward, strictly=strictly)
        plans[column] = _Plan(texts, labels, arranged)
    best = plans[max(plans, key=lambda column: plans[column].arrangement.worth * _COLUMNS[column])]
    return best if downward else _raised(best, content, area)


def _raised(plan: _Plan, content: DiagramContent, area: Area) -> _Plan:
    """Return a plan of a single row with higher boxes, in which the row fills more of the area; else `plan`."""
    boxes = plan.arrangement.boxes
    if len({round(box.centre[1], 3) for box in boxes}) > 1:
        return plan
    height = min(_RAISED * max(box.height for box in boxes), _RAISED_SHARE * area.height) / plan.arrangement.scale
    sizes = [Size(size.width, max(size.height, height)) for size in _sizes(plan.texts)]
    raised = arrange(sizes, _arrows(content, plan.labels), area, downward=False)
    is_row = len({round(box.centre[1], 3) for box in raised.boxes}) == 1
    return _Plan(plan.texts, plan.labels, raised) if is_row and raised.scale >= plan.arrangement.scale else plan


def _round(content: DiagramContent, kit: Kit, area: Area) -> _Plan | None:
    """Return the boxes around a hub, or in a ring, with the largest type; None if they don't fit."""
    number = {box.name: place for place, box in enumerate(content.boxes)}
    hub, around = hub_of(content), ring_of(content)
    order = around or tuple(box.name for box in content.boxes if box.name != hub)
    places, middle = [number[name] for name in order], None if around else number[hub]
    return _largest(content, kit, lambda sizes, arrows: arrange_round(sizes, arrows, area, places, middle))


def _stairs(content: DiagramContent, kit: Kit, area: Area) -> _Plan | None:
    """Return the chain as stairs, with the largest type; None in portrait, where a column is larger."""
    if kit.frame.is_tall:
        return None
    number = {box.name: place for place, box in enumerate(content.boxes)}
    order = [number[name] for name in chain_of(content)]
    return _largest(content, kit, lambda sizes, arrows: arrange_stairs(sizes, arrows, area, order))


def _largest(
    content: DiagramContent, kit: Kit, arranged: Callable[[list[Size], list[Arrow]], Arrangement | None]
) -> _Plan | None:
    """Return the plan with the largest type, over the widths of text; None if no arrangement fits."""
    plans: list[_Plan] = []
    for column in _COLUMNS:
        texts, labels = _set(content, kit, column)
        if arrangement := arranged(_sizes(texts), _arrows(content, labels)):
            plans.append(_Plan(texts, labels, arrangement))
    return max(plans, key=lambda plan: plan.arrangement.scale, default=None)


def _set(
    content: DiagramContent, kit: Kit, column: float
) -> tuple[tuple[TypeBlock, ...], tuple[TypeBlock | None, ...]]:
    """Return the texts of boxes, and those of arrows that have one."""
    texts = tuple(_snug(box.label, kit, Step.BODY, column, kit.palette.text) for box in content.boxes)
    labels = tuple(
        _snug(arrow.label, kit, Step.CAPTION, _LABEL_WIDTH, kit.palette.muted) if arrow.label else None
        for arrow in content.arrows
    )
    return texts, labels


def _arrows(content: DiagramContent, labels: Sequence[TypeBlock | None]) -> list[Arrow]:
    """Return the arrows by the numbers of their boxes, with the sizes of their labels."""
    number = {box.name: place for place, box in enumerate(content.boxes)}
    return [
        Arrow(number[arrow.source], number[arrow.target], Size(label.box_width, label.box_height) if label else None)
        for arrow, label in zip(content.arrows, labels, strict=True)
    ]


def _snug(text: str, kit: Kit, step: Step, column: float, colour: str) -> TypeBlock:
    """Return `text` centred in a column no wider than its lines, which are about equally long.

    The column is wider if a word would be divided in it.
    """
    longest = min(_WIDEST_WORD, kit.width_of_longest_word(text, step) + _BEARING)
    column = max(column, longest)
    widest = kit.text(text, step, column, colour=colour, align="center")
    evened = kit.text(text, step, max(column * _EVENED, longest), colour=colour, align="center")
    block = evened if evened.box_height <= widest.box_height else widest
    snug = kit.text(text, step, min(column, max(longest, snug_width(block))), colour=colour, align="center")
    return snug if snug.box_height <= block.box_height else block


def _sizes(texts: Sequence[TypeBlock]) -> list[Size]:
    """Return the sizes of the boxes; they are all equally high if that costs little."""
    heights = [text.box_height + 2 * _PADDING_Y for text in texts]
    highest = max(heights)
    if highest <= 2 * min(heights):
        heights = [highest] * len(heights)
    return [
        Size(max(_LEAST_WIDTH, text.box_width + 2 * _PADDING_X), height)
        for text, height in zip(texts, heights, strict=True)
    ]


def _beats(content: DiagramContent, kit: Kit, plan: _Plan) -> Iterator[Beat]:
    """Yield box, arrow, box … in the order of the arrows; boxes that no arrow joins come first."""
    boxes = {box.name: _box(place, kit, plan, is_lit=box.highlight) for place, box in enumerate(content.boxes)}
    words = {box.name: box.label for box in content.boxes}
    part = {box.name: f"boxes.{place}" for place, box in enumerate(content.boxes)}
    joined = {name for arrow in content.arrows for name in (arrow.source, arrow.target)}
    shown: set[str] = set()
    alone = [name for name in boxes if name not in joined]
    if alone:
        yield _entrance({part[name]: boxes[name] for name in alone}, " ".join(words[name] for name in alone))
    arrows = list(enumerate(content.arrows))
    for source, same in groupby(arrows, key=lambda entry: entry[1].source):
        group = list(same)
        if source not in shown:
            yield _entrance({part[source]: boxes[source]}, words[source])
        shown.add(source)
        targets = dict.fromkeys(arrow.target for _, arrow in group if arrow.target not in shown)
        shown.update(targets)
        reads = " ".join([*(arrow.label for _, arrow in group), *(words[name] for name in targets)])
        drawn = {f"arrows.{place}": _arrow(place, kit, plan) for place, _ in group}
        yield _joining(drawn, {part[name]: boxes[name] for name in targets}, reads)


def _box(place: int, kit: Kit, plan: _Plan, *, is_lit: bool) -> tuple[Mobject, ...]:
    """Return the panel and the text of a box."""
    area, palette = plan.arrangement.boxes[place], kit.palette
    panel = kit.panel(
        area, colour=palette.accent_soft if is_lit else palette.surface, line=palette.accent if is_lit else palette.line
    )
    return panel, _set_into(plan.texts[place], area, plan)


def _set_into(text: TypeBlock, area: Area, plan: _Plan) -> TypeBlock:
    text.scale(plan.arrangement.scale)
    centre_in(text, area)
    return text


def _arrow(place: int, kit: Kit, plan: _Plan) -> tuple[VMobject, tuple[Mobject, ...]]:
    """Return the line of an arrow, and what appears once it is drawn: its head and its label."""
    route, label, area = plan.arrangement.routes[place], plan.labels[place], plan.arrangement.labels[place]
    line = VMobject(stroke_color=kit.palette.muted, stroke_width=_LINE_WIDTH, fill_opacity=0)
    points = [(x, y, 0.0) for x, y in route.points]
    # Manim wants start, two handles and end of each curve.
    cubics = [point for start in range(0, len(points) - 1, 3) for point in points[start : start + 4]]
    line.set_points(np.array(cubics))
    head = _head(route, kit.palette.muted, plan.arrangement.scale)
    return line, (head, _set_into(label, area, plan)) if label and area else (head,)


def _head(route: Route, colour: str, scale: float) -> VMobject:
    base, tip = np.array(route.points[-1]), np.array(route.tip)
    along = (tip - base) / np.linalg.norm(tip - base)
    across = np.array([-along[1], along[0]]) * _HEAD_WIDTH * scale / 2
    start = tip - along * HEAD * scale
    corners = [(*corner, 0.0) for corner in (start + across, tip, start - across)]
    return Polygon(*corners, fill_color=colour, fill_opacity=1, stroke_width=0)


def _entrance(boxes: Mapping[str, tuple[Mobject, ...]], reads: str) -> Beat:
    shown = [mobject for box in boxes.values() for mobject in box]
    return replace(show(*shown, reads=reads), parts=boxes)


def _joining(
    arrows: Mapping[str, tuple[VMobject, tuple[Mobject, ...]]], boxes: Mapping[str, tuple[Mobject, ...]], reads: str
) -> Beat:
    """Return the beat in which lines are drawn.

    Then heads and labels appear, and the boxes that they lead to.
    """
    lines = [line for line, _ in arrows.values()]
    ends = [end for _, ends in arrows.values() for end in ends]
    entering = [mobject for box in boxes.values() for mobject in box]
    motions: list[Motion] = [draw(*lines, duration_s=QUICK_S), fade(*ends)]
    if entering:
        motions.append(rise(*entering))
    parts = {**{part: (line, *own) for part, (line, own) in arrows.items()}, **boxes}
    return Beat(together(*motions, lag_s=_LAG_S), reading_s(reads), (*lines, *ends, *entering), parts=parts)


_PLANS: dict[str, Callable[[DiagramContent, Kit, Area], _Plan | None]] = {
    "stairs": _stairs,
    "flow": _flow,
    "tree": _tree,
    "hub": _round,
    "ring": _round,
}
