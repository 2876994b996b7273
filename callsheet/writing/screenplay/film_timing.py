"""When each word of a film is heard in its shot, and how long each shot is: whole frames. Pure arithmetic.

A shot is never shorter than what is said in it. Only silent shots give way to the length of a trailer; if all that is
said is too long for it, a whole scene is left out, and never a part of one while there is another.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
class ShotBounds:
    """How long a shot of a trailer is: at least, usually and at most, all in frames."""

    scene: int
    least: int
    usual: int
    most: int
    is_silent: bool

    @classmethod
    def of(cls, scene: int, usual: int, needed: int, frame_rate: int) -> "ShotBounds":
        """Return the bounds of a shot whose speech needs so many frames; 0 if it is silent."""
        if needed:
            usual = max(needed, usual)
            return cls(scene, needed, usual, usual + frames_in(MOST_MORE_S, frame_rate), is_silent=False)
        least = min(usual, frames_in(LEAST_SILENT_S, frame_rate))
        return cls(scene, least, usual, max(usual, frames_in(MOST_SILENT_S, frame_rate)), is_silent=True)


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
    silent shots become shorter or longer, and shots are left out if there are too many (`fit_lengths`).
    """
    free = dict(said)
    timed = [_timed(shot, [free.pop(n) for n in shot.utterances if n in free], frame_rate) for shot in shots]
    if length_s is None:
        return tuple(timed)
    bounds = [
        ShotBounds.of(each.shot.scene, each.frames, _needed(each.heard, frame_rate), frame_rate) for each in timed
    ]
    lengths = fit_lengths(bounds, frames_in(length_s, frame_rate))
    return tuple(replace(timed[place], frames=frames) for place, frames in lengths.items())


def said_in_none(planned: Sequence[CameraShot], kept: Sequence[CameraShot]) -> str:
    """Return a sentence about planned shots with speech that a trailer does not have; empty if it has all."""
    names = {shot.name for shot in kept}
    gone = [shot for shot in planned if shot.utterances and shot.name not in names]
    if not gone:
        return ""
    scenes = dict.fromkeys(shot.scene for shot in gone)
    left = {shot.scene for shot in kept if shot.utterances}
    whole = [str(scene) for scene in scenes if scene not in left]
    parts = [shot.name for shot in gone if shot.scene in left]
    said = [f"scene{'s' * (len(whole) > 1)} {', '.join(whole)}"] if whole else []
    said += [f"shot{'s' * (len(parts) > 1)} {', '.join(parts)}"] if parts else []
    return f"The voices need longer than planned: the trailer leaves out {' and '.join(said)}"


def _needed(heard: Sequence[HeardSentence], frame_rate: int) -> int:
    return ceil((max(each.end_s for each in heard) + TAIL_S) * frame_rate) if heard else 0


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


def fit_lengths(bounds: Sequence[ShotBounds], target: int, tolerance: float = TOLERANCE) -> dict[int, int]:
    """Return the frames of each shot that stays, by its place; their sum is `target`, as near as it can be.

    Silent shots are left out first, and then whole scenes. A single scene that is too long ends earlier.
    """
    most = target * (1 + tolerance)
    places = _without_silent(bounds, range(len(bounds)), most)
    if _least(bounds, places) > most:
        places = _without_silent(bounds, _with_fewer_scenes(bounds, target, most), most)
    while len(places) > 1 and _least(bounds, places) > most:
        places.remove(_last_of_the_longest(bounds, places))
    kept = [bounds[place] for place in places]
    least, usual, longest = zip(*((each.least, each.usual, each.most) for each in kept), strict=True)
    return dict(zip(places, _fitted(least, usual, longest, target), strict=True))


def _least(bounds: Sequence[ShotBounds], places: Collection[int]) -> int:
    return sum(bounds[place].least for place in places)


def _without_silent(bounds: Sequence[ShotBounds], places: Collection[int], most: float) -> list[int]:
    """Return the places without so many silent shots that the rest fits, if it can.

    The first shot of a scene shows where it is. It stays as long as there are others. The next one to go is the
    shortest of the scene that has most of them.
    """
    kept = list(places)
    while len(kept) > 1 and _least(bounds, kept) > most:
        silent = [place for place in kept if bounds[place].is_silent]
        if not silent:
            break
        first = {bounds[place].scene: place for place in reversed(kept)}
        counts = Counter(bounds[place].scene for place in silent)
        kept.remove(
            min(
                silent,
                key=lambda place: (
                    place == first[bounds[place].scene],
                    -counts[bounds[place].scene],
                    bounds[place].usual,
                    -place,
                ),
            )
        )
    return kept


def _with_fewer_scenes(bounds: Sequence[ShotBounds], target: int, most: float) -> list[int]:
    """Return the places without so many whole scenes that the speech of the rest fits, if the rest has the length.

    One scene is left out if that is enough: the one with the least speech.
    """
    places = list(range(len(bounds)))
    while _spoken(bounds, places) > most:
        speaking = dict.fromkeys(bounds[place].scene for place in places if not bounds[place].is_silent)
        rests = [[place for place in places if bounds[place].scene != scene] for scene in speaking]
        able = [rest for rest in rests if _most(bounds, rest) >= target]
        if not able:
            break
        fitting = [rest for rest in able if _spoken(bounds, rest) <= most]
        places = (
            max(fitting, key=lambda rest: _spoken(bounds, rest))
            if fitting
            else min(able, key=lambda rest: _spoken(bounds, rest))
        )
    return places


def _spoken(bounds: Sequence[ShotBounds], places: Collection[int]) -> int:
    return sum(bounds[place].least for place in places if not bounds[place].is_silent)


def _most(bounds: Sequence[ShotBounds], places: Collection[int]) -> int:
    return sum(bounds[place].most for place in places)


def _last_of_the_longest(bounds: Sequence[ShotBounds], places: Collection[int]) -> int:
    """Return the last place of the scene that is longest."""
    lengths: Counter[int] = Counter()
    for place in places:
        lengths[bounds[place].scene] += bounds[place].usual
    longest = max(lengths, key=lambda scene: lengths[scene])
    return max(place for place in places if bounds[place].scene == longest)


def _fitted(least: Sequence[int], usual: Sequence[int], most: Sequence[int], target: int) -> list[int]:
    """Return lengths between the bounds whose sum comes as near to the target as they can."""
    low, high = (least, usual) if target <= sum(usual) else (usual, most)
    room = sum(high) - sum(low)
    share = min(1.0, max(0.0, (target - sum(low)) / room)) if room else 0.0
    wanted = [a + (b - a) * share for a, b in zip(low, high, strict=True)]
    bounds = [0, *(round(total) for total in accumulate(wanted))]
    return [max(first, end - begin) for first, begin, end in zip(least, bounds, bounds[1:], strict=False)]
