"""What both neural voices share: symbols become sound, and times of words come from the frames of the symbols."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from callsheet.speech.models import FRAME_SAMPLES, SAMPLE_RATE_HZ, symbols
from callsheet.speech.provider import Speech, SpokenWord
from callsheet.speech.symbols import Symbol, pieces_of
from callsheet.speech.text_map import word_places

if TYPE_CHECKING:
    from numpy.typing import NDArray

Run = Callable[[list[int]], tuple["NDArray[np.float32]", "NDArray[np.float32] | None"]]
"""Takes the numbers of symbols without the zeros at both ends. Returns samples, and frames with those of the zeros, or
None if the model tells no frames."""
_FRAME_S = FRAME_SAMPLES / SAMPLE_RATE_HZ
_LAG_S = 0.035
"""A word is heard this much earlier than its first symbol says: median of 15 sentences, at a tenth of the peak."""
_HEARD = 0.03
"""Share of the peak below which a word is over: a voice gives the rest before a comma to the last sound of the word."""


def speech_of(spoken: str, found: Sequence[Symbol], is_exact: bool, run: Run) -> Speech:
    """Return the sound of the symbols of a sentence."""
    sounds: list[NDArray[np.float32]] = []
    spans: dict[int, tuple[float, float]] = {}
    begins_s = 0.0
    for piece in pieces_of(found):
        samples, frames = run([symbols()[symbol.text] for symbol in piece])
        if frames is None:
            sounds.append(samples)
            continue
        ends_s = begins_s + np.cumsum(frames.ravel()) * _FRAME_S
        for symbol, start_s, end_s in zip(piece, ends_s[:-1], ends_s[1:], strict=False):
            if symbol.word is not None:
                first_s = spans.get(symbol.word, (float(start_s), 0.0))[0]
                spans[symbol.word] = (first_s, float(end_s))
        sounds.append(samples)
        begins_s += len(samples) / SAMPLE_RATE_HZ
    if not sounds:
        return Speech(np.zeros(0, dtype=np.float32), SAMPLE_RATE_HZ)
    whole, places = np.concatenate(sounds), word_places(spoken)
    words = tuple(SpokenWord(*places[number], *_heard_span(*span, whole)) for number, span in sorted(spans.items()))
    return Speech(whole, SAMPLE_RATE_HZ, words, is_exact and bool(words))


def _heard_span(start_s: float, end_s: float, whole: "NDArray[np.float32]") -> tuple[float, float]:
    """Return when a word begins and ends to be heard."""
    start_s, end_s = max(0.0, start_s - _LAG_S), end_s - _LAG_S
    first, last = round(start_s * SAMPLE_RATE_HZ), round(end_s * SAMPLE_RATE_HZ)
    loud = np.flatnonzero(np.abs(whole[first:last]) > _HEARD * np.abs(whole).max())
    return start_s, (first + int(loud[-1]) + 1) / SAMPLE_RATE_HZ if len(loud) else end_s
