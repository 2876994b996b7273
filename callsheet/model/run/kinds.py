"""The kinds of runs, in one table: which request each takes, which flow makes it, and what its scenes are.

A kind of film is one row of `KINDS`. Its request class stands in the union `FilmRequest` too, and in `ScenesRequest` if
it has scenes. Type checkers read these unions, and a test compares them with the table. The kind of a run is a label
(`labels.KIND`) on the Prefect server.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import PlainValidator, SerializeAsAny, ValidationError, WithJsonSchema

from callsheet.model.film.storable import StorableScene
from callsheet.model.requests.backfill import BackfillRequest
from callsheet.model.requests.explainer import ExplainerRequest
from callsheet.model.requests.movie import MovieRequest, ShotBrief, ShotRequest
from callsheet.model.requests.pictures import Asking, ImagePairsRequest, ImageVideoRequest, PairRequest, PairScene
from callsheet.model.requests.video import SceneBrief, SceneRequest, VideoRequest
from callsheet.model.run.approval import Answer, Decision, PairsDecision, ShotsDecision
from callsheet.model.values import Value

FilmRequest = VideoRequest | ImageVideoRequest | ImagePairsRequest | ExplainerRequest | MovieRequest
ScenesRequest = VideoRequest | ImagePairsRequest | MovieRequest
FilmScene = SceneBrief | PairScene | ShotBrief

PARAMETER = "request"
"""The parameter of a flow that holds the request."""
STEPS_OF_A_FILM = ("merge-clips", "make-stills", "publish-video")
"""Names of the tasks that follow the scenes of a film."""


@dataclass(frozen=True, kw_only=True)
class RunKind:
    """What a run makes, and of which request."""

    name: str
    """One word: the label of the run has it, and people read it."""
    flow: str
    """Name of the flow that makes it."""
    request: type[Value]
    is_scene: bool = False
    """True if it makes one scene: the request has `number`, `scene` and `label`."""

    def request_in(self, parameters: Mapping[str, Any]) -> Any:
        """Return the request that a run of this kind was started with; None if that has a mistake."""
        try:
            return self.request.model_validate(parameters.get(PARAMETER))
        except ValidationError:
            return None


@dataclass(frozen=True, kw_only=True)
class Approval:
    """How a person approves the scenes of a film before Callsheet makes it."""

    decision: type[Answer[Any]]
    """The answers that a person may give."""
    always: object
    """Value of the request's `approval` with which a run asks in any case."""
    once_approved: object = None
    """Value of `approval` for a new run of scenes that were approved; None keeps that of the request."""


@dataclass(frozen=True, kw_only=True)
class FilmKind(RunKind):
    """A kind of film: its run returns a `Manifest`."""

    request: type[FilmRequest]
    words: str
    """What a sentence calls such a film."""
    fields: frozenset[str] = frozenset()
    """Fields that distinguish a request of this kind from all others."""
    scene_fields: frozenset[str] = frozenset()
    """Fields that distinguish its scenes from all others."""
    steps: tuple[str, ...] = STEPS_OF_A_FILM
    """Names of the tasks that follow the scenes."""
    scene: type[StorableScene] | None = None
    """The class of its scenes; None if its request has none."""
    planned_as: type[ScenesRequest] | None = None
    """The class of the request in its manifest, if that is another one: it has the scenes."""
    scene_run: RunKind | None = None
    """The kind of the runs of its scenes."""
    in_film_order: Callable[[Any], tuple[FilmScene, ...]] = lambda _: ()
    """Return the scenes of a request in the order of the film."""
    approval: Approval | None = None
    """None if its run never shows scenes for approval."""
    length_s: Callable[[Any], float] | None = None
    """Return how long the film of a request becomes; None if only its composed scenes tell."""
    footage_prompts: Callable[[Any], Iterable[Mapping[str, str]]] = lambda _: ()
    """Return the prompts of a request's footage, by `edit`, `animate` and `between`."""

    @property
    def plan(self) -> type[FilmRequest] | None:
        """Return the class of the request that has its scenes; None if it has none."""
        return self.planned_as or (self.request if self.scene else None)

    def steps_of(self, request: FilmRequest) -> tuple[str, ...]:
        """Return the names of the tasks that follow the scenes of a request: none if its run stops before."""
        return () if getattr(request, "stop_after", None) else self.steps

    @property
    def is_staged(self) -> bool:
        """Return whether the stage composes its scenes.

        Such scenes can be checked and previewed without a server.
        """
        return self.scene is SceneBrief


SCENE = RunKind(name="scene", flow="generate-scene", request=SceneRequest, is_scene=True)
PAIR = RunKind(name="pair", flow="animate-pair", request=PairRequest, is_scene=True)
SHOT = RunKind(name="shot", flow="film-shot", request=ShotRequest, is_scene=True)
BACKFILL = RunKind(name="backfill", flow="backfill-videos", request=BackfillRequest)
VIDEO = FilmKind(
    name="video",
    flow="generate-video",
    request=VideoRequest,
    words="a video",
    scene=SceneBrief,
    scene_run=SCENE,
    in_film_order=VideoRequest.in_film_order,
    approval=Approval(decision=Decision, always=True, once_approved=False),
)
IMAGE_VIDEO = FilmKind(
    name="picture",
    flow="image-to-video",
    request=ImageVideoRequest,
    words="a video of a single picture",
    fields=frozenset({"picture"}),
    length_s=ImageVideoRequest.length_s,
    footage_prompts=ImageVideoRequest.footage_prompts,
)
IMAGE_PAIRS = FilmKind(
    name="pairs",
    flow="animate-image-pairs",
    request=ImagePairsRequest,
    words="a video of picture pairs",
    scene_fields=frozenset({"first", "last"}),
    scene=PairScene,
    scene_run=PAIR,
    in_film_order=ImagePairsRequest.in_film_order,
    # Another take of a pair may cost money: then a person approves that one.
    approval=Approval(decision=PairsDecision, always=Asking.ALWAYS),
    length_s=ImagePairsRequest.length_s,
    footage_prompts=ImagePairsRequest.footage_prompts,
)
EXPLAINER = FilmKind(
    name="explainer",
    flow="explain-document",
    request=ExplainerRequest,
    words="a film of a document",
    fields=frozenset({"document", "text", "storyboard"}),
    scene_run=SCENE,
    # The plan that a person approves, and the manifest, hold the scenes.
    planned_as=VideoRequest,
    approval=Approval(decision=Decision, always=True),
    length_s=ExplainerRequest.about_s,
)
MOVIE = FilmKind(
    name="movie",
    flow="script-to-movie",
    request=MovieRequest,
    words="a film of a screenplay",
    fields=frozenset({"screenplay", "script"}),
    scene_fields=frozenset({"scene", "size", "angle", "movement", "seen", "utterances"}),
    scene=ShotBrief,
    scene_run=SHOT,
    in_film_order=MovieRequest.in_film_order,
    approval=Approval(decision=ShotsDecision, always=True, once_approved=False),
    length_s=MovieRequest.about_s,
)
KINDS: tuple[RunKind, ...] = (VIDEO, SCENE, IMAGE_VIDEO, IMAGE_PAIRS, EXPLAINER, MOVIE, BACKFILL)
"""The kinds that people can start."""


def film_kinds() -> tuple[FilmKind, ...]:
    """Return the kinds of films."""
    return tuple(kind for kind in KINDS if isinstance(kind, FilmKind))


def kind_taking(request: type[Value]) -> RunKind | None:
    """Return the kind of run that takes requests of this class; None if people can't start one."""
    return next((kind for kind in KINDS if kind.request is request), None)


def film_kind_taking(request: type[Value]) -> FilmKind:
    """Return the kind of film that takes requests of this class.

    Raises LookupError if there is none.
    """
    kind = kind_taking(request)
    if not isinstance(kind, FilmKind):
        raise LookupError(f"{request.__name__} is no request of a film; add its kind to {__name__}")
    return kind


def kind_of_flow(flow: str) -> RunKind | None:
    """Return the kind of this flow's runs; None for other flows than Callsheet's."""
    of_scenes = (kind.scene_run for kind in film_kinds() if kind.scene_run)
    return next((kind for kind in (*KINDS, *of_scenes) if kind.flow == flow), None)


def film_kind_with(fields: Collection[str], scenes: Iterable[Collection[str]]) -> FilmKind:
    """Return the kind of film of a request with these fields, and with the fields of its scenes.

    A request that no kind claims is a video of scenes.
    """
    of_scenes = {field for scene in scenes for field in scene}
    claims = (kind for kind in film_kinds() if not kind.fields.isdisjoint(fields) or kind.scene_fields & of_scenes)
    return next(claims, VIDEO)


def storyboard_of(plan: ScenesRequest) -> tuple[FilmScene, ...]:
    """Return the scenes in film order, without the numbers that define it: a form has places."""
    scenes = film_kind_taking(type(plan)).in_film_order(plan)
    return tuple(
        scene.model_copy(update={"order": None}) if "order" in type(scene).model_fields else scene for scene in scenes
    )


def _read_film(data: Any) -> Any:
    """Return the request of a film, from itself or from plain data."""
    if isinstance(data, tuple(kind.request for kind in film_kinds())):
        return data
    if not isinstance(data, Mapping):
        raise ValueError("is no request of a film")
    scenes = [scene for scene in data.get("scenes") or () if isinstance(scene, Mapping)]
    return film_kind_with(data.keys(), scenes).request.model_validate(data)


def _read_scene(data: Any) -> Any:
    """Return a scene of a film, from itself or from plain data."""
    if isinstance(data, StorableScene):
        return data
    kind = film_kind_with((), [data] if isinstance(data, Mapping) else [])
    return (kind.scene or SceneBrief).model_validate(data)


_ANY_OBJECT = WithJsonSchema({"type": "object"}, mode="serialization")
AnyFilmRequest = Annotated[
    SerializeAsAny[FilmRequest], PlainValidator(_read_film, json_schema_input_type=FilmRequest), _ANY_OBJECT
]
"""A field that holds the request of a film of any kind in the table."""
AnyFilmScene = Annotated[
    SerializeAsAny[FilmScene], PlainValidator(_read_scene, json_schema_input_type=FilmScene), _ANY_OBJECT
]
"""A field that holds a scene of any kind in the table."""
