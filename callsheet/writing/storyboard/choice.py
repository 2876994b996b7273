"""The choice of scenes: those that tell most in the time there is, in the document's order, and nothing twice."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from callsheet.writing.storyboard.drafts import SceneDraft
from callsheet.writing.storyboard.parts import DocumentPart, PartRole
from callsheet.writing.storyboard.ranking import ALIKE, likeness
from callsheet.writing.storyboard.sentences import word_count

OVER = 1.06
"""A film may be this much longer than asked for, so that its last scene is whole."""
_SAME_PART, _SAME_GROUP, _SAME_TEMPLATE = 0.5, 0.8, 0.82
_NEXT_PASSAGE, _SAME_CHAPTER = 0.9, 0.85
_LATER = 0.985
_DEEP, _DEEP_LEVEL = 0.85, 3
_ASIDE = 0.45
_FEW_WORDS = 4
_ALIKE_WORTH = 0.02
"""Of drafts that differ by less, the first in the document is told. So a word that changes elsewhere in the document
seldom changes the choice, and with it scenes that need not be made again."""
LEAST_WORTH, LEAST_WORTH_ASKED_FOR = 0.3, 0.05
"""Below it, a shorter film is better. The second is for a film whose length was asked for."""


@dataclass
class Spoken:
    """What the film says so far."""

    texts: list[str] = field(default_factory=list)

    def add(self, texts: Iterable[str]) -> None:
        """Take texts as spoken."""
        self.texts += texts

    def has(self, text: str) -> bool:
        """Return whether a text was spoken, or nearly the same was."""
        return any(
            text == other or (min(word_count(text), word_count(other)) > _FEW_WORDS and likeness(text, other) >= ALIKE)
            for other in self.texts
        )

    def what_is_new(self, draft: SceneDraft) -> SceneDraft | None:
        """Return a draft without the opening line that was spoken.

        None if what it tells was told before, or if nothing but its heading is left.
        """
        told = [line for line in draft.lines if line.at != "title"]
        if any(self.has(line.text) for line in told):
            return None
        lines = tuple(line for line in draft.lines if line in told or not self.has(line.text))
        return replace(draft, lines=lines) if any(line.places for line in lines) else None


def choose(
    drafts: Iterable[SceneDraft],
    parts: Sequence[DocumentPart],
    seconds: float,
    spoken: Spoken,
    can_be_shown: Callable[[SceneDraft], bool],
    least_worth: float,
) -> list[SceneDraft]:
    """Return the drafts that tell most in so many seconds, in the document's order. `spoken` takes what they say.

    None of them adds less than `least_worth` to those that were chosen before it.
    """
    waiting = list(drafts)
    chosen: list[SceneDraft] = []
    while waiting:
        best = max(waiting, key=lambda draft: round(_worth(draft, chosen, parts) / _ALIKE_WORTH))
        if _worth(best, chosen, parts) < least_worth:
            break
        waiting.remove(best)
        short = _as_long_as(best, seconds)
        told = spoken.what_is_new(short) if short else None
        if told is None or not can_be_shown(told):
            continue
        chosen.append(told)
        seconds -= told.seconds()
        spoken.add(line.text for line in told.lines)
    return sorted(chosen, key=lambda draft: (draft.part, draft.block))


def _worth(draft: SceneDraft, chosen: Sequence[SceneDraft], parts: Sequence[DocumentPart]) -> float:
    """Return how much a draft adds to those that are chosen: another part and another kind of scene add most."""
    part = parts[draft.part]
    worth = draft.weight * _LATER**draft.part * (_DEEP if part.level >= _DEEP_LEVEL else 1)
    worth *= _ASIDE if part.role is PartRole.ASIDE else 1
    for other in chosen:
        if draft.is_passage and other.is_passage:
            worth *= _NEXT_PASSAGE * (_SAME_CHAPTER if parts[other.part].group == part.group else 1)
            continue
        worth *= _SAME_TEMPLATE if other.template is draft.template else 1
        if other.part == draft.part:
            worth *= _SAME_PART
        elif parts[other.part].group == part.group:
            worth *= _SAME_GROUP
    return worth


def _as_long_as(draft: SceneDraft, seconds: float) -> SceneDraft | None:
    """Return a draft with as many points as there is time for; None if there is none."""
    short: SceneDraft | None = draft
    while short and short.seconds() > seconds:
        short = short.shorter()
    return short
