"""The places of things: stacks, pages, and texts that are too long.

The order is always the same: first the type shrinks by at most one step, then the content is spread over pages. What
can't be spread is refused with ContentTooLong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from manim import RIGHT, UL, Mobject

from callsheet.errors import ContentTooLong
from callsheet.stage.kit.frame import Area
from callsheet.stage.kit.inline import TextRunKind, is_right_to_left, parse_inline
from callsheet.stage.kit.scale import SHRINKS
from callsheet.stage.kit.type_block import TypeBlock

Fitted = TypeVar("Fitted")

_SIDE_BEARINGS = 0.25
"""White space of the letters at both ends of a line, in ems."""
_FIRST_ATTEMPT = 24
_SLACK = 0.05
"""How far ink may reach beyond its column, in units."""
_PIECES = re.compile(r"\s+|[^\s\u3000-\u9fff\uac00-\ud7af\uff00-\uffef]{1,24}|.")


def put(mobject: Mobject, left: float, top: float) -> Mobject:
    """Move `mobject` so that its top left corner is there.

    For a text block, this is the corner of its box.
    """
    if isinstance(mobject, TypeBlock):
        return mobject.place(left, top)
    corner = mobject.get_corner(UL)
    return mobject.shift((left - corner[0], top - corner[1], 0))


def height_of(mobject: Mobject) -> float:
    """Return the height that `mobject` takes; for a text block, that of its lines."""
    return mobject.box_height if isinstance(mobject, TypeBlock) else float(mobject.height)


def width_of(mobject: Mobject) -> float:
    """Return the width that `mobject` takes; for a text block, that of its column."""
    return mobject.box_width if isinstance(mobject, TypeBlock) else float(mobject.width)


def snug_width(block: TypeBlock) -> float:
    """Return the width that the lines of `block` need, often less than that of their column."""
    edges = [(ink.get_left()[0], ink.get_right()[0]) for ink in block.inks]
    seen = max((right for _, right in edges), default=0.0) - min((left for left, _ in edges), default=0.0)
    return float(seen) + _SIDE_BEARINGS * block.size


def overflows(block: TypeBlock) -> bool:
    """Return whether a word of `block` is wider than its column; such a word is divided only if it is long."""
    width = max((ink.get_right()[0] for ink in block.inks), default=0.0) - block.box.get_left()[0]
    start = min((ink.get_left()[0] for ink in block.inks), default=0.0) - block.box.get_left()[0]
    return bool(width > block.box_width + _SLACK or start < -_SLACK)


def stack_height(mobjects: Sequence[Mobject], gap: float) -> float:
    """Return the height of `mobjects` one under the other, `gap` apart."""
    return sum(map(height_of, mobjects)) + gap * max(0, len(mobjects) - 1)


def stack(mobjects: Sequence[Mobject], left: float, top: float, gap: float) -> float:
    """Put `mobjects` one under the other, `gap` apart, left edges aligned.

    Return the lower edge of the last.
    """
    for mobject in mobjects:
        put(mobject, left, top)
        top -= height_of(mobject) + gap
    return top + gap


def centre_in(mobject: Mobject, area: Area) -> Mobject:
    """Move `mobject` to the middle of `area`; for a text block, its box."""
    return put(
        mobject,
        area.left + (area.width - width_of(mobject)) / 2,
        area.top - (area.height - height_of(mobject)) / 2,
    )


def scaled_into(mobject: Mobject, area: Area) -> Mobject:
    """Shrink `mobject` (never enlarge it) so that it fits into `area`, and centre it there."""
    factor = min(1.0, area.width / max(width_of(mobject), 1e-6), area.height / max(height_of(mobject), 1e-6))
    if factor < 1.0:
        mobject.scale(factor)
    return centre_in(mobject, area)


def first_fit(attempt: Callable[[float], Fitted | None], factors: Iterable[float] = SHRINKS) -> Fitted | None:
    """Return what `attempt` makes at the largest type that fits.

    `attempt` takes one of `factors`, and returns None if it does not fit.
    """
    for factor in factors:
        fitted = attempt(factor)
        if fitted is not None:
            return fitted
    return None


def must_fit(attempt: Callable[[float], Fitted | None], field: str) -> Fitted:
    """Return what `first_fit` returns; raise ContentTooLong about `field` if nothing fits."""
    fitted = first_fit(attempt)
    if fitted is None:
        raise ContentTooLong("this does not fit on one page, even set smaller: shorten it", field=f"content.{field}")
    return fitted


def paginate(heights: Sequence[float], gap: float, room: float) -> tuple[range, ...]:
    """Return which items share a page `room` high, in order.

    Pages are filled about evenly. An item may fill a page alone.
    """
    fewest = len(_filled(heights, gap, room))
    best = room
    for step in range(1, 20):
        tighter = room * (1 - step / 20)
        if max(heights, default=0.0) > tighter or len(_filled(heights, gap, tighter)) > fewest:
            break
        best = tighter
    return _filled(heights, gap, best)


def split_text(text: str, fits: Callable[[str], bool], field: str) -> tuple[str, ...]:
    """Return `text` in few parts that satisfy `fits`.

    It is cut between words or ideographs, never in a formula.

    Raises ContentTooLong if a single word or formula does not fit.
    """
    pieces, parts = _pieces(text), list[str]()
    while pieces:
        count = _most(pieces, fits)
        if count == 0:
            raise ContentTooLong("a single formula or word here is larger than the picture", field=f"content.{field}")
        parts.append("".join(pieces[:count]).strip())
        pieces = pieces[count:]
    return tuple(part for part in parts if part)


def leading_side(text: str, page: str) -> str:
    """Return the `align` that puts `text` at the edge where the reading of `page` begins.

    Each of the two may be in any script.
    """
    return "start" if is_right_to_left(text) == is_right_to_left(page) else "end"


def mirror(mobjects: Sequence[Mobject]) -> None:
    """Reflect the places of `mobjects`, not themselves, for scripts that run from right to left."""
    for mobject in mobjects:
        place = mobject.box if isinstance(mobject, TypeBlock) else mobject
        mobject.shift(-2 * place.get_center()[0] * RIGHT)


def _filled(heights: Sequence[float], gap: float, room: float) -> tuple[range, ...]:
    pages: list[range] = []
    start, used = 0, 0.0
    for position, height in enumerate(heights):
        if position > start and used + gap + height > room:
            pages.append(range(start, position))
            start, used = position, height
        else:
            used += height + (gap if position > start else 0.0)
    return (*pages, range(start, len(heights))) if heights else ()


def _most(pieces: Sequence[str], fits: Callable[[str], bool]) -> int:
    """Return how many of `pieces` fit: doubled until too many, then bisected.

    `fits` must stay true for fewer pieces.
    """
    fitting, failing = 0, len(pieces) + 1
    attempt = _FIRST_ATTEMPT
    while failing - fitting > 1:
        middle = min(attempt, (fitting + failing) // 2) if failing > len(pieces) else (fitting + failing) // 2
        if fits("".join(pieces[:middle])):
            fitting = middle
            attempt = 2 * middle
        else:
            failing = middle
    return fitting


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for run in parse_inline(text):
        if run.kind is TextRunKind.TEXT:
            pieces.extend(re.sub(r"([$`])", r"\\\1", piece) for piece in _PIECES.findall(run.text))
        else:
            mark = "$" if run.kind is TextRunKind.MATH else "`"
            pieces.append(f"{mark}{run.text}{mark}")
    return pieces
