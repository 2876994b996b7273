"""A video: its scenes at once, then merged, pictured, published and reported."""

import asyncio
from collections.abc import Awaitable, Callable

from prefect import flow

from callsheet.errors import CallsheetError, SceneAbandoned, VideoIncomplete
from callsheet.model.deployed import deployed
from callsheet.model.requests.video import SceneFailurePolicy, SceneRequest, VideoRequest
from callsheet.model.run.attempts import Attempt
from callsheet.model.run.manifest import Manifest, SceneOutcome, SceneReport
from callsheet.model.run.waiting import can_resume_later
from callsheet.model.run.writing import Outlined
from flows.finishing import finish
from flows.scene import generate_scene, make_explained, make_placeholder
from tasks.backfill.folder import tag_with_work
from tasks.run.approval import approve_video
from tasks.run.lifecycle import video_run
from tasks.run.pause import all_of
from tasks.run.reporting import report_outline
from tasks.run.request import as_parameter, check_request, name_run, take_request
from tasks.run.standby import prewarmed_child
from tasks.wiring import scenes_at_once
from tasks.writing import write_outline

StandIn = Callable[[SceneRequest, str, tuple[Attempt, ...]], Awaitable[SceneReport]]


@deployed("A title and its scenes become one video. Progress, table of scenes and player are in the artifacts.")
@flow(name="generate-video", flow_run_name=name_run, validate_parameters=False, persist_result=True)
@take_request
async def generate_video(request: VideoRequest) -> Manifest:
    """Make a video from its scenes.

    Args:
        request: Title, scenes, profile, look, how scenes are joined, and what to do when one fails.
    """
    async with video_run(request.title, scenes=len(request.scenes) or request.topic_scenes) as progress:
        await check_request(request)
        await tag_with_work(request)
        outline = await write_outline(request)
        await report_outline(outline.calls, request.title)
        plan = outline.plan if outline.failure else await approve_video(outline.plan)
        progress.change(lambda now: now.with_scenes(len(plan.scenes)))
        reports = await (_make_up_for_outline(outline) if outline.failure else _make_scenes(plan))
        _check_complete(request, reports)
        return await finish(plan, reports, progress, request.merge, outline_calls=outline.calls)


async def _make_scenes(request: VideoRequest) -> tuple[SceneReport, ...]:
    """All scenes at once, as far as the setting allows; reports in film order, whichever is ready first."""
    free = asyncio.Semaphore(scenes_at_once())

    async def make(scene: SceneRequest) -> SceneReport | CallsheetError:
        async with free:
            return await _make_scene(scene, request.on_scene_failure)

    async with prewarmed_child():
        made = await all_of(map(make, request.scene_requests()))
    for each in made:
        if isinstance(each, CallsheetError):
            raise each  # only now, when the other scenes are ready and kept
    return tuple(each for each in made if isinstance(each, SceneReport))


async def _make_up_for_outline(outline: Outlined) -> tuple[SceneReport, ...]:
    """What stands in for a topic that could not be split into scenes."""
    [scene] = outline.plan.scene_requests()
    return (await _make_up_for(scene, outline.plan.on_scene_failure, outline.failure, ()),)


async def _make_scene(scene: SceneRequest, on_failure: SceneFailurePolicy) -> SceneReport | CallsheetError:
    """The scene, or what the whole run has to wait for: then nothing is wrong with the scene itself."""
    try:
        return await generate_scene(await as_parameter(scene))
    except Exception as error:
        if isinstance(error, CallsheetError) and can_resume_later(error):
            return error
        # Whatever stopped this scene, the others go on; the policy decides what the video makes of it.
        attempts = error.attempts if isinstance(error, SceneAbandoned) else ()
        return await _make_up_for(scene, on_failure, str(error) or type(error).__name__, attempts)


async def _make_up_for(
    scene: SceneRequest, on_failure: SceneFailurePolicy, error: str, attempts: tuple[Attempt, ...]
) -> SceneReport:
    """What stands in for the scene: what can't be made either gives way to the next simpler one, at last to none."""
    told = error
    for make in _stand_ins(scene, on_failure):
        try:
            return await make(scene, error, attempts)
        except Exception as another:  # whatever it is: the other scenes go on
            told = f"{told.rstrip('.')}; nor could what stands in for it be made: {another}"
    return SceneReport(
        number=scene.number, name=scene.scene.name, outcome=SceneOutcome.SKIPPED, error=told, attempts=attempts
    )


def _stand_ins(scene: SceneRequest, on_failure: SceneFailurePolicy) -> tuple[StandIn, ...]:
    if on_failure is SceneFailurePolicy.EXPLAIN and scene.scene.prompt:
        return (make_explained, make_placeholder)
    if on_failure in (SceneFailurePolicy.PLACEHOLDER, SceneFailurePolicy.EXPLAIN):
        return (make_placeholder,)
    return ()


def _check_complete(request: VideoRequest, reports: tuple[SceneReport, ...]) -> None:
    missing = tuple(report.error for report in reports if report.outcome is SceneOutcome.SKIPPED)
    if missing and (request.on_scene_failure is SceneFailurePolicy.FAIL or len(missing) == len(reports)):
        raise VideoIncomplete(missing, scenes=len(reports))
