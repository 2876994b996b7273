"""Code with another indentation. Texts in its strings don't change, because films show them."""

from __future__ import annotations

import ast
from collections.abc import Iterable


def lines_in_strings(tree: ast.AST) -> set[int]:
    """Return the numbers of the lines, counted from 1, that begin inside a string."""
    strings = (node for node in ast.walk(tree) if isinstance(node, ast.Constant | ast.JoinedStr))
    return {
        number
        for node in strings
        for number in range(node.lineno + 1, (node.end_lineno or node.lineno) + 1)
        if isinstance(node, ast.JoinedStr) or isinstance(node.value, str | bytes)
    }


def moved(lines: list[str], numbers: Iterable[int], kept: set[int], from_column: int, to_column: int) -> list[str]:
    """Return the lines with these numbers, counted from 1, moved by columns.

    Lines of `kept` and blank ones stay.
    """
    return [_moved(lines[number - 1], number in kept, from_column, to_column) for number in numbers]


def _moved(line: str, is_kept: bool, from_column: int, to_column: int) -> str:
    if is_kept or not line.strip():
        return line
    indentation = len(line) - len(line.lstrip())
    return " " * to_column + line[min(indentation, from_column) :]
