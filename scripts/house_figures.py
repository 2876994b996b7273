#!/usr/bin/env python3
"""Measure how the code is cut, before and after: small functions, lonely modules, server filters, lines.

    python scripts/house_figures.py [REVISION]

Prints a table of the product code (`callsheet`, `tasks`, `flows`, `deployments`) in a revision of Git and in the
working tree. Without a revision, the working tree alone is measured. Calls and imports are counted by name, from the
syntax trees.

A tiny function is counted twice. “Named once” counts every one whose name occurs once. “Called once” leaves out those
that no caller could take in: a value (in a table of handlers, or passed to another function), and a method that other
code calls through its class (it overrides one of a base class, or several classes have it).
"""

import ast
import re
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
FLOORS = ("callsheet", "tasks", "flows", "deployments")
TINY_LINES = 4
"""A function of this many lines or fewer is tiny. Its docstring and decorators don't count."""
SERVER_FILTER = re.compile(r"\b(?:FlowRun|Flow|TaskRun|Deployment|Artifact|Event|WorkQueue)\w*Filter\w*")


@dataclass(frozen=True)
class Figures:
    """What was counted in one tree."""

    lines: int
    modules: int
    functions: int
    tiny_and_named_once: int
    tiny_and_called_once: int
    imported_by_one: int
    filter_mentions: int
    fmt_skips: int

    def rows(self) -> dict[str, str]:
        """Return the figures in words, by what they count."""
        return {
            "lines of product code": f"{self.lines:,}",
            "modules": f"{self.modules:,}",
            "functions": f"{self.functions:,}",
            f"of {TINY_LINES} lines or less, named once": self._share(self.tiny_and_named_once),
            f"of {TINY_LINES} lines or less, called once": self._share(self.tiny_and_called_once),
            "modules imported by exactly one other": f"{self.imported_by_one}",
            "mentions of server filters": f"{self.filter_mentions}",
            "“fmt: skip”": f"{self.fmt_skips}",
        }

    def _share(self, number: int) -> str:
        return f"{number} ({100 * number / self.functions:.1f} %)"


def measure(root: Path) -> Figures:
    """Count in the product code below `root`."""
    files = [file for floor in FLOORS for file in sorted((root / floor).rglob("*.py"))]
    texts = {file: file.read_text(encoding="utf-8") for file in files}
    trees = {file: ast.parse(text) for file, text in texts.items()}
    functions = [
        each
        for tree in trees.values()
        for each in ast.walk(tree)
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    used = Counter(name for tree in trees.values() for name in _names_used(tree))
    tiny = [
        each for each in functions if _lines_of(each) <= TINY_LINES and used[each.name] == 1 and not each.decorator_list
    ]
    nodes = [node for tree in trees.values() for node in ast.walk(tree)]
    called = Counter(_name_of(each.func) for each in nodes if isinstance(each, ast.Call))
    through_class = _called_through_class(nodes)
    importers = _importers({_module_of(file, root): tree for file, tree in trees.items()})
    return Figures(
        lines=sum(text.count("\n") for text in texts.values()),
        modules=len(files),
        functions=len(functions),
        tiny_and_named_once=len(tiny),
        tiny_and_called_once=sum(called[each.name] == 1 and each not in through_class for each in tiny),
        imported_by_one=sum(len(by) == 1 for by in importers.values()),
        filter_mentions=sum(len(SERVER_FILTER.findall(text)) for text in texts.values()),
        fmt_skips=sum(text.count("# fmt: skip") for text in texts.values()),
    )


def _lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of its head and body; a docstring is none of them."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return 1 + (body[-1].end_lineno - body[0].lineno + 1 if body and body[-1].end_lineno else 0)


def _names_used(tree: ast.AST) -> list[str]:
    names = [each.id for each in ast.walk(tree) if isinstance(each, ast.Name)]
    return names + [each.attr for each in ast.walk(tree) if isinstance(each, ast.Attribute)]


def _name_of(called: ast.expr) -> str:
    return getattr(called, "id", getattr(called, "attr", ""))


def _called_through_class(nodes: list[ast.AST]) -> set[ast.AST]:
    """Return the methods that several classes have, that Python itself calls, or that extend one of a base class."""
    methods = [
        method
        for each in nodes
        if isinstance(each, ast.ClassDef)
        for method in each.body
        if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    classes = Counter(method.name for method in methods)
    return {
        method
        for method in methods
        if classes[method.name] > 1 or method.name.startswith("__") or f"super().{method.name}(" in ast.unparse(method)
    }


def _module_of(file: Path, root: Path) -> str:
    parts = file.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _importers(trees: dict[str, ast.Module]) -> dict[str, set[str]]:
    """Return, for each module, the modules that import it or something out of it."""
    importers: dict[str, set[str]] = {module: set() for module in trees}
    for module, tree in trees.items():
        for each in ast.walk(tree):
            if isinstance(each, ast.ImportFrom) and each.module:
                named = [f"{each.module}.{alias.name}" for alias in each.names]
            elif isinstance(each, ast.Import):
                named = [alias.name for alias in each.names]
            else:
                continue
            for name in named:
                found = name if name in trees else name.rpartition(".")[0]
                if found in trees and found != module:
                    importers[found].add(module)
    return importers


def figures_of(revision: str) -> Figures:
    """Measure a revision of Git."""
    with tempfile.TemporaryDirectory() as folder:
        packed = Path(folder) / "tree.tar"
        subprocess.run(["git", "archive", "--output", packed, revision, *FLOORS], cwd=CHECKOUT, check=True)
        with tarfile.open(packed) as tree:
            tree.extractall(folder, filter="data")
        return measure(Path(folder))


def main() -> None:
    """Print the table."""
    columns = {revision: figures_of(revision).rows() for revision in sys.argv[1:2]}
    columns["working tree"] = measure(CHECKOUT).rows()
    print(f"{'':38}" + "".join(f"{name:>16}" for name in columns))
    for row in columns["working tree"]:
        print(f"{row:38}" + "".join(f"{column[row]:>16}" for column in columns.values()))


if __name__ == "__main__":
    main()
