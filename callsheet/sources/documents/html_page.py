"""Reads web pages: their main content, without menus, footers and advertisements."""

import re
from urllib.parse import urljoin

from lxml import etree, html

from callsheet.errors import InvalidRequest
from callsheet.model.film.document import PlaceUnit
from callsheet.sources.documents.block_list import BlockList, at
from callsheet.sources.documents.html_walk import Element, HtmlWalk, tag_of, text_of
from callsheet.sources.documents.prose_builder import one_line
from callsheet.sources.documents.text_source import MAX_TEXT_BYTES, text_of_bytes

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_CHARSET = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{2,30})|<\?xml[^>]{0,100}encoding=[\"']([\w-]{2,30})", re.IGNORECASE
)
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_OTHER_CONTENT = {
    "nav": "a menu",
    "aside": "what stands beside the text",
    "footer": "a footer",
    "form": "a form",
    "navigation": "a menu",
    "search": "a form",
    "complementary": "what stands beside the text",
    "contentinfo": "a footer",
    "banner": "a banner",
    "dialog": "a dialog",
    "alertdialog": "a dialog",
    "doc-footnote": "a footnote",
    "doc-endnotes": "footnotes",
    "note-footnote": "a footnote",
}
_TITLE_ENDS = re.compile(r"\s+[|–—·»-]\s+[^|–—·»]{1,60}$")
_LEAST_CHARACTERS = 200
_ENOUGH = 0.9
"""Share of the text that the content's element must hold, of what was found to be content."""


def read(source: bytes, blocks: BlockList) -> None:
    """Add the main content of a page."""
    root = tree_of(source)
    language = (root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or "").strip()
    if LANGUAGE.fullmatch(language):
        blocks.language = language
    base = urljoin(blocks.address, next(iter(root.xpath("string(//base/@href)").split()), ""))
    content = _content_of(root, source)
    blocks.title = _title_of(root, content)
    walk = HtmlWalk(
        blocks,
        lambda element: at(PlaceUnit.LINE, element.sourceline or 1),
        left_out=_OTHER_CONTENT,
        address_of=lambda reference: _resolved(base, reference),
    )
    heading = root.xpath("//h1")
    if len(heading) == 1 and content not in heading[0].iterancestors() and heading[0].sourceline <= content.sourceline:
        walk.walk(heading[0])
    walk.walk(content)
    _omit_rest(blocks, root, content)


def tree_of(source: bytes) -> Element:
    """Return the root element of a page. Raises InvalidRequest if there is nothing in it."""
    text = _DECLARATION.sub("", text_of_page(source), count=1)
    parser = html.HTMLParser(remove_pis=True, huge_tree=False, no_network=True)
    try:
        return html.document_fromstring(text, parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise InvalidRequest("the page has nothing in it; give another one") from error


def text_of_page(source: bytes) -> str:
    """Return the text of a page: in UTF-8, else as the page names its encoding, else as it seems to be."""
    try:
        return text_of_bytes(source) if _is_utf_8(source) or len(source) > MAX_TEXT_BYTES else _named(source)
    except LookupError:
        return text_of_bytes(source)


def _is_utf_8(source: bytes) -> bool:
    try:
        source.decode("utf-8")
    except UnicodeDecodeError:
        return source.startswith((b"\xff\xfe", b"\xfe\xff"))
    return True


def _named(source: bytes) -> str:
    found = _CHARSET.search(source[:4096])
    if found is None:
        return text_of_bytes(source)
    return source.decode((found[1] or found[2]).decode("ascii"), "replace")


def _title_of(root: Element, content: Element) -> str:
    """Return the title of the page, without the name of the site behind it."""
    named = root.xpath("string(//meta[@property='og:title']/@content)") or root.xpath("string(//title)")
    title = one_line(named)
    for heading in (one_line(text_of(each)) for each in (*content.iter("h1"), *root.iter("h1"))):
        if heading and heading in title:
            return heading
    return _TITLE_ENDS.sub("", title)


def _content_of(root: Element, source: bytes) -> Element:
    """Return the element that holds the main content: the one that the page marks, else the one that is found."""
    body = next(iter(root.xpath("//body")), root)
    for marked in ("//main", "//*[@role='main']", "//article"):
        found = root.xpath(marked)
        if len(found) == 1 and len(one_line(text_of(found[0]))) >= _LEAST_CHARACTERS:
            return found[0]
    import trafilatura  # takes a second, which most pages and chapters don't need

    main_text = trafilatura.extract(source, include_comments=False, include_tables=True, favor_recall=True)
    wanted = {one_line(line) for line in (main_text or "").splitlines() if len(one_line(line)) > 20}
    return _smallest_with(body, wanted) if wanted else body


def _smallest_with(body: Element, wanted: set[str]) -> Element:
    """Return the innermost element that holds nearly all of the wanted lines."""
    total = sum(map(len, wanted))
    current = body
    while True:
        best = None
        for child in current:
            if tag_of(child) in {"div", "section", "article", "main", "table", "tbody", "tr", "td", "center", "form"}:
                text = one_line(text_of(child))
                if sum(len(line) for line in wanted if line[:60] in text) >= _ENOUGH * total:
                    best = child
                    break
        if best is None:
            return current
        current = best


def _omit_rest(blocks: BlockList, root: Element, content: Element) -> None:
    """Name the text outside of the main content."""
    around = {content, *content.iterancestors()}
    for outer in content.iterancestors():
        for sibling in outer:
            is_shown = tag_of(sibling) not in {"", "head", "script", "style", "h1"}
            text = one_line(text_of(sibling)) if is_shown and sibling not in around else ""
            if text:
                place = at(PlaceUnit.LINE, sibling.sourceline or 1)
                blocks.omit(place, "what stands around the main content", text)


def _resolved(base: str, reference: str) -> str:
    try:
        return urljoin(base, reference.strip())
    except ValueError:
        return ""
