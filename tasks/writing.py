"""Text from a language model: the outline of a video, scene code, and its repair. Without a model, nothing is asked."""

from pathlib import Path

from prefect import task

from callsheet.model.attempts import Draft, Trouble
from callsheet.model.cost import ModelCall
from callsheet.model.requests import SceneBrief, SceneRequest, VideoRequest
from callsheet.model.scenes import Finding, Origin, OriginKind, SceneCode, SceneFile
from callsheet.model.writing import OutlineWriting, SceneWriting, WrittenOutline
from callsheet.stage.templates.theme import palette_for
from callsheet.stage.user_files import checked_files
from callsheet.threads import in_a_thread
from callsheet.writing.outline_writer import write_outline
from callsheet.writing.scene_writer import repair_scene, write_scene
from tasks import policies, wiring
from tasks.budget import paid
from tasks.limits import one_question
from tasks.publishing import store_scene_file

# What a writer may use of a theme beside its background: enough to tell things apart, and all of it fits together.
NAMED_COLOURS = ("background", "text", "muted", "accent", "surface", "line", "good", "bad")


async def outlined(request: VideoRequest) -> tuple[VideoRequest, tuple[ModelCall, ...]]:
    """The request with scenes in it: its own, or those into which a model splits its topic.

    Without a model a topic is one scene, laid out as it is written.
    """
    if not request.topic:
        return request, ()
    if not wiring.has_writer():
        only = SceneBrief(name=request.title[:120], prompt=request.topic)
        return _with_scenes(request, (only,)), ()
    writing = OutlineWriting(topic=request.topic, scenes_at_most=request.topic_scenes)
    written = await _write_outline(writing, wiring.known_writer())
    return _with_scenes(request, written.outline.scenes), (written.call,)


def _with_scenes(request: VideoRequest, scenes: tuple[SceneBrief, ...]) -> VideoRequest:
    return request.model_copy(update={"scenes": scenes, "topic": ""})


@task(name="write-outline", task_run_name="write-outline", **policies.WRITING)
async def _write_outline(writing: OutlineWriting, writer: wiring.WriterIdentity) -> WrittenOutline:
    async with one_question():
        return await paid(write_outline(writing, wiring.writer()))


def is_drafted(brief: SceneBrief) -> bool:
    """Whether this scene is code that nobody has tried yet: the user's own, or a model's."""
    return bool(brief.code) or (bool(brief.prompt) and wiring.has_writer())


async def draft_scene(request: SceneRequest) -> Draft:
    """The first version of a scene's code, as it was given or written by the model, with the files that it opens.

    Raises InvalidRequest where one of these can't be taken, before anybody is asked.
    """
    brief = request.scene
    files = await _stored_files(brief)
    if brief.code:
        origin = Origin(kind=OriginKind.CODE, maker="the request")
        code = SceneCode(scene_name=brief.name, class_name="", source=brief.code, origin=origin, take=brief.take)
        draft = Draft(code=code)
    else:
        draft = await _write_scene_code(await _writing(request), wiring.known_writer(), request.label)
    return draft.model_copy(update={"code": draft.code.model_copy(update={"files": files})})


async def _stored_files(brief: SceneBrief) -> tuple[SceneFile, ...]:
    checked = await in_a_thread(checked_files, [Path(file) for file in brief.files])
    return tuple([await store_scene_file(name, path) for name, path in checked.items()])


@task(name="write-scene-code", task_run_name="write-scene-code {label}", **policies.WRITING)
async def _write_scene_code(writing: SceneWriting, writer: wiring.WriterIdentity, label: str) -> Draft:
    async with one_question():
        return await paid(write_scene(writing, wiring.writer()))


async def repair_scene_code(code: SceneCode, trouble: Trouble, request: SceneRequest, attempt: int) -> Draft:
    """The next version, with what was found in this one mended by the model."""
    return await _repair_scene_code(
        await _writing(request), code, trouble.findings, wiring.known_writer(), request.label, attempt, trouble.log_tail
    )


@task(name="repair-scene-code", task_run_name="repair-scene-code {label}, attempt {attempt}", **policies.WRITING)
async def _repair_scene_code(
    writing: SceneWriting,
    code: SceneCode,
    findings: tuple[Finding, ...],
    writer: wiring.WriterIdentity,
    label: str,
    attempt: int,
    log_tail: str,
) -> Draft:
    trouble = Trouble(findings=findings, log_tail=log_tail)
    async with one_question():
        return await paid(repair_scene(writing, code, trouble, wiring.writer(), attempt))


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
        look=request.look,
        colours={name: getattr(palette, name) for name in NAMED_COLOURS},
        stage=stage,
        files=tuple(Path(file).name for file in request.scene.files),
    )
