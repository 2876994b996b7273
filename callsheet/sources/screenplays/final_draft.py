"""Reads Final Draft (FDX): paragraphs in XML, each with its type."""

from typing import Any

from callsheet.errors import InvalidRequest
from callsheet.sources.documents.zip_parts import xml_root
from callsheet.sources.screenplays.script_builder import ScriptBuilder

_KINDS = {
    "parenthetical": "parenthetical",
    "dialogue": "dialogue",
    "singing": "lyric",
    "lyrics": "lyric",
    "transition": "transition",
}
_SECTIONS = {"new act": 1, "end of act": 1, "outline 1": 1, "outline 2": 2, "outline 3": 3, "outline 4": 4}


def read(content: bytes, script: ScriptBuilder) -> None:
    """Add what a file of Final Draft holds.

    Raises:
        InvalidRequest: it is broken, declares entities, or holds no screenplay.
    """
    root = xml_root(content)
    body = root.find("Content")
    if root.tag != "FinalDraft" or body is None:
        raise InvalidRequest("it is XML with no screenplay of Final Draft in it; export it as FDX or Fountain")
    title_page = root.find("TitlePage/Content")
    for part in (title_page, body):
        if part is not None:
            script.count_source("\n".join(_words_of(part)))
    if title_page is not None:
        for paragraph in title_page.iter("Paragraph"):
            if text := _text(paragraph):
                script.title_field("", text, paragraph.sourceline)
    for paragraph in body.iterchildren("Paragraph"):
        _add(paragraph, script)


def _words_of(part: Any) -> list[str]:
    """Return the text of each paragraph, and the number of each scene."""
    texts = []
    for paragraph in part.iter("Paragraph"):
        texts += [paragraph.get("Number", ""), "".join(text.text or "" for text in paragraph.findall("Text"))]
    return texts


def _text(paragraph: Any) -> str:
    return "".join(text.text or "" for text in paragraph.findall("Text")).strip()


def _add(paragraph: Any, script: ScriptBuilder, *, joins_last: bool = False) -> None:
    kind = (paragraph.get("Type") or "").casefold()
    line, text, number = paragraph.sourceline, _text(paragraph), paragraph.get("Number", "")
    properties = paragraph.find("SceneProperties")
    if properties is not None and (properties.get("Page") or "").isdecimal():
        script.page = max(1, int(properties.get("Page")))
    if paragraph.get("StartsNewPage") == "Yes":
        script.text("page-break", "", line)
    if number and (kind != "scene heading" or not text):
        script.leave_out("the number of a paragraph", number, line)
    if text and kind == "scene heading":
        script.heading(text, line, number)
    elif text and kind == "character":
        script.cue(text, line, joins_last=joins_last)
    elif text:
        script.text(_KINDS.get(kind, "section" if kind in _SECTIONS else "action"), text, line, _SECTIONS.get(kind, 0))
    _add_notes(paragraph, script)
    _add_dual(paragraph, script)


def _add_notes(paragraph: Any, script: ScriptBuilder) -> None:
    for note in paragraph.iterfind("ScriptNote"):
        said = "\n".join(filter(None, map(_text, note.iter("Paragraph"))))
        if said:
            script.text("note", said, note.sourceline)


def _add_dual(paragraph: Any, script: ScriptBuilder) -> None:
    """Add what two characters say at once; the second cue joins the first."""
    dual = paragraph.find("DualDialogue")
    if dual is None:
        return
    cues = 0
    for each in dual.iterchildren("Paragraph"):
        cues += (each.get("Type") or "").casefold() == "character"
        _add(each, script, joins_last=cues > 1)
