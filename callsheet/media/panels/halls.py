"""Rooms that people pass through: the hall of a station or an airport, and a staircase."""

from collections.abc import Iterator

from callsheet.media.panels.daylight import Daylight
from callsheet.media.panels.furniture import LAMP, METAL, WOOD, dimmed, shell
from callsheet.media.panels.pen import disc, glow, gradient, line, polygon, rectangle, toned


def concourse(light: Daylight) -> Iterator[str]:
    """Yield a high hall with a wall of glass, a board of departures, a clock, benches and a desk."""
    yield from shell(light, "#d8d5cc", "#b3aca0", "#8f8a82")
    frame, wood = dimmed(light, "#6d7278"), dimmed(light, WOOD)
    yield gradient("outside", *light.sky)
    yield rectangle(-60, -30, 440, 116, "url(#outside)")
    for x in range(-60, 381, 44):
        yield rectangle(x - 1.5, -140, 3, 228, frame)
    for y in (-30, 8, 46, 84):
        yield rectangle(-60, y, 440, 2.4, frame)
    for x in (-18, 334):
        yield rectangle(x - 7, -140, 14, 266, dimmed(light, "#c4bfb4"), 1)
        yield rectangle(x - 10, 112, 20, 14, dimmed(light, "#a39e94"), 1)
    yield from _departures(frame)
    yield rectangle(18, 96, 62, 28, dimmed(light, "#55708a"), 2)
    yield rectangle(14, 93, 70, 4.5, wood, 1)
    yield disc(34, 103, 3.6, dimmed(light, "#f2ead8"))
    yield from _benches(light)
    for x in range(-60, 380, 62):
        yield polygon("#ffffff14", (x, 122), (x + 30, 122), (160 + (x - 130) * 2.4, 300), (160 + (x - 160) * 2.4, 300))
    if light.is_dark:
        for x in (70, 250):
            yield rectangle(x - 22, -2, 44, 4, "#fff2c8", 2)
            yield glow(x, 12, 110, LAMP, 0.4)


def _departures(frame: str) -> Iterator[str]:
    """Yield a board with lines of letters, and a clock beside it."""
    yield rectangle(98, 14, 124, 44, "#1c2228", 2)
    for row in range(5):
        colour = ("#f2c65a", "#e8ebee")[row % 2]
        for left, wide in ((103, 16), (124, 44 - row * 7 % 18), (178, 12), (198, 16 + row * 5 % 6)):
            yield rectangle(left, 20 + row * 7.4, wide, 2.6, colour, 0.6)
    yield disc(250, 34, 13, frame)
    yield disc(250, 34, 11, "#f6f3ea")
    yield line("#2a2a30", 1.4, "M", 250, 27, "V", 34, "l", 5, 4)


def _benches(light: Daylight) -> Iterator[str]:
    """Yield two benches with backs."""
    for left in (232, 284):
        yield rectangle(left, 104, 44, 8, toned(dimmed(light, "#4f6b7d"), 0.9), 3)
        yield rectangle(left, 113, 44, 5, dimmed(light, "#4f6b7d"), 2)
        for leg in (5, 36):
            yield rectangle(left + leg, 118, 2.6, 12, dimmed(light, METAL))


def stairs(light: Daylight) -> Iterator[str]:
    """Yield a staircase: a flight of steps that leads up beside a rail, a window, and a door below."""
    yield from shell(light, "#cfc6b4", "#8a7e70", "#7d7264")
    wall, stone = dimmed(light, "#cfc6b4"), dimmed(light, "#a59a8a")
    yield rectangle(-60, 58, 440, 64, toned(wall, 0.9))
    yield rectangle(-60, 56, 440, 2.4, toned(wall, 0.72))
    yield gradient("outside", *light.sky)
    yield rectangle(246, -14, 46, 58, dimmed(light, "#efe9dc"), 2)
    yield rectangle(249, -11, 40, 52, "url(#outside)")
    yield rectangle(268, -11, 2, 52, dimmed(light, "#efe9dc"))
    door = dimmed(light, "#5d4636")
    yield rectangle(36, 54, 38, 68, toned(door, 0.7), 1)
    yield rectangle(39, 57, 32, 65, door, 1)
    yield disc(66, 92, 1.5, dimmed(light, "#d8b45a"))
    for step in range(16):
        left, top = 118 + step * 17, 113 - step * 11
        yield rectangle(left, top, 280 - step * 17, 12, toned(stone, 0.86 if step % 2 else 0.92))
        yield rectangle(left - 2, top, 20, 3, toned(stone, 1.2))
    rail = dimmed(light, "#5d4230")
    for step in range(0, 16, 2):
        yield rectangle(126 + step * 17, 74 - step * 11, 2, 42, dimmed(light, "#3b3d42"))
    yield line(rail, 5, "M", 118, 80, "L", 400, -102)
    yield rectangle(114, 70, 8, 53, rail, 2)
    yield disc(118, 68, 5.5, toned(rail, 1.2))
    yield rectangle(140, -18, 26, 4, "#fff2c8" if light.is_dark else "#f7f3e4", 2)
    if light.is_dark:
        yield glow(152, -8, 130, LAMP, 0.45)
