"""Places under the sky: each is drawn on a ground of 320 by 180 whose floor begins at 122, and beyond its edges."""

from collections.abc import Iterator

from callsheet.media.panels.daylight import Daylight
from callsheet.media.panels.landscape import fir, ground, hills, lamp_post, round_tree, sky, water
from callsheet.media.panels.pen import area, blended, line, oval, polygon, rectangle, toned


def dock(light: Daylight) -> Iterator[str]:
    """Yield the sea, a wooden jetty that leads out, and the lamp at its end."""
    yield from sky(light)
    yield hills(light, "#6d8794", 104, 15, -30)
    yield from water(light, 104)
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
    yield from lamp_post(light, 196, 121, 52)
    for x, y, size in ((110, 130, 3.4), (214, 131, 3.4)):
        yield rectangle(x - size / 2, y - size * 2.6, size, size * 2.6, light.on("#3b3a3d"), 1)


def shore(light: Daylight) -> Iterator[str]:
    """Yield the sea and sand."""
    yield from sky(light)
    yield from water(light, 96)
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
    yield from sky(light)
    yield hills(light, "#7f9a72", 106, 22, 10)
    yield from water(light, 112)
    stone = light.on("#a39a8c")
    arches = "V132H306Q296 98 262 98Q228 98 218 132H202Q192 94 158 94Q124 94 114 132H98Q88 98 54 98Q20 98 10 132H-60Z"
    yield area(stone, f"M-60 84Q160 62 380 84{arches}")
    yield area(toned(stone, 0.84), "M", -60, 84, "Q", 160, 62, 380, 84, "v", 6, "Q", 160, 68, -60, 90, "Z")
    for x in (60, 160, 260):
        yield from lamp_post(light, x, 80 - (100 - abs(x - 160)) * 0.07, 26)
    bank = light.on("#7d8f5e")
    yield area(bank, "M", -60, 142, "Q", 60, 136, 160, 141, "T", 380, 144, "V", 320, "H", -60, "Z")


def bridge(light: Daylight) -> Iterator[str]:
    """Yield the way over a bridge: its paving, a parapet with lamps, and the river with the town behind it."""
    yield from sky(light)
    yield hills(light, "#7f9a72", 84, 20, 10)
    for number, x in enumerate((*range(-56, 96, 19), *range(226, 380, 19))):
        high = 14 + number * 23 % 17
        house = blended(light.on("#a8937a"), light.sky[1], 0.4)
        yield rectangle(x, 86 - high, 18, high + 2, toned(house, 0.9 + number % 3 * 0.08))
        if light.is_dark:
            yield rectangle(x + 4 + number % 3 * 3, 90 - high, 4, 5, "#ffd98c")
    yield from water(light, 86)
    yield area(light.on("#7d8f5e"), "M", -60, 84, "Q", 40, 84, 96, 90, "Q", 20, 94, -60, 108, "Z")
    yield area(light.on("#7d8f5e"), "M", 380, 84, "Q", 280, 84, 226, 90, "Q", 300, 94, 380, 108, "Z")
    stone = light.on("#a39a8c")
    yield from ground(light, "#958d82", 122)
    for row, y in enumerate((130, 140, 153, 169, 189)):
        yield line(toned(stone, 0.76), 0.8, "M", -60, y, "H", 380)
        for x in range(-50 + row * 17 % 34, 380, 34 + row * 6):
            yield line(toned(stone, 0.76), 0.7, "M", x, y, "l", (x - 160) * 0.06, 10 + row * 3)
    yield rectangle(-60, 100, 440, 5, toned(stone, 1.12), 1)
    yield rectangle(-60, 117, 440, 8, toned(stone, 0.92))
    for x in range(-58, 380, 13):
        yield rectangle(x, 105, 5, 12, toned(stone, 0.84), 1)
    for x in (-20, 72, 248, 340):
        yield rectangle(x - 6, 95, 12, 31, stone, 1)
        yield rectangle(x - 8, 93, 16, 4, toned(stone, 1.16), 1)
        yield from lamp_post(light, x, 94, 40)


def forest(light: Daylight) -> Iterator[str]:
    """Yield three rows of trees, the farthest in mist."""
    yield from sky(light)
    for x in range(-50, 380, 17):
        yield from fir(light, x + x % 7, 122, 70 + x * 7 % 26, blended("#3f6b56", light.sky[1], 0.5))
    for x in range(-40, 380, 29):
        yield from fir(light, x + x % 11, 127, 92 + x * 5 % 34, blended("#3f6b56", light.sky[1], 0.22))
    yield from ground(light, "#6b7a4a", 108)
    for x in (-14, 22, 66, 262, 300, 338):
        yield from fir(light, x, 140 + x % 9, 150 + x % 31)
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
    yield from sky(light)
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
    yield hills(light, "#6b8a5c", 122, 14, 20)
    yield from ground(light, "#86995f", 124)
    for x, foot in ((24, 136), (50, 130), (282, 132), (304, 142)):
        yield from fir(light, x, foot, 44)
    for x, y, size in ((96, 150, 10), (214, 146, 7)):
        yield oval(x, y, size, size * 0.55, light.on("#8d8b86"))


def desert(light: Daylight) -> Iterator[str]:
    """Yield dunes and rocks."""
    yield from sky(light)
    yield polygon(blended(light.on("#b9764f"), light.sky[1], 0.3), (30, 122), (44, 70), (92, 66), (108, 122))
    yield polygon(blended(light.on("#b9764f"), light.sky[1], 0.4), (236, 122), (246, 84), (290, 80), (304, 122))
    sand = light.on("#dba766")
    yield from ground(light, "#dba766", 118)
    yield area(toned(sand, 0.9), "M", -60, 138, "Q", 60, 112, 150, 138, "T", 380, 132, "V", 320, "H", -60, "Z")
    yield area(toned(sand, 0.78), "M", -60, 168, "Q", 120, 138, 230, 164, "T", 400, 160, "V", 320, "H", -60, "Z")
    cactus = light.on("#5d7f56")
    yield line(cactus, 5, "M", 270, 144, "V", 112, "M", 270, 130, "h", 9, "v", -10, "M", 270, 134, "h", -8, "v", -8)


def road(light: Daylight) -> Iterator[str]:
    """Yield a road to the horizon between fields."""
    yield from sky(light)
    yield hills(light, "#7f9a72", 112, 16, 0)
    yield from ground(light, "#93a266", 110)
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
    yield from sky(light)
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
    yield from ground(light, "#8d8b88", 124)
    street = light.on("#57585f")
    yield rectangle(-60, 140, 440, 220, street)
    yield rectangle(-60, 138, 440, 3, light.on("#b3b0a8"))
    for x in range(-50, 380, 56):
        yield rectangle(x, 158, 28, 2.2, light.on("#d8d3c2"))
    for x in (64, 268):
        yield from lamp_post(light, x, 140, 70)


def roof(light: Daylight) -> Iterator[str]:
    """Yield the flat roof of a house above the other roofs: chimneys, a parapet, and the way down."""
    yield from sky(light)
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
    yield from ground(light, "#8f8880", 122)
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
    yield from sky(light)
    yield hills(light, "#86a68a", 112, 30, -20)
    yield hills(light, "#7a9a64", 120, 16, 30)
    yield from ground(light, "#8fae62", 120)
    for x, foot, size in ((34, 128, 56), (72, 124, 38), (268, 126, 48), (304, 132, 64)):
        yield from round_tree(light, x, foot, size)
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
