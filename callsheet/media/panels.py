"""Draws the panel of a shot as SVG: the place by its words and its time of day, figures, and arrows for the camera.

The same drawing in layers, without arrows, is what a camera films: ground and figures move apart.

A figure looks the same in all panels of a film: its build, hair and clothes come from the words about its looks, and
where these are silent, from the seed of its name. The size of the shot is how much of the figures fits into the frame.
All lengths are units of the frame, which is 320 wide and 180 high.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape

from callsheet.model.film.narration import Gender
from callsheet.model.film.screenplay import Inside
from callsheet.model.film.screenplay_analysis import CameraShot, FilmCharacter, FilmScene, PanelLayers, ShotSize

WIDTH, HEIGHT = 320, 180
_INK = "#2b2b2b"
_FIGURES: dict[ShotSize, tuple[float, float]] = {
    "extreme-wide": (40, 112),
    "wide": (74, 88),
    "full": (140, 26),
    "medium": (270, 24),
    "medium-close": (380, 22),
    "close": (600, 28),
    "extreme-close": (1100, -40),
}
"""Height of a grown-up figure, and where the top of its head is, from above."""
_HEAD = 0.15
"""Height of the head in heights of the figure."""
_MOST_FIGURES = 5
_CLOTHES: dict[str, str] = {
    "red": "#c8473b",
    "yellow": "#e3b23c",
    "green": "#5a8f5a",
    "blue": "#4a6fa5",
    "brown": "#7a5a40",
    "black": "#3a3a40",
    "white": "#f1eee6",
    "grey": "#8b8f94",
    "gray": "#8b8f94",
    "orange": "#d98341",
    "purple": "#7d5a94",
    "pink": "#d98fa3",
}
_HAIR = {
    "grey": "#b9b9b9",
    "gray": "#b9b9b9",
    "white": "#e8e8e4",
    "blond": "#d9b65c",
    "red": "#a5502f",
    "black": "#26211f",
}
_TROUSERS = "#5c6072"
_MOUTH = "#7a2f2a"
_LEAST_FACE = 4.5
_HAIR_COLOURS = ("#3b2a20", "#5a3d28", "#26211f", "#8a5a33", "#6b4a3a")
_SKINS = ("#f3d3bb", "#e3b48f", "#c68d62", "#8f5f3f", "#6a4530")
_COLOUR = "|".join(_CLOTHES)
_GARMENT = r"coat|raincoat|jacket|dress|suit|shirt|apron|hood|sweater|uniform|blouse|robe|overall"
_SKIES = {
    "night": ("#1f2a44", "#39466b"),
    "dusk": ("#6a5a7d", "#e0a070"),
    "dawn": ("#8fa3c4", "#f2c6b0"),
    "day": ("#bcd6e6", "#eef4f2"),
}
_TIMES = (
    (re.compile(r"night|nacht|nuit|noche|ночь|夜|晚上", re.IGNORECASE), "night"),
    (re.compile(r"dusk|evening|sunset|abend|soir|вечер|夕|黄昏", re.IGNORECASE), "dusk"),
    (re.compile(r"dawn|morning|sunrise|morgen|matin|утро|朝|清晨", re.IGNORECASE), "dawn"),
)
_WATER = re.compile(r"dock|ferry|boat|ship|sea|river|harbou?r|beach|lake|port|bridge|pier", re.IGNORECASE)
_TOWN = re.compile(r"street|city|town|roof|market|square|alley|station|office|building|corner", re.IGNORECASE)
_TREES = re.compile(r"forest|wood|park|garden|field|hill|road|farm|jungle|mountain", re.IGNORECASE)


@dataclass(frozen=True)
class _Figure:
    """How a character is drawn."""

    skin: str
    hair: str
    has_long_hair: bool
    clothes: str
    scarf: str
    has_hat: bool
    breadth: float
    height: float
    speaks: bool = False


def draw_panel(shot: CameraShot, scene: FilmScene | None, characters: Sequence[FilmCharacter]) -> str:
    """Return the panel of a shot as SVG."""
    people = [figure for _, figure in _seen(shot, characters)]
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">',
            f"<title>{escape(shot.name)}</title>",
            f'<clipPath id="frame"><rect width="{WIDTH}" height="{HEIGHT}"/></clipPath><g clip-path="url(#frame)">',
            *_place(scene, shot),
            *_people(shot, people),
            *_arrows(shot),
            f'</g><rect x="1" y="1" width="{WIDTH - 2}" height="{HEIGHT - 2}" fill="none" stroke="{_INK}" '
            'stroke-width="2"/></svg>',
        )
    )


def draw_layers(shot: CameraShot, scene: FilmScene | None, characters: Sequence[FilmCharacter]) -> PanelLayers:
    """Return the drawing of a shot in layers, without frame and arrows.

    Each person who is seen has a layer of all figures, in which that one speaks.
    """
    seen = _seen(shot, characters)
    people = [figure for _, figure in seen]
    speaking = [
        (name, [*people[:place], replace(figure, speaks=True), *people[place + 1 :]])
        for place, (name, figure) in enumerate(seen)
    ]
    return PanelLayers(
        ground=_layer(_place(scene, shot)),
        figures=_layer(_people(shot, people)) if people else "",
        speaking={name: _layer(_people(shot, figures)) for name, figures in speaking},
    )


def _layer(parts: Iterator[str]) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">{"".join(parts)}</svg>'


def _seen(shot: CameraShot, characters: Sequence[FilmCharacter]) -> list[tuple[str, _Figure]]:
    """Return those who are seen and drawn, each with its figure."""
    cast = _cast_of(characters)
    return [(name, cast[name]) for name in shot.seen[:_MOST_FIGURES] if name in cast]


def _cast_of(characters: Sequence[FilmCharacter]) -> dict[str, _Figure]:
    """Return the figure of each character. Clothes that no words describe have a colour that few others wear."""
    cast = {each.name: _figure_of(each) for each in characters}
    worn = Counter(figure.clothes for figure in cast.values())
    palette = [colour for name, colour in _CLOTHES.items() if name not in {"brown", "black", "white", "gray"}]
    for each in characters:
        if not cast[each.name].clothes:
            start = each.seed % len(palette)
            clothes = min(palette[start:] + palette[:start], key=lambda colour: worn[colour])
            worn[clothes] += 1
            cast[each.name] = replace(cast[each.name], clothes=clothes)
    return cast


def _figure_of(character: FilmCharacter) -> _Figure:
    """Return a figure by the words about its looks. Its clothes are empty if these name no colour."""
    looks = " ".join(quote.text for quote in character.looks).casefold()
    seed = character.seed
    garment = re.search(rf"\b({_COLOUR})\b[\w -]{{0,12}}(?:{_GARMENT})", looks)
    hair = re.search(rf"\b({'|'.join(_HAIR)})\w*\b(?:[\w ]{{0,12}})hair", looks)
    scarf = re.search(rf"\b({_COLOUR})\b[\w ]{{0,8}}scarf", looks)
    age = re.search(r"\((\d{1,2})", looks)
    is_child = bool(age and int(age[1]) < 13)
    return _Figure(
        skin=_SKINS[seed % len(_SKINS)],
        hair=_HAIR[hair[1]] if hair else _HAIR_COLOURS[seed // 7 % len(_HAIR_COLOURS)],
        has_long_hair="long hair" in looks or (character.gender is Gender.FEMALE and "short" not in looks),
        clothes=_CLOTHES[garment[1]] if garment else "",
        scarf=_CLOTHES[scarf[1]] if scarf else "",
        has_hat=bool(re.search(r"\b(?:cap|hat|hood|helmet)\b", looks)),
        breadth=1.25 if re.search(r"\b(?:round|fat|heavy|big)\b", looks.split("coat")[0]) else 1.0,
        height=0.66 if is_child else 1.06 if "tall" in looks else 0.94 if "short," in looks else 1.0,
    )


def _place(scene: FilmScene | None, shot: CameraShot) -> Iterator[str]:
    """Yield the ground: a room, or the sky with water, houses or trees."""
    time = next((name for pattern, name in _TIMES if scene and pattern.search(scene.time)), "day")
    above, below = _SKIES[time]
    yield (
        f'<linearGradient id="sky" x2="0" y2="1"><stop stop-color="{above}"/><stop offset="1" stop-color="{below}"/>'
        "</linearGradient>"
    )
    zoom = min(_FIGURES[shot.size][0] / 140, 2.2)
    horizon = {"low": 150, "high": 60, "overhead": 20}.get(shot.angle, 112 if zoom < 1.2 else 130)
    tilt = ' transform="rotate(-8 160 90) scale(1.15) translate(-20 -12)"' if shot.angle == "dutch" else ""
    yield f"<g{tilt}>"
    if scene and scene.inside is Inside.INTERIOR:
        yield from _room(time, horizon, zoom)
    else:
        yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="url(#sky)"/>'
        yield from _outside(scene.place if scene else "", time, horizon, zoom)
    yield "</g>"


def _room(time: str, horizon: float, zoom: float) -> Iterator[str]:
    wall, floor = ("#6d6a73", "#4d4a52") if time == "night" else ("#e6dfd2", "#b9ab96")
    width, height = 62 * zoom, 52 * zoom
    left, top = 210 - 20 * zoom, max(10.0, horizon - 30 - height)
    yield f'<rect width="{WIDTH}" height="{horizon}" fill="{wall}"/>'
    yield f'<rect y="{horizon}" width="{WIDTH}" height="{HEIGHT - horizon}" fill="{floor}" stroke="{_INK}"/>'
    yield (
        f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="url(#sky)" stroke="{_INK}" '
        'stroke-width="2"/>'
    )
    yield (
        f'<path d="M{left + width / 2} {top}v{height}M{left} {top + height / 2}h{width}" stroke="{_INK}" fill="none"/>'
    )


def _outside(place: str, time: str, horizon: float, zoom: float) -> Iterator[str]:
    dark = time == "night"
    if time != "day":
        yield f'<circle cx="262" cy="34" r="13" fill="{"#f0ead2" if dark else "#f7d9a0"}"/>'
    if _WATER.search(place):
        yield f'<rect y="{horizon}" width="{WIDTH}" height="{HEIGHT}" fill="{"#24324f" if dark else "#6f93a8"}"/>'
        places = ((x, horizon + 10 + 9 * row) for row in range(4) for x in range(row * 13, WIDTH, 74))
        waves = "".join(f"M{x} {y}q8 -4 16 0t16 0" for x, y in places)
        yield f'<path d="{waves}" stroke="#ffffff" stroke-opacity=".45" fill="none"/>'
        yield f'<path d="M0 {horizon + 34}h{150 * zoom}v12h-{150 * zoom}z" fill="#8a6b4c" stroke="{_INK}"/>'
        return
    ground = "#3b4238" if dark else "#b5b9a4"
    yield f'<rect y="{horizon}" width="{WIDTH}" height="{HEIGHT}" fill="{ground}" stroke="{_INK}"/>'
    fill = "#2c3348" if dark else "#9aa3ad"
    if _TREES.search(place) and not _TOWN.search(place):
        for x in (18, 66, 240, 290):
            yield f'<path d="M{x} {horizon}v-20" stroke="#5c4630" stroke-width="4"/>'
            leaves = "#2f4636" if dark else "#7f9d6c"
            yield f'<circle cx="{x}" cy="{horizon - 34}" r="{18 + x % 7}" fill="{leaves}" stroke="{_INK}"/>'
        return
    for number, x in enumerate(range(0, 320, 46)):
        height = (34 + 17 * (number * 5 % 4)) * min(zoom, 1.4)
        yield f'<rect x="{x}" y="{horizon - height}" width="44" height="{height}" fill="{fill}" stroke="{_INK}"/>'


def _people(shot: CameraShot, people: Sequence[_Figure]) -> Iterator[str]:
    """Yield the figures from behind to the front; the first one stands where it has room to look."""
    height, top = _FIGURES[shot.size]
    count = len(people)
    if count == 1:
        x = {"left": 185.0, "right": 135.0}.get(shot.looks, 160.0)
        facing = {"left": -1, "right": 1}.get(shot.looks or shot.moves, 0)
        near = shot.size not in {"extreme-wide", "wide", "full"}  # the camera goes down to a child
        tall = height * (1.0 if near else people[0].height)
        yield from _draw(people[0], x, top + (0.0 if near else height - tall), tall, facing, moves=bool(shot.moves))
        return
    crowd = height * (0.8 if count > 2 and shot.size in {"full", "medium"} else 1.0)
    for number in reversed(range(count)):
        figure = people[number]
        order = number if shot.looks != "left" else count - 1 - number
        x = WIDTH * (order + 1) / (count + 1)
        tall = crowd * figure.height
        yield from _draw(
            figure, x, top + crowd - tall, tall, 1 if x < WIDTH / 2 else -1, moves=bool(shot.moves and number == 0)
        )


def _path(fill: str, *steps: str | float, width: float = 0.0, stroke: str = "") -> str:
    """Return a path of letters and numbers. Without `width`, it has the outline of its group."""
    drawn = " ".join(step if isinstance(step, str) else f"{step:.1f}" for step in steps)
    outline = f' stroke="{stroke}" stroke-width="{width:.1f}"' if width else ""
    return f'<path d="{drawn}" fill="{fill}"{outline}/>'


def _draw(figure: _Figure, x: float, top: float, height: float, facing: int, *, moves: bool) -> Iterator[str]:
    """Yield one figure: legs, arms, body, head, hair, face. `x` is its middle, `top` the top of its head."""
    head = height * _HEAD
    radius = head / 2
    shoulder, hip, foot = top + head * 1.12, top + height * 0.55, top + height
    half = height * 0.105 * figure.breadth
    line = max(1.2, height * 0.008)
    limb, stride = height * 0.055, height * (0.12 if moves else 0.04)
    yield f'<g stroke="{_INK}" stroke-width="{line:.1f}" stroke-linejoin="round" stroke-linecap="round">'
    if figure.has_long_hair:
        yield _path(
            figure.hair,
            "M",
            x - radius * 1.05,
            top + radius,
            "L",
            x - radius * 0.95,
            top + head * 1.6,
            "H",
            x + radius * 0.95,
            "L",
            x + radius * 1.05,
            top + radius,
            "z",
        )
    for side in (-1, 1):
        leg = ("M", x + side * half * 0.5, hip, "L", x + side * (half * 0.5 + stride), foot)
        arm = ("M", x + side * half * 0.95, shoulder + half * 0.4, "L", x + side * (half * 1.35 + stride * 0.4), hip)
        for limb_path, colour in ((leg, _TROUSERS), (arm, figure.clothes)):
            yield _path("none", *limb_path, width=limb + 2 * line, stroke=_INK)
            yield _path("none", *limb_path, width=limb, stroke=colour)
    yield _path(
        figure.clothes,
        "M",
        x - half,
        shoulder + half * 0.5,
        "Q",
        x - half * 0.9,
        shoulder - half * 0.1,
        x,
        shoulder - half * 0.1,
        "Q",
        x + half * 0.9,
        shoulder - half * 0.1,
        x + half,
        shoulder + half * 0.5,
        "L",
        x + half * 1.1,
        hip + height * 0.06,
        "H",
        x - half * 1.1,
        "z",
    )
    neck = ("M", x, top + head * 0.85, "V", shoulder)
    yield _path("none", *neck, width=radius * 0.7, stroke=figure.skin)
    if figure.scarf:
        yield _path(
            "none", "M", x - radius * 0.7, top + head * 1.1, "h", radius * 1.4, width=head * 0.28, stroke=figure.scarf
        )
    yield from _draw_head(figure, x, top, radius, facing)
    yield "</g>"


def _draw_head(figure: _Figure, x: float, top: float, radius: float, facing: int) -> Iterator[str]:
    oval = f'cx="{x:.1f}" cy="{top + radius:.1f}" rx="{radius * 0.82:.1f}" ry="{radius:.1f}"'
    yield f'<ellipse {oval} fill="{figure.skin}"/>'
    side, crown = radius * 0.85, top + radius * 0.95
    yield _path(
        figure.hair,
        "M",
        x - side,
        crown,
        "A",
        radius * 0.86,
        radius,
        "0 0 1",
        x + side,
        crown,
        "Q",
        x + radius * 0.45,
        top + radius * 0.45,
        x,
        top + radius * 0.45,
        "Q",
        x - radius * 0.45,
        top + radius * 0.45,
        x - side,
        crown,
        "z",
    )
    if figure.has_hat:
        brim = top + radius * 0.62
        yield _path(
            figure.clothes,
            "M",
            x - radius,
            brim,
            "Q",
            x - radius,
            top - radius * 0.33,
            x,
            top - radius * 0.33,
            "Q",
            x + radius,
            top - radius * 0.33,
            x + radius,
            brim,
            "h",
            facing * radius * 0.45,
            "H",
            x - radius,
            "z",
        )
    if radius < _LEAST_FACE:
        return
    middle, eyes = x + facing * radius * 0.28, top + radius
    for way in (-1, 1):
        yield (
            f'<circle cx="{middle + way * radius * 0.3:.1f}" cy="{eyes:.1f}" r="{max(0.8, radius * 0.08):.1f}" '
            f'fill="{_INK}" stroke="none"/>'
        )
    nose = (middle + facing * radius * 0.08, eyes + radius * 0.15)
    yield _path("none", "M", *nose, "l", (facing or 0.3) * radius * 0.12, radius * 0.2)
    if figure.speaks:
        yield (
            f'<ellipse cx="{middle:.1f}" cy="{eyes + radius * 0.62:.1f}" rx="{radius * 0.17:.1f}" '
            f'ry="{radius * 0.12:.1f}" fill="{_MOUTH}"/>'
        )
        return
    mouth = ("M", middle - radius * 0.2, eyes + radius * 0.58, "q", radius * 0.2, radius * 0.1, radius * 0.4, 0.0)
    yield _path("none", *mouth)


def _arrows(shot: CameraShot) -> Iterator[str]:
    """Yield the arrows of a move of the camera, as storyboards draw them."""
    way = -1 if shot.moves == "left" else 1
    paths = {
        "push": ((24, 20, 58, 40), (296, 20, 262, 40), (24, 160, 58, 140), (296, 160, 262, 140)),
        "zoom": ((24, 20, 58, 40), (296, 160, 262, 140)),
        "pull": ((58, 40, 24, 20), (262, 40, 296, 20), (58, 140, 24, 160), (262, 140, 296, 160)),
        "pan": ((160 - way * 60, 16, 160 + way * 60, 16),),
        "track": ((160 - way * 80, 166, 160 + way * 80, 166),),
        "tilt": ((302, 130, 302, 50),),
        "hand-held": (),
        "still": (),
    }[shot.movement]
    yield '<g stroke="#ffffff" stroke-width="6" stroke-linecap="round" fill="none">'
    for from_x, from_y, to_x, to_y in paths:
        yield f'<path d="M{from_x} {from_y}L{to_x} {to_y}"/>'
    yield '</g><g stroke="#c0392b" fill="#c0392b" stroke-width="3" stroke-linecap="round">'
    for from_x, from_y, to_x, to_y in paths:
        length = ((to_x - from_x) ** 2 + (to_y - from_y) ** 2) ** 0.5
        along_x, along_y = (to_x - from_x) / length, (to_y - from_y) / length
        back_x, back_y = to_x - 9 * along_x, to_y - 9 * along_y
        yield f'<path d="M{from_x} {from_y}L{back_x:.1f} {back_y:.1f}"/>'
        yield (
            f'<path d="M{to_x} {to_y}L{back_x - 5 * along_y:.1f} {back_y + 5 * along_x:.1f}'
            f'L{back_x + 5 * along_y:.1f} {back_y - 5 * along_x:.1f}z"/>'
        )
    if shot.movement == "hand-held":
        yield '<path d="M110 166q12 -10 25 0t25 0t25 0t25 0" fill="none"/>'
    yield "</g>"
