"""The edit as exact numbers: which frames of which clip play when.

Pure arithmetic on frame counts.
"""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from callsheet.model.film.media import Clip
from callsheet.model.values import Value
from callsheet.timebase import frames_in


class TransitionName(StrEnum):
    """How one scene gives way to the next."""

    NONE = "none"
    FADE = "fade"
    FADE_BLACK = "fade-black"
    DISSOLVE = "dissolve"
    WIPE_LEFT = "wipe-left"
    WIPE_RIGHT = "wipe-right"
    SLIDE_LEFT = "slide-left"
    SLIDE_UP = "slide-up"
    SMOOTH_LEFT = "smooth-left"
    CIRCLE_OPEN = "circle-open"
    RADIAL = "radial"
    PIXELIZE = "pixelize"


class MergeOptions(Value):
    """How the scenes are joined."""

    transition: TransitionName = Field(TransitionName.FADE, title="Transition")
    """How one scene gives way to the next.

    “none” is a hard cut, “dissolve” a cross-fade. A “fade” between two scenes on one ground goes through that ground.
    """
    transition_s: float = Field(0.5, gt=0, le=5, title="Transition length (seconds)")
    """How long two scenes overlap. It is shortened if a scene is too short for it."""


class Shot(Value):
    """One clip on the timeline. It starts `overlap_frames` before the previous one ends."""

    clip: Clip
    start_frame: int
    overlap_frames: int

    @property
    def end_frame(self) -> int:
        """Return the first frame after this shot."""
        return self.start_frame + self.clip.frames


class Timeline(Value):
    """Shots in the order of the film, and the one transition between each two."""

    shots: tuple[Shot, ...]
    transition: TransitionName

    @property
    def frames(self) -> int:
        """Return the length of the whole film in frames."""
        return self.shots[-1].end_frame

    def cut_frames(self) -> tuple[int, ...]:
        """Return where its shots give way: the middle of each transition, and the end of the film."""
        return (*(shot.start_frame + shot.overlap_frames // 2 for shot in self.shots[1:]), self.frames)

    def frames_alone(self, place: int) -> tuple[int, int]:
        """Return when the shot at this place is seen without another one.

        The two numbers are the first such frame, and the first frame after them.
        """
        shot = self.shots[place]
        ends = self.shots[place + 1].start_frame if place + 1 < len(self.shots) else shot.end_frame
        begins = shot.start_frame + shot.overlap_frames
        return begins, max(ends, begins + 1)

    @model_validator(mode="after")
    def _shares_one_profile(self) -> Self:
        formats = {(shot.clip.width, shot.clip.height, shot.clip.frame_rate) for shot in self.shots}
        if len(formats) != 1:
            raise ValueError(f"a timeline needs clips of one size and frame rate, not {sorted(formats)}")
        return self


def plan_timeline(clips: tuple[Clip, ...], merge: MergeOptions) -> Timeline:
    """Lay `clips` end to end, each overlapping the previous one by the transition.

    An overlap takes at most half of the shorter of its two clips, rounded down, so that no frame is part of two
    transitions.
    """
    shots: list[Shot] = []
    for clip in clips:
        previous = shots[-1] if shots else None
        overlap = _overlap_frames(previous.clip, clip, merge) if previous else 0
        start = previous.end_frame - overlap if previous else 0
        shots.append(Shot(clip=clip, start_frame=start, overlap_frames=overlap))
    return Timeline(shots=tuple(shots), transition=merge.transition)


def _overlap_frames(outgoing: Clip, incoming: Clip, merge: MergeOptions) -> int:
    if merge.transition is TransitionName.NONE:
        return 0
    wanted = frames_in(merge.transition_s, incoming.frame_rate)
    return min(wanted, outgoing.frames // 2, incoming.frames // 2)
