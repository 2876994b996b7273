"""Rooms that only keep out the rain, or people in: a cell, a cave, a tent and an attic."""

from collections.abc import Iterator

from callsheet.media.panels.daylight import Daylight
from callsheet.media.panels.furniture import DARK_WOOD, LAMP, METAL, WOOD, dimmed, hanging_lamp, shell
from callsheet.media.panels.pen import area, disc, glow, gradient, line, oval, polygon, rectangle, toned


def cell(light: Daylight) -> Iterator[str]:
    """Yield a bare wall with a barred window, a bunk, a basin, and a door of bars."""
    yield from shell(light, "#8f948f", "#65676a", "#55595a")
    wall = dimmed(light, "#8f948f")
    for row in range(-5, 6):
        for x in range(-60 + row % 2 * 22, 380, 44):
            yield rectangle(x, 6 + row * 20, 42.6, 18.6, toned(wall, 0.97 if (x + row) % 3 else 0.92))
    yield gradient("outside", *light.sky)
    yield rectangle(128, 14, 52, 32, "#3a3c3e", 1)
    yield rectangle(131, 17, 46, 26, "url(#outside)")
    for x in (139, 148, 157, 166):
        yield rectangle(x, 16, 2.4, 28, "#26282a")
    yield polygon("#ffffff14", (131, 43), (177, 43), (150, 170), (66, 170))
    yield rectangle(24, 100, 92, 5, dimmed(light, METAL), 1)
    yield rectangle(26, 92, 88, 9, dimmed(light, "#7d8a94"), 3)
    yield rectangle(28, 88, 22, 8, dimmed(light, "#d9d6cc"), 3)
    for x in (28, 108):
        yield rectangle(x, 105, 3, 28, dimmed(light, METAL))
    yield area(dimmed(light, "#d3d6d4"), "M", 190, 88, "h", 26, "q", -3, 14, -13, 14, "q", -10, 0, -13, -14, "Z")
    iron = dimmed(light, "#3f4347")
    for x in range(240, 380, 14):
        yield rectangle(x, -140, 4, 276, iron, 1)
    for y in (30, 84, 132):
        yield rectangle(236, y, 150, 5, toned(iron, 0.9))
    yield rectangle(262, 78, 22, 20, toned(iron, 0.8), 1)
    yield disc(273, 87, 2.4, dimmed(light, "#c9a24e"))
    yield disc(76, 4, 3.6, "#fff0c0")
    yield glow(76, 8, 84, LAMP, 0.34)


def cave(light: Daylight) -> Iterator[str]:
    """Yield rock with stones that hang and stand, and the mouth of the cave with the sky in it."""
    rock = dimmed(light, "#6b5f58")
    yield rectangle(-60, -140, 440, 440, toned(rock, 0.62))
    yield gradient("outside", *light.sky)
    mouth = ("M", 176, 124, "Q", 166, 66, 198, 50, "Q", 232, 28, 258, 58, "Q", 278, 82, 268, 124, "Z")
    yield area("url(#outside)", *mouth)
    yield area(light.on("#7d9468"), "M", 174, 112, "Q", 220, 98, 270, 110, "V", 124, "H", 176, "Z")
    yield glow(222, 88, 120, light.sky[1], 0.3)
    for tone, down, step in ((0.78, 62, 46), (0.95, 40, 58)):
        steps: list[str | float] = ["M", -60, -140, "V", 20]
        for number, x in enumerate(range(-60, 400, step)):
            steps += ["Q", x + step * 0.3, down * 0.3, x + step / 2, down * (0.55 + number * 3 % 4 * 0.2)]
            steps += ["Q", x + step * 0.7, down * 0.3, x + step, down * 0.2]
        yield area(toned(rock, tone), *steps, "V", -140, "Z")
    yield area(toned(rock, 0.88), "M", -60, -140, "H", 30, "Q", 62, 40, 34, 80, "T", 58, 140, "H", -60, "Z")
    yield area(toned(rock, 0.84), "M", 380, -140, "H", 304, "Q", 276, 40, 300, 86, "T", 288, 140, "H", 380, "Z")
    yield gradient("floor", toned(rock, 1.08), toned(rock, 0.62))
    yield area(
        "url(#floor)", "M", -60, 124, "Q", 40, 112, 130, 124, "T", 260, 122, "T", 380, 120, "V", 320, "H", -60, "Z"
    )
    for x, foot, high in ((70, 132, 30), (88, 134, 18), (290, 134, 26), (122, 126, 12)):
        yield area(
            toned(rock, 1.15),
            "M",
            x - high * 0.3,
            foot,
            "Q",
            x - 1,
            foot - high * 0.6,
            x,
            foot - high,
            "Q",
            x + 2,
            foot - high * 0.6,
            x + high * 0.34,
            foot,
            "Z",
        )
    for x, y, size in ((40, 156, 10), (246, 150, 7), (180, 166, 5)):
        yield oval(x, y, size, size * 0.5, toned(rock, 0.8))


def tent(light: Daylight) -> Iterator[str]:
    """Yield two sides of canvas, a pole, the open flap, a camp bed and a lantern."""
    cloth = dimmed(light, "#c2a877")
    yield rectangle(-60, -140, 440, 440, toned(cloth, 0.8))
    yield polygon(toned(cloth, 0.9), (-60, 130), (160, -110), (160, 130))
    yield polygon(cloth, (380, 130), (160, -110), (160, 130))
    for x in (-40, 30, 100, 220, 290, 360):
        yield line(toned(cloth, 0.78), 0.9, "M", 160, -110, "L", x, 130)
    yield gradient("outside", *light.sky)
    yield polygon("url(#outside)", (160, 10), (206, 126), (114, 126))
    yield area(light.on("#7d9468"), "M", 120, 111, "Q", 160, 98, 200, 110, "L", 206, 126, "H", 114, "Z")
    yield polygon(toned(cloth, 0.7), (160, 6), (114, 128), (92, 128))
    yield polygon(toned(cloth, 0.76), (160, 6), (206, 128), (230, 128))
    yield rectangle(158.4, -140, 3.2, 150, dimmed(light, WOOD))
    yield gradient("floor", dimmed(light, "#8a7a56"), dimmed(light, "#5d523c"))
    yield rectangle(-60, 126, 440, 240, "url(#floor)")
    yield rectangle(14, 112, 78, 8, dimmed(light, "#5f7052"), 3)
    yield rectangle(16, 106, 20, 8, dimmed(light, "#d3c9b0"), 3)
    for x in (20, 80):
        yield line(dimmed(light, DARK_WOOD), 2.2, "M", x, 119, "l", 8, 18, "M", x + 8, 119, "l", -8, 18)
    yield rectangle(246, 114, 44, 24, dimmed(light, WOOD), 1)
    yield rectangle(246, 122, 44, 2, dimmed(light, DARK_WOOD))
    yield rectangle(262, 98, 12, 16, "#ffe2ae" if light.is_dark else dimmed(light, "#e3d6b4"), 2)
    yield rectangle(260, 95, 16, 3, dimmed(light, "#3f4347"), 1)
    if light.is_dark:
        yield glow(268, 104, 110, LAMP, 0.6)


def attic(light: Daylight) -> Iterator[str]:
    """Yield a roof that slopes on both sides, a round window, beams, and trunks and boxes that were put away."""
    yield from shell(light, "#b39a7c", "#80664c", DARK_WOOD)
    board = dimmed(light, "#94795c")
    for x in range(-60, 380, 18):
        yield rectangle(x, -140, 0.9, 262, board)
    slope, beam = dimmed(light, "#7a6049"), dimmed(light, DARK_WOOD)
    yield polygon(slope, (-60, -140), (126, -140), (20, 122), (-60, 122))
    yield polygon(toned(slope, 0.86), (380, -140), (194, -140), (300, 122), (380, 122))
    for foot, top in ((20, 126), (300, 194), (-14, 92), (334, 228)):
        yield line(beam, 5, "M", foot, 124, "L", top, -140)
    yield rectangle(40, 2, 240, 6, beam)
    yield gradient("outside", *light.sky)
    yield disc(160, 46, 23, dimmed(light, "#efe9dc"))
    yield disc(160, 46, 20, "url(#outside)")
    yield line(dimmed(light, "#efe9dc"), 1.8, "M", 160, 26, "V", 66, "M", 140, 46, "H", 180)
    if not light.is_dark:
        yield polygon("#fff3cc26", (144, 58), (176, 58), (150, 176), (78, 176))
    trunk = dimmed(light, "#6d4630")
    yield rectangle(56, 104, 56, 28, trunk, 1)
    yield area(toned(trunk, 1.15), "M", 54, 105, "q", 0, -14, 10, -14, "h", 40, "q", 10, 0, 10, 14, "Z")
    for x in (66, 98):
        yield rectangle(x, 91, 4, 41, dimmed(light, "#c09a4e"))
    for x, y, wide, high in ((214, 106, 32, 24), (250, 112, 26, 18), (222, 88, 24, 18)):
        carton = dimmed(light, "#b98f5c")
        yield rectangle(x, y, wide, high, carton, 0.8)
        yield rectangle(x + wide * 0.42, y, wide * 0.16, high, toned(carton, 1.22))
    yield from hanging_lamp(light, 190, 4, "#8a7a5c")
