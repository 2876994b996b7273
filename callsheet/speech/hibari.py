"""The default English voice: hibari, a small model that was taught by Kokoro's “heart”, on this machine."""

from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from callsheet.model.film.narration import Lexicon, Voice
from callsheet.speech.models import HIBARI, LocalModel, read_model
from callsheet.speech.neural import speech_of
from callsheet.speech.provider import Speech
from callsheet.speech.symbols import English
from callsheet.threads import in_a_thread

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SPECTRUM = ["lh", "theta", "ln", "lr", "phi", "f0"]
_SEED = 0
"""Of the noise in the voice: the same sentence sounds the same."""


class Hibari:
    """Speaks English. The model is read when it is first needed, and stays in memory as long as this object."""

    name = "hibari"

    def __init__(self) -> None:
        self._model = LocalModel(partial(read_model, HIBARI), HIBARI.durations)

    def digest(self, voice: Voice) -> str:
        """Return what tells this model from another."""
        return HIBARI.sha256[:16]

    async def speak(self, spoken: str, voice: Voice, speed: float, lexicon: Lexicon, folder: Path) -> Speech:
        """Speak one sentence, as `SpeechProvider` says."""
        return await in_a_thread(self._speak, spoken, speed, lexicon.ipa())

    def _speak(self, spoken: str, speed: float, ipa: dict[str, str]) -> Speech:
        from hibari import dsp

        def run(ids: list[int]) -> tuple["NDArray[np.float32]", "NDArray[np.float32] | None"]:
            given: dict[str, NDArray[Any]] = {
                "ids": np.array([[0, *ids, 0]], np.int64),
                "speed": np.array([speed], np.float32),
            }
            spectrum, frames = self._model.run(_SPECTRUM, given)
            samples = dsp.synth(*(part[0] for part in spectrum), np.random.default_rng(_SEED))
            return samples, frames

        return speech_of(spoken, *self._reader.read(spoken, ipa), run)

    @cached_property
    def _reader(self) -> English:
        return English()
