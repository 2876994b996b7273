"""Captions: cues on the timeline, and the file that players read."""

import re

from hypothesis import given
from hypothesis import strategies as st

from callsheet.model.film.captions import LINE_CHARACTERS, LINES, Cue, cues_between, scene_cues, webvtt
from callsheet.model.film.timeline import MergeOptions, TransitionName, plan_timeline
from tests.synthetic import plain_clip

WORDS = st.lists(st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=12), max_size=60).map(" ".join)


@given(WORDS, st.integers(0, 10**7), st.integers(0, 60_000))
def test_cues_fill_their_time_without_gap_or_overlap(text: str, start_ms: int, length_ms: int):
    """Each lasts at least a millisecond, and the first and the last touch the ends."""
    cues = cues_between(text, start_ms, start_ms + length_ms)
    assert bool(cues) is bool(text.split() and length_ms)
    bounds = [start_ms, *(cue.end_ms for cue in cues)]
    assert [cue.start_ms for cue in cues] == bounds[:-1]
    assert all(cue.start_ms < cue.end_ms for cue in cues)
    assert not cues or cues[-1].end_ms == start_ms + length_ms


@given(WORDS, st.integers(1_000, 60_000))
def test_no_word_is_lost_and_no_line_too_long(text: str, length_ms: int):
    """At most two lines of at most 42 characters."""
    cues = cues_between(text, 0, length_ms)
    lines = [line for cue in cues for line in cue.text.split("\n")]
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(len(line) <= LINE_CHARACTERS for line in lines)
    assert all(cue.text.count("\n") < LINES for cue in cues)


@given(
    st.lists(st.integers(8, 400), min_size=1, max_size=12),
    st.sampled_from([15, 24, 30, 60]),
    st.floats(0.1, 3, allow_nan=False),
    st.sampled_from([TransitionName.FADE, TransitionName.NONE]),
)
def test_a_caption_is_seen_while_its_scene_is(lengths, frame_rate, transition_s, transition):
    """From middle to middle of its transitions, to the millisecond; together they fill the film."""
    clips = tuple(plain_clip(length, frame_rate) for length in lengths)
    merge = MergeOptions(transition=transition, transition_s=transition_s)
    timeline = plan_timeline(clips, merge)
    cues = scene_cues(timeline, [f"scene {number}" for number in range(len(clips))])
    assert [cue.text for cue in cues] == [f"scene {number}" for number in range(len(clips))]
    assert cues[0].start_ms == 0
    assert cues[-1].end_ms == round(1000 * timeline.frames / frame_rate)
    for before, cue, shot in zip(cues, cues[1:], timeline.shots[1:], strict=False):
        assert before.end_ms == cue.start_ms
        first_ms, last_ms = (
            1000 * frame / frame_rate for frame in (shot.start_frame, shot.start_frame + shot.overlap_frames)
        )
        assert first_ms - 1 <= cue.start_ms <= last_ms + 1


def test_a_scene_without_a_caption_leaves_its_time_empty():
    """The others stay where they are."""
    timeline = plan_timeline((plain_clip(30),) * 3, MergeOptions(transition=TransitionName.NONE))
    assert scene_cues(timeline, ["one", "", "three"]) == (
        Cue(start_ms=0, end_ms=1000, text="one"),
        Cue(start_ms=2000, end_ms=3000, text="three"),
    )


def test_text_can_not_end_its_cue():
    """Neither markup nor an arrow nor an empty line means anything in a caption."""
    written = webvtt(cues_between("a --> b\n\n<i>c</i> & d\u2028e", 0, 3_723_004))
    assert written == "WEBVTT\n\n00:00:00.000 --> 01:02:03.004\na --&gt; b &lt;i&gt;c&lt;/i&gt; &amp; d e\n"
    assert len(re.findall("-->", written)) == 1
