"""Video from models becomes a clip that follows a profile: its size, its rate, its colours, its packets.

No time is cut away, unless the clip must have a certain length: a pair must end with its last picture, and every second
was paid for. Sound is left out: a film's sound is made as a whole.
"""

import re
import struct
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.container import InputContainer
from av.filter import Graph
from av.filter.context import FilterContext
from av.sidedata.sidedata import Type
from av.video.reformatter import ColorRange, Colorspace
from av.video.stream import VideoStream
from PIL import Image

from callsheet import stopping
from callsheet.encoder import ENCODER_THREADS, add_video_stream, encode_repeated, frame_from_rgba, open_output
from callsheet.errors import MediaUnfit
from callsheet.footage.light import Light, write_table
from callsheet.footage.pictures import conformed, opaque
from callsheet.model.film.profile import RenderProfile
from callsheet.model.footage.jobs import MAX_DURATION_S, Fit

HD_LINES = 720
"""From this height on, video without a named colour space is BT.709; below, BT.601. Players do the same."""
# Models make a minute at most (MAX_DURATION_S).
LONGEST_S = 5 * MAX_DURATION_S
_UNSPECIFIED = 2
_SQUAREST, _LEAST_SQUARE = Fraction(1, 4), Fraction(4)
"""Sample shapes beyond these are mistakes of a file. Such samples are taken for square ones."""
_TURNS: dict[tuple[int, ...], Image.Transpose] = {
    (0, 1, -1, 0): Image.Transpose.ROTATE_270,
    (-1, 0, 0, -1): Image.Transpose.ROTATE_180,
    (0, -1, 1, 0): Image.Transpose.ROTATE_90,
    (-1, 0, 0, 1): Image.Transpose.FLIP_LEFT_RIGHT,
    (1, 0, 0, -1): Image.Transpose.FLIP_TOP_BOTTOM,
    (0, 1, 1, 0): Image.Transpose.TRANSPOSE,
    (0, -1, -1, 0): Image.Transpose.TRANSVERSE,
}
"""Turns by the matrix of a track (ISO/IEC 14496-12, 8.3.2) without its lengths: a, b, c, d."""


def conform_video(source: Path, profile: RenderProfile, fit: Fit, path: Path, frames: int | None = None) -> int:
    """Write `source`, an MP4 file, to `path` as a clip of `profile`.

    Return how many frames it has.

    Each frame shows the source at the middle of the frame's time: no frame is blended of two. Fields of
    interlaced video become whole frames. With `frames` it has so many: the rest of the source is left out, or its last
    picture is held. Beside `path` a table of colours may be written. Raises MediaUnfit if the
    source can't be read, or is longer than `LONGEST_S`: a time stamp that jumps would fill the disk with one frame.
    """
    try:
        with av.open(f"file:{source.resolve()}", format="mov") as container, open_output(str(path)) as output:
            stream = add_video_stream(output, profile, ENCODER_THREADS)
            seen = _Reader(container.streams.video[0], path.with_suffix(".cube"))
            written = 0
            last: av.VideoFrame | None = None
            for frame, repeat in _at_rate(container, profile.frame_rate):
                stopping.check()
                room = repeat if frames is None else min(repeat, frames - written)
                if not room:
                    break
                picture = conformed(seen.picture(frame), profile.width, profile.height, fit).convert("RGBX")
                last = frame_from_rgba(np.asarray(picture), profile)
                encode_repeated(output, stream, last, written, room)
                written += room
            if last is not None and frames is not None:
                encode_repeated(output, stream, last, written, frames - written)
                written = frames
            output.mux(stream.encode(None))
    except (av.FFmpegError, IndexError) as error:
        raise MediaUnfit("The video to conform", "an MP4 video that can be decoded", "something else") from error
    if not written:
        raise MediaUnfit("The video to conform", "at least one frame", "none")
    return written


def _at_rate(container: InputContainer, frame_rate: int) -> Iterator[tuple[av.VideoFrame, int]]:
    """Yield each frame that is shown, and how many frames of the new rate it fills.

    Each fills at least one.
    """
    frame, written = None, 0
    for frame, ends_at in _timed(container):
        if ends_at > LONGEST_S:
            found = f"a frame that stands until {float(ends_at):,.0f} s"
            raise MediaUnfit("The video to conform", f"at most {LONGEST_S:.0f} s", found)
        ends = round(ends_at * frame_rate)
        if ends > written:
            yield frame, ends - written
            written = ends
    if frame is not None and not written:
        yield frame, 1


def _timed(container: InputContainer) -> Iterator[tuple[av.VideoFrame, Fraction]]:
    """Yield the frames and when each ends, in seconds from the beginning.

    A frame ends when the next begins. The last one ends by its length.
    """
    stream = container.streams.video[0]
    stream.thread_type = "AUTO"
    usual = 1 / (stream.average_rate or Fraction(25))
    held: tuple[av.VideoFrame, Fraction] | None = None
    first_at: Fraction | None = None
    for frame in _whole(container.decode(stream), stream):
        if frame.pts is None or frame.time_base is None:
            continue
        first_at = frame.pts * frame.time_base if first_at is None else first_at
        begins_at = frame.pts * frame.time_base - first_at
        if held is not None:
            yield held[0], begins_at
        held = frame, begins_at
    if held is not None:
        frame, begins_at = held
        yield frame, begins_at + (frame.duration * frame.time_base if frame.duration and frame.time_base else usual)


def _whole(frames: Iterable[av.VideoFrame], stream: VideoStream) -> Iterator[av.VideoFrame]:
    """Yield the frames.

    From the first frame of two fields on, such frames are made whole frames.
    """
    graph: Graph | None = None
    for frame in frames:
        if graph is None and not frame.interlaced_frame:
            yield frame
            continue
        if graph is None:
            graph = Graph()
            _linked(graph, graph.add_buffer(template=stream), ("bwdif", "mode=send_frame:deint=interlaced"))
        graph.vpush(frame)
        yield from _pulled(graph)
    if graph is not None:
        graph.vpush(None)
        yield from _pulled(graph)


class _Reader:
    """Makes pictures of a stream's frames.

    They are upright, of square pixels, in sRGB, on the usual ground.
    """

    def __init__(self, stream: VideoStream, table: Path) -> None:
        self._shape = Fraction(stream.sample_aspect_ratio or 1)
        if not _SQUAREST <= self._shape <= _LEAST_SQUARE:
            self._shape = Fraction(1)
        context = stream.codec_context  # before the first frame: the facts that the file states outside of its frames
        self._light = Light(int(context.color_primaries), int(context.color_trc))
        self._colorspace = int(context.colorspace)
        self._table = table
        self._lookup: tuple[Light, Graph] | None = None

    def picture(self, frame: av.VideoFrame) -> Image.Image:
        """Return the picture of one frame."""
        primaries, transfer = int(frame.color_primaries), int(frame.color_trc)
        light = Light(
            self._light.primaries if primaries == _UNSPECIFIED else primaries,
            self._light.transfer if transfer == _UNSPECIFIED else transfer,
        )
        if not light.is_srgb:
            picture = self._looked_up(frame, light)
        elif any(component.is_alpha for component in frame.format.components):
            picture = opaque(Image.fromarray(self._converted(frame, "rgba").to_ndarray()))
        else:
            picture = Image.fromarray(self._converted(frame, "rgb24").to_ndarray())
        if self._shape > 1:
            picture = picture.resize((round(picture.width * self._shape), picture.height), Image.Resampling.LANCZOS)
        elif self._shape < 1:
            picture = picture.resize((picture.width, round(picture.height / self._shape)), Image.Resampling.LANCZOS)
        turn = _TURNS.get(_matrix_of(frame))
        return picture if turn is None else picture.transpose(turn)

    def _looked_up(self, frame: av.VideoFrame, light: Light) -> Image.Image:
        """Return the frame through a table of colours, in 16 bits a channel until then."""
        deep = self._converted(frame, "gbrp16le")
        if self._lookup is None or self._lookup[0] != light:
            write_table(light, self._table)
            lookup = Graph()
            source = lookup.add_buffer(
                width=deep.width, height=deep.height, format=deep.format, time_base=frame.time_base
            )
            _linked(lookup, source, ("lut3d", f"file={_escaped(self._table)}:interp=tetrahedral"))
            self._lookup = light, lookup
        graph = self._lookup[1]
        graph.vpush(deep)
        (found,) = _pulled(graph)
        return Image.fromarray(found.reformat(format="rgb24").to_ndarray())

    def _converted(self, frame: av.VideoFrame, pixels: str) -> av.VideoFrame:
        """Return the frame in RGB.

        The matrix and the range are those of the frame, else of its file, else those that players take.
        """
        guess = int(Colorspace.ITU709 if frame.height >= HD_LINES else Colorspace.ITU601)
        named = (says for says in (int(frame.colorspace), self._colorspace) if says != _UNSPECIFIED)
        return frame.reformat(
            format=pixels,
            src_colorspace=next(named, guess),
            dst_color_range=ColorRange.JPEG,
        )


def _matrix_of(frame: av.VideoFrame) -> tuple[int, ...]:
    """Return the signs of the display matrix that belongs to a frame: a, b, c, d."""
    side_data: Any = frame.side_data  # annotated as other values than it holds
    if Type.DISPLAYMATRIX not in side_data:
        return ()
    a, b, _, c, d = struct.unpack_from("=5i", bytes(side_data[Type.DISPLAYMATRIX]))
    longest = max(abs(part) for part in (a, b, c, d)) or 1
    return tuple(round(part / longest) for part in (a, b, c, d))


def _linked(graph: Graph, source: FilterContext, *filters: tuple[str, str]) -> None:
    """Link filters in a row, from `source` to the sink for the frames."""
    graph.link_nodes(source, *(graph.add(name, arguments) for name, arguments in filters), graph.add("buffersink"))
    graph.configure()


def _escaped(path: Path) -> str:
    """Return a path as an argument of a filter.

    Its separators are quoted for the filter, then for the graph.
    """
    return re.sub(r"([\\':,;=\[\]])", r"\\\1", str(path.resolve()))


def _pulled(graph: Graph) -> Iterator[av.VideoFrame]:
    """Yield the frames that are ready."""
    while True:
        try:
            frame = graph.vpull()
        except (av.BlockingIOError, av.EOFError):
            return
        yield frame
