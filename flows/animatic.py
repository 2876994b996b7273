"""The animatic of a film: what a person watches before anything is paid."""

import asyncio

from callsheet.model.film.media import Video
from callsheet.model.film.profile import draft_of
from callsheet.model.film.timeline import MergeOptions, TransitionName
from callsheet.model.requests.movie import MovieRequest, ShotRequest
from callsheet.model.run.manifest import SceneReport
from flows.finishing import cut_film
from tasks.boards import MovieBoard
from tasks.publishing import FilmParts
from tasks.run.pause import all_of
from tasks.run.progress import tell_stage
from tasks.shots import film_shot_clip, speak_board
from tasks.wiring import scenes_at_once


async def make_animatic(request: MovieRequest, board: MovieBoard) -> Video:
    """Return the shots of a board as Callsheet draws and films them, with their voices and captions.

    It is small, in the shape of the film. It asks no paid model. A second of its pictures takes half a second of a
    core, a third of what the profile `hd` takes. The film finds each sentence that it speaks.

    Raises as `speak_board` does.
    """
    cuts = MergeOptions(transition=TransitionName.NONE)
    drawn = {"panel_model": "", "video_model": "", "profile": draft_of(request.profile), "merge": cuts}
    request = request.model_copy(update=drawn)
    shots = await speak_board(request, board, stage="panels")
    free = asyncio.Semaphore(scenes_at_once())
    filmed = 0

    async def film(shot: ShotRequest) -> SceneReport:
        nonlocal filmed
        async with free:
            report = await film_shot_clip(shot)
        filmed += 1
        tell_stage("panels", f"{filmed} of {len(shots.requests)} shots of the animatic are filmed", 0)
        return report

    reports = tuple(await all_of(map(film, shots.requests)))
    parts = FilmParts(shots.plan, reports, chapters=shots.chapters, language=board.language)
    return (await cut_film(parts, request.merge)).video
