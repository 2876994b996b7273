"""The one H.264 encoder. It encodes clips and transition windows, so that their packets fit one track.

Every frame is BT.709 in studio range. The conversion of its pixels, the stream and the container say so. Without that,
swscale converts with BT.601, players guess BT.709 for HD, and colours shift.
"""

import threading
from fractions import Fraction
from typing import Any

import av
import numpy as np
from av.codec.codec import Codec
from av.codec.context import ThreadType
from av.container import OutputContainer
from av.video.codeccontext import VideoCodecContext
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc, Interpolation, VideoReformatter
from av.video.stream import VideoStream

from callsheet.model.film.profile import RenderProfile

PIXEL_FORMAT = "yuv420p"
# For a window that is encoded alone, beside a thread that blends. Each further thread takes 22 MB at 1080p. To encode
# two windows at once would take 150 MB more.
ENCODER_THREADS = 2
# AVCOL_SPC_BT709 and SWS_CS_ITU709 are both 1; PyAV names only the second.
BT709 = int(Colorspace.ITU709)
# Averages two pixels for each chroma sample instead of dropping one: coloured type keeps its edges. 6 ms a frame at
# 1080p on one core; the default, which drops one, takes 4.
SUBSAMPLING = Interpolation.AREA | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INP

_of_this_thread = threading.local()


def open_output(path: str, **options: Any) -> OutputContainer:
    """Open an MP4 that starts to play before it is wholly loaded: its index stands at the front."""
    return av.open(path, mode="w", format="mp4", options={"movflags": "+faststart", **options})


def add_video_stream(container: OutputContainer, profile: RenderProfile, threads: int) -> VideoStream:
    """Add the profile's H.264 stream to `container`, and return it.

    The number of `threads` changes the encoder's speed, not its parameter sets.
    """
    stream = container.add_stream("libx264", rate=profile.frame_rate, options=profile.encoder_options())
    stream.time_base = Fraction(1, profile.frame_rate)
    _configure(stream.codec_context, profile, threads)
    return stream


def open_encoder(profile: RenderProfile, threads: int) -> VideoCodecContext:
    """Return the same encoder, opened, without a container: for packets of an existing track.

    Its extradata is the avcC record that clips of this profile carry, byte for byte.
    """
    context = Codec("libx264", "w").create("video")
    context.options = profile.encoder_options()
    _configure(context, profile, threads)
    context.open()
    return context


def frame_from_rgba(pixels: np.ndarray, profile: RenderProfile) -> av.VideoFrame:
    """Return one frame for the encoder from `pixels`.

    `pixels` are uint8 of shape (height, width, 4): sRGB values, whose alpha is ignored. They are read, not kept: the
    caller may draw over them afterwards. Raises ValueError for another shape.
    """
    if pixels.shape != (profile.height, profile.width, 4) or pixels.dtype != np.uint8:
        expected = f"uint8 of shape {(profile.height, profile.width, 4)}"
        raise ValueError(f"a frame is {expected}, not {pixels.dtype} of shape {pixels.shape}")
    picture = av.VideoFrame.from_numpy_buffer(np.ascontiguousarray(pixels), format="rgba")
    frame = _reformatter().reformat(
        picture,
        format=PIXEL_FORMAT,
        interpolation=SUBSAMPLING,
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG,
        dst_color_range=ColorRange.MPEG,
        threads=1,
    )
    frame.color_primaries = ColorPrimaries.BT709
    frame.color_trc = ColorTrc.BT709
    return frame


def encode_repeated(
    container: OutputContainer, stream: VideoStream, frame: av.VideoFrame, first: int, repeat: int
) -> None:
    """Encode `frame` as frames `first` to `first + repeat - 1`, and write their packets."""
    for number in range(first, first + repeat):
        frame.pts = number
        frame.time_base = stream.codec_context.time_base
        container.mux(stream.encode(frame))


def _configure(context: VideoCodecContext, profile: RenderProfile, threads: int) -> None:
    context.width = profile.width
    context.height = profile.height
    context.pix_fmt = PIXEL_FORMAT
    context.time_base = Fraction(1, profile.frame_rate)
    context.framerate = Fraction(profile.frame_rate)
    context.color_range = ColorRange.MPEG
    context.colorspace = BT709
    context.color_primaries = ColorPrimaries.BT709
    context.color_trc = ColorTrc.BT709
    context.thread_type = ThreadType.FRAME  # PyAV's default cuts each frame into slices: larger, and no faster
    context.thread_count = threads


def _reformatter() -> VideoReformatter:
    """Return this thread's converter: it keeps its tables, and threads can't share it."""
    if not hasattr(_of_this_thread, "reformatter"):
        _of_this_thread.reformatter = VideoReformatter()
    reformatter: VideoReformatter = _of_this_thread.reformatter
    return reformatter
