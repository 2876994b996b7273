"""What rooms share: wall and floor, windows, lamps, shelves and tables, in the light of the scene."""

from collections.abc import Iterator

from callsheet.media.panels.daylight import Daylight
from callsheet.media.panels.pen import area, blended, disc, glow, gradient, line, oval, polygon, rectangle, toned

FLOOR = 122
LAMP = "#ffd58a"
WOOD, DARK_WOOD, METAL, PAPER = "#8a6444", "#5d4230", "#8d95a0", "#efe9dc"


def dimmed(light: Daylight, colour: str) -> str:
    """Return the colour of a thing in a room: by night a lamp lights it, and shadows are blue."""
    return blended(colour, "#221f33", {"night": 0.46, "dusk": 0.3, "dawn": 0.12}.get(light.name, 0.0))


def shell(light: Daylight, wall: str, floor: str, skirting: str = "") -> Iterator[str]:
    """Yield wall and floor."""
    wall, floor = dimmed(light, wall), dimmed(light, floor)
    yield gradient("wall", toned(wall, 0.86), wall)
    yield rectangle(-60, -140, 440, 140 + FLOOR, "url(#wall)")
    yield gradient("floor", floor, toned(floor, 0.7))
    yield rectangle(-60, FLOOR, 440, 240, "url(#floor)")
    yield rectangle(-60, FLOOR - 4, 440, 4, dimmed(light, skirting) if skirting else toned(wall, 0.78))


def window(light: Daylight, x: float, y: float, width: float, height: float, frame: str = PAPER) -> Iterator[str]:
    """Yield a window with the sky behind it, and its light on the floor by day."""
    frame = dimmed(light, frame)
    yield gradient("outside", *light.sky)
    yield rectangle(x - 3, y - 3, width + 6, height + 6, frame, 1.5)
    yield rectangle(x, y, width, height, "url(#outside)")
    if light.name == "night":
        yield disc(x + width * 0.72, y + height * 0.28, min(width, height) * 0.1, "#f2ecd2")
    yield polygon(
        "#ffffff18", (x + width * 0.12, y), (x + width * 0.34, y), (x + width * 0.1, y + height), (x, y + height * 0.86)
    )
    yield rectangle(x + width / 2 - 0.9, y, 1.8, height, frame)
    yield rectangle(x, y + height / 2 - 0.9, width, 1.8, frame)
    yield rectangle(x - 5, y + height + 2, width + 10, 3, toned(frame, 0.85))
    if not light.is_dark:
        yield polygon(
            "#fff6d828", (x, FLOOR + 6), (x + width, FLOOR + 6), (x + width - 34, FLOOR + 46), (x - 40, FLOOR + 46)
        )


def hanging_lamp(light: Daylight, x: float, y: float, shade: str = "#c9793f") -> Iterator[str]:
    """Yield a lamp on a cord from the ceiling, lit when it is dark."""
    yield line(dimmed(light, "#3a3a40"), 0.9, "M", x, -140, "L", x, y)
    yield area(dimmed(light, shade), "M", x - 4, y, "L", x + 4, y, "L", x + 10, y + 9, "L", x - 10, y + 9, "Z")
    if light.is_dark:
        yield disc(x, y + 9, 3.4, "#fff2c8")
        yield glow(x, y + 14, 78, LAMP, 0.5)


def standing_lamp(light: Daylight, x: float) -> Iterator[str]:
    """Yield a lamp with a shade that stands on the floor."""
    yield rectangle(x - 0.8, 78, 1.6, 50, dimmed(light, "#3a3a40"))
    yield oval(x, 129, 7, 1.8, dimmed(light, "#3a3a40"))
    yield area(
        dimmed(light, "#e8c79a") if not light.is_dark else "#ffe2ae",
        "M",
        x - 6,
        62,
        "L",
        x + 6,
        62,
        "L",
        x + 11,
        80,
        "L",
        x - 11,
        80,
        "Z",
    )
    if light.is_dark:
        yield glow(x, 74, 84, LAMP, 0.55)


def picture(light: Daylight, x: float, y: float, width: float, height: float, ground: str) -> Iterator[str]:
    """Yield a picture of a mountain in a frame."""
    yield rectangle(x, y, width, height, dimmed(light, DARK_WOOD))
    yield rectangle(x + 2, y + 2, width - 4, height - 4, dimmed(light, ground))
    yield polygon(
        dimmed(light, toned(ground, 0.7)),
        (x + 2, y + height - 2),
        (x + width * 0.4, y + height * 0.45),
        (x + width * 0.7, y + height - 2),
    )


def shelf(light: Daylight, x: float, top: float, width: float, rows: int, pitch: float = 17.0) -> Iterator[str]:
    """Yield shelves with books: the same each time."""
    colours = ("#a3493d", "#3f6a7d", "#c39a4b", "#5f7a52", "#6d5577", "#d8cdb8")
    yield rectangle(x - 2, top - 3, width + 4, rows * pitch + 4, dimmed(light, DARK_WOOD))
    for row in range(rows):
        base = top + (row + 1) * pitch - 3
        yield rectangle(x, top + row * pitch, width, pitch - 3, dimmed(light, toned(DARK_WOOD, 0.7)))
        at, number = x + 1.5, row * 7
        while at < x + width - 5:
            thick, high = 2.2 + number * 5 % 3, 8 + number * 7 % 5
            if number % 6 != 5:
                yield rectangle(at, base - high, thick, high, dimmed(light, colours[number * 3 % len(colours)]))
            at, number = at + thick + 0.5, number + 1


def table(light: Daylight, x: float, y: float, width: float, height: float, colour: str = WOOD) -> Iterator[str]:
    """Yield a plain table by the left end of its top, and how high its legs are."""
    wood = dimmed(light, colour)
    for leg in (x + 3, x + width - 6):
        yield rectangle(leg, y, 3, height, toned(wood, 0.75))
    yield rectangle(x, y - 3.5, width, 4.5, wood, 1)
