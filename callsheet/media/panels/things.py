"""The things that a panel shows: in a hand, on the ground, on water or in the air. Each is one of the packed drawings.

Only words that name one plain thing are known. An unknown thing is not drawn, rather than drawn as something else.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from callsheet.drawings import GRID, drawing_named, drawing_names
from callsheet.media.panels.daylight import Daylight
from callsheet.media.panels.pen import blended, toned

_WORDS: dict[str, dict[str, str]] = {
    "carried": {
        "luggage": "suitcase|luggage",
        "briefcase": "briefcase",
        "backpack": "backpack|rucksack",
        "handbag": "handbag|purse",
        "shopping-bags": "shopping bags?",
        "basket": "basket",
        "bucket": "bucket",
        "toolbox": "toolbox",
        "guitar": "guitar",
        "broom": "broom|mop",
        "axe": "axe",
        "umbrella": "umbrella",
        "ladder": "ladder",
    },
    "held": {
        "flashlight": "flashlight|torch",
        "candle": "candle",
        "mobile-phone": "(?:cell|mobile) ?phone|smartphone|phone",
        "telephone-receiver": "receiver",
        "envelope": "envelope|letter",
        "scroll": "scroll",
        "page-facing-up": "note|document|paper|contract",
        "newspaper": "newspaper",
        "open-book": "book|notebook|diary|journal",
        "world-map": "map",
        "framed-picture": "portrait|framed (?:picture|photograph|photo)|painting",
        "postcard": "photograph|photo|postcard|(?<!credit )(?<!business )(?<!birthday )card",
        "old-key": "keys?",
        "ring": "ring",
        "kitchen-knife": "knife",
        "dagger": "dagger",
        "hammer": "hammer",
        "wrench": "wrench|spanner",
        "camera": "camera",
        "hot-beverage": "coffee|tea|cup|mug",
        "wine-glass": "wine|glass of \\w+",
        "beer-mug": "beer",
        "bread": "bread|loaf",
        "red-apple": "apple",
        "birthday-cake": "cake",
        "bouquet": "flowers|bouquet",
        "rose": "rose",
        "wrapped-gift": "gift|present",
        "package": "box|parcel|package|crate",
        "teddy-bear": "teddy bear",
        "trophy": "trophy",
        "violin": "violin",
        "flute": "flute",
        "trumpet": "trumpet",
        "saxophone": "saxophone",
        "accordion": "accordion",
        "fish": "fish",
        "ticket": "tickets?",
        "credit-card": "credit card",
        "teapot": "teapot",
        "pizza": "pizza",
        "steaming-bowl": "bowl of soup|soup",
        "top-hat": "top hat",
        "glass-of-milk": "milk|glass of milk",
        "tumbler-glass": "whisky|whiskey",
        "microphone": "microphone",
        "magnifying-glass-tilted-left": "magnifying glass",
        "bomb": "bomb",
        "money-bag": "bag of money|money bag",
        "coin": "coin",
        "watch": "wristwatch",
        "fountain-pen": "pen",
        "paintbrush": "paintbrush",
        "scissors": "scissors",
        "soccer-ball": "ball",
        "kite": "kite",
        "balloon": "balloon",
        "crown": "crown",
        "sandwich": "sandwich",
        "megaphone": "megaphone",
        "laptop": "laptop",
    },
    "on the ground": {
        "dog": "dog",
        "cat": "cat",
        "horse": "horse",
        "cow": "cow",
        "goat": "goat",
        "ewe": "sheep|ewe|lamb",
        "rooster": "rooster|cockerel|chicken|hen",
        "pig": "pig",
        "automobile": "car",
        "taxi": "taxi|cab",
        "police-car": "police car",
        "bus": "bus",
        "delivery-truck": "van|truck|lorry",
        "ambulance": "ambulance",
        "tractor": "tractor",
        "motorcycle": "motorcycle|motorbike",
        "bicycle": "bicycle|bike",
        "locomotive": "train|locomotive",
        "tent": "tent",
        "fire": "campfire|bonfire|fire",
        "chair": "empty chair",
        "snowman": "snowman",
        "headstone": "gravestone|grave",
        "coffin": "coffin",
    },
    "on water": {
        "ferry": "ferry",
        "sailboat": "sailboat|sailing boat",
        "canoe": "canoe|rowing boat",
        "speedboat": "speedboat|motorboat",
        "ship": "ship|steamer",
        "motor-boat": "boat",
        "whale": "whale",
        "duck": "duck",
        "swan": "swan",
    },
    "in the air": {
        "airplane": "airplane|aeroplane|plane",
        "helicopter": "helicopter",
        "rocket": "rocket",
        "flying-saucer": "ufo|flying saucer",
        "bird": "bird|gull|seagull|crow|raven",
        "dove": "dove|pigeon",
        "butterfly": "butterfly",
        "parachute": "parachute",
        "rainbow": "rainbow",
    },
}


_NOT_THERE = r"(?<!\bno )(?<!\bwithout )(?<!\bwithout a )(?<!\bwithout his )(?<!\bwithout her )"
_OF_ANOTHER_WORD = (
    r"(?! (?:pilot|driver|captain|station|stop|door|cabin|dock|keeper|owner|man|woman|boy|girl|ride|ticket|wash|park|"
    r"shop|house|bowl|food|tracks?|case|maker|drawer|light|lights)\b)"
)
FLYING = frozenset({"kite", "balloon"})
"""What is in the air, unless a hand has it."""
_ON_PAPER = {"postcard": ("framed-picture", {"#d3883e": "#e2d9c6", "#f3ad61": "#f6f1e6", "#b97028": "#d2c8b3"})}
"""Things that are another drawing with other colours: a card has a white edge where a picture has a frame."""
_MUTED, _WORN = "#6d5f50", {"luggage": 0.78, "briefcase": 0.4, "backpack": 0.4}
"""The drawings are brighter than a film: how much of a quiet brown they take, and what is worn takes more."""
_MUTED_SHARE = 0.26
_COATS: dict[str, tuple[str, ...]] = {
    "dog": ("#f3ad61", "#d3883e", "#ffdea7"),
    "cat": ("#f3ad61", "#d3883e", "#ffdea7"),
    "horse": ("#a56953", "#6d4534"),
    "goat": ("#f3ad61", "#d3883e"),
    "donkey": ("#c8beb4", "#b5aaa0", "#a0978d", "#8b8279", "#ded7d0"),
    "pig": ("#ff8687", "#ff5e59", "#fbb8ab"),
    "rabbit": ("#ffffff", "#9b9b9b"),
    "fox": ("#ff822d", "#ff6723"),
    "bear": ("#a56953", "#8c5543"),
    "mouse": ("#cdc4d6", "#b4acbc"),
    "monkey": ("#6d4534",),
    "parrot": ("#f70a8d",),
    "owl": ("#6d4534",),
}
"""Colours of the fur or the feathers of drawn animals; the first one has most of it."""


@dataclass(frozen=True)
class Thing:
    """A thing that the words name: its drawing, and where such a thing is."""

    name: str
    where: str
    """“carried”, “held”, “on the ground”, “on water” or “in the air”."""
    said_at: int
    """Where the words name it."""


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[re.Pattern[str], str, str], ...]:
    known = frozenset(drawing_names()) | _ON_PAPER.keys()
    return tuple(
        (re.compile(rf"(?<![\w-]){_NOT_THERE}(?:{words})(?![\w-]){_OF_ANOTHER_WORD}", re.IGNORECASE), name, where)
        for where, things in _WORDS.items()
        for name, words in things.items()
        if name in known
    )


def things_in(text: str) -> tuple[Thing, ...]:
    """Return the things that a text names, in its order; a word is one thing."""
    found = sorted(
        (
            (match.start(), -match.end(), name, where)
            for pattern, name, where in _patterns()
            for match in [pattern.search(text)]
            if match
        ),
    )
    things: list[Thing] = []
    ends = 0
    for start, end, name, where in found:
        if start >= ends:
            things.append(Thing(name, where, start))
            ends = -end
    return tuple(things)


def drawn_thing(
    name: str, x: float, y: float, size: float, *, light: Daylight | None = None, mirrored: bool = False, coat: str = ""
) -> Iterator[str]:
    """Yield a drawing by the middle of its lower edge, `size` units high. What stands in the place takes its light.

    An animal can have a `coat` of another colour.
    """
    scale = size / GRID
    turned = "-" if mirrored else ""
    left = x + size / 2 if mirrored else x - size / 2
    yield f'<g transform="translate({left:.2f} {y - size:.2f}) scale({turned}{scale:.6f} {scale:.6f})">'
    drawing, others = _ON_PAPER.get(name, (name, {}))
    for shape in drawing_named(drawing).shapes:
        colour = others.get(shape.colour[:7], shape.colour[:7])
        muted = blended(_coated(name, colour, coat), _MUTED, _WORN.get(name, _MUTED_SHARE))
        colour = light.on(muted) if light else muted
        yield f'<path fill="{colour}{shape.colour[7:]}" d="{shape.path}"/>'
    yield "</g>"


def _coated(name: str, colour: str, coat: str) -> str:
    """Return a colour of an animal if its coat has another one: what is darker in the drawing stays darker."""
    coats = _COATS.get(name, ())
    if not coat or colour not in coats:
        return colour
    bright, most = (sum(int(each[at : at + 2], 16) for at in (1, 3, 5)) for each in (colour, coats[0]))
    return toned(coat, min(1.3, bright / most))
