"""The events of a run, typed."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from prefect.client.schemas.objects import StateType
from prefect.events import Event

from callsheet.model.run.pipeline_events import PipelineReader
from callsheet.model.run.runs import EventKind, RunEvent
from callsheet.server.connection import connected
from callsheet.server.event_stream import POLLING, SECONDS_BETWEEN_POLLS, Feed
from callsheet.server.run_state import error_message, step_name
from callsheet.server.runs import RunLike, read_run
from callsheet.server.scene_runs import run_of

SCENE_PREFIX = "scene "
TASK_RUN, PROGRESS = "prefect.task-run.", "prefect.artifact.updated"
WITHOUT_STREAM = (
    "The event stream of the server fails (a proxy may refuse websockets), so Callsheet asks for events every "
    f"{SECONDS_BETWEEN_POLLS} s."
)

OF_THE_RUN = {
    StateType.SCHEDULED: EventKind.RUN_SCHEDULED,
    StateType.RUNNING: EventKind.RUN_STARTED,
    StateType.PAUSED: EventKind.PAUSED,
    StateType.COMPLETED: EventKind.COMPLETED,
    StateType.FAILED: EventKind.FAILED,
    StateType.CRASHED: EventKind.WARNING,
    StateType.CANCELLED: EventKind.CANCELLED,
}
# A scene is a step of its video: when it fails, the run decides what follows.
OF_A_STEP = {
    StateType.SCHEDULED: EventKind.RETRY_SCHEDULED,
    StateType.RUNNING: EventKind.STEP_STARTED,
    StateType.COMPLETED: EventKind.CHECKPOINT,
    StateType.FAILED: EventKind.WARNING,
    StateType.CRASHED: EventKind.WARNING,
}


async def watch(run: RunLike) -> AsyncGenerator[RunEvent]:
    """Yield every past and future event of the run to its end: each once, in order.

    If the connection breaks, `watch` connects again and catches up. If no stream comes through, it polls, and a warning
    says so. The order is that of the times at which events occurred. An event that reaches the server more than half a
    second late comes when it arrives. A crash is a warning while Callsheet may restart the run; if it does not, a
    failure follows.

    Raises:
        InvalidRequest: the server knows no such run, or several match.
        TransientError: the server could not be reached for a minute.
    """
    async with connected() as client:
        run_id = (await read_run(client, run)).id
    pipeline = PipelineReader()
    async with aclosing(Feed(run_id).events()) as events:
        async for event in events:
            told = run_event(event, run_id)
            if told is not None:
                yield pipeline.read(told)
    end = await _end_after_crash(run_id)
    if end is not None:
        yield pipeline.read(end)


def run_event(event: Event, run_id: UUID) -> RunEvent | None:
    """Return the event as a `RunEvent`; None if it has no news for a person."""
    if event.event == PROGRESS:
        return _progress(event, run_id)
    if event.event == POLLING:
        return _told(event, run_id, EventKind.WARNING, message=WITHOUT_STREAM)
    if "validated_state" not in event.payload:
        return None
    is_of_run = not event.event.startswith(TASK_RUN) and run_of(event) == run_id
    return _state_of_run(event, run_id) if is_of_run else _state_of_step(event, run_id)


async def _end_after_crash(run_id: UUID) -> RunEvent | None:
    """Return the failure of a crashed run that stays down; the server has no event for it."""
    async with connected() as client:
        flow_run = await read_run(client, run_id)
    state = flow_run.state
    if state is None or state.type is not StateType.CRASHED:
        return None
    return RunEvent(
        id=uuid5(state.id, "the end"),
        kind=EventKind.FAILED,
        run_id=run_id,
        occurred_at=state.timestamp,
        state=state.name or "",
        attempt=flow_run.run_count,
        message=error_message(state.message),
    )


def _progress(event: Event, run_id: UUID) -> RunEvent | None:
    percentage = event.payload.get("data")
    if not isinstance(percentage, int | float) or run_of(event) != run_id:
        return None
    message = str(event.payload.get("description") or "").removeprefix(f"{_name_of_run(event)}: ")
    return _told(event, run_id, EventKind.PROGRESS, percentage=float(percentage), message=message)


def _state_of_run(event: Event, run_id: UUID) -> RunEvent | None:
    kind = OF_THE_RUN.get(_state_type(event))
    if kind is None:
        return None
    return _told(event, run_id, kind, state=_label(event, "prefect.state-name"), **_words(event))


def _state_of_step(event: Event, run_id: UUID) -> RunEvent | None:
    kind = OF_A_STEP.get(_state_type(event))
    is_scene = not event.event.startswith(TASK_RUN)
    if kind is None or (is_scene and kind is EventKind.RETRY_SCHEDULED):
        return None
    scene = _scene_of(event, run_id)
    name = _label(event, "prefect.resource.name")
    retry_at = None
    if kind is EventKind.RETRY_SCHEDULED:
        retry_at = (event.payload["validated_state"].get("state_details") or {}).get("scheduled_time")
    return _told(
        event,
        run_id,
        kind,
        state=_label(event, "prefect.state-name"),
        step=name if is_scene else step_name(name, scene) if scene else name,
        scene=scene,
        retry_at=datetime.fromisoformat(retry_at) if isinstance(retry_at, str) else None,
        **_words(event),
    )


def _words(event: Event) -> dict[str, Any]:
    """Return the words that every state has."""
    count = _label(event, "prefect.run-count")
    return {
        "attempt": int(count) if count.isdecimal() else 0,
        "message": error_message(_label(event, "prefect.state-message")),
    }


def _told(event: Event, run_id: UUID, kind: EventKind, **fields: Any) -> RunEvent:
    return RunEvent(id=event.id, kind=kind, run_id=run_id, occurred_at=event.occurred, **fields)


def _state_type(event: Event) -> StateType:
    return StateType(event.payload["validated_state"]["type"])


def _scene_of(event: Event, run_id: UUID) -> str:
    """Return the label of the scene, e.g. “02 Introduction”, from its run's name."""
    if not event.event.startswith(TASK_RUN):
        return _label(event, "prefect.resource.name").removeprefix(SCENE_PREFIX)
    return "" if run_of(event) == run_id else _name_of_run(event).removeprefix(SCENE_PREFIX)


def _name_of_run(event: Event) -> str:
    """Return the name of the run that the step or the artifact belongs to."""
    names = (related.get("prefect.resource.name") for related in event.related if related.role == "flow-run")
    return next(names, None) or ""


def _label(event: Event, name: str) -> str:
    return event.resource.get(name) or ""
