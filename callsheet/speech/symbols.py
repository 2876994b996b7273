"""Speakable text as the symbols of speech that a neural voice reads, each with the word that it belongs to."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import cast

import yaml

from callsheet.speech.models import symbols
from callsheet.speech.text_map import word_places

LONGEST = 400
"""Symbols that a voice reads at once. Kokoro's tables end at 510."""
_CLAUSE_ENDS, _SPACE = ";:,.!?—…", " "
_STOPS = ".!?…—:;,"


@dataclass(frozen=True)
class Symbol:
    """One symbol of speech."""

    text: str
    word: int | None
    """Number of the word that it belongs to; None for signs and spaces between words."""


class English:
    """Reads English: American by default."""

    def __init__(self, *, is_british: bool = False) -> None:
        from hibari.g2p import G2P

        self._reader = G2P(british=is_british)

    def read(self, spoken: str, ipa: dict[str, str]) -> tuple[list[Symbol], bool]:
        """Return the symbols, and whether each word is told from the next: here always."""
        found: list[Symbol] = []
        place = 0
        places = word_places(spoken)
        tokens = self._reader.tokenize(spoken)
        for token in tokens:
            token.phonemes = said_as(token.text, ipa) or _names().get(token.text.casefold())
        for token in self._reader.phonemize_tokens(tokens):
            start = max(spoken.find(token.text, place), place)
            place = start + len(token.text)
            around = (number for number, (begin, end) in enumerate(places) if begin < place and start < end)
            word = next(around, None) if any(map(str.isalnum, token.text)) else None
            found += [Symbol(symbol, word) for symbol in token.phonemes or "" if symbol in symbols()]
            if token.whitespace:
                found.append(Symbol(_SPACE, None))
        return found, True


@cache
def _names() -> dict[str, str]:
    """Return the sounds of names that no dictionary has, by the names in small letters."""
    text = files("callsheet.speech").joinpath("spoken_names.yaml").read_text(encoding="utf-8")
    return cast("dict[str, str]", yaml.safe_load(text))


class ByPhonemes:
    """Reads a language by the phonemes that another program writes, clause by clause."""

    def __init__(self, phonemes: Callable[[str], Sequence[str]]) -> None:
        self._phonemes = phonemes

    def read(self, spoken: str, ipa: dict[str, str]) -> tuple[list[Symbol], bool]:
        """Return the symbols, and whether each word is told from the next."""
        found: list[Symbol] = []
        places, is_exact = word_places(spoken), True
        firsts = [next(at for at in range(*place) if spoken[at].isalnum()) for place in places]
        for start, end, sign in _clauses(spoken):
            numbers = [number for number, first in enumerate(firsts) if start <= first < end]
            groups = list(self._phonemes(spoken[start:end])) if numbers else []
            is_exact &= len(groups) == len(numbers)
            for place, group in enumerate(groups):
                word = numbers[min(len(numbers) - 1, place * len(numbers) // len(groups))]
                written = spoken[slice(*places[word])].strip(_STOPS)
                said = (said_as(written, ipa) if len(groups) == len(numbers) else None) or group
                found += [Symbol(symbol, word) for symbol in said if symbol in symbols()]
                found.append(Symbol(_SPACE, None))
            if sign:
                while found and found[-1].text == _SPACE:
                    found.pop()
                found += [Symbol(sign, None), Symbol(_SPACE, None)]
        return found, is_exact


def said_as(written: str, ipa: dict[str, str]) -> str | None:
    """Return the sounds that the lexicon has for a word."""
    return next((said for word, said in ipa.items() if word.casefold() == written.casefold()), None)


def pieces_of(found: Sequence[Symbol]) -> Iterator[list[Symbol]]:
    """Return the symbols in pieces that can be read at once, cut at clauses, else at words. Each ends with a stop."""
    rest = list(found)
    while rest:
        cut = len(rest) if len(rest) <= LONGEST else _cut(rest[: LONGEST + 1])
        piece, rest = rest[:cut], rest[cut:]
        while piece and piece[-1].text == _SPACE:
            piece.pop()
        while piece and piece[0].text == _SPACE:
            piece.pop(0)
        if any(symbol.word is not None for symbol in piece):
            if piece[-1].word is not None:
                piece.append(Symbol("," if rest else ".", None))
            yield piece


def _cut(found: Sequence[Symbol]) -> int:
    for ends in (_CLAUSE_ENDS, _SPACE):
        places = [place for place, symbol in enumerate(found) if symbol.text in ends and symbol.word is None]
        if places and places[-1] > LONGEST // 4:
            return min(places[-1] + 1, LONGEST)
    return LONGEST


_CLAUSE = re.compile(r"[^,;:.!?…—。！？，；：、¡¿“”«»()]+|[,;:.!?…—。！？，；：、¡¿“”«»()]")
_SIGNS = dict(zip("。！？，；：、", ".!?,;:,", strict=True)) | {sign: sign for sign in ",;:.!?…—“”()"}


def _clauses(spoken: str) -> Iterable[tuple[int, int, str]]:
    """Return start and end of each clause, and the sign after it. Commas inside of numbers don't end one."""
    found = [each.span() for each in _CLAUSE.finditer(spoken)]
    for start, end in found:
        text = spoken[start:end]
        if len(text) == 1 and not text.isalnum() and not text.isspace():
            yield start, start, _SIGNS.get(text, "")
        elif text.strip():
            yield start, end, ""
