"""The measures of a voice, and of how the picture keeps step with it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from callsheet.review.arithmetic import word_count
from callsheet.review.measures import (
    MEASURES,
    MeasureName,
    Review,
    ReviewFigure,
    ReviewFinding,
    figure,
    finding,
    review_of,
)
from callsheet.review.pixels import FrameFacts, still_runs

# What is said enters the picture within a second of its first word.
NEAR_S = 1.0


@dataclass(frozen=True)
class HeardLine:
    """A sentence of a voice, in seconds of the film; `scene_start_s` is where its scene begins."""

    scene: str
    scene_start_s: float
    start_s: float
    end_s: float
    text: str


def review_voice(title: str, lines: Sequence[HeardLine], facts: Sequence[FrameFacts], frame_rate: float) -> Review:
    """Return the review of the lines of a film, in their order, beside the frames that stand over them."""
    if not lines:
        return Review(subject=title)
    beside = (*_coupling(lines, facts, frame_rate), *_unchanged(lines, facts, frame_rate))
    return review_of(title, [*_pace(lines), *_silences(lines), *beside])


def _pace(lines: Sequence[HeardLine]) -> Iterator[ReviewFigure | ReviewFinding]:
    """Yield the pace of the film: a listener has the silences between sentences and scenes, too."""
    length_s = lines[-1].end_s - lines[0].start_s
    pace = 60 * sum(word_count(line.text) for line in lines) / length_s if length_s else 0.0
    yield figure(MeasureName.VOICE_PACE, "", pace)
    if not MEASURES[MeasureName.VOICE_PACE].is_good(pace):
        message = f"the voice says {pace:.0f} words a minute; 180 are the most"
        yield finding(MeasureName.VOICE_PACE, "", lines[0].start_s, pace, message)


def _silences(lines: Sequence[HeardLine]) -> Iterator[ReviewFigure | ReviewFinding]:
    """Yield the silences inside each scene: one between two scenes is asked for."""
    for (scene, _), lines_of_scene in groupby(lines, key=lambda line: (line.scene, line.scene_start_s)):
        silences = [(after.start_s - before.end_s, before) for before, after in pairwise(lines_of_scene)]
        yield figure(MeasureName.SILENCE_S, scene, max((each for each, _ in silences), default=0.0))
        for silence_s, before in silences:
            if not MEASURES[MeasureName.SILENCE_S].is_good(silence_s):
                message = f"the voice is silent for {silence_s:.1f} s; 3 s are the most"
                yield finding(MeasureName.SILENCE_S, scene, before.end_s - before.scene_start_s, silence_s, message)


def _coupling(
    lines: Sequence[HeardLine], facts: Sequence[FrameFacts], frame_rate: float
) -> Iterator[ReviewFigure | ReviewFinding]:
    alone = [line for line in lines if not _moves_near(line, facts, frame_rate)]
    share = 1 - len(alone) / len(lines)
    yield figure(MeasureName.COUPLING, "", share)
    if not MEASURES[MeasureName.COUPLING].is_good(share):
        message = f"{len(alone)} of {len(lines)} lines begin with nothing new to see, the first is “{alone[0].text}”"
        yield finding(MeasureName.COUPLING, "", alone[0].start_s, share, message)


def _moves_near(line: HeardLine, facts: Sequence[FrameFacts], frame_rate: float) -> bool:
    first, end = (round((line.start_s + way) * frame_rate) for way in (-NEAR_S, NEAR_S))
    return any(each.moves for each in facts[max(first, 0) : end + 1])


def _unchanged(
    lines: Sequence[HeardLine], facts: Sequence[FrameFacts], frame_rate: float
) -> Iterator[ReviewFigure | ReviewFinding]:
    longest_s, over = 0.0, lines[0]
    for begin, length in still_runs(facts, frame_rate):
        begin_s, end_s = begin / frame_rate, (begin + length) / frame_rate
        spoken = [(min(line.end_s, end_s) - max(line.start_s, begin_s), line) for line in lines]
        spoken = [(seconds, line) for seconds, line in spoken if seconds > 0]
        total_s = sum(seconds for seconds, _ in spoken)
        if total_s > longest_s:
            longest_s, over = total_s, spoken[0][1]
    yield figure(MeasureName.UNCHANGED_S, over.scene, longest_s)
    if not MEASURES[MeasureName.UNCHANGED_S].is_good(longest_s):
        message = f"the voice speaks for {longest_s:.1f} s over an unchanged picture; 6 s are the most"
        yield finding(MeasureName.UNCHANGED_S, over.scene, over.start_s - over.scene_start_s, longest_s, message)
