"""Scenes with one mistake each, from `broken_scenes.txt`, and where each mistake is."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

_FILE = Path(__file__).with_suffix(".txt")
_MARK = "# here"
_WHOLE = """from manim import *


class Broken(Scene):
    def construct(self):
{body}
"""


@dataclass(frozen=True)
class BrokenScene:
    """Source with a mistake in `line`, and a part of what has to be said about it."""

    name: str
    source: str
    line: int
    expected: str


def broken_scenes() -> list[BrokenScene]:
    """All of them, in the order of the file."""
    sections = re.split(r"^=== ", _FILE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return [_scene(*section.split("\n", 1)) for section in sections]


def _scene(heading: str, body: str) -> BrokenScene:
    name, _, expected = heading.partition(": ")
    source = _WHOLE.format(body=textwrap.indent(textwrap.dedent(body), " " * 8)) if body[:1].isspace() else body
    line = next(number for number, text in enumerate(source.split("\n"), 1) if text.endswith(_MARK))
    return BrokenScene(name, source, line, expected)
