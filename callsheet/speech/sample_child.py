"""`python -m callsheet.speech.sample_child VOICE LANGUAGE FILE`: speak a sample of a voice to a WAV file, and end.

The model of a voice takes 400 MB, so a separate process holds it for as long as it speaks. The process prints one
sentence if the voice can't speak.
"""

import asyncio
import sys
from pathlib import Path

from callsheet.errors import CallsheetError
from callsheet.model.film.narration import OnVoiceFailure, VoiceChoice, primary
from callsheet.settings import settings
from callsheet.speech.narrator import open_narrator
from callsheet.speech.samples import speak_sample

SAMPLES = {
    "de": "So klinge ich, wenn ich Ihre Geschichte erzähle.",
    "en": "This is how I sound when I tell your story.",
    "es": "Así sueno cuando cuento tu historia.",
    "fr": "Voici ma voix quand je raconte votre histoire.",
    "hi": "जब मैं आपकी कहानी सुनाता हूँ, तो मेरी आवाज़ ऐसी लगती है।",
    "it": "Ecco la mia voce quando racconto la tua storia.",
    "ja": "あなたの物語を、この声で語ります。",
    "nl": "Zo klink ik als ik jouw verhaal vertel.",
    "pt": "É assim que eu soo quando conto a sua história.",
    "zh": "我就用这个声音讲述你的故事。",
}
OTHERWISE = "1, 2, 3, 4, 5."
"""Every voice reads numbers in its language."""


def main() -> None:
    """Speak, or print why that can't be."""
    voice, language, file = sys.argv[1:]
    choice = VoiceChoice(voice=voice, on_failure=OnVoiceFailure.FAIL)
    text = SAMPLES.get(primary(language), OTHERWISE)
    try:
        asyncio.run(speak_sample(open_narrator(settings()), text, language, choice, Path(file)))
    except CallsheetError as error:
        sys.stdout.write(str(error))


if __name__ == "__main__":
    main()
