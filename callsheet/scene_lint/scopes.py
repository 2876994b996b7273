"""Names in scene code: which scope binds which, and what each stands for at the moment."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from callsheet.scene_lint.values import UNKNOWN, Class, Value, joined


@dataclass(eq=False)
class Scope:
    """Names of a module, a class body, a function or a comprehension.

    `bound` are the names that are bound somewhere in it, on any way through the code. `is_open` says that there may be
    others, too.
    """

    parent: Scope | None
    bound: frozenset[str]
    is_class: bool = False
    is_open: bool = False
    names: dict[str, Value] = field(default_factory=dict)
    is_over: bool = False
    """Whether the followed way has left it: by return, raise, break or continue."""
    returned: list[Value] = field(default_factory=list)
    owner: Class | None = None
    """The class that this method belongs to: `super()` begins there."""
    offered: dict[str, Callable[[str], Value]] = field(default_factory=dict)
    """Names that star imports have brought, and what tells their values: few of them are ever used."""
    outer_names: frozenset[str] = frozenset()
    """Names that it declares global or nonlocal."""
    postpones_annotations: bool = False
    """Of a module: whether it begins with `from __future__ import annotations`."""

    def find(self, name: str) -> Value | None:
        """Return what the name stands for.

        Return UNKNOWN if it is bound at another time, and None if nothing binds it.
        """
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            if name in scope.offered:
                return scope.offered[name](name)
            if name in scope.bound or scope.is_open:
                return UNKNOWN
            scope = scope.enclosing
        return None

    @property
    def enclosing(self) -> Scope | None:
        """Return the next scope outwards in which names are looked up: class bodies are passed over."""
        scope = self.parent
        while scope is not None and scope.is_class:
            scope = scope.parent
        return scope

    def bind(self, name: str, value: Value) -> None:
        """Give a name its value. A name of another scope may have its old or its new value."""
        if name in self.outer_names:
            outer = self.enclosing
            while outer is not None:
                if name in outer.names:
                    outer.names[name] = joined(outer.names[name], value)
                outer = outer.enclosing
            return
        self.names[name] = value

    def visible(self) -> set[str]:
        """Return every name that can be used here, for suggestions."""
        found = set(self.names) | set(self.bound) | set(self.offered)
        return found | (self.enclosing.visible() if self.enclosing else set())

    def fork(self) -> tuple[dict[str, Value], bool]:
        """Return the state before a branch."""
        return dict(self.names), self.is_over

    def restore(self, state: tuple[dict[str, Value], bool]) -> None:
        """Go back to a state."""
        self.names, self.is_over = dict(state[0]), state[1]

    def merge(self, *states: tuple[dict[str, Value], bool]) -> None:
        """Continue from the ends of several branches; those that have left don't count."""
        alive = [names for names, is_over in states if not is_over]
        self.is_over = not alive
        if not alive:
            return
        merged = {}
        for name in {name for names in alive for name in names}:
            values = [names[name] for names in alive if name in names]
            merged[name] = joined(*values)
        self.names = merged


def bound_names(body: Sequence[ast.AST]) -> frozenset[str]:
    """Return the names that statements bind in their own scope, at any depth of nesting.

    Names of inner scopes don't count.
    """
    return frozenset(name for node in body for name in _bound_by(node))


def outer_names(body: list[ast.stmt]) -> frozenset[str]:
    """Return the names that are declared global or nonlocal."""
    found: set[str] = set()
    for statement in body:
        for node in _walk_scope(statement):
            if isinstance(node, ast.Global | ast.Nonlocal):
                found |= set(node.names)
    return frozenset(found)


def _bound_by(statement: ast.AST) -> Iterator[str]:
    for node in _walk_scope(statement):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name
            case ast.MatchMapping(rest=str(name)):
                yield name
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                yield from ((each.asname or each.name).partition(".")[0] for each in aliases)


def _walk_scope(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the node and what is below it, without the bodies of inner scopes.

    Walrus targets of comprehensions count.
    """
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        if isinstance(current, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            continue
        if isinstance(current, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            waiting += [each for each in ast.walk(current) if isinstance(each, ast.NamedExpr) for each in [each.target]]
            continue
        waiting += ast.iter_child_nodes(current)
