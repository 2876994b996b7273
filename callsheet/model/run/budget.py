"""The costs of runs, and the limits above which a person has to approve them."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from callsheet.model.labels import PROMISED, SPENT
from callsheet.model.run.cost import usd_words
from callsheet.model.run.queue import RunLimits
from callsheet.model.values import Value

# Binary sums of many prices differ from the decimal ones in the last digits.
_ROUNDED = 6


class RunCosts(Value):
    """The known costs of one run."""

    spent_usd: Mapping[date, float]
    """By day, as far as prices are known."""
    promised_usd: float | None = None
    """The allowed cost; None if the run was not checked yet."""
    is_over: bool
    """Whether it will spend nothing more."""


def costs_of(labels: Mapping[str, Any], *, is_over: bool) -> RunCosts:
    """Return the costs that the labels of a run tell."""
    promised = labels.get(PROMISED)
    return RunCosts(
        spent_usd={
            date.fromisoformat(label.removeprefix(SPENT)): float(usd)
            for label, usd in labels.items()
            if label.startswith(SPENT)
        },
        promised_usd=None if promised is None else float(promised),
        is_over=is_over,
    )


def total_spent_usd(labels: Mapping[str, Any]) -> float:
    """Return what a run with these labels has spent on all days."""
    return round(sum(costs_of(labels, is_over=True).spent_usd.values()), _ROUNDED)


def committed_usd(runs: Iterable[RunCosts], day: date) -> float:
    """Return what is spent on `day`, and what runs that are not over may still spend."""
    committed = 0.0
    for run in runs:
        committed += run.spent_usd.get(day, 0.0)
        if not run.is_over and run.promised_usd is not None:
            committed += max(0.0, run.promised_usd - sum(run.spent_usd.values()))
    return round(committed, _ROUNDED)


def budget_violation(at_most_usd: float | None, committed: float, limits: RunLimits) -> str:
    """Return why a person has to approve a run that costs so much: a sentence, or an empty text.

    `at_most_usd` is None if the price is unknown. A run that costs nothing needs no approval. `committed` is what
    `committed_usd` returns for all other runs of the day.
    """
    if at_most_usd == 0 or not limits.bounds_costs:
        return ""
    if at_most_usd is None:
        return "The cost of this run is unknown, and there is a cap on costs."
    found = [_over_run(at_most_usd, limits.budget_run_usd), _over_day(at_most_usd, committed, limits.budget_day_usd)]
    return " ".join(filter(None, found))


def _over_run(at_most_usd: float, cap: float | None) -> str:
    if cap is None or at_most_usd <= cap:
        return ""
    over = usd_words(at_most_usd - cap)
    return f"It may cost {usd_words(at_most_usd)}, {over} more than the {usd_words(cap)} that one run may cost."


def _over_day(at_most_usd: float, committed: float, cap: float | None) -> str:
    if cap is None or round(committed + at_most_usd, _ROUNDED) <= cap:
        return ""
    return (
        f"It may cost {usd_words(at_most_usd)}, {usd_words(committed + at_most_usd - cap)} more than is left of the "
        f"{usd_words(cap)} of today (UTC): {usd_words(committed)} are spent or promised to runs that are not over."
    )
