"""Clips as streams of packets and frames, numbered from 0.

Only a few frames are held at a time.
"""

from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import PictureType
from av.video.stream import VideoStream

from callsheet.errors import MediaUnfit
from callsheet.media.command import file_url

# Decoding runs beside encoding, which takes most of the time; a second thread would only hold more frames.
DECODER_THREADS = 1

Item = TypeVar("Item")
if TYPE_CHECKING:
    VideoPacket = Packet[VideoStream]
else:
    VideoPacket = Packet  # generic in PyAV's annotations only


@contextmanager
def opened(path: Path) -> Iterator[InputContainer]:
    """Yield the MP4 at `path`, read as nothing but MP4.

    Raises MediaUnfit if that fails, then or while reading.

    The `file:` address and the fixed format make sure that a strange name or content is never taken for a network
    address or a playlist.
    """
    try:
        with av.open(file_url(path), format="mov") as container:
            yield container
    except (av.FFmpegError, FileNotFoundError) as error:
        raise MediaUnfit(path.name, "a readable MP4 file", _reason(error)) from error


def video_stream(container: InputContainer, name: str) -> VideoStream:
    """Return the one video track. Raises MediaUnfit if there is none or more than one."""
    if len(container.streams.video) != 1:
        raise MediaUnfit(name, "one video track", f"{len(container.streams.video)}")
    return container.streams.video[0]


def packets_of(path: Path, first_frame: int, end_frame: int, frame_rate: int) -> Iterator[VideoPacket]:
    """Yield the packets of frames `first_frame` (a keyframe) up to `end_frame`.

    Raises MediaUnfit if one is missing.
    """
    with opened(path) as container:
        stream = video_stream(container, path.name)
        _seek(container, stream, first_frame, frame_rate)
        expected = first_frame
        for packet in container.demux(stream):
            if expected == end_frame:
                return
            number = frame_number(packet, frame_rate)
            if number != expected or (expected == first_frame and not packet.is_keyframe):
                break
            yield packet
            expected += 1
    if expected < end_frame:
        raise MediaUnfit(path.name, f"frame {expected} in its place", "a gap or an irregular keyframe")


def frames_of(path: Path, first_frame: int, end_frame: int, frame_rate: int) -> Generator[av.VideoFrame]:
    """Yield the decoded frames `first_frame` up to `end_frame`.

    Raises MediaUnfit if one is missing.

    The frames don't keep whether they were keyframes: an encoder would make them keyframes again.
    """
    expected = first_frame
    with opened(path) as container:
        stream = video_stream(container, path.name)
        stream.thread_type = "AUTO"
        stream.codec_context.thread_count = DECODER_THREADS
        _seek(container, stream, first_frame, frame_rate)
        for frame in container.decode(stream):
            number = frame_number(frame, frame_rate)
            if number is None or number < first_frame:
                continue
            if expected == end_frame or number != expected:
                break
            frame.pict_type = PictureType.NONE
            yield frame
            expected += 1
    if expected < end_frame:
        raise MediaUnfit(path.name, f"frame {expected} in its place", "a gap")


def ahead(items: Generator[Item], depth: int) -> Generator[Item]:
    """Yield `items`. A thread beside the caller's makes them, at most `depth` in advance."""
    end = object()
    with closing(items), ThreadPoolExecutor(1) as maker:
        coming = deque(maker.submit(next, items, end) for _ in range(depth))
        while (item := coming.popleft().result()) is not end:
            coming.append(maker.submit(next, items, end))
            yield cast("Item", item)


def frame_number(item: VideoPacket | av.VideoFrame, frame_rate: int) -> int | None:
    """Return the number of a frame or packet from its time.

    Return None between two frames, and for the empty packet at the end.
    """
    if item.pts is None or item.time_base is None:
        return None
    number = item.pts * item.time_base * frame_rate
    return number.numerator if number.denominator == 1 else None


def _seek(container: InputContainer, stream: VideoStream, frame: int, frame_rate: int) -> None:
    """Go to the keyframe at or before `frame`."""
    assert stream.time_base is not None
    container.seek(int(frame / (frame_rate * stream.time_base)), stream=stream)


def _reason(error: OSError | av.FFmpegError) -> str:
    return (error.strerror or str(error)).rstrip(".").lower()
