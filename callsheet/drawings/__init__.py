"""About 1,580 flat coloured drawings that need no network, found by words in many languages.

The drawings are Microsoft's Fluent Emoji, the keywords those of Emojibase, both under the MIT licence: LICENSE_drawings
beside this file. `scripts/pack_drawings.py` packs both.
"""

from __future__ import annotations

from callsheet.drawings.drawing import GRID, Drawing, DrawnShape
from callsheet.drawings.illustrating import drawings_for
from callsheet.drawings.keywords import (
    LANGUAGES,
    drawing_named,
    drawing_names,
    drawing_of_character,
    find_drawing,
    keywords_of,
    nearest_keywords,
)

__all__ = [
    "GRID",
    "LANGUAGES",
    "Drawing",
    "DrawnShape",
    "drawing_named",
    "drawing_names",
    "drawing_of_character",
    "drawings_for",
    "find_drawing",
    "keywords_of",
    "nearest_keywords",
]
