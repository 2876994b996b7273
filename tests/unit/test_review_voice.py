"""The measures of a voice beside its pictures: each fault planted, and a good film without one."""

from dataclasses import replace

import pytest

from callsheet.review.measures import MeasureName
from callsheet.review.pixels import FrameFacts
from callsheet.review.voice import HeardLine, review_voice

RATE = 30
STILL = FrameFacts(
    shown=0.2, place=None, changed=0.0, moves=False, luminance=0.1, is_black=False, hues=frozenset(), imbalance=0.0
)
MOVING = replace(STILL, moves=True, changed=0.01)
WORDS = "The tide comes twice a day"


def frames(*stretches):
    """Frames from (seconds, whether something moves)."""
    return [MOVING if moves else STILL for seconds, moves in stretches for _ in range(round(seconds * RATE))]


def line(start_s, end_s, scene="Tides", scene_start_s=0.0):
    """A sentence of six words."""
    return HeardLine(scene, scene_start_s, start_s, end_s, WORDS)


def test_a_voice_that_the_picture_keeps_step_with_has_no_findings() -> None:
    """Six words in two and a half seconds, with half a second between two sentences."""
    lines = [line(0.5, 3.0), line(3.5, 6.0)]
    review = review_voice("Tides", lines, frames((1, True), (2, False), (1, True), (3, False)), RATE)
    assert review.findings == ()
    assert review.worst(MeasureName.COUPLING).value == 1.0
    assert review.worst(MeasureName.VOICE_PACE).value == pytest.approx(60 * 12 / 5.5, abs=0.1)
    assert review.worst(MeasureName.SILENCE_S).value == pytest.approx(0.5)
    assert review.worst(MeasureName.UNCHANGED_S).value == pytest.approx(2.0, abs=0.05)


def test_lines_with_nothing_new_to_see_are_counted_and_the_first_is_quoted() -> None:
    """Two of three lines begin while nothing moves within a second."""
    lines = [line(0.5, 2.0), line(5.0, 7.0), line(9.0, 11.0)]
    review = review_voice("Tides", lines, frames((2, True), (10, False)), RATE)
    [found] = [each for each in review.findings if each.measure is MeasureName.COUPLING]
    assert (found.value, found.second) == (pytest.approx(1 / 3, abs=0.001), 5.0)
    assert found.message == f"2 of 3 lines begin with nothing new to see, the first is “{WORDS}”"


def test_speech_over_an_unchanged_picture_counts_without_its_silences() -> None:
    """Ten seconds stand still, and for eight of them someone speaks."""
    lines = [line(1.0, 6.0, scene_start_s=1.0), line(8.0, 11.0, scene_start_s=1.0)]
    review = review_voice("Tides", lines, frames((1, True), (10, False), (1, True)), RATE)
    [found] = [each for each in review.findings if each.measure is MeasureName.UNCHANGED_S]
    assert (found.scene, found.second, found.value) == ("Tides", 0.0, pytest.approx(8.0, abs=0.05))


def test_haste_is_found_over_the_film() -> None:
    """Twelve words in three seconds are too many, with the silence between them."""
    review = review_voice("Tides", [line(0.0, 1.4), line(1.6, 3.0)], frames((4, True)), RATE)
    [found] = review.findings
    assert (found.measure, found.scene, found.value) == (MeasureName.VOICE_PACE, "", pytest.approx(240.0))


def test_long_silences_are_found_inside_a_scene_only() -> None:
    """Between two scenes a silence is asked for."""
    lines = [line(0.0, 1.0), line(1.2, 2.0), line(6.0, 8.0, "Moon", 5.0), line(12.0, 14.0, "Moon", 5.0)]
    review = review_voice("Tides", lines, frames((15, True)), RATE)
    found = {(each.measure, each.scene): each.value for each in review.findings}
    assert found == {
        (MeasureName.SILENCE_S, "Moon"): pytest.approx(4.0),
    }


def test_two_scenes_of_one_name_are_two_scenes() -> None:
    """The silence between them is no silence inside one."""
    lines = [line(0.5, 3.0), line(8.5, 11.0, scene_start_s=8.0)]
    review = review_voice("Tides", lines, frames((15, True)), RATE)
    assert review.findings == ()


def test_a_film_without_a_voice_is_not_measured_by_it() -> None:
    """No figure stands for what was not heard."""
    assert review_voice("Tides", [], frames((3, True)), RATE).figures == ()
