r"""Formulas of chemistry, as mhchem's `\ce{…}` writes them, for Typst."""

from __future__ import annotations

import re
from collections.abc import Callable

from callsheet.formulas.pieces import joined, quoted

_ARROWS = {"<=>>": "⇌", "<<=>": "⇌", "<=>": "⇌", "<->": "↔", "<-->": "⇄", "->": "→", "<-": "←"}
_BONDS = {"-": "−", "=": "=", "#": "≡"}
_TOKEN = re.compile(
    r"""(?P<fate>(?<!\S)[v^](?!\S))
    |(?P<space>\s+)
    |(?P<arrow>(?P<shaft><=>>|<<=>|<=>|<-->|<->|->|<-)(?P<above>\[[^\[\]]*\])?(?P<below>\[[^\[\]]*\])?)
    |(?P<state>\((?:s|l|g|aq|cr|am)\))
    |(?P<element>[A-Z][a-z]?|[a-z](?![a-z]))
    |(?P<raised>\^\{(?P<raised_group>[^{}]*)\}|\^(?P<raised_sign>\d*[-+−]|\d+|\.))
    |(?P<lowered>_\{(?P<lowered_group>[^{}]*)\}|_(?P<lowered_sign>\d+|[a-z]))
    |(?P<number>\d+(?:[./]\d+)?)
    |(?P<dot>[*.·])
    |(?P<open>[(\[])|(?P<close>[)\]])
    |(?P<sign>[-+=\#])
    |(?P<greek>\\(?:alpha|beta|gamma|Delta)(?![A-Za-z]))
    """,
    re.VERBOSE,
)
_CHARGES = {"-": "−", ".": "∙", "·": "∙"}
_GREEK = {"\\alpha": "α", "\\beta": "β", "\\gamma": "γ", "\\Delta": "Δ"}


class ChemistryError(Exception):
    """A place in a formula of chemistry that is not understood."""

    def __init__(self, place: int, written: str, advice: str) -> None:
        super().__init__(advice)
        self.place, self.written, self.advice = place, written, advice


class _Reading:
    """What was read: the pieces, and the atom that waits for its index and its charge."""

    def __init__(self, written: str) -> None:
        self.written = written
        self.pieces: list[str] = []
        self.base = ""
        self.marks: dict[str, str] = {}
        self.is_apart = True
        """Whether a number here counts substances, and not the atoms before it."""

    def close(self) -> None:
        """Put the waiting atom to the pieces."""
        if self.base or self.marks:
            marks = "".join(f"{side}({self.marks[side]})" for side in "_^" if side in self.marks)
            self.pieces.append(f"{self.base or 'zws'}{marks}")
        self.base, self.marks = "", {}

    def begin(self, base: str) -> None:
        """Begin an atom."""
        self.close()
        self.base = base

    def add(self, piece: str) -> None:
        """Add what carries no index."""
        self.close()
        self.pieces.append(piece)


def chemistry(written: str) -> str:
    r"""Return what Typst writes for the words between the braces of `\ce{…}`. Raises ChemistryError."""
    reading, at = _Reading(written), 0
    while at < len(written):
        match = _TOKEN.match(written, at)
        if match is None:
            raise ChemistryError(at, written[at:], "is not understood; write as in H2O, SO4^2-, A + B -> C")
        kind = match.lastgroup or ""
        _READERS[kind](match, reading)
        stays_apart = reading.is_apart and kind not in {"number", "element", "close"}
        reading.is_apart = stays_apart or kind in {"space", "arrow", "dot", "sign", "fate"}
        at = match.end()
    reading.close()
    if not reading.pieces:
        raise ChemistryError(0, written or "{}", "shows nothing; write as in H2O")
    return joined(reading.pieces)


def _arrow(match: re.Match[str], reading: _Reading) -> None:
    above, below = ((match.group(side) or "")[1:-1].strip() for side in ("above", "below"))
    marks = (f"^({_over(above, match.start('above'))})" if above else "") + (
        f"_({_over(below, match.start('below'))})" if below else ""
    )
    shaft = _ARROWS[match.group("shaft")]
    reading.add(f"stretch({shaft}){marks}" if marks else shaft)


def _over(written: str, place: int) -> str:
    """Return what stands over an arrow: chemistry if it is some, else words."""
    if written in {"\\Delta", "$\\Delta$"}:
        return "Δ"
    if re.search(r"[\\${}]", written):
        raise ChemistryError(place, written, "is not understood over an arrow; write a word, a formula or \\Delta")
    if re.search(r"[A-Z]", written) and not re.search(r"[a-z]{3}", written):
        return chemistry(written)
    return quoted(written)


def _mark(match: re.Match[str], reading: _Reading) -> None:
    kind = match.lastgroup or ""
    side = "^" if kind == "raised" else "_"
    group, sign = match.group(f"{kind}_group"), match.group(f"{kind}_sign")
    inside = re.sub(r"\s", "", group if group is not None else sign)
    if not re.fullmatch(r"[0-9A-Za-z+−.·-]+", inside):
        advice = "holds no charge and no number; write as in ^{2+}, ^{14} or _{6}"
        raise ChemistryError(match.start(), match.group(), advice)
    if side in reading.marks:
        raise ChemistryError(match.start(), match.group(), "is a second one; write both in one pair of braces")
    parts = re.findall(r"\d+|[A-Za-z]+|.", inside)
    reading.marks[side] = joined(quoted(part) if part.isalpha() else _CHARGES.get(part, part) for part in parts)


def _number(match: re.Match[str], reading: _Reading) -> None:
    text = match.group()
    if reading.base and "_" not in reading.marks and not reading.is_apart:
        if not text.isdigit():
            advice = "is no count of atoms; write a whole number, or a space before it"
            raise ChemistryError(match.start(), text, advice)
        reading.marks["_"] = text
        return
    above, slash, below = text.partition("/")
    reading.add(f"frac({above}, {below})" if slash else text)
    reading.add("thin")


def _sign(match: re.Match[str], reading: _Reading) -> None:
    """Read a charge, a bond, or the plus between two substances."""
    text, after = match.group(), reading.written[match.end() : match.end() + 1]
    ends_here = not after or after.isspace() or after in ")]"
    if text in "+-" and reading.base and ends_here and "^" not in reading.marks:
        reading.marks["^"] = _CHARGES.get(text, text)
    elif text in _BONDS and not reading.is_apart and not ends_here:
        reading.add(f'class("normal", {_BONDS[text]})')
    elif text in {"+", "="} and reading.is_apart:
        reading.add(text)
    else:
        raise ChemistryError(match.start(), text, "is neither a charge nor a bond; write as in Na+, C=C or A + B")


_READERS: dict[str, Callable[[re.Match[str], _Reading], None]] = {
    "fate": lambda match, reading: reading.add("↓" if match.group() == "v" else "↑"),
    "space": lambda _, reading: reading.close(),
    "arrow": _arrow,
    "state": lambda match, reading: reading.add(joined(["\\(", quoted(match.group()[1:-1]), "\\)"])),
    "element": lambda match, reading: reading.begin(quoted(match.group())),
    "raised": _mark,
    "lowered": _mark,
    "number": _number,
    "dot": lambda _, reading: reading.add("⋅"),
    "open": lambda match, reading: reading.add(f"\\{match.group()}"),
    "close": lambda match, reading: reading.begin(f"\\{match.group()}"),
    "sign": _sign,
    "greek": lambda match, reading: reading.add(_GREEK[match.group()]),
}
