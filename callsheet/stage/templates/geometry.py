"""Geometry: points, lines, circles and angles, built up piece by piece."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from manim import Dot, Mobject

from callsheet.errors import ContentTooLong
from callsheet.model.content import GeometryContent
from callsheet.model.content.geometry import Figure
from callsheet.stage.kit.beats import Beat, Page, directed, heading, show
from callsheet.stage.kit.declutter import Box, box_around, clearest
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area, Place
from callsheet.stage.kit.geometry_figure import (
    Path,
    Spot,
    label_spots,
    name_spots,
    path_of,
    scale_in,
    scaled_points,
)
from callsheet.stage.kit.inline import is_right_to_left
from callsheet.stage.kit.layout import first_fit
from callsheet.stage.kit.motion import draw, fade, rise, together
from callsheet.stage.kit.pacing import reading_s
from callsheet.stage.kit.scale import Space, Step
from callsheet.stage.kit.strokes import stroke
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.templates.base import TemplateScene

_LINE_WIDTH, _HIGHLIGHT_WIDTH, _DOT_RADIUS = 0.034, 0.055, 0.07
_FILL_OPACITY = 0.13
_MARGIN = 0.55
"""Room around the figure for the names of its outermost points."""
_DISTANCES = (0.14, 0.22, 0.34, 0.5)
"""Distances of labels from what they name, the nearest first."""
_CLEARANCE = 0.03
_WIDEST_LABEL = 4.0
_COLUMNS, _COLUMN_GAP = (0.4, 0.6), 0.3
"""Shares of the width for the words and for the figure beside them."""
_DRAWING_S = 0.9
_LEAST_HEIGHT = 1.5


class GeometryScene(TemplateScene):
    """The points come first, then one figure after the other, each with its label."""

    @staticmethod
    def compose(content: GeometryContent, kit: Kit) -> tuple[Page, ...]:
        """Return one page; the figure has the same scale in both directions."""
        setting = max(_settings(content, kit), key=lambda setting: scale_in(content, setting.figure_area))
        # Only the words around the figure follow the direction of their script.
        directed((Page((*setting.opening, *setting.ending)),), content.title or content.caption)
        beats = first_fit(lambda factor: _beats(content, kit, setting.room, factor))
        if beats is None:
            raise ContentTooLong("the points lie too close together to name them all", "content.points")
        return (Page((*setting.opening, *beats, *setting.ending)),)


@dataclass(frozen=True)
class _Setting:
    """Heading and caption, in place, and the room that is left for the figure."""

    opening: tuple[Beat, ...]
    ending: tuple[Beat, ...]
    room: Area

    @property
    def figure_area(self) -> Area:
        return self.room.inset(_MARGIN)


def _settings(content: GeometryContent, kit: Kit) -> list[_Setting]:
    """Return the settings, with the figure between heading and caption.

    In landscape, there is also one with the figure in a column beside them.
    """
    between = _setting(content, kit, kit.safe)
    has_words = bool(content.title or content.caption)
    if kit.frame.is_portrait or not has_words or is_right_to_left(content.title or content.caption):
        return [between]
    words_column, figure_column = kit.safe.columns(_COLUMNS, _COLUMN_GAP)
    words = _setting(content, kit, words_column)
    if words.room.height < 0:
        return [between]
    return [between, _Setting(words.opening, words.ending, figure_column)]


def _setting(content: GeometryContent, kit: Kit, area: Area) -> _Setting:
    """Return the heading at the top of `area` and the caption at its foot."""
    opening, area = heading(kit, content.title, within=area)
    if not content.caption:
        return _Setting(opening, (), area)
    caption = kit.text(content.caption, Step.BODY, area.width, colour=kit.palette.muted, balanced=True)
    caption.place(area.left, area.bottom + caption.box_height)
    ending = (show(caption, reads=content.caption, part="caption", is_anchor=True),)
    return _Setting(opening, ending, area.above(caption.box_height + Space.BASE))


@dataclass
class _Sheet:
    """The placed things so far, and the room for labels."""

    room: Box
    segments: Sequence[tuple[Place, Place]]
    taken: list[Box]

    def put(self, label: TypeBlock, spots: Iterable[Spot]) -> bool:
        """Put `label` where it touches nothing, as near to the first of `spots` as it can be."""
        box = clearest(_boxes(label, list(spots)), self.taken, self.segments, self.room)
        if box is None:
            return False
        self.taken.append(box)
        label.place(box.left + _CLEARANCE, box.top - _CLEARANCE)
        return True


def _boxes(label: TypeBlock, spots: Sequence[Spot]) -> Iterator[Box]:
    width, height = label.box_width + 2 * _CLEARANCE, label.box_height + 2 * _CLEARANCE
    for distance in _DISTANCES:
        for spot in spots:
            x, y = spot.anchor
            if spot.angle is not None:
                x += math.cos(spot.angle) * (width / 2 + distance)
                y += math.sin(spot.angle) * (height / 2 + distance)
            yield box_around((x, y), width, height)


def _beats(content: GeometryContent, kit: Kit, room: Area, factor: float) -> list[Beat] | None:
    """Return the points and the figures; None if a label finds no place."""
    if room.height < _LEAST_HEIGHT:
        return None
    points = scaled_points(content, room.inset(_MARGIN))
    paths = [path_of(figure, points, room) for figure in content.figures]
    segments = [segment for path in paths for segment in path.segments]
    dots = [box_around(place, 2 * _DOT_RADIUS, 2 * _DOT_RADIUS) for place in points.values()]
    sheet = _Sheet(Box(room.left, room.bottom, room.right, room.top), segments, dots)
    names = [kit.label(name, Step.BODY, room.width, weight=600, scale=factor, verbatim=True) for name in points]
    labels = [_label(figure, kit, factor) for figure in content.figures]
    everywhere = list(points.values())
    are_placed = all(
        sheet.put(name, name_spots(place, everywhere)) for name, place in zip(names, everywhere, strict=True)
    ) and all(
        sheet.put(label, label_spots(figure, path, points))
        for label, figure, path in zip(labels, content.figures, paths, strict=True)
        if label is not None
    )
    if not are_placed:
        return None
    pieces = zip(content.figures, paths, labels, strict=True)
    beats = (_figure_beat(*piece, kit) for piece in pieces)
    figures = [replace(beat, parts={f"figures.{place}": beat.shows}) for place, beat in enumerate(beats)]
    return [_points_beat(everywhere, names, kit), *figures]


def _label(figure: Figure, kit: Kit, factor: float) -> TypeBlock | None:
    if not figure.label:
        return None
    colour = kit.palette.accent if figure.highlight else kit.palette.text
    return kit.label(figure.label, Step.BODY, _WIDEST_LABEL, colour=colour, scale=factor)


def _points_beat(places: Sequence[Place], names: Sequence[TypeBlock], kit: Kit) -> Beat:
    dots = [Dot((*place, 0), radius=_DOT_RADIUS, color=kit.palette.text) for place in places]
    shown: tuple[Mobject, ...] = (*dots, *names)
    motion = together(fade(*dots), rise(*names), lag_s=0.1)
    parts = {f"points.{place}": pair for place, pair in enumerate(zip(dots, names, strict=True))}
    return Beat(motion, 0.5 + 0.15 * len(names), shown, parts=parts, is_anchor=True)


def _figure_beat(figure: Figure, path: Path, label: TypeBlock | None, kit: Kit) -> Beat:
    colour = kit.palette.accent if figure.highlight else kit.palette.text
    outline = stroke(
        [path.places], colour, _HIGHLIGHT_WIDTH if figure.highlight else _LINE_WIDTH, is_closed=path.is_closed
    )
    motions, shown = [draw(outline, duration_s=_DRAWING_S)], [outline]
    if path.is_filled:
        surface = outline.copy().set_stroke(width=0).set_fill(colour, opacity=_FILL_OPACITY)
        motions.insert(0, fade(surface, duration_s=_DRAWING_S))
        shown.insert(0, surface)
    if label is not None:
        motions.append(rise(label))
    return Beat(
        together(*motions, lag_s=0.15),
        0.4 + (reading_s(figure.label) if label else 0.0),
        (*shown, *filter(None, [label])),
    )
