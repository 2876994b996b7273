"""What runs may cost before a person is asked."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.model.labels import PROMISED, SPENT
from callsheet.model.run.budget import RunCosts, budget_violation, committed_usd, costs_of, total_spent_usd
from callsheet.model.run.queue import RunLimits

TODAY, YESTERDAY = date(2026, 3, 2), date(2026, 3, 1)
USD = st.integers(0, 10_000).map(lambda cents: cents / 100)
COSTS = st.builds(
    RunCosts,
    spent_usd=st.dictionaries(st.sampled_from([TODAY, YESTERDAY]), USD),
    promised_usd=st.none() | USD,
    is_over=st.booleans(),
)


@given(st.lists(COSTS, max_size=6))
def test_what_is_committed_is_never_less_than_what_is_spent(runs):
    """And a run that is over counts with what it has really spent."""
    spent = sum(run.spent_usd.get(TODAY, 0.0) for run in runs)
    assert committed_usd(runs, TODAY) >= spent - 1e-6
    over = [run.model_copy(update={"is_over": True}) for run in runs]
    assert committed_usd(over, TODAY) == pytest.approx(spent)


@given(st.lists(st.tuples(USD, USD), max_size=12), USD)
def test_runs_that_are_let_in_one_after_another_never_exceed_the_day(asked, cap):
    """Each is allowed at most what it may cost, spends some of that, and the cap holds whatever they spend."""
    runs: list[RunCosts] = []
    for at_most, part in asked:
        if not budget_violation(at_most, committed_usd(runs, TODAY), RunLimits(budget_day_usd=cap)):
            spent = {TODAY: min(at_most, part)}
            runs.append(RunCosts(spent_usd=spent, promised_usd=at_most, is_over=False))
    assert sum(run.promised_usd for run in runs) <= cap + 1e-6
    assert committed_usd(runs, TODAY) <= cap + 1e-6


@given(USD, USD, USD, USD)
def test_a_cap_is_objected_to_exactly_where_it_is_exceeded(at_most, committed, run, day):
    """To the cent, whichever cap it is."""
    limits = RunLimits(budget_run_usd=run, budget_day_usd=day)
    cents = [round(100 * usd) for usd in (at_most, committed, run, day)]
    exceeds = cents[0] > 0 and (cents[0] > cents[2] or cents[0] + cents[1] > cents[3])
    assert bool(budget_violation(at_most, committed, limits)) is exceeds


def test_the_sentence_says_which_cap_and_by_how_much():
    """Both, where both are exceeded."""
    limits = RunLimits(budget_run_usd=1, budget_day_usd=5)
    found = budget_violation(1.25, 4.0, limits)
    assert "It may cost 1.25 $, 0.25 $ more than the 1.00 $ that one run may cost." in found
    assert "0.25 $ more than is left of the 5.00 $ of today (UTC): 4.00 $ are spent or promised" in found


def test_a_price_that_nobody_knows_is_asked_for_where_there_is_a_cap():
    """And not where there is none; what costs nothing needs nobody."""
    assert budget_violation(None, 0, RunLimits(budget_run_usd=1)).startswith("The cost of this run is unknown")
    assert budget_violation(None, 0, RunLimits(runs_at_once=1)) == ""
    assert budget_violation(0, 9, RunLimits(budget_run_usd=1, budget_day_usd=5)) == ""


def test_the_labels_of_a_run_tell_its_costs():
    """By day; what the run was allowed before midnight is left for after it."""
    labels = {PROMISED: 3, f"{SPENT}{YESTERDAY}": 1.5, f"{SPENT}{TODAY}": 0.25, "callsheet.process": "x"}
    assert total_spent_usd(labels) == 1.75
    assert committed_usd([costs_of(labels, is_over=False)], TODAY) == 0.25 + 1.25
    assert committed_usd([costs_of(labels, is_over=True)], TODAY) == 0.25
