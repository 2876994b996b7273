"""The frames of a film that are copied, and those that are encoded.

Pure arithmetic on a timeline; no file is used.

A copied stretch must begin at a keyframe of its clip, because all before it would be missing. It may end anywhere:
without B-frames no packet needs a later one. So a transition costs its frames and, in the incoming clip, those up to
the next keyframe. The outgoing clip is copied right up to the first blended frame.

    clip A  K-------K-------K----~~~~              K keyframe   ~ blended
    clip B                       ~~~~----K-------K-------
    film    copied ------------->encoded>copied -------->
"""

from collections.abc import Iterator

from callsheet.model.film.timeline import Shot, Timeline
from callsheet.model.values import Value


class ClipSpan(Value):
    """Frames `first_frame` to `end_frame` of a clip.

    Its first `overlap_frames` blend with the take before.
    """

    shot: int
    first_frame: int
    end_frame: int
    overlap_frames: int = 0

    @property
    def frames(self) -> int:
        """Return how many frames of the clip are used."""
        return self.end_frame - self.first_frame


class CopiedSegment(Value):
    """Frames of the film, from `start_frame` on, whose packets are copied from one clip."""

    start_frame: int
    take: ClipSpan

    @property
    def frames(self) -> int:
        """Return the length in frames of the film."""
        return self.take.frames


class EncodedSegment(Value):
    """Frames of the film, from `start_frame` on, blended from overlapping takes and encoded."""

    start_frame: int
    takes: tuple[ClipSpan, ...]

    @property
    def frames(self) -> int:
        """Return the length in frames of the film."""
        return sum(take.frames - take.overlap_frames for take in self.takes)


Segment = CopiedSegment | EncodedSegment


def plan_segments(timeline: Timeline, gop_frames: int) -> tuple[Segment, ...]:
    """Return segments that tile the film exactly, in order.

    The clips have a keyframe every `gop_frames` frames.

    If no keyframe lies between two transitions inside a clip, their windows become one segment.
    """
    return tuple(_segments(timeline, gop_frames))


def _segments(timeline: Timeline, gop_frames: int) -> Iterator[Segment]:
    window: list[ClipSpan] = []
    start_frame = 0
    for index, shot in enumerate(timeline.shots):
        if shot.overlap_frames == 0:
            if window:
                yield EncodedSegment(start_frame=start_frame, takes=tuple(window))
            window, start_frame = [], shot.start_frame
        following = timeline.shots[index + 1 : index + 2]
        fade_frame = shot.clip.frames - (following[0].overlap_frames if following else 0)
        keyframe = -(-shot.overlap_frames // gop_frames) * gop_frames  # the first at or after the overlap's end
        if keyframe >= fade_frame:
            window.append(_take(index, shot, 0, shot.clip.frames))
            continue
        if shot.overlap_frames:
            window.append(_take(index, shot, 0, keyframe))
            yield EncodedSegment(start_frame=start_frame, takes=tuple(window))
        yield CopiedSegment(start_frame=shot.start_frame + keyframe, take=_take(index, shot, keyframe, fade_frame))
        start_frame = shot.start_frame + fade_frame
        window = [_take(index, shot, fade_frame, shot.clip.frames)] if fade_frame < shot.clip.frames else []
    if window:
        yield EncodedSegment(start_frame=start_frame, takes=tuple(window))


def _take(index: int, shot: Shot, first_frame: int, end_frame: int) -> ClipSpan:
    overlap = shot.overlap_frames if first_frame == 0 else 0
    return ClipSpan(shot=index, first_frame=first_frame, end_frame=end_frame, overlap_frames=overlap)
