"""A process that speaks a sample of a voice. Who starts it needs no model in memory, and no numpy."""

import sys
from pathlib import Path

from callsheet.media.command import CommandFailed, run_command

CHILD = "callsheet.speech.sample_child"
SPOKEN_WITHIN_S = 60.0
"""The slowest voice takes five seconds, most of them to read its model; a busy machine needs longer."""


def speak_apart(voice: str, language: str, file: Path) -> str:
    """Speak a sample to `file`, a WAV file. Return why the voice does not speak; empty if it does."""
    try:
        return run_command([sys.executable, "-m", CHILD, voice, language, str(file)], SPOKEN_WITHIN_S).strip()
    except CommandFailed as error:
        return f"The voice {voice} does not speak: its process {error.reason}."
