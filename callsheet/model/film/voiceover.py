"""Voiceovers of scene code: the words that it says, when each of them is heard, and when its bookmarks come.

Pure values. Places in a text are counted in letters, without spaces: a voice speaks sentence by sentence, and spaces
change between text and sentences.
"""

import re
from collections.abc import Sequence
from html import unescape
from itertools import accumulate
from typing import NamedTuple, Self

from pydantic import Field, model_validator

from callsheet.model.film.narration import SpokenSentence
from callsheet.model.film.speech_plan import PAUSE_S, SceneSpeech, plan_voiceover
from callsheet.model.values import Value

LONGEST_TEXT = 5_000
"""Characters of one voiceover."""
MOST_VOICEOVERS = 300
"""In one scene."""
MOST_CHARACTERS = 50_000
"""In one scene: an hour of speech. A service may be paid by the character."""
SECONDS_A_LETTER = 60 / (150 * 5)
"""Until a voice has spoken: 150 words a minute, of five letters each."""
_BOOKMARK = re.compile(r"""<\s*(?:bookmark\s+mark|mark\s+name)\s*=\s*(['"])(.*?)\1\s*/?\s*>""", re.IGNORECASE)
# Elements of SSML 1.1, and those of the services that manim-voiceover knows. Between some of them there is a space.
_SSML = re.compile(
    r"<!--.*?-->|<\?.*?\?>|</?\s*(?:(?:mstts|amazon|google):[\w-]+|(?P<apart>audio|break|desc|p|s)|bookmark|emphasis|"
    r"lang|lexeme|lexicon|lookup|mark|meta|metadata|phoneme|prosody|say-as|speak|sub|token|voice|w)(?:\s[^<>]*)?/?>",
    re.IGNORECASE | re.DOTALL,
)


class Voiceover(Value):
    """What scene code says at one moment."""

    text: str = Field(max_length=LONGEST_TEXT)
    """In one line, without bookmarks and other tags."""
    line: int
    """The line of the scene's source that says it; 0 if it is not known."""


class VoiceoverScript(Value):
    """All that scene code says, in its order, and what it asks of a voice."""

    said: tuple[Voiceover, ...] = Field((), max_length=MOST_VOICEOVERS)
    services: tuple[str, ...] = ()
    """Names of the speech services that the code chooses. Callsheet speaks by its own voices."""
    language: str = Field("", pattern=r"^([a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3})?$")
    """The language that the code gives to its service; a tag of BCP 47."""

    @model_validator(mode="after")
    def _is_bounded(self) -> Self:
        if sum(len(voiceover.text) for voiceover in self.said) > MOST_CHARACTERS:
            raise ValueError(f"a scene says at most {MOST_CHARACTERS} characters")
        return self


class HeardWord(Value):
    """When a word of a voiceover is heard."""

    begins_at: int
    ends_at: int
    """Letters of the voiceover before its first letter, and up to its last one."""
    start_s: float
    end_s: float


class VoiceoverTimes(Value):
    """A voiceover as it is spoken. Times count seconds from its own beginning."""

    text: str
    duration_s: float
    """With the rest after it: the next one begins there."""
    words: tuple[HeardWord, ...] = ()
    sentence_starts_s: tuple[float, ...] = ()

    def second_of(self, letters: int) -> float:
        """Return when the voice has said so many letters: a word begins, or is inside."""
        for word in self.words:
            if letters <= word.begins_at:
                return word.start_s
            if letters < word.ends_at:
                share = (letters - word.begins_at) / (word.ends_at - word.begins_at)
                return word.start_s + share * (word.end_s - word.start_s)
        return self.words[-1].end_s if self.words else 0.0


class BookmarkedText(NamedTuple):
    """The words of a voiceover, and its bookmarks: the letters before each."""

    text: str
    marks: dict[str, int]


def marked_text(written: str) -> BookmarkedText:
    """Return a voiceover's words without tags, and the places of its bookmarks."""
    pieces: list[str] = []
    marks: dict[str, int] = {}
    end = 0
    for found in _BOOKMARK.finditer(written):
        pieces.append(_without_tags(written[end : found.start()]))
        marks[found[2]] = sum(map(_letters, pieces))
        end = found.end()
    pieces.append(_without_tags(written[end:]))
    return BookmarkedText(" ".join("".join(pieces).split()), marks)


def words_of_ssml(ssml: str) -> str:
    """Return the text of an SSML document, with its bookmarks."""
    marks = [found[0] for found in _BOOKMARK.finditer(ssml)]
    pieces = [unescape(_without_tags(piece)) for piece in re.split(_BOOKMARK.pattern, ssml, flags=re.IGNORECASE)[::3]]
    return "".join(piece + mark for piece, mark in zip(pieces, [*marks, ""], strict=True))


def estimated_times(text: str) -> VoiceoverTimes:
    """Return the times of a voiceover before a voice has spoken it."""
    words = text.split()
    ends = list(accumulate(len(word) for word in words))
    heard = [
        HeardWord(
            begins_at=end - len(word),
            ends_at=end,
            start_s=(end - len(word)) * SECONDS_A_LETTER,
            end_s=end * SECONDS_A_LETTER,
        )
        for word, end in zip(words, ends, strict=True)
    ]
    duration_s = heard[-1].end_s + PAUSE_S if heard else 0.0
    return VoiceoverTimes(text=text, duration_s=duration_s, words=tuple(heard))


def spoken_times(text: str, sentences: Sequence[SpokenSentence], frame_rate: int) -> VoiceoverTimes:
    """Return the times of a voiceover that was spoken in these sentences; at least one.

    Each sentence begins at a whole frame, and the voiceover with its rest lasts whole frames.
    """
    plan: SceneSpeech = plan_voiceover(sentences, frame_rate)
    [line] = plan.lines
    spoken = " ".join(sentence.text for sentence in sentences)
    heard = [
        HeardWord(
            begins_at=_letters(spoken[: word.begins_at]),
            ends_at=_letters(spoken[: word.ends_at]),
            start_s=word.start_s,
            end_s=word.end_s,
        )
        for word in line.words
    ]
    return VoiceoverTimes(
        text=text,
        duration_s=plan.duration_s,
        words=tuple(heard),
        sentence_starts_s=line.sentence_starts_s,
    )


def _without_tags(text: str) -> str:
    return _SSML.sub(lambda tag: " " if tag["apart"] else "", text)


def _letters(text: str) -> int:
    return sum(not letter.isspace() for letter in text)
