"""Amounts of money: as people read them, and as tables carry them."""

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from callsheet.model.run.cost import price_in, price_text, usd_words


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


@examples(st.integers(0, 10**12))
def test_a_price_is_read_back_from_a_table_to_a_millionth(millionths: int):
    """Thousands of calls of a hundredth of a cent are some dollars."""
    assert round(price_in(price_text(millionths / 1e6)) * 1e6) == millionths


@examples(st.none() | st.floats() | st.text(max_size=12) | st.sampled_from(["unknown", "as above", "free", "1 $"]))
def test_whatever_else_stands_in_a_table_costs_nothing(cell: object):
    """Tables are what people read: a cell may say anything."""
    assert price_in(cell) >= 0
    if not str(cell).endswith(" $"):
        assert price_in(cell) == 0
