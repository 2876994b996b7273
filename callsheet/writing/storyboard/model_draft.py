"""One question to a language model about the storyboard of a document, and its answer as plain scenes.

The model reads one block a line, as JSON, so that no text in the document ends its own quotation.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from callsheet.model.content import CONTENT_MODELS, TemplateName
from callsheet.model.film.document import Block, CommandBlock, Document, FigureBlock, HeadingBlock, TableBlock
from callsheet.model.film.narration import primary
from callsheet.model.problems import sentence_of
from callsheet.model.run.writing import DraftedScenes, StoryboardQuestion, StoryboardWriting
from callsheet.writing.extraction import json_object
from callsheet.writing.prompts import prompt
from callsheet.writing.storyboard.drafts import SIGNS_A_MINUTE, WORDS_A_MINUTE
from callsheet.writing.unusable import unusable
from callsheet.writing.writer import Writer

PURPOSE = "the storyboard"
OFFERED = tuple(
    name
    for name in TemplateName
    if name not in {TemplateName.FUNCTION_PLOT, TemplateName.GEOMETRY, TemplateName.EXPLAIN, TemplateName.PLACEHOLDER}
)
"""The kinds of scenes that show what a document says."""
_SECONDS_A_SCENE = 12
_WORDS_OF_THE_TIME = 0.8
"""The rest of the time is pauses."""
_ROOM_CHARACTERS = 120_000
"""Of a document that is sent to a model whose window is not known: 40 pages."""
_LEAST_ROOM = 4_000
_CHARACTERS_A_TOKEN = 3
"""Fewer than English has, so that a question in another language fits, too."""
_LONGEST_BLOCK = 20_000
_SHORTEST_BLOCK = 40
_CUT = " …"


async def draft_storyboard(question: StoryboardQuestion, writer: Writer, attempt: int = 1) -> DraftedScenes:
    """Have the document made into scenes, or the scenes that can't be used written again.

    Raises NothingWritten for an answer that holds no scenes, and the errors of `Writer.ask`.
    """
    writing = question.writing
    rules = _rules(writing)
    lines = document_lines(writing.document, _room(writer, len(rules)), writing.pictures)
    count = len(writing.document.blocks)
    asked = prompt(
        "storyboard_document",
        title=writing.document.title or writing.document.origin,
        blocks="1 block" if count == 1 else f"{count} blocks",
        lines=lines.text,
        again=_again(question),
    )
    answer = await writer.ask(PURPOSE if attempt == 1 else f"{PURPOSE}, attempt {attempt}", rules, asked)
    found = json_object(answer.text, "scenes")
    if found is None:
        raise unusable(answer, "its answer holds no JSON object")
    try:
        drafted = _Drafted.model_validate(found)
    except ValidationError as error:
        raise unusable(answer, sentence_of(error)) from None
    return DraftedScenes(scenes=drafted.scenes, call=answer.call, is_shortened=lines.is_shortened)


class _Drafted(BaseModel):
    """A storyboard as the model writes it. Further fields are ignored."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    scenes: tuple[dict[str, Any], ...] = Field(min_length=1, max_length=100)


def _rules(writing: StoryboardWriting) -> str:
    pace = SIGNS_A_MINUTE.get(primary(writing.language), WORDS_A_MINUTE)
    pictures = prompt("storyboard_pictures") if writing.pictures else ""
    offered = (name for name in OFFERED if name is not TemplateName.PICTURE or writing.pictures)
    return prompt(
        "storyboard",
        words=str(round(writing.length_s * pace * _WORDS_OF_THE_TIME / 60)),
        seconds=f"{writing.length_s:g}",
        scenes=str(max(2, round(writing.length_s / _SECONDS_A_SCENE))),
        language=writing.language,
        templates="\n".join(map(_template, offered)),
        pictures=pictures,
    )


def _template(name: TemplateName) -> str:
    content = CONTENT_MODELS[name]
    return f"- `{name}`: {content.SUMMARY} {json.dumps(content.EXAMPLE, ensure_ascii=False)}"


def _room(writer: Writer, rules: int) -> int:
    """Return how many characters of a document the service reads, beside the rules and its answer."""
    if writer.context_tokens is None:
        return _ROOM_CHARACTERS
    free = (writer.context_tokens - writer.max_tokens) * _CHARACTERS_A_TOKEN - rules
    return max(_LEAST_ROOM, min(free, _ROOM_CHARACTERS))


def _again(question: StoryboardQuestion) -> str:
    """Return what is said about the answer before; empty for the first question."""
    repair = ""
    if question.scenes:
        scenes = "\n".join(json.dumps(scene, ensure_ascii=False) for scene in question.scenes)
        faults = "\n".join(f"- {fault}" for fault in question.faults)
        repair = prompt("storyboard_repair", scenes=scenes, faults=faults)
    again = prompt("storyboard_again", hint=question.hint) if question.hint else ""
    return "\n\n".join(filter(None, (repair, again)))


@dataclass(frozen=True)
class DocumentLines:
    """The lines of a document, and whether they hold all of it."""

    text: str
    is_shortened: bool


def document_lines(document: Document, characters: int, pictures: Collection[str] = ()) -> DocumentLines:
    """Return the blocks, numbered from 1, in at most so many characters.

    If they don't fit, the long ones are shortened to their beginnings. If that is not enough, the last ones are left
    out. `pictures` are the digests of the pictures that can be shown.
    """
    whole = _lines(document, _LONGEST_BLOCK, pictures)
    if _size(whole) <= characters:
        return DocumentLines("\n".join(whole), is_shortened=False)
    least, most = _SHORTEST_BLOCK, _LONGEST_BLOCK
    while least < most:
        limit = (least + most + 1) // 2
        if _size(_lines(document, limit, pictures)) <= characters:
            least = limit
        else:
            most = limit - 1
    lines = _lines(document, least, pictures)
    while len(lines) > 1 and _size(lines) > characters:
        lines = lines[: max(1, len(lines) * characters // _size(lines))]
    return DocumentLines("\n".join(lines), is_shortened=True)


def _size(lines: list[str]) -> int:
    return sum(map(len, lines)) + len(lines)


def _lines(document: Document, limit: int, pictures: Collection[str]) -> list[str]:
    return [_line(number, block, limit, pictures) for number, block in enumerate(document.blocks, start=1)]


def _line(number: int, block: Block, limit: int, pictures: Collection[str]) -> str:
    text = _text(block)
    shown = text if len(text) <= limit else text[:limit] + _CUT
    fields: dict[str, object] = {"block": number, "kind": block.kind, "text": shown}
    if isinstance(block, HeadingBlock):
        fields["level"] = block.level
    if isinstance(block, FigureBlock) and block.digest in pictures:
        fields["picture"] = True
    return json.dumps(fields, ensure_ascii=False)


def _text(block: Block) -> str:
    if isinstance(block, TableBlock):
        rows = [" | ".join(cell.text for cell in row) for row in (block.header, *block.rows) if row]
        return "\n".join(filter(None, [block.caption.text, *rows]))
    if isinstance(block, CommandBlock):
        parts = (
            part for entry in block.entries for part in (_remark(entry.remark), f"$ {entry.command}", entry.output)
        )
        return "\n".join(filter(None, parts))
    return "\n".join(filter(None, block.texts()))


def _remark(remark: str) -> str:
    return f"# {remark}" if remark else ""
