"""The voice of a film: which spoken sentence is heard when. Pure values."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Self

from pydantic import Field, model_validator

from callsheet.model.film.media import StoredObject
from callsheet.model.film.narration import SpokenSentence
from callsheet.model.film.timeline import Timeline
from callsheet.model.values import Value


class StoredSentence(Value):
    """A sentence that was spoken, and its sound in the store: a mono WAV file."""

    sentence: SpokenSentence
    stored: StoredObject


class HeardSentence(Value):
    """A stored sentence, and when its sound begins."""

    spoken: StoredSentence
    start_s: float = Field(ge=0)
    """Seconds from the start of its scene, or of the film in a `VoiceTrack`."""
    speaker: str = ""
    """Who says it, if the picture does not tell; captions then begin with the name."""

    @property
    def end_s(self) -> float:
        """Return when its sound ends."""
        return self.start_s + self.spoken.sentence.length_s

    @property
    def heard_s(self) -> tuple[float, float] | None:
        """Return when its first word begins and its last one ends; None if it is silence."""
        sentence = self.spoken.sentence
        if sentence.voice is None:
            return None
        if not sentence.words:
            return self.start_s, self.end_s
        return self.start_s + sentence.words[0].start_s, self.start_s + sentence.words[-1].end_s


class VoiceTrack(Value):
    """All that voices say in a film, in the order of time."""

    sentences: tuple[HeardSentence, ...]
    language: str = "en"
    """BCP 47; it decides where captions break."""

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        starts = [heard.start_s for heard in self.sentences]
        if any(later < earlier for earlier, later in pairwise(starts)):
            raise ValueError("the sentences of a voice track stand in the order of their starts")
        return self


def lay_voice(timeline: Timeline, scenes: Sequence[Sequence[HeardSentence]], language: str) -> VoiceTrack:
    """Return the voice of a film: each sentence at its place in its scene, each scene at its place in the film.

    `scenes` are the sentences of the timeline's shots, in film order; a scene may have none.
    """
    placed = [
        heard.model_copy(update={"start_s": heard.start_s + shot.start_frame / shot.clip.frame_rate})
        for shot, sentences in zip(timeline.shots, scenes, strict=True)
        for heard in sentences
    ]
    return VoiceTrack(sentences=tuple(sorted(placed, key=lambda heard: heard.start_s)), language=language)
