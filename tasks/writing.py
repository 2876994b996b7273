"""Text from a language model: the outline of a video, scene code, and its repair.

Without a model, no step asks one.
"""

from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any

from callsheet.errors import CallsheetError, NothingWritten
from callsheet.model.film.look import Look
from callsheet.model.film.scenes import Finding, Origin, OriginKind, SceneCode
from callsheet.model.requests.video import SceneBrief, SceneFailurePolicy, SceneRequest, VideoRequest
from callsheet.model.run.attempts import AskingAgain, Draft, Feedback, UnusableAnswer
from callsheet.model.run.cost import ModelCall
from callsheet.model.run.waiting import can_resume_later
from callsheet.model.run.writing import Outline, Outlined, OutlineWriting, SceneWriting, WrittenOutline
from callsheet.model.values import Value
from callsheet.sources.scene_files import checked_files
from callsheet.stage.kit.theme import palette_for
from callsheet.threads import in_a_thread
from callsheet.writing import outline_writer
from callsheet.writing.scene_writer import repair_scene, write_scene
from tasks import policies, wiring
from tasks.publishing import store_scene_file
from tasks.run.budget import Paid, pay_for_answer
from tasks.run.limits import llm_slot
from tasks.step import step

# What a model may use of a theme beside its background: enough to distinguish objects, with a consistent look.
NAMED_COLOURS = ("background", "text", "muted", "accent", "surface", "line", "good", "bad")


async def write_outline(request: VideoRequest) -> Outlined:
    """Return the request with scenes: its own, or those into which a model splits its topic.

    Without a model, a topic is one scene, laid out as it is written. It is also one scene if the model fails and the
    request wants a stand-in for failed scenes. Otherwise the model's error is raised.
    """
    if not request.topic:
        return Outlined(plan=request)
    only = _with_scenes(request, (SceneBrief(name=request.title[:120], prompt=request.topic),))
    if not wiring.has_writer():
        return Outlined(plan=only)
    calls: list[ModelCall] = []
    try:
        outline = await _outline(request, calls)
    except CallsheetError as error:
        stands_in = request.on_scene_failure in (SceneFailurePolicy.EXPLAIN, SceneFailurePolicy.PLACEHOLDER)
        if can_resume_later(error) or not stands_in:
            raise
        return Outlined(plan=only, calls=tuple(calls), failure=str(error))
    return Outlined(plan=_with_scenes(request, outline.scenes), calls=tuple(calls))


async def _outline(request: VideoRequest, calls: list[ModelCall]) -> Outline:
    """Return the topic as scenes; add each call to `calls`.

    Each problem of an answer goes back once.
    """
    writing = OutlineWriting(topic=request.topic, scenes_at_most=request.topic_scenes)
    again = AskingAgain(asks_left=wiring.repairs_at_most())
    attempt, hint = 1, ""
    while True:
        try:
            written = _usable(await _write_outline(writing, wiring.known_writer(), attempt, hint, again))
        except NothingWritten as error:
            calls += [error.call] if error.call else []
            if not again.is_due(error.hint):
                raise
            attempt, hint = attempt + 1, error.hint
            again = AskingAgain(asks_left=again.asks_left - 1, hints=(*again.hints, hint))
        else:
            calls.append(written.call)
            return written.outline


def _with_scenes(request: VideoRequest, scenes: tuple[SceneBrief, ...]) -> VideoRequest:
    return request.model_copy(update={"scenes": scenes, "topic": ""})


@step(policies.WRITING, name="write-outline")
async def _write_outline(
    writing: OutlineWriting, writer: wiring.WriterIdentity, attempt: int, hint: str, again: AskingAgain
) -> WrittenOutline | UnusableAnswer:
    return await ask_once(partial(outline_writer.write_outline, writing, wiring.writer(), attempt, hint), again)


async def ask_once(ask: Callable[[], Coroutine[Any, Any, Paid]], again: AskingAgain) -> Paid | UnusableAnswer:
    """Ask one question.

    An unusable answer is a value, and so is kept, if the model is asked again.

    A run that continues, e.g. after an approval, then neither pays for it again nor gets another answer in its place.
    The last answer is not kept: if a person retries the run, Callsheet asks the model.
    """
    try:
        async with llm_slot():
            return await pay_for_answer(ask())
    except NothingWritten as error:
        if again.is_due(error.hint):
            return UnusableAnswer.of(error)
        raise


def _usable(answer: Paid | UnusableAnswer) -> Paid:
    if isinstance(answer, UnusableAnswer):
        raise answer.error()
    return answer


def is_drafted(brief: SceneBrief) -> bool:
    """Return whether this scene is untested code: the user's own, or a model's."""
    return bool(brief.code) or (bool(brief.prompt) and wiring.has_writer())


async def draft_scene(request: SceneRequest, attempt: int = 1, hint: str = "", *, again: AskingAgain) -> Draft:
    """Return the first version of a scene's code, given or written by the model, and its files.

    If the question is repeated, `hint` says what was wrong with the answer before; `again` says whether another
    question follows this answer. Raise InvalidRequest before the model is asked if a file can't be taken.
    """
    brief = request.scene
    checked = await in_a_thread(checked_files, [Path(file) for file in brief.files])
    files = tuple([await store_scene_file(name, path) for name, path in checked.items()])
    if brief.code:
        origin = Origin(kind=OriginKind.CODE, maker="the request")
        code = SceneCode(scene_name=brief.name, class_name="", source=brief.code, origin=origin, take=brief.take)
        draft = Draft(code=code)
    else:
        writing, writer = await _writing(request), wiring.known_writer()
        draft = _usable(await _write_scene_code(writing, writer, request.label, attempt, hint, again))
    return draft.model_copy(update={"code": draft.code.model_copy(update={"files": files})})


@step(policies.WRITING, name="write-scene-code", run_name="write-scene-code {label}")
async def _write_scene_code(
    writing: SceneWriting, writer: wiring.WriterIdentity, label: str, attempt: int, hint: str, again: AskingAgain
) -> Draft | UnusableAnswer:
    return await ask_once(partial(write_scene, writing, wiring.writer(), attempt, hint), again)


async def repair_scene_code(
    code: SceneCode, trouble: Feedback, request: SceneRequest, attempt: int, hint: str = "", *, again: AskingAgain
) -> Draft:
    """Return the next version, in which the model has corrected the findings of this one."""
    asked = RepairQuestion(code=code, findings=trouble.findings, hint=hint)
    answer = await _repair_scene_code(
        await _writing(request), asked, wiring.known_writer(), request.label, attempt, trouble.log_tail, again
    )
    return _usable(answer)


class RepairQuestion(Value):
    """The question about code that has findings."""

    code: SceneCode
    findings: tuple[Finding, ...]
    hint: str


@step(policies.WRITING, name="repair-scene-code", run_name="repair-scene-code {label}, attempt {attempt}")
async def _repair_scene_code(
    writing: SceneWriting,
    asked: RepairQuestion,
    writer: wiring.WriterIdentity,
    label: str,
    attempt: int,
    log_tail: str,
    again: AskingAgain,
) -> Draft | UnusableAnswer:
    trouble = Feedback(findings=asked.findings, log_tail=log_tail)
    ask = partial(repair_scene, writing, asked.code, trouble, wiring.writer(), attempt, asked.hint)
    return await ask_once(ask, again)


async def _writing(request: SceneRequest) -> SceneWriting:
    palette = palette_for(request.look)
    stage = await wiring.stage_facts()
    return SceneWriting(
        name=request.scene.name,
        prompt=request.scene.prompt,
        context=request.scene.context,
        duration_s=request.scene.duration_s,
        take=request.scene.take,
        profile=request.render_profile,
        look=_as_written(request.look),
        colours={name: getattr(palette, name) for name in NAMED_COLOURS},
        stage=stage,
        files=tuple(Path(file).name for file in request.scene.files),
        narration=tuple(line.text for line in request.scene.narration),
    )


def _as_written(look: Look) -> Look:
    """Return what a model reads about the look: no file of this machine, and no scene of the brand."""
    if look.brand is None:
        return look
    brand = look.brand.model_copy(update={"logo": "", "intro": None, "outro": None})
    return look.model_copy(update={"brand": brand})
