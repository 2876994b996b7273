"""Geometry of a picture: what sticks out of the frame, what overlaps, how high letters are.

It knows nothing of Manim.

Lengths are units of the frame as the camera sees it: the middle is (0, 0), y points up. Boxes of many things at once
are arrays of shape (n, 4): left, bottom, right, top.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

Boxes = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.float64]
# The tall letters of a text are as high as nine in ten of its letters, or higher; a bracket or two are higher.
_TALL_LETTER = 0.9
# Boxes thinner than this (a line, a dash) count as this thick, so that shares of their area mean something.
_THINNEST = 1e-6
# Straight pieces for a curve: a quarter of a circle is nowhere off by more than a hundredth of its radius.
_PIECES = 6


class Edge(StrEnum):
    """An edge of the frame."""

    LEFT = "left"
    RIGHT = "right"
    TOP = "top"
    BOTTOM = "bottom"

    @property
    def away(self) -> str:
        """Return the direction that leads back into the picture."""
        return {Edge.LEFT: "right", Edge.RIGHT: "left", Edge.TOP: "down", Edge.BOTTOM: "up"}[self]


@dataclass(frozen=True)
class SceneBox:
    """An upright rectangle."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """Return the length from left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Return the length from bottom to top."""
        return self.top - self.bottom

    def meets(self, other: "SceneBox") -> bool:
        """Return whether they share more than an edge."""
        return (
            self.left < other.right and other.left < self.right and self.bottom < other.top and other.bottom < self.top
        )

    def covers(self, other: "SceneBox", slack: float = 0.0) -> bool:
        """Return whether `other` lies within, with a tolerance of `slack`."""
        return (
            self.left <= other.left + slack
            and self.right >= other.right - slack
            and self.bottom <= other.bottom + slack
            and self.top >= other.top - slack
        )


@dataclass(frozen=True)
class Overhang:
    """The length by which a box sticks out, at the edge with the greatest length."""

    edge: Edge
    by: float


def frame_box(width: float, height: float) -> SceneBox:
    """Return the frame of a camera that sees this width and height."""
    return SceneBox(-width / 2, -height / 2, width / 2, height / 2)


def overhang(box: SceneBox, frame: SceneBox) -> Overhang | None:
    """Return the edge at which `box` sticks out of `frame` most, and how far.

    Return None if it lies within.
    """
    by = {
        Edge.LEFT: frame.left - box.left,
        Edge.RIGHT: box.right - frame.right,
        Edge.TOP: box.top - frame.top,
        Edge.BOTTOM: frame.bottom - box.bottom,
    }
    edge = max(by, key=lambda each: by[each])
    return Overhang(edge, by[edge]) if by[edge] > 0 else None


def shares_inside(boxes: Boxes, frame: SceneBox) -> Numbers:
    """Return the share of the area of each box that lies in `frame`, from 0 to 1."""
    across = _shares(boxes[:, 0], boxes[:, 2], frame.left, frame.right)
    return across * _shares(boxes[:, 1], boxes[:, 3], frame.bottom, frame.top)


def spans(box: SceneBox, frame: SceneBox) -> bool:
    """Return whether `box` reaches from edge to edge or beyond, in one direction at least.

    Such a box is a background, a band or a picture.
    """
    across = box.left <= frame.left and box.right >= frame.right
    return across or (box.bottom <= frame.bottom and box.top >= frame.top)


def bounds(outlines: Sequence[Numbers]) -> Boxes:
    """Return the boxes of outlines, each of shape (points, 2 or more) and none of them empty."""
    if not outlines:
        return np.empty((0, 4))
    points = np.concatenate([outline[:, :2] for outline in outlines])
    starts = np.cumsum([0, *(len(outline) for outline in outlines[:-1])])
    return np.hstack([np.minimum.reduceat(points, starts), np.maximum.reduceat(points, starts)])


def united(boxes: Boxes) -> SceneBox:
    """Return the box around all of `boxes`, of which there is one at least."""
    return box_of(united_by(boxes, [len(boxes)])[0])


def united_by(boxes: Boxes, counts: Sequence[int]) -> Boxes:
    """Return the boxes around consecutive groups of `boxes`, of these `counts`; no count is 0."""
    starts = np.cumsum([0, *counts[:-1]])
    low = np.minimum.reduceat(boxes[:, :2], starts)
    return np.hstack([low, np.maximum.reduceat(boxes[:, 2:], starts)])


def box_of(row: Numbers) -> SceneBox:
    """Return one row of boxes as a Box."""
    left, bottom, right, top = row.tolist()
    return SceneBox(left, bottom, right, top)


def shared_box(one: SceneBox, other: SceneBox) -> SceneBox:
    """Return the part that two boxes that meet have in common."""
    return SceneBox(
        max(one.left, other.left), max(one.bottom, other.bottom), min(one.right, other.right), min(one.top, other.top)
    )


def areas(boxes: Boxes) -> Numbers:
    """Return the area of each."""
    sizes = np.maximum(boxes[:, 2:] - boxes[:, :2], _THINNEST)
    return np.asarray(sizes[:, 0] * sizes[:, 1])


def shared_areas(ones: Boxes, others: Boxes) -> Numbers:
    """Return the area that each of `ones` shares with each of `others`, of shape (ones, others)."""
    low = np.maximum(ones[:, None, :2], others[None, :, :2])
    high = np.minimum(ones[:, None, 2:], others[None, :, 2:])
    sizes = np.maximum(high - low, 0.0)
    return np.asarray(sizes[..., 0] * sizes[..., 1])


def meeting_pairs(boxes: Boxes) -> list[tuple[int, int]]:
    """Return the pairs of boxes that share some area, each as (lower index, higher index)."""
    ones, others = np.nonzero(np.triu(shared_areas(boxes, boxes), k=1))
    return list(zip(ones.tolist(), others.tolist(), strict=True))


def letters_hidden(ones: Boxes, others: Boxes) -> float:
    """Return how much two texts overlap, as a number of letters of the smaller type.

    `ones` and `others` are the boxes of their letters. Boxes of whole texts would not do: ragged lines and slanted
    texts have boxes that are mostly empty.
    """
    if not len(ones) or not len(others):
        return 0.0
    letter = min(float(areas(ones).mean()), float(areas(others).mean()))
    return float(shared_areas(ones, others).sum()) / letter


def flattened(curves: Numbers) -> Numbers:
    """Return cubic curves, of shape (4 n, 2 or more), as straight pieces.

    The result has the shape (pieces, 2, 2): start and end.
    """
    start, first, second, end = (curves[place::4, None, :2] for place in range(4))
    steps = np.linspace(0.0, 1.0, _PIECES + 1)[None, :, None]
    rest = 1 - steps
    points = rest**3 * start + 3 * rest**2 * steps * first + 3 * rest * steps**2 * second + steps**3 * end
    return np.stack([points[:, :-1], points[:, 1:]], axis=2).reshape(-1, 2, 2)


def turns_around(pieces: Numbers, points: Numbers) -> Numbers:
    """Return how often a closed outline winds around each of `points`, of shape (points, 2).

    The number is 0 outside and in holes.
    """
    x0, y0, x1, y1 = pieces[:, 0, 0], pieces[:, 0, 1], pieces[:, 1, 0], pieces[:, 1, 1]
    x, y = points[:, :1], points[:, 1:2]
    is_left = (x1 - x0) * (y - y0) - (x - x0) * (y1 - y0) > 0
    upwards = (y0 <= y) & (y1 > y) & is_left
    downwards = (y0 > y) & (y1 <= y) & ~is_left
    return np.asarray(upwards.sum(axis=1) - downwards.sum(axis=1))


def lengths_inside(pieces: Numbers, boxes: Boxes) -> Numbers:
    """Return the length of the straight `pieces` within each of `boxes`.

    The method is that of Liang and Barsky.
    """
    start, along = pieces[:, None, 0], pieces[:, None, 1] - pieces[:, None, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        one = (boxes[None, :, :2] - start) / along
        other = (boxes[None, :, 2:] - start) / along
    is_between = (start >= boxes[None, :, :2]) & (start <= boxes[None, :, 2:])
    stands = along == 0
    enters = np.where(stands, np.where(is_between, 0.0, np.inf), np.minimum(one, other)).max(axis=2)
    leaves = np.where(stands, np.where(is_between, 1.0, -np.inf), np.maximum(one, other)).min(axis=2)
    shares = np.clip(np.minimum(leaves, 1.0) - np.maximum(enters, 0.0), 0.0, 1.0)
    return np.asarray((shares * np.hypot(along[..., 0], along[..., 1])).sum(axis=0))


def shrunk(boxes: Boxes, share: float) -> Boxes:
    """Return the boxes without this share of their width and height at each side."""
    margin = np.tile((boxes[:, 2:] - boxes[:, :2]) * share, 2) * [1, 1, -1, -1]
    return np.asarray(boxes + margin)


def letter_height(boxes: Boxes) -> float:
    """Return the height of a usual letter in a text that runs across or upwards.

    Dots are lower, brackets higher.
    """
    text = united(boxes)
    runs_upwards = text.height > text.width
    return _usual(boxes[:, 2] - boxes[:, 0] if runs_upwards else boxes[:, 3] - boxes[:, 1])


def letter_size(boxes: Boxes) -> float:
    """Return the longer side of a usual letter.

    That is what remains of its height if it is seen from the side.
    """
    return _usual(np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]))


def _usual(heights: Numbers) -> float:
    """Return the median of the heights without dots, dashes and signs as low as they are."""
    tall = np.quantile(heights, _TALL_LETTER, method="higher")
    return float(np.median(heights[heights >= tall / 2]))


def _shares(low: Numbers, high: Numbers, frame_low: float, frame_high: float) -> Numbers:
    lengths = np.maximum(high - low, _THINNEST)
    inside = np.minimum(low + lengths, frame_high) - np.maximum(low, frame_low)
    return np.clip(inside / lengths, 0.0, 1.0)
