"""Reads notebooks (ipynb, format 4): texts, code, and what the code has shown."""

import base64
import binascii
import json
from typing import Any

from lxml import html

from callsheet.errors import InvalidRequest
from callsheet.model.film.document import PlaceUnit, SourcePlace
from callsheet.sources.documents import markdown
from callsheet.sources.documents.block_list import BlockList, at
from callsheet.sources.documents.html_walk import HtmlWalk
from callsheet.sources.documents.prose_builder import plain

MAX_NOTEBOOK_BYTES = 30_000_000
_MOST_OUTPUT_CHARACTERS = 2_000
_MOST_OUTPUT_LINES = 40
_SHELL_MAGICS = ("%%bash", "%%sh", "%%shell")


def read(source: bytes, blocks: BlockList) -> None:
    """Add what a notebook holds."""
    if len(source) > MAX_NOTEBOOK_BYTES:
        raise InvalidRequest(f"the notebook has more than {MAX_NOTEBOOK_BYTES // 1_000_000} MB; clear its outputs")
    try:
        notebook = json.loads(source.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InvalidRequest("the notebook is damaged or cut off; save it again") from error
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        raise InvalidRequest("the notebook has an old format; open it in Jupyter and save it again")
    metadata = _fields(notebook.get("metadata"))
    blocks.title = plain(_text(metadata.get("title"))).text
    language = _text(_fields(metadata.get("language_info")).get("name")) or _text(
        _fields(metadata.get("kernelspec")).get("language")
    )
    for number, cell in enumerate(cells, start=1):
        if isinstance(cell, dict):
            _add_cell(cell, language or "python", at(PlaceUnit.CELL, number), blocks)
            blocks.on_progress(len(blocks.blocks))


def _add_cell(cell: dict[str, Any], language: str, place: SourcePlace, blocks: BlockList) -> None:
    text = _text(cell.get("source"))
    match cell.get("cell_type"):
        case "markdown":
            markdown.read_text(text, blocks, place.unit, place.number)
            for attachment in _fields(cell.get("attachments")).values():
                blocks.figure(place, _picture_in(_fields(attachment)))
        case "code":
            _add_code(text, language, place, blocks)
            outputs = cell.get("outputs")
            for output in outputs if isinstance(outputs, list) else ():
                _add_output(_fields(output), place, blocks)
        case _ if text.strip():
            blocks.omit(place, "a raw cell", text)


def _add_code(text: str, language: str, place: SourcePlace, blocks: BlockList) -> None:
    lines = text.strip().splitlines()
    if lines and lines[0].startswith(_SHELL_MAGICS):
        blocks.code(place, "bash", "\n".join(lines[1:]))
    elif lines and all(line.startswith(("!", "%pip ", "%conda ")) or not line.strip() for line in lines):
        blocks.code(place, "bash", "\n".join(line[1:] for line in lines))
    else:
        blocks.code(place, language, text)


def _add_output(output: dict[str, Any], place: SourcePlace, blocks: BlockList) -> None:
    """Add what was shown, in its best form; long prints and errors are left out."""
    if output.get("output_type") == "error":
        blocks.omit(place, "an error message", _text(output.get("evalue")))
        return
    data = _fields(output.get("data"))
    page, formula = _text(data.get("text/html")), _text(data.get("text/latex"))
    if picture := _picture_in(data):
        words = _text(data.get("text/plain"))[:200]
        blocks.figure(place, picture, alternative="" if words.startswith("<") else words)
    elif "<table" in page:
        root = html.fragment_fromstring(page, create_parent="div")
        HtmlWalk(blocks, lambda element: place).walk(root)
    elif "text/markdown" in data:
        markdown.read_text(_text(data["text/markdown"]), blocks, place.unit, place.number)
    elif formula:
        blocks.formula(place, "latex", formula.strip().strip("$").removeprefix("\\displaystyle").strip())
    else:
        _add_print(
            _text(output.get("text")) or _text(data.get("text/plain")), output.get("name") == "stderr", place, blocks
        )


def _add_print(text: str, is_warning: bool, place: SourcePlace, blocks: BlockList) -> None:
    text = text.strip("\n")
    is_long = len(text) > _MOST_OUTPUT_CHARACTERS or text.count("\n") >= _MOST_OUTPUT_LINES
    if is_warning or is_long:
        blocks.omit(place, "a warning" if is_warning else "a long print", text)
    elif text.strip() and not text.startswith("<"):
        blocks.code(place, "text", text, plain("Output"))


def _picture_in(data: dict[str, Any]) -> bytes:
    encoded = _text(data.get("image/png")) or _text(data.get("image/jpeg"))
    try:
        return base64.b64decode(encoded) if encoded else b""
    except (binascii.Error, ValueError):
        return b""


def _text(value: object) -> str:
    """Return a text that may be written as a list of lines."""
    if isinstance(value, list):
        return "".join(each for each in value if isinstance(each, str))
    return value if isinstance(value, str) else ""


def _fields(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
