"""Questions, each with its answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import pi

from manim import Mobject, VMobject

from callsheet.model.content import QaContent
from callsheet.stage.kit.beats import Beat, Page, clear, directed, heading
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area, arc
from callsheet.stage.kit.inline import is_right_to_left
from callsheet.stage.kit.layout import must_fit, overflows, paginate, stack_height
from callsheet.stage.kit.marks import polygon
from callsheet.stage.kit.motion import CALM_S, carry, extend, fade, leave, rise, together, wipe
from callsheet.stage.kit.pacing import reading_s
from callsheet.stage.kit.scale import LINE_THICKNESS, SHRINKS, Space, Step
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.templates.base import TemplateScene

_QUESTION_STEPS = (Step.GIANT, Step.DISPLAY, Step.LARGE, Step.HEADLINE, Step.TITLE, Step.LEAD)
_ANSWER_STEPS = (Step.DISPLAY, Step.LARGE, Step.HEADLINE, Step.TITLE, Step.LEAD, Step.BODY)
_QUESTION_LINES, _ANSWER_LINES = 5, 7
_QUESTION_SHARE, _BAND_SHARE, _BAND_SHARE_OF_SQUARE = 0.8, 0.22, 0.2
"""Height of a question as a share of the safe area: alone, and above its answer."""
_LEAST_SHRINK, _MOST_SHRINK = 0.46, 0.75
"""Factors by which a question becomes smaller when it gives way."""
_LEAST_SIZE = 0.22
"""Size of the type of a question above its answer, in units, at least."""
_BAND_PADDING = 0.5
_MARK_SHARE, _MARK_SHARE_ABOVE = 0.62, 0.5
"""Height of the sign behind a question as a share of the frame's, and of the frame's width in portrait."""
_PALE = 0.14
_ABOVE_MIDDLE = 0.44

_BUBBLE_STEPS = (Step.HEADLINE, Step.TITLE, Step.LEAD, Step.BODY)
_BUBBLE_LINES = 5
_BUBBLE_SHARE, _BUBBLE_SHARE_ABOVE = 0.78, 1.0
"""Width of a bubble as a share of the room, at most; the rest shows who speaks."""
_PADDING_X, _PADDING_Y = 0.34, 0.22
_TAIL_WIDTH, _TAIL_HEIGHT = 0.26, 0.38
_ROUNDER, _ROUNDEST = 2.4, 0.42
"""Corners of a bubble: the factor of those of the theme, and the largest radius."""
_SPEAKER_SIDE, _SPEAKER_SIDE_ABOVE, _SPEAKER_LINES = 1.2, 0.95, 1.9
"""Side of the drawing of who speaks, at most: in units, in portrait, and in lines of the bubble."""
_WITHIN_PAIR, _BETWEEN_PAIRS, _WIDEST_BETWEEN = 0.18, Space.BASE, Space.GREAT

_ROWS_GROWN = (1.4, 1.25, 1.1, 1.0, 0.92)
"""Factors at which all rows are tried on one page, before they are spread over several."""
_ROW_SHARES = (0.4, 0.6)
_ROW_GAP, _WIDEST_ROW_GAP = 0.4, 1.0
_STRIPE, _INDENT = 0.06, 0.4
_ARABIC = re.compile(r"[\u0600-\u06ff]")


class QaScene(TemplateScene):
    """Each question is answered before the next is asked, in one of three compositions.

    `bubbles`: a conversation, the question on one side and the answer on the other. `reveal`: a question fills the
    frame, then gives way to its answer. `rows`: every question stands before its answer, or above it in portrait.
    """

    @staticmethod
    def compose(content: QaContent, kit: Kit) -> tuple[Page, ...]:
        """Return one page; pairs for which there is no room replace those before."""
        direction = content.title or content.pairs[0].question
        for name in kit.compositions(content):
            page = _PAGES[name](content, kit)
            if page:
                return directed((page,), direction)
        return directed((must_fit(lambda factor: _reveal(content, kit, factor), "pairs"),), direction)


def _reveal(content: QaContent, kit: Kit, factor: float = 0.0) -> Page | None:
    """Return one pair after the other: the ground of a question becomes a band above its answer.

    With a `factor`, the type may be small and its lines many.
    """
    pairs = [_revealed(content, kit, place, factor) for place in range(len(content.pairs))]
    beats: list[Beat] = []
    before: _Revealed | None = None
    for place, pair in enumerate(pairs):
        if pair is None:
            return None
        beats.extend(pair.beats(content, place, before))
        before = pair
    return Page(tuple(beats))


@dataclass(frozen=True)
class _Revealed:
    """A pair: the question large on its ground, the same above the answer, and the answer."""

    large: tuple[Mobject, ...]
    small: tuple[Mobject, ...]
    kicker: tuple[Mobject, ...]
    answer: TypeBlock

    def beats(self, content: QaContent, place: int, before: _Revealed | None) -> Iterator[Beat]:
        """Yield the beats in which it is asked and answered; the band of the pair `before` grows again."""
        pair, (ground, mark, question) = content.pairs[place], self.large
        if before is None:
            opening = together(wipe(ground), fade(mark), *map(rise, (*self.kicker, question)), lag_s=0.25)
            shown: tuple[Mobject, ...] = (ground, mark, *self.kicker, question)
            hidden: tuple[Mobject, ...] = ()
        else:
            band, small_mark, asked = before.small
            yield clear(before.answer)
            opening = together(
                together(carry((band, ground), (small_mark, mark)), leave(asked)), rise(question), lag_s=0.35
            )
            shown, hidden = self.large, before.small
        parts = {
            f"pairs.{place}.question": (question,),
            **({"title": self.kicker} if before is None and self.kicker else {}),
        }
        yield Beat(opening, reading_s(pair.question), shown, hidden, parts, is_anchor=True)
        answered = {f"pairs.{place}.answer": (self.answer,)}
        motion = together(carry(*zip(self.large, self.small, strict=True)), rise(self.answer), lag_s=CALM_S)
        yield Beat(motion, reading_s(pair.answer), (*self.small, self.answer), self.large, answered, is_anchor=True)


def _revealed(content: QaContent, kit: Kit, place: int, factor: float) -> _Revealed | None:
    """Return a pair in its places; None if its question or its answer is too long."""
    upon, safe, whole, pair = kit.on_accent(), kit.safe, kit.frame.whole, content.pairs[place]
    kicker = upon.text(content.title, Step.CAPTION, safe.width, weight=600) if content.title else None
    above = kicker.box_height + Space.BASE if kicker else 0.0
    room = safe.below(above)
    if factor:
        question: TypeBlock | None = upon.text(pair.question, Step.LEAD, room.width, weight=650, scale=factor)
    else:
        question = upon.largest(
            pair.question,
            _QUESTION_STEPS,
            room.width,
            height=room.height * _QUESTION_SHARE,
            lines=_QUESTION_LINES,
            weight=650,
        )
    if question is None or question.box_height > room.height:
        return None
    share = _BAND_SHARE_OF_SQUARE if kit.frame.is_square else _BAND_SHARE
    least = max(_LEAST_SHRINK, _LEAST_SIZE / question.size)
    shrink = min(_MOST_SHRINK, max(least, share * safe.height / question.box_height))
    asked = question.copy().scale(shrink).place(room.left, room.top)
    question.place(room.left, room.top - (room.height - question.box_height) * _ABOVE_MIDDLE)
    if kicker:
        kicker.place(safe.left, safe.top)
    bottom = room.top - asked.box_height - _BAND_PADDING
    answer_room = safe.below(safe.top - bottom + Space.WIDE)
    if factor:
        answer: TypeBlock | None = kit.text(pair.answer, Step.BODY, answer_room.width, weight=500, scale=factor)
    else:
        answer = kit.largest(
            pair.answer, _ANSWER_STEPS, answer_room.width, height=answer_room.height, lines=_ANSWER_LINES, weight=500
        )
    if answer is None or answer.box_height > answer_room.height:
        return None
    answer.place(answer_room.left, answer_room.top - (answer_room.height - answer.box_height) * _ABOVE_MIDDLE)
    ground = kit.block(whole, kit.palette.accent).set_z_index(-1)
    band = kit.block(whole.above(bottom - whole.bottom), kit.palette.accent).set_z_index(-1)
    mark = upon.sign("؟" if _ARABIC.search(pair.question) else "?", Step.GIANT).set_opacity(_PALE)
    side = whole.width * _MARK_SHARE_ABOVE if kit.frame.is_portrait else whole.height * _MARK_SHARE
    mark.scale_to_fit_height(side)
    small_mark = mark.copy()
    small_mark.scale_to_fit_height((band.height - Space.BASE) * 0.9)
    mark.move_to((safe.right - mark.width / 2, safe.bottom + mark.height / 2, 0))
    small_mark.move_to((safe.right - small_mark.width / 2, band.get_center()[1], 0))
    return _Revealed((ground, mark, question), (band, small_mark, asked), (kicker,) if kicker else (), answer)


@dataclass(frozen=True)
class _Bubble:
    """A question or an answer, unplaced: `side` units at its edge are for the drawing of who says it."""

    part: str
    text: TypeBlock
    keyword: str
    side: float
    is_question: bool

    @property
    def height(self) -> float:
        return max(self.text.box_height + 2 * _PADDING_Y, self.side)

    def beats(self, kit: Kit, room: Area, top: float, *, is_mirrored: bool, is_first: bool) -> Iterator[Beat]:
        """Place it with its upper edge at `top`; yield the beat in which it grows out of its speaker.

        The first speaker of all enters in a beat before, beside the heading.
        """
        width, height = self.text.box_width + 2 * _PADDING_X, self.text.box_height + 2 * _PADDING_Y
        indent = self.side + Space.SNUG * bool(self.side) + _TAIL_WIDTH
        left = room.left + indent if self.is_question else room.right - indent - width
        place = Area(left, top - (self.height - height), width, height)
        shape = _outline(kit, place, self.is_question, is_flipped=is_mirrored)
        self.text.place(place.left + _PADDING_X, place.top - _PADDING_Y)
        tail = place.left - _TAIL_WIDTH if self.is_question else place.right + _TAIL_WIDTH
        speaker: tuple[Mobject, ...] = ()
        if self.keyword:
            at = room.left if self.is_question else room.right - self.side
            speaker = (kit.drawing(self.keyword, Area(at, top - self.height + self.side, self.side, self.side)),)
        shown = (*speaker, shape, self.text)
        grown = together(extend(shape, 0, -tail if is_mirrored else tail), rise(self.text), lag_s=0.15)
        if is_first and speaker:
            yield Beat(rise(*speaker), 0.0, speaker, is_anchor=True)
            yield Beat(grown, reading_s(self.text.words), (shape, self.text), parts={self.part: shown})
        else:
            motion = together(*map(rise, speaker), grown, lag_s=0.15)
            yield Beat(motion, reading_s(self.text.words), shown, parts={self.part: shown})


_Pair = tuple[_Bubble, _Bubble]


def _outline(kit: Kit, place: Area, is_question: bool, *, is_flipped: bool) -> VMobject:
    """Return the shape of a bubble: a question has its tail at the lower left, an answer at the lower right."""
    radius = min(kit.style.corner * _ROUNDER, _ROUNDEST, place.width / 4, place.height / 3)

    def corner(x: float, y: float, start: float) -> list[tuple[float, float]]:
        return arc((x, y), radius, start, start - pi / 2) if radius else [(x, y)]

    low, high = place.bottom + radius, place.top - radius
    corners = [
        *corner(place.left + radius, high, pi),
        *corner(place.right - radius, high, pi / 2),
        *corner(place.right - radius, low, 0.0),
        (place.left - _TAIL_WIDTH, place.bottom),
        (place.left, place.bottom + min(_TAIL_HEIGHT, place.height / 2)),
    ]
    if is_question == is_flipped:
        corners = [(place.left + place.right - x, y) for x, y in corners]
    shape = polygon(corners, kit.palette.surface if is_question else kit.palette.accent)
    if is_question and kit.style.is_outlined:
        shape.set_stroke(kit.palette.line, 2)
    return shape


def _bubbles(content: QaContent, kit: Kit) -> Page | None:
    """Return a conversation; when the room is full, the next questions take the place of those before."""
    opening, room = heading(kit, content.title)
    arranged = _arranged(content, kit, room)
    if arranged is None:
        return None
    pairs, groups = arranged
    is_mirrored = is_right_to_left(content.title or content.pairs[0].question)
    beats, standing = list(opening), list[Mobject]()
    for group in groups:
        if standing:
            beats.append(clear(*standing))
            standing = []
        free = room.height - sum(_height_of_pair(pairs[place]) for place in group)
        gap = min(_WIDEST_BETWEEN, free / max(1, len(group) - 1)) if len(group) > 1 else 0.0
        top = room.top - (free - gap * (len(group) - 1)) * _ABOVE_MIDDLE
        for place in group:
            for bubble in pairs[place]:
                is_first = len(beats) == len(opening)
                said = list(bubble.beats(kit, room, top, is_mirrored=is_mirrored, is_first=is_first))
                beats += said
                standing += [mobject for beat in said for mobject in beat.shows]
                top -= bubble.height + _WITHIN_PAIR
            top -= gap - _WITHIN_PAIR
    return Page(tuple(beats))


def _arranged(content: QaContent, kit: Kit, room: Area) -> tuple[Sequence[_Pair], Sequence[range]] | None:
    """Return the pairs, and which of them are seen at once: all, or at least two at a time, or one alone."""
    tried = []
    for step in _BUBBLE_STEPS:
        pairs = _said(content, kit, room, step)
        heights = [_height_of_pair(pair) for pair in pairs]
        fits = max(heights) <= room.height and not any(overflows(bubble.text) for pair in pairs for bubble in pair)
        if fits and (_is_brief(pairs) or step is _BUBBLE_STEPS[-1]):
            tried.append((pairs, paginate(heights, _BETWEEN_PAIRS, room.height)))
    for most in (1, (len(content.pairs) + 1) // 2, len(content.pairs)):
        for pairs, groups in tried:
            if len(groups) <= most:
                return pairs, groups
    return None


def _said(content: QaContent, kit: Kit, room: Area, step: Step) -> list[_Pair]:
    """Return the bubbles of each pair."""
    largest = _SPEAKER_SIDE_ABOVE if kit.frame.is_portrait else _SPEAKER_SIDE
    side = min(largest, _SPEAKER_LINES * step.size + Space.SNUG) if content.asker or content.answerer else 0.0
    free = room.width - side - Space.SNUG * bool(side) - _TAIL_WIDTH
    width = free * (_BUBBLE_SHARE_ABOVE if kit.frame.is_portrait else _BUBBLE_SHARE) - 2 * _PADDING_X
    upon = kit.on_accent()

    def said(place: int) -> _Pair:
        pair = content.pairs[place]
        asked = kit.label(pair.question, step, width, weight=600)
        told = upon.label(pair.answer, step, width, weight=500)
        return (
            _Bubble(f"pairs.{place}.question", asked, content.asker, side, is_question=True),
            _Bubble(f"pairs.{place}.answer", told, content.answerer, side, is_question=False),
        )

    return [said(place) for place in range(len(content.pairs))]


def _height_of_pair(pair: _Pair) -> float:
    return pair[0].height + _WITHIN_PAIR + pair[1].height


def _is_brief(pairs: Sequence[_Pair]) -> bool:
    return all(bubble.text.box_height <= _BUBBLE_LINES * 1.4 * bubble.text.size for pair in pairs for bubble in pair)


@dataclass(frozen=True)
class _Row:
    """A pair, unplaced: the question before the answer, or above it beside a stripe."""

    place: int
    question: TypeBlock
    answer: TypeBlock
    rule: Mobject
    stripe: Mobject | None

    @property
    def height(self) -> float:
        blocks = (self.question, self.answer)
        if self.stripe is None:
            return Space.SNUG + max(block.box_height for block in blocks)
        return stack_height(blocks, Space.SNUG)

    @property
    def parts(self) -> tuple[Mobject, ...]:
        return (
            (self.rule, self.question, self.answer)
            if self.stripe is None
            else (self.question, self.stripe, self.answer)
        )

    def beats(self, room: Area, top: float) -> Iterator[Beat]:
        """Place it with its upper edge at `top`; yield the beats of the question and of the answer."""
        if self.stripe is None:
            _, right = room.columns(_ROW_SHARES, Space.SECTION)
            self.rule.shift((0, top - self.rule.get_top()[1], 0))
            self.question.place(room.left, top - Space.SNUG)
            self.answer.place(right.left, top - Space.SNUG)
            marks: tuple[Mobject, ...] = (self.rule,)
            asked = together(wipe(self.rule), rise(self.question), lag_s=0.1)
            told = rise(self.answer)
            before: tuple[Mobject, ...] = ()
        else:
            below = top - self.question.box_height - Space.SNUG
            self.question.place(room.left, top)
            self.stripe.shift((room.left - self.stripe.get_left()[0], below - self.stripe.get_top()[1], 0))
            self.answer.place(room.left + _INDENT, below)
            marks, asked = (), rise(self.question)
            before = (self.stripe,)
            told = together(extend(self.stripe, 1, below), rise(self.answer), lag_s=0.1)
        shown = (*marks, self.question)
        yield Beat(asked, reading_s(self.question.words), shown, parts={f"pairs.{self.place}.question": shown})
        shown = (*before, self.answer)
        yield Beat(told, reading_s(self.answer.words), shown, parts={f"pairs.{self.place}.answer": shown})


def _rows(content: QaContent, kit: Kit) -> Page | None:
    """Return the pairs on one page, or over as many turns as they need; None if one is higher than the room."""
    opening, room = heading(kit, content.title)
    groups = _on_one_page(content, kit, room)
    if groups is None:
        turns = [found for factor in SHRINKS[:3] if (found := _over_turns(content, kit, room, factor))]
        groups = min(turns, key=len, default=None)
    if groups is None:
        return None
    beats = list(opening)
    for number, rows in enumerate(groups):
        if number:
            beats.append(clear(*(part for row in groups[number - 1] for part in row.parts)))
        beats.extend(_placed_rows(rows, room, kit))
    return Page(tuple(beats))


def _on_one_page(content: QaContent, kit: Kit, room: Area) -> list[list[_Row]] | None:
    for factor in _ROWS_GROWN:
        rows = _rows_at(content, kit, room, factor)
        if sum(row.height for row in rows) + _ROW_GAP * (len(rows) - 1) <= room.height:
            return [rows]
    return None


def _over_turns(content: QaContent, kit: Kit, room: Area, factor: float) -> list[list[_Row]] | None:
    rows = _rows_at(content, kit, room, factor)
    if max(row.height for row in rows) > room.height:
        return None
    pages = paginate([row.height for row in rows], _ROW_GAP, room.height)
    return [[rows[place] for place in page] for page in pages]


def _rows_at(content: QaContent, kit: Kit, room: Area, factor: float) -> list[_Row]:
    stacked = kit.frame.is_portrait
    left, right = room.columns(_ROW_SHARES, Space.SECTION)
    rows = []
    for place, pair in enumerate(content.pairs):
        width = room.width if stacked else left.width
        question = kit.text(
            pair.question, Step.LEAD, width, colour=kit.palette.accent, scale=factor, weight=650, balanced=True
        )
        answer = kit.text(pair.answer, Step.LEAD, room.width - _INDENT if stacked else right.width, scale=factor)
        rule = kit.block(Area(room.left, 0, room.width, LINE_THICKNESS), kit.palette.line)
        stripe = kit.block(Area(0, 0, _STRIPE, answer.box_height), kit.palette.accent) if stacked else None
        rows.append(_Row(place, question, answer, rule, stripe))
    return rows


def _placed_rows(rows: Sequence[_Row], room: Area, kit: Kit) -> Iterator[Beat]:
    free = room.height - sum(row.height for row in rows)
    gap = min(_WIDEST_ROW_GAP, free / max(1, len(rows) - 1)) if len(rows) > 1 else 0.0
    top = room.top - (free - gap * (len(rows) - 1)) * (0.2 if kit.frame.is_portrait else 0.35)
    for row in rows:
        yield from row.beats(room, top)
        top -= row.height + gap


_PAGES: dict[str, Callable[[QaContent, Kit], Page | None]] = {
    "bubbles": _bubbles,
    "reveal": _reveal,
    "rows": _rows,
}
