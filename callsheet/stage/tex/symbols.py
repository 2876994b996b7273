r"""LaTeX's names for signs.

Each sign is the character that Typst sets in the same class (operator, relation, bracket, …) as LaTeX.
"""

from __future__ import annotations

from callsheet.formulas import latex_signs


def _pairs(table: str) -> dict[str, str]:
    """Return what stands behind each name, from lines of `name sign` with semicolons between them."""
    return dict(pair.split() for pair in table.replace("\n", ";").split(";") if pair.strip())


SIGNS = {name: sign for name, sign in latex_signs.SIGNS.items() if len(sign) == 1} | _pairs(
    r"""
    digamma ϝ; varkappa ϰ; mho ℧; yen ¥; bigstar ★; backslash \
    bigtriangleup △; bigtriangledown ▽; triangleleft ◁; triangleright ▷
    lll ⋘; ggg ⋙; nsupseteq ⊉; owns ∋; varpropto ∝; bowtie ⋈; smile ⌣; frown ⌢; lessgtr ≶; approxeq ≊; mid ∣
    nless ≮; ngtr ≯; nleq ≰; ngeq ≱; trianglelefteq ⊴; trianglerighteq ⊵; Updownarrow ⇕
    rightrightarrows ⇉; rightleftarrows ⇄; leftrightarrows ⇆; curvearrowright ↷; curvearrowleft ↶
    twoheadrightarrow ↠; rightarrowtail ↣; upharpoonright ↾; nrightarrow ↛; nRightarrow ⇏
    langle ⟨; rangle ⟩; lfloor ⌊; rfloor ⌋; lceil ⌈; rceil ⌉; lbrace {; rbrace }; lbrack [; rbrack ]; vert |; Vert ‖
    lparen (; rparen ); lvert |; rvert |; lVert ‖; rVert ‖; ulcorner ⌜; urcorner ⌝; llcorner ⌞; lrcorner ⌟
    colon :; And &; lq ‘; rq ’
    """
)
"""Characters of commands without arguments."""

OPERATORS = frozenset(
    [
        "arccos",
        "arcsin",
        "arctan",
        "arg",
        "cos",
        "cosh",
        "cot",
        "coth",
        "csc",
        "deg",
        "dim",
        "exp",
        "hom",
        "ker",
        "lg",
        "ln",
        "log",
        "sec",
        "sin",
        "sinh",
        "tan",
        "tanh",
    ]
)
"""Names of functions; their scripts stand beside them."""
OPERATORS_WITH_LIMITS = {
    **{name: name for name in ["det", "gcd", "inf", "lim", "max", "min", "Pr", "sup"]},
    "limsup": "lim sup",
    "liminf": "lim inf",
    "argmax": "arg max",
    "argmin": "arg min",
}
"""Names of functions whose scripts stand above and below in a displayed formula."""

LARGE = frozenset(
    [
        "sum",
        "prod",
        "coprod",
        "bigcap",
        "bigcup",
        "bigsqcup",
        "bigvee",
        "bigwedge",
        "bigodot",
        "bigotimes",
        "bigoplus",
        "biguplus",
    ]
)
"""Signs whose scripts stand above and below in a displayed formula."""

CHARACTERS = {"-": "−", "*": "∗", "`": "‘", "'": "′"}
"""Characters that are another sign in mathematics."""

NEGATED = _pairs(
    r"""
    = ≠; < ≮; > ≯; in ∉; ni ∌; subset ⊄; supset ⊅; subseteq ⊈; supseteq ⊉; equiv ≢; sim ≁; simeq ≄; approx ≉; cong ≇
    leq ≰; le ≰; geq ≱; ge ≱; mid ∤; parallel ∦; exists ∄; Rightarrow ⇏; Leftarrow ⇍; rightarrow ↛; leftarrow ↚
    to ↛; prec ⊀; succ ⊁; vdash ⊬; Leftrightarrow ⇎
    """
)
r"""Signs that `\not` strikes out."""

CLASSES = {
    "colon": "punctuation",
    "mid": "relation",
    "perp": "relation",
    "parallel": "relation",
    "lvert": "opening",
    "rvert": "closing",
    "lVert": "opening",
    "rVert": "closing",
    "bot": "normal",
    "triangle": "normal",
    "triangleq": "relation",
    "backslash": "normal",
    "angle": "normal",
    "square": "normal",
    "Box": "normal",
    "dagger": "binary",
    "ddagger": "binary",
}
"""Classes of signs that Typst would put into another one."""

LATIN_COMMANDS = {
    **_pairs(r"ss ß; ae æ; AE Æ; oe œ; OE Œ; aa å; AA Å; o ø; O Ø; l ł; L Ł; i ı; j ȷ; dag †; ddag ‡; S §; P ¶"),
    **_pairs(r"copyright ©; pounds £; textbackslash \; textasciitilde ~; textasciicircum ^; textbar |; textless <"),
    **_pairs(r"textgreater >; textquotedblleft “; textquotedblright ”; textdegree °; textbullet •; euro €; texteuro €"),
    **_pairs(r"dots …; ldots …; textellipsis …; lq ‘; rq ’; textendash –; textemdash —; textregistered ®; checkmark ✓"),
    "TeX": "TeX",
    "LaTeX": "LaTeX",
}
"""Letters and signs of text."""

TEXT_ACCENTS = {
    "'": "\u0301",
    "`": "\u0300",
    "^": "\u0302",
    '"': "\u0308",
    "~": "\u0303",
    "=": "\u0304",
    ".": "\u0307",
    "u": "\u0306",
    "v": "\u030c",
    "H": "\u030b",
    "c": "\u0327",
    "k": "\u0328",
    "r": "\u030a",
}
"""Accents over letters of text, as combining characters."""

COLOURS = {
    "black": "#000000",
    "white": "#ffffff",
    "red": "#ff0000",
    "green": "#00ff00",
    "blue": "#0000ff",
    "cyan": "#00ffff",
    "magenta": "#ff00ff",
    "yellow": "#ffff00",
    "gray": "#808080",
    "grey": "#808080",
    "darkgray": "#404040",
    "lightgray": "#bfbfbf",
    "brown": "#bf8040",
    "lime": "#bfff00",
    "olive": "#808000",
    "orange": "#ff8000",
    "pink": "#ffbfbf",
    "purple": "#bf0040",
    "teal": "#008080",
    "violet": "#800080",
}
"""The colours that the package xcolor knows by name."""
