"""Formulas in words: Typst sets a formula as MathML, and a walk over its elements says it in English or German."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, cast
from xml.etree.ElementTree import Element, ParseError, fromstring

import yaml

from callsheet.errors import InvalidRequest
from callsheet.model.film.narration import primary

FIELD = "formula"
LONGEST = 2_000
"""Characters of a formula."""
_CLOSING = dict(zip("([{|‖⌊⌈", ")]}|‖⌋⌉", strict=True))
_PRIMES = {"′", "″", "‴"}
_VECTORS = {"→", "⃗"}
"""Marks that are said before their letter."""
_PARTS = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3, "munderover": 3}
"""How many parts an element has; one with another number is read from left to right."""
_NUMBER = re.compile(r"\d+\.\d+")
_NAMED = set("ℝℕℤℚℂℏ…⋯′″‴¯˙¨‖")
_SCRIPT_MARK = "\ufe00"
"""Stands behind a script letter."""
_FUNCTIONS = re.compile(r"[a-z]{2,}")
_ATOMS = {"mi", "mn", "mtext"}


def say_typst(formula: str, language: str) -> str:
    """Return a Typst formula in words, in English or German; another language gets the English words.

    Numbers stay in digits, which `speakable` reads.

    Raises:
        InvalidRequest: Typst can't set the formula, or it is too long.
    """
    if len(formula) > LONGEST:
        raise InvalidRequest(f"it has {len(formula)} characters; at most {LONGEST} can be said", FIELD)
    return say_mathml(_mathml(formula), language)


def say_mathml(mathml: str, language: str) -> str:
    """Return MathML in words. Raises InvalidRequest if it is not well-formed."""
    if "<!" in mathml:
        raise InvalidRequest("a declaration has no place in MathML; leave it out", FIELD)
    try:
        said = _Walk(primary(language)).say(fromstring(mathml))
    except ParseError as error:
        raise InvalidRequest(f"it is not well-formed MathML: {error}", FIELD) from None
    return re.sub(r",+(?=[,.;]|$)", "", re.sub(r"\s+([,;])", r"\1", " ".join(said.split())))


def _mathml(formula: str) -> str:
    from callsheet.formulas import UnsettableError, mathml_of

    try:
        return mathml_of(formula, block=False)
    except UnsettableError as error:
        raise InvalidRequest(f"Typst can't set it: {error}", FIELD) from None


class _Walk:
    """Says the elements of MathML in one language."""

    def __init__(self, code: str) -> None:
        self._is_german = code == "de"
        self._words = _all_words().get(code) or _all_words()["en"]

    def say(self, element: Element) -> str:
        """Return an element in words."""
        parts = list(element)
        say = self._by_tag.get(_tag(element))
        if say is not None and len(parts) == _PARTS.get(_tag(element), len(parts)):
            return say(element, *parts)
        return self._row(parts) if parts else self._atom(_text(element))

    @cached_property
    def _by_tag(self) -> dict[str, Callable[..., str]]:
        """Return how elements are said: each takes the element and its parts."""
        return {
            "mfrac": self._fraction,
            "msqrt": lambda _, *parts: self._phrase("root", _row(parts)),
            "mroot": lambda _, base, degree: self._phrase(
                "cube_root" if _text(degree) == "3" else "nth_root", base, degree
            ),
            "msub": lambda _, base, low: self._limited(base, low, None),
            "munder": lambda _, base, low: self._marked(base, low),
            "msubsup": lambda _, *parts: self._limited(*parts),
            "munderover": lambda _, *parts: self._limited(*parts),
            "msup": lambda _, base, power: self._raised(self.say(base), power),
            "mover": lambda _, base, mark: self._marked(base, mark),
            "mtable": lambda table, *_: self._table(table),
        }

    def _fraction(self, element: Element, above: Element, below: Element) -> str:
        if element.get("linethickness") == "0":
            return self._phrase("choose", above, below)
        if _tag(above) == _tag(below) == "mn":
            return f"{self.say(above)}/{self.say(below)}"
        is_short = _is_short(above) and _is_short(below)
        return self._phrase("fraction" if is_short else "long_fraction", above, below)

    def _row(self, parts: Sequence[Element]) -> str:
        """Say elements one after the other: what stands between two fences is a group."""
        opening = _text(parts[0]) if _tag(parts[0]) == "mo" else ""
        if len(parts) > 2 and _CLOSING.get(opening) == _text(parts[-1]):
            return self._group(opening, parts[1:-1])
        if opening == "{" and len(parts) == 2:
            return self.say(parts[1])
        said = []
        for place, part in enumerate(parts):
            before = parts[place - 1] if place else None
            if before is not None and _is_function(before) and _is_group(part):
                said.append(f"{self._words['of']} {self._inside(part)}")
            else:
                said.append(self.say(part))
        return " ".join(said)

    def _group(self, opening: str, inside: Sequence[Element]) -> str:
        row = _row(inside)
        table = inside[0] if len(inside) == 1 else None
        if table is not None and _tag(table) == "mtable":
            return self.say(table)
        if opening in "([" and (_is_short(row) or (table is not None and _tag(table) == "mfrac")):
            return self.say(row)
        return self._phrase_of(self._words["fences"][opening], row)

    def _inside(self, group: Element) -> str:
        """Say what stands between the parentheses of a function."""
        return self.say(_row(list(group)[1:-1]))

    def _limited(self, base: Element, low: Element, high: Element | None) -> str:
        """Say a large sign with its limits, or a letter with its index and its power."""
        sign = _text(base)
        large = self._words["large"].get(sign)
        if large is None or len(base):
            indexed = self._phrase("sub", base, low)
            return indexed if high is None else self._raised(indexed, high)
        if high is not None:
            return str(self._words["from_to"]).format(a=large, b=self.say(low), c=self.say(high))
        name = "approaches" if sign == "lim" else "over"
        limits = self.say(low)
        if sign == "lim":
            limits = limits.replace(f" {self._words['signs']['→']} ", f" {self._words['approach']} ")
        return str(self._words[name]).format(a=large, b=limits)

    def _raised(self, base: str, power: Element) -> str:
        known = self._words["powers"].get(_text(power))
        if known:
            return str(known).format(a=base)
        if set(_text(power)) <= _PRIMES and _text(power):
            return str(self._words["powers"]["′"]).format(a=base)
        return str(self._words["power"]).format(a=base, b=self.say(power))

    def _marked(self, base: Element, mark: Element) -> str:
        """Say a letter with a mark over it, or a large sign with what stands below; of a brace only its content."""
        said, name = self.say(base), self._words["marks"].get(_text(mark))
        if name is not None:
            return f"{name} {said}" if _text(mark) in _VECTORS else f"{said} {name}"
        return self._limited(base, mark, None) if _text(base) in self._words["large"] else said

    def _table(self, table: Element) -> str:
        rows = [[self.say(cell) for cell in row] for row in table]
        if "cases" in table.get("class", ""):
            return self._joined("cases", self._words["or"], [" ".join(row) for row in rows])
        if "equation" in table.get("class", "") or "aligned" in table.get("class", ""):
            return str(self._words["rows"]).join(" ".join(row) for row in rows)
        if all(len(row) == 1 for row in rows):
            return self._joined("vector", ", ", [row[0] for row in rows])
        return self._joined("matrix", self._words["rows"], [", ".join(row) for row in rows])

    def _joined(self, phrase: str, between: str, parts: Sequence[str]) -> str:
        return str(self._words[phrase]).format(a=between.join(parts))

    def _phrase(self, name: str, *parts: Element) -> str:
        return self._phrase_of(self._words[name], *parts)

    def _phrase_of(self, phrase: str, *parts: Element) -> str:
        return phrase.format(**dict(zip("abc", map(self.say, parts), strict=False)))

    def _atom(self, text: str) -> str:
        sign = self._words["signs"].get(text) or self._words["large"].get(text)
        if sign is not None:
            return str(sign)
        text = unicodedata.normalize("NFKC", text)
        if len(text) == 1 and "GREEK" in (name := unicodedata.name(text, "")):
            return name.rpartition("LETTER ")[2].split()[0].lower()
        if self._is_german and _NUMBER.fullmatch(text):
            return text.replace(".", ",")
        return text if text != "a" else "A"


@cache
def _all_words() -> dict[str, Any]:
    text = files("callsheet.speech").joinpath("spoken_mathematics.yaml").read_text(encoding="utf-8")
    return cast("dict[str, Any]", yaml.safe_load(text))


def _text(element: Element) -> str:
    """Return the text of an element in plain letters. Signs that have a name (ℝ, …) stay."""
    text = "".join(element.itertext()).strip().replace(_SCRIPT_MARK, "")
    return "".join(char if char in _NAMED else unicodedata.normalize("NFKC", char) for char in text)


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _row(parts: Sequence[Element]) -> Element:
    """Return elements as one."""
    row = Element("mrow")
    row.extend(parts)
    return row


def _is_short(element: Element) -> bool:
    """Return whether it is a letter, a number, or one of them with an index or a power."""
    tag = _tag(element)
    if tag in ("msub", "msup", "msubsup"):
        return all(_is_short(part) for part in element)
    if tag == "mrow":
        return len(element) == 1 and _is_short(element[0])
    return tag in _ATOMS


def _is_function(element: Element) -> bool:
    base = element[0] if _tag(element) in ("msub", "msup", "msubsup") and len(element) else element
    text = _text(base)
    return (_tag(base) == "mi" and text.isalpha()) or bool(_FUNCTIONS.fullmatch(text))


def _is_group(element: Element) -> bool:
    parts = list(element)
    return _tag(element) == "mrow" and len(parts) > 2 and _text(parts[0]) == "(" and _text(parts[-1]) == ")"
