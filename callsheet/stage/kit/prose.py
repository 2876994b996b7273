"""A free text read without a language model: its heading, its key sentences and its formulas."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from callsheet.formulas import UnsettableError, fault_in, is_latex, typst_of
from callsheet.stage.kit.inline import TextRun, TextRunKind, parse_inline

MOST_SENTENCES = 24
"""Longer texts are cut to this many key sentences: about two minutes of reading."""
_LONGEST_HEADING = 90
_LONGEST_FORMULA = 200

_NAMES = (
    "pi|sin|cos|tan|cot|log|ln|exp|sqrt|lim|alpha|beta|gamma|delta|epsilon|theta|lambda|mu|rho|sigma|tau|phi|psi|omega"
)
_GROUP = r"\((?>[^()\n]{1,60})\)"
_ATOM = (
    rf"(?>(?:(?:{_NAMES})(?![A-Za-z])|[A-Za-z]{{1,2}}(?![A-Za-z])|\d++(?:\.\d++)?+)'*+(?:{_GROUP})?+|{_GROUP})"
    rf"(?:[\^_](?:{_GROUP}|-?\w{{1,3}}))*+"
)
_LETTER = rf"[b-zA-HJ-Z](?![A-Za-z'])(?:[\^_](?:{_GROUP}|-?\w{{1,3}}))*+"
_SIDE = rf"-?{_ATOM}(?>\s?[-+*/·×]\s?{_ATOM}|(?<=\d)\s?{_LETTER}|(?<=pi)\s{_LETTER}|{_ATOM}){{0,30}}+"
_POWER = rf"(?:[b-zA-HJ-Z]|\d++|{_GROUP})\^(?:{_GROUP}|-?\w{{1,3}})"
_BARE_FORMULA = re.compile(rf"(?<![\w$^\\.])(?:{_SIDE}(?:\s?(?:<=|>=|!=|[=<>≤≥≈])\s?{_SIDE})++|{_POWER})(?![\w(^])")
"""A relation, or a power by itself."""
_OTHER_NOTATION = re.compile(r"\\[A-Za-z]|[_^]\{|\\[(\[]")
"""LaTeX."""
_SIGNS = tuple("+*/^_={}<>|\\·×≤≥≈≠±∓√∫∑∏∂∇∈⊂∪∩→⇒⇔")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”»)]?\s+(?=[^a-z\s])|(?<=[。！？])|\n+")
_LEAD_IN = re.compile(
    r"^(?:please\s+)?(?:explain|show|describe|illustrate|visuali[sz]e|animate|demonstrate|introduce|prove|teach)\s+"
    r"(?:(?:me|us|to me)\s+)?",
    re.IGNORECASE,
)
_PRIMED_DENOMINATOR = re.compile(r"/\s*([A-Za-z]'+\([^()]*\))")
"""In Typst, the denominator of f / g'(x) is g' alone; people mean all of g'(x)."""
_PLACE = 0xE000
"""Formulas stand as one private-use character each while sentences are cut."""


@dataclass(frozen=True)
class Sentence:
    """Words, with formulas between dollar signs."""

    text: str


@dataclass(frozen=True)
class DisplayedFormula:
    """A formula that stands on a separate line."""

    formula: str


@dataclass(frozen=True)
class Explanation:
    """The parts of a free text: a heading, and the rest in the order of the text."""

    heading: str
    parts: tuple[Sentence | DisplayedFormula, ...]


def read_prose(text: str) -> Explanation:
    """Return `text` as a heading, key sentences and formulas."""
    # Every formula that can be set stands between dollar signs then; any other dollar sign or ` stays as it is.
    sentences = _sentences("".join(_marked(run) for run in parse_inline(text)))
    heading, rest = _heading(sentences)
    return Explanation(heading, tuple(part for sentence in _key(rest) for part in displayed_parts(sentence)))


def _marked(run: TextRun) -> str:
    if run.kind is TextRunKind.CODE:
        return f"`{run.text}`"
    if run.kind is TextRunKind.MATH:
        fitting = _settable(run.text)
        return f"${fitting}$" if fitting else _escaped(f"${run.text}$")
    pieces, end = list[str](), 0
    if _OTHER_NOTATION.search(run.text):  # a part of it that could be set would stand beside one that can't
        return _escaped(run.text)
    for match in _BARE_FORMULA.finditer(run.text):
        formula = _settable(match.group()) if _is_whole(match) else ""
        if formula:
            pieces += [_escaped(run.text[end : match.start()]), f"${formula}$"]
            end = match.end()
    return "".join(pieces) + _escaped(run.text[end:])


def _is_whole(match: re.Match[str]) -> bool:
    """Return whether a formula stands apart from other mathematics.

    Otherwise it would be a part of a formula that was not understood.
    """
    before, after = match.string[: match.start()].rstrip(), match.string[match.end() :].lstrip()
    return not (before.endswith(_SIGNS) or after.startswith(_SIGNS) or re.match(r"[b-zB-HJ-Z]\b(?!')", after))


def _settable(formula: str) -> str:
    """Return `formula`, or its reading with letters apart (mc as m c).

    Return an empty text if neither can be set.
    """
    if len(formula) > _LONGEST_FORMULA:
        return ""
    if is_latex(formula):
        return "" if fault_in(formula) else formula.strip()
    formula = _PRIMED_DENOMINATOR.sub(r"/ (\1)", formula.replace("*", " dot ").strip())
    apart = re.sub(rf"\b(?!(?:{_NAMES})\b)([A-Za-z]{{2,3}})\b", lambda match: " ".join(match.group()), formula)
    return next((reading for reading in (formula, apart) if not fault_in(reading)), "")


def _escaped(text: str) -> str:
    return re.sub(r"([$`])", r"\\\1", text)


def _sentences(text: str) -> list[str]:
    """Return `text` cut into sentences; no cut falls inside a formula or a piece of code."""
    runs = parse_inline(text)
    hidden = "".join(
        run.text if run.kind is TextRunKind.TEXT else chr(_PLACE + place) for place, run in enumerate(runs)
    )
    pieces = (piece.strip() for piece in _SENTENCE_END.split(hidden) if piece)
    return [_shown(piece, runs) for piece in pieces if piece]


def _shown(piece: str, runs: tuple[TextRun, ...]) -> str:
    return "".join(_shown_character(character, runs) for character in piece)


def _shown_character(character: str, runs: tuple[TextRun, ...]) -> str:
    place = ord(character) - _PLACE
    if 0 <= place < len(runs) and runs[place].kind is not TextRunKind.TEXT:
        mark = "$" if runs[place].kind is TextRunKind.MATH else "`"
        return f"{mark}{runs[place].text}{mark}"
    return _escaped(character)


def _heading(sentences: list[str]) -> tuple[str, list[str]]:
    """Return the heading, without “Explain …”, and the other sentences.

    The heading is the first sentence, if that is short enough.
    """
    if not sentences or len(sentences[0]) > _LONGEST_HEADING or len(sentences) == 1:
        return "", sentences
    words = _LEAD_IN.sub("", sentences[0]).rstrip(".:。")
    return words[:1].upper() + words[1:], sentences[1:]


def _key(sentences: list[str]) -> list[str]:
    """Return the sentences that say most, in their order.

    They have frequent words (Luhn 1958) or formulas.
    """
    if len(sentences) <= MOST_SENTENCES:
        return sentences
    counts = Counter(word for sentence in sentences for word in _telling_words(sentence))
    ranked = sorted(range(len(sentences)), key=lambda place: (-_weight(sentences[place], counts), place))
    return [sentences[place] for place in sorted(ranked[:MOST_SENTENCES])]


def _weight(sentence: str, counts: Counter[str]) -> float:
    words = _telling_words(sentence)
    frequent = sum(counts[word] for word in words) / max(8, len(words))
    return frequent + (2 * max(counts.values(), default=0) if "$" in sentence.replace("\\$", "") else 0)


def _telling_words(sentence: str) -> list[str]:
    return [word.lower() for word in re.findall(r"\w{5,}", sentence)]


def displayed_parts(sentence: str) -> Iterator[Sentence | DisplayedFormula]:
    """Yield the sentence; a relation at its end is displayed on a separate line."""
    runs = [run for run in parse_inline(sentence) if run.text.strip(" .,:;")]
    last = runs[-1] if runs else None
    if last is None or last.kind is not TextRunKind.MATH or not _is_relation(last.text):
        yield Sentence(sentence)
        return
    before = sentence[: sentence.rindex(f"${last.text}$")].rstrip()
    if before.strip(" .,:;"):
        yield Sentence(before)
    yield DisplayedFormula(last.text)


def _is_relation(formula: str) -> bool:
    try:
        return bool(re.search(r"[=<>≤≥≈≠≡]", typst_of(formula)))
    except UnsettableError:
        return False
