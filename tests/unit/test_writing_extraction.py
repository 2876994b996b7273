"""Code is found in whatever a model wraps around it, and JSON too."""

import ast
import html
import json
import re
import textwrap

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from callsheet.writing.extraction import json_object, scene_source
from tests.fakes.chat_server import BROKEN_SYNTAX_SCENE, GOOD_SCENE

SNIPPET = "self.play(Create(circle))\n"
WRAPPINGS = {
    "a fence": lambda code: f"```python\n{code}```\n",
    "a fence without a language": lambda code: f"```\n{code}```\n",
    "a fence without an end": lambda code: f"```python\n{code}",
    "an end without a fence": lambda code: f"{code}```\n",
    "a longer fence": lambda code: f"````markdown\n{code}\n````\n",
    "a fence after words": lambda code: f"Sure! ```python\n{code}```\n",
    "a fence twice": lambda code: f"```python\n```python\n{code}```\n```\n",
    "code in the line of the fence": lambda code: f"```python {code.rstrip()}\n```\n",
    "an end in the line of the code": lambda code: f"```python\n{code.rstrip()}```\n",
    "quotes for a fence": lambda code: f"'''python\n{code}'''\n",
    "words around": lambda code: f"Here it is.\n\n{code}\nThis scene shows a circle.\n",
    "tags": lambda code: f"<CODE>\n{code}</CODE>\n",
    "tags with a name": lambda code: f'<file name="scene.py">\n{code}</file>\n',
    "an answer in tags": lambda code: f"<answer>\n{code}\n</answer>",
    "entities": html.escape,
    "JSON": lambda code: json.dumps({"note": "A circle", "python_code": code}),
    "files in JSON": lambda code: json.dumps({"files": [{"path": "scene.py", "content": code}]}),
    "JSON in a fence": lambda code: f"```json\n{json.dumps({'scene': code}, indent=1)}\n```\n",
    "indentation": lambda code: textwrap.indent(code, "    "),
    "old line ends": lambda code: code.replace("\n", "\r"),
    "Windows line ends": lambda code: code.replace("\n", "\r\n"),
    "invisible letters": lambda code: "\ufeff" + code.replace("class ", "\u200bclass "),
}
SHREDS = (
    "```", "~~~", "````", "```python", "```json", "\n", "\r\n", "    ", "\t", "from manim import *", "import", "class",
    "class A(Scene):", "def construct(self):", "x = 1", '{"code": "', '"}', "{", "}", '"""', "\\", "#", "Scene", "@",
    "\0", "A sentence.",
)  # fmt: skip
PROSE = st.text(st.characters(codec="utf-8", exclude_characters="`~{}\r", exclude_categories=("Cc", "Cs"))).map(
    lambda text: text.strip()
)
FENCES = st.sampled_from(["```", "````", "~~~"])
LANGUAGES = st.sampled_from(["python", "py", "Python", "python title=scene.py", ""])


def fenced(code, fence="```", language="python"):
    """A fenced block."""
    return f"{fence}{language}\n{code}{fence}\n"


@given(PROSE, PROSE, FENCES, LANGUAGES, st.sampled_from([GOOD_SCENE, BROKEN_SYNTAX_SCENE]))
def test_a_fenced_block_comes_out_as_it_is(before, after, fence, language, code):
    """Whatever is said before and after, and however the block is fenced."""
    assert scene_source(f"{before}\n\n{fenced(code, fence, language)}\n{after}") == code


@given(st.lists(st.sampled_from([SNIPPET, "pip install manim\n", "x = 1\n"])), st.lists(st.sampled_from([SNIPPET])))
def test_of_several_blocks_the_one_with_the_scene_is_taken(before, after):
    """Snippets that explain, and commands to run it, are none."""
    blocks = [*before, GOOD_SCENE, *after]
    assert scene_source("And so:\n\n".join(map(fenced, blocks))) == GOOD_SCENE


@given(st.integers(0, 8))
def test_an_indented_block_is_moved_to_the_margin(spaces):
    """As inside a numbered list."""
    assert scene_source("1. This:\n\n" + textwrap.indent(fenced(GOOD_SCENE), " " * spaces)) == GOOD_SCENE


@given(st.lists(st.sampled_from(SHREDS) | st.text(max_size=3), max_size=30).map("".join))
def test_any_answer_gives_code_or_none(answer):
    """Never an exception, and never something empty, however fences and code are torn apart."""
    found = scene_source(answer)
    assert found is None or found.strip()


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_each_wrapping_is_taken_off(wrapping):
    """As public models and servers were seen to wrap their code."""
    assert scene_source(WRAPPINGS[wrapping](GOOD_SCENE)) == GOOD_SCENE


# The same twice says two things where it does not nest: '''''' ends itself, and a line end is one line end.
@given(st.lists(st.sampled_from(sorted(WRAPPINGS)), min_size=2, max_size=3, unique=True))
def test_wrappings_of_wrappings_are_taken_off(wrappings):
    """Whichever is around which; line ends are made into others once."""
    assume(not {"old line ends", "Windows line ends"} <= set(wrappings))
    answer = GOOD_SCENE
    for wrapping in wrappings:
        answer = WRAPPINGS[wrapping](answer)
    assert scene_source(answer) == GOOD_SCENE


@given(st.integers(0, len(GOOD_SCENE)))
def test_code_that_is_found_stood_in_the_answer(cut):
    """Nothing is made up or corrected, wherever the answer breaks off."""
    found = scene_source(f"```python\n{GOOD_SCENE[:cut]}")
    assert found is None or found.strip() == GOOD_SCENE[:cut].strip()


def test_plain_code_is_code():
    """Some models need no fence."""
    assert scene_source(GOOD_SCENE) == GOOD_SCENE


def test_prose_around_plain_code_is_left_out():
    """A sentence before and after."""
    answer = f"Here is the scene.\n\n{GOOD_SCENE}\nThis scene shows a circle that becomes a square.\n"
    assert scene_source(answer) == GOOD_SCENE


def test_a_block_without_an_end_is_code():
    """Models forget the last fence."""
    assert scene_source(f"```python\n{GOOD_SCENE}") == GOOD_SCENE


def test_the_last_whole_scene_wins():
    """A draft first, then the better one, then a piece of it."""
    better = GOOD_SCENE.replace("BLUE", "RED")
    piece = "class CircleBecomesSquare(Scene):\n    def construct(self):\n        ...\n"
    answer = f"{fenced(GOOD_SCENE)}On second thoughts:\n{fenced(better)}What changed:\n{fenced(piece)}"
    assert scene_source(answer) == better


def test_a_scene_that_parses_wins_over_a_broken_one():
    """The broken one may be what the model was asked to correct."""
    assert scene_source(fenced(GOOD_SCENE) + fenced(BROKEN_SYNTAX_SCENE)) == GOOD_SCENE


def test_a_fence_inside_a_string_does_not_end_the_code():
    """A scene about Markdown."""
    code = GOOD_SCENE.replace("self.wait(1)", 'text = """\n```\nx\n```\n"""\n        self.wait(1)')
    ast.parse(code)
    assert scene_source(f"So:\n{fenced(code)}") == code


@pytest.mark.parametrize("key", ["code", "source"])
def test_code_in_json_is_code(key):
    """Servers that are set to answer in JSON."""
    answer = json.dumps({"explanation": "A circle", key: GOOD_SCENE})
    assert scene_source(answer) == GOOD_SCENE
    assert scene_source(fenced(f"{answer}\n", language="json")) == GOOD_SCENE


def test_windows_line_ends_become_ours():
    """Line numbers of findings count lines as we do."""
    assert scene_source(fenced(GOOD_SCENE).replace("\n", "\r\n")) == GOOD_SCENE


def test_code_without_a_scene_class_is_still_found():
    """That there is none is a finding, which the model can fix."""
    assert scene_source(fenced("from manim import *\n\nprint('hello')\n")) == "from manim import *\n\nprint('hello')\n"


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "I am sorry, but I can't.",
        "Use class Circle for it: Scene classes draw.",
        fenced("pip install x\n", language="sh"),
    ],
)
def test_an_answer_without_code_gives_none(answer):
    """Words about code are none."""
    assert scene_source(answer) is None


@given(st.dictionaries(st.text(), st.integers() | st.text() | st.booleans()), PROSE, PROSE)
def test_json_is_found_in_a_fence_and_bare(value, before, after):
    """With or without words around it."""
    written = json.dumps(value, ensure_ascii=False)
    assert json_object(written) == value
    assert json_object(f"{before}\n{fenced(written + chr(10), language='json')}\n{after}") == value
    assert json_object(f"{before} {written} {after}") == value


@given(st.text())
def test_any_answer_gives_an_object_or_none(answer):
    """Never an exception."""
    assert json_object(answer) is None or isinstance(json_object(answer), dict)


SCENE_OF = "from manim import *\n\n\nclass {}(Scene):\n    def construct(self):\n        {}\n".format
USES = {
    "a demonstration": SCENE_OF("Demo", "self.play(Create(Foo()))"),
    "a test": SCENE_OF("TestCircle", "self.add(Dot())"),
    "a use of its class": SCENE_OF("Film", "{name}.construct(self)"),
    "a subclass": "from manim import *\n\n\nclass Slower({name}):\n    pass\n\n\nclass Film(Scene):\n    pass\n",
    "a command": "import subprocess\n\nsubprocess.run(['manim', 'scene.py'])\n",
    "a test of units": (
        "import unittest\nfrom scene import {name}\n\n\nclass TestScene(unittest.TestCase):\n    def test(self):\n"
        "        {name}().render()\n"
    ),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_a_use_after_the_scene_is_not_the_scene(use):
    """Models like to show how their scene is used."""
    name = next(node.name for node in ast.parse(GOOD_SCENE).body if isinstance(node, ast.ClassDef))
    answer = f"{fenced(GOOD_SCENE)}\nTo try it:\n\n{fenced(use.replace('{name}', name))}"
    assert scene_source(answer) == GOOD_SCENE


def test_a_better_version_after_a_draft_is_the_scene():
    """Also where both have one name, and where the draft is called a test."""
    for name in ("Circles", "Test"):
        draft = GOOD_SCENE.replace("construct(self):", "construct(self):  # a draft")
        assert scene_source(f"{fenced(draft)}\nBetter:\n\n{fenced(GOOD_SCENE)}") == GOOD_SCENE
        draft = re.sub(r"class \w+", f"class {name}", draft)
        assert scene_source(f"{fenced(draft)}\nBetter:\n\n{fenced(GOOD_SCENE)}") == GOOD_SCENE


def test_an_outline_is_found_before_an_example_of_its_use():
    """The object with the scenes is meant, wherever it stands."""
    outline, example = {"title": "Waves", "scenes": [{"name": "A", "prompt": "B."}]}, {"command": "callsheet create"}
    for order in ((outline, example), (example, outline)):
        answer = "\n".join(f"```json\n{json.dumps(each)}\n```" for each in order)
        assert json_object(answer, "scenes") == outline
    assert json_object(json.dumps(example), "scenes") == example
