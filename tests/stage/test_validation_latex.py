"""What the check says needs LaTeX really does, and what it lets through without LaTeX really works."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import manim
import pytest
from manim.mobject.text import numbers

from callsheet.scene_lint import findings_of, is_latex_there, load_catalogue
from callsheet.settings import Settings

NEEDS = """
Tex("a") | MathTex("a") | Title("a") | BulletedList("a") | DecimalNumber(1) | Integer(1) | Variable(1, Text("x"))
Matrix([[1]]) | Matrix([["a"]], element_to_mobject=Text) | MathTable([["a"]]) | DecimalTable([[1]])
IntegerTable([[1]])
BraceLabel(Square(), "a") | Brace(Square()).get_text("a") | Brace(Square()).get_tex("a") | Axes().add_coordinates()
Axes().get_axis_labels() | Axes().get_axis_labels("x", "y") | Axes().get_x_axis_label("x")
Axes().get_y_axis_label("y")
Axes(axis_config={"include_numbers": True}) | Axes(x_axis_config={"numbers_to_include": [1, 2]})
NumberLine(include_numbers=True) | NumberLine(numbers_to_include=[1]) | NumberLine().add_numbers()
NumberPlane().add_coordinates() | PolarPlane().add_coordinates() | BarChart([1, 2]) | LabeledDot("a")
LabeledLine("a")
Axes().get_graph_label(Axes().plot(lambda x: x)) | Axes().get_graph_label(Axes().plot(lambda x: x), "f")
Graph([1, 2], [(1, 2)], labels=True) | ThreeDAxes().get_axis_labels() | matrix_to_mobject([[1]])
get_det_text(Square())
UnitInterval(include_numbers=True) | VDict([("a", Square())], show_keys=True)
"""
DOES_WITHOUT = """
Text("a") | Paragraph("a") | MarkupText("a") | Typst("a") | MathTypst("a") | DecimalNumber(1, mob_class=Text)
Table([["a"]]) | BraceText(Square(), "a") | BraceLabel(Square(), "a", label_constructor=Text)
Axes() | ThreeDAxes()
Axes().get_axis_labels(Text("x"), Text("y")) | Axes().get_x_axis_label(Text("x")) | LabeledDot(Text("a"))
Axes(axis_config={"include_numbers": True, "label_constructor": Text}) | NumberLine().add_labels({1: Text("a")})
NumberLine(include_numbers=True, label_constructor=Text) | NumberPlane() | PolarPlane() | SampleSpace()
UnitInterval()
Axes().get_graph_label(Axes().plot(lambda x: x), Text("f")) | Axes().get_T_label(1, Axes().plot(lambda x: x))
Graph([1, 2], [(1, 2)]) | VDict([("a", Square())]) | Code(code_string="a", language="python")
LabeledLine(Text("a"))
"""

pytestmark = pytest.mark.skipif(is_latex_there(), reason="LaTeX is installed: nothing fails for the want of it")


@pytest.fixture(autouse=True)
def files_elsewhere(tmp_path: Path) -> Iterator[None]:
    """Manim keeps the shapes of texts in files."""
    with manim.tempconfig({"media_dir": str(tmp_path)}):
        yield


def expressions(table: str) -> list[str]:
    """The expressions of a table."""
    return [each.strip() for line in table.strip().split("\n") for each in line.split(" | ")]


def is_said_to_need_latex(expression: str) -> bool:
    """What the check says of a scene that makes this."""
    source = f"from manim import *\nclass Shown(Scene):\n    def construct(self):\n        self.add({expression})\n"
    findings = findings_of(source, "Shown", load_catalogue(Settings().catalogue_dir), has_latex=False)
    return any("LaTeX" in each.message for each in findings)


@pytest.mark.parametrize("expression", expressions(NEEDS))
def test_what_is_said_to_need_latex_does(expression: str) -> None:
    """It fails here, where there is none, because the program is missing."""
    numbers.string_to_mob_map.clear()
    with pytest.raises(FileNotFoundError, match="latex"):
        eval(expression, dict(vars(manim)))
    assert is_said_to_need_latex(expression)


@pytest.mark.parametrize("expression", expressions(DOES_WITHOUT))
def test_what_is_let_through_works_without_latex(expression: str) -> None:
    """It can be made here, where there is no LaTeX."""
    numbers.string_to_mob_map.clear()
    eval(expression, dict(vars(manim)))
    assert not is_said_to_need_latex(expression)
