"""The part of a scene's source around a finding: its function, and the lines near it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

LINES_AROUND = 6
"""Lines shown before and after a line with a finding."""


def excerpt(source: str, lines: Iterable[int]) -> str:
    """Return the lines around `lines`, numbered; `>` marks `lines`.

    Each line is shown in its function, with the line that opens the function.

    A line outside the source is left out. Without any line, there is nothing to show.
    """
    text = source.split("\n")
    marked = {line for line in lines if 1 <= line <= len(text)}
    shown = sorted({number for line in marked for number in _around(line, _function_spans(source), len(text))})
    return "\n".join(_numbered(text, shown, marked))


def lies_in_function(source: str, line: int) -> bool:
    """Return whether this line stands in a function."""
    return any(start <= line <= end for start, end in _function_spans(source))


def _around(line: int, spans: list[tuple[int, int]], last: int) -> set[int]:
    """Return numbers of the lines to show for `line`.

    They are the lines near it, within the innermost function around it.
    """
    holding = [span for span in spans if span[0] <= line <= span[1]]
    start, end = max(holding, default=(1, last))
    return {start, *range(max(start, line - LINES_AROUND), min(end, line + LINES_AROUND) + 1)}


def _function_spans(source: str) -> list[tuple[int, int]]:
    """Return the first and last line of every function; none if the source can't be parsed."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return [(node.lineno, node.end_lineno or node.lineno) for node in functions]


def _numbered(text: list[str], shown: list[int], marked: set[int]) -> Iterator[str]:
    for before, number in zip([None, *shown], shown, strict=False):
        if before is not None and number > before + 1:
            yield "     …"
        yield f"{'>' if number in marked else ' '} {number:3} {text[number - 1]}"
