"""Places that people have built under the sky: houses, a market, a platform, a lighthouse, graves, cars, a pool."""

from collections.abc import Iterator

from callsheet.media.panels.daylight import Daylight
from callsheet.media.panels.landscape import ground, hills, lamp_post, round_tree, sky, water
from callsheet.media.panels.pen import area, blended, disc, glow, gradient, line, oval, polygon, rectangle, toned


def village(light: Daylight) -> Iterator[str]:
    """Yield houses with pointed roofs around a green, and the tower of a church."""
    yield from sky(light)
    yield hills(light, "#86a68a", 114, 24, -20)
    stone = light.on("#b8ada0")
    yield rectangle(196, 54, 20, 66, stone)
    yield polygon(light.on("#6f5a55"), (193, 55), (206, 16), (219, 55))
    yield disc(206, 66, 4, light.on("#efe9dc"))
    yield from ground(light, "#93a266", 118)
    for x, size, front, tiles in (
        (96, 40, "#d9cbb0", "#96604c"),
        (162, 44, "#c9b8a0", "#7d5a4c"),
        (252, 46, "#e3dccb", "#a5624a"),
        (34, 64, "#cdb89a", "#8a5a4a"),
        (306, 66, "#bfa98f", "#74564a"),
    ):
        yield from _gable(light, x, 126 + size * 0.08, size, front, tiles)
    path = light.on("#cdb58a")
    yield area(
        path,
        "M",
        132,
        126,
        "Q",
        160,
        142,
        120,
        160,
        "T",
        60,
        300,
        "H",
        260,
        "Q",
        220,
        170,
        206,
        152,
        "T",
        186,
        126,
        "Z",
    )


def _gable(light: Daylight, x: float, foot: float, size: float, front: str, tiles: str) -> Iterator[str]:
    """Yield a house with a pointed roof by the middle of its foot; `size` is how wide it is."""
    wall, tile, half = light.on(front), light.on(tiles), size / 2
    pane = "#ffd98c" if light.is_dark else light.on("#5f7286")
    yield rectangle(x + size * 0.2, foot - size * 1.16, size * 0.12, size * 0.34, toned(tile, 0.7))
    yield rectangle(x - half, foot - size * 0.6, size, size * 0.6, wall)
    yield polygon(
        tile,
        (x - half - size * 0.08, foot - size * 0.58),
        (x, foot - size * 1.1),
        (x + half + size * 0.08, foot - size * 0.58),
    )
    yield rectangle(x - size * 0.09, foot - size * 0.34, size * 0.18, size * 0.34, light.on("#5a4030"), 0.6)
    for left in (-0.38, 0.2):
        yield rectangle(x + size * left, foot - size * 0.44, size * 0.18, size * 0.2, light.on("#efe9dc"))
        yield rectangle(x + size * (left + 0.02), foot - size * 0.42, size * 0.14, size * 0.16, pane)
    yield disc(x, foot - size * 0.74, size * 0.07, pane)


def homestead(light: Daylight) -> Iterator[str]:
    """Yield one house with a garden and a path to its door."""
    yield from sky(light)
    yield hills(light, "#86a68a", 116, 20, 10)
    yield from ground(light, "#8fae62", 120)
    for x, foot, size in ((30, 130, 66), (84, 124, 40), (282, 130, 74)):
        yield from round_tree(light, x, foot, size)
    yield from _gable(light, 176, 128, 92, "#e0d6c2", "#96604c")
    yield polygon(light.on("#cdb58a"), (168, 128), (184, 128), (232, 300), (84, 300))
    fence = light.on("#efe9dc")
    for x in (*range(-56, 120, 13), *range(236, 380, 13)):
        yield rectangle(x, 132, 3.4, 18, fence, 0.8)
    for left, wide in ((-60, 178), (234, 150)):
        for y in (136, 144):
            yield rectangle(left, y, wide, 1.8, fence)


def market(light: Daylight) -> Iterator[str]:
    """Yield a square with stalls below striped awnings, crates of fruit, and houses behind them."""
    yield from sky(light)
    for number, x in enumerate(range(-58, 370, 54)):
        high = 62 + number * 23 % 30
        front = blended(light.on(("#b98a6b", "#c2a98a", "#9a7f86", "#a8937a")[number % 4]), light.sky[1], 0.2)
        yield rectangle(x, 120 - high, 54.6, high, front)
        yield polygon(light.on("#8a5a4a"), (x - 2, 121 - high), (x + 26, 106 - high), (x + 55, 121 - high))
        for row in range(2):
            for column in range(3):
                lit = light.is_dark and (number + row + column) % 2 == 0
                pane = "#ffd98c" if lit else light.on("#5f7286")
                yield rectangle(x + 7 + column * 15, 126 - high + row * 15, 8, 10, pane, 0.6)
    yield from ground(light, "#a59a88", 120)
    for row, y in enumerate((134, 148, 166)):
        for x in range(-54 + row * 11, 380, 24 + row * 6):
            yield oval(x, y, 5 + row, 1 + row * 0.4, toned(light.on("#a59a88"), 0.86))
    for left, wide, cloth in ((-44, 88, "#b5493f"), (60, 76, "#3f7a6d"), (182, 78, "#c9963f"), (274, 96, "#5b6f9c")):
        yield from _stall(light, left, wide, light.on(cloth))


def _stall(light: Daylight, left: float, wide: float, cloth: str) -> Iterator[str]:
    """Yield a stall by its left side, with fruit in crates on its table."""
    wood, pale = light.on("#7d5f42"), light.on("#f2ead8")
    for x in (left + 3, left + wide - 6):
        yield rectangle(x, 70, 3, 54, wood)
    yield rectangle(left, 96, wide, 28, toned(wood, 0.86), 1)
    step = wide / 8
    for number in range(8):
        x = left - 4 + number * (step + 1)
        colour = cloth if number % 2 == 0 else pale
        yield area(colour, "M", x, 80, "L", left + number * step, 60, "h", step, "L", x + step + 1, 80, "Z")
        yield disc(x + (step + 1) / 2, 80, (step + 1) / 2, colour)
    fruits = ("#d9752f", "#b53a3a", "#7d9a3f", "#d8b54a")
    for crate in range(3):
        x, kind = left + 4 + crate * (wide - 8) / 3, (crate + int(left)) % 4
        for number in range(9):
            fruit = light.on(fruits[kind])
            yield disc(x + 3 + number % 5 * 4.2, 93 - number // 5 * 3, 2.5, toned(fruit, 0.9 + number % 3 * 0.1))
        yield rectangle(x, 94, (wide - 8) / 3 - 3, 9, toned(wood, 1.2), 1)
        yield rectangle(x, 98, (wide - 8) / 3 - 3, 1, toned(wood, 0.8))
    if light.is_dark:
        yield disc(left + wide / 2, 74, 2.6, "#fff2c8")
        yield glow(left + wide / 2, 78, 52, "#ffd58a", 0.5)


def railway_platform(light: Daylight) -> Iterator[str]:
    """Yield a platform below a roof with a clock, and the rails before it."""
    yield from sky(light)
    yield hills(light, "#86a68a", 112, 16, 24)
    wall, wood, iron = light.on("#b59a82"), light.on("#6b5140"), light.on("#59606b")
    pane = "#ffd98c" if light.is_dark else light.on("#6d8093")
    yield rectangle(-60, 66, 440, 60, wall)
    yield rectangle(-60, 116, 440, 10, toned(wall, 0.8))
    for x in range(-40, 380, 60):
        yield rectangle(x, 80, 26, 24, light.on("#efe9dc"), 1)
        yield rectangle(x + 2, 82, 22, 20, pane)
        yield rectangle(x + 12, 82, 2, 20, light.on("#efe9dc"))
    yield rectangle(104, 80, 22, 46, wood, 1)
    yield from ground(light, "#b9b1a5", 126)
    yield from _station_roof(light, iron)
    for left in (34, 242):
        yield rectangle(left, 118, 44, 4, wood, 1)
        yield rectangle(left, 126, 44, 4, wood, 1)
        for leg in (4, 37):
            yield rectangle(left + leg, 118, 3, 19, iron)
    yield rectangle(-60, 158, 440, 3, light.on("#e3c25a"))
    yield rectangle(-60, 161, 440, 6, toned(light.on("#b9b1a5"), 0.6))
    yield rectangle(-60, 167, 440, 160, light.on("#6d655d"))
    for x in range(-60, 380, 18):
        yield rectangle(x, 169, 9, 16, light.on("#584a3e"))
    for y in (171, 180):
        yield rectangle(-60, y, 440, 2, light.on("#c4c8cc"))


def _station_roof(light: Daylight, iron: str) -> Iterator[str]:
    """Yield a roof on posts, with lamps, and a clock that hangs from it."""
    yield polygon(iron, (-60, 40), (380, 40), (380, 52), (-60, 56))
    yield rectangle(-60, 38, 440, 4, toned(iron, 1.25))
    for x in (22, 92, 228, 298):
        yield rectangle(x - 2, 52, 4, 84, iron)
        yield line(iron, 2.4, "M", x - 14, 53, "Q", x - 3, 56, x - 2, 70, "M", x + 14, 53, "Q", x + 3, 56, x + 2, 70)
    yield line(iron, 1.6, "M", 160, 54, "V", 60)
    yield disc(160, 67, 8.6, iron)
    yield disc(160, 67, 7.2, "#fff6d8" if light.is_dark else light.on("#f6f3ea"))
    yield line("#2b2d33", 1.1, "M", 160, 67, "V", 62, "M", 160, 67, "L", 163.6, 69)
    if light.is_dark:
        for x in (57, 262):
            yield glow(x, 58, 58, "#ffd58a", 0.55)


def lighthouse(light: Daylight) -> Iterator[str]:
    """Yield a lighthouse on a rock by the sea; its lamp burns when it is dark."""
    yield from sky(light)
    yield from water(light, 100)
    rock = light.on("#7d766c")
    yield area(rock, "M", 150, 132, "Q", 176, 104, 216, 106, "T", 300, 120, "T", 400, 112, "V", 300, "H", 120, "Z")
    grass = light.on("#7f9a62")
    yield area(grass, "M", -60, 150, "Q", 60, 138, 170, 136, "T", 400, 130, "V", 320, "H", -60, "Z")
    white, red = light.on("#efe9dc"), light.on("#b8473c")
    for step, colour in enumerate((white, red, white, red, white)):
        low, high = 112 - step * 14, 98 - step * 14
        near, far = 13 - step * 1.1, 11.9 - step * 1.1
        yield polygon(colour, (238 - near, low), (238 + near, low), (238 + far, high), (238 - far, high))
    yield rectangle(228, 39, 20, 3, light.on("#3c4048"), 1)
    yield rectangle(232, 29, 12, 10, "#fff0c0" if light.is_dark else light.on("#bcd0d8"))
    yield area(light.on("#3c4048"), "M", 230, 29, "Q", 238, 17, 246, 29, "Z")
    yield rectangle(234, 102, 8, 10, light.on("#4a3d34"), 1)
    if light.is_dark:
        yield polygon("#fff0c026", (238, 34), (-60, 6), (-60, 58))
        yield glow(238, 34, 46, "#fff0c0", 0.8)
    yield rectangle(262, 96, 30, 20, white)
    yield polygon(light.on("#8a5a4a"), (258, 97), (277, 84), (296, 97))
    path = light.on("#cdb58a")
    yield area(path, "M", 232, 134, "Q", 200, 148, 214, 162, "T", 190, 300, "H", 270, "Q", 262, 170, 246, 134, "Z")


def cemetery(light: Daylight) -> Iterator[str]:
    """Yield rows of gravestones below bare trees, and a wall behind them."""
    yield from sky(light)
    yield hills(light, "#7d9480", 112, 18, 30)
    wall = light.on("#8d877f")
    yield rectangle(-60, 108, 440, 16, wall)
    yield rectangle(-60, 105, 440, 4, toned(wall, 1.18))
    yield from ground(light, "#7d8f62", 122)
    bark = light.on("#4a3d34")
    for x, side in ((44, 1), (284, -1)):
        yield line(bark, 5, "M", x, 134, "V", 76)
        yield line(
            bark, 2.4, "M", x, 96, "q", side * 6, -14, side * 24, -22, "M", x, 86, "q", side * -6, -14, side * -18, -22
        )
        yield line(
            bark,
            1.6,
            "M",
            x,
            78,
            "q",
            side * 4,
            -12,
            side * 10,
            -26,
            "M",
            x + side * 14,
            78,
            "q",
            side * 8,
            -2,
            side * 16,
            -14,
        )
    for row, (y, size) in enumerate(((130, 13), (144, 19), (166, 28))):
        for number in range(7 - row):
            x = 24 + row * 16 + number * (44 + row * 12)
            stone = toned(light.on("#a9a59d"), 0.9 + number % 3 * 0.08)
            yield oval(x, y, size * 0.7, size * 0.12, "#00000030")
            if (number + row) % 3 == 1:
                yield rectangle(x - size * 0.1, y - size * 1.15, size * 0.2, size * 1.15, stone)
                yield rectangle(x - size * 0.36, y - size * 0.86, size * 0.72, size * 0.2, stone)
            else:
                yield area(
                    stone,
                    "M",
                    x - size * 0.38,
                    y,
                    "v",
                    -size * 0.6,
                    "q",
                    0,
                    -size * 0.42,
                    size * 0.38,
                    -size * 0.42,
                    "q",
                    size * 0.38,
                    0,
                    size * 0.38,
                    size * 0.42,
                    "v",
                    size * 0.6,
                    "Z",
                )
                yield rectangle(x - size * 0.2, y - size * 0.62, size * 0.4, size * 0.06, toned(stone, 0.7))


def parking_lot(light: Daylight) -> Iterator[str]:
    """Yield bays with parked cars below tall lamps."""
    yield from sky(light)
    for number, x in enumerate(range(-60, 380, 46)):
        high = 26 + number * 13 % 34
        yield rectangle(x, 112 - high, 47, high + 10, blended(light.on("#8a94a6"), light.sky[1], 0.45))
    yield rectangle(-60, 106, 440, 14, light.on("#7d9468"))
    yield from ground(light, "#6d6e74", 118)
    paint = light.on("#e6e2d3")
    for x in range(-60, 400, 56):
        yield polygon(paint, (x, 124), (x + 2, 124), (x - 16 + (x - 160) * 0.18, 156), (x - 20 + (x - 160) * 0.18, 156))
    yield rectangle(-60, 123, 440, 1.6, paint)
    for number, x in enumerate((-26, 30, 142, 254, 310)):
        body = light.on(("#a5493d", "#4f7ba5", "#d8d4c8", "#4d5a4f", "#c9a24e")[number])
        glass = light.on("#52616e")
        yield oval(x, 143, 22, 3, "#00000040")
        yield rectangle(x - 14, 112, 28, 18, toned(body, 0.92), 7)
        yield rectangle(x - 11, 115, 22, 10, glass, 3)
        yield rectangle(x - 20, 123, 40, 17, body, 5)
        for side in (-15, 8):
            yield rectangle(x + side, 137, 7, 6, "#26262a", 1.4)
            yield rectangle(x + side, 127, 7, 4, light.on("#f3e6bf"), 1.6)
    for x in (86, 226):
        yield from lamp_post(light, x, 126, 84)


def pool(light: Daylight) -> Iterator[str]:
    """Yield a swimming pool with a ladder, loungers and parasols."""
    yield from sky(light)
    hedge = light.on("#5f8f58")
    for x in range(-60, 390, 20):
        yield disc(x, 100 + x % 3, 14, hedge)
    yield rectangle(-60, 100, 440, 24, hedge)
    yield from ground(light, "#dccfb4", 116)
    for x in (34, 252):
        yield rectangle(x + 15, 66, 2, 58, light.on("#efe9dc"))
        for number in range(4):
            cloth = light.on("#e0664f" if number % 2 else "#f6efe0")
            yield polygon(cloth, (x + 16, 60), (x - 14 + number * 15, 80), (x + 1 + number * 15, 80))
        yield line(light.on("#f6f3ea"), 4, "M", x - 4, 122, "h", 28, "l", 12, -12)
        yield line(light.on("#8d95a0"), 1.6, "M", x, 123, "v", 6, "M", x + 22, 123, "v", 6)
    water = light.on("#4fb3cc")
    yield polygon(light.on("#f3eee2"), (-26, 131), (346, 131), (460, 240), (-140, 240))
    yield gradient("water", toned(water, 1.25), toned(water, 0.8))
    yield polygon("url(#water)", (-16, 135), (336, 135), (440, 240), (-120, 240))
    for row in range(7):
        y = 140 + row * 7
        for x in range(-40 + row * 23 % 50, 370, 52):
            yield line("#ffffff66", 1, "M", x, y, "q", 5, -3, 10, 0, "t", 10, 0)
    for x in (284, 296):
        yield line(light.on("#d8dde2"), 2, "M", x, 150, "V", 126, "q", 0, -6, -6, -6)
