"""Pictures: set upright, brought to sRGB, and conformed to the shape of a frame."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from callsheet.model.footage import Fit
from callsheet.pictures import opened_picture, plain_picture

FIELD = "picture"
BARS = (0, 0, 0)
GROUND = (255, 255, 255)
"""Behind what is transparent, unless somebody asks for another colour: paper, as most programs show it."""
_BACKDROP_LIGHT = 0.55
_BACKDROP_BLUR = 0.035
"""Radius as a share of the frame's longer side: shapes stay, contours go."""
_LANCZOS = Image.Resampling.LANCZOS


def read_picture(path: Path) -> Image.Image:
    """The picture upright as its EXIF orientation says, in sRGB; RGBA where parts are transparent, RGB otherwise.

    Raises InvalidRequest where it is no PNG, JPEG or WebP, moves, is damaged or too large. Whoever asked for it names
    the file, which may have no name that a person knows.
    """
    with opened_picture(path, FIELD, subject="it") as image:
        return plain_picture(image)


def opaque(image: Image.Image, ground: tuple[int, int, int] = GROUND) -> Image.Image:
    """`image` without transparency, on `ground`."""
    if image.mode != "RGBA":
        return image.convert("RGB")
    on_ground = Image.new("RGB", image.size, ground)
    on_ground.paste(image, mask=image.getchannel("A"))
    return on_ground


def picture_in_frame(path: Path, width: int, height: int, fit: Fit) -> Image.Image:
    """The picture in a file as a frame of exactly `width` × `height` pixels. Raises as `read_picture` does."""
    return conformed(opaque(read_picture(path)), width, height, fit)


def conformed(image: Image.Image, width: int, height: int, fit: Fit) -> Image.Image:
    """An opaque picture as one of exactly `width` × `height` pixels."""
    if fit == Fit.FILL:
        return image.resize((width, height), _LANCZOS, box=filling_box(image, width / height))
    scale = min(width / image.width, height / image.height)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    ground = _backdrop(image, width, height) if fit == Fit.BLUR_FILL else Image.new("RGB", (width, height), BARS)
    ground.paste(image.resize(size, _LANCZOS), ((width - size[0]) // 2, (height - size[1]) // 2))
    return ground


def filling_box(image: Image.Image, aspect: float) -> tuple[float, float, float, float]:
    """The largest part of `image` with `aspect`, around what there is to see in it."""
    width, height = min(image.width, image.height * aspect), min(image.height, image.width / aspect)
    centre_x, centre_y = focus_of(image)
    left = min(max(0.0, centre_x * image.width - width / 2), image.width - width)
    top = min(max(0.0, centre_y * image.height - height / 2), image.height - height)
    return left, top, left + width, top + height


def focus_of(image: Image.Image) -> tuple[float, float]:
    """Where there is most to see: the centre of mass of the contours, as shares of width and height.

    Kept within the middle two fifths, so that a frame around it never loses a side.
    """
    small = np.asarray(image.convert("L").resize((64, 64), Image.Resampling.BOX), np.float64)
    contours = np.abs(np.gradient(small)[0]) + np.abs(np.gradient(small)[1])
    total = contours.sum()
    if total < 1e-6:
        return 0.5, 0.5
    places = (np.arange(64) + 0.5) / 64
    centre_x = float(contours.sum(axis=0) @ places / total)
    centre_y = float(contours.sum(axis=1) @ places / total)
    return min(max(centre_x, 0.3), 0.7), min(max(centre_y, 0.3), 0.7)


def _backdrop(image: Image.Image, width: int, height: int) -> Image.Image:
    """`image` over the whole frame, blurred and darkened. Blurred at an eighth of the size: nobody can tell."""
    small = (max(1, width // 8), max(1, height // 8))
    filled = image.resize(small, Image.Resampling.BOX, box=filling_box(image, width / height))
    blurred = filled.filter(ImageFilter.GaussianBlur(max(small) * _BACKDROP_BLUR))
    darkened = blurred.point(lambda value: value * _BACKDROP_LIGHT)
    return darkened.resize((width, height), Image.Resampling.BICUBIC)
