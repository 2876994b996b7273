"""Places under the sky: each is drawn on a ground of 320 by 180 whose floor begins at 122, and beyond its edges."""

from collections.abc import Iterator

from callsheet.media.panels.daylight import Daylight
from callsheet.media.panels.pen import area, blended, disc, glow, gradient, line, oval, polygon, rectangle, toned

_LAMP = "#ffd58a"


def _sky(light: Daylight) -> Iterator[str]:
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


def _ground(light: Daylight, colour: str, begins: float = 122.0) -> Iterator[str]:
    lit = light.on(colour)
    yield gradient("ground", lit, toned(lit, 0.72))
    yield rectangle(-60, begins, 440, 240, "url(#ground)")


def _hills(light: Daylight, colour: str, base: float, height: float, shift: float) -> str:
    """Return a row of round hills; what is farther takes the colour of the sky."""
    steps: list[str | float] = ["M", -60, base]
    for number in range(6):
        x = -60 + number * 90 + shift
        steps += ["Q", x + 45, base - height * (1.0 + number * 3 % 4 * 0.28), x + 90, base - number % 2 * height * 0.2]
    return area(blended(light.on(colour), light.sky[1], 0.3), *steps, "L", 420, base + 40, "L", -60, base + 40, "Z")


def _water(light: Daylight, begins: float) -> Iterator[str]:
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


def _lamp_post(light: Daylight, x: float, foot: float, height: float) -> Iterator[str]:
    dark = light.on("#2f3036")
    top = foot - height
    yield rectangle(x - 1.1, top, 2.2, height, dark)
    yield rectangle(x - 2.6, foot - 4, 5.2, 4, dark, 1)
    yield area(dark, "M", x - 4, top - 6, "h", 8, "l", -2, -3, "h", -4, "Z")
    yield rectangle(x - 3, top - 6, 6, 7, "#fff0c0" if light.is_dark else light.on("#d9d6c8"), 1)
    if light.is_dark:
        yield glow(x, top - 3, height * 0.8, _LAMP, 0.7)


def _round_tree(light: Daylight, x: float, foot: float, size: float, colour: str = "#6f9a5f") -> Iterator[str]:
    leaves = light.on(colour)
    yield rectangle(x - size * 0.07, foot - size * 0.5, size * 0.14, size * 0.5, light.on("#5c4630"))
    for away, up, radius, tone in (
        (-0.24, 0.56, 0.25, 0.86),
        (0.24, 0.6, 0.26, 0.9),
        (0, 0.78, 0.32, 1.0),
        (-0.08, 0.86, 0.16, 1.12),
    ):
        yield disc(x + away * size, foot - up * size, radius * size, toned(leaves, tone))


def _fir(light: Daylight, x: float, foot: float, height: float, colour: str = "#3f6b56") -> Iterator[str]:
    green = light.on(colour)
    yield rectangle(x - height * 0.035, foot - height * 0.16, height * 0.07, height * 0.16, light.on("#4d3a2a"))
    for layer in range(3):
        top, base = foot - height * (1 - layer * 0.24), foot - height * (0.56 - layer * 0.21)
        half = height * (0.15 + layer * 0.07)
        yield polygon(toned(green, 1.08 - layer * 0.1), (x, top), (x + half, base), (x - half, base))


def dock(light: Daylight) -> Iterator[str]:
    """Yield the sea, a wooden jetty that leads out, and the lamp at its end."""
    yield from _sky(light)
    yield _hills(light, "#6d8794", 104, 15, -30)
    yield from _water(light, 104)
    wood = light.on("#9a7650")
    for x, y, width in ((96, 128, 5), (192, 122, 4), (70, 142, 7), (236, 132, 5)):
        yield rectangle(x, y - 12, width, 44, toned(wood, 0.55), 1)
        yield oval(x + width / 2, y - 12, width / 2, 1.3, toned(wood, 0.8))
    yield polygon(toned(wood, 0.5), (118, 124), (202, 124), (420, 260), (-110, 260), (-110, 252), (118, 121))
    yield polygon(wood, (120, 118), (200, 118), (424, 250), (-110, 250))
    for row in range(13):
        share = (row / 13) ** 1.7
        y = 118 + share * 132
        yield line(toned(wood, 0.68), 0.5 + share * 1.5, "M", 120 - share * 230, y, "L", 200 + share * 224, y)
    yield from _lamp_post(light, 196, 121, 52)
    for x, y, size in ((110, 130, 3.4), (214, 131, 3.4)):
        yield rectangle(x - size / 2, y - size * 2.6, size, size * 2.6, light.on("#3b3a3d"), 1)


def shore(light: Daylight) -> Iterator[str]:
    """Yield the sea and sand."""
    yield from _sky(light)
    yield from _water(light, 96)
    sand = light.on("#dcc59a")
    yield area(
        "#ffffff70", "M", -60, 138, "Q", 40, 124, 130, 136, "T", 300, 130, "T", 400, 138, "V", 300, "H", -60, "Z"
    )
    yield area(sand, "M", -60, 142, "Q", 40, 128, 130, 140, "T", 300, 134, "T", 400, 142, "V", 320, "H", -60, "Z")
    yield area(toned(sand, 0.86), "M", -60, 168, "Q", 90, 152, 200, 166, "T", 400, 160, "V", 320, "H", -60, "Z")
    for x, y, size in ((40, 150, 7), (54, 153, 4), (276, 148, 9)):
        yield oval(x, y, size, size * 0.6, light.on("#87837c"))


def river(light: Daylight) -> Iterator[str]:
    """Yield a river with a stone bridge."""
    yield from _sky(light)
    yield _hills(light, "#7f9a72", 106, 22, 10)
    yield from _water(light, 112)
    stone = light.on("#a39a8c")
    arches = "V132H306Q296 98 262 98Q228 98 218 132H202Q192 94 158 94Q124 94 114 132H98Q88 98 54 98Q20 98 10 132H-60Z"
    yield area(stone, f"M-60 84Q160 62 380 84{arches}")
    yield area(toned(stone, 0.84), "M", -60, 84, "Q", 160, 62, 380, 84, "v", 6, "Q", 160, 68, -60, 90, "Z")
    for x in (60, 160, 260):
        yield from _lamp_post(light, x, 80 - (100 - abs(x - 160)) * 0.07, 26)
    bank = light.on("#7d8f5e")
    yield area(bank, "M", -60, 150, "Q", 60, 140, 160, 154, "T", 380, 150, "V", 320, "H", -60, "Z")


def forest(light: Daylight) -> Iterator[str]:
    """Yield three rows of trees, the farthest in mist."""
    yield from _sky(light)
    for x in range(-50, 380, 17):
        yield from _fir(light, x + x % 7, 122, 70 + x * 7 % 26, blended("#3f6b56", light.sky[1], 0.5))
    for x in range(-40, 380, 29):
        yield from _fir(light, x + x % 11, 127, 92 + x * 5 % 34, blended("#3f6b56", light.sky[1], 0.22))
    yield from _ground(light, "#6b7a4a")
    for x in (-14, 22, 66, 262, 300, 338):
        yield from _fir(light, x, 140 + x % 9, 150 + x % 31)
    yield area(
        light.on("#a08a62"),
        "M",
        140,
        124,
        "Q",
        170,
        140,
        120,
        156,
        "T",
        150,
        250,
        "H",
        260,
        "Q",
        180,
        170,
        200,
        150,
        "T",
        172,
        124,
        "Z",
    )


def mountains(light: Daylight) -> Iterator[str]:
    """Yield peaks with snow."""
    yield from _sky(light)
    for x, top, half, share in ((70, 26, 96, 0.45), (250, 18, 110, 0.4), (160, 44, 84, 0.2)):
        rock = blended(light.on("#6f7886"), light.sky[1], share)
        yield polygon(rock, (x - half, 124), (x, top), (x + half, 124))
        yield polygon(toned(rock, 0.84), (x, top), (x + half, 124), (x + half * 0.2, 124))
        snow = blended(light.on("#f4f7fa"), light.sky[1], share * 0.4)
        edge = top + (124 - top) * 0.3
        reach = half * 0.3
        yield polygon(
            snow,
            (x, top),
            (x + reach, edge),
            (x + reach * 0.4, edge - 4),
            (x, edge + 7),
            (x - reach * 0.5, edge - 3),
            (x - reach, edge),
        )
    yield _hills(light, "#6b8a5c", 122, 14, 20)
    yield from _ground(light, "#86995f", 124)
    for x, foot in ((24, 136), (50, 130), (282, 132), (304, 142)):
        yield from _fir(light, x, foot, 44)
    for x, y, size in ((96, 150, 10), (214, 146, 7)):
        yield oval(x, y, size, size * 0.55, light.on("#8d8b86"))


def desert(light: Daylight) -> Iterator[str]:
    """Yield dunes and rocks."""
    yield from _sky(light)
    yield polygon(blended(light.on("#b9764f"), light.sky[1], 0.3), (30, 122), (44, 70), (92, 66), (108, 122))
    yield polygon(blended(light.on("#b9764f"), light.sky[1], 0.4), (236, 122), (246, 84), (290, 80), (304, 122))
    sand = light.on("#dba766")
    yield from _ground(light, "#dba766", 118)
    yield area(toned(sand, 0.9), "M", -60, 138, "Q", 60, 112, 150, 138, "T", 380, 132, "V", 320, "H", -60, "Z")
    yield area(toned(sand, 0.78), "M", -60, 168, "Q", 120, 138, 230, 164, "T", 400, 160, "V", 320, "H", -60, "Z")
    cactus = light.on("#5d7f56")
    yield line(cactus, 5, "M", 270, 144, "V", 112, "M", 270, 130, "h", 9, "v", -10, "M", 270, 134, "h", -8, "v", -8)


def road(light: Daylight) -> Iterator[str]:
    """Yield a road to the horizon between fields."""
    yield from _sky(light)
    yield _hills(light, "#7f9a72", 112, 16, 0)
    yield from _ground(light, "#93a266", 110)
    asphalt = light.on("#63646b")
    yield polygon(asphalt, (152, 110), (168, 110), (520, 320), (-200, 320))
    for row in range(8):
        share, end = (row / 8) ** 2.1, ((row + 0.5) / 8) ** 2.1
        y, y_end = 112 + share * 190, 112 + end * 190
        half, half_end = 0.3 + share * 7, 0.3 + end * 7
        yield polygon(
            light.on("#f0ead8"), (160 - half, y), (160 + half, y), (160 + half_end, y_end), (160 - half_end, y_end)
        )
    for number, x in enumerate((20, 74, 112, 134)):
        for each in (x, 320 - x):
            high = 52 - number * 12
            yield rectangle(each, 118 - high - number, 1.8 - number * 0.3, high, light.on("#5d4a38"))
            yield rectangle(each - high * 0.12, 118 - high - number + 3, high * 0.26, 1, light.on("#5d4a38"))


def town(light: Daylight) -> Iterator[str]:
    """Yield houses with lit windows, a pavement and a lamp."""
    yield from _sky(light)
    for number, x in enumerate(range(-60, 380, 32)):
        high = 56 + number * 37 % 44
        yield rectangle(x, 122 - high, 33, high, blended(light.on("#8a94a6"), light.sky[1], 0.5))
    colours = ("#b98a6b", "#8f9a8a", "#c2a98a", "#9a7f86", "#a8937a")
    for number, x in enumerate(range(-58, 370, 66)):
        high = 66 + number * 23 % 34
        front = light.on(colours[number % len(colours)])
        yield rectangle(x, 124 - high, 64, high, front)
        yield rectangle(x - 1.5, 122 - high, 67, 4, toned(front, 0.78))
        yield rectangle(x, 104, 64, 20, toned(front, 0.8))
        for row in range(int((high - 26) // 17)):
            for column in range(4):
                lit = light.is_dark and (number * 5 + row * 3 + column * 7) % 3 == 0
                pane = "#ffd98c" if lit else light.on("#5f7286" if not light.is_dark else "#3b4a60")
                yield rectangle(x + 6 + column * 14, 132 - high + row * 17, 8.5, 11, pane, 0.6)
        yield rectangle(x + 25, 106, 12, 18, light.on("#5a4030"))
        glass = "#ffd98c" if light.is_dark and number % 2 else light.on("#6f8798")
        yield rectangle(x + 5, 107, 16, 12, glass)
        yield rectangle(x + 42, 107, 17, 12, glass)
    yield from _ground(light, "#8d8b88", 124)
    street = light.on("#57585f")
    yield rectangle(-60, 140, 440, 220, street)
    yield rectangle(-60, 138, 440, 3, light.on("#b3b0a8"))
    for x in range(-50, 380, 56):
        yield rectangle(x, 158, 28, 2.2, light.on("#d8d3c2"))
    for x in (64, 268):
        yield from _lamp_post(light, x, 140, 70)


def roof(light: Daylight) -> Iterator[str]:
    """Yield the flat roof of a house above the other roofs: chimneys, a parapet, and the way down."""
    yield from _sky(light)
    for number, x in enumerate(range(-60, 380, 26)):
        high = 22 + number * 29 % 38
        yield rectangle(x, 104 - high, 27, 60, blended(light.on("#8a94a6"), light.sky[1], 0.55))
    tiles = ("#a5624a", "#8a5a4a", "#b07a5a", "#7d6a66")
    for number, x in enumerate(range(-64, 380, 58)):
        tile, ridge = light.on(tiles[number % 4]), 78 + number * 17 % 12
        yield polygon(tile, (x, 112), (x + 12, ridge), (x + 48, ridge), (x + 60, 112))
        yield rectangle(x + 34, ridge - 11, 8, 16, toned(tile, 0.75))
        pane = "#ffd98c" if light.is_dark and number % 2 else light.on("#5f7286")
        yield rectangle(x + 18, ridge + 11, 9, 8, pane, 0.8)
    yield from _ground(light, "#8f8880", 122)
    wall = light.on("#a89c8c")
    yield rectangle(-60, 106, 440, 18, wall)
    yield rectangle(-60, 103, 440, 4, toned(wall, 1.15))
    brick = light.on("#96604c")
    for x, wide, high in ((30, 20, 46), (268, 26, 58)):
        yield rectangle(x, 126 - high, wide, high, brick)
        yield rectangle(x - 2, 124 - high, wide + 4, 4, toned(brick, 0.8))
        for pot in (0.3, 0.7):
            yield rectangle(x + wide * pot - 2.5, 116 - high, 5, 9, light.on("#b5744f"))
    mast = light.on("#4a4d52")
    yield line(mast, 1.2, "M", 214, 124, "L", 214, 62)
    for y, half in ((66, 11), (72, 8), (78, 6)):
        yield line(mast, 1, "M", 214 - half, y, "L", 214 + half, y)


def meadow(light: Daylight) -> Iterator[str]:
    """Yield hills, trees, a path and a fence: a place out of doors of which no more is known."""
    yield from _sky(light)
    yield _hills(light, "#86a68a", 112, 30, -20)
    yield _hills(light, "#7a9a64", 120, 16, 30)
    yield from _ground(light, "#8fae62", 120)
    for x, foot, size in ((34, 128, 56), (72, 124, 38), (268, 126, 48), (304, 132, 64)):
        yield from _round_tree(light, x, foot, size)
    yield area(
        light.on("#cdb58a"),
        "M",
        168,
        121,
        "Q",
        150,
        134,
        176,
        146,
        "T",
        120,
        200,
        "V",
        320,
        "H",
        240,
        "Q",
        230,
        170,
        206,
        146,
        "T",
        178,
        121,
        "Z",
    )
    fence = light.on("#b39a74")
    for x in range(196, 330, 17):
        yield rectangle(x, 124, 2.6, 16, fence, 0.6)
    for y in (127, 133):
        yield rectangle(194, y, 150, 1.8, fence)
    for number in range(24):
        x, y = number * 53 % 400 - 40, 146 + number * 17 % 50
        yield line(light.on("#6f9148"), 0.8, "M", x, y, "l", -1, -4, "M", x + 1.6, y, "l", 1, -5)
