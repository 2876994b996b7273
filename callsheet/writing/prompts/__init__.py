"""Prompts are files beside this one, reviewed like code; `<<name>>` in them is the place of a value."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

FOLDER = Path(__file__).parent
# Neither Python nor Typst nor Markdown uses it.
_PLACE = re.compile(r"<<(\w+)>>")
_PARAGRAPH = re.compile(r"^<<(\w+)>>\n\n?", re.MULTILINE)


def prompt(name: str, /, **values: str) -> str:
    """Return the text of `name`.md with `values` in their places, and no space around it.

    An empty value removes its paragraph. Raises KeyError for a place without a value, and for a value without a place.
    """
    text = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    unused = values.keys() - set(_PLACE.findall(text))
    if unused:
        raise KeyError(f"{name}.md has no place for {', '.join(sorted(unused))}")
    text = _PARAGRAPH.sub(lambda place: place[0] if values[place[1]] else "", text)
    return _PLACE.sub(lambda place: values[place[1]], text).strip()


def digest(folder: Path = FOLDER) -> str:
    """Return the digest of all prompts, for cache keys.

    An answer to a former prompt is no answer to the present one.
    """
    made_of = hashlib.sha256()
    for path in sorted(folder.glob("*.md")):
        made_of.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return made_of.hexdigest()
