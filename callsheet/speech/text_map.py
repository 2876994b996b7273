"""Text that is rewritten step by step, and knows of each boundary between characters where it comes from."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from operator import itemgetter

from callsheet.model.film.narration import Passage

_INSIDE = -1
"""Origin of a boundary inside of text that was put in place of other text."""
_HAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUN = re.compile(rf"[{_HAN}]|[^\s{_HAN}]+")
_LONGEST_GROUP = 4
"""Words that are rewritten together, at most, if they are told apart from their neighbors."""
Rewrite = Callable[[re.Match[str]], str | None]
"""Returns the text for a match; None leaves it as it is."""


class RewrittenText:
    """A text, and the place in the first text that each of its boundaries comes from."""

    def __init__(self, written: str) -> None:
        self.written = written
        self.text = written
        self._origins = list(range(len(written) + 1))

    def rewrite(self, pattern: re.Pattern[str], rewrite: Rewrite | str) -> None:
        """Put in place of each match what `rewrite` says."""
        parts: list[str] = []
        origins: list[int] = []
        done = 0
        for found in pattern.finditer(self.text):
            said = found.expand(rewrite) if isinstance(rewrite, str) else rewrite(found)
            if said is None or said == found[0] or found.start() < done:
                continue
            parts += [self.text[done : found.start()], said]
            origins += self._origins[done : found.start() + bool(said)]
            origins += [_INSIDE] * (len(said) - 1)
            if not said and self._origins[found.end()] == _INSIDE:
                self._origins[found.end()] = self._origins[found.start()]
            done = found.end()
        self.text = "".join([*parts, self.text[done:]])
        self._origins = origins + self._origins[done:]

    def replace_all(self, rewrite_all: Callable[[str], str]) -> None:
        """Put what `rewrite_all` says in place of the whole, and find by its words what comes from where."""
        text = rewrite_all(self.text)
        old, new = word_places(self.text), word_places(text)
        old_words, new_words = _plain(self.text, old), _plain(text, new)
        origins = [_INSIDE] * (len(text) + 1)
        matcher = SequenceMatcher(None, old_words, new_words, autojunk=False)
        for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
            if kind == "insert" and new_from:  # it belongs to the word before it
                before = new[new_from - 1][1]
                origins[new[new_to - 1][1]], origins[before] = origins[before], _INSIDE
            if old_from == old_to or new_from == new_to:
                continue
            if kind == "replace":
                wanted = new_words[new_from:new_to]
                pairs = _split_alike(self.text, old[old_from:old_to], wanted, rewrite_all)
                pairs = [(old_from + of_old, new_from + of_new) for of_old, of_new in pairs]
            else:
                pairs = [(old_from + step, new_from + step) for step in range(1, old_to - old_from + 1)]
            for (old_first, new_first), (old_after, new_after) in pairwise([(old_from, new_from), *pairs]):
                origins[new[new_first][0]] = self._origins[old[old_first][0]]
                origins[new[new_after - 1][1]] = self._origins[old[old_after - 1][1]]
        origins[0], origins[-1] = 0, len(self.written)
        self.text, self._origins = text, origins

    def passages(self) -> tuple[Passage, ...]:
        """Return the map: every run of characters of the first text, every word of this one, in their order."""
        runs = [found.span() for found in _RUN.finditer(self.written)]
        spoken = word_places(self.text)
        if not runs or not spoken:
            return ()
        groups = _joined([(*self._runs_of(start, end, runs), start, end) for start, end in spoken])
        # What no word comes from (a dash, an emoji) belongs to the word before it.
        firsts = [0, *(group[0] for group in groups[1:]), len(runs)]
        return tuple(
            Passage(written=(runs[first][0], runs[after - 1][1]), spoken=(start, end))
            for (first, after), (_, _, start, end) in zip(pairwise(firsts), groups, strict=True)
        )

    def _runs_of(self, start: int, end: int, runs: Sequence[tuple[int, int]]) -> tuple[int, int]:
        """Return the first and the last run that a stretch of this text comes from."""
        known = (origin for origin in reversed(self._origins[: start + 1]) if origin != _INSIDE)
        begins = next(known, 0)
        ends = next((origin for origin in self._origins[end:] if origin != _INSIDE), len(self.written))
        first = min(bisect_right(runs, begins, key=itemgetter(1)), len(runs) - 1)
        return first, max(first, bisect_left(runs, ends, key=itemgetter(0)) - 1)


def word_places(text: str) -> list[tuple[int, int]]:
    """Return where the words are: what has a letter or a digit between spaces, with the signs beside it.

    Chinese characters and kana are a word each.
    """
    return [found.span() for found in _RUN.finditer(text) if any(map(str.isalnum, found[0]))]


def _plain(text: str, places: Sequence[tuple[int, int]]) -> list[str]:
    return ["".join(filter(str.isalnum, text[start:end])).casefold() for start, end in places]


def _joined(groups: Sequence[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    """Join groups (first run, last run, start, end of the spoken stretch) that share a run of the written text."""
    joined: list[tuple[int, int, int, int]] = []
    for first, last, start, end in groups:
        if joined and first <= joined[-1][1]:
            before = joined[-1]
            joined[-1] = (before[0], max(last, before[1]), before[2], end)
        else:
            joined.append((first, last, start, end))
    return joined


def _split_alike(
    text: str, old: Sequence[tuple[int, int]], wanted: Sequence[str], rewrite_all: Callable[[str], str]
) -> list[tuple[int, int]]:
    """Return how many old words make how many new ones, group by group, each count from the first word on.

    Words that are rewritten by themselves to what follows are a group; what can't be told apart is the last one.
    """
    pairs: list[tuple[int, int]] = []
    done, used = 0, 0
    while done < len(old):
        for after in range(done + 1, min(done + _LONGEST_GROUP, len(old)) + 1):
            said = rewrite_all(text[old[done][0] : old[after - 1][1]])
            alone = _plain(said, word_places(said))
            is_fit = alone == list(wanted[used : used + len(alone)]) and alone
            if is_fit and (after < len(old)) == (used + len(alone) < len(wanted)):
                break
        else:
            break
        done, used = after, used + len(alone)
        pairs.append((done, used))
    return pairs if done == len(old) else [*pairs, (len(old), len(wanted))]
