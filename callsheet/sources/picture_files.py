"""Read picture files that people give, with limits, and bring them into one form.

Only this module opens such files.

C libraries that were written for trusted files decode a picture. So only three formats are tried, and never one larger
than the limits. The first bytes of a file decide its kind; its name does not. This module knows nothing of Manim: the
worker checks with it what the render child then reads with it.
"""

import io
import os
import re
import struct
import unicodedata
import warnings
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, ImageChops, ImageCms, ImageOps, UnidentifiedImageError

from callsheet.errors import InvalidRequest

# Pillow's remarks on a camera's notes are of no use to a person who gives a picture.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")

FORMATS = ("PNG", "JPEG", "WEBP")
MAX_PIXELS = 40_000_000
"""As many as a large camera's; decoded they take 160 MB."""
MAX_PICTURE_BYTES = 100_000_000
_SUFFIXES = {"PNG": ".png", "JPEG": ".jpg", "MPO": ".jpg", "WEBP": ".webp"}
"""Phones write photographs as MPO: a JPEG with a depth map or a small copy behind it. The first picture counts."""
_CHECKED_PX = 64
_SNIFFED_BYTES = 1024
_OUR_BEGINNINGS = re.compile(rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff|RIFF.{4}WEBP", re.DOTALL)
_HEIC = "a HEIC picture: save it as JPEG, or set the phone's camera to “Most Compatible”"
_SAVE = "save it as PNG or JPEG"
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (rb".{4}ftyp.{0,60}avi[fs]", f"an AVIF picture: {_SAVE}"),
    (rb".{4}ftyp(?:hei[cxms]|hev[cxms]|mif1|msf1)", _HEIC),
    (rb".{4}ftyp", "a video: give one of its pictures, saved as PNG or JPEG"),
    (rb"\x1a\x45\xdf\xa3", "a video: give one of its pictures, saved as PNG or JPEG"),
    (rb"GIF8[79]a", "a GIF: save one of its pictures as PNG"),
    (rb"II[*+]\0|MM\0[*+]", f"a TIFF picture or a camera's raw file: {_SAVE}"),
    (rb"BM.{12}[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0", f"a BMP picture: {_SAVE}"),
    (rb"8BPS", f"a Photoshop file: {_SAVE}"),
    (rb"\0\0\0\x0c(?:jP  |JXL )\r\n|\xff\x4f\xff\x51|\xff\x0a", f"a JPEG 2000 or JPEG XL picture: {_SAVE}"),
    (rb"%PDF", "a PDF: save its page as PNG"),
    (rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml.*?)?<?svg", "an SVG drawing: save it as PNG"),
    (rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|body)", "a web page: save the picture itself"),
    (rb"\0\x05\x16[\0\x07]", "what macOS notes beside a file, not the file: give the file without “._” in its name"),
    (rb"version https://git-lfs", "a note of Git LFS, not the file itself: run `git lfs pull`"),
)
"""The beginnings of other files, and the words about each. The first match counts."""
_DAMAGED = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    LookupError,
    TypeError,
    ArithmeticError,
    AssertionError,
    struct.error,
    zlib.error,
)
"""The errors that Pillow raises for a file that breaks its format."""
_IS_DAMAGED = "the file is damaged or cut off; copy or save it again"
_SIDEWAYS = range(2, 9)
"""EXIF orientations that are not upright."""
_WITHOUT_ALPHA = {"P": "RGB", "PA": "RGB", "RGBA": "RGB", "LA": "L", "1": "L"}
_SPACES = {"RGB": "RGB", "L": "GRAY", "CMYK": "CMYK"}
"""Colour spaces of profiles, by the mode of the pictures that they are for."""
_USUAL_GAMMA = 1 / 2.2
_GAMMA_TOLERANCE = 0.05
"""Share by which gAMA may differ from the usual before a picture is changed: libpng's threshold."""
_SEEN_GREYS = 2
"""A profile that moves no grey by more levels (of 255) than these counts as none."""


@contextmanager
def opened_picture(path: Path, field: str, subject: str = "") -> Iterator[Image.Image]:
    """Yield the picture with its header read.

    It is decoded inside the block, which finds damage.

    `subject` stands for the file in the sentences of the errors; without it, the file's path does.

    Raises:
        InvalidRequest: about `field`; there is no such file, it is no picture of a known format, moves, is damaged or
            too large.
    """
    subject = subject or f"“{path}”"
    if problem := _problem_of_file(path, subject):
        raise InvalidRequest(problem, field)
    try:
        with Image.open(path, formats=FORMATS) as image:
            if problem := _problem_of(image, subject):
                raise InvalidRequest(problem, field)
            yield image
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise InvalidRequest(_too_many_pixels(subject), field) from error
    except UnidentifiedImageError as error:
        raise InvalidRequest(f"{subject} {_kind_in_words(path)}", field) from error
    except _DAMAGED as error:
        raise InvalidRequest(f"{subject} can't be read as a picture: {_IS_DAMAGED}", field) from error


def read_picture(path: Path, field: str, subject: str = "") -> Image.Image:
    """Return the picture upright, in sRGB; RGBA if parts are transparent, RGB otherwise.

    Raises as `opened_picture`.
    """
    with opened_picture(path, field, subject) as image:
        return plain_picture(image)


def read_within(path: Path, longest_side_px: int, field: str) -> Image.Image:
    """Return the same in RGBA, with no side longer than `longest_side_px`.

    Raises as `opened_picture`.
    """
    with opened_picture(path, field) as image:
        image.draft("RGB", (longest_side_px, longest_side_px))
        upright = plain_picture(image).convert("RGBA")
    upright.thumbnail((longest_side_px, longest_side_px), Image.Resampling.LANCZOS)
    return upright


def problem_of_picture(path: Path, subject: str = "") -> str:
    """Return what a file's name and header say against it, in a sentence.

    Its pixels are not decoded.
    """
    try:
        with opened_picture(path, "", subject):
            return ""
    except InvalidRequest as problem:
        return str(problem.args[0])


def check_picture(path: Path, field: str) -> None:
    """Decode all of a picture, as small as its format allows. Raises as `opened_picture`."""
    read_within(path, _CHECKED_PX, field)


def plain_files(files: Mapping[str, Path], folder: Path) -> dict[str, Path]:
    """Return `files` by their names. Pictures are upright, in sRGB and without a profile.

    Any program shows such pictures correctly. Manim reads neither profiles nor orientation, and takes inks for light.
    So a picture that needs them is written into `folder`, as PNG. A file that is no picture, or can't be read as one,
    stays as it is.
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
    """Return `.png`, `.jpg` or `.webp`, by what is in the file. Raises as `opened_picture`."""
    with opened_picture(path, field) as image:
        return _SUFFIXES[image.format or ""]


def is_picture(path: Path) -> bool:
    """Return whether a file begins as one of the accepted pictures, whatever its name is."""
    return begins_as(path, _OUR_BEGINNINGS)


def begins_as(path: Path, beginning: re.Pattern[bytes], within_bytes: int = _SNIFFED_BYTES) -> bool:
    """Return whether the first bytes of a file match; False if it can't be read."""
    try:
        with path.open("rb") as file:
            return beginning.match(file.read(within_bytes)) is not None
    except OSError:
        return False


def file_at(path: Path) -> Path:
    """Return the file that `path` names, also if the file system spells its name differently.

    The same name has several forms: a letter and its accent may be apart, a space may be a narrow one. Return `path`
    itself if there is such a file, or if none or several in its folder have such a name.
    """
    try:
        if path.exists():
            return path
        alike = [entry for entry in path.parent.iterdir() if _one_form(entry.name) == _one_form(path.name)]
    except (OSError, ValueError):
        return path
    return alike[0] if len(alike) == 1 else path


def plain_picture(image: Image.Image) -> Image.Image:
    """Return an opened picture upright, eight bits a channel, in sRGB.

    The mode is RGBA if parts are transparent, else RGB.
    """
    _correct_transparency(image)
    image.load()
    try:
        upright = ImageOps.exif_transpose(image)
    except _DAMAGED:  # the camera's notes, not the picture
        upright = image
    alpha = _alpha_of(upright)
    colours = _in_srgb(upright)
    # The entries of `info` would be written into a new file, the old colour profile among them.
    colours.info.clear()
    if alpha is not None and alpha.getextrema()[0] != 255:
        colours.putalpha(alpha)
    return colours


def is_plain_picture(image: Image.Image) -> bool:
    """Return whether a program without profiles, inks and orientation shows a picture correctly."""
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
    except _DAMAGED:
        orientation = 1
    return (
        image.mode in {"RGB", "RGBA", "L"}
        and not {"icc_profile", "transparency"} & image.info.keys()
        and orientation not in _SIDEWAYS
        and _exponent(image) == 1
    )


def _one_form(name: str) -> str:
    return unicodedata.normalize("NFKC", name)


def _problem_of_file(path: Path, subject: str) -> str:
    try:
        if path.is_dir():
            return f"{subject} is a folder: give the path of a picture"
        if not path.exists() and path.is_symlink():
            return f"{subject} is a link to a file that is not there: give the picture itself"
        is_file = path.is_file()
    except OSError:  # a name longer than the file system allows
        is_file = False
    if not is_file:
        return _missing(path, subject)
    if not os.access(path, os.R_OK):
        return f"{subject} can't be opened: Callsheet may not read it"
    size_bytes = path.stat().st_size
    if size_bytes > MAX_PICTURE_BYTES:
        return f"{subject} is larger than {MAX_PICTURE_BYTES // 1_000_000} MB: save it smaller"
    return "" if size_bytes else f"{subject} is empty; copy or save it again"


def _missing(path: Path, subject: str) -> str:
    try:
        if path.exists():
            return f"{subject} is no ordinary file: give the path of a picture"
        alike = [entry.name for entry in path.parent.iterdir() if entry.name.casefold() == path.name.casefold()]
    except (OSError, ValueError):
        alike = []
    if alike:
        return f"there is no file “{path}”, but one that is called “{alike[0]}”: write its name as it is"
    return f"there is no file “{path}”: give the path of a picture on the machine that makes the video"


def _problem_of(image: Image.Image, subject: str) -> str:
    if image.width * image.height > MAX_PIXELS:
        return _too_many_pixels(subject, f" ({image.width} × {image.height})")
    if image.format in {"PNG", "WEBP"} and getattr(image, "n_frames", 1) > 1:
        return f"{subject} is an animation: save one of its pictures as a separate file"
    return ""


def _too_many_pixels(subject: str, size: str = "") -> str:
    return f"{subject} has too many pixels{size}, and at most {MAX_PIXELS:,} fit: save it smaller"


def _kind_in_words(path: Path) -> str:
    """Return what to say of a file that Pillow does not take for a picture."""
    with path.open("rb") as file:
        beginning = file.read(_SNIFFED_BYTES)
    if _OUR_BEGINNINGS.match(beginning):
        return f"can't be read as a picture: {_IS_DAMAGED}"
    for pattern, words in _OTHERS:
        if re.match(pattern, beginning, re.DOTALL | re.IGNORECASE):
            return f"is {words}"
    return f"is no {' or '.join(FORMATS)} picture: save it as one of these"


def _correct_transparency(image: Image.Image) -> None:
    """Bring PNG's transparent colour to the depth that Pillow decodes to.

    Pillow keeps the number of the file.

    Call this before the picture is decoded, while it still says how its samples are stored.
    """
    colour = image.info.get("transparency")
    tiles = getattr(image, "tile", [])
    stored_as = str(tiles[0].args) if tiles else ""
    if isinstance(colour, tuple) and "16B" in stored_as:
        image.info["transparency"] = tuple(level >> 8 for level in colour)
    elif isinstance(colour, int) and image.mode == "L":
        for name, steps in (("L;2", 3), ("L;4", 15)):
            if name in stored_as:
                image.info["transparency"] = colour * 255 // steps


def _alpha_of(image: Image.Image) -> Image.Image | None:
    """Return the opacity, from 0 to 255; None if nothing can be transparent."""
    if "A" in image.getbands():
        return image.getchannel("A")
    if "transparency" not in image.info:
        return None
    if image.mode.startswith("I"):
        return Image.fromarray(np.where(np.asarray(image) == image.info["transparency"], 0, 255).astype(np.uint8))
    return image.convert("RGBA").getchannel("A")


def _in_srgb(image: Image.Image) -> Image.Image:
    """Return the colours in sRGB.

    A profile, or else the gamma, says what a picture's numbers mean.

    A picture without a profile, or with one that is broken or for another kind of picture, counts as sRGB.
    """
    colours = _without_alpha(image)
    exponent = _exponent(image)
    if exponent != 1:
        curve = [round(255 * (level / 255) ** exponent) for level in range(256)]
        return colours.convert("RGB").point(curve * 3)
    content = image.info.get("icc_profile")
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(content)) if content else None
        space = profile.profile.xcolor_space.strip() if profile else ""
        if profile and space == _SPACES[colours.mode]:
            return _through(profile, colours)
        if profile and space == "RGB" and colours.mode == "L":
            greys = np.arange(256, dtype=np.uint8)[None]
            moved = np.asarray(_through(profile, Image.fromarray(greys).convert("RGB"))).astype(int)
            is_seen = np.abs(moved - greys[..., None]).max() > _SEEN_GREYS
            return _through(profile, colours.convert("RGB")) if is_seen else colours.convert("RGB")
    except (ImageCms.PyCMSError, OSError):
        pass
    return colours.convert("RGB")


def _through(profile: ImageCms.ImageCmsProfile, image: Image.Image) -> Image.Image:
    converted = ImageCms.profileToProfile(image, profile, ImageCms.createProfile("sRGB"), outputMode="RGB")
    assert converted is not None  # it is None only if the picture is changed in its place
    return converted


def _without_alpha(image: Image.Image) -> Image.Image:
    """Return the colours in mode RGB, L or CMYK, with 0 for no ink."""
    if image.mode.startswith("I"):
        # Pillow cuts 16-bit grey off at 255 when it converts; it is scaled here.
        levels = (np.asarray(image).astype(np.uint32) * 255 + 32_767) // 65_535
        return Image.fromarray(levels.clip(0, 255).astype(np.uint8))
    if image.mode == "CMYK" and "adobe" not in image.info:
        # Adobe's programs store inks inverted, and mark their files. Pillow takes every file for one of theirs.
        return ImageChops.invert(image)
    if image.mode == "P":  # by way of RGBA: Pillow warns of a transparency that it can't keep
        return image.convert("RGBA").convert("RGB")
    return image.convert(_WITHOUT_ALPHA[image.mode]) if image.mode in _WITHOUT_ALPHA else image


def _exponent(image: Image.Image) -> float:
    """Return the power for a PNG's levels (0 to 1) on a usual screen, by its gAMA chunk; else 1.

    A profile and an sRGB chunk are more exact than that chunk, and replace it (PNG, 4.3).
    """
    gamma = image.info.get("gamma", 0)
    if gamma <= 0 or "srgb" in image.info or image.info.get("icc_profile"):
        return 1
    exponent = float(_USUAL_GAMMA / gamma)
    return 1 if abs(exponent - 1) <= _GAMMA_TOLERANCE else exponent
