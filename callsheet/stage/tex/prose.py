r"""LaTeX's text as Typst's: words, typefaces, lists, tables, and formulas between dollar signs."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from callsheet.stage.tex import commands, symbols
from callsheet.stage.tex.drawing import Signs
from callsheet.stage.tex.formula import (
    Ends,
    Formula,
    SignStyle,
    colour_of,
    end_environment,
    is_end,
    length_em,
    literal,
)
from callsheet.stage.tex.tokens import Cursor, Part, Token, refused

_SIZES_PT = {
    "tiny": 5,
    "scriptsize": 7,
    "footnotesize": 8,
    "small": 9,
    "normalsize": 10,
    "large": 12,
    "Large": 14.4,
    "LARGE": 17.28,
    "huge": 20.74,
    "Huge": 24.88,
}
_WEIGHTS = {"textbf": {"weight": '"bold"'}, "bfseries": {"weight": '"bold"'}, "bf": {"weight": '"bold"'}}
_ITALICS = {name: {"style": '"italic"'} for name in ("textit", "textsl", "emph", "itshape", "it", "em", "slshape")}
_FACES = {
    **{name: {"font": "MONO"} for name in ("texttt", "ttfamily", "tt")},
    **{name: {"font": "SANS"} for name in ("textsf", "sffamily", "sf")},
    **{name: {"font": "SERIF"} for name in ("textrm", "rmfamily", "rm")},
}
_LOOKS: dict[str, dict[str, str]] = {
    **_WEIGHTS,
    **_ITALICS,
    **_FACES,
    "textup": {"style": '"normal"'},
    "textnormal": {},
    "text": {},
    "mbox": {},
    "hbox": {},
}
_SWITCHES = frozenset(
    ["bfseries", "bf", "itshape", "it", "em", "slshape", "ttfamily", "tt", "sffamily", "sf", "rmfamily", "rm"]
)
_CASE = {"textsc": "smallcaps", "scshape": "smallcaps", "textsuperscript": "super", "textsubscript": "sub"}
# The width of LaTeX's column is 345 points.
_TEXT_WIDTH_EM = 34.5
_SIDES = {"center": "center", "flushleft": "left", "flushright": "right"}


@dataclass(frozen=True)
class WordLook:
    """How words look here: Typst's arguments of `text`, the functions around them, and a colour as #rrggbb."""

    arguments: dict[str, str] = field(default_factory=dict)
    colour: str = ""

    def with_(self, arguments: dict[str, str]) -> WordLook:
        """Return this look with other arguments."""
        return replace(self, arguments={**self.arguments, **arguments})


class Prose:
    """The reading of a text, from where the cursor stands."""

    def __init__(self, cursor: Cursor, signs: Signs) -> None:
        self._cursor = cursor
        self._signs = signs
        self._word: list[str] = []
        self._word_is: tuple[Part, WordLook] = ((), WordLook())
        self._pieces: list[str] = []
        self._handlers = self._known_handlers()

    def until(self, ends: Ends, look: WordLook) -> str:
        """Return the text up to a token, as Typst's markup."""
        self._end_word()
        before, self._pieces = self._pieces, []
        while (token := self._cursor.peek()) is not None and not ends(token):
            self._cursor.take()
            look = self._read(token, look)
        self._end_word()
        made, self._pieces = "".join(self._pieces), before
        return made

    def in_formula(self, token: Token, style: SignStyle) -> str:
        r"""Return what `\\text{…}` and its kin show, for a formula."""
        look = WordLook(_LOOKS.get(token.text, {}), style.colour)
        inside = self._argument(token, look)
        return f"#{_CASE[token.text]}[{inside}]" if token.text in _CASE else f"#[{inside}]"

    # --- words ------------------------------------------------------------------------------------------------------

    def _say(self, characters: str, token: Token, look: WordLook) -> None:
        """Add characters to the word, which is one run of one look and one part."""
        if self._word and self._word_is != (token.part, look):
            self._end_word()
        self._word_is = (token.part, look)
        self._word.append(characters)

    def _end_word(self) -> None:
        if self._word:
            part, look = self._word_is
            number = self._signs.add(part, look.colour)
            arguments = "".join(f", {name}: {value}" for name, value in look.arguments.items())
            self._pieces.append(f"#t({number}, {literal(''.join(self._word))}{arguments})")
            self._word = []

    def _put(self, source: str) -> None:
        self._end_word()
        self._pieces.append(source)

    def _read(self, token: Token, look: WordLook) -> WordLook:
        """Take one token in, and return the look of what follows."""
        if token.kind == "command":
            return self._command(token, look)
        if token.kind == "paragraph":
            self._put("#parbreak()")
        elif token.kind == "space":
            self._say(" ", token, look)
        elif token.text == "$":
            self._formula(token, look)
        elif token.text == "{":
            self._put(self._group(token, look))
        elif token.text in "}&^_#":
            advice = {
                "}": "closes a group that was never opened",
                "&": "stands outside of columns; write \\& for the sign",
                "#": "has no meaning here; write \\# for the sign",
            }
            raise refused(token, advice.get(token.text, f"belongs into a formula; write ${token.text}$ or \\_"))
        else:
            self._say(self._punctuation(token), token, look)
        return look

    def _punctuation(self, token: Token) -> str:
        """Return a character, or what several of it mean: quotation marks and dashes."""
        longest = {"`": 2, "'": 2, "-": 3}.get(token.text, 1)
        count = 1
        while count < longest and (following := self._cursor.peek()) and following.is_character(token.text):
            self._cursor.take()
            count += 1
        shown = {"``": "“", "`": "‘", "''": "”", "'": "’", "--": "–", "---": "—", "~": "\u00a0", '"': "”"}
        return shown.get(token.text * count, token.text * count)

    # --- commands ---------------------------------------------------------------------------------------------------

    def _command(self, token: Token, look: WordLook) -> WordLook:
        name = token.text
        if name in _SWITCHES:
            return look.with_(_LOOKS[name])
        if name in _SIZES_PT:
            return look.with_({"size": f"{_SIZES_PT[name] / 10}em"})
        if name == "color":
            return replace(look, colour=colour_of(token, self._cursor))
        handler = self._handlers.get(name)
        if handler is None:
            is_formula = name in {*symbols.SIGNS, *commands.FRACTIONS, *commands.FONTS, "sqrt", "left"}
            advice = "belongs into a formula; put it between dollar signs, or use MathTex"
            raise refused(token, advice if is_formula else "is no command that is known here")
        handler(token, look)
        return look

    def _known_handlers(self) -> dict[str, Callable[[Token, WordLook], None]]:
        """Return what reads each command; a later table goes before an earlier one."""
        return {
            **dict.fromkeys(commands.SPACES_EM, self._space),
            **dict.fromkeys(("%", "$", "#", "&", "_", "{", "}", " "), self._escaped),
            **dict.fromkeys(symbols.TEXT_ACCENTS, self._accent),
            **dict.fromkeys(symbols.LATIN_COMMANDS, self._letter),
            **dict.fromkeys(_LOOKS, self._styled),
            **dict.fromkeys(_CASE, self._in_case),
            **dict.fromkeys(commands.NOTHING, self._nothing),
            **dict.fromkeys(("\\", "newline", "linebreak", "tabularnewline"), self._line_break),
            **dict.fromkeys(("(", "["), self._delimited_formula),
            **dict.fromkeys(("underline", "fbox"), self._lined),
            **dict.fromkeys(("hspace", "hspace*", "vspace", "vspace*"), self._length),
            "par": lambda token, look: self._put("#parbreak()"),
            "begin": self._environment,
            "parbox": self._parbox,
            "textcolor": self._coloured,
        }

    def _space(self, token: Token, look: WordLook) -> None:
        self._put(f"#h({commands.SPACES_EM[token.text]:.4f}em)")

    def _escaped(self, token: Token, look: WordLook) -> None:
        self._say(token.text, token, look)

    def _letter(self, token: Token, look: WordLook) -> None:
        self._skip_spaces()
        self._say(symbols.LATIN_COMMANDS[token.text], token, look)

    def _nothing(self, token: Token, look: WordLook) -> None:
        self._skip_spaces()

    def _styled(self, token: Token, look: WordLook) -> None:
        self._put(self._argument(token, look.with_(_LOOKS[token.text])))

    def _in_case(self, token: Token, look: WordLook) -> None:
        self._put(f"#{_CASE[token.text]}[{self._argument(token, look)}]")

    def _coloured(self, token: Token, look: WordLook) -> None:
        coloured = replace(look, colour=colour_of(token, self._cursor))
        self._put(self._argument(token, coloured))

    def _parbox(self, token: Token, look: WordLook) -> None:
        width = self._width(token)
        self._put(f"#box(width: {width:.3f}em)[{self._argument(token, look)}]")

    def _line_break(self, token: Token, look: WordLook) -> None:
        self._cursor.take_option()
        self._skip_spaces()
        self._put("#linebreak()")

    def _delimited_formula(self, token: Token, look: WordLook) -> None:
        closing = {"(": ")", "[": "]"}[token.text]
        self._put(self._mathematics(lambda each: each.is_command(closing), look, block=closing == "]"))
        self._cursor.take()

    def _lined(self, token: Token, look: WordLook) -> None:
        self._end_word()
        number = self._signs.add(token.part, look.colour)
        inside = self._argument(token, look)
        if token.text == "underline":
            self._put(f"#underline(stroke: 0.4pt + colour({number}), offset: 0.2em)[{inside}]")
        else:
            self._put(f"#framed(colour({number}))[{inside}]")

    def _length(self, token: Token, look: WordLook) -> None:
        length = length_em(token, self._cursor.take_raw())
        self._put(f"#{token.text[0]}({length:.4f}em)")

    def _accent(self, token: Token, look: WordLook) -> None:
        written = self._cursor.take_raw()
        letter = {"\\i": "i", "\\j": "j"}.get(written, written)
        if len(letter) != 1:
            raise refused(token, f"takes one letter, not {written}")
        self._say(unicodedata.normalize("NFC", letter + symbols.TEXT_ACCENTS[token.text]), token, look)

    def _skip_spaces(self) -> None:
        while (token := self._cursor.peek()) is not None and token.kind == "space":
            self._cursor.take()

    def _argument(self, token: Token, look: WordLook) -> str:
        if not self._cursor.take_character("{"):
            raise refused(token, "takes its text in braces")
        return self._group(token, look)

    def _group(self, opening: Token, look: WordLook) -> str:
        inside = self.until(lambda each: each.is_character("}"), look)
        if not self._cursor.take_character("}"):
            raise refused(opening, "is never closed; write } behind its text")
        return inside

    # --- formulas ---------------------------------------------------------------------------------------------------

    def _formula(self, token: Token, look: WordLook) -> None:
        following = self._cursor.peek()
        is_block = following is not None and following.is_character("$")
        if is_block:
            self._cursor.take()
        self._put(self._mathematics(lambda each: each.is_character("$"), look, block=is_block))
        if not self._cursor.take_character("$") or (is_block and not self._cursor.take_character("$")):
            raise refused(token, "begins a formula that is never closed")

    def _mathematics(self, ends: Ends, look: WordLook, *, block: bool, environment: str = "") -> str:
        self._end_word()
        inner = Prose(self._cursor, self._signs)
        formula = Formula(self._cursor, self._signs, inner.in_formula)
        fonts = ("bold",) if environment == "boldmath" else ()
        style = SignStyle(fonts, look.colour, is_displayed=block)
        source = formula.displayed(environment, ends, style) if block else formula.inline(ends, style)
        size = look.arguments.get("size")
        made = f"#math.equation(block: {str(block).lower()}, ${source}$)"
        return f"#text(size: {size})[{made}]" if size else made

    # --- environments -----------------------------------------------------------------------------------------------

    def _environment(self, token: Token, look: WordLook) -> None:
        name = self._cursor.take_raw().strip()
        plain = name.removesuffix("*")
        self._skip_spaces()
        if plain in commands.ALIGNED or plain in commands.GATHERED:
            self._put(self._mathematics(is_end, look, block=True, environment=plain))
        elif name in _SIDES:
            self._put(f"#align({_SIDES[name]})[{self.until(is_end, look)}]")
        elif name == "minipage":
            width = self._width(token)
            self._skip_spaces()
            self._put(f"#box(width: {width:.3f}em)[#set par(justify: true)\n{self.until(is_end, look)}]")
        elif name in {"itemize", "enumerate"}:
            self._list(token, name, look)
        elif name == "tabular":
            self._cursor.take_option()
            self._put(self._table(token, self._cursor.take_raw(), look))
        else:
            raise refused(token, f"begins {name}, which is not known here")
        end_environment(token, name, self._cursor)

    def _width(self, token: Token) -> float:
        """Return the width of a column in ems."""
        self._cursor.take_option()
        written = self._cursor.take_raw()
        for name in ("\\textwidth", "\\linewidth", "\\columnwidth"):
            if name in written:
                return float(written.replace(name, "").strip() or 1) * _TEXT_WIDTH_EM
        return length_em(token, written)

    def _list(self, token: Token, kind: str, look: WordLook) -> None:
        self._cursor.take_option()
        self._end_word()

        def ends(each: Token) -> bool:
            return is_end(each) or each.is_command("item")

        if (before := self.until(ends, look)) and "#t(" in before.replace('" "', ""):
            raise refused(token, "holds a text before its first \\item")
        place = 0
        while (item := self._cursor.peek()) is not None and item.is_command("item"):
            self._cursor.take()
            label = self._cursor.take_option()
            self._skip_spaces()
            place += 1
            number = self._signs.add(item.part, look.colour)
            text = self.until(ends, look)
            marker = f"[{literal(label)}]" if label is not None else "[•]"
            made = f"list(marker: {marker}, [{text}])" if kind == "itemize" else f"enum(start: {place}, [{text}])"
            self._put(f"#c({number}, {made})")

    def _table(self, token: Token, specification: str, look: WordLook) -> str:
        """Return a table; `specification` has a letter for each column and a bar for each line."""
        if set(specification) - set("lcr| "):
            raise refused(token, f"has the columns {specification}; only l, c, r and | are known")
        stroke = f"stroke: 0.4pt + colour({self._signs.add(token.part, look.colour)})"
        aligns = [{"l": "left", "c": "center", "r": "right"}[each] for each in specification if each in "lcr"]
        before = [len(part.replace(" ", "")) for part in specification.split("|")][:-1]
        bars = [f"table.vline(x: {sum(before[: place + 1])}, {stroke})" for place in range(len(before))]
        cells = self._cells(len(aligns), f"table.hline({stroke})", look)
        columns = f"columns: {len(aligns)}, align: ({', '.join(aligns)},), inset: (x: 6pt, y: 2.5pt), stroke: none"
        return f"#table({columns}, {', '.join([*bars, *cells])})"

    def _cells(self, width: int, line: str, look: WordLook) -> list[str]:
        """Return the cells of a table of `width` columns, with the lines between its rows."""

        def ends_cell(each: Token) -> bool:
            return each.is_character("&") or each.is_command("end", "\\", "hline", "tabularnewline")

        cells: list[str] = []
        column = 0
        while True:
            self._cursor.peek_beyond_spaces()
            text = self.until(ends_cell, look)
            following = self._cursor.peek()
            if column or text or (following is not None and following.is_character("&")):
                cells.append(f"[{text}]")
                column += 1
            if following is None or is_end(following):
                return cells
            self._cursor.take()
            if following.is_command("hline"):
                cells.append(line)
            elif following.kind == "command":
                self._cursor.take_option()
                cells += ["[]"] * (width - column if column else 0)
                column = 0
