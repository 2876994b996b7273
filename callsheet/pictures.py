"""Picture files that people give, opened with limits, wherever they are read.

A picture is decoded by C libraries that were written for trusted files: only three formats are tried, and never one
larger than the limits.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from callsheet.errors import InvalidRequest

FORMATS = ("PNG", "JPEG", "WEBP")
MAX_PIXELS = 40_000_000
"""As many as a large camera's; decoded they take 160 MB."""
MAX_PICTURE_BYTES = 100_000_000


@contextmanager
def opened_picture(path: Path, field: str, subject: str = "") -> Iterator[Image.Image]:
    """The picture with its header read. It is decoded inside the block, where what is damaged is found.

    `subject` stands for the file in the sentences of the errors; its path, where nothing is given.

    Raises:
        InvalidRequest: about `field`; there is no such file, it is no picture of a known format, moves, is damaged or
            too large.
    """
    subject = subject or f"“{path}”"
    _check_size(path, field, subject)
    try:
        with Image.open(path, formats=FORMATS) as image:
            if problem := _problem_of(image, subject):
                raise InvalidRequest(problem, field)
            yield image
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise InvalidRequest(_too_many_pixels(subject), field) from error
    except UnidentifiedImageError as error:
        raise InvalidRequest(
            f"{subject} is no {' or '.join(FORMATS)} picture: save it as one of these", field
        ) from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise InvalidRequest(f"{subject} can't be read as a picture: the file is damaged", field) from error


def _check_size(path: Path, field: str, subject: str) -> None:
    if not _is_file(path):
        raise InvalidRequest(
            f"there is no file “{path}”: give the path of a picture on the machine that makes the video", field
        )
    if path.stat().st_size > MAX_PICTURE_BYTES:
        raise InvalidRequest(f"{subject} is larger than {MAX_PICTURE_BYTES // 1_000_000} MB: save it smaller", field)


def _problem_of(image: Image.Image, subject: str) -> str:
    if image.width * image.height > MAX_PIXELS:
        return _too_many_pixels(subject, f" ({image.width} × {image.height})")
    if image.format in {"PNG", "WEBP"} and getattr(image, "n_frames", 1) > 1:
        return f"{subject} is an animation: save one of its pictures as a file of its own"
    return ""


def _too_many_pixels(subject: str, size: str = "") -> str:
    return f"{subject} has too many pixels{size}, and at most {MAX_PIXELS:,} fit: save it smaller"


def _is_file(path: Path) -> bool:
    """Whether `path` is a file. A name longer than the file system allows is none."""
    try:
        return path.is_file()
    except OSError:
        return False
