"""Statements: branches, loops, definitions and imports, on every way that the code may take."""

from __future__ import annotations

import ast
from collections.abc import Callable

from callsheet.scene_lint.definitions import (
    makes_names,
    member,
    module_names,
    new_class,
    stored_attributes,
    writes_files,
)
from callsheet.scene_lint.expressions import Expressions, asks_what_it_holds
from callsheet.scene_lint.foreign import element_of
from callsheet.scene_lint.imports import Imports
from callsheet.scene_lint.scopes import Scope, bound_names
from callsheet.scene_lint.values import (
    UNKNOWN,
    ClassValue,
    Constant,
    HelperModule,
    Instance,
    Problem,
    Sequence,
    Value,
    joined,
)

# Loops over a list in the source are followed element by element up to this length.
LONGEST_UNROLLED = 6
_ASKS_FIRST = frozenset({"hasattr", "isinstance", "callable", "issubclass", "getattr"})
_ASKS_FOR_FILES = frozenset({"exists", "is_file", "isfile"})
_CATCHES_ANYTHING = (
    frozenset({"Exception", "BaseException", "AttributeError", "TypeError", "NameError", "ValueError"})
    | {"ImportError", "ModuleNotFoundError", "LookupError", "KeyError", "IndexError"}
    | {"OSError", "IOError", "FileNotFoundError"}
)


class Statements(Imports, Expressions):
    """The part of the analysis that knows statements."""

    def module_scope(self, tree: ast.Module) -> Scope:
        """Return the scope of a file, with what its text tells before it is followed."""
        elsewhere, on_self = stored_attributes(tree)
        self.stored_attributes |= elsewhere
        self.self_stored |= on_self
        self.checks_file_names = self.checks_file_names and not writes_files(tree)
        scope = Scope(None, module_names(tree), is_open=makes_names(tree))
        scope.postpones_annotations = any(
            isinstance(each, ast.ImportFrom) and each.module == "__future__" and each.names[0].name == "annotations"
            for each in tree.body
        )
        return scope

    def helper(self, name: str, node: ast.AST) -> HelperModule | None:
        """Return the helper module of this name, followed at its first import; None if not given."""
        if name in self.helpers or name not in self.beside.modules:
            return self.helpers.get(name)
        try:
            tree = ast.parse(self.beside.modules[name])
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            line = f", line {error.lineno}" if isinstance(error, SyntaxError) else ""
            self.report(node, f"{name}.py{line}: this is not valid Python: {getattr(error, 'msg', error)}")
            tree = ast.Module([], [])
        self.number_lines(tree, name, node)
        scope = self.module_scope(tree)
        found = self.helpers[name] = HelperModule(name, scope)  # known from here on: helpers may import each other
        self.execute(tree.body, scope)
        return found

    def execute(self, body: list[ast.stmt], scope: Scope) -> None:
        """Follow statements until one of them leaves the block."""
        for statement in body:
            if scope.is_over or not self.step():
                return
            handler = _HANDLERS.get(type(statement))
            if handler is not None:
                handler(self, statement, scope)

    def _assignment(self, node: ast.Assign, scope: Scope) -> None:
        value = self.evaluate(node.value, scope)
        for target in node.targets:
            self.assign(target, value, scope)

    def _annotated(self, node: ast.AnnAssign, scope: Scope) -> None:
        if scope.parent is None or scope.is_class:  # Python leaves those of local names alone
            self.check_annotation(node.annotation, scope)
        if node.value is not None:
            self.assign(node.target, self.evaluate(node.value, scope), scope)

    def _augmented(self, node: ast.AugAssign, scope: Scope) -> None:
        before = self.evaluate(_as_read(node.target), scope)
        added = self.evaluate(node.value, scope)
        found: Value | Problem = UNKNOWN
        if not isinstance(before, Sequence):
            found = self.operated(before, node.op, added)
        elif isinstance(added, Sequence):
            was_empty = before.elements == ()
            before.element = element_of(added) if was_empty else joined(element_of(before), element_of(added))
            before.elements = None
            found = before
        if isinstance(found, Problem):
            self.report(node, found)
            found = UNKNOWN
        if isinstance(before, Instance) and before.owner.is_a("Mobject"):
            before.children = None
            found = before
        self.assign(node.target, found, scope)

    def _deletion(self, node: ast.Delete, scope: Scope) -> None:
        for target in node.targets:
            if isinstance(target, ast.Subscript):
                value = self.evaluate(target.value, scope)
                self.assign(ast.Subscript(target.value, target.slice, ast.Store()), UNKNOWN, scope)
                del value

    def _return(self, node: ast.Return, scope: Scope) -> None:
        scope.returned.append(self.evaluate(node.value, scope) if node.value is not None else Constant(None))
        scope.is_over = True

    def _raise(self, node: ast.Raise, scope: Scope) -> None:
        if node.exc is not None:
            self.evaluate(node.exc, scope)
        scope.is_over = True

    def _leave(self, node: ast.Break | ast.Continue, scope: Scope) -> None:
        scope.is_over = True

    def _if(self, node: ast.If, scope: Scope) -> None:
        # `if __name__ == "__main__"` does not hold if the file is imported, as the stage does.
        asked = node.test.left if isinstance(node.test, ast.Compare) else None
        is_main_guard = isinstance(asked, ast.Name) and asked.id == "__name__"
        truth = False if is_main_guard else self.truth(node.test, scope)
        if truth is not None:
            self.execute(node.body if truth else node.orelse, scope)
            return
        before = scope.fork()
        with self.unsure(), self.quietly(_asks_first(node.test)), self.guarded(asks_what_it_holds(node.test)):
            self.execute(node.body, scope)
            first = scope.fork()
            scope.restore(before)
            self.execute(node.orelse, scope)
        scope.merge(first, scope.fork())

    def _for(self, node: ast.For, scope: Scope) -> None:
        looped = self.evaluate(node.iter, scope)
        elements = looped.elements if isinstance(looped, Sequence) and looped.kind != "set" else None
        if elements == ():
            self.execute(node.orelse, scope)
        elif elements is not None and len(elements) <= LONGEST_UNROLLED:
            for element in elements:
                self.assign(node.target, element, scope)
                self.execute(node.body, scope)
                scope.is_over = False  # after break or return, the rest may or may not run
            self.execute(node.orelse, scope)
        else:
            self._loop(node, scope, lambda: element_of(looped))

    def _loop(self, node: ast.For | ast.While, scope: Scope, element: Callable[[], Value]) -> None:
        """Follow a loop twice. The first pass is quiet and shows what later passes may find.

        The second pass reports what fails in all of them.
        """
        before = scope.fork()
        with self.unsure():
            with self.quietly():
                self._pass(node, scope, element)
            after = scope.fork()
            scope.merge(before, after)
            self._pass(node, scope, element)
        scope.merge(before, after, scope.fork())
        self.execute(node.orelse, scope)

    def _pass(self, node: ast.For | ast.While, scope: Scope, element: Callable[[], Value]) -> None:
        if isinstance(node, ast.For):
            self.assign(node.target, element(), scope)
        self.execute(node.body, scope)
        scope.is_over = False

    def _while(self, node: ast.While, scope: Scope) -> None:
        self.evaluate(node.test, scope)
        with self.guarded(asks_what_it_holds(node.test)):
            self._loop(node, scope, lambda: UNKNOWN)

    def _with(self, node: ast.With, scope: Scope) -> None:
        for item in node.items:
            value = self.evaluate(item.context_expr, scope)
            if item.optional_vars is not None:
                self.assign(item.optional_vars, UNKNOWN if value else value, scope)
        parts = [part for item in node.items for part in ast.walk(item.context_expr)]
        named = {getattr(part, "attr", getattr(part, "id", "")) for part in parts}
        with self.quietly(not named.isdisjoint({"suppress", "raises"})):
            self.execute(node.body, scope)

    def _try(self, node: ast.Try, scope: Scope) -> None:
        before = scope.fork()
        with self.quietly(any(_catches(handler) for handler in node.handlers)):
            self.execute(node.body, scope)
        if not scope.is_over:
            self.execute(node.orelse, scope)
        states = [scope.fork()]
        for handler in node.handlers:
            scope.restore(before)
            scope.merge(before, (states[0][0], False))
            with self.quietly(), self.unsure():
                if handler.name:
                    scope.bind(handler.name, UNKNOWN)
                self.execute(handler.body, scope)
            states.append(scope.fork())
        scope.merge(*states)
        if not scope.is_over:
            self.execute(node.finalbody, scope)

    def _match(self, node: ast.Match, scope: Scope) -> None:
        self.evaluate(node.subject, scope)
        before = scope.fork()
        states = [before]
        with self.unsure(), self.quietly():
            for case in node.cases:
                scope.restore(before)
                for name in bound_names([case.pattern]):
                    scope.bind(name, UNKNOWN)
                self.execute(case.body, scope)
                states.append(scope.fork())
        scope.merge(*states)

    def _function(self, node: ast.FunctionDef, scope: Scope) -> None:
        for decorator in node.decorator_list:
            self.evaluate(decorator, scope)
        made = self.made_function(node, scope)
        scope.bind(node.name, UNKNOWN if node.decorator_list else made)

    def _asynchronous(self, node: ast.AsyncFunctionDef, scope: Scope) -> None:
        self.check_signature(node, scope)
        scope.bind(node.name, UNKNOWN)

    # Classes.

    def _class(self, node: ast.ClassDef, scope: Scope) -> None:
        bases = [self.evaluate(base, scope) for base in node.bases]
        for keyword in node.keywords:
            self.evaluate(keyword.value, scope)
        for decorator in node.decorator_list:
            self.evaluate(decorator, scope)
        owner = new_class(node, bases)
        self.user_classes.append(owner)
        inner = Scope(scope, bound_names(node.body), is_class=True)
        self.execute(node.body, inner)
        for name, value in inner.names.items():
            owner.members[name] = member(owner, name, value, node)
        scope.bind(node.name, UNKNOWN if node.decorator_list else ClassValue(owner))


def _as_read(target: ast.expr) -> ast.expr:
    """Return the target of `x += 1` as an expression that reads it."""
    match target:
        case ast.Name(id=name):
            return ast.copy_location(ast.Name(name, ast.Load()), target)
        case ast.Attribute(value=value, attr=attr):
            return ast.copy_location(ast.Attribute(value, attr, ast.Load()), target)
        case ast.Subscript(value=value, slice=index):
            return ast.copy_location(ast.Subscript(value, index, ast.Load()), target)
    return target


def _asks_first(test: ast.expr) -> bool:
    """Return whether a condition asks what kind a thing is.

    Its branches then know more than the analysis.
    """
    return any(
        (isinstance(each, ast.Name) and each.id in _ASKS_FIRST)
        or (isinstance(each, ast.Attribute) and each.attr in _ASKS_FOR_FILES)
        for each in ast.walk(test)
    )


def _catches(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    names = {getattr(each, "attr", getattr(each, "id", "")) for each in ast.walk(handler.type)}
    return bool(names & _CATCHES_ANYTHING)


_HANDLERS: dict[type[ast.stmt], Callable[..., None]] = {
    ast.Expr: lambda self, node, scope: self.evaluate(node.value, scope),
    ast.Assign: Statements._assignment,
    ast.AnnAssign: Statements._annotated,
    ast.AugAssign: Statements._augmented,
    ast.Delete: Statements._deletion,
    ast.Return: Statements._return,
    ast.Raise: Statements._raise,
    ast.Break: Statements._leave,
    ast.Continue: Statements._leave,
    ast.Assert: lambda self, node, scope: self.evaluate(node.test, scope),
    ast.If: Statements._if,
    ast.For: Statements._for,
    ast.While: Statements._while,
    ast.With: Statements._with,
    ast.Try: Statements._try,
    ast.Match: Statements._match,
    ast.FunctionDef: Statements._function,
    ast.AsyncFunctionDef: Statements._asynchronous,
    ast.ClassDef: Statements._class,
    ast.Import: Statements.imported,
    ast.ImportFrom: Statements.imported_from,
}
