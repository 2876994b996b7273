"""The common part of all kinds of chart: how values are written, coloured and scaled."""

from __future__ import annotations

from collections.abc import Sequence

from callsheet.model.content import ChartContent
from callsheet.model.film.colour import mix
from callsheet.model.film.language import Language, number_in
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.plots.ticks import number_text
from callsheet.stage.kit.scale import Step
from callsheet.stage.kit.type_block import TypeBlock

SHORT_UNIT = 3
"""Units of at most this many characters stand beside every value, longer ones once above the chart."""
_DIGITS = 4
_REST_STRENGTH = 0.5
"""How strong the bars are that are not highlighted, as a share of the muted text's colour."""


def value_labels(content: ChartContent, kit: Kit, step: Step, factor: float) -> list[TypeBlock]:
    """Return each value with its unit, in a box as wide as its text."""
    highlights = any(datum.highlight for datum in content.data)
    return [
        kit.label(
            value_text(datum.value, content.unit, kit.look.language),
            step,
            kit.safe.width,
            colour=kit.palette.text if datum.highlight or not highlights else kit.palette.muted,
            weight=600,
            scale=factor,
            verbatim=True,
        )
        for datum in content.data
    ]


def value_text(value: float, unit: str, language: Language | None = None) -> str:
    """Return `value` as `language` writes it, with its unit if that is short, e.g. 12.5 s."""
    number = number_in(language, number_text(value, _DIGITS))
    return f"{number}\u00a0{unit}" if 0 < len(unit) <= SHORT_UNIT else number


def colours(content: ChartContent, kit: Kit) -> list[str]:
    """Return the accent colour for all values, or for highlighted ones, with the others muted."""
    if not any(datum.highlight for datum in content.data):
        return [kit.palette.accent] * len(content.data)
    rest = mix(kit.palette.muted, kit.palette.background, _REST_STRENGTH)
    return [kit.palette.accent if datum.highlight else rest for datum in content.data]


def from_zero(values: Sequence[float]) -> tuple[float, float]:
    """Return the range that bars take, never empty: from the least to the greatest, with zero."""
    low, high = min(0.0, *values), max(0.0, *values)
    return (low, high) if low < high else (0.0, 1.0)
