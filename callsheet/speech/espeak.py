"""espeak-ng, a program on this machine: it speaks a hundred languages, and reads some for other voices.

It runs as a child process, clause by clause: the ends of clauses are measured, and words are estimated between them.
"""

import re
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from callsheet.errors import MediaUnfit
from callsheet.media.command import run_command
from callsheet.model.film.narration import Lexicon, Voice
from callsheet.speech.provider import Speech, SpokenWord
from callsheet.speech.sound_files import SoundTruncated, finished, loud_span_s, read_wav, shifted, silence
from callsheet.speech.timings import estimated_words
from callsheet.threads import in_a_thread

PROGRAM = "espeak-ng"
VERSION = "1.51"
"""The version whose voices this module knows; another one sounds much the same."""
SAMPLE_RATE_HZ = 22_050
WORDS_PER_MINUTE = 155
"""Its own pace, 175, is hurried for a film."""
_TIMEOUT_S = 60
_COMMA_S, _STOP_S = 0.14, 0.3
"""Pauses between clauses."""
# A comma or point inside of a number is no end of a clause.
_CLAUSE = re.compile(r".+?(?:[,;:.!?…—।。！？，；：、]+[\"”’»)]*(?=\s|$)|[。！？，；：、।]|$)", re.DOTALL)
_STOPS = ".!?…。！？।"
_LANGUAGE_MARK = re.compile(r"\([a-z-]+\)")
# What espeak-ng writes as two sounds that are said as one, and Kokoro as one symbol.
_TIED = {
    "a^ɪ": "I",
    "a^ʊ": "W",
    "d^z": "ʣ",
    "d^ʒ": "ʤ",
    "e^ɪ": "A",
    "o^ʊ": "O",
    "ə^ʊ": "Q",
    "t^s": "ʦ",
    "t^ʃ": "ʧ",
    "ɔ^ɪ": "Y",
}


class Espeak:
    """Speaks with espeak-ng."""

    name = "espeak"

    def digest(self, voice: Voice) -> str:
        """Return what tells its sound from another's."""
        return f"{VERSION}-{WORDS_PER_MINUTE}"

    async def speak(self, spoken: str, voice: Voice, speed: float, lexicon: Lexicon, folder: Path) -> Speech:
        """Speak one sentence, as `SpeechProvider` says. It takes no sounds of the lexicon, only respellings."""
        return await in_a_thread(self._speak, spoken, voice, speed, folder)

    def _speak(self, spoken: str, voice: Voice, speed: float, folder: Path) -> Speech:
        sounds, words = [], list[SpokenWord]()
        length_s = 0.0
        with TemporaryDirectory(dir=folder) as place:
            for clause in _CLAUSE.finditer(spoken):
                if not any(map(str.isalnum, clause[0])):
                    continue
                said = _clause(clause[0].strip(), voice, speed, Path(place))
                if said is None:
                    continue
                start_s, end_s = loud_span_s(said)
                inside = estimated_words(clause[0], start_s, end_s, clause.start())
                words += shifted(inside, length_s)
                pause_s = _STOP_S if clause[0].rstrip('"”’») ')[-1:] in _STOPS else _COMMA_S
                sounds += [said.samples, silence(pause_s / speed, said.sample_rate_hz)]
                length_s += len(said.samples) / said.sample_rate_hz + pause_s / speed
        samples = np.concatenate(sounds) if sounds else silence(0, SAMPLE_RATE_HZ)
        return Speech(samples, SAMPLE_RATE_HZ, tuple(words))


def phonemes(clause: str, language: str, folder: Path) -> list[str]:
    """Return the sounds of a clause in Kokoro's symbols, word by word as espeak-ng tells words apart."""
    with TemporaryDirectory(dir=folder) as place:
        text = Path(place) / "clause.txt"
        text.write_text(clause, encoding="utf-8")
        said = run_command([PROGRAM, "-q", "--ipa", "--tie=^", "-v", language, "-f", str(text)], _TIMEOUT_S)
    for tied, symbol in _TIED.items():
        said = said.replace(tied, symbol)
    return _LANGUAGE_MARK.sub("", said).replace("^", "").replace("-", "").split()


def _clause(text: str, voice: Voice, speed: float, folder: Path) -> Speech | None:
    """Return the sound of a clause without silence at its ends; None for one that has no sound."""
    source, out = folder / "clause.txt", folder / "clause.wav"
    source.write_text(text, encoding="utf-8")
    pace = str(round(WORDS_PER_MINUTE * speed))
    run_command([PROGRAM, "-v", voice.vendor_id, "-s", pace, "-w", str(out), "-f", str(source)], _TIMEOUT_S)
    try:
        return replace(finished(read_wav(out.read_bytes(), PROGRAM), PROGRAM), words=())
    except SoundTruncated as error:
        raise MediaUnfit(PROGRAM, "a whole WAV file", str(error)) from error
    except MediaUnfit as error:
        if error.found == "silence":
            return None
        raise
