"""A camera over a picture: its view at each moment, and the frame of that view.

A frame is resampled from a canvas finer than the frame, at places that are no whole pixels. So slow moves neither
jump from pixel to pixel nor change between sharp and soft. Cutting a frame out and enlarging it would do both.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from callsheet.footage.moves import Move, read_moves, strength_of
from callsheet.footage.pictures import conformed, filling_box
from callsheet.model.footage.jobs import Fit

FINER = 1.3
"""Pixels of the canvas for one of the frame, at least.

With a bicubic filter a mark is then seen within a hundredth of a pixel of where it is (0.004 rms; with 1.0 three times
as far). A finer canvas only takes longer.
"""
MAX_CANVAS_PIXELS = 24_000_000
RAMP = 0.3
"""Share of the time in which a move gathers speed, and in which it comes to rest."""
# A move that would take longer than the picture is shown is slowed down to a speed that eyes follow with ease.
ZOOM_A_SECOND, MOST_ZOOM = 0.032, 1.3
TRAVEL_A_SECOND = 0.075
"""Share of the frame's width or height."""


_DIRECTION = {Move.LEFT: (-1, 0), Move.RIGHT: (1, 0), Move.UP: (0, -1), Move.DOWN: (0, 1)}


@dataclass(frozen=True)
class CameraView:
    """The camera's view: its middle as shares of the canvas, and its zoom from the widest view."""

    x: float
    y: float
    zoom: float


@dataclass(frozen=True)
class CameraPath:
    """A picture, and the camera's way over it."""

    canvas: Image.Image
    start: CameraView
    end: CameraView

    def box_at(self, progress: float, aspect: float) -> tuple[float, float, float, float]:
        """Return the view at `progress` (0 to 1) of the way, in pixels of the canvas (fractions).

        Zoom grows by equal factors, not by equal steps: that looks even. The middle keeps pace with the zoom. So the
        point to which the camera moves stays on a straight line.
        """
        zoom = self.start.zoom * (self.end.zoom / self.start.zoom) ** progress
        part = _part(self.start.zoom, self.end.zoom, zoom, progress)
        x, y = _between(self.start.x, self.end.x, part), _between(self.start.y, self.end.y, part)
        widest = min(self.canvas.width, self.canvas.height * aspect)
        width, height = widest / zoom, widest / aspect / zoom
        left = min(max(0.0, x * self.canvas.width - width / 2), self.canvas.width - width)
        top = min(max(0.0, y * self.canvas.height - height / 2), self.canvas.height - height)
        return left, top, left + width, top + height

    def seen_at(self, progress: float, width: int, height: int) -> Image.Image:
        """Return the frame at `progress`, in mode RGBX."""
        box = self.box_at(progress, width / height)
        return self.canvas.resize((width, height), Image.Resampling.BICUBIC, box=box)


def moves_in(prompt: str) -> tuple[Move, ...]:
    """Return the moves that a prompt asks for; a slow zoom if it asks for none."""
    return read_moves(prompt).moves or (Move.ZOOM_IN,)


def shot_of(picture: Image.Image, width: int, height: int, fit: Fit, prompt: str, duration_s: float) -> CameraPath:
    """Return the way over an opaque picture that a prompt asks for."""
    moves, strength = moves_in(prompt), strength_of(prompt)
    # Under `fill` the canvas is the whole picture: the camera can move to parts that a still frame would cut away.
    # Under another fit it has the frame's shape, and is large enough for all of the picture's pixels.
    scale = min(max(1.0, picture.width / width, picture.height / height), FINER * MOST_ZOOM)
    canvas = round(width * scale), round(height * scale)
    whole = picture if fit == Fit.FILL else conformed(picture, *canvas, fit)
    start, end = _ends(moves, strength * duration_s, whole, width / height)
    return CameraPath(_fine(whole, width, height, max(start.zoom, end.zoom)), start, end)


def eased(time: float) -> float:
    """Return the progress at a share of the time.

    A move gathers speed, keeps it, and comes to rest.
    """

    def gathered(share: float) -> float:
        return share**3 - share**4 / 2  # the way under a speed that grows by smoothstep

    full = 1 - RAMP
    if time < RAMP:
        return RAMP * gathered(time / RAMP) / full
    if time > 1 - RAMP:
        return 1 - RAMP * gathered((1 - time) / RAMP) / full
    return (RAMP / 2 + (time - RAMP)) / full


def _ends(
    moves: tuple[Move, ...], effort_s: float, canvas: Image.Image, aspect: float
) -> tuple[CameraView, CameraView]:
    wide = _view(canvas, aspect, 1.0)
    if Move.STILL in moves:
        return wide, wide
    zooms = Move.ZOOM_IN in moves or Move.ZOOM_OUT in moves
    pans = [_DIRECTION[move] for move in moves if move in _DIRECTION]
    nearness = min(MOST_ZOOM, (1 + ZOOM_A_SECOND) ** effort_s)
    if not pans:
        near = _view(canvas, aspect, nearness)
        return (wide, near) if Move.ZOOM_IN in moves else (near, wide)
    excess = canvas.width / canvas.height / aspect
    has_room = all(excess > 1.15 if across else excess < 1 / 1.15 for across, _ in pans)  # the widest view can move
    least = 1.0 if has_room else min(MOST_ZOOM, 1 + TRAVEL_A_SECOND * effort_s)
    first, last = _across(canvas, aspect, least, pans, TRAVEL_A_SECOND * effort_s)
    if not zooms:
        return first, last
    closer = CameraView(last.x, last.y, least * nearness), CameraView(first.x, first.y, least * nearness)
    return (first, closer[0]) if Move.ZOOM_IN in moves else (closer[1], last)


def _view(canvas: Image.Image, aspect: float, zoom: float) -> CameraView:
    """Return the view at this zoom, cut as a still frame of this size would be cut."""
    left, top, right, bottom = filling_box(canvas, aspect, zoom)
    return CameraView((left + right) / 2 / canvas.width, (top + bottom) / 2 / canvas.height, zoom)


def _across(
    canvas: Image.Image, aspect: float, zoom: float, pans: list[tuple[int, int]], travel: float
) -> tuple[CameraView, CameraView]:
    """Return the way from end to end, or as far as `travel` frames, through the middle."""
    widest = min(canvas.width, canvas.height * aspect)
    share_x, share_y = widest / zoom / canvas.width, widest / aspect / zoom / canvas.height
    middle = _view(canvas, aspect, zoom)
    way_x = min(1 - share_x, travel * share_x) * sum(pan[0] for pan in pans)
    way_y = min(1 - share_y, travel * share_y) * sum(pan[1] for pan in pans)
    x, y = _kept(middle.x, share_x + abs(way_x)), _kept(middle.y, share_y + abs(way_y))
    return CameraView(x - way_x / 2, y - way_y / 2, zoom), CameraView(x + way_x / 2, y + way_y / 2, zoom)


def _kept(middle: float, share: float) -> float:
    """Return the nearest middle of a part that stays inside."""
    return min(max(middle, share / 2), 1 - share / 2)


def _fine(whole: Image.Image, width: int, height: int, zoom: float) -> Image.Image:
    """Return a canvas so fine that the nearest view has `FINER` pixels for one of the frame."""
    aspect = width / height
    widest = min(whole.width, whole.height * aspect)
    scale = FINER * zoom * width / widest
    scale = min(scale, math.sqrt(MAX_CANVAS_PIXELS / (whole.width * whole.height)))
    size = (max(1, round(whole.width * scale)), max(1, round(whole.height * scale)))
    return whole.resize(size, Image.Resampling.LANCZOS).convert("RGBX")


def _part(start: float, end: float, zoom: float, progress: float) -> float:
    """Return how far the middle has moved when the zoom has reached `zoom`."""
    if math.isclose(start, end):
        return progress
    return (1 / start - 1 / zoom) / (1 / start - 1 / end)


def _between(start: float, end: float, part: float) -> float:
    return start + (end - start) * part


Seeing = Callable[[float], Image.Image]
"""The view at a share of the time, 0 to 1: a frame in mode RGBX."""
