"""Picture files for scenes.

Knows nothing of Manim: the worker checks with it what the render child then reads with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from PIL import Image

from callsheet.errors import InvalidRequest
from callsheet.pictures import is_picture, is_plain_picture, opened_picture, plain_picture

# Phones write photographs as MPO: a JPEG with a depth map or a small copy behind it. The first picture is meant.
_SUFFIXES = {"PNG": ".png", "JPEG": ".jpg", "MPO": ".jpg", "WEBP": ".webp"}


def read_picture(path: Path, longest_side_px: int, field: str) -> Image.Image:
    """The picture, upright and in sRGB, in RGBA, no side longer than `longest_side_px`.

    Raises:
        InvalidRequest: about `field`, as `opened_picture` does.
    """
    with opened_picture(path, field) as image:
        image.draft("RGB", (longest_side_px, longest_side_px))
        upright = plain_picture(image).convert("RGBA")
    upright.thumbnail((longest_side_px, longest_side_px), Image.Resampling.LANCZOS)
    return upright


def plain_files(files: Mapping[str, Path], folder: Path) -> dict[str, Path]:
    """`files` by their names, with pictures that any program shows as they are: upright, in sRGB, without a profile.

    Manim reads neither profiles nor orientation, and takes inks for light. A picture that needs them is written into
    `folder`, as PNG; what is no picture, or can't be read as one, stays as it is.
    """
    plain = dict(files)
    for name, path in files.items():
        if is_picture(path):
            with suppress(InvalidRequest), opened_picture(path, name) as image:
                if not is_plain_picture(image):
                    folder.mkdir(exist_ok=True)
                    plain_picture(image).save(folder / name, "PNG", compress_level=1)
                    plain[name] = folder / name
    return plain


def picture_suffix(path: Path, field: str) -> str:
    """`.png`, `.jpg` or `.webp`, by what is in the file. Raises InvalidRequest as `read_picture` does."""
    with opened_picture(path, field) as image:
        return _SUFFIXES[image.format or ""]
