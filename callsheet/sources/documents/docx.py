"""Reads Word documents (DOCX): headings, lists, tables, pictures, quotes, code and formulas."""

import io
import zipfile
from typing import Any

import mammoth
from lxml import etree, html

from callsheet.errors import InvalidRequest
from callsheet.model.film.document import MAX_PICTURE_BYTES, PlaceUnit, SourcePlace
from callsheet.sources.documents.block_list import BlockList, at
from callsheet.sources.documents.html_page import LANGUAGE
from callsheet.sources.documents.html_walk import Element, HtmlWalk, text_of
from callsheet.sources.documents.office_math import latex_of
from callsheet.sources.documents.prose_builder import one_line
from callsheet.sources.documents.zip_parts import ZipParts

_BODY = "word/document.xml"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_DC = "{http://purl.org/dc/elements/1.1/}"
_FORMULA, _DISPLAY = "CallsheetFormula", "CallsheetDisplay"
_STYLES = f"""
p[style-name='Title'] => h1.title:fresh
p[style-name='Subtitle'] => p.subtitle:fresh
p[style-name='Quote'] => blockquote:fresh > p:fresh
p[style-name='Intense Quote'] => blockquote:fresh > p:fresh
p[style-name='Block Text'] => blockquote:fresh > p:fresh
p[style-name='Quotations'] => blockquote:fresh > p:fresh
p[style-name='caption'] => p.caption:fresh
p[style-name='Code'] => pre:separator('\\n')
p[style-name='Source Code'] => pre:separator('\\n')
p[style-name='HTML Preformatted'] => pre:separator('\\n')
p[style-name='Preformatted Text'] => pre:separator('\\n')
p[style-name='Plain Text'] => pre:separator('\\n')
p[style-name='macro'] => pre:separator('\\n')
r[style-name='HTML Code'] => code
r[style-name='Source Text'] => code
r[style-name='Verbatim Char'] => code
r[style-name='{_FORMULA}'] => span.formula
r[style-name='{_DISPLAY}'] => span.formula-display
"""


def read(source: bytes, blocks: BlockList) -> None:
    """Add what a Word document holds."""
    parts = ZipParts(source)
    parts.check_xml()
    _read_properties(parts, blocks)
    pictures: dict[str, bytes] = {}

    def keep(image: Any) -> dict[str, str]:
        with image.open() as file:
            content = file.read(MAX_PICTURE_BYTES + 1)
        name = f"picture:{len(pictures)}"
        pictures[name] = content
        return {"src": name}

    converted = mammoth.convert_to_html(
        io.BytesIO(_with_formulas(source, parts)),
        style_map=_STYLES,
        external_file_access=False,
        convert_image=mammoth.images.img_element(keep),
    )
    if not converted.value.strip():
        return
    root = html.fragment_fromstring(converted.value, create_parent="div")
    _add(root, pictures, blocks)


def _read_properties(parts: ZipParts, blocks: BlockList) -> None:
    core = parts.xml("docProps/core.xml")
    if core is not None:
        blocks.title = one_line(core.findtext(f"{_DC}title") or "")
        language = (core.findtext(f"{_DC}language") or "").strip()
        if LANGUAGE.fullmatch(language):
            blocks.language = language
    if _BODY not in parts.names:
        raise InvalidRequest("there is no text part in it; save it again as DOCX")


def _with_formulas(source: bytes, parts: ZipParts) -> bytes:
    """Return the document with its formulas as text of a style: they would be left out otherwise."""
    body = parts.xml(_BODY)
    if body is None or body.find(f".//{{{_M}}}oMath") is None:
        return source
    for formula in list(body.iter(f"{{{_M}}}oMath")):
        parent = formula.getparent()
        if parent is None:
            continue
        is_display = parent.tag == f"{{{_M}}}oMathPara"
        run = etree.Element(f"{{{_W}}}r")
        properties = etree.SubElement(run, f"{{{_W}}}rPr")
        etree.SubElement(properties, f"{{{_W}}}rStyle").set(f"{{{_W}}}val", _DISPLAY if is_display else _FORMULA)
        etree.SubElement(run, f"{{{_W}}}t").text = latex_of(formula)
        if is_display:
            outer = parent.getparent()
            if outer is not None:
                outer.insert(outer.index(parent), run)
            parent.remove(formula)
        else:
            parent.replace(formula, run)
    changed = {_BODY: etree.tostring(body, encoding="UTF-8", xml_declaration=True)}
    styles = parts.xml("word/styles.xml")
    root = etree.Element(f"{{{_W}}}styles") if styles is None else styles
    for name in (_FORMULA, _DISPLAY):
        style = etree.SubElement(root, f"{{{_W}}}style")
        style.set(f"{{{_W}}}type", "character")
        style.set(f"{{{_W}}}styleId", name)
        etree.SubElement(style, f"{{{_W}}}name").set(f"{{{_W}}}val", name)
    if styles is not None:
        changed["word/styles.xml"] = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return _rewritten(source, changed)


def _rewritten(source: bytes, changed: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(written, "w") as new:
        for info in old.infolist():
            new.writestr(info.filename, changed.get(info.filename) or old.read(info))
    return written.getvalue()


def _add(root: Element, pictures: dict[str, bytes], blocks: BlockList) -> None:
    """Add what the HTML shows. Word files have no pages or lines: places are counted in paragraphs."""
    numbers = {}
    for number, child in enumerate(root, start=1):
        for inner in child.iter():
            numbers[inner] = number

    def place_of(element: Element) -> SourcePlace:
        return at(PlaceUnit.PARAGRAPH, numbers.get(element, 1))

    for note in root.xpath("./ol/li[starts-with(@id, 'footnote') or starts-with(@id, 'endnote')]"):
        blocks.omit(place_of(note), "a footnote", text_of(note).removesuffix("↑"))
        note.getparent().remove(note)
    for formula in root.xpath(".//span[@class='formula' or @class='formula-display']"):
        formula.tag = "script"
        display = "; mode=display" if formula.get("class") == "formula-display" else ""
        formula.set("type", f"math/tex{display}")
    for caption in root.xpath("./p[@class='caption']"):
        _join_caption(caption)
    walk = HtmlWalk(blocks, place_of, picture_of=lambda address: pictures.get(address, b""))
    walk.walk(root)


def _join_caption(caption: Element) -> None:
    """Put a caption and the picture or table that stands beside it into one figure."""
    for beside in (caption.getprevious(), caption.getnext()):
        if beside is None or not (beside.tag == "table" or (beside.tag == "p" and beside.xpath("./img"))):
            continue
        if beside.tag == "table":
            caption.getparent().remove(caption)
            caption.tag = "caption"
            beside.insert(0, caption)
        else:
            beside.tag = "figure"
            caption.getparent().remove(caption)
            caption.tag = "figcaption"
            beside.append(caption)
        return
