"""Draws a head in units of its half height, with its middle at the origin: face, hair, hat, and a mood."""

from collections.abc import Iterator
from dataclasses import dataclass

from callsheet.media.panels.acting import Mood
from callsheet.media.panels.cast import Appearance
from callsheet.media.panels.pen import INK, area, disc, line, oval, toned

_FACE = "M-.84 -.15C-.84 -1.25 .84 -1.25 .84 -.15C.84 .72 .42 1 0 1C-.42 1 -.84 .72 -.84 -.15Z"
_BEARD = "M-.84 .1Q-.8 1.18 0 1.2Q.8 1.18 .84 .1Q.42 .42 0 .4Q-.42 .42 -.84 .1Z"
_CROWN = "M-1 -.42C-1 -1.75 1 -1.75 1 -.42Z"
_HOOD = (
    "M-1.12 .9C-1.4 -1.9 1.4 -1.9 1.12 .9Q.95 .6 .78 0C.8 -1.2 -.8 -1.2 -.78 0Q-.95 .6 -1.12 .9Z"  # open for the face
)
_PEAK = "M-.8 -.42Q0 -.08 .8 -.42Q0 -.52 -.8 -.42Z"
_HAIR_ENDS = {"long": 2.5, "bob": 1.15}
_MOUTH, _TONGUE = "#7a2f2a", "#c46a62"
_BROWS: dict[Mood, tuple[float, float]] = {
    "calm": (0.0, 0.0),
    "happy": (-0.05, 0.0),
    "sad": (-0.02, 0.16),
    "angry": (0.09, -0.20),
    "afraid": (-0.08, 0.14),
    "surprised": (-0.13, 0.0),
}
"""How much lower a brow is, and how much lower its outer end."""
_BENDS: dict[Mood, float] = {"calm": 0.14, "sad": -0.28, "angry": -0.12, "afraid": -0.2}
"""How far the middle of a closed mouth hangs below its corners."""


@dataclass(frozen=True)
class Expression:
    """What a face does. `facing` is -1 for left, 1 for right, 0 for the camera."""

    mood: Mood = "calm"
    facing: int = 0
    speaks: bool = False
    blinks: bool = False
    looks_up: bool = False


def hair_behind(figure: Appearance) -> Iterator[str]:
    """Yield the hair that falls behind the neck."""
    if figure.hat != "hood" and (ends := _HAIR_ENDS.get(figure.hair_style)):
        path = f"M-1.02 0Q-1.14 {ends} -.82 {ends}L.82 {ends}Q1.14 {ends} 1.02 0Z"
        yield area(toned(figure.hair, 0.85), path)


def drawn_head(figure: Appearance, expression: Expression, *, has_face: bool) -> Iterator[str]:
    """Yield the head from behind to the front. A head that is very small has no face."""
    facing = expression.facing
    for side in (-facing,) if facing else (-1, 1):
        yield oval(side * 0.8, 0.12, 0.15, 0.22, toned(figure.skin, 0.9))
    yield area(figure.skin, _FACE)
    if figure.beard:
        yield area(figure.beard, _BEARD)
    if has_face:
        yield from _face(figure, expression)
    if figure.hair_style != "bald":
        yield from _hair(figure, facing)
    yield from _hat(figure, facing)


def _hair(figure: Appearance, facing: int) -> Iterator[str]:
    is_short, part = figure.hair_style == "crop", facing * 0.2
    fringe, burn = (-0.42, 0.05) if is_short else (-0.34, 0.3)
    if figure.hair_style == "bun":
        yield disc(-facing * 0.5, -1.02, 0.42, toned(figure.hair, 0.9))
    yield area(
        figure.hair,
        f"M-.93 {burn}C-1.06 -1.55 1.06 -1.55 .93 {burn}Q.78 -.3 .62 {fringe}"
        f"Q{part + 0.2:.2f} {fringe - 0.05:.2f} {part:.2f} {fringe - 0.28:.2f}"
        f"Q{part - 0.4:.2f} {fringe + 0.02:.2f} -.62 {fringe}Q-.78 -.3 -.93 {burn}Z",
    )


def _hat(figure: Appearance, facing: int) -> Iterator[str]:
    colour = figure.hat_colour or toned(figure.clothes, 0.82)
    match figure.hat:
        case "cap":
            yield area(colour, _CROWN)
            if facing:
                yield line(toned(colour, 0.8), 0.2, f"M{-facing * 0.1} -.42Q{facing * 0.7} -.48 {facing * 1.5} -.34")
            else:
                yield area(toned(colour, 0.8), _PEAK)
        case "brim":
            yield area(colour, _CROWN)
            yield oval(0, -0.42, 1.6, 0.2, toned(colour, 0.85))
        case "helmet":
            yield area("#c9a13a", _CROWN)
            yield oval(0, -0.42, 1.15, 0.14, "#b08a2c")
        case "hood":
            yield area(figure.clothes, _HOOD)


def _face(figure: Appearance, expression: Expression) -> Iterator[str]:
    mood, facing = expression.mood, expression.facing
    middle, eyes = facing * 0.24, -0.06 if expression.looks_up else 0.0
    for side in (-1, 1):
        # The eye on the far side of a turned head is nearer to its middle.
        at = middle + side * 0.33 * (0.86 if side == facing else 1.0)
        yield from _eye(at, eyes, expression)
        low, outer = _BROWS[mood]
        brow = eyes - 0.27 + low
        yield line(
            toned(figure.hair, 0.8),
            0.07,
            f"M{at - side * 0.15:.3f} {brow - outer / 2:.3f}Q{at:.3f} {brow - 0.05:.3f} "
            f"{at + side * 0.19:.3f} {brow + outer / 2:.3f}",
        )
        if figure.has_glasses:
            ring = f'r="0.24" fill="#ffffff30" stroke="{INK}" stroke-width="0.05"'
            yield f'<circle cx="{at:.3f}" cy="{eyes}" {ring}/>'
    way = facing or 0.5
    yield line(
        toned(figure.skin, 0.72), 0.06, f"M{middle + facing * 0.1:.2f} {eyes + 0.14}q{way * 0.14} .2 {way * -0.02} .24"
    )
    if mood == "happy":
        for side in (-1, 1):
            yield disc(middle + side * 0.46, eyes + 0.34, 0.13, "#e0605030")
    yield f'<g transform="translate({middle:.2f} {eyes + 0.58:.2f})">'
    yield from _mouth(mood, speaks=expression.speaks)
    yield "</g>"


def _eye(x: float, y: float, expression: Expression) -> Iterator[str]:
    if expression.blinks:
        yield line(INK, 0.07, f"M{x - 0.11:.3f} {y}q.11 .08 .22 0")
        return
    wide = 1.35 if expression.mood in {"surprised", "afraid"} else 1.0
    yield oval(x, y, 0.15, 0.125 * wide, "#fbfaf7")
    yield disc(x + expression.facing * 0.04, y - (0.05 if expression.looks_up else 0.0), 0.085, INK)


def _mouth(mood: Mood, *, speaks: bool) -> Iterator[str]:
    if speaks:
        yield oval(0, 0, 0.18, 0.15, _MOUTH)
        yield oval(0, 0.07, 0.1, 0.05, _TONGUE)
    elif mood == "happy":
        yield area(_MOUTH, "M-.22 -.05Q0 .06 .22 -.05Q0 .36 -.22 -.05Z")
    elif mood == "surprised":
        yield oval(0, 0.03, 0.09, 0.1, _MOUTH)
    else:
        yield line(_MOUTH, 0.065, f"M-.18 0Q0 {_BENDS[mood]} .18 0")
