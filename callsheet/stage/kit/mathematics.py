"""The check of formulas before a render: a formula without a meaning is refused with a sentence."""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.formulas import fault_in
from callsheet.model.content import Content, ExplainContent, TextKind
from callsheet.model.film.scenes import Finding
from callsheet.model.problems import Problem, location_of, problem_words
from callsheet.stage.kit.inline import TextRunKind, parse_inline

_LONGEST_SHOWN = 80


def check_mathematics(content: Content) -> tuple[Finding, ...]:
    """Return what is wrong with the formulas of `content`, one finding a formula.

    About a millisecond each.
    """
    return tuple(
        Finding(line=0, message=problem_words(("content", *location), sentence))
        for location, sentence in formula_problems(content)
    )


def formula_problems(content: Content) -> Iterator[Problem]:
    """Yield what is wrong with the formulas of `content`, each with its field.

    A free prompt has none: it shows as written what is no formula.
    """
    if isinstance(content, ExplainContent):
        return
    for path, kind, text in content.texts():
        for formula in _formulas(kind, text):
            if fault := fault_in(formula):
                yield location_of(path), f"the formula “{_shown(formula)}” can't be set: {fault}"


def _formulas(kind: TextKind, text: str) -> tuple[str, ...]:
    if kind is TextKind.FORMULA:
        return (text,)
    runs = parse_inline(text) if kind is TextKind.PROSE else ()
    return tuple(run.text for run in runs if run.kind is TextRunKind.MATH)


def _shown(formula: str) -> str:
    words = " ".join(formula.split())
    return words if len(words) <= _LONGEST_SHOWN else f"{words[:_LONGEST_SHOWN]}…"
