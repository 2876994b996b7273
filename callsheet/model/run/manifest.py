"""The manifest of a film: its scenes, their sources, the versions of the software, and the time of each step."""

from datetime import datetime
from enum import StrEnum

from callsheet.model.content import TemplateName
from callsheet.model.film.media import Clip, Stills, StoredObject, Video
from callsheet.model.film.rehearsal import Rehearsal
from callsheet.model.film.scenes import Origin, OriginKind
from callsheet.model.film.sound import MusicBed, NarrationMix
from callsheet.model.film.timeline import Timeline
from callsheet.model.film.voice_track import HeardSentence
from callsheet.model.footage.orders import FootageRecord
from callsheet.model.requests.video import SceneBrief
from callsheet.model.run.attempts import Attempt
from callsheet.model.run.cost import ModelCall
from callsheet.model.run.kinds import AnyFilmRequest, FilmRequest, film_kind_taking
from callsheet.model.run.writing import StoryboardReport
from callsheet.model.values import Value


class SceneOutcome(StrEnum):
    """The result of a scene."""

    RENDERED = "rendered"
    PLACEHOLDER = "placeholder"
    EXPLAINED = "explained"
    """Its prompt is laid out as text, because no scene could be made of it."""
    SKIPPED = "skipped"


class SceneReport(Value):
    """One scene of the film: its result, and why it failed if it did."""

    number: int
    name: str
    outcome: SceneOutcome
    clip: Clip | None = None
    """None for a skipped scene."""
    origin: Origin | None = None
    """None for a skipped scene."""
    error: str = ""
    """One sentence, if the scene failed."""
    rehearsal: Rehearsal | None = None
    """None if nothing was rehearsed: a template is reviewed, and runs as it is."""
    attempts: tuple[Attempt, ...] = ()
    """Every version of the code that was tried, if it was not our own."""
    footage: tuple[FootageRecord, ...] = ()
    """Who edited and animated its pictures, if it is made of pictures."""
    speech: tuple[HeardSentence, ...] = ()
    """What a voice says in it, and when: seconds from the start of the scene."""
    planned_s: float | None = None
    """How long it was to be by the speech in it; None if nothing is said in it."""
    speech_remark: str = ""
    """A sentence if its length is not what was asked for."""

    @property
    def model_calls(self) -> tuple[ModelCall, ...]:
        """Return the calls that wrote and repaired this scene's code."""
        return tuple(attempt.call for attempt in self.attempts if attempt.call is not None)


def title_frames(request: FilmRequest, scenes: tuple[SceneReport, ...], timeline: Timeline) -> tuple[int, int] | None:
    """Return when the first title of a film is seen without another shot.

    The two numbers are the first such frame, and the first frame after them. Return None if the film has no title.

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
    """How long one step of the run took, with the wait for a free core.

    It is next to nothing if the result was kept.
    """

    step: str
    seconds: float


class Manifest(Value):
    """All facts about a finished video, for people and programs.

    Stored beside the video as JSON.
    """

    title: str
    video: Video
    stills: Stills
    captions: StoredObject | None = None
    """A WebVTT file beside the video, if it has captions. They are a subtitle track of the video, too."""
    subtitles: StoredObject | None = None
    """The same captions as a SubRip file."""
    music: MusicBed | None = None
    """The music under it, with its composer if it comes with Callsheet."""
    sound: NarrationMix | None = None
    """The sound of a film that speaks, and what was measured of it."""
    timing: StoredObject | None = None
    """A timing report as JSON beside the video, if a voice speaks in it; see `callsheet.model.run.timing`."""
    timeline: Timeline
    scenes: tuple[SceneReport, ...]
    missing_scenes: tuple[str, ...]
    """Names of the scenes that could not be made, in film order; empty if the video is whole."""
    request: AnyFilmRequest
    versions: dict[str, str]
    """Versions of the software that made it: callsheet, prefect, manim, av, ffmpeg, typst, python, and
    each package that brings plug-ins."""
    steps: tuple[StepTime, ...]
    language: str = ""
    """The language that is spoken, if the request named its languages; a tag of BCP 47."""
    other_languages: tuple["Manifest", ...] = ()
    """The manifests of the same film in the further languages of the request. Each of them is published, too."""
    storyboard: StoryboardReport | None = None
    """Who wrote the storyboard of a document; None for other videos."""
    model_calls: tuple[ModelCall, ...] = ()
    """Calls of language models that this video rests on, in this run or in an earlier one whose answer was kept."""
    model_calls_usd: float = 0.0
    """Their price together, as far as it is known."""
    footage: tuple[FootageRecord, ...] = ()
    """Footage that belongs to no single scene: reference pictures of people and places, and panels of shots that a
    trailer leaves out."""
    footage_estimate_usd: float | None = None
    """The expected price of footage from a provider, as far as it was known before; None if none was asked for."""
    footage_usd: float = 0.0
    """The actual price of footage from a provider, in this run or in an earlier one from which it was kept."""
    run_id: str
    created_at: datetime

    @property
    def spoken_by(self) -> tuple[str, ...]:
        """Return the names of the voices that speak in it, in the order in which they begin."""
        heard = (each.spoken.sentence for scene in self.scenes for each in scene.speech)
        return tuple(dict.fromkeys(sentence.voice.name if sentence.voice else "silence" for sentence in heard))

    @property
    def voices_passed_over(self) -> tuple[str, ...]:
        """Return why voices that come first did not speak: each reason once."""
        heard = (each.spoken.sentence for scene in self.scenes for each in scene.speech)
        return tuple(dict.fromkeys(reason for sentence in heard for reason in sentence.passed_over))

    @property
    def prompts_laid_out(self) -> int:
        """Return how many prompts are shown as text because there was no language model."""
        laid_out = (each for each in self.scenes if each.origin and each.origin.kind is OriginKind.TEMPLATE)
        return sum(bool(each.origin and each.origin.note) and not each.error for each in laid_out)
