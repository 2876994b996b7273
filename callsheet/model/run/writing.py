"""Orders to a language model, and its results, beside scene code itself (see `attempts.Draft`)."""

from pydantic import Field

from callsheet.model.film.look import Look
from callsheet.model.film.profile import RenderProfile
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
