"""A part of a file in an answer is put into the file that it belongs to."""

import difflib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.writing.splicing import is_part, spliced
from tests.fakes.chat_server import GOOD_SCENE

METHOD = "    def construct(self):\n        self.play(Create(Circle()))\n        self.wait(2)\n"
SPLICED = GOOD_SCENE[: GOOD_SCENE.index("    def")] + METHOD
CHANGED = GOOD_SCENE.replace("BLUE", "RED").replace("self.wait(1)", "self.wait(2)")


def diff(old=GOOD_SCENE, new=CHANGED, context=3):
    """A unified diff."""
    return "\n".join(difflib.unified_diff(old.splitlines(), new.splitlines(), "a.py", "b.py", lineterm="", n=context))


@pytest.mark.parametrize(
    "answer",
    [
        f"Here:\n```python\n{METHOD}```\n",
        f"class CircleBecomesSquare(Scene):\n    # ... the rest stays\n\n{METHOD}",
        f"```python\n{METHOD.replace('    def', 'def').replace('        ', '    ')}```\n",
        json.dumps({"code": METHOD}),
    ],
)
def test_a_method_takes_the_place_of_the_one_of_its_name(answer):
    """At the margin or indented, in its class or without."""
    assert spliced(GOOD_SCENE, answer).rstrip() == SPLICED.rstrip()


def test_a_new_method_goes_to_the_end_of_the_scene():
    """And the one that calls it takes its old place."""
    helper = "def drawn(self):\n    return Create(Circle())\n"
    source = spliced(GOOD_SCENE, f"```python\n{helper}\n```")
    assert source.startswith(GOOD_SCENE)
    assert "    def drawn(self):\n        return" in source


@pytest.mark.parametrize("wrapped", ["```diff\n{}\n```", "{}", "So:\n\n```\n{}\n```\nDone."])
@pytest.mark.parametrize("context", [0, 1, 3])
def test_a_diff_is_applied(wrapped, context):
    """Whatever its context, in a fence or not."""
    assert spliced(GOOD_SCENE, wrapped.format(diff(context=context))) == CHANGED


def test_line_numbers_of_a_diff_are_not_believed():
    """Models count badly."""
    wrong = diff().replace("@@ -4", "@@ -400").replace("+4", "+7")
    assert spliced(GOOD_SCENE, f"```diff\n{wrong}\n```") == CHANGED


def test_blocks_of_search_and_replace_are_applied():
    """As editors of code ask models for."""
    block = "<<<<<<< SEARCH\n        self.wait(1)\n=======\n        self.wait(2)\n>>>>>>> REPLACE\n"
    assert spliced(GOOD_SCENE, block) == GOOD_SCENE.replace("self.wait(1)", "self.wait(2)")


@pytest.mark.parametrize(
    "answer", ["Change the colour.", "```python\nself.play(Create(x))\n```", diff("a\n", "b\n"), ""]
)
def test_what_does_not_fit_changes_nothing(answer):
    """Then the whole file is asked for."""
    assert spliced(GOOD_SCENE, answer) is None


def test_a_class_with_gaps_is_a_part():
    """A whole scene is none."""
    assert not is_part(GOOD_SCENE)
    assert is_part("class A(Scene):\n    def helper(self):\n        pass\n")
    assert is_part(GOOD_SCENE.replace("self.wait(1)", "# ... rest unchanged"))


@given(
    st.lists(
        st.sampled_from([*GOOD_SCENE.split("\n"), *diff().split("\n"), "```", "def construct(self):", "    pass"])
    ).map("\n".join)
)
def test_any_answer_leaves_code_or_nothing(answer):
    """Never an exception."""
    assert spliced(GOOD_SCENE, answer) is None or isinstance(spliced(GOOD_SCENE, answer), str)


TWO_CLASSES = """from manim import *


class Ball(VGroup):
    def __init__(self):
        super().__init__(Circle())


class Demo(Scene):
    def __init__(self):
        super().__init__()
        self.count = 1

    def construct(self):
        self.add(Ball())
"""


@pytest.mark.parametrize(
    "opening", ["class Demo(Scene):\n", "class Renamed(Scene):\n    def construct(self):\n        ...\n"]
)
def test_a_method_stays_in_its_class(opening):
    """Two classes may have methods of one name; a scene that is called otherwise is the scene."""
    method = "    def __init__(self):\n        super().__init__()\n        self.count = 2\n"
    assert spliced(TWO_CLASSES, f"```python\n{opening}\n{method}```") == TWO_CLASSES.replace("count = 1", "count = 2")


@pytest.mark.parametrize("column", [0, 4, 8])
def test_what_stands_in_strings_is_not_moved(column):
    """Films show it: code, and text of several lines."""
    text = '"""for n in x:\n  print(n)\n"""'
    lines = ["def construct(self):", f"    self.add(Code(code_string={text.partition(chr(10))[0]}"]
    method = "\n".join(" " * column + line for line in lines) + "\n" + text.partition("\n")[2] + "))\n"
    source = spliced(TWO_CLASSES, f"```python\n{method}```")
    compile(source, "scene.py", "exec")
    assert f"code_string={text}))" in source
    assert "\n    def construct(self):\n        self.add(Code" in source


def test_what_is_new_beside_the_methods_goes_before_the_classes():
    """Helpers and imports that a corrected method needs."""
    answer = (
        "```python\nimport random\n\n\ndef made(n):\n    return Dot(radius=n)\n\n\nclass Demo(Scene):\n    # ...\n"
        "    def construct(self):\n        self.add(made(random.random()))\n```"
    )
    source = spliced(TWO_CLASSES, answer)
    compile(source, "scene.py", "exec")
    places = [source.index(part) for part in ("import random", "def made(n):", "class Ball", "self.add(made(")]
    assert places == sorted(places)
    assert "super().__init__(Circle())" in source


@pytest.mark.parametrize(
    ("remark", "is_gap"),
    [
        ("# other side of the square", False),
        ("# rest of the circle", False),
        ("# same colour for both", False),
        ("# remaining time", False),
        ("# previous value, as a dot", False),
        ("# ... rest of the code", True),
        ("# rest of the code unchanged", True),
        ("# Rest of the scene stays the same", True),
        ("# existing code here", True),
        ("# (unchanged)", True),
        ("# same as before", True),
        ("# other methods stay the same", True),
        ("# the rest stays", True),
        ("...", True),
    ],
)
def test_a_remark_on_the_picture_is_no_gap(remark, is_gap):
    """A whole file with such a remark is taken as it is, and no repair is thrown away."""
    assert is_part(GOOD_SCENE.replace("        self.wait(1)", f"        {remark}\n        self.wait(1)")) == is_gap
