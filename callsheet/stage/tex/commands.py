"""LaTeX's commands with arguments, and how Typst writes them."""

from __future__ import annotations

ACCENTS = {
    "hat": "\u0302",
    "check": "\u030c",
    "breve": "\u0306",
    "acute": "\u0301",
    "grave": "\u0300",
    "tilde": "\u0303",
    "bar": "\u0304",
    "dot": "\u0307",
    "ddot": "\u0308",
    "dddot": "\u20db",
    "mathring": "\u030a",
    "vec": "\u20d7",
}
"""Accents as wide as they are."""
WIDE_ACCENTS = {
    "widehat": "\u0302",
    "widetilde": "\u0303",
    "widecheck": "\u030c",
    "overrightarrow": "\u20d7",
    "overleftarrow": "\u20d6",
    "overleftrightarrow": "\u20e1",
}
"""Accents that grow with what stands below them."""

FONTS = {
    "mathrm": ("upright",),
    "mathup": ("upright",),
    "mathbf": ("bold", "upright"),
    "mathit": ("italic",),
    "mathnormal": (),
    "mathsf": ("sans", "upright"),
    "mathtt": ("mono",),
    "mathbb": ("bb",),
    "mathds": ("bb",),
    "mathcal": ("cal",),
    "mathscr": ("scr",),
    "mathfrak": ("frak",),
    "boldsymbol": ("bold",),
    "bm": ("bold",),
    "pmb": ("bold",),
    "mathbold": ("bold",),
}
"""Typst's functions for alphabets, the outer one first."""
FONT_SWITCHES = {
    "bf": "mathbf",
    "rm": "mathrm",
    "it": "mathit",
    "cal": "mathcal",
    "sf": "mathsf",
    "tt": "mathtt",
    "bfseries": "mathbf",
}
"""Commands that change the alphabet up to the end of a group."""

STYLES = {
    "displaystyle": "display",
    "textstyle": "inline",
    "scriptstyle": "script",
    "scriptscriptstyle": "sscript",
}
"""Commands that change the size up to the end of a group."""

FRACTIONS = {"frac": "", "dfrac": "display", "tfrac": "inline", "cfrac": "display"}
BINOMIALS = {"binom": "", "dbinom": "display", "tbinom": "inline"}

OVER_AND_UNDER = frozenset(
    ["overline", "underline", "overbrace", "underbrace", "overbracket", "underbracket", "overparen", "underparen"]
)

CLASSES = {
    "mathord": "normal",
    "mathop": "large",
    "mathbin": "binary",
    "mathrel": "relation",
    "mathopen": "opening",
    "mathclose": "closing",
    "mathpunct": "punctuation",
    "mathinner": "normal",
}

DELIMITERS = {
    "(": "(",
    ")": ")",
    "[": "[",
    "]": "]",
    "|": "|",
    "/": "/",
    "<": "⟨",
    ">": "⟩",
    "\\{": "{",
    "\\}": "}",
    "\\|": "‖",
    "\\lbrace": "{",
    "\\rbrace": "}",
    "\\lbrack": "[",
    "\\rbrack": "]",
    "\\langle": "⟨",
    "\\rangle": "⟩",
    "\\lfloor": "⌊",
    "\\rfloor": "⌋",
    "\\lceil": "⌈",
    "\\rceil": "⌉",
    "\\vert": "|",
    "\\Vert": "‖",
    "\\lvert": "|",
    "\\rvert": "|",
    "\\lVert": "‖",
    "\\rVert": "‖",
    "\\uparrow": "↑",
    "\\downarrow": "↓",
    "\\updownarrow": "↕",
    "\\backslash": "\\",
    ".": "",
}

ARROWS = {
    "xrightarrow": "→",
    "xleftarrow": "←",
    "xleftrightarrow": "↔",
    "xRightarrow": "⇒",
    "xLeftarrow": "⇐",
    "xLeftrightarrow": "⇔",
    "xlongrightarrow": "→",
    "xlongleftarrow": "←",
    "xmapsto": "↦",
}
"""Arrows that grow with what stands on them."""

MATRICES = {
    "matrix": ("", ""),
    "smallmatrix": ("", ""),
    "pmatrix": ("(", ")"),
    "bmatrix": ("[", "]"),
    "Bmatrix": ("{", "}"),
    "vmatrix": ("|", "|"),
    "Vmatrix": ("‖", "‖"),
}
ALIGNED = frozenset({"aligned", "align", "split", "alignedat", "eqnarray", "flalign", "alignat"})
GATHERED = frozenset({"gathered", "gather", "equation", "multline", "displaymath", "math"})

SPACES_EM = {
    ",": 3 / 18,
    "thinspace": 3 / 18,
    ":": 4 / 18,
    ">": 4 / 18,
    "medspace": 4 / 18,
    ";": 5 / 18,
    "thickspace": 5 / 18,
    "!": -3 / 18,
    "negthinspace": -3 / 18,
    " ": 1 / 3,
    "space": 1 / 3,
    "enspace": 0.5,
    "quad": 1.0,
    "qquad": 2.0,
}
"""Spaces in ems of the font."""
UNITS_EM = {"pt": 0.1, "em": 1.0, "ex": 0.43, "cm": 2.845, "mm": 0.2845, "in": 7.227, "mu": 1 / 18, "bp": 0.1004}
"""Units of length in ems of LaTeX's ten points."""

DOTS = {
    "ldots": ".",
    "dots": ".",
    "dotsc": ".",
    "dotso": ".",
    "cdots": "⋅",
    "dotsb": "⋅",
    "dotsm": "⋅",
    "dotsi": "⋅",
}

TEXTS = frozenset(
    [
        "text",
        "textrm",
        "textnormal",
        "textbf",
        "textit",
        "textsl",
        "textsf",
        "texttt",
        "textsc",
        "emph",
        "mbox",
        "hbox",
        "textup",
    ]
)
NOTHING = frozenset(
    [
        "nonumber",
        "notag",
        "noindent",
        "centering",
        "raggedright",
        "raggedleft",
        "smallskip",
        "medskip",
        "bigskip",
        "relax",
    ]
)
"""Commands that change nothing in a picture of a formula."""
