"""A picture becomes a video: taken in, edited, animated, published. Each step is kept, and none is paid for twice."""

from prefect import flow

from callsheet.model.deployed import deployed
from callsheet.model.footage_orders import FootageRecord, at_most_usd, total_estimate_usd
from callsheet.model.image_requests import ImageVideoRequest
from callsheet.model.manifest import Manifest, SceneOutcome, SceneReport
from callsheet.model.media import Clip
from callsheet.model.requests import MergeOptions
from callsheet.model.scenes import Origin, OriginKind
from flows.finishing import finish
from tasks.allowing import costs_allowed
from tasks.filming import filming
from tasks.footage import estimate_footage, make_clip, make_footage
from tasks.footage_report import report_estimate, report_footage
from tasks.given_files import take_in_picture
from tasks.reporting import report_scene


@deployed("A picture is edited and begins to move. Estimate, player, and who made what are in the artifacts.")
@flow(name="image-to-video", flow_run_name="{request.title}", persist_result=True)
async def image_to_video(request: ImageVideoRequest) -> Manifest:
    """Edit a picture, and make it move.

    Args:
        request: The picture, what is changed in it, how it moves, for how long, and in which profile.
    """
    async with filming(request.title, scenes=1) as progress:
        estimates = await estimate_footage(request.orders())
        await report_estimate(estimates)
        await costs_allowed(request.title, at_most_usd(estimates.values()))
        clip, footage = await _animate(request)
        report = scene_of_footage(1, request.title, clip, tuple(footage.values()))
        await report_footage(footage)
        await report_scene(report, request.title)
        return await finish(
            request, (report,), progress, MergeOptions(), footage_estimate_usd=total_estimate_usd(estimates.values())
        )


async def _animate(request: ImageVideoRequest) -> tuple[Clip, dict[str, FootageRecord]]:
    """The clip, and who edited and who animated."""
    picture = await take_in_picture(request.picture, "picture")
    footage: dict[str, FootageRecord] = {}
    if request.edit:
        edited = await make_footage(request.edit_order(picture), "edit")
        picture, footage["edit"] = edited.stored, edited.record
    clip, footage["video"] = await make_clip(request.video_order(picture), "video")
    return clip, footage


def scene_of_footage(number: int, name: str, clip: Clip, footage: tuple[FootageRecord, ...]) -> SceneReport:
    """The report of a scene that is made of pictures."""
    last = footage[-1]
    origin = Origin(kind=OriginKind.FOOTAGE, maker=f"{last.provider} {last.model}", note=" ".join(last.notes))
    return SceneReport(
        number=number, name=name, outcome=SceneOutcome.RENDERED, clip=clip, origin=origin, footage=footage
    )
