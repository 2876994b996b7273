"""TextRank: the sentences that say what most others also speak about (Mihalcea and Tarau, 2004)."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from callsheet.writing.storyboard.sentences import CHINESE_OR_JAPANESE, words_of

MOST_TEXTS = 1_500
"""The similarity of each two of them is computed: 18 MB."""
MOST_WORDS = 4_000
ALIKE = 0.8
"""Share of common terms from which on two texts say the same."""
_DAMPING = 0.85
_ROUNDS = 40
_FLOOR = 0.4
"""A list of single words shares no terms, and may still be what the document is about."""
_UNRANKED = 0.6
_LEAST_LETTERS = 3


def ranked(texts: Sequence[str], weights: Sequence[float]) -> list[float]:
    """Return how central each text is; the mean is 1. `weights` says how much each counts by its position.

    A text that has nothing in common with others has _FLOOR. Texts after the first MOST_TEXTS are not ranked.
    """
    import numpy as np

    compared = [Counter(_terms(text)) for text in texts[:MOST_TEXTS]]
    found_in = Counter(term for terms in compared for term in terms)
    shared = {term for term, count in found_in.most_common(MOST_WORDS) if count > 1}
    places = {term: place for place, term in enumerate(sorted(shared))}
    if len(compared) < 2 or not places:
        return [1.0] * len(texts)
    matrix = np.zeros((len(compared), len(places)), dtype=np.float32)
    for row, terms in enumerate(compared):
        for term, count in terms.items():
            if term in places:
                matrix[row, places[term]] = count * np.log(len(compared) / found_in[term] + 1)
    norms = np.linalg.norm(matrix, axis=1, keepdims=True)
    matrix /= np.where(norms == 0, 1, norms)
    similar = matrix @ matrix.T
    np.fill_diagonal(similar, 0)
    totals = similar.sum(axis=1, keepdims=True)
    passed_on = np.divide(similar, totals, out=np.zeros_like(similar), where=totals > 0)
    start = np.asarray(weights[: len(compared)], dtype=np.float64)
    start /= start.sum()
    rank = start.copy()
    for _ in range(_ROUNDS):
        rank = (1 - _DAMPING) * start + _DAMPING * (rank @ passed_on)
        rank /= rank.sum()
    central = _FLOOR + (1 - _FLOOR) * rank * len(compared)
    return [*central.tolist(), *([_UNRANKED] * (len(texts) - len(compared)))]


def likeness(one: str, other: str) -> float:
    """Return the share of the shorter text's terms that stand in the other, too: from 0 to 1."""
    first, second = set(_terms(one)), set(_terms(other))
    return len(first & second) / min(len(first), len(second)) if first and second else 0.0


def _terms(text: str) -> list[str]:
    """Return what is compared: words of three letters or more by their beginnings, and pairs of signs."""
    words = words_of(text)
    pairs = [one + other for one, other in pairwise(words) if CHINESE_OR_JAPANESE.match(one + other)]
    return [word[:7] for word in words if len(word) >= _LEAST_LETTERS] + pairs
