"""Colours of each theme and accent. Every pair of text and background has a WCAG contrast of at least 4.5."""

from __future__ import annotations

from dataclasses import dataclass, replace

from callsheet.model.film.brand import READABLE
from callsheet.model.film.colour import contrast, mix
from callsheet.model.film.look import AccentName, Look, ThemeName


@dataclass(frozen=True)
class Palette:
    """The colours of one look, as #rrggbb."""

    background: str
    surface: str
    line: str
    text: str
    muted: str
    accent: str
    on_accent: str
    accent_soft: str
    good: str
    bad: str
    series: tuple[str, ...]
    """Colours of curves or bars that must be told apart; the accent comes first."""


@dataclass(frozen=True)
class _Ground:
    background: str
    surface: str
    line: str
    text: str
    muted: str
    is_dark: bool


_GROUNDS = {
    ThemeName.MIDNIGHT: _Ground("#0c1222", "#1b2643", "#36435f", "#eef2fb", "#a4b0cc", is_dark=True),
    ThemeName.PAPER: _Ground("#faf8f3", "#f0ece2", "#cfc8b8", "#1a1d24", "#595e68", is_dark=False),
    ThemeName.CHALK: _Ground("#1c2825", "#1a2522", "#52675f", "#f3f2e9", "#b9c5bd", is_dark=True),
    ThemeName.JOURNAL: _Ground("#f8f2e4", "#efe7d5", "#b9ab8d", "#231d14", "#5c5140", is_dark=False),
    ThemeName.POSTER: _Ground("#f3efe6", "#ffffff", "#171614", "#171614", "#4d4a44", is_dark=False),
    ThemeName.GARDEN: _Ground("#f3f8ec", "#ffffff", "#b5cba6", "#1d2a1a", "#4a5b45", is_dark=False),
    ThemeName.BLUEPRINT: _Ground("#0c294e", "#0a2142", "#5b7fb0", "#edf4ff", "#b9cdea", is_dark=True),
    ThemeName.AURORA: _Ground("#0b0f20", "#151a33", "#3b4470", "#f1f3ff", "#b3b9dc", is_dark=True),
}

_ON_DARK = {
    AccentName.BLUE: "#82b2ff",
    AccentName.TEAL: "#4fd1c5",
    AccentName.GREEN: "#74d68f",
    AccentName.AMBER: "#f5c350",
    AccentName.ORANGE: "#ffa066",
    AccentName.RED: "#ff8a84",
    AccentName.PINK: "#f791c9",
    AccentName.VIOLET: "#b9a2fb",
}

_ON_LIGHT = {
    AccentName.BLUE: "#1c59c8",
    AccentName.TEAL: "#0a726d",
    AccentName.GREEN: "#1e7238",
    AccentName.AMBER: "#885800",
    AccentName.ORANGE: "#a84008",
    AccentName.RED: "#b82a34",
    AccentName.PINK: "#b02d7b",
    AccentName.VIOLET: "#6744bd",
}

# Curves side by side: neighbours differ in hue and in lightness, so that they are told apart without colour vision.
_SERIES_ORDER = (AccentName.BLUE, AccentName.AMBER, AccentName.GREEN, AccentName.PINK, AccentName.TEAL)


def palette_for(look: Look) -> Palette:
    """Return the colours of `look`."""
    own = look.brand.colours if look.brand else None
    ground = _GROUNDS[look.theme]
    if own:
        ground = _Ground(own.background, own.the_surface, own.the_line, own.text, own.the_muted, own.is_dark)
    accents = _accents_on(ground)
    accent = own.accent if own else accents[look.accent]
    others = tuple(accents[name] for name in _SERIES_ORDER if own or name is not look.accent)
    return Palette(
        background=ground.background,
        surface=ground.surface,
        line=ground.line,
        text=ground.text,
        muted=ground.muted,
        accent=accent,
        on_accent=max((ground.background, ground.text), key=lambda colour: contrast(colour, accent)),
        accent_soft=mix(accent, ground.background, 0.12 if ground.is_dark else 0.08),
        good=accents[AccentName.GREEN],
        bad=accents[AccentName.RED],
        series=(accent, *others[:3]),
    )


def on_accent(palette: Palette) -> Palette:
    """Return the colours on a ground of the accent's colour: words have the one that can be read on it."""
    words = palette.on_accent
    return replace(
        palette,
        background=palette.accent,
        surface=mix(words, palette.accent, 0.08),
        line=mix(words, palette.accent, 0.5),
        text=words,
        muted=words,
        accent=words,
        on_accent=palette.accent,
        good=words,
        bad=words,
    )


def _accents_on(ground: _Ground) -> dict[AccentName, str]:
    """Return the packed colours for this ground; the colour of its text for one that can't be read on it."""
    accents = _ON_DARK if ground.is_dark else _ON_LIGHT
    grounds = (ground.background, ground.surface)
    return {
        name: colour if min(contrast(colour, each) for each in grounds) >= READABLE else ground.text
        for name, colour in accents.items()
    }
