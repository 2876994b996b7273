"""One file from its first line to the end of its scene: setup, construct, tear_down."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from callsheet.model.scenes import Finding
from callsheet.stage.validation.binding import Arguments
from callsheet.stage.validation.catalogue import Catalogue
from callsheet.stage.validation.classes import UserClass, initializer
from callsheet.stage.validation.scopes import Scope, bound_names
from callsheet.stage.validation.statements import Statements
from callsheet.stage.validation.values import ClassValue, Instance, Method, Problem, UserFunction

_SCENE_METHODS = ("setup", "construct", "tear_down")
# With these, code makes names in ways that can't be followed.
_MAKES_NAMES = frozenset({"exec", "eval", "globals", "locals", "vars", "__import__", "compile"})


@dataclass(frozen=True)
class Analysis:
    """What a file holds, and what is wrong with the scene that was asked for."""

    scenes: tuple[str, ...]
    class_name: str
    findings: tuple[Finding, ...]


def analysed(source: str, class_name: str, catalogue: Catalogue, *, has_latex: bool) -> Analysis:
    """Follow the scene `class_name` of a file; the only one in it where the name is empty.

    Never raises: source that can't be read is a finding.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        message = f"the code is not valid Python: {error.msg}"
        return Analysis((), class_name, (Finding(line=error.lineno or 1, message=message),))
    except (ValueError, RecursionError, MemoryError) as error:
        return Analysis((), class_name, (Finding(line=1, message=f"the code can't be read as Python: {error}"),))
    return _followed(tree, class_name, Statements(catalogue, has_latex))


def _followed(tree: ast.Module, class_name: str, run: Statements) -> Analysis:
    run.stored_attributes, run.self_stored = _stored_attributes(tree)
    module = Scope(None, _module_names(tree), is_open=_is_open(tree))
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
        # Nested deeper than this goes, or numbers beyond measure: what was found so far stands.
        return Analysis(scenes, class_name, run.findings)
    return Analysis(scenes, class_name, run.findings)


def _scenes(tree: ast.Module, run: Statements) -> tuple[str, ...]:
    """Classes of the file that are scenes and no base of another scene in it, in the order of the file."""
    top = {each.name for each in tree.body if isinstance(each, ast.ClassDef)}
    scenes = [each for each in run.user_classes if each.name in top and each.is_a("Scene")]
    bases = {base for each in scenes for base in each.order[1:]}
    return tuple(dict.fromkeys(each.name for each in scenes if each not in bases))


def _missing_scene(tree: ast.Module, class_name: str, scenes: tuple[str, ...]) -> str | None:
    """Why the class that is to be rendered is none."""
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


def _module_names(tree: ast.Module) -> frozenset[str]:
    """Names of the module; those that functions declare global belong to it, too."""
    declared: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            declared |= set(node.names)
    return bound_names(tree.body) | declared


def _is_open(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.Name) and node.id in _MAKES_NAMES for node in ast.walk(tree))


def _stored_attributes(tree: ast.Module) -> tuple[frozenset[str], frozenset[str]]:
    """Attributes that the code puts on objects: on any but `self`, and on `self`."""
    elsewhere: set[str] = set()
    on_self: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Store()):
                on_self.add(name)
            case ast.Attribute(attr=name, ctx=ast.Store()):
                elsewhere.add(name)
            case ast.Call(func=ast.Name(id="setattr"), args=[_, ast.Constant(value=str(name)), *_]):
                elsewhere.add(name)
            case ast.Call(func=ast.Attribute(attr="set"), keywords=keywords):
                elsewhere |= {each.arg for each in keywords if each.arg}
            case ast.Call(func=ast.Attribute(attr=name)) if name.startswith("set_"):
                elsewhere.add(name[4:])
    return frozenset(elsewhere), frozenset(on_self)
