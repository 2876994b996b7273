"""Diagrams are laid out so that nothing lies on anything, whatever leads to what."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callsheet.stage.kit.diagrams.diagram_layout import arrange
from callsheet.stage.kit.diagrams.placement import spaced
from callsheet.stage.kit.diagrams.ranking import Link, crossings, parts, rank
from callsheet.stage.kit.diagrams.stairs_layout import arrange_stairs
from callsheet.stage.kit.diagrams.types import Arrow, Size
from callsheet.stage.kit.frame import Area

LANDSCAPE = Area(-5.9, 1.9, 11.9, 4.8)
PORTRAIT = Area(-3.25, 4.0, 6.5, 8.9)
SLACK = 1e-6


@st.composite
def diagrams(draw: st.DrawFn) -> tuple[list[Size], list[Arrow]]:
    """One to sixteen boxes of any shape, and up to 32 arrows between different boxes, cycles and doubles included."""
    lengths = st.floats(0.4, 3.5)
    boxes = draw(st.lists(st.builds(Size, lengths, lengths), min_size=1, max_size=16))
    ends = st.integers(0, len(boxes) - 1)
    label = st.none() | st.builds(Size, st.floats(0.2, 1.9), st.floats(0.3, 0.8))
    arrow = st.builds(Arrow, ends, ends, label).filter(lambda arrow: arrow.source != arrow.target)
    return boxes, draw(st.lists(arrow, max_size=32)) if len(boxes) > 1 else []


@settings(max_examples=60, deadline=None, derandomize=True)
@given(diagram=diagrams(), area=st.sampled_from([LANDSCAPE, PORTRAIT]))
def test_boxes_and_labels_stand_inside_and_apart(diagram: tuple[list[Size], list[Arrow]], area: Area) -> None:
    """No box or label leaves the area, and none overlaps another."""
    arrangement = arrange(*diagram, area, downward=area is PORTRAIT)
    placed = [*arrangement.boxes, *(label for label in arrangement.labels if label)]
    assert all(is_inside(one, area) for one in placed)
    assert not any(overlap(one, other) for one, other in itertools.combinations(placed, 2))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(diagram=diagrams(), area=st.sampled_from([LANDSCAPE, PORTRAIT]))
def test_arrows_cross_no_box_and_no_label(diagram: tuple[list[Size], list[Arrow]], area: Area) -> None:
    """An arrow touches only the boxes that it joins, at their borders, and stays inside the area."""
    arrangement = arrange(*diagram, area, downward=area is PORTRAIT)
    obstacles = [*arrangement.boxes, *(label for label in arrangement.labels if label)]
    for route in arrangement.routes:
        for point in [*points_along(route.points), route.tip]:
            assert is_inside(Area(*point, 0.0, 0.0), area)
            assert not any(is_within(point, obstacle) for obstacle in obstacles)


@st.composite
def chains(draw: st.DrawFn) -> tuple[list[Size], list[Arrow], list[int]]:
    """Two to five boxes in any order, each joined to the next, with and without labels."""
    boxes = draw(st.lists(st.builds(Size, st.floats(1.1, 3.5), st.floats(0.5, 1.2)), min_size=2, max_size=5))
    order = draw(st.permutations(range(len(boxes))))
    label = st.none() | st.builds(Size, st.floats(0.2, 1.9), st.floats(0.3, 0.5))
    arrows = [Arrow(*pair, draw(label)) for pair in itertools.pairwise(order)]
    return boxes, draw(st.permutations(arrows)), list(order)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(chain=chains())
def test_stairs_stand_inside_and_apart_and_no_arrow_crosses_them(
    chain: tuple[list[Size], list[Arrow], list[int]],
) -> None:
    """Each box lies lower and further right than the one before, and its type is no smaller than usual."""
    boxes, arrows, order = chain
    arrangement = arrange_stairs(boxes, arrows, LANDSCAPE, order)
    if arrangement is None:
        return
    placed = [*arrangement.boxes, *(label for label in arrangement.labels if label)]
    assert all(is_inside(one, LANDSCAPE) for one in placed)
    assert not any(overlap(one, other) for one, other in itertools.combinations(placed, 2))
    assert arrangement.scale >= 1
    steps = [arrangement.boxes[place] for place in order]
    assert all(one.bottom > other.top and one.right < other.right for one, other in itertools.pairwise(steps))
    for arrow, route in zip(arrows, arrangement.routes, strict=True):
        assert len(route.points) % 3 == 1
        assert not any(is_within(point, obstacle) for point in points_along(route.points) for obstacle in placed)
        target = arrangement.boxes[arrow.target]
        assert target.left < route.tip[0] < target.right
        assert target.top < route.tip[1] < target.top + 0.1


def test_a_short_chain_is_set_larger_on_stairs_than_in_a_row() -> None:
    """Three boxes in a row would leave most of the picture empty."""
    boxes, arrows = [Size(2.0, 0.9)] * 3, [Arrow(0, 1), Arrow(1, 2)]
    stairs, row = arrange_stairs(boxes, arrows, LANDSCAPE, [0, 1, 2]), arrange(boxes, arrows, LANDSCAPE, downward=False)
    assert stairs is not None
    assert stairs.scale > row.scale
    assert stairs.boxes[0].top - stairs.boxes[2].bottom > 0.8 * LANDSCAPE.height


@settings(max_examples=60, deadline=None, derandomize=True)
@given(diagram=diagrams())
def test_arrows_lead_from_their_source_to_their_target(diagram: tuple[list[Size], list[Arrow]]) -> None:
    """Whichever way round a cycle was opened, the line starts at the source and the tip is at the target."""
    boxes, arrows = diagram
    arrangement = arrange(boxes, arrows, LANDSCAPE, downward=False)
    for arrow, route in zip(arrows, arrangement.routes, strict=True):
        assert distance(route.points[0], arrangement.boxes[arrow.source]) < SLACK
        assert distance(route.tip, arrangement.boxes[arrow.target]) < 0.1 * arrangement.scale


@settings(max_examples=40, deadline=None, derandomize=True)
@given(diagram=diagrams())
def test_boxes_have_room_for_their_text(diagram: tuple[list[Size], list[Arrow]]) -> None:
    """A box is at least as large as was asked for, times the scale of the whole."""
    boxes, arrows = diagram
    arrangement = arrange(boxes, arrows, PORTRAIT, downward=True)
    for asked, given_area in zip(boxes, arrangement.boxes, strict=True):
        assert given_area.width >= asked.width * arrangement.scale - SLACK
        assert given_area.height >= asked.height * arrangement.scale - SLACK


def test_a_chain_is_one_straight_row() -> None:
    """What simply leads on stands side by side, joined by straight arrows of equal length."""
    arrangement = arrange(
        [Size(1.5, 0.8)] * 4, [Arrow(place, place + 1) for place in range(3)], LANDSCAPE, downward=False
    )
    assert len({round(box.top, 6) for box in arrangement.boxes}) == 1
    assert all(abs(route.points[0][1] - route.tip[1]) < SLACK for route in arrangement.routes)
    gaps = [after.left - before.right for before, after in itertools.pairwise(arrangement.boxes)]
    assert max(gaps) - min(gaps) < SLACK


def test_portrait_reads_from_top_to_bottom() -> None:
    """The same chain in portrait is a column."""
    arrangement = arrange(
        [Size(1.5, 0.8)] * 4, [Arrow(place, place + 1) for place in range(3)], PORTRAIT, downward=True
    )
    tops = [box.top for box in arrangement.boxes]
    assert tops == sorted(tops, reverse=True)
    assert len({round(box.left, 6) for box in arrangement.boxes}) == 1


def test_sixteen_steps_are_folded_into_bands() -> None:
    """A chain too long for the width turns back instead of becoming unreadably small."""
    arrows = [Arrow(place, place + 1) for place in range(15)]
    arrangement = arrange([Size(1.4, 0.8)] * 16, arrows, LANDSCAPE, downward=False)
    assert len({round(box.top, 6) for box in arrangement.boxes}) > 1
    assert arrangement.scale > 0.6


def test_boxes_without_arrows_form_a_grid_in_reading_order() -> None:
    """They are told line by line, not down a single column."""
    arrangement = arrange([Size(2.0, 0.8)] * 9, [], LANDSCAPE, downward=False)
    places = [(-round(box.top, 6), round(box.left, 6)) for box in arrangement.boxes]
    assert places == sorted(places)
    assert len({left for _, left in places}) > 1


def test_a_mirrored_arrangement_is_read_from_the_right() -> None:
    """For right-to-left titles the first box is the rightmost."""
    arrangement = arrange([Size(1.5, 0.8)] * 2, [Arrow(0, 1)], LANDSCAPE, downward=False).mirrored()
    assert arrangement.boxes[0].left > arrangement.boxes[1].left
    assert arrangement.routes[0].points[0][0] > arrangement.routes[0].tip[0]


def test_a_tangle_that_can_be_undone_is_undone() -> None:
    """Two arrows that cross only because of the order of the boxes do not cross in the end."""
    ranking = rank(6, [Link(0, 3), Link(0, 4), Link(1, 2), Link(1, 5)])
    steps = [(before, after) for _, before, after in ranking.steps()]
    assert crossings(ranking.ranks, steps) == 0


def test_cycles_are_opened_and_every_arrow_keeps_a_path() -> None:
    """A ring of three has one arrow that is turned round, and each path leads from a lower rank to a higher."""
    ranking = rank(3, [Link(0, 1), Link(1, 2), Link(2, 0)])
    place = {stop: number for number, order in enumerate(ranking.ranks) for stop in order}
    assert len(ranking.turned) == 1
    assert all(place[before] < place[after] for _, before, after in ranking.steps())


def test_parts_that_nothing_joins_are_counted() -> None:
    """Two pairs and a box on its own are three parts."""
    assert parts(5, [Link(0, 1), Link(3, 2)]) == 3


@settings(deadline=None, derandomize=True)
@given(data=st.data(), count=st.integers(1, 12))
def test_spacing_keeps_order_and_distance_and_moves_no_more_than_needed(data: st.DataObject, count: int) -> None:
    """Places keep their distances; wishes that keep them already are granted."""
    numbers = st.floats(-5, 5)
    wishes = data.draw(st.lists(numbers, min_size=count, max_size=count))
    distances = data.draw(st.lists(st.floats(0, 2), min_size=count - 1, max_size=count - 1))
    places = spaced(wishes, [1.0] * count, distances)
    for (before, after), least in zip(itertools.pairwise(places), distances, strict=True):
        assert after - before >= least - SLACK
    assert spaced(places, [1.0] * count, distances) == pytest.approx(places, abs=1e-6)
    assert sum(places) == pytest.approx(sum(wishes), abs=1e-6)


def points_along(points: tuple[tuple[float, float], ...]) -> list[tuple[float, float]]:
    """Places on each of the cubic curves."""
    found = []
    for start in range(0, len(points) - 1, 3):
        corners = points[start : start + 4]
        for share in (place / 12 for place in range(13)):
            weights = [math.comb(3, n) * share**n * (1 - share) ** (3 - n) for n in range(4)]
            found.append(
                (
                    sum(weight * x for weight, (x, _) in zip(weights, corners, strict=True)),
                    sum(weight * y for weight, (_, y) in zip(weights, corners, strict=True)),
                )
            )
    return found


def is_inside(one: Area, area: Area) -> bool:
    """Whether `one` lies in `area`."""
    return (
        one.left >= area.left - SLACK
        and one.right <= area.right + SLACK
        and one.top <= area.top + SLACK
        and one.bottom >= area.bottom - SLACK
    )


def is_within(point: tuple[float, float], area: Area) -> bool:
    """Whether a point lies in `area` and not only on its border."""
    x, y = point
    return area.left + SLACK < x < area.right - SLACK and area.bottom + SLACK < y < area.top - SLACK


def overlap(one: Area, other: Area) -> bool:
    """Whether two areas share more than a border."""
    return (
        min(one.right, other.right) - max(one.left, other.left) > SLACK
        and min(one.top, other.top) - max(one.bottom, other.bottom) > SLACK
    )


def distance(point: tuple[float, float], area: Area) -> float:
    """How far a point is from `area`."""
    x, y = point
    return math.hypot(max(area.left - x, 0, x - area.right), max(area.bottom - y, 0, y - area.top))
