"""Pictures of a video: a poster, its thumbnail, and a contact sheet.

Only the frames that are shown are decoded.
"""

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, pairwise, takewhile
from pathlib import Path

import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from callsheet import stopping
from callsheet.errors import MediaUnfit
from callsheet.media.contact_sheet import Shown, draw_contact_sheet
from callsheet.media.reading import opened, video_stream

THUMBNAIL_WIDTH = 480
POSTER_QUALITY = 90
THUMBNAIL_QUALITY = 85
# Where the search for a poster begins, as a share of the film: after the opening, before the end of the story.
POSTER_PLACE = Fraction(1, 3)
# A picture may be the poster if it has at least this share of the detail of the richest one.
RICH_ENOUGH = 0.6
SHEET_PICTURES = 12
# A picture is complete at the latest after so many keyframes, half a second apart: half a minute.
BUILT_WITHIN_KEYFRAMES = 60
# If a picture keeps less than this share of its former detail, it has been cleared for the next one.
CLEARED = 0.8
# Two pictures that differ only by their encoding differ by at most so many of 256 levels in a small grey copy.
STILL_LEVELS = 6


@dataclass(frozen=True)
class StillPaths:
    """The places of one video's pictures, as JPEG."""

    poster: Path
    thumbnail: Path
    contact_sheet: Path


def make_stills(video: Path, title: str, out_dir: Path, poster_frames: tuple[int, int] | None = None) -> StillPaths:
    """Write poster, thumbnail and contact sheet of `video` into `out_dir`.

    The poster is the finished picture of `poster_frames` (the first, and the first after them), such as the film's
    title. Without them, it is the finished picture near a third of the film.

    Raises MediaUnfit if the video can't be read.
    """
    paths = StillPaths(out_dir / "poster.jpg", out_dir / "thumbnail.jpg", out_dir / "contact-sheet.jpg")
    with opened(video) as container:
        stream = video_stream(container, video.name)
        # Evenly spread, each from the middle of its part of the film; fewer if the film has fewer frames.
        parts = min(SHEET_PICTURES, stream.frames)
        frames = [(2 * part + 1) * stream.frames // (2 * parts) for part in range(parts)]
        shown = [Shown(_picture_at(container, stream, frame), _seconds(frame, stream)) for frame in frames]
        length_s = _seconds(stream.frames, stream)
        if poster_frames:
            poster = _finished_within(container, stream, *poster_frames)
        else:
            poster = _finished(container, stream, shown[_place_of_poster([each.picture for each in shown])])
    poster.save(paths.poster, quality=POSTER_QUALITY, optimize=True)
    small = (THUMBNAIL_WIDTH, max(1, round(THUMBNAIL_WIDTH * poster.height / poster.width)))
    poster.resize(small, Image.Resampling.LANCZOS).save(paths.thumbnail, quality=THUMBNAIL_QUALITY, optimize=True)
    draw_contact_sheet(shown, title, length_s, paths.contact_sheet)
    return paths


def pictures_at(video: Path, times_s: Sequence[float]) -> list[Image.Image]:
    """Return the pictures of a video at these times, in their order. Raises MediaUnfit."""
    with opened(video) as container:
        stream = video_stream(container, video.name)
        last = max(stream.frames - 1, 0)
        return [_picture_at(container, stream, min(round(time_s * _rate(stream)), last)) for time_s in times_s]


def detail(picture: Image.Image) -> float:
    """Return how much there is to see: entropy of the luminance in bits.

    It is 0 for a blank frame, and about 7 for a photograph.

    Measured on a small copy, so that grain and compression do not count as detail.
    """
    grey = np.asarray(picture.convert("L").resize((160, 90), Image.Resampling.BOX)) // 8
    shares = np.bincount(grey.ravel(), minlength=32) / grey.size
    shares = shares[shares > 0]
    return float(-(shares * np.log2(shares)).sum()) + 0.0


def _place_of_poster(pictures: Sequence[Image.Image]) -> int:
    """Return the picture nearest to POSTER_PLACE that is rich enough.

    The poster is never nearly blank.
    """
    details = [detail(picture) for picture in pictures]
    wanted = RICH_ENOUGH * max(details)
    rich = [place for place, found in enumerate(details) if found >= wanted]
    return min(rich, key=lambda place: abs(place + Fraction(1, 2) - POSTER_PLACE * len(pictures)))


def _finished(container: InputContainer, stream: VideoStream, chosen: Shown) -> Image.Image:
    """Return the finished picture of `chosen`.

    Scenes are built up piece by piece, and a complete one stands still.

    It looks at keyframes, half a second apart. Of those that stand still until the next one, it takes the richest
    before the picture is cleared. If nothing stands still, as in footage, `chosen` is finished as it is.
    """
    best, most, before = chosen.picture, detail(chosen.picture), None
    with closing(_keyframes(container, stream, chosen.time_s)) as timed:
        for picture, _ in islice(timed, BUILT_WITHIN_KEYFRAMES):
            if before is not None and _stands_still(before, picture):
                found = detail(picture)
                if found < CLEARED * most:
                    break
                best, most = (picture, found) if found >= most else (best, most)
            before = picture
    return best


def _finished_within(container: InputContainer, stream: VideoStream, first: int, end: int) -> Image.Image:
    """Return the richest of these frames that stands still until the next keyframe.

    If none does, return the richest.
    """
    last = _picture_at(container, stream, end - 1)
    with closing(_keyframes(container, stream, _seconds(first, stream))) as timed:
        near = islice(timed, BUILT_WITHIN_KEYFRAMES)
        within = [picture for picture, _ in takewhile(lambda each: each[1] < _seconds(end, stream), near)]
    pictures = [*within, last]
    standing = [one for one, other in pairwise(pictures) if _stands_still(one, other)]
    return max(standing or pictures, key=detail)


def _keyframes(
    container: InputContainer, stream: VideoStream, from_s: float
) -> Generator[tuple[Image.Image, float], None, None]:
    """Yield the pictures of keyframes from this time on, each with its time.

    Nothing else is decoded until the iterator ends.
    """
    assert stream.time_base is not None
    container.seek(int(from_s / stream.time_base), stream=stream)
    stream.codec_context.skip_frame = "NONKEY"
    try:
        for decoded in container.decode(stream):
            stopping.check()
            if isinstance(decoded, VideoFrame) and decoded.time is not None and decoded.time >= from_s:
                yield Image.fromarray(decoded.to_ndarray(format="rgb24")), decoded.time
    finally:
        stream.codec_context.skip_frame = "DEFAULT"


def _stands_still(first: Image.Image, second: Image.Image) -> bool:
    small = [
        np.asarray(each.convert("L").resize((160, 90), Image.Resampling.BOX)).astype(int) for each in (first, second)
    ]
    return bool(np.abs(small[0] - small[1]).max() <= STILL_LEVELS)


def _picture_at(container: InputContainer, stream: VideoStream, frame: int) -> Image.Image:
    """Return the picture of one frame, decoded from the keyframe before it."""
    wanted_s = Fraction(frame) / _rate(stream)
    assert stream.time_base is not None
    container.seek(int(wanted_s / stream.time_base), stream=stream)
    for decoded in container.decode(stream):
        stopping.check()
        assert isinstance(decoded, VideoFrame)
        if decoded.pts is not None and decoded.pts * stream.time_base >= wanted_s:
            return Image.fromarray(decoded.to_ndarray(format="rgb24"))
    raise MediaUnfit(container.name.rpartition("/")[2], f"a picture at {float(wanted_s):.2f} s", "the end of the file")


def _rate(stream: VideoStream) -> Fraction:
    return Fraction(stream.average_rate or 1)


def _seconds(frame: int, stream: VideoStream) -> float:
    return float(frame / _rate(stream))
