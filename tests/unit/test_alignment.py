"""Lines of a derivation are aligned where a person would align them."""

from __future__ import annotations

import pytest

from callsheet.stage.kit.alignment import aligned_part


@pytest.mark.parametrize(
    ("formula", "part"),
    [
        ("a = b = c", "= b = c"),
        ("= 2 x", "= 2 x"),
        ("a + b & <= c", "<= c"),
        ("a = b &= c", "= c"),
        ("f(x = 1) >= 0", ">= 0"),
        ("lim_(h -> 0) f(h) = 1", "= 1"),
        ("f: A -> B", ""),
        ('"a = b" + c < d', "< d"),
        ('cases(1 & "if" x = 0, 2 & "else")', ""),
        ("a \\= b approx c", "approx c"),
        ("a = b \\ c = d", ""),
        ("x", ""),
        ("RR^> = S", "= S"),
    ],
)
def test_the_first_mark_or_relation_outside_brackets_is_aligned(formula: str, part: str) -> None:
    """Arrows, strings, escapes, indices and what stands in brackets are stepped over."""
    assert aligned_part(formula) == part
