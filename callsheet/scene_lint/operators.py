"""Operators and indexes: what they give, and the pairs that Python refuses."""

from __future__ import annotations

import ast

from callsheet.scene_lint.attributes import Attributes
from callsheet.scene_lint.binding import length_of
from callsheet.scene_lint.classes import attribute_of, is_open
from callsheet.scene_lint.run import an, name_of
from callsheet.scene_lint.values import (
    UNKNOWN,
    Alternatives,
    Array,
    ClassValue,
    Constant,
    Instance,
    KnownFunction,
    Mapping,
    Method,
    Problem,
    Sequence,
    UserFunction,
    Value,
    joined,
)

_METHODS = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "truediv",
    ast.FloorDiv: "floordiv",
    ast.Mod: "mod",
    ast.Pow: "pow",
    ast.MatMult: "matmul",
}
_SIGNS = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.MatMult: "@",
}
_NUMBERS = {"int", "float", "bool"}
_BROADCASTING = (ast.Add, ast.Sub, ast.Mult, ast.Div)


class Operators(Attributes):
    """The part of the analysis that knows operators."""

    def operated(self, left: Value, operator: ast.operator, right: Value) -> Value | Problem:
        """Return what `left operator right` gives."""
        if isinstance(left, Alternatives) or isinstance(right, Alternatives):
            return self._operated_each(left, operator, right)
        if isinstance(left, Array) or isinstance(right, Array):
            return _of_arrays(left, operator, right)
        kinds = self.kind_name(left), self.kind_name(right)
        if kinds[0] in _NUMBERS and kinds[1] in _NUMBERS:
            return self._number(left, operator, right)
        problem = self._refused(left, operator, right)
        return problem if problem is not None else self._result(left, operator, right)

    def _operated_each(self, left: Value, operator: ast.operator, right: Value) -> Value | Problem:
        lefts = left.values if isinstance(left, Alternatives) else (left,)
        rights = right.values if isinstance(right, Alternatives) else (right,)
        found = [self.operated(one, operator, other) for one in lefts for other in rights]
        values = [each for each in found if not isinstance(each, Problem)]
        return joined(*values) if values else found[0]

    def kind_name(self, value: Value) -> str:
        """Return the name of the built-in class of a value, or an empty text."""
        owner = self.class_of(value)
        return owner.name if owner is not None and not owner.is_of_user and not owner.is_a("Mobject") else ""

    def _number(self, left: Value, operator: ast.operator, right: Value) -> Value | Problem:
        if isinstance(operator, ast.Div | ast.FloorDiv | ast.Mod) and isinstance(right, Constant) and right.value == 0:
            return Problem("this divides by zero")
        both_whole = {self.kind_name(left), self.kind_name(right)} <= {"int", "bool"}
        if isinstance(operator, ast.Pow):
            return UNKNOWN
        return self.builtin("int" if both_whole and not isinstance(operator, ast.Div) else "float")

    def _refused(self, left: Value, operator: ast.operator, right: Value) -> Problem | None:
        """Return a problem if neither side defines the operator for the other."""
        name = _METHODS.get(type(operator))
        if name is None:
            return None
        pair = f"{self._called(left)} {_SIGNS[type(operator)]} {self._called(right)}"
        if not (self._is_plain(left) and self._is_plain(right)):
            return None
        kinds = self.kind_name(left), self.kind_name(right)
        if kinds[0] and kinds[1]:
            return Problem(f"Python can't work out {pair}") if _is_senseless(kinds, operator) else None
        if self._defines(left, f"__{name}__") or self._defines(right, f"__r{name}__"):
            return None
        return Problem(f"Python can't work out {pair}")

    def _called(self, value: Value) -> str:
        owner = self.class_of(value)
        if isinstance(value, UserFunction | Method | KnownFunction):
            return "a function"
        if isinstance(value, ClassValue):
            return f"the class {value.owner.name}"
        return an(name_of(owner)) if owner is not None else "this"

    def _is_plain(self, value: Value) -> bool:
        """Return whether everything is known that decides about an operator."""
        owner = self.class_of(value)
        if isinstance(value, UserFunction | Method | KnownFunction):
            return True
        return owner is not None and not is_open(owner) and (not isinstance(value, Instance) or value.is_exact)

    def _defines(self, value: Value, name: str) -> bool:
        owner = self.class_of(value)
        return owner is not None and attribute_of(owner, name) is not None

    def _result(self, left: Value, operator: ast.operator, right: Value) -> Value:
        if isinstance(left, Constant | Instance) and self.kind_name(left) == "str":
            return self.builtin("str")
        if isinstance(left, Sequence) and isinstance(right, Sequence) and left.kind == right.kind:
            known = left.elements is not None and right.elements is not None
            elements = (*(left.elements or ()), *(right.elements or ())) if known else None
            return Sequence(left.kind, elements, joined(left.element, right.element))
        if isinstance(left, Sequence) and isinstance(operator, ast.Mult):
            return Sequence(left.kind, None, left.element)
        return UNKNOWN

    def indexed(self, value: Value, index: Value) -> Value | Problem:
        """Return what `value[index]` gives."""
        if isinstance(value, Alternatives):
            found = [self.indexed(each, index) for each in value.values]
            values = [each for each in found if not isinstance(each, Problem)]
            return joined(*values) if values else found[0]
        match value:
            case Sequence() | Mapping():
                held = _element(value, index) if isinstance(value, Sequence) else _entry(value, index)
                return UNKNOWN if isinstance(held, Problem) and self.is_guarded else held
            case Array():
                return UNKNOWN
            case Instance(children=children) if children is not None and self.kind_name(index) == "int":
                return children
        return self._not_indexable(value) or UNKNOWN

    def _not_indexable(self, value: Value) -> Problem | None:
        if isinstance(value, UserFunction | Method | KnownFunction):
            return Problem("a function can't be indexed; is its call missing?")
        owner = self.class_of(value)
        if owner is None or not self._is_plain(value) or attribute_of(owner, "__getitem__") is not None:
            return None
        return Problem(f"{an(name_of(owner))} can't be indexed")


def _of_arrays(left: Value, operator: ast.operator, right: Value) -> Value | Problem:
    one, other = length_of(left), length_of(right)
    if one is not None and other is not None and one != other and isinstance(operator, _BROADCASTING):
        hint = "; Manim's points have three numbers (x, y, z)" if {one, other} == {2, 3} else ""
        return Problem(f"a row of {one} numbers and one of {other} don't go together{hint}")
    if isinstance(left, Instance) and left.owner.is_a("Mobject") and left.is_exact:
        return Problem(f"Python can't work out {an(left.owner.name)} with an array; take its get_center()")
    if isinstance(right, Instance) and right.owner.is_a("Mobject") and right.is_exact:
        return Problem(f"Python can't work out an array with {an(right.owner.name)}; take its get_center()")
    if isinstance(operator, ast.MatMult):
        return UNKNOWN
    for value, length in ((left, other), (right, one)):
        if isinstance(value, Constant) or (isinstance(value, Instance) and value.owner.name in {"int", "float"}):
            return Array(length)
    return Array(one if one == other else None)


def _is_senseless(kinds: tuple[str, str], operator: ast.operator) -> bool:
    """Return whether a pair of built-in classes raises with any values."""
    left, right = kinds
    texts = kinds.count("str")
    if isinstance(operator, ast.Mod) and left == "str":
        return False
    if isinstance(operator, ast.Mult):
        whole = {"int", "bool"}
        repeatable = {"str", "list", "tuple"}
        return (left in repeatable and right not in whole) or (right in repeatable and left not in whole)
    if "NoneType" in kinds:
        return True
    if isinstance(operator, ast.Add):
        return (texts == 1) or ({*kinds} & {"list", "tuple"} != set() and left != right)
    if isinstance(operator, ast.Sub) and kinds == ("set", "set"):
        return False
    return texts > 0 or bool({*kinds} & {"list", "tuple", "dict"})


def _element(value: Sequence, index: Value) -> Value | Problem:
    if value.elements is None or not (isinstance(index, Constant) and type(index.value) is int):
        return value.element if isinstance(index, Constant | Instance) else UNKNOWN
    if value.kind in {"list", "tuple"} and not -len(value.elements) <= index.value < len(value.elements):
        count = len(value.elements)
        return Problem(f"there is no [{index.value}]: the {value.kind} has {count} element{'s' * (count != 1)}")
    return value.elements[index.value] if value.kind in {"list", "tuple"} else value.element


def _entry(value: Mapping, index: Value) -> Value | Problem:
    if value.entries is None or not isinstance(index, Constant):
        return value.element
    if index.value in value.entries:
        return value.entries[index.value]
    return Problem(f"the dict has no key {index.value!r}")
