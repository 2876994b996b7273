"""The base of all templates: a scene is pages, a page is beats, and a beat is one motion and time to take it in.

A template only composes: it turns content into pages of placed mobjects. Playing them, timing and page turns are done
here, the same for all, so a composed page can be measured without rendering anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from manim import Camera, ManimColor, Mobject, Scene, config

from callsheet.model.content import Content
from callsheet.model.look import Look
from callsheet.stage.templates.frame import Area, Frame
from callsheet.stage.templates.inline import is_right_to_left
from callsheet.stage.templates.kit import Kit
from callsheet.stage.templates.layout import height_of, mirror
from callsheet.stage.templates.motion import Motion, leave, rise, together, wipe
from callsheet.stage.templates.pacing import FINISH_S, SETTLE_S, Stretch, reading_s, schedule
from callsheet.stage.templates.scale import BAR_THICKNESS, Space, Step
from callsheet.stage.templates.type_block import TypeBlock

_TITLE_GAP = 0.28


@dataclass(frozen=True)
class Beat:
    """One motion, and the rest after it.

    `shows` are the mobjects that stand afterwards and did not before, each placed and each on its own; `hides` are
    those that no longer stand.
    """

    motion: Motion
    hold_s: float
    shows: tuple[Mobject, ...]
    hides: tuple[Mobject, ...] = ()


@dataclass(frozen=True)
class Page:
    """Beats that share the picture. Everything leaves before the next page begins; the last page stays."""

    beats: tuple[Beat, ...]

    @property
    def standing(self) -> tuple[Mobject, ...]:
        """What stands at the end of the page, in the order of entering."""
        return self.states()[-1]

    def states(self) -> tuple[tuple[Mobject, ...], ...]:
        """What stands after each beat, in the order of entering."""
        states: list[tuple[Mobject, ...]] = []
        standing: tuple[Mobject, ...] = ()
        for beat in self.beats:
            stayed = (mobject for mobject in standing if not any(mobject is gone for gone in beat.hides))
            standing = (*stayed, *beat.shows)
            states.append(standing)
        return tuple(states)

    @property
    def everything(self) -> tuple[Mobject, ...]:
        """All that is shown at some time."""
        return tuple(mobject for beat in self.beats for mobject in beat.shows)


class TemplateScene(Scene):
    """A scene made of content and a look. Subclasses say how: see `compose`."""

    content: ClassVar[Content]
    look: ClassVar[Look] = Look()

    @staticmethod
    def compose(content: Any, kit: Kit) -> tuple[Page, ...]:
        """The pages that show `content`, everything placed inside `kit.safe`. Raises ContentTooLong."""
        raise NotImplementedError

    def construct(self) -> None:
        """Compose the pages and play them."""
        kit = Kit(self.look, Frame(config.frame_width, config.frame_height))
        camera = cast("Camera", self.camera)
        camera.background_color = ManimColor(kit.palette.background)
        camera.init_background()
        self.perform(self.compose(self.content, kit))

    def perform(self, pages: Sequence[Page]) -> None:
        """Play `pages` in whole frames; the content's duration, where it has one, is met exactly."""
        cues = list(_cues(pages))
        natural = [(motion.duration_s, hold_s) for motion, hold_s in cues]
        stretches = schedule(natural, self.content.duration_s, int(config.frame_rate))
        for (motion, _), stretch in zip(cues, stretches, strict=True):
            self._play(motion, stretch)

    def _play(self, motion: Motion, stretch: Stretch) -> None:
        # Manim rounds up the frames of a motion and rounds down those of a wait; a quarter of a frame keeps both exact.
        if stretch.motion_frames:
            self.play(motion.make((stretch.motion_frames - 0.25) / config.frame_rate))
        if stretch.hold_frames:
            self.wait((stretch.hold_frames + 0.25) / config.frame_rate, frozen_frame=True)


def heading(
    kit: Kit, title: str, *, hold_s: float | None = None, within: Area | None = None
) -> tuple[tuple[Beat, ...], Area]:
    """The signature bar and a title at the top of the safe area, as beats, and the area that is left for the rest.

    `within` is an area to head instead, e.g. a column. An empty title takes no room and no beat.
    """
    area = within or kit.safe
    if not title:
        return (), area
    bar = kit.bar(area.left, area.top)
    text = _title_text(kit, title, area).place(area.left, area.top - BAR_THICKNESS - _TITLE_GAP)
    rest_s = reading_s(title) * 0.6 if hold_s is None else hold_s
    beat = Beat(together(wipe(bar), rise(text), lag_s=0.12), rest_s, (bar, text))
    return (beat,), area.below(BAR_THICKNESS + _TITLE_GAP + height_of(text) + Space.WIDE)


def footing(kit: Kit, text: str, area: Area, *, colour: str = "") -> tuple[tuple[Beat, ...], Area]:
    """A small text at the foot of `area`, as beats for the end of a page, and the area that is left above it.

    An empty text takes no room and no beat.
    """
    if not text:
        return (), area
    block = kit.text(text, Step.CAPTION, area.width, colour=colour or kit.palette.muted)
    block.place(area.left, area.bottom + block.box_height)
    return (show(block, reads=text),), area.above(block.box_height + Space.BASE)


def show(*mobjects: Mobject, reads: str = "", hold_s: float | None = None) -> Beat:
    """A beat in which `mobjects` rise together, held as long as it takes to read `reads` (or for `hold_s`)."""
    rest_s = hold_s if hold_s is not None else reading_s(reads) if reads else SETTLE_S
    return Beat(rise(*mobjects), rest_s, mobjects)


def clear(*mobjects: Mobject) -> Beat:
    """A beat in which `mobjects` leave, to make room on the same page."""
    return Beat(leave(*mobjects), 0.0, (), mobjects)


def directed(pages: tuple[Page, ...], text: str) -> tuple[Page, ...]:
    """`pages`, their places mirrored where `text` runs from right to left. Call it last."""
    if is_right_to_left(text):
        for page in pages:
            mirror(page.everything)
    return pages


def _title_text(kit: Kit, title: str, area: Area) -> TypeBlock:
    """The title, at the largest step at which it leaves three quarters of the height to the rest."""
    for step in (Step.TITLE, Step.LEAD, Step.BODY):
        text = kit.text(title, step, area.width, weight=600, balanced=True)
        if text.box_height <= area.height / 4:
            break
    return text


def _cues(pages: Sequence[Page]) -> Iterator[tuple[Motion, float]]:
    for number, page in enumerate(pages, start=1):
        for place, beat in enumerate(page.beats, start=1):
            is_last = place == len(page.beats)
            yield beat.motion, beat.hold_s + (FINISH_S if is_last else 0.0)
        if number < len(pages):
            yield leave(*page.standing), 0.0
