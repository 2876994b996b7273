"""Pictures, conformed to the shape of a frame."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from callsheet.model.footage.jobs import Fit
from callsheet.sources.picture_files import read_picture

BARS = (0, 0, 0)
GROUND = (255, 255, 255)
"""The ground behind transparent parts, unless a prompt asks for another colour: paper, as in most programs."""
_BACKDROP_LIGHT = 0.55
_BACKDROP_BLUR = 0.035
"""Radius as a share of the frame's longer side: it keeps shapes and removes contours."""
UPPER_THIRD = 1 / 3
_HEADROOM = 0.03
"""Share of a picture's height that stays free above a subject that begins in its upper third."""
_PLACES = 64
_TRACE = 0.08
"""Share of the row with the most contours: less is noise, or a soft sky."""
Box = tuple[float, float, float, float]
"""Left, top, right and bottom, in pixels that need not be whole."""
_LANCZOS = Image.Resampling.LANCZOS


def opaque(image: Image.Image, ground: tuple[int, int, int] = GROUND) -> Image.Image:
    """Return `image` without transparency, on `ground`."""
    if image.mode != "RGBA":
        return image.convert("RGB")
    on_ground = Image.new("RGB", image.size, ground)
    on_ground.paste(image, mask=image.getchannel("A"))
    return on_ground


def picture_in_frame(path: Path, width: int, height: int, fit: Fit) -> Image.Image:
    """Return the picture in a file as a frame of exactly `width` × `height` pixels.

    Raises as `read_picture`.
    """
    return conformed(opaque(read_picture(path, "picture", subject="it")), width, height, fit)


def conformed(image: Image.Image, width: int, height: int, fit: Fit, box: Box | None = None) -> Image.Image:
    """Return an opaque picture as one of exactly `width` × `height` pixels.

    `box` is the part that fills the frame, if it is known already: in a film all frames show the same part.
    """
    box = box or filling_box(image, width / height)
    if fit == Fit.FILL:
        return image.resize((width, height), _LANCZOS, box=box)
    scale = min(width / image.width, height / image.height)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    ground = _backdrop(image, width, height, box) if fit == Fit.BLUR_FILL else Image.new("RGB", (width, height), BARS)
    ground.paste(image.resize(size, _LANCZOS), ((width - size[0]) // 2, (height - size[1]) // 2))
    return ground


def filling_box(image: Image.Image, aspect: float, zoom: float = 1.0) -> Box:
    """Return the largest part of `image` with `aspect`, around the centre of interest.

    With `zoom`, the part is that many times smaller.

    A subject that begins in the upper third keeps its top: a person's head is often there, and the part below the
    shoulders is less important. The function looks for no face.
    """
    width, height = min(image.width, image.height * aspect) / zoom, min(image.height, image.width / aspect) / zoom
    centre_x, centre_y = focus_of(image)
    left = min(max(0.0, centre_x * image.width - width / 2), image.width - width)
    top = min(max(0.0, centre_y * image.height - height / 2), image.height - height)
    rows = _contours(image).sum(axis=1)
    # The first row with more than a trace of the contours, as a share of the height.
    begins = float(np.argmax(rows > _TRACE * rows.max()) / _PLACES) if rows.max() > 1e-6 else 1.0
    if begins < UPPER_THIRD:
        top = min(top, max(0.0, begins - _HEADROOM) * image.height)
    return left, top, left + width, top + height


def focus_of(image: Image.Image) -> tuple[float, float]:
    """Return the centre of interest.

    The centre of mass of the contours, as shares of width and height.

    It stays within the middle two fifths, so that a frame around it never loses a side.
    """
    contours = _contours(image)
    total = contours.sum()
    if total < 1e-6:
        return 0.5, 0.5
    places = (np.arange(_PLACES) + 0.5) / _PLACES
    centre_x = float(contours.sum(axis=0) @ places / total)
    centre_y = float(contours.sum(axis=1) @ places / total)
    return min(max(centre_x, 0.3), 0.7), min(max(centre_y, 0.3), 0.7)


def _contours(image: Image.Image) -> np.ndarray:
    """Return how much changes at each of 64 × 64 places."""
    small = np.asarray(image.convert("L").resize((_PLACES, _PLACES), Image.Resampling.BOX), np.float64)
    down, across = np.gradient(small)
    contours: np.ndarray = np.abs(down) + np.abs(across)
    return contours


def _backdrop(image: Image.Image, width: int, height: int, box: Box) -> Image.Image:
    """Return `image` over the whole frame, blurred and darkened.

    It is blurred at an eighth of the size: the difference can't be seen.
    """
    small = (max(1, width // 8), max(1, height // 8))
    filled = image.resize(small, Image.Resampling.BOX, box=box)
    blurred = filled.filter(ImageFilter.GaussianBlur(max(small) * _BACKDROP_BLUR))
    darkened = blurred.point(lambda value: value * _BACKDROP_LIGHT)
    return darkened.resize((width, height), Image.Resampling.BICUBIC)
