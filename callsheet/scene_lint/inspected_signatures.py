"""Signatures as JSON, with the keyword names that really get through `**kwargs`.

Manim hands `**kwargs` from class to class until `Mobject.__init__`, which takes none that it doesn't know. So the names
a call may use are found by following each hand-over in the sources, along the method resolution order of the class that
is made.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from callsheet.scene_lint.inspected_types import type_names

_KINDS: dict[Any, str] = {
    inspect.Parameter.POSITIONAL_ONLY: "positional",
    inspect.Parameter.POSITIONAL_OR_KEYWORD: "either",
    inspect.Parameter.KEYWORD_ONLY: "keyword",
    inspect.Parameter.VAR_POSITIONAL: "rest",
}
# Reading `**kwargs` in these ways changes nothing about where they end.
_NEUTRAL_METHODS = frozenset({"pop", "get", "copy", "setdefault", "update", "items", "keys", "values"})

# None stands for: any name may get through.
Names = frozenset[str] | None


def qualified_name(value: Any) -> str:
    """Module and name within it, e.g. `manim.mobject.mobject.Mobject`."""
    return f"{value.__module__}.{value.__qualname__}"


def signature_of(function: Callable[..., Any], owner: type | None) -> dict[str, Any] | None:
    """Parameters in order, further keyword names, and the type that comes back; None where nothing is known.

    The first parameter of a method stays in the list; the code that binds it drops it.
    """
    function = inspect.unwrap(function)
    if not inspect.isfunction(function):
        return None
    parameters = inspect.signature(function).parameters.values()
    names = _hand_over(function, owner)
    return {
        "parameters": [_parameter(each, function) for each in parameters if each.kind in _KINDS],
        "keywords": None if names is None else sorted(names),
        "returns": type_names(function.__annotations__.get("return"), function),
    }


def init_signature(owner: type) -> dict[str, Any] | None:
    """How a class is called; None if it makes its instances in an unusual way."""
    init = inspect.unwrap(inspect.getattr_static(owner, "__init__"))
    if not inspect.isfunction(init) or type(owner).__call__ is not type.__call__:
        return None
    return signature_of(init, owner)


def _parameter(parameter: inspect.Parameter, function: Callable[..., Any]) -> list[Any]:
    has_default = parameter.default is not inspect.Parameter.empty
    return [parameter.name, _KINDS[parameter.kind], has_default, type_names(parameter.annotation, function)]


def _hand_over(function: Callable[..., Any], owner: type | None, depth: int = 0) -> Names:
    """Keyword names beyond the function's own parameters that don't end in a TypeError."""
    variable = _keywords_variable(function)
    if variable is None:
        return frozenset()
    tree = source_tree(function)
    if tree is None or depth > 25:
        return None
    reader = _KeywordsReader(variable)
    reader.visit(tree)
    if reader.is_open or not reader.calls:
        return None
    accepted: set[str] = set(reader.taken)
    for call in reader.calls:
        names = _taken_by(call, function, owner, depth)
        if names is None:
            return None
        accepted |= names
    return frozenset(accepted) - {each.name for each in inspect.signature(function).parameters.values()}


def _keywords_variable(function: Callable[..., Any]) -> str | None:
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            return parameter.name
    return None


class _KeywordsReader(ast.NodeVisitor):
    """Everything a function does with its `**kwargs`."""

    def __init__(self, variable: str) -> None:
        self._variable = variable
        self.calls: list[ast.Call] = []
        self.taken: set[str] = set()
        self.is_open = False

    def visit_Call(self, node: ast.Call) -> None:
        for keyword in node.keywords:
            if keyword.arg is None and self._is_variable(keyword.value):
                self.calls.append(node)
            else:
                self.visit(keyword.value)
        for argument in node.args:
            self.visit(argument)
        self._visit_called(node)

    def _visit_called(self, node: ast.Call) -> None:
        called = node.func
        if isinstance(called, ast.Attribute) and self._is_variable(called.value) and called.attr in _NEUTRAL_METHODS:
            if called.attr == "pop" and node.args and isinstance(node.args[0], ast.Constant):
                self.taken.add(str(node.args[0].value))
        else:
            self.visit(called)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        if not self._is_variable(node.value):
            self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        if not (len(node.comparators) == 1 and self._is_variable(node.comparators[0])):
            self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        if node.id == self._variable:
            self.is_open = True

    def _is_variable(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and node.id == self._variable


def _taken_by(call: ast.Call, function: Callable[..., Any], owner: type | None, depth: int) -> Names:
    """Names that the called one takes, less those that the call already gives."""
    found = _callee(call.func, function, owner)
    if found is None:
        return None
    callee, callee_owner, bound = found
    inner = _hand_over(callee, callee_owner, depth + 1)
    if inner is None:
        return None
    parameters = list(inspect.signature(callee).parameters.values())[1 if bound else 0 :]
    places = [each.name for each in parameters if each.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD]
    names = {each.name for each in parameters if _KINDS.get(each.kind) in {"either", "keyword"}}
    placed = 0 if any(isinstance(each, ast.Starred) for each in call.args) else len(call.args)
    given = {each.arg for each in call.keywords if each.arg} | set(places[:placed])
    return frozenset((names | inner) - given)


def _callee(
    called: ast.expr, function: Callable[..., Any], owner: type | None
) -> tuple[Callable[..., Any], type | None, bool] | None:
    """The function that is called, the class along whose order its own `super()` goes, and whether `self` is bound."""
    match called:
        case ast.Attribute(value=ast.Call(func=ast.Name(id="super"), args=[]), attr=name) if owner is not None:
            return _bound(_next_in_order(function, owner, name), owner)
        case ast.Attribute(value=ast.Name(id="self"), attr=name) if owner is not None:
            return _bound(inspect.getattr_static(owner, name, None), owner)
        case ast.Attribute(value=ast.Name(id=base), attr="__init__") if owner is not None:
            value = function.__globals__.get(base)
            found = inspect.unwrap(value.__init__) if inspect.isclass(value) else None
            return (found, owner, False) if inspect.isfunction(found) else None
        case ast.Attribute(value=ast.Name(), attr=name) if owner is not None and name in dir(owner):
            # A method of another object, which in Manim's sources is of the same kind: `part.next_to(…, **kwargs)`.
            return _bound(inspect.getattr_static(owner, name), owner)
        case ast.Name(id=name):
            return _of_global(function.__globals__.get(name))
    return None


def _of_global(value: Any) -> tuple[Callable[..., Any], type | None, bool] | None:
    if inspect.isclass(value):
        return _bound(value.__init__, value)
    return (inspect.unwrap(value), None, False) if inspect.isfunction(value) else None


def _bound(value: Any, owner: type) -> tuple[Callable[..., Any], type, bool] | None:
    if not inspect.isfunction(value):
        return (_takes_nothing, owner, True) if value is object.__init__ else None
    return inspect.unwrap(value), owner, True


def _takes_nothing(self: object) -> None:
    """Stands for `object.__init__`."""


def _next_in_order(function: Callable[..., Any], owner: type, name: str) -> Any:
    """What `super().name` is, inside `function`, for an instance of `owner`."""
    order = owner.__mro__
    places = [place for place, each in enumerate(order) if _defines(each, function)]
    if not places:
        return None
    return next((vars(each)[name] for each in order[places[0] + 1 :] if name in vars(each)), None)


def _defines(owner: type, function: Callable[..., Any]) -> bool:
    found = vars(owner).get(function.__name__)
    original = vars(owner).get("_original__init__") if function.__name__ == "__init__" else None
    return any(inspect.unwrap(each) is function for each in (found, original) if inspect.isfunction(each))


def source_tree(value: Any) -> ast.AST | None:
    """The syntax tree of a function or class; None where its source can't be had."""
    try:
        file = inspect.getsourcefile(value)
    except TypeError:
        return None
    found = _definitions(file).get(value.__qualname__, []) if file else []
    if not found or inspect.isclass(value):
        return found[-1] if found else None
    first = value.__code__.co_firstlineno
    closest: ast.AST = min(found, key=lambda node: abs(node.lineno - first))
    return closest


def stored_attributes(modules: dict[str, Any]) -> set[str]:
    """Attributes that Manim's sources assign on anything but `self`."""
    found: set[str] = set()
    for name, module in list(modules.items()):
        file = getattr(module, "__file__", None)
        if file and (name == "manim" or name.startswith("manim.")):
            tree = ast.parse(Path(file).read_text(encoding="utf-8"))
            stores = [
                each for each in ast.walk(tree) if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store)
            ]
            found |= {
                each.attr for each in stores if not (isinstance(each.value, ast.Name) and each.value.id == "self")
            }
    return found


@cache
def _definitions(file: str) -> dict[str, list[Any]]:
    """Functions and classes of a file by qualified name; there are several of one where a property has a setter."""
    try:
        tree = ast.parse(Path(file).read_text(encoding="utf-8"))
    except (OSError, SyntaxError):
        return {}
    found: dict[str, list[Any]] = {}
    _collect(tree, "", found)
    return found


def _collect(node: ast.AST, prefix: str, found: dict[str, list[Any]]) -> None:
    for child in ast.iter_child_nodes(node):
        inner = prefix
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.setdefault(prefix + child.name, []).append(child)
            inner = prefix + child.name + ("." if isinstance(child, ast.ClassDef) else ".<locals>.")
        _collect(child, inner, found)
