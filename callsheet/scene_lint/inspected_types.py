"""Annotations as names of types that the analysis can work with. What it can't use is left out: an unknown type."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from typing import Any

# Manim's names for one point, and for what may be given for one: see manim.typing.
_POINTS = {
    "Point3D": "array3",
    "Vector3D": "array3",
    "Point3DLike": "point3",
    "Vector3DLike": "point3",
    "Point3DLike_Array": "points3",
}
# Scenes of vectors promise more than they ask for: `add_vector([2, 1])` is as right there as with a third number.
_FLAT = ("manim.scene.vector_space_scene", "Vector3DLike")
_ARRAYS = (
    frozenset({"Point2D", "Vector2D", "Point2D_Array", "Point3D_Array", "Vector3D_Array"})
    | {"MatrixMN", "PixelArray", "ManimFloat_Array", "InternalPoint3D", "InternalPoint3D_Array"}
    | {"BezierPoints", "BezierPoints_Array", "CubicBezierPoints", "CubicBezierPoints_Array"}
    | {"Spline", "QuadraticSpline", "CubicSpline"}
)
_PLAIN = {
    "float": "builtins.float",
    "int": "builtins.int",
    "str": "builtins.str",
    "bool": "builtins.bool",
    "None": "builtins.NoneType",
    "list": "builtins.list",
    "tuple": "builtins.tuple",
    "dict": "builtins.dict",
    "set": "builtins.set",
}


def type_names(annotation: Any, function: Callable[..., Any]) -> list[str]:
    """Names of classes, `Self`, or nothing where the annotation says less than that or more than one can follow."""
    if annotation is None or annotation is inspect.Parameter.empty:
        return []
    text = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", "")
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError:
        return []
    return _names(tree, function) or []


def _names(node: ast.expr, function: Callable[..., Any]) -> list[str] | None:
    match node:
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            one, other = _names(left, function), _names(right, function)
            return None if one is None or other is None else one + other
        case ast.Constant(value=None):
            return ["builtins.NoneType"]
        case ast.Name(id=name):
            return _named(name, function)
        case ast.Subscript(value=ast.Name(id=name)) if name in {"list", "tuple", "dict", "set"}:
            return [_PLAIN[name]]
        case ast.Attribute(value=ast.Name(id="np"), attr="ndarray"):
            return ["numpy.ndarray"]
    return None


def _named(name: str, function: Callable[..., Any]) -> list[str] | None:
    if name == "Self":
        return ["Self"]
    if name in _POINTS and (function.__module__, name) != _FLAT:
        return [_POINTS[name]]
    if name in _ARRAYS:
        return ["numpy.ndarray"]
    if name in _PLAIN:
        return [_PLAIN[name]]
    value = function.__globals__.get(name)
    if inspect.isclass(value):
        return [f"{value.__module__}.{value.__qualname__}"]
    return None
