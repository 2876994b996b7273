"""Captions held against the rules: what is wrong with cues, each in a sentence. Pure arithmetic."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from math import ceil

from callsheet.model.film.caption_breaks import caption_rules
from callsheet.model.film.captions import GAP_FRAMES, LEAD_FRAMES, LINGER_FRAMES, LONGEST_S, SHORTEST_S, Cue
from callsheet.model.values import Value


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


def caption_problems(
    cues: Sequence[Cue], frame_rate: float, cuts: Sequence[int] = (), language: str = ""
) -> tuple[CaptionProblem, ...]:
    """Return every rule that cues break, in the order of the film.

    `cuts` are the frames at which shots give way. A cue whose words are heard over a cut may stand over it.
    """
    rules = caption_rules(" ".join(cue.text for cue in cues), language)
    frames = [(round(cue.start_ms * frame_rate / 1000), round(cue.end_ms * frame_rate / 1000)) for cue in cues]

    def found(number: int, cue: Cue) -> Iterator[tuple[CaptionRule, float, str]]:
        lines = cue.text.split("\n")
        begins, ends = frames[number]
        shown_s = max(ends - begins, 1) / frame_rate
        widest, pace = max(map(len, lines)), len(cue.text) / shown_s
        if widest > rules.line_characters:
            yield (
                CaptionRule.LINE,
                widest,
                f"a line of its caption has {widest} characters; {rules.line_characters} are the most",
            )
        if len(lines) > rules.lines:
            yield CaptionRule.LINES, len(lines), f"its caption has {len(lines)} lines; {rules.lines} are the most"
        if pace > rules.characters_a_second:
            yield (
                CaptionRule.PACE,
                pace,
                f"its caption runs at {pace:.0f} characters a second; {rules.characters_a_second} are the most",
            )
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
