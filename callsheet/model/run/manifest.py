"""The manifest: what was made, from what, with which versions, and how long each step took."""

from datetime import datetime
from enum import StrEnum

from callsheet.model.content import TemplateName
from callsheet.model.film.media import Clip, Stills, StoredObject, Video
from callsheet.model.film.rehearsal import Rehearsal
from callsheet.model.film.scenes import Origin, OriginKind
from callsheet.model.film.timeline import Timeline
from callsheet.model.footage.orders import FootageRecord
from callsheet.model.requests.video import SceneBrief
from callsheet.model.run.attempts import Attempt
from callsheet.model.run.cost import ModelCall
from callsheet.model.run.kinds import AnyFilmRequest, FilmRequest, film_kind_taking
from callsheet.model.values import Value


class SceneOutcome(StrEnum):
    """What became of a scene."""

    RENDERED = "rendered"
    PLACEHOLDER = "placeholder"
    EXPLAINED = "explained"
    """Its prompt is laid out as text, because no scene could be made of it."""
    SKIPPED = "skipped"


class SceneReport(Value):
    """One scene of the film: how it came out, and why not, if it didn't."""

    number: int
    name: str
    outcome: SceneOutcome
    clip: Clip | None = None
    """None for a skipped scene."""
    origin: Origin | None = None
    """None for a skipped scene."""
    error: str = ""
    """One sentence, where the scene failed."""
    rehearsal: Rehearsal | None = None
    """None where nothing was rehearsed: a template is reviewed, and runs as it is."""
    attempts: tuple[Attempt, ...] = ()
    """Every version of the code that was tried, where it was not our own."""
    footage: tuple[FootageRecord, ...] = ()
    """Who edited and animated its pictures, where it is made of pictures."""

    @property
    def model_calls(self) -> tuple[ModelCall, ...]:
        """The calls that wrote and repaired this scene's code."""
        return tuple(attempt.call for attempt in self.attempts if attempt.call is not None)


def title_frames(request: FilmRequest, scenes: tuple[SceneReport, ...], timeline: Timeline) -> tuple[int, int] | None:
    """Return where the first title of a film is seen alone: its first frame, and the first after it; None without one.

    The shots of the timeline are the clips of the scenes that have one, in their order.
    """
    in_film_order = film_kind_taking(type(request)).in_film_order(request)
    titles = {
        number
        for number, scene in enumerate(in_film_order, start=1)
        if isinstance(scene, SceneBrief) and scene.template is TemplateName.TITLE
    }
    shown = [scene for scene in scenes if scene.clip]
    places = [at for at, scene in enumerate(shown) if scene.outcome is SceneOutcome.RENDERED and scene.number in titles]
    return timeline.frames_alone(places[0]) if places else None


class StepTime(Value):
    """How long one step of the run took, with waiting for a free core; next to nothing where it was kept."""

    step: str
    seconds: float


class Manifest(Value):
    """Everything a person or a program wants to know of a finished video. Stored beside it as JSON."""

    title: str
    video: Video
    stills: Stills
    captions: StoredObject | None = None
    """A WebVTT file beside the video, where it has captions. They are a subtitle track of the video, too."""
    timeline: Timeline
    scenes: tuple[SceneReport, ...]
    missing_scenes: tuple[str, ...]
    """Names of the scenes that could not be made, in film order; empty when the video is whole."""
    request: AnyFilmRequest
    versions: dict[str, str]
    """Versions of the software that made it: callsheet, prefect, manim, av, ffmpeg, typst, python."""
    steps: tuple[StepTime, ...]
    model_calls: tuple[ModelCall, ...] = ()
    """Calls of language models that this video rests on, in this run or in an earlier one whose answer was kept."""
    model_calls_usd: float = 0.0
    """Their price together, as far as it is known."""
    footage_estimate_usd: float | None = None
    """What footage from a provider was to cost, as far as that was known before; None where none was asked for."""
    footage_usd: float = 0.0
    """What footage from a provider has cost, in this run or in an earlier one that it was kept from."""
    run_id: str
    created_at: datetime

    @property
    def prompts_laid_out(self) -> int:
        """How many prompts are shown as text because there was no language model to write a scene from them."""
        laid_out = (each for each in self.scenes if each.origin and each.origin.kind is OriginKind.TEMPLATE)
        return sum(bool(each.origin and each.origin.note) and not each.error for each in laid_out)
