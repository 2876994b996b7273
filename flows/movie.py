"""A screenplay becomes a film or a trailer: read, plan the shots, approve, speak, film each shot, merge, publish."""

from prefect import flow

from callsheet.model.deployed import deployed
from callsheet.model.footage.orders import total_estimate_usd
from callsheet.model.requests.movie import MovieRequest, MovieStage, ShotRequest
from callsheet.model.run.manifest import Manifest, SceneReport
from callsheet.model.run.progress import MOVIE_BANDS
from callsheet.model.run.stopped_film import StoppedFilm
from flows.animatic import make_animatic
from flows.finishing import finish
from flows.scene_set import make_scenes
from tasks.boards import approve_board, paint_board, plan_movie, report_on, stop_after_animatic, stop_after_board
from tasks.intake import take_in_music_bed
from tasks.painting import check_models
from tasks.publishing import FilmParts
from tasks.run.lifecycle import video_run
from tasks.run.progress import progress_of
from tasks.run.reporting import report_scene
from tasks.run.request import name_run, take_request
from tasks.screenplays import analyse_script, stop_after_analysis
from tasks.shots import film_shot_clip, report_makers, speak_board, stop_after_clips
from tasks.wiring import footage_at_once, scenes_at_once


@deployed("A screenplay becomes a film or a trailer. Board, progress, table of shots and player are in the artifacts.")
@flow(name="script-to-movie", flow_run_name=name_run, validate_parameters=False, persist_result=True)
@take_request
async def make_movie(request: MovieRequest) -> Manifest | StoppedFilm:
    """Make a film of a screenplay, or stop after the stage that the request names.

    Args:
        request: The screenplay or its shots, the mode and length, voices, music and profile of the film.
    """
    async with video_run(request.title, scenes=1) as progress:
        with progress.timed("planning the shots"):
            await check_models(request)
            script = await analyse_script(request)
            if request.stop_after is MovieStage.ANALYSIS:
                return await stop_after_analysis(request, script)
            board = await plan_movie(request, script)
        if request.stop_after is MovieStage.ANIMATIC:
            return await stop_after_animatic(request, board, await make_animatic(request, board))
        board = await approve_board(request, board, make_animatic)
        board = await paint_board(request, board)
        if request.stop_after is MovieStage.BOARD:
            return await stop_after_board(request, board)
        music = await take_in_music_bed(request.music) if request.music else None
        with progress.timed("speaking"):
            shots = await speak_board(request, board)
        progress.change(lambda now: now.with_scenes(len(shots.requests), MOVIE_BANDS["clips"]))
        at_once = footage_at_once() if request.video_model else scenes_at_once()
        scenes = await make_scenes(shots.requests, film_shot, request.on_scene_failure, at_once)
        makers = await report_makers(board, scenes.finished)
        reports = scenes.film_reports()
        if request.stop_after is MovieStage.CLIPS:
            return await stop_after_clips(board, shots, reports)
        parts = FilmParts(
            shots.plan,
            reports,
            chapters=shots.chapters,
            language=board.language,
            music=music,
            storyboard=report_on(request, board, shots.left_out),
            footage=makers,
            footage_estimate_usd=total_estimate_usd(board.estimates.values()) if board.estimates else None,
        )
        return await finish(parts, request.merge, progress)


@flow(name="film-shot", flow_run_name=name_run, validate_parameters=False)
@take_request
async def film_shot(request: ShotRequest) -> SceneReport:
    """Film one shot of a screenplay.

    Args:
        request: The shot, its drawing, its length, and what is said in it.
    """
    async with progress_of(request.label, scenes=1):
        report = await film_shot_clip(request)
        await report_scene(report, request.label)
    return report
