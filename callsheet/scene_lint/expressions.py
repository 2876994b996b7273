"""Expressions: what each gives, with a finding if it certainly raises."""

from __future__ import annotations

import ast
import builtins
import operator as operator_functions
import sys
import typing
from collections.abc import Callable
from typing import Any

from callsheet.model.problems import nearest
from callsheet.scene_lint import dialect
from callsheet.scene_lint.assignments import Assignments
from callsheet.scene_lint.binding import Arguments
from callsheet.scene_lint.foreign import element_of
from callsheet.scene_lint.imports import misplaced
from callsheet.scene_lint.scopes import Scope, bound_names
from callsheet.scene_lint.values import (
    UNKNOWN,
    Alternatives,
    Array,
    ClassValue,
    Constant,
    ForeignValue,
    Instance,
    Mapping,
    Problem,
    Sequence,
    SuperValue,
    UserFunction,
    Value,
    joined,
)

_MODULE_NAMES = frozenset({"__name__", "__file__", "__doc__", "__builtins__", "__spec__", "__package__", "__class__"})
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator_functions.eq,
    ast.NotEq: operator_functions.ne,
    ast.Lt: operator_functions.lt,
    ast.LtE: operator_functions.le,
    ast.Gt: operator_functions.gt,
    ast.GtE: operator_functions.ge,
}
_COMPREHENSIONS = {ast.ListComp: "list", ast.SetComp: "set", ast.GeneratorExp: "generator"}


class Expressions(Assignments):
    """The part of the analysis that knows expressions."""

    def evaluate(self, node: ast.expr, scope: Scope) -> Value:
        """Return what an expression gives; UNKNOWN after a finding."""
        if not self.step():
            return UNKNOWN
        handler = _HANDLERS.get(type(node))
        found = handler(self, node, scope) if handler else self._anything(node, scope)
        if isinstance(found, Problem):
            self.report(node, found)
            return UNKNOWN
        return found

    def _anything(self, node: ast.AST, scope: Scope) -> Value:
        """Evaluate the parts of a kind of expression that itself tells nothing."""
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.evaluate(child, scope)
        return UNKNOWN

    def _constant(self, node: ast.Constant, scope: Scope) -> Value:
        return Constant(node.value) if node.value is not Ellipsis else UNKNOWN

    def _text(self, node: ast.JoinedStr, scope: Scope) -> Value:
        self._anything(node, scope)
        return self.builtin("str")

    def _formatted(self, node: ast.FormattedValue, scope: Scope) -> Value:
        self.evaluate(node.value, scope)
        return UNKNOWN

    def check_signature(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> None:
        """Report names in the annotations of a function that nothing defines."""
        written = node.args
        rest = [each for each in (written.vararg, written.kwarg) if each is not None]
        for argument in (*written.posonlyargs, *written.args, *written.kwonlyargs, *rest):
            self.check_annotation(argument.annotation, scope)
        self.check_annotation(node.returns, scope)

    def check_annotation(self, annotation: ast.expr | None, scope: Scope) -> None:
        """Report undefined names in an annotation, if Python looks at it when the file runs."""
        module = scope
        while module.parent is not None:
            module = module.parent
        if annotation is None or sys.version_info >= (3, 14) or module.postpones_annotations:
            return
        for node in ast.walk(annotation):
            if isinstance(node, ast.Name):
                self.evaluate(node, scope)

    def _name(self, node: ast.Name, scope: Scope) -> Value | Problem:
        found = scope.find(node.id)
        if found is not None:
            return misplaced(found) or found
        if node.id in _MODULE_NAMES:
            return UNKNOWN
        if hasattr(builtins, node.id):
            return ForeignValue(f"builtins.{node.id}")
        return self._undefined(node.id, scope)

    def _undefined(self, name: str, scope: Scope) -> Problem:
        if name in typing.__all__:
            return Problem(f"the name {name} is not defined; write from typing import {name} first")
        advice = dialect.NAMES.get(name) or nearest(name, scope.visible())
        if advice is None and name in self.catalogue.modules:
            return Problem(f"the name {name} is not defined; write import {name} first")
        short = {"np": "import numpy as np", "plt": "", "nx": "import networkx as nx"}.get(name)
        if short:
            return Problem(f"the name {name} is not defined; write {short} first")
        if name in self.catalogue.star and not self.takes_all_of_manim:
            return Problem(f"the name {name} is not defined; import it from manim")
        return Problem(f"the name {name} is not defined" + (f"; did you mean {advice}?" if advice else ""))

    def _attribute(self, node: ast.Attribute, scope: Scope) -> Value | Problem:
        value = self.evaluate(node.value, scope)
        return self.attribute(value, node.attr)

    def _call(self, node: ast.Call, scope: Scope) -> Value | Problem:
        if isinstance(node.func, ast.Name) and node.func.id == "super" and scope.find("super") is None:
            return self._super(node, scope)
        called = self.evaluate(node.func, scope)
        given = self._arguments(node, scope)
        found = self.call(called, given)
        if isinstance(found, Problem) and isinstance(called, ClassValue):
            self.report(node, found)
            return self.new_instance(called.owner, given)  # what is wrong further down is reported at the same time
        return found

    def _super(self, node: ast.Call, scope: Scope) -> Value:
        inner: Scope | None = scope
        while inner is not None and inner.owner is None:
            inner = inner.parent
        first = next(iter(inner.names.values()), UNKNOWN) if inner is not None else UNKNOWN
        if inner is None or inner.owner is None or node.args or not isinstance(first, Instance):
            return UNKNOWN
        return SuperValue(first, inner.owner)

    def _arguments(self, node: ast.Call, scope: Scope) -> Arguments:
        positional: list[Value] = []
        more: list[Value] = []
        has_more = False
        for argument in node.args:
            starred = isinstance(argument, ast.Starred)
            value = self.evaluate(argument.value if isinstance(argument, ast.Starred) else argument, scope)
            known = self._starred(value) if starred else (value,)
            has_more = has_more or known is None
            if has_more:
                more.append(element_of(value) if starred else value)
            else:
                positional += known or ()
        keywords, has_more_keywords = self._keywords(node, scope)
        return Arguments(tuple(positional), keywords, has_more, has_more_keywords, joined(*more) if more else None)

    def _starred(self, value: Value) -> tuple[Value, ...] | None:
        return value.elements if isinstance(value, Sequence) and value.kind != "set" else None

    def _keywords(self, node: ast.Call, scope: Scope) -> tuple[dict[str, Value], bool]:
        found: dict[str, Value] = {}
        has_more = False
        for keyword in node.keywords:
            value = self.evaluate(keyword.value, scope)
            if keyword.arg is not None:
                found[keyword.arg] = value
            elif isinstance(value, Mapping) and value.entries is not None:
                found.update({str(name): each for name, each in value.entries.items()})
            else:
                has_more = True
        return found, has_more

    def _operation(self, node: ast.BinOp, scope: Scope) -> Value | Problem:
        return self.operated(self.evaluate(node.left, scope), node.op, self.evaluate(node.right, scope))

    def _sign(self, node: ast.UnaryOp, scope: Scope) -> Value:
        value = self.evaluate(node.operand, scope)
        if isinstance(node.op, ast.Not):
            return UNKNOWN
        if isinstance(value, Constant) and isinstance(value.value, int | float) and isinstance(node.op, ast.USub):
            return Constant(-value.value)
        return value if isinstance(value, Array | Constant) or self.kind_name(value) in {"int", "float"} else UNKNOWN

    def _either(self, node: ast.BoolOp, scope: Scope) -> Value:
        values = [self.evaluate(node.values[0], scope)]
        with self.unsure(), self.quietly():
            values += [self.evaluate(each, scope) for each in node.values[1:]]
        return joined(*values)

    def _comparison(self, node: ast.Compare, scope: Scope) -> Value:
        values = [self.evaluate(each, scope) for each in (node.left, *node.comparators)]
        if len(values) != 2:
            return UNKNOWN
        if isinstance(node.ops[0], ast.In | ast.NotIn):
            found = _holds(values[1], values[0])
            return UNKNOWN if found is None else Constant(found == isinstance(node.ops[0], ast.In))
        if all(isinstance(each, Constant) for each in values):
            return _compared(node.ops[0], values[0], values[1])
        return UNKNOWN

    def _choice(self, node: ast.IfExp, scope: Scope) -> Value:
        truth = self.truth(node.test, scope)
        if truth is not None:
            return self.evaluate(node.body if truth else node.orelse, scope)
        with self.unsure(), self.guarded(asks_what_it_holds(node.test)):
            return joined(self.evaluate(node.body, scope), self.evaluate(node.orelse, scope))

    def truth(self, node: ast.expr, scope: Scope) -> bool | None:
        """Evaluate a condition; return whether it holds, if that is certain."""
        match node:
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                inner = self.truth(operand, scope)
                return None if inner is None else not inner
            case ast.Compare(
                left=left, ops=[ast.Is() | ast.IsNot() as operator], comparators=[ast.Constant(value=None)]
            ):
                value = self.evaluate(left, scope)
                is_none = _is_none(value)
                return is_none if is_none is None or isinstance(operator, ast.Is) else not is_none
        value = self.evaluate(node, scope)
        if isinstance(value, Constant):
            return bool(value.value)
        return None

    def _list(self, node: ast.List | ast.Tuple | ast.Set, scope: Scope) -> Value:
        kind = {ast.List: "list", ast.Tuple: "tuple", ast.Set: "set"}[type(node)]
        elements: list[Value] = []
        is_exact = True
        for element in node.elts:
            if isinstance(element, ast.Starred):
                known = self._starred(self.evaluate(element.value, scope))
                is_exact = is_exact and known is not None
                elements += known or ()
            else:
                elements.append(self.evaluate(element, scope))
        if not is_exact:
            return Sequence(kind, None, UNKNOWN)
        return Sequence(kind, tuple(elements), joined(*elements))

    def _dict(self, node: ast.Dict, scope: Scope) -> Value:
        entries: dict[object, Value] | None = {}
        for key, value in zip(node.keys, node.values, strict=True):
            found = self.evaluate(value, scope)
            named = self.evaluate(key, scope) if key is not None else UNKNOWN
            if key is None and isinstance(found, Mapping) and found.entries is not None and entries is not None:
                entries.update(found.entries)
            elif isinstance(named, Constant) and entries is not None:
                entries[named.value] = found
            else:
                entries = None
        return Mapping(entries)

    def _index(self, node: ast.Subscript, scope: Scope) -> Value | Problem:
        value = self.evaluate(node.value, scope)
        if isinstance(node.slice, ast.Slice):
            self._anything(node.slice, scope)
            return self._slice(value)
        return self.indexed(value, self.evaluate(node.slice, scope))

    def _slice(self, value: Value) -> Value:
        match value:
            case Sequence(kind=kind):
                return Sequence(kind, None, element_of(value))
            case Instance(owner, children=children) if owner.name in {"VGroup", "Group"}:
                return Instance(owner, is_exact=False, children=children)
            case Array():
                return Array(None)
            case Constant(str()):
                return self.builtin("str")
        return UNKNOWN

    def made_function(self, node: ast.FunctionDef | ast.Lambda, scope: Scope) -> UserFunction:
        """Return a function with the default values of its parameters."""
        written = node.args
        places = [*written.posonlyargs, *written.args]
        defaults: dict[str, Value] = {}
        if isinstance(node, ast.FunctionDef):
            self.check_signature(node, scope)
        for argument, default in zip(places[len(places) - len(written.defaults) :], written.defaults, strict=True):
            defaults[argument.arg] = self.evaluate(default, scope)
        for argument, keyword_default in zip(written.kwonlyargs, written.kw_defaults, strict=True):
            if keyword_default is not None:
                defaults[argument.arg] = self.evaluate(keyword_default, scope)
        return UserFunction(node, scope, None, defaults)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp, scope: Scope) -> Value:
        inner = self._comprehension_scope(node.generators, scope)
        with self.unsure(), self.guarded(_filters(node.generators)):
            element = self.evaluate(node.elt, inner)
        return Sequence(_COMPREHENSIONS[type(node)], None, element)

    def _dict_comprehension(self, node: ast.DictComp, scope: Scope) -> Value:
        inner = self._comprehension_scope(node.generators, scope)
        with self.unsure(), self.guarded(_filters(node.generators)):
            self.evaluate(node.key, inner)
            element = self.evaluate(node.value, inner)
        return Mapping(None, element)

    def _comprehension_scope(self, generators: list[ast.comprehension], scope: Scope) -> Scope:
        inner = Scope(scope, bound_names([each.target for each in generators]))
        for number, generator in enumerate(generators):
            looped = self.evaluate(generator.iter, scope if number == 0 else inner)
            self.assign(generator.target, element_of(looped), inner)
            with self.unsure(), self.guarded():
                for condition in generator.ifs:
                    self.evaluate(condition, inner)
        return inner

    def _walrus(self, node: ast.NamedExpr, scope: Scope) -> Value:
        value = self.evaluate(node.value, scope)
        scope.bind(node.target.id, value)
        return value


def _compared(operator: ast.cmpop, left: Value, right: Value) -> Value:
    compare = _COMPARISONS.get(type(operator))
    if compare is None or not isinstance(left, Constant) or not isinstance(right, Constant):
        return UNKNOWN
    try:
        return Constant(bool(compare(left.value, right.value)))
    except TypeError:
        return UNKNOWN


def asks_what_it_holds(test: ast.expr) -> bool:
    """Return whether a condition asks for a key, a length, or what is in a list or dict.

    An access behind such a condition is guarded.
    """
    return any(
        (isinstance(each, ast.Compare) and any(isinstance(op, ast.In | ast.NotIn) for op in each.ops))
        or (isinstance(each, ast.Call) and getattr(each.func, "id", "") == "len")
        or (isinstance(each, ast.Call) and getattr(each.func, "attr", "") in {"get", "keys", "index", "count"})
        for each in ast.walk(test)
    )


def _filters(generators: list[ast.comprehension]) -> bool:
    return any(generator.ifs for generator in generators)


def _holds(container: Value, value: Value) -> bool | None:
    """Return whether `value in container`, if that is certain."""
    if isinstance(container, Alternatives):
        answers = {_holds(each, value) for each in container.values}
        return answers.pop() if len(answers) == 1 else None
    match container, value:
        case Mapping(entries), Constant(key) if entries is not None:
            return key in entries
        case Constant(str() as text), Constant(str() as part):
            return part in text
        case Sequence(elements=tuple(elements)), Constant(looked_for):
            known = [each.value for each in elements if isinstance(each, Constant)]
            if looked_for in known or len(known) == len(elements):
                return looked_for in known
    return None


def _is_none(value: Value) -> bool | None:
    """Return whether a value is None, if that is certain."""
    match value:
        case Constant(constant):
            return constant is None
        case Alternatives(values):
            return None if any(_is_none(each) is not False for each in values) else False
        case Instance() | Array() | Sequence() | Mapping() | ClassValue() | UserFunction():
            return False
    return None


_HANDLERS: dict[type[ast.expr], Callable[..., Value | Problem]] = {
    ast.Constant: Expressions._constant,
    ast.JoinedStr: Expressions._text,
    ast.FormattedValue: Expressions._formatted,
    ast.Name: Expressions._name,
    ast.Attribute: Expressions._attribute,
    ast.Call: Expressions._call,
    ast.BinOp: Expressions._operation,
    ast.UnaryOp: Expressions._sign,
    ast.BoolOp: Expressions._either,
    ast.Compare: Expressions._comparison,
    ast.IfExp: Expressions._choice,
    ast.List: Expressions._list,
    ast.Tuple: Expressions._list,
    ast.Set: Expressions._list,
    ast.Dict: Expressions._dict,
    ast.Subscript: Expressions._index,
    ast.Lambda: Expressions.made_function,
    ast.ListComp: Expressions._comprehension,
    ast.SetComp: Expressions._comprehension,
    ast.GeneratorExp: Expressions._comprehension,
    ast.DictComp: Expressions._dict_comprehension,
    ast.NamedExpr: Expressions._walrus,
}
