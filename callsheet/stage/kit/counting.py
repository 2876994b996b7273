"""Numbers that count up to their value while they enter."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, cast

from manim import Animation, Mobject

from callsheet.stage.kit.motion import LONG_S, Motion, ease_out, rise
from callsheet.stage.kit.type_block import TypeBlock

_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u2009\u202f' ]\d+)*")
_STAGES = 16
"""Numbers on the way: as many as can be told apart in a second."""
_BEGINS_AT = 0.1
"""Share of the value that is seen first: a zero would be another statement."""
_YEAR_DIGITS = 4
_THOUSANDS = 3
_LEAST = 10
"""Digits below this, without separators, name a number rather than count something."""


def stages(value: str) -> tuple[str, ...]:
    """Return what stands there on the way to `value`; nothing if it holds no number that counts.

    That is a year, a range, or a number whose one point may divide thousands or a fraction.
    """
    found = _NUMBER.findall(value)
    if len(found) != 1:
        return ()
    written = found[0]
    marks = re.findall(r"\D", written)
    after = len(re.split(r"\D", written)[-1])
    if not marks and (int(written) < _LEAST or (written == value and len(written) == _YEAR_DIGITS)):
        return ()
    if marks == ["."] and after == _THOUSANDS:
        return ()
    decimals = after if marks and marks.count(marks[-1]) == 1 and after != _THOUSANDS else 0
    digits = int(re.sub(r"\D", "", written))
    shares = (_BEGINS_AT + (1 - _BEGINS_AT) * number / _STAGES for number in range(_STAGES))
    reached = dict.fromkeys(_written_as(round(digits * share), written, decimals) for share in shares)
    return tuple(value.replace(written, text) for text in reached)


def _written_as(digits: int, example: str, decimals: int) -> str:
    """Return `digits` with the separators of `example`, at the same places from the right."""
    left = list(str(digits).zfill(decimals + 1))
    text = ""
    for sign in reversed(example):
        if not left:
            break
        text = (left.pop() if sign.isdigit() else sign) + text
    return text


def count_up(block: TypeBlock, value: str, set_as: Callable[[str], TypeBlock], duration_s: float = LONG_S) -> Motion:
    """Return the motion in which `block` counts up to `value`; `set_as` sets a number on the way in the same style.

    A value that does not count enters as words do.
    """
    on_the_way = stages(value)
    if not on_the_way or len(block.inks) != 1:
        return rise(block)
    return Motion(duration_s, lambda run_time: _Count(block, [set_as(text) for text in on_the_way], run_time))


class _Count(Animation):
    """The outlines of one number after the other, in the place of the last."""

    def __init__(self, block: TypeBlock, before: list[TypeBlock], run_time: float) -> None:
        super().__init__(block, run_time=run_time, rate_func=ease_out, introducer=True)
        corner = block.box.get_corner((-1, 1, 0))
        self.ink = block.inks[0]
        self.last = self.ink.points.copy()
        self.outlines = [each.place(corner[0], corner[1]).inks[0].points for each in before if len(each.inks) == 1]

    def interpolate_mobject(self, alpha: float) -> None:
        """Show the number at `alpha` of the way."""
        reached = int(self.rate_func(alpha) * len(self.outlines))
        self.ink.points = self.last if alpha >= 1 or reached >= len(self.outlines) else self.outlines[reached]

    def clean_up_from_scene(self, scene: Any) -> None:
        """Leave exactly the value."""
        super().clean_up_from_scene(scene)
        cast("Mobject", self.ink).points = self.last
