"""Functions of x as people write them: “sin(x) / x”, “2 x^2”.

A whitelist of syntax reads them and makes closures of them; no text is ever evaluated as Python.
"""

import ast
import math
import re
from collections.abc import Callable
from difflib import get_close_matches

RealFunction = Callable[[float], float]
"""A function of one number. It gives not a number (nan) if it has no value."""

_CONSTANTS = {"pi": math.pi, "e": math.e, "tau": math.tau}
_FUNCTIONS: dict[str, RealFunction] = {
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "asin": math.asin,
    "acos": math.acos,
    "atan": math.atan,
    "sinh": math.sinh,
    "cosh": math.cosh,
    "tanh": math.tanh,
    "exp": math.exp,
    "log": math.log,
    "ln": math.log,
    "log10": math.log10,
    "log2": math.log2,
    "sqrt": math.sqrt,
    "cbrt": math.cbrt,
    "abs": math.fabs,
    "floor": lambda value: float(math.floor(value)),
    "ceil": lambda value: float(math.ceil(value)),
    "sign": lambda value: float((value > 0) - (value < 0)),
}
_OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: lambda left, right: left + right,
    ast.Sub: lambda left, right: left - right,
    ast.Mult: lambda left, right: left * right,
    ast.Div: lambda left, right: left / right,
    ast.Pow: math.pow,
}
_SPELLINGS = str.maketrans(
    {"−": "-", "–": "-", "·": "*", "⋅": "*", "×": "*", "÷": "/", "π": " pi ", "²": "^2", "³": "^3"}
)
_ADJACENT = re.compile(r"(?<![A-Za-z_\d.])((?:\d+\.?\d*|\.\d+))\s*(?=[A-Za-z(])(?![eE][-+]?\d)")
"""A number that a name or a bracket follows: a product, as in 2 x or 3(x + 1); but not 2e5."""
_LARGEST = 1e100
"""Larger values count as none: nothing can be drawn there, and sums of them overflow."""


class ExpressionError(ValueError):
    """The text is no function of x. The message is a sentence that says why."""


def parse_expression(text: str) -> RealFunction:
    """Return the function of x that `text` describes. Raises ExpressionError."""
    source = _ADJACENT.sub(r"\1*", text.translate(_SPELLINGS)).replace("^", "**").strip()
    try:
        tree = ast.parse(source, mode="eval")
        function = _compiled(tree.body)
    except SyntaxError:
        raise ExpressionError(_syntax_sentence(text)) from None
    except (RecursionError, MemoryError, ValueError) as error:
        raise error if isinstance(error, ExpressionError) else ExpressionError(_syntax_sentence(text)) from None
    return _guarded(function)


def _compiled(node: ast.expr) -> RealFunction:
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return _constant(float(value))
        case ast.Name(id=name):
            return _named(name)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = _compiled(operand)
            return lambda x: -inner(x)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _compiled(operand)
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _OPERATORS:
            combine, one, other = _OPERATORS[type(operator)], _compiled(left), _compiled(right)
            return lambda x: combine(one(x), other(x))
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            return _called(name, arguments)
        case _:
            raise ExpressionError(f"“{_shown(node)}” is not understood: use + - * / ^, brackets and functions of x")


def _constant(value: float) -> RealFunction:
    return lambda _: value


def _named(name: str) -> RealFunction:
    if name == "x":
        return lambda x: x
    if name in _CONSTANTS:
        return _constant(_CONSTANTS[name])
    if name in _FUNCTIONS:
        raise ExpressionError(f"{name} needs brackets after it: write {name}(x)")
    raise ExpressionError(_unknown(name, ["x", *_CONSTANTS, *_FUNCTIONS]))


def _called(name: str, arguments: list[ast.expr]) -> RealFunction:
    if name == "x" or name in _CONSTANTS:
        raise ExpressionError(f"{name}(…) is not a function: write {name} * (…) for a product")
    if name not in _FUNCTIONS:
        raise ExpressionError(_unknown(name, list(_FUNCTIONS)))
    if len(arguments) != 1:
        raise ExpressionError(f"{name} takes one value, not {len(arguments)}")
    outer, inner = _FUNCTIONS[name], _compiled(arguments[0])
    return lambda x: outer(inner(x))


def _guarded(function: RealFunction) -> RealFunction:
    def guarded(x: float) -> float:
        try:
            value = function(x)
        except (ValueError, ZeroDivisionError, OverflowError):
            return math.nan
        return value if abs(value) <= _LARGEST else math.nan

    return guarded


def _unknown(name: str, known: list[str]) -> str:
    close = get_close_matches(name, known, n=1)
    hint = f"did you mean {close[0]}?" if close else f"the variable is x, and known are {', '.join(known)}"
    return f"the name “{name[:24]}” is unknown: {hint}"


def _shown(node: ast.expr) -> str:
    return ast.unparse(node)[:40].replace("**", "^")


def _syntax_sentence(text: str) -> str:
    if text.count("(") != text.count(")"):
        return f"the brackets in “{text[:60]}” don't pair up"
    return f"“{text[:60]}” is not a formula in x: write it like 2 * x^2 + sin(x) / 3"
