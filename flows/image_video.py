"""A picture becomes a video: take in, edit, animate, publish.

Each step is kept, and no step is paid twice.
"""

from prefect import flow

from callsheet.model.deployed import deployed
from callsheet.model.film.media import Clip, StoredObject
from callsheet.model.film.scenes import Origin, OriginKind
from callsheet.model.film.timeline import MergeOptions
from callsheet.model.footage.orders import FootageOrder, FootageRecord, at_most_usd, missing_of, total_estimate_usd
from callsheet.model.requests.pictures import ImageVideoRequest
from callsheet.model.run.manifest import Manifest, SceneOutcome, SceneReport
from flows.finishing import finish
from tasks.footage import estimate_footage, make_clip, make_footage, read_cached_footage
from tasks.intake import take_in_picture
from tasks.publishing import FilmParts
from tasks.run.cost_approval import require_cost_approval
from tasks.run.footage_report import report_estimate, report_footage
from tasks.run.lifecycle import video_run
from tasks.run.reporting import report_scene
from tasks.run.request import name_run, take_request


@deployed("A picture is edited and animated. Estimate, player and makers are in the artifacts.")
@flow(name="image-to-video", flow_run_name=name_run, validate_parameters=False, persist_result=True)
@take_request
async def image_to_video(request: ImageVideoRequest) -> Manifest:
    """Edit a picture and animate it.

    Args:
        request: The picture, what to change in it, how it moves, for how long, and in which profile.
    """
    async with video_run(request.title, scenes=1) as progress:
        picture = await take_in_picture(request.picture, "picture")
        estimates = await estimate_footage(await _orders(request, picture))
        await report_estimate(estimates)
        await require_cost_approval(request.title, at_most_usd(missing_of(estimates.values())))
        clip, footage = await _animate(request, picture)
        report = scene_of_footage(1, request.title, clip, tuple(footage))
        await report_scene(report, request.title)
        parts = FilmParts(request, (report,), footage_estimate_usd=total_estimate_usd(estimates.values()))
        return await finish(parts, MergeOptions(), progress)


async def _orders(request: ImageVideoRequest, picture: StoredObject) -> dict[str, FootageOrder]:
    """Return every job, by its label. A job that starts from a missing edit has no picture yet."""
    if not request.edit:
        return {"video": request.video_order(picture)}
    edit = request.edit_order(picture)
    edited = await read_cached_footage(edit)
    return {"edit": edit, "video": request.video_order(edited.stored) if edited else request.video_order()}


async def _animate(request: ImageVideoRequest, picture: StoredObject) -> tuple[Clip, list[FootageRecord]]:
    """Return the clip and the makers of edit and animation; show each as soon as it is ready."""
    footage: dict[str, FootageRecord] = {}
    if request.edit:
        edited = await make_footage(request.edit_order(picture), "edit")
        picture, footage["edit"] = edited.stored, edited.record
        await report_footage(footage)
    clip, footage["video"] = await make_clip(request.video_order(picture), "video")
    await report_footage(footage)
    return clip, list(footage.values())


def scene_of_footage(number: int, name: str, clip: Clip, footage: tuple[FootageRecord, ...]) -> SceneReport:
    """Return the report of a scene that is made of pictures."""
    last = footage[-1]
    origin = Origin(kind=OriginKind.FOOTAGE, maker=f"{last.provider} {last.model}", note=" ".join(last.notes))
    return SceneReport(
        number=number, name=name, outcome=SceneOutcome.RENDERED, clip=clip, origin=origin, footage=footage
    )
