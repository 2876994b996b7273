"""Speech is the clock: the times of lines follow from the lengths of their sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from callsheet.model.film.narration import SpokenSentence, Timing, WordTime
from callsheet.model.film.speech_plan import SpokenLine, plan_speech
from callsheet.timebase import frames_in

RATE_HZ = 24_000


def spoken(length_s, text="Speech is the clock."):
    """A sentence of one word that takes its whole length."""
    return SpokenSentence(
        text=text, spoken=text, voice=None, speed=1.0, sample_rate_hz=RATE_HZ, samples=round(length_s * RATE_HZ),
        timing=Timing.EXACT,
        words=(WordTime(text=text, begins_at=0, ends_at=len(text), start_s=0.0, end_s=length_s),),
    )  # fmt: skip


LINES = some.lists(
    some.lists(some.floats(0.3, 12.0), min_size=1, max_size=4).map(
        lambda lengths: SpokenLine(sentences=tuple(map(spoken, lengths)))
    ),
    min_size=1,
    max_size=8,
)
BOUNDS = some.tuples(some.floats(0.0, 60.0), some.none() | some.floats(0.0, 60.0)).map(
    lambda bounds: (bounds[0], None if bounds[1] is None else bounds[0] + bounds[1])
)


@given(LINES, some.sampled_from([15, 24, 30, 60]), BOUNDS)
def test_sentences_follow_one_another_with_natural_pauses_in_whole_frames(lines, frame_rate, bounds):
    """At the speed that the plan asks for, nothing overlaps, and every start is a frame."""
    plan = plan_speech(lines, frame_rate, least_s=bounds[0], most_s=bounds[1])
    starts = [start for line in plan.speech.lines for start in line.sentence_starts_s]
    lengths = [sentence.length_s / plan.speed for line in lines for sentence in line.sentences]
    ends = [start + length for start, length in zip(starts, lengths, strict=True)]
    for end, start in zip(ends, starts[1:], strict=False):
        assert 0.5 - 1e-6 <= start - end <= 0.8 + 1e-6
    for moment in (*starts, plan.speech.duration_s):
        assert moment * frame_rate == pytest.approx(round(moment * frame_rate), abs=1e-6)
    assert starts[0] > 0
    assert ends[-1] < plan.speech.duration_s
    assert [line.start_s for line in plan.speech.lines] == [line.sentence_starts_s[0] for line in plan.speech.lines]


@given(LINES, BOUNDS)
def test_bounds_are_kept_by_pauses_and_speed_or_reported(lines, bounds):
    """The voice is never asked for more than a tenth, and only if pauses are not enough."""
    least_s, most_s = bounds
    plan = plan_speech(lines, 30, least_s=least_s, most_s=most_s)
    assert 0.9 <= plan.speed <= 1.1
    assert plan.speech.duration_s >= least_s - 1 / 30
    if most_s is not None and not plan.remark:
        assert plan.speech.duration_s <= most_s + 1 / 30
    free = plan_speech(lines, 30)
    if least_s <= free.speech.duration_s - 1 and (most_s is None or most_s >= free.speech.duration_s):
        assert plan == free


def test_the_words_have_their_times_in_the_scene():
    """Offsets count through all sentences of a line."""
    (line,) = plan_speech(
        [SpokenLine(at="title", sentences=(spoken(1.0, "One."), spoken(2.0, "Two.")))], 30
    ).speech.lines
    assert line.at == "title"
    assert [(word.text, word.begins_at) for word in line.words] == [("One.", 0), ("Two.", 5)]
    assert [word.start_s for word in line.words] == list(line.sentence_starts_s)
    assert line.words[-1].end_s == line.end_s


@pytest.mark.parametrize("length_s", [4.9, 6.0, 6.77, 7.3])
def test_a_scene_of_a_given_length_has_just_this_length(length_s):
    """A length that pauses can reach is kept to the frame, at the voice's own speed."""
    plan = plan_speech([SpokenLine(sentences=(spoken(1.6), spoken(1.5)))], 30, least_s=length_s, most_s=length_s)
    assert (plan.remark, frames_in(plan.speech.duration_s, 30)) == ("", frames_in(length_s, 30))


def test_what_pauses_and_speed_can_not_keep_is_said_in_a_sentence():
    """The voice is never cut."""
    too_long = plan_speech([SpokenLine(sentences=(spoken(10.0),))], 30, most_s=6.0)
    assert too_long.speed == 1.1
    assert "the narration needs 10.0 s, more than the 6.0 s that the scene may last" in too_long.remark
    too_short = plan_speech([SpokenLine(sentences=(spoken(2.0),))], 30, least_s=20.0)
    assert (too_short.speed, too_short.speech.duration_s) == (0.9, 20.0)
    assert "ends with 17.3 s of silence" in too_short.remark
