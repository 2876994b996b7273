"""The painter of the documentation's sample pictures: one landscape at four times of the day.

    python scripts/sample_pictures.py

writes examples/pictures/*.jpg. The same pictures each time.
"""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

FOLDER = Path(__file__).parents[1] / "examples/pictures"
WIDTH, HEIGHT = 2560, 1440
SIZE = (1280, 720)
# Sky above, sky at the horizon, far hills, near hills, the sun or moon: its colour and its place.
HOURS = {
    "01-dawn": ((72, 84, 140), (250, 190, 150), (120, 104, 140), (46, 44, 70), (255, 214, 170), (0.22, 0.52)),
    "02-noon": ((60, 130, 220), (190, 225, 245), (110, 150, 150), (50, 110, 70), (255, 250, 225), (0.5, 0.16)),
    "03-dusk": ((60, 40, 96), (245, 120, 80), (110, 60, 90), (40, 26, 48), (255, 160, 90), (0.78, 0.5)),
    "04-night": ((6, 10, 30), (30, 44, 84), (22, 28, 52), (8, 10, 22), (232, 236, 250), (0.66, 0.2)),
}


def landscape(hour: str) -> Image.Image:
    """Return the landscape at this hour."""
    above, horizon, far, near, light, place = HOURS[hour]
    share = np.linspace(0, 1, HEIGHT)[:, None, None] ** 1.4
    sky = np.asarray(above) * (1 - share) + np.asarray(horizon) * share
    # A little noise: eight bits a channel show steps in a sky as calm as this.
    grain = np.random.default_rng(1).normal(0, 1.5, (HEIGHT, WIDTH, 1))
    picture = Image.fromarray((sky + grain).clip(0, 255).round().astype(np.uint8))
    _draw_light(picture, light, place)
    for layer in range(4):
        depth = layer / 3
        colour = tuple(round(a * (1 - depth) + b * depth) for a, b in zip(far, near, strict=True))
        _draw_hills(picture, layer, colour)
    return picture.resize(SIZE, Image.Resampling.LANCZOS)


def _draw_light(picture: Image.Image, colour: tuple[int, int, int], place: tuple[float, float]) -> None:
    x, y = place[0] * WIDTH, place[1] * HEIGHT
    for radius, strength in ((240, 0.25), (88, 1.0)):
        mask = Image.new("L", picture.size)
        ImageDraw.Draw(mask).ellipse((x - radius, y - radius, x + radius, y + radius), round(255 * strength))
        picture.paste(Image.new("RGB", picture.size, colour), mask=mask.filter(ImageFilter.GaussianBlur(radius / 12)))


def _draw_hills(picture: Image.Image, layer: int, colour: tuple[int, ...]) -> None:
    x = np.arange(0, WIDTH + 4, 4)
    ground = HEIGHT * (0.58 + 0.11 * layer)
    waves = sum(
        np.sin(x / WIDTH * (3 + 2.3 * layer) * step + layer * 1.9 + step) * HEIGHT * 0.055 / step for step in (1, 2, 5)
    )
    ridge = [(float(at), float(height)) for at, height in zip(x, ground + waves, strict=True)]
    ImageDraw.Draw(picture).polygon([*ridge, (WIDTH, HEIGHT), (0, HEIGHT)], fill=colour)


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in HOURS:
        landscape(name).save(FOLDER / f"{name}.jpg", quality=88)
