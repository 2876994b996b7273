"""Places without houses: a jungle, a battlefield, the sea below, the air, space, other worlds, and no place."""

from collections.abc import Iterator

from callsheet.media.panels.daylight import Daylight
from callsheet.media.panels.landscape import ground, hills, sky
from callsheet.media.panels.pen import area, blended, disc, glow, gradient, line, oval, polygon, rectangle, toned


def jungle(light: Daylight) -> Iterator[str]:
    """Yield palms and lianas behind large leaves."""
    yield from sky(light)
    for row, (base, share) in enumerate(((96, 0.55), (112, 0.3))):
        green = blended(light.on("#3f7a4c"), light.sky[1], share)
        for x in range(-50, 380, 30):
            yield disc(x + row * 15, base - x * 7 % 23, 26, green)
        yield rectangle(-60, base, 440, 30, green)
    yield from ground(light, "#5d6f3c", 120)
    leaf, trunk = light.on("#3f8a4c"), light.on("#6b5238")
    for x, foot, high, lean in ((46, 134, 110, 12), (112, 126, 84, -8), (224, 128, 92, 9), (286, 138, 122, -14)):
        top, tip = foot - high, x + lean
        yield line(trunk, high * 0.055, "M", x, foot, "Q", x, foot - high * 0.5, tip, top)
        for number, (reach, drop) in enumerate(((-36, 16), (-30, -4), (-12, -16), (14, -15), (32, -3), (37, 17))):
            shade = toned(leaf, 0.84 + number % 3 * 0.1)
            yield area(
                shade,
                "M",
                tip,
                top,
                "Q",
                tip + reach * 0.5,
                top + drop - 16,
                tip + reach,
                top + drop,
                "Q",
                tip + reach * 0.4,
                top + drop - 5,
                tip,
                top + 4,
                "Z",
            )
    for x, length in ((76, 90), (160, 60), (196, 84), (258, 70)):
        yield line(light.on("#557a44"), 1.6, "M", x, -140, "V", length - 20, "q", 5, 12, -2, 22)
    for x, y, size in ((-10, 166, 40), (62, 174, 30), (262, 174, 34), (326, 164, 42)):
        for turn in (-70, -35, 0, 35, 70):
            shade = toned(light.on("#2f6f46"), 0.9 + abs(turn) / 350)
            leaves = area(
                shade, "M", x, y, "q", -size * 0.24, -size * 0.6, 0, -size, "q", size * 0.24, size * 0.4, 0, size, "Z"
            )
            yield f'<g transform="rotate({turn} {x} {y})">{leaves}</g>'


def battlefield(light: Daylight) -> Iterator[str]:
    """Yield torn ground with craters, posts and wire below columns of smoke."""
    yield from sky(light)
    yield rectangle(-60, -140, 440, 262, light.on("#8d857a") + "58")
    for x, high, wide in ((70, 96, 15), (226, 112, 19), (290, 70, 12)):
        smoke = blended(light.on("#5d5a58"), light.sky[1], 0.3)
        for puff in range(8):
            share = puff / 7
            yield disc(x + share * 30 + puff % 2 * 6, 116 - share * high, wide * (0.5 + share), smoke + "90")
    yield hills(light, "#7d7462", 120, 12, 10)
    yield from ground(light, "#7a6a52", 120)
    mud = light.on("#7a6a52")
    for x, y, size in ((56, 138, 26), (214, 132, 20), (288, 152, 34), (130, 162, 42)):
        yield oval(x, y - size * 0.06, size * 1.16, size * 0.3, toned(mud, 1.16))
        yield oval(x, y, size, size * 0.22, toned(mud, 0.58))
    wood = light.on("#4d3d30")
    for x, y, lean in ((20, 150, 4), (92, 142, -3), (168, 146, 3), (246, 142, -4), (318, 152, 3)):
        yield line(wood, 3, "M", x, y, "l", lean, -30, "M", x - 9, y - 3, "l", 18, -22)
    wire = light.on("#3a3a3c")
    for up in (20, 28):
        yield line(
            wire,
            0.9,
            "M",
            -60,
            146 - up,
            *(step for x in (22, 90, 170, 244, 320, 390) for step in ("Q", x - 34, 154 - up, x, 146 - up)),
        )
    if light.is_dark:
        yield glow(226, 116, 70, "#ff9a4a", 0.5)


def underwater(light: Daylight) -> Iterator[str]:
    """Yield light that falls from above, weeds, bubbles and the ground of the sea."""
    yield gradient("water", light.on("#58b4cc"), light.on("#123f5c"))
    yield rectangle(-60, -140, 440, 440, light.on("#123f5c"))
    yield rectangle(-60, -40, 440, 190, "url(#water)")
    for x, wide in ((60, 26), (130, 40), (214, 30)):
        yield polygon("#ffffff16", (x, -60), (x + wide, -60), (x + wide * 2.4 - 60, 150), (x - 70, 150))
    sand = light.on("#8fa38c")
    yield area(toned(sand, 0.75), "M", -60, 128, "Q", 60, 112, 150, 126, "T", 380, 120, "V", 320, "H", -60, "Z")
    yield area(sand, "M", -60, 146, "Q", 80, 132, 200, 146, "T", 380, 142, "V", 320, "H", -60, "Z")
    for number, x in enumerate((14, 30, 44, 258, 276, 294, 310)):
        high = 40 + number * 17 % 30
        yield line(light.on("#3f8a68"), 4, "M", x, 146, "q", 8, -high * 0.3, 0, -high * 0.5, "t", 2, -high * 0.5)
    for number in range(16):
        x, y = number * 61 % 300 + 10, 20 + number * 37 % 110
        yield f'<circle cx="{x}" cy="{y}" r="{1.2 + number % 3}" fill="none" stroke="#ffffff70" stroke-width=".7"/>'


def clouds(light: Daylight) -> Iterator[str]:
    """Yield clouds above and below: a place in the air."""
    yield from sky(light)
    for row, (y, share) in enumerate(((128, 0.45), (146, 0.25), (170, 0.1))):
        cloud = blended(light.on("#ffffff"), light.sky[1], share)
        for x in range(-60, 390, 26):
            yield disc(x + row * 11, y + x * 7 % 9, 19 + row * 4, cloud)
        yield rectangle(-60, y + 6, 440, 240, cloud)


def space(_: Daylight) -> Iterator[str]:
    """Yield stars, a planet with a ring, and a moon: it is the same at each time of day."""
    yield gradient("sky", "#060817", "#1a1c40")
    yield rectangle(-60, -140, 440, 440, "#060817")
    yield rectangle(-60, -40, 440, 220, "url(#sky)")
    yield glow(90, 120, 130, "#5a4a9a", 0.3)
    for star in range(170):
        x, y = star * 73 % 431 - 55, star * 149 % 307 - 110
        yield disc(x, y, 0.4 + star % 4 * 0.22, "#ffffffc8" if star % 5 else "#ffe2aec8")
    yield '<clipPath id="planet"><circle cx="232" cy="62" r="36"/></clipPath><g clip-path="url(#planet)">'
    yield disc(232, 62, 36, "#c98a5c")
    for y, thick, colour in ((38, 7, "#dba778"), (54, 9, "#b5744f"), (70, 6, "#e3bd92"), (84, 8, "#a5623f")):
        yield rectangle(190, y, 90, thick, colour)
    yield "</g>"
    yield glow(256, 80, 46, "#060817", 0.75)
    yield '<ellipse cx="232" cy="64" rx="62" ry="11" fill="none" stroke="#e3cfa8b0" stroke-width="3" '
    yield 'stroke-dasharray="200 400" transform="rotate(-14 232 62)"/>'
    yield disc(66, 40, 9, "#c9cdd6")
    yield disc(63, 38, 2, "#aab0bc")
    yield disc(69, 44, 1.4, "#aab0bc")


def moon(_: Daylight) -> Iterator[str]:
    """Yield grey dust with craters below a black sky, and the earth above it: it is the same at each time of day."""
    yield gradient("sky", "#04050c", "#12131f")
    yield rectangle(-60, -140, 440, 440, "#04050c")
    yield rectangle(-60, -40, 440, 164, "url(#sky)")
    for star in range(120):
        x, y = star * 73 % 431 - 55, star * 149 % 227 - 110
        yield disc(x, y, 0.4 + star % 4 * 0.2, "#ffffffb8")
    yield glow(92, 44, 46, "#5fa4d8", 0.4)
    yield '<clipPath id="earth"><circle cx="92" cy="44" r="22"/></clipPath><g clip-path="url(#earth)">'
    yield disc(92, 44, 22, "#2f78b8")
    yield area("#6f9a5f", "M", 78, 30, "q", 14, -8, 20, 4, "q", -2, 12, -14, 12, "q", -10, -4, -6, -16, "Z")
    yield area("#6f9a5f", "M", 94, 52, "q", 10, -4, 12, 6, "q", -4, 10, -10, 6, "Z")
    for x, y, wide in ((84, 40, 16), (100, 47, 13), (88, 58, 12)):
        yield oval(x, y, wide, 2.2, "#ffffffc0")
    yield disc(106, 52, 24, "#04050c90")
    yield "</g>"
    yield from _other_world("#8e9096", "#6d6f76")


def mars(light: Daylight) -> Iterator[str]:
    """Yield red dust with craters and flat rocks below a dusty sky."""
    haze = (light.on("#b98468"), light.on("#e6b48c"))
    yield gradient("sky", *haze)
    yield rectangle(-60, -140, 440, 140, haze[0])
    yield rectangle(-60, -0.5, 440, 126, "url(#sky)")
    if light.is_dark:
        yield from (disc(star * 73 % 431 - 55, star * 41 % 96 - 20, 0.7, "#ffffffa0") for star in range(50))
    else:
        yield disc(232, 40, 7, "#fff6e4")
        yield glow(232, 40, 40, "#fff0d8", 0.6)
    for x, top, half, share in ((40, 74, 70, 0.5), (272, 66, 84, 0.4), (170, 92, 60, 0.6)):
        rock = blended(light.on("#a0553a"), haze[1], share)
        yield polygon(rock, (x - half, 124), (x - half * 0.45, top), (x + half * 0.3, top + 3), (x + half, 124))
        yield polygon(toned(rock, 0.86), (x + half * 0.3, top + 3), (x + half, 124), (x + half * 0.4, 124))
    yield from _other_world(light.on("#b5623f"), light.on("#8a452f"))


def _other_world(dust: str, rock: str) -> Iterator[str]:
    """Yield ground without a plant: hills of dust, craters and stones."""
    yield gradient("ground", dust, toned(dust, 0.7))
    yield area(toned(dust, 0.82), "M", -60, 122, "Q", 40, 100, 130, 118, "T", 380, 112, "V", 320, "H", -60, "Z")
    yield area("url(#ground)", "M", -60, 126, "Q", 90, 116, 190, 124, "T", 380, 122, "V", 330, "H", -60, "Z")
    for x, y, size in ((64, 138, 22), (258, 134, 17), (154, 130, 9), (292, 158, 30), (20, 168, 26)):
        yield oval(x, y - size * 0.05, size * 1.12, size * 0.27, toned(dust, 1.18))
        yield oval(x, y, size, size * 0.21, toned(rock, 0.72))
        yield oval(x, y + size * 0.06, size * 0.86, size * 0.13, toned(rock, 0.9))
    for x, y, size in ((112, 144, 5), (206, 150, 7), (226, 141, 3), (34, 150, 4)):
        yield oval(x + size * 0.5, y + size * 0.5, size * 1.3, size * 0.3, "#00000040")
        yield polygon(
            rock, (x - size, y + 1), (x - size * 0.5, y - size), (x + size * 0.6, y - size * 0.8), (x + size, y + 1)
        )


def nowhere(light: Daylight) -> Iterator[str]:
    """Yield a plain ground and a plain wall of light: a place of which nothing is known."""
    yield gradient("wall", blended(light.sky[0], "#b8b4ac", 0.6), blended(light.sky[1], "#d8d4ca", 0.6))
    yield rectangle(-60, -140, 440, 140, blended(light.sky[0], "#b8b4ac", 0.6))
    yield rectangle(-60, -0.5, 440, 124, "url(#wall)")
    yield from ground(light, "#a9a296", 122)
