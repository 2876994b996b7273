"""A video: make its scenes at once, then merge, make stills, publish and report."""

from prefect import flow

from callsheet.model.deployed import deployed
from callsheet.model.requests.video import SceneRequest, VideoRequest
from callsheet.model.run.manifest import Manifest, SceneReport
from flows.finishing import finish
from flows.scene import generate_scene
from flows.scene_set import make_scenes, replace_scenes
from tasks.backfill.folder import tag_with_work
from tasks.intake import take_in_music_bed
from tasks.publishing import FilmParts
from tasks.run.approval import approve_video
from tasks.run.lifecycle import video_run
from tasks.run.reporting import report_outline
from tasks.run.request import as_parameter, check_request, name_run, take_request
from tasks.run.standby import prewarmed_child
from tasks.wiring import scenes_at_once
from tasks.writing import write_outline


@deployed("A title and its scenes become one video. Progress, table of scenes and player are in the artifacts.")
@flow(name="generate-video", flow_run_name=name_run, validate_parameters=False, persist_result=True)
@take_request
async def generate_video(request: VideoRequest) -> Manifest:
    """Make a video from its scenes.

    Args:
        request: Title, scenes, profile, look, music, how to join scenes, and what to do when one fails.
    """
    async with video_run(request.title, scenes=len(request.scenes) or request.topic_scenes) as progress:
        await check_request(request)
        await tag_with_work(request)
        music = await take_in_music_bed(request.music) if request.music else None
        outline = await write_outline(request)
        await report_outline(outline.calls, request.title)
        plan = outline.plan if outline.failure else await approve_video(outline.plan)
        progress.change(lambda now: now.with_scenes(len(plan.scenes)))
        if outline.failure:
            scenes = await replace_scenes(plan.scene_requests(), plan.on_scene_failure, outline.failure)
        else:
            async with prewarmed_child():
                scenes = await make_scenes(plan.scene_requests(), make_scene, plan.on_scene_failure, scenes_at_once())
        parts = FilmParts(plan, scenes.film_reports(), music=music, outline_calls=outline.calls)
        return await finish(parts, request.merge, progress)


async def make_scene(scene: SceneRequest) -> SceneReport:
    """Make the scene in a separate run, which takes large scene code by reference."""
    return await generate_scene(await as_parameter(scene))
