"""Pause, resume, cancel, retry. Each is a wish that the Prefect server records; the run follows at its next step."""

from typing import Any
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.responses import OrchestrationResult, SetStateStatus
from prefect.states import Cancelled, Cancelling, Scheduled, Suspended

from callsheet.client.connection import connected
from callsheet.client.ending import asks_for_approval, is_over, provider_of
from callsheet.client.finding import RunLike, described, read_run, state_name
from callsheet.client.resuming import resume_pending
from callsheet.errors import InvalidRequest
from callsheet.model.runs import Run

# A paused run costs nothing but its entry in the database. Prefect wants to know when to give it up.
RESUME_WITHIN_S = 30 * 24 * 3600
RETRIED = (StateType.FAILED, StateType.CRASHED, StateType.CANCELLED)
WITHOUT_PROCESS = (StateType.SCHEDULED, StateType.PAUSED, StateType.CRASHED)


async def pause(run: RunLike, *, resume_within_s: int = RESUME_WITHIN_S) -> Run:
    """Let a running run stop at its next step boundary and give its process back; `resume` lets it go on.

    After `resume_within_s` without that it fails; it can be retried then.

    Raises:
        InvalidRequest: it is not running.
    """
    async with connected() as client:
        flow_run = await read_run(client, run)
        if _type(flow_run) is not StateType.RUNNING:
            raise _refused(flow_run, "paused", "only a running one can be")
        return await _changed(client, flow_run, Suspended(timeout_seconds=resume_within_s), "paused")


async def resume(run: RunLike) -> Run:
    """Let a paused run go on, in a new process; what was finished is not done again.

    A run that waits for its provider goes on now, without waiting for it to answer.

    Raises:
        InvalidRequest: it is not paused, or it waits for approval.
    """
    async with connected() as client:
        flow_run = await read_run(client, run)
        if provider_of(flow_run):
            return await _answered(client, flow_run, await resume_pending(client, flow_run, "By hand"), "resumed")
        if _type(flow_run) is not StateType.PAUSED or asks_for_approval(flow_run):
            raise _refused(flow_run, "resumed", _instead_of_resuming(flow_run))
        return await _answered(client, flow_run, await client.resume_flow_run(flow_run.id), "resumed")


async def cancel(run: RunLike) -> Run:
    """End a run with everything that it has started. Its finished steps are kept for a retry.

    Raises:
        InvalidRequest: it is over.
    """
    async with connected() as client:
        flow_run = await read_run(client, run)
        if is_over(flow_run):
            raise _refused(flow_run, "cancelled", "it is over")
        # A run without a process has nobody who could end it and say so.
        state: State = Cancelled() if _type(flow_run) in WITHOUT_PROCESS else Cancelling()
        return await _changed(client, flow_run, state, "cancelled")


async def retry(run: RunLike) -> Run:
    """Let a run that failed, crashed or was cancelled go on from there; what was finished is not done again.

    Raises:
        InvalidRequest: it did not.
    """
    async with connected() as client:
        flow_run = await read_run(client, run)
        if _type(flow_run) not in RETRIED:
            raise _refused(flow_run, "retried", "only one that failed, crashed or was cancelled can be")
        return await _changed(client, flow_run, Scheduled(message="retried by hand"), "retried")


async def _changed(client: PrefectClient, flow_run: FlowRun, state: State, participle: str) -> Run:
    return await _answered(client, flow_run, await client.set_flow_run_state(flow_run.id, state), participle)


async def _answered(client: PrefectClient, flow_run: FlowRun, answer: OrchestrationResult[Any], participle: str) -> Run:
    """The run as it is now. The server may enter another state than we asked for, and still do what we want.

    A run without a process, for instance, is not first Cancelling but at once Cancelled.
    """
    now = await client.read_flow_run(flow_run.id)
    if answer.status is not SetStateStatus.ACCEPT and _state_id(now) == _state_id(flow_run):
        reason = getattr(answer.details, "reason", None) or "the server gives no reason"
        raise _refused(now, participle, reason.rstrip("."))
    return await described(client, now)


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
