"""LaTeX's names for signs, functions and accents, with what Typst sets for each."""

from __future__ import annotations


def _words(table: str) -> list[str]:
    return table.split()


def _pairs(table: str) -> dict[str, str]:
    """Return names and what stands for them, from a table of lines “name sign name sign …”."""
    words = _words(table)
    return dict(zip(words[::2], words[1::2], strict=True))


SIGNS = _pairs(
    """
    alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ mu μ
    nu ν xi ξ pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω
    Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω omicron ο
    cdot ⋅ times × div ÷ pm ± mp ∓ ast ∗ star ⋆ circ ∘ bullet ∙ oplus ⊕ ominus ⊖ otimes ⊗ oslash ⊘ odot ⊙
    wedge ∧ land ∧ vee ∨ lor ∨ cap ∩ cup ∪ sqcap ⊓ sqcup ⊔ uplus ⊎ setminus ∖ smallsetminus ∖ ltimes ⋉ rtimes ⋊
    wr ≀ amalg ⨿ dagger † ddagger ‡ diamond ⋄
    leq ≤ le ≤ geq ≥ ge ≥ neq ≠ ne ≠ lt < gt > ll ≪ gg ≫ approx ≈ equiv ≡ sim ∼ simeq ≃ cong ≅ propto ∝ asymp ≍
    doteq ≐ prec ≺ succ ≻ preceq ⪯ succeq ⪰ leqslant ⩽ geqslant ⩾ lesssim ≲ gtrsim ≳ triangleq ≜ coloneqq ≔
    in ∈ notin ∉ ni ∋ subset ⊂ supset ⊃ subseteq ⊆ supseteq ⊇ subsetneq ⊊ supsetneq ⊋ sqsubseteq ⊑ sqsupseteq ⊒
    perp ⟂ bot ⊥ top ⊤ parallel ∥ vdash ⊢ dashv ⊣ models ⊨ vDash ⊨ nmid ∤ nparallel ∦ nsubseteq ⊈
    to → rightarrow → leftarrow ← gets ← leftrightarrow ↔ Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔ implies ⟹
    impliedby ⟸ iff ⟺ mapsto ↦ longmapsto ⟼ longrightarrow ⟶ longleftarrow ⟵ longleftrightarrow ⟷ Longrightarrow ⟹
    Longleftarrow ⟸ Longleftrightarrow ⟺ uparrow ↑ downarrow ↓ updownarrow ↕ Uparrow ⇑ Downarrow ⇓ nearrow ↗
    searrow ↘ swarrow ↙ nwarrow ↖ hookrightarrow ↪ hookleftarrow ↩ rightharpoonup ⇀ rightharpoondown ⇁
    leftharpoonup ↼ leftharpoondown ↽ rightleftharpoons ⇌ leftrightharpoons ⇋ leadsto ⇝ rightsquigarrow ⇝
    circlearrowleft ↺ circlearrowright ↻
    infty ∞ partial ∂ nabla ∇ forall ∀ exists ∃ nexists ∄ neg ¬ lnot ¬ emptyset ∅ varnothing ⌀ ell ℓ hbar ℏ
    Re ℜ Im ℑ wp ℘ aleph ℵ beth ℶ imath ı jmath ȷ prime ′ degree ° angle ∠ measuredangle ∡ triangle △ square □
    Box □ blacksquare ■ checkmark ✓ therefore ∴ because ∵ complement ∁ flat ♭ natural ♮ sharp ♯ hslash ℏ eth ð
    spadesuit ♠ heartsuit ♡ diamondsuit ♢ clubsuit ♣ surd √ S § P ¶ pounds £ euro € copyright ©
    ldots … dots … dotsc … cdots ⋯ dotsb ⋯ dotsm ⋯ dotsi ⋯ vdots ⋮ ddots ⋱
    sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ iiint ∭ oint ∮ oiint ∯ bigcap ⋂ bigcup ⋃ bigvee ⋁ bigwedge ⋀ bigoplus ⨁
    bigotimes ⨂ bigodot ⨀ biguplus ⨄ bigsqcup ⨆
    colon class("punctuation",colon) mid class("relation",\\|) vert \\| Vert \\‖ lvert class("opening",\\|)
    rvert class("closing",\\|) lVert class("opening",\\‖) rVert class("closing",\\‖) lbrace \\{ rbrace \\}
    langle \\⟨ rangle \\⟩ lfloor \\⌊ rfloor \\⌋ lceil \\⌈ rceil \\⌉ lbrack \\[ rbrack \\] lparen \\( rparen \\)
    backslash ∖ quad quad qquad wide thinspace thin enspace space.en bmod mod
    """.replace("\\\\", "\\")
)
"""Commands without arguments."""

OPERATORS = frozenset(
    _words(
        """
        arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim liminf limsup ln log max
        min Pr sec sin sinh sup tan tanh
        """
    )
)
"""Named functions, whose names LaTeX and Typst share."""

SPACES = {",": "thin", ":": "med", ">": "med", ";": "thick", "!": "negthin", " ": '" "'}
ESCAPED = {"{": "\\{", "}": "\\}", "%": "%", "#": "\\#", "&": "\\&", "_": "\\_", "$": "\\$", "|": "\\‖"}
CHARACTERS = {
    "*": "∗",
    "·": "⋅",
    "/": "\\/",
    ",": "\\,",
    ";": "\\;",
    ".": "\\.",
    ":": "colon",
    "(": "\\(",
    ")": "\\)",
    "[": "\\[",
    "]": "\\]",
    "|": "\\|",
    "~": '" "',
    "‖": "\\‖",
    "⟨": "\\⟨",
    "⟩": "\\⟩",
    "⌊": "\\⌊",
    "⌋": "\\⌋",
    "⌈": "\\⌈",
    "⌉": "\\⌉",
    "’": "'",
    "@": "\\@",
    "−": "-",
    "…": "…",
}
"""Characters that Typst writes in another way."""

FUNCTIONS = {
    "hat": "hat({})",
    "widehat": "hat({})",
    "vec": "arrow({})",
    "overrightarrow": "arrow({})",
    "bar": "macron({})",
    "tilde": "tilde({})",
    "widetilde": "tilde({})",
    "dot": "dot({})",
    "ddot": "dot.double({})",
    "dddot": "dot.triple({})",
    "acute": "acute({})",
    "grave": "grave({})",
    "breve": "breve({})",
    "check": "caron({})",
    "mathring": "circle({})",
    "overline": "overline({})",
    "underline": "underline({})",
    "cancel": "cancel({})",
    "overleftarrow": "arrow.l({})",
    "phantom": "phantom({})",
    "boxed": "framed({})",
    "mathbin": 'class("binary", {})',
    "mathrel": 'class("relation", {})',
    "mathord": 'class("normal", {})',
    "mathopen": 'class("opening", {})',
    "mathclose": 'class("closing", {})',
    "mathpunct": 'class("punctuation", {})',
    "frac": "frac({}, {})",
    "dfrac": "display(frac({}, {}))",
    "cfrac": "display(frac({}, {}))",
    "tfrac": "inline(frac({}, {}))",
    "binom": "binom({}, {})",
    "dbinom": "display(binom({}, {}))",
    "tbinom": "inline(binom({}, {}))",
    "overset": "limits({1})^({0})",
    "underset": "limits({1})_({0})",
    "stackrel": 'class("relation", limits({1})^({0}))',
    "pmod": 'med \\("mod"med {}\\)',
    "pod": "med \\({}\\)",
    "mathop": "limits({})",
    "ensuremath": "group({})",
}
"""Commands with arguments: {} stands for each of them."""

STYLES = {
    "mathbb": "bb({})",
    "mathcal": "cal({})",
    "mathscr": "scr({})",
    "mathfrak": "frak({})",
    "mathbf": "bold(upright({}))",
    "boldsymbol": "bold({})",
    "bm": "bold({})",
    "mathit": "italic({})",
    "mathnormal": "italic({})",
    "mathsf": "sans({})",
    "mathtt": "mono({})",
    "mathrm": "upright({})",
}
TEXTS = {
    "text": "{}",
    "textrm": "{}",
    "mbox": "{}",
    "hbox": "{}",
    "textnormal": "{}",
    "textup": "{}",
    "textbf": "bold({})",
    "textit": "italic({})",
    "emph": "italic({})",
    "textsf": "sans({})",
    "texttt": "mono({})",
}
DECLARATIONS = {
    "displaystyle": "display({})",
    "textstyle": "inline({})",
    "scriptstyle": "script({})",
    "scriptscriptstyle": "sscript({})",
    "bf": "bold(upright({}))",
    "rm": "upright({})",
    "it": "italic({})",
    "cal": "cal({})",
    "sf": "sans({})",
    "tt": "mono({})",
}
"""Commands that hold for the rest of their group."""
BRACES = {
    "underbrace": "_",
    "overbrace": "^",
    "underbracket": "_",
    "overbracket": "^",
    "underparen": "_",
    "overparen": "^",
}
ARROWS = {
    "xrightarrow": "→",
    "xleftarrow": "←",
    "xRightarrow": "⇒",
    "xLeftarrow": "⇐",
    "xleftrightarrow": "↔",
    "xmapsto": "↦",
    "xrightleftharpoons": "⇌",
}
LARGE = {
    f"{size}{side}": (ems, kind)
    for size, ems in (("big", "1.2"), ("Big", "1.8"), ("bigg", "2.4"), ("Bigg", "3"))
    for side, kind in (("", "normal"), ("l", "opening"), ("r", "closing"), ("m", "relation"))
}
"""Commands that enlarge the delimiter behind them: its height in ems, and its class."""
DELIMITERS = {
    "(": "\\(",
    ")": "\\)",
    "[": "\\[",
    "]": "\\]",
    "|": "\\|",
    "/": "\\/",
    "<": "\\⟨",
    ">": "\\⟩",
    ".": "",
    "\\{": "\\{",
    "\\}": "\\}",
    "\\|": "\\‖",
    "\\lbrace": "\\{",
    "\\rbrace": "\\}",
    "\\langle": "\\⟨",
    "\\rangle": "\\⟩",
    "\\lfloor": "\\⌊",
    "\\rfloor": "\\⌋",
    "\\lceil": "\\⌈",
    "\\rceil": "\\⌉",
    "\\vert": "\\|",
    "\\lvert": "\\|",
    "\\rvert": "\\|",
    "\\Vert": "\\‖",
    "\\lVert": "\\‖",
    "\\rVert": "\\‖",
    "\\lbrack": "\\[",
    "\\rbrack": "\\]",
    "\\backslash": "∖",
    "\\uparrow": "↑",
    "\\downarrow": "↓",
}
"""What may stand behind \\left, \\right, \\middle and \\big."""
NEGATED = _pairs(
    """
    = ≠ ∈ ∉ ≡ ≢ ∼ ≁ < ≮ > ≯ ≤ ≰ ≥ ≱ ⊂ ⊄ ⊃ ⊅ ⊆ ⊈ ⊇ ⊉ ∃ ∄ ∥ ∦ ≈ ≉ ≅ ≇ ∋ ∌ ⊢ ⊬ ⊨ ⊭ ≺ ⊀ ≻ ⊁
    """
)
"""What \\not makes of the sign behind it."""
MATRICES = {
    "matrix": "",
    "pmatrix": "(",
    "bmatrix": "[",
    "Bmatrix": "{",
    "vmatrix": "|",
    "Vmatrix": "‖",
    "smallmatrix": "",
}
ALIGNED = ("aligned", "align", "align*", "split", "alignedat", "eqnarray", "eqnarray*")
GATHERED = ("gathered", "gather", "gather*", "multline", "multline*", "equation", "equation*", "displaymath")
# Of middle lightness, so that each has contrast on a dark and on a light ground.
COLOURS = {
    "red": "#e5484d",
    "blue": "#3b82f6",
    "green": "#16a34a",
    "orange": "#ea700c",
    "purple": "#a855f7",
    "violet": "#8b5cf6",
    "teal": "#0d9488",
    "cyan": "#0891b2",
    "magenta": "#d946ef",
    "pink": "#ec4899",
    "brown": "#a0714f",
    "yellow": "#b58900",
    "gray": "#808891",
    "grey": "#808891",
    "olive": "#7c8a1e",
    "lime": "#65a30d",
}
IGNORED = ("nonumber", "notag", "limits", "nolimits", "hfill", "relax", "mathstrut", "strut", "allowbreak")
ADVICE = {
    "tag": "numbers a formula; leave it out",
    "label": "names a formula; leave it out",
    "ref": "points to another formula; leave it out",
    "eqref": "points to another formula; leave it out",
    "newcommand": "defines a command; write its content where you use it",
    "def": "defines a command; write its content where you use it",
    "hspace": "has no fixed length here; write \\quad or \\,",
    "mspace": "has no fixed length here; write \\quad or \\,",
    "kern": "has no fixed length here; write \\quad or \\,",
    "mkern": "has no fixed length here; write \\quad or \\,",
    "vspace": "moves lines; leave it out",
    "includegraphics": "shows a file; use the template “picture”",
    "dd": "is of the package physics; write \\mathrm{d}",
    "dv": "is of the package physics; write \\frac{df}{dx}",
    "pdv": "is of the package physics; write \\frac{\\partial f}{\\partial x}",
    "qty": "is of the package physics; write \\left( … \\right)",
    "abs": "is of a package; write \\left| x \\right|",
    "norm": "is of a package; write \\left\\| x \\right\\|",
    "bra": "is of a package; write \\langle a |",
    "ket": "is of a package; write | a \\rangle",
    "SI": "is of the package siunitx; write 5\\,\\mathrm{km}",
    "si": "is of the package siunitx; write \\mathrm{km}",
    "qtyrange": "is of the package siunitx; write the numbers",
    "unit": "is of the package siunitx; write \\mathrm{km}",
    "num": "is of the package siunitx; write the number",
    "atop": "has no line; write \\binom{a}{b} or \\substack{a \\\\ b}",
    "hline": "is not drawn; leave it out",
    "middle": "stands only between \\left and \\right",
    "u": "is an accent of text; write ŭ, or \\breve{u}",
    "R": "is a command of your own; write \\mathbb{R}",
    "N": "is a command of your own; write \\mathbb{N}",
    "Z": "is a command of your own; write \\mathbb{Z}",
    "Q": "is a command of your own; write \\mathbb{Q}",
    "C": "is a command of your own; write \\mathbb{C}",
    "infinity": "is Typst's name; write \\infty",
    "product": "is Typst's name; write \\prod",
    "integral": "is Typst's name; write \\int",
    "plusminus": "is no command; write \\pm",
    "root": "is plain TeX; write \\sqrt[n]{x}",
    "degrees": "write ^\\circ",
    "matrix": "stands in \\begin{matrix} … \\end{matrix}",
    "pmatrix": "stands in \\begin{pmatrix} … \\end{pmatrix}",
    "cases": "stands in \\begin{cases} … \\end{cases}",
    "Tr": "is a command of your own; write \\operatorname{Tr}",
    "tr": "is a command of your own; write \\operatorname{tr}",
    "sgn": "is no command; write \\operatorname{sgn}",
    "grad": "is no command; write \\nabla or \\operatorname{grad}",
    "diff": "is no command; write \\mathrm{d}",
    "curl": "is no command; write \\operatorname{curl}",
    "lcm": "is no command; write \\operatorname{lcm}",
    "rank": "is no command; write \\operatorname{rank}",
    "argmax": "is no command; write \\operatorname*{argmax}",
    "argmin": "is no command; write \\operatorname*{argmin}",
    "href": "is a link; leave it out",
    "verb": "shows code; write it between backticks in a text",
}
"""What to do about commands that people write and Callsheet does not set."""
