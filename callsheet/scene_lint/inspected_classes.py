"""Classes as JSON: order of bases, attributes with what they are, and how an instance is made."""

from __future__ import annotations

import ast
import contextlib
import inspect
import os
import tempfile
import types
from pathlib import Path
from typing import Any

from callsheet.scene_lint.inspected_signatures import init_signature, qualified_name, signature_of, source_tree
from callsheet.scene_lint.inspected_types import type_names

# Arguments for classes that can't be made without; what they hold tells the types of their attributes.
_SAMPLES: dict[str, str] = {
    "Text": "Text('a')",
    "MarkupText": "MarkupText('a')",
    "Paragraph": "Paragraph('a', 'b')",
    "Code": "Code(code_string='a = 1', language='python')",
    "Brace": "Brace(Square())",
    "BraceBetweenPoints": "BraceBetweenPoints(LEFT, RIGHT)",
    "Axes": "Axes()",
    "Angle": "Angle(Line(), Line(ORIGIN, UP))",
    "RightAngle": "RightAngle(Line(), Line(ORIGIN, UP))",
    "SurroundingRectangle": "SurroundingRectangle(Square())",
    "BackgroundRectangle": "BackgroundRectangle(Square())",
    "Table": "Table([['a', 'b'], ['c', 'd']])",
    "Graph": "Graph([1, 2], [(1, 2)])",
    "DiGraph": "DiGraph([1, 2], [(1, 2)])",
    "DashedVMobject": "DashedVMobject(Circle())",
    "TracedPath": "TracedPath(Dot().get_center)",
    "Polygon": "Polygon(LEFT, UP, RIGHT)",
    "ParametricFunction": "ParametricFunction(lambda t: RIGHT * t)",
    "FunctionGraph": "FunctionGraph(lambda x: x)",
    "Underline": "Underline(Square())",
    "Cross": "Cross(Square())",
    "ValueTracker": "ValueTracker(0)",
    "Cube": "Cube()",
    "Surface": "Surface(lambda u, v: RIGHT * u + UP * v)",
    "FadeIn": "FadeIn(Dot())",
    "Create": "Create(Dot())",
    "Write": "Write(Square())",
    "Transform": "Transform(Square(), Circle())",
    "CurvedArrow": "CurvedArrow(LEFT, RIGHT)",
    "Cutout": "Cutout(Square(), Circle())",
}
# Their `__getattr__` turns `get_x` and `set_x` into properties, which the analysis knows.
_HAVE_PROPERTIES = frozenset({"Mobject", "OpenGLMobject", "_AnimationBuilder"})


class ClassInspector:
    """Collects entries of classes, each with all classes it is made of."""

    def __init__(self) -> None:
        self.entries: dict[str, Any] = {}
        self._classes: dict[str, type] = {}

    def add(self, owner: type) -> str:
        """The name under which a class is written down; done once for each."""
        if not _is_of_manim(owner):
            return self.add_foreign(owner)
        name = qualified_name(owner)
        if name not in self.entries:
            self._classes[name] = owner
            self.entries[name] = {}
            self.entries[name] = self._entry(owner)
        return name

    def add_foreign(self, owner: type) -> str:
        """A class that is not Manim's: its attributes by name. Only a few are known well enough to judge by."""
        name = qualified_name(owner)
        self.entries.setdefault(
            name,
            {
                "order": [name],
                "attributes": {each: ["anything"] for each in dir(owner)},
                "assigned": [],
                "init": None,
                "open": not (owner.__module__ == "builtins" or name == "numpy.ndarray"),
            },
        )
        return name

    def learn_from_instances(self, manim: types.ModuleType) -> None:
        """Note which class the attributes of an instance are of, where one can be made."""
        makeable = (manim.Mobject, manim.Animation, manim.Camera, manim.Scene)
        with _quiet_folder():
            for name, owner in list(self._classes.items()):
                sample = _made(owner, vars(manim)) if issubclass(owner, makeable) else None
                if sample is not None:
                    attributes = getattr(sample, "__dict__", {}).items()
                    held = {key: type(value) for key, value in attributes if value is not None}
                    self.entries[name]["held"] = {
                        key: self.add(kind)
                        for key, kind in held.items()
                        if _is_of_manim(kind) or qualified_name(kind) == "numpy.ndarray"
                    }

    def _entry(self, owner: type) -> dict[str, Any]:
        order = [each for each in owner.__mro__ if each is not object]
        return {
            "order": [self.add(each) if each is not owner else qualified_name(each) for each in order],
            "attributes": {name: self._attribute(value, owner) for name, value in vars(owner).items()},
            "assigned": sorted(assigned_attributes(owner)),
            "init": init_signature(owner),
            "camera": self._camera_of(owner),
            "open": any("__getattr__" in vars(each) and each.__name__ not in _HAVE_PROPERTIES for each in order),
        }

    def _attribute(self, value: Any, owner: type) -> list[Any]:
        if isinstance(value, staticmethod):
            return ["static", signature_of(value.__func__, owner)]
        if isinstance(value, classmethod):
            return ["method", signature_of(value.__func__, owner)]
        if inspect.isfunction(value):
            return ["method", signature_of(value, owner)]
        if isinstance(value, property):
            getter = value.fget
            known = type_names(inspect.unwrap(getter).__annotations__.get("return"), getter) if getter else []
            return ["property", known, value.fset is not None]
        if inspect.isclass(value):
            return ["anything"]
        return ["value", qualified_name(type(value))]

    def _camera_of(self, owner: type) -> str | None:
        """The class of a scene's camera, which is a default of its `__init__`."""
        try:
            parameter = inspect.signature(owner).parameters.get("camera_class")
        except (TypeError, ValueError):
            return None
        default = parameter.default if parameter else None
        return self.add(default) if inspect.isclass(default) and _is_of_manim(default) else None


def assigned_attributes(owner: type) -> set[str]:
    """Names that the methods of a class, not those of its bases, assign on `self`, and names it only annotates."""
    tree = source_tree(owner)
    if tree is None:
        return set()
    names = set(vars(owner).get("__annotations__", {}))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            names.add(node.attr)
    return names


def _is_of_manim(owner: type) -> bool:
    return owner.__module__ == "manim" or owner.__module__.startswith("manim.")


def _made(owner: type, names: dict[str, Any]) -> object | None:
    sample = _SAMPLES.get(owner.__name__)
    with contextlib.suppress(BaseException):
        if sample is not None:
            made: object = eval(sample, dict(names))
            return made
        if inspect.isabstract(owner):
            return None
        parameters = inspect.signature(owner).parameters.values()
        optional = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
        if all(each.default is not inspect.Parameter.empty or each.kind in optional for each in parameters):
            built: object = owner()
            return built
    return None


@contextlib.contextmanager
def _quiet_folder() -> Any:
    """Manim writes files beside itself and to standard output; both go away."""
    from manim import config, logger

    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder, Path(os.devnull).open("w") as nowhere:
        os.chdir(folder)
        config.media_dir = folder
        logger.disabled = True
        try:
            with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
                yield
        finally:
            os.chdir(before)
