"""Picture: a picture with its caption."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from manim import Animation, ImageMobject, config, linear
from PIL import Image, ImageDraw

from callsheet.errors import ContentTooLong
from callsheet.model.content import PictureContent
from callsheet.sources.picture_files import read_within
from callsheet.sources.svg_files import is_drawing
from callsheet.sources.svg_pictures import read_drawing
from callsheet.stage.content_pictures import FIELD
from callsheet.stage.kit.beats import Beat, Page, directed, heading, show
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area
from callsheet.stage.kit.layout import first_fit, stack, stack_height
from callsheet.stage.kit.motion import CALM_S, Motion, fade
from callsheet.stage.kit.pacing import SETTLE_S, reading_s
from callsheet.stage.kit.scale import Space, Step
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.templates.base import TemplateScene

_LONGEST_SIDE_PX = 2400
"""The longer side of a picture in memory: more pixels could not be seen, even in the largest profile at the end of a
zoom."""
_COARSEST = 45
"""Least pixels of the picture for a unit of the frame: small pictures stay small."""
_CORNER = 0.14
_BESIDE_SHARE, _BESIDE_GAP, _BELOW_GAP = 0.64, 0.6, 0.32
_SMALLEST_SHARE = 0.3
"""Share of the height below which texts may not squeeze the picture."""
_CLOSEST = 0.92
"""Share of the width that is seen when the zoom ends: too slow to be noticed as a movement."""
_ZOOM_S = 5.0


class PictureScene(TemplateScene):
    """The picture as large as it can be.

    Its caption stands below it, or beside it if that leaves more room.
    """

    @staticmethod
    def compose(content: PictureContent, kit: Kit) -> tuple[Page, ...]:
        """Return one page.

        Raises InvalidRequest if there is no such picture in the working directory.
        """
        opening, area = heading(kit, content.title)
        path = Path(content.path)
        read = read_drawing if is_drawing(path) else read_within
        picture = read(path, _LONGEST_SIDE_PX, FIELD)
        surface = Image.new("RGBA", picture.size, kit.palette.surface)  # what is transparent shows it
        source = Image.alpha_composite(surface, picture).convert("RGB")
        plan = first_fit(lambda factor: _plan(content, kit, source, area, factor))
        if plan is None:
            raise ContentTooLong("the caption leaves no room for the picture: shorten it", "content.caption")
        return directed((Page((*opening, *_beats(content, source, plan))),), content.title or content.caption)


@dataclass(frozen=True)
class _Plan:
    """The place of the picture, and the texts, in place."""

    picture: Area
    texts: tuple[TypeBlock, ...]


def _plan(content: PictureContent, kit: Kit, source: Image.Image, area: Area, factor: float) -> _Plan | None:
    """Return the arrangement with the larger picture; None if it is too small in both."""
    below = _with_texts_below(content, kit, source, area, factor)
    plans = [below] if kit.frame.is_portrait else [below, _with_texts_beside(content, kit, source, area, factor)]
    return max((plan for plan in plans if plan), key=lambda plan: plan.picture.width, default=None)


def _with_texts_below(
    content: PictureContent, kit: Kit, source: Image.Image, area: Area, factor: float
) -> _Plan | None:
    texts = _texts(content, kit, area.width, factor)
    room = area.above(stack_height(texts, Space.HAIR) + _BELOW_GAP if texts else 0.0)
    if room.height < _SMALLEST_SHARE * area.height:
        return None
    picture = _fitted(source, room)
    stack(texts, area.left, picture.bottom - _BELOW_GAP, Space.HAIR)
    return _Plan(picture, texts)


def _with_texts_beside(
    content: PictureContent, kit: Kit, source: Image.Image, area: Area, factor: float
) -> _Plan | None:
    """Return the plan with the texts beside the picture.

    The caption begins level with the picture's upper edge; the credit ends level with its lower edge.
    """
    room, _ = area.columns([_BESIDE_SHARE, 1 - _BESIDE_SHARE], _BESIDE_GAP)
    picture = _fitted(source, room)
    left = picture.right + _BESIDE_GAP
    texts = _texts(content, kit, area.right - left, factor)
    height = max(stack_height(texts, Space.BASE), picture.height)
    if not texts or height > area.height:
        return None
    stack(texts, left, picture.top, Space.BASE)
    if content.credit:
        texts[-1].place(left, picture.top - height + texts[-1].box_height)
    return _Plan(picture, texts)


def _texts(content: PictureContent, kit: Kit, width: float, factor: float) -> tuple[TypeBlock, ...]:
    caption = kit.text(content.caption, Step.BODY, width, scale=factor)
    credit = kit.text(content.credit, Step.NOTE, width, colour=kit.palette.muted, scale=factor)
    return (*([caption] if content.caption else []), *([credit] if content.credit else []))


def _fitted(source: Image.Image, room: Area) -> Area:
    """Return the place of the picture at the upper left of `room`, in its proportions."""
    scale = min(room.width / source.width, room.height / source.height, 1 / _COARSEST)
    return Area(room.left, room.top, source.width * scale, source.height * scale)


def _beats(content: PictureContent, source: Image.Image, plan: _Plan) -> Iterator[Beat]:
    window = _Window(source, plan.picture)
    yield Beat(fade(window, duration_s=CALM_S), SETTLE_S, (window,), parts={"path": (window,)}, is_anchor=True)
    words = f"{content.caption} {content.credit}"
    if plan.texts:
        names = [name for name in ("caption", "credit") if getattr(content, name)]
        parts = {name: (block,) for name, block in zip(names, plan.texts, strict=True)}
        beat = show(*plan.texts, reads=words, hold_s=SETTLE_S if content.zoom else None)
        yield replace(beat, parts=parts, is_anchor=True)
    if content.zoom:
        yield Beat(Motion(max(_ZOOM_S, reading_s(words)), lambda run_time: _Zoom(window, run_time)), SETTLE_S, ())


class _Window(ImageMobject):
    """A picture behind a window with soft corners. It can zoom in without leaving its place.

    It is drawn again for every frame of the zoom. So it is kept no larger than its place and set pixel by pixel, and
    Manim has only to move it (bilinear: 7 ms a frame instead of 19).
    """

    def __init__(self, source: Image.Image, area: Area) -> None:
        density = config.pixel_width / config.frame_width
        self.size_px = (max(1, round(area.width * density)), max(1, round(area.height * density)))
        sharp = min(1.0, self.size_px[0] / _CLOSEST / source.width)
        self.source = source.resize((max(1, round(source.width * sharp)), max(1, round(source.height * sharp))))
        self.mask = _soft_corners(self.size_px, _CORNER * density)
        super().__init__(self.seen(1.0), resampling_algorithm=Image.Resampling.BILINEAR)
        self.stretch_to_fit_width(area.width).stretch_to_fit_height(area.height).move_to(area.centre)

    def seen(self, share: float) -> np.ndarray:
        """Return RGBA pixels, shape (height, width, 4), for the seen `share` of width and height."""
        width, height = self.source.size
        border_x, border_y = width * (1 - share) / 2, height * (1 - share) / 2
        box = (border_x, border_y, width - border_x, height - border_y)
        pixels = self.source.resize(self.size_px, Image.Resampling.BICUBIC, box=box)
        return np.dstack([np.asarray(pixels), self.mask])


class _Zoom(Animation):
    """A slow zoom in. It only redraws what is in the window."""

    def __init__(self, window: _Window, run_time: float) -> None:
        super().__init__(window, run_time=run_time, rate_func=linear)
        self.window = window

    def interpolate_mobject(self, alpha: float) -> None:
        """Show the state at `alpha` of the way."""
        self.window.pixel_array = self.window.seen(1 - (1 - _CLOSEST) * alpha)


def _soft_corners(size_px: tuple[int, int], radius_px: float) -> np.ndarray:
    """Return the opacity of a rectangle with round corners, shape (height, width)."""
    finer = 4
    mask = Image.new("L", (size_px[0] * finer, size_px[1] * finer), 0)
    radius = min(radius_px * finer, mask.width / 4, mask.height / 4)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, mask.width - 1, mask.height - 1), radius=radius, fill=255)
    return np.asarray(mask.resize(size_px, Image.Resampling.BOX))
