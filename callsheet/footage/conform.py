"""Video as models make it becomes a clip that follows a profile: its size, its rate, its colours, its packets.

Nothing is cut away in time: a pair must end with its last picture, and every second was paid for. Sound is left behind;
a film's sound is made as a whole.
"""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.video.reformatter import Colorspace
from PIL import Image

from callsheet.encoder import ENCODER_THREADS, add_video_stream, encode_repeated, frame_from_rgba, open_output
from callsheet.errors import MediaUnfit
from callsheet.footage.pictures import conformed
from callsheet.model.footage import Fit
from callsheet.model.profile import RenderProfile

HD_LINES = 720
"""From this height on, video that does not say which colours it has is BT.709; below, BT.601. Players do the same."""
_UNSPECIFIED = 2
_TURNS = {90: Image.Transpose.ROTATE_90, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_270}
"""By degrees counterclockwise."""


def conform_video(source: Path, profile: RenderProfile, fit: Fit, path: Path) -> int:
    """Write `source`, an MP4 file, to `path` as a clip of `profile`; returns how many frames it has.

    Each frame shows what the source shows in the middle of the frame's time: none is blended of two. Raises MediaUnfit
    where the source can't be read.
    """
    try:
        with av.open(f"file:{source.resolve()}", format="mov") as container, open_output(str(path)) as output:
            stream = add_video_stream(output, profile, ENCODER_THREADS)
            written = 0
            for picture, repeat in _at_rate(container, profile.frame_rate):
                frame = conformed(picture, profile.width, profile.height, fit).convert("RGBX")
                encode_repeated(output, stream, frame_from_rgba(np.asarray(frame), profile), written, repeat)
                written += repeat
            output.mux(stream.encode(None))
    except (av.FFmpegError, IndexError) as error:
        raise MediaUnfit("The video to conform", "an MP4 video that can be decoded", "something else") from error
    if not written:
        raise MediaUnfit("The video to conform", "at least one frame", "none")
    return written


def _at_rate(container: InputContainer, frame_rate: int) -> Iterator[tuple[Image.Image, int]]:
    """Each picture that is shown, and in how many frames of the new rate; at least in one."""
    frame, written = None, 0
    for frame, ends_at in _timed(container):
        ends = round(ends_at * frame_rate)
        if ends > written:
            yield _picture(frame), ends - written
            written = ends
    if frame is not None and not written:
        yield _picture(frame), 1


def _timed(container: InputContainer) -> Iterator[tuple[av.VideoFrame, Fraction]]:
    """The frames and when each ends, in seconds from the beginning: where the next one begins, or a frame later."""
    stream = container.streams.video[0]
    stream.thread_type = "AUTO"
    usual = 1 / (stream.average_rate or Fraction(25))
    held: tuple[av.VideoFrame, Fraction] | None = None
    first_at: Fraction | None = None
    for frame in container.decode(stream):
        if frame.pts is None or frame.time_base is None:
            continue
        first_at = frame.pts * frame.time_base if first_at is None else first_at
        begins_at = frame.pts * frame.time_base - first_at
        if held is not None:
            yield held[0], begins_at
        held = frame, begins_at
    if held is not None:
        yield held[0], held[1] + usual


def _picture(frame: av.VideoFrame) -> Image.Image:
    """The frame upright, in sRGB."""
    says = int(frame.colorspace)
    guess = Colorspace.ITU709 if frame.height >= HD_LINES else Colorspace.ITU601
    colours = frame.reformat(format="rgb24", src_colorspace=guess if says == _UNSPECIFIED else says)
    picture = Image.fromarray(colours.to_ndarray())
    turn = _TURNS.get(round(frame.rotation) % 360)
    return picture if turn is None else picture.transpose(turn)
