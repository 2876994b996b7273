"""When each line of a scene's narration is heard, and how long the scene is. Pure values and arithmetic.

Speech is the clock: the lengths of the spoken sentences decide the times of the picture, which obeys them. Every start
and every length is a whole number of frames, so that a film of many scenes does not drift.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

from pydantic import Field

from callsheet.model.film.narration import SpokenSentence, WordTime
from callsheet.model.values import Value
from callsheet.timebase import frames_in

SHORTEST_PAUSE_S, PAUSE_S, LONGEST_PAUSE_S = 0.5, 0.65, 0.8
"""Silence between two sentences: the range of natural speech, and what it is unless the scene's length asks for more
or less."""
SLOWEST_SPEECH, QUICKEST_SPEECH = 0.9, 1.1
"""A voice at these shares of its pace still sounds natural."""


class SpokenLine(Value):
    """A line of narration as it was spoken: one or more sentences, each with a measured length."""

    at: str = ""
    sentences: tuple[SpokenSentence, ...] = Field(min_length=1)


class TimedLine(Value):
    """When a line is heard in its scene."""

    at: str
    """The part of the content that it speaks about; empty: the part after that of the line before."""
    start_s: float
    end_s: float
    words: tuple[WordTime, ...] = ()
    """Times in the scene; offsets in the line's sentences, joined by spaces."""
    sentence_starts_s: tuple[float, ...] = ()
    """Where the sound of each sentence begins."""


class SceneSpeech(Value):
    """All lines of a scene, in order, and the length of the scene: whole frames."""

    lines: tuple[TimedLine, ...]
    duration_s: float


class SpeechPlan(Value):
    """The times of a scene's lines, and what they ask of the voice."""

    speech: SceneSpeech
    speed: float = 1.0
    """Speed at which the sentences must be spoken for these times, as a share of the present one."""
    remark: str = ""
    """A sentence if the wanted length could not be kept."""


class _Rests(NamedTuple):
    """Silence before the first sentence, between two, and after the last, in seconds."""

    lead_s: float
    pause_s: float
    tail_s: float

    def around(self, sentences: int) -> float:
        return self.lead_s + self.pause_s * (sentences - 1) + self.tail_s

    def towards(self, other: "_Rests", share: float) -> "_Rests":
        return _Rests(*(own + (its - own) * share for own, its in zip(self, other, strict=True)))


_TIGHT, _USUAL, _LOOSE = (
    _Rests(0.3, SHORTEST_PAUSE_S, 0.6),
    _Rests(0.4, PAUSE_S, 1.2),
    _Rests(0.5, LONGEST_PAUSE_S, 3.0),
)


def plan_speech(
    lines: Sequence[SpokenLine], frame_rate: int, *, least_s: float = 0.0, most_s: float | None = None
) -> SpeechPlan:
    """Return when each line is heard in a scene that lasts from `least_s` to `most_s` seconds.

    There is at least one line. Pauses keep the scene within these bounds, then the speed of the voice. If neither is
    enough, a scene that is too short ends in silence and one that is too long stays so, with a remark. The scene never
    ends before the voice.
    """
    sentences = [sentence for line in lines for sentence in line.sentences]
    speech_s, count = sum(sentence.length_s for sentence in sentences), len(sentences)
    usual_s = speech_s + _USUAL.around(count)
    wanted_s = max(least_s, usual_s if most_s is None else min(usual_s, most_s))
    if wanted_s == usual_s:
        return SpeechPlan(speech=_laid_out(lines, _USUAL, 1.0, frame_rate, 0.0))
    # Whole frames may lengthen each pause by one.
    aim_s = wanted_s - count / frame_rate if wanted_s < usual_s else wanted_s
    limit, slowest, quickest = (_TIGHT, 1.0, QUICKEST_SPEECH) if aim_s < usual_s else (_LOOSE, SLOWEST_SPEECH, 1.0)
    share = min(1.0, (aim_s - usual_s) / (limit.around(count) - _USUAL.around(count)))
    rests = _USUAL.towards(limit, share)
    left_s = aim_s - rests.around(count)
    speed = min(quickest, max(slowest, speech_s / left_s if left_s > 0 else quickest)) if share == 1.0 else 1.0
    speech = _laid_out(lines, rests, speed, frame_rate, wanted_s)
    return SpeechPlan(speech=speech, speed=speed, remark=_remark(speech, wanted_s, count, frame_rate))


def plan_voiceover(sentences: Sequence[SpokenSentence], frame_rate: int) -> SceneSpeech:
    """Return when each sentence of a voiceover is heard: the first at once, and after the last one a pause."""
    line = SpokenLine(sentences=tuple(sentences))
    return _laid_out([line], _Rests(0.0, PAUSE_S, PAUSE_S), 1.0, frame_rate, 0.0)


def _laid_out(lines: Sequence[SpokenLine], rests: _Rests, speed: float, frame_rate: int, until_s: float) -> SceneSpeech:
    """Return the lines one after the other, in a scene that lasts until `until_s`, or 0 for its own last rest."""
    timed: list[TimedLine] = []
    start, end = _frame_after(Fraction(0), rests.lead_s, frame_rate), Fraction(0)
    for line in lines:
        starts: list[Fraction] = []
        words: list[WordTime] = []
        offset = 0
        for sentence in line.sentences:
            starts.append(Fraction(start, frame_rate))
            words.extend(_moved(word, offset, float(starts[-1]), speed) for word in sentence.words)
            offset += len(sentence.text) + 1
            end = starts[-1] + Fraction(sentence.samples, sentence.sample_rate_hz) / Fraction(speed)
            start = _frame_after(end, rests.pause_s, frame_rate)
        timed.append(
            TimedLine(
                at=line.at,
                start_s=float(starts[0]),
                end_s=float(end),
                words=tuple(words),
                sentence_starts_s=tuple(map(float, starts)),
            )
        )
    tail_s = _TIGHT.tail_s if until_s else rests.tail_s
    frames = max(ceil((end + Fraction(tail_s)) * frame_rate), frames_in(until_s, frame_rate))
    return SceneSpeech(lines=tuple(timed), duration_s=float(Fraction(frames, frame_rate)))


def _frame_after(end: Fraction, rest_s: float, frame_rate: int) -> int:
    """Return the frame about `rest_s` seconds after `end`: pauses keep their bounds in whole frames, too."""
    after = (end + Fraction(rest_s)) * frame_rate
    return floor(after) if rest_s > PAUSE_S else ceil(after)


def _moved(word: WordTime, offset: int, start_s: float, speed: float) -> WordTime:
    return WordTime(
        text=word.text,
        begins_at=word.begins_at + offset,
        ends_at=word.ends_at + offset,
        start_s=start_s + word.start_s / speed,
        end_s=start_s + word.end_s / speed,
    )


def _remark(speech: SceneSpeech, wanted_s: float, sentences: int, frame_rate: int) -> str:
    silence_s = speech.duration_s - speech.lines[-1].end_s
    if speech.duration_s > wanted_s + 1 / frame_rate:
        return (
            f"the narration needs {speech.duration_s:.1f} s, more than the {wanted_s:.1f} s that the scene may last: "
            "shorten its lines"
        )
    if silence_s > _LOOSE.tail_s + (sentences + 1) / frame_rate:
        return (
            f"the scene ends with {silence_s:.1f} s of silence, because its narration is shorter than the "
            f"{wanted_s:.1f} s that it must last: add a line"
        )
    return ""
