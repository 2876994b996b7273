"""Arguments against a signature: too many, missing, unknown, or of a kind that can't be right."""

from __future__ import annotations

from dataclasses import dataclass, field

from callsheet.model.problems import nearest
from callsheet.scene_lint import dialect
from callsheet.scene_lint.values import (
    Alternatives,
    Array,
    ClassValue,
    Constant,
    Instance,
    Parameter,
    Problem,
    Sequence,
    Signature,
    Value,
)

NUMBERS = frozenset({"builtins.float", "builtins.int"})
_POINTS = frozenset({"point3", "array3"})
# Names of arguments that a sentence lists; more of them would hide the important ones.
_MOST_LISTED = 6


@dataclass(frozen=True)
class Arguments:
    """What a call gives; the flags stand for `*…` and `**…` whose length is not known."""

    positional: tuple[Value, ...] = ()
    keywords: dict[str, Value] = field(default_factory=dict)
    has_more: bool = False
    has_more_keywords: bool = False
    more: Value | None = None
    """What each of `*…` is, if it is known."""

    def get(self, place: int, name: str) -> Value | None:
        """Return an argument by its place or its name."""
        if name in self.keywords:
            return self.keywords[name]
        return self.positional[place] if place < len(self.positional) else None


def binding_problem(what: str, signature: Signature, given: Arguments) -> Problem | None:
    """Return why a call with these arguments raises.

    Return None if it does not, or if that can't be known.
    """
    return (
        _unknown_keyword(what, signature, given)
        or _too_many(what, signature, given)
        or _given_twice(what, signature, given)
        or _missing(what, signature, given)
        or _wrong_kind(what, signature, given)
    )


def placed(signature: Signature, given: Arguments) -> list[tuple[Parameter, Value]]:
    """Return the parameters and the values they get, as far as both are known."""
    pairs: list[tuple[Parameter, Value]] = []
    places = [each for each in signature.parameters if each.kind in {"positional", "either", "rest"}]
    for number, value in enumerate(given.positional):
        if number < len(places) and places[number].kind != "rest":
            pairs.append((places[number], value))
        elif (rest := next((each for each in places if each.kind == "rest"), None)) is not None:
            pairs.append((rest, value))
    by_name = {each.name: each for each in signature.parameters}
    return pairs + [(by_name[name], value) for name, value in given.keywords.items() if name in by_name]


def _unknown_keyword(what: str, signature: Signature, given: Arguments) -> Problem | None:
    today = dialect.ARGUMENTS.get(what, {})
    unknown = [
        name
        for name in given.keywords
        if name not in signature.names and (signature.keywords is not None or name in today)
    ]
    if not unknown:
        return None
    if renamed := [name for name in unknown if name in today]:
        now = ", ".join(f"{name} → {today[name]}" for name in renamed)
        others = [name for name in unknown if name not in today]
        also = f"; nor {', '.join(others)}" if others else ""
        return Problem(f"{what} takes no argument {', '.join(renamed)}{also}; write instead: {now}")
    close = nearest(unknown[0], signature.names)
    hint = f"; did you mean {close}?" if close else ""
    return Problem(f"{what} takes no argument {', '.join(unknown)}{hint}{_taken(signature, close is None)}")


def _taken(signature: Signature, follows_name: bool) -> str:
    """Return which arguments there are, as the end of a sentence."""
    own = [each.name for each in signature.parameters if each.kind != "rest"]
    listed = [*own, *sorted((signature.keywords or frozenset()) - set(own))]
    if not listed:
        return ""
    more = ", …" if len(listed) > _MOST_LISTED else ""
    return f"{'; it' if follows_name else ' It'} takes {', '.join(listed[:_MOST_LISTED])}{more}"


def _too_many(what: str, signature: Signature, given: Arguments) -> Problem | None:
    if any(each.kind == "rest" for each in signature.parameters):
        return None
    most = sum(each.kind in {"positional", "either"} for each in signature.parameters)
    if len(given.positional) <= most:
        return None
    takes = "takes no argument" if most == 0 else f"takes at most {most} argument{'s' * (most > 1)} by position"
    count = len(given.positional)
    return Problem(f"{what} {takes}, but {count} {'was' if count == 1 else 'were'} given")


def _given_twice(what: str, signature: Signature, given: Arguments) -> Problem | None:
    for place, parameter in enumerate(signature.parameters):
        if parameter.kind not in {"positional", "either"}:
            return None
        if place < len(given.positional) and parameter.name in given.keywords and parameter.kind == "either":
            return Problem(f"{what} is given {parameter.name} twice, by position and by name")
    return None


def _missing(what: str, signature: Signature, given: Arguments) -> Problem | None:
    if given.has_more or given.has_more_keywords:
        return None
    for place, parameter in enumerate(signature.parameters):
        is_placed = place < len(given.positional) and parameter.kind in {"positional", "either"}
        if not (parameter.has_default or parameter.kind == "rest" or is_placed or parameter.name in given.keywords):
            return Problem(f"{what} needs the argument {parameter.name}")
    return None


def _wrong_kind(what: str, signature: Signature, given: Arguments) -> Problem | None:
    for parameter, value in placed(signature, given):
        problem = kind_problem(f"{what}: {parameter.name}", parameter, value)
        if problem is not None:
            return problem
    return None


def kind_problem(what: str, parameter: Parameter, value: Value) -> Problem | None:
    """Return why the value can't be meant for the parameter, if that is certain."""
    if isinstance(value, Alternatives):
        problems = [kind_problem(what, parameter, each) for each in value.values]
        return problems[0] if all(problems) else None
    types = set(parameter.types) - {"builtins.NoneType"}
    if types and types <= NUMBERS:
        return _not_a_number(what, value)
    if types == {"points3"} and isinstance(value, Sequence):
        return next((found for each in value.elements or () if (found := _not_a_point(f"each of {what}", each))), None)
    points = types & _POINTS
    if points and all(each in _POINTS or each.startswith("manim.") for each in types):
        return _not_a_point(what, value)
    return None


def _not_a_number(what: str, value: Value) -> Problem | None:
    match value:
        case Constant(str()):
            return Problem(f"{what} has to be a number, not the text {value.value!r}")
        case Instance(owner) if owner.is_a("Mobject") and not owner.is_a("ValueTracker"):
            return Problem(f"{what} has to be a number, not {owner.name}")
        case ClassValue(owner):
            return Problem(f"{what} has to be a number, not the class {owner.name}")
    return None


def _not_a_point(what: str, value: Value) -> Problem | None:
    length = length_of(value)
    if length is not None and length != 3:
        hint = "; add a 0 as the third" if length == 2 else ""
        return Problem(f"{what} has to be a point of three numbers, but it has {length}{hint}")
    return None


def length_of(value: Value) -> int | None:
    """Return how many numbers a row has.

    Return None for anything else, and for one number that stands for all.
    """
    match value:
        case Array(length):
            return length if length != 1 else None
        case Sequence(kind="list" | "tuple", elements=tuple(elements)) if len(elements) > 1:
            return len(elements) if all(_is_number(each) for each in elements) else None
    return None


def _is_number(value: Value) -> bool:
    match value:
        case Constant(constant):
            return isinstance(constant, int | float)
        case Instance(owner):
            return owner.name in {"int", "float"}
    return False
