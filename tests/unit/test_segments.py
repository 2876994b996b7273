"""Segments: which frames of a film are copied and which are encoded."""

from hypothesis import given, settings
from hypothesis import strategies as st

from callsheet.media.segments import ClipSpan, CopiedSegment, EncodedSegment, Segment, plan_segments
from callsheet.model.film.timeline import MergeOptions, Timeline, TransitionName, plan_timeline
from tests.synthetic import plain_clip

TIMELINES = st.builds(
    lambda frames, options: plan_timeline(tuple(map(plain_clip, frames)), options),
    st.lists(st.integers(1, 150), min_size=1, max_size=10),
    st.builds(MergeOptions, transition=st.sampled_from(TransitionName), transition_s=st.floats(0.01, 5)),
)
GOPS = st.integers(1, 70)


def planned(*frames: int, transition_s: float = 0.5, gop_frames: int = 30) -> tuple[Segment, ...]:
    """The segments of clips with so many frames at 30 a second, crossfaded."""
    options = MergeOptions(transition=TransitionName.FADE, transition_s=transition_s)
    return plan_segments(plan_timeline(tuple(map(plain_clip, frames)), options), gop_frames)


def shown(segments: tuple[Segment, ...], timeline: Timeline) -> list[frozenset[tuple[int, int]]]:
    """For each frame of the film, the (shot, frame of its clip) pairs that the segments put there."""
    film: list[frozenset[tuple[int, int]]] = []
    for segment in segments:
        assert segment.start_frame == len(film)
        for take in [segment.take] if isinstance(segment, CopiedSegment) else segment.takes:
            film = [*film[: len(film) - take.overlap_frames], *_laid_over(film, take)]
    return film


def _laid_over(film: list[frozenset[tuple[int, int]]], take: ClipSpan) -> list[frozenset[tuple[int, int]]]:
    under = film[len(film) - take.overlap_frames :] + [frozenset()] * (take.frames - take.overlap_frames)
    return [below | {(take.shot, take.first_frame + number)} for number, below in enumerate(under)]


def test_the_outgoing_clip_is_copied_up_to_the_first_blended_frame() -> None:
    """Only the incoming clip pays for its keyframes: 15 blended frames, and 15 more up to the keyframe at 30."""
    first, window, last = planned(100, 100)
    assert first == CopiedSegment(start_frame=0, take=ClipSpan(shot=0, first_frame=0, end_frame=85))
    assert isinstance(window, EncodedSegment)
    assert (window.start_frame, window.frames) == (85, 30)
    assert last == CopiedSegment(start_frame=115, take=ClipSpan(shot=1, first_frame=30, end_frame=100))


def test_windows_that_meet_inside_a_clip_become_one() -> None:
    """Where no keyframe lies between two transitions, all of the clip between them is encoded, once."""
    _, window, _ = planned(100, 40, 100)
    assert isinstance(window, EncodedSegment)
    assert [take.shot for take in window.takes] == [0, 1, 2]


def test_hard_cuts_encode_nothing() -> None:
    """Without a transition every clip is copied whole."""
    timeline = plan_timeline((plain_clip(7), plain_clip(80)), MergeOptions(transition=TransitionName.NONE))
    assert all(isinstance(segment, CopiedSegment) for segment in plan_segments(timeline, 30))


def test_a_window_ends_where_a_hard_cut_follows() -> None:
    """The last clip is too short for a transition; the one before it was encoded whole, and is not lost."""
    first, window, last = planned(2, 2, 1, transition_s=1, gop_frames=2)
    assert (first.frames, window.frames, last.frames) == (1, 2, 1)
    assert isinstance(window, EncodedSegment)


@settings(max_examples=500)
@given(timeline=TIMELINES, gop_frames=GOPS)
def test_segments_tile_the_film_exactly(timeline: Timeline, gop_frames: int) -> None:
    """Each frame of the film shows exactly the clip frames that the timeline puts there."""
    expected: list[set[tuple[int, int]]] = [set() for _ in range(timeline.frames)]
    for index, shot in enumerate(timeline.shots):
        for frame in range(shot.clip.frames):
            expected[shot.start_frame + frame].add((index, frame))
    assert shown(plan_segments(timeline, gop_frames), timeline) == expected


@given(timeline=TIMELINES, gop_frames=GOPS)
def test_copied_frames_start_at_a_keyframe_and_are_not_blended(timeline: Timeline, gop_frames: int) -> None:
    """A copied segment begins where a decoder can begin, and holds no frame of a transition."""
    for segment in plan_segments(timeline, gop_frames):
        if isinstance(segment, CopiedSegment):
            assert segment.take.first_frame % gop_frames == 0
            assert segment.take.overlap_frames == 0
            assert segment.frames > 0


@given(timeline=TIMELINES, gop_frames=GOPS)
def test_no_more_is_encoded_than_transitions_and_the_rest_of_their_gop(timeline: Timeline, gop_frames: int) -> None:
    """Each transition costs its overlap and less than a GOP."""
    overlaps = [shot.overlap_frames for shot in timeline.shots if shot.overlap_frames]
    encoded = sum(part.frames for part in plan_segments(timeline, gop_frames) if isinstance(part, EncodedSegment))
    assert encoded <= sum(overlaps) + len(overlaps) * (gop_frames - 1)
