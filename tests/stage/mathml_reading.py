"""MathML of two makers in one form: what a reader sees, without what only a typesetter needs.

A formula is a tuple of nodes. A node is a sign, or a name with its parts: a fraction, a root, scripts, an accent.
"""

import re
import unicodedata
from xml.etree import ElementTree

_UNSEEN = re.compile("[\u2061-\u2064\u200b\ufe00-\ufe0f\u00a0\u2009\\s]")
_SAME = str.maketrans({
    "−": "-", "∗": "*", "⋅": "·", "∙": "·", "•": "·", "∣": "|", "❘": "|", "∥": "‖", "⟮": "(", "⟯": ")", "ℏ": "ħ",
    "ℜ": "R", "ℑ": "I", "ℎ": "h", "⁢": "", "′": "'", "″": "''", "‴": "'''", "∕": "/", "〈": "⟨", "〉": "⟩", "⟂": "⊥",
    "\u27e8": "⟨", "\u27e9": "⟩", "∖": "\\", "⧹": "\\", "∆": "Δ", "∶": ":",
})  # fmt: skip
_ACCENTS = {
    "̂": "hat", "^": "hat", "ˆ": "hat", "⃗": "arrow", "→": "arrow", "⟶": "arrow", "̄": "bar", "¯": "bar", "̅": "line",
    "―": "line", "‾": "line", "_": "underline", "̲": "underline", "̃": "tilde", "~": "tilde", "˜": "tilde", "̇": "dot",
    "˙": "dot", "̈": "ddot", "¨": "ddot", "⏟": "underbrace", "⏞": "overbrace", "̌": "check", "ˇ": "check", "̆": "breve",
    "˘": "breve", "́": "acute", "´": "acute", "̀": "grave", "`": "grave", "\u0336": "cancel",
}  # fmt: skip
_SCRIPTS = {
    "msub": "_", "msup": "^", "msubsup": "_^", "munder": "_", "mover": "^", "munderover": "_^",
}  # fmt: skip


def seen(mathml):
    """Return the formula of a MathML text as a tuple of nodes."""
    root = ElementTree.fromstring(re.sub(r'xmlns="[^"]*"', "", mathml).replace("<mo≯", "<mo>\u0338"))
    return _row(root)


def _row(element):
    return _together([node for child in element for node in _nodes(child)])


def _together(nodes):
    """Return the nodes with upright letters side by side as one word."""
    joined = []
    for node in nodes:
        if node[0] == "upright" and joined and joined[-1][0] == "upright":
            joined[-1] = ("upright", joined[-1][1] + node[1])
        else:
            joined.append(node)
    return tuple(
        node if node[0] != "upright" else ("word", node[1]) if len(node[1]) > 1 else node[1] for node in joined
    )


def _nodes(element):  # noqa: C901, PLR0911
    tag = element.tag
    if tag in {"mi", "mn", "mo", "mtext", "ms"}:
        return _signs(element)
    if tag in {"mrow", "mstyle", "math", "mpadded", "menclose", "semantics"}:
        return list(_row(element))
    if tag in {"mspace", "mphantom"}:
        return []
    children = list(element)
    if tag in _SCRIPTS:
        return _scripts(element, children)
    if tag == "mfrac":
        name = "binom" if element.get("linethickness") in {"0", "0em", "0pt"} else "frac"
        return [(name, *(_together(_nodes(child)) for child in children))]
    if tag == "msqrt":
        return [("root", _row(element), ())]
    if tag == "mroot":
        return [("root", *(_together(_nodes(child)) for child in children))]
    if tag == "mtable":
        cells = tuple(tuple(_row(cell) for cell in row) for row in element)
        return [("table", *(tuple(cell for cell in row if cell) for row in cells))] if any(cells) else []
    raise AssertionError(f"{tag} is not read")


def _signs(element):
    text = _plain(element.text or "")
    if not text:
        return []
    if element.tag in {"mtext", "ms"} or (len(text) > 1 and text.isalpha()):
        return [("word", text)] if len(text) > 1 else [text]
    if element.get("mathvariant") == "normal" and text.isascii() and text.isalpha():
        return [("upright", text)]
    return list(text)


def _plain(text):
    characters = []
    for character in text:
        name = unicodedata.name(character, "")
        is_italic = name.startswith("MATHEMATICAL") and "ITALIC" in name and not re.search("BOLD|SANS", name)
        characters.append(chr(int(unicodedata.decomposition(character).split()[-1], 16)) if is_italic else character)
    return _UNSEEN.sub("", "".join(characters).translate(_SAME))


def _scripts(element, children):
    base, *marks = (_together(_nodes(child)) for child in children)
    sides = _SCRIPTS[element.tag]
    mark = "".join(children[1].itertext()).strip() if len(children) > 1 else ""
    is_accent = element.tag in {"mover", "munder"} and mark in _ACCENTS and children[1].tag == "mo"
    if is_accent and (_ACCENTS[mark] != "arrow" or element.get("accent") or children[1].get("stretchy")):
        return [("accent", _ACCENTS[mark], base)]
    found = dict(zip(sides, marks, strict=True))
    # An accent or a brace with a note, and scripts over scripts, are one thing with several marks.
    while len(base) == 1 and base[0][0] == "scripts" and not (set(dict(base[0][2])) & set(found)):
        found |= dict(base[0][2])
        base = base[0][1]
    found = {side: part for side, part in found.items() if part}
    before: tuple = ()
    if len(base) > 1 and base[-1] in tuple(")]}⟩|‖⌋⌉"):  # a script of a bracket is one of all that it closes
        before, base = base[:-1], base[-1:]
    return [*before, ("scripts", base, tuple(sorted(found.items())))] if found else list(base)
