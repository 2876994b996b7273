"""Written text becomes speakable text: what a voice would misread is said in words, and captions can follow.

English and German are said in full. In other languages, numbers and signs are said in words where the language is known
(`spoken_words.yaml`, num2words), and the voice reads the rest.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, partial
from typing import TYPE_CHECKING

from callsheet.model.film.narration import Lexicon, SpeakableText, primary
from callsheet.speech.numerals import number_words
from callsheet.speech.readings import SayMathematics, reading_rules, words_of
from callsheet.speech.text_map import Rewrite, RewrittenText

if TYPE_CHECKING:
    from normt2s import Normalizer

_NORMALIZED = ("en", "de")
# Characters that no text has: they hold the place of a word that the lexicon says.
_FIRST_HELD = 0xF0000
_MARKUP = "*_#`~|<>[]{}\\^="
_LONGEST_NUMBER = 15
"""Digits that are still said as one number."""


def speakable(
    text: str, language: str, lexicon: Lexicon | None = None, say_mathematics: SayMathematics | None = None
) -> SpeakableText:
    """Return how a sentence is read. It never raises, whatever the text is.

    `language` is BCP 47. `lexicon` wins over every rule. Without `say_mathematics`, formulas between dollar signs are
    read as LaTeX, in English and German.
    """
    code = primary(language)
    rewritten = RewrittenText(text)
    rewritten.rewrite(_UNREADABLE, " ")
    held = _hold(rewritten, lexicon or Lexicon())
    for pattern, rewrite in reading_rules(code, say_mathematics):
        rewritten.rewrite(pattern, rewrite)
    if code in _NORMALIZED:
        rewritten.rewrite(_DASH, ", ")
        rewritten.replace_all(partial(_normalized, code=code))
    for pattern, rewrite in _last_rules(code):
        rewritten.rewrite(pattern, rewrite)
    rewritten.rewrite(_HELD, lambda found: held[ord(found[0]) - _FIRST_HELD])
    rewritten.rewrite(_SPACES, " ")
    rewritten.rewrite(_SPACE_BEFORE_STOP, "")
    rewritten.rewrite(_OUTER_SPACE, "")
    passages = rewritten.passages()
    return SpeakableText(written=text, spoken=rewritten.text if passages else "", passages=passages)


# Control characters, private use (normt2s uses some for itself), lone surrogates, what joins or turns text.
_UNREADABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\uf8ff\ufff0-\uffff\U000f0000-\U0010ffff]"
)
# Between words, not between numbers: there it is a range.
_DASH = re.compile(r"\s[–-]\s(?!\d)|(?<!\d)\s[–-]\s")
_HELD = re.compile(r"[\U000f0000-\U000fffff]")
_SPACES = re.compile(r"\s{2,}|[^\S ]")
_SPACE_BEFORE_STOP = re.compile(r" (?=[,.;:!?](?:\s|$))")
_OUTER_SPACE = re.compile(r"^\s+|\s+$")


def _hold(rewritten: RewrittenText, lexicon: Lexicon) -> list[str]:
    """Put one character in the place of each word of the lexicon; return what each stands for.

    A word that is given in IPA stays as it is written: the voice looks it up.
    """
    said = lexicon.respelled()
    words = sorted(lexicon.words, key=len, reverse=True)
    if not words:
        return []
    held: list[str] = []
    by_word = {word.casefold(): word for word in reversed(words)}

    def hold(found: re.Match[str]) -> str | None:
        word = by_word.get(found[0].casefold())
        if word is None:
            return None
        held.append(said.get(word, found[0]))
        return chr(_FIRST_HELD + len(held) - 1)

    either = "|".join(map(re.escape, words))
    rewritten.rewrite(re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE), hold)
    return held


def _normalized(text: str, code: str) -> str:
    """Return the text with numbers, dates, units, money and abbreviations in words."""
    try:
        return str(_normalizer(code).normalize(text))
    except Exception:  # of a library of patterns and tables; the rules that follow read what is left
        return text


def _last_rules(code: str) -> Iterator[tuple[re.Pattern[str], Rewrite | str]]:
    """Return the rules for what is left: digits, and signs that a voice would read by name."""
    words = words_of(code)
    if words is not None:
        yield re.compile(r"\s?%"), f" {words['percent']} "
        yield re.compile(r"\s?°\s?C?(?!\w)"), f" {words['degrees']} "
        for sign, name in (
            ("@", "at"),
            ("$", "dollar"),
            ("€", "euro"),
            ("£", "pound"),
            ("&", "and"),
            ("+", "plus"),
            ("=", "equals"),
        ):
            yield re.compile(rf"\s?{re.escape(sign)}\s?"), f" {words[name]} "
    if words is not None or _knows_numbers(code):
        yield _NUMBER, partial(_said_number, code=code)
        yield _DIGITS, partial(_said_digits, code=code)
    yield re.compile(rf"[{re.escape(_MARKUP)}]+"), " "
    if words is not None:
        yield re.compile(r"(?<!\w)/|/(?!\w)"), " "
        yield re.compile(r"/"), f" {words['slash']} "
    yield _PICTURES, " "


_NUMBER = re.compile(r"(?<!\d)\d{1,3}(?:[.,\u00a0\u202f' ]\d{3})*(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)?")
_DIGITS = re.compile(r"[\d⁰¹²³⁴-⁹₀-₉①-⓿½¼¾⅐-⅟]+")
_PICTURES = re.compile(r"[\u2190-\u21ff\u2300-\u23ff\u2460-\u2bff\u3200-\u33ff\ufe00-\ufe0f\U0001f000-\U0001faff]+")


def _said_number(found: re.Match[str], code: str) -> str:
    """Return a number in words, in the way of writing of the language."""
    decimal = "." if code in ("en", "zh", "ja", "ko", "th", "he") else ","
    whole, _, fraction = found[0].partition(decimal)
    digits = "".join(filter(str.isdecimal, whole))
    if (
        any(sign in fraction for sign in ".,")
        or len(digits) > _LONGEST_NUMBER
        or (digits[0] == "0" and len(digits) > 1)
    ):
        return _said_digits(found, code)
    said = _number(int(digits), code)
    if fraction:
        between = (words_of(code) or {}).get("decimal", decimal)
        said = f"{said} {between} {' '.join(_number(int(digit), code) for digit in fraction)}"
    return _apart(found, said)


def _said_digits(found: re.Match[str], code: str) -> str:
    """Return digits one by one, of whichever script they are."""
    values = [unicodedata.numeric(char, None) for char in unicodedata.normalize("NFKC", found[0])]
    digits = [int(value) for value in values if value is not None and value == int(value)]
    return _apart(found, " ".join(_number(digit, code) for digit in digits))


def _apart(found: re.Match[str], said: str) -> str:
    """Return the words with a space to letters beside them."""
    before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    return f"{' ' if before.isalnum() else ''}{said}{' ' if after.isalnum() else ''}"


def _number(value: int, code: str) -> str:
    try:
        return (
            str(number_words()(value, lang=code)).replace("-", " ")
            if code != "en"
            else str(number_words()(value, lang=code))
        )
    except (NotImplementedError, OverflowError, KeyError, IndexError):
        return str(value)


@cache
def _normalizer(code: str) -> "Normalizer":
    from normt2s import Normalizer

    return Normalizer(code)


@cache
def _knows_numbers(code: str) -> bool:
    from num2words import CONVERTER_CLASSES

    return code in CONVERTER_CLASSES
