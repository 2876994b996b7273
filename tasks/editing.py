"""The edit: it joins clips to one video, gives it sound and captions, and makes its stills."""

from collections.abc import Sequence

from callsheet.media.burnt_captions import burn_captions as draw_captions
from callsheet.media.join import join_clips
from callsheet.media.narration_mix import PlacedSound
from callsheet.media.narration_mix import mix_narration as write_mix
from callsheet.media.stills import make_stills as picture
from callsheet.media.tracks import add_tracks as mux_tracks
from callsheet.model.film.caption_files import CaptionFiles, subrip, webvtt
from callsheet.model.film.caption_style import CaptionStyle
from callsheet.model.film.captions import Cue, scene_cues, spoken_cues
from callsheet.model.film.media import Stills, StoredObject, Video, stored_objects
from callsheet.model.film.profile import PROFILES
from callsheet.model.film.sound import MusicBed, NarrationMix
from callsheet.model.film.timeline import Timeline
from callsheet.model.film.voice_track import VoiceTrack
from callsheet.scratch import scratch_dir
from callsheet.threads import in_a_thread
from callsheet.timebase import seconds_of
from tasks import policies, wiring
from tasks.publishing import store_picture, store_video, upload
from tasks.run import reporting
from tasks.step import step


@step(policies.MERGING, name="merge-clips")
async def merge_clips(timeline: Timeline, chapters: tuple[str, ...] = ()) -> Video:
    """Join clips to one stored video, with a chapter for each of the names."""
    profile = PROFILES[timeline.shots[0].clip.profile]
    async with wiring.at_hand("merge", [shot.clip.stored for shot in timeline.shots]) as (folder, clips):
        out = folder / "video.mp4"
        cache = wiring.window_cache(policies.made_by(policies.MEDIA_MODULES, policies.MEDIA_PACKAGES))
        await in_a_thread(join_clips, timeline, clips, out, profile, reporting.on_merge_progress(), cache, chapters)
        return await store_video(out, profile)


def cues_of(timeline: Timeline, captions: Sequence[str], voice: VoiceTrack | None) -> tuple[Cue, ...]:
    """Return the cues of what is spoken, or of one text a shot, empty for none."""
    rate = timeline.shots[0].clip.frame_rate
    return spoken_cues(voice, timeline.cut_frames(), rate) if voice else scene_cues(timeline, captions)


async def caption(cues: Sequence[Cue]) -> CaptionFiles:
    """Store cues as the files that players and editors read."""
    with scratch_dir(wiring.scratch_root(), "captions") as folder:
        for_players, for_editors = folder / "captions.vtt", folder / "captions.srt"
        for_players.write_text(webvtt(cues), encoding="utf-8")
        for_editors.write_text(subrip(cues), encoding="utf-8")
        return CaptionFiles(
            webvtt=await upload(for_players, "captions", "text/vtt"),
            subrip=await upload(for_editors, "captions", "application/x-subrip"),
        )


@step(policies.BURNING, name="burn-captions")
async def burn_captions(video: Video, cues: tuple[Cue, ...], style: CaptionStyle, language: str) -> Video:
    """Draw captions into the pictures of the video."""
    profile = PROFILES[video.profile]
    async with wiring.at_hand("captions", [video.stored]) as (folder, [path]):
        out = folder / "video.mp4"
        length_s = seconds_of(video.frames, video.frame_rate)
        await in_a_thread(draw_captions, path, length_s, video.has_audio, cues, style, profile, language, out)
        return await store_video(out, profile)


@step(policies.MIXING, name="mix-narration")
async def mix_narration(
    frames: int, frame_rate: int, voice: VoiceTrack, music: MusicBed | None, own_sound: StoredObject | None = None
) -> NarrationMix:
    """Mix the voice, the music and the sound of the clips to one measured track of the film's length.

    `own_sound` is the joined film, if its clips have sound. Else no picture decides the mix: it is kept if they change.
    """
    given = tuple(dict.fromkeys(stored_objects((own_sound, voice, music))))
    async with wiring.at_hand("mix", given) as (folder, paths):
        at_hand = {stored.key: path for stored, path in zip(given, paths, strict=True)}
        out = folder / "mix.m4a"
        mixed = await in_a_thread(
            write_mix,
            seconds_of(frames, frame_rate),
            [PlacedSound(at_hand[each.spoken.stored.key], each.start_s, each.heard_s) for each in voice.sentences],
            (at_hand[music.sound.stored.key], music) if music else None,
            at_hand[own_sound.key] if own_sound else None,
            out,
        )
        return NarrationMix(
            stored=await upload(out, "sound", "audio/mp4"),
            loudness_lufs=mixed.measured.loudness_lufs,
            true_peak_dbtp=mixed.measured.true_peak_dbtp,
            length_s=mixed.length_s,
            gain_db=mixed.gain_db,
            music_under_speech_lufs=mixed.music_under_speech_lufs,
        )


@step(policies.MUXING, name="add-tracks")
async def add_tracks(
    video: Video, music: MusicBed | None, captions: StoredObject | None, mix: NarrationMix | None = None
) -> Video:
    """Lay music under the video, or give it a finished mix, and add captions beside its pictures."""
    given = stored_objects((video.stored, music, captions, mix))
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
            at_hand[mix.stored.key] if mix else None,
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
