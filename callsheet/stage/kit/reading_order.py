"""The words of set text in the order in which they are read, by where their letters stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from callsheet.stage.kit.inline import is_right_to_left
from callsheet.stage.kit.type_block import Ink, TypeBlock

_WORD_GAP, _LONGEST_WORD = 0.2, 6.0
"""Ems: the distance at which a word begins, and the width after which one is taken for two, e.g. in Chinese."""


@dataclass(frozen=True)
class InkWord:
    """Letters that enter together: which points of which inks."""

    pieces: tuple[tuple[Ink, int, int], ...]
    width: float


@dataclass(frozen=True)
class _Letter:
    ink: Ink
    first: int
    last: int
    box: tuple[float, float, float, float]
    """Left, bottom, right, top."""


def words_in_reading_order(blocks: Sequence[TypeBlock]) -> list[InkWord]:
    """Return the words of all blocks, line by line; a formula is one line."""
    words: list[InkWord] = []
    for block in blocks:
        letters = [letter for ink in block.inks for letter in _letters(ink)]
        lines = [letters] if block.role == "formula" else _lines(letters)
        for line in lines:
            words.extend(_words(line, block.seen_size, from_right=is_right_to_left(block.words)))
    return words


def letter_ends(points: Any) -> Any:
    """Return after how many points each letter ends.

    A letter is a contour of cubic curves, with those above, below or inside it.
    """
    starts, ends = _contours(points)
    lefts = np.minimum.reduceat(points[:, 0], starts)
    rights = np.maximum.accumulate(np.maximum.reduceat(points[:, 0], starts))
    is_last = np.append(lefts[1:] >= rights[:-1] - 1e-6, True)
    return ends[is_last]


def _contours(points: Any) -> tuple[Any, Any]:
    """Return where each contour of cubic curves begins and ends, as numbers of points."""
    breaks = contour_breaks(points)
    return np.append(0, breaks), np.append(breaks, len(points))


def contour_breaks(points: Any) -> Any:
    """Return where a new contour begins, but for the first."""
    return np.flatnonzero(np.any(np.abs(points[4::4] - points[3:-1:4]) > 1e-6, axis=1)) * 4 + 4


def _letters(ink: Ink) -> list[_Letter]:
    """Return the contours of an ink one by one: those of a letter lie on each other, and so come together."""
    points = ink.points
    if not len(points):
        return []
    starts, ends = _contours(points)
    (lefts, bottoms), (rights, tops) = (
        [edge.reduceat(points[:, axis], starts) for axis in (0, 1)] for edge in (np.minimum, np.maximum)
    )
    return [
        _Letter(ink, int(first), int(last), (float(left), float(bottom), float(right), float(top)))
        for first, last, left, bottom, right, top in zip(starts, ends, lefts, bottoms, rights, tops, strict=True)
    ]


def _lines(letters: Sequence[_Letter]) -> list[list[_Letter]]:
    """Return the letters of each line, from the top down: between two lines there is no ink."""
    lines: list[list[_Letter]] = []
    foot = 0.0
    for letter in sorted(letters, key=lambda letter: -letter.box[3]):
        if lines and letter.box[3] >= foot:
            lines[-1].append(letter)
            foot = min(foot, letter.box[1])
        else:
            lines.append([letter])
            foot = letter.box[1]
    return lines


def _words(line: Sequence[_Letter], size: float, *, from_right: bool) -> list[InkWord]:
    words: list[list[_Letter]] = []
    begin = end = 0.0
    for letter in sorted(line, key=lambda letter: letter.box[0]):
        left, _, right, _ = letter.box
        if not words or left > end + _WORD_GAP * size or (left > end and right > begin + _LONGEST_WORD * size):
            words.append([])
            begin = left
            end = right
        words[-1].append(letter)
        end = max(end, right)
    read = reversed(words) if from_right else words
    return [InkWord(tuple((each.ink, each.first, each.last) for each in word), _width(word)) for word in read]


def _width(word: Sequence[_Letter]) -> float:
    return max(letter.box[2] for letter in word) - min(letter.box[0] for letter in word)
