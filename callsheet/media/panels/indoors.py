"""Rooms: each is drawn on a ground of 320 by 180 whose floor begins at 122, and beyond it for a low camera."""

from collections.abc import Iterator

from callsheet.media.panels.daylight import Daylight
from callsheet.media.panels.furniture import (
    DARK_WOOD,
    LAMP,
    METAL,
    PAPER,
    WOOD,
    dimmed,
    hanging_lamp,
    picture,
    shelf,
    shell,
    standing_lamp,
    table,
    window,
)
from callsheet.media.panels.pen import area, blended, disc, glow, gradient, line, oval, polygon, rectangle, toned


def room(light: Daylight) -> Iterator[str]:
    """Yield plain walls, a door, and a table with chairs: a room of which no more is known."""
    yield from shell(light, "#d3cdc0", "#95836e")
    door, brass = dimmed(light, "#8d7357"), dimmed(light, "#c9a24e")
    yield rectangle(230, 30, 50, 92, dimmed(light, PAPER))
    yield rectangle(234, 34, 42, 88, door)
    for y, high in ((40, 30), (78, 36)):
        yield rectangle(240, y, 30, high, toned(door, 0.88), 1)
    yield disc(239, 80, 1.8, brass)
    for x in (64, 150):
        chair = dimmed(light, "#6f5844")
        yield rectangle(x, 92, 24, 4, chair, 1)
        for post in (x + 1, x + 19.5):
            yield rectangle(post, 92, 3.4, 40, chair)
        yield rectangle(x - 1, 112, 26, 4, toned(chair, 1.1), 1)
    yield from table(light, 48, 110, 142, 34)
    yield from hanging_lamp(light, 119, 8, "#7d8a84")


def living_room(light: Daylight) -> Iterator[str]:
    """Yield a room with a sofa, a window and a lamp."""
    yield from shell(light, "#d9cdb8", "#a98a68")
    yield from window(light, 196, 34, 62, 54)
    for x in (186, 262):
        yield area(dimmed(light, "#b5654d"), "M", x, 26, "q", 9, 40, 1, 78, "h", 10, "q", -6, -40, 0, -78, "Z")
    yield from picture(light, 96, 38, 34, 26, "#a9bfae")
    yield oval(160, 150, 120, 17, dimmed(light, "#8c5a4a"))
    yield oval(160, 150, 100, 13, dimmed(light, "#a8705b"))
    sofa = dimmed(light, "#56708a")
    yield rectangle(60, 92, 96, 30, sofa, 7)
    yield rectangle(66, 106, 84, 20, toned(sofa, 1.14), 4)
    for x in (54, 148):
        yield rectangle(x, 102, 14, 28, toned(sofa, 0.86), 6)
    yield from standing_lamp(light, 36)
    yield rectangle(284, 96, 26, 32, dimmed(light, WOOD), 1)
    yield disc(297, 84, 13, dimmed(light, "#5f8a5a"))
    yield rectangle(291, 90, 12, 10, dimmed(light, "#c98d63"), 2)


def craft(light: Daylight) -> Iterator[str]:
    """Yield the inside of a boat or a cockpit: a low cabin with a band of windows, benches, and a wheel."""
    yield from shell(light, "#9a7450", "#6b4c34", "#5d4230")
    for board in range(-40, 380, 22):
        yield rectangle(board, -140, 0.8, 262, dimmed(light, "#7a5a3c"))
    yield rectangle(-60, 8, 440, 7, dimmed(light, "#6a4b32"))
    yield gradient("outside", *light.sky)
    for x in (18, 88, 158, 228, 298):
        yield rectangle(x - 3, 29, 58, 46, dimmed(light, "#5a4029"), 9)
        yield rectangle(x, 32, 52, 40, "url(#outside)", 7)
        yield rectangle(x, 58, 52, 14, light.on("#5d8396"), 5)
        yield polygon("#ffffff1c", (x + 6, 32), (x + 18, 32), (x + 8, 72), (x + 1, 72))
        for drop in range(5):
            yield line("#ffffff50", 0.6, "M", x + 6 + drop * 10 % 47, 36 + drop * 7 % 20, "l", -1, 6)
    yield rectangle(-60, 96, 440, 5, dimmed(light, "#c49a5a"))
    bench = dimmed(light, "#7d3f38")
    yield rectangle(196, 104, 130, 10, bench, 3)
    yield rectangle(196, 112, 130, 14, dimmed(light, DARK_WOOD))
    yield from _ship_wheel(light, 62, 100)
    yield from hanging_lamp(light, 176, 15, "#b98a45")


def _ship_wheel(light: Daylight, x: float, y: float) -> Iterator[str]:
    brass = dimmed(light, "#cda14e")
    yield polygon(dimmed(light, DARK_WOOD), (x - 7, y), (x + 7, y), (x + 11, 132), (x - 11, 132))
    for spoke in range(4):
        turned = f"rotate({spoke * 45} {x} {y})"
        yield f'<g transform="{turned}">{rectangle(x - 1, y - 26, 2, 52, brass, 1)}</g>'
    yield f'<circle cx="{x}" cy="{y}" r="18" fill="none" stroke="{brass}" stroke-width="3.4"/>'
    yield disc(x, y, 4.6, toned(brass, 0.8))


def kitchen(light: Daylight) -> Iterator[str]:
    """Yield cupboards, a stove and a window over the sink."""
    yield from shell(light, "#dfe3d4", "#b89f80")
    for row in range(4):
        for column in range(22):
            yield rectangle(
                -60 + column * 20, 62 + row * 9, 19, 8, dimmed(light, "#eef0e6" if (row + column) % 5 else "#cfdcd4")
            )
    front, top = dimmed(light, "#6f8f86"), dimmed(light, "#e9e2d2")
    yield rectangle(-60, 98, 440, 40, front)
    yield rectangle(-60, 94, 440, 5, top)
    for x in range(-50, 380, 42):
        yield rectangle(x, 102, 38, 32, toned(front, 0.9), 1)
        yield rectangle(x + 15, 105, 8, 1.6, dimmed(light, METAL), 0.8)
    for x in (8, 54, 224, 270):
        yield rectangle(x, 4, 42, 40, toned(front, 0.95), 1)
        yield rectangle(x + 17, 38, 8, 1.6, dimmed(light, METAL), 0.8)
    yield from window(light, 118, 16, 74, 50)
    yield rectangle(212, 92, 46, 46, dimmed(light, "#4b4f57"), 2)
    yield rectangle(218, 106, 34, 22, dimmed(light, "#2b2e34"), 2)
    yield oval(224, 92, 8, 2, dimmed(light, "#2b2e34"))
    yield rectangle(238, 80, 16, 12, dimmed(light, "#b5523f"), 2)
    yield rectangle(152, 82, 2.4, 12, dimmed(light, METAL))
    yield line(dimmed(light, METAL), 2.2, "M", 153, 83, "q", 6, -6, 10, 2)
    yield from hanging_lamp(light, 160, 6)


def bedroom(light: Daylight) -> Iterator[str]:
    """Yield a bed, a small table and a window."""
    yield from shell(light, "#b9b6c9", "#a58b70")
    yield from window(light, 214, 28, 56, 56)
    yield from picture(light, 76, 34, 40, 28, "#c8b08f")
    wood = dimmed(light, WOOD)
    yield rectangle(44, 76, 110, 46, wood, 4)
    yield rectangle(50, 100, 98, 30, dimmed(light, "#e9e4da"), 4)
    for x in (58, 104):
        yield rectangle(x, 92, 36, 16, dimmed(light, "#f6f3ec"), 6)
    yield area(dimmed(light, "#5a6f96"), "M", 46, 116, "Q", 99, 106, 152, 116, "L", 158, 160, "L", 40, 160, "Z")
    yield rectangle(166, 100, 28, 32, wood, 1)
    yield rectangle(170, 108, 20, 8, toned(wood, 0.8), 1)
    yield rectangle(179, 88, 2, 12, dimmed(light, METAL))
    yield area("#ffe2ae" if light.is_dark else "#e8d3ad", "M", 174, 78, "h", 12, "l", 4, 12, "h", -20, "Z")
    if light.is_dark:
        yield glow(180, 84, 74, LAMP, 0.55)
    yield rectangle(284, 40, 44, 92, toned(wood, 0.85), 1)
    yield rectangle(305, 40, 1, 92, toned(wood, 0.6))


def office(light: Daylight) -> Iterator[str]:
    """Yield shelves, a desk with a lamp, and blinds."""
    yield from shell(light, "#c9ccc6", "#8c8378")
    yield from window(light, 130, 26, 84, 58, "#7d8086")
    for y in range(28, 82, 6):
        yield rectangle(130, y, 84, 1.8, dimmed(light, "#d9d7cf"))
    yield from shelf(light, 16, 24, 84, 6)
    yield rectangle(250, 62, 44, 70, dimmed(light, "#767b80"), 1)
    for y in (66, 88, 110):
        yield rectangle(253, y, 38, 19, dimmed(light, "#8b9096"), 1)
        yield rectangle(267, y + 8, 10, 2, dimmed(light, "#4b4f54"))
    yield from table(light, 112, 112, 120, 34)
    yield rectangle(138, 84, 40, 25, dimmed(light, "#2b2e34"), 2)
    yield rectangle(141, 87, 34, 19, dimmed(light, "#6f93a8"))
    yield rectangle(156, 108, 4, 2, dimmed(light, "#2b2e34"))
    yield line(dimmed(light, "#3a5a4a"), 1.6, "M", 206, 108, "L", 212, 90, "L", 200, 82)
    yield area(dimmed(light, "#3f7a5c"), "M", 192, 84, "l", 8, -8, "l", 8, 6, "l", -8, 7, "Z")
    if light.is_dark:
        yield glow(196, 96, 60, LAMP, 0.6)


def bar(light: Daylight) -> Iterator[str]:
    """Yield a counter with stools, and bottles on a lit shelf."""
    yield from shell(light, "#5a3f3a", "#4a3a33", "#3b2a24")
    yield rectangle(70, 18, 180, 62, dimmed(light, "#3d2b27"), 2)
    colours = ("#4f7f5b", "#b5813f", "#7d9db0", "#a5493d", "#d3c69a")
    for row, base in enumerate((46, 76)):
        yield rectangle(74, base, 172, 2.4, dimmed(light, "#8a6444"))
        for number in range(17):
            high = 13 + (number * 5 + row * 3) % 8
            colour = dimmed(light, colours[(number * 3 + row) % len(colours)])
            yield rectangle(79 + number * 10, base - high, 5, high, colour, 1.6)
            yield rectangle(80.6 + number * 10, base - high - 4, 1.8, 5, colour)
    yield glow(160, 50, 110, "#ffb45e", 0.28)
    counter = dimmed(light, "#7a4a30")
    yield rectangle(-60, 98, 440, 6, toned(counter, 1.2), 2)
    yield rectangle(-60, 103, 440, 34, counter)
    for x in range(-50, 370, 48):
        yield rectangle(x, 107, 40, 26, toned(counter, 0.86), 1)
    for x in (44, 104, 226, 286):
        yield rectangle(x - 1.2, 126, 2.4, 34, dimmed(light, "#2d2a2c"))
        yield oval(x, 125, 11, 3.4, dimmed(light, "#93423a"))
        yield oval(x, 160, 8, 2, dimmed(light, "#2d2a2c"))
    for x in (60, 160, 260):
        yield from hanging_lamp(light, x, 4, "#3f7a6a")


def shop(light: Daylight) -> Iterator[str]:
    """Yield shelves of goods on both sides and a counter."""
    yield from shell(light, "#d8cfae", "#b3a48c")
    goods = ("#c8574a", "#4f86a5", "#e0b44c", "#6f9a62", "#a06a98", "#e6dcc8")
    for left in (6, 216):
        yield rectangle(left - 4, 14, 108, 112, dimmed(light, DARK_WOOD))
        for row in range(5):
            base = 32 + row * 22
            yield rectangle(left, base, 100, 2.4, dimmed(light, WOOD))
            for number in range(11):
                high = 8 + (number * 7 + row * 5) % 9
                yield rectangle(
                    left + 2 + number * 9, base - high, 7, high, dimmed(light, goods[(number * 5 + row * 2) % 6]), 1
                )
    yield from window(light, 126, 28, 70, 60)
    counter = dimmed(light, "#9a6d48")
    yield rectangle(108, 104, 104, 36, counter, 1)
    yield rectangle(104, 100, 112, 5, toned(counter, 1.2), 1)
    yield from hanging_lamp(light, 160, 2, "#5f7f6a")


def classroom(light: Daylight) -> Iterator[str]:
    """Yield a blackboard and rows of desks."""
    yield from shell(light, "#dcd6bf", "#b59874")
    yield rectangle(74, 24, 152, 64, dimmed(light, WOOD), 1)
    yield rectangle(78, 28, 144, 56, dimmed(light, "#31564a"))
    chalk = dimmed(light, "#dfe8df")
    yield line(
        chalk,
        0.9,
        "M",
        92,
        70,
        "L",
        92,
        38,
        "M",
        88,
        66,
        "L",
        140,
        66,
        "M",
        92,
        62,
        "Q",
        108,
        60,
        118,
        44,
        "T",
        138,
        40,
    )
    for y, width in ((40, 44), (49, 52), (58, 34)):
        yield line(chalk, 1.1, "M", 158, y, "q", width / 4, -2.4, width / 2, 0, "t", width / 2, 0)
    yield from window(light, 250, 26, 52, 56)
    for row, (y, scale) in enumerate(((126, 0.8), (144, 1.0))):
        for number in range(4):
            x = 20 + number * 82 - row * 10
            yield from table(light, x, y, 50 * scale, 20 * scale)
    yield disc(40, 42, 10, dimmed(light, "#f4f1e6"))
    yield line(dimmed(light, "#3a3a40"), 1, "M", 40, 42, "L", 40, 35, "M", 40, 42, "L", 45, 44)


def ward(light: Daylight) -> Iterator[str]:
    """Yield a bed with a curtain and a screen, or what a laboratory has of them."""
    yield from shell(light, "#cfe0de", "#b7c1bf", "#8fb0ac")
    yield from window(light, 214, 26, 64, 52)
    curtain = dimmed(light, "#8fbfb8")
    yield rectangle(-60, 14, 200, 2.4, dimmed(light, METAL))
    for x in range(4, 66, 12):
        yield area(
            toned(curtain, 0.92 if x % 24 == 4 else 1.08),
            "M",
            x,
            16,
            "h",
            12,
            "q",
            2,
            50,
            0,
            100,
            "h",
            -12,
            "q",
            2,
            -50,
            0,
            -100,
            "Z",
        )
    metal = dimmed(light, METAL)
    yield rectangle(92, 84, 4, 52, metal)
    yield rectangle(206, 98, 4, 38, metal)
    yield rectangle(94, 108, 114, 13, dimmed(light, "#f4f5f2"), 4)
    yield rectangle(98, 98, 30, 14, dimmed(light, "#ffffff"), 5)
    yield rectangle(124, 103, 84, 16, dimmed(light, "#7fa7b8"), 4)
    yield rectangle(228, 92, 2, 42, metal)
    yield rectangle(216, 78, 30, 22, dimmed(light, "#3b4650"), 2)
    yield line("#7be09a", 1, "M", 219, 90, "h", 6, "l", 2, -7, "l", 3, 12, "l", 2, -5, "h", 9)


def corridor(light: Daylight) -> Iterator[str]:
    """Yield a passage that leads away, with doors on both sides and a door at its end."""
    wall, floor = dimmed(light, "#cbbfa6"), dimmed(light, "#84694f")
    yield rectangle(-60, -140, 440, 440, toned(wall, 0.9))
    yield polygon(toned(wall, 0.62), (-60, -140), (380, -140), (204, 30), (116, 30))
    yield polygon(wall, (-60, -140), (116, 30), (116, 122), (-60, 300))
    yield polygon(toned(wall, 0.84), (380, -140), (204, 30), (204, 122), (380, 300))
    yield polygon(floor, (116, 122), (204, 122), (380, 300), (-60, 300))
    yield polygon(dimmed(light, "#8d3f3b"), (142, 122), (178, 122), (250, 300), (70, 300))
    yield rectangle(116, 30, 88, 92, toned(wall, 1.1))
    door = dimmed(light, "#6b4a33")
    yield rectangle(143, 52, 34, 70, door, 1)
    yield disc(171, 88, 1.4, dimmed(light, "#d8b45a"))
    for far, near, tone in ((88, 56, 0.9), (232, 264, 0.75)):
        away = (far - 160) / 44
        top_far, top_near = 48 + (abs(away) - 1) * -6, 30 - (abs(near - 160) - 104) * 0.9
        yield polygon(
            toned(door, tone),
            (far, top_far),
            (near, top_near),
            (near, 122 + abs(near - 160) - 44),
            (far, 122 + abs(far - 160) - 44),
        )
    yield rectangle(150, 34, 20, 4, "#fff2c8" if light.is_dark else "#f7f3e4", 2)
    if light.is_dark:
        yield glow(160, 38, 90, LAMP, 0.45)


def nave(light: Daylight) -> Iterator[str]:
    """Yield pillars and pointed windows."""
    yield from shell(light, "#b4aea3", "#8b8279")
    for x, colour in ((56, "#7a97b8"), (160, "#b88a6a"), (264, "#7aa58c")):
        pane = blended(colour, light.sky[1], 0.35)
        yield area(
            dimmed(light, "#6d675e"),
            "M",
            x - 23,
            100,
            "V",
            40,
            "Q",
            x - 20,
            6,
            x,
            -10,
            "Q",
            x + 20,
            6,
            x + 23,
            40,
            "V",
            100,
            "Z",
        )
        yield area(pane, "M", x - 18, 96, "V", 42, "Q", x - 16, 14, x, 0, "Q", x + 16, 14, x + 18, 42, "V", 96, "Z")
        yield rectangle(x - 0.8, 0, 1.6, 96, dimmed(light, "#4d4841"))
        for y in (36, 58, 78):
            yield rectangle(x - 18, y, 36, 1.4, dimmed(light, "#4d4841"))
        if not light.is_dark:
            yield polygon("#fff3cc26", (x - 18, 96), (x + 18, 96), (x - 20, 190), (x - 76, 190))
    for x in (-4, 104, 208, 312):
        stone = dimmed(light, "#c4bdb1")
        yield rectangle(x, -140, 16, 270, stone)
        yield rectangle(x + 10, -140, 6, 270, toned(stone, 0.82))
        yield rectangle(x - 4, 120, 24, 10, toned(stone, 0.9), 1)
    if light.is_dark:
        for x in (90, 230):
            yield rectangle(x, 96, 3, 28, "#e9e0c8")
            yield glow(x + 1, 92, 60, LAMP, 0.6)


def cellar(light: Daylight) -> Iterator[str]:
    """Yield walls of stone, a barred window and one lamp."""
    yield from shell(light, "#6e6a68", "#4f4a47")
    stone = dimmed(light, "#7d7875")
    for row in range(-6, 7):
        for column in range(12):
            x, y = -60 + column * 38 + row % 2 * 19, 2 + row * 18
            if (row * 5 + column * 3) % 4:
                yield rectangle(x, y, 36, 16, toned(stone, 0.86 + (row * 7 + column) % 3 * 0.07), 2)
    yield gradient("outside", *light.sky)
    yield rectangle(212, 20, 46, 30, "#2b2928", 1)
    yield rectangle(215, 23, 40, 24, "url(#outside)")
    for x in (222, 231, 240, 249):
        yield rectangle(x, 22, 2.4, 27, "#1f1e1e")
    yield polygon("#ffffff12", (215, 47), (255, 47), (170, 170), (90, 170))
    yield rectangle(34, 104, 84, 6, dimmed(light, WOOD), 1)
    for x in (40, 106):
        yield rectangle(x, 110, 4, 26, dimmed(light, DARK_WOOD))
    yield line("#2b2928", 0.8, "M", 150, -140, "L", 150, 26)
    yield disc(150, 29, 3.6, "#fff0c0")
    yield glow(150, 34, 96, LAMP, 0.42)


def stage(light: Daylight) -> Iterator[str]:
    """Yield a curtain, boards and a spot of light."""
    yield rectangle(-60, -140, 440, 440, "#2a1518")
    for number, x in enumerate(range(-60, 380, 20)):
        yield gradient(f"fold{number}", "#7d2027", "#4d1218")
        yield area(
            f"url(#fold{number})",
            "M",
            x,
            -140,
            "h",
            20,
            "q",
            3,
            130,
            0,
            264,
            "q",
            -10,
            5,
            -20,
            0,
            "q",
            3,
            -130,
            0,
            -264,
            "Z",
        )
    yield rectangle(-60, 122, 440, 200, dimmed(light, "#8a6444"))
    for y in (130, 141, 156, 176, 200):
        yield rectangle(-60, y, 440, 0.9, dimmed(light, "#6b4b32"))
    yield polygon("#fff1c91c", (150, -140), (170, -140), (236, 152), (84, 152))
    yield oval(160, 152, 78, 14, "#fff1c940")
    for x in range(10, 320, 50):
        yield oval(x, 178, 9, 4, "#3a3a40")
        yield glow(x, 172, 22, LAMP, 0.5)


def workshop(light: Daylight) -> Iterator[str]:
    """Yield a bench with tools on the wall, and beams."""
    yield from shell(light, "#9c8a74", "#756757")
    for board in range(-50, 380, 26):
        yield rectangle(board, -140, 1, 262, dimmed(light, "#7f6f5c"))
    yield rectangle(-60, 4, 440, 8, dimmed(light, DARK_WOOD))
    for x in (40, 280):
        yield polygon(dimmed(light, DARK_WOOD), (x - 4, 122), (x + 4, 122), (x + 4, 4), (x - 4, 4))
    yield from window(light, 196, 26, 58, 44, "#6f5a44")
    yield rectangle(62, 24, 100, 56, dimmed(light, "#6f5f4d"), 1)
    metal = dimmed(light, "#c2c8cf")
    for x, length in ((74, 34), (90, 26), (106, 38), (122, 24), (140, 32)):
        yield line(metal, 2, "M", x, 32, "L", x, 32 + length)
        yield rectangle(x - 5, 30, 10, 5, dimmed(light, "#a5493d") if length > 30 else metal, 1)
    yield from table(light, 46, 106, 150, 34, "#a07a50")
    yield rectangle(60, 92, 26, 11, dimmed(light, "#a5493d"), 1)
    yield rectangle(150, 96, 34, 7, dimmed(light, "#c9b08a"), 1)
    for x in (222, 248):
        yield rectangle(x, 100, 24, 32, dimmed(light, "#8a6a44"), 1)
        yield line(dimmed(light, "#6a4f33"), 1.2, "M", x, 100, "l", 24, 32)
    yield from hanging_lamp(light, 120, 6, "#4b6a5a")
