"""Functions of x are read as people write them, and nothing else is."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from callsheet.model.content import FunctionPlotContent
from callsheet.model.expression import ExpressionError, parse_expression
from callsheet.model.problems import problems_of


@pytest.mark.parametrize(
    ("text", "x", "value"),
    [
        ("x^2", 3, 9),
        ("-x^2", 3, -9),
        ("2^-x", 1, 0.5),
        ("2^3^2", 0, 512),
        ("2x + 1", 2, 5),
        ("2 x^2", 3, 18),
        ("3(x + 1)", 1, 6),
        ("2e3 * x", 1, 2000),
        ("2 e^x", 0, 2),
        ("log10(1000) - log2(8)", 0, 0),
        ("ln(e)", 0, 1),
        ("sin(x) / x", math.pi / 2, 2 / math.pi),
        ("cbrt(-8) + abs(x)", -3, 1),
        ("2 · π − x²", 1, math.tau - 1),
    ],
)
def test_an_expression_means_what_it_says(text: str, x: float, value: float) -> None:
    """Precedence, products without a sign and typographic signs are read as on paper."""
    assert parse_expression(text)(x) == pytest.approx(value)


@pytest.mark.parametrize("text", ["1 / x", "log(x)", "x / 0", "0^-1", "sqrt(x - 1)", "9^9^9^9", "1e400", "asin(x + 2)"])
def test_where_a_function_has_no_value_it_gives_nan(text: str) -> None:
    """Poles, ends of the domain and numbers beyond all measure are gaps, never exceptions."""
    assert math.isnan(parse_expression(text)(0.0))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("foo(x)", "foo"),
        ("sine(x)", "did you mean sin?"),
        ("y + 1", "“y”"),
        ("sin", "sin(x)"),
        ("sin(x, 2)", "one value"),
        ("x(x + 1)", "x * (…)"),
        ("(x + 1", "brackets"),
        ("x +", "not a formula"),
        ("x if x else 1", "not understood"),
        ("x.real", "x.real"),
        ("[1][0]", "not understood"),
        ("'a'", "not understood"),
        ("True", "True"),
        ("__import__('os').system('true')", "not understood"),
        ("(lambda: 1)()", "not understood"),
        ("x := 3", "not a formula"),
        ("(" * 500, "brackets"),
        ("-" * 5000 + "x", "not a formula"),
    ],
)
def test_what_is_no_function_of_x_is_refused_with_a_sentence(text: str, named: str) -> None:
    """The sentence names what is wrong; no text is run as a program."""
    with pytest.raises(ExpressionError) as refusal:
        parse_expression(text)
    assert named in str(refusal.value)


@given(st.text(alphabet="x0123456789.+-*/^() sincotanexplogqrtabpi,[]'\"=<>&|%!@#", max_size=200))
def test_any_text_is_a_function_or_is_refused(text: str) -> None:
    """There is no third outcome, and a function gives a number or nan everywhere."""
    try:
        function = parse_expression(text)
    except ExpressionError as error:
        assert len(str(error).split()) > 3
    else:
        assert all(isinstance(function(x), float) for x in (-2.0, 0.0, 1e6))


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"functions": [{"expression": "x"}, {"expression": "sinn(x)"}]}, "functions.1.expression", "sinn"),
        ({"functions": [{"expression": "log(-x^2)"}]}, "functions.0.expression", "no value"),
        ({"functions": [{"expression": "x^2"}], "y_max": -1}, "functions.0.expression", "y_max"),
        ({"x_min": 5, "x_max": 5}, "x_max", "greater"),
        ({"x_min": 999_999.9999, "x_max": 1e6}, "x_max", "near"),
    ],
)
def test_a_plot_that_would_show_nothing_is_refused(change: dict[str, object], field: str, words: str) -> None:
    """Before anything runs, with the path of the field."""
    values = {"functions": [{"expression": "x"}], **change}
    with pytest.raises(ValidationError) as refusal:
        FunctionPlotContent.model_validate(values)
    ((location, sentence),) = problems_of(refusal.value)
    assert ".".join(map(str, location)) == field
    assert words in sentence
