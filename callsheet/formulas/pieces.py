"""Pieces of Typst's mathematics, put together so that none changes its neighbour."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SPACED = re.compile(r'["\\]|phantom|sized|framed')
"""What Typst keeps a space beside, if there is one in the source: words, brackets, boxes."""


def quoted(words: str) -> str:
    """Return `words` as a string of Typst, which shows them unchanged."""
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def joined(pieces: Iterable[str]) -> str:
    """Return pieces side by side.

    A space stands between two signs, where Typst shows none, and nothing or an empty comment beside words.
    """
    whole, last = "", ""
    for piece in pieces:
        whole += _between(last, piece) + piece if last else piece
        last = piece
    return whole


def _between(left: str, right: str) -> str:
    if not (_SPACED.search(left) or _SPACED.search(right)):
        return " "
    is_parted = left[-1] in '")' or left[-2:-1] == "\\" or right[0] in '"\\'
    return "" if is_parted else "/**/"
