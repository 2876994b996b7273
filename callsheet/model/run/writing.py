"""What a language model is asked to write, and what comes of it, beside scene code itself (see `attempts.Draft`)."""

from pydantic import Field

from callsheet.model.film.look import Look
from callsheet.model.film.profile import RenderProfile
from callsheet.model.requests.video import SceneBrief, VideoRequest
from callsheet.model.run.cost import ModelCall
from callsheet.model.values import Value


class StageFacts(Value):
    """What the installed Manim offers to scene code. It stands in the prompt, so that nothing is invented."""

    manim_version: str
    has_latex: bool
    names: tuple[str, ...] = ()
    """Classes that `from manim import *` brings; left out of the prompt where there are none."""
    successors: dict[str, str] = Field(default_factory=dict)
    """Names of today by names that Manim had earlier, where one stands for the other as it is."""


class SceneWriting(Value):
    """One scene for a model to write."""

    name: str
    prompt: str
    context: str = ""
    duration_s: float | None = None
    take: int = 1
    """Counts up where the same words are to be answered anew."""
    profile: RenderProfile
    look: Look
    files: tuple[str, ...] = ()
    """Names of files that the code may open."""
    colours: dict[str, str]
    """Colours of the look by what they are for, as #rrggbb; `background`, `text`, `muted` and `accent` at least."""
    stage: StageFacts


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
    """An outline, and what it cost to have it written."""

    outline: Outline
    call: ModelCall


class Outlined(Value):
    """A request with scenes in it, and what was spent on splitting its topic."""

    plan: VideoRequest
    calls: tuple[ModelCall, ...] = ()
    failure: str = ""
    """Why there is no outline: then the topic is one scene of the plan, and something has to stand in for it."""
