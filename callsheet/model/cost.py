"""What was spent: calls of language models, with their tokens and prices."""

from collections.abc import Iterable

from callsheet.model.values import Value


class ModelCall(Value):
    """One call of a language model."""

    purpose: str
    """What it was for, e.g. “scene code, attempt 2”."""
    model: str
    input_tokens: int
    output_tokens: int
    price_usd: float | None
    """None where the price of the model is not known."""


def total_usd(calls: Iterable[ModelCall]) -> float:
    """Price of the calls whose price is known."""
    return sum(call.price_usd or 0.0 for call in calls)
