"""When each word of a film is heard in its shot, and how long each shot is: whole frames. Pure arithmetic.

A shot is never shorter than what is said in it. Only silent shots give way to the length of a trailer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import ceil

from callsheet.model.film.screenplay import Utterance
from callsheet.model.film.screenplay_analysis import CameraShot
from callsheet.model.film.voice_track import HeardSentence, StoredSentence
from callsheet.timebase import frames_in

LEAD_S, TAIL_S = 0.25, 0.4
"""Silence before the first sentence of a shot and after its last one."""
BETWEEN_SENTENCES_S, BETWEEN_UTTERANCES_S = 0.2, 0.4
LEAST_SILENT_S, MOST_SILENT_S, MOST_MORE_S = 1.2, 8.0, 1.5
"""The bounds of a silent shot in a trailer, and how much longer than its speech another shot may become."""
_MOUTH_PAUSE_S = 0.12
TOLERANCE = 0.04
"""Share by which a trailer may differ from the length that was asked for."""


@dataclass(frozen=True)
class SaidUtterance:
    """An utterance, and its sentences as a voice spoke them."""

    utterance: Utterance
    sentences: tuple[StoredSentence, ...]


@dataclass(frozen=True)
class TimedShot:
    """A shot with its frames, and what is heard in it."""

    shot: CameraShot
    frames: int
    heard: tuple[HeardSentence, ...] = ()
    spoken: Mapping[str, tuple[tuple[float, float], ...]] | None = None
    """When each person speaks a word."""


def time_shots(
    shots: Sequence[CameraShot], said: Mapping[int, SaidUtterance], frame_rate: int, length_s: float | None = None
) -> tuple[TimedShot, ...]:
    """Return the shots with their lengths.

    `said` has the utterances by their numbers. Each is heard once, in the first shot that names it. With `length_s`,
    silent shots become shorter or longer, and shots are left out if there are too many.
    """
    free = dict(said)
    timed = [_timed(shot, [free.pop(n) for n in shot.utterances if n in free], frame_rate) for shot in shots]
    if length_s is None:
        return tuple(timed)
    target = frames_in(length_s, frame_rate)
    timed = _without_too_many(timed, target, frame_rate)
    least, usual, most = zip(*(_bounds(each, frame_rate) for each in timed), strict=True)
    lengths = _fitted(least, usual, most, target)
    return tuple(
        TimedShot(each.shot, frames, each.heard, each.spoken) for each, frames in zip(timed, lengths, strict=True)
    )


def _timed(shot: CameraShot, said: Sequence[SaidUtterance], frame_rate: int) -> TimedShot:
    heard: list[HeardSentence] = []
    spoken: dict[str, list[tuple[float, float]]] = {}
    start_s = end_s = LEAD_S
    last_start_s = LEAD_S
    for number, each in enumerate(said):
        is_at_once = bool(number and each.utterance.dual == "right" and said[number - 1].utterance.dual == "left")
        at_s = last_start_s if is_at_once else start_s
        last_start_s = at_s
        for stored in each.sentences:
            at_s = ceil(at_s * frame_rate) / frame_rate
            heard.append(HeardSentence(spoken=stored, start_s=at_s, speaker=_named_speaker(shot, each.utterance)))
            spoken.setdefault(each.utterance.character, []).extend(
                (round(at_s + word.start_s, 3), round(at_s + word.end_s, 3)) for word in stored.sentence.words
            )
            at_s += stored.sentence.length_s
            end_s = max(end_s, at_s)
            at_s += BETWEEN_SENTENCES_S
        start_s = end_s + BETWEEN_UTTERANCES_S
    needed = ceil((end_s + TAIL_S) * frame_rate) if heard else 2
    frames = max(2, frames_in(shot.length_s, frame_rate), needed)
    return TimedShot(
        shot,
        frames,
        tuple(sorted(heard, key=lambda each: each.start_s)),
        {name: tuple(_joined(spans)) for name, spans in spoken.items() if name in shot.seen},
    )


def _named_speaker(shot: CameraShot, utterance: Utterance) -> str:
    """Return the name of the speaker if the picture does not tell who speaks."""
    is_clear = shot.seen == (utterance.character,) and not utterance.is_off_screen
    return "" if is_clear else utterance.character


def _joined(spans: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """Yield the spans, those without a pause between them as one."""
    begun: tuple[float, float] | None = None
    for start_s, end_s in spans:
        if begun and start_s - begun[1] <= _MOUTH_PAUSE_S:
            begun = (begun[0], max(begun[1], end_s))
        else:
            if begun:
                yield begun
            begun = (start_s, end_s)
    if begun:
        yield begun


def _bounds(timed: TimedShot, frame_rate: int) -> tuple[int, int, int]:
    """Return the least, the usual and the greatest number of frames."""
    if timed.heard:
        needed = ceil((max(each.end_s for each in timed.heard) + TAIL_S) * frame_rate)
        return needed, max(needed, timed.frames), max(needed, timed.frames) + frames_in(MOST_MORE_S, frame_rate)
    least = min(timed.frames, frames_in(LEAST_SILENT_S, frame_rate))
    return least, timed.frames, max(timed.frames, frames_in(MOST_SILENT_S, frame_rate))


def _without_too_many(timed: Sequence[TimedShot], target: int, frame_rate: int) -> list[TimedShot]:
    """Return the shots, without so many that the rest fits: first silent ones, then the last of the longest scene."""
    kept = list(timed)
    while len(kept) > 1 and sum(_bounds(each, frame_rate)[0] for each in kept) > target * (1 + TOLERANCE):
        silent = [each for each in kept if not each.heard]
        scenes: dict[int, int] = {}
        for each in kept:
            scenes[each.shot.scene] = scenes.get(each.shot.scene, 0) + each.frames
        longest = max(scenes, key=lambda scene: scenes[scene])
        kept.remove(silent[-1] if silent else [each for each in kept if each.shot.scene == longest][-1])
    return kept


def _fitted(least: Sequence[int], usual: Sequence[int], most: Sequence[int], target: int) -> list[int]:
    """Return lengths between the bounds whose sum comes as near to the target as they can."""
    low, high = (least, usual) if target <= sum(usual) else (usual, most)
    room = sum(high) - sum(low)
    share = min(1.0, max(0.0, (target - sum(low)) / room)) if room else 0.0
    wanted = [a + (b - a) * share for a, b in zip(low, high, strict=True)]
    bounds = [0, *(round(total) for total in accumulate(wanted))]
    return [max(first, end - begin) for first, begin, end in zip(least, bounds, bounds[1:], strict=False)]
