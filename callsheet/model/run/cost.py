"""Spent money: calls of language models, with their tokens and prices; and how amounts of money are written.

Programs read costs from the labels of a run. Tables are for people: there `price_text` writes a price exactly. In
sentences `usd_words` rounds it.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from callsheet.model.labels import COST
from callsheet.model.values import Value

UNKNOWN = "unknown"
_CENT = 0.01


class CostKind(StrEnum):
    """The kinds of costs."""

    MODEL_CALLS = "model-calls"
    FOOTAGE = "footage"


class ModelCall(Value):
    """One call of a language model."""

    purpose: str
    """Its purpose, e.g. “scene code, attempt 2”."""
    model: str
    input_tokens: int
    output_tokens: int
    price_usd: float | None
    """None if the price of the model is unknown."""


def total_usd(calls: Iterable[ModelCall]) -> float:
    """Return the price of the calls whose price is known."""
    return sum(call.price_usd or 0.0 for call in calls)


def calls_words(calls: Sequence[ModelCall]) -> str:
    """Return who wrote, how many calls and tokens it took, and their price if it is known."""
    tokens = sum(call.input_tokens + call.output_tokens for call in calls)
    unpriced = any(call.price_usd is None for call in calls)
    price = usd_words(total_usd(calls)) + (" (of some calls the price is not known)" if unpriced else "")
    models = ", ".join(sorted({call.model for call in calls}))
    counted = "1 call" if len(calls) == 1 else f"{len(calls)} calls"
    return f"Written by {models}: {counted}, {tokens} tokens, {price}"


def usd_words(usd: float) -> str:
    """Return an amount in US dollars for a person.

    It is in cents, with more digits if it is less than one cent.
    """
    if usd >= _CENT or usd <= 0:
        return f"{usd:.2f} $"
    return f"{usd:.4f} $" if usd >= _CENT**2 else f"{usd:.6f} $"


def price_text(usd: float | None) -> str:
    """Return a price in US dollars for the cell of a table: to a millionth, cents at least.

    Return “unknown” for None.
    """
    if usd is None:
        return UNKNOWN
    dollars, _, parts = f"{usd:.6f}".partition(".")
    return f"{dollars}.{parts.rstrip('0').ljust(2, '0')} $"


def cost_label(kind: CostKind, part: str) -> str:
    """Return the name of the label that says what a part of the film has cost.

    A part is a scene, the outline or a prediction.
    """
    return f"{COST}{kind}.{part}"


def cost_usd(labels: Mapping[str, Any], kind: CostKind) -> float:
    """Add up what the labels of a run say of this kind of costs, in US dollars."""
    return round(sum(float(usd) for name, usd in labels.items() if name.startswith(cost_label(kind, ""))), 6)
