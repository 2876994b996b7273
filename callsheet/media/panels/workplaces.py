"""Rooms in which people work or wait for others: a court, machines, a laboratory, a store and a restaurant."""

from collections.abc import Iterator

from callsheet.media.panels.daylight import Daylight
from callsheet.media.panels.furniture import (
    DARK_WOOD,
    LAMP,
    METAL,
    WOOD,
    dimmed,
    hanging_lamp,
    shelf,
    shell,
    table,
    window,
)
from callsheet.media.panels.pen import area, disc, glow, line, oval, polygon, rectangle, toned

_CARTONS = ("#b98f5c", "#a67c4c", "#c8a474", "#8f9aa0")


def courtroom(light: Daylight) -> Iterator[str]:
    """Yield the bench of the judge below a pair of scales, flags, a witness stand and the rail before the seats."""
    yield from shell(light, "#d8ccb4", "#8d6b4d", DARK_WOOD)
    panel = dimmed(light, "#8a6040")
    for x in range(-58, 380, 40):
        yield rectangle(x, 62, 38, 60, panel)
        yield rectangle(x + 5, 68, 28, 48, toned(panel, 0.88), 1)
    yield rectangle(-60, 58, 440, 4, toned(panel, 0.75))
    for x in (14, 264):
        yield from window(light, x, 2, 42, 46)
    gold = dimmed(light, "#d2ab55")
    yield disc(160, 30, 19, dimmed(light, DARK_WOOD))
    yield line(gold, 1.4, "M", 160, 20, "V", 42, "M", 153, 42, "h", 14, "M", 148, 23, "h", 24)
    for x in (148, 172):
        yield line(gold, 0.8, "M", x, 23, "l", -4, 9, "M", x, 23, "l", 4, 9)
        yield area(gold, "M", x - 5, 32, "h", 10, "q", -5, 6, -10, 0, "Z")
    for x, cloth in ((98, "#a5493d"), (220, "#44648c")):
        yield rectangle(x, 20, 2, 80, gold)
        yield area(dimmed(light, cloth), "M", x + 2, 22, "q", 12, 4, 9, 44, "q", -5, 3, -9, 0, "Z")
    bench = dimmed(light, "#75492e")
    yield rectangle(139, 60, 42, 34, dimmed(light, "#5b2f2a"), 6)
    yield rectangle(104, 84, 112, 50, bench)
    yield rectangle(100, 80, 120, 6, toned(bench, 1.2), 1)
    for x in (110, 146, 182):
        yield rectangle(x, 93, 28, 36, toned(bench, 0.85), 1)
    yield rectangle(228, 98, 46, 38, bench)
    yield rectangle(225, 95, 52, 4, toned(bench, 1.2), 1)
    yield rectangle(192, 76, 14, 3, dimmed(light, WOOD), 1)
    yield rectangle(-60, 150, 440, 5, toned(bench, 1.1), 2)
    for x in range(-56, 380, 12):
        yield rectangle(x, 155, 4, 40, toned(bench, 0.9), 1)


def machine_room(light: Daylight) -> Iterator[str]:
    """Yield pipes, a boiler with its gauges, and wheels that turn each other, below lamps in cages."""
    yield from shell(light, "#7c8584", "#565a5c", "#43484a")
    for y, tone, thick in ((2, "#98664a", 9), (18, "#8d959a", 6), (31, "#6d7f78", 8)):
        pipe = dimmed(light, tone)
        yield rectangle(-60, y, 440, thick, pipe)
        yield rectangle(-60, y + 1, 440, thick * 0.25, toned(pipe, 1.25))
        for x in range(-40 + y * 2, 380, 74):
            yield rectangle(x, y - 1.5, 5, thick + 3, toned(pipe, 0.75), 1)
    boiler = dimmed(light, "#5c6f73")
    yield rectangle(22, 52, 102, 72, boiler, 14)
    yield rectangle(28, 56, 90, 7, toned(boiler, 1.2), 3)
    for x in (44, 100):
        yield rectangle(x, 36, 10, 20, dimmed(light, "#98664a"))
        yield rectangle(x - 12, 52, 3, 72, toned(boiler, 0.75))
    yield disc(72, 98, 17, toned(boiler, 0.65))
    yield disc(72, 98, 13, "#2a2526")
    yield disc(72, 99, 9, "#e0793a")
    yield glow(72, 99, 42, "#ff9a4a", 0.45)
    for x in (58, 86):
        yield disc(x, 73, 7, dimmed(light, "#d8d2c2"))
        yield line("#b0392f", 1, "M", x, 73, "l", 3, -4)
    yield from _gear(light, 206, 88, 30, 16)
    yield from _gear(light, 258, 70, 19, 10)
    yield rectangle(172, 116, 124, 10, dimmed(light, "#43484a"), 1)
    rail = dimmed(light, "#d0a23e")
    yield rectangle(-60, 132, 440, 2.4, rail)
    yield rectangle(-60, 143, 440, 1.6, rail)
    for x in range(-40, 380, 66):
        yield rectangle(x, 132, 2.4, 34, rail)
    for x in (150, 296):
        yield rectangle(x - 3, 39, 6, 8, "#ffe9b0", 2)
        yield glow(x, 44, 60, LAMP, 0.4 if light.is_dark else 0.22)


def _gear(light: Daylight, x: float, y: float, radius: float, teeth: int) -> Iterator[str]:
    iron = dimmed(light, "#8f969b")
    for tooth in range(teeth):
        turned = f"rotate({tooth * 360 / teeth:.4g} {x} {y})"
        yield f'<g transform="{turned}">{rectangle(x - 3, y - radius - 4, 6, 8, iron, 1)}</g>'
    yield disc(x, y, radius, iron)
    yield disc(x, y, radius * 0.66, toned(iron, 0.62))
    for spoke in range(3):
        turned = f"rotate({spoke * 60} {x} {y})"
        yield f'<g transform="{turned}">{rectangle(x - radius * 0.7, y - 2, radius * 1.4, 4, iron)}</g>'
    yield disc(x, y, radius * 0.22, toned(iron, 0.8))


def laboratory(light: Daylight) -> Iterator[str]:
    """Yield a white bench with flasks and a microscope before cupboards of glass."""
    yield from shell(light, "#d6dfe0", "#a9b4b6", "#8fa0a3")
    for x in (-44, 30, 214, 288):
        yield rectangle(x, 8, 66, 48, dimmed(light, "#f0f3f2"), 1)
        yield rectangle(x + 3, 11, 60, 42, dimmed(light, "#b9d0d4"))
        for row, base in enumerate((30, 51)):
            yield rectangle(x + 3, base, 60, 1.6, dimmed(light, "#f0f3f2"))
            for number in range(6):
                high = 8 + (number * 5 + row * 3) % 6
                colour = ("#7aa66a", "#c98a4a", "#6f8fb0", "#e3e0d4")[(number + row) % 4]
                yield rectangle(x + 7 + number * 9, base - high, 5, high, dimmed(light, colour), 1.4)
    yield from window(light, 128, 12, 64, 46)
    yield rectangle(-60, 100, 440, 42, dimmed(light, "#e6ebea"))
    yield rectangle(-60, 96, 440, 5, dimmed(light, "#4d5a60"))
    for x in range(-50, 380, 54):
        yield rectangle(x, 105, 48, 32, dimmed(light, "#d3dcdc"), 1)
        yield rectangle(x + 19, 109, 10, 1.8, dimmed(light, METAL), 0.8)
    for x, colour in ((70, "#58a77a"), (98, "#c96a4f"), (236, "#5f8fc0")):
        glass = dimmed(light, "#e9f2f2")
        yield area(glass, "M", x - 3, 74, "h", 6, "v", 8, "l", 8, 14, "h", -22, "l", 8, -14, "Z")
        yield area(dimmed(light, colour), "M", x - 6.4, 88, "h", 12.8, "l", 4, 7, "h", -20.8, "Z")
    iron = dimmed(light, "#3d464c")
    yield line(iron, 4, "M", 128, 93, "h", 18, "M", 142, 92, "q", 10, -12, -2, -22)
    yield line(iron, 6, "M", 139, 71, "l", -7, 13)
    rack = dimmed(light, WOOD)
    yield rectangle(172, 82, 40, 2.4, rack)
    yield rectangle(172, 93, 40, 3, rack)
    for number, x in enumerate(range(176, 210, 7)):
        yield rectangle(x, 75, 3.4, 19, dimmed(light, ("#d9c25a", "#a86fb0", "#6fb0a0")[number % 3]), 1.6)
    if light.is_dark:
        yield rectangle(120, -8, 80, 5, "#f2fbff", 2)
        yield glow(160, 4, 150, "#dff2ff", 0.32)


def warehouse(light: Daylight) -> Iterator[str]:
    """Yield high racks of boxes on both sides, a gate at the end, and a pallet."""
    yield from shell(light, "#98968f", "#7d7a76", "#5e5c59")
    for y in range(-130, 20, 26):
        yield rectangle(-60, y, 440, 3, dimmed(light, "#6f7276"))
    gate = dimmed(light, "#7f8f98")
    yield rectangle(124, 40, 72, 82, toned(gate, 0.7))
    for y in range(42, 122, 7):
        yield rectangle(127, y, 66, 5.6, gate)
    yield from _rack(light, -40)
    yield from _rack(light, 206)
    for number, (x, y) in enumerate(((54, 132), (80, 132), (66, 112))):
        carton = dimmed(light, _CARTONS[number])
        yield rectangle(x, y, 25, 20, carton, 0.6)
        yield rectangle(x + 10, y, 5, 20, toned(carton, 1.22))
    yield rectangle(48, 152, 66, 4, dimmed(light, WOOD))
    for x in (60, 160, 260):
        yield from hanging_lamp(light, x, -6, "#5d6d62")


def _rack(light: Daylight, left: float) -> Iterator[str]:
    for row, base in enumerate((24, 58, 92, 124)):
        at, number = left + 4, row
        while at < left + 108:
            wide, high = 17 + number * 7 % 11, 15 + number * 5 % 10
            carton = dimmed(light, _CARTONS[number % 4])
            yield rectangle(at, base - high, min(wide, left + 112 - at), high, carton, 0.6)
            yield rectangle(at + wide * 0.4, base - high, wide * 0.18, high, toned(carton, 1.22))
            at, number = at + wide + 2, number + 1
        yield rectangle(left, base, 114, 3.4, dimmed(light, "#c9743a"))
    for x in (left, left + 55, left + 111):
        yield rectangle(x, -20, 3.4, 150, dimmed(light, "#3f5a78"))


def restaurant(light: Daylight) -> Iterator[str]:
    """Yield laid tables with chairs, a window to the street and lamps above."""
    yield from shell(light, "#b98f70", "#7a5840", "#6b3f30")
    yield rectangle(-60, 78, 440, 40, dimmed(light, "#7d4a3c"))
    yield rectangle(-60, 75, 440, 3, dimmed(light, DARK_WOOD))
    yield from window(light, 112, 16, 96, 50, "#5a3d2c")
    for x in (40, 248):
        yield rectangle(x, 22, 38, 36, dimmed(light, DARK_WOOD), 1)
        yield rectangle(x + 3, 25, 32, 30, dimmed(light, "#33413c"))
        for row in range(4):
            yield rectangle(x + 7, 30 + row * 6, 22 - row * 5 % 9, 1.2, dimmed(light, "#d9ddd0"))
    for x in (46, 160, 274):
        for side in (-1, 1):
            chair = dimmed(light, "#5b3a2a")
            yield rectangle(x + side * 34 - 2, 92, 4, 42, chair, 1.4)
            yield rectangle(x + side * 28 - 8, 114, 16, 4, chair, 1)
            yield rectangle(x + side * 22 - 1.5, 116, 3, 18, chair)
        yield rectangle(x - 2, 110, 4, 26, dimmed(light, DARK_WOOD))
        yield oval(x, 136, 12, 2.4, dimmed(light, DARK_WOOD))
        yield area(dimmed(light, "#efe8da"), "M", x - 24, 106, "h", 48, "l", 3, 15, "q", -27, 5, -54, 0, "Z")
        yield oval(x, 106, 24, 3, dimmed(light, "#fbf7ee"))
        yield rectangle(x - 1.6, 95, 3.2, 10, "#f0e3c0" if light.is_dark else dimmed(light, "#f4eede"), 1)
        if light.is_dark:
            yield glow(x, 94, 34, LAMP, 0.7)
        yield from hanging_lamp(light, x, -2, "#8f4a35")


def library(light: Daylight) -> Iterator[str]:
    """Yield shelves of books to the ceiling, a ladder, and a table with a lamp."""
    yield from shell(light, "#c2ae8c", "#7d5d44", DARK_WOOD)
    for x in (-52, 22, 226, 300):
        yield from shelf(light, x, -18, 68, 8)
    yield from window(light, 116, -4, 88, 76, "#6b4b34")
    wood = dimmed(light, "#a87a4c")
    for x in (236, 258):
        yield line(wood, 2.4, "M", x + 8, -20, "L", x, 132)
    for y in range(-8, 130, 14):
        yield line(wood, 1.8, "M", 243 - y * 0.053, y, "h", 22)
    yield from table(light, 92, 110, 136, 34)
    for x, wide, colour in ((104, 24, "#a3493d"), (107, 20, "#3f6a7d"), (186, 26, "#5f7a52")):
        yield rectangle(x, 102 if x != 107 else 97.5, wide, 4.6, dimmed(light, colour), 0.8)
    yield rectangle(159, 90, 2, 17, dimmed(light, "#c9a24e"))
    yield area(dimmed(light, "#3f7a5c"), "M", 148, 91, "q", 2, -8, 12, -8, "q", 10, 0, 12, 8, "Z")
    if light.is_dark:
        yield glow(160, 96, 74, LAMP, 0.6)


def bathroom(light: Daylight) -> Iterator[str]:
    """Yield tiles, a tub with a curtain, a basin and a mirror."""
    yield from shell(light, "#dfe7e8", "#b9c6ca", "#9db1b6")
    for row in range(9):
        for column in range(37):
            tile = "#cfe0e2" if row else "#8fb4b9"
            yield rectangle(-60 + column * 12, 18 + row * 11.2, 11.2, 10.4, dimmed(light, tile))
    yield from window(light, 132, -14, 40, 30)
    white = dimmed(light, "#f7f8f5")
    yield rectangle(210, 20, 44, 54, dimmed(light, METAL), 3)
    yield rectangle(213, 23, 38, 48, dimmed(light, "#bcd3da"), 2)
    yield polygon("#ffffff55", (222, 23), (236, 23), (218, 71), (213, 71), (213, 50))
    yield area(white, "M", 206, 92, "h", 52, "q", -4, 18, -20, 18, "h", -12, "q", -16, 0, -20, -18, "Z")
    yield rectangle(225, 108, 14, 30, toned(white, 0.92), 2)
    yield line(dimmed(light, METAL), 2.4, "M", 232, 91, "v", -8, "h", 6)
    yield area(white, "M", 18, 98, "h", 120, "q", 0, 34, -18, 36, "h", -84, "q", -18, -2, -18, -36, "Z")
    yield rectangle(12, 94, 132, 6, toned(white, 0.94), 3)
    yield line(dimmed(light, METAL), 2.4, "M", 126, 94, "v", -14, "h", -8, "v", 3)
    yield rectangle(-60, 2, 214, 2, dimmed(light, METAL))
    for number, x in enumerate(range(-6, 34, 10)):
        cloth = dimmed(light, "#d98a6f" if number % 2 else "#e2a088")
        yield area(cloth, "M", x, 4, "h", 10, "q", 2, 60, 0, 116, "h", -10, "q", 2, -60, 0, -116, "Z")
    yield rectangle(276, 66, 34, 3, dimmed(light, METAL), 1)
    yield rectangle(280, 68, 24, 34, dimmed(light, "#c96f5a"), 1)
    yield oval(214, 150, 44, 7, dimmed(light, "#d3a58f"))
    if light.is_dark:
        yield rectangle(214, 12, 36, 5, "#fff6dc", 2)
        yield glow(232, 20, 100, LAMP, 0.45)
