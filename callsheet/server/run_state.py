"""The state of a run: whether it is over, or what it waits for.

Recovery may restart a crashed run.
"""

import re
from datetime import UTC, datetime

from prefect.client.schemas.objects import FlowRun, StateType

from callsheet.model.labels import PROVIDER
from callsheet.model.run.queue import QUEUED
from callsheet.model.run.recovery import MENDED_WITHIN
from callsheet.model.run.waiting import PENDING_RETRY

# Prefect puts this before the words of an error.
PREAMBLE = re.compile(r"^(?:Flow|Task) run encountered an exception:? (?:\w+: )?")


def is_over(flow_run: FlowRun) -> bool:
    """Return whether the run stays as it is until a person or program asks for more."""
    return flow_run.state is not None and flow_run.state.is_final() and not will_be_mended(flow_run)


def will_be_mended(flow_run: FlowRun) -> bool:
    """Return whether its process ended and recovery may still restart it, within minutes.

    Recovery knows how often a run may continue; it fails a run that did so too often at once.
    """
    state = flow_run.state
    if state is None or state.type is not StateType.CRASHED or not stands_alone(flow_run):
        return False
    return datetime.now(UTC) - state.timestamp < MENDED_WITHIN


def stands_alone(flow_run: FlowRun) -> bool:
    """Return whether the server can start it again: it has a deployment and no parent run."""
    return flow_run.deployment_id is not None and flow_run.parent_task_run_id is None


def asks_for_approval(flow_run: FlowRun) -> bool:
    """Return whether it is suspended with a question; a run that a person paused has none."""
    state = flow_run.state
    return state is not None and state.type is StateType.PAUSED and bool(state.state_details.run_input_keyset)


def provider_of(flow_run: FlowRun) -> str:
    """Return the provider whose next answer continues the run; empty if it waits for none."""
    state = flow_run.state
    is_waiting = state is not None and state.type is StateType.SCHEDULED and state.name == PENDING_RETRY
    return str(flow_run.labels.get(PROVIDER, "a provider")) if is_waiting else ""


def waiting_for(flow_run: FlowRun) -> str:
    """Return what it waits for, in words; empty for a free runner, or for nothing."""
    begins_at = flow_run.next_scheduled_start_time
    if provider := provider_of(flow_run):
        return f"waiting for {provider}; the run continues when that answers again"
    if asks_for_approval(flow_run):
        return "waiting for approval"
    if will_be_mended(flow_run):
        return "its process ended; Callsheet restarts it"
    if flow_run.state is not None and flow_run.state.name == QUEUED:
        return (flow_run.state.message or "").removeprefix("It ").rstrip(".")
    if begins_at is not None and begins_at > datetime.now(UTC):
        return f"begins at {begins_at:%Y-%m-%d %H:%M} UTC"
    return ""


def error_message(message: str | None) -> str:
    """Return the words of an error alone."""
    return PREAMBLE.sub("", message or "")


def step_name(task_name: str, label: str) -> str:
    """Return the name of a step without the scene's name, which is already shown."""
    return task_name.replace(f" {label}", "")
