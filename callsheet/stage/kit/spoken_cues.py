"""When each beat enters in a scene that is spoken: speech is the clock, and the picture obeys it.

A beat begins `AHEAD_S` before the first word about it, and is there `AHEAD_S` after that word began; its words enter
as the line is spoken. While a line speaks about one part of the content, the other parts step back. Pure arithmetic
and plans: nothing is played here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from callsheet.model.film.speech_plan import SceneSpeech, TimedLine
from callsheet.stage.kit.beats import Beat
from callsheet.stage.kit.emphasis import Emphasis, shows_part
from callsheet.stage.kit.motion import QUICK_S, WORD_S, Motion, paced, together
from callsheet.stage.kit.pacing import Stretch, reading_s
from callsheet.timebase import frames_in

AHEAD_S = 0.3
"""How long before its first word a beat begins to enter, and how long after it is there at the latest."""
_LONGEST_ENTRANCE_S = 0.9
"""A longer motion is a drawing or typing: it is watched while the line is spoken."""
_SLOWEST_READING = 1.6
"""How many times its usual reading time a text may take to enter: a short label does not wait for a long line."""
_LAG_S = 0.1
_LONGEST_WATCH_S = 3.0
"""So long, a line may be heard over what stands; after it, what no line speaks about enters before the next line."""
_LAST_LOOK_S = 1.0
"""Time for what enters last, before the scene ends."""


@dataclass(frozen=True)
class TimedMotion:
    """A motion, when it begins, and when it has ended; in seconds of the scene."""

    motion: Motion
    start_s: float
    end_s: float


def spoken_cues(beats: Sequence[Beat], speech: SceneSpeech) -> list[TimedMotion]:
    """Return the motions of `beats` and of the emphasis between them, in order.

    A line brings the next beat that shows its part; other beats of the same part follow while it is spoken. A beat
    without a line enters with the next one that has one. It enters before that one if it must leave again, or if the
    line before is heard for long over what stands. Beats after the last line are spread over the time that is left.
    """
    cues: list[TimedMotion] = []
    emphasis = Emphasis()
    targets = _targets(beats, speech)
    entered, free_s, heard_s = -1, 0.0, 0.0
    for number, (line, target) in enumerate(zip(speech.lines, targets, strict=True)):
        start_s = max(free_s, line.start_s - AHEAD_S)
        if target is None:
            if change := emphasis.turned_to(line.at):
                cues.append(TimedMotion(change, start_s, start_s + QUICK_S))
                free_s = start_s + QUICK_S
            heard_s = line.end_s
            continue
        early, clears, joined = _shared(beats[entered + 1 : target], beats[target], heard_s - free_s)
        leaving_s = sum(beat.motion.duration_s for beat in clears)
        turn_s = min(start_s, max(free_s, heard_s, start_s - leaving_s))
        _spread(cues, emphasis, early, free_s, turn_s)
        for beat in clears:
            emphasis.play(beat)
            cues.append(TimedMotion(beat.motion, turn_s, turn_s := min(start_s, turn_s + beat.motion.duration_s)))
        emphasis.play(beats[target])
        following = next((each for each in targets[number + 1 :] if each is not None), len(beats))
        entered = max(
            each for each in range(target, following) if each == target or (line.at and _is_about(beats[each], line.at))
        )
        own = beats[target + 1 : entered + 1]
        entrance = _entrance(beats[target], line, start_s, 1 + len(own))
        motion = together(*(_within(beat.motion, 2 * AHEAD_S) for beat in joined), entrance, lag_s=_LAG_S)
        change = emphasis.turned_to(line.at or next(iter(beats[target].parts), ""))
        # What enters with it enters bright: two motions of one thing at a time would leave it unseen.
        for beat in joined:
            emphasis.play(beat)
        free_s, heard_s = start_s + motion.duration_s, line.end_s
        cues.append(TimedMotion(together(motion, change) if change else motion, start_s, free_s))
        if own:
            _spread(cues, emphasis, own, free_s, heard_s)
            free_s = max(free_s, heard_s)
    last_s = max(free_s, speech.duration_s - _LAST_LOOK_S)
    _spread(cues, emphasis, beats[entered + 1 :], free_s, last_s)
    if change := emphasis.turned_up():
        cues.append(TimedMotion(change, max(cues[-1].end_s, speech.lines[-1].end_s + AHEAD_S), speech.duration_s))
    return cues


def in_frames(cues: Sequence[TimedMotion], duration_s: float, frame_rate: int) -> tuple[Stretch, ...]:
    """Return whole frames for `cues`: they add up to `duration_s`, and each motion begins at its cue.

    The first one begins with the scene, so that the picture is never empty. A motion ends when the next one begins.
    """
    total = frames_in(duration_s, frame_rate)
    starts = [0]
    for number, cue in enumerate(cues[1:], start=1):
        latest = total - (len(cues) - number)
        starts.append(max(starts[-1] + 1, min(frames_in(cue.start_s, frame_rate), latest)))
    starts = [min(start, total) for start in starts]
    lengths = [after - start for start, after in pairwise((*starts, total))]
    natural = [max(1, frames_in(max(0.0, cue.end_s - cue.start_s), frame_rate)) for cue in cues]
    moving = [min(length, most) for length, most in zip(lengths, natural, strict=True)]
    return tuple(Stretch(motion, length - motion) for motion, length in zip(moving, lengths, strict=True))


def _targets(beats: Sequence[Beat], speech: SceneSpeech) -> list[int | None]:
    """Return the number of the beat that each line brings; None if it speaks about what is there already."""
    targets: list[int | None] = []
    entered = -1
    for line in speech.lines:
        ahead = range(entered + 1, len(beats))
        target = next((each for each in ahead if beats[each].parts and _is_about(beats[each], line.at)), None)
        entered = entered if target is None else target
        targets.append(target)
    return targets


def _is_about(beat: Beat, at: str) -> bool:
    return any(shows_part(path, at) for path in beat.parts) if at else True


def _shared(
    between: Sequence[Beat], target: Beat, watched_s: float
) -> tuple[Sequence[Beat], Sequence[Beat], Sequence[Beat]]:
    """Return which beats before a target enter earlier, which make room for it, and which enter with it.

    For `watched_s` seconds, the line before is heard over what stands.
    """
    hiding = [place for place, beat in enumerate(between) if beat.hides]
    first = len(between) if target.hides else max(hiding, default=-1) + 1
    clears = first
    while clears and between[clears - 1].hides and not between[clears - 1].shows:
        clears -= 1
    if watched_s > _LONGEST_WATCH_S and clears == first and all(beat.parts for beat in between[first:]):
        return between, (), ()
    return between[:clears], between[clears:first], between[first:]


def _entrance(beat: Beat, line: TimedLine, start_s: float, sharers: int) -> Motion:
    """Return the motion of a beat that enters at `start_s` with its line, as long as it is to be.

    A drawing is watched while the line is spoken. Words enter as they are heard, if they can take that long; `sharers`
    beats share the time of the line.
    """
    spoken_s = max(line.end_s - start_s, AHEAD_S) / sharers
    if beat.motion.duration_s > _LONGEST_ENTRANCE_S:
        return _lasting(beat.motion, min(beat.motion.bears_s, spoken_s))
    usual_s = min(beat.motion.duration_s, 2 * AHEAD_S)
    if sharers > 1 or (_unhurried_s(beat) < spoken_s and not _is_said(beat, line)):
        return _lasting(beat.motion, max(usual_s, min(_unhurried_s(beat), spoken_s)))
    return paced(_lasting(beat.motion, max(usual_s, spoken_s)), _heard(line, start_s))


def _is_said(beat: Beat, line: TimedLine) -> bool:
    """Return whether a line says about as much as there is to read, so that the voice sets the pace, however slow."""
    said = " ".join(word.text for word in line.words)
    return bool(said) and reading_s(said) <= _SLOWEST_READING * beat.hold_s


def _unhurried_s(beat: Beat) -> float:
    """Return the longest that a beat may take to enter."""
    return min(beat.motion.bears_s, beat.motion.duration_s + _SLOWEST_READING * beat.hold_s)


def _heard(line: TimedLine, start_s: float) -> list[tuple[float, float]]:
    """Return from when on how much of the line has been heard: shares of the time from `start_s`, and of its letters.

    A line without times of words is heard evenly. The first word enters at once, however slowly it is spoken.
    """
    whole_s = line.end_s - start_s
    letters = max((word.ends_at for word in line.words), default=0)
    heard = [
        (share, word.begins_at / letters)
        for word in line.words[1:]
        if 0 < (share := (word.start_s - AHEAD_S / 2 - start_s) / whole_s) < 1
    ]
    first = WORD_S / whole_s
    return [(first, first), *heard] if heard and first < min(heard[0]) else heard


def _lasting(motion: Motion, length_s: float) -> Motion:
    return Motion(length_s, motion.make)


def _within(motion: Motion, most_s: float) -> Motion:
    return _lasting(motion, min(motion.duration_s, most_s))


def _spread(cues: list[TimedMotion], emphasis: Emphasis, beats: Sequence[Beat], from_s: float, until_s: float) -> None:
    """Add cues for `beats`, evenly from `from_s` to `until_s`."""
    share_s = max(0.0, until_s - from_s) / (len(beats) + 1)
    for place, beat in enumerate(beats, start=1):
        emphasis.play(beat)
        start_s = from_s + share_s * place
        length_s = max(beat.motion.duration_s, min(_unhurried_s(beat), share_s))
        cues.append(TimedMotion(beat.motion, start_s, start_s + length_s))
