"""The recorder of a scene's trace: it looks at the stage at the end of each animation and pause of a rehearsal.

If a mobject is odd, the recorder leaves it out: it must not raise in the scene.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from manim import Mobject, SingleStringMathTex, Typst, VMobject, Wait
from manim.mobject.types.image_mobject import AbstractImageMobject
from PIL import Image

from callsheet.model.film.colour import contrast, mix
from callsheet.model.film.profile import RenderProfile
from callsheet.model.film.rehearsal import LayoutFinding
from callsheet.model.film.trace import Element, ElementKind, Overlap, Place, SceneTrace, Seen, Span
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.rehearsal.geometry import Boxes, SceneBox, letter_height, letters_hidden, meeting_pairs, united
from callsheet.stage.rehearsal.survey import FAINTEST, Kind, hides_what_is_below, kind_of, opacity_of
from callsheet.stage.rehearsal.view import View
from callsheet.stage.rehearsal.words import words_of

# Pixels of a picture whose shorter side has 1080.
SHORT_SIDE_PX = 1080
# Small letters have about this share of the size of their type (Inter: 0.546, Noto Sans: 0.536).
SMALL_LETTER_OF_TYPE = 0.54
# A strip of pictures is for a sheet that people look at.
MOST_PICTURES = 60
PICTURE_LONG_SIDE_PX = 640
# Fainter texts are a backdrop: they may lie under other texts.
BACKDROP = 0.3
# Filled shapes that cover a text's box but for this share of its height are the ground of the text.
_GROUND_SLACK = 0.35


@dataclass
class _Thing:
    """A mobject that people see as one thing, and those of its parts that are drawn."""

    mobject: Mobject
    kind: ElementKind
    parts: list[Mobject]


class TraceRecorder:
    """The recorder of one scene."""

    def __init__(self, scene: Any, profile: RenderProfile, most_pictures: int = MOST_PICTURES) -> None:
        self._scene = scene
        self._profile = profile
        # With the mobjects themselves, so that no new one gets the number of an old one.
        self._known: dict[int, tuple[int, Mobject]] = {}
        self._elements: list[Element] = []
        self._spans: list[Span] = []
        self._most_pictures = most_pictures
        self._pictures: list[Image.Image] = []
        self._ground = "#000000"

    def look(self, frames: int, played: Sequence[Any], picture: Any = None) -> None:
        """Record the span of these animations, which took so many frames.

        `picture` is its last one, RGBA of shape (height, width, 4), if it was drawn.
        """
        view = View(self._scene.camera)
        self._ground = _hex(view.ground)
        things = list(_things([*self._scene.mobjects, *self._scene.foreground_mobjects]))
        seen = [each for each in (self._seen(thing, things, view) for thing in things) if each is not None]
        moves = not all(isinstance(each, Wait) and each.is_static_wait for each in played)
        moving = {id(part) for each in played for mobject in _mobjects_of(each) for part in mobject.get_family()}
        self._spans.append(
            Span(
                first_frame=sum(span.frames for span in self._spans),
                frames=frames,
                moves=moves,
                seen=tuple(seen),
                moved=tuple(self._moved(moving)),
                overlaps=tuple(self._overlaps(things, view)),
                picture=self._kept(picture),
            )
        )

    @property
    def wants_picture(self) -> bool:
        """Return whether the strip has room for another picture."""
        return len(self._pictures) < self._most_pictures

    def trace(self, layout: Iterable[LayoutFinding]) -> SceneTrace:
        """Return the trace of the finished scene."""
        return SceneTrace(
            name=type(self._scene).__name__,
            frame_rate=self._profile.frame_rate,
            width=self._profile.width,
            height=self._profile.height,
            ground=self._ground,
            elements=tuple(self._elements),
            spans=tuple(self._spans),
            layout=tuple(layout),
        )

    def save_pictures(self, path: Path) -> None:
        """Write all pictures one under the other as PNG; write nothing if there are none."""
        if self._pictures:
            width, height = self._pictures[0].size
            strip = Image.new("RGB", (width, height * len(self._pictures)))
            for number, picture in enumerate(self._pictures):
                strip.paste(picture, (0, number * height))
            strip.save(path)

    def _kept(self, picture: Any) -> int | None:
        if picture is None:
            return None
        image = Image.fromarray(picture).convert("RGB")
        image.thumbnail((PICTURE_LONG_SIDE_PX, PICTURE_LONG_SIDE_PX), Image.Resampling.LANCZOS)
        self._pictures.append(image)
        return len(self._pictures) - 1

    def _seen(self, thing: _Thing, things: Sequence[_Thing], view: View) -> Seen | None:
        with contextlib.suppress(Exception):  # a mobject may raise any error
            opacity = max(map(opacity_of, thing.parts))
            if opacity < FAINTEST:
                return None
            box = united(_finite(view.boxes(thing.parts)))
            if not box.meets(view.frame):
                return None
            is_read = thing.kind.is_read
            return Seen(
                element=self._number(thing),
                place=_place(box, view.frame),
                opacity=round(opacity, 3),
                type_px=round(_type_px(thing, view), 1) if is_read else None,
                contrast=_contrast(thing, box, things, view) if is_read else None,
                colours=tuple(dict.fromkeys(_colours(thing))),
            )
        return None

    def _number(self, thing: _Thing) -> int:
        known = self._known.get(id(thing.mobject))
        if known is not None:
            return known[0]
        number = len(self._elements)
        self._known[id(thing.mobject)] = (number, thing.mobject)
        is_set = isinstance(thing.mobject, TypeBlock)
        words = thing.mobject.words if isinstance(thing.mobject, TypeBlock) else words_of(thing.mobject)
        self._elements.append(Element(kind=thing.kind, words=words, is_set=is_set))
        return number

    def _moved(self, moving: set[int]) -> Iterator[int]:
        for number, mobject in self._known.values():
            if any(id(part) in moving for part in mobject.get_family()):
                yield number

    def _overlaps(self, things: Sequence[_Thing], view: View) -> Iterator[Overlap]:
        """Yield the texts of templates that lie on each other; the layout review compares all others."""
        with contextlib.suppress(Exception):  # a mobject may raise any error
            blocks = [thing for thing in things if isinstance(thing.mobject, TypeBlock)]
            blocks = [thing for thing in blocks if max(map(opacity_of, thing.parts)) >= BACKDROP]
            letters = [_letters(thing, view) for thing in blocks]
            if len(blocks) < 2:
                return
            boxes = np.array([_row(united(each)) for each in letters])
            for first, second in meeting_pairs(boxes):
                hidden = letters_hidden(letters[first], letters[second])
                if hidden > 0 and not _is_hidden_between(blocks[first], blocks[second], things, view):
                    numbers = self._number(blocks[first]), self._number(blocks[second])
                    yield Overlap(first=numbers[0], second=numbers[1], letters=round(hidden, 3))


def _things(roots: Iterable[Mobject]) -> Iterator[_Thing]:
    """Yield what people see as one thing, in the order of drawing."""
    for root in roots:
        kind = _kind(root)
        if kind is not None:
            parts = [part for part in root.get_family() if len(part.points) and opacity_of(part) > 0]
            if parts:
                yield _Thing(root, kind, parts)
        else:
            if len(root.points):
                yield _Thing(root, ElementKind.SHAPE, [root])
            yield from _things(root.submobjects)


def _kind(mobject: Mobject) -> ElementKind | None:
    """Return what a mobject is as a whole; None if it consists of several things."""
    if isinstance(mobject, TypeBlock):
        return ElementKind(mobject.role)
    if isinstance(mobject, SingleStringMathTex | Typst):
        return ElementKind.FORMULA
    if isinstance(mobject, AbstractImageMobject):
        return ElementKind.PICTURE
    if kind_of(type(mobject)) is Kind.TEXT:
        return ElementKind.TEXT
    return None if any(map(_holds_things, mobject.submobjects)) else ElementKind.SHAPE


def _holds_things(mobject: Mobject) -> bool:
    """Return whether a text or a picture is in a mobject, or is it."""
    is_thing = isinstance(mobject, TypeBlock | AbstractImageMobject) or kind_of(type(mobject)) is Kind.TEXT
    return is_thing or any(map(_holds_things, mobject.submobjects))


def _mobjects_of(animation: Any) -> Iterator[Mobject]:
    for part in getattr(animation, "animations", ()):
        yield from _mobjects_of(part)
    if isinstance(animation.mobject, Mobject) and not getattr(animation, "animations", ()):
        yield animation.mobject


def _type_px(thing: _Thing, view: View) -> float:
    unit_px = SHORT_SIDE_PX / min(view.frame.width, view.frame.height)
    if isinstance(thing.mobject, TypeBlock):
        return thing.mobject.seen_size * unit_px
    return letter_height(_finite(view.boxes(thing.parts))) / SMALL_LETTER_OF_TYPE * unit_px


def _contrast(thing: _Thing, box: SceneBox, things: Sequence[_Thing], view: View) -> float | None:
    """Return the contrast of the faintest letters with the one colour behind all of them.

    The colours of an emoji are those of a picture: they do not count.
    """
    ground = _hex(view.ground)
    for other in things:
        if other is thing:
            break
        if other.kind.is_read:
            continue
        for part, around in zip(other.parts, view.each_box(other.parts), strict=True):
            is_drawn = isinstance(part, VMobject)
            if not around.meets(box) or (is_drawn and part.get_fill_rgbas()[:, 3].max() <= FAINTEST):
                continue
            if not around.covers(box, slack=_GROUND_SLACK * box.height) or not is_drawn:
                return None
            ground = mix(_hex(part.get_fill_rgbas()[0, :3]), ground, float(part.get_fill_rgbas()[0, 3]))
    ratios = [
        contrast(mix(_hex(rgba[:3]), ground, float(rgba[3])), ground)
        for part in thing.parts
        if isinstance(part, VMobject) and not getattr(part, "is_drawn", False)
        for rgba in part.get_fill_rgbas()[:1]
    ]
    return round(min(ratios), 2) if ratios else None


def _is_hidden_between(one: _Thing, other: _Thing, things: Sequence[_Thing], view: View) -> bool:
    """Return whether something opaque between two texts hides the lower one."""
    low, high = sorted((things.index(one), things.index(other)))
    box = united(_finite(view.boxes(things[low].parts)))
    between = [part for thing in things[low + 1 : high] for part in thing.parts if hides_what_is_below(part)]
    return any(around.covers(box, slack=0.02) for around in view.each_box(between))


def _letters(thing: _Thing, view: View) -> Boxes:
    """Return the boxes of a block's outlines: one ink holds the letters of one colour."""
    boxes = []
    for part in thing.parts:
        points = view.curves(part)
        breaks = np.flatnonzero(np.any(np.abs(points[4::4] - points[3:-1:4]) > 1e-6, axis=1)) * 4 + 4
        starts = np.append(0, breaks)
        boxes.append(np.hstack([np.minimum.reduceat(points, starts), np.maximum.reduceat(points, starts)]))
    return np.concatenate(boxes)


def _colours(thing: _Thing) -> Iterator[str]:
    for part in thing.parts:
        if isinstance(part, VMobject):
            fill, stroke = part.get_fill_rgbas()[0], part.get_stroke_rgbas()[0]
            if fill[3] > FAINTEST:
                yield _hex(fill[:3])
            elif part.get_stroke_width() > 0 and stroke[3] > FAINTEST:
                yield _hex(stroke[:3])


def _finite(boxes: Boxes) -> Boxes:
    return boxes[np.isfinite(boxes).all(axis=1)]


def _row(box: SceneBox) -> tuple[float, float, float, float]:
    return box.left, box.bottom, box.right, box.top


def _place(box: SceneBox, frame: SceneBox) -> Place:
    return Place(
        left=round((box.left - frame.left) / frame.width, 5),
        top=round((frame.top - box.top) / frame.height, 5),
        right=round((box.right - frame.left) / frame.width, 5),
        bottom=round((frame.top - box.bottom) / frame.height, 5),
    )


def _hex(rgb: Any) -> str:
    return "#" + "".join(f"{round(min(max(float(channel), 0.0), 1.0) * 255):02x}" for channel in rgb)
