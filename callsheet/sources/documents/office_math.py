"""Turns formulas of office documents (OMML, ECMA-376 part 1, 22.1) into the notation of LaTeX."""

from collections.abc import Callable

from callsheet.sources.documents.html_walk import Element, tag_of
from callsheet.sources.documents.prose_builder import one_line

_MOST_DEEP = 100
_OPERATORS = {"∑": r"\sum", "∏": r"\prod", "∫": r"\int", "∬": r"\iint", "∮": r"\oint", "⋃": r"\bigcup", "⋂": r"\bigcap"}
_ACCENTS = {"̂": r"\hat", "̃": r"\tilde", "̄": r"\bar", "⃗": r"\vec", "̇": r"\dot"}


def latex_of(element: Element, depth: int = 0) -> str:
    """Return a formula, or a part of one."""
    if depth > _MOST_DEEP:
        return ""
    tag = tag_of(element)
    if tag == "t":
        return one_line(element.text or "")

    def part(name: str) -> str:
        return next((latex_of(child, depth + 1) for child in element if tag_of(child) == name), "")

    if tag in _FORMS:
        return _FORMS[tag](part)
    return _others(element, tag, part, depth)


def _others(element: Element, tag: str, part: Callable[[str], str], depth: int) -> str:
    """Return a part whose form depends on its properties, or that only holds others."""
    match tag:
        case "nary":
            below = f"_{{{part('sub')}}}" if part("sub") else ""
            above = f"^{{{part('sup')}}}" if part("sup") else ""
            sign = _property(element, "chr") or "∫"
            found = f"{_OPERATORS.get(sign, sign)}{below}{above} {part('e')}"
        case "d":
            inner = ", ".join(latex_of(child, depth + 1) for child in element if tag_of(child) == "e")
            found = f"{_property(element, 'begChr', '(')}{inner}{_property(element, 'endChr', ')')}"
        case "rad":
            found = rf"\sqrt[{part('deg')}]{{{part('e')}}}" if part("deg") else rf"\sqrt{{{part('e')}}}"
        case "acc":
            accent = _ACCENTS.get(_property(element, "chr"), r"\hat")
            found = f"{accent}{{{part('e')}}}"
        case "mr":
            found = " & ".join(latex_of(cell, depth + 1) for cell in element if tag_of(cell) == "e")
        case "m":
            inner = r" \\ ".join(latex_of(row, depth + 1) for row in element if tag_of(row) == "mr")
            found = rf"\begin{{matrix}} {inner} \end{{matrix}}"
        case _ if tag.endswith("pr"):
            found = ""
        case _:
            found = " ".join(inner for child in element if (inner := latex_of(child, depth + 1)))
    return found


_FORMS: dict[str, Callable[[Callable[[str], str]], str]] = {
    "f": lambda part: rf"\frac{{{part('num')}}}{{{part('den')}}}",
    "ssup": lambda part: f"{part('e')}^{{{part('sup')}}}",
    "ssub": lambda part: f"{part('e')}_{{{part('sub')}}}",
    "ssubsup": lambda part: f"{part('e')}_{{{part('sub')}}}^{{{part('sup')}}}",
    "limlow": lambda part: f"{part('e')}_{{{part('lim')}}}",
    "limupp": lambda part: f"{part('e')}^{{{part('lim')}}}",
    "func": lambda part: f"{part('fname')} {part('e')}",
    "bar": lambda part: rf"\overline{{{part('e')}}}",
}


def _property(element: Element, name: str, default: str = "") -> str:
    """Return a property of a formula's part; an empty one counts."""
    for child in element:
        if tag_of(child).endswith("pr"):
            for each in child:
                if tag_of(each) == name.lower():
                    return next((value for key, value in each.attrib.items() if key.endswith("val")), "")
    return default
