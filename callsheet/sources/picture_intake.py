"""Pictures that people give become pictures to work with: upright, in sRGB, not too large, and nothing beside them.

A camera writes into its files where and when it was; nobody else needs to know. So a picture is always written as a new
PNG, of its pixels alone, and nothing has to be searched for in the file that was given.

Paid results are kept under the digest of their picture. A file that the store holds as a picture was written by an
intake, so it keeps its bytes. Earlier versions wrote photographs as JPEG, and left a file as it was if it held nothing
but its picture: if the store holds such a picture, it is taken, and nothing is paid twice.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from callsheet.sources.picture_files import file_at, picture_suffix, read_picture

_FIELD, _SUBJECT = "picture", "it"
"""Callers name the field and the file: the file may have no name that a person knows."""
LONGEST_SIDE_PX = 4096
"""Enough to move over in full HD; models scale down what is larger."""
_FORMER_JPEG_QUALITY = 95
_THOROUGH, _QUICK = 6, 1
"""Levels of compression. A photograph of 12 megapixels takes 3.5 s or 1.3 s, and 20 MB or 23 MB."""


def import_picture(source: Path, folder: Path, is_stored: Callable[[Path], bool]) -> Path:
    """Write the picture of `source` into `folder`, as PNG or as the store has it already.

    `is_stored` says whether the store holds a file's content as a picture of the type that its name says.

    Raises:
        InvalidRequest: there is no such file, or it is no picture of a known format, moves, is damaged or too large.
    """
    source = file_at(source)
    picture = read_picture(source, _FIELD, _SUBJECT)
    before = folder / f"before{picture_suffix(source, _FIELD)}"
    shutil.copyfile(source, before)
    if is_stored(before):
        return before
    picture.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX), Image.Resampling.LANCZOS)
    is_photograph = before.suffix == ".jpg"
    if is_photograph:
        picture.save(before, quality=_FORMER_JPEG_QUALITY, subsampling=0)
        if is_stored(before):
            return before
    path = folder / "picture.png"
    picture.save(path, compress_level=_QUICK if is_photograph else _THOROUGH)
    return path
