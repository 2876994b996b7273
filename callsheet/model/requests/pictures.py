"""Requests for moving pictures made of pictures: an edited and animated one, or a storyboard of pairs."""

from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from callsheet.model.film.media import StoredObject
from callsheet.model.film.profile import ProfileName
from callsheet.model.film.sound import MusicChoice
from callsheet.model.film.storable import StorableScene
from callsheet.model.film.timeline import MergeOptions, TransitionName
from callsheet.model.footage.jobs import MAX_DURATION_S, MAX_PROMPT_CHARACTERS, Fit, JobKind
from callsheet.model.footage.orders import FootageOrder
from callsheet.model.footage.picture_words import EDITS_IN_WORDS, MOVES_IN_WORDS
from callsheet.model.problems import refusal
from callsheet.model.requests.video import SceneBrief, SceneFailurePolicy, SceneRequest
from callsheet.model.values import MAX_NUMBER, FileReference, FileRequest, Value

MAX_PAIRS = 100
MAX_CAPTION_CHARACTERS = 300
MAX_NAME_CHARACTERS = 120
SHORTEST_S = 0.5

PictureReference = FileReference
"""A file on the machine that makes the video, an http(s) address, or the key of a stored picture."""
ModelName = Annotated[str, Field(max_length=200)]
FootagePrompt = Annotated[str, Field(max_length=MAX_PROMPT_CHARACTERS)]


class FootageOptions(Value):
    """The fields of both requests."""

    profile: ProfileName = Field(ProfileName.HD, title="Profile")
    """draft: 854×480 at 15 frames/s. hd: 1280×720 at 30. full-hd: 1920×1080 at 60. portrait: 1080×1920 at 30.
    square: 1080×1080 at 30. draft-portrait: 480×854 at 15. draft-square: 480×480 at 15."""
    fit: Fit = Field(Fit.FILL, title="Fit")
    """How pictures of another shape fill the frame. fit: whole, between bars. fill: what does not fit is cut away.
    blur-fill: whole, on themselves blurred."""
    video_model: ModelName = Field("", title="Video model")
    """Name of the model that animates, e.g. minimax/hailuo-02; empty for the provider's default."""


class ImageVideoRequest(FootageOptions, FileRequest):
    """A picture that is edited and begins to move."""

    title: str = Field(min_length=1, max_length=200, title="Title")
    """Shown as the run's name, in the manifest and in the file's name."""
    picture: PictureReference = Field(title="Picture")
    """JPEG, PNG or WebP: a file on the machine that makes the video, an http(s) address, or a stored picture's key."""
    edit: FootagePrompt = Field(
        "",
        title="Edit",
        description="What is changed in the picture first, e.g. “warmer, with more contrast”. Empty: it stays as it is."
        f" A model reads free text. {EDITS_IN_WORDS}",
    )
    animate: FootagePrompt = Field(
        "",
        title="Animate",
        description="How the picture moves, e.g. “slowly zoom in”. Empty: the provider's own choice. "
        f"A model reads free text. {MOVES_IN_WORDS}",
    )
    duration_s: float = Field(5.0, ge=SHORTEST_S, le=MAX_DURATION_S, title="Length (seconds)")
    """How long it moves. Models know only some lengths: the shortest that is long enough is taken."""
    edit_model: ModelName = Field("", title="Edit model")
    """Name of the model that edits, e.g. google/nano-banana; empty for the provider's default."""
    edit_take: int = Field(1, ge=1, le=MAX_NUMBER, title="Take of the edit")
    """A higher number edits the picture again, and pays again."""
    take: int = Field(1, ge=1, le=MAX_NUMBER, title="Take")
    """A higher number animates the picture again, and pays again."""

    def length_s(self) -> float:
        """Return the length of the film."""
        return self.duration_s

    def footage_prompts(self) -> tuple[dict[str, str], ...]:
        """Return the prompts of the footage, by `edit` and `animate`."""
        return ({"edit": self.edit, "animate": self.animate},)

    def edit_order(self, *pictures: StoredObject) -> FootageOrder:
        """Return the order to the model that edits."""
        return FootageOrder(
            kind=JobKind.EDIT_IMAGE, prompt=self.edit, pictures=pictures, model=self.edit_model, take=self.edit_take
        )

    def video_order(self, *pictures: StoredObject) -> FootageOrder:
        """Return the order to the model that animates."""
        return FootageOrder(
            kind=JobKind.ANIMATE_IMAGE,
            prompt=self.animate,
            pictures=pictures,
            duration_s=self.duration_s,
            profile=self.profile,
            fit=self.fit,
            model=self.video_model,
            take=self.take,
        )


class PairScene(StorableScene):
    """A scene that begins with one picture and ends with another."""

    name: str = Field(min_length=1, max_length=MAX_NAME_CHARACTERS, title="Name")
    """A short name, shown in the run and in the manifest."""
    first: PictureReference = Field(title="First picture")
    """JPEG, PNG or WebP: a file on the machine that makes the video, an http(s) address, or a stored picture's key."""
    last: PictureReference = Field(title="Last picture")
    """As the first one."""
    prompt: FootagePrompt = Field("", title="Prompt")
    """What happens between the two. If it is empty, the prompt of the whole storyboard counts."""
    duration_s: float | None = Field(None, ge=SHORTEST_S, le=MAX_DURATION_S, title="Length (seconds)")
    """How long it takes. If it is empty, the storyboard says it."""
    caption: str = Field("", max_length=MAX_CAPTION_CHARACTERS, title="Caption")
    """A sentence to read while the scene is seen; a subtitle that players can switch off."""
    take: int = Field(1, ge=1, le=MAX_NUMBER, title="Take")
    """A higher number makes the scene again, and pays again."""

    def text_fields(self, text: str) -> dict[str, Any]:
        """Return its prompt."""
        return {"prompt": text}


class PairRequest(FootageOptions):
    """One scene of a storyboard, with its stored pictures."""

    number: int = Field(ge=1, le=MAX_NUMBER, title="Number")
    """The scene's number in its video."""
    scene: PairScene = Field(title="Scene")
    """The scene, with all values that it takes from its storyboard."""
    pictures: tuple[StoredObject, StoredObject] = Field(title="Pictures")
    """The first and the last one, as they are stored."""

    @property
    def label(self) -> str:
        """Return the scene's label in runs and tables, e.g. “02 Harbour”."""
        return f"{self.number:02} {self.scene.name}"

    def order(self) -> FootageOrder:
        """Return the order to the model that animates."""
        return _order(self, self.scene, self.pictures)

    def card_request(self) -> SceneRequest:
        """Return the request to the stage for a card in place of the scene."""
        brief = SceneBrief(name=self.scene.name, prompt=self.scene.name)
        return SceneRequest(number=self.number, scene=brief, profile=self.profile)


class Asking(StrEnum):
    """When a run asks before it makes anything."""

    PAID = "paid"
    ALWAYS = "always"
    NEVER = "never"


class ImagePairsRequest(FootageOptions, FileRequest):
    """A storyboard: scenes that each begin with one picture and end with another."""

    title: str = Field(min_length=1, max_length=200, title="Title")
    """Shown as the run's name, in the manifest and in the file's name."""
    scenes: tuple[PairScene, ...] = Field(min_length=1, max_length=MAX_PAIRS, title="Scenes")
    """In the order of the film."""
    prompt: FootagePrompt = Field("", title="Prompt")
    """What happens in scenes that don't say it themselves. A model reads free text. This machine understands only where
    the edge between two pictures runs, e.g. “from right to left” or “from the middle”."""
    duration_s: float = Field(5.0, ge=SHORTEST_S, le=MAX_DURATION_S, title="Length of a scene (seconds)")
    """For scenes that don't say it themselves. Models know only some lengths: the shortest long enough is taken."""
    merge: MergeOptions = Field(default_factory=MergeOptions, title="Merge")
    """How the scenes are joined."""
    music: MusicChoice = Field(None, title="Music")
    """Laid under the whole video: repeated or cut to its length, and faded out at its end."""
    on_scene_failure: Literal[SceneFailurePolicy.FAIL, SceneFailurePolicy.SKIP, SceneFailurePolicy.PLACEHOLDER] = Field(
        SceneFailurePolicy.FAIL, title="When a scene fails"
    )
    """fail: no video, but every finished scene is kept. skip: leave the scene out. placeholder: show a card instead."""
    approval: Asking = Field(Asking.PAID, title="Ask for approval")
    """Show the pairs and an estimate first, and wait until a person approves them, changed or as they are. paid: only
    if something costs money, or a price is unknown. always. never."""
    approve_within_h: float = Field(168, gt=0, le=8760, title="Approve within (hours)")
    """After that long without an answer Callsheet gives the run up."""

    @field_validator("approval", mode="before")
    @classmethod
    def _yes_or_no(cls, value: object) -> object:
        """Read true or false, as other requests say it."""
        return {True: Asking.ALWAYS, False: Asking.NEVER}[value] if isinstance(value, bool) else value

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        seen: set[str] = set()
        for position, scene in enumerate(self.scenes):
            if scene.name in seen:
                sentence = f"“{scene.name}” is the name of another scene already; give each its own"
                raise refusal([(("scenes", position, "name"), sentence)])
            seen.add(scene.name)
        return self

    def in_film_order(self) -> tuple[PairScene, ...]:
        """Return the scenes in the order of the film: that of the list."""
        return self.scenes

    def length_s(self) -> float:
        """Return about how long the film becomes; transitions let scenes overlap."""
        lengths_s = [scene.duration_s or self.duration_s for scene in self.scenes]
        overlap_s = 0.0 if self.merge.transition is TransitionName.NONE else self.merge.transition_s
        return sum(lengths_s) - overlap_s * (len(self.scenes) - 1)

    def footage_prompts(self) -> tuple[dict[str, str], ...]:
        """Return the prompts of the footage, each prompt once."""
        prompts = dict.fromkeys((self.prompt, *(scene.prompt for scene in self.scenes)))
        return tuple({"between": prompt} for prompt in prompts)

    def filled_scenes(self) -> tuple[PairScene, ...]:
        """Return the scenes with the values that they take from the storyboard."""
        return tuple(
            scene.model_copy(
                update={"prompt": scene.prompt or self.prompt, "duration_s": scene.duration_s or self.duration_s}
            )
            for scene in self.scenes
        )

    def pictures(self) -> dict[str, str]:
        """Return every picture once, as the request names it, with the first field that names it."""
        fields: dict[str, str] = {}
        for scene in self.scenes:
            fields.setdefault(scene.first, f"scene “{scene.name}”, first")
            fields.setdefault(scene.last, f"scene “{scene.name}”, last")
        return fields

    def pair_requests(self, stored: dict[str, StoredObject]) -> tuple[PairRequest, ...]:
        """Return one request a scene, numbered from 1.

        `stored` has the pictures by the names that the scenes give them.
        """
        shared = {name: getattr(self, name) for name in FootageOptions.model_fields}
        return tuple(
            PairRequest(number=number, scene=scene, pictures=(stored[scene.first], stored[scene.last]), **shared)
            for number, scene in enumerate(self.filled_scenes(), start=1)
        )


def _order(options: FootageOptions, scene: PairScene, pictures: tuple[StoredObject, ...]) -> FootageOrder:
    return FootageOrder(
        kind=JobKind.ANIMATE_BETWEEN,
        prompt=scene.prompt,
        pictures=pictures,
        duration_s=scene.duration_s or SHORTEST_S,
        profile=options.profile,
        fit=options.fit,
        model=options.video_model,
        take=scene.take,
    )
