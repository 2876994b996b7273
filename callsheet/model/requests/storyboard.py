"""A storyboard: a document as scenes of templates, with the words that are spoken over them.

    Document  ->  Storyboard  ->  VideoRequest

Each scene and each line of its narration names the places of the document that it comes from.
"""

from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, PlainSerializer, model_validator
from pydantic_core import PydanticCustomError

from callsheet.model.content.base import Length, Line, Prose
from callsheet.model.film.document import MAX_ADDRESS_CHARACTERS, PlaceUnit, SourcePlace
from callsheet.model.film.narration import NarrationLine
from callsheet.model.problems import refusal
from callsheet.model.requests.video import MAX_SCENES, SceneBrief
from callsheet.model.values import FileRequest

MAX_LANGUAGES = 12
LanguageTag = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")]
"""A tag of BCP 47, such as en or pt-BR."""
_SECONDS = 60


def _place_in_words(given: Any) -> Any:
    """Read a place as people write it: “line 12”, “page 3”, “2:05”."""
    if not isinstance(given, str):
        return given
    minutes, colon, seconds = given.strip().partition(":")
    if colon and minutes.isdecimal() and seconds.isdecimal():
        return {"unit": PlaceUnit.SECOND, "number": int(minutes) * _SECONDS + int(seconds)}
    unit, _, number = given.strip().partition(" ")
    if unit not in set(PlaceUnit) - {PlaceUnit.SECOND} or not number.strip().isdecimal():
        raise PydanticCustomError(
            "place", "must be a place in the document, such as “line 12”, “page 3”, “slide 4” or “2:05”"
        )
    return {"unit": unit, "number": int(number)}


WrittenPlace = Annotated[SourcePlace, BeforeValidator(_place_in_words), PlainSerializer(str)]
"""A place in a document, read and written as “line 12”."""


class StoryboardLine(NarrationLine):
    """A line of narration, and where in the document stands what it says."""

    places: tuple[WrittenPlace, ...] = Field((), max_length=50, title="Places")
    """Empty if the words are Callsheet's or a person's, and not those of the document."""


class StoryboardScene(SceneBrief):
    """A scene of a storyboard, and where in the document stands what it shows."""

    narration: tuple[StoryboardLine, ...] = Field((), title="Narration")
    """What is spoken over the scene, in order."""
    places: tuple[WrittenPlace, ...] = Field((), max_length=200, title="Places")
    """Where the document says what the scene shows."""

    def brief(self) -> SceneBrief:
        """Return the scene as a request asks for it, without its places."""
        narration = tuple(NarrationLine(text=line.text, at=line.at) for line in self.narration)
        fields = {name: getattr(self, name) for name in self.model_fields_set & SceneBrief.model_fields.keys()}
        return SceneBrief.model_validate({**fields, "narration": narration})


class Storyboard(FileRequest):
    """A film of a document, scene by scene, before it is spoken and drawn. A person may change it."""

    title: Annotated[Line, Length(1, 200)] = Field(title="Title")
    """The title of the film."""
    language: LanguageTag = Field("en", title="Language")
    """The language that is spoken and shown: a tag of BCP 47, such as en or pt-BR."""
    origin: str = Field("", max_length=MAX_ADDRESS_CHARACTERS, title="Document")
    """The document: the name of its file, or its address."""
    scenes: tuple[StoryboardScene, ...] = Field(min_length=1, max_length=MAX_SCENES, title="Scenes")
    """The scenes, in order."""
    translations: dict[LanguageTag, dict[str, Annotated[Prose, Length(0, 2000)]]] = Field(
        default_factory=dict, max_length=MAX_LANGUAGES, title="Translations"
    )
    """For each further language of the film, what its texts are in that language: `de: {The Moon pulls.: Der Mond
    zieht.}`. What is not there, or is empty, a language model translates."""

    @model_validator(mode="after")
    def _is_spoken(self) -> Self:
        if not any(scene.narration for scene in self.scenes):
            raise refusal([(("scenes",), "hold no narration: give at least one scene a line that is spoken")])
        return self

    def briefs(self) -> tuple[SceneBrief, ...]:
        """Return the scenes as a request for a video takes them."""
        return tuple(scene.brief() for scene in self.scenes)
