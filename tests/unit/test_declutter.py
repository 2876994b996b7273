"""Labels are moved apart as little as it takes."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.stage.kit.declutter import Box, box_around, clearest, spread_apart

LABELS = st.lists(st.tuples(st.floats(-20, 20), st.floats(0.1, 1.0)), min_size=1, max_size=8)


def test_labels_that_are_apart_stay_where_they_are() -> None:
    """Nothing moves without need."""
    assert spread_apart([3.0, 1.0, 2.0], [0.4, 0.4, 0.4], 0.1, 0.0, 4.0) == [3.0, 1.0, 2.0]


def test_labels_of_one_place_part_to_both_sides() -> None:
    """Each goes as far as the other."""
    assert spread_apart([2.0, 2.0], [0.4, 0.4], 0.1, 0.0, 4.0) == pytest.approx([1.75, 2.25])


@given(LABELS)
def test_labels_never_touch_nor_leave(labels: list[tuple[float, float]]) -> None:
    """They keep their order, their gap and the area."""
    wanted, heights = [place for place, _ in labels], [height for _, height in labels]
    middles = spread_apart(wanted, heights, 0.1, -5.0, 5.0)
    order = sorted(range(len(labels)), key=lambda place: middles[place])
    assert [wanted[place] for place in order] == sorted(wanted)
    assert middles[order[0]] - heights[order[0]] / 2 >= -5.0 - 1e-9
    assert middles[order[-1]] + heights[order[-1]] / 2 <= 5.0 + 1e-9
    for lower, upper in pairwise(order):
        assert middles[upper] - heights[upper] / 2 - middles[lower] - heights[lower] / 2 >= 0.1 - 1e-9


def test_a_label_takes_the_first_place_that_nothing_crosses() -> None:
    """Where something crosses every place, it takes the one with the fewest crossings."""
    room, above, below = Box(-5, -5, 5, 5), box_around((0, 1), 1, 0.5), box_around((0, -1), 1, 0.5)
    through_above = ((-2.0, 1.0), (2.0, 1.0))
    assert clearest([above, below], [], [], room) == above
    assert clearest([above, below], [], [through_above], room) == below
    assert clearest([above, below], [below], [through_above], room) == above
    assert clearest([above, below], [below, above], [], room) is None


@pytest.mark.parametrize(
    ("start", "end", "is_crossed"),
    [((-2, 0), (2, 0), True), ((-2, 2), (2, 2), False), ((0, 0), (0.1, 0.1), True), ((-2, -3), (3, 2), False)],
)
def test_a_line_crosses_a_box_only_where_it_passes_through(
    start: tuple[float, float], end: tuple[float, float], is_crossed: bool
) -> None:
    """Touching a corner is not crossing."""
    assert box_around((0, 0), 1, 1).is_crossed_by(start, end) is is_crossed
