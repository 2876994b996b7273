"""YAML as a tree of nodes that keep the written form: the text of each scalar, and the line of each value.

libyaml parses. This module decides what its events mean, because YAML's own types turn `No`, `12:30` and `0123` into
other values than people wrote. Signs that YAML keeps for itself are reported with their lines. All those that need no
guess are reported at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import yaml

from callsheet.sources.text_files import lines_with_control_characters

Fault = tuple[int, str]
"""A line, counted from 1, and a sentence."""

MOST_VALUES = 200_000
"""A request of 200 scenes has some 20,000. A few hundred bytes of aliases can stand for billions."""
DEEPEST = 60
_MOST_FAULTS = 20
# To find another fault, libyaml reads the text from its beginning: so much of it takes a second.
_MOST_READ_CHARACTERS = 2_000_000
_QUOTE = "put it in quotes"
_OWN_TAGS = "tag:yaml.org,2002:"
_TAGS = {f"{_OWN_TAGS}{kind}" for kind in ("str", "int", "float", "bool", "null", "seq", "map")}
_COMMENT = re.compile(r"[ \t]+#\S[^\n]*")
"""A comment without a space after its #, as in “Issue #5”: rarely meant as a comment."""
_SURROGATES = re.compile(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


# libyaml's message, whether it is about the line in which something was opened, and our message.
_STRUCTURE = (
    (r"unexpected end of stream", True, "has a quote that opens here and is never closed"),
    (
        r"escape|hexdecimal|hexadecimal",
        False,
        "has a backslash in double quotes that begins no code: write two (\\\\), or use single quotes",
    ),
    (
        r"expected ',' or.*at the end",
        True,
        "has a bracket that opens here and is not closed: put “{closing}” at its end",
    ),
    (r"expected ',' or", False, "lacks a comma or “{closing}” before “{rest}”"),
    (r"find expected ':'", True, "has “{written}”, which is no field: write its name, a colon and a space"),
    (
        r"(?:entries|keys) are not allowed",
        False,
        f"has a text that begins with “{{sign}} ”, which means a list or a field to YAML: {_QUOTE}",
    ),
    (
        r"comment or (?:a )?line break",
        False,
        "has text right after | or >: put the text on the lines below, indented, or in quotes",
    ),
    (r"directive|<document start>", False, f"begins with what YAML takes for a setting (% or ...): {_QUOTE}"),
    (
        r"node content.*at the end",
        False,
        "is the end of the file, and a value is missing: is a bracket or a quote left open?",
    ),
    (r"node content", False, f"has a text that begins with “{{sign}}”, a sign that YAML keeps for itself: {_QUOTE}"),
    (
        r"after a closing sign",
        False,
        "has something after a closing quote or bracket: put the whole text in quotes (a ' inside is '')",
    ),
    (
        r"'-' indicator|expected key|block end",
        False,
        "is not indented like the lines it belongs to, which begin in line {opened_in}",
    ),
    (r"", False, "is not valid YAML: {said}"),
)


@dataclass(frozen=True)
class Scalar:
    """One value.

    `is_plain` says that it stands without quotes, and so may be a number or a word with a meaning.
    """

    line: int
    text: str
    is_plain: bool = False
    lost: str = ""
    """The text after it in its line that YAML takes for a comment, if that may be a mistake."""


@dataclass(frozen=True)
class Items:
    """A list. `is_inline` says that it is written in brackets."""

    line: int
    items: tuple[Node, ...]
    is_inline: bool = False


@dataclass(frozen=True)
class Fields:
    """A mapping: each key once, in the order of the file."""

    line: int
    fields: tuple[tuple[Scalar, Node], ...]
    is_inline: bool = False


Node = Scalar | Items | Fields


@dataclass(frozen=True)
class Tree:
    """The content of a text: a root, if it could be read, and the faults, by line."""

    root: Node | None
    faults: tuple[Fault, ...]


@lru_cache(maxsize=1)
def read_tree(text: str) -> Tree:
    """Return the tree of a YAML text, or of a JSON text: YAML but for its surrogate pairs.

    The last tree is kept: a command asks for the kind of a file first, and then for its request.
    """
    if faults := lines_with_control_characters(text):
        return Tree(None, tuple(faults[:_MOST_FAULTS]))
    if text.lstrip()[:1] in {"{", "["}:
        text = _SURROGATES.sub(_joined, text)
    root, faults, read_characters = None, [], 0
    while len(faults) < _MOST_FAULTS and read_characters < _MOST_READ_CHARACTERS:
        builder = _Builder(text)
        try:
            root = builder.built()
            faults += builder.faults
            break
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            read_characters += int(mark.index) if mark else len(text)
            fault, corrected = _fault_of(error, text)
            if faults and not corrected:  # a fault after an earlier correction may be no fault of the file
                break
            faults.append(fault)
            if not corrected:
                break
            text = corrected
        except _TooMuchError as error:
            faults.append((error.line, error.sentence))
            break
    return Tree(None if faults else root, tuple(sorted(dict.fromkeys(faults))))


class _TooMuchError(Exception):
    """Nested too deeply, or more values than any request has."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(line, sentence)
        self.line = line
        self.sentence = sentence


@dataclass
class _Builder:
    """Makes the nodes of a text from libyaml's events, whose marks the stubs call optional."""

    text: str
    faults: list[Fault] = field(default_factory=list)
    anchors: dict[str, tuple[Node, int]] = field(default_factory=dict)
    unused: dict[str, Fault] = field(default_factory=dict)
    values: int = 0

    def built(self) -> Node | None:
        """Return the root; nothing if the text is empty."""
        events = yaml.parse(self.text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent) and root is not None:
                self.faults.append((_line(event), "begins a second document with “---”: a file holds one"))
                break
            if isinstance(event, yaml.NodeEvent):
                root = self._node(event, events, 0)
        self.faults.extend(self.unused.values())
        return root

    def _node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        before = self.values
        self._count(1, event)
        if depth > DEEPEST:
            raise _TooMuchError(_line(event), "is nested too deeply: lists and fields lie in each other here")
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        self._check_tag(event)
        node = self._made(event, events, depth)
        if event.anchor:
            self.anchors[event.anchor] = (node, self.values - before)
            if isinstance(node, Scalar):
                sentence = f"has the sign & before “{event.anchor}”, which names a value that nothing uses: {_QUOTE}"
                self.unused[event.anchor] = (_line(event), sentence)
        return node

    def _made(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(inner := next(events), yaml.SequenceEndEvent):
                items.append(self._value(inner, events, depth + 1))
            return Items(_line(event), tuple(items), bool(event.flow_style))
        if isinstance(event, yaml.MappingStartEvent):
            pairs = []
            while not isinstance(inner := next(events), yaml.MappingEndEvent):
                key = self._node(inner, events, depth + 1)
                pairs.append((key, self._value(next(events), events, depth + 1)))
            return Fields(_line(event), self._fields(pairs), bool(event.flow_style))
        return self._scalar(event)

    def _scalar(self, event: Any) -> Scalar:
        is_plain = event.style in {None, ""} and event.tag in {None, f"{_OWN_TAGS}int", f"{_OWN_TAGS}float"}
        lost = _COMMENT.match(self.text, event.end_mark.index) if is_plain and event.value else None
        return Scalar(_line(event), event.value, is_plain, lost.group().strip() if lost else "")

    def _fields(self, pairs: list[tuple[Node, Node]]) -> tuple[tuple[Scalar, Node], ...]:
        """Return each key once: the mapping's own keys win over those that are merged in (<<)."""
        own: dict[str, tuple[Scalar, Node]] = {}
        merged: dict[str, tuple[Scalar, Node]] = {}
        for key, value in pairs:
            if not isinstance(key, Scalar):
                self.faults.append((key.line, f"has a list or fields where a field's name belongs: {_QUOTE}"))
            elif key.is_plain and key.text == "<<":
                merged |= {each.text: (each, inner) for each, inner in reversed(self._merged(key, value))}
            elif key.text in own:
                first = own[key.text][0].line
                self.faults.append((key.line, f"gives “{key.text}” again, as line {first} does: keep one of the two"))
            else:
                own[key.text] = (key, value)
        return (*own.values(), *(pair for name, pair in merged.items() if name not in own))

    def _merged(self, key: Scalar, value: Node) -> list[tuple[Scalar, Node]]:
        parts = value.items if isinstance(value, Items) else (value,)
        if not all(isinstance(part, Fields) for part in parts):
            self.faults.append((key.line, "has “<<”, which merges the fields of a value named with &: name it with *"))
        return [pair for part in parts if isinstance(part, Fields) for pair in part.fields]

    def _value(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        """Return a node that is no key."""
        node = self._node(event, events, depth)
        if isinstance(node, Scalar) and node.is_plain and node.text in {"=", "<<"}:
            self.faults.append((node.line, f"has “{node.text}”, a sign that YAML keeps for itself: {_QUOTE}"))
        return node

    def _alias(self, event: Any) -> Node:
        known = self.anchors.get(event.anchor)
        if known is None:
            written = self.text[event.start_mark.index : event.end_mark.index]
            sentence = f"has “{written}”, and * stands for a value that was named with & before: {_QUOTE}"
            self.faults.append((_line(event), sentence))
            return Scalar(_line(event), "")
        self.unused.pop(event.anchor, None)
        node, size = known
        self._count(size, event)
        return node

    def _count(self, values: int, event: Any) -> None:
        self.values += values
        if self.values > MOST_VALUES:
            raise _TooMuchError(_line(event), f"brings the file to more than {MOST_VALUES:,} values: it is no request")

    def _check_tag(self, event: Any) -> None:
        tag = getattr(event, "tag", None)
        if tag not in {None, "!"} and tag not in _TAGS:
            shown = tag.replace(_OWN_TAGS, "!!")
            self.faults.append((_line(event), f"has “{shown}”, and ! names a type to YAML: {_QUOTE}"))


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _joined(match: re.Match[str]) -> str:
    """Return the character of a pair of surrogates in JSON."""
    before, high, low = match.groups()
    return before + (bytes.fromhex(high) + bytes.fromhex(low)).decode("utf-16-be")


def _fault_of(error: yaml.MarkedYAMLError, text: str) -> tuple[Fault, str]:
    """Return the fault, and the text with a harmless sign there, to look for more faults.

    The text is empty if a further look would be a guess.
    """
    mark, context = error.problem_mark or error.context_mark, error.context_mark
    last = text.count("\n") + 1  # libyaml ends a last line that has no end
    place, line = (int(mark.index), min(last, int(mark.line) + 1)) if mark else (0, 1)
    opened_in = min(last, int(context.line) + 1) if context else line
    said = str(error.problem)
    sign = text[place : place + 1]
    replaced = f"{text[:place]}x{text[place + 1 :]}"
    if sign == "\t" or "tab character" in said:
        sentence = "has a tab where YAML takes only spaces: indent with spaces"
        return (line, sentence), _without_tabs(text)
    if "cannot start any token" in said:
        return (line, f"has a text that begins with “{sign}”, a sign that YAML keeps for itself: {_QUOTE}"), replaced
    if "alphabetic or numeric character" in said or "tag" in f"{error.context}":
        start = int(context.index) if context else place
        sentence = f"has a text that begins with “{text[start]}”, a sign that YAML keeps for itself: {_QUOTE}"
        return (opened_in, sentence), f"{text[:start]}x{text[start + 1 :]}"
    if "mapping values are not allowed" in said:
        return _colon(text, place, line, replaced)
    return _structural(said, str(error.context), text, place, line, opened_in), ""


def _colon(text: str, place: int, line: int, replaced: str) -> tuple[Fault, str]:
    """Return the fault of a colon in a text, or of a field that is indented too far."""
    before = text[:place].rpartition("\n")[2]
    if re.search(r":[ \t]|^[ \t]*-[ \t]+\S+[ \t]", before) or re.search(r"['\"\]}]\s*$", before):
        return (line, "has a colon inside a text, which makes a field of it: put the whole text in quotes"), replaced
    sentence = (
        f"has the field “{before.strip()[-40:]}” further to the right than the one above: "
        "begin both in the same column, or put the text above in quotes"
    )
    return (line, sentence), ""


def _without_tabs(text: str) -> str:
    """Return indentation and gaps between words in spaces.

    The text serves only to find more faults.
    """
    return text.replace("\t", "  ")


def _structural(said: str, context: str, text: str, place: int, line: int, opened_in: int) -> Fault:
    """Return a sentence for libyaml's message about brackets, quotes or indentation."""
    before = text[:place].rpartition("\n")[2].rstrip()
    key = f"{said} | {context}"
    if not text[place:].strip() or (line > opened_in and "expected ',' or" in said):
        key += " | at the end"
    elif before.endswith(("'", '"', "]", "}")):
        key += " | after a closing sign"
    facts = {
        "said": said,
        "sign": text[place : place + 1],
        "rest": text[place:].partition("\n")[0][:20],
        "closing": "]" if "']'" in said else "}",
        "written": text.split("\n")[opened_in - 1].strip()[:40],
        "opened_in": opened_in,
    }
    is_at_opening, sentence = next(
        (is_at_opening, sentence) for pattern, is_at_opening, sentence in _STRUCTURE if re.search(pattern, key)
    )
    return (opened_in if is_at_opening else line), sentence.format(**facts)
