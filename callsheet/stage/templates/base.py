"""The base of all templates: it composes content into pages, and plays, times and turns them, to the frame.

A template only composes: it turns content into pages of placed mobjects. What it composes can be measured without
rendering anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import Any, ClassVar, cast

from manim import Camera, ManimColor, Scene, config

from callsheet.model.content import Content
from callsheet.model.film.look import Look
from callsheet.model.film.speech_plan import SceneSpeech
from callsheet.stage.kit.beats import Page, in_a_row
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Frame
from callsheet.stage.kit.ground import ground_of
from callsheet.stage.kit.motion import Motion
from callsheet.stage.kit.pacing import Stretch, schedule
from callsheet.stage.kit.reading_cues import reading_cues
from callsheet.stage.kit.spoken_cues import in_frames, spoken_cues


class TemplateScene(Scene):
    """A scene made of content and a look. Each subclass composes it differently: see `compose`."""

    content: ClassVar[Content]
    look: ClassVar[Look] = Look()
    composition: ClassVar[str] = ""
    """How the content stands in the picture; empty if the content alone decides."""
    speech: ClassVar[SceneSpeech | None] = None
    """When each line of its narration is heard; None if the scene is silent."""
    bounds_s: ClassVar[tuple[float, float]] = (0.0, inf)
    """The shortest and the longest scene whose length the content does not say."""

    @staticmethod
    def compose(content: Any, kit: Kit) -> tuple[Page, ...]:
        """Return the pages that show `content`, with everything inside `kit.safe`.

        Raises ContentTooLong.
        """
        raise NotImplementedError

    def construct(self) -> None:
        """Compose the pages and play them."""
        kit = Kit(self.look, Frame(config.frame_width, config.frame_height), self.composition)
        camera = cast("Camera", self.camera)
        camera.background_color = ManimColor(kit.palette.background)
        camera.background = cast("Any", ground_of(self.look, camera.pixel_width, camera.pixel_height))
        self.perform(self.compose(self.content, kit))

    def perform(self, pages: Sequence[Page]) -> None:
        """Play `pages` in whole frames.

        If the scene is spoken, its beats enter at their lines, and it lasts as long as its speech says. Else, if the
        content has a duration, it is met exactly.
        """
        frame_rate = int(config.frame_rate)
        if self.speech is not None:
            spoken = spoken_cues(in_a_row(pages), self.speech)
            motions = [cue.motion for cue in spoken]
            stretches = in_frames(spoken, self.speech.duration_s, frame_rate)
        else:
            cues = reading_cues(pages, self.content.duration_s, self.look.pace)
            motions = [read.motion for read in cues]
            natural = [(read.motion_s, read.hold_s) for read in cues]
            stretches = schedule(natural, self.content.duration_s or self._bounded_s(natural), frame_rate)
        for motion, stretch in zip(motions, stretches, strict=True):
            self._play(motion, stretch)

    def _bounded_s(self, natural: Sequence[tuple[float, float]]) -> float | None:
        """Return the length of the scene if its usual one is out of bounds."""
        usual_s = sum(motion_s + hold_s for motion_s, hold_s in natural)
        bounded_s = max(self.bounds_s[0], min(usual_s, self.bounds_s[1]))
        return bounded_s if bounded_s != usual_s else None

    def _play(self, motion: Motion, stretch: Stretch) -> None:
        # Manim rounds up the frames of a motion and rounds down those of a wait; a quarter of a frame keeps both exact.
        if stretch.motion_frames:
            self.play(motion.make((stretch.motion_frames - 0.25) / config.frame_rate))
        else:
            self._show_at_once(motion)
        if stretch.hold_frames:
            self.wait((stretch.hold_frames + 0.25) / config.frame_rate, frozen_frame=True)

    def _show_at_once(self, motion: Motion) -> None:
        animation = motion.make(1.0)
        animation._setup_scene(self)
        animation.begin()
        animation.finish()
        animation.clean_up_from_scene(self)
