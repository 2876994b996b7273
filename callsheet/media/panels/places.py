"""The ground of a panel: the place of a scene by its words, its light by the time of day, and the weather."""

from collections.abc import Iterator

from callsheet.media.panels import carriages, outdoors
from callsheet.media.panels.daylight import daylight_of
from callsheet.media.panels.pen import HEIGHT, WIDTH, disc, rectangle
from callsheet.media.panels.place_kinds import UNDER_SKY, place_drawer
from callsheet.model.film.screenplay_analysis import CameraShot, FilmScene, ShotSize

_NEARNESS: dict[ShotSize, tuple[float, float]] = {
    "extreme-wide": (1.0, 122),
    "wide": (1.0, 124),
    "full": (1.3, 124),
    "medium": (1.85, 138),
    "medium-close": (2.2, 142),
    "close": (2.7, 150),
    "extreme-close": (3.4, 160),
}
"""How much larger the place is, and where the line between wall and floor is."""
BLURS: dict[ShotSize, float] = {"medium": 2.2, "medium-close": 4.0, "close": 6.2, "extreme-close": 9.0}
"""How much the place is out of focus, in thousandths of its width. Paper shows it sharp."""
_ANGLES = {"low": 26.0, "high": -34.0, "overhead": -60.0}
"""How much lower the line between wall and floor is."""
_FLOOR = 122.0


def drawn_place(shot: CameraShot, scene: FilmScene | None) -> Iterator[str]:
    """Yield the place of a shot. A nearer shot shows less of it, larger."""
    light = daylight_of(scene.time if scene else "")
    draw = place_drawer(scene) if scene else outdoors.meadow
    nearness, floor = _NEARNESS[shot.size]
    if draw is carriages.car:  # its people sit as near as in a medium shot at least
        nearness = max(1.0, nearness / _NEARNESS["medium"][0])
        floor = _FLOOR + (nearness - 1) * 28
    floor += _ANGLES.get(shot.angle, 0.0)
    room = WIDTH / 2 - WIDTH / 2 / nearness if nearness > 1 else 0.0
    middle = WIDTH / 2 + {"left": room * 0.8, "right": -room * 0.8}.get(shot.looks, room * 0.25)
    place = f"translate({WIDTH / 2:.1f} {floor:.1f}) scale({nearness}) translate({-middle:.1f} {-_FLOOR})"
    if shot.angle == "dutch":
        place = f"rotate(-7 160 90) translate(160 90) scale(1.16) translate(-160 -90) {place}"
    yield f'<g transform="{place}">'
    yield from draw(light)
    yield "</g>"
    if scene and draw in UNDER_SKY:
        yield from _weather(scene)
    if light.is_dark:
        yield (
            '<radialGradient id="night" r=".75"><stop offset=".45" stop-color="#05070f" stop-opacity="0"/>'
            '<stop offset="1" stop-color="#05070f" stop-opacity=".55"/></radialGradient>'
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="url(#night)"/>'
        )


def _weather(scene: FilmScene) -> Iterator[str]:
    if scene.weather == "fog":
        for y, height, strength in ((78, 46, 0.34), (104, 40, 0.42), (136, 50, 0.3)):
            clear, mist = 'stop-color="#dfe3ea" stop-opacity="0"', f'stop-color="#dfe3ea" stop-opacity="{strength}"'
            yield f'<linearGradient id="fog{y}" x2="0" y2="1"><stop {clear}/><stop offset=".5" {mist}/>'
            yield f'<stop offset="1" {clear}/></linearGradient>'
            yield rectangle(0, y, WIDTH, height, f"url(#fog{y})")
    elif scene.weather in {"rain", "storm"}:
        drops = "".join(f"M{x * 13 % 331 - 4} {x * 29 % 187 - 6}l-3 11" for x in range(70))
        yield f'<path d="{drops}" stroke="#dbe6f2" stroke-opacity=".45" stroke-width=".9" fill="none"/>'
    elif scene.weather == "snow":
        for flake in range(60):
            x, y = flake * 47 % 323, flake * 31 % 179
            yield disc(x, y, 0.8 + flake % 3 * 0.5, "#ffffffd0")
