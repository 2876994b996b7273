"""Picture files for scenes.

Knows nothing of Manim: the worker checks with it what the render child then reads with it.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageOps

from callsheet.pictures import opened_picture

# Phones write photographs as MPO: a JPEG with a depth map or a small copy behind it. The first picture is meant.
_SUFFIXES = {"PNG": ".png", "JPEG": ".jpg", "MPO": ".jpg", "WEBP": ".webp"}


def read_picture(path: Path, longest_side_px: int, field: str) -> Image.Image:
    """The picture, upright as its EXIF orientation says, in RGBA, no side longer than `longest_side_px`.

    Raises:
        InvalidRequest: about `field`, as `opened_picture` does.
    """
    with opened_picture(path, field) as image:
        image.draft("RGB", (longest_side_px, longest_side_px))
        upright = ImageOps.exif_transpose(image).convert("RGBA")
    upright.thumbnail((longest_side_px, longest_side_px), Image.Resampling.LANCZOS)
    return upright


def picture_suffix(path: Path, field: str) -> str:
    """`.png`, `.jpg` or `.webp`, by what is in the file. Raises InvalidRequest as `read_picture` does."""
    with opened_picture(path, field) as image:
        return _SUFFIXES[image.format or ""]
