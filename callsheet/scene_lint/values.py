"""Values: what an expression of scene code may be when it runs, as far as that can be told without running it.

`UNKNOWN` is the answer if there is doubt. Callsheet reports nothing about it.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any, Protocol

MOST_ALTERNATIVES = 6


@dataclass(frozen=True)
class Parameter:
    """One parameter; `kind` is positional, either, keyword or rest; `types` are names as in the catalogue."""

    name: str
    kind: str
    has_default: bool
    types: tuple[str, ...] = ()


@dataclass(frozen=True)
class Signature:
    """Parameters in order. `keywords` are names that get through `**kwargs`; None if any may."""

    parameters: tuple[Parameter, ...]
    keywords: frozenset[str] | None
    returns: tuple[str, ...] = ()

    @classmethod
    def of(cls, written: dict[str, Any] | None) -> Signature | None:
        """Return the signature that stands in the catalogue's JSON."""
        if written is None:
            return None
        parameters = tuple(Parameter(name, kind, default, tuple(t)) for name, kind, default, t in written["parameters"])
        keywords = None if written["keywords"] is None else frozenset(written["keywords"])
        return cls(parameters, keywords, tuple(written["returns"]))

    def bound(self) -> Signature:
        """Return the signature without the first parameter, which a method call fills."""
        if not self.parameters or self.parameters[0].kind == "rest":
            return self
        return Signature(self.parameters[1:], self.keywords, self.returns)

    @property
    def names(self) -> frozenset[str]:
        """Return every name that may be given by keyword, as far as they are known."""
        own = {each.name for each in self.parameters if each.kind in {"either", "keyword"}}
        return frozenset(own) | (self.keywords or frozenset())


@dataclass(frozen=True)
class Attribute:
    """Something a class has: a method, static, property, value, or anything."""

    kind: str
    signature: Signature | None = None
    types: tuple[str, ...] = ()
    is_settable: bool = True
    value: Value | None = None
    """Of a class of the scene code: its function, or what was assigned in the class body."""


class Class(Protocol):
    """The facts that both kinds of classes tell."""

    name: str
    is_of_user: bool

    @property
    def order(self) -> tuple[Class, ...]:
        """Return the class and its bases, in the order in which attributes are looked up."""

    @property
    def is_open(self) -> bool:
        """Return whether it may have attributes that can't be known."""

    def own(self, name: str) -> Attribute | None:
        """Return the attribute as this class itself has it."""

    def is_a(self, name: str) -> bool:
        """Return whether a class of Manim's with this short name is this one or a base of it."""

    def names(self) -> set[str]:
        """Return the names of the attributes that this class itself has."""


@dataclass(frozen=True)
class Unknown:
    """Anything at all."""


UNKNOWN = Unknown()


@dataclass(frozen=True)
class Constant:
    """A number, text, truth value or None that stands in the source."""

    value: object


@dataclass(eq=False)
class Instance:
    """An object of a class. Every name of it sees what is assigned on it."""

    owner: Class
    is_exact: bool = True
    """False if it may also be of a subclass, e.g. after an annotation."""
    attributes: dict[str, Value] = field(default_factory=dict)
    children: Value | None = None
    """What an index or a loop over a group gives; None if that is not known."""


@dataclass(frozen=True)
class Array:
    """A NumPy array. `length` is that of a plain row of numbers, None for any other shape."""

    length: int | None = None


@dataclass(eq=False)
class Sequence:
    """A list, tuple, set, range or generator."""

    kind: str
    elements: tuple[Value, ...] | None
    """Each of them, in order; None if only `element` is known."""
    element: Value

    def forget(self) -> None:
        """Take it that anything may be in it from now on."""
        self.elements, self.element = None, UNKNOWN


@dataclass(eq=False)
class Mapping:
    """A dict. `entries` is None if its keys are not all known."""

    entries: dict[object, Value] | None
    element: Value = UNKNOWN

    def forget(self) -> None:
        """Take it that anything may be in it from now on."""
        self.entries, self.element = None, UNKNOWN


@dataclass(frozen=True)
class ClassValue:
    """A class itself."""

    owner: Class


@dataclass(frozen=True)
class ModuleValue:
    """An imported module."""

    name: str


@dataclass(frozen=True)
class HelperModule:
    """An imported module that lies beside the scene."""

    name: str
    scope: Any
    """The `scopes.Scope` of its names."""


@dataclass(frozen=True)
class ForeignValue:
    """A name of a module that is not Manim's: known to exist, e.g. `numpy.array`."""

    name: str


@dataclass(frozen=True)
class KnownFunction:
    """A function of Manim's."""

    name: str
    signature: Signature | None


@dataclass(eq=False)
class UserFunction:
    """A function or lambda of the scene code, with the scope in which it was made."""

    node: ast.FunctionDef | ast.Lambda
    scope: Any
    """A `scopes.Scope`; that module stands above this one."""
    owner: Class | None = None
    defaults: dict[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Method:
    """A method that is bound to the object it was looked up on."""

    receiver: Value
    name: str
    function: UserFunction | None = None
    signature: Signature | None = None
    through: str = ""
    """`get` or `set` if Manim makes the method up from an attribute's name."""


@dataclass(frozen=True)
class Builder:
    """What `.animate` gives, for one mobject."""

    receiver: Value


@dataclass(frozen=True)
class SuperValue:
    """The value of `super()`: the object, and the class after which the search begins."""

    receiver: Instance
    after: Class


@dataclass(frozen=True)
class Alternatives:
    """One of several values; the way through the code decides which."""

    values: tuple[Value, ...]


Value = (
    Unknown
    | Constant
    | Instance
    | Array
    | Sequence
    | Mapping
    | ClassValue
    | ModuleValue
    | HelperModule
    | ForeignValue
    | KnownFunction
    | UserFunction
    | Method
    | Builder
    | SuperValue
    | Alternatives
)


@dataclass(frozen=True)
class Problem:
    """Why a look-up or a call fails, as a sentence without its full stop."""

    message: str


def by_name(values: dict[str, Value]) -> dict[object, Value]:
    """Return keyword arguments as the entries of a dict."""
    return dict(values.items())


def joined(*values: Value) -> Value:
    """Return a value that may be any one of these."""
    found: list[Value] = []
    for value in values:
        for each in value.values if isinstance(value, Alternatives) else (value,):
            if each is UNKNOWN:
                return UNKNOWN
            _add(found, each)
    if not found or len(found) > MOST_ALTERNATIVES:
        return UNKNOWN
    return found[0] if len(found) == 1 else Alternatives(tuple(found))


def _add(found: list[Value], value: Value) -> None:
    for place, other in enumerate(found):
        merged = _merged(other, value)
        if merged is not None:
            found[place] = merged
            return
    found.append(value)


def _merged(one: Value, other: Value) -> Value | None:
    """Return both as one value; None if they are told apart."""
    if one is other or (isinstance(one, Constant | Array) and one == other and type(one) is type(other)):
        if isinstance(one, Constant) and isinstance(other, Constant) and type(one.value) is not type(other.value):
            return None
        return one
    if isinstance(one, Array) and isinstance(other, Array):
        return Array(None)
    if isinstance(one, Instance) and isinstance(other, Instance) and one.owner is other.owner:
        return _merged_instances(one, other)
    if isinstance(one, Sequence) and isinstance(other, Sequence) and one.kind == other.kind:
        return Sequence(one.kind, None, joined(one.element, other.element))
    return None


def _merged_instances(one: Instance, other: Instance) -> Instance | None:
    if one.attributes or other.attributes or one.owner.is_of_user:
        return None
    known = one.children is not None and other.children is not None
    children = joined(one.children, other.children) if known and one.children and other.children else None
    return Instance(one.owner, one.is_exact and other.is_exact, {}, children)
