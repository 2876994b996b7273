"""Requests for the film of a screenplay, and for one shot of it.

Screenplay  ->  shots (`ShotBrief`)  ->  one `ShotRequest` a shot
"""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator

from callsheet.model.content.base import Length, Line, Prose
from callsheet.model.film.media import StoredObject
from callsheet.model.film.narration import VoiceChoice
from callsheet.model.film.profile import PROFILES, ProfileName, RenderProfile
from callsheet.model.film.screenplay_analysis import CameraShot, PanelLayers
from callsheet.model.film.sound import MusicChoice
from callsheet.model.film.storable import StorableScene
from callsheet.model.film.timeline import MergeOptions, TransitionName
from callsheet.model.film.voice_track import HeardSentence
from callsheet.model.footage.jobs import MAX_DURATION_S, Fit, JobKind
from callsheet.model.footage.orders import FootageOrder, FootageRecord
from callsheet.model.problems import refusal
from callsheet.model.requests.pictures import ModelName
from callsheet.model.requests.video import LANGUAGE_TAG, SceneBrief, SceneFailurePolicy, SceneRequest
from callsheet.model.values import MAX_NUMBER, FileReference, FileRequest, Value

MAX_SHOTS = 3000
MAX_SCRIPT_CHARACTERS = 400_000
SOURCES = ("screenplay", "script")
UNTITLED = "Film"
USUAL_TRAILER_S = 60.0


class MovieMode(StrEnum):
    """Which scenes become a film."""

    FULL = "full"
    TRAILER = "trailer"


class MovieStage(StrEnum):
    """A stage of a film, after which its run can stop."""

    ANALYSIS = "analysis"
    ANIMATIC = "animatic"
    BOARD = "board"
    CLIPS = "clips"


class SheetFailurePolicy(StrEnum):
    """What Callsheet does with the film if a panel model makes no reference picture of a person or a place."""

    FAIL = "fail"
    SKIP = "skip"


Workflow = Literal[
    "full_pipeline", "script_analysis_only", "animatic_only", "storyboard_only", "video_only", "regenerate_scene"
]
ONE_SHOT, FROM_BOARD = "regenerate_scene", "video_only"
WORKFLOWS: Mapping[str, MovieStage | None] = MappingProxyType(
    {
        "full_pipeline": None,
        "script_analysis_only": MovieStage.ANALYSIS,
        "animatic_only": MovieStage.ANIMATIC,
        "storyboard_only": MovieStage.BOARD,
        FROM_BOARD: None,
        ONE_SHOT: None,
    }
)
"""What other programs call a workflow type, and the stage after which such a run stops."""


class ShotBrief(CameraShot, StorableScene):
    """A shot of a film, as a person may change it."""

    take: int = Field(1, ge=1, le=MAX_NUMBER, title="Take")
    """Another number films the shot again: the camera goes less far, and a hand-held one moves another way. A model
    makes another clip, or another panel if no model makes clips, and is paid again."""
    clip_s: float | None = Field(None, gt=0, le=MAX_DURATION_S, title="Length from the video model (seconds)")
    """How much of the shot a video model makes. Empty: its length. The film holds the last picture of a clip that ends
    before its speech, and cuts one that is too long."""

    def text_fields(self, text: str) -> dict[str, Any]:
        """Return its action: what is said in it stays as the screenplay has it."""
        return {"action": text}


class MovieRequest(FileRequest):
    """A screenplay that becomes a film or a trailer."""

    title: Annotated[Line, Length(1, 200)] = Field(UNTITLED, title="Title")
    """Shown as the run's name, in the manifest and in the file's name. Empty: the name of the screenplay's file."""
    screenplay: FileReference | None = Field(None, title="Screenplay")
    """Fountain, Final Draft (FDX), indented text, or PDF with text: a file on the machine that makes the film, or a
    stored file's key."""
    script: Annotated[Prose, Length(0, MAX_SCRIPT_CHARACTERS)] = Field("", title="Script")
    """The screenplay in Fountain, instead of a file."""
    mode: MovieMode = Field(MovieMode.FULL, title="Mode")
    """full: all scenes. trailer: important scenes, each with all that is said in it, in a given length, without the
    ending."""
    length_s: float = Field(USUAL_TRAILER_S, ge=15, le=600, title="Length of a trailer (seconds)")
    """How long a trailer is, with its cards. A whole film is as long as its shots."""
    only: str = Field("", max_length=500, title="Scenes of the screenplay")
    """These scenes alone, as in 3, 5-7; empty for all."""
    ending: bool = Field(False, title="Show the ending")
    """Whether a trailer may show the last scenes."""
    scenes: tuple[ShotBrief, ...] = Field((), max_length=MAX_SHOTS, title="Shots")
    """Your own shots, which are taken as they are. Empty: Callsheet plans them."""
    panels: dict[Annotated[str, Field(min_length=1, max_length=40)], FileReference] = Field(
        default_factory=dict, max_length=MAX_SHOTS, title="Panels"
    )
    """Pictures of your own, each by the name of its shot or by its number in the board. They are taken as they are; a
    shot without one is drawn."""
    panel_model: ModelName = Field("", title="Panel model")
    """Name of the model that makes the panels, e.g. google/nano-banana. Empty: Callsheet draws them."""
    video_model: ModelName = Field("", title="Video model")
    """Name of the model that makes a clip of each panel, e.g. minimax/hailuo-02. Empty: a camera moves over it."""
    on_sheet_failure: SheetFailurePolicy = Field(SheetFailurePolicy.FAIL, title="When a sheet is refused")
    """A panel model first makes a reference picture of each person and place. fail: if it refuses one, the film stops
    before more is spent. skip: the panels are made by the words alone."""
    selected: bool = Field(False, title="Shots are selected")
    """The shots are those of the film: a trailer leaves out none of them, unless their speech is too long for it. No
    warning names what is said in none of them."""
    stop_after: MovieStage | None = Field(None, title="Stop after")
    """analysis: who and what the screenplay is about. animatic: a small film of its shots as Callsheet draws them, with
    voices. board: its shots, with a panel for each. clips: each shot as a clip. Empty: the run makes the film."""
    workflow: Workflow | None = Field(None, title="Workflow")
    """What other programs call the way of a run: the same as `stop_after`, or as shots with another take."""
    scene: str = Field("", max_length=40, title="Shot that gets another take")
    """For the workflow regenerate_scene: the name of the shot among the shots of this request."""
    profile: ProfileName = Field(ProfileName.HD, title="Profile")
    """draft: 854×480 at 15 frames/s. hd: 1280×720 at 30. full-hd: 1920×1080 at 60. portrait: 1080×1920 at 30.
    square: 1080×1080 at 30. draft-portrait: 480×854 at 15. draft-square: 480×480 at 15."""
    voice: VoiceChoice = Field(default_factory=VoiceChoice, title="Voice")
    """The narrator's voice, and what happens if a voice can't speak."""
    voices: dict[str, str] = Field(default_factory=dict, max_length=200, title="Voices")
    """Voices of characters, by name, as in `MARA: emma`. Each other character gets another voice."""
    language: Annotated[str, Field(pattern=LANGUAGE_TAG)] = Field("", title="Language")
    """The language that is spoken, as in en, de or pt-BR. Empty: the one that the words tell."""
    cards: bool = Field(True, title="Cards")
    """Show the title at the beginning, and a card at the end."""
    music: MusicChoice = Field(None, title="Music")
    """Laid under the whole film; it makes way for the voices."""
    merge: MergeOptions = Field(MergeOptions(transition=TransitionName.NONE), title="Merge")
    """How the shots are joined: by cuts, unless you choose a transition."""
    on_scene_failure: SceneFailurePolicy = Field(SceneFailurePolicy.FAIL, title="When a shot fails")
    """fail: no film, but every finished shot is kept. skip: leave the shot out. placeholder: show a card instead."""
    approval: bool = Field(False, title="Ask for approval")
    """Show the shots and an animatic first, and wait until a person approves them, changed or as they are."""
    approve_within_h: float = Field(168, gt=0, le=8760, title="Approve within (hours)")
    """After that long without an answer Callsheet gives the run up."""

    @model_validator(mode="before")
    @classmethod
    def _read_workflow(cls, data: Any) -> Any:
        """Read the name that other programs give the workflow: it says the same as `stop_after`, shots and takes."""
        if not isinstance(data, dict) or not data.get("workflow"):
            return data
        name, shot = data["workflow"], data.get("scene")
        rest = {field: value for field, value in data.items() if field not in {"workflow", "scene"}}
        if not isinstance(name, str) or name not in WORKFLOWS:
            raise refusal([(("workflow",), f"there is no workflow “{name}”; give one of {', '.join(WORKFLOWS)}")])
        if rest.get("stop_after"):
            raise refusal([(("stop_after",), "`workflow` says this already: give one of the two")])
        if name in {FROM_BOARD, ONE_SHOT} and not rest.get("scenes"):
            hint = "`callsheet regenerate RUN SHOT`" if name == ONE_SHOT else "`callsheet movie --continue RUN`"
            raise refusal([(("scenes",), f"{name} needs the shots of a board; give them, or use {hint}")])
        if name == ONE_SHOT:
            rest["scenes"] = _with_another_take(rest["scenes"], shot)
        return {**rest, "stop_after": WORKFLOWS[name]}

    @model_validator(mode="before")
    @classmethod
    def _name_it(cls, data: Any) -> Any:
        """Name a film without a title after its screenplay."""
        if not isinstance(data, dict) or data.get("title"):
            return data
        named = data.get("screenplay")
        name = PurePosixPath(named).stem.replace("_", " ") if isinstance(named, str) else ""
        return {**data, "title": " ".join((name or UNTITLED).split())[:200]}

    @field_validator("only", mode="before")
    @classmethod
    def _from_a_list(cls, given: Any) -> Any:
        """Read a list as in [3, "5-7"]."""
        return ", ".join(map(str, given)) if isinstance(given, list | tuple) else given

    @model_validator(mode="after")
    def _has_one_source(self) -> Self:
        if self.screenplay and self.script:
            raise refusal([(("script",), "give a screenplay's file or its text, not both")])
        if not self.screenplay and not self.script:
            raise refusal([(("screenplay",), "name a screenplay: a file in Fountain, FDX, text or PDF; or its text")])
        return self

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        seen: set[str] = set()
        for position, shot in enumerate(self.scenes):
            if shot.name in seen:
                sentence = f"“{shot.name}” is the name of another shot already; give each its own"
                raise refusal([(("scenes", position, "name"), sentence)])
            seen.add(shot.name)
        return self

    def in_film_order(self) -> tuple[ShotBrief, ...]:
        """Return the shots in the order of the film: that of the list."""
        return self.scenes

    def sheet_order(self, prompt: str, *pictures: StoredObject) -> FootageOrder:
        """Return the order for the reference picture of a person or a place."""
        return FootageOrder(
            kind=JobKind.COMPOSE_IMAGE, prompt=prompt, pictures=pictures, profile=self.profile, model=self.panel_model
        )

    def panel_order(self, shot: ShotBrief, prompt: str, *pictures: StoredObject) -> FootageOrder:
        """Return the order for the panel of a shot: another take of it is one of its clip, if a model makes that."""
        take = 1 if self.video_model else shot.take
        return self.sheet_order(prompt, *pictures).model_copy(update={"take": take})

    def clip_order(self, shot: ShotBrief, prompt: str, *pictures: StoredObject) -> FootageOrder:
        """Return the order for the clip of a shot."""
        return FootageOrder(
            kind=JobKind.ANIMATE_IMAGE,
            prompt=prompt,
            pictures=pictures,
            duration_s=min(shot.clip_s or shot.length_s, MAX_DURATION_S),
            profile=self.profile,
            fit=Fit.BLUR_FILL,
            model=self.video_model,
            take=shot.take,
        )

    def about_s(self) -> float:
        """Return about how long the film becomes, as far as it is known before the screenplay is read."""
        if self.scenes:
            return sum(shot.length_s for shot in self.scenes)
        return self.length_s


def _with_another_take(shots: Any, name: Any) -> Any:
    """Return shots, in plain data or as values, of which the one of this name has the next take."""
    try:
        known = [ShotBrief.model_validate(shot) for shot in shots]
    except (ValidationError, TypeError):
        return shots  # the check of the field says what is wrong
    if name not in [shot.name for shot in known]:
        names = ", ".join(shot.name for shot in known[:20])
        raise refusal([(("scene",), f"{ONE_SHOT} needs the name of a shot; there are {names}")])
    return [shot.model_copy(update={"take": shot.take + 1}) if shot.name == name else shot for shot in known]


class ShotRequest(Value):
    """One shot of a film, with all that is drawn and said in it."""

    number: int = Field(ge=0, le=MAX_NUMBER, title="Number")
    """The shot's number in its film, from 1. The card at the beginning is 0."""
    scene: ShotBrief = Field(title="Shot")
    """The shot, as it was planned."""
    card: str = Field("", max_length=400, title="Card")
    """Words that are set large, instead of a drawing: the title of the film."""
    layers: PanelLayers | None = Field(None, title="Layers")
    """The drawing, or the place behind the words of a card; None for a picture."""
    picture: StoredObject | None = Field(None, title="Picture")
    """A panel that a person gave or a model made, instead of a drawing."""
    made_by: tuple[FootageRecord, ...] = Field((), title="Made by")
    """Who made the picture, if a model did."""
    video: FootageOrder | None = Field(None, title="Video")
    """The order to the model that makes the clip; None if a camera moves over the panel."""
    frames: int = Field(ge=2, title="Frames")
    """How many frames it lasts."""
    speech: tuple[HeardSentence, ...] = Field((), title="Speech")
    """What is said in it, and when: seconds from its start."""
    spoken: dict[str, tuple[tuple[float, float], ...]] = Field(default_factory=dict, title="Spoken")
    """When someone who is seen speaks a word, by name: seconds from its start."""
    profile: ProfileName = Field(ProfileName.HD, title="Profile")

    @property
    def label(self) -> str:
        """Return the shot's label in runs and tables, e.g. “004 1.3”."""
        return f"{self.number:03} {self.scene.name}"

    @property
    def render_profile(self) -> RenderProfile:
        """Return the profile of this name."""
        return PROFILES[self.profile]

    @property
    def duration_s(self) -> float:
        """Return how long it lasts."""
        return self.frames / self.render_profile.frame_rate

    def card_request(self) -> SceneRequest:
        """Return the request to the stage for a card in place of the shot."""
        brief = SceneBrief(name=self.scene.name, prompt=self.scene.action or self.scene.name)
        return SceneRequest(number=max(1, self.number), scene=brief, profile=self.profile)
