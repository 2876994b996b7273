"""Speaks a sentence by a choice of voices: the voice may fail, the film may not."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from callsheet.errors import CallsheetError, InvalidRequest, SetupIncomplete, TransientError
from callsheet.model.film.narration import (
    Lexicon,
    OnVoiceFailure,
    SpeakableText,
    SpokenSentence,
    Voice,
    VoiceChoice,
)
from callsheet.settings import Settings
from callsheet.sources.yaml_files import open_data_file
from callsheet.speech.catalogue import VoiceCatalogue, voice_catalogue
from callsheet.speech.edge_speech import EdgeSpeech
from callsheet.speech.espeak import Espeak
from callsheet.speech.hibari import Hibari
from callsheet.speech.kokoro import Kokoro
from callsheet.speech.openai_speech import DEFAULT_URL, OpenAISpeech
from callsheet.speech.plugin_voices import plugin_speakers
from callsheet.speech.provider import Speech, SpeechProvider
from callsheet.speech.readings import SayMathematics
from callsheet.speech.sound_files import finished, loud_span_s, silence
from callsheet.speech.speakable import speakable
from callsheet.speech.spoken import write_spoken
from callsheet.speech.timings import estimated_words

SILENT_RATE_HZ = 24_000
SILENT_WORDS_A_MINUTE = 150
"""The pace of a voice: captions stay as long over silence as over speech."""
SHORTEST_SILENCE_S = 1.0
_LETTERS_A_WORD = 6.0
"""With its space, in English; other scripts are counted by their characters."""


def local_providers() -> tuple[SpeechProvider, ...]:
    """Return the providers of this machine. Each reads its model when it first speaks, and keeps it."""
    return Hibari(), Kokoro(), Espeak()


class Narrator:
    """Speaks sentences. One narrator serves a whole film: it holds the models.

    `voices` and `lexicon` are those of the installation: a request's own come before them.
    """

    def __init__(
        self,
        providers: Iterable[SpeechProvider] | None = None,
        catalogue: VoiceCatalogue | None = None,
        voices: Sequence[str] = (),
        lexicon: Lexicon | None = None,
    ) -> None:
        speaking = local_providers() if providers is None else providers
        self._providers: Mapping[str, SpeechProvider] = {provider.name: provider for provider in speaking}
        self._catalogue = catalogue or voice_catalogue()
        self._voices = tuple(voices)
        self._lexicon = lexicon or Lexicon()

    def sentence_key(
        self, text: str, language: str, choice: VoiceChoice, say_mathematics: SayMathematics | None = None
    ) -> str:
        """Return the identity of a sentence as the first voice of the choice speaks it.

        Raises InvalidRequest if no voice has the name, or none speaks the language.
        """
        voice = self._catalogue.order(choice, language, self._voices)[0]
        provider = self._providers.get(voice.provider)
        lexicon = self._lexicon.with_words(choice.lexicon)
        text_to_speak = speakable(text, language, lexicon, say_mathematics)
        digest = provider.digest(voice) if provider else ""
        return sentence_key(text_to_speak, voice, choice.speed, digest, lexicon)

    async def speak(
        self,
        text: str,
        language: str,
        choice: VoiceChoice,
        out: Path,
        *,
        say_mathematics: SayMathematics | None = None,
        is_last_try: bool = True,
    ) -> SpokenSentence:
        """Write the sound of one sentence to `out`, a WAV file, by the first voice of the choice that can.

        Unless `is_last_try`, an error that may pass is raised, so that the caller tries the same voice again.

        Raises:
            InvalidRequest: no voice has this name, or none speaks the language.
            CallsheetError: the choice is to fail, and the voice did.
        """
        lexicon = self._lexicon.with_words(choice.lexicon)
        text_to_speak = speakable(text, language, lexicon, say_mathematics)
        voices = self._catalogue.order(choice, language, self._voices)
        if not text_to_speak.spoken:
            return _pass_over(text_to_speak, choice.speed, (), out)
        if choice.on_failure is not OnVoiceFailure.NEXT_VOICE:
            voices = voices[:1]
        passed_over: list[str] = []
        for voice in voices:
            try:
                return await self._speak_with(voice, text_to_speak, choice.speed, lexicon, tuple(passed_over), out)
            except TransientError as error:
                if not is_last_try or choice.on_failure is OnVoiceFailure.FAIL:
                    raise
                passed_over.append(f"{voice.name}: {error}")
            except CallsheetError as error:
                if choice.on_failure is OnVoiceFailure.FAIL:
                    raise
                passed_over.append(f"{voice.name}: {error}")
        return _pass_over(text_to_speak, choice.speed, tuple(passed_over), out)

    async def _speak_with(
        self, voice: Voice, text: SpeakableText, speed: float, lexicon: Lexicon, passed_over: tuple[str, ...], out: Path
    ) -> SpokenSentence:
        provider = self._providers.get(voice.provider)
        if provider is None:
            raise SetupIncomplete(
                f"The voice {voice.name} needs a speech service: set CALLSHEET_SPEECH_API_KEY or"
                " CALLSHEET_SPEECH_BASE_URL.",
                voice.provider,
            )
        speech = await provider.speak(text.spoken, voice, speed, lexicon, out.parent)
        speech = finished(speech, f"The voice {voice.name}")
        if not speech.words:
            speech = Speech(speech.samples, speech.sample_rate_hz, estimated_words(text.spoken, *loud_span_s(speech)))
        return write_spoken(text, voice, speed, speech, passed_over, out)


def open_narrator(settings: Settings) -> Narrator:
    """Return a narrator with the providers, the order of voices and the lexicon of the settings.

    Raises:
        InvalidRequest: a voice of the order is unknown, or the lexicon is not valid.
    """
    kokoro = Kokoro(settings.kokoro_model, settings.kokoro_voices)
    providers: list[SpeechProvider] = [Hibari(), kokoro, Espeak(), EdgeSpeech(settings.speech_timeout_s)]
    providers += plugin_speakers()
    if settings.speech_api_key or settings.speech_base_url:
        key = settings.speech_api_key.get_secret_value() if settings.speech_api_key else ""
        url = settings.speech_base_url or DEFAULT_URL
        providers.append(OpenAISpeech(url, key, settings.speech_model, settings.speech_timeout_s))
    for name in settings.voices:
        try:
            voice_catalogue().language_of(name)
        except InvalidRequest as error:
            raise InvalidRequest(str(error.args[0]), "CALLSHEET_VOICES") from None
    lexicon = None
    if settings.lexicon:
        lexicon = open_data_file(settings.lexicon, what="a lexicon has `words`").value(Lexicon)
    return Narrator(providers, voices=settings.voices, lexicon=lexicon)


def sentence_key(text: SpeakableText, voice: Voice, speed: float, digest: str, lexicon: Lexicon) -> str:
    """Return the identity of a spoken sentence, 32 hexadecimal digits: equal if it sounds the same.

    `digest` is the provider's. Of the lexicon only the sounds of words in the sentence count: its respellings are in
    the speakable text.
    """
    words = text.written.casefold()
    sounds = sorted((word, ipa) for word, ipa in lexicon.ipa().items() if word.casefold() in words)
    identity = [text.written, text.spoken, voice.provider, voice.vendor_id, voice.language, speed, digest, sounds]
    return hashlib.sha256(json.dumps(identity).encode()).hexdigest()[:32]


def _pass_over(text: SpeakableText, speed: float, passed_over: tuple[str, ...], out: Path) -> SpokenSentence:
    """Write silence, as long as a voice would take."""
    read = text.spoken or text.written
    wide = sum(char > "\u2e80" for char in read)  # Chinese characters and kana: about two letters each
    words = (len(read) + wide) / _LETTERS_A_WORD
    length_s = max(SHORTEST_SILENCE_S, words * 60 / SILENT_WORDS_A_MINUTE / speed)
    times = estimated_words(text.spoken, 0.0, length_s)
    speech = Speech(silence(length_s, SILENT_RATE_HZ), SILENT_RATE_HZ, times)
    return write_spoken(text, None, speed, speech, passed_over, out)
