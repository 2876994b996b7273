"""Each block of a part as the scene that suits it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from callsheet.model.content import TemplateName
from callsheet.model.film.document import (
    Block,
    CodeBlock,
    CommandBlock,
    CommandEntry,
    FigureBlock,
    FormulaBlock,
    ListBlock,
    ParagraphBlock,
    QuoteBlock,
    TableBlock,
)
from callsheet.model.requests.storyboard import StoryboardLine
from callsheet.writing.storyboard.drafts import BlockSpot, SceneDraft, Telling
from callsheet.writing.storyboard.exhibits import (
    draft_of_code,
    draft_of_commands,
    draft_of_figure,
    draft_of_formulas,
    draft_of_quote,
)
from callsheet.writing.storyboard.parts import DocumentPart
from callsheet.writing.storyboard.passages import drafts_of_passages, told_paragraphs
from callsheet.writing.storyboard.points import (
    best_sentences,
    draft_of_list,
    draft_of_sentences,
    draft_of_table,
    point_of,
)
from callsheet.writing.storyboard.sentences import (
    CHINESE_OR_JAPANESE,
    LONGEST_SHOWN,
    MOST_WORDS,
    DocumentSentence,
    can_introduce,
    hangs,
    has_address,
    is_sentence,
    outlasts,
    sentences_in,
    shown_form,
    word_count,
    written,
)

_LEAST_PARTS = 3
_LEADS = 3
_LONGEST_POINT = 60
_OVERVIEW = 1.6
_PROCEDURE = 0.6
"""Sentences between pieces of code say little without them."""
_NOW = re.compile(r"^(?:now|so|then|next|okay|ok|nun|jetzt),? (\w)", re.IGNORECASE)
_FOR_EXAMPLE = re.compile(
    r"(?:(?:here is )?an? example|(?:for )?(?:example|instance)|(?:zum )?beispiel)[.:]", re.IGNORECASE
)
_TYPED = re.compile(r"(?:pip|pipx|uv|conda|npm|npx|yarn|cargo|go|brew|apt|apt-get|sudo|docker|git|make|python3? -m) \S")


def drafts_of_part(part: DocumentPart, number: int, telling: Telling) -> Iterator[SceneDraft]:
    """Yield a draft for each block that can be shown, and one for the sentences of the part.

    `number` is the place of the part among the document's parts.
    """
    for place in range(len(part.blocks)):
        draft = _draft_of_block(part, number, place, telling)
        if draft:
            yield draft
    title = BlockSpot(part, number, 0, part.blocks[0][1].place, None).heading if part.blocks else ""
    passages = list(drafts_of_passages(part, number, title, telling))
    if not passages:
        draft = draft_of_sentences(title, best_sentences(sentences_of_part(part, telling), telling), number, telling)
        passages = [draft] if draft else []
    for passage in passages:
        yield replace(passage, weight=passage.weight * (_PROCEDURE if part.is_procedure else 1))


def sentences_of_part(part: DocumentPart, telling: Telling) -> list[DocumentSentence]:
    """Return the sentences of its paragraphs that can be understood alone."""
    return [sentence for told in told_paragraphs(part, telling) for sentence in told if sentence.is_whole]


def _draft_of_block(part: DocumentPart, number: int, place: int, telling: Telling) -> SceneDraft | None:
    """Return the scene of a block; that of all commands or formulas of a part for the first of them."""
    at, block = part.blocks[place]
    block = _typed(block)
    spot = BlockSpot(part, number, at, block.place, _lead(part, place, telling))
    is_first_of_kind = all(each.kind != block.kind for _, each in part.blocks[:place])
    draft: SceneDraft | None = None
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
        case CommandBlock() if is_first_of_kind:
            later = [(index, each) for index, (_, each) in enumerate(part.blocks) if index > place]
            others = [(each, _lead(part, index, telling)) for index, each in later if isinstance(each, CommandBlock)]
            draft = draft_of_commands([(block, spot.lead), *others], spot, telling)
        case FormulaBlock() if is_first_of_kind:
            draft = draft_of_formulas([each for _, each in part.blocks if isinstance(each, FormulaBlock)], spot)
    return draft


def _typed(block: Block) -> Block:
    """Return code without a language as commands, if each of its lines begins like one."""
    if not isinstance(block, CodeBlock) or block.language or not all(map(_TYPED.match, block.text.splitlines())):
        return block
    entries = tuple(CommandEntry(command=line) for line in block.text.splitlines())
    return CommandBlock(place=block.place, entries=entries) if entries else block


def _lead(part: DocumentPart, place: int, telling: Telling) -> StoryboardLine | None:
    """Return the sentence just before a block, which introduces it."""
    if place and isinstance(part.blocks[place][1], FigureBlock) and isinstance(part.blocks[place - 1][1], CodeBlock):
        # In a notebook, the code that draws a picture stands between.
        place -= 1
    at, block = part.blocks[place - 1] if place else (0, None)
    if not isinstance(block, ParagraphBlock):
        return None
    sentences = list(sentences_in(block.prose, block.place, at, telling.language))
    if not sentences:
        return None
    last = sentences[-1]
    if _FOR_EXAMPLE.fullmatch(last.text):
        return _before_an_example(part, place, sentences, telling)
    said = _NOW.sub(lambda found: found[1].upper(), last.text)
    text = telling.sentence(said)
    has_colon = said.endswith((":", "："))
    if has_colon and isinstance(part.blocks[place][1], ListBlock):
        # The points go on where it ends.
        is_lead, text = is_sentence(text) and not hangs(text), said
    else:
        is_lead = (has_colon or (place == 1 and last.position == 0)) and is_sentence(text) and can_introduce(text)
    return StoryboardLine(text=text, places=(block.place,)) if is_lead else None


def _before_an_example(
    part: DocumentPart, place: int, sentences: Sequence[DocumentSentence], telling: Telling
) -> StoryboardLine | None:
    """Return what code is an example of: the sentence before “for example”, else its heading and these words."""
    if not isinstance(part.blocks[place][1], CodeBlock):
        return None
    *_, before = (None, *sentences[:-1])
    if before and is_sentence(before.text) and can_introduce(before.text):
        return StoryboardLine(text=before.text, places=(before.place,))
    words = sentences[-1].text
    if part.level and part.heading:
        words = f"{part.heading}: {words[:1].lower()}{words[1:]}"
    return StoryboardLine(text=telling.sentence(words), places=(sentences[-1].place,))


def overviews(parts: Sequence[DocumentPart], telling: Telling) -> Iterator[SceneDraft]:
    """Yield a draft for each heading that has nothing under it but parts: their names, and what each says first.

    What is said is shown beside the names, of the parts where it is short enough. If there are too few of these, the
    names are shown alone, and where a name would stand for long, it alone is spoken: never most of them.
    """
    for number, head in enumerate(parts):
        if head.blocks or not head.level:
            continue
        deeper = _parts_under(head, parts[number + 1 :])
        points = [point for part in deeper if part.level == head.level + 1 and (point := _point_of(part, telling))]
        if len(points) < _LEAST_PARTS or not head.heading:
            continue
        named = [point for point in points if _named(point[0].heading, point[1])]
        told = (named if len(named) >= _LEAST_PARTS else points)[: telling.most_points]
        shown = [_named(part.heading, text) for part, text in told]
        if not all(shown):
            shown = [part.heading for part, _ in told]
            long = [outlasts(text, part.heading) for part, text in told]
            if sum(long) * 2 > len(told):
                continue
            told = [
                (part, telling.sentence(part.heading) if is_long else text)
                for (part, text), is_long in zip(told, long, strict=True)
            ]
        lines = [
            StoryboardLine(text=text, at=f"points.{place}", places=(part.blocks[0][1].place,))
            for place, (part, text) in enumerate(told)
        ]
        content = {"title": head.heading, "points": shown}
        places = tuple(place for line in lines for place in line.places)
        yield SceneDraft(
            head.heading, TemplateName.BULLETS, content, tuple(lines), places, number, head.place, _OVERVIEW
        )


def _named(name: str, text: str) -> str:
    """Return what is said of a thing as a picture shows it, behind its name; empty if it is long."""
    if text.startswith(f"{name}:"):
        return shown_form(text)
    colon = "：" if CHINESE_OR_JAPANESE.search(name) else ": "
    shown = shown_form(text, LONGEST_SHOWN - len(name))
    return f"{name}{colon}{shown}" if shown else ""


def _parts_under(head: DocumentPart, following: Sequence[DocumentPart]) -> Iterator[DocumentPart]:
    return takewhile(lambda part: part.level > head.level, following)


def texts_of_part(part: DocumentPart, language: str) -> Iterator[tuple[str, bool]]:
    """Yield each text among which drafts choose, and whether it begins a paragraph."""
    for place, block in part.blocks:
        if isinstance(block, ParagraphBlock | QuoteBlock):
            for sentence in sentences_in(block.prose, block.place, place, language):
                yield sentence.text, sentence.position == 0
        elif isinstance(block, ListBlock):
            yield from ((written(item.prose), False) for item in block.items if item.depth == 0)


def _point_of(part: DocumentPart, telling: Telling) -> tuple[DocumentPart, str] | None:
    """Return a part with what it says in a sentence: the leads of its first list, or its first sentence."""
    if not part.blocks or not 0 < len(part.heading) <= _LONGEST_POINT:
        return None
    first = part.blocks[0][1]
    if isinstance(first, ListBlock):
        points = [point_of(item.prose, telling) for item in first.items if item.depth == 0]
        leads = [point.shown.partition(": ")[0] for point in points if point][:_LEADS]
        text = telling.sentence(f"{part.heading}: {', '.join(leads)}" if leads else part.heading)
        return None if has_address(text) or word_count(text) > MOST_WORDS else (part, text)
    sentences = sentences_of_part(part, telling)
    return (part, sentences[0].text) if sentences else None
