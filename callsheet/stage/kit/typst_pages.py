"""Pages of SVG from Typst source.

The process keeps one compiler, which finds its fonts once (0.25 s).
"""

from __future__ import annotations

import os
import re
import threading
from functools import cache

import typst

_VARIATION_SELECTORS = re.compile("[\ufe00-\ufe0f]")
# The scenes of a video are filled at the same time, and Typst's compiler refuses a second caller (“Already borrowed”).
_one_at_a_time = threading.Lock()


class UnsettableError(Exception):
    """Typst could not set the text; the message is its own, e.g. “unknown variable: foo”."""


def page_of(source: str) -> bytes:
    """Return the first page of a Typst source, as SVG. Raises UnsettableError."""
    try:
        with _one_at_a_time:
            svg = _compiler().compile(source.encode("utf-8", "replace"), format="svg")
    except typst.TypstError as error:
        raise UnsettableError(error.message) from error
    page = svg[0] if isinstance(svg, list) else svg
    if page is None:
        raise UnsettableError("nothing was set")
    return page


def mathematics(formula: str, *, block: bool) -> str:
    """Return the source of a formula, which is evaluated as mathematics and nothing else.

    Raises UnsettableError for a `#`.
    """
    if "#" in re.sub(r'"(?:\\.|[^"\\])*"|\\.', "", formula):
        raise UnsettableError("# starts a program, which a formula can't hold: write \\# for the sign")
    return f'math.equation(block: {str(block).lower()}, eval({literal(formula)}, mode: "math"))'


def literal(text: str) -> str:
    """Return `text` as a Typst string, with emoji as outlines: colour glyphs have none."""
    text = _VARIATION_SELECTORS.sub("", text).replace("\t", "    ")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "") + '"'


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(root=os.devnull, font_paths=typst.Fonts())
