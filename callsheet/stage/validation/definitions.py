"""Classes that the scene code defines: their bases, members, and what their methods put on `self`."""

from __future__ import annotations

import ast

from callsheet.stage.validation.classes import UserClass
from callsheet.stage.validation.scopes import bound_names
from callsheet.stage.validation.values import Attribute, Class, ClassValue, ForeignValue, UserFunction, Value


def new_class(node: ast.ClassDef, bases: list[Value]) -> UserClass:
    """The class as far as its first line and its methods tell; members come with its body."""
    known: list[Class] = [base.owner for base in bases if isinstance(base, ClassValue)]
    is_plain = all(isinstance(base, ClassValue) or base == ForeignValue("builtins.object") for base in bases)
    defined = {each.name for each in node.body if isinstance(each, ast.FunctionDef)}
    hides = bool(node.keywords or node.decorator_list or defined & {"__getattr__", "__getattribute__", "__setattr__"})
    owner = UserClass(node.name, node, tuple(known), is_open=hides or not is_plain)
    owner.assigned = _stored_on_self(node) | set(bound_names(node.body))
    return owner


def _stored_on_self(node: ast.ClassDef) -> set[str]:
    """Attributes that the methods of a class assign on their first parameter."""
    found: set[str] = set()
    for method in ast.walk(node):
        if isinstance(method, ast.FunctionDef) and method.args.args:
            first = method.args.args[0].arg
            found |= {
                each.attr
                for each in ast.walk(method)
                if isinstance(each, ast.Attribute)
                and isinstance(each.ctx, ast.Store)
                and isinstance(each.value, ast.Name)
                and each.value.id == first
            }
    return found


def member(owner: UserClass, name: str, value: Value, node: ast.ClassDef) -> Attribute:
    """A member of a class of the scene code; what decorators make of a function is not followed, but for three."""
    definition = next((e for e in reversed(node.body) if isinstance(e, ast.FunctionDef) and e.name == name), None)
    if isinstance(value, UserFunction):
        function = UserFunction(value.node, value.scope, owner, value.defaults)
        return Attribute("method" if definition is not None else "value", value=function)
    return Attribute("value", value=value)
