"""The edit: it joins clips to one video, and makes its stills."""

from collections.abc import Sequence

from callsheet.media.join import join_clips
from callsheet.media.stills import make_stills as picture
from callsheet.media.tracks import add_tracks as mux_tracks
from callsheet.model.film.captions import scene_cues, webvtt
from callsheet.model.film.media import Stills, StoredObject, Video, stored_objects
from callsheet.model.film.profile import PROFILES
from callsheet.model.film.sound import MusicBed
from callsheet.model.film.timeline import Timeline
from callsheet.scratch import scratch_dir
from callsheet.threads import in_a_thread
from callsheet.timebase import seconds_of
from tasks import policies, wiring
from tasks.publishing import store_picture, store_video, upload
from tasks.run import reporting
from tasks.step import step


@step(policies.MERGING, name="merge-clips")
async def merge_clips(timeline: Timeline) -> Video:
    """Join clips to one stored video."""
    profile = PROFILES[timeline.shots[0].clip.profile]
    async with wiring.at_hand("merge", [shot.clip.stored for shot in timeline.shots]) as (folder, clips):
        out = folder / "video.mp4"
        cache = wiring.window_cache(policies.made_by(policies.MEDIA_MODULES, policies.MEDIA_PACKAGES))
        await in_a_thread(join_clips, timeline, clips, out, profile, reporting.on_merge_progress(), cache)
        return await store_video(out, profile)


async def caption(timeline: Timeline, captions: Sequence[str]) -> StoredObject | None:
    """Store a WebVTT file with one caption a shot, empty for none; return None without text."""
    cues = scene_cues(timeline, captions)
    if not cues:
        return None
    with scratch_dir(wiring.scratch_root(), "captions") as folder:
        path = folder / "captions.vtt"
        path.write_text(webvtt(cues), encoding="utf-8")
        return await upload(path, "captions", "text/vtt")


@step(policies.MUXING, name="add-tracks")
async def add_tracks(video: Video, music: MusicBed | None, captions: StoredObject | None) -> Video:
    """Lay music under the video, and add captions beside its pictures."""
    given = stored_objects((video.stored, music, captions))
    async with wiring.at_hand("tracks", given) as (folder, paths):
        at_hand = {stored.key: path for stored, path in zip(given, paths, strict=True)}
        out = folder / "video.mp4"
        await in_a_thread(
            mux_tracks,
            at_hand[video.stored.key],
            seconds_of(video.frames, video.frame_rate),
            video.has_audio,
            (at_hand[music.sound.stored.key], music) if music else None,
            at_hand[captions.key] if captions else None,
            out,
        )
        return await store_video(out, PROFILES[video.profile])


@step(policies.PICTURING, name="make-stills")
async def make_stills(video: Video, title: str, poster_frames: tuple[int, int] | None = None) -> Stills:
    """Make poster, thumbnail and contact sheet; the poster comes from `poster_frames`."""
    async with wiring.at_hand("stills", [video.stored]) as (folder, [path]):
        made = await in_a_thread(picture, path, title, folder, poster_frames)
        poster, thumbnail, sheet = [
            await store_picture(picture) for picture in (made.poster, made.thumbnail, made.contact_sheet)
        ]
        return Stills(poster=poster, thumbnail=thumbnail, contact_sheet=sheet)
