"""The arithmetic of a review, and each fault planted into the trace of a scene that has none."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.model.film.caption_files import webvtt
from callsheet.model.film.captions import Cue
from callsheet.model.film.colour import contrast
from callsheet.model.film.rehearsal import LayoutFinding, LayoutProblem
from callsheet.model.film.trace import Element, ElementKind, Overlap, Place, SceneTrace, Seen, Span
from callsheet.review.arithmetic import (
    COLUMNS,
    ROWS,
    box_around,
    covered,
    framing,
    hues,
    imbalance,
    luminance,
    most_flashes,
    oklch,
    runs,
    word_count,
)
from callsheet.review.film import cues_in, review_captions, review_film
from callsheet.review.geometry import review_scene
from callsheet.review.measures import MEASURES, MeasureName

RATE = 30
shares = st.floats(0.0, 1.0)
channels = st.integers(0, 255)
colours = st.builds("#{:02x}{:02x}{:02x}".format, channels, channels, channels)


@st.composite
def places(draw):
    """A place in or around the frame."""
    left, top = draw(st.floats(-0.5, 1.2)), draw(st.floats(-0.5, 1.2))
    return Place(left=left, top=top, right=left + draw(shares), bottom=top + draw(shares))


def element(words="some words", kind=ElementKind.TEXT):
    """A text that the kit has set."""
    return Element(kind=kind, words=words, is_set=True)


def seen(number, place, **changes):
    """An element that is well seen."""
    values = {"opacity": 1.0, "type_px": 48.0, "contrast": 12.0, "colours": ("#eef2fb",)} | changes
    return Seen(element=number, place=Place(left=place[0], top=place[1], right=place[2], bottom=place[3]), **values)


def spans(*steps):
    """Spans from (seconds, whether something moves, what is seen at the end, further values)."""
    first, made = 0, []
    for seconds, moves, shown, *more in steps:
        frames = round(seconds * RATE)
        values = more[0] if more else {}
        made.append(Span(first_frame=first, frames=frames, moves=moves, seen=tuple(shown), **values))
        first += frames
    return tuple(made)


HEAD, BODY, CLOSE, FOOT = (0.1, 0.1, 0.6, 0.2), (0.1, 0.3, 0.9, 0.5), (0.1, 0.55, 0.9, 0.7), (0.1, 0.75, 0.5, 0.9)


def good(*elements):
    """The trace of a scene in which nothing is wrong: four texts come one by one, and something always moves soon."""
    shown = [seen(0, HEAD), seen(1, BODY), seen(2, CLOSE), seen(3, FOOT)]
    steps = []
    for count in range(1, 5):
        steps += [(1.5, True, shown[:count], {"moved": (count - 1,)}), (0.7, False, shown[:count])]
    return SceneTrace(
        name="Good",
        frame_rate=RATE,
        width=1920,
        height=1080,
        ground="#0c1222",
        elements=elements or tuple(map(element, ("The head", "the body here", "the close", "the foot"))),
        spans=spans(*steps),
    )


def with_last(trace, *shown, **changes):
    """The trace with another picture in the place of its last one."""
    *before, last = trace.spans
    return trace.model_copy(update={"spans": (*before, last.model_copy(update={"seen": tuple(shown), **changes}))})


def names(trace):
    """What the review finds."""
    return {finding.measure for finding in review_scene(trace).findings}


def test_a_good_scene_has_no_findings():
    """All of its figures keep their limits."""
    review = review_scene(good())
    assert review.findings == ()
    assert all(MEASURES[figure.measure].is_good(figure.value) for figure in review.figures)


LONG = "eleven words are more than one reads at a glance here now"
PLANTED = {
    "a blank picture": (
        MeasureName.BLANK_SHARE,
        lambda: good().model_copy(update={"spans": (*good().spans, *_later(spans((1, False, ()), (1, False, ()))))}),
    ),
    "an empty frame": (
        MeasureName.FILL,
        lambda: good().model_copy(update={"spans": spans((2, True, [seen(0, HEAD)]), (2, False, [seen(0, HEAD)]))}),
    ),
    "too much text": (MeasureName.WORDS_OF_TEXT, lambda: good(*map(element, ("a", LONG, "b", "c")))),
    "a text that leaves too soon": (
        MeasureName.WORD_S,
        lambda: with_last(good(*map(element, ("a", "b", "c", "these are six words in haste"))), *_full(), frames=5),
    ),
    "type that is too small": (
        MeasureName.TYPE_PX,
        lambda: _each(good(), 3, type_px=18.0),
    ),
    "a text that is too dim": (MeasureName.CONTRAST, lambda: _each(good(), 3, contrast=2.1)),
    "a small text of low contrast": (MeasureName.CONTRAST, lambda: _each(good(), 3, type_px=23.9, contrast=4.4)),
    "a text beyond the frame": (
        MeasureName.OVERFLOW_PX,
        lambda: with_last(good(), *_full()[:3], seen(3, (0.6, 0.75, 1.01, 0.9))),
    ),
    "a text at the edge": (
        MeasureName.EDGE_SHARE,
        lambda: with_last(good(), *_full()[:3], seen(3, (0.02, 0.75, 0.3, 0.9))),
    ),
    "two texts on each other": (
        MeasureName.OVERLAP,
        lambda: with_last(good(), *_full(), overlaps=(Overlap(first=1, second=3, letters=2.5),)),
    ),
    "a remark of the rehearsal": (
        MeasureName.LAYOUT,
        lambda: good().model_copy(
            update={
                "layout": (
                    LayoutFinding(problem=LayoutProblem.STRUCK, animation=2, line=7, message="a line runs through"),
                )
            }
        ),
    ),
    "three hues": (
        MeasureName.HUES,
        lambda: with_last(good(), *_full()[:3], seen(3, FOOT, colours=("#ff0000", "#00c000", "#3060ff"))),
    ),
    "a long pause": (MeasureName.STILL_S, lambda: with_last(good(), *_full(), frames=round(3.2 * RATE))),
    "a scene that mostly stands": (MeasureName.STILL_SHARE, lambda: with_last(good(), *_full(), frames=6 * RATE)),
    "everything at once": (
        MeasureName.EARLY_SHARE,
        lambda: good().model_copy(update={"spans": spans((1, True, _full()), (8, True, _full()))}),
    ),
    "nothing new later": (
        MeasureName.LATE_NEWS,
        lambda: good().model_copy(update={"spans": spans((1, True, _full()), (8, True, _full()))}),
    ),
    "a scene that is too long": (
        MeasureName.SCENE_S,
        lambda: good().model_copy(update={"spans": (*good().spans, *_later(spans((60, True, _full()))))}),
    ),
}


def _full():
    return list(good().spans[-1].seen)


def _later(extra):
    frames = good().frames
    return tuple(span.model_copy(update={"first_frame": span.first_frame + frames}) for span in extra)


def _each(trace, number, **changes):
    """The trace with one element changed wherever it is seen."""
    changed = tuple(
        span.model_copy(
            update={
                "seen": tuple(each.model_copy(update=changes) if each.element == number else each for each in span.seen)
            }
        )
        for span in trace.spans
    )
    return trace.model_copy(update={"spans": changed})


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found(fault):
    """The finding names scene, second, measure, value and limit, and the value is beyond the limit."""
    measure, plant = PLANTED[fault]
    found = [each for each in review_scene(plant()).findings if each.measure is measure]
    assert found
    assert all(each.scene == "Good" and 0 <= each.second <= plant().duration_s for each in found)
    assert all(each.value != each.limit and each.message for each in found)
    assert all(each.is_fault == MEASURES[measure].is_fault for each in found)


def test_an_element_that_becomes_clear_is_not_too_dim():
    """A text is judged when it is best seen: what was read steps back."""
    dimmed = with_last(good(), *_full()[:3], seen(3, FOOT, contrast=1.5, opacity=0.4))
    assert MeasureName.CONTRAST not in names(dimmed)


def test_a_faint_ghost_is_not_judged():
    """What is less than a third opaque is a backdrop."""
    ghost = with_last(good(), *_full()[:3], seen(3, (0.6, 0.75, 1.2, 0.9), opacity=0.1))
    assert MeasureName.OVERFLOW_PX not in names(ghost)


def test_an_open_pause_is_one_finding_with_its_whole_length():
    """Two pauses without a motion between them are one."""
    trace = good().model_copy(
        update={"spans": (*good().spans, *_later(spans((1.5, False, _full()), (1.5, False, _full()))))}
    )
    [still] = [each for each in review_scene(trace).findings if each.measure is MeasureName.STILL_S]
    assert still.value == pytest.approx(3.7)
    assert still.second == pytest.approx(good().spans[-1].first_frame / RATE, abs=0.01)


def test_a_trace_that_names_an_unknown_element_is_refused():
    """It comes from behind the fence, so its numbers are checked."""
    with pytest.raises(ValueError, match="not in the list"):
        SceneTrace.model_validate({**good().model_dump(), "elements": ()})


def test_the_same_layout_twice_running_is_found():
    """So are too few layouts in a film of four scenes."""
    four = [good().model_copy(update={"name": str(number)}) for number in range(4)]
    found = review_film("Film", four).findings
    assert [each.scene for each in found if each.measure is MeasureName.SAME_FRAMING] == ["1", "2", "3"]
    assert any(each.measure is MeasureName.FRAMINGS for each in found)


def test_captions_are_measured_from_their_file():
    """A line that is too long and a pace that is too quick are found at their second."""
    cues = (
        Cue(start_ms=0, end_ms=3000, text="A quiet line\nand another"),
        Cue(start_ms=4000, end_ms=4500, text="far too many letters for half a second"),
        Cue(start_ms=3_661_000, end_ms=3_671_000, text="x" * 43),
    )
    assert cues_in(webvtt(cues)) == cues
    found = review_captions("Film", cues, RATE).findings
    assert [(each.measure, each.second) for each in found] == [
        (MeasureName.CAPTION_PACE, 4.0),
        (MeasureName.CAPTION_TIMES, 4.0),
        (MeasureName.CAPTION_LINE, 3661.0),
        (MeasureName.CAPTION_TIMES, 3661.0),
    ]


@given(st.lists(places(), max_size=6))
def test_the_box_around_covers_what_is_in_the_frame(several):
    """No cell outside it is covered, and its area is at least that of each place."""
    around, grid = box_around(several), covered(several)
    assert (around is None) == (not any(place.area > 0 for place in several)) == (not grid.any())
    if around is not None:
        assert all(around.area >= place.area - 1e-9 for place in several)
        assert grid.mean() <= covered([around]).mean()


@given(places())
def test_covered_cells_are_the_area_up_to_a_border(place):
    """A cell that is touched counts: the grid is larger than the area by its border at most."""
    cells = covered([place]).mean()
    assert place.area - 1e-9 <= cells <= place.area + 2 / COLUMNS + 2 / ROWS + 4 / (COLUMNS * ROWS) + 1e-9


@given(st.lists(places(), max_size=5))
def test_balance_is_the_same_in_a_mirror(several):
    """It lies between 0 and 1, and a mirrored picture weighs the same."""
    grid = covered(several)
    assert 0 <= imbalance(grid) <= 1
    assert imbalance(grid) == pytest.approx(imbalance(grid[::-1, ::-1]))
    assert imbalance(grid | grid[:, ::-1] | grid[::-1] | grid[::-1, ::-1]) == pytest.approx(0)
    assert len(framing(grid)) == 12


@given(channels)
def test_greys_have_no_hue(level):
    """Neutral colours count for nothing, in any lightness."""
    lightness, chroma, _ = oklch((level / 255,) * 3)
    assert 0 <= lightness <= 1.001
    assert chroma < 1e-3
    assert hues([f"#{level:02x}{level:02x}{level:02x}"]) == set()


@given(st.lists(colours, max_size=8))
def test_hues_are_a_union(several):
    """More colours never have fewer hues; there are twelve at most."""
    found = hues(several)
    assert found == set().union(*(hues([each]) for each in several))
    assert found <= set(range(12))


@given(colours, colours)
def test_luminance_agrees_with_the_contrast_of_themes(one, other):
    """Both follow WCAG 2.2."""
    values = [luminance([int(each[at : at + 2], 16) / 255 for at in (1, 3, 5)]) for each in (one, other)]
    assert contrast(one, other) == pytest.approx((max(values) + 0.05) / (min(values) + 0.05))


@given(st.lists(st.booleans(), max_size=60))
def test_runs_are_all_there_is_and_whole(flags):
    """Every True is in one run, and no two runs touch."""
    found = runs(flags)
    assert [at for begin, length in found for at in range(begin, begin + length)] == [
        at for at, flag in enumerate(flags) if flag
    ]
    assert all(begin + length < after for (begin, length), (after, _) in pairwise(found))


@given(st.integers(0, 12), st.integers(2, 6))
def test_flashes_of_one_second_are_counted(count, frames):
    """A flash is a change there and back; slow drifts and ripples are none."""
    second = ([0.1] * frames + [0.8] * frames) * count + [0.1] * frames
    rate = len(second)
    assert most_flashes(second, rate) == count
    assert most_flashes([0.5 + 0.04 * (at % 2) for at in range(rate)], rate) == 0
    assert most_flashes(list(np.linspace(0, 1, rate)), rate) == 0


@given(st.lists(st.sampled_from(["word", "Wort", "слово", "—", "…"]), max_size=20), st.integers(0, 20))
def test_words_are_counted_in_every_script(words, ideographs):
    """Signs alone are no words; two ideographs count as one."""
    text = " ".join(words) + " " + "光" * ideographs
    assert word_count(text) == sum(word[0].isalpha() for word in words) + (ideographs + 1) // 2


@given(st.sampled_from(list(MEASURES.values())), st.lists(st.floats(0, 100), min_size=1))
def test_the_worst_value_is_good_only_if_all_are(measure, values):
    """So a table may show the worst one alone."""
    assert measure.is_good(measure.worst(values)) == all(map(measure.is_good, values))
