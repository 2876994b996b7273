"""The ground of a panel: the place of a scene by its words, its light by the time of day, and the weather."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from callsheet.media.panels import carriages, indoors, outdoors
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
_BESIDE = re.compile(
    r"\b(?:above|over|near|by|at|behind|beside|outside|opposite|before|below|under|in|on|of|with|over|across)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Kind:
    words: re.Pattern[str]
    draw: _Drawer


def _kind(words: str, draw: _Drawer, signs: str = "") -> _Kind:
    """Return a kind of place by what begins the words for it, and by `signs` of scripts without spaces."""
    unspaced = f"|{signs}" if signs else ""
    return _Kind(re.compile(rf"\b(?:{words}){unspaced}", re.IGNORECASE), draw)


_INDOORS = (
    _kind("lift\\b|elevator|aufzug|fahrstuhl|ascenseur|лифт", carriages.lift, "电梯|電梯|エレベーター"),
    _kind(
        "train\\b|railway c|carriage|compartment|wagon|tram|bus\\b|subway|metro\\b|coach|(?:air ?)?plane|aircraft|zug|"
        "abteil|"
        "поезд|вагон|купе|автобус|трамвай|самол[её]т",
        carriages.carriage,
        "火车|列车|車内|车厢|电车|電車|飞机|飛行機",
    ),
    _kind("cabin|ferry|boat|ship|cockpit|submarine|car\\b|van\\b|wheelhouse|каюта", indoors.craft, "船"),
    _kind("kitchen|bakery|küche|backstube|cuisine|boulangerie|кухня|пекарня", indoors.kitchen, "厨房|台所|廚房"),
    _kind("bed ?room|bedchamber|hotel room|nursery|schlafzimmer|chambre|спальня", indoors.bedroom, "卧室|臥室|寝室"),
    _kind(
        "office|study|newsroom|police station|bank|library|archive|büro|bureau|кабинет|офис|библиотека",
        indoors.office,
        "办公室|事務所|图书馆|図書館",
    ),
    _kind(
        "bar\\b|pub|restaurant|caf[eé]|diner|tavern|club|saloon|inn\\b|canteen|кафе|ресторан|бар\\b",
        indoors.bar,
        "酒吧|餐厅|食堂|レストラン|喫茶店",
    ),
    _kind("shop|store|market|pharmacy|boutique|laden|магазин|рынок", indoors.shop, "商店|市场|店"),
    _kind("class ?room|school|lecture|university|школа|класс", indoors.classroom, "教室|学校"),
    _kind("hospital|ward\\b|clinic|lab\\b|laborator|surgery|morgue|больница", indoors.ward, "医院|病院"),
    _kind(
        "corridor|hall ?way|hall\\b|stair|lobby|landing|entrance|foyer|passage|flur|station|airport|terminal|"
        "bahnhof|gare\\b|коридор|лестница|вокзал|станция",
        indoors.corridor,
        "走廊|廊下|楼梯|站|駅",
    ),
    _kind("church|chapel|cathedral|temple|abbey|castle|throne|palace", indoors.nave),
    _kind("prison|cell\\b|jail|dungeon|cellar|basement|vault|cave|tunnel|bunker", indoors.cellar),
    _kind("theat|stage|cinema|auditorium|concert|dressing room", indoors.stage),
    _kind("garage|workshop|barn|shed|factory|warehouse|hangar|studio|attic", indoors.workshop),
)
_OUTDOORS = (
    _kind("dock|quay|jetty|pier|harbou?r|port\\b|ferry|boat|ship|deck|marina", outdoors.dock),
    _kind(
        "sea\\b|ocean|beach|coast|shore|lake|lighthouse|island|strand|meer|plage|море|пляж|берег|озеро",
        outdoors.shore,
        "海|湖",
    ),
    _kind("river|bridge|canal|stream|fluss|brücke|pont\\b|река|мост", outdoors.river, "河|川|桥|橋"),
    _kind("forest|wood|jungle|grove|wald|forêt|лес\\b", outdoors.forest, "森"),
    _kind("mountain|peak|summit|alp|cliff|valley|ridge|glacier|гора|горы", outdoors.mountains, "山"),
    _kind("desert|dune|wasteland|canyon|mars|moon|пустыня", outdoors.desert, "沙漠|砂漠"),
    _kind("roof|dach\\b|toits?\\b|крыш", outdoors.roof, "屋顶|屋上"),
    _kind("road|highway|motorway|crossroads|petrol|gas station|landstra", outdoors.road),
    _kind(
        "street|city|town|square|alley|station|platform|building|corner|avenue|market|block|court|plaza|"
        "stra(?:ß|ss)e|bahnhof|rue\\b|gare\\b|улица|город|станция|вокзал|площадь|платформа",
        outdoors.town,
        "街|站|駅|城|广场",
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
    itself = _BESIDE.split(scene.place)[0]  # a hill above the town is a hill
    found = next((kind.draw for place in (itself, scene.place) for kind in kinds if kind.words.search(place)), None)
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
