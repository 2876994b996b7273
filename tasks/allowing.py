"""Costs above a cap: a run whose plan nobody may change waits for a yes or a no, as it would for approval."""

from prefect.client.orchestration import get_client
from prefect.input import RunInput

from callsheet.client.approving import last_question
from callsheet.errors import NotApproved
from callsheet.model.approval import Consent
from callsheet.model.requests import SceneRequest, VideoRequest
from tasks.approving import run_that_can_wait, suspend, was_asked
from tasks.budget import allow, objection_to
from tasks.estimating import estimated

WITHIN_H = 168.0


class ConsentForm(RunInput, Consent):
    """The decision as Prefect asks for it."""


async def costs_allowed(title: str, at_most_usd: float | None) -> None:
    """Go on where the costs are within the caps, or where somebody takes them.

    The first time that somebody has to be asked it does not return: the run is suspended and its process ends. Where
    the costs are within the caps when it begins again, before anybody has answered, it goes on without an answer.

    Raises:
        NotApproved: whoever was asked does not want it.
    """
    objection = await objection_to(at_most_usd)
    if not (objection or was_asked()):
        return
    flow_run = run_that_can_wait()
    async with get_client() as client:
        asked = await last_question(client, flow_run)
        if asked.answer is None:
            if not objection:
                return
            form = ConsentForm.with_initial_data(description=f"“{title}”: {objection}")
            await suspend(client, flow_run, form, WITHIN_H, asked.number + 1)
        consent = ConsentForm.model_validate(asked.answer.decoded_value)
        if not consent.approved:
            await client.delete_flow_run_input(flow_run.id, asked.answer.key)  # a retry of the run asks anew
            raise NotApproved(consent.reason)
    await allow(at_most_usd)


async def scene_costs_allowed(request: SceneRequest) -> None:
    """The same for a single scene; where it is part of a video, that one was asked for."""
    alone = VideoRequest(title=request.label, scenes=(request.scene,), profile=request.profile, look=request.look)
    await costs_allowed(request.label, estimated(alone).price_at_most_usd)
