"""The few ways in which things enter, change and leave: short, eased, and never two that compete."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from math import inf
from typing import Any, cast

import numpy as np
from manim import DOWN, RIGHT, UP, Animation, AnimationGroup, Create, Group, Mobject, Scene, VMobject, linear

from callsheet.stage.kit.inline import is_right_to_left
from callsheet.stage.kit.reading_order import InkWord, contour_breaks, letter_ends, words_in_reading_order
from callsheet.stage.kit.style import Entrance
from callsheet.stage.kit.type_block import Ink, TypeBlock

QUICK_S, CALM_S, LONG_S = 0.35, 0.6, 1.1
UNFOLD_S = 2.4
RISE = 0.16
"""How far entering things travel, in units: visible, but not distracting."""
DIMMED = 0.45
"""Opacity of what has stepped back: it can still be read, but does not ask for it."""
_TRAVEL = {
    Entrance.SETTLE: DOWN * RISE,
    Entrance.APPEAR: UP * 0,
    Entrance.SLIDE: RIGHT * 0.7,
    Entrance.FLOAT: UP * 0.4,
}
_STRETCH = 0.35
"""Share of the whole time that one part of a figure takes."""
_SWELLS_FROM = 0.94
"""Share of its size at which a thing begins to swell."""
_READ_FROM_S = 0.9
"""Text that has more time than this enters word by word."""
WORD_S, _SPACE = 0.3, 0.15
"""How long a word takes to enter, and the width of a space in units: words enter as fast as a reader's eye moves."""
_CARET_GAP = 0.25
"""White between a letter and the caret, as a share of the caret."""
_SLOWEST = 2.0
"""How many times longer than usual a drawing, typing or a change of formulas may take."""


@dataclass(frozen=True)
class Motion:
    """A movement that can be given any length; `duration_s` is its natural one.

    `longest_s` is the longest that still looks right: words enter for as long as they are read.
    """

    duration_s: float
    make: Callable[[float], Animation]
    longest_s: float = 0.0

    @property
    def bears_s(self) -> float:
        """Return the longest time that it may be given."""
        return max(self.duration_s, self.longest_s)


def rise(*mobjects: Mobject, duration_s: float = CALM_S) -> Motion:
    """Enter as the look has it: fade in with a small move upwards, or another way. The entrance of text."""
    blocks = [mobject for mobject in mobjects if isinstance(mobject, TypeBlock)]
    entrance = blocks[0].entrance if blocks else Entrance.LIFT
    travel = _TRAVEL.get(entrance, UP * RISE)
    if entrance is Entrance.SLIDE and is_right_to_left(blocks[0].words):
        travel = -travel
    if entrance is Entrance.WRITE and not any(block.by_glyph for block in blocks):
        return _entrance(mobjects, duration_s, travel, _Write)
    return _entrance(mobjects, duration_s, travel, _Swell if entrance is Entrance.SWELL else None)


def fade(*mobjects: Mobject, duration_s: float = QUICK_S) -> Motion:
    """Fade in on the spot. The entrance of surfaces and pictures; words enter as with `rise`."""
    return _entrance(mobjects, duration_s, UP * 0)


def _entrance(
    mobjects: Sequence[Mobject],
    duration_s: float,
    travel: Any,
    quick: Callable[[Mobject, float], Animation] | None = None,
) -> Motion:
    """Return the entrance of words that may be read meanwhile; `quick` is the way in which all enter at once."""
    has_words = any(isinstance(mobject, TypeBlock) for mobject in mobjects)

    def make(run_time: float) -> Animation:
        whole = _together(mobjects)
        if has_words and run_time > max(duration_s, _READ_FROM_S):
            return _Read(whole, run_time, travel)
        return quick(whole, run_time) if quick else _Rise(whole, run_time, travel)

    return Motion(duration_s, make, inf if has_words else duration_s)


def leave(*mobjects: Mobject, duration_s: float = QUICK_S) -> Motion:
    """Fade out on the spot."""
    return Motion(duration_s, lambda run_time: _Leave(_together(mobjects), run_time))


def travel(*mobjects: Mobject, distance: float, duration_s: float = CALM_S) -> Motion:
    """Fade out while moving across by `distance`, as a place that one leaves behind."""
    return Motion(duration_s, lambda run_time: _Travel(_together(mobjects), run_time, distance))


def shade(*changes: tuple[Mobject, float], duration_s: float = QUICK_S) -> Motion:
    """Make things on the page fainter or stronger: each with the factor by which its opacity changes."""
    return Motion(duration_s, lambda run_time: _Shade(changes, run_time))


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


def typed(*rows: TypeBlock, caret: Mobject, duration_s: float) -> Motion:
    """Show letters one after the other, as at a keyboard; `caret` stands where the next one comes, and leaves.

    One shape changes, for any number of letters.
    """
    return Motion(duration_s, lambda run_time: _Keyed(rows, caret, run_time), _SLOWEST * duration_s)


def draw(*mobjects: VMobject, duration_s: float = LONG_S) -> Motion:
    """Trace the outline, all at once. The entrance of curves and figures."""
    return Motion(
        duration_s,
        lambda run_time: AnimationGroup(
            *[Create(mobject, rate_func=ease_both) for mobject in mobjects], run_time=run_time
        ),
        _SLOWEST * duration_s,
    )


def unfold(figure: Mobject, duration_s: float = UNFOLD_S) -> Motion:
    """Let the parts of a figure appear one after the other: lines are drawn, surfaces grow. The entrance of a motif."""
    return Motion(duration_s, lambda run_time: _Unfold(figure, run_time))


def morph(old: TypeBlock, new: TypeBlock, duration_s: float = LONG_S) -> Motion:
    """Turn one formula into another: glyphs that both have move, the others fade.

    Both are set by glyph.
    """
    return Motion(duration_s, lambda run_time: _Morph(old, new, run_time), _SLOWEST * duration_s)


def carry(*pairs: tuple[Mobject, Mobject], duration_s: float = CALM_S) -> Motion:
    """Give things other places, sizes and colours: each pair has the same shapes, before and after."""
    return Motion(duration_s, lambda run_time: _Carry(pairs, run_time), _SLOWEST * duration_s)


def together(*motions: Motion, lag_s: float = 0.0) -> Motion:
    """Play several motions, each beginning `lag_s` seconds after the one before.

    If they are given more time, those that bear it share it, one after the other.
    """
    duration_s = max(lag_s * place + motion.duration_s for place, motion in enumerate(motions))
    spare_s = sum(motion.bears_s - motion.duration_s for motion in motions)

    def make(run_time: float) -> Animation:
        if run_time > duration_s and spare_s:
            return _in_turn(motions, lag_s, run_time, run_time - duration_s)
        factor = run_time / duration_s
        animations = [motion.make(motion.duration_s * factor) for motion in motions]
        late = [_Late(animation, place * lag_s * factor) for place, animation in enumerate(animations)]
        return AnimationGroup(*late)

    return Motion(duration_s, make, duration_s + spare_s)


def beside(motion: Motion, other: Motion, lag_s: float) -> Motion:
    """Play `other` while `motion` plays, `lag_s` seconds later and never longer than usual."""
    duration_s = max(motion.duration_s, lag_s + other.duration_s)

    def make(run_time: float) -> Animation:
        factor = min(1.0, run_time / duration_s)
        late = _Late(other.make(other.duration_s * factor), lag_s * factor)
        return AnimationGroup(motion.make(run_time), late)

    return Motion(duration_s, make, motion.longest_s)


def paced(motion: Motion, course: Sequence[tuple[float, float]]) -> Motion:
    """Play a motion unevenly: `course` has shares of its time, rising, each with the share of the way gone by then."""
    times, ways = zip((0.0, 0.0), *course, (1.0, 1.0), strict=True)
    return Motion(motion.duration_s, lambda run_time: _Paced(motion.make(run_time), times, ways))


def ease_out(progress: float) -> float:
    """Return the eased progress: quick at first, then slower."""
    return 1 - (1 - progress) ** 3


def ease_both(progress: float) -> float:
    """Return the eased progress: slow at both ends."""
    return progress * progress * (3 - 2 * progress)


def _together(mobjects: Sequence[Mobject]) -> Mobject:
    return mobjects[0] if len(mobjects) == 1 else Group(*mobjects)


def _in_turn(motions: Sequence[Motion], lag_s: float, run_time: float, spare_s: float) -> Animation:
    """Return the motions over `run_time`: `spare_s` more seconds, shared among those that can be longer."""
    longer = [motion for motion in motions if motion.bears_s > motion.duration_s]
    animations, delay_s, left_s = list[Animation](), 0.0, spare_s
    for place, motion in enumerate(motions):
        more_s = 0.0
        if motion in longer:
            more_s = min(motion.bears_s - motion.duration_s, left_s / len(longer))
            longer.pop(0)
        animations.append(_Late(motion.make(motion.duration_s + more_s), place * lag_s + delay_s))
        delay_s, left_s = delay_s + more_s, left_s - more_s
    # They end sooner if one that can't be longer is the last to end: then all are a little slower.
    return AnimationGroup(*animations, run_time=run_time)


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


class _Paced(AnimationGroup):
    """An animation along a course of its time: it is slow where its words are spoken slowly."""

    def __init__(self, animation: Animation, times: Sequence[float], ways: Sequence[float]) -> None:
        super().__init__(animation, run_time=animation.run_time)
        self.times, self.ways = times, ways

    def interpolate(self, alpha: float) -> None:
        """Show the state after the way that has been gone at `alpha` of the time."""
        (animation,) = self.animations
        animation.interpolate(float(np.interp(alpha, self.times, self.ways)))


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


class _Swell(_Effect):
    def begin(self) -> None:
        """Remember the middle of everything."""
        self.middle = cast("Mobject", self.mobject).get_center()
        super().begin()

    def show(self, rest: _Rest, progress: float) -> None:
        size = _SWELLS_FROM + (1 - _SWELLS_FROM) * progress
        rest.show(self.middle + (rest.points - self.middle) * size, progress)


class _Unfold(_Effect):
    """Each part has a stretch of the time, longer than its turn, so that several move at once."""

    def begin(self) -> None:
        """Give each part its turn."""
        self.rate_func = linear
        parts = [part for part in cast("Mobject", self.mobject).get_family() if len(part.points)]
        last = max(1, len(parts) - 1)
        self.begins = {id(part): (1 - _STRETCH) * place / last for place, part in enumerate(parts)}
        super().begin()

    def show(self, rest: _Rest, progress: float) -> None:
        share = ease_both(min(1.0, max(0.0, (progress - self.begins[id(rest.mobject)]) / _STRETCH)))
        is_line = isinstance(rest.mobject, VMobject) and rest.mobject.get_fill_opacity() == 0
        if is_line:
            rest.show(rest.points[: 4 * round(len(rest.points) / 4 * share)], 1.0)
        else:
            middle = (rest.points.min(axis=0) + rest.points.max(axis=0)) / 2
            rest.show(middle + (rest.points - middle) * (0.7 + 0.3 * share), share)


class _Read(_Rise):
    """An animation in which words enter in reading order; what else there is enters with the first."""

    def begin(self) -> None:
        """Plan when each word begins, by the widths of those before it."""
        family = cast("Mobject", self.mobject).get_family()
        words = words_in_reading_order([part for part in family if isinstance(part, TypeBlock)])
        self.word_s = min(WORD_S, self.run_time / 2)
        places = np.cumsum([0.0, *(word.width + _SPACE for word in words)])
        self.starts = places[:-1] / places[-1] * (self.run_time - self.word_s) if words else places[:-1]
        self.settled = _settled(words)
        self.entering = [[_Rest(shape) for shape in _shapes(word)] for word in words]
        super().begin()
        cast("Mobject", self.mobject).add(*self._shapes_of_words())

    def interpolate_mobject(self, alpha: float) -> None:
        """Show the words that have entered, and those that are entering."""
        elapsed = alpha * self.run_time
        count = len(self.starts) if alpha >= 1 else int(np.searchsorted(self.starts, elapsed - self.word_s, "right"))
        for rest in self.rests:
            if alpha < 1 and id(rest.mobject) in self.settled:
                points, ends = self.settled[id(rest.mobject)]
                rest.show(points[: ends[count]], 1.0)
            else:
                self.show(rest, ease_out(min(1.0, elapsed / CALM_S)))
        for place, rests in enumerate(self.entering):
            progress = ease_out(min(1.0, max(0.0, (elapsed - self.starts[place]) / self.word_s)))
            for rest in rests:
                if place < count or not progress:
                    rest.show(rest.points[:0], 1.0)
                else:
                    self.show(rest, progress)

    def clean_up_from_scene(self, scene: Scene) -> None:
        cast("Mobject", self.mobject).remove(*self._shapes_of_words())
        super().clean_up_from_scene(scene)

    def _shapes_of_words(self) -> list[Mobject]:
        return [rest.mobject for rests in self.entering for rest in rests]


def _settled(words: Sequence[InkWord]) -> dict[int, tuple[Any, list[int]]]:
    """Return by ink its points in reading order, and how many of them are shown after each number of words."""
    pieces: dict[int, list[Any]] = {}
    ends: dict[int, list[int]] = {}
    for word in words:
        for ink, _, _ in word.pieces:
            pieces.setdefault(id(ink), [])
            ends.setdefault(id(ink), [0])
    for word in words:
        for ink, first, last in word.pieces:
            pieces[id(ink)].append(ink.points[first:last])
        for name, counts in ends.items():
            counts.append(counts[-1] + sum(last - first for ink, first, last in word.pieces if id(ink) == name))
    return {name: (np.concatenate(parts), ends[name]) for name, parts in pieces.items()}


def _shapes(word: InkWord) -> Iterator[Mobject]:
    """Yield a shape for each colour of a word."""
    for ink in {id(ink): ink for ink, _, _ in word.pieces}.values():
        shape = ink.copy()
        shape.points = np.concatenate([ink.points[first:last] for own, first, last in word.pieces if own is ink])
        yield shape


class _Leave(_Effect):
    def __init__(self, mobject: Mobject, run_time: float) -> None:
        super().__init__(mobject, run_time, enters=False)

    def show(self, rest: _Rest, progress: float) -> None:
        rest.show(rest.points, 1 - progress)


class _Travel(_Leave):
    def __init__(self, mobject: Mobject, run_time: float, distance: float) -> None:
        super().__init__(mobject, run_time)
        self.distance = distance

    def show(self, rest: _Rest, progress: float) -> None:
        rest.show(rest.points + RIGHT * self.distance * progress, 1 - progress)


class _Shade(_Effect):
    def __init__(self, changes: Sequence[tuple[Mobject, float]], run_time: float) -> None:
        super().__init__(_together([mobject for mobject, _ in changes]), run_time)
        self.introducer = False
        self.factors = {id(part): factor for mobject, factor in changes for part in mobject.get_family()}

    def show(self, rest: _Rest, progress: float) -> None:
        rest.show(rest.mobject.points, 1 + (self.factors[id(rest.mobject)] - 1) * progress)

    def clean_up_from_scene(self, scene: Scene) -> None:
        for rest in self.rests:
            rest.paints = {name: _fainter(rgba, self.factors[id(rest.mobject)]) for name, rgba in rest.paints.items()}
            rest.points = rest.mobject.points
        super().clean_up_from_scene(scene)


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
                ends = self.ends(part.points)
                self.letters[id(part)] = (self.count, ends)
                self.count += len(ends)
        super().begin()

    def ends(self, points: Any) -> Any:
        """Return after how many points each letter of a line ends."""
        return letter_ends(points)

    def show(self, rest: _Rest, progress: float) -> None:
        if id(rest.mobject) in self.letters:
            before, ends = self.letters[id(rest.mobject)]
            shown = round(progress * self.count) - before
            rest.show(rest.points[: ends[min(shown, len(ends)) - 1] if shown > 0 else 0], 1.0)


class _Keyed(_Type):
    """Letters appear at a caret."""

    def __init__(self, rows: Sequence[TypeBlock], caret: Mobject, run_time: float) -> None:
        super().__init__(_together(rows), run_time)
        self.rows, self.caret = rows, caret

    def begin(self) -> None:
        """Count the letters, and show the caret."""
        super().begin()
        cast("Mobject", self.mobject).add(self.caret)

    def interpolate_mobject(self, alpha: float) -> None:
        """Show the letters that have been typed, and the caret behind them."""
        super().interpolate_mobject(alpha)
        begun = [row for row in self.rows if any(len(ink.points) for ink in row.inks)]
        row = begun[-1] if begun else self.rows[0]
        edges = [ink.points[:, 0].max() for ink in row.inks if len(ink.points)]
        left = max(edges, default=row.box.get_left()[0]) + self.caret.width * _CARET_GAP
        self.caret.move_to((left + self.caret.width / 2, row.box.get_center()[1], 0))

    def clean_up_from_scene(self, scene: Scene) -> None:
        cast("Mobject", self.mobject).remove(self.caret)
        super().clean_up_from_scene(scene)


class _Write(_Type):
    """Letters appear one after the other, and what is no letter fades in."""

    def ends(self, points: Any) -> Any:
        """Return the end of each outline: lines of text follow each other."""
        return np.append(contour_breaks(points), len(points))

    def show(self, rest: _Rest, progress: float) -> None:
        if id(rest.mobject) in self.letters:
            super().show(rest, progress)
        else:
            rest.show(rest.points, progress)


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


class _Carry(_Effect):
    def __init__(self, pairs: Sequence[tuple[Mobject, Mobject]], run_time: float) -> None:
        super().__init__(_together([after for _, after in pairs]), run_time)
        self.pairs = pairs
        self.rate_func = ease_both

    def begin(self) -> None:
        """Remember where everything comes from, and its colours."""
        self.origins = {
            id(part): _Rest(origin)
            for before, after in self.pairs
            for origin, part in zip(before.get_family(), after.get_family(), strict=True)
            if len(part.points)
        }
        super().begin()

    def show(self, rest: _Rest, progress: float) -> None:
        origin = self.origins[id(rest.mobject)]
        rest.show(origin.points + (rest.points - origin.points) * progress, 1.0)
        for name, rgba in rest.paints.items():
            setattr(rest.mobject, name, origin.paints[name] + (rgba - origin.paints[name]) * progress)

    def _setup_scene(self, scene: Scene) -> None:
        scene.remove(*(before for before, _ in self.pairs))
        super()._setup_scene(scene)


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
            setattr(self.mobject, name, _fainter(rgba, opacity))

    def restore(self) -> None:
        """Put it back as it was."""
        self.show(self.points, 1.0)


def _fainter(rgba: Any, opacity: float) -> Any:
    faded = rgba.copy()
    faded[..., 3] = rgba[..., 3] * opacity
    return faded
