"""Questions and answers of an approval: what a run asks for, and what a person may answer."""

from typing import Any, Generic, Self, TypeVar

from pydantic import Field, model_validator

from callsheet.model.film.storable import StorableScene
from callsheet.model.problems import refused
from callsheet.model.requests.movie import MAX_SHOTS, ShotBrief
from callsheet.model.requests.pictures import PairScene
from callsheet.model.requests.video import MAX_SCENES, SceneBrief
from callsheet.model.values import FileRequest, Value

KEY = "approval"
"""The first part of the key under which a run waits for its approval."""
INPUTS = f"suspended-{KEY}"
"""The Prefect server keeps every question of a run, and its answer, under names that begin so."""
INPUTS_AT_MOST = 200
YES_OF_OLDER_FORMS = "approved"
"""Field of older forms that asked for a yes. A form that was sent unchanged meant no."""

Scene = TypeVar("Scene", bound=StorableScene)
Plan = TypeVar("Plan", bound=FileRequest)


class Consent(Value):
    """A person's answer if there is nothing to change. To resume the run as it is means yes."""

    reject: bool = Field(False, title="Reject")
    """Leave it off to approve. On: the run ends, and nothing is spent."""
    reason: str = Field("", max_length=1000, title="Reason")
    """Only for a rejection: why, for the person who asked for the video."""

    @model_validator(mode="before")
    @classmethod
    def _from_older_forms(cls, answer: Any) -> Any:
        """Read the answer to a form that asked for a yes: a run may still wait with such a form."""
        if not (isinstance(answer, dict) and YES_OF_OLDER_FORMS in answer):
            return answer
        left = {name: value for name, value in answer.items() if name != YES_OF_OLDER_FORMS}
        return {**left, "reason": ""} if answer[YES_OF_OLDER_FORMS] else {**left, "reject": True}

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if self.reason and not self.reject:
            raise refused("reason", "only a rejection has one; turn “Reject” on, or leave the reason empty")
        return self


class Answer(Consent, Generic[Scene]):
    """A person's answer. The person may change, move, leave out and add scenes."""

    scenes: tuple[Scene, ...] = Field((), max_length=MAX_SCENES, title="Scenes")
    """The storyboard, in the order of the film. If it is empty, the storyboard stays as it is."""

    def applied_to(self, plan: Plan) -> Plan:
        """Return the plan with the approved storyboard: the list's own order counts.

        Raises a `pydantic.ValidationError` if the changed scenes make no valid request.
        """
        if not self.scenes:
            return plan
        scenes = [scene.model_dump(exclude={"order"}, exclude_none=True) for scene in self.scenes]
        return type(plan).model_validate({**plan.model_dump(exclude={"scenes"}), "scenes": scenes})


class Decision(Answer[SceneBrief]):
    """The answer for a video of scenes."""


class PairsDecision(Answer[PairScene]):
    """The answer for a video of pairs of pictures."""


class ShotsDecision(Answer[ShotBrief]):
    """The answer for the film of a screenplay."""

    scenes: tuple[ShotBrief, ...] = Field((), max_length=MAX_SHOTS, title="Shots")
    """The shots, in the order of the film. If they are empty, they stay as they are."""
