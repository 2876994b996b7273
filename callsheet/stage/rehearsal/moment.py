"""The end of one animation: its number, the line that played it, and what the camera sees."""

from dataclasses import dataclass

from callsheet.model.film.rehearsal import LayoutFinding, LayoutProblem
from callsheet.stage.rehearsal.view import View


@dataclass(frozen=True)
class Moment:
    """When and from where the stage is looked at."""

    number: int
    """Of the animation, counted from 1; 0 in a scene that plays none."""
    line: int
    view: View

    def finding(self, problem: LayoutProblem, message: str) -> LayoutFinding:
        """A remark on this moment."""
        return LayoutFinding(problem=problem, animation=self.number, line=self.line, message=message)
