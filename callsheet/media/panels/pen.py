"""Shapes of a panel as SVG. The frame is 320 units wide and 180 high."""

import base64
import io
from functools import lru_cache

from PIL import Image, ImageDraw

from callsheet.lettering import font_for, shortened

WIDTH, HEIGHT = 320, 180
INK = "#23232b"
_LETTERS_PX, _MOST_LETTERS_PX = 96, 960
"""Height and greatest width of the picture of a word, in pixels."""


def rectangle(x: float, y: float, width: float, height: float, fill: str, round_by: float = 0.0) -> str:
    """Return a rectangle by its upper left corner."""
    corner = f' rx="{round_by:.4g}"' if round_by else ""
    return f'<rect x="{x:.4g}" y="{y:.4g}" width="{width:.4g}" height="{height:.4g}" fill="{fill}"{corner}/>'


def oval(x: float, y: float, radius_x: float, radius_y: float, fill: str) -> str:
    """Return an ellipse by its middle."""
    return f'<ellipse cx="{x:.4g}" cy="{y:.4g}" rx="{radius_x:.4g}" ry="{radius_y:.4g}" fill="{fill}"/>'


def disc(x: float, y: float, radius: float, fill: str) -> str:
    """Return a circle by its middle."""
    return oval(x, y, radius, radius, fill)


def area(fill: str, *steps: str | float) -> str:
    """Return a filled path of letters and numbers."""
    return f'<path d="{_steps(steps)}" fill="{fill}"/>'


def line(colour: str, width: float, *steps: str | float) -> str:
    """Return a path that is drawn with round ends."""
    return (
        f'<path d="{_steps(steps)}" fill="none" stroke="{colour}" stroke-width="{width:.4g}" stroke-linecap="round" '
        'stroke-linejoin="round"/>'
    )


def polygon(fill: str, *points: tuple[float, float]) -> str:
    """Return the area between points."""
    return area(fill, "M" + "L".join(f"{x:.4g} {y:.4g}" for x, y in points) + "Z")


def lettered(words: str, x: float, y: float, width: float, height: float) -> str:
    """Return a few words by their middle, as large as fits. Panels know no typefaces, so this is a picture of them."""
    pixels, wide, high = _letters(words)
    scale = min(width / wide, height / high)
    return (
        f'<image x="{x - wide * scale / 2:.4g}" y="{y - high * scale / 2:.4g}" width="{wide * scale:.4g}" '
        f'height="{high * scale:.4g}" href="data:image/png;base64,{pixels}"/>'
    )


@lru_cache(maxsize=64)
def _letters(words: str) -> tuple[str, int, int]:
    """Return white words as a PNG in base64, with its width and height."""
    font = font_for(words, _LETTERS_PX)
    draw = ImageDraw.Draw(Image.new("L", (1, 1)))
    line = shortened(draw, words, font, _MOST_LETTERS_PX)
    size = (max(1, round(draw.textlength(line, font))), round(_LETTERS_PX * 1.2))
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).text((0, size[1] / 2), line, 255, font, anchor="lm")
    picture = Image.new("RGBA", size, "white")
    picture.putalpha(mask)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode(), *size


def glow(x: float, y: float, radius: float, colour: str, strength: float) -> str:
    """Return a light that fades to its edge."""
    name = f"glow{x:.0f}-{y:.0f}-{radius:.0f}"
    return (
        f'<radialGradient id="{name}"><stop stop-color="{colour}" stop-opacity="{strength:.2f}"/>'
        f'<stop offset="1" stop-color="{colour}" stop-opacity="0"/></radialGradient>'
        f"{disc(x, y, radius, f'url(#{name})')}"
    )


def gradient(name: str, above: str, below: str) -> str:
    """Return a colour that runs from top to bottom; `url(#name)` fills with it."""
    return (
        f'<linearGradient id="{name}" x2="0" y2="1"><stop stop-color="{above}"/><stop offset="1" stop-color="{below}"/>'
        "</linearGradient>"
    )


def toned(colour: str, factor: float) -> str:
    """Return a colour that is darker by a factor below one, or nearer to white by one above."""
    channels = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    toned = (each * factor if factor <= 1 else 255 - (255 - each) * (2 - factor) for each in channels)
    return "#" + "".join(f"{min(255, max(0, round(each))):02x}" for each in toned)


def blended(colour: str, other: str, share: float) -> str:
    """Return the colour that holds this share of the other one."""
    pairs = ((int(colour[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in pairs)


def _steps(steps: tuple[str | float, ...]) -> str:
    return " ".join(step if isinstance(step, str) else f"{step:.4g}" for step in steps)
