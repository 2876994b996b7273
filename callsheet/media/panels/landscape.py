"""What places under the sky share: the sky itself, ground, hills, water, trees and lamps, in the light of the scene."""

from collections.abc import Iterator

from callsheet.media.panels.daylight import Daylight
from callsheet.media.panels.pen import area, blended, disc, glow, gradient, line, polygon, rectangle, toned

_LAMP = "#ffd58a"


def sky(light: Daylight) -> Iterator[str]:
    """Yield the sky down to the bottom of the ground: sun or moon, stars, clouds."""
    yield gradient("sky", *light.sky)
    yield rectangle(-60, -140, 440, 140, light.sky[0])
    yield rectangle(-60, 0, 440, 124, "url(#sky)")
    yield rectangle(-60, 123, 440, 240, light.sky[1])
    if light.name == "night":
        for star in range(54):
            x, y = star * 73 % 371 - 25, star * 41 % 96 - 20
            yield disc(x, y, 0.4 + star % 3 * 0.22, "#ffffffb0")
        yield glow(262, 32, 44, "#f2ecd2", 0.35)
        yield disc(262, 32, 11, "#f2ecd2")
        yield disc(258, 30, 2.4, "#dfd8ba")
        yield disc(266, 36, 1.6, "#dfd8ba")
        return
    if light.name in {"dusk", "dawn"}:
        yield glow(240, 96, 96, "#fff0c4", 0.6)
        yield disc(240, 96, 15, "#ffe9b0")
    for x, y, size in ((54, 30, 1.0), (150, 16, 0.7), (286, 44, 0.85)):
        cloud = blended("#ffffff", light.sky[1], 0.25 if light.name == "day" else 0.55)
        for away, up, radius in ((-15, 2, 8), (-4, -3, 11), (9, 0, 9), (19, 3, 6)):
            yield disc(x + away * size, y + up * size, radius * size, cloud)
        yield rectangle(x - 22 * size, y + 2 * size, 46 * size, 7 * size, cloud, 3.5 * size)


def ground(light: Daylight, colour: str, begins: float = 122.0) -> Iterator[str]:
    """Yield the ground, darker towards the camera, from where it `begins` down."""
    lit = light.on(colour)
    yield gradient("ground", lit, toned(lit, 0.72))
    yield rectangle(-60, begins, 440, 240, "url(#ground)")


def hills(light: Daylight, colour: str, base: float, height: float, shift: float) -> str:
    """Return a row of round hills; what is farther takes the colour of the sky."""
    steps: list[str | float] = ["M", -60, base]
    for number in range(6):
        x = -60 + number * 90 + shift
        steps += ["Q", x + 45, base - height * (1.0 + number * 3 % 4 * 0.28), x + 90, base - number % 2 * height * 0.2]
    return area(blended(light.on(colour), light.sky[1], 0.3), *steps, "L", 420, base + 40, "L", -60, base + 40, "Z")


def water(light: Daylight, begins: float) -> Iterator[str]:
    """Yield water with the shine of sun or moon."""
    far, near = blended(light.on("#6fa3b8"), light.sky[1], 0.4), light.on("#2f6078")
    yield gradient("water", far, near)
    yield rectangle(-60, begins, 440, 240, "url(#water)")
    middle = {"night": 262, "dusk": 240, "dawn": 240}.get(light.name, 180)
    shine = "#f7eccb" if light.name != "day" else "#ffffff"
    for row in range(11):
        y = begins + 2 + row * row * 0.6 + row * 2
        width = 10 + row * 3.4
        yield rectangle(middle - width / 2 + row * 7 % 9 - 4, y, width, 0.8 + row * 0.09, f"{shine}70", 0.5)
    for row in range(9):
        y, step = begins + 4 + row * 6.4, 58 + row * 8
        for x in range(-50 + row * 29 % step, 380, step):
            yield line("#ffffff38", 0.6 + row * 0.05, "M", x, y, "q", 4 + row * 0.5, -1.6, 8 + row, 0)


def lamp_post(light: Daylight, x: float, foot: float, height: float) -> Iterator[str]:
    """Yield a lamp of a street, lit when it is dark."""
    dark = light.on("#2f3036")
    top = foot - height
    yield rectangle(x - 1.1, top, 2.2, height, dark)
    yield rectangle(x - 2.6, foot - 4, 5.2, 4, dark, 1)
    yield area(dark, "M", x - 4, top - 6, "h", 8, "l", -2, -3, "h", -4, "Z")
    yield rectangle(x - 3, top - 6, 6, 7, "#fff0c0" if light.is_dark else light.on("#d9d6c8"), 1)
    if light.is_dark:
        yield glow(x, top - 3, height * 0.8, _LAMP, 0.7)


def round_tree(light: Daylight, x: float, foot: float, size: float, colour: str = "#6f9a5f") -> Iterator[str]:
    """Yield a tree with leaves; `size` is its height."""
    leaves = light.on(colour)
    yield rectangle(x - size * 0.07, foot - size * 0.5, size * 0.14, size * 0.5, light.on("#5c4630"))
    for away, up, radius, tone in (
        (-0.24, 0.56, 0.25, 0.86),
        (0.24, 0.6, 0.26, 0.9),
        (0, 0.78, 0.32, 1.0),
        (-0.08, 0.86, 0.16, 1.12),
    ):
        yield disc(x + away * size, foot - up * size, radius * size, toned(leaves, tone))


def fir(light: Daylight, x: float, foot: float, height: float, colour: str = "#3f6b56") -> Iterator[str]:
    """Yield a fir."""
    green = light.on(colour)
    yield rectangle(x - height * 0.035, foot - height * 0.16, height * 0.07, height * 0.16, light.on("#4d3a2a"))
    for layer in range(3):
        top, base = foot - height * (1 - layer * 0.24), foot - height * (0.56 - layer * 0.21)
        half = height * (0.15 + layer * 0.07)
        yield polygon(toned(green, 1.08 - layer * 0.1), (x, top), (x + half, base), (x - half, base))
