"""Voices of other packages: a provider of speech each, with the voices that it has."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from callsheet.errors import CallsheetError, PluginUnusable
from callsheet.model.film.narration import Lexicon, Voice
from callsheet.plugins import Plugin, PluginKind, plugins_of
from callsheet.speech.provider import Speech

logger = logging.getLogger(__name__)
OUR_PROVIDERS = ("hibari", "kokoro", "espeak", "openai", "edge", "recording")


class PluginSpeaker(Protocol):
    """A provider of speech, as in `callsheet.speech.provider`, that says which voices it has."""

    voices: Iterable[Voice]

    def digest(self, voice: Voice) -> str:
        """Return what tells its sound from that of another version; the package's version counts without it."""

    async def speak(self, spoken: str, voice: Voice, speed: float, lexicon: Lexicon, folder: Path) -> Speech:
        """Speak one sentence."""


@dataclass(frozen=True)
class PluginSpeech:
    """A plug-in's provider under its name. Its failure is an error of ours, so that the next voice speaks."""

    plugin: Plugin
    speaker: PluginSpeaker
    voices: tuple[Voice, ...]

    @property
    def name(self) -> str:
        """Its name in the catalogue."""
        return self.plugin.name

    def digest(self, voice: Voice) -> str:
        """Return the package with its version, and the provider's own digest."""
        try:
            return f"{self.plugin.package} {self.plugin.version} {self.speaker.digest(voice)}"
        except Exception as error:  # whatever code of another package raises
            raise _failure(self.plugin, error) from error

    async def speak(self, spoken: str, voice: Voice, speed: float, lexicon: Lexicon, folder: Path) -> Speech:
        """Speak one sentence of speakable text."""
        try:
            return await self.speaker.speak(spoken, voice, speed, lexicon, folder)
        except CallsheetError:
            raise
        except Exception as error:  # whatever code of another package raises
            raise _failure(self.plugin, error) from error


@cache
def plugin_speech(plugin: Plugin) -> PluginSpeech:
    """Return the provider of a plug-in: the object itself, or what it makes if it is a class.

    Raises:
        PluginUnusable: its name is one of ours, it can't be imported, or it is no provider with voices.
    """

    def check(found: Any) -> PluginSpeech:
        if plugin.name in OUR_PROVIDERS:
            raise ValueError(f"Callsheet has a provider “{plugin.name}”")
        speaker = found() if isinstance(found, type) else found
        voices = tuple(getattr(speaker, "voices", ()))
        if not voices or not all(isinstance(voice, Voice) for voice in voices):
            raise ValueError(f"{plugin.target} needs `voices`, at least one callsheet.model.film.narration.Voice")
        if not all(callable(getattr(speaker, each, None)) for each in ("digest", "speak")):
            raise ValueError(f"{plugin.target} needs the methods `digest` and `speak`")
        voices = tuple(voice.model_copy(update={"provider": plugin.name}) for voice in voices)
        return PluginSpeech(plugin, speaker, voices)

    return plugin.load(check)


@cache
def plugin_speakers() -> tuple[PluginSpeech, ...]:
    """Return the providers of all plug-ins that can be used; log why another one can't."""
    found = []
    for plugin in plugins_of(PluginKind.VOICES):
        try:
            found.append(plugin_speech(plugin))
        except PluginUnusable as error:
            logger.warning("%s.", error)
    return tuple(found)


def plugin_voices(ours: Iterable[Voice]) -> tuple[Voice, ...]:
    """Return the voices of plug-ins; the first of a name counts, and ours come before them."""
    taken = {voice.name for voice in ours}
    theirs = {voice.name: voice for speaker in reversed(plugin_speakers()) for voice in reversed(speaker.voices)}
    return tuple(voice for name, voice in reversed(theirs.items()) if name not in taken)


def _failure(plugin: Plugin, error: Exception) -> PluginUnusable:
    return PluginUnusable(str(plugin), f"failed: {type(error).__name__}: {error}")
