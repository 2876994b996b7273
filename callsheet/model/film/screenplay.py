"""A screenplay: its title page, and its parts in the order in which a person wrote them. Pure values.

The texts are as written, with the marks of emphasis in them. So the words of all parts and of all that was left out
are the words of the file: `Screenplay.words` adds them up, and `source_words` was counted in the file.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import PurePath
from typing import Annotated, Literal

from pydantic import Field

from callsheet.model.values import Value

MAX_PARTS = 60_000
MAX_SCREENPLAY_CHARACTERS = 4_000_000
MAX_PART_CHARACTERS = 200_000
_CJK = r"\u3040-\u30ff\u3400-\u9fff"
_SIGN = rf"[^\s\x00-/:-@\[-`{{-\xa9\xab-\xb4\xb6-\xb9\xbb-\xbf\u2000-\u206f\u3000-\u303f\uff00-\uff0f{_CJK}]"
SCREENPLAY_WORD = re.compile(rf"[{_CJK}]|{_SIGN}+(?:['’.]{_SIGN}+)*")
"""Each sign of Chinese and Japanese counts as a word: these scripts put no spaces between words."""
_EMPHASIS = re.compile(r"\\([*_])|[*_]")


def count_words(text: str) -> int:
    """Return how many words a text has."""
    return sum(1 for _ in SCREENPLAY_WORD.finditer(text))


def without_emphasis(text: str) -> str:
    """Return a text without the marks `*` and `_`; escaped ones stay as signs."""
    return _EMPHASIS.sub(lambda mark: mark[1] or "", text)


class ScreenplayFormat(StrEnum):
    """Formats of screenplays."""

    FOUNTAIN = "fountain"
    FINAL_DRAFT = "final-draft"
    PLAIN_TEXT = "plain-text"
    """Text that is indented as a typewritten screenplay."""
    PDF = "pdf"


class Inside(StrEnum):
    """Whether a scene plays in a room or under the sky."""

    INTERIOR = "interior"
    EXTERIOR = "exterior"
    BOTH = "both"
    UNKNOWN = "unknown"


class _Part(Value):
    line: int = Field(ge=1)
    """Line of the file on which it begins. Final Draft counts the lines of its XML, PDF those of the page."""
    page: int | None = Field(None, ge=1)
    """None if the file counts no pages."""


class SceneHeading(_Part):
    """The line that begins a scene."""

    kind: Literal["heading"] = "heading"
    text: str = Field(max_length=MAX_PART_CHARACTERS)
    """As written, without its number."""
    inside: Inside = Inside.UNKNOWN
    place: str = Field("", max_length=MAX_PART_CHARACTERS)
    time: str = Field("", max_length=MAX_PART_CHARACTERS)
    """The time of day as written; empty if the heading says none."""
    scene_number: str = Field("", max_length=MAX_PART_CHARACTERS)


class CharacterCue(_Part):
    """The name above a speech."""

    kind: Literal["character"] = "character"
    name: str = Field(max_length=MAX_PART_CHARACTERS)
    extensions: tuple[str, ...] = ()
    """What stands behind the name in brackets: V.O., O.S., CONT'D."""
    dual: Literal["", "left", "right"] = ""
    """Its side, if two speak at once."""


class ScriptText(_Part):
    """Any other part of a screenplay."""

    kind: Literal[
        "action",
        "parenthetical",
        "dialogue",
        "lyric",
        "transition",
        "centred",
        "note",
        "section",
        "synopsis",
        "page-break",
    ]
    text: str = Field("", max_length=MAX_PART_CHARACTERS)
    level: int = Field(0, ge=0, le=6)
    """Level of a section, 1 for the highest; 0 for all else."""


ScriptPart = Annotated[SceneHeading | CharacterCue | ScriptText, Field(discriminator="kind")]


class TitleField(Value):
    """A field of the title page; `name` is empty if the file names none."""

    name: str = Field("", max_length=MAX_PART_CHARACTERS)
    text: str = Field("", max_length=MAX_PART_CHARACTERS)
    line: int = Field(ge=1)


class LeftOut(Value):
    """What stands in the file and is no part of the screenplay: a boneyard, a page number, “(MORE)”."""

    what: str = Field(max_length=200)
    line: int = Field(ge=1)
    page: int | None = Field(None, ge=1)
    text: str = Field("", max_length=MAX_SCREENPLAY_CHARACTERS)


class Utterance(Value):
    """One thing that is said, without marks of emphasis, anchored to its line in the file."""

    number: int = Field(ge=1)
    """Its place among all that is said in the screenplay."""
    part: int = Field(ge=0)
    """Its place among the parts of the screenplay."""
    scene: int = Field(ge=0)
    """The scene in which it is said, from 1; 0 before the first heading."""
    character: str
    """The name of the cue, as written."""
    text: str
    manner: str = ""
    """The parenthetical before it, without brackets."""
    extensions: tuple[str, ...] = ()
    is_sung: bool = False
    dual: Literal["", "left", "right"] = ""
    line: int = Field(ge=1)
    page: int | None = Field(None, ge=1)

    @property
    def is_off_screen(self) -> bool:
        """Whether the speaker is heard and not seen."""
        return any(re.sub(r"[^a-z]", "", each.lower()) in {"vo", "os", "oc", "off"} for each in self.extensions)


class Screenplay(Value):
    """A screenplay as it was read."""

    kind: ScreenplayFormat
    origin: str = Field(max_length=2048)
    """What people call the file."""
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    """SHA-256 of the file."""
    title_page: tuple[TitleField, ...] = Field((), max_length=200)
    parts: tuple[ScriptPart, ...] = Field(max_length=MAX_PARTS)
    left_out: tuple[LeftOut, ...] = Field((), max_length=MAX_PARTS)
    source_words: int = Field(ge=0)
    """The words of the file, counted before anything was read in it."""

    @property
    def title(self) -> str:
        """Return the title, or the name of the file."""
        named = [field.text for field in self.title_page if field.name.casefold() in {"title", "titre", "titel", ""}]
        return " ".join(without_emphasis(named[0]).split()) if named else PurePath(self.origin).stem

    @property
    def words(self) -> int:
        """Count the words of all that was read, and of all that was left out."""
        return sum(map(count_words, self.texts()))

    def texts(self) -> Iterator[str]:
        """Yield every text of the file."""
        for field in self.title_page:
            yield from (field.name, field.text)
        for part in self.parts:
            match part:
                case SceneHeading():
                    yield from (part.text, part.scene_number)
                case CharacterCue():
                    yield from (part.name, *part.extensions)
                case _:
                    yield part.text
        yield from (each.text for each in self.left_out)

    def count(self, kind: str) -> int:
        """Count the parts of a kind."""
        return sum(part.kind == kind for part in self.parts)

    @property
    def speakers(self) -> tuple[str, ...]:
        """Return the names of the cues, each once, in the order in which they first speak."""
        return tuple(dict.fromkeys(part.name for part in self.parts if isinstance(part, CharacterCue)))

    def utterances(self) -> Iterator[Utterance]:
        """Yield all that is said, in the order in which it is written."""
        number = scene = 0
        cue: CharacterCue | None = None
        manner = ""
        for place, part in enumerate(self.parts):
            if isinstance(part, SceneHeading):
                scene, cue = scene + 1, None
            elif isinstance(part, CharacterCue):
                cue, manner = part, ""
            elif cue and part.kind == "parenthetical":
                manner = " ".join(part.text.split()).strip("() ")
            elif cue and part.kind in {"dialogue", "lyric"}:
                number += 1
                yield Utterance(
                    number=number,
                    part=place,
                    scene=scene,
                    character=cue.name,
                    text=" ".join(without_emphasis(part.text).split()),
                    manner=manner,
                    extensions=cue.extensions,
                    is_sung=part.kind == "lyric",
                    dual=cue.dual,
                    line=part.line,
                    page=part.page,
                )
                manner = ""
            elif part.kind != "note":
                cue = None
