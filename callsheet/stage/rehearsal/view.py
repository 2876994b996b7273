"""The view of the picture: where the scene's camera, which may move, zoom and turn, sees mobjects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from manim import Mobject, ThreeDCamera

from callsheet.model.film.rehearsal import LayoutFinding, LayoutProblem
from callsheet.stage.rehearsal.geometry import Boxes, SceneBox, bounds, box_of, frame_box

# A frame that was shrunk to nothing counts as this wide.
_SMALLEST = 1e-6


class View:
    """One camera at one moment. All coordinates are relative to the middle of what it sees."""

    def __init__(self, camera: Any) -> None:
        self._camera = camera
        self.turns = isinstance(camera, ThreeDCamera)
        """Whether the camera looks from the side, so that flat things may be seen foreshortened."""
        if self.turns:
            camera.reset_rotation_matrix()
        self._centre = np.asarray(camera.frame_center, dtype=float)[:2]
        self.frame = frame_box(*(max(float(size), _SMALLEST) for size in (camera.frame_width, camera.frame_height)))
        self.ground: Any = np.asarray(camera.background_color.to_rgb(), dtype=float)
        """The colour behind everything, red, green and blue from 0 to 1."""
        self.state = _state(camera, self.turns)
        """The place and direction of the camera: equal for equal views."""

    def boxes(self, mobjects: Sequence[Mobject]) -> Boxes:
        """Return the box of each mobject's own points, of which it has some.

        The box is not finite if the points aren't.
        """
        outlines = [self._projected(mobject) if self.turns else mobject.points for mobject in mobjects]
        return np.asarray(bounds(outlines) - np.tile(self._centre, 2))

    def each_box(self, mobjects: Sequence[Mobject]) -> list[SceneBox]:
        """Return the same, one by one."""
        return list(map(box_of, self.boxes(mobjects)))

    def curves(self, mobject: Mobject) -> Any:
        """Return the mobject's own cubic curves, as points of shape (4 n, 2)."""
        points = self._projected(mobject) if self.turns else mobject.points
        return points[:, :2] - self._centre

    def _projected(self, mobject: Mobject) -> Any:
        return self._camera.transform_points_pre_display(mobject, mobject.points)


@dataclass(frozen=True)
class Moment:
    """The time and the view of a look at the stage."""

    number: int
    """Of the animation, counted from 1; 0 in a scene that plays none."""
    line: int
    view: View

    def finding(self, problem: LayoutProblem, message: str) -> LayoutFinding:
        """Return a remark on this moment."""
        return LayoutFinding(problem=problem, animation=self.number, line=self.line, message=message)


def _state(camera: Any, turns: bool) -> tuple[float, ...]:
    seen = [*camera.frame_center[:2], camera.frame_width, camera.frame_height]
    if turns:
        seen += [camera.get_zoom(), camera.get_focal_distance(), *camera.get_rotation_matrix().ravel()]
    return tuple(round(float(number), 4) for number in seen)
