"""A composed page as a picture, without playing the scene: for the gallery and for whoever makes a template."""

from __future__ import annotations

from collections.abc import Sequence

from manim import Camera, Mobject, tempconfig
from PIL import Image

from callsheet.stage.kit.elements import Kit


def still(mobjects: Sequence[Mobject], kit: Kit, height_px: int) -> Image.Image:
    """`mobjects` on the look's background, `height_px` pixels high."""
    frame = kit.frame
    size = {"pixel_height": height_px, "pixel_width": round(height_px * frame.width / frame.height)}
    with tempconfig({**size, "frame_width": frame.width, "frame_height": frame.height}):
        camera = Camera(background_color=kit.palette.background)
        camera.capture_mobjects(mobjects)
        return Image.fromarray(camera.pixel_array).convert("RGB")
