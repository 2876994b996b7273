"""The compositions of templates: the ways in which one content may stand in the picture.

The content decides: how many things it has, how long their words are. In a film, the same composition of a template
never comes twice running. Pure functions, so the same film always looks the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from callsheet.model.content.base import Content, TemplateName
from callsheet.model.content.code_and_media import PictureContent
from callsheet.model.content.diagrams import ChartContent, DiagramContent, FormulaCardContent
from callsheet.model.content.illustrated import PeopleContent
from callsheet.model.content.text import (
    BulletsContent,
    ChapterContent,
    DefinitionContent,
    QaContent,
    QuoteContent,
    StatisticsContent,
    TimelineContent,
)

COMPOSITIONS: dict[TemplateName, tuple[str, ...]] = {
    TemplateName.BULLETS: ("cards", "beside", "single", "list"),
    TemplateName.CHAPTER: ("panel", "cover", "beside"),
    TemplateName.DEFINITION: ("headed", "beside", "card"),
    TemplateName.FORMULA_CARD: ("labels", "beside", "columns"),
    TemplateName.CHART: ("columns", "rows", "named-above", "line", "area", "focus"),
    TemplateName.TIMELINE: ("line", "alternating", "cards"),
    TemplateName.DIAGRAM: ("stairs", "flow", "tree", "hub", "ring"),
    TemplateName.QUOTE: ("marks", "panel", "colour"),
    TemplateName.QA: ("bubbles", "reveal", "rows"),
    TemplateName.PICTURE: ("framed", "bleed", "half"),
    TemplateName.PEOPLE: ("grid", "list", "spotlight"),
    TemplateName.STATISTICS: ("single", "panel", "row", "lead", "tiles"),
}
"""Every composition of the templates that have several."""
_MOST_CARDS, _LONGEST_ON_CARD = 6, 110
"""Points that have a card each are few, and short (in characters)."""
_MOST_SINGLE, _BRIEF_POINT = 8, 40
"""Points that stand alone are not many, and one of them is longer than a few words."""
_BRIEF_QUOTE, _LONGEST_ON_PANEL = 90, 260
_MANY_PAIRS, _LONGEST_SAID = 4, 140
_FEW_SIGNS, _MANY_SIGNS, _WIDE_FORMULA = 4, 6, 48
_FEW_PEOPLE, _LONG_ROLE = 3, 40
_LONGEST_LINES_OF_PICTURE = 140
_LONG_NAME = 28
_BRIEF_CHAPTER, _MANY_COMING = 32, 4
_BRIEF_TERM, _BRIEF_MEANING = 18, 260
_MANY_EVENTS = 6
_FEW_NUMBERS, _WIDE_NUMBER = 3, 10
"""A few numbers stand in a row, unless one of them has so many characters."""
_AROUND, _ON_STAIRS = range(3, 9), range(3, 6)
"""How many boxes can stand in a circle, and on stairs."""


def compositions(content: Content) -> tuple[str, ...]:
    """Return the names of the compositions that suit `content`, the best first; none if its template has only one."""
    ranked = _RANKED.get(type(content))
    return ranked(content) if ranked else ()


def has_compositions(template: TemplateName | None) -> bool:
    """Return whether a template has more than one composition."""
    return template in COMPOSITIONS


def varied(contents: Sequence[Content | None]) -> tuple[str, ...]:
    """Return the composition of each scene of a film; empty where it is the one that suits the content best.

    A scene has another composition than the scene before, if that is of the same template.
    """
    chosen: list[str] = []
    before: tuple[type, str] | None = None
    for content in contents:
        ranked = compositions(content) if content else ()
        name = next((each for each in ranked if (type(content), each) != before), "")
        chosen.append("" if name in ranked[:1] else name)
        before = (type(content), name)
    return tuple(chosen)


def _of_statistics(content: StatisticsContent) -> tuple[str, ...]:
    trends = [statistic.trend for statistic in content.statistics]
    if len(trends) == 1:
        return "single", "panel"
    if trends[0] != "neutral" and set(trends[1:]) == {"neutral"}:
        return "lead", "tiles", "row"
    if len(trends) > _FEW_NUMBERS:
        return ("tiles", "lead", "row") if len(trends) == _FEW_NUMBERS + 1 else ("tiles", "row")
    if len(trends) > 1 and max(len(statistic.value) for statistic in content.statistics) >= _WIDE_NUMBER:
        return "tiles", "lead", "row"
    return "row", "lead", "tiles"


def _of_quote(content: QuoteContent) -> tuple[str, ...]:
    length = len(content.quote)
    if length <= _BRIEF_QUOTE and not content.source:
        return "colour", "marks", "panel"
    if _BRIEF_QUOTE < length <= _LONGEST_ON_PANEL and content.speaker:
        return "panel", "marks", "colour"
    return "marks", "panel", "colour"


def _of_qa(content: QaContent) -> tuple[str, ...]:
    if len(content.pairs) == 1:
        return "reveal", "bubbles", "rows"
    if content.asker or content.answerer:
        return "bubbles", "reveal", "rows"
    if len(content.pairs) >= _MANY_PAIRS:
        return "rows", "bubbles", "reveal"
    if max(len(pair.answer) for pair in content.pairs) > _LONGEST_SAID:
        return "reveal", "rows", "bubbles"
    return "bubbles", "reveal", "rows"


def _of_people(content: PeopleContent) -> tuple[str, ...]:
    if len(content.people) == 1:
        return "spotlight", "list", "grid"
    if max(len(person.role) for person in content.people) > _LONG_ROLE:
        return ("spotlight", "list", "grid") if len(content.people) <= _FEW_PEOPLE else ("list", "grid", "spotlight")
    return ("grid", "spotlight", "list") if len(content.people) <= _FEW_PEOPLE else ("grid", "list", "spotlight")


def _of_picture(content: PictureContent) -> tuple[str, ...]:
    if len(content.title) + len(content.caption) > _LONGEST_LINES_OF_PICTURE:
        return "half", "framed", "bleed"
    if content.caption and not content.title:
        return "bleed", "half", "framed"
    return "framed", "bleed", "half"


def _of_chart(content: ChartContent) -> tuple[str, ...]:
    if content.kind == "line":
        lit = sum(datum.highlight for datum in content.data)
        return ("focus", "line", "area") if lit == 1 else ("line", "area", "focus")
    if max(len(datum.label) for datum in content.data) > _LONG_NAME:
        return "named-above", "rows", "focus"
    return "columns", "named-above", "focus"


def _of_bullets(content: BulletsContent) -> tuple[str, ...]:
    count, longest = len(content.points), max(map(len, content.points))
    has_cards = 2 <= count <= _MOST_CARDS and longest <= _LONGEST_ON_CARD
    one_by_one = 2 <= count <= _MOST_SINGLE and longest > _BRIEF_POINT
    return (
        *(["cards"] if has_cards else []),
        *(["beside"] if content.title else []),
        *(["single"] if one_by_one else []),
        "list",
    )


def _of_chapter(content: ChapterContent) -> tuple[str, ...]:
    if len(content.coming) >= _MANY_COMING:
        return "beside", "panel", "cover"
    return (
        ("panel", "cover", "beside")
        if content.coming or len(content.title) > _BRIEF_CHAPTER
        else ("cover", "panel", "beside")
    )


def _of_formula_card(content: FormulaCardContent) -> tuple[str, ...]:
    if len(content.formula) > _WIDE_FORMULA or len(content.legend) >= _MANY_SIGNS:
        return "columns", "beside", "labels"
    return ("labels", "beside", "columns") if len(content.legend) <= _FEW_SIGNS else ("beside", "columns", "labels")


def _of_definition(content: DefinitionContent) -> tuple[str, ...]:
    is_brief = len(content.meaning) + len(content.for_example) <= _BRIEF_MEANING and "$" not in content.meaning
    if is_brief and len(content.term) <= _BRIEF_TERM:
        return "beside", "card", "headed"
    return ("card", "beside", "headed") if is_brief else ("headed", "beside", "card")


def _of_timeline(content: TimelineContent) -> tuple[str, ...]:
    if len(content.events) >= _MANY_EVENTS:
        return "alternating", "line", "cards"
    return "line", "cards", "alternating"


def _of_diagram(content: DiagramContent) -> tuple[str, ...]:
    if hub_of(content):
        return "hub", "flow", "tree"
    if ring_of(content):
        return "ring", "flow", "tree"
    return ("stairs", "flow", "tree") if chain_of(content) else ("flow", "tree")


def hub_of(content: DiagramContent) -> str:
    """Return the name of the box that one arrow joins to each of some others; empty if there is none."""
    others = len(content.boxes) - 1
    if others not in _AROUND or len(content.arrows) != others:
        return ""
    for box in content.boxes:
        ends = {arrow.source if arrow.target == box.name else arrow.target for arrow in content.arrows}
        if len(ends - {box.name}) == others and all(box.name in (each.source, each.target) for each in content.arrows):
            return box.name
    return ""


def ring_of(content: DiagramContent) -> tuple[str, ...]:
    """Return the names of the boxes in the order of arrows that lead from each to the next, and back to the first."""
    following = {arrow.source: arrow.target for arrow in content.arrows}
    if len(content.boxes) not in _AROUND or not len(following) == len(content.arrows) == len(content.boxes):
        return ()
    order = [content.boxes[0].name]
    while following[order[-1]] not in order:
        order.append(following[order[-1]])
    return tuple(order) if len(order) == len(content.boxes) and following[order[-1]] == order[0] else ()


def chain_of(content: DiagramContent) -> tuple[str, ...]:
    """Return the names of a few boxes in the order of arrows that lead from each to the next; none if they don't."""
    following = {arrow.source: arrow.target for arrow in content.arrows}
    firsts = [box.name for box in content.boxes if box.name not in following.values()]
    if len(content.boxes) not in _ON_STAIRS or not len(following) == len(content.arrows) == len(content.boxes) - 1:
        return ()
    order = firsts[:1]
    # Arrows may also lead from the first box into a circle, and some box then stands apart.
    while order and len(order) < len(content.boxes) and order[-1] in following:
        order.append(following[order[-1]])
    return tuple(order) if len(set(order)) == len(content.boxes) else ()


_RANKED: dict[type[Content], Callable[[Any], tuple[str, ...]]] = {
    BulletsContent: _of_bullets,
    ChapterContent: _of_chapter,
    StatisticsContent: _of_statistics,
    QuoteContent: _of_quote,
    QaContent: _of_qa,
    PeopleContent: _of_people,
    PictureContent: _of_picture,
    ChartContent: _of_chart,
    FormulaCardContent: _of_formula_card,
    DefinitionContent: _of_definition,
    TimelineContent: _of_timeline,
    DiagramContent: _of_diagram,
}
