"""Validation problems as a person reads them: the path of a field, and one sentence that says what to do."""

from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

Location = tuple[str | int, ...]

# By pydantic's error type; {…} are the facts it gives. What is not here has a sentence of its own that reads well.
_SENTENCES = {
    "missing": "is needed",
    "extra_forbidden": "is not a field here; check its spelling or leave it out",
    "too_short": "needs at least {min_length}, not {actual_length}",
    "too_long": "takes at most {max_length}, not {actual_length}",
    "string_too_short": "needs at least {min_length} character(s)",
    "string_too_long": "takes at most {max_length} characters",
    "string_type": "must be text; put it in quotes if it looks like a number",
    "enum": "must be {expected}",
    "literal_error": "must be {expected}",
    "greater_than": "must be greater than {gt}",
    "greater_than_equal": "must be {ge} or more",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be {le} or less",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "bool_parsing": "must be true or false",
    "tuple_type": "must be a list",
    "model_type": "must be a mapping of fields to values",
    "dict_type": "must be a mapping of fields to values",
}


def refusal(problems: list[tuple[Location, str]]) -> PydanticCustomError:
    """An error for a validator to raise that carries problems deeper inside the value it looks at."""
    text = "\n".join(f"{'.'.join(map(str, location))}: {sentence}" for location, sentence in problems)
    return PydanticCustomError("refusal", "{text}", {"text": text, "problems": problems})


def refused(field: str, sentence: str) -> PydanticCustomError:
    """An error for a validator to raise about one field, named by its dotted path, e.g. `steps.0.last`."""
    return refusal([(tuple(int(step) if step.isdecimal() else step for step in field.split(".")), sentence)])


def problems_of(error: ValidationError) -> list[tuple[Location, str]]:
    """Each problem as its field's path and a sentence, e.g. (("scenes", 0, "name"), "is needed").

    A list that looks too short only because its entries are wrong is not mentioned beside them.
    """
    found = [problem for details in error.errors(include_url=False) for problem in _problems(details)]
    parents = {location[:length] for location, _ in found for length in range(len(location))}
    too_short = _SENTENCES["too_short"].partition("{")[0]
    return [
        (location, sentence)
        for location, sentence in found
        if not (location in parents and sentence.startswith(too_short))
    ]


def sentence_of(error: ValidationError) -> str:
    """All problems of a value in one line for a run's state or a log."""
    return "; ".join(f"{'.'.join(map(str, location))}: {sentence}" for location, sentence in problems_of(error))


def _problems(details: ErrorDetails) -> list[tuple[Location, str]]:
    location, facts = details["loc"], details.get("ctx", {})
    if details["type"] == "refusal":
        return [((*location, *inner), sentence) for inner, sentence in facts["problems"]]
    return [(location, _sentence(details["type"], facts) or details["msg"])]


def _sentence(kind: str, facts: dict[str, Any]) -> str | None:
    sentence = _SENTENCES.get(kind)
    return sentence.format(**facts) if sentence else None
