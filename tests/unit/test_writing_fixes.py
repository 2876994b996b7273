"""What is certain is put right in a model's code without asking it, and each time it is said."""

import ast
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.writing.fixes import CLASS_NAME, fixed
from tests.fakes.chat_server import GOOD_SCENE

SUCCESSORS = {"ShowCreation": "Create", "TextMobject": "Text"}


def fix(source, name="A circle"):
    """The code after the fixes, and what was said of them."""
    found = fixed(source, name, SUCCESSORS)
    return found.source, found.class_name, found.fixes


def scene(*lines, head="from manim import *\n"):
    """A scene with this body."""
    body = "\n".join(f"        {line}" for line in lines)
    return f"{head}\n\nclass S(Scene):\n    def construct(self):\n{body}\n"


def test_good_code_stays_as_it_is():
    """To the letter."""
    assert fix(GOOD_SCENE) == (GOOD_SCENE, "", ())


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (GOOD_SCENE.replace("from manim import *\n", ""), "“from manim import \\*” is added"),
        ("\ufeff" + GOOD_SCENE.replace("class ", "\u200bclass "), "invisible characters"),
        (GOOD_SCENE.replace("circle = ", "circle\u00a0=\u00a0"), "odd spaces"),
        (f"!pip install manim\n%%manim -qm S\n{GOOD_SCENE}", "notebook"),
        (f"pip install manim\n{GOOD_SCENE}", "notebook"),
        (GOOD_SCENE.replace("        self.wait(1)", "\tself.wait(1)"), "tabs"),
        (GOOD_SCENE.replace("from manim", "from manimlib.imports"), "instead of manimlib.imports"),
        (GOOD_SCENE.replace("Create(", "ShowCreation("), "ShowCreation is Create today"),
        (f"import manim_physics\n{GOOD_SCENE}", "import of manim_physics"),
        (scene("label = Text(“Hi”)", "self.add(label)"), "typographic quotes"),
    ],
)
def test_what_is_certain_is_put_right(broken, says):
    """Python can read it, it imports Manim, and nothing of what was said is left."""
    source, _, fixes = fix(broken)
    assert any(re.search(says, each) for each in fixes)
    assert "from manim import *" in source
    assert not {"ShowCreation", "manim_physics", "manimlib"} & set(source.replace("(", " ").split())
    ast.parse(source)
    assert fix(source)[2] == ()


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("x = math.sin(1)", "import math"),
        ("x = random.choice([1])", "import random"),
        ("def f(items: List[int]) -> Optional[int]: return None", "from typing import List, Optional"),
        ("x: Union = Union(Circle(), Square())", None),
        ("x = np.array([1])", None),
        ("math = [1]; math.append(2)", None),
    ],
)
def test_the_imports_of_usual_modules_are_added_where_they_are_missing(line, wanted):
    """Not where Manim brings the name, or the code gives it to something."""
    source, _, _ = fix(scene(line, "self.wait(1)"))
    added = source.removesuffix(scene(line, "self.wait(1)"))
    assert added == (f"{wanted}\n" if wanted else "")


def test_a_name_that_the_code_defines_is_not_replaced():
    """Nor an attribute, a keyword, or a word in a text."""
    source = scene("def ShowCreation(x): return Create(x)", "self.play(ShowCreation(Circle()))", "self.wait(1)")
    assert fix(source) == (source, "", ())
    source = scene('x = dict(TextMobject=1); x.ShowCreation = "ShowCreation"', "self.wait(1)")
    assert fix(source) == (source, "", ())


@pytest.mark.parametrize(
    "loose",
    [
        "from manim import *\n\ndef construct(self):\n    self.play(Create(Circle()))\n",
        "from manim import *\n\ncircle = Circle()\nself.play(Create(circle))\n",
        "def construct(self):\n    self.play(self.drawn())\n\ndef drawn(self):\n    return Create(Circle())\n",
    ],
)
def test_a_scene_is_put_around_a_method_or_statements(loose):
    """They stand in its construct."""
    source, _, fixes = fix(loose)
    tree = ast.parse(source)
    [kind] = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    assert kind.name == CLASS_NAME
    assert "construct" in {each.name for each in kind.body}
    assert "a scene is put around the code" in fixes


def test_of_several_scenes_the_one_that_was_asked_for_is_taken_or_the_last():
    """A base class of the code's own is none."""
    two = GOOD_SCENE + "\n\nclass Second(Scene):\n    def construct(self):\n        self.wait(1)\n"
    assert fix(two)[1] == "Second"
    assert fix(two, "Circle becomes square")[1] == "CircleBecomesSquare"
    derived = GOOD_SCENE + "\n\nclass Second(CircleBecomesSquare):\n    pass\n"
    assert fix(derived)[1] == ""


@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from([*GOOD_SCENE.split("\n"), "\u200b", "self.play()", "import os"])).map("\n".join)
)
def test_any_text_comes_through(source):
    """Never an exception; what can't be read stays as it is."""
    found = fixed(source, "A circle", SUCCESSORS)
    if not found.fixes:
        assert found.source == source
    else:
        ast.parse(found.source)


@pytest.mark.parametrize(
    "line",
    ["from manimlib import *; WIDTH = 3", "WIDTH = 3; from manimlib import *", "import torch; WIDTH = 3",
     "WIDTH = 3; import torch, keras; HEIGHT = 2"],
)  # fmt: skip
def test_what_shares_a_line_with_an_import_stays(line):
    """Only the import is replaced or left out."""
    scene = "class A(Scene):\n    def construct(self):\n        self.add(Dot(radius=WIDTH))\n"
    source = fixed(f"{line}\n\n\n{scene}", "A", {}).source
    compile(source, "scene.py", "exec")
    assert "WIDTH = 3" in source
    assert "torch" not in source
    assert "manimlib" not in source
    assert "from manim import *" in source


def test_text_of_several_lines_is_not_moved_into_the_class():
    """A film would show it with other spaces."""
    loose = 'from manim import *\ntext = """a\n  b"""\nself.add(Text(text))\n'
    assert '        text = """a\n  b"""\n' in fixed(loose, "A", {}).source
