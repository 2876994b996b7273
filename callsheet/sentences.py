"""Text becomes sentences: each is spoken, kept and spoken again by itself."""

import re
from collections.abc import Iterator

from callsheet.model.film.narration import primary

LONGEST = 400
"""Characters of a sentence at most. Voices read longer ones worse; and a changed word is a sentence spoken again."""
# Languages that write “3.” for “third”: a sentence does not end there.
_ORDINAL_BY_DOT = {"de", "da", "nb", "no", "fi", "cs", "sk", "pl", "hu", "hr", "sl", "et", "lv"}
_ORDINAL = re.compile(r"(?<![\d.,])\d{1,3}\.\s*$")
_AFTER_A_UNIT = re.compile(
    r"(?<=\d (?:[kcm]m|kg|mg|ms|[kM]W|kB|[MGT]B|Hz|ml)\.)\s+(?=[A-ZÄÖÜ])|(?<=\d [mgshlWV]\.)\s+(?=[A-ZÄÖÜ])"
)
"""Where a sentence ends with a quantity, whose unit looks like an abbreviation."""
_FULL_STOP = re.compile(r"(?<=[。！？])(?=\w)")
"""It ends a sentence of Chinese or Japanese before a numeral, too."""
_CUTS = (re.compile(r"(?<=[;:])\s+|(?<=[；：])"), re.compile(r"(?<=[,–—])\s+|(?<=[，、])"), re.compile(r"\s+"))
"""Where a sentence that is too long is cut, best places first."""


def sentences_of(text: str, language: str) -> tuple[str, ...]:
    """Return the sentences of a text, each in one line, without empty ones. None is longer than LONGEST."""
    return tuple(part for sentence in _split(text, language) for part in _short(" ".join(sentence.split())) if part)


def _split(text: str, language: str) -> Iterator[str]:
    held = ""
    for piece in _pieces(text, language):
        *whole, last = _AFTER_A_UNIT.split(held + piece)
        yield from whole
        held = last
        if primary(language) not in _ORDINAL_BY_DOT or not _ORDINAL.search(held):
            yield held
            held = ""
    yield held


def _pieces(text: str, language: str) -> Iterator[str]:
    import sentencex

    for piece in sentencex.segment(primary(language), text):
        yield from _FULL_STOP.split(piece)


def _short(sentence: str) -> Iterator[str]:
    """Return the sentence, cut where it is too long."""
    while len(sentence) > LONGEST:
        cut = _cut(sentence)
        yield sentence[:cut].strip()
        sentence = sentence[cut:].strip()
    yield sentence


def _cut(sentence: str) -> int:
    """Return the last good place to cut at; LONGEST in a text without a space."""
    head = sentence[: LONGEST + 1]
    for pattern in _CUTS:
        places = [found.end() for found in pattern.finditer(head) if found.start() <= LONGEST]
        if places and places[-1] > LONGEST // 4:
            return places[-1]
    return LONGEST
