"""Orders to a language model, and its results, beside scene code itself (see `attempts.Draft`)."""

from collections.abc import Iterator
from typing import Any

from pydantic import Field

from callsheet.model.film.document import Document
from callsheet.model.film.look import Look
from callsheet.model.film.profile import RenderProfile
from callsheet.model.requests.storyboard import Storyboard
from callsheet.model.requests.video import SceneBrief, VideoRequest
from callsheet.model.run.cost import ModelCall
from callsheet.model.values import Value


class StageFacts(Value):
    """The names that the installed Manim offers to scene code.

    The prompt has them, so that a model invents none.
    """

    manim_version: str
    has_latex: bool
    names: tuple[str, ...] = ()
    """Classes that `from manim import *` brings; left out of the prompt if there are none."""
    successors: dict[str, str] = Field(default_factory=dict)
    """Present names by names that Manim had earlier, if one replaces the other as it is."""


class SceneWriting(Value):
    """One scene for a model to write."""

    name: str
    prompt: str
    context: str = ""
    duration_s: float | None = None
    take: int = 1
    """Counts up if the same words are to be answered again."""
    profile: RenderProfile
    look: Look
    files: tuple[str, ...] = ()
    """Names of files that the code may open."""
    colours: dict[str, str]
    """Colours of the look by their purpose, as #rrggbb; at least `background`, `text`, `muted` and `accent`."""
    stage: StageFacts
    narration: tuple[str, ...] = ()
    """Lines that the scene's own code lets a voice say, in this order."""


class OutlineWriting(Value):
    """One topic for a model to split into scenes."""

    topic: str
    scenes_at_most: int = Field(ge=1)
    duration_s: float | None = None
    """Length of the whole video; None leaves it to the model."""


class Outline(Value):
    """A topic as a video: its title and its scenes, each with a prompt."""

    title: str
    scenes: tuple[SceneBrief, ...]


class WrittenOutline(Value):
    """An outline, and the cost of having it written."""

    outline: Outline
    call: ModelCall


class Outlined(Value):
    """A request with scenes in it, and the cost of splitting its topic."""

    plan: VideoRequest
    calls: tuple[ModelCall, ...] = ()
    failure: str = ""
    """Why there is no outline: then the topic is one scene of the plan, and a stand-in replaces it."""


class StoryboardWriting(Value):
    """One document for a model to make a film of."""

    document: Document
    language: str
    """A tag of BCP 47: the language that is spoken and shown."""
    length_s: float
    pictures: tuple[str, ...] = ()
    """Digests of the document's pictures that the film can show."""


class StoryboardQuestion(Value):
    """A question about the storyboard of a document: the whole of it, or the scenes that can't be used."""

    writing: StoryboardWriting
    scenes: tuple[dict[str, Any], ...] = ()
    """The scenes to be written again, as the model wrote them; empty for all."""
    faults: tuple[str, ...] = ()
    """What is wrong with them: a sentence each."""
    hint: str = ""
    """What was wrong with the answer before, if that was no storyboard."""


class DraftedScenes(Value):
    """Scenes as a model wrote them, before anything about them is checked."""

    scenes: tuple[dict[str, Any], ...]
    call: ModelCall
    is_shortened: bool = False
    """Whether the model read only the beginnings of the document's blocks."""


BY_RULES = "rules"
BY_PERSON = "a person"


class StoryboardReport(Value):
    """Who wrote a storyboard, and what is not in it for which reason."""

    written_by: str
    """The name of the language model, “rules”, or “a person” for a storyboard that was given."""
    reason: str = ""
    """Why rules wrote it although a model is set up: a sentence."""
    left_out: tuple[str, ...] = ()
    """What a model wrote and the film does not use, with the reason: a sentence each."""
    remarks: tuple[str, ...] = ()
    """What else is not as it was asked for: a sentence each."""

    def sentences(self) -> Iterator[str]:
        """Yield the whole report, a sentence each."""
        because = f", because {self.reason}" if self.reason else ""
        yield f"Storyboard written by {self.written_by}{because}"
        yield from (*self.left_out, *self.remarks)


class WrittenStoryboard(Value):
    """A storyboard, who wrote it, and the cost of having it written."""

    storyboard: Storyboard
    report: StoryboardReport
    calls: tuple[ModelCall, ...] = ()

    def with_remarks(self, remarks: tuple[str, ...]) -> "WrittenStoryboard":
        """Return it with more remarks in its report."""
        report = self.report.model_copy(update={"remarks": (*self.report.remarks, *remarks)})
        return self.model_copy(update={"report": report})


class TranslationQuestion(Value):
    """Texts of a film to be translated, and what was wrong with earlier translations of them."""

    texts: tuple[str, ...]
    source: str
    target: str
    """Tags of BCP 47: the language of the texts, and that of their translations."""
    kept: tuple[str, ...] = ()
    """Words that stay as they are: those of the lexicon."""
    faults: tuple[str, ...] = ()
    hint: str = ""
    """What was wrong with the answer before, if that held no translations."""


class TranslatedTexts(Value):
    """Translations as a model wrote them, by the number of their text, counted from 1."""

    texts: dict[str, str]
    call: ModelCall
