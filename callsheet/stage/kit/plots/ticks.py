"""Axes with numbers that people would choose: steps of 1, 2 or 5 times a power of ten. Pure arithmetic."""

from __future__ import annotations

import math
from dataclasses import dataclass

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_PLAIN_FROM, _PLAIN_BELOW = 1e-4, 1e6
"""Numbers outside of this are written with a power of ten."""
_SLACK = 1e-9
"""Share of a step, or of a number, that may be due to rounding."""
_AIR = 1.15


@dataclass(frozen=True)
class Axis:
    """A stretch of numbers, and the distance of its ticks."""

    low: float
    high: float
    step: float

    @property
    def ticks(self) -> tuple[float, ...]:
        """Return the multiples of the step from end to end."""
        first = math.ceil(self.low / self.step - _SLACK)
        last = math.floor(self.high / self.step + _SLACK)
        return tuple(_multiple(self.step, count) for count in range(first, last + 1))

    @property
    def labels(self) -> tuple[str, ...]:
        """Return the labels of the ticks, all with the same number of decimals."""
        ticks = self.ticks
        largest = max(map(abs, ticks), default=0.0)
        return tuple(_label(tick, self.step, largest) for tick in ticks)

    def share(self, value: float) -> float:
        """Return where `value` lies: 0 at the low end, 1 at the high end."""
        return (value - self.low) / (self.high - self.low)


def axis(low: float, high: float, most_ticks: int) -> Axis:
    """Return an axis from `low` to `high` with at most `most_ticks` ticks, or the fewest."""
    return Axis(low, high, _step((high - low) / max(1, most_ticks - 1)))


def rounded_axis(low: float, high: float, most_ticks: int) -> Axis:
    """Return the same as `axis`, with both ends moved outwards to the next tick."""
    step = _step((high - low) / max(1, most_ticks - 1))
    first, last = math.floor(low / step + _SLACK), math.ceil(high / step - _SLACK)
    return Axis(_multiple(step, first), _multiple(step, last), step)


def with_extent(low: float, high: float) -> tuple[float, float]:
    """Return `low` and `high`.

    If they are equal but for rounding, include zero and some space beyond them.
    """
    if high - low > _SLACK * max(abs(low), abs(high)):
        return low, high
    if low == 0 == high:
        return -1.0, 1.0
    return min(0.0, low * _AIR), max(0.0, high * _AIR)


def number_text(value: float, digits: int = 6) -> str:
    """Return `value` with at most `digits` significant digits, e.g. 1,234.5 or 3.2·10⁹ or −0.5."""
    if value == 0:
        return "0"
    exponent = _exponent(float(f"{value:.{digits - 1}e}"))
    if _PLAIN_FROM <= abs(value) < _PLAIN_BELOW:
        return _trimmed(_decimal(value, max(0, digits - 1 - exponent)))
    return _with_power(value, exponent, _trimmed(_decimal(value / 10.0**exponent, min(digits, 3) - 1)))


def _label(tick: float, step: float, largest: float) -> str:
    if tick == 0:
        return "0"
    if step >= _PLAIN_FROM and largest < _PLAIN_BELOW:
        return _decimal(tick, max(0, -_exponent(step)))
    exponent = _exponent(largest)
    return _with_power(tick, exponent, _decimal(tick / 10.0**exponent, max(0, exponent - _exponent(step))))


def _with_power(value: float, exponent: int, mantissa: str) -> str:
    power = f"10{str(exponent).translate(_SUPERSCRIPTS)}"
    sign = "−" if value < 0 else ""
    return f"{sign}{power}" if mantissa.removeprefix("−") == "1" else f"{mantissa}·{power}"


def _decimal(value: float, decimals: int) -> str:
    return f"{value:,.{decimals}f}".replace("-", "−")


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _step(least: float) -> float:
    """Return the smallest of 1, 2 and 5 times a power of ten that is `least` or more."""
    exponent = _exponent(least)
    for mantissa in (1, 2, 5):
        if mantissa * 10.0**exponent >= least * (1 - _SLACK):
            return mantissa * 10.0**exponent
    return 10.0 ** (exponent + 1)


def _exponent(value: float) -> int:
    """Return the power of ten of the first digit of `value`."""
    return int(f"{abs(value):e}".rpartition("e")[2]) if value else 0


def _multiple(step: float, count: int) -> float:
    """Return `count` times `step`, rounded as its decimals are written: 3 * 0.1 is 0.3."""
    return float(f"{count * step:.12g}")
