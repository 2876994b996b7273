"""Uploads: from this machine's disk into the store, where readers of the video find it."""

import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from prefect.runtime import flow_run

from callsheet.errors import TransientError
from callsheet.media.probe import ffmpeg_version, probe_video
from callsheet.media.untrusted import probe_untrusted_clip
from callsheet.model.film.caption_files import CaptionFiles
from callsheet.model.film.media import Clip, Stills, StoredObject, Video
from callsheet.model.film.profile import RenderProfile
from callsheet.model.film.scenes import SceneFile
from callsheet.model.film.sound import MusicBed, NarrationMix
from callsheet.model.film.timeline import Timeline
from callsheet.model.footage.orders import FootageRecord, spent_usd
from callsheet.model.run.cost import ModelCall, total_usd
from callsheet.model.run.kinds import FilmRequest
from callsheet.model.run.manifest import Manifest, SceneOutcome, SceneReport, StepTime
from callsheet.model.run.timing import TimingReport, timing_of
from callsheet.model.run.writing import StoryboardReport
from callsheet.plugins import plugin_versions
from callsheet.scratch import scratch_dir
from callsheet.storage.keys import media_type_of
from callsheet.storage.publish import VIDEOS, publish
from callsheet.storage.store import store_media
from callsheet.threads import in_a_thread
from tasks import policies, wiring
from tasks.run import events
from tasks.run.pause import pause_put_off
from tasks.step import step

PACKAGES = ("callsheet", "prefect", "manim", "av", "typst", "pillow")


async def upload(path: Path, kind: str, media_type: str, *, move: bool = True) -> StoredObject:
    """Upload a finished file under a name from its content; with `move`, give it away.

    The file is on this machine, so this runs inside the step that made it. If the store is down, only the upload is
    repeated, never the render. A requested pause begins when the file is stored.
    """
    try:
        with pause_put_off():
            return await _upload(path, kind, media_type, move=move)
    except TransientError as error:
        error.is_given_up = True
        raise


@step(policies.STORING, name="upload", run_name="upload {kind}")
async def _upload(path: Path, kind: str, media_type: str, *, move: bool) -> StoredObject:
    # The store is opened in the thread, too: if its block has to be loaded, that asks the server.
    return await in_a_thread(lambda: store_media(wiring.store(), path, kind, media_type, move=move))


async def store_clip(path: Path, profile: RenderProfile) -> Clip:
    """Measure and store a rendered scene, a file that was not checked before."""
    facts = await probe_untrusted_clip(path, profile, wiring.stage_limits())
    return Clip(stored=await upload(path, "clips", "video/mp4"), **facts)


async def store_video(path: Path, profile: RenderProfile) -> Video:
    """Measure and store a finished film."""
    facts = await in_a_thread(probe_video, path, profile)
    return Video(stored=await upload(path, VIDEOS, "video/mp4"), **facts)


async def store_picture(path: Path) -> StoredObject:
    """Store a still, JPEG or PNG by its name."""
    return await upload(path, "stills", media_type_of(path.name))


async def store_scene_file(name: str, path: Path) -> SceneFile:
    """Store a file that scene code opens as `name`; the user's own file stays."""
    return SceneFile(name=name, stored=await upload(path, "scene-files", media_type_of(name), move=False))


async def store_timing(report: TimingReport) -> StoredObject:
    """Store the timing report of a film as JSON."""
    with scratch_dir(wiring.scratch_root(), "timing") as folder:
        path = folder / "timing.json"
        path.write_text(report.model_dump_json(indent=2), encoding="utf-8")
        return await upload(path, "timing", "application/json")


@dataclass(frozen=True)
class FilmParts:
    """The finished scenes of a film, and what goes into it with them."""

    request: FilmRequest
    scenes: tuple[SceneReport, ...]
    """In the order of the film; a scene that failed has a card or no clip."""
    captions: tuple[str, ...] = ()
    """Those of all scenes, or none at all."""
    chapters: tuple[str, ...] = ()
    """The chapter that begins with each scene, empty where none does; without any, each scene is a chapter."""
    language: str = ""
    """The language that is spoken; empty if the request tells it."""
    music: MusicBed | None = None
    outline_calls: tuple[ModelCall, ...] = ()
    """Questions to a model about the whole film."""
    storyboard: StoryboardReport | None = None
    """Who wrote the storyboard of a document."""
    other_languages: tuple[Manifest, ...] = ()
    """The same film in further languages, published before this one."""
    footage: tuple[FootageRecord, ...] = ()
    """Footage that belongs to no single scene."""
    footage_estimate_usd: float | None = None


@dataclass(frozen=True)
class FilmFiles:
    """The stored files of a film."""

    video: Video
    stills: Stills
    captions: CaptionFiles | None
    sound: NarrationMix | None = None


async def publish_video(
    parts: FilmParts, timeline: Timeline, files: FilmFiles, steps: tuple[StepTime, ...]
) -> Manifest:
    """Make the video public: media first, manifest last, so that a reader never sees half of it."""
    request, scenes = parts.request, parts.scenes
    calls = (*parts.outline_calls, *(call for report in scenes for call in report.model_calls))
    versions = {**{package: policies.installed(package) for package in PACKAGES}, **plugin_versions()}
    manifest = Manifest(
        title=request.title,
        video=files.video,
        stills=files.stills,
        captions=files.captions.webvtt if files.captions else None,
        subtitles=files.captions.subrip if files.captions else None,
        music=parts.music,
        sound=files.sound,
        timeline=timeline,
        scenes=scenes,
        missing_scenes=tuple(report.name for report in scenes if report.outcome is not SceneOutcome.RENDERED),
        request=request,
        versions={**versions, "python": platform.python_version(), "ffmpeg": ffmpeg_version()},
        steps=steps,
        language=parts.language,
        other_languages=parts.other_languages,
        storyboard=parts.storyboard,
        model_calls=calls,
        model_calls_usd=total_usd(calls),
        footage_estimate_usd=parts.footage_estimate_usd,
        footage=parts.footage,
        footage_usd=spent_usd([*parts.footage, *(record for report in scenes for record in report.footage)]),
        run_id=str(flow_run.id),
        created_at=datetime.now(UTC),
    )
    if timing := timing_of(manifest):
        manifest = manifest.model_copy(update={"timing": await store_timing(timing)})
    await _publish(manifest)
    events.video_published(manifest, wiring.media_url(files.video.stored))
    return manifest


@step(policies.STORING, name="publish-video")
async def _publish(manifest: Manifest) -> None:
    await in_a_thread(lambda: publish(wiring.store(), manifest))
