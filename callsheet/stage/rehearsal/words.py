"""The words with which findings name a thing: those of a text, or the type and the variable of a shape."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from types import FrameType
from typing import Any

from manim import DecimalNumber, MarkupText, Mobject, Paragraph, Scene, SingleStringMathTex, Text, Typst

# As much of a text as is needed to recognise it.
QUOTED_CHARACTERS = 40


class SourceLines:
    """The lines of the scene's own file: the one that is being played, and the file's names for its mobjects."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        module = sys.modules.get(type(scene).__module__)
        self._file = getattr(module, "__file__", None)

    def line(self) -> int:
        """Return the innermost line of the scene's file in the current calls; 0 if there is none."""
        frame = self._frame()
        return frame.f_lineno if frame else 0

    def name_of(self, mobject: Mobject) -> str:
        """Return the name of `mobject` in the playing line, or as an attribute of the scene.

        Return an empty text if it has none.
        """
        frame = self._frame()
        if frame is not None and (name := _key_of(mobject, frame.f_locals)):
            return name
        attribute = _key_of(mobject, vars(self._scene))
        return f"self.{attribute}" if attribute else ""

    def _frame(self) -> FrameType | None:
        frame: FrameType | None = sys._getframe(1)
        while frame is not None and frame.f_code.co_filename != self._file:
            frame = frame.f_back
        return frame


def named(mobject: Mobject, words: str, variable: str) -> str:
    """Return a finding's words for `mobject`, e.g. “the text “Introduction…””."""
    if words:
        noun = "formula" if isinstance(mobject, SingleStringMathTex | Typst) else "text"
        if isinstance(mobject, DecimalNumber):
            noun = "number"
        return f"the {noun} “{_shortened(words)}”"
    called = f" `{variable}`" if variable else ""
    return f"the {type(mobject).__name__}{called}"


def words_of(mobject: Any) -> str:
    """Return the text that was written; empty if that isn't known."""
    match mobject:
        case Paragraph():
            words = mobject.lines_text.original_text
        case MarkupText():
            words = re.sub(r"<[^>]*>", "", mobject.original_text)
        case Text():
            words = mobject.original_text
        case SingleStringMathTex():
            words = mobject.tex_string
        case Typst():
            words = mobject.typst_code
        case DecimalNumber():
            words = f"{mobject.get_value():.{mobject.num_decimal_places}f}"
        case _:
            words = ""
    return str(words)


def _shortened(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= QUOTED_CHARACTERS else words[: QUOTED_CHARACTERS - 1].rstrip() + "…"


def _key_of(mobject: Mobject, names: Mapping[str, Any]) -> str:
    return next((name for name, value in names.items() if value is mobject and name != "self"), "")
