"""Approval of costs above a cap: a run with a fixed plan waits for a yes or a no."""

from typing import NoReturn

from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.objects import FlowRun
from prefect.input import RunInput
from pydantic import ValidationError

from callsheet.errors import NotApproved
from callsheet.model.requests.video import SceneRequest, VideoRequest
from callsheet.model.run.approval import Consent
from callsheet.server.questions import forget_questions, last_question
from tasks.run.approval import run_that_can_wait, suspend, unusable, was_asked
from tasks.run.budget import allow_costs, estimate_plan, find_objection

WITHIN_H = 168.0


class ConsentForm(RunInput, Consent):
    """The decision as Prefect asks for it."""


async def require_cost_approval(title: str, at_most_usd: float | None) -> None:
    """Return if the costs are within the caps, or if a person accepts them.

    If the run has to ask, the first call does not return: the run is suspended and its process ends. The caps may allow
    the costs when the run begins again before an answer: then it continues without one.

    Raises:
        NotApproved: the person rejects the costs.
    """
    objection = await find_objection(at_most_usd)
    if not (objection or was_asked()):
        return
    flow_run = run_that_can_wait()
    async with get_client() as client:
        asked = await last_question(client, flow_run)
        if asked.answer is None and not objection:
            return
        question = f"“{title}”: {objection or 'may it be made?'}"
        if asked.answer is None:
            await _ask(client, flow_run, question, asked.number + 1)
        try:
            consent = ConsentForm.model_validate(asked.answer)
        except ValidationError as error:
            await _ask(client, flow_run, unusable(error) + question, asked.number + 1)
        if consent.reject:
            await forget_questions(client, flow_run)  # a retry of the run asks again
            raise NotApproved(consent.reason)
    await allow_costs(at_most_usd)


async def _ask(client: PrefectClient, flow_run: FlowRun, question: str, number: int) -> NoReturn:
    await suspend(client, flow_run, ConsentForm.with_initial_data(description=question), WITHIN_H, number)


async def require_cost_approval_of_scene(request: SceneRequest) -> None:
    """Do the same for a single scene; a scene of a video uses the video's answer."""
    alone = VideoRequest(title=request.label, scenes=(request.scene,), profile=request.profile, look=request.look)
    await require_cost_approval(request.label, estimate_plan(alone).price_at_most_usd)
