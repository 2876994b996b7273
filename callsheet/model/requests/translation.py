"""The words of a scene that another language says in other words, and the scene with these words. Pure functions."""

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from callsheet.model.content import TextKind
from callsheet.model.requests.video import SceneBrief

_KEPT_FIELDS = {"path", "name", "target", "prompt_sign", "language"}
"""Fields of contents that no viewer reads as words."""
_ARROWS = "arrows"
"""Their `source` and `target` name boxes."""


def spoken_texts(brief: SceneBrief) -> Iterator[str]:
    """Yield what is spoken over a scene."""
    yield from (line.text for line in brief.narration)


def shown_texts(brief: SceneBrief) -> Iterator[str]:
    """Yield the words that a scene shows: no code, no formulas, no drawings, and no numbers alone."""
    yield from (text for _, text in _shown(brief))


def translated(brief: SceneBrief, words: Mapping[str, str]) -> SceneBrief:
    """Return a scene with each text in another language; a text without a translation stays as it is.

    Its name changes if its picture or its words do. So a scene in which nothing changes is the same scene in each
    language, and is rendered once.

    Raises pydantic's ValidationError if a text is too long for its place.
    """
    content: dict[str, Any] = copy.deepcopy(brief.content)
    for path, text in _shown(brief):
        _put(content, path.split("."), words.get(text, text))
    lines = [{"text": words.get(line.text, line.text), "at": line.at} for line in brief.narration]
    changed: dict[str, Any] = {"content": content, "narration": lines}
    kept = {name: getattr(brief, name) for name in brief.model_fields_set if name in SceneBrief.model_fields}
    before = [(line.text, line.at) for line in brief.narration]
    if content != brief.content or [(line["text"], line["at"]) for line in lines] != before:
        changed["name"] = words.get(brief.name, brief.name)[:120]
    return SceneBrief.model_validate({**kept, **changed})


def _shown(brief: SceneBrief) -> Iterator[tuple[str, str]]:
    """Yield the path and the text of each text that has words."""
    if not brief.template:
        return
    for path, kind, text in brief.filled().texts():
        field = path.rpartition(".")[2]
        is_end_of_arrow = path.startswith(f"{_ARROWS}.") and field == "source"
        if kind not in (TextKind.PLAIN, TextKind.PROSE) or field in _KEPT_FIELDS or is_end_of_arrow:
            continue
        # A field that the scene does not give has its usual text, which is no word.
        if any(sign.isalpha() for sign in text) and _given(brief.content, path.split(".")):
            yield path, text


def _given(content: Any, path: list[str]) -> bool:
    for step in path:
        if isinstance(content, list) and step.isdecimal() and int(step) < len(content):
            content = content[int(step)]
        elif isinstance(content, dict) and step in content:
            content = content[step]
        else:
            return False
    return isinstance(content, str)


def _put(content: Any, path: list[str], text: str) -> None:
    for step in path[:-1]:
        content = content[int(step)] if isinstance(content, list) else content[step]
    if isinstance(content, list):
        content[int(path[-1])] = text
    else:
        content[path[-1]] = text
