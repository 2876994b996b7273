"""The legibility of a text: what covers it, runs through it or is behind it, and whether its typeface is installed."""

from __future__ import annotations

import difflib
from functools import cache
from typing import Any

import manimpango
import numpy as np
from manim import Mobject, VMobject

from callsheet.stage.rehearsal.geometry import (
    Boxes,
    Numbers,
    SceneBox,
    flattened,
    lengths_inside,
    letter_height,
    shrunk,
    turns_around,
    united,
)
from callsheet.stage.rehearsal.survey import Piece, Stroke, Survey, hides_what_is_below, opacity_of
from callsheet.stage.rehearsal.view import Moment

# A text is hidden if all but this share of its letters lies under a shape.
_SEEN_SHARE = 0.2
_FAINTEST = 0.05
# A line runs through a text if this much of it, in heights of a letter, lies within letters: more than a touch.
_THROUGH_LETTERS = 0.5
# The share of each letter at its sides that is left out: a line that touches it does not run through it.
_EDGE_SHARE = 0.2
# Lines fainter than this are a backdrop. Shapes less opaque than this do not hide a line.
_SEEN_LINE = 0.4
# The drawn share of the length of a dashed line (Manim's default).
_DASH_SHARE = 0.5
# A line that stays in the text's own box, give or take this many heights of a letter, strikes it out on purpose.
_OWN_LINE = 0.8
# Pango resolves these to an installed typeface.
_GENERIC = frozenset({"", "sans", "sans-serif", "serif", "monospace", "mono", "system-ui", "cursive", "fantasy"})


def is_hidden(piece: Piece, letters: Boxes, survey: Survey, moment: Moment) -> bool:
    """Return whether nearly all letters lie under opaque shapes, by their outlines."""
    if moment.view.turns:
        return False
    place = (piece.mobject.z_index, piece.place)
    letters_of_all = {id(part) for text in (*survey.texts, piece) for part in text.parts}
    over = [
        mobject
        for rank, mobject in enumerate(survey.drawn)
        if place < (mobject.z_index, rank) and id(mobject) not in letters_of_all and hides_what_is_below(mobject)
    ]
    centres = (letters[:, :2] + letters[:, 2:]) / 2
    hidden = np.zeros(len(centres), dtype=bool)
    for mobject in over:
        hidden |= _holds(mobject, centres, moment)
    return bool(hidden.mean() > 1 - _SEEN_SHARE)


def lines_through(piece: Piece, letters: Boxes, box: SceneBox, survey: Survey, moment: Moment) -> list[Stroke]:
    """Return the lines that run through the letters of a text, each once.

    Lines that strike it out on purpose don't count.
    """
    # A halo is an outline behind the letters, which sets them off from everything behind them.
    first = [part for part in piece.parts[:1] if isinstance(part, VMobject)]
    if moment.view.turns or any(part.get_stroke_width(background=True) > 1 for part in first):
        return []
    cores, height = shrunk(letters, _EDGE_SHARE), letter_height(letters)
    found: dict[int, float] = {}
    by_id = {}
    for stroke, around in zip(survey.lines, moment.view.each_box([each.mobject for each in survey.lines]), strict=True):
        if not around.meets(box) or opacity_of(stroke.mobject) < _SEEN_LINE:
            continue
        whole = united(moment.view.boxes([part for part in stroke.whole.get_family() if len(part.points)]))
        if box.covers(whole, slack=_OWN_LINE * height):
            continue
        half = float(stroke.mobject.get_stroke_width()) / 200  # of the line's ink; 100 of Manim's width are a unit
        reached = cores + np.array([-half, -half, half, half])
        inside = lengths_inside(flattened(moment.view.curves(stroke.mobject)), reached)
        if inside.any() and not _is_covered(stroke, piece, cores[inside > 0], survey, moment):
            by_id[id(stroke.whole)] = stroke
            share = 1 if stroke.mobject is stroke.whole else _DASH_SHARE
            found[id(stroke.whole)] = found.get(id(stroke.whole), 0.0) + float(inside.sum()) / share
    return [by_id[key] for key, length in found.items() if length >= _THROUGH_LETTERS * height]


def _is_covered(stroke: Stroke, piece: Piece, letters: Boxes, survey: Survey, moment: Moment) -> bool:
    """Return whether something between a line and the text over it hides the line."""
    line, text = (stroke.mobject.z_index, stroke.place), (piece.mobject.z_index, piece.place)
    own = {id(part) for part in piece.parts}
    between = [
        mobject
        for rank, mobject in enumerate(survey.drawn)
        if line < (mobject.z_index, rank) <= text
        and id(mobject) not in own
        and hides_what_is_below(mobject, _SEEN_LINE)
    ]
    centres = (letters[:, :2] + letters[:, 2:]) / 2
    return any(bool(_holds(mobject, centres, moment).all()) for mobject in between)


def _holds(mobject: Any, points: Numbers, moment: Moment) -> Any:
    """Return which of the points lie within a filled shape, or within the box of a picture."""
    ((left, bottom, right, top),) = moment.view.boxes([mobject])
    x, y = points[:, 0], points[:, 1]
    inside = (x > left) & (x < right) & (y > bottom) & (y < top)
    if isinstance(mobject, VMobject) and inside.any():
        inside[inside] = turns_around(flattened(moment.view.curves(mobject)), points[inside]) != 0
    return inside


def contrast_of(piece: Piece, box: SceneBox, survey: Survey, moment: Moment) -> float:
    """Return the ratio by which the best letter stands out from what is behind it.

    The ratio is infinite if the background isn't known.
    """
    ground = _ground(piece, box, survey, moment)
    if ground is None:
        return float("inf")
    return max((_contrast(part, ground) for part in piece.parts), default=float("inf"))


def _ground(piece: Piece, box: SceneBox, survey: Survey, moment: Moment) -> Numbers | None:
    """Return the one colour behind a text; None if there may be several."""
    own = {id(part) for part in piece.parts}
    place = (piece.mobject.z_index, piece.place)
    below = [
        mobject
        for rank, mobject in enumerate(survey.drawn)
        if (mobject.z_index, rank) <= place and id(mobject) not in own and opacity_of(mobject) >= _FAINTEST
    ]
    colour: Numbers | None = moment.view.ground
    corners = np.array([(x, y) for x in (box.left, box.right) for y in (box.bottom, box.top)])
    for mobject, around in zip(below, moment.view.each_box(below), strict=True):
        if not around.meets(box):
            continue
        rgbas = mobject.get_fill_rgbas() if isinstance(mobject, VMobject) else np.empty((0, 4))
        is_plain = len(rgbas) == 1 and hides_what_is_below(mobject) and _holds(mobject, corners, moment).all()
        colour = rgbas[0, :3] if is_plain else None
    return colour


def _contrast(letter: Any, ground: Numbers) -> float:
    if not isinstance(letter, VMobject) or (letter.get_stroke_width() > 0 and letter.get_stroke_opacity() > _FAINTEST):
        return float("inf")  # an outline may set it off
    best = 1.0
    for rgba in letter.get_fill_rgbas():
        shown = rgba[:3] * rgba[3] + ground * (1 - rgba[3])
        lighter, darker = sorted((_luminance(shown), _luminance(ground)), reverse=True)
        best = max(best, (lighter + 0.05) / (darker + 0.05))
    return best


def _luminance(colour: Numbers) -> float:
    """Return the relative luminance of an sRGB colour from 0 to 1 (WCAG 2.2)."""
    linear = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    return float(linear @ np.array([0.2126, 0.7152, 0.0722]))


def typeface_problem(text: Mobject) -> str:
    """Return what to say if the typeface of a text is not installed; empty if it is."""
    font = getattr(text, "font", "")
    if not isinstance(font, str) or font.lower() in _GENERIC or "," in font:
        return ""
    installed = _typefaces()
    if font.lower() in installed:
        return ""
    close = difflib.get_close_matches(font.lower(), installed, n=1, cutoff=0.6)
    hint = f"did you mean “{installed[close[0]]}”?" if close else "leave font out, or give the typeface with the scene"
    return f"asks for the typeface “{font}”, which is not installed, and is set in another one; {hint}"


@cache
def _typefaces() -> dict[str, str]:
    return {name.lower(): name for name in manimpango.list_fonts()}
