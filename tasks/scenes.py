"""Scenes: from brief to code to clip."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from prefect import get_run_logger

from callsheet.model.content import Content
from callsheet.model.film.media import Clip
from callsheet.model.film.profile import RenderProfile
from callsheet.model.film.rehearsal import Rehearsal
from callsheet.model.film.scenes import SceneCode, ValidatedSceneCode
from callsheet.model.film.speech_plan import SceneSpeech
from callsheet.model.film.voiceover import VoiceoverTimes
from callsheet.model.requests.video import SceneRequest
from callsheet.model.values import Value
from callsheet.scene_lint import Beside, reviewed, validate
from callsheet.scratch import scratch_dir
from callsheet.sources.scene_files import files_beside
from callsheet.stage import canaries, sandbox, template_source
from callsheet.stage.illustrating import shown_content
from callsheet.threads import in_a_thread
from tasks import policies, wiring
from tasks.publishing import store_clip, store_picture, store_scene_file
from tasks.run import reporting
from tasks.run.standby import next_child
from tasks.step import step


class SpokenClip(Value):
    """A clip of scene code that speaks, and the frames at which its voiceovers begin."""

    clip: Clip
    start_frames: tuple[int, ...]


@step(policies.FILLING, name="fill-template", run_name="fill-template {label}")
async def fill_template(
    request: SceneRequest, content: Content, label: str, speech: SceneSpeech | None = None
) -> SceneCode:
    """Write the Manim source of a scene that shows `content` by a template; store the scene's picture with it.

    With `speech`, the scene obeys its times.
    """
    scene = request.scene
    shown = await in_a_thread(shown_content, request, content)
    filled = await in_a_thread(
        template_source.fill_template, scene.name, shown, request.look, speech, request.composition
    )
    files = [await store_scene_file(file_name, path) for file_name, path in filled.files.items()]
    return filled.code.model_copy(update={"files": tuple(files), "take": scene.take})


@step(policies.VALIDATING, name="validate-scene-code", run_name="validate-scene-code {label}")
async def validate_scene_code(code: SceneCode, label: str) -> ValidatedSceneCode:
    """Check scene code before it runs."""
    if code.origin.kind.is_trusted:
        return reviewed(code)
    checked = await _check(code)
    for remark in checked.remarks:
        get_run_logger().warning("%s", remark)
    return checked


async def _check(code: SceneCode) -> ValidatedSceneCode:
    legible = [file for file in code.files if Beside.is_legible(file.name)]
    async with wiring.opened_files(legible) as opened:
        beside = await in_a_thread(files_beside, [file.name for file in code.files], opened)
    catalogue = await wiring.catalogue()
    return await in_a_thread(validate, code, catalogue, beside=beside)


@step(policies.REHEARSING, name="rehearse-scene", run_name="rehearse-scene {label}")
async def rehearse_scene(
    code: ValidatedSceneCode,
    profile: RenderProfile,
    label: str,
    voiceovers: tuple[VoiceoverTimes, ...] | None = None,
) -> Rehearsal:
    """Run scene code with its animations skipped.

    `voiceovers` are the times of what it says, if a voice has spoken it.
    """
    async with _stage_set("rehearse", code) as (folder, files):
        rehearsed = await sandbox.rehearse(
            code, profile, folder, wiring.rehearsal_limits(), files, next_child(code.files), voiceovers
        )
        poster = await store_picture(rehearsed.poster) if rehearsed.poster else None
        facts = rehearsed.facts
        return Rehearsal(**dict(facts), duration_s=facts.frames / profile.frame_rate, poster=poster)


@step(policies.RENDERING, name="render-scene", run_name="render-scene {label}")
async def render_scene(
    code: ValidatedSceneCode, profile: RenderProfile, label: str, animations: int | None = None
) -> Clip:
    """Render scene code to a stored clip.

    `animations` is how many a rehearsal has counted; progress is exact with it.
    """
    return (await _render(code, profile, label, animations, None)).clip


@step(policies.RENDERING, name="render-scene", run_name="render-scene {label}")
async def render_spoken_scene(
    code: ValidatedSceneCode,
    profile: RenderProfile,
    voiceovers: tuple[VoiceoverTimes, ...],
    label: str,
    animations: int | None = None,
) -> SpokenClip:
    """Render scene code that speaks, at the times of its spoken words; else as `render_scene` does."""
    return await _render(code, profile, label, animations, voiceovers)


async def _render(
    code: ValidatedSceneCode,
    profile: RenderProfile,
    label: str,
    animations: int | None,
    voiceovers: tuple[VoiceoverTimes, ...] | None,
) -> SpokenClip:
    async with _stage_set("render", code) as (folder, files):
        on_animation = reporting.animations_of(label, animations)
        take = await sandbox.render(
            code, profile, folder, wiring.stage_limits(), on_animation, files, next_child(code.files), voiceovers
        )
        return SpokenClip(clip=await store_clip(take.path, profile), start_frames=take.voiceover_frames)


@asynccontextmanager
async def _stage_set(purpose: str, code: ValidatedSceneCode) -> AsyncIterator[tuple[Path, dict[str, Path]]]:
    """Yield a working folder and the scene's files, after a check of the fence."""
    with scratch_dir(wiring.scratch_root(), purpose) as folder:
        async with wiring.opened_files(code.files) as files:
            await canaries.ensure_fence(wiring.home(), wiring.stage_limits())
            yield folder, files
