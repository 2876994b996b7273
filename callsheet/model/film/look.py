"""How a video looks: theme, accent colour and typeface, by name."""

from enum import StrEnum

from pydantic import Field

from callsheet.model.film.language import Language
from callsheet.model.values import Value


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


class FontName(StrEnum):
    """Typefaces for text; mathematics and code keep their own."""

    INTER = "inter"
    NOTO_SERIF = "noto-serif"
    JETBRAINS_MONO = "jetbrains-mono"
    EB_GARAMOND = "eb-garamond"
    LATO = "lato"
    LEAGUE_SPARTAN = "league-spartan"
    MANROPE = "manrope"
    QUICKSAND = "quicksand"
    ROBOTO_SLAB = "roboto-slab"
    SORA = "sora"

    @property
    def family(self) -> str:
        """Return the name under which the typeface is installed."""
        return _FAMILIES[self]


_FAMILIES = {
    FontName.INTER: "Inter",
    FontName.NOTO_SERIF: "Noto Serif",
    FontName.JETBRAINS_MONO: "JetBrains Mono",
    FontName.EB_GARAMOND: "EB Garamond",
    FontName.LATO: "Lato",
    FontName.LEAGUE_SPARTAN: "League Spartan",
    FontName.MANROPE: "Manrope",
    FontName.QUICKSAND: "Quicksand",
    FontName.ROBOTO_SLAB: "Roboto Slab",
    FontName.SORA: "Sora",
}
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

    @property
    def title_font(self) -> FontName:
        """Return the typeface of titles and large numbers."""
        return self.font or _PAIRS[self.theme][0]

    @property
    def text_font(self) -> FontName:
        """Return the typeface of running text and labels."""
        return self.font or _PAIRS[self.theme][1]
