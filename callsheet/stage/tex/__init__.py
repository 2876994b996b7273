"""LaTeX in scene code, on a machine with LaTeX and on one without.

Manim's classes (`MathTex`, `Tex`, `Matrix`, `Title`, `DecimalNumber` and the others) hand one text to one function, and
read the SVG file that it names. Another function is put in its place. With LaTeX it is that of `latex`, which asks
Manim's own first, and Typst if that fails. Without it is that of `setting`, which has Typst set the text:

- `tokens` reads the characters, and knows which argument of the class each one comes from;
- `formula` writes them as Typst's mathematics, and `prose` as its text, each sign with a colour that is its number;
  `columns` has its rows and columns;
- `drawing` reads the colours back and writes the groups that Manim looks for, in LaTeX's order of drawing.

A command is known or refused; nothing is guessed. `symbols` and `commands` hold the tables.
"""

from __future__ import annotations

import shutil

# Where programs are found behind the fence.
_PATH = "/usr/bin:/bin"


def has_latex() -> bool:
    """Return whether scenes can be set by LaTeX itself: Manim needs both programs."""
    return all(shutil.which(program, path=_PATH) for program in ("latex", "dvisvgm"))
