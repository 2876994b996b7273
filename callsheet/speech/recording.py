"""A person's own recording speaks: it is split at its pauses, so that each text has its part of the sound.

The pauses that fit best are chosen: a text with twice the letters takes twice the time, and people pause longer between
sentences than inside of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from callsheet.errors import InvalidRequest
from callsheet.media.recordings import LONGEST_S, import_recording
from callsheet.model.film.narration import EVERY_LANGUAGE, Lexicon, SpokenSentence, Voice
from callsheet.speech.provider import Speech
from callsheet.speech.sound_files import finished, loud_span_s, read_wav
from callsheet.speech.speakable import speakable
from callsheet.speech.spoken import write_spoken
from callsheet.speech.timings import estimated_words, weight_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

FIELD = "recording"
VOICE = Voice(name="recording", language=EVERY_LANGUAGE, provider="recording", vendor_id="recording")
SHORTEST_PAUSE_S = 0.2
"""The closure of a consonant is shorter, the shortest pause between two sentences is longer."""
USUAL_PAUSE_S = 0.5
_WINDOW_S = 0.02
_MARGIN_S = 0.2
"""Quiet beginnings and ends of words, which stay in a part."""
_QUIETEST_DB = -70.0
_THRESHOLD = 0.35
"""Share of the way from the noise of the room to the level of speech, in dB, below which the person is silent."""
_LEAST_RANGE_DB = 12.0
_SPREAD, _SPREAD_S = 0.2, 0.3
"""How far the time of a text is from its share of letters: a share of this time, and seconds."""
_PAUSE_WEIGHT = 2.0
_FASTEST_S, _SLOWEST_S = 0.02, 0.35
"""Seconds for a letter of text, below and above which a recording can't be one of the text."""


@dataclass(frozen=True)
class Part:
    """The stretch of a recording in which a text is spoken, with some silence on both sides."""

    start_s: float
    end_s: float


def read_recording(path: Path) -> Speech:
    """Return the sound of a file: MP3, M4A, WAV, FLAC or Ogg.

    Raises InvalidRequest, about `recording`, if it is no such file, damaged or too long.
    """
    with TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.wav"
        import_recording(path, plain, FIELD)
        recording = read_wav(plain.read_bytes(), "The recording", longest_s=LONGEST_S + 2)
    if len(recording.samples) > LONGEST_S * recording.sample_rate_hz:
        raise InvalidRequest(f"it is longer than {LONGEST_S // 60} minutes; give a recording for each scene", FIELD)
    return recording


def speak_by_recording(
    recording: Speech, texts: Sequence[str], language: str, outs: Sequence[Path], lexicon: Lexicon | None = None
) -> tuple[SpokenSentence, ...]:
    """Write the part of each text to its file, as a narrator does. Times of words are estimated.

    Raises InvalidRequest, about `recording`, if the recording can't be one of the texts.
    """
    readable = [speakable(text, language, lexicon) for text in texts]
    spoken = []
    parts = split_recording(recording, [text.spoken for text in readable])
    for text, part, out in zip(readable, parts, outs, strict=True):
        rate = recording.sample_rate_hz
        sound = Speech(recording.samples[round(part.start_s * rate) : round(part.end_s * rate)], rate)
        sound = finished(sound, "The recording")
        sound = Speech(sound.samples, rate, estimated_words(text.spoken, *loud_span_s(sound)))
        spoken.append(write_spoken(text, VOICE, 1.0, sound, (), out))
    return tuple(spoken)


def split_recording(recording: Speech, texts: Sequence[str]) -> tuple[Part, ...]:
    """Return the part of each text, in their order. `texts` are speakable, and none is empty.

    Raises InvalidRequest, about `recording`, if it has too few pauses, or its length does not fit the texts.
    """
    speaking = _speaking(recording)
    silent, begins, ends = _pauses(speaking)
    if not speaking.any():
        raise InvalidRequest("it is silent; record the text", FIELD)
    if len(silent) < len(texts) - 1:
        raise InvalidRequest(
            f"{len(texts)} sentences need {len(texts) - 1} pauses, and it has {len(silent)}: pause for"
            f" {USUAL_PAUSE_S} s after each sentence, or give a recording for each scene",
            FIELD,
        )
    weights = np.array([weight_of(text) for text in texts])
    voiced_s = np.cumsum(speaking) * _WINDOW_S
    letter_s = float(voiced_s[-1] / weights.sum())
    if not _FASTEST_S <= letter_s <= _SLOWEST_S:
        raise InvalidRequest(
            f"it has {voiced_s[-1]:.0f} s of speech, which is too {'short' if letter_s < _FASTEST_S else 'long'} for"
            f" the text of {weights.sum():.0f} letters; give the recording of this text",
            FIELD,
        )
    spoken_before_s = voiced_s[np.array([start for start, _ in silent], dtype=np.int64)].astype(np.float64)
    lengths_s = np.array([end - start for start, end in silent], dtype=np.float64) * _WINDOW_S
    chosen = _best_pauses((weights * letter_s).astype(np.float64), spoken_before_s, lengths_s, float(voiced_s[-1]))
    between = [(0, begins), *(silent[pause] for pause in chosen), (ends, len(speaking))]
    margins = [min(round(_MARGIN_S / _WINDOW_S), (end - start) // 2) for start, end in between]
    begin_at = [end - margin for (_, end), margin in zip(between, margins, strict=True)]
    end_at = [start + margin for (start, _), margin in zip(between, margins, strict=True)]
    return tuple(Part(start * _WINDOW_S, end * _WINDOW_S) for start, end in zip(begin_at[:-1], end_at[1:], strict=True))


def _speaking(recording: Speech) -> "NDArray[np.bool_]":
    """Return for each window of 20 ms whether the person speaks."""
    window = round(recording.sample_rate_hz * _WINDOW_S)
    whole = recording.samples[: len(recording.samples) // window * window].reshape(-1, window)
    if not len(whole):
        return np.zeros(1, dtype=np.bool_)
    power = np.mean(np.square(whole), axis=1)
    level_db = np.maximum(10 * np.log10(power + 1e-12), _QUIETEST_DB)
    noise_db, speech_db = np.percentile(level_db, [5, 95])
    if speech_db <= _QUIETEST_DB:
        return np.zeros(len(level_db), dtype=np.bool_)
    loud: NDArray[np.bool_] = level_db > min(
        noise_db + _THRESHOLD * (speech_db - noise_db), speech_db - _LEAST_RANGE_DB
    )
    return loud


def _pauses(speaking: "NDArray[np.bool_]") -> tuple[list[tuple[int, int]], int, int]:
    """Return first and last window of each pause, and where speech begins and ends."""
    loud = np.flatnonzero(speaking)
    if not len(loud):
        return [], 0, 0
    gaps = np.diff(loud)
    shortest = round(SHORTEST_PAUSE_S / _WINDOW_S)
    silent = [(int(loud[at]) + 1, int(loud[at + 1])) for at in np.flatnonzero(gaps > shortest)]
    return silent, int(loud[0]), int(loud[-1]) + 1


def _best_pauses(
    expected_s: "NDArray[np.float64]", before_s: "NDArray[np.float64]", lengths_s: "NDArray[np.float64]", whole_s: float
) -> list[int]:
    """Return the pauses between the texts: those with the least cost in all.

    `expected_s` is the time of each text, `before_s` the speech before each pause, `lengths_s` the length of a pause.
    """
    count = len(expected_s)
    if count == 1:
        return []
    reward = _PAUSE_WEIGHT * np.log2(lengths_s / SHORTEST_PAUSE_S)
    spread_s = _SPREAD * expected_s + _SPREAD_S
    least = np.square((before_s - expected_s[0]) / spread_s[0]) - reward
    origins = []
    between_s = before_s[None, :] - before_s[:, None]
    is_later = np.triu(np.ones_like(between_s, dtype=np.bool_), 1)
    for number in range(1, count - 1):
        cost = least[:, None] + np.square((between_s - expected_s[number]) / spread_s[number])
        cost = np.where(is_later, cost, np.inf)
        origins.append(np.argmin(cost, axis=0))
        least = np.min(cost, axis=0) - reward
    last = int(np.argmin(least + np.square((whole_s - before_s - expected_s[-1]) / spread_s[-1])))
    chosen = [last]
    for origin in reversed(origins):
        chosen.append(int(origin[chosen[-1]]))
    return chosen[::-1]
