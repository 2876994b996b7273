"""What Python's own functions and NumPy's return, as far as it helps to follow points and lists."""

from __future__ import annotations

from itertools import islice

from callsheet.scene_lint.binding import Arguments, length_of
from callsheet.scene_lint.run import LintRun
from callsheet.scene_lint.values import (
    UNKNOWN,
    Alternatives,
    Array,
    Constant,
    Instance,
    Mapping,
    Sequence,
    Value,
    by_name,
    joined,
)

_TO_LISTS = {"builtins.list": "list", "builtins.tuple": "tuple", "builtins.set": "set", "builtins.sorted": "list"}
_FLOATS = (
    frozenset({"math.sin", "math.cos", "math.tan", "math.sqrt", "math.exp", "math.log", "math.radians"})
    | {"random.uniform", "random.random"}
    | {"builtins.float"}
)
_INTEGERS = frozenset({"builtins.len", "builtins.int", "math.floor", "math.ceil", "random.randint"})
_TEXTS = frozenset({"builtins.str", "builtins.repr", "builtins.format", "builtins.chr", "builtins.input"})
# Longer ranges count as some number.
LONGEST_COUNTED = 6
_LIKE_ARRAY = frozenset({"numpy.array", "numpy.asarray"})
_TEXT_METHODS = frozenset(
    {"format", "join", "upper", "lower", "strip", "replace", "capitalize", "title", "rjust", "ljust", "center", "zfill"}
)
_CHANGES_LIST = frozenset({"extend", "insert", "remove", "pop", "clear", "sort", "reverse", "update", "add", "discard"})


def foreign_result(run: LintRun, name: str, given: Arguments) -> Value:
    """Return what a function that is not Manim's gives."""
    first = given.positional[0] if given.positional and not given.has_more else UNKNOWN
    if name in _TO_LISTS:
        kind, is_empty = _TO_LISTS[name], not given.positional and not given.has_more
        elements = _exact(first) if kind in {"list", "tuple"} else None
        return Sequence(kind, (), UNKNOWN) if is_empty else Sequence(kind, elements, element_of(first))
    if name in _LIKE_ARRAY:
        return Array(length_of(first) if isinstance(first, Sequence | Array) and not given.keywords else None)
    if name in {"numpy.zeros", "numpy.ones"}:
        size = first.value if isinstance(first, Constant) else None
        return Array(size if type(size) is int else None)
    if name == "builtins.len" and (length := _known_length(first)) is not None:
        return Constant(length)
    for names, kind in ((_FLOATS, "float"), (_INTEGERS, "int"), (_TEXTS, "str")):
        if name in names:
            return run.builtin(kind)
    return _looped(run, name, given, first)


def _known_length(value: Value) -> int | None:
    match value:
        case Sequence(kind="list" | "tuple", elements=tuple(elements)):
            return len(elements)
        case Mapping(entries) if entries is not None:
            return len(entries)
        case Constant(str() as text):
            return len(text)
    return None


def _looped(run: LintRun, name: str, given: Arguments, first: Value) -> Value:
    match name:
        case "builtins.range":
            return Sequence("range", _counted(given), run.builtin("int"))
        case "builtins.enumerate":
            return _enumerated(run, given, first)
        case "builtins.zip" if not given.has_more:
            return _zipped(given)
        case "builtins.reversed":
            elements = _exact(first)
            return Sequence("generator", elements[::-1] if elements is not None else None, element_of(first))
        case "builtins.dict" if not given.positional and not given.has_more_keywords:
            return Mapping(by_name(given.keywords))
    return UNKNOWN


def _enumerated(run: LintRun, given: Arguments, first: Value) -> Value:
    pair = Sequence("tuple", (run.builtin("int"), element_of(first)), UNKNOWN)
    elements = _exact(first)
    if elements is None:
        return Sequence("generator", None, pair)
    start = given.get(1, "start") or Constant(0)
    if not isinstance(start, Constant) or type(start.value) is not int:
        return Sequence("generator", None, pair)
    numbered = enumerate(elements, start.value)
    return Sequence("generator", tuple(Sequence("tuple", (Constant(n), each), UNKNOWN) for n, each in numbered), pair)


def _counted(given: Arguments) -> tuple[Value, ...] | None:
    """Return the numbers of a short range."""
    limits = [each.value for each in given.positional if isinstance(each, Constant) and type(each.value) is int]
    if given.has_more or not 0 < len(limits) == len(given.positional) <= 3 or (len(limits) == 3 and limits[2] == 0):
        return None
    numbers = tuple(Constant(each) for each in islice(range(*limits), LONGEST_COUNTED + 1))
    return numbers if len(numbers) <= LONGEST_COUNTED else None


def _zipped(given: Arguments) -> Value:
    columns = [_exact(each) for each in given.positional]
    row = Sequence("tuple", tuple(element_of(each) for each in given.positional), UNKNOWN)
    if columns and all(each is not None for each in columns):
        rows = tuple(
            Sequence("tuple", values, UNKNOWN) for values in zip(*(each or () for each in columns), strict=False)
        )
        return Sequence("generator", rows, row)
    return Sequence("generator", None, row)


def _exact(value: Value) -> tuple[Value, ...] | None:
    return value.elements if isinstance(value, Sequence) and value.kind != "set" else None


def element_of(value: Value) -> Value:
    """Return what a loop over a value gives."""
    match value:
        case Alternatives(values):
            return joined(*(element_of(each) for each in values))
        case Sequence(elements=elements, element=element):
            return joined(*elements) if elements else element
        case Mapping(entries) if entries:
            return joined(*(Constant(each) for each in entries))
        case Instance(children=children) if children is not None:
            return children
        case Constant(str()):
            return UNKNOWN
    return UNKNOWN


def sequence_method(run: LintRun, receiver: Value, name: str, given: Arguments) -> Value:
    """Return what a method of a list, dict, text or array gives, and note what it changes."""
    match receiver:
        case Sequence():
            return _of_sequence(run, receiver, name, given)
        case Mapping():
            return _of_mapping(receiver, name, given)
        case Array():
            return receiver if name in {"copy", "astype"} else UNKNOWN
        case Constant(str()):
            return run.builtin("str") if name in _TEXT_METHODS else UNKNOWN
        case Instance(owner) if owner.name == "str":
            return run.builtin("str") if name in _TEXT_METHODS else UNKNOWN
    return UNKNOWN


def _of_sequence(run: LintRun, receiver: Sequence, name: str, given: Arguments) -> Value:
    if name == "append" and len(given.positional) == 1:
        added = given.positional[0]
        is_exact = receiver.elements is not None and not run.is_unsure
        before = receiver.elements or ()
        known = receiver.elements == () or receiver.element is not UNKNOWN or bool(before)
        receiver.element = (
            joined(receiver.element, added) if receiver.elements is None and known else joined(*before, added)
        )
        receiver.elements = (*before, added) if is_exact else None
        return Constant(None)
    if name == "pop":
        element = element_of(receiver)
        receiver.elements, receiver.element = None, element
        return element
    if name in _CHANGES_LIST:
        receiver.forget()
        return UNKNOWN
    return Sequence(receiver.kind, receiver.elements, receiver.element) if name == "copy" else UNKNOWN


def _of_mapping(receiver: Mapping, name: str, given: Arguments) -> Value:
    values = tuple(receiver.entries.values()) if receiver.entries else ()
    element = joined(*values) if values else receiver.element
    keys: Value = joined(*(Constant(each) for each in receiver.entries)) if receiver.entries else UNKNOWN
    match name:
        case "values":
            return Sequence("generator", values or None, element)
        case "keys":
            named = tuple(Constant(each) for each in receiver.entries) if receiver.entries is not None else None
            return Sequence("generator", named, keys)
        case "get" if receiver.entries is not None and given.positional and isinstance(given.positional[0], Constant):
            default = given.get(1, "default") or Constant(None)
            return receiver.entries.get(given.positional[0].value, default)
        case "items":
            rows = tuple(Sequence("tuple", (Constant(k), v), UNKNOWN) for k, v in (receiver.entries or {}).items())
            return Sequence("generator", rows or None, Sequence("tuple", (keys, element), UNKNOWN))
        case "update" | "pop" | "popitem" | "clear" | "setdefault":
            receiver.forget()
    return UNKNOWN
