"""Transitions of a run: each is valid only from the state in which Callsheet has read the run.

A decision about a run follows a read of it. Meanwhile a runner may take the run, or a user may cancel it. The server
accepts the new state all the same: a cancelled run would run again, and a running one would get a second process.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun, State
from prefect.client.schemas.responses import OrchestrationResult, SetStateStatus
from prefect.states import Scheduled

from callsheet.model.labels import TRIES
from callsheet.model.run.waiting import TRIES_AT_MOST, tries_in


async def enter(
    client: PrefectClient,
    flow_run: FlowRun,
    state: State[Any],
    *,
    labels: dict[str, Any] | None = None,
    force: bool = False,
) -> OrchestrationResult[Any] | None:
    """Return the server's answer; None if the run has left its known state meanwhile.

    The server can't compare states. So this function reads the state before and after the change, and restores a state
    that came in between.
    """
    if await states_since(client, flow_run):
        return None
    if labels:
        await client.update_flow_run_labels(flow_run.id, labels)
    answer = await client.set_flow_run_state(flow_run.id, state, force=force)
    if answer.status is not SetStateStatus.ACCEPT or answer.state is None:
        return answer
    entered = await states_since(client, flow_run)
    ids = [each.id for each in entered]
    before, after = entered[: ids.index(answer.state.id)], entered[ids.index(answer.state.id) + 1 :]
    if not before:
        return answer
    if not after:
        await client.set_flow_run_state(flow_run.id, before[-1], force=True)
    return None


async def states_since(client: PrefectClient, flow_run: FlowRun) -> list[State[Any]]:
    """Return the states that the run has entered after the known one, in order."""
    states = await states_of(client, flow_run)
    ids = [state.id for state in states]
    known = flow_run.state.id if flow_run.state else None
    return states[ids.index(known) + 1 :] if known in ids else states


async def states_of(client: PrefectClient, flow_run: FlowRun) -> list[State[Any]]:
    """Return all states of the run, in order."""
    return sorted(await client.read_flow_run_states(flow_run.id), key=lambda state: state.timestamp)


async def resume_pending(
    client: PrefectClient, flow_run: FlowRun, why: str, after: timedelta = timedelta()
) -> OrchestrationResult[Any] | None:
    """Restart it `after` a while, from the failed step; limit and count the restarts.

    Return None if the run does not wait any more: another process was quicker, or a user has cancelled it.
    """
    tries = tries_in(flow_run.labels) + 1
    message = f"{why}: resumed, {tries} of {TRIES_AT_MOST} times."
    begins = datetime.now(UTC) + after
    return await enter(client, flow_run, Scheduled(scheduled_time=begins, message=message), labels={TRIES: tries})
