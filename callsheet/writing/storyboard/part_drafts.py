"""Each block of a part as the scene that suits it."""

from collections.abc import Iterator, Sequence
from itertools import takewhile

from callsheet.model.content import TemplateName
from callsheet.model.film.document import (
    Block,
    CodeBlock,
    CommandBlock,
    FigureBlock,
    FormulaBlock,
    ListBlock,
    ParagraphBlock,
    QuoteBlock,
    TableBlock,
)
from callsheet.model.requests.storyboard import StoryboardLine
from callsheet.writing.storyboard.drafts import Draft, Spot, Telling
from callsheet.writing.storyboard.exhibits import (
    draft_of_code,
    draft_of_commands,
    draft_of_figure,
    draft_of_formulas,
    draft_of_quote,
)
from callsheet.writing.storyboard.parts import Part
from callsheet.writing.storyboard.points import (
    MOST_POINTS,
    best_sentences,
    draft_of_list,
    draft_of_sentences,
    draft_of_table,
    point_of,
)
from callsheet.writing.storyboard.sentences import Sentence, can_introduce, is_sentence, sentences_in, written

_LEAST_PARTS = 3
_LEADS = 3
_LONGEST_POINT = 60
_OVERVIEW = 1.6


def drafts_of_part(part: Part, number: int, telling: Telling) -> Iterator[Draft]:
    """Yield a draft for each block that can be shown, and one for the sentences of the part.

    `number` is the place of the part among the document's parts.
    """
    for place in range(len(part.blocks)):
        draft = _draft_of_block(part, number, place, telling)
        if draft:
            yield draft
    title = Spot(part, number, 0, part.blocks[0][1].place, None).heading if part.blocks else ""
    draft = draft_of_sentences(title, best_sentences(sentences_of_part(part, telling), telling), number, telling)
    if draft:
        yield draft


def sentences_of_part(part: Part, telling: Telling) -> list[Sentence]:
    """Return the sentences of its paragraphs that can be understood alone."""
    return [
        sentence
        for place, block in part.blocks
        if isinstance(block, ParagraphBlock) or (isinstance(block, QuoteBlock) and not block.by_whom)
        for sentence in sentences_in(block.prose, block.place, place, telling.language)
        if sentence.is_whole
    ]


def _draft_of_block(part: Part, number: int, place: int, telling: Telling) -> Draft | None:
    """Return the scene of a block; that of all commands or formulas of a part for the first of them."""
    at, block = part.blocks[place]
    spot = Spot(part, number, at, block.place, _lead(part, place, telling))
    draft: Draft | None = None
    match block:
        case ListBlock():
            draft = draft_of_list(block, spot, telling)
        case TableBlock():
            draft = draft_of_table(block, spot, telling)
        case CodeBlock():
            draft = draft_of_code(block, spot, telling)
        case FigureBlock():
            draft = draft_of_figure(block, spot, telling)
        case QuoteBlock():
            draft = draft_of_quote(block, spot, telling)
        case CommandBlock() if _is_first(block, part):
            leads = [
                (each, _lead(part, place, telling))
                for place, (_, each) in enumerate(part.blocks)
                if isinstance(each, CommandBlock)
            ]
            draft = draft_of_commands(leads, spot, telling)
        case FormulaBlock() if _is_first(block, part):
            draft = draft_of_formulas([each for _, each in part.blocks if isinstance(each, FormulaBlock)], spot)
    return draft


def _is_first(block: Block, part: Part) -> bool:
    """Return whether a block is the first of its kind in a part."""
    return next(each for _, each in part.blocks if each.kind == block.kind) is block


def _lead(part: Part, place: int, telling: Telling) -> StoryboardLine | None:
    """Return the sentence just before a block, which introduces it."""
    at, block = part.blocks[place - 1] if place else (0, None)
    if not isinstance(block, ParagraphBlock):
        return None
    last = next(reversed(list(sentences_in(block.prose, block.place, at, telling.language))), None)
    text = telling.sentence(last.text) if last else ""
    return StoryboardLine(text=text, places=(block.place,)) if is_sentence(text) and can_introduce(text) else None


def overviews(parts: Sequence[Part], telling: Telling) -> Iterator[Draft]:
    """Yield a draft for each heading that has nothing under it but parts: their names, and what each says first."""
    for number, head in enumerate(parts):
        if head.blocks or not head.level:
            continue
        deeper = _parts_under(head, parts[number + 1 :])
        points = [point for part in deeper if part.level == head.level + 1 and (point := _point_of(part, telling))]
        if len(points) < _LEAST_PARTS or not head.heading:
            continue
        shown = [part.heading for part, _ in points[:MOST_POINTS]]
        lines = [
            StoryboardLine(text=text, at=f"points.{place}", places=(part.blocks[0][1].place,))
            for place, (part, text) in enumerate(points[:MOST_POINTS])
        ]
        content = {"title": head.heading, "points": shown}
        places = tuple(place for line in lines for place in line.places)
        yield Draft(head.heading, TemplateName.BULLETS, content, tuple(lines), places, number, head.place, _OVERVIEW)


def _parts_under(head: Part, following: Sequence[Part]) -> Iterator[Part]:
    return takewhile(lambda part: part.level > head.level, following)


def texts_of_part(part: Part, language: str) -> Iterator[tuple[str, bool]]:
    """Yield each text among which drafts choose, and whether it begins a paragraph."""
    for place, block in part.blocks:
        if isinstance(block, ParagraphBlock | QuoteBlock):
            for sentence in sentences_in(block.prose, block.place, place, language):
                yield sentence.text, sentence.position == 0
        elif isinstance(block, ListBlock):
            yield from ((written(item.prose), False) for item in block.items if item.depth == 0)


def _point_of(part: Part, telling: Telling) -> tuple[Part, str] | None:
    """Return a part with what it says in a sentence: the leads of its first list, or its first sentence."""
    if not part.blocks or not 0 < len(part.heading) <= _LONGEST_POINT:
        return None
    first = part.blocks[0][1]
    if isinstance(first, ListBlock):
        points = [point_of(item.prose, telling) for item in first.items if item.depth == 0]
        leads = [point.shown.partition(": ")[0] for point in points if point][:_LEADS]
        return part, telling.sentence(f"{part.heading}: {', '.join(leads)}") if leads else part.heading
    sentences = sentences_of_part(part, telling)
    return (part, sentences[0].text) if sentences else None
