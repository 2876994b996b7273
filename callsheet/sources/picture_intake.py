"""Pictures that people give become clean pictures: upright, in sRGB, not too large, and nothing beside them.

A camera writes into its files where and when it was. That stays private. So Callsheet always writes a picture as a new
PNG, of its pixels alone, and does not have to search the given file for such notes.

Paid results are kept under the digest of their picture. An intake wrote every file that the store holds as a picture,
so such a file keeps its bytes. Earlier versions wrote photographs as JPEG, and left a file unchanged if it held only
its picture. If the store holds such a picture, Callsheet takes it, and pays nothing twice.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from callsheet.sources.picture_files import file_at, picture_suffix, read_picture

_FIELD, _SUBJECT = "picture", "it"
"""Callers name the field and the file: the file may have no name that a person knows."""
LONGEST_SIDE_PX = 4096
"""Enough for moves over it in full HD; models scale larger pictures down."""
_FORMER_JPEG_QUALITY = 95
_THOROUGH, _QUICK = 6, 1
"""Levels of compression. A photograph of 12 megapixels takes 3.5 s or 1.3 s, and 20 MB or 23 MB."""


def import_picture(source: Path, folder: Path, is_stored: Callable[[Path], bool]) -> Path:
    """Write the picture of `source` into `folder`, as PNG or in the form of the store's copy.

    `is_stored` says whether the store holds a file's content as a picture of the type in its name.

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
