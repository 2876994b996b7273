"""Amounts of money: as people read them, and as labels carry them."""

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from callsheet.client.run_history import film_costs_usd
from callsheet.model.run.cost import CostKind, cost_label, cost_usd, price_text, usd_words


@pytest.mark.parametrize(
    ("usd", "words", "text"),
    [
        (0.0, "0.00 $", "0.00 $"),
        (12.0, "12.00 $", "12.00 $"),
        (0.136, "0.14 $", "0.136 $"),
        (0.0123, "0.01 $", "0.0123 $"),
        (0.0012, "0.0012 $", "0.0012 $"),
        (0.000042, "0.000042 $", "0.000042 $"),
        (None, None, "unknown"),
    ],
)
def test_an_amount_is_rounded_for_people_and_exact_in_tables(usd: float | None, words: str | None, text: str):
    """The dollars first, then their sign, everywhere; what is paid is never shown as nothing."""
    assert price_text(usd) == text
    if usd is not None:
        assert usd_words(usd) == words


PARTS = st.dictionaries(st.text(max_size=12), st.floats(0, 100))


@examples(PARTS, PARTS)
def test_the_labels_of_a_run_say_what_its_film_has_cost(calls: dict[str, float], footage: dict[str, float]):
    """Each kind is added up by itself, whatever the parts are called, and no other label is money."""
    labels = {"callsheet.spent-usd.2026-01-01": 7.0, "callsheet.process": "x"}
    labels |= {cost_label(CostKind.MODEL_CALLS, part): usd for part, usd in calls.items()}
    labels |= {cost_label(CostKind.FOOTAGE, part): usd for part, usd in footage.items()}
    assert cost_usd(labels, CostKind.MODEL_CALLS) == pytest.approx(sum(calls.values()), abs=1e-5)
    assert cost_usd(labels, CostKind.FOOTAGE) == pytest.approx(sum(footage.values()), abs=1e-5)


@pytest.mark.parametrize(
    ("flow", "kind"), [("generate-video", CostKind.MODEL_CALLS), ("animate-image-pairs", CostKind.FOOTAGE)]
)
def test_a_run_of_an_earlier_release_has_cost_what_it_has_paid(flow: str, kind: CostKind):
    """It has no labels that tell the kinds apart; those of today are believed alone."""
    paid = {"callsheet.spent-usd.2026-01-01": 0.25, "callsheet.spent-usd.2026-01-02": 0.5}
    assert film_costs_usd(paid, flow) == {kind: 0.75}
    today = film_costs_usd({**paid, cost_label(kind, "all"): 2.0}, flow)
    assert (today[kind], sum(today.values())) == (2.0, 2.0)
