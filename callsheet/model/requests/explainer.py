"""The request for a film that explains a document."""

from pathlib import PurePosixPath
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from callsheet.model.content.base import Length, Line, Prose
from callsheet.model.film.caption_style import CaptionStyle
from callsheet.model.film.document import MAX_PROSE_CHARACTERS
from callsheet.model.film.sound import MusicChoice
from callsheet.model.film.timeline import MergeOptions
from callsheet.model.problems import refusal
from callsheet.model.requests.storyboard import MAX_LANGUAGES, LanguageTag, Storyboard
from callsheet.model.requests.storyboard_author import StoryboardAuthor
from callsheet.model.requests.video import SceneFailurePolicy, StyledRequest, VideoRequest
from callsheet.model.values import IN_ONE_FIELD, FileReference, FileRequest

SHORTEST_S, USUAL_S, LONGEST_S = 10, 90, 3600
SOURCES = ("document", "text", "storyboard")
UNTITLED = "Explainer"


class ExplainerRequest(StyledRequest, FileRequest):
    """A document that becomes a narrated film."""

    title: Annotated[Line, Length(1, 200)] = Field(UNTITLED, title="Title")
    """Shown as the run's name, in the manifest and in the file's name. Empty: the name of the document."""
    document: FileReference | None = Field(None, title="Document")
    """Markdown, reStructuredText, a web page, PDF, DOCX, PPTX, ODT, EPUB, a notebook, captions or text: a file on the
    machine that makes the film, an http(s) address, or a stored file's key."""
    text: Annotated[Prose, Length(0, MAX_PROSE_CHARACTERS)] = Field("", title="Text")
    """Markdown or plain text, instead of a document."""
    storyboard: Annotated[Storyboard, IN_ONE_FIELD] | None = Field(None, title="Storyboard")
    """Scenes and their narration, instead of a document: as `callsheet explain --storyboard-only` writes them, with
    your changes."""
    length_s: float | None = Field(None, ge=SHORTEST_S, le=LONGEST_S, title="Length (seconds)")
    """About how long the film should be. Empty: about 90 seconds."""
    written_by: StoryboardAuthor = Field(StoryboardAuthor.MODEL_OR_RULES, title="Written by")
    """Who writes the storyboard. model-or-rules: the language model if one is set up, else rules. model: the language
    model, and no film without it. rules: the document's own sentences, chosen by rules."""
    languages: tuple[LanguageTag, ...] = Field((), max_length=MAX_LANGUAGES, title="Languages")
    """One film for each of these languages, as in en, de, es. A language model translates, or `translations` of the
    storyboard. Empty: one film, in the language of the document."""
    music: MusicChoice = Field(None, title="Music")
    """Laid under the whole film."""
    burnt_captions: CaptionStyle | None = Field(None, title="Captions in the picture")
    """plain: white letters. boxed: on a dark box. active-word: the word that is heard has another colour. Empty: none.
    The captions that players switch on and off are there in any case."""
    merge: MergeOptions = Field(default_factory=MergeOptions, title="Merge")
    """How the scenes are joined."""
    on_scene_failure: SceneFailurePolicy = Field(SceneFailurePolicy.FAIL, title="When a scene fails")
    """fail: no film, but every finished scene is kept. skip: leave the scene out. placeholder: show a card instead."""
    approval: bool = Field(False, title="Ask for approval")
    """Show the storyboard first, and wait until a person approves it, changed or as it is."""
    approve_within_h: float = Field(168, gt=0, le=8760, title="Approve within (hours)")
    """After that long without an answer Callsheet gives the run up."""

    @model_validator(mode="before")
    @classmethod
    def _name_it(cls, data: Any) -> Any:
        """Name a film without a title after its document."""
        if not isinstance(data, dict) or data.get("title"):
            return data
        named = data.get("document")
        name = PurePosixPath(named.partition("?")[0].rstrip("/")).stem if isinstance(named, str) else ""
        storyboard = data.get("storyboard")
        titled = storyboard.title if isinstance(storyboard, Storyboard) else (storyboard or {}).get("title")
        return {**data, "title": " ".join(str(titled or name or UNTITLED).split())[:200]}

    @model_validator(mode="after")
    def _has_one_source(self) -> Self:
        given = [field for field in SOURCES if getattr(self, field)]
        if len(given) > 1:
            raise refusal([((given[1],), f"give just one of {', '.join(SOURCES)}: “{given[0]}” is given, too")])
        if not given:
            raise refusal([(("document",), "name a document: a file, or an http(s) address; or give its text")])
        return self

    @model_validator(mode="after")
    def _languages_are_different(self) -> Self:
        twice = next((tag for place, tag in enumerate(self.languages) if tag in self.languages[:place]), None)
        if twice:
            raise refusal([(("languages",), f"“{twice}” is named twice: name each language once")])
        return self

    def about_s(self) -> float:
        """Return about how long the film becomes."""
        return self.length_s or USUAL_S

    def plan(self, storyboard: Storyboard) -> VideoRequest:
        """Return the request for the film of a storyboard."""
        shared = {name: getattr(self, name) for name in VideoRequest.model_fields.keys() & type(self).model_fields}
        language = self.language or storyboard.language
        plan = VideoRequest(**{**shared, "language": language, "scenes": storyboard.briefs()})
        return plan.with_opening_and_close()
