"""Pages and beats.

A scene is pages, a page is beats, and a beat is one motion and the time to take it in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from manim import Mobject

from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area
from callsheet.stage.kit.inline import is_right_to_left
from callsheet.stage.kit.layout import height_of, mirror
from callsheet.stage.kit.motion import Motion, leave, rise, together, wipe
from callsheet.stage.kit.pacing import SETTLE_S, reading_s
from callsheet.stage.kit.scale import BAR_THICKNESS, Space, Step
from callsheet.stage.kit.type_block import TypeBlock

_TITLE_GAP = 0.28


@dataclass(frozen=True)
class Beat:
    """One motion, and the rest after it.

    `shows` are the mobjects that are on the page after it and were not before. Each is placed, and each is listed
    separately. `hides` are those that leave. `parts` has the mobjects that show a part of the content, by its path
    (`points.2`). While another part is spoken of or read, they step back, unless the beat `is_anchor`.
    """

    motion: Motion
    hold_s: float
    shows: tuple[Mobject, ...]
    hides: tuple[Mobject, ...] = ()
    parts: Mapping[str, tuple[Mobject, ...]] = field(default_factory=dict)
    is_anchor: bool = False


@dataclass(frozen=True)
class Page:
    """Beats that share the picture.

    Everything leaves before the next page begins; the last page stays.
    """

    beats: tuple[Beat, ...]

    @property
    def standing(self) -> tuple[Mobject, ...]:
        """Return what is on the page at its end, in the order of entering."""
        return self.states()[-1]

    def states(self) -> tuple[tuple[Mobject, ...], ...]:
        """Return what is on the page after each beat, in the order of entering."""
        states: list[tuple[Mobject, ...]] = []
        standing: tuple[Mobject, ...] = ()
        for beat in self.beats:
            stayed = (mobject for mobject in standing if not any(mobject is gone for gone in beat.hides))
            standing = (*stayed, *beat.shows)
            states.append(standing)
        return tuple(states)

    @property
    def everything(self) -> tuple[Mobject, ...]:
        """Return everything that is shown at some time."""
        return tuple(mobject for beat in self.beats for mobject in beat.shows)


def heading(
    kit: Kit, title: str, *, hold_s: float | None = None, within: Area | None = None, part: str = "title"
) -> tuple[tuple[Beat, ...], Area]:
    """Return beats for the bar and a title at the top of the safe area, and the area below.

    `within` is another area that gets the heading, e.g. a column. An empty title takes no room and no beat.
    """
    area = within or kit.safe
    if not title:
        return (), area
    bar = kit.bar(area.left, area.top)
    text = _title_text(kit, title, area).place(area.left, area.top - BAR_THICKNESS - _TITLE_GAP)
    rest_s = reading_s(title) * 0.6 if hold_s is None else hold_s
    shown = (bar, text)
    beat = Beat(together(wipe(bar), rise(text), lag_s=0.12), rest_s, shown, parts={part: shown}, is_anchor=True)
    return (beat,), area.below(BAR_THICKNESS + _TITLE_GAP + height_of(text) + Space.WIDE)


def footing(kit: Kit, text: str, area: Area, *, part: str, colour: str = "") -> tuple[tuple[Beat, ...], Area]:
    """Return beats for a small text at the foot of `area`, and the area above it.

    The beats belong at the end of a page. An empty text takes no room and no beat.
    """
    if not text:
        return (), area
    block = kit.text(text, Step.CAPTION, area.width, colour=colour or kit.palette.muted)
    block.place(area.left, area.bottom + block.box_height)
    return (show(block, reads=text, part=part, is_anchor=True),), area.above(block.box_height + Space.BASE)


def show(
    *mobjects: Mobject, reads: str = "", hold_s: float | None = None, part: str = "", is_anchor: bool = False
) -> Beat:
    """Return a beat in which `mobjects` enter upwards together; they show `part` of the content.

    It is held as long as it takes to read `reads`, or for `hold_s` seconds.
    """
    rest_s = hold_s if hold_s is not None else reading_s(reads) if reads else SETTLE_S
    return Beat(rise(*mobjects), rest_s, mobjects, parts={part: mobjects} if part else {}, is_anchor=is_anchor)


def upon_ground(beat: Beat, ground: Mobject | None) -> Beat:
    """Return a beat in which `ground`, on which the others stand, enters first; the same beat without a ground."""
    if ground is None:
        return beat
    return replace(beat, motion=together(wipe(ground), beat.motion, lag_s=0.2), shows=(ground, *beat.shows))


def clear(*mobjects: Mobject) -> Beat:
    """Return a beat in which `mobjects` leave, to make room on the same page."""
    return Beat(leave(*mobjects), 0.0, (), mobjects)


def in_a_row(pages: Sequence[Page]) -> tuple[Beat, ...]:
    """Return the beats of all pages; between two pages everything leaves."""
    beats: list[Beat] = []
    for number, page in enumerate(pages):
        if number:
            beats.append(clear(*pages[number - 1].standing))
        beats.extend(page.beats)
    return tuple(beats)


def directed(pages: tuple[Page, ...], text: str) -> tuple[Page, ...]:
    """Return `pages`, with their places mirrored if `text` runs from right to left.

    Call it last.
    """
    if is_right_to_left(text):
        for page in pages:
            mirror(page.everything)
    return pages


def _title_text(kit: Kit, title: str, area: Area) -> TypeBlock:
    """Return the title at the largest step that leaves three quarters of the height free."""
    for step in (Step.TITLE, Step.LEAD, Step.BODY):
        text = kit.text(title, step, area.width, weight=600, balanced=True)
        if text.box_height <= area.height / 4:
            break
    return text
