"""How a video looks: theme, accent colour and typeface, by name."""

from enum import StrEnum

from pydantic import Field

from callsheet.model.film.language import Language
from callsheet.model.values import Value


class ThemeName(StrEnum):
    """Background and text colours."""

    MIDNIGHT = "midnight"
    PAPER = "paper"
    CHALK = "chalk"


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

    @property
    def family(self) -> str:
        """Return the name under which the typeface is installed."""
        return _FAMILIES[self]


_FAMILIES = {
    FontName.INTER: "Inter",
    FontName.NOTO_SERIF: "Noto Serif",
    FontName.JETBRAINS_MONO: "JetBrains Mono",
}


class Look(Value):
    """Theme, accent colour and typeface of a video."""

    theme: ThemeName = Field(ThemeName.MIDNIGHT, title="Theme")
    """Colours of background and text: midnight and chalk are dark, paper is light."""
    accent: AccentName = Field(AccentName.BLUE, title="Accent colour")
    """The colour of headings, lines and highlights."""
    font: FontName = Field(FontName.INTER, title="Typeface")
    """The typeface of all text but mathematics and code."""
    language: Language | None = Field(None, title="Language")
    """The language of the texts. It decides how charts write numbers, 1,234.5 or 1.234,5, and how words are divided.
    Leave it empty to have Callsheet find it by the words."""
