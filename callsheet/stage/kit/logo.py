"""The logo of a brand on the ground of a scene, in a corner that no content reaches.

It knows nothing of Manim. The logo is a part of the ground: it stands still, and costs no frame any time.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from callsheet.model.film.brand import Brand, LogoPlace
from callsheet.model.film.colour import contrast
from callsheet.sources.picture_files import read_within
from callsheet.sources.svg_files import is_drawing
from callsheet.sources.svg_pictures import read_drawing
from callsheet.stage.kit.frame import SHORT_SIDE, Frame

FIELD = "look.brand.logo"
_LONGEST_SIDE_PX = 1200
_SHARE_OF_MARGIN, _LARGEST = 0.5, 0.62
"""Height of the logo: a share of the margin above or below the content, at most so many units. The rest of the margin
stays clear around it."""
_WIDEST = 4.0
"""Greatest width, in heights."""
_SEEN, _MOST_UNSEEN = 1.8, 0.1
"""Contrast with which a shape is seen, and the share of a logo that may have less without a plate behind it."""
_PLATES, _PLATE_EDGE = ("#ffffff", "#12151c"), 0.28
"""Colours of the plate, and how far it reaches beyond the logo, in heights."""
_SAMPLED = 24
"""Pixels of a side of the logo as it is measured."""


def with_logo(pixels: npt.NDArray[np.uint8], brand: Brand) -> npt.NDArray[np.uint8]:
    """Return RGBA pixels of a ground with the logo of `brand` in its corner.

    Raises:
        InvalidRequest: there is no such picture in the working directory.
    """
    path = Path(brand.logo)
    logo = (read_drawing if is_drawing(path) else read_within)(path, _LONGEST_SIDE_PX, FIELD)
    logo = logo.crop(logo.getchannel("A").getbbox())
    ground_colour = "#{:02x}{:02x}{:02x}".format(*(int(level) for level in pixels[0, 0, :3]))
    height, width = pixels.shape[:2]
    unit = min(width, height) / SHORT_SIDE
    frame = Frame(width / unit, height / unit)
    left, top, wide, high = _place(frame, brand.logo_place, logo.width / logo.height)
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
    small = np.asarray(logo.resize((_SAMPLED, _SAMPLED)))
    opaque = small[small[..., 3] > 127][:, :3]
    colours = ["#{:02x}{:02x}{:02x}".format(*(int(level) for level in pixel)) for pixel in opaque]
    return sum(contrast(colour, ground) < _SEEN for colour in colours) / max(1, len(colours))


def _place(frame: Frame, place: LogoPlace, proportion: float) -> tuple[float, float, float, float]:
    """Return left and top from the corner of the frame, width and height, in units."""
    safe, whole = frame.safe, frame.whole
    is_above = place in (LogoPlace.TOP_LEFT, LogoPlace.TOP_RIGHT)
    margin = whole.top - safe.top if is_above else safe.bottom - whole.bottom
    high = min(_LARGEST, margin * _SHARE_OF_MARGIN)
    wide = high * proportion
    if proportion > _WIDEST:
        wide, high = high * _WIDEST, high * _WIDEST / proportion
    # In the middle of a narrow margin; in a wide one near the content, away from the controls of phones.
    gap = min((margin - high) / 2, high)
    top = margin - gap - high if is_above else frame.height - margin + gap
    side = safe.left - whole.left
    is_left = place in (LogoPlace.TOP_LEFT, LogoPlace.BOTTOM_LEFT)
    return (side if is_left else frame.width - side - wide), top, wide, high
