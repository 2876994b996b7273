"""Writes down what the installed Manim really offers, as JSON. Runs as a separate process and reads no scene code.

    python -m callsheet.scene_lint.inspect_manim FILE

Names come from importing the modules, attributes from the classes and from the sources of their methods (`self.x = …`),
and attribute types from instances that it makes with no or a few arguments.
"""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import sys
import types
import warnings
from pathlib import Path
from typing import Any

from callsheet.scene_lint.inspected_classes import ClassInspector
from callsheet.scene_lint.inspected_modules import add_voiceover_scene, importable_modules
from callsheet.scene_lint.inspected_signatures import qualified_name, signature_of, stored_attributes

# Modules beside Manim whose names are written down, so that `np.aray` is found. The others are only known to exist.
NAMED_MODULES = (
    *("numpy", "numpy.linalg", "numpy.random", "numpy.fft", "numpy.polynomial", "math", "cmath", "random"),
    *("itertools", "functools", "collections", "collections.abc", "typing", "dataclasses", "enum"),
    *("string", "textwrap", "fractions", "decimal", "statistics", "colorsys", "operator", "re", "copy"),
    *("time", "datetime", "json", "os", "os.path", "sys", "pathlib", "heapq", "bisect", "abc", "io", "builtins"),
    *("scipy", "networkx", "PIL"),
)
# Classes whose attributes are known but whose methods are not written in Python.
BUILTIN_CLASSES = (int, float, complex, str, bool, bytes, list, tuple, dict, set, frozenset, range, slice, type(None))


def main() -> int:
    """Inspect and write the file whose name is the only argument."""
    warnings.simplefilter("ignore")
    Path(sys.argv[1]).write_text(json.dumps(inspected(), separators=(",", ":")), encoding="utf-8")
    return 0


def inspected() -> dict[str, Any]:
    """Everything that `callsheet.scene_lint.catalogue` reads."""
    import manim
    import numpy
    from manim.mobject.mobject import _AnimationBuilder

    classes = ClassInspector()
    for builtin in (*BUILTIN_CLASSES, numpy.ndarray):
        classes.add_foreign(builtin)
    modules: dict[str, dict[str, Any]] = {}
    # What importing Manim has loaded, and the plugins' space.
    for module in sorted(name for name in sys.modules if name == "manim" or name.startswith("manim.")):
        names = vars(importlib.import_module(module)).items()
        modules[module] = {name: _reference(value, classes) for name, value in names if not name.startswith("__")}
    classes.add(_AnimationBuilder)  # the class behind `.animate`, which no module offers by a public name
    classes.learn_from_instances(manim)
    for name in NAMED_MODULES:
        other = importlib.import_module(name)
        # Its submodules count, too: `from PIL import ImageDraw` loads one.
        submodules = {each.name for each in pkgutil.iter_modules(getattr(other, "__path__", ()))}
        modules[name] = {each: ["module", f"{name}.{each}"] for each in submodules} | {
            each: _foreign_reference(vars(other).get(each)) for each in {*vars(other), *dir(other)}
        }
    add_voiceover_scene(modules, classes.entries)
    return {
        "version": manim.__version__,
        "star": sorted(getattr(manim, "__all__", None) or (name for name in vars(manim) if not name.startswith("_"))),
        "modules": modules,
        "classes": classes.entries,
        "functions": _FUNCTIONS,
        "stored": sorted(stored_attributes(sys.modules)),
        "importable": importable_modules(),
    }


_FUNCTIONS: dict[str, Any] = {}


def _reference(value: Any, classes: ClassInspector) -> list[str]:
    """What a name stands for: a kind, and where to read on."""
    if isinstance(value, types.ModuleType):
        return ["module", value.__name__]
    if inspect.isclass(value):
        return ["class", classes.add(value)]
    if inspect.isfunction(value):
        name = qualified_name(value)
        _FUNCTIONS.setdefault(name, signature_of(value, None))
        return ["function", name]
    if type(value).__name__ == "ndarray":
        return ["array", str(len(value)) if value.ndim == 1 else ""]
    return ["value", classes.add(type(value))]


def _foreign_reference(value: Any) -> list[str]:
    if isinstance(value, types.ModuleType):
        return ["module", value.__name__]
    if type(value) in {int, float, str, bool}:
        return ["value", f"builtins.{type(value).__name__}"]
    return ["anything", ""]


if __name__ == "__main__":
    sys.exit(main())
