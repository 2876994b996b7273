"""Timelines: where each clip starts, and what overlaps what."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from callsheet.model.film.media import Clip
from callsheet.model.film.timeline import MergeOptions, TransitionName, plan_timeline
from callsheet.model.requests.video import VideoRequest
from callsheet.model.run.manifest import SceneOutcome, SceneReport, title_frames
from tests.synthetic import plain_clip

FADE = MergeOptions(transition=TransitionName.FADE, transition_s=0.5)
CUT = MergeOptions(transition=TransitionName.NONE)
CLIPS = st.lists(st.integers(1, 200).map(plain_clip), min_size=1, max_size=12).map(tuple)
OPTIONS = st.builds(
    MergeOptions, transition=st.sampled_from(TransitionName), transition_s=st.floats(0.01, 5, allow_nan=False)
)


def test_a_crossfade_overlaps_both_clips() -> None:
    """The second clip starts half a second before the first one ends, and the film is that much shorter."""
    timeline = plan_timeline((plain_clip(90), plain_clip(60)), FADE)
    assert [(shot.start_frame, shot.overlap_frames) for shot in timeline.shots] == [(0, 0), (75, 15)]
    assert timeline.frames == 135


def test_a_hard_cut_overlaps_nothing() -> None:
    """Without a transition the film is as long as its clips together."""
    assert plan_timeline((plain_clip(90), plain_clip(60)), CUT).frames == 150


def test_a_short_clip_shortens_its_transitions() -> None:
    """A clip of 9 frames gives at most 4 to each side; a clip of one frame gives none."""
    timeline = plan_timeline((plain_clip(90), plain_clip(9), plain_clip(1)), FADE)
    assert [shot.overlap_frames for shot in timeline.shots] == [0, 4, 0]


def test_clips_of_different_rates_are_refused() -> None:
    """A timeline has one frame rate; the message names both."""
    with pytest.raises(ValidationError, match="one size and frame rate"):
        plan_timeline((plain_clip(30, 30), plain_clip(30, 60)), FADE)


@given(clips=CLIPS, options=OPTIONS)
def test_no_frame_is_part_of_two_transitions(clips: tuple[Clip, ...], options: MergeOptions) -> None:
    """What a clip gives to the transition before it and to the one after it never meets."""
    shots = plan_timeline(clips, options).shots
    for shot, following in pairwise(shots):
        assert shot.overlap_frames + following.overlap_frames <= shot.clip.frames


@given(clips=CLIPS, options=OPTIONS)
def test_every_frame_of_the_film_shows_a_clip(clips: tuple[Clip, ...], options: MergeOptions) -> None:
    """Each clip starts before the previous one has ended, or right where it ends, and the last one ends the film."""
    timeline = plan_timeline(clips, options)
    for shot, following in pairwise(timeline.shots):
        assert following.start_frame == shot.end_frame - following.overlap_frames
    assert timeline.frames == sum(clip.frames for clip in clips) - sum(shot.overlap_frames for shot in timeline.shots)


def test_the_frames_of_a_title_are_those_in_which_no_other_scene_is_seen() -> None:
    """Of the first title that was rendered; a scene that was left out has no shot."""
    title = {"template": "title", "content": {"title": "A"}}
    request = VideoRequest.model_validate(
        {
            "title": "Titled",
            "scenes": [{"name": "Lost", **title}, {"name": "Words", "prompt": "Words."}, {"name": "Title", **title}],
        }
    )
    clips = (plain_clip(90), plain_clip(60))
    timeline = plan_timeline(clips, FADE)
    scenes = (
        SceneReport(number=1, name="Lost", outcome=SceneOutcome.SKIPPED),
        SceneReport(number=2, name="Words", outcome=SceneOutcome.RENDERED, clip=clips[0]),
        SceneReport(number=3, name="Title", outcome=SceneOutcome.RENDERED, clip=clips[1]),
    )
    assert title_frames(request, scenes, timeline) == (90, timeline.frames)
    assert timeline.frames_alone(0) == (0, timeline.shots[1].start_frame)
    assert title_frames(request, scenes[:2], plan_timeline(clips[:1], MergeOptions())) is None
