"""Faces of people: a picture in a disc, or a drawing, or initials where there is none."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
from manim import Circle, ImageMobject, Mobject, VMobject, config
from PIL import Image, ImageDraw

from callsheet.model.content import Person
from callsheet.model.film.colour import mix
from callsheet.sources.picture_files import read_within
from callsheet.sources.svg_files import is_drawing
from callsheet.sources.svg_pictures import read_drawing
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area
from callsheet.stage.kit.scale import Step

_LONGEST_SIDE_PX = 1600
_FINER = 4
"""A picture's edge is drawn this many times finer and then made smaller, so that it is smooth."""
_ABOVE_FACE = 0.2
"""Share of what is cut off a high picture that is cut off above: faces stand in the upper half."""
_DRAWING_SHARE, _INITIALS_WIDTH, _INITIALS_HEIGHT = 0.76, 0.5, 0.34
"""Sides of what stands on the disc, as shares of the disc's."""

_TINT = 0.34
"""Share of a person's colour in the disc behind a drawing."""


def face(person: Person, kit: Kit, place: Area, colour: str, words: str, field: str) -> tuple[Mobject, ...]:
    """Return the face of `person` in the square `place`: a disc, or a square in themes without round corners.

    Initials stand in the colour `words` on the colour `colour`.

    Raises InvalidRequest about `field` if there is no such picture in the working directory.
    """
    if person.path:
        return (_Portrait(_square(_read(person.path, field), kit), place, is_round=kit.style.corner > 0),)
    if person.drawing:
        side = place.width * _DRAWING_SHARE
        inner = place.inset((place.width - side) / 2, (place.height - side) / 2)
        ground = mix(colour, kit.palette.background, _TINT)
        return (_disc(kit, place, ground), kit.drawing(person.drawing, inner))
    sign = kit.sign(initials(person.name), Step.GIANT, colour=words)
    sign.scale(min(place.width * _INITIALS_WIDTH / sign.width, place.height * _INITIALS_HEIGHT / sign.height))
    return (_disc(kit, place, colour), sign.move_to(place.centre))


def initials(name: str) -> str:
    """Return the first letters of the first and the last word of `name`, without titles such as Dr.

    It is one letter in scripts without capitals.
    """
    named = [word for word in name.split() if not word.endswith(".")] or name.split()
    words = [letters for word in named if (letters := re.sub(r"[\W_\d]", "", word))]
    if not words:
        return name.strip()[:1]
    first = words[0][0]
    if not _has_capitals(first) or len(words) == 1:
        return first.upper()
    return (first + words[-1][0]).upper()


def _has_capitals(letter: str) -> bool:
    return letter.upper() != letter.lower()


def _disc(kit: Kit, place: Area, colour: str) -> VMobject:
    if not kit.style.corner:
        return kit.block(place, colour)
    disc = Circle(radius=place.width / 2, fill_color=colour, fill_opacity=1, stroke_width=0)
    return disc.move_to(place.centre)


def _read(path: str, field: str) -> Image.Image:
    read = read_drawing if is_drawing(Path(path)) else read_within
    return read(Path(path), _LONGEST_SIDE_PX, field)


def _square(picture: Image.Image, kit: Kit) -> Image.Image:
    """Return a square of the picture without transparency, cut so that a face stays."""
    ground = Image.new("RGBA", picture.size, kit.palette.surface)
    opaque = Image.alpha_composite(ground, picture.convert("RGBA")).convert("RGB")
    side = min(opaque.size)
    left, top = (opaque.width - side) // 2, round((opaque.height - side) * _ABOVE_FACE)
    return opaque.crop((left, top, left + side, top + side))


class _Portrait(ImageMobject):
    """A square picture behind a round or a square window."""

    def __init__(self, source: Image.Image, place: Area, *, is_round: bool) -> None:
        side_px = max(1, round(place.width * config.pixel_width / config.frame_width))
        pixels = source.resize((side_px, side_px), Image.Resampling.LANCZOS)
        mask = Image.new("L", (side_px * _FINER, side_px * _FINER), 0 if is_round else 255)
        if is_round:
            ImageDraw.Draw(mask).ellipse((0, 0, mask.width - 1, mask.height - 1), fill=255)
        opacity = np.asarray(mask.resize((side_px, side_px), Image.Resampling.BOX))
        super().__init__(np.dstack([np.asarray(pixels), opacity]), resampling_algorithm=Image.Resampling.BILINEAR)
        self.stretch_to_fit_width(place.width).stretch_to_fit_height(place.height).move_to(place.centre)
