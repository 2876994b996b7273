"""Drawings for a scene's words, found by themselves: `illustrate: auto` of a request.

They fill the fields that a request leaves empty, before anything is composed. Manim is not imported here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from callsheet.drawings import Drawing, drawings_for, find_drawing
from callsheet.model.content import (
    BulletsContent,
    CalloutContent,
    ComparisonContent,
    Content,
    DiagramContent,
    ProcessContent,
    StatisticsContent,
    TextKind,
)
from callsheet.model.film.language import language_of
from callsheet.model.film.look import Illustrate
from callsheet.model.requests.video import SceneRequest
from callsheet.stage.kit.emoji import split_emoji

_LEAST_SHARE = 0.5
"""Share of the entries of a list that have a drawing, or none of them gets one: a single one says that the others
matter less."""
_MOST_OF_LABEL = 76
"""Characters of a box's label that leave room for an emoji."""


def shown_content(request: SceneRequest, content: Content) -> Content:
    """Return the content of a scene as it is shown, with the drawings that its request lets Callsheet choose."""
    if request.illustrate is Illustrate.OFF:
        return content
    return illustrated(content, request.look.language or "")


def illustrated(content: Content, language: str = "") -> Content:
    """Return `content` with a drawing for each text whose words leave no doubt, and none twice in the scene.

    Drawings that it names already stay. An empty `language` is the one that the words tell.
    """
    fill = _FILLED.get(type(content))
    if fill is None:
        return content
    spoken = language.partition("-")[0] or language_of(text for _, _, text in content.texts()) or ""
    named = (text for _, kind, text in content.texts() if kind is TextKind.DRAWING and text)
    used = {drawing.name for keyword in named if (drawing := find_drawing(keyword, spoken))}
    shown: Content = _with(content, **fill(content, _Choice(spoken, used)))
    return shown


@dataclass(frozen=True)
class _Choice:
    """The choice for one scene: the language of its words, and the drawings that stand in it already."""

    language: str
    used: set[str]

    def drawings(self, named: Sequence[str], texts: Sequence[str], least_share: float) -> list[Drawing | None]:
        """Return the surest drawing that is not used yet for each text; None if it has none, or one is named.

        If fewer than `least_share` of the texts would have one, with those that are named, no text gets one.
        """
        found: list[Drawing | None] = []
        for name, text in zip(named, texts, strict=True):
            ahead = () if name else drawings_for(text, self.language)
            drawing = next((each for each in ahead if each.name not in self.used), None)
            self.used.update([drawing.name] if drawing else [])
            found.append(drawing)
        have_one = sum(bool(name or drawing) for name, drawing in zip(named, found, strict=True))
        return found if have_one >= least_share * len(found) else [None] * len(found)

    def names(self, named: Sequence[str], texts: Sequence[str], least_share: float = _LEAST_SHARE) -> list[str]:
        """Return the name of the drawing for each text: the one that is named, or the one found."""
        found = self.drawings(named, texts, least_share)
        return [name or (drawing.name if drawing else "") for name, drawing in zip(named, found, strict=True)]


def _for_bullets(content: BulletsContent, choice: _Choice) -> dict[str, Any]:
    if content.numbered:
        return {}
    named = [*content.icons, *[""] * (len(content.points) - len(content.icons))]
    icons = choice.names(named, content.points)
    return {"icons": tuple(icons) if any(icons) else ()}


def _for_callout(content: CalloutContent, choice: _Choice) -> dict[str, Any]:
    return {"icon": choice.names([content.icon], [content.sentence])[0]}


def _for_comparison(content: ComparisonContent, choice: _Choice) -> dict[str, Any]:
    left, right = content.left, content.right
    icons = choice.names([left.icon, right.icon], [left.heading, right.heading], 1.0)
    return {"left": _with(left, icon=icons[0]), "right": _with(right, icon=icons[1])}


def _for_statistics(content: StatisticsContent, choice: _Choice) -> dict[str, Any]:
    entries = content.statistics
    icons = choice.names([entry.icon for entry in entries], [entry.label for entry in entries])
    return {"statistics": _each_with(entries, "icon", icons)}


def _for_process(content: ProcessContent, choice: _Choice) -> dict[str, Any]:
    # A step without a drawing has its number: the two don't mix.
    icons = choice.names([step.icon for step in content.steps], [step.label for step in content.steps], 1.0)
    return {"steps": _each_with(content.steps, "icon", icons)}


def _for_diagram(content: DiagramContent, choice: _Choice) -> dict[str, Any]:
    """Return boxes with an emoji before the labels that ask for one; unchanged ones if a label has an emoji already."""
    labels = [box.label for box in content.boxes]
    if any(isinstance(part, Drawing) for label in labels for part in split_emoji(label)):
        return {}
    found = choice.drawings([""] * len(labels), labels, _LEAST_SHARE)
    drawn = [
        f"{drawing.character} {label}" if drawing and len(label) <= _MOST_OF_LABEL else label
        for drawing, label in zip(found, labels, strict=True)
    ]
    return {"boxes": _each_with(content.boxes, "label", drawn)}


_FILLED: dict[type[Content], Callable[[Any, _Choice], dict[str, Any]]] = {
    BulletsContent: _for_bullets,
    CalloutContent: _for_callout,
    ComparisonContent: _for_comparison,
    StatisticsContent: _for_statistics,
    ProcessContent: _for_process,
    DiagramContent: _for_diagram,
}


def _each_with(entries: Sequence[Any], field: str, values: Sequence[str]) -> tuple[Any, ...]:
    return tuple(_with(entry, **{field: value}) for entry, value in zip(entries, values, strict=True))


def _with(value: Any, **changes: Any) -> Any:
    """Return a copy of a value with these fields, checked again."""
    return type(value).model_validate({**dict(value), **changes})
