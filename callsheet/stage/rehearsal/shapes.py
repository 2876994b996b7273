"""Shapes that come on stage outside the picture, and a stage with nothing on it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

import numpy as np
from manim import Animation, Mobject, Wait

from callsheet.model.film.rehearsal import LayoutFinding, LayoutProblem
from callsheet.stage.rehearsal.geometry import SceneBox, box_of, overhang, shares_inside, spans, united_by
from callsheet.stage.rehearsal.survey import FAINTEST, Piece, Survey, is_open_line, opacity_of
from callsheet.stage.rehearsal.view import Moment
from callsheet.stage.rehearsal.words import SourceLines, named

# A shape is off the frame if less than this share of it is inside. Shapes are cut on purpose more often than texts.
INSIDE_SHARE = 0.5
# Shapes smaller than this share of the frame's height, in both directions, are dots of a larger pattern.
PATTERN_SHARE = 1 / 30
# At most this many shapes wholly outside are waited for; those of a larger crowd are not.
MOST_AWAITED = 200
# A pause on an empty stage of up to a second is usual (Manim's own default); a longer one looks like a fault.
BLANK_S = 2.0
# At the end, the next scene is waited for: Manim's default pause is too long there.
BLANK_END_S = 1.0
# At most this many parts are tried in search of one that is seen.
MOST_TRIED = 1_000


class ShapeReview:
    """The judgement of each shape, once, after the animation that brought it."""

    def __init__(self, lines: SourceLines) -> None:
        self._lines = lines
        self._home: tuple[float, ...] | None = None
        self._blamed: set[int] = set()
        self._awaited: list[tuple[Piece, LayoutFinding]] = []

    def look(self, survey: Survey, moment: Moment) -> Iterator[LayoutFinding]:
        """Yield findings on the shapes that came on stage half outside the picture."""
        self._home = self._home or moment.view.state
        self._awaited = [entry for entry in self._awaited if not self._is_inside(entry[0], moment)]
        for piece, box, share in _mostly_outside(survey.new_shapes, moment):
            finding = self._finding(piece, box, moment)
            if share == 0:
                self._awaited = [*self._awaited, (piece, finding)][:MOST_AWAITED]
            elif moment.view.state == self._home and id(piece.root) not in self._blamed:
                self._blamed.add(id(piece.root))
                yield finding

    def outside(self, survey: Survey, moment: Moment) -> list[Piece]:
        """Return the shapes that have not come into the picture yet."""
        return [piece for piece, *_ in _mostly_outside(survey.new_shapes, moment)]

    def at_end(self) -> Iterator[LayoutFinding]:
        """Yield findings on the shapes that have never been in the picture."""
        for piece, finding in self._awaited:
            if id(piece.root) not in self._blamed:
                self._blamed.add(id(piece.root))
                yield finding

    def _is_inside(self, piece: Piece, moment: Moment) -> bool:
        with contextlib.suppress(Exception):
            return bool(shares_inside(moment.view.boxes(piece.parts), moment.view.frame).max() > 0)
        return True

    def _finding(self, piece: Piece, box: SceneBox, moment: Moment) -> LayoutFinding:
        name = self._lines.name_of(piece.mobject)
        of_what = "" if piece.root is piece.mobject else self._lines.name_of(piece.root)
        subject = named(piece.mobject, "", name) + (f" of `{of_what}`" if of_what and not name else "")
        out = overhang(box, moment.view.frame)
        where = f"sticks out at the {out.edge} edge by {out.by:.2f} units" if out else "is outside"
        remedy = f"; move it {out.edge.away} or make it smaller" if out else ""
        return moment.finding(LayoutProblem.OFF_FRAME, f"{subject} {where}, more than half of it{remedy}")


class BlankReview:
    """The notice of a stage on which nothing is seen for a while, or ever."""

    def __init__(self, frame_rate: int) -> None:
        self._frame_rate = frame_rate
        self._ever = False
        self._frames = 0
        self._since: Moment | None = None

    def look(self, survey: Survey, moment: Moment, frames: int, played: Sequence[Animation]) -> Iterator[LayoutFinding]:
        """Yield a finding on a pause on an empty stage that has just ended."""
        # In a pause in which nothing moves, no thing can have come and gone.
        is_still = all(isinstance(each, Wait) and (each.is_static_wait or not survey.drawn) for each in played)
        is_blank = is_still and not shows_something(survey.drawn, moment)
        self._ever = self._ever or not is_blank
        if is_blank:
            self._since = self._since or moment
            self._frames += frames
        else:
            yield from self._pause_over()

    def at_end(self) -> Iterator[LayoutFinding]:
        """Yield a finding on an empty pause up to the end, or on a scene that never shows anything."""
        seconds = self._frames / self._frame_rate
        if self._ever and self._since is not None and seconds >= BLANK_END_S:
            message = f"the scene ends with an empty picture for {seconds:.1f} seconds; leave out its last pause"
            yield self._since.finding(LayoutProblem.EMPTY, message)
        elif not self._ever and self._since is not None:
            message = "the scene never shows anything; add something with `self.add(…)` or `self.play(…)`"
            yield self._since.finding(LayoutProblem.EMPTY, message)

    def _pause_over(self) -> Iterator[LayoutFinding]:
        seconds = self._frames / self._frame_rate
        if self._since is not None and seconds > BLANK_S:
            message = f"nothing is on screen for {seconds:.1f} seconds; shorten the pause or show something"
            yield self._since.finding(LayoutProblem.EMPTY, message)
        self._frames, self._since = 0, None


def shows_something(drawn: Sequence[Mobject], moment: Moment) -> bool:
    """Return whether anything is seen in the picture. What can't be read counts as seen."""
    tried = drawn[:MOST_TRIED]
    try:
        boxes = moment.view.boxes(tried)
        inside = shares_inside(boxes, moment.view.frame) > 0
        return len(drawn) > len(tried) or any(
            is_inside and opacity_of(mobject) >= FAINTEST for mobject, is_inside in zip(tried, inside, strict=True)
        )
    except Exception:  # a mobject may raise any error
        return True


def _mostly_outside(pieces: Sequence[Piece], moment: Moment) -> Iterator[tuple[Piece, SceneBox, float]]:
    pieces = [piece for piece in pieces if piece.parts]
    if not pieces:
        return
    try:
        parts = [part for piece in pieces for part in piece.parts]
        boxes = united_by(moment.view.boxes(parts), [len(piece.parts) for piece in pieces])
    except Exception:  # one with odd points spoils the sum; none of them is judged
        return
    shares = shares_inside(boxes, moment.view.frame)
    for index in np.nonzero(shares < INSIDE_SHARE)[0].tolist():
        box = box_of(boxes[index])
        if _is_judged(pieces[index], box, moment):
            yield pieces[index], box, float(shares[index])


def _is_judged(piece: Piece, box: SceneBox, moment: Moment) -> bool:
    frame = moment.view.frame
    if spans(box, frame) or max(box.width, box.height) < PATTERN_SHARE * frame.height:
        return False
    with contextlib.suppress(Exception):
        if all(is_open_line(part) for part in piece.parts):
            return False
        return max(map(opacity_of, piece.parts)) >= FAINTEST
    return False
