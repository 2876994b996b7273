"""The prompter of a scene: it knows when the words of its voiceovers are heard, and takes note of what is said when."""

from __future__ import annotations

import re
from collections.abc import Sequence

from callsheet.model.film.voiceover import (
    LONGEST_TEXT,
    MOST_CHARACTERS,
    MOST_VOICEOVERS,
    Voiceover,
    VoiceoverScript,
    VoiceoverTimes,
    estimated_times,
)
from callsheet.stage.order import SceneUnfit

_QUOTED_CHARACTERS = 60
_MOST_SERVICES = 10
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z][A-Za-z]{1,3})?")
_LANGUAGE_OF_VOICE = re.compile(r"[a-z]{2,3}-[A-Z]{2}(?=-)")
"""As in en-US-AriaNeural."""
_NAMED_OTHERWISE = {"cmn": "zh", "iw": "he"}


class Prompter:
    """What one run of a scene says. Without `times`, their lengths are estimated."""

    def __init__(self, times: Sequence[VoiceoverTimes] | None) -> None:
        self._times = times
        self._said: list[Voiceover] = []
        self._characters = 0
        self._services: list[str] = []
        self._language = ""
        self.start_frames: list[int] = []
        """The frame at which each voiceover begins."""

    def say(self, text: str, line: int, frame: int) -> VoiceoverTimes:
        """Return the times of the next voiceover, which begins at `frame`.

        Raises SceneUnfit if it is not the voiceover that was said here before, or if there is too much of it.
        """
        number = len(self._said)
        if len(text) > LONGEST_TEXT:
            raise SceneUnfit(f"a voiceover has {len(text):,} characters, more than {LONGEST_TEXT:,}; split it")
        if number == MOST_VOICEOVERS:
            raise SceneUnfit(f"the scene has more than {MOST_VOICEOVERS} voiceovers; make several scenes of it")
        self._characters += len(text)
        if self._characters > MOST_CHARACTERS:
            raise SceneUnfit(f"the scene says more than {MOST_CHARACTERS:,} characters; make several scenes of it")
        self._said.append(Voiceover(text=text, line=line))
        self.start_frames.append(frame)
        if self._times is None:
            return estimated_times(text)
        before = self._times[number].text if number < len(self._times) else ""
        if before != text:
            raise _differs(before, text)
        return self._times[number]

    def use_service(self, name: str, settings: dict[str, object]) -> None:
        """Take note of a speech service, and of its language if its settings tell it."""
        if name not in self._services and len(self._services) < _MOST_SERVICES:
            self._services.append(name[:_QUOTED_CHARACTERS])
        told = [settings.get(key) for key in ("lang", "language", "language_code", "locale")]
        languages = [_LANGUAGE.match(value) for value in told if isinstance(value, str)]
        voices = [settings.get(key) for key in ("voice", "voice_name")]
        languages += [_LANGUAGE_OF_VOICE.match(value) for value in voices if isinstance(value, str)]
        language = next((found[0] for found in languages if found), self._language)
        self._language = _NAMED_OTHERWISE.get(language, language)

    def script(self) -> VoiceoverScript:
        """Return all that was said.

        Raises SceneUnfit if less was said than before.
        """
        if self._times is not None and len(self._said) < len(self._times):
            raise _differs(self._times[len(self._said)].text, "")
        return VoiceoverScript(said=tuple(self._said), services=tuple(self._services), language=self._language)


def _differs(before: str, now: str) -> SceneUnfit:
    first, second = (f"“{text[:_QUOTED_CHARACTERS]}”" if text else "nothing" for text in (before, now))
    return SceneUnfit(
        f"the scene says {second} where it said {first} before; what it says must not depend on chance or on time"
    )
