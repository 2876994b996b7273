"""Whether a run is over, or what it waits for. A crash is not the end of a run that is put back to work by itself."""

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
    """Whether nothing happens in it any more unless somebody asks for it."""
    return flow_run.state is not None and flow_run.state.is_final() and not will_be_mended(flow_run)


def will_be_mended(flow_run: FlowRun) -> bool:
    """Whether its process ended, and recovery looks after it; after some minutes without that, it will not.

    How often a run may go on is recovery's to know: one that did too often fails at once.
    """
    state = flow_run.state
    if state is None or state.type is not StateType.CRASHED or not stands_alone(flow_run):
        return False
    return datetime.now(UTC) - state.timestamp < MENDED_WITHIN


def stands_alone(flow_run: FlowRun) -> bool:
    """Whether the server can start it again by itself: it is one of a deployment, and no part of another run."""
    return flow_run.deployment_id is not None and flow_run.parent_task_run_id is None


def asks_for_approval(flow_run: FlowRun) -> bool:
    """Whether it is suspended with a question; a run that was paused by hand has none."""
    state = flow_run.state
    return state is not None and state.type is StateType.PAUSED and bool(state.state_details.run_input_keyset)


def provider_of(flow_run: FlowRun) -> str:
    """The provider that it waits for, to go on by itself when that answers again; empty where it does not."""
    state = flow_run.state
    is_waiting = state is not None and state.type is StateType.SCHEDULED and state.name == PENDING_RETRY
    return str(flow_run.labels.get(PROVIDER, "a provider")) if is_waiting else ""


def waiting_for(flow_run: FlowRun) -> str:
    """What it waits for, in words; empty where that is just a free runner, or nothing."""
    begins_at = flow_run.next_scheduled_start_time
    if provider := provider_of(flow_run):
        return f"waiting for {provider}; it goes on by itself when that answers again"
    if asks_for_approval(flow_run):
        return "waiting for approval"
    if will_be_mended(flow_run):
        return "its process ended; it goes on by itself"
    if flow_run.state is not None and flow_run.state.name == QUEUED:
        return (flow_run.state.message or "").removeprefix("It ").rstrip(".")
    if begins_at is not None and begins_at > datetime.now(UTC):
        return f"begins at {begins_at:%Y-%m-%d %H:%M} UTC"
    return ""


def error_message(message: str | None) -> str:
    """The words of an error alone."""
    return PREAMBLE.sub("", message or "")


def step_name(task_name: str, label: str) -> str:
    """The name of a step without the scene's, which is said already."""
    return task_name.replace(f" {label}", "")
