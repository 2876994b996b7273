"""How a video looks: theme, accent colour and typeface, by name."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, model_validator

from callsheet.model.film.brand import Brand, BrandTypefaces
from callsheet.model.film.language import Language
from callsheet.model.film.typeface import FontName
from callsheet.model.values import IN_ONE_FIELD, Value

__all__ = ["AccentName", "FontName", "Illustrate", "Look", "OwnLook", "ReadingPace", "ThemeName"]


class ThemeName(StrEnum):
    """The design of a video: ground, typefaces, shapes, motion and a figure for openings."""

    MIDNIGHT = "midnight"
    PAPER = "paper"
    CHALK = "chalk"
    JOURNAL = "journal"
    POSTER = "poster"
    GARDEN = "garden"
    BLUEPRINT = "blueprint"
    AURORA = "aurora"


class AccentName(StrEnum):
    """The one colour that stands out."""

    BLUE = "blue"
    TEAL = "teal"
    GREEN = "green"
    AMBER = "amber"
    ORANGE = "orange"
    RED = "red"
    PINK = "pink"
    VIOLET = "violet"


_PAIRS = {
    ThemeName.MIDNIGHT: (FontName.INTER, FontName.INTER),
    ThemeName.PAPER: (FontName.ROBOTO_SLAB, FontName.LATO),
    ThemeName.CHALK: (FontName.QUICKSAND, FontName.QUICKSAND),
    ThemeName.JOURNAL: (FontName.EB_GARAMOND, FontName.EB_GARAMOND),
    ThemeName.POSTER: (FontName.LEAGUE_SPARTAN, FontName.INTER),
    ThemeName.GARDEN: (FontName.QUICKSAND, FontName.LATO),
    ThemeName.BLUEPRINT: (FontName.JETBRAINS_MONO, FontName.INTER),
    ThemeName.AURORA: (FontName.SORA, FontName.MANROPE),
}
"""Typefaces of titles and of text."""


class ReadingPace(StrEnum):
    """How fast viewers are expected to read."""

    CALM = "calm"
    NORMAL = "normal"
    BRISK = "brisk"


class Illustrate(StrEnum):
    """Who chooses the drawings of a scene: the request alone, or the words too."""

    OFF = "off"
    AUTO = "auto"


LOOK_SUFFIXES = (".yaml", ".yml", ".json")


def is_path_of_look(name: str) -> bool:
    """Return whether the name of a look is the path of its file, and not the name of one in the folder of looks."""
    return name.endswith(LOOK_SUFFIXES) or "/" in name


class Look(Value):
    """Theme, accent colour, typeface and pace of a video."""

    theme: ThemeName = Field(ThemeName.MIDNIGHT, title="Theme")
    """The design. midnight, chalk, blueprint and aurora are dark; paper, journal, poster and garden are light."""
    accent: AccentName = Field(AccentName.BLUE, title="Accent colour")
    """The colour of headings, lines and highlights."""
    font: FontName | None = Field(None, title="Typeface")
    """The typeface of all text but mathematics and code. Leave it empty for the two typefaces of the theme."""
    language: Language | None = Field(None, title="Language")
    """The language of the texts. It decides how charts write numbers, 1,234.5 or 1.234,5, and how words are divided.
    Leave it empty to have Callsheet find it by the words."""
    pace: ReadingPace = Field(ReadingPace.NORMAL, title="Pace")
    """How long scenes without a voice give viewers to read: calm is a quarter longer than normal, brisk a quarter
    shorter. A scene that is spoken, or that has a length, keeps its own time."""

    name: str | None = Field(None, max_length=1000, title="Look of your own")
    """The name of a file in the folder `looks` of the home, or the path of one: colours, typefaces, logo, opening and
    close of your own. It decides all but language and pace."""
    brand: Annotated[Brand, IN_ONE_FIELD] | None = Field(None, title="Brand")
    """What that file says. Callsheet fills it in."""

    @model_validator(mode="before")
    @classmethod
    def _take_name(cls, data: Any) -> Any:
        """Take the name of a look alone, as in `look: acme`."""
        return {"name": data} if isinstance(data, str) else data

    @property
    def _typefaces(self) -> BrandTypefaces:
        return self.brand.typefaces if self.brand else BrandTypefaces()

    @property
    def title_font(self) -> FontName:
        """Return the typeface of titles and large numbers."""
        return self._typefaces.title or self.font or _PAIRS[self.theme][0]

    @property
    def text_font(self) -> FontName:
        """Return the typeface of running text and labels."""
        return self._typefaces.text or self.font or _PAIRS[self.theme][1]


class OwnLook(Brand):
    """The file of a look of one's own."""

    theme: ThemeName | None = Field(None, title="Theme")
    """The theme whose shapes and motion it keeps; empty: midnight for a dark background, paper for a light one."""
