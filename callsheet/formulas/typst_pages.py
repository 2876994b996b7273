"""What Typst makes of a source: pages of SVG or PDF, and formulas in MathML.

The process keeps one compiler, which finds its fonts once (0.25 s).
"""

from __future__ import annotations

import os
import re
import threading
from functools import cache
from typing import Literal

import typst

_VARIATION_SELECTORS = re.compile("[\ufe00-\ufe0f]")
# The scenes of a video are filled at the same time, and Typst's compiler refuses a second caller (“Already borrowed”).
_one_at_a_time = threading.Lock()


class UnsettableError(Exception):
    """Typst could not set the text; the message is its own, e.g. “unknown variable: foo”."""


def page_of(source: str) -> bytes:
    """Return the first page of a Typst source, as SVG. Raises UnsettableError."""
    return _made(source, "svg")


def document_of(source: str) -> bytes:
    """Return a Typst source as HTML, with its formulas in MathML. Raises UnsettableError."""
    return _made(source, "html")


def pdf_of(source: str) -> bytes:
    """Return all pages of a Typst source, as PDF. Raises UnsettableError."""
    return _made(source, "pdf")


def _made(source: str, form: Literal["svg", "html", "pdf"]) -> bytes:
    try:
        with _one_at_a_time:
            made = _compiler().compile(source.encode("utf-8", "replace"), format=form)
    except typst.TypstError as error:
        raise UnsettableError(error.message) from error
    page = made[0] if isinstance(made, list) else made
    if page is None:
        raise UnsettableError("nothing was set")
    return bytes(page)


def literal(text: str) -> str:
    """Return `text` as a Typst string, with emoji as outlines: colour glyphs have none."""
    text = _VARIATION_SELECTORS.sub("", text).replace("\t", "    ")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "") + '"'


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(root=os.devnull, font_paths=typst.Fonts())
