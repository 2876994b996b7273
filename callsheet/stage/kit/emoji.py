"""Emoji in text: Typst leaves a square for each, and the packed drawing stands there.

It knows nothing of Manim.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from callsheet.drawings import GRID, Drawing, drawing_named, drawing_names, drawing_of_character
from callsheet.stage.kit.svg_outlines import GlyphOutline, path_points

_SIGN = "[\u00a9\u00ae\u203c-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
_PART = f"{_SIGN}[\U0001f3fb-\U0001f3ff]?\ufe0f?"
_EMOJI = re.compile(f"{_PART}(?:\u200d{_PART})*|[#*0-9]\ufe0f?\u20e3")
_COLOUR_ASKED = "\ufe0f"
_MARK = "#1f1"
"""How the colours of squares begin; the number of the drawing follows, in three hexadecimal digits."""
_SIDE, _BELOW = 1.0, 0.2
"""Side of the square and how far it stands below the baseline, in ems: what is drawn is as high as capitals."""


def split_emoji(text: str) -> Iterator[str | Drawing]:
    """Yield the parts of `text`: words, and a drawing for each emoji that has one.

    A sign that is text by itself, such as ☀ or ↔, is an emoji only if U+FE0F follows it.
    """
    end = 0
    for match in _EMOJI.finditer(text):
        found = drawing_of_character(match.group())
        if found is None or (_is_text_by_itself(found) and _COLOUR_ASKED not in match.group()):
            continue
        if match.start() > end:
            yield text[end : match.start()]
        yield found
        end = match.end()
    if end < len(text):
        yield text[end:]


def square_source(drawing: Drawing) -> str:
    """Return Typst's code of the square in which `drawing` is to stand."""
    number = drawing_names().index(drawing.name)
    return f'box(width: {_SIDE}em, height: {_SIDE}em, baseline: {_BELOW}em, fill: rgb("{_MARK}{number:03x}"))'


def drawn_in(outline: GlyphOutline) -> Iterator[GlyphOutline]:
    """Yield the shapes of a drawing where `outline` is its square, else `outline` itself."""
    if not outline.colour.startswith(_MARK) or outline.key != "shape":
        yield outline
        return
    left, top = outline.points[:, 0].min(), outline.points[:, 1].max()
    side = outline.points[:, 0].max() - left
    for shape in drawing_named(drawing_names()[int(outline.colour[len(_MARK) :], 16)]).shapes:
        points = path_points(shape.path) * np.array([1.0, -1.0]) * (side / GRID) + np.array([left, top])
        yield GlyphOutline("drawing", shape.colour, points, is_drawn=True)


def _is_text_by_itself(drawing: Drawing) -> bool:
    return len(drawing.character) == 2 and drawing.character < "\U0001f000" and drawing.character[1] == _COLOUR_ASKED
