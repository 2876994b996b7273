"""The measures of a whole film: its length, its layouts, its captions.

Captions are held against their rules: what is wrong with a cue is said in a sentence.
"""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from html import unescape
from math import ceil

from callsheet.model.film.caption_breaks import CaptionRules, caption_rules
from callsheet.model.film.captions import GAP_FRAMES, LEAD_FRAMES, LINGER_FRAMES, LONGEST_S, SHORTEST_S, Cue
from callsheet.model.film.trace import SceneTrace
from callsheet.model.values import Value
from callsheet.review.geometry import review_scene, scene_framing
from callsheet.review.measures import (
    MEASURES,
    MeasureName,
    Review,
    ReviewFigure,
    ReviewFinding,
    figure,
    finding,
    joined,
    review_of,
)

# A film of fewer scenes has no room for so many layouts.
FEW_SCENES = 4
_TIMES = re.compile(r"(\d+):(\d\d):(\d\d)\.(\d{3}) --> (\d+):(\d\d):(\d\d)\.(\d{3})[^\n]*")


class CaptionRule(StrEnum):
    """What a cue must keep to."""

    LINE = "line"
    LINES = "lines"
    PACE = "pace"
    SHORT = "short"
    LONG = "long"
    GAP = "gap"
    CUT = "cut"
    SPEECH = "speech"


class CaptionProblem(Value):
    """A rule that a cue breaks."""

    rule: CaptionRule
    number: int
    """Of the cue, from 1."""
    second: float
    """The start of the cue."""
    value: float
    """What was measured."""
    message: str
    """What is wrong, for a reader who sees the second beside it."""


def review_film(title: str, traces: Sequence[SceneTrace]) -> Review:
    """Return the review of a film by the traces of its scenes, in film order."""
    found = [*_framings(traces), *_length(sum(trace.duration_s for trace in traces))]
    return joined(title, (*map(review_scene, traces), review_of(title, found)))


def review_captions(title: str, cues: Sequence[Cue], frame_rate: float, cuts: Sequence[int] = ()) -> Review:
    """Return the review of a film's captions. `cuts` are the frames at which its scenes begin."""
    return review_of(title, list(_captions(cues, frame_rate, cuts)))


def cues_in(webvtt: str) -> tuple[Cue, ...]:
    """Return the cues of a WebVTT file as Callsheet writes it; blocks of another form are left out."""
    found = []
    for block in webvtt.replace("\r\n", "\n").split("\n\n"):
        timed = _TIMES.search(block)
        if timed:
            hours, minutes, seconds, milliseconds, *end = map(int, timed.groups())
            start_ms = ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds
            end_ms = ((end[0] * 60 + end[1]) * 60 + end[2]) * 1000 + end[3]
            found.append(Cue(start_ms=start_ms, end_ms=end_ms, text=unescape(block[timed.end() :].strip())))
    return tuple(found)


def _framings(traces: Sequence[SceneTrace]) -> Iterator[ReviewFigure | ReviewFinding]:
    framings = [scene_framing(trace) for trace in traces]
    same = [(at, trace) for at, trace in enumerate(traces[1:], start=1) if framings[at] == framings[at - 1]]
    yield figure(MeasureName.FRAMINGS, "", len(set(framings)))
    yield figure(MeasureName.SAME_FRAMING, "", len(same))
    if len(traces) >= FEW_SCENES and not MEASURES[MeasureName.FRAMINGS].is_good(len(set(framings))):
        message = f"the film has {len(set(framings))} different layouts; 3 are the least"
        yield finding(MeasureName.FRAMINGS, "", 0.0, len(set(framings)), message)
    for at, trace in same:
        message = f"it has the layout of the scene before, “{traces[at - 1].name}”"
        yield finding(MeasureName.SAME_FRAMING, trace.name, 0.0, 1, message)


def _length(duration_s: float) -> Iterator[ReviewFigure | ReviewFinding]:
    yield figure(MeasureName.FILM_S, "", duration_s)
    if not MEASURES[MeasureName.FILM_S].is_good(duration_s):
        message = f"the film lasts {duration_s:.0f} s; 360 s are the most without chapters"
        yield finding(MeasureName.FILM_S, "", 360.0, duration_s, message)


def _captions(cues: Sequence[Cue], frame_rate: float, cuts: Sequence[int]) -> Iterator[ReviewFigure | ReviewFinding]:
    if not cues:
        return
    problems = caption_problems(cues, frame_rate, cuts)
    lines = [max(map(len, cue.text.split("\n"))) for cue in cues]
    paces = [len(cue.text) / max(cue.end_ms - cue.start_ms, 1) * 1000 for cue in cues]
    measured = {CaptionRule.LINE: MeasureName.CAPTION_LINE, CaptionRule.PACE: MeasureName.CAPTION_PACE}
    yield figure(MeasureName.CAPTION_LINE, "", max(lines))
    yield figure(MeasureName.CAPTION_PACE, "", max(paces))
    yield figure(MeasureName.CAPTION_TIMES, "", sum(found.rule not in measured for found in problems))
    for found in problems:
        measure = measured.get(found.rule, MeasureName.CAPTION_TIMES)
        yield finding(measure, "", found.second, found.value, found.message)


def caption_problems(
    cues: Sequence[Cue], frame_rate: float, cuts: Sequence[int] = (), language: str = ""
) -> tuple[CaptionProblem, ...]:
    """Return every rule that cues break, in the order of the film.

    `cuts` are the frames at which shots give way. A cue whose words are heard over a cut may stand over it.
    """
    rules = caption_rules(" ".join(cue.text for cue in cues), language)
    frames = [(round(cue.start_ms * frame_rate / 1000), round(cue.end_ms * frame_rate / 1000)) for cue in cues]

    def found(number: int, cue: Cue) -> Iterator[tuple[CaptionRule, float, str]]:
        begins, ends = frames[number]
        shown_s = max(ends - begins, 1) / frame_rate
        yield from _too_much_text(cue.text, shown_s, rules)
        if ends - begins < int(SHORTEST_S * frame_rate):
            yield CaptionRule.SHORT, shown_s, f"its caption stands for {shown_s:.2f} s; 0.83 s are the least"
        if ends - begins > ceil(LONGEST_S * frame_rate):
            yield CaptionRule.LONG, shown_s, f"its caption stands for {shown_s:.1f} s; {LONGEST_S} s are the most"
        if number and begins - frames[number - 1][1] < GAP_FRAMES:
            gap = begins - frames[number - 1][1]
            yield (
                CaptionRule.GAP,
                gap,
                f"its caption begins {gap} frames after the one before; {GAP_FRAMES} are the least",
            )
        yield from _over_a_cut(cue, begins, ends, cuts, frame_rate)
        yield from _apart_from_speech(cue, begins, ends, frame_rate)

    return tuple(
        CaptionProblem(rule=rule, number=number + 1, second=cue.start_ms / 1000, value=value, message=message)
        for number, cue in enumerate(cues)
        for rule, value, message in found(number, cue)
    )


def _too_much_text(text: str, shown_s: float, rules: CaptionRules) -> Iterator[tuple[CaptionRule, float, str]]:
    lines = text.split("\n")
    widest, pace = max(map(len, lines)), len(text) / shown_s
    if widest > rules.line_characters:
        message = f"a line of its caption has {widest} characters; {rules.line_characters} are the most"
        yield CaptionRule.LINE, widest, message
    if len(lines) > rules.lines:
        yield CaptionRule.LINES, len(lines), f"its caption has {len(lines)} lines; {rules.lines} are the most"
    if pace > rules.characters_a_second:
        message = f"its caption runs at {pace:.0f} characters a second; {rules.characters_a_second} are the most"
        yield CaptionRule.PACE, pace, message


def _over_a_cut(
    cue: Cue, begins: int, ends: int, cuts: Sequence[int], frame_rate: float
) -> Iterator[tuple[CaptionRule, float, str]]:
    heard = cue.words[-1].end_s * frame_rate if cue.words else 0.0
    for cut in cuts:
        if begins < cut < ends and heard <= cut:
            yield CaptionRule.CUT, ends - cut, f"its caption stands for {ends - cut} frames after the cut"


def _apart_from_speech(cue: Cue, begins: int, ends: int, frame_rate: float) -> Iterator[tuple[CaptionRule, float, str]]:
    if not cue.words:
        return
    early = cue.words[0].start_s * frame_rate - begins
    late = ends - cue.words[-1].end_s * frame_rate
    if abs(early) > LEAD_FRAMES:
        said = "before" if early > 0 else "after"
        yield CaptionRule.SPEECH, early, f"its caption begins {abs(early):.0f} frames {said} its first word"
    if late > LINGER_FRAMES + 1:
        yield CaptionRule.SPEECH, late, f"its caption ends {late:.0f} frames after its last word"
