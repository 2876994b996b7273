"""Passages: neighbouring sentences of a paragraph, told together, so that each is understood by the one before it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from callsheet.model.film.document import ParagraphBlock, QuoteBlock
from callsheet.model.requests.storyboard import StoryboardLine
from callsheet.writing.storyboard.drafts import SceneDraft, Telling, seconds_to_speak
from callsheet.writing.storyboard.parts import DocumentPart
from callsheet.writing.storyboard.points import LONGEST_TITLE, MOST_SENTENCES, draft_of_sentences
from callsheet.writing.storyboard.sentences import DocumentSentence, sentences_in, shown_form

_LONGEST_HEADLINE_S = 5.0
"""So long, a headline may stand over nothing."""
_WHOLE_PARAGRAPH = 1.3
"""The worth of a passage that begins with its paragraph: its first sentence says what it is about."""


def drafts_of_passages(part: DocumentPart, number: int, heading: str, telling: Telling) -> Iterator[SceneDraft]:
    """Yield a draft for the best passage of each paragraph of a part, under its heading.

    `number` is the place of the part among the document's parts. The heading stands above the first passage alone:
    above a later one stands its own first sentence.
    """
    for sentences in told_paragraphs(part, telling):
        passage = passage_of(sentences, telling)
        draft = draft_of_passage(passage, heading, number, telling) if passage else None
        if draft:
            yield replace(draft, is_passage=True)
            heading = ""


def told_paragraphs(part: DocumentPart, telling: Telling) -> Iterator[list[DocumentSentence]]:
    """Yield the sentences of each paragraph of a part. A quotation of a person is none."""
    for place, block in part.blocks:
        if isinstance(block, ParagraphBlock) or (isinstance(block, QuoteBlock) and not block.by_whom):
            yield list(sentences_in(block.prose, block.place, place, telling.language))


def passage_of(sentences: Sequence[DocumentSentence], telling: Telling) -> list[DocumentSentence]:
    """Return the neighbouring sentences of a paragraph that tell most; none if fewer than two can be told together.

    The first can be understood alone. The others may hang on the one before them.
    """
    best, most = list[DocumentSentence](), 0.0
    for first, sentence in enumerate(sentences):
        if not sentence.is_whole or not shown_form(sentence.text):
            continue
        passage = [sentence, *those_that_follow(sentences, first)][:MOST_SENTENCES]
        told = sum(telling.rank(each.text) for each in passage) * (1 if first else _WHOLE_PARAGRAPH)
        if told > most:
            best, most = passage, told
    return best if len(best) > 1 else []


def those_that_follow(sentences: Sequence[DocumentSentence], place: int) -> list[DocumentSentence]:
    """Return the sentences right behind one of a paragraph that can be told after it, at most MOST_SENTENCES."""
    following = sentences[place + 1 : place + 1 + MOST_SENTENCES]
    return list(takewhile(lambda each: each.can_follow and shown_form(each.text), following))


def draft_of_passage(
    passage: Sequence[DocumentSentence], heading: str, number: int, telling: Telling
) -> SceneDraft | None:
    """Return a scene that shows each sentence in short and speaks it whole; None for one sentence that says little.

    Without a heading, a first sentence that is soon said is the headline of the others.
    """
    first = shown_form(passage[0].text, LONGEST_TITLE)
    is_soon_said = seconds_to_speak(passage[0].text) <= _LONGEST_HEADLINE_S
    if heading or len(passage) < MOST_SENTENCES or not first or not is_soon_said:
        return draft_of_sentences(heading, passage, number, telling)
    draft = draft_of_sentences(first, passage[1:], number, telling)
    if draft is None:
        return None
    headline = StoryboardLine(text=passage[0].text, at="title", places=(passage[0].place,))
    weight = telling.mean_rank(sentence.text for sentence in passage)
    return replace(draft, lines=(headline, *draft.lines), weight=weight)
