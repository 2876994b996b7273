"""The time that things stay: reading time, and whole frames. Pure arithmetic."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from callsheet.model.film.look import ReadingPace
from callsheet.timebase import frames_in

WORDS_PER_MINUTE = 170
"""Reading on screen, while something moves: the middle of the 160 to 180 words a minute of the BBC Subtitle Guidelines.
Silent reading of a page is quicker, 238 (Brysbaert 2019, “How many words do we read per minute?”)."""
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_CJK_PER_WORD = 2.0
_SYMBOLS_PER_WORD = 4.0

SETTLE_S = 0.5
"""The shortest rest after a motion."""
FINISH_S = 1.6
"""The rest at the end of a page, after everything has been read."""
LONGEST_STILL_S = 2.5
"""The longest rest of a scene whose length is free."""
READING_SHARE = 0.8
"""Share of its reading time in which a text enters, word by word; then it stands for the rest."""
READING_TIME = {ReadingPace.CALM: 1.25, ReadingPace.NORMAL: 1.0, ReadingPace.BRISK: 0.75}
"""Share of the usual time to read, by pace."""
TITLE_S = (3.0, 6.0)
"""The shortest and the longest title scene whose length is free."""


@dataclass(frozen=True)
class Stretch:
    """One motion and the rest after it, in frames."""

    motion_frames: int
    hold_frames: int


def reading_s(text: str) -> float:
    """Return the seconds that it takes to read `text` from a screen."""
    ideographs = len(_CJK.findall(text))
    words = len(_CJK.sub(" ", text).split()) + ideographs / _CJK_PER_WORD
    return max(SETTLE_S, words * 60 / WORDS_PER_MINUTE)


def formula_reading_s(formula: str) -> float:
    """Return the seconds that it takes to read `formula`.

    Four symbols weigh as much as a word; a look at the whole is added. LaTeX's backslashes and braces are not seen.
    """
    symbols = len(re.findall(r"[A-Za-z]+|\d+|[^\sA-Za-z\d\\{}]", formula))
    return 0.8 + symbols / _SYMBOLS_PER_WORD * 60 / WORDS_PER_MINUTE


def schedule(natural: Sequence[tuple[float, float]], duration_s: float | None, frame_rate: int) -> tuple[Stretch, ...]:
    """Return whole frames for (motion, hold) pairs in seconds.

    With `duration_s`, they add up to it exactly.

    Holds get shorter first. Motions are only quickened if the holds would be shorter than a quarter of it all.
    """
    motion_factor, hold_factor = _factors(natural, duration_s)
    edges = [Fraction(0)]
    for motion_s, hold_s in natural:
        edges.append(edges[-1] + Fraction(motion_s * motion_factor))
        edges.append(edges[-1] + Fraction(hold_s * hold_factor))
    frames = [int(edge * frame_rate + Fraction(1, 2)) for edge in edges]
    if duration_s is not None and frames:
        frames[-1] = frames_in(duration_s, frame_rate)
    lengths = [later - earlier for earlier, later in pairwise(frames)]
    return tuple(Stretch(*pair) for pair in zip(lengths[::2], lengths[1::2], strict=True))


def _factors(natural: Sequence[tuple[float, float]], duration_s: float | None) -> tuple[float, float]:
    if duration_s is None:
        return 1.0, 1.0
    motions, holds = sum(motion for motion, _ in natural), sum(hold for _, hold in natural)
    motion_share_s = min(motions, 0.75 * duration_s)
    return (motion_share_s / motions if motions else 1.0), ((duration_s - motion_share_s) / holds if holds else 1.0)
