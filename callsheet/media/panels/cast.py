"""The figure of each character: the words about its looks say how it is drawn, and its seed where these are silent."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

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
    is_long: bool = False
    """Whether the clothes reach to the knees."""
    has_skirt: bool = False
    has_collar: bool = False
    has_beard: bool = False
    has_glasses: bool = False
    breadth: float = 1.0
    height: float = 1.0
    """Of a grown-up person of middle height."""


def cast_of(characters: Sequence[FilmCharacter]) -> dict[str, Appearance]:
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
    return cast


def _figure_of(character: FilmCharacter) -> Appearance:
    """Return a figure by the words about its looks. Its clothes are empty if these name no colour."""
    looks = " ".join(quote.text for quote in character.looks).casefold()
    seed = character.seed
    garment = re.search(rf"\b({_COLOUR})\b[\w -]{{0,12}}(?:{_GARMENT})", looks)
    hair = re.search(rf"\b({'|'.join(_HAIR)})\w*\b(?:[\w ]{{0,12}})hair", looks)
    scarf = re.search(rf"\b({_COLOUR})\b[\w ]{{0,8}}scarf", looks)
    age = re.search(r"\((\d{1,3})", looks)
    years = int(age[1]) if age else 30
    if hair:
        hair_colour = _HAIR[hair[1]]
    else:
        hair_colour = "#b9b9b9" if years >= _GREY_FROM else _HAIR_COLOURS[seed // 7 % len(_HAIR_COLOURS)]
    return Appearance(
        skin=_SKINS[seed % len(_SKINS)],
        hair=hair_colour,
        hair_style=_hair_style(looks, character.gender, seed),
        clothes=_CLOTHES[garment[1]] if garment else "",
        trousers=_TROUSERS[seed // 11 % len(_TROUSERS)],
        scarf=_CLOTHES[scarf[1]] if scarf else "",
        hat=_hat(looks),
        is_long=bool(_LONG.search(looks)),
        has_skirt=bool(_SKIRT.search(looks)),
        has_collar=bool(_COLLAR.search(looks)),
        has_beard="beard" in looks,
        has_glasses=bool(re.search(r"\b(?:glasses|spectacles)\b", looks)),
        breadth=1.25 if re.search(r"\b(?:round|fat|heavy|big|stout|broad)\b", looks.split("coat")[0]) else 1.0,
        height=_height(looks, years),
    )


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
    return 0.94 if re.search(r"\bshort(?=,| (?:man|woman|person))", looks) else 1.0
