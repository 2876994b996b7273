"""LaTeX's mathematics as Typst's: a reader that knows each command, or refuses it with its place.

Each command stands in the tables of `latex_signs`. What is in none of them, what lacks an argument or a partner, and
what LaTeX would show otherwise than people mean it (`x^10`, `sin x`, `->`) is refused. A user's words reach Typst only
as strings, and brackets only as single signs, so that nothing of a formula is read as a call or as a program.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from difflib import get_close_matches

from callsheet.formulas.chemistry import ChemistryError, chemistry
from callsheet.formulas.latex_signs import (
    ADVICE,
    ALIGNED,
    ARROWS,
    BRACES,
    CHARACTERS,
    COLOURS,
    DECLARATIONS,
    DELIMITERS,
    ESCAPED,
    FUNCTIONS,
    GATHERED,
    IGNORED,
    LARGE,
    MATRICES,
    NEGATED,
    OPERATORS,
    SIGNS,
    SPACES,
    STYLES,
    TEXTS,
)
from callsheet.formulas.notation import Slip
from callsheet.formulas.pieces import joined, quoted

_DEEPEST = 30
_SHOWN = 24
_COMMAND = re.compile(r"\\(?:[A-Za-z]+|[^A-Za-z]|$)", re.DOTALL)
_LETTERS = re.compile(r"[A-Za-z]+")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SIGN_OF_ANOTHER = {
    "<->": "\\leftrightarrow",
    "<=>": "\\Leftrightarrow",
    "<==>": "\\iff",
    "->": "\\to",
    "<-": "\\leftarrow or < -",
    "=>": "\\Rightarrow",
    "==>": "\\implies",
    "<=": "\\leq",
    ">=": "\\geq",
    "...": "\\dots",
    "**": "^",
    "<<": "\\ll",
    ">>": "\\gg",
    "+-": "\\pm",
    "|->": "\\mapsto",
    "~=": "\\approx",
    " !=": " \\neq",
}
_ANOTHER = re.compile("|".join(re.escape(sign) for sign in sorted(_SIGN_OF_ANOTHER, key=len, reverse=True)))
_NO_WORDS = frozenset(["in", "to", "ni", "ne", "le", "ge", "pm", "mp", "lt", "gt", "ll", "gg", "wr", "wp"])
_KNOWN = frozenset({*SIGNS, *OPERATORS, *FUNCTIONS, *STYLES, *TEXTS, *DECLARATIONS, *BRACES, *ARROWS, "sqrt", "left"})
_ENDS = ("}", "]", "&", "\\\\", "\\end", "\\right", "\\middle", "")


class LatexError(Exception):
    """A place in a formula that can't be converted with certainty."""

    def __init__(self, slip: Slip) -> None:
        super().__init__(str(slip))
        self.slip = slip


def typst_of_latex(formula: str) -> str:
    """Return what Typst writes for a formula of LaTeX. Raises LatexError."""
    reader = _Reader(formula)
    lines = reader.rows(end="")
    if not any(cell for line in lines for cell in line):
        raise LatexError(Slip(0, formula[:_SHOWN], "shows nothing: write a formula"))
    return _in_lines(lines)


def _in_lines(lines: list[list[str]]) -> str:
    return " \\ ".join(" & ".join(line) for line in lines)


class _Reader:
    """Where the reading of a formula stands."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0

    def refused(self, advice: str, start: int | None = None, end: int | None = None) -> LatexError:
        """Return the error about what stands from `start` to `end`: without them, about the next token."""
        start = self.at if start is None else start
        end = start + max(1, len(self._token(start))) if end is None else end
        return LatexError(Slip(start, self.text[start:end].strip()[:_SHOWN] or "the end", advice))

    # Tokens

    def peek(self) -> str:
        """Return the next token behind spaces: a command, a character, or an empty text at the end."""
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        return self._token(self.at)

    def _token(self, at: int) -> str:
        command = _COMMAND.match(self.text, at)
        return command.group() if command else self.text[at : at + 1]

    def take(self) -> str:
        """Return the next token and pass it."""
        token = self.peek()
        self.at += len(token)
        return token

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """Count how deep groups are nested, and refuse more than a person writes."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self.refused(f"is nested more than {_DEEPEST} times; write it in parts")
        yield
        self.depth -= 1

    # Structure

    def rows(self, end: str) -> list[list[str]]:
        """Return the cells of each line up to the token `end`; an empty text stands for the formula's end."""
        lines: list[list[str]] = [[]]
        while True:
            lines[-1].append(self.sequence())
            token = self.peek()
            if token == "&":
                self.take()
            elif token == "\\\\":
                self.take()
                # Typst itself chooses the distance to the next line, as in `[2pt]`.
                distance = re.match(r"\[\s*-?[\d.]+\s*[a-z]{2}\s*\]", self.text[self.at :])
                self.at += distance.end() if distance else 0
                lines.append([])
            elif token == end:
                break
            else:
                raise self._unexpected(token, end)
        return lines[:-1] if len(lines) > 1 and lines[-1] == [""] else lines

    def _unexpected(self, token: str, end: str) -> LatexError:
        if token == "}":
            return self.refused("closes nothing; leave it out, or write \\} to show it")
        if token == "\\right":
            return self.refused("has no \\left; write \\left( … \\right)")
        if token == "\\middle":
            return self.refused(ADVICE["middle"])
        if token == "\\end":
            return self.refused("has no \\begin; leave it out")
        if token == "]":  # only sequence() asked for an optional argument stops at it
            return self.refused("closes nothing; leave it out")
        return self.refused(f"comes before the {end or 'end'} of what is open; close it first")

    def sequence(self, *, optional: bool = False) -> str:
        """Return what stands up to a token that ends it: a closing brace, a cell, a line, the end.

        With `optional`, a ] ends it as well.
        """
        with self.deeper():
            pieces: list[str] = []
            while (token := self.peek()) not in _ENDS or (token == "]" and not optional):
                start = self.at
                if token in {"\\over", "\\choose"}:
                    self.take()
                    function = "frac" if token == "\\over" else "binom"
                    return f"{function}({self._filled(joined(pieces))}, {self._filled(self.sequence())})"
                if (declaration := self._declaration()) is not None:
                    rest = self.sequence(optional=optional)
                    pieces += [declaration.format(rest)] if rest else []
                    break
                piece = self._with_scripts(start)
                pieces += [piece] if piece else []
            return joined(pieces)

    def _filled(self, source: str) -> str:
        return source or "zws"

    def _declaration(self) -> str | None:
        """Return how a command wraps the rest of its group; None if the next token is another one."""
        name = self.peek()[1:]
        if not self.peek().startswith("\\") or (name not in DECLARATIONS and name != "color"):
            return None
        self.take()
        return DECLARATIONS[name] if name != "color" else f'paint("{self._colour()}", {{}})'

    def _with_scripts(self, start: int) -> str:
        """Return an atom with its primes, index and exponent."""
        base = "" if self.peek() in {"^", "_", "'"} else self.atom()
        base = self._with_limits(base)
        scripts: dict[str, str] = {}
        while (token := self.peek()) in {"^", "_", "'", "’"}:
            at = self.at
            if token in "'’":
                if "^" in scripts:
                    raise self.refused("comes behind an exponent; write f'^{2}, or {f^2}'")
                self.take()
                scripts["'"] = scripts.get("'", "") + "'"
                continue
            if token in scripts:
                what = "exponents" if token == "^" else "indices"
                raise self.refused(f"is a second one: write one for both {what}, {token}{{…}}", at)
            self.take()
            scripts[token] = self._script(token, at)
        if not scripts:
            return base
        marks = "".join(f"{token}({scripts[token]})" for token in "_^" if token in scripts)
        primes = scripts.get("'", "")
        return f"{base or 'zws'}{primes}{marks}"

    def _with_limits(self, base: str) -> str:
        while base and self.peek() in {"\\limits", "\\nolimits"}:
            side = "limits" if self.take() == "\\limits" else "scripts"
            base = f"{side}({base})"
        return base

    def _script(self, token: str, at: int) -> str:
        following = self.peek()
        if following in _ENDS or following in {"^", "_", "'"}:
            raise self.refused(f"raises or lowers nothing; write {token}{{…}}, or \\{token} to show it", at, at + 1)
        if following.isdigit():
            digits = _NUMBER.match(self.text, self.at)
            if digits and len(digits.group()) > 1:
                moves = "raises" if token == "^" else "lowers"
                advice = f"{moves} {following} alone; write {token}{{{digits.group()}}}"
                raise self.refused(advice, at, digits.end())
        if following in {"-", "+"} and re.match(r"[-+]\s*[\w\\]", self.text[self.at :]):
            rest = re.match(r"[-+]\s*(?:\d+|\w|\\[A-Za-z]+)", self.text[self.at :])
            shown = rest.group() if rest else following
            raise self.refused(f"raises the sign alone; write {token}{{{shown}}}", at, self.at + len(shown))
        return self._filled(self.argument("", at))

    def argument(self, command: str, start: int) -> str:
        """Return one argument: a group in braces, or one token with what belongs to it."""
        token = self.peek()
        if token == "{":
            return self.group()
        if token in _ENDS or token in {"^", "_"}:
            raise self.refused(f"needs an argument in braces; write {command}{{…}}", start, start + len(command))
        if token.isdigit():
            return self.take()
        if token in CHARACTERS or not token.startswith("\\"):
            return self._character(only_one=True)
        return self.atom()

    def group(self) -> str:
        """Return what stands between braces; nothing if they hold nothing."""
        start = self.at
        self.take()
        inside = self.sequence()
        if self.peek() != "}":
            if self.peek() in {"", "\\right", "\\end"}:
                raise self.refused("has no closing brace; write } at its end", start, start + 1)
            raise self.refused("does not belong into braces; close them first")
        self.take()
        return inside

    def optional(self) -> str:
        """Return what stands between square brackets, if they follow at once."""
        if self.text[self.at : self.at + 1] != "[":
            return ""
        start = self.at
        self.take()
        inside = self.sequence(optional=True)
        if self.peek() != "]":
            raise self.refused("has no closing bracket; write ] at its end", start, start + 1)
        self.take()
        return inside

    # Atoms

    def atom(self) -> str:
        """Return the next thing that can carry an index or an exponent."""
        start, token = self.at, self.peek()
        start = self.at
        if token == "{":
            return self._grouped(start)
        if not token.startswith("\\"):
            return self._character()
        self.take()
        name = token[1:]
        if not name:
            raise self.refused("stands alone; leave it out", start, start + 1)
        if not name.isalpha() or not name.isascii():
            return self._control_sign(name, start)
        return self._command(name, start)

    def _grouped(self, start: int) -> str:
        """Return a group that stands alone. It is one atom; braces that hold a list are refused."""
        if self.text[start : start + 3] in {"{,}", "{.}", "{:}"}:
            self.at += 3
            return {",": 'class("normal", \\,)', ".": "\\.", ":": 'class("normal", colon)'}[self.text[start + 1]]
        inside = self.group()
        written = self.text[start + 1 : self.at - 1]
        if re.search(r",\s", written) and not re.search(r"[\\{]", written):
            raise self.refused(f"shows no braces; write \\{{{written}\\}}", start, self.at)
        return f"group({inside})" if inside else "zws"

    def _character(self, *, only_one: bool = False) -> str:
        """Return what Typst writes for a character, or for all digits of a number."""
        character = self.text[self.at]
        self._refuse_other_notation(character)
        if character in CHARACTERS:
            self.at += 1
            return CHARACTERS[character]
        if character.isascii() and character.isdigit() and not only_one:
            number = _NUMBER.match(self.text, self.at)
            self.at = number.end() if number else self.at + 1
            return number.group() if number else character
        if character.isascii() and character.isalpha():
            self._refuse_words()
        self.at += 1
        return _as_typst(character)

    def _refuse_other_notation(self, character: str) -> None:
        """Refuse signs of programs and of Typst, which LaTeX would show one by one or leave out."""
        begin = self.at - 1 if self.text[self.at - 1 : self.at].isspace() else self.at
        match = _ANOTHER.match(self.text, begin) or _ANOTHER.match(self.text, self.at)
        if match:
            right = _SIGN_OF_ANOTHER[match.group()].strip()
            start = match.end() - len(match.group().lstrip())
            raise self.refused(f"is not LaTeX; write {right}", start, match.end())
        advice = {
            "#": "stands for nothing here; write \\# to show it",
            "%": "begins a comment; write \\% to show it",
            "$": "does not belong into a formula: leave it out, or write \\$ to show it",
            '"': "marks text in Typst; write \\text{…}",
            "`": "does not belong into a formula: leave it out",
        }.get(character)
        if advice:
            raise self.refused(advice, self.at, self.at + 1)

    def _refuse_words(self) -> None:
        """Refuse names and words without a backslash, which LaTeX would show as products of letters."""
        run = _LETTERS.match(self.text, self.at)
        before = self.text[: self.at]
        is_inside_word = re.search(r"[A-Za-z]$", before) and not re.search(r"\\[A-Za-z]+$", before)
        if run is None or is_inside_word:
            return
        word = run.group()
        operator = next((each for each in sorted(OPERATORS, key=len, reverse=True) if word.startswith(each)), "")
        if word in _KNOWN and word not in _NO_WORDS and (len(word) > 2 or word == "ln"):
            raise self.refused(f"is set as a product of letters; write \\{word}", run.start(), run.end())
        if len(operator) > 2 and 0 < len(word) - len(operator) <= 2:
            advice = f"is set as a product of letters; write \\{operator} {word[len(operator) :]}"
            raise self.refused(advice, run.start(), run.end())
        if len(word) > 3 and word.islower() and word not in "abcdefghijklmnopqrstuvwxyz":
            advice = f"is set as a product of letters; write \\text{{{word}}} for a word"
            raise self.refused(advice, run.start(), run.end())

    def _control_sign(self, name: str, start: int) -> str:
        if name in SPACES or name.isspace():
            return SPACES.get(name, '" "')
        if name in ESCAPED:
            return ESCAPED[name]
        raise self.refused("is no command of mathematics; leave it out", start, start + 2)

    def _command(self, name: str, start: int) -> str:
        if name in IGNORED:
            return ""
        if name in SIGNS or name in OPERATORS:
            return SIGNS.get(name, name)
        tables: tuple[tuple[Container[str], Callable[[str, int], str]], ...] = (
            (FUNCTIONS, self._function),
            (STYLES, self._style),
            (TEXTS, self._words),
            (BRACES, self._brace),
            (ARROWS, self._arrow),
            (LARGE, self._large),
        )
        for table, read in tables:
            if name in table:
                return read(name, start)
        others: dict[str, Callable[[int], str]] = {
            "sqrt": self._root,
            "left": self._fenced,
            "begin": self._environment,
            "operatorname": self._operator,
            "not": self._negated,
            "textcolor": self._painted,
            "ce": self._chemistry,
            "substack": self._substack,
        }
        if name in others:
            return others[name](start)
        raise self.refused(_advice_on(name), start, self.at)

    def _function(self, name: str, start: int) -> str:
        pattern = FUNCTIONS[name]
        count = 2 if pattern.count("{") > 1 else 1
        parts = []
        for _ in range(count):
            if self.peek() in _ENDS and count == 2:
                raise self.refused(f"needs two arguments; write \\{name}{{a}}{{b}}", start, self.at)
            parts.append(self._filled(self.argument(f"\\{name}", start)))
        return pattern.format(*parts)

    def _style(self, name: str, start: int) -> str:
        word = re.match(r"\s*\{([A-Za-z][A-Za-z .-]*)\}", self.text[self.at :])
        if name == "mathrm" and word and len(word.group(1)) > 1:
            self.at += word.end()
            return quoted(re.sub(r"\s", "", word.group(1)))
        return STYLES[name].format(self._filled(self.argument(f"\\{name}", start)))

    def _brace(self, name: str, start: int) -> str:
        inside = self._filled(self.argument(f"\\{name}", start))
        if self.peek() == BRACES[name]:
            at = self.at
            self.take()
            return f"{name}({inside}, {self._script(BRACES[name], at)})"
        return f"{name}({inside})"

    def _arrow(self, name: str, start: int) -> str:
        below = self.optional()
        above = self.argument(f"\\{name}", start)
        marks = (f"^({above})" if above else "") + (f"_({below})" if below else "")
        return f"stretch({ARROWS[name]}){marks}"

    def _large(self, name: str, start: int) -> str:
        ems, kind = LARGE[name]
        return f'class("{kind}", sized("{ems}", {self._delimiter(name, start) or "zws"}))'

    def _delimiter(self, name: str, start: int) -> str:
        token = self.peek()
        if token not in DELIMITERS:
            advice = "needs a bracket behind it, or a point for none; write \\left( … \\right)"
            raise self.refused(advice, start, self.at + len(token))
        self.take()
        return DELIMITERS[token]

    def _fenced(self, start: int) -> str:
        pieces = [self._delimiter("left", start)]
        while True:
            pieces.append(self.sequence())
            if self.peek() != "\\middle":
                break
            at = self.at
            self.take()
            pieces.append(f"mid({self._delimiter('middle', at)})")
        at = self.at
        if self.peek() != "\\right":
            raise self.refused("has no \\right; write \\left( … \\right)", start, start + 5)
        self.take()
        pieces.append(self._delimiter("right", at))
        return f"lr({joined([piece for piece in pieces if piece]) or 'zws'})"

    def _root(self, start: int) -> str:
        self.peek()
        index = self.optional()
        inside = self._filled(self.argument("\\sqrt", start))
        return f"root({index}, {inside})" if index else f"sqrt({inside})"

    def _operator(self, start: int) -> str:
        is_starred = self.text[self.at : self.at + 1] == "*"
        self.at += is_starred
        match = re.match(r"\s*\{((?:[\w\s-]|\\[,; ]|~)+)\}", self.text[self.at :])
        if not match:
            raise self.refused("needs a name in braces; write \\operatorname{rank}", start, self.at)
        self.at += match.end()
        words = re.sub(r"\\[,; ]|~", "\u2009", re.sub(r"(?<!\\)\s", "", match.group(1)))
        name = f"op({quoted(words)})"
        return f"limits({name})" if is_starred else name

    def _negated(self, start: int) -> str:
        self.peek()
        sign = self.argument("\\not", start)
        if sign not in NEGATED:
            raise self.refused("strikes no sign that Callsheet knows; write \\neq or \\notin", start, self.at)
        return NEGATED[sign]

    def _colour(self) -> str:
        start = self.at
        match = re.match(r"\s*\{\s*([^{}]*?)\s*\}", self.text[self.at :])
        name = match.group(1) if match else ""
        if match is None or name not in COLOURS:
            raise self.refused(
                f"is no colour that a formula can have; write one of {', '.join(sorted(COLOURS))}",
                start,
                self.at + (match.end() if match else 1),
            )
        self.at += match.end()
        return COLOURS[name]

    def _painted(self, start: int) -> str:
        colour = self._colour()
        inside = self._filled(self.argument("\\textcolor{…}", start))
        return f'paint("{colour}", {inside})'

    def _braced(self, command: str, start: int) -> tuple[str, int]:
        """Return the raw words between braces and where they begin."""
        if self.peek() != "{":
            raise self.refused(f"needs its words in braces; write {command}{{…}}", start, self.at)
        begin = self.at + 1
        depth, at = 0, self.at
        while at < len(self.text):
            if self.text[at] == "\\":
                at += 2
                continue
            depth += {"{": 1, "}": -1}.get(self.text[at], 0)
            if not depth:
                self.at = at + 1
                return self.text[begin:at], begin
            at += 1
        raise self.refused("has no closing brace; write } at its end", begin - 1, begin)

    def _chemistry(self, start: int) -> str:
        written, begin = self._braced("\\ce", start)
        try:
            return f"group({chemistry(written)})"
        except ChemistryError as error:
            raise LatexError(Slip(begin + error.place, error.written[:_SHOWN], error.advice)) from error

    def _substack(self, start: int) -> str:
        if self.peek() != "{":
            raise self.refused("needs its lines in braces; write \\substack{a \\\\ b}", start, self.at)
        brace = self.at
        self.take()
        lines = self.rows(end="}") if self._has_closing(brace) else []
        self.take()
        return f"stack({'; '.join(self._filled(joined(line)) for line in lines)};)"

    def _has_closing(self, brace: int) -> bool:
        at, self.at = self.at, brace
        self._braced("\\substack", brace)  # which refuses one without an end
        self.at = at
        return True

    # Words

    def _words(self, name: str, start: int) -> str:
        return TEXTS[name].format(self._text(name, start))

    def _text(self, name: str, start: int) -> str:
        written, begin = self._braced(f"\\{name}", start)
        pieces, at, words = [], 0, ""
        while at < len(written):
            character = written[at]
            here = begin + at
            if character == "$":
                end = written.find("$", at + 1)
                if end < 0:
                    raise self.refused("has no second $; write \\$ to show it", here, here + 1)
                pieces += [quoted(words)] if words else []
                pieces.append(self._inside(written[at + 1 : end], here + 1))
                words, at = "", end + 1
                continue
            command = _COMMAND.match(written, at)
            if command and command.group()[1:] in TEXTS:
                pieces += [quoted(words)] if words else []
                inner = _Reader(self.text)
                inner.at, inner.depth = here + command.end() - at, self.depth
                with inner.deeper():
                    pieces.append(TEXTS[command.group()[1:]].format(inner._text(command.group()[1:], here)))
                words, at = "", inner.at - begin
                continue
            words += self._text_character(command.group() if command else character, here)
            at += len(command.group()) if command else 1
        words = re.sub(r"\s+", " ", words).replace("``", "“").replace("''", "”").replace("---", "—").replace("--", "–")
        pieces += [quoted(words)] if words else []
        return joined(pieces) if len(pieces) == 1 else f"group({joined(pieces) or 'zws'})"

    def _inside(self, formula: str, begin: int) -> str:
        """Return a formula inside of words."""
        try:
            return f"group({typst_of_latex(formula)})"
        except LatexError as error:
            slip = error.slip
            raise LatexError(Slip(begin + slip.start, slip.written, slip.advice)) from error

    def _text_character(self, token: str, here: int) -> str:
        if token in {"_", "^", "&", "#", "%"}:
            raise self.refused(f"has a meaning in words; write \\{token} to show it", here, here + 1)
        if token in {"{", "}"}:
            return ""
        if not token.startswith("\\"):
            return " " if token == "~" else token
        if token[1:] in "%&#_${}" and token[1:]:
            return token[1:]
        if token in {"\\ ", "\\,", "\\;", "\\:", "\\quad"}:
            return " "
        raise self.refused("is no command of words; write it outside, between $ and $", here, here + len(token))

    # Environments

    def _environment(self, start: int) -> str:
        name, _ = self._braced("\\begin", start)
        columns = ""
        if name in {"array", "alignedat"}:
            columns, _ = self._braced(f"\\begin{{{name}}}", start)
        if name not in MATRICES and name not in (*ALIGNED, *GATHERED, "cases", "dcases", "array"):
            names = [*MATRICES, "cases", "array", "aligned", "gathered"]
            near = get_close_matches(name, names, n=1, cutoff=0.5) or ["aligned"]
            raise self.refused(f"is no environment that Callsheet knows; write \\begin{{{near[0]}}}", start, self.at)
        with self.deeper():
            lines = self._body(name, start)
        if name in {"cases", "dcases"}:
            return self._cases(lines, start, is_large=name == "dcases")
        if name in ALIGNED or name in GATHERED:
            return self._aligned(lines, start)
        return self._matrix(name, columns, lines, start)

    def _body(self, name: str, start: int) -> list[list[str]]:
        try:
            lines = self.rows(end="\\end")
        except LatexError as error:
            if self.peek() == "" and error.slip.written == "the end":
                raise self.refused(f"has no \\end{{{name}}}; write it", start, start + 7 + len(name)) from error
            raise
        at = self.at
        self.take()
        ended, _ = self._braced("\\end", at)
        if ended != name:
            raise self.refused(f"does not end \\begin{{{name}}}; write \\end{{{name}}}", at, self.at)
        return lines

    def _cases(self, lines: list[list[str]], start: int, *, is_large: bool) -> str:
        if any(len(line) > 2 for line in lines):
            raise self.refused("has more than two parts in a line; write a & b", start, start + 13)
        if is_large:
            lines = [[f"display({cell})" if cell else "" for cell in line] for line in lines]
        return f"cases({', '.join(' & '.join(self._filled(cell) for cell in line) for line in lines)})"

    def _aligned(self, lines: list[list[str]], start: int) -> str:
        """Return lines. If they are the whole formula they are Typst's own, else a grid."""
        if not self.text[:start].strip() and not self.text[self.at :].strip():
            return _in_lines(lines)
        rows = []
        for line in lines:
            cells = [f"display({cell})" if cell else "zws" for cell in line]
            rows.append(", ".join(f"&{cell}" if place % 2 else f"{cell}&" for place, cell in enumerate(cells)))
        if all(len(line) == 1 for line in lines):
            rows = [f"display({self._filled(line[0])})" for line in lines]
        return f"lines({self._rectangle(rows, lines)})"

    def _rectangle(self, rows: list[str], lines: list[list[str]]) -> str:
        width = max(map(len, lines))
        rows = [row + ", zws" * (width - len(line)) for row, line in zip(rows, lines, strict=True)]
        return "; ".join(rows) + (";" if len(rows) == 1 else "")

    def _matrix(self, name: str, columns: str, lines: list[list[str]], start: int) -> str:
        sides = re.sub(r"\s", "", columns)
        if not re.fullmatch(r"[lcr|]*", sides):
            raise self.refused("has columns of l, c, r and | alone; write \\begin{array}{cc|c}", start, self.at)
        letters = sides.replace("|", "")
        width = max(map(len, lines))
        if name == "array" and width > len(letters):
            advice = f"has {width} cells in a line and {len(letters)} columns; write {{{'c' * width}}}"
            raise self.refused(advice, start, start + len("\\begin{array}") + len(columns) + 2)
        bars = [sides[: place + 1].count("|") for place in range(len(sides)) if sides[place] == "|"]
        if len(bars) > 1:
            raise self.refused("has more than one line between its columns; leave one", start, start + 13)
        bar = str(sides.index("|")) if bars and 0 < sides.index("|") < len(sides) - 1 else ""
        sided = {"l": "& {}", "r": "{} &", "c": "{}", "": "{}"}
        rows = [
            ", ".join(sided[letters[place : place + 1]].format(self._filled(cell)) for place, cell in enumerate(line))
            for line in lines
        ]
        delimiter = MATRICES.get(name, "")
        return f'matrix(delim: "{delimiter}", bar: "{bar}", {self._rectangle(rows, lines)})'


def _as_typst(character: str) -> str:
    """Return a character as Typst shows it unchanged."""
    if character.isascii() and not character.isalnum() and character not in "+-=<>!?":
        return f"\\{character}"
    category = unicodedata.category(character)
    if category in {"Ps", "Pe", "Pi", "Pf", "Po", "Pc"} and not character.isascii():
        return f"\\{character}"
    name = unicodedata.name(character, "")
    is_word = category.startswith("L") and not character.isascii() and not name.startswith(("GREEK", "MATH", "DOUBLE"))
    return quoted(character) if is_word else character


def _advice_on(name: str) -> str:
    """Return what to write instead of a command that is not known."""
    if name in ADVICE:
        return ADVICE[name]
    operator = max((each for each in OPERATORS if name.startswith(each)), key=len, default="")
    near = get_close_matches(name, sorted({*_KNOWN, "begin", "right", "operatorname"}), n=1, cutoff=0.7)
    if operator and len(name) - len(operator) <= 2:
        return f"is no command; write \\{operator} {name[len(operator) :]}"
    if near:
        return f"is no command that Callsheet knows; write \\{near[0]} if you mean that"
    return f"is no command that Callsheet knows; write \\text{{{name}}} for a word"
