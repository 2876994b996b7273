"""Formulas become words that a voice can read."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.errors import InvalidRequest
from callsheet.speech.mathematics import say_mathml, say_typst
from callsheet.speech.speakable import speakable

ENGLISH = {
    "sum_(i=1)^n x_i^2 / sqrt(2 pi) >= integral_0^oo e^(-x) dif x": (
        "the sum from i equals one to n of the fraction x sub i squared, over the square root of two pi, is greater "
        "than or equal to the integral from zero to infinity of e to the power of minus x d x"
    ),
    "x = (-b plus.minus sqrt(b^2 - 4 a c))/(2 a)": (
        "x equals the fraction minus b plus or minus the square root of b squared minus four A c, over two A"
    ),
    "lim_(x->0) sin(x)/x = 1": "the limit as x approaches zero of the fraction sine of x, over x, equals one",
    "f'(x) = (a+b)^2": "f prime of x equals the quantity A plus b, squared",
    "abs(x) in RR": "the absolute value of x, in the real numbers",
    "mat(1,2;3,4) vec(1,2)": "the matrix with the rows one, two; three, four the vector one, two",
    'cases(1 "if" x > 0, 2 "else")': "either one if x is greater than zero, or two else",
    "hat(x) + macron(x) + arrow(v) + underbrace(x+y, 3)": "x hat plus x bar plus vector v plus x plus y",
    "x_1, ..., x_n = 1/2 binom(n, k)": "x sub one, and so on, x sub n equals one half n choose k",
    "cal(L)(theta) = root(3, x) + root(n, y)": "L of theta equals the cube root of x plus the n-th root of y",
    "a &= b \\ c &= 2.5": "A equals b; c equals two point five",
}
GERMAN = {
    "sum_(i=1)^n x_i^2": "die Summe von i gleich eins bis n über x Index i Quadrat",
    "lim_(x->oo) sqrt(x) = 3.5": "der Grenzwert für x gegen unendlich von die Wurzel aus x gleich drei Komma fünf",
}


def said(formula: str, language: str) -> str:
    """What a voice reads of a formula in a text."""
    return speakable(f"${formula}$", language, say_mathematics=partial(say_typst, language=language)).spoken


@pytest.mark.parametrize("formula", ENGLISH)
def test_a_formula_is_read_as_a_teacher_reads_it(formula: str):
    """Sums, roots, limits, functions, matrices, cases, marks, and several lines."""
    assert said(formula, "en") == ENGLISH[formula]


@pytest.mark.parametrize("formula", GERMAN)
def test_a_formula_is_read_in_german(formula: str):
    """With German signs and decimal commas."""
    assert said(formula, "de") == GERMAN[formula]


@pytest.mark.parametrize("formula", ["#let x = 1", "unknown(x)", "x" * 2_001, "frac(1"])
def test_what_typst_cannot_set_is_refused(formula: str):
    """In one sentence; no program runs."""
    with pytest.raises(InvalidRequest, match=r"^formula: .+$"):
        say_typst(formula, "en")


LEAVES = ["<mi>x</mi>", "<mn>2</mn>", "<mo>(</mo>", "<mo>∑</mo>", "<mo>|</mo>", "<mspace/>", "<mi/>"]
TAGS = ("mrow", "mfrac", "msqrt", "mroot", "msub", "msup", "msubsup", "munder", "mover", "munderover", "mtable", "mtr")
TREES = st.recursive(
    st.sampled_from(LEAVES),
    lambda inside: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>", st.sampled_from(TAGS), st.lists(inside, max_size=4)
    ),
    max_leaves=12,
)


@given(TREES, st.sampled_from(["en", "de", "fr"]))
def test_any_mathml_can_be_said(tree: str, language: str):
    """Also elements with too few or too many parts."""
    assert isinstance(say_mathml(f"<math>{tree}</math>", language), str)


@pytest.mark.parametrize("mathml", ["<math>", "<!DOCTYPE a [<!ENTITY b 'c'>]><math>&b;</math>", "<mi>&x;</mi>"])
def test_what_is_no_mathml_is_refused(mathml: str):
    """Entities, too."""
    with pytest.raises(InvalidRequest):
        say_mathml(mathml, "en")
