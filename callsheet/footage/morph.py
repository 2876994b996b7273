"""From one picture to another: a soft edge runs over them, while one camera leans in to both and back.

A plain crossfade shows both pictures at once, everywhere and for its whole length. Here each place changes
in a fraction of the time, when the edge reaches it. The edge follows the dark and bright parts of the second picture.
One camera shows both pictures, so a thing at the same place in both never shows twice. The first frame is exactly the
first picture, and the last frame is exactly the last one.
"""

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from callsheet.footage.camera import CameraPath, CameraView, eased
from callsheet.footage.moves import Move, read_edge
from callsheet.footage.pictures import focus_of

SOFTNESS = 0.45
"""Share of the change that one place takes."""
APPROACH = 1.07
HOLD = 0.12
"""Share of the time at the beginning, and at the end, in which only the camera moves."""


@dataclass(frozen=True)
class Morph:
    """Two shots of one frame, and when each place changes from one to the other (0 to 255)."""

    first: CameraPath
    last: CameraPath
    order: Image.Image

    def seen_at(self, time: float) -> Image.Image:
        """Return the frame at a share of the time, in mode RGBX."""
        width, height = self.order.size
        change = min(max((time - HOLD) / (1 - 2 * HOLD), 0.0), 1.0)
        if change <= 0:
            return self.first.seen_at(_leaning(time), width, height)
        if change >= 1:
            return self.last.seen_at(_leaning(time), width, height)
        # How much of the second picture shows, 0 to 255, for each place in the order: a soft step.
        share = ((eased(change) * (1 + SOFTNESS) - np.arange(256) / 255) / SOFTNESS).clip(0, 1)
        mask = self.order.point([int(value) for value in (255 * share * share * (3 - 2 * share)).round()])
        leaving = self.first.seen_at(_leaning(time), width, height)
        leaving.paste(self.last.seen_at(_leaning(time), width, height), mask=mask)
        return leaving


def morph_of(first: Image.Image, last: Image.Image, prompt: str) -> Morph:
    """Return the way from one opaque picture to another of the same size."""
    (first_x, first_y), (last_x, last_y) = focus_of(first), focus_of(last)
    whole, near = CameraView(0.5, 0.5, 1.0), CameraView((first_x + last_x) / 2, (first_y + last_y) / 2, APPROACH)
    return Morph(
        CameraPath(first.convert("RGBX"), whole, near),
        CameraPath(last.convert("RGBX"), whole, near),
        _order(last, prompt),
    )


def _leaning(time: float) -> float:
    """Return how near the camera is, 0 at both ends and 1 half-way, without a jerk."""
    return math.sin(math.pi * time) ** 2


def _order(coming: Image.Image, prompt: str) -> Image.Image:
    """Return when each place changes.

    Places change along a direction, bright before dark, in equal numbers at equal times.
    """
    width, height = coming.size
    small = (max(2, width // 8), max(2, height // 8))
    grey = coming.convert("L").resize(small, Image.Resampling.BOX)
    soft = np.asarray(grey.filter(ImageFilter.GaussianBlur(max(small) / 24)), np.float64)
    spread = soft.std() or 1.0
    combined = _along(small, prompt) - 0.08 * (soft - soft.mean()) / spread
    ranks = combined.ravel().argsort(kind="stable").argsort(kind="stable").reshape(combined.shape)
    order = Image.fromarray((ranks * (255 / (ranks.size - 1))).round().astype(np.uint8))
    return order.filter(ImageFilter.GaussianBlur(2)).resize(coming.size, Image.Resampling.BICUBIC)


def _along(size: tuple[int, int], prompt: str) -> np.ndarray:
    """Return 0 to 1 in the direction of the edge; from left to right if the prompt names none."""
    width, height = size
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    way, is_from_the_middle, _ = read_edge(prompt)
    if is_from_the_middle and way is None:
        from_the_middle: np.ndarray = np.hypot(x - 0.5, (y - 0.5) * height / width) * 1.4
        return from_the_middle
    return {
        Move.RIGHT: x * 0.85 + y * 0.15,
        Move.LEFT: (1 - x) * 0.85 + y * 0.15,
        Move.DOWN: y,
        Move.UP: 1 - y,
    }[way or Move.RIGHT]
