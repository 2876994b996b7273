"""The review of a scene's layout after each of its animations.

Findings are remarks on the picture, never errors. If a mobject is odd, the review leaves it alone: it must not raise in
the scene.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from manim import Mobject

from callsheet.model.film.profile import RenderProfile
from callsheet.model.film.rehearsal import LayoutFinding, LayoutProblem
from callsheet.stage.rehearsal.shapes import BlankReview, ShapeReview
from callsheet.stage.rehearsal.survey import Surveyor
from callsheet.stage.rehearsal.texts import TextReview
from callsheet.stage.rehearsal.view import Moment, View
from callsheet.stage.rehearsal.words import SourceLines

# As many as a person reads, and as a writer can fix at once.
MOST_FINDINGS = 20
# As long as a request may ask a scene to be.
LONGEST_S = 600


class LayoutReview:
    """The collection of what is wrong with the picture, each thing once."""

    def __init__(self, scene: Any, profile: RenderProfile) -> None:
        self._scene = scene
        self._lines = SourceLines(scene)
        self._surveyor = Surveyor()
        self._texts = TextReview(profile)
        self._shapes = ShapeReview(self._lines)
        self._blanks = BlankReview(profile.frame_rate)
        self._findings: list[LayoutFinding] = []
        self._profile = profile
        self._frames = 0
        self._roots: dict[int, Mobject] = {}

    def look_before(self, number: int) -> Sequence[Mobject]:
        """Look before the animation `number` begins.

        Return the parts that came on stage since the last one.

        What is seen well now may leave the picture in this animation.
        """
        added = [root for root in self._scene.mobjects if id(root) not in self._roots]
        if not added:
            return ()
        survey = self._surveyor.survey(added)
        moment = self._moment(number)
        self._texts.look_before(survey, moment)
        self._surveyor.forget(self._shapes.outside(survey, moment))
        return survey.new_parts

    def look(self, number: int, frames: int) -> Sequence[Mobject]:
        """Look after the animation `number`, which took this many frames.

        Return the parts that came on stage in it.
        """
        survey = self._surveyor.survey([*self._scene.mobjects, *self._scene.foreground_mobjects])
        self._roots = {id(root): root for root in self._scene.mobjects}
        moment = self._moment(number)
        played = self._scene.animations or ()
        self._findings += self._texts.look(survey, moment, played, frames)
        self._frames += frames
        self._findings += self._shapes.look(survey, moment)
        self._findings += self._blanks.look(survey, moment, frames, played)
        return survey.new_parts

    def findings(self) -> tuple[LayoutFinding, ...]:
        """Return the findings of a finished scene, in the order of its animations.

        If there are many, return only the first ones.
        """
        late = [*self._texts.at_end(), *self._shapes.at_end(), *self._blanks.at_end(), *self._too_long()]
        ordered = sorted([*self._findings, *late], key=lambda finding: finding.animation)
        return tuple(dict.fromkeys(ordered))[:MOST_FINDINGS]

    def _too_long(self) -> Iterator[LayoutFinding]:
        seconds = self._frames / self._profile.frame_rate
        if seconds > LONGEST_S:
            message = f"the scene lasts {seconds:,.0f} seconds, and {LONGEST_S} are the most; make its pauses shorter"
            yield LayoutFinding(problem=LayoutProblem.LENGTH, animation=0, line=0, message=message)

    def _moment(self, number: int) -> Moment:
        return Moment(number, self._lines.line(), View(self._scene.camera))
