"""Clips to one film by copying packets; only the frames of the transitions are decoded, blended and encoded.

Clips and windows come from the same encoder, so one track can hold both. The join checks before it writes that their
parameter sets are equal. At most two clips are open at a time, and frames stream: memory depends neither on the length
of the film nor on the number of clips.
"""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from av.container import OutputContainer
from av.video.stream import VideoStream

from callsheet import stopping
from callsheet.encoder import open_output
from callsheet.errors import MediaUnfit
from callsheet.media.command import file_url
from callsheet.media.probe import check_track, encoder_extradata
from callsheet.media.reading import VideoPacket, opened, packets_of, video_stream
from callsheet.media.segments import CopiedSegment, Segment, plan_segments
from callsheet.media.sound import add_sound
from callsheet.media.windows import Windows, WindowStore
from callsheet.model.film.profile import RenderProfile
from callsheet.model.film.timeline import Timeline
from callsheet.model.values import Value

if TYPE_CHECKING:
    from av.container.core import Chapter  # in PyAV's annotations only

# Progress once the pictures are joined, if a sound track follows: it takes about as long as they did.
PICTURE_SHARE = 0.5


class JoinReport(Value):
    """The facts of a join: its frames in all, and how many were copied or encoded."""

    frames: int
    copied_frames: int
    encoded_frames: int
    has_audio: bool


def join_clips(
    timeline: Timeline,
    clip_paths: Sequence[Path],
    out: Path,
    profile: RenderProfile,
    on_progress: Callable[[float], None] | None = None,
    cache: WindowStore | None = None,
    chapters: Sequence[str] = (),
) -> JoinReport:
    """Write the film of `timeline` to `out`.

    `clip_paths` are its shots' files, in the same order, and `chapters` their names, or none. A chapter begins with
    each shot that has a name, in the middle of its transition; a film of one chapter has none.

    Encoded windows in the `cache` are used again, and new ones are stored there.
    `on_progress` gets a growing share from 0 to 1, once a second of film. Raises MediaUnfit if a clip is not of this
    encoder and profile, or not as long as the timeline says. Raises Stopped if the film is not needed any more. Then
    `out` does not exist.
    """
    report = on_progress or (lambda _share: None)
    windows = Windows(timeline, clip_paths, profile, out.parent, cache)
    try:
        if not any(shot.clip.has_audio for shot in timeline.shots):
            return _report(_join_pictures(windows, out, report, chapters), has_audio=False)
        return _join_with_sound(windows, out, report, chapters)
    except BaseException:
        out.unlink(missing_ok=True)
        raise


def _join_with_sound(
    windows: Windows, out: Path, report: Callable[[float], None], chapters: Sequence[str]
) -> JoinReport:
    silent = out.with_name(f"{out.stem}.silent{out.suffix}")
    try:
        segments = _join_pictures(windows, silent, lambda share: report(share * PICTURE_SHARE), chapters)
        add_sound(windows.timeline, windows.clip_paths, silent, out)
    finally:
        silent.unlink(missing_ok=True)
    report(1)
    return _report(segments, has_audio=True)


def _report(segments: Sequence[Segment], has_audio: bool) -> JoinReport:
    copied = sum(segment.frames for segment in segments if isinstance(segment, CopiedSegment))
    frames = sum(segment.frames for segment in segments)
    return JoinReport(frames=frames, copied_frames=copied, encoded_frames=frames - copied, has_audio=has_audio)


def _join_pictures(
    windows: Windows, out: Path, report: Callable[[float], None], chapters: Sequence[str]
) -> tuple[Segment, ...]:
    timeline, clip_paths, profile = windows.timeline, windows.clip_paths, windows.profile
    segments = plan_segments(timeline, profile.gop_frames)
    _check_clips(timeline, clip_paths, profile)
    with open_output(file_url(out)) as film:
        track = _add_track_like(film, clip_paths[0], profile.frame_rate)
        film.set_chapters(_chapters(timeline, chapters, profile.frame_rate))
        packets = _film_packets(segments, clip_paths, windows)
        for number, packet in zip(range(timeline.frames), packets, strict=True):
            stopping.check()
            film.mux(_placed(packet, track, number, profile.frame_rate))
            if (number + 1) % profile.frame_rate == 0 or number + 1 == timeline.frames:
                report((number + 1) / timeline.frames)
    return segments


def _check_clips(timeline: Timeline, clip_paths: Sequence[Path], profile: RenderProfile) -> None:
    ours = encoder_extradata(profile)
    for number, (shot, path) in enumerate(zip(timeline.shots, clip_paths, strict=True), start=1):
        what = f"Clip {number} of {len(timeline.shots)} ({path.name})"
        with opened(path) as container:
            stream = video_stream(container, what)
            check_track(what, stream, profile, ours)
            if stream.frames != shot.clip.frames:
                raise MediaUnfit(what, f"{shot.clip.frames} frames", f"{stream.frames}")


def _add_track_like(film: OutputContainer, clip_path: Path, frame_rate: int) -> VideoStream:
    with opened(clip_path) as clip:
        track = film.add_stream_from_template(video_stream(clip, clip_path.name))
    track.time_base = Fraction(1, frame_rate)
    return track


def _chapters(timeline: Timeline, names: Sequence[str], frame_rate: int) -> "list[Chapter]":
    if sum(map(bool, names)) < 2:
        return []
    *starts, end = (0, *timeline.cut_frames())
    begun = [(name, start) for name, start in zip(names, starts, strict=True) if name]
    bounds = pairwise((0, *(start for _, start in begun[1:]), end))
    base = Fraction(1, frame_rate)
    return [
        {"id": number, "start": start, "end": end, "time_base": base, "metadata": {"title": name}}
        for number, ((name, _), (start, end)) in enumerate(zip(begun, bounds, strict=True))
    ]


def _placed(packet: VideoPacket, track: VideoStream, number: int, frame_rate: int) -> VideoPacket:
    """Return `packet` as frame `number` of the film.

    Without B-frames, frames are decoded in display order.
    """
    packet.stream = track
    packet.time_base = Fraction(1, frame_rate)
    packet.pts = packet.dts = number
    packet.duration = 1
    return packet


def _film_packets(segments: Sequence[Segment], clip_paths: Sequence[Path], windows: Windows) -> Iterator[VideoPacket]:
    for segment in segments:
        if isinstance(segment, CopiedSegment):
            take = segment.take
            clip = clip_paths[take.shot]
            yield from packets_of(clip, take.first_frame, take.end_frame, windows.profile.frame_rate)
        else:
            yield from windows.packets(segment)
