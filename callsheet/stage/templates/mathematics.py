"""Formulas are tried before anything is rendered: one that has no meaning is refused with a sentence."""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.model.content import Content, ExplainContent, TextKind
from callsheet.model.problems import Problem, location_of, problem_words
from callsheet.model.scenes import Finding
from callsheet.stage.templates.inline import formulas_in
from callsheet.stage.templates.typeset import fault_in


def check_mathematics(content: Content) -> tuple[Finding, ...]:
    """What is wrong with the formulas of `content`, one finding a formula; about a millisecond each."""
    return tuple(
        Finding(line=0, message=problem_words(("content", *location), sentence))
        for location, sentence in formula_problems(content)
    )


def formula_problems(content: Content) -> Iterator[Problem]:
    """What is wrong with the formulas of `content`, each with its field.

    A free prompt has none: what is no formula there is shown as it was written.
    """
    if isinstance(content, ExplainContent):
        return
    for path, kind, text in content.texts():
        for formula in _formulas(kind, text):
            if fault := fault_in(formula):
                yield location_of(path), f"the formula “{formula}” can't be set: {fault}"


def _formulas(kind: TextKind, text: str) -> tuple[str, ...]:
    if kind is TextKind.FORMULA:
        return (text,)
    return formulas_in(text) if kind is TextKind.PROSE else ()
