"""Packed drawings as Manim mobjects."""

from __future__ import annotations

import numpy as np
from manim import VGroup

from callsheet.drawings import Drawing
from callsheet.stage.kit.frame import Area
from callsheet.stage.kit.svg_outlines import path_points
from callsheet.stage.kit.type_block import Ink


class DrawnPicture(VGroup):
    """A drawing as large as fits into an area, in its middle. It has one ink a shape, the lowest first."""

    def __init__(self, drawing: Drawing, area: Area) -> None:
        shapes = [(shape.colour, path_points(shape.path)) for shape in drawing.shapes]
        corners = np.concatenate([points for _, points in shapes])
        low, high = corners.min(axis=0), corners.max(axis=0)
        scale = min(np.array([area.width, area.height]) / (high - low)) * np.array([1.0, -1.0])
        middle = np.array(area.centre[:2])
        super().__init__(
            *(Ink((points - (low + high) / 2) * scale + middle, colour, drawing.name) for colour, points in shapes)
        )
        self.drawing = drawing
