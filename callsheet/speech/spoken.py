"""The sound of a sentence becomes a file, and a value that says what was spoken when."""

from pathlib import Path

from callsheet.model.film.narration import SpeakableText, SpokenSentence, Timing, Voice
from callsheet.speech.provider import Speech
from callsheet.speech.sound_files import write_wav
from callsheet.speech.timings import written_times


def write_spoken(
    text: SpeakableText,
    voice: Voice | None,
    speed: float,
    speech: Speech,
    passed_over: tuple[str, ...],
    out: Path,
) -> SpokenSentence:
    """Write the sound to `out`, a WAV file. `voice` is None for silence."""
    samples = write_wav(out, speech)
    return SpokenSentence(
        text=text.written,
        spoken=text.spoken,
        voice=voice,
        speed=speed,
        sample_rate_hz=speech.sample_rate_hz,
        samples=samples,
        timing=Timing.EXACT if speech.is_exact else Timing.ESTIMATED,
        words=written_times(text, speech.words, samples / speech.sample_rate_hz),
        passed_over=passed_over,
    )
