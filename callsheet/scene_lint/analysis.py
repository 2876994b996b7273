"""The analysis of one file, from its first line to the end of its scene: setup, construct, tear_down."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace

from callsheet.model.film.scenes import Finding
from callsheet.scene_lint.binding import Arguments
from callsheet.scene_lint.catalogue import Catalogue
from callsheet.scene_lint.classes import UserClass, initializer
from callsheet.scene_lint.run import Beside
from callsheet.scene_lint.scopes import Scope, bound_names
from callsheet.scene_lint.statements import Statements
from callsheet.scene_lint.values import ClassValue, Instance, Method, Problem, UserFunction

_SCENE_METHODS = ("setup", "construct", "tear_down")
# Commands of a notebook: `%%manim -qm Sorting`, `!pip install manim`, `?Circle`, `Circle?`; and one that gives a value.
_NOTEBOOK_LINE = re.compile(r"([ \t]*)([%!?].*|[\w.]+\?\??\s*)")
_NOTEBOOK_VALUE = re.compile(r"[^=]*=\s*[%!].*")
_MOST_NOTEBOOK_LINES = 50


@dataclass(frozen=True)
class Analysis:
    """What a file holds, and what is wrong with the scene that was asked for."""

    scenes: tuple[str, ...]
    class_name: str
    findings: tuple[Finding, ...]
    source: str
    """The source that was followed: the file as it is, or without the commands of a notebook."""
    remarks: tuple[Finding, ...] = ()
    """What a person should know although the scene runs."""


def analysed(source: str, class_name: str, catalogue: Catalogue, *, beside: Beside | None = None) -> Analysis:
    """Follow the scene `class_name` of a file; its only scene if the name is empty.

    Never raises: source that can't be read is a finding. Without `beside`, names of files are not checked.
    """
    lines = source.split("\n")
    remarks: list[Finding] = []
    try:
        tree = _parsed(lines, remarks)
    except SyntaxError as error:
        line = error.lineno or 1
        message = f"the code is not valid Python: {error.msg}"
        if _NOTEBOOK_VALUE.fullmatch("".join(lines[line - 1 : line])):
            message = "a notebook's command gives a value here; write the value itself"
        return Analysis((), class_name, (Finding(line=line, message=message),), source, tuple(remarks))
    except (ValueError, RecursionError, MemoryError) as error:
        finding = Finding(line=1, message=f"the code can't be read as Python: {error}")
        return Analysis((), class_name, (finding,), source)
    run = Statements(catalogue, beside)
    found = _followed(tree, class_name, run, "\n".join(lines))
    return replace(found, remarks=(*remarks, *run.remarks))


def _parsed(lines: list[str], remarks: list[Finding]) -> ast.Module:
    """Parse the lines; make a comment and a remark of each notebook's command that stops Python.

    A line that merely looks like a command, in a text of several lines, stays as it is.
    """
    while True:
        try:
            return ast.parse("\n".join(lines))
        except SyntaxError as error:
            number = error.lineno or 1
            found = _NOTEBOOK_LINE.fullmatch("".join(lines[number - 1 : number]))
            if not found or len(remarks) == _MOST_NOTEBOOK_LINES:
                raise
            command = found[2].split()[0]
            remarks.append(Finding(line=number, message=f"{command} is a notebook's command; it is left out"))
            lines[number - 1] = f"{found[1]}pass  # {found[2]}" if found[1] else f"# {found[2]}"


def _followed(tree: ast.Module, class_name: str, run: Statements, source: str) -> Analysis:
    module = run.module_scope(tree)
    scenes: tuple[str, ...] = ()
    try:
        run.execute(tree.body, module)
        scenes = _scenes(tree, run)
        if not class_name and len(scenes) == 1:
            class_name = scenes[0]
        missing = _missing_scene(tree, class_name, scenes)
        if missing is not None:
            run.report(tree, missing)
        _perform(run, module, class_name)
    except (RecursionError, ValueError, OverflowError):
        # The code is nested too deep, or its numbers are too large: what was found so far stands.
        return Analysis(scenes, class_name, run.findings, source)
    return Analysis(scenes, class_name, run.findings, source)


def _scenes(tree: ast.Module, run: Statements) -> tuple[str, ...]:
    """Return the scenes of a file, in its order, that are no base of another scene in it."""
    top = {each.name for each in tree.body if isinstance(each, ast.ClassDef)}
    scenes = [each for each in run.user_classes if each.name in top and each.is_a("Scene")]
    bases = {base for each in scenes for base in each.order[1:]}
    return tuple(dict.fromkeys(each.name for each in scenes if each not in bases))


def _missing_scene(tree: ast.Module, class_name: str, scenes: tuple[str, ...]) -> str | None:
    """Return why the class that is to be rendered is no scene; None if it is one."""
    if not class_name:
        if len(scenes) > 1:
            return f"there are {len(scenes)} scenes: {', '.join(scenes)}; say which one to render"
        return "there is no scene: write class MyScene(Scene) with a method construct"
    if class_name in bound_names(tree.body):
        return None
    there = f"; the scenes here are {', '.join(scenes)}" if scenes else ""
    return f"there is no class {class_name}{there}"


def _perform(run: Statements, module: Scope, class_name: str) -> None:
    found = module.names.get(class_name)
    if not isinstance(found, ClassValue) or not isinstance(found.owner, UserClass):
        return
    if not found.owner.is_a("Scene") and not found.owner.is_anything:
        run.report(found.owner.node, f"{class_name} is no scene; write class {class_name}(Scene)")
        return
    scene = Instance(found.owner)
    maker = initializer(found.owner)
    if isinstance(maker, tuple) and isinstance(maker[1].value, UserFunction):
        _report(run, found.owner.node, run.enter(maker[1].value, Arguments(), scene))
    for name in _SCENE_METHODS:
        method = run.attribute(scene, name)
        if isinstance(method, Method) and method.function is not None:
            _report(run, method.function.node, run.enter(method.function, Arguments(), scene))


def _report(run: Statements, node: ast.AST, result: object) -> None:
    if isinstance(result, Problem):
        run.report(node, result)
