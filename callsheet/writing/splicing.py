"""The parts of a scene that a model has changed, put into the code that it was asked to change.

Models that are asked to repair a file often answer with less: a method, a diff, a class with “the rest is unchanged”.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator

from callsheet.writing.extraction import code_pieces, parsed

_HUNK = re.compile(r"^@@.*@@.*$", re.MULTILINE)
_DIFF_HEAD = re.compile(r"^(?:diff |index |--- |\+\+\+ |\\ No newline)")
_SEARCH = re.compile(r"^<{5,}[^\n]*\n(?P<old>.*?)^={5,}[^\n]*\n(?P<new>.*?)^>{5,}[^\n]*$", re.MULTILINE | re.DOTALL)
_LEFT_OUT = re.compile(
    r"#[ \t]*(?:\.\.\.|…|rest|remaining|other|existing|same|previous|unchanged)|^\s*\.\.\.\s*$",
    re.IGNORECASE | re.MULTILINE,
)
Function = ast.FunctionDef | ast.AsyncFunctionDef


def spliced(source: str, answer: str) -> str | None:
    """`source` with the changes of `answer` in it; None where the answer holds none that fit.

    Changes are a diff, blocks of what to search and what to put there, functions and methods by their names, or a class
    that leaves out what stays.
    """
    pieces = list(code_pieces(answer))
    for piece in pieces:
        changed = _replaced(source, piece) or _patched(source, piece)
        if changed and changed != source:
            return changed
    changed = source
    for piece in pieces:
        changed = _with_functions(changed, piece) or changed
    return changed if changed != source and parsed(changed) else None


def is_part(source: str) -> bool:
    """Whether this leaves out what is to stay: no scene of its own, or one with gaps."""
    tree = parsed(source)
    if tree is None:
        return False
    methods = {each.name for kind in _classes(tree) for each in kind.body if isinstance(each, Function)}
    return "construct" not in methods or bool(_LEFT_OUT.search(source))


def _patched(source: str, piece: str) -> str | None:
    """`source` after a unified diff. Its line numbers are not believed: models count badly."""
    if not _HUNK.search(piece) and not re.search(r"^--- .*\n\+\+\+ ", piece, re.MULTILINE):
        return None
    lines = source.split("\n")
    for hunk in _HUNK.split(piece):
        body = [line for line in hunk.strip("\n").split("\n") if not _DIFF_HEAD.match(line)]
        old = [line[1:] for line in body if not line.startswith("+")]
        new = [line[1:] for line in body if not line.startswith("-")]
        if any(line[:1] in ("+", "-") for line in body):
            place = _place_of(lines, old)
            if place is None:
                return None
            lines[place : place + len(old)] = new
    return "\n".join(lines)


def _replaced(source: str, piece: str) -> str | None:
    """`source` after blocks of what to search and what to put in its place."""
    found = list(_SEARCH.finditer(piece))
    lines = source.split("\n")
    for block in found:
        old = block["old"].rstrip("\n").split("\n")
        place = _place_of(lines, old)
        if place is None:
            return None
        lines[place : place + len(old)] = block["new"].rstrip("\n").split("\n")
    return "\n".join(lines) if found else None


def _place_of(lines: list[str], wanted: list[str]) -> int | None:
    """Where these lines stand one after another, spaces at their ends aside."""
    stripped = [line.rstrip() for line in wanted]
    if not any(stripped):
        return None
    last = len(lines) - len(wanted)
    return next(
        (at for at in range(last + 1) if [line.rstrip() for line in lines[at : at + len(wanted)]] == stripped), None
    )


def _with_functions(source: str, piece: str) -> str | None:
    """`source` with the functions of `piece` in place of those of their names; new methods at the end of the scene."""
    tree, changes = parsed(source), parsed(textwrap.dedent(piece))
    if tree is None or changes is None:
        return None
    text = textwrap.dedent(piece).split("\n")
    for function in _functions(changes):
        if _LEFT_OUT.search(_text_of(text, function)):
            continue
        new = textwrap.dedent(_text_of(text, function))
        tree = parsed(source)
        if tree is None:
            return None
        source = _with_function(source, tree, function, new)
    return source


def _with_function(source: str, tree: ast.Module, function: Function, new: str) -> str:
    lines = source.split("\n")
    for old in _functions(tree):
        if old.name == function.name:
            start, end = _span(old)
            lines[start:end] = textwrap.indent(new, " " * old.col_offset).split("\n")
            return "\n".join(lines)
    scenes = _classes(tree)
    if scenes and function.args.args and function.args.args[0].arg == "self":
        end = scenes[-1].end_lineno or len(lines)
        lines[end:end] = ["", *textwrap.indent(new, " " * scenes[-1].body[0].col_offset).split("\n")]
    return "\n".join(lines)


def _classes(tree: ast.Module) -> list[ast.ClassDef]:
    return [node for node in tree.body if isinstance(node, ast.ClassDef)]


def _functions(tree: ast.Module) -> Iterator[Function]:
    """Functions at the margin, and methods."""
    for node in tree.body:
        if isinstance(node, Function):
            yield node
        elif isinstance(node, ast.ClassDef):
            yield from (each for each in node.body if isinstance(each, Function))


def _span(node: Function) -> tuple[int, int]:
    """First line, counted from 0, and the one after the last; decorators belong to it."""
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return first - 1, node.end_lineno or node.lineno


def _text_of(lines: list[str], node: Function) -> str:
    start, end = _span(node)
    return "\n".join(lines[start:end])
