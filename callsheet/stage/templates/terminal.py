"""Terminal: what is typed, and what comes back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from manim import Circle, Mobject, Rectangle

from callsheet.errors import ContentTooLong
from callsheet.model.content import TerminalContent
from callsheet.model.content.code_and_media import TerminalEntry
from callsheet.stage.kit.beats import Beat, Page, clear, heading
from callsheet.stage.kit.code_rows import ADVANCE_EM, PAGED_SIZES, SIZES, sizes_for
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area
from callsheet.stage.kit.motion import fade, typed
from callsheet.stage.kit.pacing import SETTLE_S, reading_s
from callsheet.stage.kit.scale import BODY_SIZE, LINE_THICKNESS, Step
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.templates.base import TemplateScene

_CHROME, _DOT, _DOT_GAP = 0.5, 0.15, 0.13
_PADDING = 0.36
_ENDLESS = 200.0
_SIGN_SHARE = 0.5
"""A prompt sign that would take more of the width than this is refused."""
_BRIEF_SIGN = 0.25
"""A prompt sign that would take more than this share of the width leaves the letters as they are."""
_ENTRY_GAP = 0.35
"""Rows left free above a prompt."""
_ANSWER_S = 0.12
_KEY_S, _SHORTEST_TYPING_S, _LONGEST_TYPING_S = 0.045, 0.5, 2.4
"""Seconds a key: 22 keys a second, twice as fast as people type, because it is watched and not done."""
_CARET_INK = 0.7
_LEAST_WINDOW, _FLATTEST, _SHARE_ABOVE = 0.75, 0.75, 0.4
"""A window takes this share of the free height at least, unless it would be higher than this share of its width; of
the height that is left, this share stays above it."""


class TerminalScene(TemplateScene):
    """A window with a prompt. Lines are typed, answers appear at once; a full window is cleared."""

    @staticmethod
    def compose(content: TerminalContent, kit: Kit) -> tuple[Page, ...]:
        """Return one page with one window."""
        opening, area = heading(kit, content.title)
        session = _best_session(content, kit, area)
        area = _seat(session, area)
        window = _window(kit, area)
        beats = [*opening, Beat(fade(*window), SETTLE_S, window)]
        for position, screen in enumerate(session.screens):
            if position:
                beats.append(clear(*(part for line in session.screens[position - 1] for part in line.parts)))
            _place(screen, session, area)
            beats.extend(beat for line in screen for beat in line.beats())
        return (Page(tuple(beats)),)


@dataclass(frozen=True)
class _Line:
    """An entry, or the part of it that a screen shows: its prompt sign if it begins there, its rows, their time.

    `duration_s` is what it takes to type it, or to read an answer. A line with a `caret` is typed.
    """

    rows: tuple[TypeBlock, ...]
    duration_s: float
    caret: Mobject | None = None
    sign: TypeBlock | None = None
    indent: float = 0.0
    part: str = ""

    @property
    def parts(self) -> tuple[Mobject, ...]:
        return (*([self.sign] if self.sign else []), *self.rows)

    @property
    def room_above(self) -> float:
        """Return the rows left free above it, unless it is the first."""
        return _ENTRY_GAP if self.sign else 0.0

    def beats(self) -> Iterator[Beat]:
        """Yield the beats: the prompt appears and the line is typed; or the answer is there at once."""
        if self.caret is None:
            yield Beat(fade(*self.rows, duration_s=_ANSWER_S), self.duration_s, self.rows, parts={self.part: self.rows})
            return
        if self.sign:
            yield Beat(fade(self.sign, duration_s=_ANSWER_S), SETTLE_S, (self.sign,))
        typing = typed(*self.rows, caret=self.caret, duration_s=self.duration_s)
        yield Beat(typing, SETTLE_S, self.rows, parts={self.part: self.rows})


@dataclass(frozen=True)
class _Session:
    """Lines screen by screen, not yet placed, and whether one of them, or of the answers, is broken over rows."""

    screens: tuple[tuple[_Line, ...], ...]
    size: float
    is_broken: bool
    has_broken_answers: bool

    @property
    def pitch(self) -> float:
        """Return the distance from row to row, in units."""
        return self.size * (1 + Step.BODY.leading)

    @property
    def height(self) -> float:
        """Return the height of the fullest screen, in units."""
        return max(_rows_of(screen) for screen in self.screens) * self.pitch - (self.pitch - self.size)


def _best_session(content: TerminalContent, kit: Kit, area: Area) -> _Session:
    """Return the session in the largest type at which it is one screen with no line broken.

    What is typed may be broken rather than set smaller than running text. If there is no such type, take the largest
    with no line broken; else the smallest.
    """
    sessions: dict[float, _Session] = {}
    for size in sizes_for(sum(entry.text.count("\n") + 1 for entry in content.entries)):
        if size > SIZES[0] and (len(content.prompt_sign) + 1) * ADVANCE_EM * size > _BRIEF_SIGN * area.width:
            continue
        session = sessions[size] = _session(content, kit, area, size)
        is_whole = not (session.has_broken_answers if size <= BODY_SIZE else session.is_broken)
        if len(session.screens) == 1 and is_whole:
            return session
    paged = [sessions[size] for size in PAGED_SIZES]
    return next((session for session in paged if not session.is_broken), paged[-1])


def _session(content: TerminalContent, kit: Kit, area: Area, size: float) -> _Session:
    """Return the whole session in this size."""
    width = area.width - 2 * _PADDING
    lines = [
        replace(_line(entry, content.prompt_sign, kit, width, size), part=f"entries.{place}")
        for place, entry in enumerate(content.entries)
    ]
    broken = [
        line for line, entry in zip(lines, content.entries, strict=True) if len(line.rows) > entry.text.count("\n") + 1
    ]
    pitch = size * (1 + Step.BODY.leading)
    capacity = (area.height - _CHROME - 2 * _PADDING + pitch - size) / pitch
    has_broken_answers = any(line.caret is None for line in broken)
    return _Session(tuple(map(tuple, _screens(lines, capacity))), size, bool(broken), has_broken_answers)


def _line(entry: TerminalEntry, prompt_sign: str, kit: Kit, width: float, size: float) -> _Line:
    if entry.kind == "output":
        rows = _rows(entry.text, kit, width, size, kit.palette.muted)
        return _Line(rows, reading_s(entry.text))
    (sign,) = _rows(prompt_sign, kit, _ENDLESS, size, kit.palette.accent)
    indent = sign.box_width + ADVANCE_EM * size
    if indent > _SIGN_SHARE * width:
        raise ContentTooLong("the prompt sign takes half of the width: shorten it", "content.prompt_sign")
    rows = _rows(entry.text, kit, width - indent, size, kit.palette.text)
    duration_s = min(_LONGEST_TYPING_S, max(_SHORTEST_TYPING_S, _KEY_S * len(entry.text)))
    return _Line(rows, duration_s, _caret(kit, size), sign, indent)


def _caret(kit: Kit, size: float) -> Mobject:
    """Return a block as large as a letter of this size."""
    return Rectangle(
        width=ADVANCE_EM * size, height=size, fill_color=kit.palette.accent, fill_opacity=_CARET_INK, stroke_width=0
    )


def _rows(text: str, kit: Kit, width: float, size: float, colour: str) -> tuple[TypeBlock, ...]:
    rows = tuple(row for line in kit.code(text, "", size, width) for row in line)
    for row in rows:
        row.set_fill(colour)
    return rows


def _screens(lines: Sequence[_Line], capacity: float) -> Iterator[list[_Line]]:
    """Yield lines screen by screen; cut one that is longer than a screen."""
    screen: list[_Line] = []
    for line in lines:
        for part in _cut(line, int(capacity)):
            if screen and _rows_of([*screen, part]) > capacity:
                yield screen
                screen = []
            screen.append(part)
    yield screen


def _cut(line: _Line, most: int) -> Iterator[_Line]:
    for start in range(0, len(line.rows), most):
        rows = line.rows[start : start + most]
        share = len(rows) / len(line.rows)
        yield replace(line, rows=rows, sign=None if start else line.sign, duration_s=line.duration_s * share)


def _rows_of(screen: Sequence[_Line]) -> float:
    """Return how many rows `screen` takes, with the free rows above prompts."""
    return sum(len(line.rows) + line.room_above for line in screen) - screen[0].room_above


def _seat(session: _Session, area: Area) -> Area:
    """Return where the window stands: as high as the fullest screen needs, and no lower than a window looks."""
    height = max(_CHROME + session.height + 2 * _PADDING, min(_LEAST_WINDOW * area.height, area.width * _FLATTEST))
    return Area(area.left, area.top - (area.height - height) * _SHARE_ABOVE, area.width, height)


def _window(kit: Kit, panel: Area) -> tuple[Mobject, ...]:
    """Return the panel, three dots at its top and a line below them."""
    middle = panel.top - _CHROME / 2
    dots = [
        Circle(radius=_DOT / 2, fill_color=kit.palette.line, fill_opacity=1, stroke_width=0).move_to(
            (panel.left + _PADDING + _DOT / 2 + place * (_DOT + _DOT_GAP), middle, 0)
        )
        for place in range(3)
    ]
    return (kit.panel(panel), *dots, kit.rule(panel.left, panel.top - _CHROME + LINE_THICKNESS, panel.width))


def _place(screen: Sequence[_Line], session: _Session, area: Area) -> None:
    """Put the lines of a screen one under the other."""
    top = area.top - _CHROME - _PADDING
    for place, line in enumerate(screen):
        top -= line.room_above * session.pitch if place else 0.0
        if line.sign:
            line.sign.place(area.left + _PADDING, top)
        for row in line.rows:
            row.place(area.left + _PADDING + line.indent, top)
            top -= session.pitch
