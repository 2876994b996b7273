"""Numbers in words, and what Roman numerals mean."""

from functools import cache
from typing import Protocol, cast


class SaysNumber(Protocol):
    """Returns a number in words."""

    def __call__(self, number: float, *, lang: str, to: str = "cardinal") -> str:
        """Raise NotImplementedError for a language that it doesn't know."""


@cache
def number_words() -> SaysNumber:
    """Return num2words' function."""
    from num2words import num2words

    return cast("SaysNumber", num2words)


def year_words(year: str) -> str:
    """Return a year in English words: nineteen thirty-seven."""
    return str(number_words()(int(year), lang="en", to="year"))


def roman_value(numeral: str) -> int:
    """Return what a Roman numeral means, up to L."""
    values = [{"I": 1, "V": 5, "X": 10, "L": 50}[letter] for letter in numeral]
    return sum(-value if value < max(values[place:]) else value for place, value in enumerate(values))
