r"""LaTeX as tokens, each with its place and the part of the mobject that it belongs to.

Manim marks the parts of a formula with `\special{dvisvgm:raw <g id='…'>}` and `\special{dvisvgm:raw </g>}`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

Part = tuple[str, ...]
"""The names of the groups in which a token stands, the outermost first."""

_MARK = re.compile(r"\\special\{dvisvgm:raw <(?:g id='([^']*)'|/g)>\}")
_TOKEN = re.compile(r"\\([A-Za-z]+\*?|.)|(\n[ \t]*\n\s*|\s+)|(.)", re.DOTALL)
_COMMENT = re.compile(r"(?<!\\)%[^\n]*\n?")
_DEFINITION = re.compile(
    r"\\(?:re|provide)?newcommand\*?\s*\{?\\([A-Za-z]+)\}?\s*(?:\[(\d)\])?\s*\{|"
    r"\\DeclareMathOperator(\*?)\s*\{?\\([A-Za-z]+)\}?\s*\{|\\def\s*\\([A-Za-z]+)\s*\{"
)
_STARRED = frozenset({"operatorname", "hspace", "vspace"})
_MOST_EXPANSIONS = 2_000


class FormulaRefused(ValueError):
    """A text in LaTeX that can't be set with certainty; the message says why, and by Typst also where."""


@dataclass(frozen=True)
class Token:
    r"""One sign of the source: a command without its backslash, a character, or a space.

    `place` counts characters of the source from 0, without Manim's marks.
    """

    kind: str
    """`command`, `character`, `space`, or `paragraph`, which is an empty line."""
    text: str
    place: int
    part: Part

    @property
    def written(self) -> str:
        """Return the token as the source has it."""
        return f"\\{self.text}" if self.kind == "command" else self.text

    def is_command(self, *names: str) -> bool:
        """Return whether this is one of these commands."""
        return self.kind == "command" and self.text in names

    def is_character(self, characters: str) -> bool:
        """Return whether this is one of these characters."""
        return self.kind == "character" and self.text in characters


@dataclass(frozen=True)
class Macro:
    """A command that the template defines."""

    arguments: int
    body: str


def source_of(marked: str) -> str:
    """Return what a person has written: the text without Manim's marks."""
    return _MARK.sub("", marked)


def tokens_of(marked: str, macros: dict[str, Macro] | None = None, begin: int = 0) -> list[Token]:
    """Return the tokens of a text that holds Manim's marks. Places are counted from the character `begin` on.

    An argument ends a command's name. The mark of a substring inside of a name does not part it: the command belongs
    to where its backslash stands.
    """
    found: list[Token] = []
    source = ""
    parts: list[Part] = []
    part: Part = ()
    place, end = -begin, 0
    for mark in [*_MARK.finditer(marked), None]:
        before = marked[end : mark.start() if mark else len(marked)]
        source += before
        parts += [part] * len(before)
        part = () if mark is None else (*part, mark[1]) if mark[1] is not None else part[:-1]
        end = mark.end() if mark else end
        if len(part) < 2 and not (mark and mark[1] is None and part):
            found += [Token(each.kind, each.text, place + each.place, parts[each.place]) for each in _tokens(source)]
            place += len(source)
            source, parts = "", []
    return _expanded(found, macros) if macros else found


def _tokens(source: str) -> list[Token]:
    found: list[Token] = []
    source = _COMMENT.sub(lambda comment: " " * len(comment[0]), source)
    for match in _TOKEN.finditer(source):
        command, space, character = match.groups()
        start = match.start()
        if command is not None:
            if command.endswith("*") and command[:-1] not in _STARRED and len(command) > 1:
                found.append(Token("command", command[:-1], start, ()))
                found.append(Token("character", "*", start + len(command), ()))
            else:
                found.append(Token("command", command, start, ()))
        elif space is not None:
            found.append(Token("paragraph" if space.count("\n") > 1 else "space", " ", start, ()))
        else:
            found.append(Token("character", character, start, ()))
    return found


def macros_of(preamble: str) -> dict[str, Macro]:
    """Return the commands that a preamble defines."""
    macros: dict[str, Macro] = {}
    for match in _DEFINITION.finditer(preamble):
        body = _balanced(preamble, match.end())
        name, arguments, star, operator, defined = match.groups()
        if operator:
            macros[operator] = Macro(0, rf"\operatorname{star}{{{body}}}")
        else:
            macros[name or defined] = Macro(int(arguments or 0), body)
    return macros


def _balanced(text: str, start: int) -> str:
    """Return what stands between the brace before `start` and its partner."""
    depth = 1
    for place in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0) if text[place - 1] != "\\" else 0
        if depth == 0:
            return text[start:place]
    return text[start:]


def _expanded(tokens: Sequence[Token], macros: dict[str, Macro]) -> list[Token]:
    """Return the tokens with the template's commands replaced by what they stand for.

    Raises FormulaRefused if that does not end.
    """
    waiting = list(reversed(tokens))
    found: list[Token] = []
    expansions = 0
    while waiting:
        token = waiting.pop()
        macro = macros.get(token.text) if token.kind == "command" else None
        if macro is None:
            found.append(token)
            continue
        expansions += 1
        if expansions > _MOST_EXPANSIONS:
            raise FormulaRefused(f"{token.written} stands for itself, over and over")
        arguments = [_argument(waiting) for _ in range(macro.arguments)]
        replacement: list[Token] = []
        body = _tokens(macro.body)
        while body:
            each = body.pop(0)
            if each.is_character("#") and body and body[0].text.isdigit() and int(body[0].text) <= len(arguments):
                replacement += arguments[int(body.pop(0).text) - 1]
            else:
                replacement.append(replace(each, place=token.place, part=token.part))
        waiting += reversed(replacement)
    return found


def _argument(waiting: list[Token]) -> list[Token]:
    """Take the next token, or the group in braces, from the end of a reversed list."""
    while waiting and waiting[-1].kind == "space":
        waiting.pop()
    if not waiting:
        return []
    first = waiting.pop()
    if not first.is_character("{"):
        return [first]
    taken: list[Token] = []
    depth = 1
    while waiting:
        token = waiting.pop()
        depth += token.is_character("{") - token.is_character("}")
        if depth == 0:
            break
        taken.append(token)
    return taken


class Cursor:
    """A place in a list of tokens, which moves on as they are read."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._next = 0

    def peek(self) -> Token | None:
        """Return the next token, which stays."""
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def peek_beyond_spaces(self) -> Token | None:
        """Return the next token that is no space, and move to it."""
        while (token := self.peek()) is not None and token.kind in {"space", "paragraph"}:
            self._next += 1
        return token

    def take(self) -> Token:
        """Return the next token and move on. Raises FormulaRefused at the end."""
        token = self.peek()
        if token is None:
            last = f" after “{self._tokens[-1].written}”" if self._tokens else ""
            raise FormulaRefused(f"the text ends too early{last}")
        self._next += 1
        return token

    def take_character(self, character: str) -> bool:
        """Move over a character if it comes next, with the spaces before it; return whether it did."""
        token = self.peek_beyond_spaces()
        if token is None or not token.is_character(character):
            return False
        self._next += 1
        return True

    def take_raw(self) -> str:
        """Return the next group in braces, or the next token, as it is written."""
        self.peek_beyond_spaces()
        first = self.take()
        return self._up_to("}", "{") if first.is_character("{") else first.written

    def take_option(self) -> str | None:
        """Return what stands in square brackets, as it is written; None if there are none."""
        return self._up_to("]", "[") if self.take_character("[") else None

    def _up_to(self, closing: str, opening: str) -> str:
        written: list[str] = []
        depth = 1
        while True:
            token = self.take()
            depth += token.is_character(opening) - token.is_character(closing)
            if depth == 0:
                return "".join(written)
            written.append(token.written)


def refused(token: Token, reason: str) -> FormulaRefused:
    """Return the error that names a token, its place, and what is wrong with it."""
    return FormulaRefused(f"“{token.written}” (character {token.place + 1}) {reason}")
