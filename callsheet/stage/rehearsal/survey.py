"""The survey of the stage at the end of an animation, sorted into what the layout is judged by: texts and shapes.

One walk goes over all mobjects. It does arithmetic only on points of texts and of shapes that were not seen before: a
scene of thousands of dots is walked at every animation and measured once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

import numpy as np
from manim import (
    BackgroundRectangle,
    Code,
    CoordinateSystem,
    Cross,
    Cube,
    DecimalNumber,
    FullScreenRectangle,
    Line,
    MarkupText,
    Matrix,
    Mobject,
    NumberLine,
    NumberPlane,
    Paragraph,
    PMobject,
    PolarPlane,
    Polyhedron,
    SingleStringMathTex,
    Surface,
    SVGMobject,
    Table,
    Text,
    TracedPath,
    Typst,
    Variable,
    VectorField,
    VMobject,
)
from manim.mobject.types.image_mobject import AbstractImageMobject, ImageMobjectFromCamera

# No scene that people read has more parts; parts beyond this number are not looked at.
MOST_MOBJECTS = 20_000
# Fainter than this counts as gone: what a fade leaves behind.
FAINTEST = 0.05


class Kind(Enum):
    """The kinds that a class of mobjects can have for the layout."""

    TEXT = auto()
    """Its parts are letters."""
    WHOLE = auto()
    """Its parts make one shape: a drawing, a body."""
    FIGURE = auto()
    """It may reach beyond the frame (axes, lines and their tips), but the texts in it may not."""
    SCENERY = auto()
    """It may reach beyond the frame with all it holds: backgrounds, endless planes, fields."""
    SET = auto()
    """A figure whose parts are one design: its texts are not compared with each other, its shapes are shapes."""
    PLAIN = auto()
    """A shape if it has points, and maybe a group of others."""


_KINDS: tuple[tuple[Kind, tuple[type, ...]], ...] = (
    (Kind.TEXT, (Text, MarkupText, SingleStringMathTex, Typst, DecimalNumber, Paragraph)),
    (Kind.SCENERY, (NumberPlane, PolarPlane, VectorField, TracedPath, PMobject)),
    (Kind.SCENERY, (BackgroundRectangle, FullScreenRectangle, ImageMobjectFromCamera)),
    (Kind.FIGURE, (CoordinateSystem, Line, Cross)),
    (Kind.SET, (Code, Matrix, Table, Variable)),
    (Kind.WHOLE, (SVGMobject, Surface, Polyhedron, Cube)),
)


def kind_of(mobject_class: type) -> Kind:
    """Return the kind of the mobjects of this class."""
    return next((kind for kind, classes in _KINDS if issubclass(mobject_class, classes)), Kind.PLAIN)


@dataclass
class Piece:
    """A text or a shape: a mobject, and the parts of it that have points."""

    mobject: Mobject
    root: Mobject
    """The mobject that was added to the scene and that it belongs to."""
    design: Mobject | None
    """The figure or set that it is a part of, if any."""
    place: int
    """Its rank in the order of drawing."""
    parts: list[Mobject] = field(default_factory=list)


@dataclass
class Stroke:
    """An open line, and the mobject that it is the whole of, or a dash of."""

    mobject: Mobject
    whole: Mobject
    place: int
    """Its rank in the order of drawing."""


@dataclass
class Survey:
    """All texts, and the shapes and parts that were not in an earlier survey."""

    texts: list[Piece] = field(default_factory=list)
    new_shapes: list[Piece] = field(default_factory=list)
    new_parts: list[Mobject] = field(default_factory=list)
    drawn: list[Mobject] = field(default_factory=list)
    """Everything that has points, in the order of drawing."""
    lines: list[Stroke] = field(default_factory=list)
    """The open lines that are part of no figure and no text."""


@dataclass(frozen=True)
class _Around:
    """The surroundings in which a mobject was found."""

    root: Mobject
    judged: bool = True
    design: Mobject | None = None
    piece: Piece | None = None
    line: Mobject | None = None
    """The line or arrow that it is a part of."""


class Surveyor:
    """The walker over the stage. It remembers what it has seen."""

    def __init__(self) -> None:
        # With the mobjects themselves, so that no new one gets the number of an old one.
        self._seen: dict[int, Mobject] = {}
        self._kinds: dict[type, Kind] = {}

    def survey(self, roots: Iterable[Mobject]) -> Survey:
        """Return what is on the stage now."""
        survey = Survey()
        visited: set[int] = set()
        waiting = [(root, _Around(root)) for root in roots][::-1]
        while waiting and len(visited) < MOST_MOBJECTS:
            mobject, around = waiting.pop()
            if id(mobject) in visited:
                continue
            visited.add(id(mobject))
            try:
                if around.piece is None and self._kind_of(mobject) is not Kind.PLAIN:
                    around = self._entered(mobject, around, survey)
                if len(mobject.points):
                    self._take(mobject, around, survey)
                if mobject.submobjects:
                    waiting.extend([(part, around) for part in reversed(mobject.submobjects)])
            except Exception:  # a mobject may raise any error; this one is left alone
                continue
        return survey

    def forget(self, pieces: Iterable[Piece]) -> None:
        """Take these for new when they are met again."""
        for piece in pieces:
            for mobject in (piece.mobject, *piece.parts):
                self._seen.pop(id(mobject), None)

    def _entered(self, mobject: Mobject, around: _Around, survey: Survey) -> _Around:
        kind = self._kind_of(mobject)
        match kind:
            case Kind.SCENERY:
                return _Around(around.root, judged=False, design=mobject, piece=_piece(mobject, around, survey))
            case Kind.FIGURE:
                is_line = around.design is None and isinstance(mobject, Line) and not isinstance(mobject, NumberLine)
                line = around.line or (mobject if is_line else None)
                return _Around(around.root, judged=False, design=mobject, line=line)
            case Kind.SET:
                return _Around(around.root, around.judged, design=mobject)
        piece = _piece(mobject, around, survey)
        if kind is Kind.TEXT:
            survey.texts.append(piece)
        elif around.judged and id(mobject) not in self._seen:
            self._seen[id(mobject)] = mobject
            survey.new_shapes.append(piece)
        return _Around(around.root, around.judged, around.design, piece)

    def _kind_of(self, mobject: Mobject) -> Kind:
        mobject_class = mobject.__class__
        kind = self._kinds.get(mobject_class)
        if kind is None:
            kind = self._kinds[mobject_class] = kind_of(mobject_class)
        return kind

    def _take(self, mobject: Mobject, around: _Around, survey: Survey) -> None:
        survey.drawn.append(mobject)
        if around.piece is None and (around.line or around.design is None) and is_open_line(mobject):
            survey.lines.append(Stroke(mobject, around.line or mobject, len(survey.drawn) - 1))
        if around.piece is not None and not isinstance(mobject, BackgroundRectangle):
            around.piece.parts.append(mobject)
        if id(mobject) in self._seen:
            return
        self._seen[id(mobject)] = mobject
        survey.new_parts.append(mobject)
        if around.piece is None and around.judged:
            survey.new_shapes.append(Piece(mobject, around.root, around.design, len(survey.drawn), [mobject]))


def opacity_of(mobject: Any) -> float:
    """Return how well a mobject is seen, without its parts, from 0 to 1."""
    if isinstance(mobject, VMobject):
        stroke = mobject.get_stroke_rgbas()[:, 3].max() if mobject.get_stroke_width() > 0 else 0.0
        return float(max(stroke, mobject.get_fill_rgbas()[:, 3].max()))
    if isinstance(mobject, PMobject):
        return float(mobject.rgbas[:, 3].max())
    if isinstance(mobject, AbstractImageMobject):
        return float(np.max(mobject.get_pixel_array()[..., 3]) / 255)
    return 0.0


def hides_what_is_below(mobject: Any, opacity: float = 0.9) -> bool:
    """Return whether a mobject is filled, and at least this opaque."""
    if isinstance(mobject, VMobject):
        return bool(mobject.get_fill_rgbas()[:, 3].min() >= opacity)
    return isinstance(mobject, AbstractImageMobject) and bool(mobject.get_pixel_array()[..., 3].min() >= 255 * opacity)


def is_open_line(mobject: Any) -> bool:
    """Return whether a mobject is a stroke with two ends and nothing filled.

    It may lead out of the picture.
    """
    if not isinstance(mobject, VMobject) or mobject.get_fill_rgbas()[:, 3].max() > FAINTEST:
        return False
    return not np.allclose(mobject.points[0], mobject.points[-1])


def _piece(mobject: Mobject, around: _Around, survey: Survey) -> Piece:
    return Piece(mobject, around.root, around.design, place=len(survey.drawn))
