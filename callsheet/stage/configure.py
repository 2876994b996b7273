"""Manim's configuration for a profile, and its file writer: the same for a rehearsal and for the render after it."""

from typing import Any

from manim import Scene, config
from manim.scene.scene_file_writer import SceneFileWriter

from callsheet.model.film.profile import RenderProfile


def configure(profile: RenderProfile) -> None:
    """Set Manim up for `profile`; to be called before any scene class is made."""
    config.pixel_width = profile.width
    config.pixel_height = profile.height
    config.frame_rate = profile.frame_rate
    config.frame_width, config.frame_height = profile.frame_units
    config.disable_caching = True
    config.media_dir = "media"
    config.verbosity = "WARNING"
    config.progress_bar = "none"


def refuse_another_rate(profile: RenderProfile) -> None:
    """Raise ValueError if the scene, while it runs, has set another frame rate."""
    if config.frame_rate != profile.frame_rate:
        raise ValueError(f"the scene sets config.frame_rate; this video has {profile.frame_rate} a second")


class StageWriter(SceneFileWriter):
    """Manim's file writer, with sounds that stay with their pictures if sections are skipped.

    Manim counts the time of skipped animations, too. Until the next animation, it also takes the section after a
    skipped one for skipped. So a sound would come late, or not at all.
    """

    def __init__(self, scene: Scene, profile: RenderProfile) -> None:
        self._scene = scene
        self._profile = profile
        self._frames = 0
        super().__init__(scene.file_writer_settings)

    def next_section(self, name: str, type_: str, skip_animations: bool) -> None:
        """Begin a section, and skip its sounds only if its animations are skipped."""
        super().next_section(name, type_, skip_animations)
        renderer: Any = self._scene.renderer
        renderer.skip_animations = bool(skip_animations) or renderer._original_skipping_status

    def add_sound(self, sound_file: Any, time: float | None = None, gain: float | None = None, **kwargs: Any) -> None:
        """Add a sound.

        `time` is on Manim's clock, in seconds, and is moved to that of the written frames.
        """
        if time is not None:
            time += self._frames / self._profile.frame_rate - self._scene.renderer.time
        super().add_sound(sound_file, time, gain, **kwargs)

    @property
    def frames(self) -> int:
        """Return the number of frames written so far."""
        return self._frames

    def count(self, frames: int) -> None:
        """Note that so many frames were written."""
        self._frames += frames
