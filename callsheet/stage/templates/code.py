"""Code: a piece of code, and the lines to look at one range after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from manim import Mobject

from callsheet.errors import ContentTooLong
from callsheet.model.content import CodeContent
from callsheet.stage.kit.beats import Beat, Page, heading
from callsheet.stage.kit.code_rows import ADVANCE_EM, PAGED_SIZES, sizes_for
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area
from callsheet.stage.kit.layout import first_fit
from callsheet.stage.kit.motion import QUICK_S, Motion, fade, leave, rise, together
from callsheet.stage.kit.pacing import reading_s
from callsheet.stage.kit.scale import BODY_SIZE, Space, Step
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.templates.base import TemplateScene

_PADDING = 0.36
_NUMBER_GAP = 0.42
_NOTE_WIDTH, _NOTE_GAP = 3.3, 0.6
_LARGEST_NOTE = 0.42
"""Share of the height that notes below the code may take."""
_VEIL_OPACITY = 0.74
_MARK_WIDTH = 0.07
_GLANCE_S = 0.22
"""How many seconds a reader looks at a line before the first step."""


class CodeScene(TemplateScene):
    """Code on a panel with line numbers.

    A step veils the other lines; its note stands beside, or below in portrait.
    """

    @staticmethod
    def compose(content: CodeContent, kit: Kit) -> tuple[Page, ...]:
        """Return one page.

        If the code is longer than the panel, each step shows the part that it is about.
        """
        opening, area = heading(kit, content.title)
        sheet = _best_sheet(content, kit, area)
        return (Page((*opening, *_beats(content, kit, sheet))),)


@dataclass(frozen=True)
class _Room:
    """The room for the code and its notes, and how much the notes' type is shrunk."""

    code: Area
    note: Area
    factor: float


@dataclass(frozen=True)
class _Row:
    """A row of the panel: a line of code or the continuation of one."""

    line: int
    is_first: bool
    block: TypeBlock


@dataclass(frozen=True)
class _Sheet:
    """The code set in rows, and the panel that shows `capacity` of them at once."""

    room: _Room
    panel: Area
    size: float
    rows: tuple[_Row, ...]
    capacity: int

    @property
    def pitch(self) -> float:
        """Return the distance from row to row, in units."""
        return self.size * (1 + Step.BODY.leading)

    @property
    def number_width(self) -> float:
        """Return the width of the longest line number."""
        return len(str(self.rows[-1].line)) * ADVANCE_EM * self.size + 0.02

    @property
    def is_whole(self) -> bool:
        """Return whether all rows are shown at once, each line on one."""
        return len(self.rows) <= self.capacity and not self.is_broken

    @property
    def is_broken(self) -> bool:
        """Return whether a line takes more than one row."""
        return any(not row.is_first for row in self.rows)

    def band(self, rows: range) -> Area:
        """Return the stripe of the panel that holds `rows` of what is shown, counted from the top."""
        half_leading = (self.pitch - self.size) / 2
        top = self.panel.top - _PADDING + half_leading - rows.start * self.pitch
        return Area(self.panel.left, top, self.panel.width, len(rows) * self.pitch)


@dataclass(frozen=True)
class _View:
    """The rows that are shown, those in focus, and the note about them."""

    shown: range
    lit: range
    note: str
    step: int = 0


def _best_sheet(content: CodeContent, kit: Kit, area: Area) -> _Sheet:
    """Return the sheet in the largest type at which all is seen at once.

    If there is none, take the largest at which no line is broken; else the smallest.
    """
    rooms = _rooms(content, kit, area)
    sizes = sizes_for(content.code.count("\n") + 1)
    sheets = (_sheet(content, kit, room, size) for size in sizes for room in rooms)
    whole = next((sheet for sheet in sheets if sheet.is_whole), None)
    if whole:
        return whole
    paged = [_sheet(content, kit, rooms[-1], size) for size in PAGED_SIZES]
    unbroken = (sheet for sheet in paged if not sheet.is_broken)
    return next(unbroken, paged[-1])


def _rooms(content: CodeContent, kit: Kit, area: Area) -> list[_Room]:
    """Return ways to share the area between code and notes, the best first."""
    notes = [step.note for step in content.steps if step.note]
    if not notes:
        return [_Room(area, area, 1.0)]
    beside_code, beside = area.columns([area.width - _NOTE_GAP - _NOTE_WIDTH, _NOTE_WIDTH], _NOTE_GAP)
    ways = [] if kit.frame.is_portrait else [_with_notes(notes, kit, beside_code, beside, area.height)]
    ways.append(_with_notes(notes, kit, area, area, area.height * _LARGEST_NOTE))
    rooms = [way for way in ways if way]
    if not rooms:
        raise ContentTooLong("the notes do not fit beside the code, even set smaller: shorten them", "content.steps")
    return rooms


def _with_notes(notes: Sequence[str], kit: Kit, code: Area, room: Area, most: float) -> _Room | None:
    """Return a room with code in one area and notes in another, or below it in the same.

    Return None if the notes are too high.
    """
    factor = first_fit(lambda factor: factor if _highest(notes, kit, room.width, factor) <= most else None)
    if factor is None:
        return None
    if room is not code:
        return _Room(code, room, factor)
    return _Room(code.above(_highest(notes, kit, room.width, factor) + Space.BASE), room, factor)


def _highest(notes: Sequence[str], kit: Kit, width: float, factor: float) -> float:
    return max(kit.text(note, Step.BODY, width, scale=factor).box_height for note in notes)


def _sheet(content: CodeContent, kit: Kit, room: _Room, size: float) -> _Sheet:
    """Return the code in this room and size."""
    lines = content.code.splitlines()
    width = room.code.width - 2 * _PADDING - len(str(len(lines))) * ADVANCE_EM * size - _NUMBER_GAP - 0.02
    rows = tuple(
        _Row(line, place == 0, block)
        for line, blocks in enumerate(kit.code("\n".join(lines), content.language, size, width), start=1)
        for place, block in enumerate(blocks)
    )
    pitch = size * (1 + Step.BODY.leading)
    capacity = int((room.code.height - 2 * _PADDING + pitch - size + 1e-6) / pitch)
    height = min(len(rows), capacity) * pitch - (pitch - size) + 2 * _PADDING
    return _Sheet(room, Area(room.code.left, room.code.top, room.code.width, height), size, rows, capacity)


def _views(content: CodeContent, sheet: _Sheet) -> list[_View]:
    """Return what is shown, one view after the other.

    The window moves only if a step's rows are outside of it.
    """
    total, capacity = len(sheet.rows), sheet.capacity
    views: list[_View] = []
    shown = range(min(total, capacity))
    for number, step in enumerate(content.steps):
        lit = [place for place, row in enumerate(sheet.rows) if step.first <= row.line <= step.last]
        for start in range(lit[0], lit[-1] + 1, capacity):
            part = range(start, min(start + capacity, lit[-1] + 1))
            if part.start < shown.start or part.stop > shown.stop:
                first = min(max(0, part.start - (capacity - len(part)) // 2), max(0, total - capacity))
                shown = range(first, min(first + capacity, total))
            views.append(_View(shown, part, step.note, number))
    whole = [range(start, min(start + capacity, total)) for start in range(0, total, capacity)]
    return views or [_View(rows, rows, "") for rows in whole]


def _beats(content: CodeContent, kit: Kit, sheet: _Sheet) -> Iterator[Beat]:
    views = _views(content, sheet)
    panel = kit.panel(sheet.panel)
    shown: range | None = None
    code: tuple[Mobject, ...] = ()
    pointers: tuple[Mobject, ...] = ()
    for view in views:
        if view.shown != shown:
            if shown is not None:
                gone = (*code, *pointers)
                yield Beat(leave(*gone), 0.0, (), gone)
                pointers = ()
            code = _placed_rows(view.shown, kit, sheet)
            entrance: Motion = rise(*code) if shown is not None else together(fade(panel), rise(*code), lag_s=0.15)
            hold_s, shows = _GLANCE_S * len(view.shown), code if shown is not None else (panel, *code)
            yield Beat(entrance, hold_s, shows, parts={"code": code}, is_anchor=True)
            shown = view.shown
        if content.steps:
            fresh = _pointers(view, kit, sheet)
            parts, hold_s = {f"steps.{view.step}": fresh}, reading_s(view.note) + 1.0
            yield Beat(_change(pointers, fresh), hold_s, fresh, pointers, parts, is_anchor=True)
            pointers = fresh


def _change(old: Sequence[Mobject], new: Sequence[Mobject]) -> Motion:
    motions = [leave(*old)] if old else []
    return together(*motions, fade(*new), lag_s=QUICK_S / 2)


def _placed_rows(shown: range, kit: Kit, sheet: _Sheet) -> tuple[Mobject, ...]:
    """Return numbers and code of the rows that are shown, from the top of the panel down."""
    left, top = sheet.panel.left + _PADDING, sheet.panel.top - _PADDING
    placed: list[Mobject] = []
    for place, row in enumerate(sheet.rows[shown.start : shown.stop]):
        y = top - place * sheet.pitch
        if row.is_first:
            placed.append(_number(row.line, kit, sheet).place(left, y))
        placed.append(row.block.copy().place(left + sheet.number_width + _NUMBER_GAP, y))
    return tuple(placed)


def _number(line: int, kit: Kit, sheet: _Sheet) -> TypeBlock:
    scale = sheet.size / BODY_SIZE
    return kit.text(
        str(line), Step.BODY, sheet.number_width, colour=kit.palette.muted, scale=scale, mono=True, align="end"
    )


def _pointers(view: _View, kit: Kit, sheet: _Sheet) -> tuple[Mobject, ...]:
    """Return veils over the rows out of focus, a mark before those in focus, and the note."""
    lit = range(view.lit.start - view.shown.start, view.lit.stop - view.shown.start)
    outside = (range(lit.start), range(lit.stop, len(view.shown)))
    veiled = [sheet.band(rows).inset(_MARK_WIDTH, 0.0) for rows in outside if rows]
    veils = [kit.block(area, kit.palette.surface).set_fill(opacity=_VEIL_OPACITY) for area in veiled]
    band = sheet.band(lit)
    mark = kit.block(Area(band.left, band.top, _MARK_WIDTH, band.height), kit.palette.accent)
    return (*veils, mark, *([_note(view.note, kit, sheet, band)] if view.note else []))


def _note(text: str, kit: Kit, sheet: _Sheet, band: Area) -> TypeBlock:
    """Return the note: below the panel, or beside it and level with its lines."""
    room = sheet.room.note
    note = kit.text(text, Step.BODY, room.width, scale=sheet.room.factor)
    is_beside = room.left > sheet.panel.left
    level = band.top - (band.height - note.box_height) / 2 if is_beside else sheet.panel.bottom - Space.BASE
    return note.place(room.left, min(room.top, max(level, room.bottom + note.box_height)))
