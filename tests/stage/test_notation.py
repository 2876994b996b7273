"""Formulas that would be set otherwise than people mean them are refused, with their place and the right form."""

import pytest

from callsheet.formulas import fault_in, notation
from callsheet.formulas.notation import slips_in, with_products_apart
from callsheet.model.content import CONTENT_MODELS, EquationContent, TemplateName
from callsheet.stage.kit.mathematics import check_mathematics, formula_problems
from callsheet.stage.kit.prose import DisplayedFormula, read_prose

# What people write, and the right form, which stands in the sentence that refuses it.
MEANT = {
    "H2O": "H_2 O",
    "CO2": "C O_2",
    "5 km": '"km"',
    "1/ab": "a b",
    "ab^2 / c": "a b",
    "ab(x)": "a b",
    "if = 1": '"if"',
    "integral x dx": "dif x",
    "sinx": "sin x",
    "sqrt2": "sqrt(2)",
    "sqrt 2": "sqrt(2)",
    "frac 1 2": "frac(a, b)",
    "x^-1": "^(-1)",
    "e^-x": "^(-x)",
    "f_n(x)": "f_n (…)",
    "e^x(t)": "e^x (…)",
    "f'(x)/2": "(f'(x)) / …",
    "1/g'(x)": "/ (g'(x))",
    "sum_i=1^n i": "sum_(i = 1)",
    "lim_x->0 x": "lim_(x -> 0)",
    "a // b": "comment",
    "x**2": "^2",
    "v_in": '_"in"',
    "E_kin": '_"kin"',
    "a_ij": "_(i j)",
    "infty": "infinity",
    "leq": "<=",
    "integrl": "integral",
    "theta1": "theta_1",
    "{a + b} c": "\\{a + b\\}",
    "a $ b": "leave it out",
    "Geschwindigkeit = 5": '"Geschwindigkeit"',
}
RIGHT = [
    "a dot b", "f(x) -> 0", "x^(10)", "frac(a, b)", '5 "km"', "4 a c", "H_2 O", "x y", "e^(-x)", "R^+", "f_n (x)",
    "f_1(x)", "log_2(x)", "x^2(y + 1)", "sum_(i=1)^n i", "(f(x + h) - f(x)) / h", "(f'(x)) / (g'(x))", "A = {1, 2}",
    'mat(delim: "[", 1, 2)', 'cases(x "if" x > 0, 0 "else")', "v_max", "2 pi r", "RR^n", "a != b", '"a // b"',
    'x = -1 quad "or" quad x = -5', "a &= b \\ &= c", "\\{x\\}", 'E_"kin"', "A^top", "√2", "α + β", "1/f(x)", "n!",
    "display(sum_i x_i)", "dot.double(x)", "f: A -> B", "x arrow.r y", "integral_0^1 x^2 dif x = 1/3", "|x|", "x^10",
]  # fmt: skip


@pytest.mark.parametrize("formula", MEANT)
def test_another_notation_is_refused_with_the_right_form(formula: str):
    """Never set wrong without a word: the sentence has the place and what to write."""
    fault = fault_in(formula)
    assert MEANT[formula] in fault
    assert "character" in fault


@pytest.mark.parametrize("formula", RIGHT)
def test_what_is_right_stays_right(formula: str):
    """Typst's own notation, in all that it is used for."""
    assert fault_in(formula) == ""


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("E = mc^2", "E = m c^2"),
        ("b^2 - 4ac", "b^2 - 4a c"),
        ("ax^2 + bx + c = 0", "a x^2 + b x + c = 0"),
        ("PV = nRT", "P V = n R T"),
        ("E = mgh", "E = m g h"),
        ("2 pi r", "2 pi r"),
        ("sin x", "sin x"),
        ('"mc" + in', '"mc" + in'),
    ],
)
def test_letters_that_are_no_name_are_a_product(written: str, read: str):
    """As in LaTeX; Typst alone would know no such name."""
    assert with_products_apart(written) == read
    assert fault_in(written) == ""


@pytest.mark.parametrize("name", CONTENT_MODELS)
def test_every_example_is_right(name: TemplateName):
    """They are what people copy."""
    assert check_mathematics(CONTENT_MODELS[name].example()) == ()


def test_every_right_form_is_one():
    """What a sentence says to write, Typst can set."""
    for form in set(notation._SYMBOLS.values()) - {"'", "(", ")", "|"}:
        assert fault_in(f"a {form.replace('…', 'x')} b") == "", form


def test_a_formula_is_named_by_its_field_and_its_place():
    """Each of several, with the character at which it goes wrong."""
    content = EquationContent(steps=("a + b", r"x = \frac{1}{2} \cdott y"), caption="As $4abc$ shows")
    (first, sentence), (second, _) = formula_problems(content)
    assert (first, second) == (("steps", 1), ("caption",))
    assert "“\\cdott” (character 17) is no command that Callsheet knows; write \\cdot if you mean that" in sentence
    assert [slip.start for slip in slips_in("4ac + 2xy")] == [1, 7]


@pytest.mark.parametrize(
    "text",
    [
        r"We see a \cdot b = c here.",
        "Then x^{10} + y = 3 holds.",
        "For e^-x = 1/e^x it is small.",
        r"The sum \sum_{i=1}^n i = n(n+1)/2 is known.",
        "Here a ± b = c is meant.",
        r"It costs $5, and $\frac{a}{b}$ is a ratio.",
        "We have f_n(x) = x^n there.",
    ],
)
def test_a_prompt_s_formula_that_is_not_understood_is_shown_as_it_was_written(text: str):
    """Never a part of it as mathematics and the rest as text."""
    [part] = read_prose(text).parts
    assert part.text.replace("\\$", "$") == text


def test_a_prompt_s_formula_that_is_understood_is_set_whole():
    """Between dollar signs, one or two, or where it stands."""
    parts = read_prose("We see $$x^2$$ grow. Here 2^10 = 1024 and y^3 matter. In short: a^2 + b^2 = c^2.").parts
    assert [part.formula if isinstance(part, DisplayedFormula) else part.text for part in parts] == [
        "Here $2^10 = 1024$ and $y^3$ matter.",
        "In short:",
        "a^2 + b^2 = c^2",
    ]
