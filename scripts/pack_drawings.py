"""Packs drawings and their keywords into callsheet/drawings, and says which drawings are left out.

    python scripts/pack_drawings.py FLUENT EMOJIBASE

FLUENT and EMOJIBASE are the unpacked npm packages @iconify-json/fluent-emoji-flat 1.2.6 and emojibase-data 17.0.0.
A drawing becomes flat shapes, each a colour and a path of whole numbers on a grid of 3200. What a drawing shows is
compared with the original, pixel by pixel. One that differs (a gradient, a filter) is left out.
"""

import argparse
import io
import json
import lzma
import re
from pathlib import Path

import numpy as np
import resvg_py
import svgelements
from PIL import Image

from callsheet.drawings.drawing import GRID, Drawing, DrawnShape

OUT = Path(__file__).parents[1] / "callsheet/drawings"
LANGUAGES = ("en", "de", "es", "fr", "it", "pt", "nl", "pl", "ru", "uk", "sv", "hi", "ja", "ko", "zh")
SKIN_TONES = {"1f3fb", "1f3fc", "1f3fd", "1f3fe", "1f3ff"}
COMPARED_PX = 96
LARGEST_DIFFERENCE = 0.004
"""Mean difference of two pictures, of 1: edges that are rounded to the grid give about a tenth of it."""


def main() -> None:
    """Write the two files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fluent", type=Path)
    parser.add_argument("emojibase", type=Path)
    folders = parser.parse_args()
    known = {language: records_of(folders.emojibase / language / "data.json") for language in LANGUAGES}
    icons = json.loads((folders.fluent / "icons.json").read_text())
    names = names_by_character(json.loads((folders.fluent / "chars.json").read_text()), known["en"])
    shapes, entries, left_out = {}, [], []
    for code, name in names.items():
        icon = icons["icons"].get(name)
        if not icon or icon.get("hidden"):
            continue
        drawn = shapes_of(icon["body"])
        if not drawn or difference(icon["body"], drawn) > LARGEST_DIFFERENCE:
            left_out.append(name)
            continue
        record = known["en"][code]
        words = {
            language: [known[language][code]["label"], *known[language][code].get("tags", ())] for language in known
        }
        shapes[name] = [f"{each.colour} {each.path}" for each in drawn]
        # Only a sign that is text by itself keeps the sign behind it that asks for colour.
        is_text = record["type"] == 0 or len(record["emoji"]) > len("☀️")
        character = record["emoji"] if is_text else record["emoji"].removesuffix("\ufe0f")
        entries.append({"name": name, "character": character, "group": record.get("group", 8), "words": words})
    write(OUT / "shapes.json.xz", shapes)
    write(OUT / "keywords.json.xz", entries)
    print(f"{len(entries)} drawings; left out: {', '.join(left_out)}")


def records_of(path: Path) -> dict[str, dict]:
    """Return what is known of each character, by its code without the sign that asks for colour."""
    return {code_of(each["hexcode"]): each for each in json.loads(path.read_text())}


def code_of(hexcode: str) -> str:
    """Return a code as it stands in both packages: FE0F is written by one of them only."""
    return "-".join(part for part in hexcode.lower().split("-") if part != "fe0f")


def names_by_character(characters: dict[str, str], records: dict[str, dict]) -> dict[str, str]:
    """Return the names of all drawings without a skin tone, in the order of the emoji list."""
    names = {code_of(code): name for code, name in characters.items() if not SKIN_TONES & set(code.split("-"))}
    return {code: names[code] for code in sorted(names, key=lambda code: records[code].get("order", 0))}


def shapes_of(body: str) -> tuple[DrawnShape, ...]:
    """Return the filled shapes of a drawing, the lowest first."""
    parsed = svgelements.SVG.parse(io.StringIO(svg_around(body)), reify=True)
    shapes = [each for each in parsed.elements() if isinstance(each, svgelements.Shape)]
    found = []
    for shape in shapes:
        if shape.fill is None or shape.fill.value is None or shape.fill.opacity == 0:
            continue
        path = svgelements.Path(shape)
        path.approximate_arcs_with_cubics()
        if "evenodd" in (shape.values.get("fill-rule") or ""):
            path = nested(path)
        opacity = shape.fill.opacity * float(shape.values.get("opacity", 1))
        alpha = "" if opacity > 0.995 else f"{round(opacity * 255):02x}"
        found.append(DrawnShape(f"#{shape.fill.hexrgb[1:].lower()}{alpha}", whole_numbers(path)))
    return tuple(found)


def nested(path: svgelements.Path) -> svgelements.Path:
    """Return a path that fills by the nonzero rule what `path` fills by the even-odd rule.

    Subpaths turn by turn run to the left and to the right, the deeper they lie in others.
    """
    subpaths = [svgelements.Path(each) for each in path.as_subpaths()]
    outlines = [np.array([complex(*each.point(at)) for at in np.linspace(0, 1, 80)]) for each in subpaths]
    for position, (subpath, outline) in enumerate(zip(subpaths, outlines, strict=True)):
        inner = outline[7] * 0.999 + outline.mean() * 0.001
        depth = sum(is_inside(inner, other) for other in outlines[:position] + outlines[position + 1 :])
        if (area(outline) > 0) != (depth % 2 == 0):
            subpath.reverse()
    return sum(subpaths[1:], subpaths[0])


def area(outline: np.ndarray) -> float:
    """Return twice the signed area."""
    return float((outline.conj() * np.roll(outline, -1)).imag.sum())


def is_inside(point: complex, outline: np.ndarray) -> bool:
    """Return whether a ray to the right crosses the outline an odd number of times."""
    start, end = outline, np.roll(outline, -1)
    crosses = (start.imag > point.imag) != (end.imag > point.imag)
    with np.errstate(divide="ignore", invalid="ignore"):
        across = start.real + (point.imag - start.imag) / (end.imag - start.imag) * (end.real - start.real)
    return bool((crosses & (across > point.real)).sum() % 2)


def whole_numbers(path: svgelements.Path) -> str:
    """Return the path in relative m, l, c and z, on the grid."""
    here, parts = np.zeros(2), []
    start = here
    for segment in path:
        match segment:
            case svgelements.Move():
                points = [segment.end]
                letter = "m"
            case svgelements.Close():
                parts.append("z")
                here = start
                continue
            case svgelements.Line():
                points, letter = [segment.end], "l"
            case svgelements.QuadraticBezier():
                handle = segment.control
                points = [segment.start + (handle - segment.start) * (2 / 3)]
                points += [segment.end + (handle - segment.end) * (2 / 3), segment.end]
                letter = "c"
            case _:
                points, letter = [segment.control1, segment.control2, segment.end], "c"
        places = np.array([[round(point.x * GRID / 32), round(point.y * GRID / 32)] for point in points])
        if letter == "l" and (places[-1] == here).all():
            continue
        parts.append(letter + re.sub(r" (?=-)", "", " ".join(f"{number:.0f}" for number in (places - here).ravel())))
        here = places[-1]
        start = here if letter == "m" else start
    return "".join(parts)


def svg_around(body: str) -> str:
    """Return the original drawing."""
    space = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f'<svg {space} width="32" height="32" viewBox="0 0 32 32">{body}</svg>'


def difference(body: str, shapes: tuple[DrawnShape, ...]) -> float:
    """Return the mean difference between the original and what is packed, of 1."""
    pictures = [pixels(svg_around(body)), pixels(Drawing("", "", "", shapes).svg())]
    return float(abs(pictures[0] - pictures[1]).mean())


def pixels(svg: str) -> np.ndarray:
    """Return a picture of a drawing on white."""
    content = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=COMPARED_PX, height=COMPARED_PX))
    drawn = Image.open(io.BytesIO(content)).convert("RGBA")
    ground = Image.new("RGBA", drawn.size, "white")
    return np.asarray(Image.alpha_composite(ground, drawn).convert("RGB"), dtype=float) / 255


def write(path: Path, value: object) -> None:
    """Write a value, and say how large the file is."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    path.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
