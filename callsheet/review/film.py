"""The measures of a whole film: its length, its layouts, its captions."""

import re
from collections.abc import Iterator, Sequence
from html import unescape

from callsheet.model.film.caption_check import CaptionRule, caption_problems
from callsheet.model.film.captions import Cue
from callsheet.model.film.trace import SceneTrace
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
