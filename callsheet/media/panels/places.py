"""The ground of a panel: the place of a scene by its words, its light by the time of day, and the weather."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from callsheet.media.panels import indoors, outdoors
from callsheet.media.panels.daylight import Daylight, daylight_of
from callsheet.media.panels.pen import HEIGHT, WIDTH, disc, rectangle
from callsheet.model.film.screenplay import Inside
from callsheet.model.film.screenplay_analysis import CameraShot, FilmScene, ShotSize

_Drawer = Callable[[Daylight], Iterator[str]]
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


@dataclass(frozen=True)
class _Kind:
    words: re.Pattern[str]
    draw: _Drawer


def _kind(words: str, draw: _Drawer) -> _Kind:
    return _Kind(re.compile(rf"\b(?:{words})", re.IGNORECASE), draw)


_INDOORS = (
    _kind(
        "cabin|ferry|boat|ship|train|bus|plane|aircraft|cockpit|submarine|car\\b|van\\b|tram|wheelhouse", indoors.craft
    ),
    _kind("kitchen|bakery|küche|cuisine", indoors.kitchen),
    _kind("bed ?room|bedchamber|hotel room|nursery|schlafzimmer|chambre", indoors.bedroom),
    _kind("office|study|newsroom|police station|bank|library|archive|büro|bureau", indoors.office),
    _kind("bar\\b|pub|restaurant|caf[eé]|diner|tavern|club|saloon|inn\\b|canteen", indoors.bar),
    _kind("shop|store|market|pharmacy|boutique|laden", indoors.shop),
    _kind("class ?room|school|lecture|university", indoors.classroom),
    _kind("hospital|ward\\b|clinic|lab\\b|laborator|surgery|morgue", indoors.ward),
    _kind("corridor|hall ?way|hall\\b|stair|lobby|landing|entrance|foyer|passage|flur", indoors.corridor),
    _kind("church|chapel|cathedral|temple|abbey|castle|throne|palace", indoors.nave),
    _kind("prison|cell\\b|jail|dungeon|cellar|basement|vault|cave|tunnel|bunker", indoors.cellar),
    _kind("theat|stage|cinema|auditorium|concert|dressing room", indoors.stage),
    _kind("garage|workshop|barn|shed|factory|warehouse|hangar|studio|attic", indoors.workshop),
)
_OUTDOORS = (
    _kind("dock|quay|jetty|pier|harbou?r|port\\b|ferry|boat|ship|deck|marina", outdoors.dock),
    _kind("sea\\b|ocean|beach|coast|shore|lake|island|strand|meer", outdoors.shore),
    _kind("river|bridge|canal|stream", outdoors.river),
    _kind("forest|wood|jungle|grove|wald|forêt", outdoors.forest),
    _kind("mountain|peak|summit|alp|cliff|valley|ridge|glacier", outdoors.mountains),
    _kind("desert|dune|wasteland|canyon|mars|moon", outdoors.desert),
    _kind("road|highway|motorway|crossroads|petrol|gas station|landstra", outdoors.road),
    _kind(
        "street|city|town|roof|square|alley|station|building|corner|avenue|market|block|court|plaza|stra(?:ß|ss)e|rue\\b",
        outdoors.town,
    ),
    _kind(
        "park|garden|field|meadow|farm|hill|yard|village|cemetery|graveyard|playground|house|cottage", outdoors.meadow
    ),
)


def drawn_place(shot: CameraShot, scene: FilmScene | None) -> Iterator[str]:
    """Yield the place of a shot. A nearer shot shows less of it, larger."""
    light = daylight_of(scene.time if scene else "")
    draw = _drawer_of(scene)
    nearness, floor = _NEARNESS[shot.size]
    floor += _ANGLES.get(shot.angle, 0.0)
    room = WIDTH / 2 - WIDTH / 2 / nearness if nearness > 1 else 0.0
    middle = WIDTH / 2 + {"left": room * 0.8, "right": -room * 0.8}.get(shot.looks, room * 0.25)
    place = f"translate({WIDTH / 2:.1f} {floor:.1f}) scale({nearness}) translate({-middle:.1f} {-_FLOOR})"
    if shot.angle == "dutch":
        place = f"rotate(-7 160 90) translate(160 90) scale(1.16) translate(-160 -90) {place}"
    yield f'<g transform="{place}">'
    yield from draw(light)
    yield "</g>"
    yield from _weather(scene)
    if light.is_dark:
        yield (
            '<radialGradient id="night" r=".75"><stop offset=".45" stop-color="#05070f" stop-opacity="0"/>'
            '<stop offset="1" stop-color="#05070f" stop-opacity=".55"/></radialGradient>'
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="url(#night)"/>'
        )


def _drawer_of(scene: FilmScene | None) -> _Drawer:
    if scene is None:
        return outdoors.meadow
    is_inside = scene.inside is Inside.INTERIOR
    kinds = _INDOORS if is_inside else _OUTDOORS
    found = next((kind.draw for kind in kinds if kind.words.search(scene.place)), None)
    return found or (indoors.living_room if is_inside else outdoors.meadow)


def _weather(scene: FilmScene | None) -> Iterator[str]:
    if scene is None or scene.inside is Inside.INTERIOR:
        return
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
