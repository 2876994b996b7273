"""Reads plain text: paragraphs between empty lines, lists, and headings that stand apart."""

import re
from collections.abc import Iterator

from callsheet.model.film.document import PlaceUnit
from callsheet.sources.documents.block_list import BlockList, at
from callsheet.sources.documents.prose_builder import lines, plain
from callsheet.sources.documents.text_source import text_of_bytes

_POINT = re.compile(r"\s*(?:[-*•‣◦·–]|\d{1,3}[.)]|\(?[a-z][.)])\s+")
_NUMBERED = re.compile(r"\s*(\d{1,3})[.)]\s+")
_RULE = re.compile(r"\s*([=\-_~*#^+])\1{2,}\s*")
_ENDS_SENTENCE = re.compile(r"[.,;:!?…。！？”\"')\]]$")
_CHAPTER = re.compile(
    r"(?:chapter|part|section|act|scene|kapitel|teil|chapitre|capítulo)\s+[\divxlc]+\b", re.IGNORECASE
)
_MOST_HEADING_CHARACTERS = 80
_WRAPPED_AT_LEAST = 45
"""Characters of a line that is likely to go on in the next; shorter ones are lines of a poem or an address."""


def read(source: bytes, blocks: BlockList) -> None:
    """Add what a text file holds."""
    parts = list(_parts(text_of_bytes(source)))
    for number, (line, part) in enumerate(parts):
        place = at(PlaceUnit.LINE, line)
        if len(part) > 1 and _RULE.fullmatch(part[1]):
            blocks.heading(place, 1 if "=" in part[1] else 2, plain(part[0]))
            part = part[2:]  # noqa: PLW2901
        if not part or all(_RULE.fullmatch(each) for each in part):
            continue
        if _POINT.match(part[0]) and (len(part) > 1 or _is_list_around(parts, number)):
            _add_list(blocks, line, part)
        elif len(part) == 1 and number + 1 < len(parts) and _is_heading(part[0].strip()):
            blocks.heading(place, 1 if number == 0 else 2, plain(part[0]))
        else:
            is_wrapped = max(map(len, part[:-1]), default=_WRAPPED_AT_LEAST) >= _WRAPPED_AT_LEAST
            blocks.paragraph(place, plain(" ".join(part)) if is_wrapped else lines("\n".join(part)))


def _parts(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield what stands between empty lines, with the number of its first line."""
    part: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            part.append(line)
        elif part:
            yield number - len(part), part
            part = []
    if part:
        yield text.count("\n") + 2 - len(part), part


def _is_heading(text: str) -> bool:
    if len(text) > _MOST_HEADING_CHARACTERS or _ENDS_SENTENCE.search(text):
        return False
    return bool(_CHAPTER.match(text)) or text.isupper() or text[0].isupper() or text[0].isdigit()


def _is_list_around(parts: list[tuple[int, list[str]]], number: int) -> bool:
    near = [parts[each][1] for each in (number - 1, number + 1) if 0 <= each < len(parts)]
    return any(_POINT.match(part[0]) for part in near)


def _add_list(blocks: BlockList, line: int, part: list[str]) -> None:
    """Add a list; a line that begins with no sign belongs to the item above it."""
    items: list[tuple[int, str]] = []
    for text in part:
        if sign := _POINT.match(text):
            items.append((len(text) - len(text.lstrip()), text[sign.end() :]))
        else:
            indent, so_far = items[-1]
            items[-1] = (indent, f"{so_far} {text.strip()}")
    indents = sorted({indent for indent, _ in items})
    numbered = _NUMBERED.match(part[0])
    blocks.list_of(
        at(PlaceUnit.LINE, line),
        [blocks.item(plain(text), indents.index(indent)) for indent, text in items],
        is_ordered=numbered is not None,
        first_number=int(numbered[1]) if numbered else 1,
    )
