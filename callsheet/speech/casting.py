"""Chooses a voice for each person of a film by name: it stays the same in the whole film, and in the next one."""

from collections.abc import Mapping, Sequence

from callsheet.model.film.narration import Gender, Voice, VoiceChoice
from callsheet.model.film.screenplay_analysis import FilmCharacter
from callsheet.speech.catalogue import ESPEAK, LOCAL, voice_catalogue

_PACES = (1.0, 0.93, 1.08)
"""Where more people speak than there are voices, the same voice speaks for the next one at another pace."""


def cast_voices(
    characters: Sequence[FilmCharacter], language: str, usual: VoiceChoice, given: Mapping[str, str]
) -> dict[str, VoiceChoice]:
    """Return a voice for each character who speaks.

    `given` names voices by character, and `usual` is the narrator's, which no character takes while others are left. A
    character whose gender the words don't tell takes any voice. Who says more chooses first.

    Raises:
        InvalidRequest: no voice has a given name, or none speaks the language.
    """
    catalogue = voice_catalogue()
    cast = {each.name: catalogue.voice(given[each.name], language) for each in characters if each.name in given}
    taken = [catalogue.voice(usual.voice, language), *cast.values()]
    able = [voice for voice in catalogue.speaking(language) if voice.provider in LOCAL]
    chosen = {name: usual.model_copy(update={"voice": voice.name}) for name, voice in cast.items()}
    speakers = [each for each in characters if each.speeches and each.name not in cast]
    for each in sorted(speakers, key=lambda one: (-one.words, one.name)):
        voices = _fitting(able, each.gender)
        start = each.seed % len(voices)
        voice = min(voices[start:] + voices[:start], key=lambda one: (_times(taken, one), one.provider == ESPEAK))
        pace = _PACES[_times(taken, voice) % len(_PACES)]
        taken.append(voice)
        chosen[each.name] = usual.model_copy(update={"voice": voice.name, "speed": usual.speed * pace})
    return chosen


def _fitting(voices: Sequence[Voice], gender: Gender | None) -> list[Voice]:
    found = [voice for voice in voices if gender in (None, voice.gender)]
    return found or list(voices)


def _times(taken: Sequence[Voice], voice: Voice) -> int:
    return sum(each.name == voice.name for each in taken)
