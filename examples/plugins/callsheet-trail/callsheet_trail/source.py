"""Reads hikes: a title, sentences about the hike, and its places, each with its minute.

#trail Around the lake
The path is flat.
10 The old mill | The mill has turned since 1740.
"""

import re

from callsheet.errors import InvalidRequest
from callsheet.model.film.document import PlaceUnit
from callsheet.sources.documents.block_list import BlockList, at
from callsheet.sources.documents.prose_builder import plain
from callsheet.sources.documents.text_source import text_of_bytes

_PLACE = re.compile(r"(\d{1,4}) ([^|]+)\|(.+)")


def recognises(beginning: bytes) -> bool:
    """Return whether it is a hike, by its first bytes."""
    return beginning.startswith(b"#trail ")


def read(source: bytes, blocks: BlockList) -> None:
    """Add a heading and a paragraph for each place. It runs behind the fence."""
    title, *lines = text_of_bytes(source).splitlines()
    blocks.heading(at(PlaceUnit.LINE, 1), 1, plain(title.removeprefix("#trail ")))
    for number, line in enumerate(lines, start=2):
        place = at(PlaceUnit.LINE, number)
        found = _PLACE.fullmatch(line)
        if found:
            blocks.heading(place, 2, plain(found[2].strip()))
            blocks.paragraph(place, plain(found[3].strip()))
        elif line[:1].isdigit():
            raise InvalidRequest(f"line {number} is no place: write the minute, the name, “|” and a sentence")
        else:
            blocks.paragraph(place, plain(line))
