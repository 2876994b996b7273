"""Captions: timed text as cues on the frames of a film. Pure arithmetic and text.

Every text that is read with a film becomes cues here: the caption of a scene, or the words of a voice. The rules are
those of subtitling practice (Netflix, Timed Text Style Guide). A cue has two lines of 42 characters, is read at 20
characters a second, and stands for 5/6 to 7 seconds. Two frames lie between two cues, and no cue stands over a cut. The
cues of a stretch are chosen together, so that all of them break where a reader would.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import accumulate, groupby, pairwise, zip_longest
from math import ceil, floor

from callsheet.model.film.caption_breaks import (
    AFTER_A_CLAUSE,
    AFTER_A_SENTENCE,
    CaptionPiece,
    CaptionRules,
    caption_rules,
    pieces_of,
    text_of,
)
from callsheet.model.film.language import language_of
from callsheet.model.film.narration import SpokenSentence, WordTime
from callsheet.model.film.timeline import Timeline
from callsheet.model.film.voice_track import HeardSentence, VoiceTrack
from callsheet.model.values import Value

SHORTEST_S, LONGEST_S = Fraction(5, 6), 7
GAP_FRAMES = 2
LEAD_FRAMES, LINGER_FRAMES = 3, 12
"""A cue begins at most so many frames before its words are heard, and ends at most so many after them."""
READING_SHARE = 0.75
"""The pace of a text that no voice speaks, as a share of the quickest: it is read beside the picture."""
# How much a break, a cue and a rule that is not kept count against one another.
_CUE, _CUE_PARTING, _LINE_TILT, _UNEVEN, _CLAUSE_WITHIN, _SENTENCE_WITHIN = 3.0, 4.0, 0.5, 4.0, 1.5, 5.0
_SECOND_SHORT, _SECOND_LONG, _SECOND_SILENT, _CHARACTER_QUICK = 40.0, 40.0, 20.0, 3.0
_LONGEST_PAUSE_S = 1.0


class Cue(Value):
    """A text, and when it is shown. Times are in milliseconds, as WebVTT and MP4 keep them."""

    start_ms: int
    end_ms: int
    text: str
    """One or two lines."""
    words: tuple[WordTime, ...] = ()
    """When each word is heard, in seconds of the film, with its place in `text`; empty for a text without a voice."""


@dataclass(frozen=True)
class _Timed:
    """A piece of text, and when it is heard or read, in seconds of the film."""

    piece: CaptionPiece
    start_s: float
    end_s: float
    column: int
    """Its place in the whole text, written as one line."""


def scene_cues(timeline: Timeline, captions: Sequence[str], language: str = "") -> tuple[Cue, ...]:
    """Return the cues of one caption a shot; an empty caption gives none.

    They stand while their shot is seen: from the middle of one transition to the middle of the next. Without a
    language, the small words of the captions tell it.
    """
    spoken = language or language_of(captions) or ""
    rate = timeline.shots[0].clip.frame_rate
    bounds = pairwise((0, *timeline.cut_frames()))
    return tuple(
        cue
        for caption, (start, end) in zip(captions, bounds, strict=True)
        for cue in cues_between(caption, start, end, rate, spoken)
    )


def cues_between(text: str, start_frame: int, end_frame: int, frame_rate: int, language: str = "") -> tuple[Cue, ...]:
    """Return a text as cues from the first frame on, each as long as its share of the characters.

    No cue stands for longer than seven seconds. If there is no frame for each cue, the whole text is one.
    """
    rules = caption_rules(text, language)
    pieces = pieces_of(text, rules, language)
    if not pieces or end_frame <= start_frame:
        return ()
    pace = rules.characters_a_second * READING_SHARE
    timed = _in_line((piece, piece.begins_at / pace, piece.ends_at / pace) for piece in pieces)
    texts = ["\n".join(map(text_of, _lines(span, rules))) for span in _spans(timed, rules, frame_rate)]
    frames = end_frame - start_frame
    if frames < len(texts):
        texts = [text_of(pieces)]
    read = list(accumulate(map(len, texts), initial=0))
    spare = frames - len(texts)  # a frame for each, and the rest by what there is to read
    bounds = [start_frame + number + spare * so_far // read[-1] for number, so_far in enumerate(read)]
    longest = floor(LONGEST_S * frame_rate)
    return tuple(
        _cue(shown, begins, max(begins + 1, min(ends - GAP_FRAMES, begins + longest)), frame_rate)
        for shown, (begins, ends) in zip(texts, pairwise(bounds), strict=True)
    )


def spoken_cues(voice: VoiceTrack, cuts: Sequence[int], frame_rate: int) -> tuple[Cue, ...]:
    """Return the cues of all that voices say: each begins with its first word, and ends soon after its last one.

    `cuts` are the frames at which shots give way, with the film's end as the last one. Sentences between two cuts are
    divided together. A short one may stand with its neighbour, unless another speaker is named for it. What two say at
    once stands in one cue, a line for each; such a cue has no times of words.
    """
    heard = [each for each in voice.sentences if each.spoken.sentence.text.strip()]
    rules = caption_rules(" ".join(each.spoken.sentence.text for each in heard), voice.language)
    planned: list[tuple[_CuePlan, int]] = []
    for shot, sentences in groupby(heard, key=lambda each: bisect_right(cuts, each.start_s * frame_rate)):
        cut = cuts[min(shot, len(cuts) - 1)]
        for stretch in _stretches(sentences):
            planned += ((plan, cut) for plan in _cue_plans(stretch, rules, voice.language, frame_rate))
    cues: list[Cue] = []
    free = 0
    for place, (plan, cut) in enumerate(planned):
        after = floor(planned[place + 1][0].start_s * frame_rate) if place + 1 < len(planned) else None
        if after is not None:
            # A cue that lingers gives way to one that must be read quickly.
            lead = _lead_frames(planned[place + 1][0], rules, frame_rate)
            after -= lead if after - lead - GAP_FRAMES >= ceil(plan.end_s * frame_rate) else 0
        begins, ends = _stand(plan, free, after, cut, rules, frame_rate)
        free = ends + GAP_FRAMES
        cues.append(_cue(plan.text, begins, ends, frame_rate, plan.words))
    return tuple(cues)


@dataclass(frozen=True)
class _CuePlan:
    """The text of a cue, and when it is heard, in seconds of the film."""

    text: str
    start_s: float
    end_s: float
    words: tuple[WordTime, ...] = ()


def _stretches(sentences: Iterable[HeardSentence]) -> Iterator[list[HeardSentence]]:
    """Yield sentences of one speaker that follow each other, and those of several who speak at once."""
    stretch: list[HeardSentence] = []
    for together in _at_once(sentences):
        if stretch and len({each.speaker for each in (*stretch, *together)}) > 1:
            yield stretch
            stretch = []
        stretch += together
    if stretch:
        yield stretch


def _at_once(sentences: Iterable[HeardSentence]) -> Iterator[list[HeardSentence]]:
    """Yield sentences that are heard at the same time, each of which begins before those before it are over."""
    together: list[HeardSentence] = []
    for heard in sentences:
        if together and heard.start_s >= max(map(_silent_s, together)):
            yield together
            together = []
        together.append(heard)
    if together:
        yield together


def _silent_s(heard: HeardSentence) -> float:
    """Return when the last word of a sentence ends."""
    return heard.heard_s[1] if heard.heard_s else heard.end_s


def _cue_plans(
    stretch: Sequence[HeardSentence], rules: CaptionRules, language: str, frame_rate: int
) -> Iterator[_CuePlan]:
    speakers = dict.fromkeys(each.speaker for each in stretch)
    if len(speakers) == 1:
        for span in _spans(_in_line(_heard_pieces(stretch, rules, language)), rules, frame_rate):
            lines = _lines(span, rules)
            words = tuple(_words(span, lines))
            yield _CuePlan("\n".join(map(text_of, lines)), span[0].start_s, span[-1].end_s, words)
        return
    one_line = replace(rules, lines=1)
    said = (
        _spans(
            _in_line(_heard_pieces((each for each in stretch if each.speaker == speaker), rules, language)),
            one_line,
            frame_rate,
        )
        for speaker in speakers
    )
    for together in zip_longest(*said):
        spans = [span for span in together if span]
        text = "\n".join(text_of(tuple(each.piece for each in span)) for span in spans)
        yield _CuePlan(text, min(span[0].start_s for span in spans), max(span[-1].end_s for span in spans))


def _lead_frames(plan: _CuePlan, rules: CaptionRules, frame_rate: int) -> int:
    """Return how many frames before its words a cue is to begin, so that there is time to read it."""
    heard = ceil(plan.end_s * frame_rate) + LINGER_FRAMES - floor(plan.start_s * frame_rate)
    return max(0, min(LEAD_FRAMES, _read_frames(plan, rules, frame_rate) - heard))


def _read_frames(plan: _CuePlan, rules: CaptionRules, frame_rate: int) -> int:
    """Return the fewest frames in which a cue can be read; of what two say at once, the longer line."""
    length = len(plan.text) if plan.words else max(map(len, plan.text.split("\n")))
    return max(ceil(SHORTEST_S * frame_rate), ceil(Fraction(length * frame_rate, rules.characters_a_second)))


def _stand(
    plan: _CuePlan, free: int, after: int | None, cut: int, rules: CaptionRules, frame_rate: int
) -> tuple[int, int]:
    """Return the first frame of a cue, and the first one after it.

    `free` is the first frame that it may have, `after` the start of the next cue, `cut` the end of its shot. A cue that
    is short, or would have to be read quickly, begins before its words.
    """
    heard, silent = floor(plan.start_s * frame_rate), ceil(plan.end_s * frame_rate)
    begins = max(heard, free)
    ends = silent + LINGER_FRAMES
    if silent <= cut:
        ends = min(ends, cut)
    if after is not None:
        ends = min(ends, after - GAP_FRAMES)
    ends = max(begins + 1, min(ends, begins + floor(LONGEST_S * frame_rate)))
    short = _read_frames(plan, rules, frame_rate) - (ends - begins)
    earliest = max(free, ceil(plan.start_s * frame_rate) - LEAD_FRAMES)
    return (max(earliest, begins - short), ends) if short > 0 and earliest < begins else (begins, ends)


def _heard_pieces(
    sentences: Iterable[HeardSentence], rules: CaptionRules, language: str
) -> Iterator[tuple[CaptionPiece, float, float]]:
    named = ""
    for heard in sentences:
        sentence = heard.spoken.sentence
        name = f"{heard.speaker}: " if heard.speaker and heard.speaker != named else ""
        named = heard.speaker
        for piece in pieces_of(name + sentence.text, rules, language):
            start_s, end_s = _heard_s(piece, sentence, len(name))
            # The marks of code, and of a dollar that begins no formula, are for what is spoken and drawn.
            read = replace(piece, text=piece.text.replace("`", "").replace("\\$", "$") or piece.text)
            yield read, heard.start_s + start_s, heard.start_s + end_s


def _in_line(pieces: Iterable[tuple[CaptionPiece, float, float]]) -> list[_Timed]:
    """Return pieces with their times as one text."""
    timed, column = [], 0
    for piece, start_s, end_s in pieces:
        column += len(piece.space)
        timed.append(_Timed(piece, start_s, end_s, column))
        column += len(piece.text)
    return timed


def _heard_s(piece: CaptionPiece, sentence: SpokenSentence, before_it: int) -> tuple[float, float]:
    """Return when a piece is heard in its sentence. Of a longer word, it takes its share of the letters.

    So many characters stand before the sentence: the name of its speaker, which is read when the sentence begins.
    """
    begins_at, ends_at = max(0, piece.begins_at - before_it), max(0, piece.ends_at - before_it)
    spoken = [word for word in sentence.words if word.begins_at < ends_at and word.ends_at > begins_at]
    if not spoken:  # a sign, or a sentence without times: it stands where its neighbours leave it
        before = [word.end_s for word in sentence.words if word.ends_at <= begins_at]
        if sentence.words:
            at_s = before[-1] if before else sentence.words[0].start_s
            return at_s, at_s
        share = sentence.length_s / len(sentence.text)
        return begins_at * share, ends_at * share
    first, last = spoken[0], spoken[-1]

    def reached_s(word: WordTime, place: int) -> float:
        share = (place - word.begins_at) / (word.ends_at - word.begins_at)
        return word.start_s + (word.end_s - word.start_s) * min(max(share, 0.0), 1.0)

    return reached_s(first, begins_at), reached_s(last, ends_at)


def _spans(timed: Sequence[_Timed], rules: CaptionRules, frame_rate: int) -> tuple[Sequence[_Timed], ...]:
    """Return the pieces of each cue: the division of all that costs least."""
    cheapest: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(timed) + 1):
        choices = []
        for start in range(end - 1, -1, -1):
            span = timed[start:end]
            if _length(span) > rules.line_characters * rules.lines + 1:
                break
            if (cost := _cost(span, timed[end] if end < len(timed) else None, rules, frame_rate)) is not None:
                choices.append((cheapest[start][0] + cost, start))
        cheapest.append(min(choices))
    spans, end = [], len(timed)
    while end:
        start = cheapest[end][1]
        spans.append(timed[start:end])
        end = start
    return tuple(reversed(spans))


def _cost(span: Sequence[_Timed], after: _Timed | None, rules: CaptionRules, frame_rate: int) -> float | None:
    """Return what is wrong with a cue of these pieces; None if they don't fit."""
    split = _best_split(span, rules)
    if split is None:
        return None
    linger_s = LINGER_FRAMES / frame_rate
    ends_s = span[-1].end_s + linger_s
    if after is not None:
        ends_s = min(ends_s, after.start_s - GAP_FRAMES / frame_rate)
    shown_s = max(ends_s - span[0].start_s, 1 / frame_rate)
    pauses = [later.start_s - earlier.end_s for earlier, later in pairwise(span)]
    return (
        _CUE
        + split[0]
        + _CUE_PARTING * (after.piece.parting if after is not None else 0.0)
        + _CLAUSE_WITHIN * sum(each.piece.parting == AFTER_A_CLAUSE for each in span[1:])
        + _SENTENCE_WITHIN * sum(each.piece.parting == AFTER_A_SENTENCE for each in span[1:])
        + _SECOND_SILENT * sum(max(0.0, pause - _LONGEST_PAUSE_S) for pause in pauses)
        + _SECOND_SHORT * max(0.0, float(SHORTEST_S) - shown_s)
        + _SECOND_LONG * max(0.0, shown_s - LONGEST_S)
        + _CHARACTER_QUICK * max(0.0, _length(span) / shown_s - rules.characters_a_second)
    )


def _best_split(span: Sequence[_Timed], rules: CaptionRules) -> tuple[float, int] | None:
    """Return cost and place of the best break into two lines; the place is 0 for one line. None if neither fits."""
    most = rules.line_characters
    if _length(span) <= most or rules.lines == 1:
        return (0.0, 0) if _length(span) <= most else None
    splits = []
    for place in range(1, len(span)):
        upper, lower = _length(span[:place]), _length(span[place:])
        if upper <= most and lower <= most:
            parting = span[place].piece.parting
            cost = parting - _CLAUSE_WITHIN if parting == AFTER_A_CLAUSE else parting
            cost += _UNEVEN * abs(upper - lower) / most + (_LINE_TILT if upper > lower else 0.0)
            splits.append((cost, place))
    return min(splits, default=None)


def _lines(span: Sequence[_Timed], rules: CaptionRules) -> tuple[tuple[CaptionPiece, ...], ...]:
    split = _best_split(span, rules)
    assert split is not None, "spans fit"
    pieces = tuple(each.piece for each in span)
    return (pieces[: split[1]], pieces[split[1] :]) if split[1] else (pieces,)


def _words(span: Sequence[_Timed], lines: Sequence[tuple[CaptionPiece, ...]]) -> Iterator[WordTime]:
    """Return the time of each piece, with its place in the text of the cue."""
    place, timed = 0, iter(span)
    for line in lines:
        for number, piece in enumerate(line):
            place += len(piece.space) if number else 0
            heard = next(timed)
            ends_at = place + len(piece.text)
            yield WordTime(text=piece.text, begins_at=place, ends_at=ends_at, start_s=heard.start_s, end_s=heard.end_s)
            place = ends_at
        place += 1


def _length(span: Sequence[_Timed]) -> int:
    return span[-1].column + len(span[-1].piece.text) - span[0].column


def _cue(text: str, begins: int, ends: int, frame_rate: int, words: tuple[WordTime, ...] = ()) -> Cue:
    start_ms, end_ms = (round(Fraction(1000 * frame, frame_rate)) for frame in (begins, ends))
    return Cue(start_ms=start_ms, end_ms=end_ms, text=text, words=words)
