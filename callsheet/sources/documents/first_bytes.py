"""What a document is, told by its bytes, and which module reads it. Its name has no say."""

import json
import re
from collections.abc import Callable
from importlib import import_module

from callsheet.errors import InvalidRequest
from callsheet.model.film.document import DocumentKind
from callsheet.sources.documents.block_list import BlockList
from callsheet.sources.documents.plugin_sources import reader_by_plugin, reading_plugin
from callsheet.sources.documents.text_source import text_of_bytes
from callsheet.sources.documents.zip_parts import ZipParts

_READERS = {
    DocumentKind.MARKDOWN: ("markdown", "read"),
    DocumentKind.RESTRUCTURED_TEXT: ("restructured_text", "read"),
    DocumentKind.PLAIN_TEXT: ("plain_text", "read"),
    DocumentKind.HTML: ("html_page", "read"),
    DocumentKind.PDF: ("pdf", "read"),
    DocumentKind.DOCX: ("docx", "read"),
    DocumentKind.PPTX: ("pptx", "read"),
    DocumentKind.ODT: ("odt", "read"),
    DocumentKind.EPUB: ("epub", "read"),
    DocumentKind.NOTEBOOK: ("notebook", "read"),
    DocumentKind.SUBRIP: ("caption_file", "read_subrip"),
    DocumentKind.WEBVTT: ("caption_file", "read_webvtt"),
    DocumentKind.VIDEO_PLAN: ("video_plan", "read"),
    DocumentKind.DOCUMENT_JSON: ("document_json", "read"),
}
_SNIFFED_BYTES = 4096
_SAMPLED_CHARACTERS = 60_000
_MARK = rb"(?:\xef\xbb\xbf)?\s*"
_BEGINNINGS: tuple[tuple[bytes, DocumentKind], ...] = (
    (rb".{0,1000}?%PDF-\d", DocumentKind.PDF),
    (rb"PK\x03\x04.{26}mimetypeapplication/epub\+zip", DocumentKind.EPUB),
    (rb"PK\x03\x04.{26}mimetypeapplication/vnd\.oasis\.opendocument\.text", DocumentKind.ODT),
    (_MARK + rb"WEBVTT[\s]", DocumentKind.WEBVTT),
    (_MARK + rb"\d{1,6}\s*?\r?\n\d{1,3}:\d\d:\d\d[,.]\d{1,3} *--> *\d", DocumentKind.SUBRIP),
    (_MARK + rb"(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", DocumentKind.HTML),
)
_PARTS = (
    ("word/document.xml", DocumentKind.DOCX),
    ("ppt/presentation.xml", DocumentKind.PPTX),
    ("META-INF/container.xml", DocumentKind.EPUB),
    ("content.xml", DocumentKind.ODT),
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_REFUSED: tuple[tuple[bytes, str], ...] = (
    (rb"\{\\rtf", "it is a file in Rich Text Format; save it as DOCX"),
    (rb"\x89PNG|\xff\xd8\xff|GIF8|RIFF.{4}WEBP|II\*\0|MM\0\*|BM.{4}\0\0\0\0", "it is a picture, and no document"),
    (
        rb".{4}ftyp|\x1a\x45\xdf\xa3|ID3|OggS|fLaC|RIFF.{4}WAVE",
        "it is a film or a sound; give its captions",
    ),
    (rb"\x1f\x8b|7z\xbc\xaf|Rar!|BZh|\xfd7zXZ|\x28\xb5\x2f\xfd", "it is an archive; give a document in it"),
    (rb"\x7fELF|MZ.{50}", "it is a program, and no document"),
    (rb"%!PS", "it is PostScript; save it as PDF"),
    (_MARK + rb"\[Script Info\]", "it is a caption file in the format ASS; save it as SRT or WebVTT"),
    (rb"BOOKMOBI|.{60}BOOKMOBI|TPZ", "it is a Kindle book; save it as EPUB"),
    (_MARK + rb"\\documentclass", "it is LaTeX; give the PDF that is made of it"),
)


def kind_of(content: bytes) -> DocumentKind:
    """Return the format of a document.

    Raises:
        InvalidRequest: it is none that is read; the sentence says what it is, and what to save it as.
    """
    beginning = content[:_SNIFFED_BYTES]
    return reading_plugin(beginning) or _kind_of_ours(content, beginning)


def _kind_of_ours(content: bytes, beginning: bytes) -> DocumentKind:
    for pattern, kind in _BEGINNINGS:
        if re.match(pattern, beginning, re.DOTALL | re.IGNORECASE):
            return kind
    if beginning.startswith(b"PK\x03\x04"):
        return _kind_of_zip(content)
    if beginning.startswith(_OLD_OFFICE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise InvalidRequest("it is protected by a password; save it without one")
        raise InvalidRequest("it is a document of Office 97 to 2003; save it as DOCX or PPTX")
    for pattern, sentence in _REFUSED:
        if re.match(pattern, beginning, re.DOTALL):
            raise InvalidRequest(sentence)
    return _kind_of_text(text_of_bytes(content))


def reader_of(kind: DocumentKind) -> Callable[[bytes, BlockList], None]:
    """Return what reads this format. Its module is imported here: no document pays for the libraries of another."""
    if kind not in _READERS and (theirs := reader_by_plugin(kind)):
        return theirs.read
    module, name = _READERS[kind]
    reader: Callable[[bytes, BlockList], None] = getattr(import_module(f"callsheet.sources.documents.{module}"), name)
    return reader


def _kind_of_zip(content: bytes) -> DocumentKind:
    parts = ZipParts(content)
    for name, kind in _PARTS:
        if name in parts.names:
            return kind
    if "xl/workbook.xml" in parts.names:
        raise InvalidRequest("it is an Excel workbook; put the table into a document, or save it as text")
    if any(name.startswith(("Index/", "index.xml")) for name in parts.names):
        raise InvalidRequest("it is a Pages or Keynote document; export it as DOCX, PPTX or PDF")
    raise InvalidRequest("it is an archive; give a document in it")


def _kind_of_text(text: str) -> DocumentKind:
    if text.lstrip().startswith("{") and (kind := _kind_of_json(text)):
        return kind
    if _PLAN_FIELD.search(text) and not _NO_YAML.search(text):
        return DocumentKind.VIDEO_PLAN
    sample = text[:_SAMPLED_CHARACTERS]
    markdown, restructured = (
        sum(len(sign.findall(sample)) * weight for sign, weight in signs)
        for signs in (_MARKDOWN_SIGNS, _RESTRUCTURED_SIGNS)
    )
    if max(markdown, restructured) < 1:
        return DocumentKind.PLAIN_TEXT
    return DocumentKind.MARKDOWN if markdown >= restructured else DocumentKind.RESTRUCTURED_TEXT


def _kind_of_json(text: str) -> DocumentKind | None:
    """Return what a JSON object is; None for text that only begins like one.

    Raises:
        InvalidRequest: it is JSON of another kind.
    """
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if "nbformat" in given:
        return DocumentKind.NOTEBOOK
    if isinstance(given.get("blocks"), list):
        return DocumentKind.DOCUMENT_JSON
    if given.keys() & {"scenes", "videos", "variables"}:
        return DocumentKind.VIDEO_PLAN
    raise InvalidRequest("it is JSON with no `scenes`, `videos` or `blocks`; give the text itself")


_PLAN_FIELD = re.compile(r"^(?:scenes|videos|set|video|variables):[ \t]*(?:#.*)?$", re.MULTILINE)
_NO_YAML = re.compile(r"^(?![\w-]+:(?:\s|$)|[#\s-]|$)", re.MULTILINE)
"""A line that stands at the edge, and is no field, item or comment."""
_MARKDOWN_SIGNS = tuple(
    (re.compile(pattern, re.MULTILINE), weight)
    for pattern, weight in (
        (r"^#{1,6} \S", 3),
        (r"^ {0,3}(?:```|~~~)", 3),
        (r"!?\[[^\]\n]{1,200}\]\([^)\s]{1,500}[^)\n]{0,200}\)", 2),
        (r"^\|?(?: *:?-{3,}:? *\|)+", 4),
        (r"\*\*[^*\n]{1,200}\*\*", 1),
        (r"^> \S", 1),
        (r"(?<!`)`[^`\n]{1,100}`(?![`_])", 1),
        (r"\A---\n(?:[\w-]+:.*\n){1,50}?---\n", 6),
        (r"^[-*+] \[[ x]\] ", 3),
        (r"^\[[^\]\n]{1,100}\]: \S", 2),
        (r"<(?:img|details|p align|br|div|h1)\b", 2),
        (r"\$\$", 1),
        (r"^[-*+] \S", 0.2),
    )
)
_RESTRUCTURED_SIGNS = tuple(
    (re.compile(pattern, re.MULTILINE), weight)
    for pattern, weight in (
        (r"^\.\. [\w:+.-]+::", 5),
        (r"^\.\. _[^:\n]{1,200}:", 5),
        (r":[a-z][\w:+.-]{0,40}:`[^`\n]{1,300}`", 4),
        (r"``[^`\n]{1,200}``", 1),
        (r"`[^`\n<]{1,200}<[^>\n]{1,500}>`_", 4),
        (r"(?<!:)::$", 2),
        (r"^:[A-Za-z][\w ]{0,40}: ", 1),
        (r"^\S[^\n]{2,100}\n([=\-~^\"'*+#`:.])\1{2,}$", 1),
        (r"^([=\-~*#])\1{3,}\n[^\n]{1,100}\n\1{4,}$", 5),
        (r"^\.\. \S", 2),
        (r"^=+(?: +=+)+$", 5),
        (r"^\+(?:[-=]+\+)+$", 4),
    )
)
