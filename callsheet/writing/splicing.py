"""The changed parts of a scene, put into the code that a model was asked to change.

Models often answer a repair with less than the file: a method, a diff, a class with “the rest is unchanged”.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from callsheet.writing.extraction import code_pieces, parsed
from callsheet.writing.indentation import lines_in_strings, moved

_HUNK = re.compile(r"^@@.*@@.*$", re.MULTILINE)
_DIFF_HEAD = re.compile(r"^(?:diff |index |--- |\+\+\+ |\\ No newline)")
# A remark in place of code that stays. “# other side of the square” begins alike, and is none.
_LEFT_OUT = re.compile(
    r"#[ \t]*+(?:"
    r"\.\.\.|…"
    r"|\(?(?:unchanged|omitted|no changes?|same as (?:before|above))\b[ \t.)]*$"
    r"|\(?(?:the[ \t]+)?(?:rest|remaining|remainder|other|existing|same|previous)\b[^\n]*?"
    r"\b(?:code|methods|functions|logic|implementation|unchanged|omitted|the same|as before|as above)\b"
    r"|\(?(?:the[ \t]+)?(?:rest|remainder)\b[^\n]*?\b(?:stays|remains|here|goes here)[ \t.)]*$"
    r"|\(?(?:the[ \t]+)?(?:rest|remainder) of (?:the )?"
    r"(?:class|construct|file|function|method|program|scene|script|setup)\b"
    r")|^[ \t]*+\.\.\.[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
Function = ast.FunctionDef | ast.AsyncFunctionDef


def spliced(source: str, answer: str) -> str | None:
    """Return `source` with the changes of `answer` in it.

    Return None if the answer holds none that fit.

    Changes are a diff, blocks to search and to replace, functions and methods by their names, or a class without its
    unchanged parts.
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
    """Return whether this leaves out parts that are to stay.

    Such code is no scene by itself, or one with gaps.
    """
    tree = parsed(source)
    if tree is None:
        return False
    methods = {each.name for kind in _classes(tree) for each in _methods(kind)}
    return "construct" not in methods or bool(_LEFT_OUT.search(source))


def _patched(source: str, piece: str) -> str | None:
    """Return `source` after a unified diff. Its line numbers are ignored: models count badly."""
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
    """Return `source` after blocks to search and to replace."""
    found = list(_searched(piece))
    lines = source.split("\n")
    for old, new in found:
        place = _place_of(lines, old)
        if place is None:
            return None
        lines[place : place + len(old)] = new
    return "\n".join(lines) if found else None


def _searched(piece: str) -> Iterator[tuple[list[str], list[str]]]:
    """Yield lines to search and lines to put there, between <<<<< and ===== and >>>>>."""
    old, new = list[str](), list[str]()
    into: list[str] | None = None
    for line in piece.split("\n"):
        if line.startswith("<<<<<"):
            old, new = [], []
            into = old
        elif into is old and line.startswith("====="):
            into = new
        elif into is new and line.startswith(">>>>>"):
            yield _without_blank_end(old), _without_blank_end(new)
            into = None
        elif into is not None:
            into.append(line)


def _without_blank_end(lines: list[str]) -> list[str]:
    while lines and not lines[-1]:
        lines = lines[:-1]
    return lines


def _place_of(lines: list[str], wanted: list[str]) -> int | None:
    """Return where these lines stand one after another, spaces at their ends aside."""
    stripped = [line.rstrip() for line in wanted]
    if not any(stripped):
        return None
    last = len(lines) - len(wanted)
    return next(
        (at for at in range(last + 1) if [line.rstrip() for line in lines[at : at + len(wanted)]] == stripped), None
    )


def _with_functions(source: str, piece: str) -> str | None:
    """Return `source` with the functions of `piece`: in place of equal names, or as new ones.

    A method belongs to the class in which it stands, or to the scene. New methods go to the end of their class; new
    functions, classes and imports go before the first class.
    """
    part, lines = _part(piece), piece.split("\n")
    if part is None or parsed(source) is None:
        return None
    for node in part:
        known = parsed(source)
        if known is None:
            return None
        if isinstance(node, ast.Import | ast.ImportFrom):
            source = _with_new(source, known, node, lines)
        elif isinstance(node, ast.ClassDef) and not _owner(known, node.name):
            # A class with an unknown name is a helper. If it has `construct`, it stands for the scene itself.
            is_scene = any(function.name == "construct" for function in _methods(node))
            source = _with_methods(source, "", node, lines) if is_scene else _with_new(source, known, node, lines)
        elif isinstance(node, ast.ClassDef):
            source = _with_methods(source, node.name, node, lines)
        elif isinstance(node, Function) and not _LEFT_OUT.search(_text_of(lines, node)):
            source = _with_function(source, known, "", node, lines)
    return source


def _part(piece: str) -> list[ast.stmt] | None:
    """Return the statements of a piece of a file, which may be indented as a whole.

    Return None if it is no Python.
    """
    tree = parsed(piece)
    if tree is not None:
        return tree.body
    tree = parsed(f"if True:\n{piece}") if piece.lstrip("\n").startswith((" ", "\t")) else None
    if tree is None or not isinstance(tree.body[0], ast.If):
        return None
    return [ast.increment_lineno(node, -1) for node in tree.body[0].body]


def _with_methods(source: str, owner: str, kind: ast.ClassDef, lines: list[str]) -> str:
    for function in _methods(kind):
        known = parsed(source)
        if known is not None and not _LEFT_OUT.search(_text_of(lines, function)):
            source = _with_function(source, known, owner, function, lines)
    return source


def _with_function(source: str, tree: ast.Module, owner: str, function: Function, given: list[str]) -> str:
    """Return the source with one function, which stands in `given`.

    `owner` is its class, if that is known.
    """
    lines = source.split("\n")
    is_method = bool(owner) or (bool(function.args.args) and function.args.args[0].arg == "self")
    kind = _owner(tree, owner) or _owner_of(tree, function.name) if is_method else None
    if is_method and kind is None:
        return source
    functions = [each for each in (_methods(kind) if kind else tree.body) if isinstance(each, Function)]
    old = next((each for each in functions if each.name == function.name), None)
    if old is not None:
        start, end = _span(old)
        lines[start:end] = _moved_text(given, function, old.col_offset)
    elif kind is not None:
        end = kind.end_lineno or len(lines)
        lines[end:end] = ["", *_moved_text(given, function, kind.body[0].col_offset)]
    else:
        return _with_new(source, tree, function, given)
    return "\n".join(lines)


def _with_new(source: str, tree: ast.Module, node: ast.stmt, given: list[str]) -> str:
    """Return the source with a statement before its first class, unless it has the same one."""
    if any(ast.dump(each) == ast.dump(node) for each in tree.body) or _LEFT_OUT.search(_text_of(given, node)):
        return source
    classes, lines = _classes(tree), source.split("\n")
    place = _span(classes[0])[0] if classes else len(lines)
    blank = [] if isinstance(node, ast.Import | ast.ImportFrom) else ["", ""]
    lines[place:place] = [*_moved_text(given, node, 0), *blank]
    return "\n".join(lines)


def _owner(tree: ast.Module, name: str) -> ast.ClassDef | None:
    return next((kind for kind in _classes(tree) if kind.name == name), None)


def _owner_of(tree: ast.Module, method: str) -> ast.ClassDef | None:
    """Return the class that a method without its class belongs to.

    It is the only class that has the method, or else the scene.
    """
    holding = [kind for kind in _classes(tree) if any(each.name == method for each in _methods(kind))]
    scenes = [kind for kind in _classes(tree) if any(each.name == "construct" for each in _methods(kind))]
    return holding[0] if len(holding) == 1 else next(iter((*scenes[-1:], *_classes(tree)[-1:])), None)


def _classes(tree: ast.Module) -> list[ast.ClassDef]:
    return [node for node in tree.body if isinstance(node, ast.ClassDef)]


def _methods(kind: ast.ClassDef) -> list[Function]:
    return [node for node in kind.body if isinstance(node, Function)]


def _span(node: ast.stmt) -> tuple[int, int]:
    """Return the first line, counted from 0, and the one after the last.

    Decorators belong to it.
    """
    first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", ()))])
    return first - 1, node.end_lineno or node.lineno


def _text_of(lines: list[str], node: ast.stmt) -> str:
    start, end = _span(node)
    return "\n".join(lines[start:end])


def _moved_text(lines: list[str], node: ast.stmt, column: int) -> list[str]:
    """Return the lines of a statement, so that it begins at a column."""
    start, end = _span(node)
    return moved(lines, range(start + 1, end + 1), lines_in_strings(node), node.col_offset, column)
