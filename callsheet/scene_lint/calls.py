"""Calls: of Manim's classes and methods by their signatures, of the scene's own functions by following them."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace

from callsheet.scene_lint.binding import Arguments, binding_problem
from callsheet.scene_lint.classes import KnownClass, UserClass, attribute_of, initializer, is_open
from callsheet.scene_lint.film_settings import setting_named
from callsheet.scene_lint.foreign import foreign_result, sequence_method
from callsheet.scene_lint.manim_rules import ManimRules
from callsheet.scene_lint.run import an, name_of
from callsheet.scene_lint.scopes import Scope, bound_names, outer_names
from callsheet.scene_lint.values import (
    UNKNOWN,
    Alternatives,
    Builder,
    Class,
    ClassValue,
    Constant,
    ForeignValue,
    Instance,
    KnownFunction,
    Mapping,
    Method,
    Parameter,
    Problem,
    Sequence,
    Signature,
    SuperValue,
    UserFunction,
    Value,
    by_name,
    joined,
)

# Functions of the scene that are followed inside each other, and times that each of them is.
DEEPEST = 8
MOST_VISITS = 12
_ASKS_A_PERSON = frozenset({"builtins.input", "builtins.breakpoint", "pdb.set_trace", "IPython.embed"})


class Calls(ManimRules):
    """The part of the analysis that knows calls."""

    def call(self, called: Value, given: Arguments) -> Value | Problem:
        """Return what a call gives."""
        if isinstance(called, Alternatives):
            found = [self.call(each, given) for each in called.values]
            results = [each for each in found if not isinstance(each, Problem)]
            return joined(*results) if results else found[0]
        caller = _CALLERS.get(type(called))
        if caller is not None:
            return caller(self, called, given)
        self.pass_to_unknown(given)
        return self._not_callable(called) or UNKNOWN

    def _built(self, called: Builder, given: Arguments) -> Value | Problem:
        return called if not given.positional else Problem("animate takes settings by name only")

    def _foreign(self, called: ForeignValue, given: Arguments) -> Value | Problem:
        """Call a function of Python or NumPy; other functions may change their arguments."""
        name = called.name
        if name in _ASKS_A_PERSON:
            return Problem(f"{name.rpartition('.')[2]} asks a person, and there is none here; write the value itself")
        if name == "builtins.setattr" and given.positional:
            named = given.get(1, "name")
            setting = setting_named(given.positional[0], named.value) if isinstance(named, Constant) else None
            problem = self.setting_problem([setting] if setting else [])
        else:
            problem = self.file_problem(name, given)
        if problem is not None:
            return problem
        self.pass_on(given)
        result = foreign_result(self, name, given)
        if name.partition(".")[0] not in {"builtins", "numpy", "math"}:
            self.pass_to_unknown(given)
        return result

    def _not_callable(self, called: Value) -> Problem | None:
        owner = self.class_of(called)
        if owner is None or is_open(owner) or isinstance(called, SuperValue):
            return None
        if isinstance(called, Instance) and not called.is_exact and called.owner.name not in {"float", "int", "str"}:
            return None
        if attribute_of(owner, "__call__") is not None:
            return None
        return Problem(f"{an(name_of(owner))} can't be called")

    def _made(self, called: ClassValue, given: Arguments) -> Value | Problem:
        """Return a new instance of a class."""
        owner = called.owner
        maker = initializer(owner)
        if owner.is_a("type") or owner.is_a("Enum"):
            return UNKNOWN
        self.pass_on(given)
        hides = any(isinstance(each, UserClass) and each.is_open for each in owner.order)
        if isinstance(maker, KnownClass) and not hides:
            return self._made_by_manim(owner, maker, given)
        instance = Instance(owner)
        if maker is not None and not isinstance(maker, KnownClass):
            function = maker[1].value
            if isinstance(function, UserFunction):
                result = self.enter(function, given, instance)
                if isinstance(result, Problem):
                    return result
        return instance

    def _made_by_manim(self, owner: Class, maker: KnownClass, given: Arguments) -> Value | Problem:
        signature = maker.init
        if is_open(owner) and signature is None:
            return UNKNOWN
        if signature is not None:
            problem = binding_problem(owner.name, signature, given)
            problem = problem or self.making_problem(owner, given)
            if problem is not None:
                return problem
        return self.new_instance(owner, given)

    def _known_function(self, called: KnownFunction, given: Arguments) -> Value | Problem:
        name, signature = called.name, called.signature
        self.pass_on(given)
        if signature is None:
            return UNKNOWN
        problem = binding_problem(name, signature, given) or self.function_problem(name, given)
        if problem is not None:
            return problem
        return self.function_result(name, given) or joined(*(self.of_type(each) for each in signature.returns))

    def _method_call(self, called: Method, given: Arguments) -> Value | Problem:
        receiver = called.receiver
        if called.through:
            return self._through(called, given)
        if called.function is not None:
            inner = receiver.receiver if isinstance(receiver, Builder) else receiver
            result = self.enter(called.function, given, inner)
            return receiver if isinstance(receiver, Builder) and not isinstance(result, Problem) else result
        self.pass_on(given)
        inner = receiver.receiver if isinstance(receiver, Builder) else receiver
        if called.signature is None:
            return sequence_method(self, inner, called.name, given)
        problem = self._refusal(called.name, called.signature, inner, given)
        if problem is not None:
            return problem
        if isinstance(receiver, Builder):
            return receiver
        special = self.method_result(inner, called.name, given)
        return special or joined(*(self.of_type(each, inner) for each in called.signature.returns))

    def _refusal(self, name: str, signature: Signature, receiver: Value, given: Arguments) -> Problem | None:
        owner = self.class_of(receiver)
        what = f"{owner.name}.{name}" if owner is not None else name
        problem = None
        if not self._may_be_overridden(receiver, name):
            problem = binding_problem(what, signature, given)
        return problem or self.method_problem(receiver, name, given)

    def _may_be_overridden(self, receiver: Value, name: str) -> bool:
        """Return whether the object may be of a subclass in which the method takes other arguments."""
        if not isinstance(receiver, Instance) or receiver.is_exact:
            return False
        owner = receiver.owner
        return any(each.own(name) is not None for each in self.subclasses_of(owner))

    def _through(self, called: Method, given: Arguments) -> Value | Problem:
        """Follow `get_x()` and `set_x(value)` if there is no such method.

        Manim reads or writes the attribute x.
        """
        receiver = called.receiver
        inner = receiver.receiver if isinstance(receiver, Builder) else receiver
        attribute = called.name[4:]
        owner = self.class_of(inner)
        known_as = owner.name if owner is not None else "this"
        if called.through == "get":
            found = self.attribute(inner, attribute)
            if isinstance(found, Problem):
                return self.no_attribute(owner, called.name) if owner is not None else found
            if given.positional or given.keywords:
                return Problem(f"{known_as}.{called.name} takes no argument")
            return found
        count = len(given.positional) + len(given.keywords)
        if (count != 1 and not given.has_more and not given.has_more_keywords) or set(given.keywords) - {"value"}:
            return self.no_attribute(owner, called.name) if owner is not None else UNKNOWN
        return receiver

    # Following the scene's own functions.

    def enter(self, function: UserFunction, given: Arguments, receiver: Value | None = None) -> Value | Problem:
        """Follow a function of the scene code with these arguments; return what it returns."""
        signature = signature_of(function.node, function.defaults)
        full = replace(given, positional=(receiver, *given.positional)) if receiver is not None else given
        name = getattr(function.node, "name", "the lambda")
        problem = binding_problem(name, signature, full)
        if problem is not None:
            return problem
        if self._is_too_deep(function):
            self.pass_to_unknown(given)
            return UNKNOWN
        return self._walked(function, self._inner_scope(function, signature, full))

    def _is_too_deep(self, function: UserFunction) -> bool:
        visits = self.visits.get(function.node, 0)
        return function.node in self.entered or len(self.entered) >= DEEPEST or visits >= MOST_VISITS

    def _walked(self, function: UserFunction, scope: Scope) -> Value:
        node = function.node
        self.visits[node] = self.visits.get(node, 0) + 1
        self.entered.append(node)
        try:
            if isinstance(node, ast.Lambda):
                return self.evaluate(node.body, scope)
            self.execute(node.body, scope)
            if _is_generator(node):
                return UNKNOWN
            ends = [] if scope.is_over else [Constant(None)]
            return joined(*scope.returned, *ends) if scope.returned or ends else UNKNOWN
        finally:
            self.entered.pop()

    def _inner_scope(self, function: UserFunction, signature: Signature, given: Arguments) -> Scope:
        node = function.node
        body: list[ast.stmt] = [] if isinstance(node, ast.Lambda) else node.body
        lambda_names = bound_names([node.body]) if isinstance(node, ast.Lambda) else frozenset()
        outer = outer_names(body)
        scope = Scope(function.scope, (bound_names(body) | lambda_names) - outer, outer_names=outer)
        scope.owner = function.owner
        scope.names.update(self._parameter_values(function, signature, given))
        return scope

    def _parameter_values(self, function: UserFunction, signature: Signature, given: Arguments) -> dict[str, Value]:
        arguments = function.node.args
        unsure = given.has_more or given.has_more_keywords
        values: dict[str, Value] = {}
        for place, parameter in enumerate(p for p in signature.parameters if p.kind in {"positional", "either"}):
            default = UNKNOWN if unsure else function.defaults.get(parameter.name, UNKNOWN)
            values[parameter.name] = given.get(place, parameter.name) or default
        for parameter in signature.parameters:
            if parameter.kind == "keyword":
                default = UNKNOWN if unsure else function.defaults.get(parameter.name, UNKNOWN)
                values[parameter.name] = given.keywords.get(parameter.name, default)
        if arguments.vararg:
            rest = given.positional[len(arguments.posonlyargs) + len(arguments.args) :]
            known = None if given.has_more else rest
            values[arguments.vararg.arg] = Sequence("tuple", known, joined(*rest) if known else UNKNOWN)
        if arguments.kwarg:
            others = {name: value for name, value in given.keywords.items() if name not in values}
            values[arguments.kwarg.arg] = Mapping(None if given.has_more_keywords else by_name(others))
        return values

    def pass_on(self, given: Arguments) -> None:
        """Follow functions that are handed to Manim, which calls them with unknown arguments."""
        for value in (*given.positional, *given.keywords.values()):
            for each in value.values if isinstance(value, Alternatives) else (value,):
                if isinstance(each, UserFunction) or (isinstance(each, Method) and each.function is not None):
                    self._called_by_manim(each)

    def _called_by_manim(self, value: UserFunction | Method) -> None:
        function = value if isinstance(value, UserFunction) else value.function
        if function is None or self._is_too_deep(function):
            return
        signature = signature_of(function.node, function.defaults)
        count = sum(each.kind in {"positional", "either"} and not each.has_default for each in signature.parameters)
        bound: tuple[Value, ...] = (value.receiver,) if isinstance(value, Method) else ()
        given = Arguments(
            (*bound, *(UNKNOWN for _ in range(count - len(bound)))), has_more=True, has_more_keywords=True
        )
        with self.unsure():
            self._walked(function, self._inner_scope(function, signature, given))

    def pass_to_unknown(self, given: Arguments) -> None:
        """Forget what lists, dicts and groups among the arguments hold: a call may change them."""
        for value in (*given.positional, *given.keywords.values()):
            if isinstance(value, Sequence | Mapping):
                value.forget()
            elif isinstance(value, Instance):
                value.children = None


def signature_of(node: ast.FunctionDef | ast.Lambda, defaults: dict[str, Value]) -> Signature:
    """Return the signature of a function of the scene code, `self` included."""
    written = node.args
    parameters = [Parameter(each.arg, "positional", each.arg in defaults) for each in written.posonlyargs]
    parameters += [Parameter(each.arg, "either", each.arg in defaults) for each in written.args]
    if written.vararg:
        parameters.append(Parameter(written.vararg.arg, "rest", False))
    parameters += [Parameter(each.arg, "keyword", each.arg in defaults) for each in written.kwonlyargs]
    return Signature(tuple(parameters), None if written.kwarg else frozenset())


_CALLERS: dict[type, Callable[..., Value | Problem]] = {
    ClassValue: Calls._made,
    KnownFunction: Calls._known_function,
    UserFunction: Calls.enter,
    Method: Calls._method_call,
    Builder: Calls._built,
    ForeignValue: Calls._foreign,
}


def _is_generator(node: ast.FunctionDef) -> bool:
    waiting: list[ast.AST] = list(node.body)
    while waiting:
        current = waiting.pop()
        if isinstance(current, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(current, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            waiting += ast.iter_child_nodes(current)
    return False
