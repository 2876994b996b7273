r"""LaTeX's mathematics as Typst's.

Each sign is written as a character by its number and never as a name, so that Typst reads nothing into it. What Typst
sets in another way than LaTeX (brackets that grow, letters in a row, spaces) is always said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from callsheet.formulas.chemistry import ChemistryError, chemistry
from callsheet.formulas.latex_signs import LARGE
from callsheet.model.problems import nearest
from callsheet.stage.tex import columns, commands, symbols
from callsheet.stage.tex.drawing import Signs
from callsheet.stage.tex.tokens import Cursor, Token, refused

Ends = Callable[[Token], bool]

_NULL_DELIMITER = "#h(0.12em)"
_LIMITS = {"limits": True, "nolimits": False, "displaylimits": None}
_OLD_FRACTIONS = ("over", "choose", "atop")
_TAKEN_APART = frozenset({"frac", "sqrt", "left", "begin", "text"})


@dataclass(frozen=True)
class SignStyle:
    """How signs look here: functions of an alphabet, the outer one first, and a colour as #rrggbb."""

    fonts: tuple[str, ...] = ()
    colour: str = ""
    is_displayed: bool = False

    @property
    def small(self) -> SignStyle:
        """Return the style of what stands in a fraction or a script."""
        return replace(self, is_displayed=False)


@dataclass(frozen=True)
class Atom:
    """A piece of a formula that scripts may stand at."""

    source: str
    takes_limits: bool | None = None
    """Whether scripts stand above and below; None leaves it to the sign."""
    is_large: bool = False
    """Whether this is a sign whose scripts stand above and below in a displayed formula."""


def characters(text: str) -> str:
    """Return Typst's mathematics of characters, each by its number."""
    return "".join(f"\\u{{{ord(character):x}}}" for character in text)


def literal(text: str) -> str:
    """Return a string of Typst."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class Formula:
    """The reading of one formula, from where the cursor stands."""

    def __init__(self, cursor: Cursor, signs: Signs, prose: Callable[[Token, SignStyle], str]) -> None:
        self._cursor = cursor
        self._signs = signs
        self._prose = prose
        self._handlers = self._known_handlers()

    def displayed(self, environment: str, ends: Ends, style: SignStyle) -> str:
        """Return the rows of a displayed formula, without its dollar signs."""
        rows = self._rows(ends, style)
        if environment in commands.GATHERED or len(rows) == 1 == len(rows[0]):
            return "#linebreak()".join("".join(row) for row in rows)
        return columns.displayed(rows)

    def inline(self, ends: Ends, style: SignStyle) -> str:
        """Return a formula on one line, without its dollar signs."""
        return self._list(ends, style)

    # --- lists of atoms ---------------------------------------------------------------------------------------------

    def _list(self, ends: Ends, style: SignStyle) -> str:
        pieces: list[str] = []
        start = len(self._signs.order)
        while (token := self._cursor.peek_beyond_spaces()) is not None and not ends(token):
            if token.kind == "command" and token.text in commands.STYLES:
                self._cursor.take()
                sized = replace(style, is_displayed=token.text == "displaystyle")
                pieces.append(f"#math.{commands.STYLES[token.text]}(${self._list(ends, sized)}$)")
            elif token.is_command("color"):
                self._cursor.take()
                style = replace(style, colour=colour_of(token, self._cursor))
            elif token.kind == "command" and token.text in commands.FONT_SWITCHES:
                self._cursor.take()
                style = replace(style, fonts=commands.FONTS[commands.FONT_SWITCHES[token.text]])
            elif token.is_command(*_OLD_FRACTIONS):
                return self._old_fraction("".join(pieces), start, ends, style)
            else:
                pieces.append(self._scripted(style))
        return "".join(pieces)

    def _old_fraction(self, above: str, start: int, ends: Ends, style: SignStyle) -> str:
        token = self._cursor.take()
        if token.text == "over":
            bar = self._signs.add(token.part, style.colour)
            return f"#c({bar}, math.frac(${above}$, ${self._list(ends, style.small)}$))"
        middle = len(self._signs.order)
        bracket = self._signs.add(token.part, style.colour)
        if token.text == "choose":
            self._signs.draw_earlier(start, middle)
            return f"#c({bracket}, math.binom(${above}$, ${self._list(ends, style)}$))"
        return f"#math.mat(delim: none, (${above}$,), (${self._list(ends, style)}$,))"

    def _scripted(self, style: SignStyle) -> str:
        """Return an atom with its scripts. LaTeX draws the upper one first, and one above the sign before the sign."""
        order = self._signs
        start = len(order.order)
        token = self._cursor.peek_beyond_spaces()
        atom = self._atom(style) if token is None or not token.is_character("^_'") else Atom("#box()")
        while (token := self._cursor.peek_beyond_spaces()) is not None and token.is_command(*_LIMITS):
            atom = replace(atom, takes_limits=_LIMITS[self._cursor.take().text])
        base_end = len(order.order)
        scripts: dict[str, list[str]] = {"^": [], "_": []}
        taken: set[str] = set()
        above_count = 0
        while (token := self._cursor.peek_beyond_spaces()) is not None and token.is_character("^_'"):
            begin = len(order.order)
            side = "_" if token.text == "_" else "^"
            if token.text == "'":
                scripts[side].append(self._primes(style))
            else:
                self._cursor.take()
                if side in taken:
                    raise refused(token, "is a second script; put the first one with its base into braces")
                taken.add(side)
                scripts[side].append(self._argument(style.small))
            if side == "^":
                stands_above = atom.takes_limits or (atom.takes_limits is None and atom.is_large and style.is_displayed)
                order.draw_earlier((start if stands_above else base_end) + above_count, begin)
                above_count += len(order.order) - begin
        if not scripts["^"] and not scripts["_"]:
            return atom.source
        limits = {True: "limits", False: "scripts"}.get(atom.takes_limits) if atom.takes_limits is not None else None
        base = f"#math.{limits}(${atom.source}$)" if limits else atom.source
        above, below = (f", {place}: ${''.join(scripts[side])}$" for side, place in (("^", "t"), ("_", "b")))
        return f"#math.attach(${base}${above if scripts['^'] else ''}{below if scripts['_'] else ''})"

    def _primes(self, style: SignStyle) -> str:
        count = 0
        while (token := self._cursor.peek()) is not None and token.is_character("'"):
            last = self._cursor.take()
            count += 1
        return f"#c({self._signs.add(last.part, style.colour)}, math.primes({count}))"

    def _argument(self, style: SignStyle) -> str:
        """Return what a command or a script takes: a group in braces, or one atom."""
        token = self._cursor.peek_beyond_spaces()
        if token is None:
            return ""
        if self._cursor.take_character("{"):
            return self._group(token, style)
        return self._atom(style).source

    def _group(self, opening: Token, style: SignStyle) -> str:
        inside = self._list(lambda token: token.is_character("}"), style)
        if not self._cursor.take_character("}"):
            raise refused(opening, "is never closed; write } behind the group")
        return inside

    # --- atoms ------------------------------------------------------------------------------------------------------

    def _atom(self, style: SignStyle) -> Atom:
        token = self._cursor.take()
        return self._command(token, style) if token.kind == "command" else self._character(token, style)

    def _character(self, token: Token, style: SignStyle) -> Atom:
        if token.text == "{":
            return Atom(f'#math.class("normal", ${self._group(token, style)}$)')
        if token.text == "~":
            return Atom(_space(1 / 3))
        if token.text in "}$&#^_":
            advice = {
                "}": "closes a group that was never opened",
                "$": "does not belong into a formula; leave it out",
                "&": "stands outside of columns; use it in aligned, cases or a matrix",
            }
            raise refused(token, advice.get(token.text, "stands at a place that has no meaning"))
        shown = symbols.CHARACTERS.get(token.text, token.text)
        return Atom(self._sign(token, shown, style))

    def _sign(self, token: Token, shown: str, style: SignStyle, kind: str = "") -> str:
        number = self._signs.add(token.part, style.colour)
        source = f"${characters(shown)}$"
        if not shown.isascii() and shown.isalpha() and ord(shown[0]) > 0x2FF and not 0x370 <= ord(shown[0]) < 0x400:
            # Letters of other scripts: mathematics has no italics of them.
            source = f"math.upright({source})" if ord(shown[0]) < 0x2100 or ord(shown[0]) > 0x2BFF else source
        for font in reversed(style.fonts if shown.isalnum() else ()):
            source = f"math.{font}({source})"
        if kind:
            source = f"math.class({literal(kind)}, {source})"
        return f"#c({number}, {source})"

    def _command(self, token: Token, style: SignStyle) -> Atom:
        handler = self._handlers.get(token.text)
        if handler is None:
            raise refused(token, _unknown(token.text))
        return handler(token, style)

    def _known_handlers(self) -> dict[str, Callable[[Token, SignStyle], Atom]]:
        """Return what reads each command; a later table goes before an earlier one."""
        return {
            **dict.fromkeys(symbols.SIGNS, self._known_sign),
            **dict.fromkeys(("{", "}", "|", "%", "$", "#", "&", "_"), self._escaped),
            **dict.fromkeys((*symbols.OPERATORS, *symbols.OPERATORS_WITH_LIMITS), self._known_operator),
            **dict.fromkeys(("operatorname", "operatorname*"), self._operator),
            **dict.fromkeys(commands.SPACES_EM, self._space),
            **dict.fromkeys(("hspace", "hspace*", "mspace"), self._hspace),
            **dict.fromkeys(commands.NOTHING, self._nothing),
            **dict.fromkeys(commands.DOTS, self._dots),
            **dict.fromkeys(commands.FONTS, self._in_alphabet),
            **dict.fromkeys(commands.TEXTS, self._text),
            **dict.fromkeys(LARGE, self._big),
            **dict.fromkeys(commands.CLASSES, self._of_class),
            **dict.fromkeys(commands.FRACTIONS, self._fraction),
            **dict.fromkeys(commands.BINOMIALS, self._binomial),
            **dict.fromkeys((*commands.ACCENTS, *commands.WIDE_ACCENTS), self._accented),
            **dict.fromkeys(commands.OVER_AND_UNDER, self._over_or_under),
            **dict.fromkeys(("overset", "underset", "stackrel"), self._stacked),
            **dict.fromkeys(commands.ARROWS, self._arrow),
            **dict.fromkeys(("cancel", "bcancel", "xcancel"), self._cancelled),
            **dict.fromkeys(("pmod", "bmod", "mod"), self._modulo),
            "sqrt": self._root,
            "left": self._left,
            "begin": self._environment,
            "not": self._negated,
            "substack": self._substack,
            "textcolor": self._coloured,
            "boxed": self._boxed,
            "phantom": self._phantom,
            "ce": self._chemistry,
        }

    def _known_sign(self, token: Token, style: SignStyle) -> Atom:
        sign = self._sign(token, symbols.SIGNS[token.text], style, symbols.CLASSES.get(token.text, ""))
        return Atom(sign, is_large=token.text in symbols.LARGE)

    def _escaped(self, token: Token, style: SignStyle) -> Atom:
        return Atom(self._sign(token, "‖" if token.text == "|" else token.text, style))

    def _nothing(self, token: Token, style: SignStyle) -> Atom:
        return Atom("")

    def _space(self, token: Token, style: SignStyle) -> Atom:
        return Atom(_space(commands.SPACES_EM[token.text]))

    def _in_alphabet(self, token: Token, style: SignStyle) -> Atom:
        return Atom(self._argument(replace(style, fonts=commands.FONTS[token.text])))

    def _text(self, token: Token, style: SignStyle) -> Atom:
        return Atom(self._prose(token, style))

    def _big(self, token: Token, style: SignStyle) -> Atom:
        ems, kind = LARGE[token.text]
        return Atom(f'#math.class("{kind}", math.lr(size: {ems}em, ${self._delimiter(token, style)}$))')

    def _of_class(self, token: Token, style: SignStyle) -> Atom:
        return Atom(f"#math.class({literal(commands.CLASSES[token.text])}, ${self._argument(style)}$)")

    def _known_operator(self, token: Token, style: SignStyle) -> Atom:
        shown = symbols.OPERATORS_WITH_LIMITS.get(token.text)
        return self._named(token, shown or token.text, style, has_limits=shown is not None)

    def _named(self, token: Token, shown: str, style: SignStyle, *, has_limits: bool) -> Atom:
        number = self._signs.add(token.part, style.colour)
        letters = literal(shown)
        for font in reversed([font for font in style.fonts if font == "bold"]):
            letters = f"math.{font}({letters})"
        source = f"#c({number}, math.op({letters}, limits: {str(has_limits).lower()}))"
        return Atom(source, is_large=has_limits)

    def _dots(self, token: Token, style: SignStyle) -> Atom:
        """Return three dots, which are three signs in LaTeX as well."""
        number = self._signs.add(token.part, style.colour)
        each = f'#math.class("normal", ${characters(commands.DOTS[token.text])}$)'
        return Atom(f'#c({number}, math.class("normal", ${_space(1 / 6).join([each] * 3)}$))')

    def _binomial(self, token: Token, style: SignStyle) -> Atom:
        number = self._signs.add(token.part, style.colour)
        source = f"math.binom(${self._argument(style.small)}$, ${self._argument(style.small)}$)"
        return Atom(f"#c({number}, {_in_style(commands.BINOMIALS[token.text], source)})")

    def _accented(self, token: Token, style: SignStyle) -> Atom:
        number = self._signs.add(token.part, style.colour)
        accent = commands.ACCENTS.get(token.text) or commands.WIDE_ACCENTS[token.text]
        size = "" if token.text in commands.WIDE_ACCENTS else ", size: 0%"
        return Atom(f'#c({number}, math.accent(${self._argument(style)}$, "\\u{{{ord(accent):x}}}"{size}))')

    def _over_or_under(self, token: Token, style: SignStyle) -> Atom:
        number = self._signs.add(token.part, style.colour)
        limits = None if "line" in token.text else True
        return Atom(f"#c({number}, math.{token.text}(${self._argument(style)}$))", takes_limits=limits)

    def _fraction(self, token: Token, style: SignStyle) -> Atom:
        is_continued = token.text == "cfrac"
        inner = style if is_continued else style.small
        above = self._argument(inner)
        bar = self._signs.add(token.part, style.colour)
        parts = [above, self._argument(inner)]
        above, below = (f"#math.display(${each}$)" for each in parts) if is_continued else parts
        source = f"math.frac(${above}$, ${below}$)"
        return Atom(f"#c({bar}, {_in_style(commands.FRACTIONS[token.text], source)})")

    def _root(self, token: Token, style: SignStyle) -> Atom:
        index = ""
        if self._cursor.take_character("["):
            index = self._list(lambda each: each.is_character("]"), style)
            self._cursor.take_character("]")
        number = self._signs.add(token.part, style.colour)
        inside = self._argument(style)
        source = f"math.root(${index}$, ${inside}$)" if index else f"math.sqrt(${inside}$)"
        return Atom(f"#c({number}, {source})")

    def _cancelled(self, token: Token, style: SignStyle) -> Atom:
        inside = self._argument(style)
        number = self._signs.add(token.part, style.colour)
        way = {"cancel": "", "bcancel": ", inverted: true", "xcancel": ", cross: true"}[token.text]
        line = f"stroke: 0.4pt + colour({number})"
        return Atom(f"#math.cancel(${inside}$, {line}{way})")

    def _stacked(self, token: Token, style: SignStyle) -> Atom:
        script, base = self._argument(style), self._argument(style)
        side = "b" if token.text == "underset" else "t"
        source = f"math.attach(math.limits(${base}$), {side}: ${script}$)"
        return Atom(f'#math.class("relation", {source})' if token.text == "stackrel" else f"#{source}")

    def _arrow(self, token: Token, style: SignStyle) -> Atom:
        below = ""
        if self._cursor.take_character("["):
            below = self._list(lambda each: each.is_character("]"), style)
            self._cursor.take_character("]")
        above = self._argument(style)
        number = self._signs.add(token.part, style.colour)
        arrow = f"math.stretch(${characters(commands.ARROWS[token.text])}$, size: 100% + 1em)"
        scripts = (f", t: ${above}$" if above else "") + (f", b: ${below}$" if below else "")
        return Atom(f"#math.attach(math.limits($#c({number}, {arrow})$){scripts})")

    # --- delimiters -------------------------------------------------------------------------------------------------

    def _delimiter(self, before: Token, style: SignStyle) -> str:
        r"""Return the delimiter behind `\left`, `\right` or `\big`."""
        self._cursor.peek_beyond_spaces()
        token = self._cursor.take()
        shown = commands.DELIMITERS.get(token.written)
        if shown is None:
            raise refused(token, f"is no bracket that can follow {before.written}")
        return self._sign(token, shown, style) if shown else ""

    def _left(self, token: Token, style: SignStyle) -> Atom:
        pieces = [self._delimiter(token, style) or _NULL_DELIMITER]
        while True:
            pieces.append(self._list(lambda each: each.is_command("right", "middle"), style))
            if self._cursor.peek() is None:
                raise refused(token, "has no \\right")
            end = self._cursor.take()
            delimiter = self._delimiter(end, style)
            if end.text == "right":
                pieces.append(delimiter or _NULL_DELIMITER)
                return Atom(f"#math.lr({columns.COVERED}${''.join(pieces)}$)")
            pieces.append(f"#math.mid(${delimiter}$)")

    # --- columns ----------------------------------------------------------------------------------------------------

    def _rows(self, ends: Ends, style: SignStyle, lines: list[int] | None = None) -> list[list[str]]:
        r"""Return the cells of rows that `\\` and `&` divide; `lines` takes the rows with a line above."""

        def ends_cell(token: Token) -> bool:
            return ends(token) or token.is_character("&") or token.is_command("\\", "cr", "newline", "hline")

        rows: list[list[str]] = [[]]
        while True:
            rows[-1].append(self._list(ends_cell, style))
            token = self._cursor.peek()
            if token is None or ends(token):
                break
            self._cursor.take()
            if token.is_command("hline"):
                rows[-1].pop()
                if lines is not None:
                    lines.append(len(rows) - 1)
            elif token.kind == "command":
                self._cursor.take_character("*")
                self._cursor.take_option()
                rows.append([])
        if len(rows) > 1 and not any(rows[-1]):
            rows.pop()
        return rows

    def _environment(self, token: Token, style: SignStyle) -> Atom:
        name = self._cursor.take_raw().strip().removesuffix("*")
        if name in commands.MATRICES:
            source = self._bracketed_matrix(token, name, style)
        elif name == "array":
            source = self._array(token, style)
        elif name in {"cases", "dcases"}:
            source = self._cases(token, name, style)
        elif name in commands.ALIGNED or name in commands.GATHERED:
            if name in {"alignat", "alignedat"}:
                self._cursor.take_raw()
            self._cursor.take_option()
            source = columns.aligned(self._rows(is_end, style), is_gathered=name in commands.GATHERED)
        else:
            meant = nearest(name, [*commands.MATRICES, "array", "cases", *commands.ALIGNED, *commands.GATHERED])
            raise refused(token, f"begins {name}, which is not known here{f'; write {meant}' if meant else ''}")
        end_environment(token, name, self._cursor)
        return Atom(source)

    def _bracketed_matrix(self, token: Token, name: str, style: SignStyle) -> str:
        self._cursor.take_option()
        left, right = commands.MATRICES[name]
        opening = self._sign(token, left, style) if left else ""
        rows = self._rows(is_end, style.small)
        inside = columns.matrix(rows, look=columns.SMALL if name == "smallmatrix" else columns.USUAL)
        return f"#math.lr({columns.COVERED}${opening}{inside}{self._sign(token, right, style)}$)" if left else inside

    def _array(self, token: Token, style: SignStyle) -> str:
        self._cursor.take_option()
        specification = self._cursor.take_raw()
        sides = "".join(each for each in specification if each in "lcr")
        if set(specification) - set("lcr| "):
            raise refused(token, f"has the columns {specification}; only l, c, r and | are known")
        seen = 0
        upright: list[int] = []
        for each in specification:
            seen += each in "lcr"
            if each == "|" and seen not in upright:
                upright.append(seen)
        number = self._signs.add(token.part, style.colour)
        across: list[int] = []
        rows = self._rows(is_end, style.small, across)
        lines = columns.ruled(across, upright, f"colour({number})") if upright or across else ""
        return columns.matrix(rows, sides, lines=lines)

    def _cases(self, token: Token, name: str, style: SignStyle) -> str:
        brace = self._sign(token, "{", style)
        rows = self._rows(is_end, style.small)
        look = replace(columns.OF_CASES, size="display") if name == "dcases" else columns.OF_CASES
        return f"#math.lr({columns.COVERED}${brace}{columns.matrix(rows, 'l' * max(map(len, rows)), look)}$)"

    # --- other commands ---------------------------------------------------------------------------------------------

    def _operator(self, token: Token, style: SignStyle) -> Atom:
        written = self._cursor.take_raw()
        for space in ("\\,", "\\ ", "\\;", "~"):
            written = written.replace(space, "\u2009")
        if "\\" in written or "$" in written:
            raise refused(token, "takes letters alone")
        return self._named(token, written.replace("-", "‐"), style, has_limits=token.text.endswith("*"))

    def _negated(self, token: Token, style: SignStyle) -> Atom:
        self._cursor.peek_beyond_spaces()
        struck = self._cursor.take()
        shown = symbols.NEGATED.get(struck.text)
        if shown is None:
            raise refused(token, f"can't strike out {struck.written}; leave it out, or write \\cancel{{…}}")
        return Atom(self._sign(token, shown, style))

    def _substack(self, token: Token, style: SignStyle) -> Atom:
        if not self._cursor.take_character("{"):
            raise refused(token, "takes its lines in braces")
        rows = self._rows(lambda each: each.is_character("}"), style)
        self._cursor.take_character("}")
        return Atom(columns.matrix([["".join(row)] for row in rows], look=columns.SMALL))

    def _coloured(self, token: Token, style: SignStyle) -> Atom:
        return Atom(self._argument(replace(style, colour=colour_of(token, self._cursor))))

    def _boxed(self, token: Token, style: SignStyle) -> Atom:
        number = self._signs.add(token.part, style.colour)
        return Atom(f"#framed(colour({number}))[$#math.display(${self._argument(style)}$)$]")

    def _modulo(self, token: Token, style: SignStyle) -> Atom:
        number = self._signs.add(token.part, style.colour)
        if token.text == "bmod":
            return Atom(f'#c({number}, math.class("binary", math.op("mod")))')
        inside = self._argument(style)
        last = self._signs.add(token.part, style.colour)
        word = f'#c({number}, math.op("mod")){_space(1 / 3)}{inside}'
        if token.text == "mod":
            return Atom(f"{_space(1.0)}{word}")
        return Atom(f"{_space(1.0)}#c({number}, $\\u{{28}}$){word}#c({last}, $\\u{{29}}$)")

    def _hspace(self, token: Token, style: SignStyle) -> Atom:
        return Atom(_space(length_em(token, self._cursor.take_raw())))

    def _chemistry(self, token: Token, style: SignStyle) -> Atom:
        """Return a formula of chemistry as one sign."""
        number = self._signs.add(token.part, style.colour)
        try:
            return Atom(f"#c({number}, ${chemistry(self._cursor.take_raw())}$)")
        except ChemistryError as error:
            raise refused(token, f"holds “{error.written}”, which {error.advice}") from error

    def _phantom(self, token: Token, style: SignStyle) -> Atom:
        return Atom(f"#hide(${self._argument(style)}$)")


def is_end(token: Token) -> bool:
    """Return whether an environment ends here."""
    return token.is_command("end")


def end_environment(opening: Token, name: str, cursor: Cursor) -> None:
    """Pass the end of an environment. Raises FormulaRefused for the end of another one, or none."""
    end = cursor.peek()
    if end is None:
        raise refused(opening, f"has no \\end{{{name}}}")
    cursor.take()
    closed = cursor.take_raw().strip()
    if closed.removesuffix("*") != name.removesuffix("*"):
        raise refused(end, f"ends {closed}, and {name} was begun")


def colour_of(token: Token, cursor: Cursor) -> str:
    """Return the colour that a command names, as #rrggbb. Raises FormulaRefused."""
    model = cursor.take_option()
    name = cursor.take_raw().strip()
    try:
        if model is None:
            return symbols.COLOURS[name.lower()]
        if model == "HTML":
            return f"#{int(name, 16):06x}"
        scale = 255 if model == "rgb" else 1
        red, green, blue = (round(float(each) * scale) for each in name.split(","))
        return f"#{red:02x}{green:02x}{blue:02x}"
    except (KeyError, ValueError):
        meant = nearest(name, symbols.COLOURS)
        raise refused(token, f"names the colour {name}; write {meant or 'red, blue or [HTML]{FF8000}'}") from None


def length_em(token: Token, written: str) -> float:
    """Return a length such as 1cm in ems. Raises FormulaRefused."""
    written = written.strip().replace(" ", "")
    unit = next((unit for unit in commands.UNITS_EM if written.endswith(unit)), "")
    try:
        return float(written.removesuffix(unit)) * commands.UNITS_EM[unit]
    except (KeyError, ValueError):
        raise refused(token, f"takes a length such as 1em or 5mm, not {written}") from None


def _unknown(name: str) -> str:
    """Return what to say of a command that is not known."""
    if name in {"right", "middle"}:
        return "has no \\left"
    if name == "end":
        return "ends what was never begun"
    if name in {"label", "tag", "ref"}:
        return "numbers a formula; leave it out"
    known = [*symbols.SIGNS, *symbols.OPERATORS, *commands.FRACTIONS, *commands.ACCENTS, *commands.FONTS, *_TAKEN_APART]
    meant = nearest(name, known)
    return "is no command that is known here" + (f"; did you mean \\{meant}?" if meant else "")


def _space(width_em: float) -> str:
    return f"#h({width_em:.4f}em)"


def _in_style(style: str, source: str) -> str:
    return f"math.{style}({source})" if style else source
