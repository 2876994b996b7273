"""Walks a tree of HTML elements and adds what it shows to the blocks of a document.

Serves web pages, chapters of EPUB books, HTML inside of Markdown, and DOCX (which is turned into HTML first).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from callsheet.model.film.document import InlineText, ListItem, MarkKind, SourcePlace
from callsheet.sources.documents.block_list import BlockList
from callsheet.sources.documents.prose_builder import ProseBuilder, one_line

Element = Any
"""An element of lxml, which has no public name for it."""
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = {
    "address",
    "article",
    "body",
    "center",
    "details",
    "dialog",
    "div",
    "fieldset",
    "figcaption",
    "footer",
    "header",
    "hgroup",
    "html",
    "main",
    "p",
    "section",
    "summary",
    "search",
    "aside",
    "nav",
    "form",
    "legend",
    "caption",
    "tr",
    "td",
    "th",
    "tbody",
    "thead",
    "tfoot",
    "dd",
    "dt",
    "li",
    "cite-block",
}
_SILENT = {
    "script",
    "style",
    "template",
    "head",
    "title",
    "meta",
    "link",
    "base",
    "svg",
    "canvas",
    "iframe",
    "object",
    "embed",
    "audio",
    "video",
    "map",
    "input",
    "select",
    "textarea",
    "button",
    "datalist",
    "progress",
    "meter",
    "rp",
    "rt",
    "colgroup",
    "col",
    "param",
    "source",
    "track",
    "noframes",
    "frameset",
    "frame",
}
_MARKS = {
    "b": MarkKind.STRONG,
    "strong": MarkKind.STRONG,
    "em": MarkKind.EMPHASIS,
    "i": MarkKind.EMPHASIS,
    "dfn": MarkKind.EMPHASIS,
    "cite": MarkKind.EMPHASIS,
    "code": MarkKind.CODE,
    "kbd": MarkKind.CODE,
    "samp": MarkKind.CODE,
    "tt": MarkKind.CODE,
    "var": MarkKind.EMPHASIS,
}
_HANDLED = {
    "a": "_link",
    "blockquote": "_quote",
    "br": "_line_break",
    "dl": "_definitions",
    "figure": "_figure_group",
    "hr": "_rule",
    "img": "_picture",
    "math": "_math",
    "menu": "_list",
    "ol": "_list",
    "pre": "_pre",
    "q": "_quotation",
    "sub": "_raised",
    "sup": "_raised",
    "table": "_table",
    "ul": "_list",
}
_BREAKS_ITEMS = {"pre", "table", "blockquote", "figure", "dl", *_HEADINGS}
_LITERAL = {"code", "samp", "tt", "kbd"}
_MENUS = {
    "breadcrumb",
    "breadcrumbs",
    "menu",
    "nav",
    "navbar",
    "navigation",
    "side-bar",
    "sidebar",
    "sphinxsidebar",
    "table-of-contents",
    "toc",
}
"""Class or id of a part of a page that leads to others."""
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])"
)
_LANGUAGE = re.compile(r"(?:^|\s)(?:language|lang|highlight-source|highlight|brush:|sourceCode)[-\s]?([\w+#.-]+)")
_ANCHOR_SIGNS = {"", "¶", "#", "§", "🔗", "link", "permalink", "anchor"}
_RAISED = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_TEX = ("application/x-tex", "TeX", "LaTeX", "application/x-latex")
_MATHML = "http://www.w3.org/1998/Math/MathML"
_ATTRIBUTION = re.compile(r"\s*[—–―-]{1,2}\s*(?=\S)")
_MOST_DEEP = 200


@dataclass
class HtmlWalk:
    """One walk. `place_of` tells where an element stands, `picture_of` the bytes of a picture by its address."""

    blocks: BlockList
    place_of: Callable[[Element], SourcePlace]
    picture_of: Callable[[str], bytes] = lambda address: b""
    address_of: Callable[[str], str] = lambda address: address
    left_out: dict[str, str] = field(default_factory=dict)
    """Elements that are left out, by their tag or role, with what they are called."""
    _prose: ProseBuilder = field(default_factory=ProseBuilder)
    _place: SourcePlace | None = None
    _figures: list[tuple[Element, InlineText]] = field(default_factory=list)
    _depth: int = 0

    def walk(self, root: Element) -> None:
        """Add all that `root` shows."""
        self._visit(root)
        self._flush()

    # --- the flow of text ---

    def _visit(self, element: Element) -> None:
        """Add an element, without the text behind it."""
        tag = tag_of(element)
        if not tag:
            if isinstance(element, etree._Comment) and (element.text or "").strip():
                self.blocks.omit(self.place_of(element), "a comment", element.text or "")
            return
        if tag in _SILENT or self._is_left_out(element, tag):
            if tag == "script" and (element.get("type") or "").startswith("math/tex"):
                self._tex(element, element.text or "", is_display="display" in (element.get("type") or ""))
            return
        self._depth += 1
        try:
            self._shown(element, tag)
        finally:
            self._depth -= 1

    def _shown(self, element: Element, tag: str) -> None:
        if self._depth > _MOST_DEEP:
            self._add(element, text_of(element))
        elif tag in _HEADINGS:
            self._flush()
            self.blocks.heading(self.place_of(element), _HEADINGS[tag], self._prose_of(element))
            self._add_figures()
        elif tag in _HANDLED:
            getattr(self, _HANDLED[tag])(element)
        elif tag in _BLOCKS:
            self._flush()
            self._children(element)
            self._flush()
        elif tag in _MARKS:
            self._prose.open(_MARKS[tag])
            self._children(element, is_literal=tag in _LITERAL)
            self._prose.close()
        else:
            self._children(element)

    def _children(self, element: Element, *, is_literal: bool = False) -> None:
        self._add(element, element.text, is_literal=is_literal)
        for child in element:
            self._visit(child)
            self._add(child, child.tail, is_literal=is_literal)

    def _add(self, element: Element, text: str | None, *, is_literal: bool = False) -> None:
        if not text:
            return
        if self._prose.is_empty and text.strip():
            self._place = self.place_of(element)
        self._prose.add(text, is_literal=is_literal and "\n" not in text)

    def _flush(self) -> None:
        """End the paragraph. Pictures in it follow it."""
        prose, self._prose = self._prose.done(), ProseBuilder()
        if prose.text and self._place is not None:
            self.blocks.paragraph(self._place, prose)
        self._add_figures()

    def _add_figures(self) -> None:
        figures, self._figures = self._figures, []
        for element, caption in figures:
            self._figure(element, caption)

    def _prose_of(self, element: Element) -> InlineText:
        """Return the text inside of an element that holds no blocks; its pictures wait for `_add_figures`."""
        outer, self._prose = self._prose, ProseBuilder()
        try:
            self._inline(element)
            return self._prose.done()
        finally:
            self._prose = outer

    def _inline(self, element: Element) -> None:
        """Add the text of an element, with the blocks in it as lines."""
        self._prose.add(element.text or "")
        for child in element:
            tag = tag_of(child)
            if tag in _BLOCKS or tag in {"ul", "ol", "dl", "pre", "blockquote", "table"} or tag in _HEADINGS:
                self._prose.break_line()
                if not self._is_left_out(child, tag):
                    self._depth += 1
                    if self._depth < _MOST_DEEP:
                        self._inline(child)
                    self._depth -= 1
                self._prose.break_line()
            else:
                self._visit(child)
            self._prose.add(child.tail or "")

    # --- elements ---

    def _line_break(self, _element: Element) -> None:
        self._prose.break_line()

    def _rule(self, _element: Element) -> None:
        self._flush()

    def _link(self, element: Element) -> None:
        if text_of(element).strip().lower() in _ANCHOR_SIGNS and not element.xpath(".//*[local-name()='img']"):
            return
        address = self.address_of(element.get("href") or "")
        if address and not address.startswith(("#", "javascript:")):
            self._prose.open(MarkKind.LINK, address)
            self._children(element)
            self._prose.close()
        else:
            self._children(element)

    def _quotation(self, element: Element) -> None:
        self._prose.add("“")
        self._children(element)
        self._prose.add("”")

    def _raised(self, element: Element) -> None:
        text = text_of(element).strip()
        is_reference = bool(element.xpath(".//*[local-name()='a' and starts-with(@href, '#')]"))
        if is_reference and len(text) < 8:
            return
        signs = _RAISED if tag_of(element) == "sup" else _LOWERED
        if text and all(ord(sign) in signs for sign in text):
            self._add(element, text.translate(signs))
        else:
            self._children(element)

    def _picture(self, element: Element) -> None:
        self._figures.append((element, InlineText()))

    def _figure(self, element: Element, caption: InlineText) -> None:
        address = element.get("src") or element.get("data-src") or ""
        width, height = (_whole(element.get(side)) for side in ("width", "height"))
        if (width is not None and width < 24) or (height is not None and height < 24):
            return
        alternative = element.get("alt") or element.get("title") or ""
        content = self.picture_of(address) if address else b""
        shown = "" if content else self.address_of(address)
        self.blocks.figure(self.place_of(element), content, shown, alternative, caption)

    def _figure_group(self, element: Element) -> None:
        """Add a picture, code or table with the caption that stands beside it."""
        self._flush()
        captions = element.xpath(".//*[local-name()='figcaption']")
        caption = self._prose_of(captions[0]) if captions else InlineText()
        pictures = element.xpath(".//*[local-name()='img']")
        others = element.xpath(".//*[local-name()='pre' or local-name()='table' or local-name()='blockquote']")
        if pictures and not others:
            for number, picture in enumerate(pictures):
                self._figure(picture, caption if number == 0 else InlineText())
            self._figures.clear()
        elif len(others) == 1 and tag_of(others[0]) == "pre":
            self._code(others[0], caption)
        else:
            self._children(element)
        self._flush()

    def _pre(self, element: Element) -> None:
        self._flush()
        self._code(element, InlineText())

    def _code(self, element: Element, caption: InlineText) -> None:
        text = "".join(_literal_text(element))
        self.blocks.code(self.place_of(element), _language_of(element), text, caption)

    def _list(self, element: Element) -> None:
        self._flush()
        pending = _PendingList(self, element)
        pending.take(element, 0)
        pending.flush()

    def _definitions(self, element: Element) -> None:
        """Add a list of terms: each item is a term, and what is said of it."""
        self._flush()
        items: list[ListItem] = []
        builder = ProseBuilder()
        for child in element.iter("{*}dt", "{*}dd"):
            if tag_of(child) == "dt" and not builder.is_empty:
                items.append(self.blocks.item(builder.done(), 0))
                builder = ProseBuilder()
            prose = self._prose_of(child)
            if tag_of(child) == "dt":
                builder.marked(MarkKind.STRONG, prose.text)
                builder.add(": ")
            else:
                builder.add(prose.text)
                builder.add(" ")
        items.append(self.blocks.item(builder.done(), 0))
        self.blocks.list_of(self.place_of(element), items, is_ordered=False)
        self._add_figures()

    def _quote(self, element: Element) -> None:
        """Add a quote with who said it, or the blocks inside if it is more than text."""
        self._flush()
        inner = "self::h1|self::h2|self::h3|self::h4|self::pre|self::table|self::ul|self::ol|self::img|self::figure"
        if element.xpath(f".//*[{inner}]"):
            self._children(element)
            self._flush()
            return
        by_whom = ""
        for said_by in element.xpath(".//footer | .//cite | .//*[contains(@class, 'attribution')]"):
            by_whom = by_whom or _ATTRIBUTION.sub("", one_line(text_of(said_by)), count=1)
            _remove(said_by)
        self.blocks.quote(self.place_of(element), self._prose_of(element), by_whom)

    def _table(self, element: Element) -> None:
        self._flush()
        rows = [row for row in element.iter("{*}tr", "tr") if _nearest(row, "table") is element]
        cells = [[cell for cell in row if tag_of(cell) in {"td", "th"}] for row in rows]
        if _is_layout(element, cells):
            self._children(element)
            self._flush()
            return
        captions = [child for child in element if tag_of(child) == "caption"]
        caption = self._prose_of(captions[0]) if captions else InlineText()
        first_is_header = bool(rows) and (
            tag_of(rows[0].getparent()) == "thead" or all(tag_of(cell) == "th" for cell in cells[0])
        )
        filled = [[prose for cell in row for prose in self._spanned(cell)] for row in cells]
        header, body = (filled[0], filled[1:]) if first_is_header else ([], filled)
        self.blocks.table(self.place_of(element), header, body, caption)
        self._add_figures()

    def _spanned(self, cell: Element) -> Iterator[InlineText]:
        """Yield a cell, and an empty one for each further column that it covers."""
        yield self._prose_of(cell)
        for _ in range(min(_whole(cell.get("colspan")) or 1, 20) - 1):
            yield InlineText()

    def _math(self, element: Element) -> None:
        annotations = element.xpath(".//*[local-name()='annotation']")
        tex = next((each.text or "" for each in annotations if each.get("encoding") in _TEX), "")
        is_display = element.get("display") == "block"
        if tex or not is_display:
            self._tex(element, tex or element.get("alttext") or math_text(element), is_display=is_display)
            return
        self._flush()
        for annotation in annotations:
            _remove(annotation)
        etree.cleanup_namespaces(element)
        source = etree.tostring(element, encoding="unicode", with_tail=False)
        self.blocks.formula(self.place_of(element), "mathml", source)

    def _tex(self, element: Element, source: str, *, is_display: bool) -> None:
        source = re.sub(r"^\s*\\displaystyle\s*|^\{\\displaystyle\s+(.*)\}$", r"\1", source.strip(), flags=re.DOTALL)
        if is_display:
            self._flush()
            self.blocks.formula(self.place_of(element), "latex", source)
        elif source:
            if self._prose.is_empty:
                self._place = self.place_of(element)
            self._prose.marked(MarkKind.FORMULA, one_line(source), is_literal=True)

    def _is_left_out(self, element: Element, tag: str) -> bool:
        """Whether an element is not shown to people, or is none of the document's own content. It is named then."""
        classes = f" {element.get('class') or ''} "
        if " katex-html " in classes or " MathJax_Preview " in classes:
            return True
        what = self.left_out.get(tag) or self.left_out.get(element.get("role") or "-")
        if tag in {"div", "section", "ul"} and self.left_out:
            named = {*classes.lower().split(), (element.get("id") or "").lower()}
            if named & _MENUS and 2 * sum(map(_signs, element.iter("a"))) > _signs(element):
                what = what or "a menu"
        is_hidden = (
            element.get("hidden") is not None
            or element.get("aria-hidden") == "true"
            or _HIDDEN_STYLE.search((element.get("style") or "").lower()) is not None
        )
        if is_hidden and tag not in {"math", "img"}:
            what = "hidden text"
        if what is None:
            return False
        if text := text_of(element).strip():
            self.blocks.omit(self.place_of(element), what, text)
        return True


def _signs(element: Element) -> int:
    """Count the characters of an element that are no white space."""
    return len("".join(text_of(element).split()))


class _PendingList:
    """The items of a list, with those of its inner lists, until something other than an item comes between."""

    def __init__(self, walk: HtmlWalk, element: Element) -> None:
        self._walk = walk
        self._place = walk.place_of(element)
        self._is_ordered = tag_of(element) == "ol"
        self._number = _whole(element.get("start")) if self._is_ordered else None
        self._items: list[ListItem] = []
        self._outermost = 0

    def take(self, element: Element, depth: int) -> None:
        """Take the items of a list that lies `depth` lists deep."""
        for child in element:
            tag = tag_of(child)
            if tag in {"ul", "ol", "menu"}:
                self.take(child, depth + 1)
            elif tag and tag not in _SILENT and not self._walk._is_left_out(child, tag):
                self._inside(child, depth)
                self._end_item(depth)

    def flush(self) -> None:
        """Add the items so far as a block."""
        items, self._items = self._items, []
        number = (1 if self._number is None else self._number) + self._outermost
        self._walk.blocks.list_of(self._place, items, is_ordered=self._is_ordered, first_number=number)
        self._outermost += sum(item.depth == 0 for item in items)
        self._walk._add_figures()

    def _inside(self, element: Element, depth: int) -> None:
        walk = self._walk
        walk._depth += 1
        walk._prose.add(element.text or "")
        for child in element:
            tag = tag_of(child)
            if walk._depth > _MOST_DEEP:
                walk._prose.add(text_of(child))
            elif tag in {"ul", "ol", "menu"}:
                self._end_item(depth)
                self.take(child, depth + 1)
            elif tag in _BREAKS_ITEMS:
                self._end_item(depth)
                self.flush()
                walk._visit(child)
                walk._flush()
                self._place = walk.place_of(child)
            elif tag in _BLOCKS and not walk._is_left_out(child, tag):
                walk._prose.break_line()
                self._inside(child, depth)
                walk._prose.break_line()
            elif tag not in _BLOCKS:
                walk._visit(child)
            walk._prose.add(child.tail or "")
        walk._depth -= 1

    def _end_item(self, depth: int) -> None:
        prose, self._walk._prose = self._walk._prose.done(), ProseBuilder()
        if prose.text:
            self._items.append(self._walk.blocks.item(prose, depth))


def tag_of(element: Element) -> str:
    """Return an element's name without its namespace, in small letters; nothing for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def text_of(element: Element) -> str:
    """Return all text inside of an element but that of scripts and styles."""
    return "".join(_texts(element))


def _texts(element: Element) -> Iterator[str]:
    for event, each in etree.iterwalk(element, events=("start", "end")):
        is_shown = tag_of(each) not in {"", "script", "style", "template"}
        if event == "start" and is_shown and each.text:
            yield each.text
        elif event == "end" and each is not element and each.tail:
            yield each.tail


def _literal_text(element: Element) -> Iterator[str]:
    """Yield the text of code; a line break may be an element there."""
    for event, each in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            if tag_of(each) == "br":
                yield "\n"
            elif tag_of(each) not in {"button", ""} and each.text:
                yield each.text
        elif each is not element and each.tail:
            yield each.tail


def _language_of(element: Element) -> str:
    """Return the language of code, by the classes that highlighters use; nothing if there is none."""
    inner = [each for each in element if tag_of(each) == "code"]
    outer = [each for each in (element.getparent(),) if each is not None]
    outer += [each.getparent() for each in outer if each.getparent() is not None]
    for each in (*inner, element, *outer):
        named: str = each.get("data-lang") or each.get("data-language") or ""
        if named:
            return named
        if found := _LANGUAGE.search(each.get("class") or ""):
            return found[1]
    return ""


def _is_layout(table: Element, cells: list[list[Element]]) -> bool:
    """Whether a table only places things: it holds other tables, headings or lists, or has a single cell."""
    if table.get("role") in {"presentation", "none"} or sum(map(len, cells)) <= 1:
        return True
    inner = "self::table|self::h1|self::h2|self::h3|self::pre|self::blockquote"
    return any(cell.xpath(f".//*[{inner}]") for row in cells for cell in row)


def _nearest(element: Element, tag: str) -> Element | None:
    return next((each for each in element.iterancestors() if tag_of(each) == tag), None)


def _remove(element: Element) -> None:
    """Remove an element, and keep the text behind it."""
    parent, previous = element.getparent(), element.getprevious()
    if parent is None:
        return
    if previous is not None:
        previous.tail = (previous.tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    parent.remove(element)


def _whole(text: str | None) -> int | None:
    """Return the number that an attribute begins with; None if there is none."""
    found = re.match(r"\s*(\d{1,6})", text or "")
    return int(found[1]) if found else None


_MATH_FORMS = {
    "mfrac": r"\frac{{{0}}}{{{1}}}",
    "mroot": r"\sqrt[{1}]{{{0}}}",
    "msup": "{0}^{{{1}}}",
    "mover": "{0}^{{{1}}}",
    "msub": "{0}_{{{1}}}",
    "munder": "{0}_{{{1}}}",
    "msubsup": "{0}_{{{1}}}^{{{2}}}",
    "munderover": "{0}_{{{1}}}^{{{2}}}",
}


def math_text(element: Element, depth: int = 0) -> str:
    """Return presentation MathML in the notation of LaTeX, as far as that goes."""
    tag = tag_of(element)
    if tag in {"annotation", "annotation-xml", ""} or depth > _MOST_DEEP:
        return ""
    parts = [math_text(child, depth + 1) for child in element]
    if tag in _MATH_FORMS and len(parts) >= (3 if "{2}" in _MATH_FORMS[tag] else 2):
        return _MATH_FORMS[tag].format(*parts)
    inner = " ".join(part for part in (one_line(element.text or ""), *parts) if part)
    return rf"\sqrt{{{inner}}}" if tag == "msqrt" else inner
