"""Narration: what is to be spoken and by whom, how a voice must read it, and what was spoken when. Pure values.

Offsets count characters of the text that a value names, as Python's slices do. Times count seconds from the start of a
sentence's own sound.
"""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from callsheet.model.content.base import Length, Line, Prose
from callsheet.model.problems import refusal
from callsheet.model.values import Value

EVERY_LANGUAGE = "mul"
"""BCP 47's code for several languages: the language of a voice that reads what it is given."""
IPA_MARK = "/"
SLOWEST, FASTEST = 0.5, 2.0


class Gender(StrEnum):
    """How a voice sounds."""

    FEMALE = "female"
    MALE = "male"


class Voice(Value):
    """A voice that Callsheet knows."""

    name: str
    """Its name in requests and manifests, e.g. michael."""
    language: str
    """BCP 47, e.g. en-US; `mul` for one that speaks every language."""
    gender: Gender | None = None
    """None if it is unknown."""
    provider: str
    """Name of the provider that speaks with it."""
    vendor_id: str
    """What the provider calls it."""

    def speaks(self, language: str) -> bool:
        """Return whether it speaks `language`; en-US speaks en-GB, too."""
        return self.language == EVERY_LANGUAGE or primary(self.language) == primary(language)


class OnVoiceFailure(StrEnum):
    """What happens to a sentence that its voice can't speak."""

    FAIL = "fail"
    NEXT_VOICE = "next-voice"
    SILENT = "silent"


class Lexicon(Value):
    """How words are said: each word with a respelling (“Call sheet”), or with its sounds in IPA between slashes."""

    words: dict[Annotated[str, Field(min_length=1, max_length=100)], Annotated[str, Field(max_length=200)]] = Field(
        default_factory=dict, title="Words"
    )
    """Each written word, and its reading: `Callsheet: Call sheet`, or `Callsheet: /kˈɔlʃit/`."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        empty = [word for word, said in self.words.items() if not said.strip(f" {IPA_MARK}") or not word.strip()]
        if empty:
            raise refusal([(("words", empty[0]), "say how the word is read: a respelling, or IPA between slashes")])
        return self

    def respelled(self) -> dict[str, str]:
        """Return the words with a respelling."""
        return {word: said.strip() for word, said in self.words.items() if not _is_ipa(said)}

    def ipa(self) -> dict[str, str]:
        """Return the words with sounds, in IPA without its slashes."""
        return {word: said.strip().strip(IPA_MARK) for word, said in self.words.items() if _is_ipa(said)}

    def with_words(self, more: "Lexicon") -> "Lexicon":
        """Return a lexicon with the words of both; `more` wins."""
        return Lexicon(words={**self.words, **more.words})


class VoiceChoice(Value):
    """Which voice speaks, and what happens if it can't."""

    voice: str = Field("", max_length=100, title="Voice")
    """A name of `callsheet voices`, `male`, `female`, or a provider's id. Empty: the first of CALLSHEET_VOICES, or the
    best voice of the language."""
    next_voices: tuple[str, ...] = Field((), max_length=10, title="Next voices")
    """Voices that speak if the first one fails, in their order; after them, those of CALLSHEET_VOICES, then those of
    this machine."""
    on_failure: OnVoiceFailure = Field(OnVoiceFailure.NEXT_VOICE, title="If the voice fails")
    """`next-voice`: the next voice speaks; if all fail, the sentence is silent, with its caption. `silent`: the
    sentence is silent at once, with its caption. `fail`: the film fails."""
    speed: float = Field(1.0, ge=SLOWEST, le=FASTEST, title="Speed")
    """1 is the voice's own pace."""
    lexicon: Lexicon = Field(default_factory=Lexicon, title="Lexicon")


class NarrationLine(Value):
    """Words that are spoken while a part of a scene is shown."""

    text: Annotated[Prose, Length(1, 2000)] = Field(title="Text")
    """One or more sentences, as they are written in captions."""
    at: Annotated[Line, Length(0, 200)] = Field("", title="At")
    """The part of the content that the words speak about, e.g. title, points.2 (counted from 0) or verdict. Empty: the
    part after that of the line before."""


class Passage(Value):
    """A stretch of the written text, and the stretch of the speakable text that says it."""

    written: tuple[int, int]
    spoken: tuple[int, int]


class SpeakableText(Value):
    """A written sentence, the same in the words that a voice reads, and a map between both.

    The passages follow one another in both texts. Together they hold every word of both.
    """

    written: str
    spoken: str
    """Empty if there is nothing to say."""
    passages: tuple[Passage, ...]


class Timing(StrEnum):
    """The origin of times of words."""

    EXACT = "exact"
    """The voice reported them."""
    ESTIMATED = "estimated"
    """By the share of each word of the sentence's letters; the ends of the sentence are measured."""


class WordTime(Value):
    """When one written word is heard."""

    text: str
    begins_at: int
    ends_at: int
    """Offsets in the written sentence."""
    start_s: float
    end_s: float


class SpokenSentence(Value):
    """A sentence that was spoken, or passed over in silence: its sound is a mono WAV file beside this value."""

    text: str
    """The written text, which captions show."""
    spoken: str
    """The text that the voice read."""
    voice: Voice | None
    """The voice that spoke; None for silence."""
    speed: float
    sample_rate_hz: int
    samples: int
    timing: Timing
    words: tuple[WordTime, ...]
    passed_over: tuple[str, ...] = ()
    """Why other voices that come first did not speak: a sentence each."""

    @property
    def length_s(self) -> float:
        """Return the length of the sound."""
        return self.samples / self.sample_rate_hz


def primary(language: str) -> str:
    """Return the first part of a BCP 47 code, in lower case: `en` of `en-US`."""
    return language.replace("_", "-").partition("-")[0].lower()


def _is_ipa(said: str) -> bool:
    said = said.strip()
    return len(said) > 2 and said.startswith(IPA_MARK) and said.endswith(IPA_MARK)
