"""What a run asks for when it waits for approval, and what a person may answer."""

from typing import Generic, TypeVar, overload

from pydantic import Field

from callsheet.model.image_requests import ImagePairsRequest, PairScene
from callsheet.model.requests import MAX_SCENES, SceneBrief, VideoRequest
from callsheet.model.values import Value

KEY = "approval"
"""The first part of the key under which a run waits for its approval."""
INPUTS = f"suspended-{KEY}"
"""Under names that begin so the server keeps every question that was asked of a run, and its answer."""
INPUTS_AT_MOST = 200
DEADLINE = "callsheet.approve-until"
"""Label of a run that waits: the moment after which it is given up."""

Scene = TypeVar("Scene", SceneBrief, PairScene)
Plan = TypeVar("Plan", VideoRequest, ImagePairsRequest)


class Consent(Value):
    """A person's answer, where there is nothing to change."""

    approved: bool = Field(title="Approve")
    """On: make the video. Off: end the run; nothing was spent."""
    reason: str = Field("", max_length=1000, title="Reason")
    """Why not, for whoever asked for the video."""


class Answer(Value, Generic[Scene]):
    """A person's answer. Scenes may be changed, moved, left out and added."""

    approved: bool = Field(title="Approve")
    """On: make the video. Off: end the run; nothing was spent."""
    scenes: tuple[Scene, ...] = Field((), max_length=MAX_SCENES, title="Scenes")
    """The storyboard, in the order of the film. Left empty, it stays as it is."""
    reason: str = Field("", max_length=1000, title="Reason")
    """Why not, for whoever asked for the video."""

    def applied_to(self, plan: Plan) -> Plan:
        """The plan with the storyboard as it was approved: the list's own order counts.

        Raises a `pydantic.ValidationError` where the changed scenes make no valid request.
        """
        if not self.scenes:
            return plan
        scenes = [scene.model_dump(exclude={"order"}, exclude_none=True) for scene in self.scenes]
        return type(plan).model_validate({**plan.model_dump(exclude={"scenes"}), "scenes": scenes})


class Decision(Answer[SceneBrief]):
    """The answer for a video of scenes."""


class PairsDecision(Answer[PairScene]):
    """The answer for a video of pairs of pictures."""


@overload
def storyboard_of(plan: VideoRequest) -> tuple[SceneBrief, ...]: ...
@overload
def storyboard_of(plan: ImagePairsRequest) -> tuple[PairScene, ...]: ...
def storyboard_of(plan: VideoRequest | ImagePairsRequest) -> tuple[SceneBrief, ...] | tuple[PairScene, ...]:
    """The scenes in film order, without the numbers that brought them into it: in a form, their places are enough."""
    if isinstance(plan, ImagePairsRequest):
        return plan.scenes
    return tuple(request.scene.model_copy(update={"order": None}) for request in plan.scene_requests())
