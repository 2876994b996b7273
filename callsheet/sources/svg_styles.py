"""Style sheets, declarations and colours of SVG drawings, as far as Callsheet applies them.

A rule is applied if its selectors name elements, classes and ids, one inside another, and if it holds on every screen.
"""

from __future__ import annotations

import colorsys
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from PIL import ImageColor

Colour = tuple[int, int, int, float]
"""Red, green and blue from 0 to 255, and the opacity from 0 to 1."""

PAINTS = frozenset({"fill", "stroke", "color", "stop-color"})
KEYWORDS = frozenset({"none", "transparent", "currentcolor", "context-fill", "context-stroke", "inherit", "initial"})
_MOST_COMPOUNDS = 4
"""Parts of a selector: each is looked for among all elements around one."""
_RULE = re.compile(r"([^{}]++)\{([^{}]*+)\}")
_AT_RULE = re.compile(r"@([\w-]+)([^{};]*+)(?:;|\{((?:[^{}]|\{[^{}]*+\})*+)\})")
_ON_EVERY_SCREEN = frozenset({"all", "screen", "only screen", ""})
_COMPOUND = re.compile(r"(\*|[\w-]+)?+((?:[.#][\w-]+|:root)*+)")
_FUNCTION = re.compile(r"(rgba?|hsla?|color)\(([^()]*)\)")
_VARIABLE = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,([^()]*))?\)")
_DEEPEST_VARIABLE = 8


@dataclass(frozen=True)
class Rule:
    """The declarations of a style sheet for the elements of one selector."""

    weight: int
    compounds: tuple[tuple[str, re.Match[str]], ...]
    """From the element outwards, each with the sign that joins it to the next one: “ ” or “>”."""
    declared: Mapping[str, str]
    important: Mapping[str, str]

    def holds_for(self, element: Element, around: Mapping[Element, Element], position: int = 0) -> bool:
        """Return whether the selector, from a position outwards, means this element.

        `around` has the parent of each element.
        """
        joint, compound = self.compounds[position]
        if not _matches(compound, element, element not in around):
            return False
        if position + 1 == len(self.compounds):
            return True
        outer = around.get(element)
        while outer is not None:
            if self.holds_for(outer, around, position + 1):
                return True
            outer = None if joint == ">" else around.get(outer)
        return False


def read_rules(sheet: str, names: frozenset[str]) -> tuple[list[Rule], list[str]]:
    """Return the rules about these properties by their weight, and remarks about the others."""
    remarks: list[str] = []

    def kept(at_rule: re.Match[str]) -> str:
        name, condition, block = at_rule[1].lower(), " ".join(at_rule[2].lower().split()), at_rule[3] or ""
        if name == "media" and condition in _ON_EVERY_SCREEN:
            return block
        # Rules for paper, a dark page, a typeface or a movement don't change the drawing.
        if name in {"media", "supports", "layer", "container"} and not re.search(r"print|dark", condition):
            remarks.append(f"the style rules “@{name} {condition[:40]}” are not applied; give the shapes their colours")
        return ""

    plain = re.sub(r"/\*.*?\*/|<!--|-->", "", sheet, flags=re.DOTALL)
    rules: list[Rule] = []
    for selectors, block in _RULE.findall(_AT_RULE.sub(kept, plain)):
        for selector in map(str.strip, selectors.split(",")):
            compounds = tuple(_compounds(selector))
            if not 0 < len(compounds) <= _MOST_COMPOUNDS:
                remarks.append(f"the style rule “{selector[:40]}” is not applied; give the shapes its colours")
                continue
            weight = sum(
                100 * found[2].count("#") + 10 * len(re.findall(r"[.:]", found[2])) + (found[1] not in {None, "*"})
                for _, found in compounds
            )
            rules.append(Rule(weight, compounds, *declarations(block, names)))
    return sorted(rules, key=lambda rule: rule.weight), remarks


def _compounds(selector: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield the parts of a selector from right to left.

    It yields nothing if one of them is not understood.
    """
    parts = re.split(r"\s*(>)\s*|\s+", selector)
    found = [_COMPOUND.fullmatch(part) for part in parts[::2]]
    if all(each is not None and each[0] for each in found):
        joints = [part or " " for part in parts[1::2]]
        for each, joint in zip(reversed(found), [*reversed(joints), " "], strict=True):
            assert each is not None
            yield joint, each


def _matches(compound: re.Match[str], element: Element, is_root: bool) -> bool:
    if compound[1] not in {None, "*", str(element.tag).rpartition("}")[2]}:
        return False
    classes = element.get("class", "").split()
    return all(
        is_root if part == ":root" else part[1:] == element.get("id") if part[0] == "#" else part[1:] in classes
        for part in re.findall(r"[.#:][\w-]+", compound[2])
    )


def declarations(text: str, names: frozenset[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the declarations of these names and of variables, with important ones apart.

    A colour that can't be read leaves the one before it, as in a browser.
    """
    usual: dict[str, str] = {}
    important: dict[str, str] = {}
    for declaration in text.split(";"):
        key, _, value = (part.strip() for part in declaration.partition(":"))
        plain = re.sub(r"\s*!\s*important$", "", value)
        into = usual if plain == value else important
        if not plain or (key not in names and not key.startswith("--")):
            continue
        if key not in PAINTS or key not in into or is_paint(plain):
            into[key] = plain
    return usual, important


def is_paint(written: str) -> bool:
    """Return whether this is a colour, a keyword, or a reference to a paint."""
    return written.lower() in KEYWORDS or written.startswith(("url(", "var(")) or read_colour(written) is not None


def with_variables(written: str, variables: Mapping[str, str]) -> str | None:
    """Return the value with the values of its variables; None if one of them has none."""
    for _ in range(_DEEPEST_VARIABLE):
        if "var(" not in written:
            return written
        missing = [found for found in _VARIABLE.finditer(written) if found[1] not in variables and not found[2]]
        if missing:
            return None
        written = _VARIABLE.sub(lambda found: variables.get(found[1], found[2] or "").strip(), written)
    return None


def read_colour(written: str) -> Colour | None:
    """Return the colour, or None if the text is none of sRGB.

    The forms are a name, #hex, rgb(…), hsl(…) and color(srgb …).
    """
    plain = written.strip().lower()
    try:
        function = _FUNCTION.fullmatch(plain)
        if function is not None:
            return _of_function(function[1], re.split(r"[\s,/]+", function[2].strip()))
        red, green, blue, *alpha = ImageColor.getrgb(plain)
    except ValueError:
        return None
    return red, green, blue, alpha[0] / 255 if alpha else 1.0


def _of_function(name: str, parts: list[str]) -> Colour | None:
    if name == "color":
        if parts.pop(0) != "srgb":
            return None
        channels = [_share(part, 1) for part in parts[:3]]
    elif name.startswith("rgb"):
        channels = [_share(part, 255) for part in parts[:3]]
    else:
        hue, saturation, lightness = float(parts[0].removesuffix("deg")) / 360, *(_share(p, 100) for p in parts[1:3])
        channels = list(colorsys.hls_to_rgb(hue % 1, lightness, saturation))
    if len(channels) != 3 or len(parts) > 4:
        return None
    red, green, blue = (round(255 * min(max(channel, 0.0), 1.0)) for channel in channels)
    return red, green, blue, min(max(_share(parts[3], 1), 0.0), 1.0) if len(parts) == 4 else 1.0


def _share(text: str, whole: float) -> float:
    return float(text[:-1]) / 100 if text.endswith("%") else float(text) / whole
