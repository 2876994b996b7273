"""Drafts of scenes, and what each block that becomes one needs to know."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from callsheet.model.content import TemplateName
from callsheet.model.film.document import SourcePlace
from callsheet.model.requests.storyboard import StoryboardLine
from callsheet.writing.storyboard.parts import DocumentPart
from callsheet.writing.storyboard.phrases import Phrases
from callsheet.writing.storyboard.sentences import CHINESE_OR_JAPANESE, as_sentence, outlasts, word_count

WORDS_A_MINUTE = 150
SIGNS_A_MINUTE = {"zh": 150, "ja": 270}
"""Chinese as espeak-ng speaks it, measured over films: 143."""
_CHARACTER_S = 0.062
"""For each character of another script, with spaces and marks. Measured over 63 English sentences of the voice “heart”,
where an estimate by words has twice the error; 13 German ones of espeak-ng take 0.067 s."""
_KANA = re.compile(r"[\u3040-\u30ff]")
PAUSE_S = 0.65
"""Between two lines."""
SCENE_EDGES_S = 1.1
"""Before the first word of a scene and after its last one, without the transition that it shares."""
_LONGEST_HEADING = 90


def seconds_to_speak(text: str) -> float:
    """Return about how long a voice takes for a text, without pauses."""
    if not CHINESE_OR_JAPANESE.search(text):
        return len(text) * _CHARACTER_S
    return word_count(text) * 60 / SIGNS_A_MINUTE["ja" if _KANA.search(text) else "zh"]


def seconds_of_scene(lines: Sequence[str]) -> float:
    """Return about how long a scene with these lines takes, with its pauses."""
    return SCENE_EDGES_S + sum(map(seconds_to_speak, lines)) + PAUSE_S * (len(lines) - 1)


@dataclass(frozen=True)
class SceneDraft:
    """A scene that may become part of the film."""

    name: str
    template: TemplateName
    content: Mapping[str, Any]
    lines: tuple[StoryboardLine, ...]
    places: tuple[SourcePlace, ...] = ()
    part: int = 0
    """The place of its part among the document's parts."""
    block: int = -1
    """The place of its block among the document's blocks; -1 for the title."""
    weight: float = 1
    """How much it tells: the mean rank of its texts, by the kind of its block."""
    is_passage: bool = False
    """Whether it tells neighbouring sentences of a paragraph: such scenes may follow each other."""

    def seconds(self) -> float:
        """Return how long it takes to speak, with its pauses."""
        return seconds_of_scene([line.text for line in self.lines])

    def shorter(self) -> "SceneDraft | None":
        """Return the draft without its last point; None if it would say too little, or no longer the truth."""
        points = self.content.get("points", ())
        if self.template is not TemplateName.BULLETS or self.content.get("numbered") or len(points) <= 2:
            return None
        last = f"points.{len(points) - 1}"
        lines = tuple(line for line in self.lines if line.at != last)
        return replace(self, content={**self.content, "points": points[:-1]}, lines=lines)


@dataclass(frozen=True)
class Telling:
    """What is known of a document while its scenes are drafted."""

    language: str
    phrases: Phrases | None
    ranks: Mapping[str, float]
    """How central each text of the document is; 1 is the mean."""
    pictures: Mapping[str, Path]
    """The files of the document's pictures, by their digests."""
    most_points: int = 5
    """How many points of a list are told at most."""

    def rank(self, text: str) -> float:
        """Return how central a text is."""
        return self.ranks.get(text, 1.0)

    def mean_rank(self, texts: Iterable[str]) -> float:
        """Return how central texts are, on average."""
        found = [self.rank(text) for text in texts]
        return sum(found) / len(found) if found else 1.0

    def sentence(self, text: str) -> str:
        """Return words that end as a sentence does."""
        return as_sentence(text, self.language)


@dataclass(frozen=True)
class BlockSpot:
    """Where a block stands: its part, its place, and the sentence that introduces it."""

    part: DocumentPart
    number: int
    """The place of its part among the document's parts."""
    block: int
    place: SourcePlace
    lead: StoryboardLine | None

    @property
    def heading(self) -> str:
        """The heading of its part, if it is short enough to be shown."""
        return self.part.heading if self.part.level and len(self.part.heading) <= _LONGEST_HEADING else ""

    @property
    def title(self) -> dict[str, str]:
        """The heading as a field of a content; nothing if there is none."""
        return {"title": self.heading} if self.heading else {}

    def opening(self, telling: Telling, at: str) -> tuple[StoryboardLine, ...]:
        """Return the line that opens a scene: the sentence that introduces it, else its heading.

        A sentence for which the heading alone would stand for long is left out.
        """
        if self.lead and not (at == "title" and self.heading and outlasts(self.lead.text, self.heading)):
            return (self.lead.model_copy(update={"at": at}),)
        return (StoryboardLine(text=telling.sentence(self.heading), at="title"),) if self.heading else ()

    def line(self, telling: Telling, text: str, at: str) -> StoryboardLine:
        """Return a line with words of the block."""
        return StoryboardLine(text=telling.sentence(text), at=at, places=(self.place,))

    def draft(
        self,
        template: TemplateName,
        content: Mapping[str, Any],
        lines: Iterable[StoryboardLine],
        weight: float,
        name: str = "",
    ) -> SceneDraft:
        """Return the draft of a block. Without a heading it has this name."""
        told = tuple(lines)
        name = self.heading or name or told[0].text
        return SceneDraft(name, template, content, told, (self.place,), self.number, self.block, weight)
