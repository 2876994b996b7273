"""Whether a text can be read: what lies over it, what is behind it, and whether its typeface is there."""

from __future__ import annotations

import difflib
from functools import cache
from typing import Any

import manimpango
import numpy as np
from manim import Mobject, Rectangle, VMobject

from callsheet.stage.rehearsal.geometry import Box, Boxes, Numbers
from callsheet.stage.rehearsal.moment import Moment
from callsheet.stage.rehearsal.survey import Piece, Survey, hides_what_is_below, opacity_of

# A text is hidden where all but this share of its letters lies under a shape.
_SEEN_SHARE = 0.2
_FAINTEST = 0.05
# Pango gives these to whatever is installed.
_GENERIC = frozenset({"", "sans", "sans-serif", "serif", "monospace", "mono", "system-ui", "cursive", "fantasy"})


def is_hidden(piece: Piece, letters: Boxes, survey: Survey, moment: Moment) -> bool:
    """Whether nearly all letters lie under an opaque rectangle; other shapes are not certain to cover their boxes."""
    own = {id(part) for part in piece.parts}
    place = (piece.mobject.z_index, piece.place)
    over = [
        mobject
        for rank, mobject in enumerate(survey.drawn)
        if place < (mobject.z_index, rank)
        and id(mobject) not in own
        and isinstance(mobject, Rectangle)
        and hides_what_is_below(mobject)
    ]
    if not over or moment.view.turns:
        return False
    centres = (letters[:, :2] + letters[:, 2:]) / 2
    hidden = np.zeros(len(centres), dtype=bool)
    for left, bottom, right, top in moment.view.boxes(over):
        inside_x = (centres[:, 0] > left) & (centres[:, 0] < right)
        hidden |= inside_x & (centres[:, 1] > bottom) & (centres[:, 1] < top)
    return bool(hidden.mean() > 1 - _SEEN_SHARE)


def contrast_of(piece: Piece, box: Box, survey: Survey, moment: Moment) -> float:
    """The ratio by which the best letter stands out from what is behind it; infinite where that isn't known."""
    ground = _ground(piece, box, survey, moment)
    if ground is None:
        return float("inf")
    return max((_contrast(part, ground) for part in piece.parts), default=float("inf"))


def _ground(piece: Piece, box: Box, survey: Survey, moment: Moment) -> Numbers | None:
    """The one colour behind a text; None where there may be several."""
    own = {id(part) for part in piece.parts}
    place = (piece.mobject.z_index, piece.place)
    below = [
        mobject
        for rank, mobject in enumerate(survey.drawn)
        if (mobject.z_index, rank) < place and id(mobject) not in own and opacity_of(mobject) >= _FAINTEST
    ]
    colour: Numbers | None = moment.view.ground
    for mobject, around in zip(below, moment.view.each_box(below), strict=True):
        if not around.meets(box):
            continue
        rgbas = mobject.get_fill_rgbas() if isinstance(mobject, Rectangle) else np.empty((0, 4))
        is_plain = len(rgbas) == 1 and hides_what_is_below(mobject) and around.covers(box)
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
    """Relative luminance of an sRGB colour from 0 to 1 (WCAG 2.2)."""
    linear = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    return float(linear @ np.array([0.2126, 0.7152, 0.0722]))


def typeface_problem(text: Mobject) -> str:
    """What to say of the typeface of a text that is not there; empty where it is."""
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
