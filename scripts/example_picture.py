"""The painter of docs/pictures/example.png, the picture of the picture template's example: hills in the evening."""

from __future__ import annotations

import math
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT, OVERSAMPLING = 1280, 800, 2
SKY = ((38, 44, 88), (120, 92, 140), (244, 164, 122), (252, 214, 160))
SUN, SUN_AT, SUN_RADIUS = (255, 240, 206), (0.66, 0.5), 0.075
NEAREST, FARTHEST = (20, 24, 50), (168, 118, 142)
HILLS = 6


def main() -> None:
    """Paint the picture twice as large, shrink it, save it."""
    width, height = WIDTH * OVERSAMPLING, HEIGHT * OVERSAMPLING
    picture = sky(width, height)
    sun(picture)
    for place in range(HILLS):
        hill(picture, place)
    small = picture.resize((WIDTH, HEIGHT), Image.Resampling.BOX)
    out = Path(__file__).parent.parent / "docs" / "pictures" / "example.png"
    out.parent.mkdir(parents=True, exist_ok=True)
    small.save(out, optimize=True)


def sky(width: int, height: int) -> Image.Image:
    """Return the sky, from night above to light at the horizon."""
    column = Image.new("RGB", (1, height))
    for y in range(height):
        place = min(y / height / 0.72, 0.999) * (len(SKY) - 1)
        column.putpixel((0, y), mixed(SKY[int(place)], SKY[int(place) + 1], place % 1))
    return column.resize((width, height))


def sun(picture: Image.Image) -> None:
    """Paint a disc with a glow around it."""
    width, height = picture.size
    centre_x, centre_y, radius = width * SUN_AT[0], height * SUN_AT[1], height * SUN_RADIUS
    glow = Image.new("L", picture.size, 0)
    disc(glow, centre_x, centre_y, radius * 1.9, 110)
    glow = glow.resize((width // 8, height // 8)).filter(ImageFilter.GaussianBlur(radius / 10)).resize(picture.size)
    disc(glow, centre_x, centre_y, radius, 255)
    picture.paste(Image.new("RGB", picture.size, SUN), mask=glow)


def disc(layer: Image.Image, centre_x: float, centre_y: float, radius: float, value: int) -> None:
    """Paint a filled circle."""
    box = (centre_x - radius, centre_y - radius, centre_x + radius, centre_y + radius)
    ImageDraw.Draw(layer).ellipse(box, fill=value)


def hill(picture: Image.Image, place: int) -> None:
    """Paint one range of hills, from the farthest (0) to the nearest."""
    width, height = picture.size
    nearness = place / (HILLS - 1)
    base = height * (0.6 + 0.36 * nearness**1.2)
    swing = height * (0.035 + 0.03 * nearness)
    crest = [
        (x, base - swing * (math.sin(x / width * (7 - 3.4 * nearness) + place * 2.1)
         + 0.45 * math.sin(x / width * (17 - 6 * nearness) + place * 1.3)))
        for x in range(0, width + 9, 8)
    ]  # fmt: skip
    colour = mixed(FARTHEST, NEAREST, nearness**0.8)
    ImageDraw.Draw(picture).polygon([(0, height), *crest, (width, height)], fill=colour)


def mixed(one: tuple[int, int, int], other: tuple[int, int, int], share: float) -> tuple[int, int, int]:
    """Return the mix with `share` of the other colour in the first."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


if __name__ == "__main__":
    main()
