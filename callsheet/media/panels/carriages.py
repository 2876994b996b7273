"""Rooms that move people: the carriage of a train or a bus, a lift, a car, and what flies."""

from collections.abc import Iterator

from callsheet.media.panels.daylight import Daylight
from callsheet.media.panels.furniture import dimmed, shell
from callsheet.media.panels.pen import area, blended, disc, glow, gradient, line, oval, polygon, rectangle, toned


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


def cabin(light: Daylight) -> Iterator[str]:
    """Yield the cabin of an aeroplane: oval windows with the sky, lockers above them, and rows of seats."""
    yield from shell(light, "#e6e4de", "#5f6a80", "#b9b8b4")
    hull, edge = dimmed(light, "#e6e4de"), dimmed(light, "#c4c3be")
    yield gradient("outside", *light.sky)
    for x in range(-46, 380, 36):
        yield rectangle(x - 3, 44, 24, 34, edge, 12)
        yield f'<clipPath id="pane{x}"><rect x="{x}" y="47" width="18" height="28" rx="9"/></clipPath>'
        yield f'<g clip-path="url(#pane{x})">{rectangle(x, 47, 18, 28, "url(#outside)")}'
        if light.name == "night":
            yield from (disc(x + 3 + star * 5, 52 + star * x % 9, 0.6, "#ffffffc0") for star in range(3))
        else:
            yield from (disc(x + 2 + puff * 7, 73 + puff % 2, 6, "#ffffffb0") for puff in range(3))
        yield rectangle(x, 47, 18, 6 + x % 5 * 3, toned(hull, 0.94))
        yield "</g>"
    yield area(toned(hull, 0.9), "M", -60, -140, "H", 380, "V", 30, "Q", 160, 36, -60, 30, "Z")
    for x in range(-60, 380, 66):
        yield rectangle(x, 4, 64, 26, toned(hull, 1.3), 7)
        yield rectangle(x + 25, 25, 14, 2, edge, 1)
    yield rectangle(-60, 34, 440, 3, "#fff6dc" if light.is_dark else toned(hull, 1.4), 1.5)
    if light.is_dark:
        yield glow(160, 36, 170, "#ffe6b0", 0.4)
    cloth = dimmed(light, "#3f5f8c")
    for x in (-22, 44, 110, 176, 242, 308):
        yield rectangle(x, 76, 15, 50, cloth, 6)
        yield rectangle(x - 0.5, 75, 16, 13, dimmed(light, "#dfe3e8"), 5)
        yield rectangle(x + 4, 112, 36, 11, toned(cloth, 0.86), 5)
        yield rectangle(x + 15, 100, 25, 3.6, dimmed(light, "#8d939c"), 1.8)
        yield rectangle(x + 10, 122, 24, 9, dimmed(light, "#474b52"), 1)


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


def car(light: Daylight) -> Iterator[str]:
    """Yield a car from its windscreen: roof, side windows with the road, and the rear window."""
    lining, door = dimmed(light, "#7d7870"), dimmed(light, "#55524e")
    yield rectangle(-60, -140, 440, 440, toned(door, 0.9))
    yield area(lining, "M", -60, -140, "H", 380, "V", 40, "Q", 160, 16, -60, 40, "Z")
    yield gradient("outside", *light.sky)
    verge, asphalt = light.on("#7d9468"), light.on("#6a6b70")
    panes: tuple[tuple[str | float, ...], ...] = (
        ("M", 92, 98, "L", 106, 48, "Q", 160, 40, 214, 48, "L", 228, 98, "Z"),
        ("M", -60, 100, "V", 44, "Q", 30, 36, 84, 46, "L", 70, 102, "Z"),
        ("M", 380, 100, "V", 44, "Q", 290, 36, 236, 46, "L", 250, 102, "Z"),
    )
    for number, pane in enumerate(panes):
        yield f'<clipPath id="pane{number}">{area("#000000", *pane)}</clipPath><g clip-path="url(#pane{number})">'
        yield rectangle(-60, 36, 440, 50, "url(#outside)")
        yield rectangle(-60, 78, 440, 30, verge)
        yield polygon(asphalt, (156, 78), (164, 78), (244, 108), (76, 108))
        for x in range(-50, 380, 34):
            high = 12 + x * 7 % 15
            yield oval(x, 80 - high / 2, 13, high, toned(verge, 0.82))
        shine = (120.0, 10.0, 270.0)[number]
        yield polygon("#ffffff1c", (shine, 36), (shine + 26, 36), (shine - 6, 108), (shine - 24, 108))
        yield "</g>"
        yield line(dimmed(light, "#35332f"), 2.6, *pane)
    yield rectangle(140, 30, 40, 5, dimmed(light, "#c9c4b8"), 2)
    yield rectangle(-60, 104, 440, 200, door)
    bench = dimmed(light, "#7d5a4b")
    for left in (40, 166):
        yield rectangle(left, 98, 114, 200, toned(bench, 0.8), 12)
        yield rectangle(left + 14, 110, 86, 200, toned(bench, 0.9), 10)
        yield rectangle(left + 38, 80, 38, 22, toned(bench, 0.74), 7)
    if light.is_dark:
        yield glow(160, 34, 110, "#ffe6b0", 0.3)


def car_seat(light: Daylight, x: float, top: float, height: float) -> Iterator[str]:
    """Yield the seat behind a person: the middle, the top and the height of who sits there."""
    leather = dimmed(light, "#8a5f4c")
    yield f'<g transform="translate({x:.2f} {top:.2f}) scale({height:.2f})">'
    yield rectangle(-0.07, 0.02, 0.14, 0.12, toned(leather, 0.88), 0.03)
    for post in (-0.035, 0.023):
        yield rectangle(post, 0.13, 0.012, 0.05, dimmed(light, "#9a9a9a"))
    yield rectangle(-0.15, 0.165, 0.3, 0.9, leather, 0.06)
    yield rectangle(-0.1, 0.2, 0.2, 0.9, toned(leather, 1.12), 0.04)
    yield "</g>"


def dashboard(light: Daylight, wheel_at: float | None) -> Iterator[str]:
    """Yield what is before the people in a car: the dashboard, and the wheel before its driver if that one is seen."""
    dark = dimmed(light, "#3b3d42")
    if wheel_at is not None:
        ring = toned(dark, 0.62)
        yield f'<ellipse cx="{wheel_at:.4g}" cy="168" rx="44" ry="31" fill="none" stroke="{ring}" stroke-width="6"/>'
        yield line(ring, 5, "M", wheel_at - 42, 168, "h", 84)
        yield area(toned(dark, 0.8), "M", wheel_at - 40, 163, "q", 40, -19, 80, 0, "v", 30, "h", -80, "Z")
    yield area(dark, "M", -60, 164, "Q", 160, 150, 380, 164, "V", 330, "H", -60, "Z")
    yield line(toned(dark, 1.3), 1.6, "M", -60, 165, "Q", 160, 151, 380, 165)


def cockpit(light: Daylight) -> Iterator[str]:
    """Yield the windscreen of an aircraft with the sky, and its instruments."""
    yield from _bridge(light, light.sky, "#6d757a")
    for x, y, size in ((70, 66, 1.0), (186, 74, 1.3), (262, 60, 0.8)):
        for away, up in ((-12, 2), (-2, -3), (9, 1)):
            yield disc(x + away * size, y + up * size, 8 * size, blended("#ffffff", light.sky[1], 0.45))
    yield from _consoles(light, "#5d646a")


def spaceship(light: Daylight) -> Iterator[str]:
    """Yield the inside of a spaceship: a window with stars and a planet, panels of light, and consoles."""
    yield from _bridge(light, ("#070a18", "#141a36"), "#aab4bf")
    for star in range(60):
        x, y = 34 + star * 73 % 252, 24 + star * 41 % 64
        yield disc(x, y, 0.4 + star % 3 * 0.25, "#ffffffc0")
    yield '<clipPath id="port"><rect x="32" y="22" width="256" height="68" rx="22"/></clipPath>'
    yield f'<g clip-path="url(#port)">{disc(214, 102, 46, "#3f7fa8")}{disc(222, 110, 46, "#16304a80")}'
    yield f"{area('#7fb08a', 'M', 190, 70, 'q', 14, -6, 22, 2, 'q', -4, 12, -18, 12, 'q', -8, -4, -4, -14, 'Z')}</g>"
    yield from _consoles(light, "#7d8894")


def _bridge(light: Daylight, sky: tuple[str, str], wall: str) -> Iterator[str]:
    """Yield a room of metal with a wide window."""
    yield from shell(light, wall, "#4d5259", "#3f444b")
    metal = dimmed(light, wall)
    for x in range(-60, 380, 55):
        yield rectangle(x, -140, 1.6, 262, toned(metal, 0.8))
    yield gradient("outside", *sky)
    yield rectangle(27, 17, 266, 78, toned(metal, 0.7), 26)
    yield rectangle(32, 22, 256, 68, "url(#outside)", 22)
    for x in (-46, 300):
        for row in range(4):
            yield rectangle(x, 24 + row * 16, 64, 3, "#bfe9ff" if light.is_dark else "#e3f4fb", 1.5)
    yield rectangle(100, 3, 120, 5, "#eaf6ff", 2)
    yield glow(160, 6, 130, "#d5ecff", 0.3)


def _consoles(light: Daylight, colour: str) -> Iterator[str]:
    """Yield the posts of the window, and desks with lights and screens below it."""
    body = dimmed(light, colour)
    for x, lean in ((116, -4), (200, 4)):
        yield polygon(toned(body, 0.72), (x - 2 - lean, 20), (x + 4 - lean, 20), (x + 5 + lean, 92), (x - 3 + lean, 92))
    for left in (-30, 86, 202):
        yield polygon(body, (left + 6, 98), (left + 98, 98), (left + 108, 138), (left - 4, 138))
        yield rectangle(left, 95, 104, 4, toned(body, 1.25), 1)
        yield rectangle(left + 34, 103, 36, 19, "#12202a", 2)
        yield line("#5fd0b0", 1, "M", left + 38, 115, "l", 7, -6, "l", 6, 4, "l", 8, -7, "l", 7, 3)
        for row in range(3):
            for column in range(4):
                lamp = ("#ffb45e", "#7be09a", "#e0645a", "#d3e6f0")[(row * 3 + column + left) % 4]
                yield rectangle(left + 8 + column * 6, 104 + row * 7, 3.6, 3.6, lamp, 1)
                yield rectangle(left + 75 + column * 6, 104 + row * 7, 3.6, 3.6, lamp, 1)
