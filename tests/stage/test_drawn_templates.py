"""What is drawn from numbers is true to them, and its labels keep clear, whatever the numbers are."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from manim import Mobject

from callsheet.errors import ContentTooLong
from callsheet.model.content import ChartContent, DerivationContent, FunctionPlotContent, GeometryContent
from callsheet.model.film.profile import ProfileName
from callsheet.stage.kit.type_block import TypeBlock
from tests.stage.test_templates import SHAPES, assert_well_placed, composed

NUMBERS = st.one_of(
    st.floats(-1e15, 1e15, allow_subnormal=False),
    st.floats(-100, 100).map(lambda value: round(value, 1)),
    st.sampled_from([0.0, 1e-15, -1e15, 1e15, 0.1]),
)
SOME = settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@SOME
@given(
    values=st.lists(NUMBERS, min_size=1, max_size=24),
    kind=st.sampled_from(["bar", "line"]),
    unit=st.sampled_from(["", "%", "megatonnes a year"]),
    profile=st.sampled_from(SHAPES),
    highlighted=st.integers(0, 30),
)
def test_charts_of_any_numbers_are_well_placed(
    values: list[float], kind: str, unit: str, profile: ProfileName, highlighted: int
) -> None:
    """Tiny, huge, negative, all alike, one or many: nothing overlaps, nothing leaves."""
    data = [
        {"label": f"no. {place}", "value": value, "highlight": place == highlighted}
        for place, value in enumerate(values)
    ]
    content = ChartContent.model_validate({"title": "Anything", "kind": kind, "unit": unit, "data": data})
    assert_well_placed(composed(content, profile), profile)


@pytest.mark.parametrize("name", ["short", "Donaudampfschifffahrtsgesellschaft"])
def test_bars_begin_at_zero_and_are_as_long_as_their_values(name: str) -> None:
    """In columns and in rows: lengths are in the proportion of the values."""
    values = [30.0, 60.0, -15.0]
    content = ChartContent.model_validate({"data": [{"label": name, "value": value} for value in values]})
    (page,) = composed(content, ProfileName.HD)
    bars = [mobject for mobject in page.beats[-1].shows if not isinstance(mobject, TypeBlock)][-3:]
    sides = (_vertical, _horizontal)[name != "short"]
    (start, end), (other_start, other_end), (low, zero) = map(sides, bars)
    assert start == pytest.approx(other_start) == pytest.approx(zero)
    assert end - start == pytest.approx((other_end - other_start) / 2) == pytest.approx(2 * (zero - low))


@SOME
@given(
    expressions=st.lists(
        st.sampled_from(["x", "x^2", "1/x", "tan(x)", "5", "0", "exp(x)", "1e-9*x", "floor(x)", "sin(1/x)", "-1e90"]),
        min_size=1,
        max_size=4,
    ),
    ends=st.tuples(NUMBERS, NUMBERS).map(sorted),
    label=st.sampled_from(["", "f", "a rather long name for a curve that has to be set in several lines or above"]),
    profile=st.sampled_from(SHAPES),
)
def test_plots_of_any_function_are_well_placed(
    expressions: list[str], ends: list[float], label: str, profile: ProfileName
) -> None:
    """Names and numbers stand apart, and curves stay in the frame, wherever the axis begins and ends."""
    x_min, x_max = (max(-1e6, min(1e6, end)) for end in ends)
    values = {
        "functions": [{"expression": text, "label": label} for text in expressions],
        "x_min": x_min,
        "x_max": x_max,
    }
    try:
        content = FunctionPlotContent.model_validate({**values, "x_label": "time", "y_label": "height"})
    except ValueError as error:
        assert "x_max" in str(error) or "expression" in str(error)
    else:
        assert_well_placed(composed(content, profile), profile)


@SOME
@given(
    places=st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=3, max_size=10, unique=True),
    kind=st.sampled_from(["segment", "line", "circle", "polygon", "angle"]),
    profile=st.sampled_from(SHAPES),
)
def test_figures_through_any_points_are_well_placed(
    places: list[tuple[int, int]], kind: str, profile: ProfileName
) -> None:
    """Every name and label finds a separate place, or the figure is refused with a sentence."""
    points = [{"name": f"P{place}", "x": x, "y": y} for place, (x, y) in enumerate(places)]
    names = ["P0", "P1", "P2"][: 3 if kind in {"polygon", "angle"} else 2]
    figures = [{"kind": kind, "points": names, "label": "a label", "highlight": True}]
    try:
        content = GeometryContent.model_validate({"points": points, "figures": figures, "caption": "Points"})
        assert_well_placed(composed(content, profile), profile)
    except ContentTooLong as error:
        assert error.field == "content.points"
    except ValueError as error:
        assert "no angle" in str(error)


def test_the_lines_of_a_derivation_are_aligned_at_their_relations() -> None:
    """Every equals sign of the example stands in one column."""
    (page,) = composed(DerivationContent.example(), ProfileName.HD)
    first, *others = [beat.shows[0] for beat in page.beats[1:5]]
    assert all(isinstance(line, TypeBlock) for line in (first, *others))
    lefts = {round(float(line.box.get_left()[0]), 3) for line in others}
    assert len(lefts) == 1
    assert lefts.pop() > float(first.box.get_left()[0]) + 0.5


def _vertical(bar: Mobject) -> tuple[float, float]:
    return float(bar.get_bottom()[1]), float(bar.get_top()[1])


def _horizontal(bar: Mobject) -> tuple[float, float]:
    return float(bar.get_left()[0]), float(bar.get_right()[0])
