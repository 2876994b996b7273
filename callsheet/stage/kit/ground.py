"""The ground of a picture as pixels: gradients and textures with restraint, so that all words can be read on them.

It knows nothing of Manim. The logo of a brand is a part of the ground, in a corner that no content reaches: it stands
still, and costs no frame any time. The colour of a ground stays within the levels that a review takes for one ground.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from callsheet.model.film.brand import Brand, LogoPlace
from callsheet.model.film.colour import channels_of, contrast
from callsheet.model.film.look import Look, ThemeName
from callsheet.sources.picture_files import read_within
from callsheet.sources.svg_files import is_drawing
from callsheet.sources.svg_pictures import read_drawing
from callsheet.stage.kit.frame import SHORT_SIDE, Frame
from callsheet.stage.kit.theme import palette_for

Levels = npt.NDArray[np.floating[Any]]
"""Shape (height, width, 3), from 0 to 255."""

_COARSE = 4
"""A gradient is computed for one pixel of so many, and enlarged."""
_GRAIN_SEED = 7
_UNIT_OF_GRID = 0.5
"""Units between two lines of a grid; every fourth is stronger."""
_LOGO_FIELD = "look.brand.logo"
_LOGO_PX = 1200
_SHARE_OF_MARGIN, _LARGEST_LOGO = 0.5, 0.62
"""Height of the logo: a share of the margin above or below the content, at most so many units. The rest of the margin
stays clear around it."""
_WIDEST_LOGO = 4.0
"""Greatest width, in heights."""
_SEEN, _MOST_UNSEEN = 1.8, 0.1
"""Contrast with which a shape is seen, and the share of a logo that may have less without a plate behind it."""
_PLATES, _PLATE_EDGE = ("#ffffff", "#12151c"), 0.28
"""Colours of the plate, and how far it reaches beyond the logo, in heights."""
_SAMPLED_PX = 24
"""Pixels of a side of the logo as it is measured."""


@lru_cache(maxsize=4)
def ground_of(look: Look, width: int, height: int) -> npt.NDArray[np.uint8]:
    """Return the ground of `look` as RGBA pixels, shape (height, width, 4).

    It is the same for the same look and size.
    """
    base = np.array(channels_of(palette_for(look).background), np.float32)
    across, down = _places(width, height)
    shade = _SHADES[look.theme](across, down)
    coarse = np.clip(base + shade, 0, 255)
    levels = _enlarged(coarse, width, height) + _texture(look.theme, width, height)[..., None]
    pixels = np.full((height, width, 4), 255, np.uint8)
    pixels[..., :3] = np.clip(levels + 0.5, 0, 255)
    return _with_logo(pixels, look.brand) if look.brand and look.brand.logo else pixels


def _places(width: int, height: int) -> tuple[Levels, Levels]:
    """Return x and y of coarse pixels, in halves of the shorter side, from the middle; y points down."""
    short = min(width, height) / 2
    rows, columns = -(-height // _COARSE), -(-width // _COARSE)
    across = (np.linspace(-width / 2, width / 2, columns) / short).astype(np.float32)
    down = (np.linspace(-height / 2, height / 2, rows) / short).astype(np.float32)
    return np.broadcast_to(across, (rows, columns)), np.broadcast_to(down[:, None], (rows, columns))


def _enlarged(coarse: Levels, width: int, height: int) -> Levels:
    bands = [
        Image.fromarray(np.ascontiguousarray(coarse[..., band])).resize((width, height), Image.Resampling.BICUBIC)
        for band in range(3)
    ]
    return np.stack([np.asarray(band, np.float32) for band in bands], axis=-1)


def _glow(across: Levels, down: Levels, x: float, y: float, reach: float) -> Levels:
    """Return a soft light around a place, from 0 to 1; shape (height, width, 1)."""
    return np.asarray(np.exp(-((across - x) ** 2 + (down - y) ** 2) / reach**2), np.float32)[..., None]


def _rgb(*levels: float) -> Levels:
    return np.array(levels, np.float32)


def _midnight(across: Levels, down: Levels) -> Levels:
    return _glow(across, down, 1.3, 1.2, 1.8) * _rgb(8, 12, 22) - _glow(across, down, -1.6, -1.2, 1.6) * _rgb(4, 5, 8)


def _paper(across: Levels, down: Levels) -> Levels:
    return _glow(across, down, -0.6, -0.8, 1.8) * _rgb(3, 4, 6) - _glow(across, down, 1.8, 1.4, 1.2) * _rgb(4, 5, 7)


def _chalk(across: Levels, down: Levels) -> Levels:
    wiped = 0.5 + 0.5 * np.sin(2.1 * across + 3.3 * down + 1.4 * np.sin(1.3 * across - 2.2 * down))
    return wiped[..., None] * _glow(across, down, 0.2, 0.0, 1.7) * _rgb(10, 12, 11)


def _journal(across: Levels, down: Levels) -> Levels:
    edge = np.clip(np.hypot(across / 1.9, down / 1.15) - 0.55, 0, 0.75)[..., None]
    return np.asarray(edge * _rgb(-11, -13, -19), np.float32)


def _poster(across: Levels, down: Levels) -> Levels:
    return np.zeros((*across.shape, 3), np.float32)


def _garden(across: Levels, down: Levels) -> Levels:
    low: Levels = np.clip(down + 0.2, 0, 2)[..., None] * _rgb(12, 6, 12)
    return _glow(across, down, -1.2, -1.1, 1.9) * _rgb(8, 5, 8) - low


def _blueprint(across: Levels, down: Levels) -> Levels:
    return _glow(across, down, 0.0, -0.1, 1.5) * _rgb(3, 9, 14)


def _aurora(across: Levels, down: Levels) -> Levels:
    bow = down - 0.35 - 0.3 * np.sin(1.1 * across + 0.6)
    green = np.exp(-((bow / 0.42) ** 2))[..., None] * _rgb(0, 20, 18)
    violet = np.exp(-(((bow + 0.75) / 0.6) ** 2))[..., None] * _rgb(16, 4, 22)
    return np.asarray(green + violet, np.float32)


_SHADES = {
    ThemeName.MIDNIGHT: _midnight,
    ThemeName.PAPER: _paper,
    ThemeName.CHALK: _chalk,
    ThemeName.JOURNAL: _journal,
    ThemeName.POSTER: _poster,
    ThemeName.GARDEN: _garden,
    ThemeName.BLUEPRINT: _blueprint,
    ThemeName.AURORA: _aurora,
}
_GRAIN = {ThemeName.PAPER: 1.1, ThemeName.CHALK: 2.0, ThemeName.JOURNAL: 1.2, ThemeName.POSTER: 0.0}
"""Levels by which single pixels vary; a trace of it keeps gradients from showing steps."""


def _texture(theme: ThemeName, width: int, height: int) -> Levels:
    """Return what each pixel is lighter than the gradient, in levels."""
    noise = np.random.default_rng(_GRAIN_SEED).standard_normal((height, width), np.float32)
    texture: Levels = noise * np.float32(_GRAIN.get(theme, 0.45))
    if theme is ThemeName.BLUEPRINT:
        texture = texture + np.maximum(_grid(width, height, horizontal=True), _grid(width, height, horizontal=False))
    return texture


def _grid(width: int, height: int, *, horizontal: bool) -> Levels:
    """Return lines of a grid around the middle of the frame, in levels."""
    step = min(width, height) / 8 * _UNIT_OF_GRID
    length = height if horizontal else width
    places = np.arange(length) + 0.5 - length / 2
    number = np.round(places / step)
    thick = max(1.0, step / 60)
    line = np.where(np.abs(places - number * step) <= thick / 2, np.where(number % 4 == 0, 12.0, 7.0), 0.0)
    shaped = line[:, None] if horizontal else line[None, :]
    return np.broadcast_to(shaped.astype(np.float32), (height, width))


def _with_logo(pixels: npt.NDArray[np.uint8], brand: Brand) -> npt.NDArray[np.uint8]:
    """Return RGBA pixels of a ground with the logo of `brand` in its corner.

    Raises:
        InvalidRequest: there is no such picture in the working directory.
    """
    path = Path(brand.logo)
    logo = (read_drawing if is_drawing(path) else read_within)(path, _LOGO_PX, _LOGO_FIELD)
    logo = logo.crop(logo.getchannel("A").getbbox())
    ground_colour = "#{:02x}{:02x}{:02x}".format(*(int(level) for level in pixels[0, 0, :3]))
    height, width = pixels.shape[:2]
    unit = min(width, height) / SHORT_SIDE
    frame = Frame(width / unit, height / unit)
    left, top, wide, high = _logo_place(frame, brand.logo_place, logo.width / logo.height)
    size = (max(1, round(wide * unit)), max(1, round(high * unit)))
    ground = Image.fromarray(pixels)
    if _share_unseen(logo, ground_colour) > _MOST_UNSEEN:
        edge = high * _PLATE_EDGE
        plate = min(_PLATES, key=lambda colour: _share_unseen(logo, colour))
        box = (left - edge, top - edge, left + wide + edge, top + high + edge)
        ImageDraw.Draw(ground).rounded_rectangle([each * unit for each in box], radius=edge * unit, fill=plate)
    ground.alpha_composite(logo.resize(size, Image.Resampling.LANCZOS), (round(left * unit), round(top * unit)))
    result: npt.NDArray[np.uint8] = np.asarray(ground)
    return result


def _share_unseen(logo: Image.Image, ground: str) -> float:
    """Return the share of the logo's opaque pixels that can hardly be told from `ground`."""
    small = np.asarray(logo.resize((_SAMPLED_PX, _SAMPLED_PX)))
    opaque = small[small[..., 3] > 127][:, :3]
    colours = ["#{:02x}{:02x}{:02x}".format(*(int(level) for level in pixel)) for pixel in opaque]
    return sum(contrast(colour, ground) < _SEEN for colour in colours) / max(1, len(colours))


def _logo_place(frame: Frame, place: LogoPlace, proportion: float) -> tuple[float, float, float, float]:
    """Return left and top from the corner of the frame, width and height, in units."""
    safe, whole = frame.safe, frame.whole
    is_above = place in (LogoPlace.TOP_LEFT, LogoPlace.TOP_RIGHT)
    margin = whole.top - safe.top if is_above else safe.bottom - whole.bottom
    high = min(_LARGEST_LOGO, margin * _SHARE_OF_MARGIN)
    wide = high * proportion
    if proportion > _WIDEST_LOGO:
        wide, high = high * _WIDEST_LOGO, high * _WIDEST_LOGO / proportion
    # In the middle of a narrow margin; in a wide one near the content, away from the controls of phones.
    gap = min((margin - high) / 2, high)
    top = margin - gap - high if is_above else frame.height - margin + gap
    side = safe.left - whole.left
    is_left = place in (LogoPlace.TOP_LEFT, LogoPlace.BOTTOM_LEFT)
    return (side if is_left else frame.width - side - wide), top, wide, high
