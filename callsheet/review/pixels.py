"""The measures of a video by its pixels, if nothing is known of what it shows.

Every frame is looked at in a small copy. What differs from the colour along the frame's edge counts as shown.
"""

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from av.video.frame import VideoFrame

from callsheet import stopping
from callsheet.media.reading import opened, video_stream
from callsheet.model.film.trace import Place
from callsheet.review.arithmetic import hues, imbalance, most_flashes, runs
from callsheet.review.measures import (
    MEASURES,
    MeasureName,
    Review,
    ReviewFigure,
    ReviewFinding,
    figure,
    finding,
    review_of,
    told_apart,
)

Pixels = npt.NDArray[np.uint8]
# The longer side of the small copies.
LONG_SIDE = 192
# Levels of 256 by which a pixel differs from the ground, and from itself a frame before.
SHOWN_LEVELS = 24
CHANGED_LEVELS = 10
# Shares of the picture: less than this is empty, and less than this is still.
BLANK = 0.01
STILL = 0.001
ENTRANCE_S = 0.5
# A fade between two scenes passes through their empty ground.
PASSING_S = 0.3
# Words enter one after the other, as they are heard: a shorter rest between two of them belongs to their motion.
REST_S = 0.5
# The brightest pixel of a black frame, in levels of 256.
BLACK_LEVELS = 12
# A hue that fewer pixels have than this share is the edge of a letter.
HUE_SHARE = 0.002
_HUE_STEP = 32


@dataclass(frozen=True)
class FrameFacts:
    """What a small copy of one frame shows."""

    shown: float
    """The share of pixels that differ from the ground."""
    place: Place | None
    """The box around them."""
    changed: float
    """The share of pixels that differ from the frame before."""
    moves: bool
    """Whether the picture is another one than when something moved last: slow motion adds up."""
    luminance: float
    """The mean luminance, 0 to 1."""
    is_black: bool
    hues: frozenset[int]
    imbalance: float


@dataclass(frozen=True)
class VideoPart:
    """A scene of a video: its frames from `first` up to `end`."""

    name: str
    first: int
    end: int


def frame_facts(frames: Iterable[Pixels]) -> Iterator[FrameFacts]:
    """Yield the facts of frames of shape (height, width, 3), and of the change from those before."""
    before: Pixels | None = None
    moved: Pixels | None = None
    for pixels in frames:
        changed = _changed(pixels, before)
        moves = (changed if moved is before else _changed(pixels, moved)) >= STILL
        yield _facts(pixels, changed, moves=moves)
        before, moved = pixels, pixels if moves else moved


def _changed(pixels: Pixels, before: Pixels | None) -> float:
    """Return the share of pixels that differ; all do if there is no frame before."""
    if before is None:
        return 1.0
    return float((np.abs(pixels.astype(np.int16) - before).max(axis=2) > CHANGED_LEVELS).mean())


def _facts(pixels: Pixels, changed: float, *, moves: bool) -> FrameFacts:
    levels = pixels.astype(np.int16)
    differs = np.abs(levels - _ground(levels)).max(axis=2) > SHOWN_LEVELS
    linear = np.where(levels <= 10, levels / 255 / 12.92, ((levels / 255 + 0.055) / 1.055) ** 2.4)
    return FrameFacts(
        shown=float(differs.mean()),
        place=_box(differs),
        changed=changed,
        moves=moves,
        luminance=float((linear @ np.array([0.2126, 0.7152, 0.0722])).mean()),
        is_black=int(levels.max()) <= BLACK_LEVELS,
        hues=frozenset(_hues(levels)),
        imbalance=imbalance(differs),
    )


def video_facts(video: Path) -> tuple[list[FrameFacts], float]:
    """Return the facts of every frame of an MP4, and its frames a second. Raises MediaUnfit."""
    with opened(video) as container:
        stream = video_stream(container, video.name)
        frame_rate = float(stream.average_rate or 1)
        with closing(_small_frames(container.decode(stream))) as frames:
            return list(frame_facts(frames)), frame_rate


def chapters_of(video: Path, frame_rate: float) -> list[VideoPart]:
    """Return the chapters of an MP4: its scenes, if it is a film of ours; none if it has none. Raises MediaUnfit."""
    with opened(video) as container:
        chapters = container.chapters()
    names = told_apart(chapter["metadata"].get("title", "") for chapter in chapters)
    return [
        VideoPart(name, *(round(chapter[edge] * (chapter["time_base"] or 1) * frame_rate) for edge in ("start", "end")))
        for name, chapter in zip(names, chapters, strict=True)
    ]


def review_frames(
    title: str, facts: Sequence[FrameFacts], frame_rate: float, parts: Iterable[VideoPart] = ()
) -> Review:
    """Return the review of a video by its frames, for each of its parts; without parts, it is one scene."""
    chosen = [part for part in parts if part.end > part.first] or [VideoPart(title, 0, len(facts))]
    found = [each for part in chosen for each in _of_part(part, facts[part.first : part.end], frame_rate)]
    found += _of_film(facts, frame_rate)
    return review_of(title, found)


def still_runs(facts: Sequence[FrameFacts], frame_rate: float) -> list[tuple[int, int]]:
    """Return first frame and length, in frames, of every rest in which nothing moves."""
    found = runs([not each.moves for each in facts])
    return [(begin, length) for begin, length in found if length > REST_S * frame_rate]


def _of_part(part: VideoPart, facts: Sequence[FrameFacts], frame_rate: float) -> Iterator[ReviewFigure | ReviewFinding]:
    if not facts:
        return
    for measure, value in (
        (MeasureName.SCENE_S, len(facts) / frame_rate),
        (MeasureName.IMBALANCE, float(np.median([each.imbalance for each in facts]))),
        (MeasureName.HUES, max(len(each.hues) for each in facts)),
        (MeasureName.LARGE_MOTION, sum(each.changed > 0.5 for each in facts[1:]) / len(facts)),
    ):
        yield figure(measure, part.name, value)
    yield from _blank(part, facts, frame_rate)
    yield from _fill(part, facts, frame_rate)
    yield from _still(part, facts, frame_rate)


def _blank(part: VideoPart, facts: Sequence[FrameFacts], frame_rate: float) -> Iterator[ReviewFigure | ReviewFinding]:
    edge = round(ENTRANCE_S * frame_rate)
    empty = [each.shown < BLANK for each in facts[edge : len(facts) - edge]]
    seen = [(begin, length) for begin, length in runs(empty) if length > PASSING_S * frame_rate]
    value = sum(length for _, length in seen) / len(facts)
    yield figure(MeasureName.BLANK_SHARE, part.name, value)
    if seen:
        begin, length = max(seen, key=lambda run: run[1])
        message = f"the picture is empty for {length / frame_rate:.1f} s"
        yield finding(MeasureName.BLANK_SHARE, part.name, (edge + begin) / frame_rate, value, message)


def _fill(part: VideoPart, facts: Sequence[FrameFacts], frame_rate: float) -> Iterator[ReviewFigure | ReviewFinding]:
    areas = [each.place.area if each.place else 0.0 for each in facts]
    fullest = int(np.argmax(areas))
    yield figure(MeasureName.FILL, part.name, areas[fullest])
    if not MEASURES[MeasureName.FILL].is_good(areas[fullest]):
        message = f"the fullest picture uses {100 * areas[fullest]:.0f} % of the frame; 40 % are the least"
        place = facts[fullest].place
        places = (place,) if place else ()
        yield finding(MeasureName.FILL, part.name, fullest / frame_rate, areas[fullest], message, places)


def _still(part: VideoPart, facts: Sequence[FrameFacts], frame_rate: float) -> Iterator[ReviewFigure | ReviewFinding]:
    found = still_runs(facts, frame_rate)
    share = sum(length for _, length in found) / len(facts)
    yield figure(MeasureName.STILL_SHARE, part.name, share)
    if not MEASURES[MeasureName.STILL_SHARE].is_good(share):
        message = f"nothing moves in {100 * share:.0f} % of the scene; 35 % are the most"
        yield finding(MeasureName.STILL_SHARE, part.name, 0.0, share, message)
    yield figure(MeasureName.STILL_S, part.name, max((length for _, length in found), default=0) / frame_rate)
    for begin, length in found:
        length_s = length / frame_rate
        if not MEASURES[MeasureName.STILL_S].is_good(length_s):
            message = f"nothing moves for {length_s:.1f} s; 3 s are the most"
            yield finding(MeasureName.STILL_S, part.name, begin / frame_rate, length_s, message)


def _of_film(facts: Sequence[FrameFacts], frame_rate: float) -> Iterator[ReviewFigure | ReviewFinding]:
    length_s = len(facts) / frame_rate
    flashes = most_flashes([each.luminance for each in facts], frame_rate)
    black = [at for at, each in enumerate(facts) if each.is_black]
    yield figure(MeasureName.FILM_S, "", length_s)
    yield figure(MeasureName.FLASHES, "", flashes)
    yield figure(MeasureName.BLACK_FRAMES, "", len(black))
    if not MEASURES[MeasureName.FILM_S].is_good(length_s):
        message = f"the film lasts {length_s:.0f} s; 360 s are the most without chapters"
        yield finding(MeasureName.FILM_S, "", 360.0, length_s, message)
    if not MEASURES[MeasureName.FLASHES].is_good(flashes):
        message = f"the picture flashes {flashes} times in a second; 3 are the most"
        yield finding(MeasureName.FLASHES, "", 0.0, flashes, message)
    if black:
        message = f"{len(black)} frames are black"
        yield finding(MeasureName.BLACK_FRAMES, "", black[0] / frame_rate, len(black), message)


def _small_frames(frames: Iterable[Any]) -> Generator[Pixels]:
    for frame in frames:
        stopping.check()
        if isinstance(frame, VideoFrame):
            scale = LONG_SIDE / max(frame.width, frame.height)
            width, height = (max(2, round(side * scale)) for side in (frame.width, frame.height))
            small = frame.reformat(width, height, "rgb24", interpolation="AREA")
            yield np.asarray(small.to_ndarray(), dtype=np.uint8)


def _ground(levels: npt.NDArray[np.int16]) -> npt.NDArray[np.int16]:
    """Return the usual colour along the edge of the frame."""
    edge = np.concatenate([levels[0], levels[-1], levels[:, 0], levels[:, -1]])
    return np.asarray(np.median(edge, axis=0), dtype=np.int16)


def _box(shown: npt.NDArray[np.bool_]) -> Place | None:
    rows, columns = np.flatnonzero(shown.any(axis=1)), np.flatnonzero(shown.any(axis=0))
    if not len(rows):
        return None
    height, width = shown.shape
    return Place(
        left=float(columns[0] / width),
        top=float(rows[0] / height),
        right=float((columns[-1] + 1) / width),
        bottom=float((rows[-1] + 1) / height),
    )


def _hues(levels: npt.NDArray[np.int16]) -> Iterator[int]:
    """Yield the hues of colours that more than a few pixels have."""
    coarse = (levels // _HUE_STEP).reshape(-1, 3) @ np.array([64, 8, 1])
    numbers, counts = np.unique(coarse, return_counts=True)
    shares: dict[int, float] = {}
    for number, count in zip(numbers.tolist(), counts.tolist(), strict=True):
        channels = [(number // step % 8) * _HUE_STEP + _HUE_STEP // 2 for step in (64, 8, 1)]
        for hue in hues(["#" + "".join(f"{channel:02x}" for channel in channels)]):
            shares[hue] = shares.get(hue, 0.0) + count / len(coarse)
    yield from (hue for hue, share in shares.items() if share >= HUE_SHARE)
