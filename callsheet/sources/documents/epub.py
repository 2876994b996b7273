"""Reads EPUB books: the chapters in the order of the book's spine."""

import posixpath
from urllib.parse import unquote

from lxml import etree

from callsheet.errors import InvalidRequest
from callsheet.model.film.document import MAX_PICTURE_BYTES, PlaceUnit
from callsheet.sources.documents.block_list import BlockList, at
from callsheet.sources.documents.html_page import LANGUAGE, tree_of
from callsheet.sources.documents.html_walk import Element, HtmlWalk, text_of
from callsheet.sources.documents.prose_builder import one_line
from callsheet.sources.documents.zip_parts import ZipParts

_CONTAINER, _ENCRYPTION = "META-INF/container.xml", "META-INF/encryption.xml"
_TEXTS = {"application/xhtml+xml", "text/html", "application/x-dtbook+xml"}
_BESIDE = {
    "nav": "a table of contents",
    "doc-toc": "a table of contents",
    "doc-endnotes": "footnotes",
    "doc-footnote": "a footnote",
    "doc-endnote": "a footnote",
    "doc-pagebreak": "a page number",
}
_NOTES = {"footnote", "endnote", "footnotes", "endnotes", "rearnote", "rearnotes"}


def read(source: bytes, blocks: BlockList) -> None:
    """Add what a book holds."""
    parts = ZipParts(source)
    container = parts.xml(_CONTAINER)
    package_name = "" if container is None else container.xpath("string(//*[local-name()='rootfile']/@full-path)")
    package = parts.xml(package_name)
    if package is None:
        raise InvalidRequest("it has no list of chapters: it is no whole EPUB book; get it again")
    blocks.title = one_line(package.xpath("string(//*[local-name()='metadata']/*[local-name()='title'])"))
    language = one_line(package.xpath("string(//*[local-name()='metadata']/*[local-name()='language'])"))
    if LANGUAGE.fullmatch(language):
        blocks.language = language
    folder = posixpath.dirname(package_name)
    chapters = _chapters(package, folder)
    _check_not_protected(parts, {name for name, _ in chapters})
    for number, (name, is_navigation) in enumerate(chapters, start=1):
        content = parts.read(name)
        if content.strip():
            root = tree_of(content)
            if is_navigation:
                blocks.omit(at(PlaceUnit.CHAPTER, number), "a table of contents", text_of(root))
            else:
                _add_chapter(root, number, posixpath.dirname(name), parts, blocks)
        blocks.on_progress(len(blocks.blocks))


def _chapters(package: etree._Element, folder: str) -> list[tuple[str, bool]]:
    """Return the names of the chapters in reading order, and whether each is the table of contents."""
    items = {item.get("id"): item for item in package.iter("{*}item")}
    chapters = []
    for reference in package.iter("{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is not None and item.get("media-type") in _TEXTS:
            name = posixpath.normpath(posixpath.join(folder, unquote(item.get("href") or "")))
            chapters.append((name, "nav" in (item.get("properties") or "").split()))
    return chapters


def _check_not_protected(parts: ZipParts, chapters: set[str]) -> None:
    """Raise InvalidRequest if a chapter is encrypted. Encrypted typefaces are usual, and no hindrance."""
    encryption = parts.xml(_ENCRYPTION)
    if encryption is None:
        return
    hidden = {unquote(each.get("URI") or "") for each in encryption.iter("{*}CipherReference")}
    if hidden & chapters:
        raise InvalidRequest("the book is protected against copying; give one without protection")


def _add_chapter(root: Element, number: int, folder: str, parts: ZipParts, blocks: BlockList) -> None:
    place = at(PlaceUnit.CHAPTER, number)
    for each in list(root.iter("aside", "section", "div", "ol", "li")):
        if set((each.get("epub:type") or "").split()) & _NOTES and each.getparent() is not None:
            blocks.omit(place, "a footnote", text_of(each))
            each.clear(keep_tail=True)

    def picture_of(address: str) -> bytes:
        name = posixpath.normpath(posixpath.join(folder, unquote(address.partition("#")[0])))
        return parts.read(name, MAX_PICTURE_BYTES) if 0 < parts.sizes.get(name, 0) <= MAX_PICTURE_BYTES else b""

    body = next(iter(root.xpath("//body")), root)
    walk = HtmlWalk(
        blocks,
        lambda element: place,
        picture_of,
        address_of=lambda reference: reference if "://" in reference else "",
        left_out=_BESIDE,
    )
    walk.walk(body)
