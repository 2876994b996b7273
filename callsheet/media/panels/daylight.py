"""The light of a scene by the time in its heading: colours of the sky, and of what stands under it."""

import re
from dataclasses import dataclass

from callsheet.media.panels.pen import blended


@dataclass(frozen=True)
class Daylight:
    """Colours are #rrggbb."""

    name: str
    sky: tuple[str, str]
    """Above, and at the horizon."""
    tint: str
    """The colour that lies over everything out of doors, and how strongly."""
    strength: float
    is_dark: bool = False
    """Whether lamps are lit."""

    def on(self, colour: str) -> str:
        """Return a colour as it looks in this light."""
        return blended(colour, self.tint, self.strength)


_LIGHTS = {
    "night": Daylight("night", ("#0d1830", "#2c4166"), "#101c38", 0.62, is_dark=True),
    "dusk": Daylight("dusk", ("#4a4877", "#f0a26a"), "#6a4468", 0.42, is_dark=True),
    "dawn": Daylight("dawn", ("#86a0cf", "#f6cfb2"), "#b58a94", 0.24),
    "day": Daylight("day", ("#8fc1e4", "#e8f3f4"), "#ffffff", 0.0),
}
_TIMES = (
    (re.compile(r"night|nacht|nuit|noche|notte|noite|ночь|夜|晚上|ليل", re.IGNORECASE), "night"),
    (
        re.compile(r"dusk|evening|sunset|twilight|abend|soir|вечер|закат|сумерки|夕|黄昏|傍晚|مساء", re.IGNORECASE),
        "dusk",
    ),
    (re.compile(r"dawn|morning|sunrise|morgen|matin|mañana|утро|рассвет|朝|清晨|صباح|فجر", re.IGNORECASE), "dawn"),
)


def daylight_of(time: str) -> Daylight:
    """Return the light at the time of a heading; by day if it names none."""
    return _LIGHTS[next((name for pattern, name in _TIMES if pattern.search(time)), "day")]
