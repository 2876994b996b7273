"""Chapter: its number, its title, and what comes in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

from manim import Mobject

from callsheet.model.content import ChapterContent
from callsheet.stage.kit.beats import Beat, Page, clear, directed
from callsheet.stage.kit.bulleted_rows import MarkedText, place_rows, rows_height
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area, edge_panel
from callsheet.stage.kit.layout import must_fit, paginate, put, stack, stack_height
from callsheet.stage.kit.motion import Motion, fade, rise, together, unfold, wipe
from callsheet.stage.kit.pacing import reading_s
from callsheet.stage.kit.scale import SHRINKS, Space, Step
from callsheet.stage.templates.base import TemplateScene

_STEPS = (Step.GIANT, Step.DISPLAY, Step.LARGE, Step.HEADLINE, Step.TITLE)
_LAST_STEPS = (Step.TITLE, Step.LEAD, Step.BODY)
_FEW_LINES = 4
_BAR_LENGTH = 1.3
_SIDE_SHARE, _SIDE_SHARE_ABOVE, _SIDE_SHARE_OF_SQUARE = 0.32, 0.3, 0.2
_NUMBER_WIDTH, _NUMBER_HEIGHT = 0.86, 0.7
"""Sides of the number on its surface, as shares of the place, at most."""
_NUMBER_BESIDE, _NUMBER_ON_COVER, _NUMBER_IN_SQUARE = 1.2, 1.6, 0.5
"""Sizes of the number above the title, as factors of the largest step."""
_HEAD_SHARE, _HEAD_SHARE_ABOVE = 0.46, 0.42
_GROWN = ((1.35, 1.2, 1.1, 1.0), SHRINKS[1:])
"""Factors of what comes: a smaller title is better than smaller points."""
_INDENT, _MARK = 0.5, 0.24
_LEAST_GAP, _WIDEST_GAP = 0.34, 0.7
_PADDING, _PADDING_IN_SQUARE = 0.55, 0.35
_ABREAST = 3
_ABOVE_MIDDLE = 0.46

Before = Sequence[tuple[Motion, Mobject]]
"""What enters before number and title: surfaces and the theme's figure."""


class ChapterScene(TemplateScene):
    """The number and the title, then what comes, point by point, in one of three compositions.

    `panel`: the number huge on a surface at the edge of the frame, the rest beside it. `cover`: everything on the
    accent's colour, which fills the frame. `beside`: what comes on a surface beside the title, or the theme's figure.
    """

    @staticmethod
    def compose(content: ChapterContent, kit: Kit) -> tuple[Page, ...]:
        """Return one page; points that fit in no composition replace those before."""
        for name in kit.compositions(content):
            page = _PAGES[name](content, kit)
            if page:
                return directed((page,), content.title)
        return directed((_spread(content, kit),), content.title)


def _on_panel(content: ChapterContent, kit: Kit) -> Page | None:
    """Return the number on a surface of the accent's colour; without a number, the theme's figure."""
    above_share = _SIDE_SHARE_OF_SQUARE if content.coming and kit.frame.is_square else _SIDE_SHARE_ABOVE
    surface, place, room = edge_panel(kit.frame, _SIDE_SHARE, above_share)
    bar = kit.bar(0, 0, length=_BAR_LENGTH)
    between = (Space.BASE if kit.frame.is_square else Space.SECTION) if content.coming else 0.0
    for factors, step in product(_GROWN, _STEPS):
        title = kit.largest(content.title, (step,), room.width, height=room.height, lines=_FEW_LINES, weight=650)
        above = stack_height((bar, title), Space.BASE) + between if title else 0.0
        rows = _fitting(content, kit, room.below(above), factors) if title else None
        if title and rows is not None:
            break
    else:
        return None
    down = (room.height - above - rows_height(rows, _gap(rows, room.below(above)))) * _ABOVE_MIDDLE
    stack((bar, title), room.left, room.top - down, Space.BASE)
    place_rows(rows, room.left, room.top - down - above, _gap(rows, room.below(above)))
    upon, ground = kit.on_accent(), kit.block(surface, kit.palette.accent)
    if content.number:
        sign = upon.sign(str(content.number), Step.GIANT)
        sign.scale(min(place.width * _NUMBER_WIDTH / sign.width, place.height * _NUMBER_HEIGHT / sign.height))
        put(sign, place.left, place.top - (place.height - sign.height) / 2)
        return Page((_opening(content, [(wipe(ground), ground)], (sign, bar, title)), *map(_entrance, rows)))
    figure = upon.figure(place)
    before = [(wipe(ground), ground), (unfold(figure), figure)]
    return Page((_opening(content, before, (bar, title)), *map(_entrance, rows)))


def _cover(content: ChapterContent, kit: Kit) -> Page | None:
    """Return everything on the accent's colour; what comes stands at the foot, each point below a line."""
    upon, safe = kit.on_accent(), kit.safe
    abreast = 1 if kit.frame.is_portrait else min(_ABREAST, max(1, len(content.coming)))
    columns = safe.columns([1.0] * abreast, Space.WIDE)
    step = Step.BODY if kit.frame.is_square else Step.LEAD
    cells = [upon.text(words, step, columns[0].width, balanced=True) for words in content.coming]
    lines = [cells[start : start + abreast] for start in range(0, len(cells), abreast)]
    heights = [Space.SNUG + max(cell.box_height for cell in line) for line in lines]
    between = Space.SNUG if kit.frame.is_square else Space.BASE
    room = safe.above(sum(heights) + between * (len(heights) - 1) + Space.SECTION if cells else 0.0)
    number = _number(content, upon, _NUMBER_IN_SQUARE if cells and kit.frame.is_square else _NUMBER_ON_COVER)
    for step in _STEPS:
        title = upon.largest(content.title, (step,), room.width, height=room.height, lines=_FEW_LINES, weight=650)
        head = (*number, upon.bar(0, 0, length=_BAR_LENGTH), title) if title else ()
        free = room.height - stack_height(head, Space.BASE)
        if head and free >= 0:
            break
    else:
        return None
    stack(head, room.left, room.top - free * _ABOVE_MIDDLE, Space.BASE)
    ground = kit.block(kit.frame.whole, kit.palette.accent)
    beats = [_opening(content, [(wipe(ground), ground)], head)]
    top = room.bottom - Space.SECTION
    for line, height in zip(lines, heights, strict=True):
        for cell, column in zip(line, columns, strict=False):
            rule = upon.rule(column.left, top, column.width)
            cell.place(column.left, top - Space.SNUG)
            beats.append(_entrance(MarkedText(rule, cell, 0.0, cell.words, f"coming.{len(beats) - 1}")))
        top -= height + between
    return Page(tuple(beats))


def _beside(content: ChapterContent, kit: Kit) -> Page | None:
    """Return number and title, and beside them what comes, on a surface; in portrait and square below them.

    If nothing is said about what comes, the theme's figure takes the place.
    """
    if not content.coming:
        room, place = kit.beside_figure()
    elif kit.frame.is_portrait:
        room, place = kit.safe.rows([_HEAD_SHARE_ABOVE, 1 - _HEAD_SHARE_ABOVE], Space.WIDE)
    else:
        room, place = kit.safe.columns([_HEAD_SHARE, 1 - _HEAD_SHARE], Space.SECTION)
    is_tight = bool(content.coming) and kit.frame.is_square
    number, bar = (
        _number(content, kit, _NUMBER_IN_SQUARE if is_tight else _NUMBER_BESIDE),
        kit.bar(0, 0, length=_BAR_LENGTH),
    )
    between = Space.SNUG if is_tight else Space.BASE
    for step in _STEPS:
        title = kit.largest(content.title, (step,), room.width, height=room.height, lines=_FEW_LINES, weight=650)
        head = (*number, bar, title) if title else ()
        free = room.height - stack_height(head, between)
        if head and free >= 0:
            break
    else:
        return None
    stack(head, room.left, room.top - free * (0.0 if kit.frame.is_portrait else _ABOVE_MIDDLE), between)
    if not content.coming:
        figure = kit.figure(place, content.number or 1)
        return Page((_opening(content, [(unfold(figure), figure)], head),))
    inner = place.inset(_PADDING, _PADDING_IN_SQUARE if is_tight else _PADDING)
    rows = next((found for factors in _GROWN if (found := _fitting(content, kit, inner, factors)) is not None), None)
    if rows is None:
        return None
    gap = _gap(rows, inner)
    place_rows(rows, inner.left, inner.top - (inner.height - rows_height(rows, gap)) / 2, gap)
    panel = kit.panel(place)
    return Page((_opening(content, [(fade(panel), panel)], head), *map(_entrance, rows)))


def _spread(content: ChapterContent, kit: Kit) -> Page:
    """Return the title at the top, and what comes below it, as much at once as fits."""
    safe = kit.safe

    def opened(factor: float) -> tuple[tuple[Mobject, ...], float] | None:
        number, bar = _number(content, kit, factor / 2), kit.bar(0, 0, length=_BAR_LENGTH)
        for step in _LAST_STEPS:
            title = kit.text(content.title, step, safe.width, scale=factor, weight=650, balanced=True)
            height = stack_height((*number, bar, title), Space.SNUG)
            if height <= safe.height * (0.5 if content.coming else 1.0):
                return (*number, bar, title), height
        return None

    head, height = must_fit(opened, "title")
    stack(head, safe.left, safe.top, Space.SNUG)
    room = safe.below(height + Space.WIDE)

    def grouped(factor: float) -> list[list[MarkedText]] | None:
        rows = _rows(content, kit, room.width, factor)
        pages = paginate([row.height for row in rows], _LEAST_GAP, room.height)
        fits = all(row.height <= room.height for row in rows)
        return [[rows[place] for place in page] for page in pages] if fits else None

    beats = [_opening(content, (), head)]
    for place, group in enumerate(groups := must_fit(grouped, "coming")):
        if place:
            beats.append(clear(*(part for row in groups[place - 1] for part in row.parts)))
        place_rows(group, room.left, room.top, _gap(group, room))
        beats.extend(map(_entrance, group))
    return Page(tuple(beats))


def _number(content: ChapterContent, kit: Kit, scale: float) -> tuple[Mobject, ...]:
    if not content.number:
        return ()
    return (kit.sign(str(content.number), Step.GIANT, colour=kit.palette.accent, scale=scale),)


def _rows(content: ChapterContent, kit: Kit, width: float, factor: float) -> list[MarkedText]:
    """Return what comes, unplaced."""
    return [
        MarkedText(
            kit.marker(_MARK * factor),
            kit.text(words, Step.LEAD, width - _INDENT * factor, scale=factor, balanced=True),
            _INDENT * factor,
            words,
            f"coming.{place}",
        )
        for place, words in enumerate(content.coming)
    ]


def _fitting(content: ChapterContent, kit: Kit, room: Area, factors: Sequence[float]) -> list[MarkedText] | None:
    """Return what comes at the first of `factors` at which it fits; None if there is none."""
    for factor in factors:
        rows = _rows(content, kit, room.width, factor)
        if rows_height(rows, _LEAST_GAP) <= room.height:
            return rows
    return None


def _gap(rows: Sequence[MarkedText], room: Area) -> float:
    return min(_WIDEST_GAP, (room.height - rows_height(rows, 0.0)) / max(1, len(rows) - 1))


def _opening(content: ChapterContent, before: Before, head: Sequence[Mobject]) -> Beat:
    """Return the beat in which surfaces, number, bar and title enter."""
    *number, bar, title = head
    parts = {"title": (bar, title), **({"number": tuple(number)} if number else {})}
    motion = together(*(each for each, _ in before), *map(rise, number), wipe(bar), rise(title), lag_s=0.15)
    shown = (*(mobject for _, mobject in before), *head)
    return Beat(motion, reading_s(content.title), shown, parts=parts, is_anchor=True)


def _entrance(row: MarkedText) -> Beat:
    motion = together(wipe(row.mark), rise(row.text), lag_s=0.1)
    return Beat(motion, reading_s(row.words), row.parts, parts={row.part: row.parts})


_PAGES: dict[str, Callable[[ChapterContent, Kit], Page | None]] = {
    "panel": _on_panel,
    "cover": _cover,
    "beside": _beside,
}
