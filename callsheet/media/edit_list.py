"""The edit of a film as an OpenTimelineIO timeline: scenes, voice and music as tracks, captions as markers.

A pure function of values. Every time counts frames of the film. Pictures stand at whole frames, sounds at 256ths of a
frame, which last less than 0.3 ms. OTIO keeps times as floats: sums of such fractions are exact. Its reader of JSON is
exact for 15 digits, and finer fractions have more.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import floor
from pathlib import PurePosixPath

from opentimelineio import opentime, schema

from callsheet.media.tracks import gain_db
from callsheet.model.film.captions import Cue
from callsheet.model.film.media import StoredObject
from callsheet.model.film.timeline import Shot, Timeline, TransitionName
from callsheet.model.film.voice_track import HeardSentence, lay_voice
from callsheet.model.run.manifest import Manifest, SceneReport

FRAME_PARTS = 256
MUSIC_RATE_HZ = 48_000
_DIGEST_DIGITS = 8
_NAMESPACE = "callsheet"
"""Where OTIO keeps what is ours alone."""


@dataclass(frozen=True)
class EditMedia:
    """What the edit needs to know of the files beside it."""

    urls: Mapping[str, str]
    """The address of each file, by its key in the store."""
    music_samples: int = 0
    """Length of the music at 48 kHz; 0 without music."""


@dataclass(frozen=True)
class _Sound:
    """A sound on a track, in 256ths of a frame."""

    start: int
    length: int
    clip: schema.Clip


def edit_of(manifest: Manifest, cues: Sequence[Cue], media: EditMedia) -> schema.Timeline:
    """Return the edit of a film: as long as the film, with each picture and each sentence where it is in the film."""
    timeline, rate = manifest.timeline, manifest.video.frame_rate
    edit = schema.Timeline(
        name=manifest.title,
        global_start_time=_frames(0, rate),
        metadata={
            _NAMESPACE: {"run_id": manifest.run_id, "width": manifest.video.width, "height": manifest.video.height}
        },
    )
    shown = _shown(manifest)
    tracks = [_picture_track(shown, timeline, media)]
    if any(shot.clip.has_audio for shot in timeline.shots):
        tracks.append(_scene_sound_track(shown, timeline, media))
    tracks += _voice_tracks(manifest, media)
    if manifest.music:
        tracks.append(_music_track(manifest, media))
    edit.tracks.extend(tracks)
    edit.tracks.markers.extend([*_scene_markers(shown, timeline, rate), *_caption_markers(cues, rate)])
    return edit


def edit_media(manifest: Manifest) -> dict[str, StoredObject]:
    """Return the stored files that the edit needs, by the names of their copies: each once.

    A name holds a part of the digest of the content. So a later version of the film does not change a file that an
    earlier edit names.
    """
    shown = _shown(manifest)
    wanted = [(f"scene-{place:02}", scene.clip.stored) for place, scene in enumerate(shown, 1) if scene.clip]
    wanted += [(f"voice-{place:03}", heard.spoken.stored) for place, heard in enumerate(_heard(manifest), 1)]
    if manifest.music:
        wanted.append(("music", manifest.music.sound.stored))
    first = {stored.key: (name, stored) for name, stored in reversed(wanted)}
    return {
        f"{name}-{stored.sha256[:_DIGEST_DIGITS]}{PurePosixPath(stored.key).suffix}": stored
        for name, stored in reversed(first.values())
    }


def lacks(manifest: Manifest) -> str:
    """Return a sentence about the tracks that the edit does not have; nothing if it has all."""
    parts = {"voice": _heard(manifest), "music": manifest.music, "captions": manifest.subtitles}
    missing = [f"no {name}" for name, part in parts.items() if not part]
    if not missing:
        return ""
    *others, last = missing
    words = f"{', '.join(others)} and {last}" if others else last
    return f"The edit of “{manifest.title}” has {words}, because the film has none."


def _shown(manifest: Manifest) -> tuple[SceneReport, ...]:
    """Return the scenes that are seen: those of the shots of the timeline."""
    return tuple(scene for scene in manifest.scenes if scene.clip)


def _heard(manifest: Manifest) -> tuple[HeardSentence, ...]:
    """Return what voices say, at its place in the film; a sentence that stayed silent is not heard."""
    voice = lay_voice(manifest.timeline, [scene.speech for scene in _shown(manifest)], manifest.language or "en")
    return tuple(heard for heard in voice.sentences if heard.spoken.sentence.voice)


def _picture_track(shown: Sequence[SceneReport], timeline: Timeline, media: EditMedia) -> schema.Track:
    track = schema.Track(name="Scenes", kind=schema.TrackKind.Video)
    cut_points = pairwise((0, *timeline.cut_frames()))
    for scene, shot, (start, end) in zip(shown, timeline.shots, cut_points, strict=True):
        if shot.overlap_frames:
            track.append(_transition(shot, timeline.transition))
        track.append(_shot_clip(scene, shot, start, end, media))
    return track


def _scene_sound_track(shown: Sequence[SceneReport], timeline: Timeline, media: EditMedia) -> schema.Track:
    """Return the clips' own sound, with the transitions of the pictures."""
    track = schema.Track(name="Scene sound", kind=schema.TrackKind.Audio)
    cut_points = pairwise((0, *timeline.cut_frames()))
    sounded_before = False
    for scene, shot, (start, end) in zip(shown, timeline.shots, cut_points, strict=True):
        if shot.overlap_frames and (sounded_before or shot.clip.has_audio):
            track.append(_transition(shot, TransitionName.FADE))
        if shot.clip.has_audio:
            track.append(_shot_clip(scene, shot, start, end, media))
        else:
            track.append(schema.Gap(duration=_frames(end - start, shot.clip.frame_rate)))
        sounded_before = shot.clip.has_audio
    return track


def _shot_clip(scene: SceneReport, shot: Shot, start: int, end: int, media: EditMedia) -> schema.Clip:
    """Return a shot from the middle of its first transition to the middle of its last one: what is not in both."""
    rate = shot.clip.frame_rate
    return schema.Clip(
        name=scene.name,
        media_reference=schema.ExternalReference(
            target_url=media.urls[shot.clip.stored.key], available_range=_range(0, shot.clip.frames, rate)
        ),
        source_range=_range(start - shot.start_frame, end - start, rate),
        metadata={_NAMESPACE: {"scene": scene.number, "outcome": str(scene.outcome)}},
    )


def _transition(shot: Shot, transition: TransitionName) -> schema.Transition:
    """Return the transition into a shot. OTIO knows the cross-fade alone; others are custom, with our name."""
    before, rate = shot.overlap_frames // 2, shot.clip.frame_rate
    is_fade = transition is TransitionName.FADE
    return schema.Transition(
        name=str(transition),
        transition_type=schema.TransitionTypes.SMPTE_Dissolve if is_fade else schema.TransitionTypes.Custom,
        in_offset=_frames(before, rate),
        out_offset=_frames(shot.overlap_frames - before, rate),
        metadata={_NAMESPACE: {"transition": str(transition)}},
    )


def _voice_tracks(manifest: Manifest, media: EditMedia) -> list[schema.Track]:
    """Return the voice as a track; sentences that are heard at once have one more each."""
    rate = manifest.video.frame_rate
    lanes: list[list[_Sound]] = []
    for heard in _heard(manifest):
        sound = _voice_sound(heard, rate, media)
        # A start may be rounded down and the end before it not: by one part at most.
        lane = next((lane for lane in lanes if lane[-1].start + lane[-1].length <= sound.start + 1), None)
        if lane is None:
            lanes.append(lane := [])
        lane.append(sound)
    return [
        _sound_track("Voice" if number == 1 else f"Voice {number}", lane, rate) for number, lane in enumerate(lanes, 1)
    ]


def _voice_sound(heard: HeardSentence, rate: int, media: EditMedia) -> _Sound:
    sentence, stored = heard.spoken.sentence, heard.spoken.stored
    assert sentence.voice
    said = {"text": sentence.text, "voice": sentence.voice.name, "speaker": heard.speaker}
    clip = schema.Clip(
        name=sentence.text,
        media_reference=schema.ExternalReference(
            target_url=media.urls[stored.key],
            available_range=_range(0, sentence.samples, sentence.sample_rate_hz),
        ),
        metadata={_NAMESPACE: {name: value for name, value in said.items() if value}},
    )
    length = floor(Fraction(sentence.samples, sentence.sample_rate_hz) * rate * FRAME_PARTS)
    return _Sound(round(Fraction(heard.start_s) * rate * FRAME_PARTS), length, clip)


def _music_track(manifest: Manifest, media: EditMedia) -> schema.Track:
    """Return the music, repeated until the film ends. Its level is in the metadata: OTIO has no levels."""
    assert manifest.music
    bed, sound, rate = manifest.music, manifest.music.sound, manifest.video.frame_rate
    length = max(1, floor(Fraction(media.music_samples, MUSIC_RATE_HZ) * rate * FRAME_PARTS))
    end = manifest.timeline.frames * FRAME_PARTS
    levels = {"loudness_lufs": bed.loudness_lufs, "gain_db": gain_db(bed), "fade_out_s": bed.fade_out_s}
    if manifest.sound and manifest.sound.music_under_speech_lufs is not None:
        levels["under_speech_lufs"] = manifest.sound.music_under_speech_lufs
    said = {_NAMESPACE: {**levels, "credit": sound.credit}}

    def repetitions() -> Iterator[_Sound]:
        for start in range(0, end, length):
            reference = schema.ExternalReference(
                target_url=media.urls[sound.stored.key], available_range=_range(0, media.music_samples, MUSIC_RATE_HZ)
            )
            clip = schema.Clip(name="Music", media_reference=reference, metadata=said)
            yield _Sound(start, min(length, end - start), clip)

    return _sound_track("Music", list(repetitions()), rate)


def _sound_track(name: str, sounds: Sequence[_Sound], rate: int) -> schema.Track:
    """Return sounds in the order of their starts, with gaps between them."""
    track = schema.Track(name=name, kind=schema.TrackKind.Audio)
    ends = 0
    for place, sound in enumerate(sounds):
        if sound.start > ends:
            track.append(schema.Gap(duration=_parts(sound.start - ends, rate)))
        after = sounds[place + 1].start if place + 1 < len(sounds) else sound.start + sound.length
        length = min(sound.length, after - sound.start)
        sound.clip.source_range = opentime.TimeRange(_frames(0, rate), _parts(length, rate))
        track.append(sound.clip)
        ends = sound.start + length
    return track


def _scene_markers(shown: Sequence[SceneReport], timeline: Timeline, rate: int) -> Iterator[schema.Marker]:
    for scene, (start, end) in zip(shown, pairwise((0, *timeline.cut_frames())), strict=True):
        yield schema.Marker(
            name=scene.name, marked_range=_range(start, end - start, rate), color=schema.MarkerColor.GREEN
        )


def _caption_markers(cues: Sequence[Cue], rate: int) -> Iterator[schema.Marker]:
    for cue in cues:
        start, end = (round(Fraction(time_ms * rate, 1000)) for time_ms in (cue.start_ms, cue.end_ms))
        yield schema.Marker(
            name=" ".join(cue.text.split()),
            marked_range=_range(start, max(1, end - start), rate),
            color=schema.MarkerColor.YELLOW,
            comment=cue.text,
        )


def _range(start: int, length: int, rate: int) -> opentime.TimeRange:
    return opentime.TimeRange(_frames(start, rate), _frames(length, rate))


def _frames(number: int, rate: int) -> opentime.RationalTime:
    return opentime.RationalTime(number, rate)


def _parts(number: int, rate: int) -> opentime.RationalTime:
    return opentime.RationalTime(number / FRAME_PARTS, rate)
