"""Imports: what is there to be imported, and what has no place in a scene."""

from __future__ import annotations

import ast

from callsheet.model.problems import nearest
from callsheet.scene_lint import dialect
from callsheet.scene_lint.attributes import Attributes
from callsheet.scene_lint.scopes import Scope
from callsheet.scene_lint.values import UNKNOWN, ForeignValue, HelperModule, ModuleValue, Problem, Value

# Modules that start programs or talk to the network. What counts is their use on the way that a scene takes: files that
# can also render themselves import them for a `main` that never runs here. `os`, `sys` and `pathlib` are allowed: good
# scenes join paths with them, and the sandbox stops everything else they try.
_OUT_OF_PLACE = (
    frozenset({"subprocess", "multiprocessing", "pty", "ctypes"})
    | {"socket", "socketserver", "ssl", "webbrowser"}
    | {"http", "urllib", "requests", "ftplib", "smtplib", "telnetlib", "xmlrpc"}
)


def misplaced(value: Value) -> Problem | None:
    """Return the problem of a used name, if it comes from a module that no scene may use."""
    top = value.name.partition(".")[0] if isinstance(value, ModuleValue | ForeignValue) else ""
    return _out_of_place(top) if top in _OUT_OF_PLACE else None


class Imports(Attributes):
    """The part of the analysis that knows imports."""

    def imported(self, node: ast.Import, scope: Scope) -> None:
        """Follow `import a.b`, `import a as b`."""
        for alias in node.names:
            helper = self.helper(alias.name, node)
            if helper is not None:
                scope.bind(alias.asname or alias.name, helper)
                continue
            problem = self._import_problem(alias.name)
            if problem is not None:
                self.report(node, problem)
            top = alias.name.partition(".")[0]
            known = problem is None
            name = alias.name if alias.asname else top
            scope.bind(alias.asname or top, ModuleValue(name) if known else UNKNOWN)

    def imported_from(self, node: ast.ImportFrom, scope: Scope) -> None:
        """Follow `from a import b`."""
        module = node.module or ""
        helper = self.helper(module, node) if not node.level else None
        if helper is not None:
            self._take_from_helper(helper, node, scope)
            return
        problem = self._import_problem(module) if not node.level else self._relative_import(node)
        if problem is not None:
            self.report(node, problem)
        for alias in node.names:
            if alias.name == "*":
                self._take_all(module, scope, is_known=problem is None)
            else:
                scope.bind(alias.asname or alias.name, self._member(module, alias.name, node, problem is None))

    def helper(self, name: str, node: ast.AST) -> HelperModule | None:
        """Return the helper module of this name, followed at its first import; None if not given."""
        raise NotImplementedError

    def _take_from_helper(self, helper: HelperModule, node: ast.ImportFrom, scope: Scope) -> None:
        for alias in node.names:
            if alias.name != "*":
                found = self.attribute(helper, alias.name)
                if isinstance(found, Problem):
                    self.report(node, found)
                    found = UNKNOWN
                scope.bind(alias.asname or alias.name, found)
                continue
            scope.is_open = scope.is_open or helper.scope.is_open or "__all__" in helper.scope.bound
            scope.offered.update(helper.scope.offered)
            public = {name: value for name, value in helper.scope.names.items() if not name.startswith("_")}
            scope.names.update(public)

    def _relative_import(self, node: ast.ImportFrom) -> Problem:
        module = node.module or node.names[0].name
        if module in self.beside.modules:
            return Problem(f"the scene is no package: write from {module} import … without the dot")
        return Problem(f"the scene is no package: give {module}.py with it, and import {module} without the dot")

    def _import_problem(self, module: str) -> Problem | None:
        top = module.partition(".")[0]
        if top in dialect.GL_MODULES:
            return Problem(
                f"{top} is ManimGL, another dialect; this is Manim Community {self.catalogue.manim_version}: "
                "write from manim import *"
            )
        if top not in self.catalogue.importable:
            if top in _OUT_OF_PLACE:
                return _out_of_place(top)
            known = {"manim", "numpy", "scipy", "math", "random", *self.beside.modules}
            close = nearest(top, known)
            own = f"a file of your own is given with the scene ({top}.py), other packages can't be used"
            hint = f"did you mean {close}?" if close else own
            return Problem(f"there is no module {top} where scenes are rendered; {hint}")
        if top == "manim" and module not in self.catalogue.modules:
            return Problem(f"the installed Manim has no module {module}")
        return None

    def _take_all(self, module: str, scope: Scope, is_known: bool) -> None:
        names = self.catalogue.modules.get(module) if is_known else None
        if names is None:
            scope.is_open = True
            return
        offered = (
            self.catalogue.star if module == "manim" else frozenset(each for each in names if not each.startswith("_"))
        )
        self.takes_all_of_manim = self.takes_all_of_manim or module == "manim"
        values: dict[str, Value] = {}

        def value_of(name: str) -> Value:
            if name not in values:
                values[name] = self.named_value(names[name], f"{module}.{name}")
            return values[name]

        scope.offered.update(dict.fromkeys((name for name in offered if name in names), value_of))
        for name in offered & scope.names.keys():
            del scope.names[name]

    def _member(self, module: str, name: str, node: ast.ImportFrom, is_known: bool) -> Value:
        if is_known and module.partition(".")[0] in _OUT_OF_PLACE:
            return ForeignValue(f"{module}.{name}")
        if not is_known or module not in self.catalogue.modules:
            return UNKNOWN
        found = self.attribute(ModuleValue(module), name)
        if isinstance(found, Problem):
            self.report(node, found)
            return UNKNOWN
        return found


def _out_of_place(top: str) -> Problem:
    return Problem(f"a scene can't use the module {top}: it runs with no network and starts no programs")
