"""Kokoro-82M on this machine: 41 voices in seven languages, at about the length of the sound on one core."""

from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from callsheet.model.film.narration import Lexicon, Voice, primary
from callsheet.speech.espeak import phonemes
from callsheet.speech.models import KOKORO, LocalModel
from callsheet.speech.neural import speech_of
from callsheet.speech.provider import Speech
from callsheet.speech.symbols import ByPhonemes, English
from callsheet.threads import in_a_thread

if TYPE_CHECKING:
    from numpy.typing import NDArray

COLUMNS, RANK = 256, 8
# What espeak-ng calls the languages that it reads for Kokoro.
_READ_BY_ESPEAK = {"es": "es", "fr": "fr-fr", "hi": "hi", "it": "it", "pt": "pt-br"}


class Kokoro:
    """Speaks with any of its voices. The model is read when it is first needed, and stays as long as this object."""

    name = "kokoro"

    def __init__(self) -> None:
        self._model = LocalModel(KOKORO)
        self._english: dict[bool, English] = {}

    def digest(self, voice: Voice) -> str:
        """Return what tells this model and voice from others."""
        return f"{KOKORO.sha256[:16]}-{voices_digest()}"

    async def speak(self, spoken: str, voice: Voice, speed: float, lexicon: Lexicon, folder: Path) -> Speech:
        """Speak one sentence, as `SpeechProvider` says."""
        return await in_a_thread(self._speak, spoken, voice, speed, lexicon.ipa(), folder)

    def _speak(self, spoken: str, voice: Voice, speed: float, ipa: dict[str, str], folder: Path) -> Speech:
        rows = voice_rows(voice.vendor_id)

        def run(ids: list[int]) -> tuple["NDArray[np.float32]", "NDArray[np.float32]"]:
            given = {
                "tokens": np.array([[0, *ids, 0]], np.int64),
                "style": rows[len(ids) - 1][None],
                "speed": np.array([speed], np.float32),
            }
            samples, frames = self._model.run(["audio"], given)
            return samples.ravel(), frames.ravel()

        return speech_of(spoken, *self._reader(voice.language, folder).read(spoken, ipa), run)

    def _reader(self, language: str, folder: Path) -> English | ByPhonemes:
        code = _READ_BY_ESPEAK.get(primary(language))
        if code is not None:
            return ByPhonemes(partial(phonemes, language=code, folder=folder))
        is_british = language.lower() == "en-gb"
        if is_british not in self._english:
            self._english[is_british] = English(is_british=is_british)
        return self._english[is_british]


def voice_rows(vendor_id: str) -> "NDArray[np.float32]":
    """Return the table of a voice: one row of 256 numbers for each number of symbols, from 1 to 510.

    A table is packed as its mean row and the 8 directions in which its rows differ (scripts/kokoro_voices.py).
    """
    numbers = _packed()[vendor_id].astype(np.float32)
    mean, directions, shares = np.split(numbers, [COLUMNS, COLUMNS * (1 + RANK)])
    rows: NDArray[np.float32] = mean + shares.reshape(-1, RANK) @ directions.reshape(RANK, COLUMNS)
    return rows


@cache
def voices_digest() -> str:
    """Return the digest of the file of voices."""
    import hashlib

    return hashlib.sha256(_voices_file().read_bytes()).hexdigest()[:16]


@cache
def _packed() -> dict[str, Any]:
    with _voices_file().open("rb") as file, np.load(file, allow_pickle=False) as voices:
        return dict(voices)


def _voices_file() -> Any:
    return files("callsheet.speech").joinpath("kokoro_voices.npz")
