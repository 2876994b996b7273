"""The catalogue of voices: a name and a language become the voices that may speak, best first."""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

import yaml

from callsheet.errors import InvalidRequest
from callsheet.model.film.narration import EVERY_LANGUAGE, Gender, Voice, VoiceChoice, primary
from callsheet.model.values import Value
from callsheet.speech.plugin_voices import plugin_voices

FIELD = "voice"
ESPEAK, KOKORO, OPENAI, EDGE = "espeak", "kokoro", "openai", "edge"
LOCAL = ("hibari", KOKORO, ESPEAK)
# Codes of espeak-ng that differ from BCP 47, and languages whose voice has another code.
_ESPEAK_NAMES = {"cmn": "zh", "fr-fr": "fr"}
_SAME_LANGUAGE = {"no": "nb", "nn": "nb", "cmn": "zh", "iw": "he", "in": "id", "tl": "fil"}
_EDGE_LANGUAGE = re.compile(r"[a-z]{2,3}-[A-Z]{2}")
_KOKORO_LANGUAGES = {"a": "en-US", "b": "en-GB", "e": "es", "f": "fr", "h": "hi", "i": "it", "p": "pt-BR"}
"""By the first letter of the name of a voice."""
_MULTILINGUAL = "Multilingual"
_FEMALE = "+f3"
"""espeak-ng's variant of a language's voice."""


class Alias(Value):
    """Another name for a voice, and the gender that it means in languages which that voice doesn't speak."""

    name: str
    gender: Gender


class VoiceCatalogue(Value):
    """Voices, better ones first."""

    voices: tuple[Voice, ...]
    aliases: dict[str, Alias]

    def voice(self, wanted: str, language: str) -> Voice:
        """Return the voice that a request names, for texts in `language`.

        A voice that doesn't speak the language gives way to the best one of its gender that does.

        Raises:
            InvalidRequest: no voice has this name, or none speaks the language.
        """
        able = [voice for voice in self.voices if voice.provider in LOCAL and _speaks(voice, language)]
        named = self._named(wanted, language)
        if isinstance(named, Voice) and _speaks(named, language):
            return named
        gender = named.gender if isinstance(named, Voice) else named
        found = [voice for voice in _nearest(able, language) if gender in (None, voice.gender)]
        if not found:
            raise InvalidRequest(f"no voice speaks “{language}”: name a language as in en, de or pt-BR", "language")
        return found[0]

    def order(self, choice: VoiceChoice, language: str, usual: Sequence[str] = ()) -> tuple[Voice, ...]:
        """Return the voices that may speak, in their order.

        They are the wanted one, the next ones of the request, the `usual` ones of the installation, and those of this
        machine. The first usual one is the wanted one of a request that names none.
        """
        wanted = [choice.voice or next(iter(usual), ""), *choice.next_voices, *usual]
        asked = [self.voice(name, language) for name in wanted]
        able = [voice for voice in self.voices if voice.provider in LOCAL and _speaks(voice, language)]
        near = [voice for voice in _nearest(able, language) if asked[0].gender in (None, voice.gender)]
        last = (next((voice for voice in near if voice.provider == provider), None) for provider in LOCAL)
        return tuple(dict.fromkeys([*asked, *(voice for voice in last if voice)]))

    def speaking(self, language: str) -> tuple[Voice, ...]:
        """Return the voices that speak a language, those of this machine first. Raises InvalidRequest for none."""
        self.voice("", language)
        able = [voice for voice in self.voices if _speaks(voice, language)]
        return tuple(sorted(_nearest(able, language), key=lambda voice: voice.provider not in LOCAL))

    def language_of(self, wanted: str) -> str:
        """Return the language of the voice with this name; empty if it speaks several. Raises as `voice` does."""
        named = self._named(wanted, "")
        return "" if not isinstance(named, Voice) or named.language == EVERY_LANGUAGE else named.language

    def _named(self, wanted: str, language: str) -> Voice | Gender | None:
        """Return the voice of this name or vendor's id; the gender that is meant; None if nothing is said."""
        name = wanted.strip().lower()
        if not name:
            return None
        if name in tuple(Gender):
            return Gender(name)
        alias = self.aliases.get(name)
        name = alias.name if alias else name
        known = [voice for voice in self.voices if name in (voice.name, voice.vendor_id.lower())]
        known.sort(key=lambda voice: (voice.name != name, not _speaks(voice, language)))
        if known:
            return known[0]
        provider, colon, vendor_id = wanted.strip().partition(":")
        provider = provider.lower()
        if provider in (OPENAI, EDGE, KOKORO) and colon and vendor_id:
            name, spoken = f"{provider}:{vendor_id}", _language_in(provider, vendor_id)
            return Voice(name=name, language=spoken, provider=provider, vendor_id=vendor_id)
        raise InvalidRequest(self._unknown(wanted, language), FIELD)

    def _unknown(self, wanted: str, language: str) -> str:
        names = [voice.name for voice in self.voices if not language or _speaks(voice, language)]
        near = get_close_matches(wanted.lower(), [*names, *Gender], n=3) or [*Gender, *names[:4]]
        return f"there is no voice “{wanted}”: take {' or '.join(near)}"


@cache
def voice_catalogue() -> VoiceCatalogue:
    """Return the catalogue that comes with Callsheet, and the voices of plug-ins."""
    read = yaml.safe_load(files("callsheet.speech").joinpath("voices.yaml").read_text(encoding="utf-8"))
    voices = [Voice.model_validate(voice) for voice in read["voices"]]
    voices += _espeak_voices(read["espeak"])
    return VoiceCatalogue(voices=(*voices, *plugin_voices(voices)), aliases=read["aliases"])


def _language_in(provider: str, vendor_id: str) -> str:
    """Return the language that a provider's name for a voice tells; every language if it tells none."""
    if provider == KOKORO:
        return _KOKORO_LANGUAGES.get(vendor_id[0].lower(), "en-US")
    found = _EDGE_LANGUAGE.match(vendor_id) if provider == EDGE else None
    return found[0] if found and _MULTILINGUAL not in vendor_id else EVERY_LANGUAGE


def _espeak_voices(codes: Iterable[str]) -> Iterator[Voice]:
    """Return two voices a language: the program speaks them all with the same two."""
    for code in codes:
        plain, _, region = code.partition("-")
        language = _ESPEAK_NAMES.get(code, f"{plain}-{region.upper()}" if region else plain)
        name = f"{ESPEAK}-{language.lower()}"
        yield Voice(name=name, language=language, gender=Gender.MALE, provider=ESPEAK, vendor_id=code)
        yield Voice(
            name=f"{name}-female", language=language, gender=Gender.FEMALE, provider=ESPEAK, vendor_id=code + _FEMALE
        )


def _speaks(voice: Voice, language: str) -> bool:
    code = primary(language)
    return voice.speaks(_SAME_LANGUAGE.get(code, language))


def _nearest(voices: Sequence[Voice], language: str) -> list[Voice]:
    """Return those of the same region first. The order of the catalogue decides between equals."""
    return sorted(voices, key=lambda voice: (_rank(voice), voice.language.lower() != language.lower()))


def _rank(voice: Voice) -> int:
    """Return 0 for a neural voice, 1 for a formant voice: a good voice of another region is better than a poor one."""
    return int(voice.provider == ESPEAK)
