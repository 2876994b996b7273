"""The base of all templates: it composes content into pages, and plays, times and turns them, to the frame.

A template only composes: it turns content into pages of placed mobjects. What it composes can be measured without
rendering anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, cast

from manim import Camera, ManimColor, Scene, config

from callsheet.model.content import Content
from callsheet.model.film.look import Look
from callsheet.stage.kit.beats import Page
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Frame
from callsheet.stage.kit.motion import Motion, leave
from callsheet.stage.kit.pacing import FINISH_S, Stretch, schedule


class TemplateScene(Scene):
    """A scene made of content and a look. Each subclass composes it differently: see `compose`."""

    content: ClassVar[Content]
    look: ClassVar[Look] = Look()

    @staticmethod
    def compose(content: Any, kit: Kit) -> tuple[Page, ...]:
        """Return the pages that show `content`, with everything inside `kit.safe`.

        Raises ContentTooLong.
        """
        raise NotImplementedError

    def construct(self) -> None:
        """Compose the pages and play them."""
        kit = Kit(self.look, Frame(config.frame_width, config.frame_height))
        camera = cast("Camera", self.camera)
        camera.background_color = ManimColor(kit.palette.background)
        camera.init_background()
        self.perform(self.compose(self.content, kit))

    def perform(self, pages: Sequence[Page]) -> None:
        """Play `pages` in whole frames. If the content has a duration, it is met exactly."""
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


def _cues(pages: Sequence[Page]) -> Iterator[tuple[Motion, float]]:
    for number, page in enumerate(pages, start=1):
        for place, beat in enumerate(page.beats, start=1):
            is_last = place == len(page.beats)
            yield beat.motion, beat.hold_s + (FINISH_S if is_last else 0.0)
        if number < len(pages):
            yield leave(*page.standing), 0.0
