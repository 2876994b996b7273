"""The packed typefaces, by name."""

from enum import StrEnum


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
