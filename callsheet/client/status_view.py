"""The status of a run, derived from what the server says of it, its scenes and its steps.

Pure: it asks no server.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from prefect.client.schemas.objects import Artifact, FlowRun, StateType, TaskRun

from callsheet.model.labels import CLIP, COST, RETRY_REASON
from callsheet.model.run.budget import total_spent_usd
from callsheet.model.run.cost import CostKind, cost_usd
from callsheet.model.run.kinds import FilmKind, FilmRequest, RunKind
from callsheet.model.run.runs import RunStatus, SceneState, SceneStatus, StepError
from callsheet.server.run_state import asks_for_approval, error_message, is_over, provider_of, step_name, waiting_for
from callsheet.server.runs import state_name

FAILURES = (StateType.FAILED, StateType.CRASHED)
SCENE_STATES = {
    StateType.COMPLETED: SceneState.READY,
    StateType.FAILED: SceneState.FAILED,
    StateType.CRASHED: SceneState.FAILED,
    StateType.CANCELLED: SceneState.CANCELLED,
    StateType.CANCELLING: SceneState.CANCELLED,
    StateType.RUNNING: SceneState.RUNNING,
}
DOING = {
    StateType.SCHEDULED: "waiting for a free runner",
    StateType.PENDING: "starting",
    StateType.RUNNING: "starting",
    StateType.PAUSED: "paused",
    StateType.CANCELLING: "being cancelled",
    StateType.CANCELLED: "cancelled",
    StateType.COMPLETED: "done",
    StateType.FAILED: "failed",
    StateType.CRASHED: "its process ended",
}


@dataclass(frozen=True)
class RunSnapshot:
    """What was read of one run."""

    run: FlowRun
    parts: Sequence[FlowRun]
    """The runs of its scenes, the latest first."""
    tasks: Sequence[TaskRun]
    """The steps of the run and of its scenes, the latest first."""
    artifacts: Sequence[Artifact]
    """Progress of the run and of its scenes, the latest first."""
    storyboard: Sequence[str] = ()
    """Names of the approved or proposed scenes, if the run has asked for approval."""
    ahead: int | None = None
    """How many runs begin before it, if it waits."""
    kind: RunKind | None = None
    """Kind of what it makes; None for flows that are not Callsheet's."""

    @property
    def type(self) -> StateType | None:
        """Return the type of the run's state."""
        return self.run.state.type if self.run.state else None

    @property
    def is_at_work(self) -> bool:
        """Return whether the run has a process.

        Without one, its scenes and steps may still be in state Running.
        """
        return self.type in (StateType.RUNNING, StateType.CANCELLING)


def status_of(seen: RunSnapshot) -> RunStatus:
    """Return the status of the run."""
    state = seen.run.state
    film = _film(seen)
    scenes = _scenes(seen, film)
    steps = film[0].steps_of(film[1]) if film else ()
    is_completed = seen.type is StateType.COMPLETED
    total = len(scenes) + len(steps)
    return RunStatus(
        run_id=seen.run.id,
        name=seen.run.name,
        state=state_name(seen.run),
        is_final=is_over(seen.run),
        is_completed=is_completed,
        percentage=100.0 if is_completed else _percentage(seen, seen.run),
        doing=_doing(seen),
        started_at=seen.run.start_time,
        ended_at=seen.run.end_time,
        steps_done=total if is_completed else _steps_done(seen, scenes, steps),
        steps_total=total,
        scenes=scenes,
        queue_position=None if seen.ahead is None else seen.ahead + 1,
        needs_approval=asks_for_approval(seen.run),
        waits_for_provider=provider_of(seen.run),
        error=_last_error(seen),
        spent_usd=total_spent_usd(seen.run.labels),
        model_calls_usd=_parts_usd(seen.run, CostKind.MODEL_CALLS),
        footage_usd=_parts_usd(seen.run, CostKind.FOOTAGE),
        message=error_message(state.message if state else ""),
    )


def _parts_usd(run: FlowRun, kind: CostKind) -> float | None:
    """Return what the parts of the film have cost; None if the run has paid, and has ended without such labels."""
    names_parts = any(name.startswith(COST) for name in run.labels)
    if is_over(run) and not names_parts and total_spent_usd(run.labels) > 0:
        return None
    return cost_usd(run.labels, kind)


def _film(seen: RunSnapshot) -> tuple[FilmKind, FilmRequest] | None:
    """Return the kind of film and its request; None for other runs, or for a wrong request."""
    if not isinstance(seen.kind, FilmKind):
        return None
    request = seen.kind.request_in(seen.run.parameters)
    return (seen.kind, request) if request is not None else None


def _scenes(seen: RunSnapshot, film: tuple[FilmKind, FilmRequest] | None) -> tuple[SceneStatus, ...]:
    """Return every scene in film order; those of a topic as soon as they have begun."""
    if film is None:
        return tuple(_scene(seen, scene, seen.run) for scene in _scenes_run_by(seen.kind, seen.run))
    kind, request = film
    names = seen.storyboard or [scene.name for scene in kind.in_film_order(request)]
    asked = {number: _Asked(number, name, f"{number:02} {name}") for number, name in enumerate(names, start=1)}
    latest = {scene.number: part for part in reversed(seen.parts) for scene in _scenes_run_by(kind.scene_run, part)}
    begun = {scene.number: scene for part in latest.values() for scene in _scenes_run_by(kind.scene_run, part)}
    return tuple(_scene(seen, scene, latest.get(number)) for number, scene in sorted({**begun, **asked}.items()))


@dataclass(frozen=True)
class _Asked:
    """A requested scene, of any kind."""

    number: int
    name: str
    label: str


def _scenes_run_by(kind: RunKind | None, flow_run: FlowRun) -> tuple[_Asked, ...]:
    """Return the scene that such a run makes; none if its request is wrong or has no scene."""
    request = kind.request_in(flow_run.parameters) if kind and kind.is_scene else None
    return (_Asked(request.number, request.scene.name, request.label),) if request else ()


def _scene(seen: RunSnapshot, request: _Asked, part: FlowRun | None) -> SceneStatus:
    if part is None or part.state is None:
        return SceneStatus(number=request.number, name=request.name, state=SceneState.WAITING)
    task = _telling(seen, part)
    state = _scene_state(seen, part, task)
    return SceneStatus(
        number=request.number,
        name=request.name,
        state=state,
        percentage=100.0 if state is SceneState.READY else _percentage(seen, part),
        step=step_name(task.name, request.label) if task else "",
        attempt=max(1, task.run_count) if task else 0,
        attempts=1 + (task.empirical_policy.retries or 0) if task else 0,
        message=_scene_message(part, task, state),
        clip=str(part.labels.get(CLIP, "")),
    )


def _telling(seen: RunSnapshot, part: FlowRun) -> TaskRun | None:
    """Return the scene's step to show: the active or retrying one, else the last failed one."""
    steps = [(task.state.type, task) for task in seen.tasks if task.flow_run_id == part.id and task.state is not None]
    at_work = [task for kind, task in steps if kind in (StateType.RUNNING, StateType.SCHEDULED)]
    if at_work:
        return at_work[-1]  # a step may contain others (the upload of its result), which begin after it
    failed = (task for kind, task in steps if kind in FAILURES)
    return next(failed, None) if part.state and part.state.type in FAILURES else None


def _scene_state(seen: RunSnapshot, part: FlowRun, task: TaskRun | None) -> SceneState:
    state = SCENE_STATES.get(part.state.type, SceneState.WAITING) if part.state else SceneState.WAITING
    if state is SceneState.RUNNING and not seen.is_at_work:
        return SceneState.WAITING
    is_waiting_for_retry = task is not None and task.state is not None and task.state.type is StateType.SCHEDULED
    return SceneState.RETRYING if state is SceneState.RUNNING and is_waiting_for_retry else state


def _scene_message(part: FlowRun, task: TaskRun | None, state: SceneState) -> str:
    if state is SceneState.FAILED:
        return error_message(part.state.message if part.state else "")
    if state is SceneState.RETRYING and task is not None:
        step, _, reason = str(part.labels.get(RETRY_REASON, "")).partition(" ")
        return reason if step == str(task.id) else ""
    return ""


def _percentage(seen: RunSnapshot, flow_run: FlowRun) -> float:
    progress = _progress(seen, flow_run)
    return float(progress.data) if progress and isinstance(progress.data, int | float | str) else 0.0


def _progress(seen: RunSnapshot, flow_run: FlowRun) -> Artifact | None:
    """Return its latest progress artifact; every try of a run makes one."""
    own = (each for each in seen.artifacts if each.type == "progress" and each.flow_run_id == flow_run.id)
    return next(own, None)


def _doing(seen: RunSnapshot) -> str:
    progress = _progress(seen, seen.run)
    if seen.type is StateType.RUNNING and progress is not None:
        return (progress.description or "").removeprefix(f"{seen.run.name}: ")
    return waiting_for(seen.run) or (DOING.get(seen.type, "") if seen.type else "")


def _steps_done(seen: RunSnapshot, scenes: Sequence[SceneStatus], steps: Iterable[str]) -> int:
    """Return how many scenes are ready, and how many steps after them are over.

    An animatic has the same steps before the scenes.
    """
    ready = sum(scene.state is SceneState.READY for scene in scenes)
    if any(scene.state in (SceneState.WAITING, SceneState.RUNNING, SceneState.RETRYING) for scene in scenes):
        return ready
    own = {
        task.name
        for task in seen.tasks
        if task.flow_run_id == seen.run.id and task.state is not None and task.state.is_completed()
    }
    return ready + sum(step in own for step in steps)


def _last_error(seen: RunSnapshot) -> StepError | None:
    failed = [(task.state, task) for task in seen.tasks if task.state and task.state.type in FAILURES]
    if failed:
        state, task = max(failed, key=lambda each: each[0].timestamp)
        return StepError(step=task.name, cause=error_message(state.message), attempts=task.run_count)
    if seen.type in FAILURES and seen.run.state:
        cause = error_message(seen.run.state.message)
        return StepError(step=seen.run.name, cause=cause, attempts=seen.run.run_count)
    return None
