"""Reads Markdown: CommonMark with GitHub's tables, and with formulas, footnotes, definitions and front matter."""

import re
from dataclasses import dataclass, field

import yaml
from lxml import html
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from callsheet.errors import InvalidRequest
from callsheet.model.film.document import InlineText, ListItem, MarkKind, PlaceUnit, SourcePlace
from callsheet.sources.documents.block_list import BlockList, at
from callsheet.sources.documents.html_walk import HtmlWalk
from callsheet.sources.documents.prose_builder import ProseBuilder, joined, one_line
from callsheet.sources.documents.text_source import text_of_bytes

_MOST_DEEP = 60
_MARKS = {"strong": MarkKind.STRONG, "em": MarkKind.EMPHASIS, "link": MarkKind.LINK}
_ATTRIBUTION = re.compile(r"[—–―]\s*|--?\s+")
_ALERT = re.compile(r"\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*", re.IGNORECASE)
_ROLE = re.compile(r"\{[a-z]+(?::[a-z]+){0,2}\}$")
"""The name of a role of MyST, before its text: “{ref}`title`”."""
_TITLE_ROLES = {"{ref}", "{doc}", "{term}", "{any}", "{numref}"}
_TARGET = re.compile(r"(?<=\S)\s*<[^<>]*>$")
_TASK = re.compile(r"\[[ xX]\] ")
_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)")
_ALIGNED = re.compile(r"^\{(?:aligned|equation|align)\*?\}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


def read(source: bytes, blocks: BlockList) -> None:
    """Add what a Markdown file holds."""
    read_text(text_of_bytes(source), blocks)


def read_text(text: str, blocks: BlockList, unit: PlaceUnit = PlaceUnit.LINE, number: int | None = None) -> None:
    """Add what Markdown text holds; all of it at one place if `number` is given, else at its lines."""
    parser = MarkdownIt("commonmark", {"maxNesting": _MOST_DEEP}).enable(["table", "strikethrough"])
    parser.use(front_matter_plugin).use(footnote_plugin).use(deflist_plugin).use(amsmath_plugin)
    parser.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)
    tokens = parser.parse(text)
    if any(token.level >= _MOST_DEEP - 1 for token in tokens):
        raise InvalidRequest("lists or quotes in it are nested too deep; write it flatter")
    _Reader(blocks, unit, number).read(SyntaxTreeNode(tokens))


@dataclass
class _Reader:
    blocks: BlockList
    unit: PlaceUnit
    number: int | None
    _last_line: int = 1
    _pictures: list[tuple[SourcePlace, str, str, InlineText]] = field(default_factory=list)

    def read(self, root: SyntaxTreeNode) -> None:
        for node in root.children:
            self._block(node)

    def _place(self, node: SyntaxTreeNode) -> SourcePlace:
        if node.map is not None:
            self._last_line = node.map[0] + 1
        return at(self.unit, self._last_line if self.number is None else self.number)

    def _block(self, node: SyntaxTreeNode) -> None:
        place = self._place(node)
        match node.type:
            case "heading":
                self.blocks.heading(place, int(node.tag[1:]), self._prose(node, place))
                self._add_pictures()
            case "bullet_list" | "ordered_list":
                self._list(node, place)
            case "table":
                self._table(node, place)
            case "fence" | "code_block":
                self._code(node, place)
            case "math_block" | "math_block_label" | "amsmath":
                self.blocks.formula(place, "latex", node.content)
            case _:
                self._other_block(node, place)

    def _other_block(self, node: SyntaxTreeNode, place: SourcePlace) -> None:
        match node.type:
            case "blockquote":
                self._quote(node, place)
            case "html_block":
                self._html(node.content, place)
            case "front_matter":
                self._front_matter(node.content, place)
            case "footnote_block":
                for footnote in node.children:
                    self.blocks.omit(self._place(footnote), "a footnote", _words_of(footnote))
            case "dl":
                self._definitions(node, place)
            case _:
                self._paragraph(node, place)

    def _paragraph(self, node: SyntaxTreeNode, place: SourcePlace) -> None:
        self.blocks.paragraph(place, self._prose(node, place))
        self._add_pictures()

    def _code(self, node: SyntaxTreeNode, place: SourcePlace) -> None:
        language = one_line(node.info).partition(" ")[0] if node.type == "fence" else ""
        if language.lower() in {"math", "latex-math"}:
            self.blocks.formula(place, "latex", node.content)
        else:
            self.blocks.code(place, language, node.content)

    # --- text ---

    def _prose(self, node: SyntaxTreeNode, place: SourcePlace) -> InlineText:
        builder = ProseBuilder()
        for inline in node.children:
            self._inlines(inline, builder, place)
        return builder.done()

    def _inlines(self, node: SyntaxTreeNode, builder: ProseBuilder, place: SourcePlace) -> None:
        open_links = 0
        title_role: SyntaxTreeNode | None = None
        for child, following in zip(node.children, (*node.children[1:], None), strict=False):
            role = _role_before(child, following)
            if role:
                builder.add(child.content.removesuffix(role))
                title_role = following if role in _TITLE_ROLES else None
            elif child is title_role:
                builder.add(_TARGET.sub("", child.content))
            elif child.type == "html_inline" and (tag := _TAG.match(child.content)) and tag[2].lower() == "a":
                address = _attribute(child.content, "href")
                if not tag[1] and address:
                    builder.open(MarkKind.LINK, address)
                    open_links += 1
                elif tag[1] and open_links:
                    builder.close()
                    open_links -= 1
            else:
                self._inline(child, builder, place)
        for _ in range(open_links):
            builder.close()

    def _inline(self, node: SyntaxTreeNode, builder: ProseBuilder, place: SourcePlace) -> None:
        match node.type:
            case "text" | "text_special":
                builder.add(node.content)
            case "softbreak":
                builder.add(" ")
            case "hardbreak":
                builder.break_line()
            case "code_inline":
                builder.marked(MarkKind.CODE, node.content, is_literal=True)
            case "math_inline" | "math_inline_double":
                builder.marked(MarkKind.FORMULA, one_line(node.content), is_literal=True)
            case "image":
                self._picture(node, place)
            case "html_inline":
                self._inline_html(node.content, builder, place)
            case _:
                self._inner(node, builder, place)

    def _inner(self, node: SyntaxTreeNode, builder: ProseBuilder, place: SourcePlace) -> None:
        """Add what has text inside: a link, or text that is set otherwise."""
        if node.type == "footnote_ref":
            return
        kind = _MARKS.get(node.type)
        if kind is not None:
            builder.open(kind, str(node.attrs.get("href", "")))
        self._inlines(node, builder, place)
        if kind is not None:
            builder.close()

    def _picture(self, node: SyntaxTreeNode, place: SourcePlace) -> None:
        """Keep a picture for after the paragraph. One inside of a link is a badge, or a button."""
        alternative = _words_of(node)
        if node.parent is not None and node.parent.type == "link":
            self.blocks.omit(place, "a badge", alternative)
            return
        title = ProseBuilder()
        title.add(str(node.attrs.get("title", "")))
        self._pictures.append((place, str(node.attrs.get("src", "")), alternative, title.done()))

    def _add_pictures(self) -> None:
        pictures, self._pictures = self._pictures, []
        for place, address, alternative, caption in pictures:
            self.blocks.figure(place, address=address, alternative=alternative, caption=caption)

    def _inline_html(self, content: str, builder: ProseBuilder, place: SourcePlace) -> None:
        tag = _TAG.match(content)
        if tag is None:
            if comment := content.removeprefix("<!--").removesuffix("-->").strip():
                self.blocks.omit(place, "a comment", comment)
        elif tag[2].lower() == "br":
            builder.break_line()
        elif tag[2].lower() == "img":
            picture = (_attribute(content, "src"), _attribute(content, "alt"))
            self._pictures.append((place, *picture, InlineText()))

    # --- blocks with others inside ---

    def _list(self, node: SyntaxTreeNode, place: SourcePlace) -> None:
        pending = _PendingItems(self, node, place)
        pending.take(node, 0)
        pending.flush()

    def _quote(self, node: SyntaxTreeNode, place: SourcePlace) -> None:
        """Add a quote with who said it; the blocks inside, if it is more than text."""
        if any(child.type != "paragraph" for child in node.children):
            for child in node.children:
                self._block(child)
            return
        paragraphs = [self._prose(child, place) for child in node.children]
        by_whom = ""
        last = paragraphs[-1].text if len(paragraphs) > 1 else ""
        if (dash := _ATTRIBUTION.match(last)) and len(last) < 150:
            by_whom = last[dash.end() :]
            del paragraphs[-1]
        prose = joined(paragraphs)
        if alert := _ALERT.match(prose.text):
            self.blocks.paragraph(place, _shifted(prose, alert[1].capitalize() + ": ", alert.end()))
        elif not by_whom and (found := re.search(r"\n(?:[—–―]\s*|--\s+)(\S.{0,120})$", prose.text)):
            kept = tuple(mark for mark in prose.marks if mark.end <= found.start())
            quoted = InlineText.model_construct(text=prose.text[: found.start()], marks=kept)
            self.blocks.quote(place, quoted, found[1])
        else:
            self.blocks.quote(place, prose, by_whom)
        self._add_pictures()

    def _definitions(self, node: SyntaxTreeNode, place: SourcePlace) -> None:
        items: list[ListItem] = []
        builder = ProseBuilder()
        for child in node.children:
            if child.type == "dt":
                if not builder.is_empty:
                    items.append(self.blocks.item(builder.done(), 0))
                    builder = ProseBuilder()
                builder.marked(MarkKind.STRONG, _words_of(child))
                builder.add(": ")
            else:
                builder.add(_words_of(child))
                builder.add(" ")
        items.append(self.blocks.item(builder.done(), 0))
        self.blocks.list_of(place, items, is_ordered=False)

    def _table(self, node: SyntaxTreeNode, place: SourcePlace) -> None:
        rows = [[self._prose(cell, place) for cell in row.children] for part in node.children for row in part.children]
        self.blocks.table(place, rows[0], rows[1:])
        self._add_pictures()

    def _html(self, content: str, place: SourcePlace) -> None:
        """Add what a piece of HTML shows. lxml reads pieces that are not closed, too."""
        try:
            root = html.fragment_fromstring(content, create_parent="div")
        except (ValueError, AssertionError, html.etree.LxmlError):
            self.blocks.omit(place, "a piece of HTML that can't be read", content)
            return
        HtmlWalk(self.blocks, lambda element: place).walk(root)

    def _front_matter(self, content: str, place: SourcePlace) -> None:
        """Take title and language; the rest is named as left out."""
        try:
            fields = yaml.safe_load(content) if "&" not in content and "*" not in content else None
        except (yaml.YAMLError, RecursionError, ValueError):
            fields = None
        if isinstance(fields, dict):
            self.blocks.title = one_line(str(fields.get("title") or ""))
            language = str(fields.get("lang") or fields.get("language") or "")
            if _LANGUAGE.fullmatch(language):
                self.blocks.language = language
        self.blocks.omit(place, "front matter", content)


class _PendingItems:
    """The items of a list, with those of its inner lists, until something other than an item comes between."""

    def __init__(self, reader: _Reader, node: SyntaxTreeNode, place: SourcePlace) -> None:
        self._reader = reader
        self._place = place
        self._is_ordered = node.type == "ordered_list"
        self._number = int(node.attrs.get("start", 1)) if self._is_ordered else 1
        self._items: list[ListItem] = []

    def take(self, node: SyntaxTreeNode, depth: int) -> None:
        """Take the items of a list that lies `depth` lists deep."""
        for item in node.children:
            builder = ProseBuilder()
            for child in item.children:
                place = self._reader._place(child)
                if child.type == "paragraph":
                    builder.break_line()
                    for inline in child.children:
                        self._reader._inlines(inline, builder, place)
                elif child.type in {"bullet_list", "ordered_list"}:
                    builder = self._ended(builder, depth)
                    self.take(child, depth + 1)
                else:
                    builder = self._ended(builder, depth)
                    self.flush()
                    self._reader._block(child)
                    self._place = place
            self._ended(builder, depth)

    def flush(self) -> None:
        """Add the items so far as a block."""
        items, self._items = self._items, []
        self._reader.blocks.list_of(self._place, items, is_ordered=self._is_ordered, first_number=self._number)
        self._number += sum(item.depth == 0 for item in items)
        self._reader._add_pictures()

    def _ended(self, builder: ProseBuilder, depth: int) -> ProseBuilder:
        """Keep an item, and return an empty builder for the next."""
        prose = builder.done()
        if task := _TASK.match(prose.text):
            prose = _shifted(prose, "", task.end())
        if prose.text:
            self._items.append(self._reader.blocks.item(prose, depth))
        return ProseBuilder()


def _shifted(prose: InlineText, before: str, cut: int) -> InlineText:
    """Return the text with its first `cut` characters replaced."""
    by = len(before) - cut
    marks = tuple(
        mark.model_copy(update={"begin": mark.begin + by, "end": mark.end + by})
        for mark in prose.marks
        if mark.begin >= cut
    )
    return InlineText.model_construct(text=before + prose.text[cut:], marks=marks)


def _words_of(node: SyntaxTreeNode) -> str:
    """Return all text inside of a node, without marks."""
    if not node.children:
        return " " if node.type in {"softbreak", "hardbreak"} else node.content if not node.is_root else ""
    inner = "" if node.type in {"inline", "image", "strong", "em", "s", "link"} else " "
    return one_line(inner.join(map(_words_of, node.children))) if inner else "".join(map(_words_of, node.children))


def _role_before(node: SyntaxTreeNode | None, code: SyntaxTreeNode | None) -> str:
    """Return the role of MyST with which a text ends before code; empty if there is none."""
    if node is None or code is None or node.type != "text" or code.type != "code_inline":
        return ""
    found = _ROLE.search(node.content)
    return found[0] if found else ""


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf"\b{name}\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", tag, re.IGNORECASE)
    return next((each for each in found.groups() if each is not None), "") if found else ""
