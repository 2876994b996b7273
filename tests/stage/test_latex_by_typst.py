"""Scene code with LaTeX on a machine without LaTeX: Typst sets it, with the parts that Manim's classes promise."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

import manim
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from manim.mobject.text import numbers, tex_mobject

from callsheet.model.film.rehearsal import LayoutProblem, Rehearsal
from callsheet.model.run.attempts import layout_trouble
from callsheet.stage.order import Mode
from callsheet.stage.tex import has_latex
from callsheet.stage.tex.latex import set_by_latex
from callsheet.stage.tex.setting import set_by_typst
from callsheet.stage.tex.tokens import FormulaRefused
from tests.stage.child_runner import carried_out, order, plain, rehearsed
from tests.stage.latex_scenes import LATEX_SCENES

EVERYTHING = """
Tex("a") | MathTex("a") | SingleStringMathTex("a") | Title("a") | BulletedList("a") | DecimalNumber(1) | Integer(1)
Variable(1, Text("x")) | Matrix([[1]]) | Matrix([["a"]], element_to_mobject=Text) | MathTable([["a"]])
DecimalTable([[1]]) | IntegerTable([[1]]) | IntegerMatrix([[1]]) | DecimalMatrix([[1.5]]) | MobjectMatrix([[Dot()]])
BraceLabel(Square(), "a") | Brace(Square()).get_text("a") | Brace(Square()).get_tex("a") | Axes().add_coordinates()
Axes().get_axis_labels() | Axes().get_axis_labels("x", "y") | Axes().get_x_axis_label("x")
Axes().get_y_axis_label("y") | ComplexPlane().add_coordinates() | Axes().get_T_label(1, Axes().plot(lambda x: x), "t")
Axes(axis_config={"include_numbers": True}) | Axes(x_axis_config={"numbers_to_include": [1, 2]})
NumberLine(include_numbers=True) | NumberLine(numbers_to_include=[1]) | NumberLine().add_numbers()
NumberPlane().add_coordinates() | PolarPlane().add_coordinates() | BarChart([1, 2]) | LabeledDot("a")
LabeledLine("a") | LabeledArrow("a") | SampleSpace().add_title("a")
Axes().get_graph_label(Axes().plot(lambda x: x)) | Axes().get_graph_label(Axes().plot(lambda x: x), "f")
Graph([1, 2], [(1, 2)], labels=True) | ThreeDAxes().get_axis_labels() | matrix_to_mobject([[1]])
get_det_text(Matrix([[1]]), determinant=3) | UnitInterval(include_numbers=True)
VDict([("a", Square())], show_keys=True)
Vector([1, 2]).coordinate_label() | Tex("", "a") | MathTex("") | MathTex()
"""

PARTS = {
    'MathTex("a^2", "+", "b^2")': [2, 1, 2],
    'MathTex("a", "^2", "+", 1)': [1, 1, 1, 1],
    'MathTex(r"{{ a }} + {{ b }}")': [1, 1, 1],
    'MathTex(r"\\frac{", "a", "}{", "b", "}")': [1, 1, 0, 1, 0],
    'MathTex("x", "_{", "i", "}", "^2")': [1, 0, 1, 0, 1],
    'MathTex(r"\\sqrt{", "x", "}", r"\\left(", r"\\frac{1}{2}", r"\\right)")': [2, 1, 0, 1, 3, 1],
    'MathTex(r"\\begin{bmatrix} a", "&", "b", r"\\end{bmatrix}")': [3, 0, 1, 0],
    'Tex("one ", "$x^2$", " two")': [3, 2, 3],
    'Tex("$a$ and ", r"\\textbf{b}", arg_separator="")': [4, 1],
    'Tex("$a +", "b$")': [2, 1],
    'Tex(r"$\\alpha", "x$")': [1, 1],
    'MathTex(r"1, \\ldots, n")': [7],
    'BulletedList("one", "two $x$")': [4, 5],
    'MathTex(r"\\ce{2H2 + O2 -> 2H2O}", "+ x")': [11, 2],
    "Matrix([[1, 2], [3, 4]])": [4, 1, 1],
}

REFUSED = {
    r"a + \foo{x}": r"“\foo” (character 5) is no command that is known here",
    r"\alhpa": r"did you mean \alpha?",
    r"\frac{a}{b": None,
    r"x^2^3": "“^” (character 4) is a second script",
    r"\left( x": None,
    r"\left< x \right@": "“@” (character 16) is no bracket",
    r"\frac{a & b}{c}": "“&” (character 9) stands outside of columns",
    r"\begin{tikzpicture}\end{tikzpicture}": "begins tikzpicture",
    r"\begin{matrx} a \end{matrx}": "write matrix",
    r"\begin{cases} a \end{matrix}": "ends matrix, and cases was begun",
    r"\color{rde} x": "names the colour rde; write red",
    r"\ce{!}": "“\\ce” (character 1) holds “!”, which is not understood",
    r"a \label{one}": "numbers a formula; leave it out",
    r"\hspace{wide} x": "takes a length such as 1em or 5mm, not wide",
    r"\text{a_b}": "belongs into a formula",
    r"\begin{array}{p{2cm}} a \end{array}": "only l, c, r and | are known",
}

# The heights of LaTeX, in Manim's units.
HEIGHTS = {
    r'Tex(r"$\begin{bmatrix} 1 \\ 2 \end{bmatrix}$")': 1.195,
    r'MathTex(r"\begin{bmatrix} 1 \\ 2 \end{bmatrix}")': 1.195,
    r'MathTex(r"\begin{pmatrix} \frac{a}{b} \\ 2 \end{pmatrix}")': 1.195,
    r'MathTex(r"x^{\begin{matrix} 1 \\ 2 \end{matrix}}")': 1.168,
    r'MathTex(r"\frac{\begin{matrix} 1 \\ 2 \end{matrix}}{3}")': 1.656,
    r'Tex(r"$\begin{array}{cc} 1 & 2 \\ 3 & 4 \end{array}$")': 0.94,
    r'Tex(r"$\begin{cases} a \\ b \end{cases}$")': 1.494,
    r'MathTex(r"\begin{cases} \frac{a}{b} \\ 2 \end{cases}")': 1.494,
    r'MathTex(r"\left( \frac{a}{b} \right)^2")': 1.028,
}
UNSET = {
    r"x + \foo": "“\\foo” is no command that it knows",
    r"\begin{foo} x \end{foo}": "Environment foo undefined",
    "x^2^3": "Double superscript",
    r"\special{dvisvgm:raw <g>}\relax": "it sets this, but dvisvgm makes no drawing of it",
}


@pytest.fixture(autouse=True)
def typst_sets_latex(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Manim keeps the shapes of texts in files, and of numbers in memory."""
    monkeypatch.setattr(tex_mobject, "tex_to_svg_file", set_by_typst)
    numbers.string_to_mob_map.clear()
    with manim.tempconfig({"media_dir": str(tmp_path)}):
        yield


def made(expression: str) -> manim.VMobject:
    """What an expression of scene code gives."""
    return eval(expression, dict(vars(manim)))


@pytest.mark.parametrize("expression", [each for line in EVERYTHING.strip().split("\n") for each in line.split(" | ")])
def test_everything_that_manim_sets_with_latex_is_set(expression: str) -> None:
    """Without the programs that LaTeX is."""
    made(expression)


@pytest.mark.parametrize(("expression", "signs"), PARTS.items())
def test_a_formula_has_the_parts_that_its_arguments_name(expression: str, signs: list[int]) -> None:
    """Each holds its signs, as many as LaTeX draws."""
    assert [len(part.submobjects) for part in made(expression).submobjects] == signs


def test_parts_are_found_coloured_and_counted_by_their_text() -> None:
    """As the methods of MathTex promise."""
    formula = manim.MathTex(r"f(x) = \frac{1}{x} + x^2", "+ c", substrings_to_isolate=["x", "f"])
    formula.set_color_by_tex("x", manim.RED)
    letters = formula[0].submobjects
    assert [letter.color == manim.RED for letter in letters] == [place in {2, 7, 9} for place in range(len(letters))]
    assert len(formula.get_part_by_tex("f")) == 1
    assert formula.index_of_part(formula[1]) == 1
    assert formula.get_part_by_tex("y") is None
    mapped = manim.MathTex(r"r\theta", tex_to_color_map={r"\theta": manim.BLUE})
    assert [letter.color == manim.BLUE for letter in mapped[0]] == [False, True]


def test_matching_parts_move_to_their_partners() -> None:
    """TransformMatchingTex pairs parts of the same text."""
    before, after = manim.MathTex("a", "+", "b"), manim.MathTex("b", "=", "a")
    moved = manim.TransformMatchingTex(before, after).animations[0]
    assert len(moved.mobject.submobjects) == 2


def test_signs_come_in_the_order_in_which_latex_draws_them() -> None:
    """The bar between numerator and denominator, an exponent before an index, and a limit above before its sign."""
    above, bar, below = manim.MathTex(r"\frac{a}{b}")[0]
    assert above.get_y() > bar.get_y() > below.get_y()
    _, exponent, index = manim.MathTex("x_1^2")[0]
    assert exponent.get_y() > index.get_y()
    top, sign, *bottom = manim.MathTex(r"\sum_{i}^{n}")[0]
    assert top.get_y() > sign.get_y() > bottom[0].get_y()


def test_letters_are_as_large_as_those_of_latex() -> None:
    """A capital of Computer Modern is 6.83 of LaTeX's ten points high; a point of font size is a 960th."""
    expected = 6.8333 * 72 / 72.27 * 48 / 960
    assert manim.Tex("H").height == pytest.approx(expected, abs=0.003)
    assert manim.MathTex(r"\mathrm{H}", font_size=96).height == pytest.approx(2 * expected, abs=0.006)


def test_rows_stand_apart_as_those_of_latex() -> None:
    """Fifteen points in `align`, twelve in a matrix."""
    unit = 72 / 72.27 * 48 / 960
    first, _, _, second, *_ = manim.MathTex(r"x &= a \\ x &= b")[0]
    assert first.get_y() - second.get_y() == pytest.approx(15 * unit, abs=0.01)
    upper, lower = manim.MathTex(r"\begin{matrix} x \\ x \end{matrix}")[0]
    assert upper.get_y() - lower.get_y() == pytest.approx(12 * unit, abs=0.02)


@pytest.mark.parametrize(("expression", "height"), HEIGHTS.items())
def test_rows_and_brackets_are_as_high_as_those_of_latex(expression: str, height: float) -> None:
    """Wherever they stand: in a displayed formula, in a text, in a script or a fraction."""
    assert made(expression).height == pytest.approx(height, abs=0.01)


@pytest.mark.parametrize(("formula", "sentence"), REFUSED.items())
def test_a_formula_that_is_not_certain_is_refused_with_its_place(formula: str, sentence: str | None) -> None:
    """Manim closes braces and brackets that stand open, as it does for LaTeX."""
    if sentence is None:
        manim.MathTex(formula)
        return
    with pytest.raises(FormulaRefused, match=re.escape(sentence)):
        manim.MathTex(formula)


def test_mathematics_in_a_text_needs_its_dollar_signs() -> None:
    """As in LaTeX."""
    with pytest.raises(FormulaRefused, match="belongs into a formula"):
        manim.Tex("x^2")


TORN = [*"\\{}^_&$#%[]é中", "\\\\", "\\left", "\\right", "\\begin", "\\end", "\\over"]
ATOMS = [r"\alpha", "x", "2", "+", "=", r"\frac{a}{b}", r"\sqrt{y}", "z^{2}", r"\sin ", "(", ")", r"\text{ if }", "'"]


@settings(max_examples=40, deadline=None, database=None)
@given(st.lists(st.lists(st.sampled_from(ATOMS), min_size=1, max_size=3), min_size=1, max_size=4))
def test_no_part_changes_what_is_seen(parts: list[list[str]]) -> None:
    """A formula in parts shows what the same formula shows as one."""
    texts = [f"{' '.join(part)} " for part in parts]
    whole, parted = (_paths(*given) for given in (("".join(texts),), texts))
    assert whole == parted


def _paths(*parts: str) -> list[str]:
    marked = "".join(
        rf"\special{{dvisvgm:raw <g id='unique{place:03d}'>}}{part}\special{{dvisvgm:raw </g>}}"
        for place, part in enumerate(parts)
    )
    return re.findall(r' d="([^"]*)"', set_by_typst(marked, "align*").read_text())


@settings(max_examples=60, deadline=None, database=None)
@given(
    st.lists(st.sampled_from([*ATOMS, *TORN])),
    st.sampled_from(["align*", "center", None]),
)
def test_any_text_is_set_or_refused(pieces: list[str], environment: str | None) -> None:
    """With a sentence, and in no other way."""
    try:
        set_by_typst(" ".join(pieces), environment)
    except FormulaRefused as refusal:
        assert "can't be set without LaTeX" in str(refusal)


def test_scenes_as_people_write_them_come_through(tmp_path: Path) -> None:
    """The same scenes fail where a command of theirs is not known; one of them is rendered."""
    bodies = [plain(*textwrap.dedent(body).strip().split("\n")) for body in LATEX_SCENES.values()]
    told = carried_out(tmp_path, *map(order, bodies), order(bodies[0], Mode.RENDER))
    failed = {name: each.last for name, each in zip(LATEX_SCENES, told, strict=False) if "facts" not in each.last}
    assert failed == {}
    assert told[-1].last["event"] == "rendered"


def test_a_refusal_names_the_line_of_the_scene(tmp_path: Path) -> None:
    """And what is not known, by Typst with its place in the formula."""
    last = rehearsed(tmp_path, plain("self.wait()", 'self.add(MathTex(r"x + \\foo"))')).last
    assert (last["event"], last["line"]) == ("failed", 6)
    assert ("“\\foo” is no command" if has_latex() else "“\\foo” (character 5) is no command") in last["message"]


@pytest.mark.skipif(not has_latex(), reason="no LaTeX that could fail")
@pytest.mark.parametrize(("expression", "reason"), UNSET.items())
def test_what_latex_and_typst_do_not_set_is_refused_with_the_reason_of_latex(expression: str, reason: str) -> None:
    """In one sentence, whatever has failed."""
    with pytest.raises(FormulaRefused, match=re.escape(f"can't be set by LaTeX: {reason}")):
        set_by_latex(expression, "align*")


@pytest.mark.skipif(has_latex(), reason="LaTeX sets the formulas here")
def test_picked_signs_are_a_remark_and_no_reason_to_repair(tmp_path: Path) -> None:
    """Parts are no single signs."""
    body = ('formula = MathTex("a + b", "= c")', "formula[1].set_color(RED)", "formula[0][2].set_color(RED)")
    facts = rehearsed(tmp_path, plain(*body, "self.add(formula)", "self.wait()")).facts
    [found] = [each for each in facts.layout if each.problem is LayoutProblem.GLYPHS]
    assert found.line == 7
    assert "“a + b”" in found.message
    assert not layout_trouble(Rehearsal(**dict(facts), duration_s=1, poster=None), None).findings
