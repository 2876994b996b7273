"""The few ways in which things enter, change and leave: short, eased, and never two that compete."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, cast

import numpy as np
from manim import UP, Animation, AnimationGroup, Create, Group, Mobject, Scene, VMobject, linear

from callsheet.stage.kit.type_block import Ink, TypeBlock

QUICK_S, CALM_S, LONG_S = 0.35, 0.6, 1.1
RISE = 0.16
"""How far entering things travel, in units: visible, but not distracting."""


@dataclass(frozen=True)
class Motion:
    """A movement that can be given any length; `duration_s` is its natural one."""

    duration_s: float
    make: Callable[[float], Animation]


def rise(*mobjects: Mobject, duration_s: float = CALM_S) -> Motion:
    """Fade in with a small upward move. The entrance of text."""
    return Motion(duration_s, lambda run_time: _Rise(_together(mobjects), run_time, UP * RISE))


def fade(*mobjects: Mobject, duration_s: float = QUICK_S) -> Motion:
    """Fade in on the spot. The entrance of surfaces and pictures."""
    return Motion(duration_s, lambda run_time: _Rise(_together(mobjects), run_time, UP * 0))


def leave(*mobjects: Mobject, duration_s: float = QUICK_S) -> Motion:
    """Fade out on the spot."""
    return Motion(duration_s, lambda run_time: _Leave(_together(mobjects), run_time))


def wipe(*mobjects: Mobject, duration_s: float = CALM_S) -> Motion:
    """Grow from the left edge. The entrance of bars and rules."""
    return Motion(duration_s, lambda run_time: _Wipe(_together(mobjects), run_time))


def grow(*mobjects: Mobject, duration_s: float = CALM_S) -> Motion:
    """Grow from the lower edge. The entrance of columns in a chart."""
    return Motion(duration_s, lambda run_time: _Grow(_together(mobjects), run_time))


def extend(mobject: Mobject, axis: int, origin: float, duration_s: float = CALM_S) -> Motion:
    """Grow away from `origin`, across (axis 0) or up and down (axis 1).

    The entrance of a bar on its baseline.
    """
    return Motion(duration_s, lambda run_time: _Extend(mobject, run_time, axis, origin))


def typed(*blocks: TypeBlock, duration_s: float) -> Motion:
    """Show letters one after the other, as at a keyboard.

    One shape changes, for any number of letters.
    """
    return Motion(duration_s, lambda run_time: _Type(_together(blocks), run_time))


def draw(*mobjects: VMobject, duration_s: float = LONG_S) -> Motion:
    """Trace the outline, all at once. The entrance of curves and figures."""
    return Motion(
        duration_s,
        lambda run_time: AnimationGroup(
            *[Create(mobject, rate_func=ease_both) for mobject in mobjects], run_time=run_time
        ),
    )


def morph(old: TypeBlock, new: TypeBlock, duration_s: float = LONG_S) -> Motion:
    """Turn one formula into another: glyphs that both have move, the others fade.

    Both are set by glyph.
    """
    return Motion(duration_s, lambda run_time: _Morph(old, new, run_time))


def together(*motions: Motion, lag_s: float = 0.0) -> Motion:
    """Play several motions, each beginning `lag_s` seconds after the one before."""
    duration_s = max(lag_s * place + motion.duration_s for place, motion in enumerate(motions))
    return Motion(duration_s, lambda run_time: _staggered(motions, lag_s, run_time / duration_s))


def ease_out(progress: float) -> float:
    """Return the eased progress: quick at first, then slower."""
    return 1 - (1 - progress) ** 3


def ease_both(progress: float) -> float:
    """Return the eased progress: slow at both ends."""
    return progress * progress * (3 - 2 * progress)


def _together(mobjects: Sequence[Mobject]) -> Mobject:
    return mobjects[0] if len(mobjects) == 1 else Group(*mobjects)


def _staggered(motions: Sequence[Motion], lag_s: float, factor: float) -> Animation:
    animations = [motion.make(motion.duration_s * factor) for motion in motions]
    return AnimationGroup(*[_Late(animation, place * lag_s * factor) for place, animation in enumerate(animations)])


class _Late(AnimationGroup):
    """An animation that begins later. What it introduces is not seen before."""

    def __init__(self, animation: Animation, delay_s: float) -> None:
        super().__init__(animation, run_time=animation.run_time + delay_s)
        self.delay_s = delay_s

    def interpolate(self, alpha: float) -> None:
        """Wait, then play."""
        (animation,) = self.animations
        elapsed = alpha * self.run_time - self.delay_s
        animation.interpolate(min(1.0, max(0.0, elapsed / animation.run_time)))


class _Effect(Animation):
    """An animation that writes points and opacities of a few shapes directly: no copies to interpolate between."""

    def __init__(self, mobject: Mobject, run_time: float, *, enters: bool = True) -> None:
        super().__init__(mobject, run_time=run_time, rate_func=ease_out, introducer=enters, remover=not enters)

    def begin(self) -> None:
        """Remember how everything is to look in the end."""
        self.rests = [_Rest(part) for part in cast("Mobject", self.mobject).get_family() if len(part.points)]
        super().begin()

    def interpolate_mobject(self, alpha: float) -> None:
        """Show the state at `alpha` of the way."""
        eased = self.rate_func(alpha)
        for rest in self.rests:
            self.show(rest, eased)

    def show(self, rest: _Rest, progress: float) -> None:
        """Put one shape where it is at `progress`."""
        raise NotImplementedError

    def clean_up_from_scene(self, scene: Scene) -> None:
        """Leave exactly the finished picture, without rounding errors or faded remains."""
        super().clean_up_from_scene(scene)
        for rest in self.rests:
            rest.restore()


class _Rise(_Effect):
    def __init__(self, mobject: Mobject, run_time: float, travel: Any) -> None:
        super().__init__(mobject, run_time)
        self.travel = travel

    def show(self, rest: _Rest, progress: float) -> None:
        rest.show(rest.points - self.travel * (1 - progress), progress)


class _Leave(_Effect):
    def __init__(self, mobject: Mobject, run_time: float) -> None:
        super().__init__(mobject, run_time, enters=False)

    def show(self, rest: _Rest, progress: float) -> None:
        rest.show(rest.points, 1 - progress)


class _Wipe(_Effect):
    def show(self, rest: _Rest, progress: float) -> None:
        rest.show(_squeezed(rest.points, 0, progress), 1.0)


class _Grow(_Effect):
    def show(self, rest: _Rest, progress: float) -> None:
        rest.show(_squeezed(rest.points, 1, progress), 1.0)


class _Extend(_Effect):
    def __init__(self, mobject: Mobject, run_time: float, axis: int, origin: float) -> None:
        super().__init__(mobject, run_time)
        self.axis, self.origin = axis, origin

    def show(self, rest: _Rest, progress: float) -> None:
        rest.show(_squeezed(rest.points, self.axis, progress, self.origin), 1.0)


def _squeezed(points: Any, axis: int, share: float, origin: float | None = None) -> Any:
    """Return `points` drawn together towards `origin`, or towards their lower end."""
    squeezed = points.copy()
    foot = points[:, axis].min() if origin is None else origin
    squeezed[:, axis] = foot + (points[:, axis] - foot) * share
    return squeezed


class _Type(_Effect):
    """An animation that shows the first letters of its shapes, which are in reading order."""

    def begin(self) -> None:
        """Count the letters, over all shapes."""
        self.rate_func = linear
        self.letters: dict[int, tuple[int, Any]] = {}
        self.count = 0
        for part in cast("Mobject", self.mobject).get_family():
            if isinstance(part, Ink):
                ends = _letter_ends(part.points)
                self.letters[id(part)] = (self.count, ends)
                self.count += len(ends)
        super().begin()

    def show(self, rest: _Rest, progress: float) -> None:
        if id(rest.mobject) in self.letters:
            before, ends = self.letters[id(rest.mobject)]
            shown = round(progress * self.count) - before
            rest.show(rest.points[: ends[min(shown, len(ends)) - 1] if shown > 0 else 0], 1.0)


def _letter_ends(points: Any) -> Any:
    """Return after how many points each letter ends.

    A letter is a contour of cubic curves, with those above, below or inside it.
    """
    breaks = np.flatnonzero(np.any(np.abs(points[4::4] - points[3:-1:4]) > 1e-6, axis=1)) * 4 + 4
    starts, ends = np.append(0, breaks), np.append(breaks, len(points))
    lefts = np.minimum.reduceat(points[:, 0], starts)
    rights = np.maximum.accumulate(np.maximum.reduceat(points[:, 0], starts))
    is_last = np.append(lefts[1:] >= rights[:-1] - 1e-6, True)
    return ends[is_last]


class _Morph(_Effect):
    def __init__(self, old: TypeBlock, new: TypeBlock, run_time: float) -> None:
        self.old, self.new = old, new
        moves = _moves(old.inks, new.inks)
        self.leaving = [ink for ink in old.inks if id(ink) not in {id(before) for before, _ in moves}]
        self.offsets = {id(after): before.points[0] - after.points[0] for before, after in moves}
        super().__init__(Group(new, *self.leaving), run_time)
        self.rate_func = ease_both

    def begin(self) -> None:
        """Tell leaving glyphs from entering ones."""
        self.going = {id(ink) for ink in self.leaving}
        super().begin()

    def show(self, rest: _Rest, progress: float) -> None:
        name = id(rest.mobject)
        if name in self.going:
            rest.show(rest.points, max(0.0, 1 - 2 * progress))
        elif name in self.offsets:
            rest.show(rest.points + self.offsets[name] * (1 - progress), 1.0)
        else:
            rest.show(rest.points, max(0.0, 2 * progress - 1))

    def _setup_scene(self, scene: Scene) -> None:
        scene.remove(self.old)
        super()._setup_scene(scene)

    def clean_up_from_scene(self, scene: Scene) -> None:
        super().clean_up_from_scene(scene)
        scene.remove(cast("Mobject", self.mobject), *self.leaving)
        scene.add(self.new)


def _moves(old: Sequence[Ink], new: Sequence[Ink]) -> list[tuple[Ink, Ink]]:
    """Return the glyphs of `old` that reappear in `new`.

    Runs in the same order come first, then the rest of the same glyph.
    """
    matcher = SequenceMatcher(None, [ink.key for ink in old], [ink.key for ink in new], autojunk=False)
    moves = [
        (old[block.a + place], new[block.b + place])
        for block in matcher.get_matching_blocks()
        for place in range(block.size)
    ]
    moved = {id(ink) for pair in moves for ink in pair}
    spare = [ink for ink in old if id(ink) not in moved]
    for ink in new:
        twin = next((other for other in spare if other.key == ink.key and id(ink) not in moved), None)
        if twin is not None:
            spare.remove(twin)
            moves.append((twin, ink))
    return [(before, after) for before, after in moves if len(before.points) == len(after.points)]


class _Rest:
    """A shape's finished state, and the way to show it moved or faded."""

    def __init__(self, mobject: Mobject) -> None:
        self.mobject = mobject
        self.points = mobject.points.copy()
        names = ("fill_rgbas", "stroke_rgbas", "pixel_array")
        self.paints = {name: np.array(getattr(mobject, name)) for name in names if name in vars(mobject)}

    def show(self, points: Any, opacity: float) -> None:
        """Put it at `points`, with its paint `opacity` times as strong as in the end."""
        self.mobject.points = points
        for name, rgba in self.paints.items():
            faded = rgba.copy()
            faded[..., 3] = rgba[..., 3] * opacity
            setattr(self.mobject, name, faded)

    def restore(self) -> None:
        """Put it back as it was."""
        self.show(self.points, 1.0)
