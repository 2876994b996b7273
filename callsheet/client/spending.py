"""What a run has cost so far, read from the tables that it shows to people."""

import json
import re
from collections.abc import Sequence
from typing import Any

from prefect.client.schemas.objects import Artifact

FOOTAGE_KEY = "footage"
WRITING_KEYS = ("attempts", "outline")
"""Tables of what language models were asked."""


def spent_usd(artifacts: Sequence[Artifact], *keys: str) -> float:
    """The prices in the tables of these keys, as far as they are known. `artifacts` come the latest first.

    A scene that was begun again shows what it kept once more, so the latest table of each scene counts alone.
    """
    latest = {each.description: each.data for each in reversed(artifacts) if each.key in keys}
    rows = (row for table in latest.values() if isinstance(table, str) for row in json.loads(table))
    return round(sum(map(_price_usd, rows)), 6)


def _price_usd(row: dict[str, Any]) -> float:
    number = str(row.get("price", "")).removesuffix(" $")
    return float(number) if re.fullmatch(r"\d+\.\d+", number) else 0.0
