"""When each beat enters in a scene without a voice: reading time is the clock, and nothing stands still for long.

Words enter while they are read, and what was read steps back when the next part enters. Plans alone: nothing is played
here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from callsheet.model.film.look import ReadingPace
from callsheet.stage.kit.beats import Beat, Page
from callsheet.stage.kit.emphasis import Emphasis
from callsheet.stage.kit.motion import QUICK_S, Motion, beside, leave
from callsheet.stage.kit.pacing import FINISH_S, LONGEST_STILL_S, READING_SHARE, READING_TIME, SETTLE_S

_LAG_S = 0.3
"""How long after a heading the rest begins that enters with it."""


@dataclass(frozen=True)
class ReadCue:
    """A motion, its length, and the rest after it, in seconds."""

    motion: Motion
    motion_s: float
    hold_s: float


def reading_cues(
    pages: Sequence[Page], duration_s: float | None = None, pace: ReadingPace = ReadingPace.NORMAL
) -> list[ReadCue]:
    """Return the motions of all pages with the rests after them, in order, for readers of this pace.

    If they take less than `duration_s`, they are read more slowly. They may take more.
    """
    share = READING_TIME[pace]
    pages = [Page(tuple(replace(beat, hold_s=beat.hold_s * share) for beat in page.beats)) for page in pages]
    cues = _cues(pages, 1.0, LONGEST_STILL_S if duration_s is None else None)
    usual_s = sum(cue.motion_s + cue.hold_s for cue in cues)
    return cues if duration_s is None or duration_s <= usual_s else _cues(pages, duration_s / usual_s, None)


def _cues(pages: Sequence[Page], slower: float, longest_still_s: float | None) -> list[ReadCue]:
    cues: list[ReadCue] = []
    for number, page in enumerate(pages, start=1):
        emphasis = Emphasis()
        beats = _under_headings(page.beats)
        for beat in beats:
            emphasis.play(beat)
            change = None if beat.is_anchor else emphasis.turned_to(*beat.parts)
            if change is not None:
                cues.append(ReadCue(change, QUICK_S, 0.0))
            cues.append(_read(beat.motion, beat.hold_s, slower, longest_still_s))
        if (change := emphasis.turned_up()) is not None:
            cues.append(ReadCue(change, QUICK_S, FINISH_S * slower))
        else:
            last = beats[-1]
            cues[-1] = _read(last.motion, last.hold_s + FINISH_S, slower, longest_still_s)
        if number < len(pages):
            cues.append(ReadCue(leave(*page.standing), QUICK_S, 0.0))
    return cues


def _under_headings(beats: Sequence[Beat]) -> list[Beat]:
    """Return the beats of a page: what is not read enters while the heading before it is.

    That is what shows no part of the content, and one setting: axes, a place, a picture, the heads of columns.
    """
    joined: list[Beat] = []
    has_setting = False
    for beat in beats:
        before = joined[-1] if joined else None
        is_setting = beat.is_anchor and not has_setting
        enters = beat.shows and not beat.hides and (is_setting or not beat.parts)
        if before is None or not before.is_anchor or not enters:
            joined.append(beat)
            continue
        has_setting = has_setting or is_setting
        joined[-1] = replace(
            before,
            motion=beside(before.motion, beat.motion, _LAG_S),
            hold_s=before.hold_s + beat.hold_s if beat.hold_s > SETTLE_S else max(before.hold_s, beat.hold_s),
            shows=(*before.shows, *beat.shows),
            parts={**before.parts, **beat.parts},
        )
    return joined


def _read(motion: Motion, hold_s: float, slower: float, longest_still_s: float | None) -> ReadCue:
    """Return the cue of one beat: its motion takes the time of its reading, as far as it bears it."""
    whole_s = (motion.duration_s + hold_s) * slower
    motion_s = min(motion.bears_s, motion.duration_s + READING_SHARE * (whole_s - motion.duration_s))
    rest_s = whole_s - motion_s
    return ReadCue(motion, motion_s, rest_s if longest_still_s is None else min(rest_s, longest_still_s))
