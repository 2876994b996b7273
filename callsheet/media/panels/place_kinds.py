"""Which place the words of a heading name: rooms, buildings, what moves, and places under the sky.

A heading names a place in parts: “house - kitchen”. The last part that is known says it, and a room says more than the
building that it is in. A place that no words name is a plain room, a meadow, or a plain ground.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from callsheet.media.panels import carriages, halls, indoors, outdoors, settlements, shelters, wilds, workplaces
from callsheet.media.panels.daylight import Daylight
from callsheet.model.film.screenplay import Inside
from callsheet.model.film.screenplay_analysis import FilmScene

PlaceDrawer = Callable[[Daylight], Iterator[str]]
_PARTS = re.compile(r"\s+[-–—]{1,2}\s+|\s*[/,;:]\s*")
_BESIDE = re.compile(
    r"\b(?:above|over|near|by|at|behind|beside|outside|opposite|before|below|under|in|on|of|with|over|across)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Kind:
    words: re.Pattern[str]
    draw: PlaceDrawer


def _kind(draw: PlaceDrawer, words: str, signs: str = "") -> _Kind:
    """Return a kind of place by what begins the words for it, and by `signs` of scripts without spaces."""
    unspaced = f"|{signs}" if signs else ""
    return _Kind(re.compile(rf"\b(?:{words}){unspaced}", re.IGNORECASE), draw)


_MOVING = (
    _kind(
        carriages.spaceship,
        "space ?(?:ship|craft|station|shuttle|pod|capsule)|star ?ship|mother ?ship|escape pod|airlock|cryo|"
        "lunar module|raumschiff|"
        "raumstation|vaisseau spatial|station spatiale|nave espacial|estación espacial|космическ|звездол[её]т",
        "飞船|太空船|空间站|宇宙船|宇宙ステーション",
    ),
    _kind(
        carriages.lift,
        "lift\\b(?! lobby)|elevator(?! lobby)|aufzug|fahrstuhl|ascens(?:eu|o)r|лифт",
        "电梯|電梯|エレベーター",
    ),
    _kind(carriages.cockpit, "cockpit|flight deck|helicopter|hubschrauber|helicóptero|hélicoptère|вертол[её]т"),
    _kind(
        carriages.cabin,
        "(?:air ?|aero)?planes?\\b|aircraft|airliner|jet\\b|avión|avion\\b|flugzeug|самол[её]т",
        "飞机|飛行機",
    ),
    _kind(
        carriages.carriage,
        "(?:train|tram|bus|subway|metro|coach|tren|autobús|métro)\\b(?! (?:station|stop|depot|platform|ticket|"
        "yard|driver))|"
        "railway c|[us]-bahn|carriage|stagecoach|compartment|(?:dining|sleeping|cable|rail|box) ?car\\b|wagon|"
        "zug|abteil|straßenbahn|поезд|вагон|купе|автобус|трамвай",
        "火车|列车|車内|车厢|电车|電車",
    ),
    _kind(
        carriages.car,
        "cars?\\b(?! (?:park|wash|dealer|rental|shop|repair|factory|ferry|lot|showroom))|(?:mini)?van\\b|"
        "truck(?! (?:stop|driver))|lorry|pick-?up\\b|taxi(?! (?:rank|office|stand|driver))|cab\\b|limo|suv\\b|"
        "jeep|sedan|hatchback|"
        "convertible|humvee|cruiser\\b|ambulance|hearse|mustang|cadillac|mercedes|chevy|auto\\b|(?:streifen|"
        "liefer|kranken|last|gelände)?wagen\\b|"
        "lkw|pkw|voiture|camion|coche\\b|furgoneta|автомобил|машина\\b|такси|грузовик",
        "车里|车内|汽车|轿车|出租车|車の中|自動車|タクシー",
    ),
)
"""What is seen from within, whatever else the heading names."""
_ROOMS = (
    _kind(
        workplaces.courtroom,
        "court ?(?:room|house)|(?<!tennis )(?<!food )(?<!squash )(?<!basketball )court\\b|tribunal|gericht|"
        "salle d.audience|juzgado|суд\\b|зал суда",
        "法庭|法院|法廷",
    ),
    _kind(
        workplaces.machine_room,
        "(?:engine|boiler|machine|generator|turbine|pump|furnace) ?(?:room|house|hall)|power (?:plant|station)|reactor|"
        "maschinenraum|maschinenhalle|kesselraum|salle des machines|sala de máquinas|машинное отделение|котельная",
        "机房|機関室|锅炉房",
    ),
    _kind(
        indoors.kitchen,
        "kitchen|bakery|galley|küche|backstube|cuisine|boulangerie|cocina|кухня|пекарня",
        "厨房|台所|廚房",
    ),
    _kind(
        workplaces.bathroom,
        "bath ?room|restroom|toilet|washroom|lavatory|shower|wc\\b|men.s room|ladies.? room|bad\\b|badezimmer|toilette|"
        "salle de bains?|baño|ванная|туалет",
        "浴室|洗手间|厕所|トイレ|風呂",
    ),
    _kind(
        indoors.bedroom,
        "bed ?room|bedchamber|(?:hotel|motel|guest) (?:room|suite)|motel|nursery|dormitory|barracks|schlafzimmer|"
        "hotelzimmer|"
        "chambre|dormitorio|habitación|спальня",
        "卧室|臥室|寝室",
    ),
    _kind(workplaces.laboratory, "lab\\b|labs\\b|laborator|labor\\b|лаборатория", "实验室|實驗室|研究室|実験室"),
    _kind(
        shelters.cell,
        "(?:prison|jail|holding|police|padded) cell|cells?\\b|zelle|cellule|celda|камера\\b",
        "牢房|独房",
    ),
    _kind(
        indoors.room,
        "(?:dining|conference|meeting|interrogation|interview|briefing|war|waiting|jury) room|board ?room|esszimmer|"
        "besprechungsraum|verhörraum|salle à manger|salle de réunion|comedor|sala de reuniones|столовая",
        "会议室|会議室|审讯室|取調室|餐室",
    ),
    _kind(
        workplaces.library,
        "library|archive|book ?(?:shop|store)|bibliothe[kq]|bibliothèque|buchladen|librairie|biblioteca|библиотека",
        "图书馆|図書館",
    ),
    _kind(
        indoors.office,
        "office|study\\b|newsroom|publish|police station|precinct|squad room|bank\\b|büro|bureau|kanzlei|"
        "polizei(?:wache|revier)|wache\\b|commissariat|oficina|despacho|comisaría|кабинет|офис",
        "办公室|事務所|警察局|警察署",
    ),
    _kind(
        workplaces.restaurant,
        "restaurant|caf[eé]\\b|cafeteria|coffee ?(?:shop|house)|diner\\b|canteen|bistro|pizz|(?:mess|dining) hall|"
        "truck stop|gaststätte|kantine|cafetería|restaurante|кафе|ресторан",
        "餐厅|食堂|咖啡|レストラン|喫茶店",
    ),
    _kind(
        indoors.bar,
        "bars?\\b|pubs?\\b|tavern|(?:night ?)?club\\b|saloon|inn\\b|kneipe|wirtshaus|taverne|taberna|cantina|бар\\b",
        "酒吧|居酒屋|バー",
    ),
    _kind(
        indoors.shop,
        "(?<!work)shops?\\b|stores?\\b|mall\\b|(?:hair|beauty) salon|barber|laundromat|(?:gas|petrol) station|"
        "supermarket|market|pharmacy|drug ?store|boutique|laden|geschäft|apotheke|"
        "magasin|pharmacie|tienda(?! de campaña)|farmacia|магазин|рынок|аптека",
        "商店|市场|店",
    ),
    _kind(indoors.classroom, "class ?room|lecture|klassenzimmer|hörsaal|salle de classe|aula\\b|класс", "教室"),
    _kind(
        indoors.ward,
        "ward\\b|clinic|surgery|operating|morgue|(?:emergency|delivery|hospital|patient.?s?) room|icu\\b|krankenzimmer",
        "病房|手术室|病室",
    ),
    _kind(indoors.stage, "theat(?:re|er)s?\\b|stage\\b|cinema|auditorium|concert|dressing room|bühne|escenario|сцена"),
    _kind(
        shelters.attic, "attic|loft\\b|garret|dachboden|speicher\\b|grenier|mansarde|ático|desván|чердак", "阁楼|屋根裏"
    ),
    _kind(
        workplaces.warehouse,
        "ware ?house|store ?room|storage|stock ?room|depot|lager(?:haus|halle|raum)|entrepôt|almacén|склад",
        "仓库|倉庫",
    ),
    _kind(
        halls.stairs,
        "stair|treppe|escalier|escalera|лестниц",
        "楼梯|階段",
    ),
    _kind(
        indoors.corridor,
        "corridor|hall ?way|hall\\b|lobby|landing|entrance|foyer|passage|vestibule|reception|flur|"
        "couloir|pasillo|vestíbulo|коридор",
        "走廊|廊下",
    ),
    _kind(
        indoors.workshop,
        "garage|workshop|barn|shed\\b|stable|hangar|studio|forge|smithy|werkstatt|scheune|atelier|taller\\b|granero|"
        "мастерская|гараж",
        "车库|車庫|工房",
    ),
    _kind(
        indoors.cellar,
        "dungeon|cellar|basement|vault\\b|tunnel|bunker|crypt|sewer|catacomb|keller|verlies|cave à vin|sous-sol|sótano|"
        "túnel|подвал|тоннель",
        "地下室|隧道|トンネル",
    ),
    _kind(shelters.cave, "caves?\\b|cavern|grotto|mine\\b|mines\\b|höhle|grotte|cueva|пещера", "洞穴|山洞|洞窟"),
    _kind(shelters.tent, "tents?\\b|yurt|tipi|teepee|zelt|tente\\b|tienda de campaña|палатка|шат[её]р", "帐篷|テント"),
    _kind(
        indoors.living_room,
        "living ?room|sitting ?room|lounge|parlou?r|drawing room|family room|den\\b|wohnzimmer|salon\\b|salón|"
        "sala de estar|гостиная",
        "客厅|居間|リビング",
    ),
)
_BUILDINGS = (
    _kind(indoors.ward, "hospital|krankenhaus|klinik|hôpital|больница", "医院|病院"),
    _kind(indoors.classroom, "school|college|university|schule|universität|école\\b|lycée|escuela|школа", "学校"),
    _kind(
        indoors.nave,
        "church|chapel|cathedral|temple|abbey|monastery|mosque|castle|throne|palace|kirche|kapelle|schloss|"
        "burg\\b|église|"
        "chapelle|château|iglesia|capilla|castillo|церковь|храм|замок|дворец",
        "教堂|教会|寺|城堡|宮殿",
    ),
    _kind(shelters.cell, "prison|jail|gaol|gefängnis|prisión|cárcel|тюрьма", "监狱|監獄|刑務所"),
    _kind(
        workplaces.machine_room, "factory|mill\\b|steelworks|foundry|fabrik|usine|fábrica|завод|фабрика", "工厂|工場"
    ),
    _kind(
        halls.concourse,
        "(?<!radio )(?<!fire )(?<!tv )(?<!weather )(?<!research )station|airport|terminal|concourse|departure|"
        "bahnhof|flughafen|gare\\b|aéroport|estación|aeropuerto|вокзал|"
        "станция|аэропорт",
        "站|駅|机场|空港",
    ),
    _kind(indoors.corridor, "hotel|гостиница", "酒店|ホテル"),
    _kind(
        indoors.craft,
        "ferry|\\w*boat|\\w*ship\\b|submarine|yacht|wheelhouse|captain.s (?:cabin|quarters)|"
        "schiff|kajüte|u-boot|bateau|navire|péniche|barco|buque|каюта|корабль",
        "船",
    ),
    _kind(
        indoors.living_room,
        "(?:farm)?house|(?<!funeral )home\\b|apartment|flat\\b|cottage|mansion|villa|bungalow|penthouse|trailer\\b|"
        "haus\\b|wohnung|maison|appartement|casa\\b|apartamento|piso\\b|дом\\b|квартира",
        "公寓|家里|アパート",
    ),
)
_LANDS = (
    _kind(
        settlements.parking_lot,
        "parking|car park|parkplatz|parkhaus|aparcamiento|estacionamiento|парковка|стоянка",
        "停车场|駐車場",
    ),
    _kind(
        wilds.space,
        "(?:outer |deep )?space\\b|space ?(?:ship|craft|station|shuttle|pod)|star ?ship|orbit|galaxy|asteroid|weltraum|"
        "weltall|raumschiff|raumstation|espace\\b|espacio|космос|орбита",
        "太空|宇宙",
    ),
    _kind(
        wilds.underwater, "under ?(?:water|sea)|ocean floor|sea ?bed|unter wasser|sous l.eau|bajo el agua", "水下|海底"
    ),
    _kind(settlements.pool, "(?:swimming )?pool\\b|schwimmbad|freibad|piscin[ae]|бассейн", "泳池|プール"),
    _kind(
        outdoors.dock,
        "dock|quay|jetty|pier\\b|harbou?r|port\\b|ferry|boat|ship|(?:battle|war|steam)ship|yacht|deck|marina|"
        "hafen|puerto|muelle|порт\\b",
    ),
    _kind(
        settlements.railway_platform,
        "(?<!gas )(?<!petrol )(?<!police )(?<!fire )(?<!bus )(?<!space )(?<!power )(?<!radio )station\\b|platform|"
        "bahnsteig|bahnhof|gare\\b|andén|estación|станция|вокзал|платформа|перрон",
        "站",
    ),
    _kind(settlements.lighthouse, "lighthouse|leuchtturm|phare\\b|faro\\b|маяк", "灯塔|灯台"),
    _kind(
        outdoors.shore,
        "sea\\b|ocean|beach|coast|shore|lake|island|strand|meer|plage|playa|isla\\b|море|пляж|берег|озеро",
        "海|湖",
    ),
    _kind(outdoors.bridge, "bridge|brücke|pont\\b|puente|мост", "桥|橋"),
    _kind(outdoors.river, "river|canal|stream\\b|waterfall|fluss|río\\b|река", "河|川"),
    _kind(wilds.jungle, "jungle|rain ?forest|dschungel|urwald|selva|джунгли", "丛林|ジャングル|密林"),
    _kind(outdoors.forest, "forest|woods?\\b|woodland|grove|swamp|marsh|bayou|wald|forêt|bosque|лес\\b", "森"),
    _kind(
        outdoors.mountains,
        "mountain|peak|summit|alps?\\b|cliff|valley|ridge|glacier|arctic|tundra|snow|berg\\b|gebirge|montagne|"
        "montaña|гора|горы",
        "山",
    ),
    _kind(wilds.mars, "mars\\b(?! (?:street|road|avenue|bar|hotel))|red planet|alien planet|марс\\b", "火星"),
    _kind(
        wilds.moon,
        "(?<!full )(?<!new )(?<!the rising )moon\\b(?! (?:street|road|avenue|bar|hotel|river|lake))|lunar|"
        "mond\\b|la lune|la luna|луна\\b",
        "月球|月面",
    ),
    _kind(
        outdoors.desert,
        "desert|sahara|dune|wasteland|canyon|wüste|désert|desierto|пустыня",
        "沙漠|砂漠",
    ),
    _kind(
        wilds.battlefield,
        "battle|trench|no man.s land|front ?line|war ?zone|schlachtfeld|schützengraben|champ de bataille|tranchée|"
        "campo de batalla|поле боя|окоп",
        "战场|戦場|塹壕",
    ),
    _kind(outdoors.roof, "roof|balcony|terrace|dach\\b|balkon|balcon\\b|toits?\\b|tejado|azotea|крыш", "屋顶|屋上"),
    _kind(
        outdoors.road,
        "road|highway|motorway|freeway|crossroads|petrol|gas station|runway|landstra|autobahn|autoroute|route\\b|"
        "carretera|autopista|"
        "шоссе|дорога",
        "公路|道路|高速",
    ),
    _kind(
        settlements.cemetery,
        "cemetery|graveyard|grave\\b|funeral|friedhof|cimetière|cementerio|кладбище",
        "墓地|公墓|墓园",
    ),
    _kind(
        settlements.market,
        "market(?! (?:street|road|avenue))|bazaa?r|fairground|markt\\b|marché|mercado|рынок",
        "市场|市場",
    ),
    _kind(
        outdoors.town,
        "street|city|town|square|alley|station|platform|building|corner|avenue|block|court|plaza|skyscraper|"
        "stra(?:ß|ss)e|bahnhof|stadt|gasse|rue\\b|gare\\b|calle|ciudad|улица|город|станция|вокзал|площадь|платформа",
        "街|站|駅|城|广场",
    ),
    _kind(settlements.village, "village|hamlet|dorf\\b|pueblo|aldea|деревня|село\\b", "村"),
    _kind(
        outdoors.meadow,
        "park\\b|gardens?\\b|field|meadow|farm\\b|hill|(?:back|front|court|school)? ?yard|playground|lawn|garten|wiese|"
        "feld\\b|jardin|champ\\b|jardín|campo\\b|сад\\b|поле\\b|парк\\b",
        "公园|公園|花园|庭",
    ),
    _kind(
        wilds.clouds,
        "sky\\b|skies|clouds?\\b|mid-?air|himmel|wolken|ciel\\b|nuages|cielo|nubes|небо|облака",
        "天空|空中",
    ),
)
_FRONTS = (
    _kind(
        settlements.homestead,
        "house|home\\b|cottage|mansion|villa|bungalow|cabin|hut\\b|shack|porch|patio|driveway|ranch|barn\\b|"
        "stable|haus\\b|hütte|maison|casa\\b|дом\\b",
    ),
    _kind(settlements.village, "church|chapel|kirche|église|iglesia|церковь", "教堂|教会"),
    _kind(
        outdoors.town,
        "bus stop|hospital|school|university|bar\\b|pub\\b|club\\b|hotel|motel|office|bank\\b|factory|"
        "ware ?house|shop|store|"
        "restaurant|caf[eé]|diner|theat|cinema|police|prison|jail|museum|library|apartment|airport|tower|mall\\b",
    ),
    _kind(outdoors.road, "cars?\\b|van\\b|truck|bus\\b|taxi|cab\\b|motorcycle"),
)
"""What is seen of a house from without, if no words say what lies around it."""
_INSIDE, _OUTSIDE = (_MOVING, _ROOMS, _BUILDINGS), (_LANDS, _FRONTS)
_TABLES = {
    Inside.INTERIOR: _INSIDE,
    Inside.EXTERIOR: _OUTSIDE,
    Inside.BOTH: (_MOVING, *_OUTSIDE, _ROOMS, _BUILDINGS),
    Inside.UNKNOWN: (_MOVING, _LANDS, _ROOMS, _BUILDINGS, _FRONTS),
}
_NEUTRAL = {Inside.INTERIOR: indoors.room, Inside.EXTERIOR: outdoors.meadow}
UNDER_SKY: frozenset[PlaceDrawer] = frozenset(kind.draw for kinds in _OUTSIDE for kind in kinds) - {
    wilds.space,
    wilds.moon,
    wilds.mars,
    wilds.underwater,
}
"""Places in which rain falls."""


def place_drawer(scene: FilmScene) -> PlaceDrawer:
    """Return what draws the place of a scene."""
    parts = _PARTS.split(scene.place)[::-1]
    itself = [_BESIDE.split(part)[0] for part in parts]  # a hill above the town is a hill
    return next(
        (
            kind.draw
            for words in (itself, parts)
            for kinds in _TABLES[scene.inside]
            for part in words
            for kind in kinds
            if kind.words.search(part)
        ),
        _NEUTRAL.get(scene.inside, wilds.nowhere),
    )
