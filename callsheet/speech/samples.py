"""A sample of a voice: a text becomes one WAV file."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from callsheet.disk import whole_file
from callsheet.errors import InvalidRequest
from callsheet.model.film.narration import SpokenSentence, VoiceChoice
from callsheet.sentences import sentences_of
from callsheet.speech.narrator import Narrator
from callsheet.speech.provider import Speech
from callsheet.speech.sound_files import read_wav, silence, write_wav

PAUSE_S = 0.5
"""Pause between two sentences."""


@dataclass(frozen=True)
class Sample:
    """What was spoken, sentence by sentence."""

    sentences: tuple[SpokenSentence, ...]
    pauses_s: float
    """All pauses together."""


async def speak_sample(narrator: Narrator, text: str, language: str, choice: VoiceChoice, out: Path) -> Sample:
    """Speak a text to `out`, a WAV file. The choice must be to fail, so that one voice speaks all of it.

    Raises:
        InvalidRequest: the text has no word, or no voice has this name or speaks the language.
        CallsheetError: the voice failed.
    """
    spoken: list[SpokenSentence] = []
    sounds = []
    out.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "sentence.wav"
        for sentence in sentences_of(text, language):
            said = await narrator.speak(sentence, language, choice, file)
            if said.voice is None:
                continue
            if spoken:
                sounds.append(silence(PAUSE_S, said.sample_rate_hz))
            sounds.append(read_wav(file.read_bytes(), "The sentence").samples)
            spoken.append(said)
    if not spoken:
        raise InvalidRequest("there is no word to say; write a sentence", "--say")
    with whole_file(out) as unfinished:
        write_wav(unfinished, Speech(np.concatenate(sounds), spoken[0].sample_rate_hz))
    return Sample(tuple(spoken), PAUSE_S * (len(spoken) - 1))
