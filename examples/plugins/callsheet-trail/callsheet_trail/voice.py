"""A voice that taps: one soft tone a word. A real voice calls a model or a service in `speak`."""

import re
from pathlib import Path

import numpy as np

from callsheet.model.film.narration import EVERY_LANGUAGE, Lexicon, Voice
from callsheet.speech.provider import Speech, SpokenWord

RATE_HZ = 24_000
WORD_S, GAP_S = 0.22, 0.08
PITCH_HZ = 330


class TapVoice:
    """A provider of speech with one voice."""

    voices = (Voice(name="tap", language=EVERY_LANGUAGE, provider="tap", vendor_id="tap"),)

    def digest(self, voice: Voice) -> str:
        """Return what changes the sound: these numbers. The version of the package counts in any case."""
        return f"{PITCH_HZ} {WORD_S} {GAP_S}"

    async def speak(self, spoken: str, voice: Voice, speed: float, lexicon: Lexicon, folder: Path) -> Speech:
        """Return one tone a word, with exact times."""
        word_s, gap_s = WORD_S / speed, GAP_S / speed
        words, sounds = [], []
        for number, word in enumerate(re.finditer(r"\S+", spoken)):
            start_s = number * (word_s + gap_s)
            words.append(SpokenWord(word.start(), word.end(), start_s, start_s + word_s))
            seconds = np.arange(round(word_s * RATE_HZ)) / RATE_HZ
            tone = 0.3 * np.sin(2 * np.pi * PITCH_HZ * seconds) * np.sin(np.pi * seconds / word_s)
            sounds += [tone, np.zeros(round(gap_s * RATE_HZ))]
        return Speech(np.concatenate(sounds).astype(np.float32), RATE_HZ, tuple(words), is_exact=True)
