"""A topic, split by a language model into the scenes of a video.

The answer is JSON in plain text, which this module checks. Servers differ in their handling of schemas and tools in a
request, and some refuse them, while every model can write an object after an example.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from callsheet.model.problems import sentence_of
from callsheet.model.requests.video import SceneBrief
from callsheet.model.run.writing import Outline, OutlineWriting, WrittenOutline
from callsheet.writing.extraction import json_object
from callsheet.writing.prompts import prompt
from callsheet.writing.unusable import unusable
from callsheet.writing.writer import ModelAnswer, Writer

PURPOSE = "the outline"
TITLE_CHARACTERS = 200
NAME_CHARACTERS = 120
PROMPT_CHARACTERS = 4000


async def write_outline(writing: OutlineWriting, writer: Writer, attempt: int = 1, hint: str = "") -> WrittenOutline:
    """Have the topic split into scenes. `hint` says what was wrong with the answer before.

    Raises NothingWritten for an answer that is no outline, or one with more scenes than the request allows. It also
    raises the errors of `Writer.ask`.
    """
    duration = f"All scenes together take about {writing.duration_s:g} seconds." if writing.duration_s else ""
    rules = prompt("outline", scenes_at_most=str(writing.scenes_at_most), duration=duration)
    question = prompt("topic", topic=writing.topic)
    if hint:
        question = f"{question}\n\n{prompt('outline_again', hint=hint)}"
    answer = await writer.ask(PURPOSE if attempt == 1 else f"{PURPOSE}, attempt {attempt}", rules, question)
    planned = _read(answer)
    if len(planned.scenes) > writing.scenes_at_most:
        raise unusable(answer, f"it has {len(planned.scenes)} scenes; at most {writing.scenes_at_most} were asked for")
    try:
        outline = _outline(planned)
    except ValidationError as error:  # a prompt of nothing but control characters
        raise unusable(answer, sentence_of(error)) from None
    return WrittenOutline(outline=outline, call=answer.call)


class _PlannedScene(BaseModel):
    """A scene as the model plans it. Further fields are ignored."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    name: str = Field(min_length=1, max_length=NAME_CHARACTERS)
    prompt: str = Field(min_length=1, max_length=PROMPT_CHARACTERS)
    context: str = Field("", max_length=PROMPT_CHARACTERS)
    duration_s: float | None = Field(None, ge=1, le=600, allow_inf_nan=False)


class _Planned(BaseModel):
    """An outline as the model plans it."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    title: str = Field(min_length=1, max_length=TITLE_CHARACTERS)
    scenes: tuple[_PlannedScene, ...] = Field(min_length=1)


def _read(answer: ModelAnswer) -> _Planned:
    found = json_object(answer.text, "scenes")
    if found is None:
        raise unusable(answer, "its answer holds no JSON object")
    try:
        return _Planned.model_validate(found)
    except ValidationError as error:
        raise unusable(answer, sentence_of(error)) from None


def _outline(planned: _Planned) -> Outline:
    briefs = (SceneBrief.model_validate(scene.model_dump()) for scene in planned.scenes)
    return Outline(title=planned.title, scenes=tuple(briefs))
