"""Assignments: what a name, an attribute or an element stands for from here on."""

from __future__ import annotations

import ast

from callsheet.scene_lint.calls import Calls
from callsheet.scene_lint.film_settings import setting_named
from callsheet.scene_lint.foreign import element_of
from callsheet.scene_lint.scopes import Scope
from callsheet.scene_lint.values import (
    UNKNOWN,
    Alternatives,
    Constant,
    Instance,
    Mapping,
    Sequence,
    Value,
    joined,
)


class Assignments(Calls):
    """The part of the analysis that knows assignments."""

    def assign(self, target: ast.expr, value: Value, scope: Scope) -> None:
        """Give a target its value: a name, an attribute, an element, or several at once."""
        match target:
            case ast.Name(id=name):
                scope.bind(name, value)
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                self._assign_each(targets, value, scope, target)
            case ast.Starred(value=inner):
                self.assign(inner, Sequence("list", None, UNKNOWN), scope)
            case ast.Attribute(value=owner, attr=name):
                held = self.evaluate(owner, scope)
                self._refuse_setting(setting_named(held, name), target)
                self._assign_attribute(held, name, value, target)
            case ast.Subscript(value=owner, slice=index):
                held, key = self.evaluate(owner, scope), self.evaluate(index, scope)
                self._refuse_setting(setting_named(held, key.value) if isinstance(key, Constant) else None, target)
                self._assign_element(held, key, value)

    def _refuse_setting(self, setting: str | None, node: ast.expr) -> None:
        """Report a setting of the film that the scene changes.

        While the scene runs, it is a finding. Before, Callsheet undoes the change, so it is only a remark.
        """
        if setting is None:
            return
        problem = self.setting_problem([setting])
        if problem is not None:
            self.report(node, problem)
        else:
            self.remark(node, f"{setting} is decided by the video's profile; this line changes nothing")

    def _assign_each(self, targets: list[ast.expr], value: Value, scope: Scope, node: ast.expr) -> None:
        has_star = any(isinstance(each, ast.Starred) for each in targets)
        known = value.elements if isinstance(value, Sequence) and value.kind != "set" else None
        if known is not None and not has_star and len(known) != len(targets):
            self.report(node, f"{len(known)} values can't be spread over {len(targets)} names")
            known = None
        for place, target in enumerate(targets):
            if known is not None and not has_star:
                self.assign(target, known[place], scope)
            else:
                self.assign(target, element_of(value) if not isinstance(value, Alternatives) else UNKNOWN, scope)

    def _assign_attribute(self, owner: Value, name: str, value: Value, node: ast.expr) -> None:
        if not isinstance(owner, Instance):
            return
        before = owner.attributes.get(name)
        if self.is_unsure and before is not None:
            owner.attributes[name] = joined(before, value)
        elif self.is_unsure and not owner.owner.is_of_user:
            owner.attributes[name] = UNKNOWN
        else:
            owner.attributes[name] = value

    def _assign_element(self, owner: Value, index: Value, value: Value) -> None:
        match owner:
            case Mapping(entries) if entries is not None and isinstance(index, Constant) and not self.is_unsure:
                entries[index.value] = value
            case Mapping():
                known = owner.entries
                values = [*known.values()] if known else []
                empty = known is not None and not known
                owner.element = joined(*values, value) if known is not None or empty else joined(owner.element, value)
                owner.entries = None
            case Sequence():
                owner.elements, owner.element = None, joined(element_of(owner), value)
            case Instance():
                owner.children = joined(owner.children, value) if owner.children is not None else None
