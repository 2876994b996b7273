"""Kokoro-82M on this machine: 41 voices in seven languages, at about the length of the sound on one core."""

import hashlib
import re
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from callsheet.errors import SetupIncomplete
from callsheet.model.film.narration import Lexicon, Voice, primary
from callsheet.speech.espeak import phonemes
from callsheet.speech.models import KOKORO, LocalModel, read_model
from callsheet.speech.neural import speech_of
from callsheet.speech.provider import Speech
from callsheet.speech.symbols import ByPhonemes, English
from callsheet.threads import in_a_thread

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROWS, COLUMNS, RANK = 510, 256, 8
_FIRST_OUTPUT = ""
"""The sound: other exports give it another name."""
_NAME = re.compile(r"\w[\w-]*")
# What espeak-ng calls the languages that it reads for Kokoro.
_READ_BY_ESPEAK = {"es": "es", "fr": "fr-fr", "hi": "hi", "it": "it", "pt": "pt-br"}


class Kokoro:
    """Speaks with any of its voices. The model is read when it is first needed, and stays as long as this object.

    `model` is an ONNX file of a person's own, and `voices` a folder of voices: NAME.bin holds 510 rows of
    256 numbers (float32).
    """

    name = "kokoro"

    def __init__(self, model: Path | None = None, voices: Path | None = None) -> None:
        self._file, self._voices = model, voices
        read = partial(_own_file, model) if model else partial(read_model, KOKORO)
        self._model = LocalModel(read, KOKORO.durations)
        self._english: dict[bool, English] = {}

    def digest(self, voice: Voice) -> str:
        """Return what tells this model and voice from others."""
        model = _digest(self._file) if self._file else KOKORO.sha256[:16]
        own = self._own_voice(voice.vendor_id)
        return f"{model}-{_digest(own) if own else voices_digest()}"

    async def speak(self, spoken: str, voice: Voice, speed: float, lexicon: Lexicon, folder: Path) -> Speech:
        """Speak one sentence, as `SpeechProvider` says."""
        return await in_a_thread(self._speak, spoken, voice, speed, lexicon.ipa(), folder)

    def _speak(self, spoken: str, voice: Voice, speed: float, ipa: dict[str, str], folder: Path) -> Speech:
        own = self._own_voice(voice.vendor_id)
        rows = _own_rows(own) if own else voice_rows(voice.vendor_id)

        def run(ids: list[int]) -> tuple["NDArray[np.float32]", "NDArray[np.float32] | None"]:
            given = {
                "tokens": np.array([[0, *ids, 0]], np.int64),
                "style": rows[len(ids) - 1][None],
                "speed": np.array([speed], np.float32),
            }
            [samples], frames = self._model.run([_FIRST_OUTPUT], given)
            return samples.ravel(), frames

        return speech_of(spoken, *self._reader(voice.language, folder).read(spoken, ipa), run)

    def _own_voice(self, name: str) -> Path | None:
        """Return the file of a person's own voice; None if there is none of this name."""
        if self._voices is None or not _NAME.fullmatch(name):
            return None
        file = self._voices / f"{name}.bin"
        return file if file.is_file() else None

    def _reader(self, language: str, folder: Path) -> English | ByPhonemes:
        code = _READ_BY_ESPEAK.get(primary(language))
        if code is not None:
            return ByPhonemes(partial(phonemes, language=code, folder=folder))
        is_british = language.lower() == "en-gb"
        if is_british not in self._english:
            self._english[is_british] = English(is_british=is_british)
        return self._english[is_british]


def _own_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SetupIncomplete(
            f"The file “{path}” can't be read ({error.strerror}).", "CALLSHEET_KOKORO_MODEL"
        ) from None


def _own_rows(path: Path) -> "NDArray[np.float32]":
    rows = np.fromfile(path, "<f4")
    if len(rows) != ROWS * COLUMNS or not np.isfinite(rows).all():
        raise SetupIncomplete(
            f"The file “{path}” is no voice of Kokoro: it has {len(rows)} numbers, and a voice has {ROWS * COLUMNS}.",
            "CALLSHEET_KOKORO_VOICES",
        )
    return rows.reshape(ROWS, COLUMNS)


def _digest(path: Path) -> str:
    return hashlib.sha256(_own_file(path)).hexdigest()[:16]


def voice_rows(vendor_id: str) -> "NDArray[np.float32]":
    """Return the table of a voice: one row of 256 numbers for each number of symbols, from 1 to 510.

    A table is packed as its mean row and the 8 directions in which its rows differ (scripts/kokoro_voices.py).
    """
    packed = _packed().get(vendor_id)
    if packed is None:
        raise SetupIncomplete(
            f"Kokoro has no voice “{vendor_id}”; put {vendor_id}.bin into the folder CALLSHEET_KOKORO_VOICES.",
            "CALLSHEET_KOKORO_VOICES",
        )
    numbers = packed.astype(np.float32)
    mean, directions, shares = np.split(numbers, [COLUMNS, COLUMNS * (1 + RANK)])
    rows: NDArray[np.float32] = mean + shares.reshape(-1, RANK) @ directions.reshape(RANK, COLUMNS)
    return rows


@cache
def voices_digest() -> str:
    """Return the digest of the file of voices."""
    return hashlib.sha256(_voices_file().read_bytes()).hexdigest()[:16]


@cache
def _packed() -> dict[str, Any]:
    with _voices_file().open("rb") as file, np.load(file, allow_pickle=False) as voices:
        return dict(voices)


def _voices_file() -> Any:
    return files("callsheet.speech").joinpath("kokoro_voices.npz")
