"""The state of one analysis: the findings so far, how far it may still go, and when it reports nothing."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from callsheet.model.film.scenes import Finding
from callsheet.scene_lint.catalogue import Catalogue
from callsheet.scene_lint.classes import KnownClass, UserClass
from callsheet.scene_lint.scopes import Scope
from callsheet.scene_lint.values import UNKNOWN, Array, Class, Constant, HelperModule, Instance, Problem, Value

# Expressions that are looked at before the analysis stops. A long scene of 600 lines takes about 10,000.
MOST_STEPS = 60_000
MOST_FINDINGS = 20
# Lines of the helper module number n are counted from n times this: a line then tells its file.
LINES_OF_A_FILE = 10_000_000


@dataclass(frozen=True)
class Beside:
    """The files that lie beside a scene when it runs."""

    names: frozenset[str] = frozenset()
    modules: Mapping[str, str] = field(default_factory=dict)
    """The source of each helper module by the name under which it is imported."""
    remarks: tuple[Finding, ...] = ()
    """Remarks on what Callsheet does not draw of the drawings among them, if a scene lets Manim draw them."""

    @classmethod
    def of(cls, names: Iterable[str], legible: Mapping[str, Path], remarks: tuple[Finding, ...] = ()) -> Beside:
        """Return all files by their names, and where helper modules among them lie here."""
        modules = {name: path for name, path in legible.items() if name.endswith(".py")}
        sources = {Path(name).stem: path.read_text(encoding="utf-8-sig") for name, path in modules.items()}
        return cls(frozenset(names), sources, remarks)

    def remarks_on(self, source: str) -> tuple[Finding, ...]:
        """Return what a scene of this source does not show of the drawings."""
        return self.remarks if any("SVGMobject" in each for each in (source, *self.modules.values())) else ()

    @staticmethod
    def is_legible(name: str) -> bool:
        """Return whether validation looks into a file of this name: a helper module or a drawing."""
        return name.lower().endswith((".py", ".svg"))


class LintRun:
    """The state that every step of the analysis shares."""

    def __init__(self, catalogue: Catalogue, beside: Beside | None = None) -> None:
        self.catalogue = catalogue
        self.beside = beside or Beside()
        self.checks_file_names = beside is not None
        self.helpers: dict[str, HelperModule] = {}
        self._helper_lines: list[tuple[str, int]] = []
        self.user_classes: list[UserClass] = []
        self.stored_attributes: frozenset[str] = frozenset()
        self.self_stored: frozenset[str] = frozenset()
        # Whether `from manim import *` was seen.
        self.takes_all_of_manim = False
        self._findings: dict[tuple[int, str], Finding] = {}
        self._remarks: dict[tuple[int, str], Finding] = {}
        self._quiet = 0
        self._guarded = 0
        self._unsure = 0
        self._steps = 0

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return the findings in the order of the lines."""
        return tuple(sorted(self._findings.values(), key=lambda each: (each.line, each.message)))

    @property
    def remarks(self) -> tuple[Finding, ...]:
        """Return what a person should know although the scene runs, in the order of the lines."""
        return tuple(sorted(self._remarks.values(), key=lambda each: (each.line, each.message)))[:MOST_FINDINGS]

    @property
    def is_guarded(self) -> bool:
        """Return whether the code has asked before what a list or dict holds."""
        return self._guarded > 0

    @property
    def is_unsure(self) -> bool:
        """Return whether what is looked at may run once, often or never."""
        return self._unsure > 0

    def report(self, node: ast.AST, problem: Problem | str) -> None:
        """Note a finding at the line of `node`, unless the code expects a failure there."""
        finding = self._placed(node, problem.message if isinstance(problem, Problem) else problem)
        if not self._quiet and len(self._findings) < MOST_FINDINGS:
            self._findings.setdefault((finding.line, finding.message), finding)

    def remark(self, node: ast.AST, message: str) -> None:
        """Note what a person should know at the line of `node`."""
        finding = self._placed(node, message)
        self._remarks.setdefault((finding.line, finding.message), finding)

    def _placed(self, node: ast.AST, message: str) -> Finding:
        number, line = divmod(getattr(node, "lineno", 1), LINES_OF_A_FILE)
        if number:
            name, imported_at = self._helper_lines[number - 1]
            return Finding(line=imported_at, message=f"{name}.py, line {line}: {message}")
        return Finding(line=line, message=message)

    @contextlib.contextmanager
    def quietly(self, is_quiet: bool = True) -> Iterator[None]:
        """Report nothing inside the block: the code catches what fails, or may never come here."""
        self._quiet += is_quiet
        try:
            yield
        finally:
            self._quiet -= is_quiet

    def number_lines(self, tree: ast.Module, name: str, node: ast.AST) -> None:
        """Number the lines of a helper module's tree.

        A number tells the module's name and the scene's own line that imports it.
        """
        number, line = divmod(getattr(node, "lineno", 1), LINES_OF_A_FILE)
        imported_at = self._helper_lines[number - 1][1] if number else line
        self._helper_lines.append((name, imported_at))
        ast.increment_lineno(tree, len(self._helper_lines) * LINES_OF_A_FILE)

    @contextlib.contextmanager
    def guarded(self, is_guarded: bool = True) -> Iterator[None]:
        """Report no key or index inside the block that is not known to be there."""
        self._guarded += is_guarded
        try:
            yield
        finally:
            self._guarded -= is_guarded

    @contextlib.contextmanager
    def unsure(self) -> Iterator[None]:
        """Take what is assigned on objects inside the block for one possibility among others."""
        self._unsure += 1
        try:
            yield
        finally:
            self._unsure -= 1

    def step(self) -> bool:
        """Count one expression; return False if the analysis has gone far enough."""
        self._steps += 1
        return self._steps < MOST_STEPS

    def of_type(self, name: str, receiver: Value | None = None) -> Value:
        """Return what a type of the catalogue stands for.

        That is `Self`, a kind of array, or an instance, maybe of a subclass.
        """
        if name == "Self":
            return receiver if receiver is not None else UNKNOWN
        if name == "array3":
            return Array(3)
        if name == "numpy.ndarray":
            return Array(None)
        if name == "builtins.NoneType":
            return Constant(None)
        owner = self.catalogue.classes.get(name)
        return Instance(owner, is_exact=False) if owner is not None and not name.startswith("typing.") else UNKNOWN

    def subclasses_of(self, owner: Class) -> list[Class]:
        """Return the classes of Manim and of the scene code that are derived from this one."""
        known = self.catalogue.subclasses(owner) if isinstance(owner, KnownClass) else ()
        return [*known, *(each for each in self.user_classes if owner in each.order)]

    def builtin(self, name: str) -> Instance:
        """Return some number or text whose value is not known."""
        return Instance(self.catalogue.classes[f"builtins.{name}"])

    # The steps below are made by the classes further down the chain; each calls the others.

    def evaluate(self, node: ast.expr, scope: Scope) -> Value:
        """Return what an expression gives."""
        raise NotImplementedError

    def execute(self, body: list[ast.stmt], scope: Scope) -> None:
        """Follow statements."""
        raise NotImplementedError


def an(name: str) -> str:
    """Return the name with its article."""
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def name_of(owner: Class) -> str:
    """Return a class as a person calls it."""
    return {"ndarray": "NumPy array", "NoneType": "None", "_AnimationBuilder": "animate"}.get(owner.name, owner.name)
