"""The facts of a media file, read from its packets without decoding; and whether a timeline may have it."""

from pathlib import Path
from typing import TypedDict

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from callsheet.encoder import PIXEL_FORMAT, open_encoder
from callsheet.errors import MediaUnfit
from callsheet.media.reading import frame_number, opened, video_stream
from callsheet.model.film.profile import ProfileName, RenderProfile


class MediaFacts(TypedDict):
    """The facts of a file that `Clip` and `Video` hold, beside its place in the store."""

    profile: ProfileName
    width: int
    height: int
    frame_rate: int
    frames: int
    has_audio: bool


def probe_clip(path: Path, profile: RenderProfile) -> MediaFacts:
    """Return facts of a clip fit for the timeline.

    Such a clip can be cut at any keyframe, and joined to every other one.

    Raises MediaUnfit unless size, rate, pixel format and parameter sets are the encoder's own, each packet is the next
    frame, and there is a keyframe every `profile.gop_frames` frames.
    """
    with opened(path) as container:
        stream = video_stream(container, path.name)
        check_track(path.name, stream, profile, encoder_extradata(profile))
        frames = _count_frames(path.name, container, stream, profile, gop_frames=profile.gop_frames)
        return facts_of(profile, frames, bool(container.streams.audio))


def probe_video(path: Path, profile: RenderProfile) -> MediaFacts:
    """Return facts of a finished film.

    It is as `probe_clip`, but keyframes stand at the beginnings of the film's parts.
    """
    with opened(path) as container:
        stream = video_stream(container, path.name)
        check_track(path.name, stream, profile, encoder_extradata(profile))
        frames = _count_frames(path.name, container, stream, profile)
        return facts_of(profile, frames, bool(container.streams.audio))


def sound_length_s(path: Path) -> float:
    """Return when the sound of a file ends, in seconds, as its packets say. Raises MediaUnfit if it has none."""
    with opened(path) as container:
        if not container.streams.audio:
            raise MediaUnfit(path.name, "a sound", "none")
        track = container.streams.audio[0]
        assert track.time_base is not None
        ends = max((p.pts or 0) + (p.duration or 0) for p in container.demux(track) if p.size)
        return float(ends * track.time_base)


def ffmpeg_version() -> str:
    """Return the version of the FFmpeg libraries that encode, blend and join.

    They are part of PyAV.
    """
    return str(av.ffmpeg_version_info)


def encoder_extradata(profile: RenderProfile) -> bytes:
    """Return the parameter sets (an avcC record) that the encoder writes for `profile`."""
    return bytes(open_encoder(profile, threads=1).extradata or b"")


def check_track(what: str, stream: VideoStream, profile: RenderProfile, extradata: bytes) -> None:
    """Raise MediaUnfit with the first difference if `stream` does not fit the `profile`."""
    expected: dict[str, object] = {
        "codec": "h264",
        "size": f"{profile.width}×{profile.height}",
        "frame rate": profile.frame_rate,
        "pixel format": PIXEL_FORMAT,
        **_parameter_sets(extradata),
    }
    context = stream.codec_context
    if context is None:  # an index that names no codec, e.g. of a file that was cut off
        raise MediaUnfit(what, "codec h264", "none")
    found: dict[str, object] = {
        "codec": context.name,
        "size": f"{context.width}×{context.height}",
        "frame rate": stream.average_rate,
        "pixel format": context.pix_fmt,
        **_parameter_sets(bytes(context.extradata or b"")),
    }
    for fact, value in expected.items():
        if found[fact] != value:
            raise MediaUnfit(what, f"{fact} {value}", str(found[fact]))


def _parameter_sets(avcc: bytes) -> dict[str, object]:
    """Return parts of an avcC record (ISO/IEC 14496-15, 5.3.3.1), as far as bytes separate them."""
    return {"H.264 profile": avcc[1:2].hex(), "H.264 level": avcc[3:4].hex(), "parameter sets": avcc.hex()}


def _count_frames(
    what: str, container: InputContainer, stream: VideoStream, profile: RenderProfile, gop_frames: int | None = None
) -> int:
    frames = 0
    for packet in container.demux(stream):
        if packet.size == 0:
            break
        if frame_number(packet, profile.frame_rate) != frames or packet.dts != packet.pts:
            raise MediaUnfit(what, f"frame {frames} at {frames}/{profile.frame_rate} s", f"one at {packet.pts} ticks")
        if gop_frames and packet.is_keyframe != (frames % gop_frames == 0):
            raise MediaUnfit(what, f"a keyframe every {gop_frames} frames", f"another order at frame {frames}")
        frames += 1
    if frames == 0:
        raise MediaUnfit(what, "at least one frame", "none")
    return frames


def facts_of(profile: RenderProfile, frames: int, has_audio: bool) -> MediaFacts:
    """Return the facts of a file that has the size and rate of `profile`."""
    return MediaFacts(
        profile=profile.name,
        width=profile.width,
        height=profile.height,
        frame_rate=profile.frame_rate,
        frames=frames,
        has_audio=has_audio,
    )
