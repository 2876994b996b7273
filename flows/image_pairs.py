"""A storyboard of picture pairs becomes a video: taken in, estimated, approved, animated at once, merged, published."""

import asyncio

from prefect import flow

from callsheet.errors import VideoIncomplete
from callsheet.model.deployed import deployed
from callsheet.model.requests.pictures import ImagePairsRequest, PairRequest
from callsheet.model.requests.video import SceneFailurePolicy
from callsheet.model.run.manifest import Manifest, SceneOutcome, SceneReport
from callsheet.model.run.waiting import can_resume_later
from flows.finishing import finish
from flows.image_video import scene_of_footage
from flows.scene import make_placeholder
from tasks.footage import make_clip
from tasks.picture_pairs import PicturePairs, approve_pairs
from tasks.run.footage_report import report_footage
from tasks.run.lifecycle import video_run
from tasks.run.pause import all_of
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
        reports = await _animate(board)
        return await finish(
            board.request, reports, progress, request.merge, music=board.music,
            captions=tuple(pair.scene.caption for pair in board.pairs), footage_estimate_usd=board.estimate_usd,
        )  # fmt: skip


@flow(name="animate-pair", flow_run_name=name_run, validate_parameters=False)
@take_request
async def animate_pair(request: PairRequest) -> SceneReport:
    """One scene of a storyboard.

    Args:
        request: The scene, its pictures, and how it is made.
    """
    async with progress_of(request.label, scenes=1):
        clip, record = await make_clip(request.order(), request.label)
        report = scene_of_footage(request.number, request.scene.name, clip, (record,))
        await report_scene(report, request.label)
    return report


async def _animate(board: PicturePairs) -> tuple[SceneReport, ...]:
    """All scenes at once, as far as is allowed; where one fails the others are made and kept all the same."""
    free = asyncio.Semaphore(clips_at_once())

    async def animate(pair: PairRequest) -> SceneReport | Exception:
        async with free:
            try:
                return await animate_pair(pair)
            except Exception as error:
                return error

    results = await all_of(map(animate, board.pairs))
    finished = [result for result in results if isinstance(result, SceneReport)]
    # Whatever becomes of the video, it is seen what they have cost.
    await report_footage({report.name: record for report in finished for record in report.footage})
    for result in results:
        if isinstance(result, BaseException) and can_resume_later(result):
            raise result  # only now, when the other scenes are ready and kept
    return await _make_up_for(board, results)


async def _make_up_for(board: PicturePairs, results: list[SceneReport | Exception]) -> tuple[SceneReport, ...]:
    """The reports of all scenes, in film order. What failed is left out, shown as a card, or the end of the run."""
    policy = board.request.on_scene_failure
    missing = {
        pair.number: str(result)
        for pair, result in zip(board.pairs, results, strict=True)
        if isinstance(result, BaseException)
    }
    if missing and (policy is SceneFailurePolicy.FAIL or len(missing) == len(results)):
        raise VideoIncomplete(tuple(missing.values()), scenes=len(results))
    return tuple(
        [
            result if isinstance(result, SceneReport) else await _without(pair, missing[pair.number], policy)
            for pair, result in zip(board.pairs, results, strict=True)
        ]
    )


async def _without(pair: PairRequest, error: str, policy: SceneFailurePolicy) -> SceneReport:
    if policy is SceneFailurePolicy.PLACEHOLDER:
        return await make_placeholder(pair.card_request(), error)
    return SceneReport(number=pair.number, name=pair.scene.name, outcome=SceneOutcome.SKIPPED, error=error)
