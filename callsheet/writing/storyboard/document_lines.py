"""A document as a language model reads it: one block a line, as JSON, so that no text in it ends its own quotation."""

import json
from collections.abc import Collection
from dataclasses import dataclass

from callsheet.model.film.document import Block, CommandBlock, Document, FigureBlock, HeadingBlock, TableBlock

_LONGEST_BLOCK = 20_000
_SHORTEST_BLOCK = 40
_CUT = " …"


@dataclass(frozen=True)
class DocumentLines:
    """The lines of a document, and whether they hold all of it."""

    text: str
    is_shortened: bool


def document_lines(document: Document, characters: int, pictures: Collection[str] = ()) -> DocumentLines:
    """Return the blocks, numbered from 1, in at most so many characters.

    If they don't fit, the long ones are shortened to their beginnings. If that is not enough, the last ones are left
    out. `pictures` are the digests of the pictures that can be shown.
    """
    whole = _lines(document, _LONGEST_BLOCK, pictures)
    if _size(whole) <= characters:
        return DocumentLines("\n".join(whole), is_shortened=False)
    least, most = _SHORTEST_BLOCK, _LONGEST_BLOCK
    while least < most:
        limit = (least + most + 1) // 2
        if _size(_lines(document, limit, pictures)) <= characters:
            least = limit
        else:
            most = limit - 1
    lines = _lines(document, least, pictures)
    while len(lines) > 1 and _size(lines) > characters:
        lines = lines[: max(1, len(lines) * characters // _size(lines))]
    return DocumentLines("\n".join(lines), is_shortened=True)


def _size(lines: list[str]) -> int:
    return sum(map(len, lines)) + len(lines)


def _lines(document: Document, limit: int, pictures: Collection[str]) -> list[str]:
    return [_line(number, block, limit, pictures) for number, block in enumerate(document.blocks, start=1)]


def _line(number: int, block: Block, limit: int, pictures: Collection[str]) -> str:
    text = _text(block)
    shown = text if len(text) <= limit else text[:limit] + _CUT
    fields: dict[str, object] = {"block": number, "kind": block.kind, "text": shown}
    if isinstance(block, HeadingBlock):
        fields["level"] = block.level
    if isinstance(block, FigureBlock) and block.digest in pictures:
        fields["picture"] = True
    return json.dumps(fields, ensure_ascii=False)


def _text(block: Block) -> str:
    if isinstance(block, TableBlock):
        rows = [" | ".join(cell.text for cell in row) for row in (block.header, *block.rows) if row]
        return "\n".join(filter(None, [block.caption.text, *rows]))
    if isinstance(block, CommandBlock):
        parts = (
            part for entry in block.entries for part in (_remark(entry.remark), f"$ {entry.command}", entry.output)
        )
        return "\n".join(filter(None, parts))
    return "\n".join(filter(None, block.texts()))


def _remark(remark: str) -> str:
    return f"# {remark}" if remark else ""
