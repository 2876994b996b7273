"""Pause, resume, cancel, retry.

Callsheet asks the Prefect server for a state; the run follows at its next step.
"""

import asyncio
import time
from typing import Any
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.responses import OrchestrationResult, SetStateStatus
from prefect.states import Cancelled, Cancelling, Pending, Scheduled, Suspended

from callsheet.errors import InvalidRequest
from callsheet.model.labels import RECOVERIES, RESUMED
from callsheet.model.run.resumption import Resumption
from callsheet.model.run.runs import Run
from callsheet.server.connection import connected
from callsheet.server.process import has_process
from callsheet.server.run_state import asks_for_approval, is_over, provider_of
from callsheet.server.runs import RunLike, read_parts, read_run, state_name, to_run
from callsheet.server.transitions import resume_pending, states_since

# A paused run costs nothing but its entry in the database. Prefect needs a limit after which it gives the run up.
RESUME_WITHIN_S = 30 * 24 * 3600
# Most steps end within this time; a render may take much longer.
GIVEN_BACK_WITHIN_S = 20.0
SECONDS_BETWEEN_LOOKS = 0.5
RETRIED = (StateType.FAILED, StateType.CRASHED, StateType.CANCELLED)
WITHOUT_PROCESS = (StateType.SCHEDULED, StateType.CRASHED)
WITH_PROCESS = (StateType.PENDING, StateType.RUNNING)


async def pause(run: RunLike, *, resume_within_s: int = RESUME_WITHIN_S) -> Run:
    """Let a run stop at its next step boundary and end its process; `resume` continues it.

    The run fails if it is not resumed within `resume_within_s` seconds; you can retry it then.

    Raises:
        InvalidRequest: the run is not running.
    """
    async with connected() as client:
        flow_run = await read_run(client, run)
        if _type(flow_run) is not StateType.RUNNING:
            raise _refused(flow_run, "paused", "only a running one can be")
        return await _change(client, flow_run, Suspended(timeout_seconds=resume_within_s), "paused")


async def resume(run: RunLike, *, given_back_within_s: float = GIVEN_BACK_WITHIN_S) -> Run:
    """Continue a paused run in a new process, without a repeat of finished steps.

    A run that was paused in the middle of a step finishes that step first. `resume` waits for it, at most
    `given_back_within_s` seconds: otherwise two processes would do the same work at the same time. A run that waits for
    its provider continues at once, whether the provider answers or not.

    Raises:
        InvalidRequest: the run is not paused, or it waits for approval, or its step is not over yet.
    """
    async with connected() as client:
        flow_run = await read_run(client, run)
        if provider_of(flow_run):
            return await _answer(client, flow_run, await resume_pending(client, flow_run, "By hand"), "resumed")
        if _type(flow_run) is not StateType.PAUSED or asks_for_approval(flow_run):
            raise _refused(flow_run, "resumed", _instead_of_resuming(flow_run))
        await _process_given_back(client, flow_run, given_back_within_s)
        return await _answer(client, flow_run, await client.resume_flow_run(flow_run.id), "resumed")


async def cancel(run: RunLike) -> Run:
    """End a run with everything that it has started. Its finished steps are kept for a retry.

    Raises:
        InvalidRequest: the run is over.
    """
    async with connected() as client:
        flow_run = await read_run(client, run)
        if is_over(flow_run):
            raise _refused(flow_run, "cancelled", "it is over")
        is_paused = _type(flow_run) is StateType.PAUSED
        if await has_process(client, flow_run) if is_paused else _type(flow_run) not in WITHOUT_PROCESS:
            if is_paused:
                # The server treats a suspended run as one without a process, even by force: it would enter Cancelled at
                # once, and the process would not end.
                await client.set_flow_run_state(flow_run.id, Pending(), force=True)
            return await _change(client, flow_run, Cancelling(), "cancelled")
        # A run without a process has nothing that could end and report it.
        now = await _change(client, flow_run, Cancelled(), "cancelled")
        if not any(state.type in WITH_PROCESS for state in await states_since(client, flow_run)):
            return now
        # A runner has taken it since our last read. Its process would begin a run that is Cancelled, but not one that
        # is Cancelling.
        return await _change(client, flow_run, Cancelling(), "cancelled", force=True)


async def retry(run: RunLike, *, resume_from: str = "", pay_again: bool = False) -> Run:
    """Continue a run that failed, crashed or was cancelled; it does not repeat finished steps.

    Args:
        run: The run.
        resume_from: A stage of the pipeline (`audio_generation`) or a step of the run (`render-scene`). What comes from
            there on is made again, although it is kept. What costs money is not.
        pay_again: Whether answers of language models and sentences of paid voices are made again, too.

    Raises:
        InvalidRequest: the run is in another state, or there is no such stage.
    """
    if pay_again and not resume_from:
        raise InvalidRequest("say with `resume_from` from where on it is paid again", "pay_again")
    async with connected() as client:
        flow_run = await read_run(client, run)
        if _type(flow_run) not in RETRIED:
            raise _refused(flow_run, "retried", "only one that failed, crashed or was cancelled can be")
        resumed: Resumption | None = None
        if resume_from:
            earlier = flow_run.labels.get(RESUMED)
            number = 1 + (Resumption.model_validate_json(str(earlier)).number if earlier else 0)
            resumed = Resumption.checked(resume_from, number, pays_again=pay_again)
        labels = {RESUMED: resumed.model_dump_json()} if resumed else {}
        # A person has looked at it.
        await client.update_flow_run_labels(flow_run.id, {**labels, RECOVERIES: 0})
        if resumed and resumed.repeats_scenes:
            await _open_scenes(client, flow_run, resumed)
        return await _change(client, flow_run, Scheduled(message="retried by hand"), "retried")


async def _open_scenes(client: PrefectClient, flow_run: FlowRun, resumed: Resumption) -> None:
    """Let the scenes that are ready run again: Prefect does not begin a completed one a second time."""
    for scene in await read_parts(client, flow_run.id):
        if _type(scene) is StateType.COMPLETED:
            state: State[Any] = Cancelled(message=f"made again from {resumed.begins_at}")
            await client.set_flow_run_state(scene.id, state, force=True)


async def _process_given_back(client: PrefectClient, flow_run: FlowRun, within_s: float) -> None:
    """Wait until a paused run has finished its present step."""
    until = time.monotonic() + within_s
    while await has_process(client, flow_run):
        if time.monotonic() >= until:
            raise _refused(
                flow_run,
                "resumed",
                f"its present step is not over after {within_s:g} s; resume the run again when the step is over",
            )
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        flow_run = await client.read_flow_run(flow_run.id)


async def _change(
    client: PrefectClient, flow_run: FlowRun, state: State, participle: str, *, force: bool = False
) -> Run:
    answer = await client.set_flow_run_state(flow_run.id, state, force=force)
    return await _answer(client, flow_run, answer, participle)


async def _answer(
    client: PrefectClient, flow_run: FlowRun, answer: OrchestrationResult[Any] | None, participle: str
) -> Run:
    """Return the run in its new state.

    The server may enter a state other than the requested one.

    A run without a process, for instance, becomes Cancelled at once and is never Cancelling.
    """
    now = await client.read_flow_run(flow_run.id)
    if answer is None:
        raise _refused(now, participle, "it has continued automatically")
    if answer.status is not SetStateStatus.ACCEPT and _state_id(now) == _state_id(flow_run):
        reason = getattr(answer.details, "reason", None) or "the server gives no reason"
        raise _refused(now, participle, reason.rstrip("."))
    return await to_run(client, now)


def _instead_of_resuming(flow_run: FlowRun) -> str:
    if asks_for_approval(flow_run):
        return "it waits for approval, so approve or reject it"
    if _type(flow_run) in RETRIED:
        return "it is not paused, but it can be retried"
    return "it is not paused"


def _type(flow_run: FlowRun) -> StateType | None:
    return flow_run.state.type if flow_run.state else None


def _state_id(flow_run: FlowRun) -> UUID | None:
    return flow_run.state.id if flow_run.state else None


def _refused(flow_run: FlowRun, participle: str, why: str) -> InvalidRequest:
    return InvalidRequest(f"run “{flow_run.name}” is {state_name(flow_run)} and can't be {participle}: {why}")
