"""SVG drawings as pictures, with the parts that Manim does not draw (texts, gradients, patterns, masks, filters).

Only the process behind the fence draws a drawing: resvg opens every file that a drawing names, and a small drawing can
take a long time. Outside, only `svg_files` looks at it.
"""

from __future__ import annotations

import io
import re
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import resvg_py
from PIL import Image

from callsheet.errors import InvalidRequest

# CSS 2.1, 4.3.2: 96 pixels an inch.
_DPI = 96.0
_AN_INCH = {"pt": 72, "pc": 6, "in": 1, "cm": 2.54, "mm": 25.4, "q": 101.6}
_PX = {"": 1.0, "px": 1.0} | {unit: _DPI / number for unit, number in _AN_INCH.items()}
_LENGTH = re.compile(r"\s*(\d*\.?\d+(?:e[-+]?\d+)?)\s*([a-z]*)\s*", re.IGNORECASE)
_DEFAULT_SIZE = (100.0, 100.0)
"""The size of a drawing that states none: resvg's default."""
# The typefaces that Callsheet installs, for those that a drawing names and this machine lacks.
_SANS, _SERIF, _MONOSPACE = "Noto Sans", "Noto Serif", "JetBrains Mono"
_GENERIC = re.compile(r"\b(?:sans-serif|serif|monospace|cursive|fantasy)\b")
_FAMILY = re.compile(r"(font-family\s*:\s*)([^;}]+)")


def read_drawing(path: Path, longest_side_px: int, field: str) -> Image.Image:
    """Return the drawing in RGBA, its longest side `longest_side_px`.

    The file has passed `check_svg`.

    Raises:
        InvalidRequest: about `field`; resvg can't draw it.
    """
    root = ElementTree.parse(path).getroot()
    _name_other_typefaces(root)
    width, height = _size_of(root)
    is_wide = width >= height
    typefaces = [str(file) for file in sorted(path.parent.iterdir()) if file.suffix.lower() in {".ttf", ".otf"}]
    try:
        content = resvg_py.svg_to_bytes(
            svg_string=ElementTree.tostring(root, encoding="unicode"),
            font_files=typefaces,
            font_family=_SANS,
            sans_serif_family=_SANS,
            serif_family=_SERIF,
            monospace_family=_MONOSPACE,
            cursive_family=_SANS,
            fantasy_family=_SANS,
            dpi=_DPI,
            width=longest_side_px if is_wide else None,
            height=None if is_wide else longest_side_px,
        )
    except ValueError as error:
        raise InvalidRequest(f"the drawing “{path.name}” can't be drawn ({error}): save it as PNG", field) from error
    return Image.open(io.BytesIO(content)).convert("RGBA")


def _name_other_typefaces(root: Element) -> None:
    """Give each list of typefaces a last one that is installed.

    The renderer, resvg, leaves out texts without one.
    """
    for element in root.iter():
        if family := element.get("font-family"):
            element.set("font-family", _with_another(family))
        if style := element.get("style"):
            element.set("style", _FAMILY.sub(lambda found: found[1] + _with_another(found[2]), style))
        if element.tag.rpartition("}")[2] == "style" and element.text:
            element.text = _FAMILY.sub(lambda found: found[1] + _with_another(found[2]), element.text)


def _with_another(family: str) -> str:
    """Return a list of typefaces that ends with a generic one."""
    is_enough = _GENERIC.search(family) or family.strip() in {"inherit", "initial", "unset"}
    return family if is_enough else f"{family.rstrip()}, sans-serif"


def _size_of(root: Element) -> tuple[float, float]:
    """Return width and height in pixels, or at least in the right proportion.

    A drawing that states neither is square.
    """
    sides = [_px(root.get(name, "")) for name in ("width", "height")]
    numbers = [float(each) for each in re.findall(r"[-+]?\d*\.?\d+(?:[eE][-+]?\d+)?", root.get("viewBox", ""))]
    box = (numbers[2], numbers[3]) if len(numbers) == 4 else _DEFAULT_SIZE
    match sides:
        case [float(width), float(height)]:
            return width, height
        case [float(width), None]:
            return width, width * box[1] / max(box[0], 1e-9)
        case [None, float(height)]:
            return height * box[0] / max(box[1], 1e-9), height
    return box


def _px(length: str) -> float | None:
    """Return a length in pixels; None for a share, a length in letters, and no length."""
    found = _LENGTH.fullmatch(length)
    factor = _PX.get(found[2].lower()) if found else None
    return float(found[1]) * factor if found and factor else None
