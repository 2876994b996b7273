"""A storyboard of picture pairs becomes a video: take in, estimate, approve, animate at once, merge, publish."""

from prefect import flow

from callsheet.model.deployed import deployed
from callsheet.model.requests.pictures import ImagePairsRequest, PairRequest
from callsheet.model.run.manifest import Manifest, SceneReport
from flows.finishing import finish
from flows.image_video import scene_of_footage
from flows.scene_set import make_scenes
from tasks.footage import make_clip
from tasks.picture_pairs import approve_pairs
from tasks.publishing import FilmParts
from tasks.run.footage_report import report_footage
from tasks.run.lifecycle import video_run
from tasks.run.progress import progress_of
from tasks.run.reporting import report_scene
from tasks.run.request import name_run, take_request
from tasks.wiring import clips_at_once


@deployed("Pairs of pictures become scenes that lead from the first to the last, joined to one video.")
@flow(name="animate-image-pairs", flow_run_name=name_run, validate_parameters=False, persist_result=True)
@take_request
async def animate_image_pairs(request: ImagePairsRequest) -> Manifest:
    """Animate pairs of pictures, each from its first to its last, and join them.

    Args:
        request: The storyboard: for each scene its first and last picture, a prompt and a length.
    """
    async with video_run(request.title, scenes=len(request.scenes)) as progress:
        board = await approve_pairs(request)
        progress.change(lambda now: now.with_scenes(len(board.pairs)))
        scenes = await make_scenes(board.pairs, animate_pair, board.request.on_scene_failure, clips_at_once())
        # Whatever happens to the video, the costs of the scenes are shown.
        await report_footage({report.name: record for report in scenes.finished for record in report.footage})
        parts = FilmParts(
            board.request,
            scenes.film_reports(cards_suffice=False),
            captions=tuple(pair.scene.caption for pair in board.pairs),
            music=board.music,
            footage_estimate_usd=board.estimate_usd,
        )
        return await finish(parts, request.merge, progress)


@flow(name="animate-pair", flow_run_name=name_run, validate_parameters=False)
@take_request
async def animate_pair(request: PairRequest) -> SceneReport:
    """Animate one scene of a storyboard.

    Args:
        request: The scene, its pictures, and how it is made.
    """
    async with progress_of(request.label, scenes=1):
        clip, record = await make_clip(request.order(), request.label)
        report = scene_of_footage(request.number, request.scene.name, clip, (record,))
        await report_scene(report, request.label)
    return report
