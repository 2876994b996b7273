"""Picture: a picture with its caption."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from manim import Animation, ImageMobject, Mobject, config, linear
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from callsheet.errors import ContentTooLong
from callsheet.model.content import PictureContent
from callsheet.sources.picture_files import read_within
from callsheet.sources.svg_files import is_drawing
from callsheet.sources.svg_pictures import read_drawing
from callsheet.stage.content_pictures import FIELD
from callsheet.stage.kit.beats import Beat, Page, directed, heading, show
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area
from callsheet.stage.kit.layout import first_fit, snug_width, stack, stack_height
from callsheet.stage.kit.motion import CALM_S, Motion, fade, together
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


_MOST_CROPPED = 0.2
"""Share of a picture that may be cut off so that it fills its place; of one with another shape nothing is cut off."""
_BACKDROP_PX, _BLUR_PX, _DIMMED = 160, 7, 0.55
"""A blurred copy of the picture behind it: its width, its blur, and its brightness."""
_PANEL_SHARE, _PANEL_SHARE_ABOVE, _PANEL_PADDING = 0.5, 0.6, 0.4
_LEAST_SHARE, _MOST_SHARE, _MOST_OF_SQUARE = 0.4, 0.56, 0.48
"""Share of the frame that a picture takes which reaches three of its edges."""
_TITLE_STEPS = (Step.LARGE, Step.HEADLINE, Step.TITLE, Step.LEAD)
_CAPTION_STEPS = (Step.LEAD, Step.BODY, Step.CAPTION)
_TITLE_LINES = 4
_STEPS_BESIDE, _LINES_BESIDE = (Step.TITLE, Step.LEAD, Step.BODY), 6


class PictureScene(TemplateScene):
    """The picture as large as it can be, in one of three compositions.

    `framed`: with its caption below it, or beside it if that leaves more room. `bleed`: over the whole frame, with its
    words on a panel. `half`: up to three edges of the frame, with its words beside it, in portrait below it.
    """

    @staticmethod
    def compose(content: PictureContent, kit: Kit) -> tuple[Page, ...]:
        """Return one page.

        Raises InvalidRequest if there is no such picture in the working directory.
        """
        path = Path(content.path)
        read = read_drawing if is_drawing(path) else read_within
        picture = read(path, _LONGEST_SIDE_PX, FIELD)
        surface = Image.new("RGBA", picture.size, kit.palette.surface)  # what is transparent shows it
        source = Image.alpha_composite(surface, picture).convert("RGB")
        for name in kit.compositions(content):
            page = _PAGES[name](content, kit, source)
            if page:
                return directed((page,), content.title or content.caption)
        raise ContentTooLong("the caption leaves no room for the picture: shorten it", "content.caption")


def _framed(content: PictureContent, kit: Kit, source: Image.Image) -> Page | None:
    """Return the whole picture with round corners, below the heading."""
    opening, area = heading(kit, content.title)
    plan = first_fit(lambda factor: _plan(content, kit, source, area, factor))
    return Page((*opening, *_beats(content, source, plan))) if plan else None


def _bleed(content: PictureContent, kit: Kit, source: Image.Image) -> Page | None:
    """Return the picture over the whole frame, and its words on a panel at the foot of the safe area."""
    whole, safe = kit.frame.whole, kit.safe
    if is_drawing(Path(content.path)) or _pixels_a_unit(source, whole) < _COARSEST:
        return None
    width = safe.width if kit.frame.is_portrait else safe.width * _PANEL_SHARE
    room = Area(safe.left, safe.top, width, safe.height * _PANEL_SHARE_ABOVE).inset(_PANEL_PADDING)
    words = _Words.of(content, kit, room, _TITLE_STEPS[1:])
    if words is None:
        return None
    window = _Window(_filling(source, whole, 0.0), whole, is_round=False)
    panels: tuple[Mobject, ...] = ()
    if words.blocks:
        inner = max(map(snug_width, words.blocks))
        place = Area(
            safe.left,
            safe.bottom + words.height + 2 * _PANEL_PADDING,
            min(width, inner + 2 * _PANEL_PADDING),
            words.height + 2 * _PANEL_PADDING,
        )
        panels = (kit.panel(place),)
        words.place(place.left + _PANEL_PADDING, place.top - _PANEL_PADDING)
    return Page(tuple(_with_words(content, window, panels, words)))


def _half(content: PictureContent, kit: Kit, source: Image.Image) -> Page | None:
    """Return the picture up to three edges of the frame, and its words in the other part."""
    whole, safe = kit.frame.whole, kit.safe
    if kit.frame.is_portrait:
        most = _MOST_SHARE if kit.frame.is_tall else _MOST_OF_SQUARE
        share = min(most, max(_LEAST_SHARE, source.height / source.width * whole.width / whole.height))
        place = whole.above(whole.height * (1 - share))
        room = safe.below(safe.top - place.bottom + Space.BASE)
    else:
        share = min(_MOST_SHARE, max(_LEAST_SHARE, source.width / source.height * whole.height / whole.width))
        place = Area(whole.right - whole.width * share, whole.top, whole.width * share, whole.height)
        room = Area(safe.left, safe.top, place.left - Space.SECTION - safe.left, safe.height)
    words = _Words.of(content, kit, room, _TITLE_STEPS)
    if words is None or not words.blocks or _pixels_a_unit(source, place) < _COARSEST:
        return None
    words.place(room.left, room.top - (room.height - words.height) * (0.0 if kit.frame.is_portrait else 0.45))
    window = _Window(_filling(source, place, 0.5), place, is_round=False)
    return Page(tuple(_with_words(content, window, (), words)))


@dataclass(frozen=True)
class _Words:
    """Title, caption and credit one under the other, by their fields."""

    fields: tuple[str, ...]
    blocks: tuple[TypeBlock, ...]

    @classmethod
    def of(cls, content: PictureContent, kit: Kit, room: Area, steps: Sequence[Step]) -> _Words | None:
        """Return the words at the largest type at which they fit; None if they don't."""
        width, height = room.width, room.height
        credit = kit.text(content.credit, Step.NOTE, width, colour=kit.palette.muted)
        fields = tuple(name for name in ("title", "caption", "credit") if getattr(content, name))
        for step in steps:
            title = kit.largest(content.title, (step,), width, height=height, lines=_TITLE_LINES, weight=600)
            if title is None:
                continue
            for caption_step in _CAPTION_STEPS:
                caption = kit.text(content.caption, caption_step, width)
                blocks = {"title": title, "caption": caption, "credit": credit}
                words = cls(fields, tuple(blocks[name] for name in fields))
                if words.height <= height:
                    return words
        return None

    @property
    def height(self) -> float:
        return stack_height(self.blocks, Space.SNUG)

    def place(self, left: float, top: float) -> None:
        stack(self.blocks, left, top, Space.SNUG)


def _with_words(content: PictureContent, window: _Window, panels: tuple[Mobject, ...], words: _Words) -> Iterator[Beat]:
    """Yield the picture, the panel with the words, and the zoom."""
    yield Beat(fade(window, duration_s=CALM_S), SETTLE_S, (window,), parts={"path": (window,)}, is_anchor=True)
    read = " ".join(getattr(content, name) for name in words.fields)
    if words.blocks:
        parts = {name: (block,) for name, block in zip(words.fields, words.blocks, strict=True)}
        beat = show(*words.blocks, reads=read, hold_s=SETTLE_S if content.zoom else None)
        motion = together(fade(*panels), beat.motion, lag_s=0.2) if panels else beat.motion
        yield replace(beat, motion=motion, shows=(*panels, *words.blocks), parts=parts, is_anchor=True)
    if content.zoom:
        yield _zooming(window, read)


def _zooming(window: _Window, read: str) -> Beat:
    return Beat(Motion(max(_ZOOM_S, reading_s(read)), lambda run_time: _Zoom(window, run_time)), SETTLE_S, ())


def _pixels_a_unit(source: Image.Image, place: Area) -> float:
    """Return how many pixels of the picture a unit of the frame shows if the whole picture stands in `place`."""
    return max(source.width / place.width, source.height / place.height)


def _filling(source: Image.Image, place: Area, share: float) -> Image.Image:
    """Return a picture with the proportions of `place`: cut a little, or whole before a blurred copy of itself.

    `share` of the room that is left is above the picture, and on its right.
    """
    shape = place.width / place.height
    width, height = min(source.width, source.height * shape), min(source.height, source.width / shape)
    if width * height >= (1 - _MOST_CROPPED) * source.width * source.height:
        left, top = (source.width - width) / 2, (source.height - height) / 2
        return source.crop((round(left), round(top), round(left + width), round(top + height)))
    size = (round(max(source.width, source.height * shape)), round(max(source.height, source.width / shape)))
    cut = source.resize(
        (_BACKDROP_PX, round(_BACKDROP_PX / shape)),
        box=(
            (source.width - width) / 2,
            (source.height - height) / 2,
            (source.width + width) / 2,
            (source.height + height) / 2,
        ),
    )
    backdrop = ImageEnhance.Brightness(cut.filter(ImageFilter.GaussianBlur(_BLUR_PX))).enhance(_DIMMED).resize(size)
    backdrop.paste(source, (round((size[0] - source.width) * (1 - share)), round((size[1] - source.height) * share)))
    return backdrop


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

    The caption stands at half the height of the picture, as large as fits; the credit ends level with its lower edge.
    """
    room, _ = area.columns([_BESIDE_SHARE, 1 - _BESIDE_SHARE], _BESIDE_GAP)
    picture = _fitted(source, room)
    left = picture.right + _BESIDE_GAP
    texts = list(_texts(content, kit, area.right - left, factor))
    if not texts:
        return None
    if content.caption:
        width, height = area.right - left, picture.height / 2
        larger = kit.largest(content.caption, _STEPS_BESIDE, width, height=height, lines=_LINES_BESIDE, weight=400)
        texts[0] = larger or texts[0]
    height = max(stack_height(texts, Space.BASE), picture.height)
    if height > area.height:
        return None
    free = height - stack_height(texts, Space.BASE)
    stack(texts, left, picture.top - free / 2, Space.BASE)
    if content.credit:
        texts[-1].place(left, picture.top - height + texts[-1].box_height)
    return _Plan(picture, tuple(texts))


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
        yield _zooming(window, words)


class _Window(ImageMobject):
    """A picture behind a window with soft corners. It can zoom in without leaving its place.

    It is drawn again for every frame of the zoom. So it is kept no larger than its place and set pixel by pixel, and
    Manim has only to move it (bilinear: 7 ms a frame instead of 19).
    """

    def __init__(self, source: Image.Image, area: Area, *, is_round: bool = True) -> None:
        density = config.pixel_width / config.frame_width
        self.size_px = (max(1, round(area.width * density)), max(1, round(area.height * density)))
        sharp = min(1.0, self.size_px[0] / _CLOSEST / source.width)
        self.source = source.resize((max(1, round(source.width * sharp)), max(1, round(source.height * sharp))))
        self.mask = _soft_corners(self.size_px, _CORNER * density if is_round else 0.0)
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


_PAGES: dict[str, Callable[[PictureContent, Kit, Image.Image], Page | None]] = {
    "framed": _framed,
    "bleed": _bleed,
    "half": _half,
}
