"""The end of every video: merge clips, add tracks, make stills, publish the video with its manifest."""

from collections.abc import Awaitable
from dataclasses import dataclass

from callsheet.model.film.caption_files import CaptionFiles
from callsheet.model.film.media import Video
from callsheet.model.film.sound import MusicBed, NarrationMix
from callsheet.model.film.timeline import MergeOptions, Timeline, plan_timeline
from callsheet.model.film.voice_track import VoiceTrack, lay_voice
from callsheet.model.run.manifest import Manifest, SceneOutcome, title_frames
from tasks.editing import add_tracks, burn_captions, caption, cues_of, make_stills, merge_clips, mix_narration
from tasks.plugin_stages import run_film_stages
from tasks.publishing import FilmFiles, FilmParts, publish_video
from tasks.run.pause import all_of
from tasks.run.progress import RunProgress
from tasks.run.reporting import report_video


@dataclass(frozen=True)
class FilmCut:
    """A film with its tracks, not yet published."""

    timeline: Timeline
    video: Video
    captions: CaptionFiles | None
    sound: NarrationMix | None


async def finish(parts: FilmParts, merge: MergeOptions, progress: RunProgress) -> Manifest:
    """Make and publish the video from finished scenes."""
    request = parts.request
    async with progress.step("merging the scenes"):
        cut = await cut_film(parts, merge)
    async with progress.step("making the stills"):
        stills = await make_stills(cut.video, request.title, title_frames(request, parts.scenes, cut.timeline))
    async with progress.step("publishing"):
        files = FilmFiles(cut.video, stills, cut.captions, cut.sound)
        manifest = await publish_video(parts, cut.timeline, files, progress.steps)
    await report_video(manifest)
    await run_film_stages(manifest)
    return manifest


async def cut_film(parts: FilmParts, merge: MergeOptions) -> FilmCut:
    """Join the clips of scenes, and lay voices, captions and music beside them.

    A scene that a card replaces has no caption: the words would describe a missing picture.
    """
    request, scenes = parts.request, parts.scenes
    captions = parts.captions or ("",) * len(scenes)
    seen = [(report, words) for report, words in zip(scenes, captions, strict=True) if report.clip]
    chapters = parts.chapters or tuple(report.name for report in scenes)
    named = tuple(name for report, name in zip(scenes, chapters, strict=True) if report.clip)
    timeline = plan_timeline(tuple(report.clip for report, _ in seen if report.clip), merge)
    voice = None
    if any(report.speech for report, _ in seen):
        language = parts.language or getattr(request, "spoken_language", "en")
        voice = lay_voice(timeline, [report.speech for report, _ in seen], language)
    video, mix = await _picture_and_sound(timeline, named, voice, parts.music)
    read = [words if report.outcome is SceneOutcome.RENDERED else "" for report, words in seen]
    cues = cues_of(timeline, read, voice)
    subtitles = await caption(cues) if cues else None
    style = getattr(request, "burnt_captions", None)
    if style and cues:
        video = await burn_captions(video, cues, style, voice.language if voice else "")
    if parts.music or subtitles or mix:
        music = None if mix else parts.music
        video = await add_tracks(video, music, subtitles.webvtt if subtitles else None, mix)
    return FilmCut(timeline, video, subtitles, mix)


async def _picture_and_sound(
    timeline: Timeline, chapters: tuple[str, ...], voice: VoiceTrack | None, music: MusicBed | None
) -> tuple[Video, NarrationMix | None]:
    """Return the joined clips, and the mix of a film that speaks.

    Both are made at the same time, unless the mix needs the sound of the joined clips.
    """
    merging = merge_clips(timeline, chapters)
    if voice is None:
        return await merging, None
    frame_rate = timeline.shots[0].clip.frame_rate
    if any(shot.clip.has_audio for shot in timeline.shots):
        joined = await merging
        return joined, await mix_narration(timeline.frames, frame_rate, voice, music, joined.stored)
    mixing = mix_narration(timeline.frames, frame_rate, voice, music)
    both: tuple[Awaitable[Video | NarrationMix], ...] = (merging, mixing)
    video, mix = await all_of(both)
    assert isinstance(video, Video)
    assert isinstance(mix, NarrationMix)
    return video, mix
