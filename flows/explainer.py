"""A document becomes a narrated film: read, write the storyboard, approve, speak and render scenes, merge, publish."""

from prefect import flow

from callsheet.model.deployed import deployed
from callsheet.model.film.sound import MusicBed
from callsheet.model.requests.explainer import ExplainerRequest
from callsheet.model.run.manifest import Manifest
from flows.finishing import finish
from flows.scene_set import make_scenes
from flows.video import make_scene
from tasks.intake import take_in_music_bed
from tasks.plugin_stages import with_stages
from tasks.publishing import FilmParts
from tasks.run.approval import approve_video
from tasks.run.lifecycle import video_run
from tasks.run.progress import RunProgress
from tasks.run.reporting import report_storyboard
from tasks.run.request import check_request, name_run, take_request
from tasks.run.standby import prewarmed_child
from tasks.storyboarding import plan_film
from tasks.translating import LanguagePlan, plan_languages
from tasks.wiring import scenes_at_once


@deployed("A document becomes a narrated film. Storyboard, progress, table of scenes and player are in the artifacts.")
@flow(name="explain-document", flow_run_name=name_run, validate_parameters=False, persist_result=True)
@take_request
async def explain_document(request: ExplainerRequest) -> Manifest:
    """Make a narrated film of a document.

    Args:
        request: The document or its storyboard, the length, voice, language, look and music of the film.
    """
    async with video_run(request.title, scenes=1) as progress:
        with progress.timed("writing the storyboard"):
            written = await with_stages(await plan_film(request))
        await report_storyboard(written, request.title)
        plan = request.plan(written.storyboard)
        await check_request(plan)
        plan = await approve_video(plan)
        plans = await plan_languages(request.languages, plan, written)
        music = await take_in_music_bed(request.music) if request.music else None
        others = [await _make_film(each, music, progress) for each in plans[1:]]
        return await _make_film(plans[0], music, progress, tuple(others))


async def _make_film(
    language: LanguagePlan, music: MusicBed | None, progress: RunProgress, others: tuple[Manifest, ...] = ()
) -> Manifest:
    """Make the film in one language. `others` are the films of the same run in further languages."""
    plan = language.plan
    await check_request(plan)
    progress.change(lambda now: now.with_scenes(len(plan.scenes)))
    async with prewarmed_child():
        scenes = await make_scenes(plan.scene_requests(), make_scene, plan.on_scene_failure, scenes_at_once())
    parts = FilmParts(
        plan,
        scenes.film_reports(),
        music=music,
        outline_calls=language.calls,
        storyboard=language.report,
        language=language.language,
        other_languages=others,
    )
    return await finish(parts, plan.merge, progress)
