"""Colours of each theme and accent. Every pair of text and background has a WCAG contrast of at least 4.5."""

from __future__ import annotations

from dataclasses import dataclass, replace

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
    ground = _GROUNDS[look.theme]
    accents = _ON_DARK if ground.is_dark else _ON_LIGHT
    accent = accents[look.accent]
    others = tuple(accents[name] for name in _SERIES_ORDER if name is not look.accent)
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


def mix(colour: str, ground: str, share: float) -> str:
    """Return `share` of `colour` painted over `ground`, as #rrggbb."""
    channels = zip(channels_of(colour), channels_of(ground), strict=True)
    return "#" + "".join(f"{round(over * share + under * (1 - share)):02x}" for over, under in channels)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2, 1.4.3)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in channels_of(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def channels_of(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue of #rrggbb, from 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
