"""Quote: the words of a person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from manim import Mobject, VGroup

from callsheet.errors import ContentTooLong
from callsheet.model.content import QuoteContent
from callsheet.stage.kit.beats import Beat, Page, directed, show
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area
from callsheet.stage.kit.layout import split_text, stack, stack_height
from callsheet.stage.kit.motion import CALM_S, fade, rise, together, wipe
from callsheet.stage.kit.pacing import reading_s
from callsheet.stage.kit.scale import LINE_THICKNESS, Space, Step
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.templates.base import TemplateScene

_STEPS = (Step.LARGE, Step.HEADLINE, Step.TITLE, Step.LEAD)
_MOST_LINES = 5
_SHARE_ABOVE = 0.44
_TIGHTER = (0.9, 0.8, 0.7, 0.6)
"""Shares of the height that are tried for a long quotation, so that its pages are about equally full."""
_GAP = Space.WIDE
_SPEAKER_S = 1.2


_COLOUR_STEPS = (Step.GIANT, Step.DISPLAY, Step.LARGE, Step.HEADLINE, Step.TITLE, Step.LEAD)
_FEW_LINES, _MANY_LINES = 4, 9
_FEW_WORDS = 12
"""Words that are set in few lines: with more, a short word would stand alone on a line."""
_PANEL_SHARE, _PANEL_SHARE_BELOW, _PANEL_SHARE_OF_SQUARE = 0.36, 0.3, 0.42
_PANEL_PADDING = 0.5
_RULE_LENGTH = 1.1
_MARK_SHARE, _MARK_SHARE_BESIDE = 0.36, 0.5
_PALE = 0.14
"""Opacity of the sign behind words on a coloured ground."""


class QuoteScene(TemplateScene):
    """The words in one of three compositions.

    `marks`: a quotation mark in the accent's colour, the words, and who said them. `panel`: the speaker on a surface at
    the edge of the frame, the words beside it. `colour`: large words on the accent's colour.
    """

    @staticmethod
    def compose(content: QuoteContent, kit: Kit) -> tuple[Page, ...]:
        """Return one page, or several if the words are many; the speaker comes last."""
        for name in kit.compositions(content):
            pages = _PAGES[name](content, kit)
            if pages:
                return directed(pages, content.quote)
        return directed(_marks(content, kit), content.quote)


def _marks(content: QuoteContent, kit: Kit) -> tuple[Page, ...]:
    """Return the mark, the words and the speaker one under the other, over as many pages as they need."""
    speaker = _attribution(content, kit)
    room = kit.safe.height - (stack_height(speaker, Space.HAIR) + _GAP if speaker else 0.0)
    texts = _texts(content.quote, kit, room - _mark(kit).height - Space.BASE)
    pages = [_page(content, kit, text, words, ()) for text, words in texts[:-1]]
    return (*pages, _page(content, kit, *texts[-1], speaker))


def _on_panel(content: QuoteContent, kit: Kit) -> tuple[Page, ...]:
    """Return a surface at the edge of the frame with mark and speaker; the words beside it, or above in portrait."""
    whole, safe = kit.frame.whole, kit.safe
    if kit.frame.is_portrait:
        share = _PANEL_SHARE_BELOW if kit.frame.is_tall else _PANEL_SHARE_OF_SQUARE
        room, place = safe.rows([1 - share, share], Space.SECTION)
        surface = Area(whole.left, place.top + _PANEL_PADDING, whole.width, place.top + _PANEL_PADDING - whole.bottom)
    else:
        place, room = safe.columns([_PANEL_SHARE, 1 - _PANEL_SHARE], Space.SECTION + _PANEL_PADDING)
        surface = Area(whole.left, whole.top, place.right + _PANEL_PADDING - whole.left, whole.height)
    text = kit.largest(content.quote, _STEPS, room.width, height=room.height, lines=_lines(content), weight=500)
    upon = kit.on_accent()
    mark = _mark(upon)
    speaker = _attribution(content, upon, place.width)
    rule = kit.block(Area(0, 0, min(_RULE_LENGTH, place.width), LINE_THICKNESS * 2), upon.palette.text)
    about: tuple[Mobject, ...] = (mark, rule, *speaker) if speaker else (mark,)
    needed = stack_height(about, Space.SNUG) + Space.SNUG
    if text is None or needed > place.height:
        return ()
    foot = stack([mark], place.left, place.top - (place.height - needed) * _SHARE_ABOVE, 0)
    if speaker:
        stack((rule, *speaker), place.left, foot - 2 * Space.SNUG, Space.SNUG)
    text.place(room.left, room.top - (room.height - text.box_height) * _SHARE_ABOVE)
    ground = kit.block(surface, kit.palette.accent)
    opening = Beat(together(wipe(ground), rise(mark), lag_s=0.25), 0.0, (ground, mark), is_anchor=True)
    said = Beat(rise(text), reading_s(content.quote), (text,), parts={"quote": (text,)})
    return (Page((opening, said, *_named(content, speaker, (rule,)))),)


def _on_colour(content: QuoteContent, kit: Kit) -> tuple[Page, ...]:
    """Return large words in the middle of the accent's colour, which fills the frame, over a large pale mark."""
    upon, safe = kit.on_accent(), kit.safe
    speaker = _attribution(content, upon)
    rule = kit.block(Area(0, 0, _RULE_LENGTH, LINE_THICKNESS * 2), upon.palette.text)
    foot: tuple[Mobject, ...] = (rule, *speaker) if speaker else ()
    below = stack_height(foot, Space.SNUG) + _GAP if foot else 0.0
    text = upon.largest(
        content.quote, _COLOUR_STEPS, safe.width, height=safe.height - below, lines=_lines(content), weight=650
    )
    if text is None:
        return ()
    height = text.box_height + below
    end = stack([text], safe.left, safe.top - (safe.height - height) * _SHARE_ABOVE, 0)
    stack(foot, safe.left, end - _GAP, Space.SNUG)
    ground = kit.block(kit.frame.whole, kit.palette.accent)
    side = min(kit.frame.width, kit.frame.height) * (_MARK_SHARE if kit.frame.is_portrait else _MARK_SHARE_BESIDE)
    mark = upon.sign("”", Step.GIANT).set_opacity(_PALE)
    mark.scale_to_fit_width(side)
    mark.move_to((kit.frame.whole.right - side * 0.65, kit.frame.whole.bottom + side * 0.55, 0))
    opening = Beat(
        together(wipe(ground), fade(mark, duration_s=CALM_S), lag_s=0.3), 0.0, (ground, mark), is_anchor=True
    )
    said = Beat(rise(text), reading_s(content.quote), (text,), parts={"quote": (text,)})
    return (Page((opening, said, *_named(content, speaker, (rule,)))),)


def _named(
    content: QuoteContent, attribution: Sequence[TypeBlock], before: tuple[Mobject, ...] = ()
) -> tuple[Beat, ...]:
    """Return the beat in which speaker and source appear, after the rule `before` them is drawn; none without both."""
    if not attribution:
        return ()
    names = [name for name in ("speaker", "source") if getattr(content, name)]
    parts = {name: (block,) for name, block in zip(names, attribution, strict=True)}
    shown = replace(show(*attribution, hold_s=_SPEAKER_S), parts=parts)
    if not before:
        return (shown,)
    return (replace(shown, motion=together(wipe(*before), shown.motion, lag_s=0.2), shows=(*before, *attribution)),)


def _lines(content: QuoteContent) -> int:
    return _FEW_LINES if len(content.quote.split()) <= _FEW_WORDS else _MANY_LINES


def _mark(kit: Kit) -> VGroup:
    return kit.sign("“", Step.GIANT, colour=kit.palette.accent)


def _attribution(content: QuoteContent, kit: Kit, within: float = 0.0) -> tuple[TypeBlock, ...]:
    width = within or kit.safe.width
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
    return Page((*beats, *_named(content, attribution)))


_PAGES: dict[str, Callable[[QuoteContent, Kit], tuple[Page, ...]]] = {
    "marks": _marks,
    "panel": _on_panel,
    "colour": _on_colour,
}
