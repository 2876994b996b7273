"""Geometry of a picture: boxes, edges, shares, and letters on letters."""

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from callsheet.stage.rehearsal.geometry import (
    Edge,
    SceneBox,
    areas,
    bounds,
    box_of,
    frame_box,
    letter_height,
    letter_size,
    letters_hidden,
    meeting_pairs,
    overhang,
    shared_areas,
    shared_box,
    shares_inside,
    spans,
    united,
    united_by,
)

FRAME = frame_box(14.0, 8.0)
places = st.floats(-30, 30)
sizes = st.floats(0.01, 20)


@st.composite
def boxes(draw):
    """A box anywhere in or around the frame."""
    left, bottom = draw(places), draw(places)
    return SceneBox(left, bottom, left + draw(sizes), bottom + draw(sizes))


def rows(*several):
    """Boxes as an array."""
    return np.array([[box.left, box.bottom, box.right, box.top] for box in several])


def share(box):
    """How much of one box is in the frame."""
    return float(shares_inside(rows(box), FRAME)[0])


@given(boxes())
def test_a_box_sticks_out_or_lies_within(box):
    """There is an overhang exactly where the frame doesn't cover the box, and it is as long as it says."""
    out = overhang(box, FRAME)
    assert (out is None) == FRAME.covers(box)
    if out is not None:
        across, up = {Edge.LEFT: (1, 0), Edge.RIGHT: (-1, 0), Edge.TOP: (0, -1), Edge.BOTTOM: (0, 1)}[out.edge]
        back = [across * out.by, up * out.by] * 2
        still_out = overhang(box_of(rows(box)[0] + back), FRAME)
        assert still_out is None or still_out.edge is not out.edge or still_out.by < 1e-9


def test_the_way_back_leads_away_from_the_edge():
    """What sticks out at the right is to be moved left."""
    assert [edge.away for edge in (Edge.LEFT, Edge.RIGHT, Edge.TOP, Edge.BOTTOM)] == ["right", "left", "down", "up"]


@given(boxes())
def test_the_share_inside_is_all_within_and_nothing_without(box):
    """1 exactly where the frame covers the box, 0 where they don't meet, and something between else."""
    inside = share(box)
    assert 0 <= inside <= 1
    if FRAME.covers(box):
        assert inside > 1 - 1e-6
    assert (inside > 0) == FRAME.meets(box)


@given(boxes(), st.floats(0.1, 10))
def test_pushing_a_box_out_to_the_right_only_lessens_its_share(box, by):
    """What is further out is less inside."""
    assume(box.left >= FRAME.left)
    assert share(SceneBox(box.left + by, box.bottom, box.right + by, box.top)) <= share(box) + 1e-9


def test_a_line_has_a_share_too():
    """A line without thickness is half inside where half of its length is."""
    assert np.isclose(share(SceneBox(6.0, 1.0, 8.0, 1.0)), 0.5)


def test_what_reaches_from_edge_to_edge_spans_the_frame():
    """A band across, a pillar, a background; not a large shape in a corner."""
    assert spans(SceneBox(-7, 3, 7, 5), FRAME)
    assert spans(SceneBox(6, -9, 8, 9), FRAME)
    assert not spans(SceneBox(-8, -5, 6, 3), FRAME)


@given(st.lists(st.lists(st.tuples(places, places, places), min_size=1, max_size=9), min_size=1, max_size=9))
def test_bounds_are_the_lowest_and_the_highest_of_each_outline(outlines):
    """Measured together, outlines have the boxes that they have alone."""
    arrays = [np.array(outline) for outline in outlines]
    expected = [[*array[:, :2].min(axis=0), *array[:, :2].max(axis=0)] for array in arrays]
    assert np.allclose(bounds(arrays), expected)


def test_no_outlines_have_no_bounds():
    """An empty stage can be measured."""
    assert bounds([]).shape == (0, 4)


@given(st.lists(boxes(), min_size=1, max_size=6), st.lists(boxes(), min_size=1, max_size=6))
def test_boxes_united_by_groups_are_those_of_each_group(ones, others):
    """The union of the first so many and of the rest."""
    together = united_by(rows(*ones, *others), [len(ones), len(others)])
    assert [box_of(row) for row in together] == [united(rows(*ones)), united(rows(*others))]
    assert all(box_of(together[0]).covers(box) for box in ones)


@given(boxes(), boxes())
def test_shared_areas_are_those_of_the_shared_boxes(one, other):
    """Two boxes share an area exactly where they meet, and both share as much."""
    shared = float(shared_areas(rows(one), rows(other))[0, 0])
    assert shared == float(shared_areas(rows(other), rows(one))[0, 0])
    assert shared <= min(areas(rows(one, other))) + 1e-9
    if one.meets(other):
        assert np.isclose(shared, areas(rows(shared_box(one, other)))[0], atol=1e-5)
    else:
        assert shared == 0


@given(st.lists(boxes(), max_size=7))
def test_pairs_that_meet_are_found_once(several):
    """Every pair that shares an area, and no other, in one order."""
    expected = [
        (first, second)
        for first in range(len(several))
        for second in range(first + 1, len(several))
        if several[first].meets(several[second])
    ]
    found = meeting_pairs(rows(*several).reshape(-1, 4))
    assert set(found) <= set(expected)
    assert all(
        shared_areas(rows(several[one]), rows(several[other]))[0, 0] == 0 for one, other in set(expected) - set(found)
    )


def word(left, bottom, letters, size=1.0):
    """The boxes of a word of square letters."""
    return rows(*(SceneBox(left + n * size, bottom, left + (n + 1) * size, bottom + size) for n in range(letters)))


@given(places, places, st.integers(1, 9), st.floats(0.2, 3))
def test_a_word_on_itself_hides_all_its_letters(left, bottom, letters, size):
    """The measure is a number of letters."""
    text = word(left, bottom, letters, size)
    assert np.isclose(letters_hidden(text, text), letters, rtol=1e-6, atol=1e-3)


def test_letters_are_hidden_by_letters_and_not_by_the_gaps_between_lines():
    """A short second line leaves room beside it, although the box of its text is full."""
    ragged = np.vstack([word(0, 2, 6), word(0, 0, 2)])
    assert letters_hidden(ragged, word(3, 0, 2)) == 0
    assert letters_hidden(ragged, word(1, 0, 2)) == 1
    assert letters_hidden(np.empty((0, 4)), ragged) == 0


def test_the_height_of_letters_is_that_of_small_ones():
    """One bracket doesn't make a text readable."""
    bracket = rows(SceneBox(10, -1, 10.2, 2))
    assert np.isclose(letter_height(np.vstack([word(0, 0, 50, size=0.2), bracket])), 0.2)


def test_a_text_that_runs_upwards_is_measured_across():
    """The letters of a turned axis label lie on their sides: here they are 0.2 high and 0.1 wide."""
    turned = rows(*(SceneBox(0, 0.1 * n, 0.2, 0.1 * (n + 1)) for n in range(9)))
    assert np.isclose(letter_height(turned), 0.2)


@given(places, places, st.integers(1, 9), st.floats(0.2, 3))
def test_letters_seen_from_the_side_keep_their_longer_side(left, bottom, letters, size):
    """Squeezed in one direction, letters are as large as they were, and never lower than high."""
    squeezed = word(left, bottom, letters, size) * [0.5, 1, 0.5, 1]
    assert np.isclose(letter_size(squeezed), size)
    assert letter_size(squeezed) >= letter_height(squeezed)
