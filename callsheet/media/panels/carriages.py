"""Rooms that move people: the carriage of a train, a bus or an aeroplane, and a lift."""

from collections.abc import Iterator

from callsheet.media.panels.daylight import Daylight
from callsheet.media.panels.furniture import dimmed, shell
from callsheet.media.panels.pen import area, disc, glow, gradient, line, polygon, rectangle, toned


def carriage(light: Daylight) -> Iterator[str]:
    """Yield a band of windows, racks above it, and seats that face each other."""
    yield from shell(light, "#d9d3c4", "#7c7468", "#6f6a62")
    yield gradient("outside", *light.sky)
    for x in (-40, 66, 172, 278):
        yield rectangle(x - 3, 27, 90, 54, dimmed(light, "#8d8f8c"), 7)
        yield rectangle(x, 30, 84, 48, "url(#outside)", 5)
        yield area(light.on("#7d9468"), "M", x, 70, "Q", x + 30, 58, x + 84, 68, "L", x + 84, 78, "L", x, 78, "Z")
        yield polygon("#ffffff20", (x + 10, 30), (x + 28, 30), (x + 14, 78), (x + 2, 78))
    rack = dimmed(light, "#9a948a")
    yield rectangle(-60, 12, 440, 3, rack)
    for x in range(-50, 380, 16):
        yield line(toned(rack, 0.85), 0.8, "M", x, 14, "l", 5, 8)
    yield rectangle(-60, 21, 440, 1.6, rack)
    cloth = dimmed(light, "#9a4a44")
    for x, back in ((-6, -1), (62, 1), (206, -1), (274, 1)):
        left = x if back < 0 else x + 38
        yield rectangle(left, 74, 10, 56, cloth, 4)
        yield rectangle(left + (1 if back < 0 else 0), 70, 9, 12, dimmed(light, "#e8e2d4"), 3)
        yield rectangle(x, 108, 48, 12, toned(cloth, 0.9), 4)
        yield rectangle(x + 3, 119, 42, 12, dimmed(light, "#4d4a48"))
    if light.is_dark:
        for x in (60, 260):
            yield rectangle(x - 16, 3, 32, 4, "#fff2c8", 2)
            yield glow(x, 20, 96, "#ffe6b0", 0.4)


def lift(light: Daylight) -> Iterator[str]:
    """Yield panels of steel with a mirror, a handrail, the buttons, and the number of the floor above the door."""
    yield from shell(light, "#b9bdc0", "#6d675f", "#55585c")
    steel = dimmed(light, "#aeb4b8")
    for x in range(-58, 380, 56):
        yield rectangle(x, -140, 54, 258, toned(steel, 0.96 if x % 3 else 1.04), 1)
    glass = dimmed(light, "#d7e4e8")
    yield rectangle(112, 22, 96, 62, dimmed(light, "#7d8286"), 2)
    yield rectangle(115, 25, 90, 56, glass, 1)
    yield polygon("#ffffff50", (126, 25), (146, 25), (124, 81), (115, 81), (115, 58))
    yield rectangle(-60, 91, 440, 4, dimmed(light, "#d8c08a"), 2)
    yield rectangle(246, 46, 26, 62, dimmed(light, "#7d8286"), 3)
    yield rectangle(250, 50, 18, 11, "#1d2226", 1)
    yield line("#ff8a4a", 1.4, "M", 256, 52.5, "l", 4, 0, "l", 0, 3, "l", -4, 3, "l", 4, 0)
    for row in range(4):
        for column in range(2):
            lit = (row, column) == (1, 1)
            yield disc(254.5 + column * 9, 69 + row * 9.5, 3.1, "#ffd98c" if lit else dimmed(light, "#e8e4da"))
    yield rectangle(130, -4, 60, 5, "#fff6dc" if light.is_dark else "#fbfaf4", 2)
    yield glow(160, 8, 150, "#ffe9bd", 0.42 if light.is_dark else 0.2)
