"""Lists, tables and paragraphs as scenes of points: what a point shows in short, the voice says whole."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from callsheet.model.content import TemplateName
from callsheet.model.film.document import InlineText, ListBlock, MarkKind, TableBlock
from callsheet.model.requests.storyboard import StoryboardLine
from callsheet.writing.storyboard.drafts import BlockSpot, SceneDraft, Telling
from callsheet.writing.storyboard.ranking import ALIKE, likeness
from callsheet.writing.storyboard.sentences import (
    CHINESE_OR_JAPANESE,
    LONGEST_SHOWN,
    MOST_WORDS,
    DocumentSentence,
    first_sentence,
    has_address,
    has_formula,
    is_advice,
    is_balanced,
    is_list_of_code,
    outlasts,
    shown_form,
    word_count,
    written,
)
from callsheet.writing.storyboard.tables import TableView, chart_of, comparison_of, statistics_of

MOST_SENTENCES = 3
_MOST_STEPS = 8
_LONGEST_ROW_NAME = 64
_LEAST_CELL_WORDS = 2
_ROOM = 420
"""Characters of all points of a scene, if they show more than their names."""
_TO_THE_NEXT = re.compile(r"[;,] ?(?:and|or|und|oder)?[.]?$|(?<=\w) (?:and|or|und|oder)[.]?$")
"""What leads from one item of a list to the next: it ends no point."""
_INTRODUCED = 1.5
"""The weight of a list that a sentence introduces."""
_LONGEST_TERM = 60
LONGEST_TITLE = 90
_BOX = 26
_LEAD_WORDS = 6
_UNFINISHED = re.compile(r"\b(?:the|an?|and|or|nor|und|oder|der|die|das|eine?)\W*$", re.IGNORECASE)
_SENDS_AWAY = re.compile(r"(?:see|consult|visit|check out|read|siehe|lies)\b", re.IGNORECASE)
_NAMELESS = re.compile(r"(?:it|they|this|these|he|she|er|sie|es|dies\w*)\b", re.IGNORECASE)
_STRONG_WORDS = 8
_LEAD = re.compile(r"^(.{2,60}?)\s*(?::\s|\s[–—-]{1,2}\s|：|——)\s*(?=\S)")
_WHEN = re.compile(r"(.{1,32}?)(?::|：) ?(.+)$")
_TIME = re.compile(
    r"(?:\d{3,4}\b|c\. ?\d|phase|step|week|day|month|year|q[1-4]\b|v?\d+\.\d|stage|monday|tuesday|january|"
    r"schritt|woche|tag|jahr|stufe|第.{1,3}[步阶])",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class ToldPoint:
    """What a point shows, the sentence that says it, and the text of the document that both come from."""

    shown: str
    spoken: str
    written: str
    short: str = ""
    """What it shows beside a point that is too long to be shown whole: its name alone."""


def draft_of_list(block: ListBlock, spot: BlockSpot, telling: Telling) -> SceneDraft | None:
    """Return a list as bullets, a timeline, or boxes in a row; None if its points can't be told."""
    outer = [item.prose for item in block.items if item.depth == 0]
    here = [prose for prose in outer if not _points_away(prose)]
    if len(here) * 2 < len(outer) or (block.is_ordered and len(outer) > _MOST_STEPS):
        return None
    points = [point for prose in here if (point := point_of(prose, telling))]
    if len(points) < 2 or (block.is_ordered and len(points) < len(outer)):
        return None
    if not block.is_ordered:
        points = _best(points, telling)
    points = _alike(points, telling, all_told=block.is_ordered)
    template, content, field = _shape(points, is_ordered=block.is_ordered)
    lines = [spot.line(telling, point.spoken, f"{field}.{place}") for place, point in enumerate(points)]
    weight = (_INTRODUCED if spot.lead else 1.25) * telling.mean_rank(point.written for point in points)
    opening = spot.opening(telling, "title" if spot.heading else f"{field}.0")
    return spot.draft(template, {**spot.title, **content}, (*opening, *lines), weight, points[0].shown)


def draft_of_table(block: TableBlock, spot: BlockSpot, telling: Telling) -> SceneDraft | None:
    """Return a table as what its cells make of it, else its rows as points; None if they can't be told."""
    view = TableView.of(block, telling.language)
    caption = written(block.caption)
    title = caption if 0 < len(caption) <= LONGEST_TITLE else spot.heading
    shaped = chart_of(view, title, telling.phrases) or statistics_of(view, title) or comparison_of(view, title)
    if shaped:
        template, content, said = shaped
        opening = spot.opening(telling, "title" if "title" in content else said[0][0])
        lines = [spot.line(telling, _capitalized(text), at) for at, text in said]
        return spot.draft(template, content, (*opening, *lines), 1.6, title or view.name(0))
    told = [point for row in view.rows if (point := _row(view, row, telling))]
    points = _alike(_best(told, telling), telling)
    if len(points) < 2 or all(word_count(row[view.wordiest]) < _LEAST_CELL_WORDS for row in view.rows):
        return None
    lines = [spot.line(telling, point.spoken, f"points.{place}") for place, point in enumerate(points)]
    heading = {"title": title} if title else {}
    content = {**heading, "points": [point.shown for point in points]}
    opening = spot.opening(telling, "title" if title else "points.0")
    return spot.draft(TemplateName.BULLETS, content, (*opening, *lines), 1.0, points[0].shown)


def draft_of_sentences(
    title: str, chosen: Sequence[DocumentSentence], number: int, telling: Telling
) -> SceneDraft | None:
    """Return a scene that shows sentences in short and speaks them whole."""
    if not chosen:
        return None
    if len(chosen) == 1 and (not 0 < len(title) <= _LONGEST_TERM or is_advice(chosen[0].text)):
        return None
    shown = [shown_form(sentence.text) for sentence in chosen]
    content: dict[str, Any] = {**({"title": title} if title else {}), "points": shown}
    template, ats = TemplateName.BULLETS, [f"points.{place}" for place in range(len(chosen))]
    if len(chosen) == 1 and shown[0].lower().startswith(title.lower()):
        template, content, ats = TemplateName.DEFINITION, {"term": title, "meaning": shown[0]}, ["meaning"]
    elif len(chosen) == 1:
        template, content, ats = TemplateName.CALLOUT, {"kicker": title, "sentence": shown[0]}, ["sentence"]
    lines = tuple(
        StoryboardLine(text=sentence.text, at=at, places=(sentence.place,))
        for sentence, at in zip(chosen, ats, strict=True)
    )
    places = tuple(dict.fromkeys(sentence.place for sentence in chosen))
    weight = telling.mean_rank(sentence.text for sentence in chosen)
    return SceneDraft(title or shown[0], template, content, lines, places, number, chosen[0].block, weight)


def best_sentences(told: Sequence[DocumentSentence], telling: Telling) -> list[DocumentSentence]:
    """Return the sentences that tell most and can be shown in short, in their order."""
    best: list[DocumentSentence] = []
    for sentence in sorted(told, key=lambda sentence: -telling.rank(sentence.text)):
        is_told = any(likeness(sentence.text, other.text) > ALIKE for other in best)
        if shown_form(sentence.text) and not is_told and len(best) < MOST_SENTENCES:
            best.append(sentence)
    return sorted(best, key=lambda sentence: (sentence.block, sentence.position))


def point_of(prose: InlineText, telling: Telling) -> ToldPoint | None:
    """Return an item of a list as a point; None if it can't be told."""
    text = _TO_THE_NEXT.sub("", written(prose))
    lead, rest = _lead_of(prose, text)
    if not lead:
        first = first_sentence(text, telling.language)
        shown = shown_form(first)
        is_clear = (first[:1].isalnum() or first[:1] in "`$") and not _NAMELESS.match(first)
        if not shown or not is_clear or not _can_be_said(first) or _UNFINISHED.search(first):
            return None
        return ToldPoint(_capitalized(shown), telling.sentence(_capitalized(first)), text)
    rest = first_sentence(rest, telling.language)
    colon = "：" if CHINESE_OR_JAPANESE.search(lead) else ": "
    whole = f"{lead}{colon}{rest}" if rest else lead
    if not _can_be_said(whole) or _UNFINISHED.search(whole):
        rest, whole = "", lead
    if not _can_be_said(lead):
        return None
    shown_rest = shown_form(rest, LONGEST_SHOWN - len(lead))
    shown = f"{lead}{colon}{shown_rest}" if shown_rest else lead
    return ToldPoint(_capitalized(shown), telling.sentence(_capitalized(whole)), text, _capitalized(lead))


def _can_be_said(text: str) -> bool:
    """Return whether a voice can say a point: no address, no formula, no half of a pair, no list of code, not long."""
    is_prose = not has_address(text) and not has_formula(text) and not is_list_of_code(text)
    return is_prose and is_balanced(text) and word_count(text) <= MOST_WORDS


def _alike(points: Sequence[ToldPoint], telling: Telling, *, all_told: bool = False) -> list[ToldPoint]:
    """Return points of which all that have a name show more than it, or none does.

    If names alone would stand for long while more is said of them, fewer points are told, with what is said of them.
    Where each point must be told, or no two have room, such a point says its name alone.
    """
    names = [replace(point, shown=point.short) if point.short else point for point in points]
    if _have_room(points):
        return list(points)
    if not any(outlasts(point.spoken, point.shown) for point in names):
        return names
    fewer = [] if all_told else _those_with_room(points, telling)
    if len(fewer) > 1:
        return fewer
    return [
        replace(point, spoken=telling.sentence(point.shown)) if outlasts(point.spoken, point.shown) else point
        for point in names
    ]


def _have_room(points: Sequence[ToldPoint]) -> bool:
    """Return whether there is room to show more of each point than its name."""
    return sum(len(point.shown) for point in points) <= _ROOM and all(
        len(point.shown) > len(point.short) for point in points if point.short
    )


def _those_with_room(points: Sequence[ToldPoint], telling: Telling) -> list[ToldPoint]:
    """Return the points that tell most, of those of which more than the name has room, in their order."""
    kept: list[ToldPoint] = []
    for point in sorted(points, key=lambda point: -telling.rank(point.written)):
        if _have_room([*kept, point]):
            kept.append(point)
    return [point for point in points if point in kept]


def _capitalized(text: str) -> str:
    """Return words that begin with a capital letter, unless their first word is a name of a file or of code."""
    first = text.split(" ", 1)[0].rstrip(":,;")
    has_capital = len(text[:1].upper()) == 1  # ß has none
    is_name = any(sign in first for sign in "./_\\`$@=")
    return text[:1].upper() + text[1:] if has_capital and not is_name else text


def _lead_of(prose: InlineText, text: str) -> tuple[str, str]:
    """Return the words with which an item begins before a colon or a dash, or that are set strong, and the rest."""
    found = _LEAD.match(text)
    if found and is_balanced(found[1]) and word_count(found[1]) <= _LEAD_WORDS:
        return found[1].strip(), text[found.end() :].strip()
    strong = next(iter(prose.marked(MarkKind.STRONG)), "")
    if strong and text.startswith(strong) and 1 <= word_count(strong) <= _STRONG_WORDS:
        return strong.rstrip(" :.–—-"), text[len(strong) :].lstrip(" :.–—-")
    return "", text


def _shape(points: Sequence[ToldPoint], *, is_ordered: bool) -> tuple[TemplateName, dict[str, Any], str]:
    """Return the template that suits points, its content, and the field that holds them."""
    shown = [point.shown for point in points]
    pairs = [found.groups() if (found := _WHEN.match(each)) else ("", "") for each in shown]
    if all(when and _TIME.match(when) for when, _ in pairs):
        return TemplateName.TIMELINE, {"events": [{"when": when, "what": what} for when, what in pairs]}, "events"
    if is_ordered and 3 <= len(shown) <= 6 and all(len(each) <= _BOX for each in shown):
        boxes = [{"name": f"step{place}", "label": each} for place, each in enumerate(shown)]
        arrows = [{"source": f"step{place}", "target": f"step{place + 1}"} for place in range(len(shown) - 1)]
        return TemplateName.DIAGRAM, {"boxes": boxes, "arrows": arrows}, "boxes"
    numbered = {"numbered": True} if is_ordered else {}
    return TemplateName.BULLETS, {"points": shown, **numbered}, "points"


def _best(points: list[ToldPoint], telling: Telling) -> list[ToldPoint]:
    """Return the points that tell most, in their order."""
    chosen = sorted(points, key=lambda point: -telling.rank(point.written))[: telling.most_points]
    return [point for point in points if point in chosen][: telling.most_points]


def _row(view: TableView, row: Sequence[str], telling: Telling) -> ToldPoint | None:
    """Return a row as a point: its first cell, and the first sentence of the cell with most words."""
    first, rest = row[0], row[view.wordiest] if view.wordiest else ""
    if not first or not rest or len(first) > _LONGEST_ROW_NAME:
        return None
    rest = first_sentence(rest, telling.language)
    whole = f"{first}: {rest}"
    if not _can_be_said(whole):
        return None
    shown_rest = shown_form(rest, LONGEST_SHOWN - len(first))
    return ToldPoint(f"{first}: {shown_rest}" if shown_rest else first, telling.sentence(whole), whole, first)


def _points_away(prose: InlineText) -> bool:
    """Return whether an item is a link, or names one: a viewer can't follow."""
    is_link = any(mark.kind is MarkKind.LINK and mark.end - mark.begin >= len(prose.text) - 2 for mark in prose.marks)
    text = written(prose)
    return is_link or bool(_SENDS_AWAY.match(text)) or has_address(_lead_of(prose, text)[1])
