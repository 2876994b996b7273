"""Pictures that people give become pictures to work with: upright, in sRGB, not too large, and nothing beside them.

A camera writes into its files where and when it was; nobody else needs to know. A file that holds nothing but its
picture keeps its bytes, so that a stored picture that is given again is the same picture.
"""

from pathlib import Path

from PIL import Image

from callsheet.sources.metadata_check import is_plain_jpeg, is_plain_png
from callsheet.sources.picture_files import file_at, opened_picture, read_picture

_FIELD, _SUBJECT = "picture", "it"
"""Callers name the field and the file: the file may have no name that a person knows."""
LONGEST_SIDE_PX = 4096
"""Enough to move over in full HD; models scale down what is larger."""
_JPEG_QUALITY = 95
_SUFFIXES = {"PNG": ".png", "JPEG": ".jpg"}


def import_picture(source: Path, folder: Path) -> Path:
    """A PNG or JPEG file in `folder` with the picture of `source`.

    Raises InvalidRequest where there is no such file, or it is no picture of a known format, moves, is damaged or too
    large.
    """
    source = file_at(source)
    picture = read_picture(source, _FIELD, _SUBJECT)
    kind, is_plain = _kind_of(source)
    path = folder / f"picture{_SUFFIXES[kind]}"
    if is_plain and max(picture.size) <= LONGEST_SIDE_PX:
        path.write_bytes(source.read_bytes())
        return path
    picture.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX), Image.Resampling.LANCZOS)
    if kind == "JPEG":
        picture.save(path, quality=_JPEG_QUALITY, subsampling=0)
    else:
        picture.save(path, compress_level=6)
    return path


def _kind_of(source: Path) -> tuple[str, bool]:
    """What it is kept as, and whether it can be kept as it is. WebP and photographs with a second picture can't."""
    with opened_picture(source, _FIELD, _SUBJECT) as image:
        kind = "JPEG" if image.format in {"JPEG", "MPO"} else "PNG"
        is_known = image.format == kind and image.mode in {"RGB", "RGBA"}
    is_plain = is_plain_jpeg if kind == "JPEG" else is_plain_png
    return kind, is_known and is_plain(source.read_bytes())
