"""Answers of models and servers are read in a moment, whatever a model repeats until its bound stops it."""

import time

import pytest

from callsheet.writing.extraction import json_object, scene_source
from callsheet.writing.fixes import fixed
from callsheet.writing.refusals import is_page, title_of
from callsheet.writing.splicing import is_part, spliced
from callsheet.writing.thoughts import split_thoughts
from tests.fakes.chat_server import GOOD_SCENE

REPEATED = [
    "`", "~", " ", "\t", "\n", " \n", "a", "0", "x ", "(", "{", "[", "“", "\u200b", "\\n", "&lt;", ">>> ", "1| ",
    "```\n", "```", "``` ", "```python\n", "<think>", "<think>\n", "</think>", "<|channel|>", "◁think▷",
    "<code>", "<code ", "<title>", "<title", "<h1>", "<!--a-->", "<!--", '{"code": "', "'''",
    "@@ ", "@@\n-a\n", "--- a\n", "<<<<<<\n", "<<<<<<\n======\n", "======\n",
    "class A(Scene", "class A(Scene):\n", "from a.", "def f(self):\n", "# other\n", "...\n",
]  # fmt: skip
LONG_CHARACTERS = 30_000
WITHIN_S = 12
"""Of a busy machine. What grows with the square of the length takes half a minute, and what doubles never ends."""


@pytest.mark.parametrize("before", ["", "```python\nclass A(Scene):\n    def construct(self):\n"])
@pytest.mark.parametrize("repeated", REPEATED)
def test_a_long_answer_is_read_in_a_moment(repeated, before):
    """One sign or one line, again and again, from the beginning or after code."""
    answer = before + repeated * (LONG_CHARACTERS // len(repeated))
    for read in (
        scene_source,
        json_object,
        split_thoughts,
        is_part,
        is_page,
        title_of,
        lambda text: spliced(GOOD_SCENE, text),
    ):
        began_s = time.monotonic()
        read(answer)
        assert time.monotonic() - began_s < WITHIN_S, read


def test_classes_that_hold_each_other_up_are_no_maze():
    """Code of a model is read before it is tried, however its classes are derived."""
    names = [f"K{number}" for number in range(14)]
    classes = "".join(f"class {name}({', '.join(other for other in names if other != name)}): pass\n" for name in names)
    began_s = time.monotonic()
    assert fixed(f"from manim import *\n{classes}", "K", {}).class_name == ""
    assert time.monotonic() - began_s < WITHIN_S
