"""Costs above a cap: a run whose plan nobody may change waits for a yes or a no, as it would for approval."""

from prefect.client.orchestration import get_client
from prefect.input import RunInput

from callsheet.errors import NotApproved
from callsheet.model.approval import Consent
from callsheet.model.requests import SceneRequest, VideoRequest
from tasks.approving import inputs_of, run_that_can_wait, suspend, was_asked
from tasks.budget import allow, objection_to
from tasks.estimating import estimated

WITHIN_H = 168.0


class ConsentForm(RunInput, Consent):
    """The decision as Prefect asks for it."""


async def costs_allowed(title: str, at_most_usd: float | None) -> None:
    """Go on where the costs are within the caps, or where somebody takes them.

    The first time that somebody has to be asked it does not return: the run is suspended and its process ends.

    Raises:
        NotApproved: whoever was asked does not want it.
    """
    objection = await objection_to(at_most_usd)
    if not (objection or was_asked()):
        return
    flow_run = run_that_can_wait()
    async with get_client() as client:
        asked, answer = await inputs_of(client, flow_run)
        if answer is None:
            form = ConsentForm.with_initial_data(description=f"“{title}”: {objection}")
            await suspend(client, flow_run, form, WITHIN_H, asked + 1)
        consent = ConsentForm.model_validate(answer.decoded_value)
        if not consent.approved:
            await client.delete_flow_run_input(flow_run.id, answer.key)  # a retry of the run asks anew
            raise NotApproved(consent.reason)
    await allow(at_most_usd)


async def scene_costs_allowed(request: SceneRequest) -> None:
    """The same for a single scene; where it is part of a video, that one was asked for."""
    alone = VideoRequest(title=request.label, scenes=(request.scene,), profile=request.profile, look=request.look)
    await costs_allowed(request.label, estimated(alone).price_at_most_usd)
