"""The figure of each theme, for openings, parts and closings: what a picture with few words is filled with.

A figure is drawn in a square from -1 to 1 and scaled into its place. Its parts appear in the order of drawing. Lines
have many short pieces, so that they can be drawn step by step.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from manim import Circle, VGroup, VMobject

from callsheet.model.film.colour import mix
from callsheet.model.film.look import ThemeName
from callsheet.stage.kit.frame import Area
from callsheet.stage.kit.marks import block, leaf, polygon
from callsheet.stage.kit.theme import Palette

Line = npt.NDArray[np.float64]
"""Places of a line, shape (n, 2)."""

_FINE, _USUAL, _BOLD = 1.4, 2.6, 5.0
"""Widths of lines, in hundredths of a unit."""
_PIECES = 96


def motif(theme: ThemeName, area: Area, palette: Palette, variant: int = 0) -> VGroup:
    """Return the theme's figure in the middle of `area`, as large as there is room.

    `variant` turns and varies it, so that parts of a film differ.
    """
    figure = VGroup(*_FIGURES[theme](palette, variant))
    side = min(area.width, area.height)
    figure.scale(side / max(figure.width, figure.height, 2.0), about_point=(0, 0, 0))
    return figure.move_to(area.centre)


def _path(places: Line, colour: str, width: float = _USUAL, opacity: float = 1.0) -> VMobject:
    line = VMobject(stroke_color=colour, stroke_width=width, stroke_opacity=opacity, fill_opacity=0.0)
    line.set_points_as_corners(np.column_stack([places, np.zeros(len(places))]))
    return line


def _arc(radius: float, begin: float = 0.0, end: float = 360.0, centre: tuple[float, float] = (0.0, 0.0)) -> Line:
    angle = np.radians(np.linspace(begin, end, _PIECES))
    return np.column_stack([centre[0] + radius * np.cos(angle), centre[1] + radius * np.sin(angle)])


def _straight(*corners: tuple[float, float]) -> Line:
    """Return a line through `corners`, in short pieces."""
    pieces = [np.linspace(start, end, 24) for start, end in pairwise(corners)]
    return np.concatenate(pieces)


def _disc(x: float, y: float, radius: float, colour: str, opacity: float = 1.0) -> VMobject:
    disc = Circle(radius=radius, fill_color=colour, fill_opacity=opacity, stroke_width=0)
    return disc.move_to((x, y, 0))


def _on(radius: float, angle: float) -> tuple[float, float]:
    return radius * float(np.cos(np.radians(angle))), radius * float(np.sin(np.radians(angle)))


def _orbits(palette: Palette, variant: int) -> list[VMobject]:
    turn = 47.0 * variant
    parts = [_disc(0, 0, 0.2, palette.accent, 0.22), _disc(0, 0, 0.11, palette.accent)]
    orbits = ((0.36, 20, 130), (0.56, 150, 95), (0.77, 250, 150), (0.98, 60, 60))
    for number, (radius, angle, length) in enumerate(orbits):
        begin = angle + turn * (1 + number % 2)
        parts.append(_path(_arc(radius), palette.line, _FINE))
        parts.append(
            _path(_arc(radius, begin, begin + length), palette.accent, _BOLD - number * 0.9, 0.95 - 0.17 * number)
        )
        planet = _on(radius, begin + length)
        colour = palette.text if number % 2 else palette.accent
        parts.append(_disc(*planet, (0.05, 0.035, 0.06, 0.03)[number], colour))
    return parts


def _sheets(palette: Palette, variant: int) -> list[VMobject]:
    parts: list[VMobject] = []
    for number, turn in enumerate((-11.0, 7.0, -2.0)):
        sheet = block(
            Area(-0.68, 0.95, 1.36, 1.9), palette.surface if number < 2 else mix("#ffffff", palette.surface, 0.6)
        )
        sheet.set_stroke(palette.line, 2, 1)
        parts.append(sheet.rotate(np.radians(turn + 3 * variant), about_point=(0, 0, 0)))
    top = VGroup(block(Area(-0.5, 0.74, 0.42, 0.09), palette.accent))
    for row, length in enumerate((1.0, 0.92, 0.97, 0.6)):
        top.add(block(Area(-0.5, 0.5 - 0.14 * row, length, 0.035), palette.line))
    heights = [(0.22, 0.4, 0.31, 0.58), (0.5, 0.24, 0.42, 0.3), (0.2, 0.33, 0.45, 0.6)][variant % 3]
    for column, height in enumerate(heights):
        colour = palette.accent if height == max(heights) else palette.line
        top.add(block(Area(-0.5 + 0.27 * column, -0.76 + height, 0.19, height), colour))
    parts.extend(top.rotate(np.radians(-2.0 + 3 * variant), about_point=(0, 0, 0)).submobjects)
    return parts


def _doodles(palette: Palette, variant: int) -> list[VMobject]:
    random = np.random.default_rng(11 + variant)

    def chalk(places: Line, colour: str, width: float = 3.4) -> list[VMobject]:
        """Return a line as of chalk: two that lie nearly on each other."""
        lines = []
        for opacity in (0.85, 0.4):
            wave = np.cumsum(random.normal(0, 0.0035, places.shape), axis=0)
            wave -= np.linspace(0, 1, len(places))[:, None] * wave[-1] * 0.7
            lines.append(_path(places + wave, colour, width, opacity))
        return lines

    a, b, c = (-0.72, -0.5), (0.72, -0.5), (-0.72, 0.58)
    parts = chalk(_arc(0.9, 40, 415), palette.muted)
    parts += chalk(_straight(a, b, c, a), palette.text, 4.2)
    parts += chalk(_straight((-0.58, -0.5), (-0.58, -0.36), (-0.72, -0.36)), palette.accent)
    parts += chalk(_arc(0.3, 143, 180, b), palette.accent)
    x = np.linspace(-0.1, 0.86, _PIECES)
    parts += chalk(np.column_stack([x, 0.5 + 0.16 * np.sin(9 * x + variant)]), palette.accent, 4.2)
    parts += chalk(_straight((-0.14, 0.5), (0.94, 0.5), (0.88, 0.54)), palette.muted)
    star = [_on(0.13 if number % 2 else 0.055, 90 + 36 * number) for number in range(11)]
    parts += chalk(_straight(*[(x + 0.3, y - 0.82) for x, y in star]), palette.accent)
    return parts


def _rosette(palette: Palette, variant: int) -> list[VMobject]:
    petals = (9, 11, 7)[variant % 3]
    angle = np.linspace(0, 2 * np.pi, 900)
    parts = [_path(_arc(0.98), palette.muted, _USUAL), _path(_arc(0.945), palette.muted, _FINE)]
    for shift, colour, width in ((0.0, palette.accent, _FINE), (0.5, palette.muted, 1.1)):
        wave = np.cos(petals * angle + 2 * np.pi * shift) * np.cos(petals / 3 * angle)
        for size in (0.62, 0.54, 0.46, 0.38):
            radius = size + 0.26 * wave
            parts.append(_path(np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]), colour, width, 0.9))
    parts.append(_path(_arc(0.14), palette.accent, _USUAL))
    parts.append(polygon([(0, 0.07), (0.07, 0), (0, -0.07), (-0.07, 0)], palette.accent))
    for number in range(72):
        inner, outer = _on(0.88, 5 * number), _on(0.92 if number % 6 else 0.935, 5 * number)
        parts.append(_path(_straight(inner, outer), palette.muted, _FINE))
    return parts


def _shapes(palette: Palette, variant: int) -> list[VMobject]:
    ink = palette.text
    half = _arc(0.46, 90, 270)
    parts = [_disc(0.16, 0.16, 0.8, palette.accent), block(Area(-0.98, 0.0, 0.98, 0.98), ink)]
    bowl = polygon([(float(x), float(y)) for x, y in half - np.array([0.0, 0.52])], palette.surface)
    parts.append(bowl)
    parts += [block(Area(0.14, -0.42 - 0.12 * number, 0.84 - 0.14 * number, 0.05), ink) for number in range(5)]
    parts.append(_disc(-0.74, 0.72, 0.2, ink))
    parts.append(polygon([(0.16, 0.16), (0.96, 0.16), (0.16, 0.96)], palette.background))
    for part in parts if variant % 3 else ():
        part.rotate(np.radians(90 * variant), about_point=(0, 0, 0))
    return parts


def _plant(palette: Palette, variant: int) -> list[VMobject]:
    pale = mix(palette.accent, palette.background, 0.5)
    lean = (0.16, -0.14, 0.05)[variant % 3]
    height = np.linspace(-0.98, 0.8, _PIECES)
    bow = lean * np.sin((height + 1) * 1.7)
    parts = [
        _disc(0.42 - lean, 0.42, 0.46, palette.accent, 0.16),
        _path(np.column_stack([np.linspace(-0.9, 0.9, _PIECES), np.full(_PIECES, -0.98)]), palette.line, _BOLD),
        _path(np.column_stack([bow, height]), palette.accent, 6.0),
    ]
    for number in range(9):
        place = -0.62 + 0.165 * number
        x = float(np.interp(place, height, bow))
        side = 1 if number % 2 else -1
        size = 0.66 - 0.045 * abs(number - 2.5)
        tip = (x + side * size, place + size * 0.55)
        parts.append(leaf((x, place), tip, size * 0.5, palette.accent if number % 3 else pale))
    x = float(bow[-1])
    parts.append(leaf((x, 0.78), (x + 0.05, 1.0), 0.16, palette.accent))
    return parts


def _drawing(palette: Palette, variant: int) -> list[VMobject]:
    teeth, ink = (12, 16, 10)[variant % 3], palette.text
    outline: list[tuple[float, float]] = []
    for number in range(teeth):
        at, pitch = 360 / teeth * number, 360 / teeth
        outline += [_on(0.66, at - pitch * 0.3), _on(0.8, at - pitch * 0.18), _on(0.8, at + pitch * 0.18)]
        outline.append(_on(0.66, at + pitch * 0.3))
    parts = []
    for begin, end in (((-0.98, 0), (0.98, 0)), ((0, 0.98), (0, -0.9))):
        line = _straight(begin, end)
        parts += [_path(line[start : start + 3], palette.line, _USUAL) for start in range(0, 22, 4)]
    parts.append(_path(_straight(*outline, outline[0]), ink, 3.0))
    parts.append(_path(_arc(0.52), palette.line, _FINE))
    parts.append(_path(_arc(0.22), ink, 3.0))
    parts += [_path(_arc(0.085, centre=_on(0.37, 60 * number + 30)), ink, _USUAL) for number in range(6)]
    parts.append(_path(_straight(_on(0.22, 45), _on(0.98, 45)), palette.accent, _USUAL))
    parts.append(_path(_arc(0.92, 0, 45), palette.accent, _USUAL))
    for x in (-0.8, 0.8):
        parts.append(_path(_straight((x, -0.2), (x, -0.98)), palette.line, _FINE))
        inwards = 0.1 if x < 0 else -0.1
        parts.append(polygon([(x, -0.93), (x + inwards, -0.9), (x + inwards, -0.96)], palette.accent))
    parts.append(_path(_straight((-0.8, -0.93), (0.8, -0.93)), palette.accent, _USUAL))
    return parts


def _ribbons(palette: Palette, variant: int) -> list[VMobject]:
    x = np.linspace(-1, 1, _PIECES)
    count = 30
    parts: list[VMobject] = []
    for number in range(count):
        share = number / (count - 1)
        phase = 0.9 * variant + 1.7 * share
        swell = np.cos(x * np.pi / 2) ** 0.6
        y = (share - 0.5) * 1.5 * (0.35 + 0.65 * np.abs(np.sin(1.9 * x + phase)))
        y = swell * y + 0.34 * np.sin(2.3 * x + 0.6 * share + variant)
        colour = mix(palette.accent, palette.text, 1 - 0.55 * share)
        parts.append(_path(np.column_stack([x, y]), colour, 1.5 + 1.2 * share, 0.25 + 0.6 * share))
    return parts


_FIGURES: dict[ThemeName, Callable[[Palette, int], list[VMobject]]] = {
    ThemeName.MIDNIGHT: _orbits,
    ThemeName.PAPER: _sheets,
    ThemeName.CHALK: _doodles,
    ThemeName.JOURNAL: _rosette,
    ThemeName.POSTER: _shapes,
    ThemeName.GARDEN: _plant,
    ThemeName.BLUEPRINT: _drawing,
    ThemeName.AURORA: _ribbons,
}
