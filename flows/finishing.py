"""The end of every video: merge clips, add tracks, make stills, publish the video with its manifest."""

from callsheet.model.film.sound import MusicBed
from callsheet.model.film.timeline import MergeOptions, plan_timeline
from callsheet.model.run.cost import ModelCall
from callsheet.model.run.kinds import FilmRequest
from callsheet.model.run.manifest import Manifest, SceneOutcome, SceneReport, title_frames
from tasks.editing import add_tracks, caption, make_stills, merge_clips
from tasks.publishing import publish_video
from tasks.run.progress import RunProgress
from tasks.run.reporting import report_video


async def finish(
    request: FilmRequest,
    scenes: tuple[SceneReport, ...],
    progress: RunProgress,
    merge: MergeOptions,
    *,
    captions: tuple[str, ...] = (),
    music: MusicBed | None = None,
    outline_calls: tuple[ModelCall, ...] = (),
    footage_estimate_usd: float | None = None,
) -> Manifest:
    """Make the video from finished scenes. `captions` are those of all scenes, or none at all.

    A scene that a card replaces has no caption: the words would describe a missing picture.
    """
    seen = [
        (report, words) for report, words in zip(scenes, captions or ("",) * len(scenes), strict=True) if report.clip
    ]
    timeline = plan_timeline(tuple(report.clip for report, _ in seen if report.clip), merge)
    async with progress.step("merging the scenes"):
        video = await merge_clips(timeline)
        read = [words if report.outcome is SceneOutcome.RENDERED else "" for report, words in seen]
        subtitles = await caption(timeline, read)
        if music or subtitles:
            video = await add_tracks(video, music, subtitles)
    async with progress.step("making the stills"):
        stills = await make_stills(video, request.title, title_frames(request, scenes, timeline))
    async with progress.step("publishing"):
        manifest = await publish_video(
            request, timeline, scenes, video, stills, progress.steps, outline_calls, footage_estimate_usd, subtitles
        )
    await report_video(manifest)
    return manifest
