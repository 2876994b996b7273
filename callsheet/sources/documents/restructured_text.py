"""Reads reStructuredText, also as Sphinx writes it. Files are not included, and nothing raw is passed through."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from typing import Any

from docutils import nodes
from docutils.core import publish_doctree
from docutils.parsers.rst import Directive, directives, roles
from docutils.utils import Reporter

from callsheet.errors import InvalidRequest
from callsheet.model.film.document import InlineText, ListItem, MarkKind, PlaceUnit, SourcePlace
from callsheet.sources.documents.block_list import BlockList, at
from callsheet.sources.documents.prose_builder import ProseBuilder, joined, one_line
from callsheet.sources.documents.text_source import text_of_bytes

_SETTINGS = {
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "_disable_config": True,
    "report_level": Reporter.SEVERE_LEVEL,
    "halt_level": 5,
    "warning_stream": StringIO(),
    "syntax_highlight": "none",
    "line_length_limit": 10_000_000,
    "smart_quotes": False,
    "doctitle_xform": False,
    "docinfo_xform": False,
    "sectsubtitle_xform": False,
    "input_encoding": "unicode",
    "traceback": True,
    "language_code": "en",
}
_ROLE = re.compile(r":([a-zA-Z][\w:+.-]*):`")
_DIRECTIVE = re.compile(r"^\s*\.\.\s+(?:\|[^|\n]+\|\s+)?([\w:+.-]+)::", re.MULTILINE)
_TITLED = re.compile(r"(.+?)\s*<([^<>]+)>", re.DOTALL)
_CODES = {
    "code-block",
    "sourcecode",
    "highlight",
    "prompt",
    "doctest",
    "testcode",
    "ipython",
    "jupyter-execute",
    "parsed-literal-block",
    "program-output",
    "console",
}
_FOR_THE_MACHINE = {
    "toctree",
    "index",
    "automodule",
    "autoclass",
    "autofunction",
    "automethod",
    "currentmodule",
    "module",
    "include",
    "literalinclude",
    "raw",
    "contents",
    "sectnum",
    "meta",
    "tabularcolumns",
    "graphviz",
    "digraph",
    "plot",
    "only",
    "ifconfig",
    "autosummary",
    "highlight",
}
_CODE_ROLES = {
    "func",
    "class",
    "meth",
    "mod",
    "attr",
    "data",
    "exc",
    "obj",
    "file",
    "command",
    "option",
    "envvar",
    "program",
    "kbd",
    "samp",
    "const",
    "macro",
    "type",
    "member",
    "regexp",
    "dir",
    "bin",
}
_MARKS = {
    nodes.strong: MarkKind.STRONG,
    nodes.emphasis: MarkKind.EMPHASIS,
    nodes.literal: MarkKind.CODE,
    nodes.title_reference: MarkKind.EMPHASIS,
}
_SILENT = (
    nodes.target,
    nodes.substitution_definition,
    nodes.pending,
    nodes.transition,
    nodes.decoration,
    nodes.system_message,
)
_WARNING = 2
"""Below it are remarks of docutils, such as that two headings have the same name."""
_MOST_DEEP = 100


def read(source: bytes, blocks: BlockList) -> None:
    """Add what a reStructuredText file holds."""
    text = text_of_bytes(source)
    _register_unknown(text)
    try:
        tree = publish_doctree(text, settings_overrides=_SETTINGS)
    except RecursionError as error:
        raise InvalidRequest("lists or quotes in it are nested too deep; write it flatter") from error
    _Reader(blocks).children(tree, 0)


def _register_unknown(text: str) -> None:
    """Have roles and directives that only other programs know read for the text in them."""
    for name in set(_ROLE.findall(text)):
        if name.lower() not in roles._role_registry and name.lower() not in _english().roles:
            roles.register_local_role(name, _role)
    for name in set(_DIRECTIVE.findall(text)):
        known = directives.directive(name, _english(), _quiet_document())[0]
        if known is None or name in _CODES | _FOR_THE_MACHINE:
            directives.register_directive(name, _AnyDirective)


def _english() -> Any:
    from docutils.parsers.rst.languages import en

    return en


def _quiet_document() -> nodes.document:
    from docutils.frontend import get_default_settings
    from docutils.parsers.rst import Parser
    from docutils.utils import new_document

    settings = get_default_settings(Parser)
    settings.report_level = 5
    settings.warning_stream = StringIO()
    return new_document("", settings)


def _role(
    name: str, rawtext: str, text: str, lineno: int, inliner: object, options: object = None, content: object = None
) -> tuple[list[nodes.Node], list[nodes.Node]]:
    """Return the text that a role of another program shows: its title, or the last part of a name."""
    titled = _TITLED.fullmatch(text)
    shown = titled[1] if titled else _name_in(text)
    kind = nodes.literal if name.rpartition(":")[2] in _CODE_ROLES else nodes.inline
    return [kind(rawtext, shown)], []


def _name_in(text: str) -> str:
    """Return what Sphinx shows of a name: with “~” before it, its last part alone."""
    return text.rpartition(".")[2] if text.startswith("~") and "." in text else text.lstrip("~!")


class _AnyOptions(dict[str, Callable[[str], str]]):
    """Options of any name."""

    def __bool__(self) -> bool:
        return True

    def __getitem__(self, key: str) -> Callable[[str], str]:
        return lambda value: value or ""


class _AnyDirective(Directive):  # type: ignore[misc]  # docutils has no types
    """A directive of another program: code stays code, and the text of all others is read as text."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec = _AnyOptions()

    def run(self) -> list[nodes.Node]:
        text = "\n".join(self.content)
        if self.name in _FOR_THE_MACHINE:
            return [nodes.comment("", " ".join([self.name, *self.arguments, text]))]
        if self.name in _CODES:
            code = nodes.literal_block(text, text, classes=["code", *self.arguments[:1]])
            code["begins"] = self.lineno
            return [code]
        outer = nodes.container()
        if self.arguments:
            paragraph = nodes.paragraph()
            inner, messages = self.state.inline_text(self.arguments[0], self.lineno)
            paragraph += inner
            paragraph += messages
            paragraph.line = self.lineno
            outer += paragraph
        self.state.nested_parse(self.content, self.content_offset, outer)
        return [outer]


@dataclass
class _Reader:
    blocks: BlockList
    _line: int = 1

    def children(self, node: nodes.Element, level: int) -> None:
        for child in node.children:
            if isinstance(child, nodes.Element):
                self._block(child, level)

    def _place(self, node: nodes.Element) -> SourcePlace:
        line = node.line or self._line
        if isinstance(node, nodes.title) and node.line:
            line -= 1  # that of its underline
        elif isinstance(node, nodes.FixedTextElement) and node.line:
            line -= node.astext().count("\n") + 1  # the last one
        self._line = node.get("begins") or max(1, line)
        return at(PlaceUnit.LINE, self._line)

    def _block(self, node: nodes.Element, level: int) -> None:
        place = self._place(node)
        match node:
            case nodes.section():
                self.children(node, level + 1)
            case nodes.title() | nodes.subtitle():
                self.blocks.heading(place, max(1, level), self._prose(node))
            case nodes.paragraph() | nodes.rubric() | nodes.line_block() | nodes.attribution():
                self.blocks.paragraph(place, self._prose(node))
                self._figures(node)
            case nodes.bullet_list() | nodes.enumerated_list() | nodes.definition_list():
                self._list(node, place)
            case nodes.literal_block() | nodes.doctest_block():
                self._code(node, place)
            case _:
                self._other_block(node, place, level)

    def _other_block(self, node: nodes.Element, place: SourcePlace, level: int) -> None:
        match node:
            case nodes.block_quote():
                self._quote(node, place, level)
            case nodes.table():
                self._table(node, place)
            case nodes.figure() | nodes.image():
                self._figure(node, place)
            case nodes.math_block():
                self.blocks.formula(place, "latex", node.astext())
            case nodes.comment() | nodes.footnote() | nodes.citation() | nodes.field_list() | nodes.docinfo():
                self.blocks.omit(place, _name_of(node), node.astext())
            case nodes.system_message() if node["level"] >= _WARNING:
                self.blocks.omit(
                    place,
                    "markup that can't be read",
                    "\n".join(each.astext() for each in node.findall(nodes.literal_block)),
                )
            case _ if not isinstance(node, _SILENT):
                self._container(node, level)

    def _container(self, node: nodes.Element, level: int) -> None:
        """Add what only holds blocks. The name of a note begins its first paragraph."""
        first = node.children[0] if node.children else None
        name = type(node).__name__.capitalize()
        is_note = isinstance(node, nodes.Admonition) and not isinstance(node, nodes.admonition)
        if is_note and isinstance(first, nodes.paragraph):
            first.insert(0, nodes.Text(f"{name}: "))
        self.children(node, level)

    def _code(self, node: nodes.Element, place: SourcePlace) -> None:
        classes = [each for each in node.get("classes", ()) if each != "code"]
        language = "python" if isinstance(node, nodes.doctest_block) else (classes or [""])[0]
        self.blocks.code(place, language, node.astext())

    # --- text ---

    def _prose(self, node: nodes.Element) -> InlineText:
        builder = ProseBuilder()
        self._inline(node, builder)
        return builder.done()

    def _inline(self, node: nodes.Element, builder: ProseBuilder, depth: int = 0) -> None:
        for child in node.children:
            if isinstance(child, nodes.Text):
                builder.add(child.astext())
            elif isinstance(child, nodes.Element) and depth < _MOST_DEEP:
                self._part(child, builder, depth)

    def _part(self, child: nodes.Element, builder: ProseBuilder, depth: int) -> None:
        kind = next((kind for each, kind in _MARKS.items() if isinstance(child, each)), None)
        match child:
            case nodes.math():
                builder.marked(MarkKind.FORMULA, one_line(child.astext()), is_literal=True)
            case nodes.literal():
                builder.marked(MarkKind.CODE, child.astext(), is_literal=True)
            case nodes.title_reference() if child.astext().startswith(("~", "!")):
                builder.marked(MarkKind.CODE, _name_in(child.astext()), is_literal=True)
            case nodes.reference():
                builder.open(MarkKind.LINK, child.get("refuri", ""))
                self._inline(child, builder, depth + 1)
                builder.close()
            case nodes.footnote_reference() | nodes.citation_reference() | nodes.image() | nodes.system_message():
                pass
            case nodes.line():
                builder.break_line()
                self._inline(child, builder, depth + 1)
            case _ if kind is not None:
                builder.open(kind)
                self._inline(child, builder, depth + 1)
                builder.close()
            case _:
                self._inline(child, builder, depth + 1)

    # --- blocks with others inside ---

    def _list(self, node: nodes.Element, place: SourcePlace) -> None:
        pending = _PendingItems(self, node, place)
        pending.take(node, 0)
        pending.flush()

    def _quote(self, node: nodes.Element, place: SourcePlace, level: int) -> None:
        by_whom = " ".join(each.astext() for each in node.children if isinstance(each, nodes.attribution))
        texts = [each for each in node.children if not isinstance(each, nodes.attribution)]
        if all(isinstance(each, nodes.paragraph) for each in texts):
            quoted = [self._prose(each) for each in texts if isinstance(each, nodes.Element)]
            self.blocks.quote(place, joined(quoted), by_whom)
        else:
            self.children(node, level)

    def _table(self, node: nodes.Element, place: SourcePlace) -> None:
        heads = [self._row(row) for head in node.findall(nodes.thead) for row in head.findall(nodes.row)]
        rows = [self._row(row) for body in node.findall(nodes.tbody) for row in body.findall(nodes.row)]
        titles = [self._prose(each) for each in node.children if isinstance(each, nodes.title)]
        self.blocks.table(place, heads[0] if heads else (), [*heads[1:], *rows], titles[0] if titles else InlineText())
        self._figures(node)

    def _row(self, row: nodes.Element) -> list[InlineText]:
        return [joined(self._inner_proses(entry), " ") for entry in row.children if isinstance(entry, nodes.Element)]

    def _inner_proses(self, node: nodes.Element) -> list[InlineText]:
        """Return the texts of all paragraphs inside."""
        return [
            self._prose(each)
            for each in node.findall(lambda found: isinstance(found, nodes.TextElement))
            if not isinstance(each.parent, nodes.TextElement) and isinstance(each, nodes.Element)
        ]

    def _figure(self, node: nodes.Element, place: SourcePlace) -> None:
        captions = [self._prose(each) for each in node.findall(nodes.caption)]
        legends = [prose for each in node.findall(nodes.legend) for prose in self._inner_proses(each)]
        for image in node.findall(nodes.image):
            self.blocks.figure(
                place,
                address=image.get("uri", ""),
                alternative=image.get("alt", ""),
                caption=joined([*captions, *legends]),
            )

    def _figures(self, node: nodes.Element) -> None:
        """Add pictures that stand in text; one that is a link is a badge."""
        for image in node.findall(nodes.image):
            place = at(PlaceUnit.LINE, self._line)
            if isinstance(image.parent, nodes.reference):
                self.blocks.omit(place, "a badge", image.get("alt", ""))
            else:
                self.blocks.figure(place, address=image.get("uri", ""), alternative=image.get("alt", ""))


class _PendingItems:
    """The items of a list, with those of its inner lists, until something other than an item comes between."""

    def __init__(self, reader: _Reader, node: nodes.Element, place: SourcePlace) -> None:
        self._reader = reader
        self._place = place
        self._is_ordered = isinstance(node, nodes.enumerated_list)
        self._number = int(node.get("start", 1)) if self._is_ordered else 1
        self._items: list[ListItem] = []

    def take(self, node: nodes.Element, depth: int) -> None:
        """Take the items of a list that lies `depth` lists deep."""
        for item in node.children:
            if isinstance(item, nodes.definition_list_item):
                self._end(self._definition(item), depth)
            elif isinstance(item, nodes.Element):
                self._take_item(item, depth)

    def flush(self) -> None:
        """Add the items so far as a block."""
        items, self._items = self._items, []
        self._reader.blocks.list_of(self._place, items, is_ordered=self._is_ordered, first_number=self._number)
        self._number += sum(item.depth == 0 for item in items)

    def _take_item(self, item: nodes.Element, depth: int) -> None:
        builder = ProseBuilder()
        for child in item.children:
            if isinstance(child, nodes.paragraph):
                builder.break_line()
                self._reader._inline(child, builder)
            elif isinstance(child, nodes.bullet_list | nodes.enumerated_list):
                self._end(builder.done(), depth)
                builder = ProseBuilder()
                self.take(child, depth + 1)
            elif isinstance(child, nodes.Element):
                self._end(builder.done(), depth)
                builder = ProseBuilder()
                self.flush()
                self._reader._block(child, 1)
                self._place = self._reader._place(child)
        self._end(builder.done(), depth)

    def _definition(self, item: nodes.Element) -> InlineText:
        builder = ProseBuilder()
        for term in item.findall(nodes.term):
            builder.marked(MarkKind.STRONG, term.astext())
            builder.add(": ")
        for definition in item.findall(nodes.definition):
            for prose in self._reader._inner_proses(definition):
                builder.add(prose.text)
                builder.add(" ")
        return builder.done()

    def _end(self, prose: InlineText, depth: int) -> None:
        if prose.text:
            self._items.append(self._reader.blocks.item(prose, depth))


def _name_of(node: nodes.Element) -> str:
    return {"comment": "a comment", "footnote": "a footnote", "citation": "a citation"}.get(
        type(node).__name__, "a list of fields"
    )
