"""Approval: a run shows its plan, ends its process, and continues with the plan as approved.

The part of the flow before this runs again when the run continues, so it must be kept or cost nothing. The server keeps
the answer with the run: whatever happens to the run afterwards, the question is not repeated.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from types import new_class
from typing import Any, NoReturn, TypeVar, cast

from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.objects import FlowRun, State
from prefect.input import RunInput
from prefect.input.run_input import keyset_from_paused_state
from prefect.states import Suspended
from pydantic import ValidationError

from callsheet.errors import InvalidRequest, NotApproved
from callsheet.model.labels import DEADLINE
from callsheet.model.problems import sentence_of
from callsheet.model.requests.video import SceneBrief, VideoRequest
from callsheet.model.run.approval import KEY, Answer
from callsheet.model.run.estimate import estimate_page
from callsheet.model.run.kinds import ScenesRequest, film_kind_taking, storyboard_of
from callsheet.server.label_writer import write_labels
from callsheet.server.large_requests import fit_scenes
from callsheet.server.questions import forget_questions, last_question
from callsheet.server.run_state import stands_alone
from callsheet.storage.large_scenes import as_json, scenes_of, with_scenes
from tasks.run.budget import allow_costs, estimate_plan, find_objection
from tasks.run.lifecycle import leave
from tasks.run.process import this_run
from tasks.run.progress import current_progress
from tasks.run.request import check_request, read_stored_scenes

# An answer at the moment of the deadline still counts; Prefect itself gives the run up after this margin.
GRACE = timedelta(hours=1)
WORDS_SHOWN = 200
Plan = TypeVar("Plan", bound=ScenesRequest)
Prepared = TypeVar("Prepared")


async def approve_video(plan: VideoRequest) -> VideoRequest:
    """Return the plan to make: unchanged without approval, else as a person approved it.

    Approval is necessary if the plan asks for it, or if the costs may exceed a cap.

    Raises:
        NotApproved, InvalidRequest: as `ask_for_approval` does.
    """
    objection = await find_objection(estimate_plan(plan).price_at_most_usd)
    if not (plan.approval or objection or was_asked()):
        return plan
    agreed = await ask_for_approval(plan, partial(show_storyboard, plan), _check, objection)
    await allow_costs(estimate_plan(agreed).price_at_most_usd)
    return agreed


async def ask_for_approval(
    plan: Plan,
    shown: Callable[[], Awaitable[str]],
    prepare: Callable[[Plan], Awaitable[Prepared]],
    objection: str = "",
) -> Prepared:
    """Return what `prepare` makes of the plan as a person approved it.

    The first call does not return: the run is suspended, and its process ends. `shown` shows the plan in the run
    and returns the page for the person who decides. If `prepare` raises InvalidRequest, the person reads why and
    answers again. Without this, each retry of the run would fail because of the stored answer. `objection` says why
    the run asks although the plan does not request that.

    Raises:
        NotApproved: the person rejects the plan.
        InvalidRequest: a run that can't wait was told to ask.
    """
    flow_run = run_that_can_wait()
    async with get_client() as client:
        asked = await last_question(client, flow_run)
        remark = f"**{objection}**\n\n" if objection else ""
        if asked.answer is None:
            return await _ask(client, flow_run, plan, asked.number + 1, remark + await shown())
        try:
            return await prepare(await _decide(_decision_on(plan).model_validate(asked.answer), plan))
        except (ValidationError, InvalidRequest) as error:
            remark += unusable(error)
            return await _ask(client, flow_run, plan, asked.number + 1, remark + await shown())
        except NotApproved:
            await forget_questions(client, flow_run)  # a retry of the run asks again
            raise


async def show_storyboard(plan: VideoRequest) -> str:
    """Return the estimate; show it and the storyboard among the run's artifacts."""
    page = estimate_page(estimate_plan(plan), plan.title)
    scenes = (scene for scene in storyboard_of(plan) if isinstance(scene, SceneBrief))
    rows = [_row(number, scene) for number, scene in enumerate(scenes, start=1)]
    await acreate_table_artifact(key="storyboard", description=f"Storyboard of “{plan.title}”", table=rows)
    await acreate_markdown_artifact(key="estimate", description=f"Estimate of “{plan.title}”", markdown=page)
    return page


def was_asked() -> bool:
    """Return whether this run has asked before; the answer may have changed the plan."""
    flow_run = this_run()
    return flow_run is not None and DEADLINE in flow_run.labels


def can_wait() -> bool:
    """Return whether this run can be suspended: not as part of another, or called by hand."""
    flow_run = this_run()
    return flow_run is not None and stands_alone(flow_run)


def run_that_can_wait() -> FlowRun:
    """Return this run. Raise InvalidRequest if it can't be suspended."""
    flow_run = this_run()
    if flow_run is None or not can_wait():
        raise InvalidRequest("only a run of a deployment can wait for approval; start it as one, or leave it out", KEY)
    return flow_run


async def suspend(
    client: PrefectClient, flow_run: FlowRun, form: type[RunInput], within_h: float, number: int
) -> NoReturn:
    """End the process until this form, which is question `number` of the run, has an answer."""
    until = datetime.now(UTC) + timedelta(hours=within_h)
    await write_labels(client, flow_run.id, {DEADLINE: until.isoformat()})
    # Like Prefect's `suspend_flow_run`, but the form exists before the run is visibly suspended.
    state: State[Any] = Suspended(
        pause_expiration_time=until + GRACE,
        pause_key=f"{KEY}-{number}",
        message=f"Waits for approval until {until:%Y-%m-%d %H:%M} UTC; "
        f"see `callsheet storyboard {str(flow_run.id)[:8]}`",
    )
    keys = keyset_from_paused_state(state)
    await form.asave(keys)
    state.state_details.run_input_keyset = {str(purpose): key for purpose, key in keys.items()}
    await leave(state)


def unusable(error: ValidationError | InvalidRequest) -> str:
    """Return the remark that stands before a repeated question."""
    sentence = sentence_of(error) if isinstance(error, ValidationError) else str(error)
    return f"**The last answer could not be used: {sentence}**\n\n"


def _decision_on(plan: ScenesRequest) -> type[Answer[Any]]:
    """Return what a person may answer about this plan."""
    approval = film_kind_taking(type(plan)).approval
    assert approval
    return approval.decision


async def _decide(answer: Answer[Any], plan: Plan) -> Plan:
    if answer.reject:
        raise NotApproved(answer.reason)
    decided = answer.applied_to(plan)
    if any(scene.stored for scene in scenes_of(decided)):
        decided = with_scenes(decided, await read_stored_scenes(scenes_of(decided)))
    return decided


async def _check(plan: VideoRequest) -> VideoRequest:
    await check_request(plan)
    return plan


async def _ask(client: PrefectClient, flow_run: FlowRun, plan: Plan, number: int, page: str) -> NoReturn:
    """Suspend the run until the question has an answer."""
    progress = current_progress()
    if progress is not None:
        progress.change(lambda now: now.model_copy(update={"doing": "waiting for approval"}))
    scenes = list(map(as_json, await fit_scenes(storyboard_of(plan), client)))
    # The form in the Prefect UI, and a check of what the client sends.
    form = cast("type[RunInput]", new_class("ApprovalForm", (RunInput, _decision_on(plan))))
    await suspend(
        client, flow_run, form.with_initial_data(description=page, scenes=scenes), plan.approve_within_h, number
    )


def _row(number: int, scene: SceneBrief) -> dict[str, Any]:
    words = scene.prompt or ("scene code" if scene.code else ", ".join(text for _, _, text in scene.filled().texts()))
    return {
        "scene": number,
        "name": scene.name,
        "made from": scene.template or ("a prompt" if scene.prompt else "code"),
        "shows": words if len(words) <= WORDS_SHOWN else f"{words[:WORDS_SHOWN]}…",
    }
