"""The check of scenes that a language model wrote: their form, their truth, and their room in the picture."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from callsheet.model.content import TemplateName, pictures_named, with_pictures
from callsheet.model.film.document import Document, FigureBlock, SourcePlace
from callsheet.model.problems import sentence_of
from callsheet.model.requests.storyboard import Storyboard, StoryboardScene
from callsheet.model.requests.video import MAX_SCENES
from callsheet.model.run.writing import StoryboardWriting
from callsheet.writing.storyboard.model_draft import OFFERED
from callsheet.writing.storyboard.rules import Fits
from callsheet.writing.storyboard.truth import UntrueStatement, untrue_statements

_LINE = "narration."
_BLOCK = "block "


@dataclass(frozen=True)
class SceneFault:
    """What is wrong with a part of a scene."""

    at: str
    """The part of the content or the line of narration, e.g. narration.2; empty for the whole scene."""
    sentence: str

    @property
    def line(self) -> int | None:
        """Return the number of the line of narration that it is about; None for everything else."""
        number = self.at.removeprefix(_LINE).partition(".")[0]
        return int(number) if self.at.startswith(_LINE) and number.isdecimal() else None


@dataclass(frozen=True)
class CheckedScene:
    """A scene as a model wrote it, what was made of it, and what is wrong with it."""

    name: str
    drafted: Mapping[str, Any]
    scene: StoryboardScene | None
    """None if it is no scene at all."""
    faults: tuple[SceneFault, ...] = field(default=())

    def sentences(self) -> Iterator[str]:
        """Yield what is wrong, with the name of the scene."""
        yield from (f"scene “{self.name}”: {fault.sentence}" for fault in self.faults)

    def without_faults(self) -> StoryboardScene | None:
        """Return the scene without the lines that are wrong; None if nothing of it is right."""
        if self.scene is None or any(fault.line is None for fault in self.faults):
            return None
        wrong = {fault.line for fault in self.faults}
        lines = tuple(line for place, line in enumerate(self.scene.narration) if place not in wrong)
        return self.scene.model_copy(update={"narration": lines}) if lines else None


def check_scenes(
    drafted: Sequence[Mapping[str, Any]], writing: StoryboardWriting, pictures: Mapping[str, Path], fits: Fits
) -> tuple[CheckedScene, ...]:
    """Return each scene with everything that is wrong with it.

    A scene is wrong in its form, says or shows what the document does not hold, has a line without a block of the
    document, or has no room in the picture. `fits` yields what has no room.
    """
    names = _different(_named(scene, number) for number, scene in enumerate(drafted, start=1))
    found = [_read(scene, name, writing.document, pictures) for scene, name in zip(drafted, names, strict=True)]
    return tuple(_with_truth(found, writing, fits))


class _Line(BaseModel):
    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    text: str = Field(min_length=1)
    at: str = ""
    blocks: Annotated[tuple[int, ...], BeforeValidator(lambda given: given if isinstance(given, list) else [given])]


class _Scene(BaseModel):
    """A scene as the model writes it. Further fields are ignored."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    template: TemplateName
    content: dict[str, Any]
    narration: tuple[_Line, ...] = Field(min_length=1)


def _named(scene: Mapping[str, Any], number: int) -> str:
    name = scene.get("name")
    return " ".join(name.split())[:120] if isinstance(name, str) and name.strip() else f"Scene {number}"


def _different(names: Iterator[str]) -> list[str]:
    found: list[str] = []
    for name in names:
        count = sum(each == name or each.startswith(f"{name} (") for each in found)
        found.append(f"{name} ({count + 1})" if name in found else name)
    return found


def _read(drafted: Mapping[str, Any], name: str, document: Document, pictures: Mapping[str, Path]) -> CheckedScene:
    """Return the scene with its places in the document; its truth is checked later."""
    try:
        given = _Scene.model_validate(drafted)
    except ValidationError as error:
        return CheckedScene(name, drafted, None, (SceneFault("", sentence_of(error)),))
    if given.template not in OFFERED:
        sentence = f"template: there is no “{given.template}” here; take one of {', '.join(OFFERED)}"
        return CheckedScene(name, drafted, None, (SceneFault("", sentence),))
    content, picture_fault = _with_picture(given, document, pictures)
    lines, faults = [], picture_fault
    for place, line in enumerate(given.narration):
        places = _places(document, line.blocks)
        if not places:
            sentence = f"{_LINE}{place}: name the block of the document that says it, from 1 to {len(document.blocks)}"
            faults = (*faults, SceneFault(f"{_LINE}{place}", sentence))
        lines.append({"text": line.text, "at": line.at, "places": places})
    shown = tuple(dict.fromkeys(place for line in lines for place in line["places"]))
    fields = {"name": name, "template": given.template, "content": content, "narration": lines, "places": shown}
    try:
        return CheckedScene(name, drafted, StoryboardScene.model_validate(fields), faults)
    except ValidationError as error:
        return CheckedScene(name, drafted, None, (*faults, SceneFault("", sentence_of(error))))


def _places(document: Document, blocks: Sequence[int]) -> tuple[SourcePlace, ...]:
    """Return where blocks stand; numbers that no block has are left out."""
    numbers = dict.fromkeys(number for number in blocks if 1 <= number <= len(document.blocks))
    return tuple(dict.fromkeys(document.blocks[number - 1].place for number in numbers))


def _with_picture(
    given: _Scene, document: Document, pictures: Mapping[str, Path]
) -> tuple[dict[str, Any], tuple[SceneFault, ...]]:
    """Return the content with the file of the picture that it names by its block.

    People have drawings or initials: a document has no faces that could be told apart, and a model names no files.
    """
    if given.template is TemplateName.PEOPLE:
        named = {place: "" for place, _ in pictures_named(given.template, given.content)}
        return with_pictures(given.content, named), ()
    if given.template is not TemplateName.PICTURE:
        return given.content, ()
    number = str(given.content.get("path", "")).removeprefix(_BLOCK)
    block = (
        document.blocks[int(number) - 1] if number.isdecimal() and 1 <= int(number) <= len(document.blocks) else None
    )
    if isinstance(block, FigureBlock) and block.digest and block.digest in pictures:
        return {**given.content, "path": str(pictures[block.digest])}, ()
    sentence = "path: name a block with a picture that can be shown, as in “block 7”"
    return given.content, (SceneFault("content.path", sentence),)


def _with_truth(found: Sequence[CheckedScene], writing: StoryboardWriting, fits: Fits) -> Iterator[CheckedScene]:
    """Yield the scenes with what they say that is not in the document, and with what has no room."""
    readable = tuple(each.scene for each in found if each.scene)[:MAX_SCENES]
    untrue: tuple[UntrueStatement, ...] = ()
    if readable:
        board = Storyboard(title="Storyboard", language=writing.language, scenes=readable)
        untrue = untrue_statements(board, writing.document)
    for each in found:
        faults = list(each.faults)
        faults += [
            SceneFault(said.at, f"{said.at}: the document does not hold the {said.kind} “{said.words}”")
            for said in untrue
            if each.scene and said.scene == each.scene.name
        ]
        if each.scene and not faults:
            problems = fits(each.scene.brief())
            faults += [SceneFault("content", f"{'.'.join(map(str, where))}: {why}") for where, why in problems]
        yield CheckedScene(each.name, each.drafted, each.scene, tuple(faults))
