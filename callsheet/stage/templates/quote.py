"""Quote: the words of a person."""

from __future__ import annotations

from dataclasses import replace

from manim import Mobject, VGroup

from callsheet.errors import ContentTooLong
from callsheet.model.content import QuoteContent
from callsheet.stage.kit.beats import Beat, Page, directed, show
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.layout import split_text, stack, stack_height
from callsheet.stage.kit.motion import rise, together
from callsheet.stage.kit.pacing import reading_s
from callsheet.stage.kit.scale import Space, Step
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.templates.base import TemplateScene

_STEPS = (Step.LARGE, Step.HEADLINE, Step.TITLE, Step.LEAD)
_MOST_LINES = 5
_SHARE_ABOVE = 0.44
_TIGHTER = (0.9, 0.8, 0.7, 0.6)
"""Shares of the height that are tried for a long quotation, so that its pages are about equally full."""
_GAP = Space.WIDE


class QuoteScene(TemplateScene):
    """A quotation mark in the accent colour, the words, and who said them."""

    @staticmethod
    def compose(content: QuoteContent, kit: Kit) -> tuple[Page, ...]:
        """Return one page, or several if the words are many; the speaker comes last."""
        speaker = _attribution(content, kit)
        room = kit.safe.height - (stack_height(speaker, Space.HAIR) + _GAP if speaker else 0.0)
        texts = _texts(content.quote, kit, room - _mark(kit).height - Space.BASE)
        pages = [_page(content, kit, text, words, ()) for text, words in texts[:-1]]
        return directed((*pages, _page(content, kit, *texts[-1], speaker)), content.quote)


def _mark(kit: Kit) -> VGroup:
    return kit.sign("“", Step.GIANT, colour=kit.palette.accent)


def _attribution(content: QuoteContent, kit: Kit) -> tuple[TypeBlock, ...]:
    width = kit.safe.width
    speaker = kit.text(content.speaker, Step.LEAD, width, weight=600)
    source = kit.text(content.source, Step.CAPTION, width, colour=kit.palette.muted)
    return (speaker,) * bool(content.speaker) + (source,) * bool(content.source)


def _texts(quote: str, kit: Kit, room: float) -> list[tuple[TypeBlock, str]]:
    """Return the words in few lines of large type, or in as many blocks of small type as needed.

    Each block is at most `room` high.
    """
    for step in _STEPS:
        text = _text(quote, kit, step)
        if text.box_height <= min(room, _MOST_LINES * step.size * (1 + step.leading)):
            return [(text, quote)]
    if text.box_height <= room:
        return [(text, quote)]
    return [(_text(part, kit, _STEPS[-1]), part) for part in _parts(quote, kit, room)]


def _parts(quote: str, kit: Kit, room: float) -> tuple[str, ...]:
    """Return the words in as few parts as there can be, about equally long."""

    def split(height: float) -> tuple[str, ...]:
        return split_text(quote, lambda part: kit.text_height(part, _STEPS[-1], kit.safe.width) <= height, "quote")

    parts = split(room)
    for share in _TIGHTER:
        try:
            tighter = split(room * share)
        except ContentTooLong:
            break
        if len(tighter) > len(parts):
            break
        parts = tighter
    return parts


def _text(words: str, kit: Kit, step: Step) -> TypeBlock:
    return kit.text(words, step, kit.safe.width, weight=500 if step >= Step.TITLE else 400, balanced=True)


def _page(content: QuoteContent, kit: Kit, text: TypeBlock, words: str, attribution: tuple[TypeBlock, ...]) -> Page:
    """Return mark, words and attribution as one group, a little above the middle."""
    mark, safe = _mark(kit), kit.safe
    opening: list[Mobject] = [mark, text]
    height = stack_height(opening, Space.BASE)
    if attribution:
        height += _GAP + stack_height(attribution, Space.HAIR)
    top = safe.top - max(0.0, safe.height - height) * _SHARE_ABOVE
    foot = stack(opening, safe.left, top, Space.BASE)
    stack(attribution, safe.left, foot - _GAP, Space.HAIR)
    beats = [
        Beat(
            together(rise(mark), rise(text), lag_s=0.12), reading_s(words), (mark, text), parts={"quote": (mark, text)}
        )
    ]
    if attribution:
        names = [name for name in ("speaker", "source") if getattr(content, name)]
        parts = {name: (block,) for name, block in zip(names, attribution, strict=True)}
        beats.append(replace(show(*attribution, hold_s=1.2), parts=parts))
    return Page(tuple(beats))
