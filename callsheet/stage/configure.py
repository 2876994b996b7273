"""Manim's configuration for a profile: the same for a rehearsal and for the render that follows it."""

from manim import config

from callsheet.model.profile import RenderProfile


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
    """Raise ValueError where the scene, while it runs, has set a frame rate of its own."""
    if config.frame_rate != profile.frame_rate:
        raise ValueError(f"the scene sets config.frame_rate; this video has {profile.frame_rate} a second")
