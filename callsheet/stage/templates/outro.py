"""Outro: the close of a video."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from callsheet.model.content import OutroContent
from callsheet.stage.kit.beats import Beat, Page, directed, footing
from callsheet.stage.kit.bulleted_rows import MarkedText, place_rows, rows_height
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area
from callsheet.stage.kit.inline import is_right_to_left
from callsheet.stage.kit.layout import first_fit, leading_side, must_fit, paginate
from callsheet.stage.kit.motion import rise, together, unfold, wipe
from callsheet.stage.kit.pacing import reading_s
from callsheet.stage.kit.scale import BAR_THICKNESS, Space, Step
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.templates.base import TemplateScene

_STEPS = (Step.DISPLAY, Step.LARGE, Step.HEADLINE, Step.TITLE)
_FEW_LINES = 3
_VARIANT = 2
"""The variant of the figure: another than that of the opening."""
_BAR_LENGTH = 1.3
_INDENT = 0.72
_ROW_GAP = 0.26
_ABOVE_MIDDLE = 0.46
"""Share of the free height that lies above: a little less than half looks centred."""


class OutroScene(TemplateScene):
    """The message large, where to go next below it, credits at the foot; beside them the theme's figure."""

    @staticmethod
    def compose(content: OutroContent, kit: Kit) -> tuple[Page, ...]:
        """Return one page; next steps that don't fit below the message follow on further pages."""
        words, place = kit.beside_figure()
        foot, room = footing(kit, content.credits, words, part="credits")
        beats = _beside_figure(content, kit, room)
        if beats:
            figure = kit.figure(place, _VARIANT)
            motion = together(unfold(figure), beats[0].motion, lag_s=0.15)
            opening = replace(beats[0], motion=motion, shows=(figure, *beats[0].shows))
            pages: tuple[Page, ...] = (Page((opening, *beats[1:])),)
        else:
            foot, room = footing(kit, content.credits, kit.safe, part="credits")
            alone = first_fit(lambda factor: _on_one_page(content, kit, room, factor))
            pages = (Page(alone),) if alone else _spread(content, kit, room)
        last = Page((*pages[-1].beats, *foot))
        return directed((*pages[:-1], last), content.message)


def _beside_figure(content: OutroContent, kit: Kit, room: Area) -> tuple[Beat, ...] | None:
    rows = _rows(content, kit, room, 1.0)
    for step in _STEPS:
        message = kit.largest(content.message, (step,), room.width, height=room.height, lines=_FEW_LINES, weight=650)
        beats = _beats(content.message, message, rows, kit, room) if message else None
        if beats:
            return beats
    return None


def _on_one_page(content: OutroContent, kit: Kit, room: Area, factor: float) -> tuple[Beat, ...] | None:
    height = room.height * (0.5 if content.next_steps else 1.0)
    message = _message(content.message, kit, room, height, factor)
    return _beats(content.message, message, _rows(content, kit, room, factor), kit, room)


def _spread(content: OutroContent, kit: Kit, room: Area) -> tuple[Page, ...]:
    opening = must_fit(lambda factor: _alone(content, kit, room, factor), "message")
    rows = must_fit(lambda factor: _low_enough(_rows(content, kit, room, factor), room), "next_steps")
    pages = paginate([row.height for row in rows], _ROW_GAP, room.height)
    return (opening, *(Page((_entrance([rows[place] for place in page], room),)) for page in pages))


def _low_enough(rows: list[MarkedText], room: Area) -> list[MarkedText] | None:
    return rows if max(row.height for row in rows) <= room.height else None


def _alone(content: OutroContent, kit: Kit, room: Area, factor: float) -> Page | None:
    message = _message(content.message, kit, room, room.height - Space.SECTION, factor)
    beats = _beats(content.message, message, (), kit, room)
    return Page(beats) if beats else None


def _beats(words: str, message: TypeBlock, rows: Sequence[MarkedText], kit: Kit, room: Area) -> tuple[Beat, ...] | None:
    """Return bar, message and rows, in place; None if they are too high."""
    gap = Space.WIDE if rows else 0.0
    height = BAR_THICKNESS + Space.BASE + message.box_height + gap + rows_height(rows, _ROW_GAP)
    if height > room.height:
        return None
    top = room.top - (room.height - height) * _ABOVE_MIDDLE
    bar = kit.bar(room.left, top, _BAR_LENGTH)
    message.place(room.left, top - BAR_THICKNESS - Space.BASE)
    shown = (bar, message)
    opening = Beat(
        together(wipe(bar), rise(message), lag_s=0.15),
        reading_s(words),
        shown,
        parts={"message": shown},
        is_anchor=True,
    )
    below = Area(room.left, top - height + rows_height(rows, _ROW_GAP), room.width, 0.0)
    return (opening, _entrance(rows, below)) if rows else (opening,)


def _entrance(rows: Sequence[MarkedText], area: Area) -> Beat:
    """Place `rows` from the top of `area` down, and let them enter in quick succession."""
    place_rows(rows, area.left, area.top, _ROW_GAP)
    motion = together(*(rise(*row.parts) for row in rows), lag_s=0.14)
    parts = tuple(part for row in rows for part in row.parts)
    reads_s = reading_s(" ".join(row.words for row in rows))
    return Beat(motion, reads_s, parts, parts={row.part: row.parts for row in rows})


def _message(text: str, kit: Kit, room: Area, height: float, factor: float) -> TypeBlock:
    """Return the message at the largest step that gives it few lines."""
    return kit.largest(text, _STEPS, room.width, height=height, lines=_FEW_LINES, scale=factor, weight=650) or kit.text(
        text, Step.LEAD, room.width, scale=factor, weight=650, balanced=True
    )


def _rows(content: OutroContent, kit: Kit, room: Area, factor: float) -> list[MarkedText]:
    return [
        replace(_row(text, content.message, kit, room.width - _INDENT, factor), part=f"next_steps.{place}")
        for place, text in enumerate(content.next_steps)
    ]


def _row(text: str, page: str, kit: Kit, width: float, factor: float) -> MarkedText:
    """Return a line with an arrow that points in the direction of reading."""
    arrow, colour = "←" if is_right_to_left(page) else "→", kit.palette.accent
    side = leading_side(arrow, page)
    mark = kit.text(arrow, Step.LEAD, _INDENT, colour=colour, weight=600, scale=factor, align=side)
    side = leading_side(text, page)
    return MarkedText(mark, kit.text(text, Step.LEAD, width, scale=factor, balanced=True, align=side), _INDENT, text)
