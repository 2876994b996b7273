"""Validation problems as a person reads them: the path of a field, and one sentence that says what to do.

This is the one translation of pydantic's errors: request files, forms, the command line, answers of language models
and settings all use it. No person reads pydantic's own words.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from callsheet.model.values import Value

Location = tuple[str | int, ...]
Problem = tuple[Location, str]

# By pydantic's error type; {…} are the facts it gives, and {given} is the value that was given.
_SENTENCES = {
    "missing": "is needed",
    "too_short": "needs at least {min_length}, not {actual_length}",
    "too_long": "takes at most {max_length}, not {actual_length}",
    "string_too_short": "needs at least {min_length} character(s)",
    "string_too_long": "takes at most {max_length} characters",
    "string_type": "must be text, not {given}",
    "greater_than": "must be greater than {gt}",
    "greater_than_equal": "must be {ge} or more",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be {le} or less",
    "int_parsing": "must be a whole number, not {given}",
    "int_type": "must be a whole number, not {given}",
    "int_from_float": "must be a whole number, not {given}",
    "int_parsing_size": "is a number with too many digits",
    "float_parsing": "must be a number, not {given}",
    "float_type": "must be a number, not {given}",
    "finite_number": "must be a number that has an end, not {given}",
    "bool_parsing": "must be true or false, not {given}",
    "bool_type": "must be true or false, not {given}",
    "tuple_type": "must be a list, not {given}",
    "list_type": "must be a list, not {given}",
    "frozen_set_type": "must be a list, not {given}",
    "model_type": "must be fields with values, not {given}",
    "model_attributes_type": "must be fields with values, not {given}",
    "dict_type": "must be fields with values, not {given}",
    "mapping_type": "must be fields with values, not {given}",
    "invalid_key": "has a field whose name is no text: {given}",
    "invalid-json-value": "must be text, a number, true, false, a list or fields, not {given}",
    "none_required": "must be left empty",
    "date_type": "must be a day such as 2026-11-28, not {given}",
    "date_parsing": "must be a day such as 2026-11-28, not {given}",
    "date_from_datetime_parsing": "must be a day such as 2026-11-28, not {given}",
    "date_from_datetime_inexact": "must be a day such as 2026-11-28, not {given}",
    "datetime_parsing": "must be a moment such as 2026-11-28T12:30:00Z, not {given}",
    "datetime_from_date_parsing": "must be a moment such as 2026-11-28T12:30:00Z, not {given}",
    "uuid_parsing": "must be the id of a run, not {given}",
    "value_error": "{error}",
    "assertion_error": "{error}",
    "recursion_loop": "holds itself",
}
_PATTERNS = {
    r"^[A-Za-z0-9+#._-]*$": "takes only letters from a to z, digits and + # . _ -, not {given}",
    r"^[A-Za-z][A-Za-z0-9_']*$": "takes a letter from a to z, then letters, digits, _ and ', not {given}",
    r"^[1-9]\d{0,3}:[1-9]\d{0,3}$": "takes a ratio such as 16:9, not {given}",
    r"^[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*$": "takes an owner and a model, such as minimax/hailuo-02, not {given}",
}
_LONGEST_SHOWN = 40
_NAMES_SHOWN = 14
_NEAR = 0.6
"""Share of letters in common above which a name is taken for a slip of another one."""


def refusal(problems: Sequence[Problem]) -> PydanticCustomError:
    """Return an error for a validator that carries problems deeper inside its value."""
    text = "\n".join(f"{'.'.join(map(str, location))}: {sentence}" for location, sentence in problems)
    return PydanticCustomError("refusal", "{text}", {"text": text, "problems": list(problems)})


def refused(field: str, sentence: str) -> PydanticCustomError:
    """Return an error for a validator about one field, by its dotted path, e.g. `steps.0.last`."""
    return refusal([(location_of(field), sentence)])


def location_of(field: str) -> Location:
    """Return a dotted path as its steps: ("steps", 0, "last") for `steps.0.last`."""
    return tuple(int(step) if step.isdecimal() else step for step in field.split(".")) if field else ()


def problems_of(error: ValidationError, kind: type[BaseModel] | None = None) -> list[Problem]:
    """Return each problem as its field's path and a sentence.

    An example is (("scenes", 0, "name"), "is needed").

    `kind` is the class that was to be made, if `error` does not name it. If a list looks too short only because its
    entries are wrong, its length is not mentioned beside them.
    """
    return problems_in(error.errors(include_url=False), kind or _kind_named(error.title))


def problems_in(errors: Sequence[ErrorDetails], kind: type[BaseModel] | None = None) -> list[Problem]:
    """Return each of pydantic's errors as its field's path and a sentence. See `problems_of`."""
    found = [problem for details in errors for problem in _problems(details, kind)]
    parents = {location[:length] for location, _ in found for length in range(len(location))}
    too_short = _SENTENCES["too_short"].partition("{")[0]
    return [
        (location, sentence)
        for location, sentence in dict.fromkeys(found)
        if not (location in parents and sentence.startswith(too_short))
    ]


def sentence_of(error: ValidationError, value: object = None) -> str:
    """Return all problems in one line, for a run's state or a log.

    With the written `value`, scenes have their names.
    """
    return "; ".join(problem_words(location, sentence, value) for location, sentence in problems_of(error))


def problem_words(location: Location, sentence: str, value: object = None) -> str:
    """Return one problem with its place.

    E.g. “scenes.1.content.title (scene “Intro”): is needed”.
    """
    place = ".".join(map(str, location))
    scene = scene_at(location, value)
    if not place:
        return sentence
    return f"{place} (scene “{scene}”): {sentence}" if scene else f"{place}: {sentence}"


def scene_at(location: Location, value: object) -> str:
    """Return the name of the scene around `location` in a written request.

    Return an empty text if there is none.
    """
    if "scenes" not in location[:-1]:
        return ""
    for step in location[: location.index("scenes") + 2]:
        value = _inside(value, step)
    name = _inside(value, "name")
    return " ".join(str(name).split())[:_LONGEST_SHOWN] if isinstance(name, str | int | float) else ""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the name that was probably meant by one that is unknown; upper and lower case are the same."""
    lowered = {each.lower(): each for each in sorted(known)}
    near = get_close_matches(name.lower(), lowered, n=1, cutoff=_NEAR)
    return lowered[near[0]] if near else None


def did_you_mean(name: str, known: Sequence[str]) -> str:
    """Return a hint for an unknown name: the nearest known one, or else all of them."""
    meant = nearest(name.strip().replace("_", "-"), known) or nearest(name.strip(), known)
    return f"did you mean “{meant}”?" if meant else f"known are {listed(known)}"


def annotations_at(annotation: Any, location: Location) -> Iterator[Any]:
    """Yield the annotations that a value at `location` inside an `annotation` may have."""
    if not location:
        yield from _members(annotation)
        return
    for member in _members(annotation):
        for inner in _step_into(member, location[0]):
            yield from annotations_at(inner, location[1:])


def _step_into(member: Any, step: str | int) -> tuple[Any, ...]:
    """Return the annotations of the value to which a step leads."""
    arguments = get_args(member)
    if get_origin(member) is dict and isinstance(step, str):
        return (arguments[1],)
    if get_origin(member) in {tuple, list, frozenset} and isinstance(step, int):
        is_fixed = get_origin(member) is tuple and arguments[-1] is not Ellipsis
        return (arguments[step],) if is_fixed and step < len(arguments) else arguments[:1]
    if isinstance(member, type) and issubclass(member, BaseModel) and step in member.model_fields:
        return (member.model_fields[step].annotation,)
    return ()


def _members(annotation: Any) -> Iterator[Any]:
    """Yield what an annotation allows, without marks.

    These are the sides of a union, and the inside of Annotated.
    """
    if hasattr(annotation, "__metadata__"):
        yield from _members(annotation.__origin__)
    elif get_origin(annotation) in {Union, UnionType}:
        for member in get_args(annotation):
            yield from _members(member)
    else:
        yield annotation


def _problems(details: ErrorDetails, kind: type[BaseModel] | None) -> list[Problem]:
    location, facts = details["loc"], details.get("ctx", {})
    if details["type"] == "refusal":
        return [((*location, *inner), sentence) for inner, sentence in facts["problems"]]
    if details["type"] == "extra_forbidden":
        return [(location, _unknown_field(location, kind))]
    if details["type"] == "invalid-json-value":
        location = tuple(_without_kinds(location))
    if location and location[-1] == "[key]":
        location = location[:-1]
    return [(location, _sentence(details, facts))]


def _sentence(details: ErrorDetails, facts: Mapping[str, Any]) -> str:
    kind, value = details["type"], details["input"]
    if value is None and (kind.endswith("_type") or kind in {"enum", "literal_error"}):
        return "is empty: give it a value, or leave it out"
    if kind in {"enum", "literal_error"}:
        known = re.findall(r"'([^']*)'", str(facts["expected"]))
        return f"{_given(value)} is unknown; {did_you_mean(value if isinstance(value, str) else '', known)}"
    if kind == "string_pattern_mismatch":
        sentence = _PATTERNS.get(str(facts["pattern"]), "is not written as it must be: {given}")
        return sentence.format(given=_given(value))
    if kind in _SENTENCES:
        return _SENTENCES[kind].format(**{**facts, "given": _given(value)})
    # Our own errors read well. Those that pydantic raises beside them are about types that no request has.
    is_ours = not re.search(r"\b(?:[Ii]nput|should|valid|Error)\b", details["msg"])
    return details["msg"] if is_ours else f"can't be {_given(value)}"


def _unknown_field(location: Location, kind: type[BaseModel] | None) -> str:
    name = str(location[-1])
    fields = [
        field
        for member in annotations_at(kind, location[:-1])
        if isinstance(member, type) and issubclass(member, BaseModel)
        for field in member.model_fields
    ]
    if not fields:
        return "is not a field here; check its spelling or leave it out"
    return f"is not a field here; {did_you_mean(name, fields)}"


def _given(value: object) -> str:
    """Return what a person wrote, in words and short."""
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case int() | float():
            return f"the number {str(value)[:_LONGEST_SHOWN]}"
        case Mapping() | BaseModel():
            return "fields with values"
        case list() | tuple() | set() | frozenset():
            return "a list"
    words = " ".join(str(value).split())
    return f"“{words[:_LONGEST_SHOWN]}{'…' if len(words) > _LONGEST_SHOWN else ''}”"


def listed(names: Sequence[str]) -> str:
    """Return names as a sentence lists them; of very many, the first ones and how many more there are."""
    shown = list(names[:_NAMES_SHOWN])
    if len(names) > _NAMES_SHOWN:
        return f"{', '.join(shown)} and {len(names) - _NAMES_SHOWN} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _without_kinds(location: Location) -> Iterator[str | int]:
    """Yield the way through JSON, without pydantic's names of kinds between its steps."""
    for place, step in enumerate(location):
        following = location[place + 1] if place + 1 < len(location) else None
        is_kind = (step == "list" and isinstance(following, int)) or (step == "dict" and isinstance(following, str))
        if not is_kind:
            yield step


def _inside(value: object, step: str | int) -> object:
    if isinstance(value, Mapping):
        return value.get(step)
    if isinstance(value, Sequence) and not isinstance(value, str) and isinstance(step, int) and step < len(value):
        return value[step]
    return getattr(value, str(step), None) if isinstance(value, BaseModel) else None


def _kind_named(name: str) -> type[Value] | None:
    """Return the value class of this name: one name is one class."""
    waiting = list(Value.__subclasses__())
    for kind in waiting:
        if kind.__name__ == name:
            return kind
        waiting.extend(kind.__subclasses__())
    return None
