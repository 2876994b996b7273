"""The figure of each character: the words about its looks say how it is drawn, and its seed where these are silent."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

from callsheet.model.film.narration import Gender
from callsheet.model.film.screenplay_analysis import FilmCharacter

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
_NEVER_BY_CHANCE = frozenset({"brown", "black", "white", "gray"})
_HAIR = {
    "grey": "#b9b9b9",
    "gray": "#b9b9b9",
    "silver": "#c9ccd2",
    "white": "#e8e8e4",
    "blond": "#d9b65c",
    "red": "#a5502f",
    "brown": "#5a3d28",
    "dark": "#2e2420",
    "black": "#26211f",
}
_HAIR_COLOURS = ("#3b2a20", "#5a3d28", "#26211f", "#8a5a33", "#6b4a3a")
_GREY_FROM = 60
_HEADGEAR = "cap|beret|hat|fedora"
_FAIR_HAIR = frozenset({"blond", "red"})
_FAIR_SKINS = 3
"""So many of the skins go with fair hair."""
_ANIMALS = {
    "dog": ("dog|hound|puppy|terrier", 0.42),
    "cat": ("cat|kitten|tomcat", 0.3),
    "horse": ("horse|pony|mare|stallion", 1.05),
    "cow": ("cow|bull|ox", 0.85),
    "goat": ("goat", 0.5),
    "ewe": ("sheep|ewe|lamb", 0.5),
    "pig": ("pig|sow|boar", 0.45),
    "rooster": ("rooster|cockerel|hen|chicken", 0.3),
    "rabbit": ("rabbit|hare|bunny", 0.26),
    "fox": ("fox", 0.4),
    "bear": ("bear", 0.9),
    "mouse": ("mouse|rat", 0.16),
    "monkey": ("monkey|ape", 0.5),
    "parrot": ("parrot", 0.26),
    "penguin": ("penguin", 0.4),
    "donkey": ("donkey|mule", 0.85),
    "owl": ("owl", 0.3),
    "duck": ("duck|goose", 0.28),
    "swan": ("swan", 0.34),
    "wolf": ("wolf", 0.5),
    "lion": ("lion|lioness", 0.6),
    "tiger": ("tiger|tigress", 0.6),
    "elephant": ("elephant", 1.2),
    "deer": ("deer|stag|doe|fawn", 0.8),
    "camel": ("camel", 1.05),
    "giraffe": ("giraffe", 1.3),
    "unicorn": ("unicorn", 1.05),
    "hedgehog": ("hedgehog", 0.18),
    "turtle": ("turtle|tortoise", 0.24),
    "frog": ("frog|toad", 0.18),
    "snake": ("snake|python|cobra", 0.3),
    "dragon": ("dragon", 0.9),
    "eagle": ("eagle|hawk|falcon", 0.34),
    "bird": ("bird|crow|raven|gull|seagull|magpie|sparrow|canary", 0.22),
    "dove": ("dove|pigeon", 0.22),
    "octopus": ("octopus", 0.4),
    "crab": ("crab|lobster", 0.2),
    "fish": ("fish|goldfish", 0.22),
    "robot": ("robot", 0.62),
    "alien": ("alien|extraterrestrial", 0.6),
    "ghost": ("ghost", 0.9),
    "snowman": ("snowman", 0.8),
    "teddy-bear": ("teddy|teddy bear", 0.3),
    "desktop-computer": ("computer", 0.4),
    "automobile": ("car", 0.75),
}
"""The drawing of an animal or a thing: the words that name it, and its height beside a grown-up person."""
_UNDRAWN = "drone|machine|probe|rover|satellite|toaster|fridge|vacuum cleaner|jukebox|orb|cube|sphere|hologram"
"""Things that speak in films, and that are not among the drawings."""
_UNDRAWN_HEIGHT = 0.34
_ADJECTIVES = (
    "the|a|an|old|young|little|small|big|tiny|huge|giant|stray|wild|talking|red|yellow|green|blue|brown|black|white|grey|"
    "gray|orange|purple|pink|golden|silver|first|second|third|rescue|service|ship'?s"
)
_OF_A_PERSON = (
    r"(?![ -](?:trainers?|owners?|walkers?|lovers?|catchers?|sitters?|handlers?|keepers?|tamers?|dealers?|farmers?|"
    r"drivers?|operators?|pilots?|mechanics?|engineers?|scientists?|programmers?|hunters?|man|woman|boy|girl|lady|salesman)\b)"
)
_SKINS = ("#f3d3bb", "#e3b48f", "#c68d62", "#8f5f3f", "#6a4530")
_TROUSERS = ("#3f4a63", "#4c4a55", "#5b4a3d", "#39424a")
_COLOUR = "|".join(_CLOTHES)
_GARMENT = (
    r"coat|raincoat|jacket|dress|suit|shirt|apron|hood\w*|sweater|jumper|uniform|blouse|robe|overalls?|gown|cloak"
)
_LONG = re.compile(r"coat|dress|robe|gown|cloak")
_SKIRT = re.compile(r"\b(?:dress|gown|skirt)\b")
_COLLAR = re.compile(r"\b(?:suit|uniform|tie|tuxedo)\b")
_CHILD_UNTIL = 13


def share_of_a_person(drawing: str) -> float | None:
    """Return how high a drawn animal or thing is beside a grown-up person; None if that is not known."""
    return _ANIMALS[drawing][1] if drawing in _ANIMALS else None


@dataclass(frozen=True)
class Appearance:
    """How a character is drawn in every panel. Colours are #rrggbb; an empty colour is not worn."""

    skin: str
    hair: str
    hair_style: str
    """“crop”, “bob”, “long”, “bun” or “bald”."""
    clothes: str
    trousers: str
    scarf: str = ""
    hat: str = ""
    """“cap”, “brim”, “hood”, “helmet”, or nothing."""
    hat_colour: str = ""
    """Empty: that of the clothes."""
    is_long: bool = False
    """Whether the clothes reach to the knees."""
    has_skirt: bool = False
    has_collar: bool = False
    beard: str = ""
    has_glasses: bool = False
    breadth: float = 1.0
    height: float = 1.0
    """Of a grown-up person of middle height."""
    animal: str = ""
    """The drawing of an animal or a thing, which takes the place of the person."""
    label: str = ""
    """The name on a plain shape, which takes the place of a thing without a drawing."""
    coat: str = ""
    """The colour of an animal; empty: that of its drawing."""

    @property
    def is_person(self) -> bool:
        """Return whether a person is drawn."""
        return not (self.animal or self.label)


@lru_cache(maxsize=4)
def cast_of(characters: tuple[FilmCharacter, ...]) -> Mapping[str, Appearance]:
    """Return the figure of each character. Clothes that no words describe have a colour that few others wear."""
    cast = {each.name: _figure_of(each) for each in characters}
    worn = Counter(figure.clothes for figure in cast.values())
    palette = [colour for name, colour in _CLOTHES.items() if name not in _NEVER_BY_CHANCE]
    for each in characters:
        if not cast[each.name].clothes:
            start = each.seed % len(palette)
            clothes = min(palette[start:] + palette[:start], key=lambda colour: worn[colour])
            worn[clothes] += 1
            cast[each.name] = replace(cast[each.name], clothes=clothes)
    return MappingProxyType(cast)


def _figure_of(character: FilmCharacter) -> Appearance:
    """Return a figure by the words about its looks. Its clothes are empty if these name no colour."""
    looks = " ".join(quote.text for quote in character.looks).casefold()
    seed = character.seed
    garment = re.search(rf"\b({_COLOUR})\b[\w -]{{0,12}}(?:{_GARMENT})", looks)
    hair = re.search(rf"\b({'|'.join(_HAIR)})\w*\b(?:[\w ]{{0,12}})hair", looks)
    scarf = re.search(rf"\b({_COLOUR})\b[\w ]{{0,8}}scarf", looks)
    age = re.search(r"\((\d{1,3})", looks)
    years = int(age[1]) if age else 30
    headgear = re.search(rf"\b({_COLOUR})\b[\w ]{{0,8}}\b(?:{_HEADGEAR})\b", looks)
    beard = re.search(rf"\b({'|'.join(_HAIR)})\w*\b(?:[\w ]{{0,12}})beard", looks)
    animal, animal_height = _animal(character.name, looks)
    if hair:
        hair_colour = _HAIR[hair[1]]
    elif beard:
        hair_colour = _HAIR[beard[1]]
    else:
        hair_colour = "#b9b9b9" if years >= _GREY_FROM else _HAIR_COLOURS[seed // 7 % len(_HAIR_COLOURS)]
    return Appearance(
        skin=_SKINS[seed % (_FAIR_SKINS if hair and hair[1] in _FAIR_HAIR else len(_SKINS))],
        hair=hair_colour,
        hair_style=_hair_style(looks, character.gender, seed),
        clothes=_CLOTHES[garment[1]] if garment else "",
        trousers=_TROUSERS[seed // 11 % len(_TROUSERS)],
        scarf=_CLOTHES[scarf[1]] if scarf else "",
        hat=_hat(looks),
        hat_colour=_CLOTHES[headgear[1]] if headgear else "",
        is_long=bool(_LONG.search(looks)),
        has_skirt=bool(_SKIRT.search(looks)),
        has_collar=bool(_COLLAR.search(looks)),
        beard=(_HAIR[beard[1]] if beard else hair_colour) if "beard" in looks else "",
        has_glasses=bool(re.search(r"\b(?:glasses|spectacles)\b", looks)),
        breadth=1.25 if re.search(r"\b(?:round|fat|heavy|big|stout|broad)\b", looks.split("coat")[0]) else 1.0,
        height=animal_height or _height(looks, years),
        animal=animal,
        label=character.name if animal_height and not animal else "",
        coat=_coat(animal, looks) if animal else "",
    )


def _animal(name: str, looks: str) -> tuple[str, float]:
    """Return the drawing of an animal or a thing and its height, if its name or the words about its looks name one.

    The drawing of a thing without one is empty, and the height of a person is 0.
    """
    few = r"(?: (?!in\b|with\b|and\b|who\b|of\b)[\w'’-]+){0,3}? "
    called = re.escape(name.casefold())
    for drawing, words, height in (*((each, *_ANIMALS[each]) for each in _ANIMALS), ("", _UNDRAWN, _UNDRAWN_HEIGHT)):
        named = rf"(?:{words})\b{_OF_A_PERSON}"
        patterns = (
            rf"(?:(?:{_ADJECTIVES}) )*(?:{words})(?: ?\d+)?$",
            rf"(?:(?:an?|the){few})?{called}(?:\s*\([^)]*\))?,? (?:is )?(?:an?|the){few}{named}",
            rf"an?{few}{named},? {called}\b",
        )
        if re.match(patterns[0], name.casefold()) or any(re.match(each, looks) for each in patterns[1:]):
            return drawing, height
    return "", 0.0


def _coat(animal: str, looks: str) -> str:
    """Return the colour that is said of an animal: a white dog, a parrot with green feathers."""
    said = re.search(
        rf"\b({_COLOUR})\b[\w-]*(?: (?!and\b|with\b)[\w-]+)?,? (?:{_ANIMALS[animal][0]}|fur|feathers|coat)\b", looks
    )
    return _CLOTHES[said[1]] if said else ""


def _hair_style(looks: str, gender: Gender | None, seed: int) -> str:
    if re.search(r"\bbald\b", looks):
        return "bald"
    if re.search(r"\b(?:bun|knot|plait|ponytail)\b", looks):
        return "bun"
    if "long hair" in looks or re.search(r"\blong \w+ hair", looks):
        return "long"
    if re.search(r"\b(?:short|cropped|shaved)\b[\w ]{0,14}hair", looks):
        return "crop"
    if gender is Gender.FEMALE:
        return ("long", "bob", "bun")[seed // 5 % 3]
    return "crop"


def _hat(looks: str) -> str:
    for kind, words in (("hood", "hood"), ("helmet", "helmet"), ("cap", "cap|beret"), ("brim", "hat|fedora")):
        if re.search(rf"\b(?:{words})\b", looks):
            return kind
    return ""


def _height(looks: str, years: int) -> float:
    if years < _CHILD_UNTIL:
        return 0.5 + 0.018 * max(years, 4)
    if "tall" in looks:
        return 1.06
    if re.search(r"\b(?:tiny|little|small)(?=,| (?:man|woman|person|lady))", looks):
        return 0.86
    return 0.94 if re.search(r"\bshort(?=,| (?:man|woman|person))", looks) else 1.0
