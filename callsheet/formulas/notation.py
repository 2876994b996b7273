"""Formulas in Typst's notation that Typst reads otherwise than people mean them.

Typst sets many such formulas without a word: `f_n(x)` lowers the brackets too, `x^-1` raises the sign alone. This
module finds each of them, with its place and the right form. Callsheet refuses what is found.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

import typst


def _pairs(table: str) -> dict[str, str]:
    """Return LaTeX's names and how Typst writes them, from pairs with semicolons between them."""
    split = (pair.split(maxsplit=1) for pair in table.split(";"))
    return {name: written.strip() for name, written in split}


def _words(table: str) -> frozenset[str]:
    return frozenset(table.split())


MOST_SLIPS = 4
_SHOWN = 24
# A string, and a backslash before a sign: both are shown unchanged. \\ and \ before a letter are LaTeX.
_AS_IT_STANDS = re.compile(r'"(?:\\.|[^"\\])*"|\\u\{[0-9a-fA-F]+\}|\\[^\sA-Za-z\\(\[]')
_MASK = "\x01"
_NAME = re.compile(r"[^\W\d_](?:[^\W_]|(?<=\w)\.(?=[^\W\d_]))+(?:\.[^\W\d_]+)*")
_UNITS = _words(
    """
    km cm mm nm pm kg mg ms ns Hz kHz MHz GHz kJ MJ eV keV MeV GeV kW MW GW kWh Wh mol Pa kPa hPa bar mV kV mA Nm
    rpm ml dl cl kB MB GB TB fps dB ha sr rad lm lx cd min sec hrs yr EUR USD
    """
)
_NO_PRODUCTS = _words(
    """
    am an as at be by do go he if in is it me my no of on or so to up us we ln lg id im re tr lb std lcm rms sgn mph
    bpm rpm cf vs pH pK pKa OH NO CO HI CN HF NH SO PO CH UV IR OR IF AM PM
    """
)
_ELEMENTS = re.compile(r"(?:[A-Z][a-z]?\d*){2,}|[A-Z][a-z]?\d+")
_OPERATORS = ("arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "sin", "cos", "tan", "cot", "log", "ln", "exp")
_WORDS_IN_AN_INDEX = "in|or|and|not|at|rest|power|image|note|top|bot"
_SYMBOLS = _pairs(
    """
    cdot dot; cdots dots.c; ldots dots; dots dots; times times; div div; pm plus.minus; mp minus.plus; to ->;
    rightarrow ->; leftarrow <-; Rightarrow =>; Leftrightarrow <=>; iff <=>; implies =>; mapsto |->; infty infinity;
    leq <=; le <=; geq >=; ge >=; neq !=; ne !=; approx approx; equiv equiv; sim tilde; propto prop; int integral;
    iint integral.double; oint integral.cont; sum sum; prod product; partial partial; nabla nabla; forall forall;
    exists exists; in in; notin in.not; subset subset; subseteq subset.eq; supset supset; cup union; cap inter;
    emptyset emptyset; varnothing emptyset; setminus without; land and; lor or; lnot not; neg not; wedge and; vee
    or; circ compose; bullet bullet; star star; ast ast; perp perp; parallel parallel; angle angle; triangle
    triangle; ell ell; hbar planck; quad quad; qquad wide; varepsilon epsilon; epsilon epsilon.alt; varphi phi; phi
    phi.alt; vartheta theta.alt; mid |; langle chevron.l; rangle chevron.r; prime '; degree degree; displaystyle
    display(…); left (; right ); big (; Big (; text "…"; mathrm upright(…); operatorname
    op("…"); lt <; gt >; sqrt sqrt(…); frac frac(…, …); therefore therefore; because because; cong tilde.equiv; ll
    <<; gg >>; d dif; dd dif; mathbb RR
    """
)


@dataclass(frozen=True)
class Slip:
    """A place in a formula that shows something else than is meant, and the right form."""

    start: int
    written: str
    advice: str

    def __str__(self) -> str:
        return f"“{self.written}” (character {self.start + 1}) {self.advice}"


def slips_in(formula: str) -> tuple[Slip, ...]:
    """Return the slips of `formula`: the places that are not what they look like to a person.

    They come in their order in the formula.
    """
    masked = _AS_IT_STANDS.sub(lambda match: _MASK * len(match.group()), formula)
    found = [*_patterns(formula, masked)]
    if not found:
        found = [*_bare_functions(masked), *_unknown_names(masked)]
    return tuple(sorted(found, key=lambda slip: slip.start)[:MOST_SLIPS])


_INDEXED = r"[A-Za-z]+(?:_\w+'*|'+)"
_RAISED = r"(?:[fghFG]|sin|cos|tan|log|ln|exp)\^(?:\w+|\([^()]*\))"
_PATTERNS = (
    (r"\$", "does not belong into a formula: leave it out"),
    (r"\{([^{},|:]*)\}", "groups in LaTeX and shows its braces in Typst; write \\{{{0}\\}} to show them"),
    (r"\{[^{}]*$", "shows a brace without a partner; write \\{{ for one"),
    (r"/[/*].*", "begins a comment and is left out; write one / or frac(a, b)"),
    (r"\*\*\s*(\w*)", "shows two stars; write ^{0}"),
    (r"([_^])([-+−±][0-9A-Za-z.]+)", "raises or lowers the sign alone; write {0}({1})"),
    (r"([_^])([-+−±])\(", "raises or lowers the sign alone; put all of it in brackets: {0}({1}(…))"),
    (r"(\w+'*)([_^])([A-Za-z]+)\(", "raises or lowers the brackets as well; write {0}{1}{2} (…), with a space"),
    (r"(\w+)_(\w+?)('+)", "lowers the prime as well; write {0}{2}_{1}"),
    (rf"_({_WORDS_IN_AN_INDEX})\b(?!\.)", 'is a sign to Typst; write _"{0}"'),
    (
        r"\b(sum|product|integral|lim|max|min|sup|inf)_(\w+)\s?(=|->|→|>=|<=)\s?(\w+)",
        "lowers only the first part; write {0}_({1} {2} {3})",
    ),
    (rf"({_INDEXED}\s?\([^()]*\))\s*/", "puts only the brackets into the fraction; write ({0}) / …"),
    (rf"({_RAISED}\s?\([^()]*\))\s*/", "puts only the brackets into the fraction; write ({0}) / …"),
    (r"/\s*([A-Za-z]+(?:'+|[_^]\w+)\s?\([^()]*\))", "leaves the brackets out of the fraction; write / ({0})"),
)


def _patterns(formula: str, masked: str) -> Iterator[Slip]:
    for pattern, advice in _PATTERNS:
        for match in re.finditer(pattern, masked):
            if formula[max(0, match.start() - 1)] == "\\" and match.start():
                continue
            parts = [formula[match.start(place) : match.end(place)] for place in range(1, len(match.groups()) + 1)]
            parts = [
                " ".join(part) if part.isalpha() and len(part) == 2 and part not in _names() else part for part in parts
            ]
            yield Slip(match.start(), formula[match.start() : match.end()].strip()[:_SHOWN], advice.format(*parts))


def _bare_functions(masked: str) -> Iterator[Slip]:
    """Yield functions without brackets, which Typst shows by their names, as program text."""
    for match in _NAME.finditer(masked):
        after = masked[match.end() :]
        if match.group() in _CALLED and not after.startswith("("):
            argument = re.match(r"\s*(\w+)", after)
            inside = "a, b" if match.group() in _OF_SEVERAL else argument.group(1) if argument else "…"
            yield Slip(match.start(), match.group(), f"needs brackets; write {match.group()}({inside})")


_OF_SEVERAL = frozenset(["frac", "binom", "mat", "vec", "cases", "root"])
_CALLED = _words(
    """
    frac binom vec mat cases root sqrt abs norm round upright bold italic serif sans scr cal frak mono bb display
    inline script sscript lr mid attach stretch scripts limits accent underline overline underbrace overbrace
    underbracket overbracket cancel class op primes text equation
    """
)


def _unknown_names(masked: str) -> Iterator[Slip]:
    for match in _NAME.finditer(masked):
        name = match.group().partition(".")[0]
        # A name before a colon is an argument of a function, as in mat(delim: "[", …).
        is_argument = masked[match.end() :].startswith(":") and not masked[match.end() :].startswith(":=")
        if len(name) > 1 and name not in _names() and not is_argument:
            meant = _meant(name, masked[: match.start()].rstrip())
            yield Slip(match.start(), name[:_SHOWN], f"is no name that Typst knows; write {meant}")


def with_products_apart(formula: str) -> str:
    """Return `formula` with a space between the letters of each product, as in `4 a c` for `4ac`.

    A product is two or three letters that can be nothing else: no name, unit, word, element, function, differential or
    index, and no part of a fraction, where the space would put a letter out of it.
    """
    masked = _AS_IT_STANDS.sub(lambda match: _MASK * len(match.group()), formula)
    written, end = "", 0
    for match in _NAME.finditer(masked):
        if _is_product(match.group(), masked[: match.start()].rstrip(), masked[match.end() :].lstrip()):
            written += formula[end : match.start()] + " ".join(match.group())
            end = match.end()
    return written + formula[end:]


def _is_product(name: str, before: str, after: str) -> bool:
    is_short = re.fullmatch(r"[a-z]{2}|[b-df-hj-np-tv-z]{3}|[A-Z]{2}|[a-z][A-Z]{1,2}", name)
    is_taken = name in _names() or name in _UNITS or name in _SYMBOLS or name in _NO_PRODUCTS or name[0] == "d"
    is_in_a_fraction = before.endswith(("/", "_", "^")) or re.match(r"'*(?:[_^](?:\w+|\([^()]*\)))*\s*/", after)
    is_call = after.startswith(("(", "[")) or re.match(r"[_^']\S*\(", after)
    return bool(is_short) and not (is_taken or is_in_a_fraction or is_call)


def _meant(name: str, before: str) -> str:
    """Return what a person means by letters that stand together."""
    letters = " ".join(name)
    if before.endswith(("_", "^")):
        return f"{before[-1]}({letters})" if len(name) <= 2 else f'{before[-1]}"{name}"'
    if name in _UNITS and before[-1:].isdigit():
        return f'"{name}"'
    if name in _SYMBOLS:
        return _SYMBOLS[name]
    if re.fullmatch(r"d[a-zA-Z]", name):
        return f"dif {name[1]}, or {letters} for a product"
    operator = next((each for each in _OPERATORS if name.startswith(each)), "")
    if operator and len(name) - len(operator) <= 2:
        return f"{operator} {' '.join(name[len(operator) :])}"
    return _meant_by_letters(name)


def _meant_by_letters(name: str) -> str:
    """Return the meant form of letters.

    It is a formula of chemistry, a letter with a number, a product, a name that is nearly known, or a word.
    """
    if _ELEMENTS.fullmatch(name) and any(character.isdigit() for character in name):
        return f'{_with_lowered_digits(name)}, or "{name}"'
    numbered = re.fullmatch(r"([A-Za-z]+?)(\d+)", name)
    if numbered and numbered[1] in _CALLED:
        return f"{numbered[1]}({numbered[2]})"
    if numbered and (len(numbered[1]) == 1 or numbered[1] in _names()):
        return f"{numbered[1]}_{numbered[2]}, or {numbered[1]}^{numbered[2]}"
    if name.isascii() and name.isalpha() and len(name) <= 3:
        return f'{" ".join(name)} for a product, or "{name}"'
    near = get_close_matches(name, _names(), n=1, cutoff=0.8)
    return f'{near[0]} if you mean that, or "{name}" in quotes for a word' if near else f'"{name}", in quotes'


def _with_lowered_digits(name: str) -> str:
    parts = re.findall(r"([A-Z][a-z]?)(\d*)", name)
    return " ".join(
        (f'"{element}"' if len(element) > 1 else element) + (f"_{count}" if count else "") for element, count in parts
    )


@cache
def _names() -> frozenset[str]:
    """Return the names that Typst knows in mathematics: signs, functions and operators."""
    source = b"#metadata(dictionary(math).keys() + dictionary(sym).keys()) <names>"
    no_fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False)
    answer = typst.Compiler(source, root=os.devnull, font_paths=no_fonts).query("<names>", field="value", one=True)
    return frozenset(json.loads(answer))
