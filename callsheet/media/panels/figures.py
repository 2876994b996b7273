"""Draws one person: a skeleton that takes a pose, clothes over it, and a head.

Joints are shares of the figure's height, from its middle and from the top of its head. Angles of limbs are degrees from
hanging straight down; positive ones lead away from the body.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from callsheet.media.panels.acting import Acting, Pose
from callsheet.media.panels.cast import Appearance
from callsheet.media.panels.faces import Expression, drawn_head, hair_behind
from callsheet.media.panels.pen import area, disc, lettered, line, oval, polygon, rectangle, toned
from callsheet.media.panels.things import drawn_thing

Point = tuple[float, float]
Arm = tuple[float, float]

HEAD = 0.15
"""Height of the head."""
_NECK, _SHOULDER, _WAIST, _HIP, _KNEE, _FOOT = 0.155, 0.195, 0.40, 0.51, 0.74, 0.965
_SHOULDER_HALF, _HIP_HALF = 0.088, 0.046
_UPPER_ARM, _FOREARM = 0.155, 0.145
_SLEEVE, _LEG, _HAND = 0.056, 0.066, 0.027
LOWERED: Mapping[Pose, float] = MappingProxyType({"sit": 0.21, "kneel": 0.16})
"""How much lower the head of someone is who sits or kneels."""
STRIDES: frozenset[Pose] = frozenset({"run", "walk"})
"""Poses with a next step, in which the other leg is before."""
_HOP, _TURN = 0.07, 8
"""How much an animal lifts from the ground in its leap, and by how many degrees it turns."""
_CARRIED, _HELD = 0.24, 0.14
"""Height of a thing that hangs from a hand, and of one that is held before the body."""
_LEAST_FACE = 4.0
"""Half height of the smallest head with a face, in units of the frame."""
_SHOES, _SEAT = "#2a2a30", "#6b4f38"
_SHEET, _PILLOW, _BLANKET = "#c3c0ba", "#efece4", "#6f87a3"
_NEAR_BED = 200.0
"""From this height of a figure on, its bed fills the frame, seen from above."""

_ARMS: dict[Pose, tuple[Arm, Arm]] = {
    "stand": ((9, 4), (9, 4)),
    "listen": ((10, -14), (10, 2)),
    "talk": ((20, 118), (10, 4)),
    "explain": ((22, 74), (22, 74)),
    "wave": ((128, 172), (9, 4)),
    "point": ((84, 90), (9, 4)),
    "cheer": ((146, 166), (146, 166)),
    "run": ((44, -62), (52, 40)),
    "walk": ((20, -6), (22, 12)),
    "sit": ((16, -36), (16, -36)),
    "reach": ((58, 92), (10, 4)),
    "steer": ((40, -118), (40, -118)),
    "hold": ((22, -104), (10, 4)),
    "show": ((30, -158), (10, 4)),
    "carry": ((8, 3), (12, 6)),
    "think": ((8, -149), (10, 4)),
    "crossed": ((24, -96), (24, -84)),
    "kneel": ((20, -30), (12, 4)),
    "lie": ((3, 0), (3, 0)),
}
"""Upper arm and forearm: first of the arm on the side to which the figure looks, then of the other."""
_FORESHORTENED: dict[Pose, float] = {"think": 0.55}
"""How much of the length of an upper arm is seen that points to the camera."""
_LEANS: dict[Pose, float] = {"run": 0.05, "reach": 0.02, "walk": 0.012}


@dataclass(frozen=True)
class FigurePlace:
    """Where a figure stands: its middle, the top of its head if it stood, its height, and the side it looks to."""

    x: float
    top: float
    height: float
    facing: int = 0
    """-1 for left, 1 for right, 0 for the camera."""


def drawn_figure(
    figure: Appearance,
    acting: Acting,
    place: FigurePlace,
    *,
    speaks: bool = False,
    blinks: bool = False,
    strides: bool = False,
) -> str:
    """Return one person, animal or thing as SVG; one that `strides` takes the next step of its walk."""
    if figure.label:
        return "".join(_plain_shape(figure, place, speaks=speaks))
    if figure.animal:
        return "".join(_animal(figure, acting, place, leaps=strides and acting.pose in STRIDES))
    expression = Expression(acting.mood, place.facing, speaks, blinks or acting.has_closed_eyes, acting.looks_up)
    return "".join(_Body(figure, acting, place, expression, strides=strides).parts())


def _animal(figure: Appearance, acting: Acting, place: FigurePlace, *, leaps: bool) -> Iterator[str]:
    """Yield an animal, with what it has in its mouth. It is drawn on its way to the left."""
    size, side = place.height, place.facing or -1
    foot = place.top + size
    yield oval(place.x, foot, size * 0.4, size * 0.05, "#00000038")
    lift = size * _HOP if leaps else 0.0
    turn = side * -_TURN if leaps else 0
    yield f'<g transform="rotate({turn} {place.x:.2f} {foot:.2f})">'
    yield from drawn_thing(figure.animal, place.x, foot - lift, size, mirrored=side > 0, coat=figure.coat)
    if acting.thing:
        yield from drawn_thing(acting.thing.name, place.x + side * size * 0.42, foot - lift - size * 0.25, size * 0.5)
    yield "</g>"


def _plain_shape(figure: Appearance, place: FigurePlace, *, speaks: bool) -> Iterator[str]:
    """Yield a thing that is not among the drawings: a shape with its name, and a light that is on while it speaks."""
    size, foot = place.height, place.top + place.height
    width, high = size * 1.15, size * 0.62
    left, top = place.x - width / 2, foot - high
    yield oval(place.x, foot, width * 0.46, size * 0.05, "#00000038")
    yield rectangle(left, top, width, high, toned(figure.clothes, 0.72), high * 0.3)
    yield rectangle(left, top, width, high * 0.9, figure.clothes, high * 0.3)
    yield disc(place.x, top, high * 0.1, "#fff3c4" if speaks else toned(figure.clothes, 0.6))
    yield lettered(figure.label, place.x, top + high * 0.46, width * 0.84, high * 0.36)


class _Body:
    """One person in units of its height; the parts follow each other from behind to the front."""

    def __init__(
        self, figure: Appearance, acting: Acting, place: FigurePlace, expression: Expression, *, strides: bool = False
    ) -> None:
        self.figure, self.pose, self.thing = figure, acting.pose, acting.thing
        self.place, self.expression = place, expression
        self.near = place.facing or 1
        self.is_other_step = strides and self.pose in STRIDES
        self.is_in_bed, self.is_near_bed = acting.is_in_bed, place.height >= _NEAR_BED
        self.lower = LOWERED.get(self.pose, 0.0)
        self.lean = _LEANS.get(self.pose, 0.0) * place.facing
        self.foot = _FOOT - self.lower

    def parts(self) -> Iterator[str]:
        figure, place = self.figure, self.place
        if self.pose == "lie" and not self.is_near_bed:
            bed = 0.2 if self.is_in_bed else 0.075
            left, foot = place.x - place.height / 2, place.top + place.height * (_FOOT - bed)
            yield f'<g transform="translate({left:.2f} {foot:.2f}) rotate(-90) scale({place.height:.2f})">'
        else:
            yield f'<g transform="translate({place.x:.2f} {place.top + self.lower * place.height:.2f}) '
            yield f'scale({place.height:.2f})">'
        yield from self._below()
        yield from self._head(hair_behind(figure))
        yield from self._arm(-self.near)
        yield from self._legs()
        yield from self._trunk()
        yield from self._neck()
        has_face = place.height * HEAD / 2 >= _LEAST_FACE
        yield from self._head(drawn_head(figure, self.expression, has_face=has_face))
        yield from self._arm(self.near)
        if self.is_in_bed:
            yield from self._blanket()
        yield "</g>"

    def _below(self) -> Iterator[str]:
        """Yield what is below the figure: a seat, a bed, or its shadow."""
        if self.pose == "sit":
            yield from self._seat()
        elif self.is_in_bed and self.is_near_bed:
            yield rectangle(-1.4, -0.6, 2.8, 2.4, _SHEET)
            yield rectangle(-0.2, -0.08, 0.4, 0.27, toned(_SHEET, 0.86), 0.06)
            yield rectangle(-0.2, -0.09, 0.4, 0.27, _PILLOW, 0.06)
        elif self.is_in_bed:
            # Turned by a quarter: x leads up, and y to the foot of the bed.
            for y in (-0.07, 1.02):
                yield rectangle(-0.2, y, 0.36 if y < 0 else 0.26, 0.04, toned(_SEAT, 0.8), 0.01)
            yield rectangle(-0.12, -0.05, 0.06, 1.08, _SEAT, 0.01)
            yield rectangle(-0.07, -0.04, 0.08, 1.06, _SHEET, 0.02)
            yield rectangle(-0.03, -0.035, 0.07, 0.22, _PILLOW, 0.03)
        elif self.pose == "lie":
            yield oval(-0.07, 0.5, 0.03, 0.52, "#00000038")
        else:
            yield oval(0, self.foot + 0.02, 0.13, 0.018, "#00000038")

    def _blanket(self) -> Iterator[str]:
        if self.is_near_bed:
            yield area(_BLANKET, "M", -1.4, 0.36, "Q", 0, 0.3, 1.4, 0.36, "V", 1.8, "H", -1.4, "Z")
            yield area(
                toned(_BLANKET, 1.25), "M", -1.4, 0.36, "Q", 0, 0.3, 1.4, 0.36, "v", 0.07, "Q", 0, 0.37, -1.4, 0.43, "Z"
            )
            return
        yield area(_BLANKET, "M", -0.1, 0.27, "H", 0.09, "Q", 0.13, 0.6, 0.14, 1.01, "H", -0.1, "Z")
        yield area(toned(_BLANKET, 1.25), "M", -0.1, 0.27, "H", 0.09, "l", 0.006, 0.06, "H", -0.1, "Z")

    def _leant(self, x: float, y: float) -> Point:
        """Return a joint of the upper body: what is higher leans further."""
        return x + self.lean * max(0.0, 1 - y / _HIP), y

    def _head(self, parts: Iterator[str]) -> Iterator[str]:
        x, y = self._leant(0, HEAD / 2)
        yield f'<g transform="translate({x:.4f} {y:.4f}) scale({HEAD / 2})">'
        yield from parts
        yield "</g>"

    def _seat(self) -> Iterator[str]:
        yield rectangle(-0.14, _HIP + 0.03, 0.28, 0.045, _SEAT, 0.01)
        for x in (-0.12, 0.097):
            yield rectangle(x, _HIP + 0.07, 0.023, self.foot - _HIP - 0.06, toned(_SEAT, 0.8))

    def _legs(self) -> Iterator[str]:
        colour = self.figure.skin if self.figure.has_skirt else self.figure.trousers
        for side in (-self.near, self.near):
            knee, ankle = self._leg(side)
            path = _through((side * _HIP_HALF, _HIP), knee, ankle)
            yield line(colour if side == self.near else toned(colour, 0.82), _LEG, path)
            yield oval(ankle[0] + (self.place.facing or side) * 0.022, ankle[1] + 0.012, 0.045, 0.02, _SHOES)

    def _leg(self, side: int) -> tuple[Point, Point]:
        """Return knee and ankle of the leg on this side."""
        near, is_near, foot = self.near, (side == self.near) != self.is_other_step, self.foot
        poses: dict[str, tuple[Point, Point]] = {
            "sit": ((side * 0.07 + near * 0.05, _HIP + 0.055), (side * 0.072 + near * 0.055, foot)),
            "kneel": ((side * 0.075, foot - (0.16 if is_near else 0.02)), (side * 0.09, foot)),
            "run": (
                ((near * 0.13, _KNEE - 0.05), (near * 0.10, foot))
                if is_near
                else ((near * -0.03, _KNEE + 0.01), (near * -0.2, foot - 0.13))
            ),
            "walk": (
                ((near * 0.055, _KNEE), (near * 0.09, foot))
                if is_near
                else ((near * -0.03, _KNEE), (near * -0.105, foot - 0.018))
            ),
        }
        standing = ((side * (_HIP_HALF + 0.006), _KNEE), (side * (_HIP_HALF + 0.012), foot))
        return poses.get(self.pose, standing)

    def _trunk(self) -> Iterator[str]:
        figure, breadth = self.figure, self.figure.breadth
        reaches_knees = (figure.is_long or figure.has_skirt) and self.pose not in {"sit", "kneel"}
        hem = 0.67 if reaches_knees else 0.56
        hem_half = (0.125 if figure.has_skirt else 0.105 if figure.is_long else 0.088) * breadth
        half = _SHOULDER_HALF * breadth**0.5
        edge = (
            (0.028, _NECK),
            (half * 0.72, 0.166),
            (half + 0.012, _SHOULDER),
            (0.074 * breadth + 0.004, _WAIST),
            (hem_half, hem),
        )
        left = [_said(self._leant(-x, y)) for x, y in edge]
        right = [_said(self._leant(x, y)) for x, y in edge]
        yield area(
            figure.clothes,
            f"M{left[0]}Q{left[1]} {left[2]}Q{left[3]} {left[4]}Q0 {hem + 0.02} {right[4]}"
            f"Q{right[3]} {right[2]}Q{right[1]} {right[0]}Z",
        )
        far = left if self.near > 0 else right
        inner, foot = _said(self._leant(-self.near * 0.02, 0.168)), f"{-self.near * hem_half * 0.45:.4f} {hem + 0.012}"
        yield area("#00000022", f"M{inner}L{far[2]}Q{far[3]} {far[4]}L{foot}Z")
        yield from self._front(hem)

    def _front(self, hem: float) -> Iterator[str]:
        """Yield a collar with a tie, or the buttons of a coat."""
        figure, at = self.figure, self._leant
        if figure.has_collar:
            yield polygon("#f4f1ea", at(-0.03, 0.16), at(0.03, 0.16), at(0, 0.3))
            tie = (at(-0.008, 0.18), at(0.008, 0.18), at(0.013, 0.29), at(0, 0.31), at(-0.013, 0.29))
            yield polygon(toned(figure.clothes, 0.55), *tie)
        elif figure.is_long and not figure.has_skirt:
            yield line(toned(figure.clothes, 0.72), 0.008, _through(at(0, 0.18), at(0.004, hem)))
            for y in (0.27, 0.36, 0.45):
                yield disc(*at(0.018, y), 0.008, toned(figure.clothes, 0.6))

    def _neck(self) -> Iterator[str]:
        at, scarf = self._leant, self.figure.scarf
        yield line(toned(self.figure.skin, 0.86), 0.05, _through(at(0, 0.125), at(0, 0.165)))
        if scarf:
            left, low, right = (_said(at(x, y)) for x, y in ((-0.045, 0.163), (0, 0.183), (0.045, 0.163)))
            yield line(scarf, 0.042, f"M{left}Q{low} {right}")
            ends = ((0.02, 0.17), (0.05, 0.17), (0.058, 0.29), (0.026, 0.295))
            yield polygon(toned(scarf, 0.88), *(at(self.near * x, y) for x, y in ends))

    def _arm(self, side: int) -> Iterator[str]:
        """Yield the arm on this side; the near hand holds the thing."""
        is_near = side == self.near
        upper, fore = _ARMS[self.pose][0 if is_near != self.is_other_step else 1]
        seen = _FORESHORTENED.get(self.pose, 1.0) if is_near else 1.0
        shoulder = self._leant(side * _SHOULDER_HALF * self.figure.breadth**0.5, _SHOULDER + 0.02)
        elbow = _swung(shoulder, side * upper, _UPPER_ARM * seen)
        x, y = hand = _swung(elbow, side * fore, _FOREARM)
        thing = self.thing if is_near else None
        if thing and thing.where == "carried":
            yield from drawn_thing(thing.name, x, y + _CARRIED - 0.005, _CARRIED)
        yield line(toned(self.figure.clothes, 0.9 if is_near else 0.78), _SLEEVE, _through(shoulder, elbow, hand))
        yield disc(x, y, _HAND, self.figure.skin)
        if thing and thing.where == "held":
            yield from drawn_thing(thing.name, x, y + 0.04, _HELD)
            yield disc(x + side * 0.004, y + 0.022, _HAND * 0.8, self.figure.skin)


def _swung(joint: Point, degrees: float, length: float) -> Point:
    """Return the other end of a limb."""
    angle = math.radians(degrees)
    return joint[0] + math.sin(angle) * length, joint[1] + math.cos(angle) * length


def _said(point: Point) -> str:
    return f"{point[0]:.4f} {point[1]:.4f}"


def _through(*points: Point) -> str:
    """Return the path that leads through points."""
    return "M" + "L".join(map(_said, points))
