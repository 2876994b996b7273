"""Requests for videos: the parameter forms of the Prefect UI and the YAML files of the command line."""

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, JsonValue, StringConstraints, ValidationError, model_validator

from callsheet.model.content import (
    CONTENT_MODELS,
    Content,
    TemplateName,
    compositions,
    content_model,
    has_compositions,
    template_of,
    varied,
)
from callsheet.model.content.base import Length, Line, Prose
from callsheet.model.film.brand import BrandIntro, BrandOutro
from callsheet.model.film.caption_style import CaptionStyle
from callsheet.model.film.language import Language, language_of
from callsheet.model.film.look import Illustrate, Look
from callsheet.model.film.narration import NarrationLine, VoiceChoice
from callsheet.model.film.profile import PROFILES, ProfileName, RenderProfile
from callsheet.model.film.sound import MusicChoice
from callsheet.model.film.storable import StorableScene
from callsheet.model.film.timeline import MergeOptions
from callsheet.model.problems import Location, Problem, nearest, problems_of, refusal
from callsheet.model.values import MAX_NUMBER, FileRequest, Value

MAX_PROMPT_CHARACTERS = 10_000
MAX_CODE_CHARACTERS = 200_000
MAX_SCENES = 200
MAX_SCENES_OF_A_TOPIC = 20
MAX_FILES = 32
MAX_LINES = 100
LARGEST_INTEGER = 10**18
"""In the content of a scene, which a run keeps as it was written: a server holds whole numbers of 64 bits."""
DEFAULT_LANGUAGE = "en"
LANGUAGE_TAG = r"^([a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3})?$"
"""A tag of BCP 47, or nothing."""
FilePath = Annotated[str, Field(min_length=1, max_length=1000)]


def _without_mark(text: str) -> str:
    """Return the text without the byte order mark that some editors put at its beginning.

    Python skips it too.
    """
    return text.removeprefix("\ufeff")


class SceneFailurePolicy(StrEnum):
    """What Callsheet does with the video if a scene can't be made."""

    FAIL = "fail"
    SKIP = "skip"
    PLACEHOLDER = "placeholder"
    EXPLAIN = "explain"


class SceneBrief(StorableScene):
    """The request for one scene: a template with its content, or a prompt, or ready scene code."""

    name: Annotated[Line, Length(1, 120)] = Field(title="Name")
    """A short name, shown in the run and in the manifest."""
    order: int | None = Field(None, ge=0, le=MAX_NUMBER, title="Order")
    """Position in the video; if it is empty, the position in the list."""
    template: TemplateName | None = Field(None, title="Template")
    """The kind of scene. Leave it empty to give a prompt or scene code instead."""
    content: dict[str, JsonValue] = Field({}, title="Content")
    """What the template shows, as JSON. `callsheet templates` and docs/templates.md list the fields."""
    prompt: str = Field("", max_length=MAX_PROMPT_CHARACTERS, title="Prompt")
    """Free text instead of template and content. Without a language model it is laid out as it is written."""
    context: str = Field("", max_length=MAX_PROMPT_CHARACTERS, title="Context")
    """What the language model needs to know beside the prompt: the audience, what came before."""
    duration_s: float | None = Field(None, ge=1, le=600, title="Length (seconds)")
    """About how long the scene of a prompt should be."""
    code: Annotated[str, AfterValidator(_without_mark)] = Field("", max_length=MAX_CODE_CHARACTERS, title="Scene code")
    """Python source of one Manim scene, instead of a template or a prompt."""
    files: tuple[FilePath, ...] = Field((), max_length=MAX_FILES, title="Files")
    """Pictures, drawings, typefaces and sounds on the machine that makes the scene: its code opens them by their names,
    without folders. For a prompt or scene code."""
    take: int = Field(1, ge=1, le=MAX_NUMBER, title="Take")
    """A higher number makes the scene again."""
    narration: tuple[NarrationLine, ...] = Field((), max_length=MAX_LINES, title="Narration")
    """What a voice says in the scene, line by line. For a prompt, the code that the language model writes says them."""

    def text_fields(self, text: str) -> dict[str, Any]:
        """Return its prompt, or its narration: a line for each line of the text, at the places of the former lines."""
        if self.prompt:
            return {"prompt": text}
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        places = [line.at for line in self.narration[: len(lines)]]
        places += [""] * (len(lines) - len(places))
        return {"narration": [{"text": line, "at": at} for line, at in zip(lines, places, strict=True)]}

    @model_validator(mode="before")
    @classmethod
    def _take_typed_content(cls, data: Any) -> Any:
        """Read a template's own content model: it names its template, and is kept as plain data."""
        content = data.get("content") if isinstance(data, dict) else None
        if not isinstance(content, Content):
            return data
        template = template_of(content)
        if data.get("template", template) != template:
            sentence = f"is the content of template “{template}”; give that of “{data['template']}”"
            raise refusal([(("content",), sentence)])
        return {**data, "template": template, "content": content.model_dump(mode="json", exclude_unset=True)}

    @model_validator(mode="after")
    def _is_one_of_three(self) -> Self:
        if self.stored:
            return self
        given = [field for field in ("prompt", "code", "template") if getattr(self, field)]
        if len(given) > 1 or (self.content and given and given != ["template"]):
            raise refusal([((given[0],), "give just one: a prompt, scene code, or a template with content")])
        if not given:
            raise refusal([(("template",), "name a template and give its content, or give a prompt or scene code")])
        if self.template and not self.content:
            raise refusal([(("content",), f"say what the template shows; see `callsheet templates {self.template}`")])
        self._check_what_goes_with_it()
        self._check_content()
        self._check_narration()
        return self

    def _check_what_goes_with_it(self) -> None:
        for field in ("context", "duration_s"):
            if getattr(self, field) and not self.prompt:
                raise refusal([((field,), "only a scene with a prompt has one; leave it out or give a prompt")])
        if self.files and self.template:
            sentence = "only a scene with a prompt or scene code opens files; leave them out, or use template “picture”"
            raise refusal([(("files",), sentence)])

    def _check_content(self) -> None:
        if self.code:
            return
        place = ("content",) if self.template else ()
        if too_large := list(_numbers_too_large(self.content, ("content",))):
            raise refusal(too_large)
        try:
            self.filled()
        except ValidationError as error:
            raise refusal([((*place, *inner), sentence) for inner, sentence in problems_of(error)]) from None

    def _check_narration(self) -> None:
        parts = self.filled().parts() if self.template and self.narration else ()
        problems: list[Problem] = []
        for place, line in enumerate(self.narration):
            if line.at and not self.template:
                kind = "scene code" if self.code else "a prompt"
                problems.append((("narration", place, "at"), f"{kind} has no content to name: leave it out"))
            elif line.at and line.at not in parts:
                problems.append((("narration", place, "at"), _no_such_part(line.at, parts)))
        if problems:
            raise refusal(problems)

    def filled(self) -> Content:
        """Return the content as the template's own typed value.

        For a prompt, return the content of `explain`.
        """
        if self.template is None:
            return CONTENT_MODELS[TemplateName.EXPLAIN].model_validate(
                {"prompt": self.prompt, "duration_s": self.duration_s}
            )
        return content_model(self.template).model_validate(self.content)


def _numbers_too_large(data: JsonValue, location: Location) -> Iterator[Problem]:
    """Yield each whole number of plain data that a server can't hold."""
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, value in entries:
        yield from _numbers_too_large(value, (*location, step))
    if isinstance(data, int) and abs(data) > LARGEST_INTEGER:
        yield location, "is a number with too many digits; give one of at most 18"


def _no_such_part(at: str, parts: Sequence[str]) -> str:
    """Return a sentence that names the nearest parts that there are."""
    steps = at.split(".")
    around = next(path for end in range(len(steps), -1, -1) if (path := ".".join(steps[:end])) in ("", *parts))
    inside = [part for part in parts if part.rpartition(".")[0] == around]
    if around and not inside:
        return f"there is no part “{at}”; “{around}” has no parts inside: give it alone"
    if around and inside[0].endswith(".0"):
        return f"there is no part “{at}”; “{around}” has {inside[0]} to {inside[-1]}"
    near = nearest(at, parts)
    hint = f"did you mean “{near}”?" if near and not around else f"there are {', '.join(inside)}"
    return f"there is no part “{at}” here; {hint}"


class StyledRequest(Value):
    """The fields that single scenes and whole videos share."""

    profile: ProfileName = Field(ProfileName.HD, title="Profile")
    """draft: 854×480 at 15 frames/s. hd: 1280×720 at 30. full-hd: 1920×1080 at 60. portrait: 1080×1920 at 30.
    square: 1080×1080 at 30. draft-portrait: 480×854 at 15. draft-square: 480×480 at 15."""
    look: Look = Field(default_factory=Look, title="Look")
    """Theme, accent colour and typeface."""
    illustrate: Illustrate = Field(Illustrate.OFF, title="Drawings")
    """off: only the drawings that the scenes name. auto: points, boxes, numbers, headings, steps and callouts get a
    drawing, if their words leave no doubt which."""
    voice: VoiceChoice = Field(default_factory=VoiceChoice, title="Voice")
    """Who speaks the narration, and what happens if that voice can't."""
    language: Annotated[str, Field(pattern=LANGUAGE_TAG)] = Field("", title="Language")
    """The language that is spoken, as in en, de or pt-BR. Empty: that of the look, or the one that the words tell."""

    @property
    def render_profile(self) -> RenderProfile:
        """Return the profile of this name."""
        return PROFILES[self.profile]


class SceneRequest(StyledRequest):
    """One scene as a separate video."""

    scene: SceneBrief = Field(title="Scene")
    """A template with its content, or a prompt, or scene code."""
    number: int = Field(1, ge=1, le=MAX_NUMBER, title="Number")
    """The scene's number in its video."""
    composition: Annotated[str, StringConstraints(max_length=40)] = Field("", title="Composition")
    """How the template arranges its content, as panel for a quotation. Empty: as it suits the content."""

    @model_validator(mode="after")
    def _has_such_a_composition(self) -> Self:
        if not self.composition:
            return self
        suited = compositions(self.scene.filled()) if has_compositions(self.scene.template) else ()
        if self.composition not in suited:
            hint = f"give one of {', '.join(suited)}, or leave it empty" if suited else "leave it empty"
            raise refusal([(("composition",), f"this content has no composition “{self.composition}”: {hint}")])
        return self

    @property
    def label(self) -> str:
        """Return the scene's label in runs and tables, e.g. “02 Introduction”."""
        return f"{self.number:02} {self.scene.name}"

    @property
    def spoken_language(self) -> str:
        """Return the language of the scene's narration."""
        return self.language or _language_of_lines(self.look, (self.scene,))

    def card_request(self) -> "SceneRequest":
        """Return the request to the stage for a card in place of the scene: the same request."""
        return self


class VideoRequest(StyledRequest, FileRequest):
    """A video: a title and its scenes, in order."""

    title: Annotated[Line, Length(1, 200)] = Field(title="Title")
    """Shown as the run's name, in the manifest and in the file's name."""
    scenes: tuple[SceneBrief, ...] = Field((), max_length=MAX_SCENES, title="Scenes")
    """At least one scene, unless a topic is given."""
    topic: Annotated[Prose, Length(0, MAX_PROMPT_CHARACTERS)] = Field("", title="Topic")
    """The subject of the video, instead of scenes. A language model splits it into scenes."""
    topic_scenes: int = Field(6, ge=1, le=MAX_SCENES_OF_A_TOPIC, title="Scenes of the topic")
    """How many scenes a topic becomes, at most."""
    music: MusicChoice = Field(None, title="Music")
    """Laid under the whole video. It becomes quiet while a voice speaks."""
    burnt_captions: CaptionStyle | None = Field(None, title="Captions in the picture")
    """plain: white letters. boxed: on a dark box. active-word: the word that is heard has another colour. Empty: none.
    The captions that players switch on and off are there in any case."""
    merge: MergeOptions = Field(default_factory=MergeOptions, title="Merge")
    """How the scenes are joined."""
    on_scene_failure: SceneFailurePolicy = Field(SceneFailurePolicy.FAIL, title="When a scene fails")
    """fail: no video, but every finished scene is kept. skip: leave the scene out. placeholder: show a card instead.
    explain: lay its prompt out as text, and show a card if it has none."""
    approval: bool = Field(False, title="Ask for approval")
    """Show the storyboard and an estimate first, and wait until a person approves them, changed or as they are."""
    approve_within_h: float = Field(168, gt=0, le=8760, title="Approve within (hours)")
    """After that long without an answer Callsheet gives the run up."""

    @model_validator(mode="after")
    def _has_scenes_or_a_topic(self) -> Self:
        if self.scenes and self.topic:
            raise refusal([(("topic",), "give either scenes or a topic, not both")])
        if not self.scenes and not self.topic:
            raise refusal([(("scenes",), "needs at least 1 scene, or a topic that is split into scenes")])
        return self

    @model_validator(mode="after")
    def _orders_are_unique(self) -> Self:
        first_with: dict[int, SceneBrief] = {}
        for position, brief in enumerate(self.scenes):
            if brief.order is None:
                continue
            other = first_with.setdefault(brief.order, brief)
            if other is not brief:
                sentence = f"“{other.name}” and “{brief.name}” both have order {brief.order}; give each its own"
                raise refusal([(("scenes", position, "order"), sentence)])
        return self

    def with_opening_and_close(self) -> Self:
        """Return the video with the scenes that the brand of its look puts first and last; once is enough."""
        brand = self.look.brand
        if not brand or not self.scenes:
            return self
        first, last = _scenes_of(brand.intro, TemplateName.TITLE), _scenes_of(brand.outro, TemplateName.OUTRO)
        scenes = tuple(brief.model_copy(update={"order": None}) for brief in self.in_film_order())
        opens = first and scenes[:1] != first
        closes = last and scenes[-1:] != last
        if not opens and not closes:
            return self
        return self.model_copy(update={"scenes": (*(first if opens else ()), *scenes, *(last if closes else ()))})

    def in_film_order(self) -> tuple[SceneBrief, ...]:
        """Return the scenes in the order of the film (never sorted as text)."""
        return tuple(brief for _, brief in sorted(enumerate(self.scenes), key=_film_order))

    @property
    def spoken_language(self) -> str:
        """Return the language of the film's narration."""
        return self.language or _language_of_lines(self.look, self.scenes)

    def scene_requests(self) -> tuple[SceneRequest, ...]:
        """Return one request a scene, numbered from 1 in the order of the film."""
        in_words = self.look
        # The film's words change the look of scenes with numbers or long words, and choose the drawings.
        is_told = _is_illustrated if self.illustrate is Illustrate.AUTO else _needs_language
        if any(map(is_told, self.scenes)):
            contents = (text for brief in self.scenes if not brief.code for _, _, text in brief.filled().texts())
            named = self.look.language or (_language_called(self.language) if is_told is _is_illustrated else None)
            told = named or language_of((self.title, *(brief.name for brief in self.scenes), *contents))
            in_words = self.look.model_copy(update={"language": told})
        spoken = {"voice": self.voice, "language": self.spoken_language}
        # What code says by itself tells its language when it is rehearsed.
        by_code = {"voice": self.voice, "language": self.language}
        briefs = self.in_film_order()
        in_turn = varied([brief.filled() if has_compositions(brief.template) else None for brief in briefs])
        return tuple(
            SceneRequest(
                scene=brief,
                number=number,
                composition=composition,
                profile=self.profile,
                look=in_words if is_told(brief) else self.look,
                illustrate=self.illustrate,
                **(spoken if brief.narration else {} if brief.template else by_code),
            )
            for number, (brief, composition) in enumerate(zip(briefs, in_turn, strict=True), start=1)
        )


def _scenes_of(card: BrandIntro | BrandOutro | None, template: TemplateName) -> tuple[SceneBrief, ...]:
    if card is None:
        return ()
    content = card.model_dump(mode="json", exclude_defaults=True)
    return (SceneBrief(name=content.get("title") or content["message"], template=template, content=content),)


def _language_of_lines(look: Look, scenes: Iterable[SceneBrief]) -> str:
    lines = [line.text for brief in scenes for line in brief.narration]
    return look.language or language_of(lines) or DEFAULT_LANGUAGE


_WITH_NUMBERS = {TemplateName.CHART, TemplateName.FUNCTION_PLOT}
_LONG_WORD = re.compile(r"[^\W\d_]{13}")
"""A word that a line may have to divide."""


def _needs_language(brief: SceneBrief) -> bool:
    """Return whether a scene of a template shows what languages write in different ways: numbers, divided words."""
    if not brief.template:
        return False
    return brief.template in _WITH_NUMBERS or any(_LONG_WORD.search(text) for _, _, text in brief.filled().texts())


def _language_called(tag: str) -> Language | None:
    primary = tag.partition("-")[0]
    return Language(primary) if primary in tuple(Language) else None


def _is_illustrated(brief: SceneBrief) -> bool:
    return bool(brief.template)


def _film_order(placed: tuple[int, SceneBrief]) -> tuple[int, int]:
    position, brief = placed
    return (position if brief.order is None else brief.order, position)
