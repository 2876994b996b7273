"""Fixes of a model's code that need no question to the model: each is certain, and each question costs money.

Nothing here guesses. A name is added if the code uses it and nothing binds it. It is replaced if Manim has renamed it
since. Letters that Python can't read are replaced only if they make the code unreadable.
"""

from __future__ import annotations

import ast
import builtins
import io
import re
import sys
import textwrap
import tokenize
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from callsheet.writing.extraction import parsed
from callsheet.writing.indentation import lines_in_strings, moved

CLASS_NAME = "WrittenScene"
"""Name of the scene if the model wrote none."""
_OTHER_DIALECTS = ("manimlib", "manim_imports_ext", "big_ol_pile_of_manim_imports", "manimgl")
_MODULES = ("math", "random", "itertools", "functools", "collections", "dataclasses", "typing")
_IMPORTS = {"np": "import numpy as np", "numpy": "import numpy", **{name: f"import {name}" for name in _MODULES}}
_MANIMS_OWN = {"Text", "Union"}
"""Names of typing that Manim has, too, for something that is drawn."""
_KNOWN_ROOTS = {"manim", "numpy", "scipy", "PIL", "networkx", *sys.stdlib_module_names}
_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_INVISIBLE = re.compile("[\0\u200b-\u200f\u2060\ufeff\u00ad\ufffd]")
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "‚": "'"})
_SHELL_LINE = re.compile(r"^[ \t]*(?:[%!]|\$ |pip3? install |manim -).*$", re.MULTILINE)


@dataclass(frozen=True)
class Fixed:
    """Code after its fixes, and each fix in a sentence."""

    source: str
    class_name: str = ""
    """The scene to render, if the code holds several; else empty."""
    fixes: tuple[str, ...] = ()


def fixed(source: str, scene_name: str, successors: Mapping[str, str]) -> Fixed:
    """Return the code with every fix that needs no question.

    `successors` holds today's names by earlier ones.
    """
    source, fixes = _readable(source)
    for step in (_in_a_class, _from_the_right_manim, _without_foreign_imports):
        source, fix = step(source)
        fixes += fix
    source, fix = _with_todays_names(source, successors)
    fixes += fix
    source, fix = _with_imports(source)
    class_name, chosen = _one_scene(source, scene_name)
    return Fixed(source, class_name, (*fixes, *fix, *chosen))


Step = tuple[str, tuple[str, ...]]


def _readable(source: str) -> Step:
    """Return code that Python can read; unchanged if no known fix makes it readable."""
    changed = source
    said: list[str] = []
    for remark, change in _READABLE:
        if parsed(changed):
            return changed, tuple(said)
        before, changed = changed, change(changed)
        if changed != before:
            said.append(remark)
    return (changed, tuple(said)) if parsed(changed) else (source, ())


def _without_tabs(text: str) -> str:
    """Return four spaces for a tab, or eight, if that makes the code readable."""
    return next((changed for width in (4, 8) if parsed(changed := text.expandtabs(width))), text)


_READABLE: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("invisible characters are left out", lambda text: _INVISIBLE.sub("", text)),
    ("odd spaces are plain spaces", lambda text: _SPACES.sub(" ", text)),
    ("typographic quotes are plain quotes", lambda text: text.translate(_QUOTES)),
    ("commands of a shell or a notebook are left out", lambda text: _SHELL_LINE.sub("", text)),
    ("tabs are spaces", _without_tabs),
    ("the indentation of the whole is left out", textwrap.dedent),
)


def _in_a_class(source: str) -> Step:
    """Put a scene around a method or statements that stand without one."""
    tree = parsed(source)
    if tree is None or any(isinstance(node, ast.ClassDef) for node in tree.body):
        return source, ()
    lines, in_strings = source.rstrip("\n").split("\n"), lines_in_strings(tree)
    first = next((node for node in tree.body if not _stays_outside(node)), None)
    if first is None or not re.search(r"\bself\.(play|add|wait)\(", source):
        return source, ()
    start = min([first.lineno, *(each.lineno for each in getattr(first, "decorator_list", ()))]) - 1
    has_construct = any(isinstance(node, ast.FunctionDef) and node.name == "construct" for node in tree.body)
    opening = [f"class {CLASS_NAME}(Scene):", *([] if has_construct else ["    def construct(self):"])]
    inner = moved(lines, range(start + 1, len(lines) + 1), in_strings, 0, 4 * len(opening))
    wrapped = "\n".join([*lines[:start], "", *opening, *inner]).lstrip("\n") + "\n"
    return (wrapped, ("a scene is put around the code",)) if parsed(wrapped) else (source, ())


def _stays_outside(node: ast.stmt) -> bool:
    """Return whether a statement stands before the class: imports, constants, the docstring."""
    is_constant = isinstance(node, ast.Assign | ast.AnnAssign) and "self" not in ast.unparse(node)
    is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Import | ast.ImportFrom) or is_text:
        return True
    names = (each for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store))
    return is_constant and node.col_offset == 0 and all(name.id.isupper() for name in names)


def _from_the_right_manim(source: str) -> Step:
    """Import the same names from Manim Community in place of its other dialect."""
    tree, said = parsed(source), list[str]()
    lines = source.split("\n")
    for node in reversed(tree.body if tree else ()):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in _OTHER_DIALECTS:
            names = ast.unparse(ast.ImportFrom("manim", node.names, 0))
            _replace_statement(lines, node, names)
            said.insert(0, f"manim is imported instead of {node.module}")
    changed = "\n".join(lines)
    return (changed, tuple(dict.fromkeys(said))) if said and parsed(changed) else (source, ())


def _replace_statement(lines: list[str], node: ast.stmt, text: str) -> None:
    """Put `text` in the place of a statement, or nothing.

    Other statements in its lines stay, and lines keep their numbers.

    Statements are replaced from the last to the first: text before a statement in its line keeps its place.
    """
    first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
    before = lines[first].encode()[: node.col_offset].decode()
    after = lines[last].encode()[node.end_col_offset :].decode()
    is_alone = not before.strip() and (not after.strip() or after.lstrip().startswith("#"))
    lines[first : last + 1] = [text if is_alone else f"{before}{text or 'pass'}{after}", *[""] * (last - first)]


def _without_foreign_imports(source: str) -> Step:
    """Remove imports of missing modules that nothing uses."""
    tree, said = parsed(source), list[str]()
    if tree is None:
        return source, ()
    lines, used = source.split("\n"), _used(tree)
    for node in reversed(tree.body):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        module = node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
        names = {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        if (module or "").partition(".")[0] not in _KNOWN_ROOTS and "*" not in names and not names & used:
            _replace_statement(lines, node, "")
            said.insert(0, f"the import of {module}, which nothing uses, is left out")
    return ("\n".join(lines), tuple(said)) if said else (source, ())


def _with_todays_names(source: str, successors: Mapping[str, str]) -> Step:
    """Replace names that Manim had earlier by today's names, unless the code binds them itself."""
    tree = parsed(source)
    if tree is None:
        return source, ()
    old = (_used(tree) & successors.keys()) - _bound(tree)
    if not old:
        return source, ()
    lines = source.split("\n")
    places = [token for token in _names_in(source) if token.string in old]
    for token in reversed(places):
        row, column = token.start[0] - 1, token.start[1]
        lines[row] = lines[row][:column] + successors[token.string] + lines[row][token.end[1] :]
    said = tuple(f"{name} is {successors[name]} today" for name in sorted({token.string for token in places}))
    changed = "\n".join(lines)
    return (changed, said) if parsed(changed) else (source, ())


def _names_in(source: str) -> Iterator[tokenize.TokenInfo]:
    """Yield names in the code that are no attributes of something and no keywords of a call."""
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    for before, token, after in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
        is_attribute = before is not None and before.string == "."
        is_keyword = after is not None and after.string == "=" and before is not None and before.string in "(,"
        if token.type == tokenize.NAME and not is_attribute and not is_keyword:
            yield token


def _with_imports(source: str) -> Step:
    """Add the imports of names that the code uses without them.

    These are Manim, and the usual modules by their names.
    """
    tree = parsed(source)
    if tree is None:
        return source, ()
    used, bound = _used(tree), _bound(tree)
    has_star = any(isinstance(node, ast.ImportFrom) and node.names[0].name == "*" for node in ast.walk(tree))
    missing = used - bound - set(dir(builtins))
    wanted = []
    imports_manim = any(
        "manim" in ast.unparse(node) for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)
    )
    if not imports_manim and missing:
        wanted.append("from manim import *")
        has_star = True
    # The star brings numpy as np, and nothing else of these.
    modules = [name for name in sorted(missing & _IMPORTS.keys()) if not (name == "np" and has_star)]
    wanted += [_IMPORTS[name] for name in modules if _is_module(tree, name)]
    annotations = sorted(missing & set(typing.__all__) - _MANIMS_OWN)
    if annotations:
        wanted.append(f"from typing import {', '.join(annotations)}")
    if not wanted:
        return source, ()
    lines = source.split("\n")
    place = _place_of_imports(tree)
    lines[place:place] = wanted
    return "\n".join(lines), tuple(f"“{line}” is added" for line in wanted)


def _is_module(tree: ast.Module, name: str) -> bool:
    """Return whether the code looks something up in it."""
    return any(
        isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name
        for node in ast.walk(tree)
    )


def _place_of_imports(tree: ast.Module) -> int:
    """Return the line, counted from 0, before which imports go.

    That is after the docstring and `__future__` imports.
    """
    place = 0
    for number, node in enumerate(tree.body):
        is_text = number == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if not is_text and not (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
            break
        place = node.end_lineno or node.lineno
    return place


def _used(tree: ast.Module) -> set[str]:
    """Return names that are read somewhere, in annotations that are texts, too."""
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def _bound(tree: ast.Module) -> set[str]:
    """Return names that the code gives to something, in any place."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                found.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                found |= {(alias.asname or alias.name).partition(".")[0] for alias in names}
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                found.add(name)
    return found


def _one_scene(source: str, scene_name: str) -> Step:
    """Return the scene to render if the code holds several.

    It is the one with the requested name, else the last.
    """
    tree = parsed(source)
    kinds = [node for node in tree.body if isinstance(node, ast.ClassDef)] if tree else []
    bases = {ast.unparse(base) for kind in kinds for base in kind.bases}
    of_scenes = _scenes(kinds)
    scenes = [kind.name for kind in kinds if kind.name not in bases and kind.name in of_scenes]
    if len(scenes) < 2:
        return "", ()
    wanted = re.sub(r"\W|_", "", scene_name).lower()
    chosen = next((name for name in scenes if name.lower() == wanted), scenes[-1])
    return chosen, (f"of the scenes {', '.join(scenes)}, {chosen} is taken",)


def _scenes(kinds: list[ast.ClassDef]) -> set[str]:
    """Return the names of the classes that come from one of Manim's scenes.

    They may come from it through other classes in the code.
    """
    bases = {kind.name: {ast.unparse(base) for base in kind.bases} for kind in kinds}
    found = {name for name, given in bases.items() if any(base.endswith("Scene") for base in given)}
    while more := {name for name, given in bases.items() if given & found} - found:
        found |= more
    return found
